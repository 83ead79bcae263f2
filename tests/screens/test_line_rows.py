"""The rows of Lignes are kept from one change to the next: none may show what was."""

from __future__ import annotations

import pytest
from lines_session import Lines, quoting

from codial_tui.bootstrap import Program
from codial_tui.domain.changes import set_header
from codial_tui.domain.document import LINE_FIELDS
from codial_tui.screens.lines.line_source import LineSource, Row
from codial_tui.services.documents import entering, line_tools

TYPED = ("=Lot A", ".Pose;2 x45", ".Dépose;1 x30", "(Ensemble", ".Pièce;3 x10", ")")
MORE = ("=Lot B", ";note", ".Tube;4 x12", "+.Option;1 x99")


def shown(lines: Lines) -> list[Row]:
    """Every row as the grid gives it."""
    pages = lines.pane.table._pages
    rows = [pages.row(index) for index in range(lines.pane.table.count)]
    return [row for row in rows if row is not None]


def expected(lines: Lines) -> list[Row]:
    """The same rows made from what the database holds, nothing kept."""
    pane = lines.pane
    extra = line_tools.provided(pane.editor, pane.columns)
    source = LineSource(lines.document, pane.columns, pane.opened, extra)
    return list(source.rows(0, source.count()))


def check(lines: Lines) -> list[Row]:
    rows = shown(lines)
    assert rows == expected(lines)
    return rows


def cells(rows: list[Row]) -> list[str]:
    return [row.cells[0] for row in rows]


def amount(lines: Lines, row: Row) -> str:
    names = [column.name for column in lines.pane.columns]
    return row.cells[names.index("amount")]


async def test_rows_follow_every_gesture(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, *TYPED, *MORE) as lines:
        before = check(lines)
        assert cells(before) == ["1", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "2.3"]
        await lines.to("Pose")
        await lines.press("delete")  # the numbers below it, and the subtotal above it
        after = check(lines)
        assert cells(after) == ["1", "1.1", "1.2", "2", "2.1", "2.2", "2.3"]
        assert (amount(lines, before[0]), amount(lines, after[0])) == ("150,00", "60,00")
        await lines.press("ctrl+r")
        assert check(lines) == before
        await lines.press("ctrl+y")
        assert check(lines) == after
        await lines.press("ctrl+r")
        await lines.to("Lot B")
        await lines.press("ctrl+x")  # a chapter with all it holds
        assert len(check(lines)) == 4
        await lines.press("up", "up", "up", "ctrl+v")
        moved = check(lines)
        assert (len(moved), moved != before) == (8, True)
        await lines.to("Ensemble")
        await lines.press("f9")
        assert any("  Pièce" in row.cells for row in check(lines))
        entering.edit_line(lines.pane.editor, lines.pane.place(), quantity=20_000)
        await lines.screen.refresh_document()
        assert check(lines) != moved


async def test_rows_follow_the_header(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, *TYPED, *MORE) as lines:
        pane = lines.pane
        for values in (
            {"price_mode": "gross"},
            {"price_decimals": 4},
            {"numbering": "5.1"},
            {"numbering": "1"},
            {"price_mode": "net", "price_decimals": 2, "numbering": ""},
        ):
            before = shown(lines)
            pane.editor.commit([set_header(pane.editor.document, **values)], "Entête")
            await lines.screen.refresh_document()
            assert check(lines) != before or values == {"price_mode": "gross"}


async def test_rows_follow_the_columns(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, *TYPED, *MORE) as lines:
        pane = lines.pane
        for names in (["label", "amount"], ["line_number", "label", "markup_rate", "cost_price"]):
            line_tools.choose_columns(pane.editor, names)
            await lines.screen.refresh_document()
            rows = check(lines)
            assert {len(row.cells) for row in rows} == {len(pane.columns)}


async def test_rows_follow_the_database(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another service wrote into the document, with the same uids, is shown."""
    async with quoting(demo, monkeypatch, *TYPED) as lines:
        before = check(lines)
        uid = next(line.uid for line in lines.lines if line.label == "Pose")
        demo.context.database.execute(
            "UPDATE document_line SET label = 'Autre', amount = 123, net_amount = 123 "
            "WHERE uid = ?",
            (uid,),
        )
        lines.pane.editor.reload()
        await lines.screen.refresh_document()
        after = check(lines)
        assert (after[1].cells[3], amount(lines, after[1])) == ("Autre", "1,23")
        assert (amount(lines, before[0]), amount(lines, after[0])) == ("150,00", "61,23")


async def test_each_field_of_a_line_makes_its_row_anew(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new field of a line cannot be forgotten: what a row is made of is all of them."""
    async with quoting(demo, monkeypatch, *TYPED) as lines:
        document = lines.document
        source = LineSource(document, lines.pane.columns)
        source.rows(0, source.count())
        uid = document.lines[1].uid
        for name in LINE_FIELDS:
            if name in ("uid", "type", "parent_uid", "tag", "discounts"):
                continue
            before = source.formatted[uid][0]
            value = getattr(document.lines[1], name)
            setattr(document.lines[1], name, 7 if isinstance(value, int) else "7")
            source.rows(0, source.count())
            assert source.formatted[uid][0] != before, name


async def test_an_undone_insert_leaves_no_line(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line is stored once, as it ended up; undo and redo give the same line."""
    async with quoting(demo, monkeypatch, "=Lot A") as lines:
        pane = lines.pane
        reading = entering.read(pane.editor, ".Pose;2 x45", pane.after())
        uid = entering.enter(pane.editor, reading, pane.after())
        edits = demo.context.database.rows("SELECT op FROM edit WHERE uid = ? ORDER BY id", (uid,))
        assert [tuple(row) for row in edits] == [("insert",)]
        assert [(one.amount, one.net_amount) for one in lines.lines][-1] == (9000, 9000)
        pane.editor.undo()
        assert [one.label for one in lines.lines] == ["Lot A"]
        pane.editor.redo()
        assert [(one.uid, one.net_amount) for one in lines.lines][-1] == (uid, 9000)

"""F7 in Lignes, each tool once by its letter, at 80×24: one gesture, one undo."""

from __future__ import annotations

import pytest
from lines_session import Lines, quoting

from codial_tui.bootstrap import Program
from codial_tui.domain.document import Line, LineType
from codial_tui.services.documents.line_tools import BY_LETTER, LINE_TOOLS, tools_of
from codial_tui.services.paper import printing

WORK = ("=Plomberie", "tub12 10 x10", "racc12 4 x2", "=Courant", "disj16 2 x10")
"""130: MARTIN SARL has 10 % on what bears no price of its own, these do"""


async def tool(session: Lines, letter: str, *answers: str) -> None:
    """F7, the letter, its scope by letter, then its text with Enter."""
    await session.press("f7", letter.lower())
    for answer in answers:
        if len(answer) == 1 and answer.isupper():
            await session.press(answer.lower())
        else:
            await session.type(answer)
            await session.press("enter")


def nets(session: Lines) -> list[int]:
    return [line.amount for line in session.lines if line.is_priced]


async def once(session: Lines, before: list[Line], steps: int) -> None:
    """It was one step, and Ctrl+R takes it back whole."""
    assert session.steps == steps + 1
    footer = len(session.document.adjustments)
    await session.press("ctrl+r")
    assert session.lines == before
    assert len(session.document.adjustments) <= footer


@pytest.mark.long
@pytest.mark.parametrize(
    ("letter", "answers", "amounts", "net"),
    [
        ("R", ("T", "10"), [90_00, 7_20, 18_00], 115_20),
        ("R", ("T", "10+5"), [85_50, 6_84, 17_10], 109_44),
        ("R", ("C", "50"), [100_00, 8_00, 10_00], 118_00),
        ("R", ("L", "50"), [100_00, 8_00, 10_00], 118_00),
        ("C", ("T", "2"), [102_00, 5_76, 22_80], 130_56),
        ("M", ("T", "50"), [102_00, 5_76, 22_80], 130_56),
        ("F", ("T", "100"), None, 100_00),
        ("V", ("T", "10"), [100_00, 8_00, 20_00], 128_00),
        ("A", ("T",), None, None),
        ("H", ("12,80",), None, 140_80),
        ("D", ("10 %",), [100_00, 8_00, 20_00], 115_20),
        ("D", ("28",), [100_00, 8_00, 20_00], 100_00),
        ("P", ("15",), [100_00, 8_00, 20_00], 143_00),
        ("B", ("5",), [100_00, 8_00, 20_00], 133_00),
    ],
)
async def test_a_tool_on_prices(
    letter: str,
    answers: tuple[str, ...],
    amounts: list[int] | None,
    net: int | None,
    demo: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with quoting(demo, monkeypatch, *WORK) as session:
        before, steps = session.lines, session.steps
        assert nets(session) == [100_00, 8_00, 20_00]
        await tool(session, letter, *answers)
        label = BY_LETTER[letter].label
        assert session.said.startswith((f"{label} : fait", "! ")), session.said
        assert amounts is None or nets(session) == amounts
        assert net is None or session.screen.editor.totals.net == net
        stored = session.app.context.database.value(
            "SELECT net_total FROM document WHERE id = ?", (session.document_id,)
        )
        assert stored == session.screen.editor.totals.net
        if letter == "V":
            assert {line.vat_rate for line in session.lines if line.is_priced} == {100_000}
        session.rows()
        await once(session, before, steps)


async def test_the_marked_lines_are_the_scope(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *WORK) as session:
        await session.to("TUB12")
        await session.press("space", "space")
        await tool(session, "R", "50")
        assert nets(session) == [50_00, 4_00, 20_00]
        assert not session.pane.table.marks


async def test_footer_elements_are_changed_and_taken_away(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *WORK) as session:
        await tool(session, "P", "15")
        await tool(session, "P", "20")
        assert [(one.type, one.amount) for one in session.document.adjustments] == [
            ("shipping", 20_00)
        ]
        assert "Frais 20,00" in session.rows()[20]
        await session.press("f7", "p", "enter")
        assert session.document.adjustments == []


async def test_a_forced_line_is_left_alone_and_said(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *WORK) as session:
        await session.to("TUB12")
        await session.press("f2", *["down"] * 8, "o", "enter", "escape")
        assert session.lines[1].price_forced
        await tool(session, "R", "T", "50")
        assert session.said.startswith("! 1 ligne")
        assert nets(session) == [100_00, 4_00, 10_00]


@pytest.mark.parametrize(
    ("letter", "at", "brief"),
    [
        ("U", "RACC12", ["=Plomberie", "RACC12", "TUB12", "=Courant", "DISJ16"]),
        ("N", "TUB12", ["=Plomberie", "RACC12", "TUB12", "=Courant", "DISJ16"]),
        ("2", "TUB12", ["=Plomberie", "TUB12", "TUB12", "RACC12", "=Courant", "DISJ16"]),
        ("N", "Plomberie", ["=Courant", "DISJ16", "=Plomberie", "TUB12", "RACC12"]),
    ],
)
async def test_a_tool_on_places(
    letter: str, at: str, brief: list[str], demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *WORK) as session:
        before, steps = session.lines, session.steps
        await session.to(at)
        await tool(session, letter)
        assert session.brief == brief
        await once(session, before, steps)


async def test_chapters_go_a_level_down_and_up(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *WORK) as session:
        await session.to("Courant")
        await tool(session, "I")
        assert [one.level for one in session.lines if one.type == "chapter"] == [1, 2]
        assert any(" 1.3 " in row and "Courant" in row for row in session.rows())
        await tool(session, "J")
        assert [one.level for one in session.lines if one.type == "chapter"] == [1, 1]
        await tool(session, "J")
        assert session.said == "× « Courant » reste au niveau 1"


async def test_an_option_is_taken_and_a_variant_chosen(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "born7 x900", "/born11 x1200", "+grsec x30") as session:
        assert session.screen.editor.totals.net == 900_00
        await session.to("GRSEC")
        await tool(session, "O")
        assert session.screen.editor.totals.net == 930_00
        await session.to("BORN11")
        await tool(session, "O")
        assert session.screen.editor.totals.net == 1230_00
        assert session.brief == ["BORN11", "/BORN7", "GRSEC"]


async def test_an_assembly_is_exploded(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "2*clois", "tub12") as session:
        before, steps = session.lines, session.steps
        net = session.screen.editor.totals.net
        await session.to("CLOIS")
        await tool(session, "E")
        assert session.lines[0].type is LineType.SUBTITLE
        assert all(one.parent_uid is None for one in session.lines)
        gap = session.screen.editor.totals.net - net
        assert gap == 0 or session.said.startswith("! Il ")
        await once(session, before, steps)


async def test_a_subtitle_becomes_an_assembly(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, ";;;Réseau", "tub12 10 x10", "racc12 4 x2") as session:
        before, steps = session.lines, session.steps
        await session.to("Réseau")
        await tool(session, "S")
        holder = session.lines[0]
        assert (holder.type, holder.amount) == (LineType.AD_HOC_ASSEMBLY, 108_00)
        assert [one.parent_uid for one in session.lines[1:]] == [holder.uid] * 2
        assert session.screen.editor.totals.net == 108_00
        await once(session, before, steps)


async def test_a_favourite_is_put_and_typed(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12 4") as session:
        await tool(session, "K", "b")
        assert session.said == "!b tape TUB12"
        await session.enter("!b")
        assert session.brief == ["TUB12", "TUB12"]
        assert session.lines[1].quantity == 10_000


async def test_columns_are_chosen_and_remembered(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 4") as session:
        assert "Stock" not in session.rows()[2]
        await session.press("f7", "q", "end", "space", "enter")
        assert "Stock" in session.rows()[2]
        assert any(row for row in session.rows()[3:20] if "140" in row)
        number = session.screen.editor.document.ref
        await session.press("escape")
        await session.type(number)
        await session.press("enter")
        assert "Stock" in session.rows()[2]


async def test_every_tool_answers_on_an_empty_quote(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to work on: said in words, whatever the letter."""
    async with quoting(demo, monkeypatch) as session:
        for one in tools_of(session.pane.tab):
            await session.press("f7", one.letter.lower())
            if one.scoped:
                await session.press("t")
            if one.ask:
                await session.type("10")
                await session.press("enter")
            assert session.said[:1] in "×!" or one.letter in "DPBH1", (one.letter, session.said)
            if session.screen.is_asking:
                await session.press("escape")
            session.rows()
        await session.press("f7", "k")
        assert session.said.startswith("× Aucune ligne à mettre en favori")
        assert session.lines == []


async def test_the_menu_of_tools_shows_them_all(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        tools = tools_of(session.pane.tab)
        await session.press("f7")
        rows = session.rows()
        shown = [row.replace("►", " ").split()[0] for row in rows[2:21] if row.strip()]
        assert shown == [*(one.letter for one in tools), "K", "Q"][: len(shown)]
        assert len({one.letter for one in LINE_TOOLS}) == len(LINE_TOOLS)
        await session.press("escape")
        assert session.rows()[1].startswith(" Entête ►Lignes")


async def test_lines_are_numbered_anew(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored in the header as one step, shown at once, printed, undone."""
    async with quoting(demo, monkeypatch, *WORK) as session:

        def shown() -> list[str]:
            return [row[1:5].split()[0] for row in session.rows()[3:8]]

        assert shown() == ["1", "1.1", "1.2", "2", "2.1"]
        before, steps = session.lines, session.steps
        await tool(session, "1", "100")
        assert shown() == ["A", "100", "101", "B", "102"]
        assert session.document.header["numbering"] == "100"
        pages = printing.preview(session.app.context, session.document)
        rows = [" ".join(row.split()) for page in pages for row in page]
        assert any(row.startswith("A Plomberie") for row in rows)
        assert any(row.startswith("B Courant") for row in rows)
        await session.press("f7", "1")
        await session.type("abc")
        await session.press("enter")
        assert "× « abc » n'est pas un premier numéro" in session.rows()[22]
        await session.press("escape")
        await once(session, before, steps)
        assert shown() == ["1", "1.1", "1.2", "2", "2.1"]

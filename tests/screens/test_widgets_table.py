"""The table: cost per key, the cursor that follows its row, marks, columns by width."""

from collections.abc import Sequence
from typing import Any

import pytest
from screen_dump import Heard, Host, screen_text, style_at

from codial_tui.domain.spec import Column, FieldType
from codial_tui.widgets.columns import place
from codial_tui.widgets.frame import FrameScreen
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row, RowSource

COLUMNS = (
    Column("number", "Numéro", width=10),
    Column("date", "Date", FieldType.DATE, width=8),
    Column("party", "Tiers", width=18, shrinks=True, min_width=10),
    Column("subject", "Objet", shrinks=True, min_width=10),
    Column("sign", "", width=1),
    Column("net", "HT", FieldType.CENTS, width=9),
    Column("owner", "Commercial", width=12, hidden_below=100),
)


class Million:
    """A million rows, none of them held; counts what it is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def count(self) -> int:
        return 1_000_000

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        self.asked += stop - start
        return [
            Row(n, (f"DE{n:08}", "09/11/26", "MARTIN SARL", f"objet {n}", "", f"{n},00", "CP"))
            for n in range(start, stop)
        ]

    def index_of(self, key: Any) -> int | None:
        return int(key)


class Listing(FrameScreen[None], Heard):
    def __init__(self, source: RowSource, **options: Any) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, source, signs=True, **options)

    def compose_body(self) -> Any:
        return (self.table,)

    def on_mount(self) -> None:
        self.direct(self.table, self.typing_line)

    on_record_table_highlighted = Heard.keep
    on_record_table_chosen = Heard.keep
    on_record_table_marked = Heard.keep
    on_record_table_figure = Heard.keep


def small(*names: str, net: str = "1,00") -> ListSource:
    return ListSource([Row(n, (n, "01/01/26", "T", f"objet {n}", "", net, "CP")) for n in names])


async def test_a_million_rows_cost_the_same_per_key() -> None:
    source = Million()
    screen = Listing(source)
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        assert screen.table.cursor == 999_999
        assert screen_text(app)[20].startswith("►  DE00999999 09/11/26 MARTIN SARL")
        await pilot.press("home", "pagedown", "pagedown", "down")
        assert screen.table.cursor == 18 + 18 + 1
        assert source.asked < 1000
        screen.table.reload(key=123_456)
        await pilot.pause()
        assert screen.table.cursor == 123_456
        assert source.asked < 2000


async def test_scrolls_by_one_at_the_edge() -> None:
    screen = Listing(Million())
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["down"] * 17)
        assert "DE00000000" in screen_text(app)[3]
        await pilot.press("down")
        rows = screen_text(app)
        assert "DE00000001" in rows[3] and rows[20].startswith("►  DE00000018")
        await pilot.press(*["up"] * 18)
        assert screen_text(app)[3].startswith("►  DE00000000")


async def test_the_cursor_follows_its_row_by_key() -> None:
    source = small("A", "B", "C", "D")
    screen = Listing(source)
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        source.held.insert(0, source.held.pop())  # D A B C
        screen.table.reload()
        await pilot.pause()
        assert screen.table.current is not None and screen.table.current.key == "C"
        assert screen_text(app)[6].startswith("►  C")
        source.held.pop()  # C is gone: the cursor stays in range
        screen.table.reload()
        await pilot.pause()
        assert screen.table.current.key == "B"
        source.held.clear()
        screen.table.reload()
        await pilot.pause()
        assert screen.table.current is None


async def test_nothing_happens_in_an_empty_table_but_its_sentence() -> None:
    screen = Listing(ListSource(), empty="Aucun devis en attente. F5 en crée un.")
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "end", "pageup", "space", "delete")
        assert screen_text(app)[3] == " Aucun devis en attente. F5 en crée un."
        assert not hasattr(screen, "heard")


async def test_a_long_sentence_of_an_empty_table_is_read_to_its_end() -> None:
    folder = "/home/claire.petitjean/.local/share/codial-tui/inbox/claire.petitjean"
    screen = Listing(ListSource(), empty=f"Rien ici. Déposez vos fichiers dans {folder}")
    app = Host(screen)
    async with app.run_test(size=(80, 24)):
        rows = screen_text(app)
        assert rows[3:5] == [" Rien ici. Déposez vos fichiers dans", f" {folder}"]
        assert rows[5] == ""


async def test_a_source_that_shrinks_behind_our_back() -> None:
    source = small(*(f"R{n}" for n in range(200)))
    screen = Listing(source)
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown")
        del source.held[3:]
        await pilot.press("end", "pagedown", "down", "up", "enter")
        screen_text(app)
        screen.table.reload()
        await pilot.pause()
        assert screen.table.count == 3
        assert screen_text(app)[5].startswith("►  R2")


async def test_notices_in_order() -> None:
    screen = Listing(small("A", "B", "C"))
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "enter")
        assert [type(n).__name__ for n in screen.heard] == ["Marked", "Highlighted", "Chosen"]
        assert screen.heard[0].keys == {"A"}  # type: ignore[attr-defined]
        assert screen.heard[2].row.key == "B"  # type: ignore[attr-defined]
        assert screen_text(app)[3].startswith(" ■ A")
        await pilot.press("up", "space")
        assert screen.table.marks == set()


async def test_a_letter_in_the_rows_goes_to_row_22() -> None:
    screen = Listing(small("A", "B"))
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d", "u", "v")
        assert screen.typing_line.text == "duv"
        assert screen.route[0] is screen.typing_line
        assert screen_text(app)[21] == "► duv_"


async def test_digits_go_into_the_input_column() -> None:
    screen = Listing(small("A", "B"))
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.table.input_column = "net"
        await pilot.press("down", "2")
        figure = screen.heard[-1]
        assert (figure.row.key, figure.column, figure.character) == ("B", "net", "2")  # type: ignore[attr-defined]
        assert screen.typing_line.text == ""
        screen.table.preview("20")
        await pilot.pause()
        assert screen_text(app)[4].endswith("20_")
        assert style_at(app, 70, 4) == "black on white"


async def test_dividing_lines_are_passed_over() -> None:
    held = small("A", "B", "C").held
    held.insert(0, Row("r0", ("possibles",), role="rule"))
    held.insert(3, Row("r1", ("refusées",), role="rule"))
    screen = Listing(ListSource(held))
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.table.put_cursor(None)
        await pilot.press("down", "down")
        assert screen.table.current is not None and screen.table.current.key == "C"
        rows = screen_text(app)
        assert rows[6] == "─ refusées " + "─" * 69
        await pilot.press("up", "up", "up")
        assert screen.table.current.key == "A"


async def test_only_changed_rows_are_asked_again_and_repainted() -> None:
    source = small("A", "B", "C")
    screen = Listing(source)
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn: list[int] = []
        draw = screen.table.draw_row
        screen.table.draw_row = lambda y, width: (drawn.append(y), draw(y, width))[1]  # type: ignore[method-assign]
        source.held[1] = Row("B", ("B", "01/01/26", "T", "changé", "", "2,00", "CP"))
        screen.table.refresh_keys(["B"])
        await pilot.pause()
        assert "changé" in screen_text(app)[4]
        drawn.clear()
        await pilot.press("down")
        assert drawn == [1, 2]


def texts(placed: Any) -> list[str]:
    return [one.column.name for one in placed]


def test_columns_appear_with_width() -> None:
    at_80 = place(COLUMNS, 80, {}, first=3)
    assert texts(at_80) == ["number", "date", "party", "subject", "sign", "net"]
    assert at_80[-1].at + at_80[-1].width == 79
    at_120 = place(COLUMNS, 120, {}, first=3)
    assert "owner" in texts(at_120)
    assert at_120[-1].at + at_120[-1].width == 119


def test_numbers_are_never_cut() -> None:
    placed = place(COLUMNS, 80, {"net": 24, "date": 8}, first=3)
    by_name = {one.column.name: one for one in placed}
    assert by_name["net"].width == 24 and by_name["date"].width == 8
    assert by_name["subject"].width < 20
    assert placed[-1].at + placed[-1].width == 79


@pytest.mark.parametrize("width", [80, 81, 99, 100, 120, 300])
@pytest.mark.parametrize("net", [0, 9, 30, 60, 70])
def test_nothing_stands_beyond_the_edge(width: int, net: int) -> None:
    placed = place(COLUMNS, width, {"net": net, "party": 40}, first=3)
    assert placed[-1].at + placed[-1].width <= width - 1
    assert "net" in texts(placed)


async def test_long_texts_end_with_an_ellipsis_and_wide_characters_keep_the_columns() -> None:
    rows = [
        Row(
            1,
            ("N", "01/01/26", "漢字" * 20, "x" * 300, "!", "1,00", ""),
            cell_roles={"sign": "danger"},
        ),
        Row(2, ("N", "01/01/26", "é" * 40, "court", "", "99 999 999 999,99", "")),
    ]
    app = Host(Listing(ListSource(rows)))
    async with app.run_test(size=(80, 24)):
        text = screen_text(app)
        assert text[3].count("…") == 2 and text[3].endswith(" 1,00")
        assert text[4].endswith("99 999 999 999,99")
        column = 79 - 17 - 2
        assert style_at(app, column, 3) == "bold white on red"


async def test_a_column_with_one_value_folds_below_100() -> None:
    class Folding(ListSource):
        def only_value(self, column: str) -> str | None:
            return "20 %" if column == "vat" else None

    columns = (Column("label", "Désignation"), Column("vat", "TVA", width=5, fold=True))
    source = Folding([Row(1, ("Tube", "20 %"))])
    screen = Listing(source)
    screen.table.columns = columns
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        assert dict(screen.table.folded) == {"TVA": "20 %"}
        assert "TVA" not in screen_text(app)[2]
        await pilot.resize_terminal(110, 24)
        await pilot.pause()
        assert screen.table.folded == {}
        assert "TVA" in screen_text(app)[2]

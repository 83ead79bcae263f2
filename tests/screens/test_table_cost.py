"""What a key in a table costs: rows drawn, rows asked for and SQL, whatever the number of rows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from demo_program import running
from lines_session import quoting
from opened_program import Session
from screen_dump import Host, screen_text

from codial_tui.bootstrap import Program
from codial_tui.domain.spec import Column, FieldType
from codial_tui.screens.records.preferences import PreferencesScreen
from codial_tui.services.records import preferences
from codial_tui.widgets.frame import FrameScreen
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Row

sys.path.insert(0, str(Path(__file__).parents[2]))

KEYS = ("down", "down", "up", "pagedown", "pagedown", "down", "pageup", "up", "end", "home")
PAGE_ROWS = 18


class Counted:
    """So many rows, none of them held; counts those it is asked for."""

    def __init__(self, rows: int) -> None:
        self.number = rows
        self.asked = 0

    def count(self) -> int:
        return self.number

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        self.asked += stop - start
        return [Row(n, (f"{n:07}", f"objet {n}", f"{n % 977},00")) for n in range(start, stop)]


class Listing(FrameScreen[None]):
    scrolls_by_half = False

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.source = Counted(rows)
        columns = (
            Column("number", "N°", width=8),
            Column("label", "Objet", shrinks=True),
            Column("net", "HT", FieldType.CENTS, width=9),
        )
        self.table = RecordTable(columns, self.source, signs=True)
        self.drawn = 0
        draw = self.table.draw_row

        def counted(y: int, width: int) -> Any:
            self.drawn += 1
            return draw(y, width)

        self.table.draw_row = counted  # type: ignore[method-assign]

    def compose_body(self) -> Any:
        return (self.table,)

    def on_mount(self) -> None:
        self.direct(self.table, self.typing_line)


async def cost_of_keys(rows: int) -> list[tuple[str, int, int]]:
    """Each key with the rows drawn and asked for because of it."""
    screen = Listing(rows)
    found = []
    async with Host(screen).run_test(size=(80, 24)) as pilot:
        await pilot.press("end", "home")  # the pages of both ends are known
        for key in KEYS:
            screen.drawn = screen.source.asked = 0
            await pilot.press(key)
            await pilot.pause()
            found.append((key, screen.drawn, screen.source.asked))
    return found


async def test_a_key_costs_the_same_with_two_thousand_rows_and_a_million() -> None:
    small, big = await cost_of_keys(2_000), await cost_of_keys(1_000_000)
    assert small == big
    assert max(drawn for _, drawn, _ in big) <= PAGE_ROWS + 1
    assert all(asked <= 64 for _, _, asked in big)  # two pages of 32 at most


async def test_a_step_inside_the_page_draws_two_rows() -> None:
    assert [drawn for key, drawn, _ in (await cost_of_keys(1_000_000))[:3]] == [2, 2, 2]


async def queries_of_keys(session: Any, *keys: str) -> list[int]:
    """How many SQL statements each key runs."""
    connection = session.app.context.database.connection
    seen: list[str] = []
    found = []
    for key in keys:
        seen.clear()
        connection.set_trace_callback(seen.append)
        await session.press(key)
        await session.pilot.pause()
        connection.set_trace_callback(None)
        found.append(len(seen))
    return found


@pytest.mark.long
async def test_a_key_in_a_list_of_twenty_thousand_items_asks_little(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from bench import catalogue

    catalogue.add_items(tmp_path / "demo.sqlite3", 20_000)
    async with running(demo, monkeypatch, screen="items") as session:
        assert session.rows()[0].endswith("10 000+")
        many = await queries_of_keys(session, *KEYS)
    assert max(many) <= 4, many  # the item of the cursor; a page, now and then
    assert many.count(1) >= 6


async def test_a_key_in_the_lines_of_a_quote_asks_nothing(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = [f".Article {number};2 x45" for number in range(40)]
    async with quoting(demo, monkeypatch, *typed) as lines:
        assert await queries_of_keys(lines, "up", "pageup", "up", "home", "down") == [0] * 5


async def test_the_edge_scrolls_by_half_a_page_where_the_screen_says_so() -> None:
    screen = Listing(1_000_000)
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.scrolls_by_half = True
        await pilot.press(*["down"] * 18)
        rows = screen_text(app)
        assert screen.table.cursor == 18
        assert rows[3].startswith("   0000009") and rows[12].startswith("►  0000018")
        await pilot.press(*["up"] * 10)
        rows = screen_text(app)
        assert screen.table.cursor == 8 and rows[3].startswith("   0000000")
        await pilot.press("pagedown", "pagedown")
        assert screen_text(app)[20].startswith("►  0000044")  # pages stay pages
        await pilot.press("end")
        assert screen_text(app)[20].startswith("►  0999999")


def current_row(session: Session) -> int:
    return next(y for y, row in enumerate(session.rows()) if row.startswith("►"))


async def test_the_preference_is_the_users_own_and_holds_at_once(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="items") as session:
        await session.press(*["down"] * 19)
        edge = current_row(session)
        await session.press("down")
        assert current_row(session) == edge
        await session.press("escape", "f10")
        await session.type("préf")
        await session.press("enter")
        assert isinstance(session.screen, PreferencesScreen)
        assert session.rows()[3].split("  ")[-1].strip() == "d'une ligne"
        await session.press("enter")
        assert session.rows()[3].endswith("d'une demi-page")
        database = session.app.context.database
        assert database.rows("SELECT name, value FROM user_setting WHERE name = 'user.scroll'") == [
            ("user.scroll", '"half"')
        ]
        await session.press("escape", "down")
        await session.press(*["down"] * 20)
        assert 5 < current_row(session) < edge  # somewhere inside, not at the lower edge
        await session.press("escape", "f10")
        await session.type("préf")
        await session.press("enter", "space")
        assert session.rows()[3].endswith("d'une ligne")


def test_an_unknown_choice_is_the_first_one(demo: Program) -> None:
    from codial_tui.services.records import settings

    settings.store(demo.context, "user.scroll", "sideways")
    assert not preferences.scrolls_by_half(demo.context)
    assert preferences.choose_next(demo.context, preferences.SCROLL) == "half"

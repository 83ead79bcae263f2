"""No gesture costs more on the wire than 1.3 or 1.5 × curses painting the very same screens.

80×24, TERM=xterm-256color without COLORTERM, 16 colours; the terminal tells where its cursor is
and answers nothing else. Quick: a short quote and a short list. Long: 2 000 lines, 100 000 items,
also in 256 and in true colours, which may cost twice as much.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
import wire_gestures as wire
from pty_session import PtySession, key

ROOT = Path(__file__).parents[2]
COPIES = ("lines", "items")


class Company:
    """A database that is copied for each program, and its long quote."""

    def __init__(self, folder: Path, lines: int, items: int) -> None:
        from bench import catalogue, entry
        from codial_tui.bootstrap import open_program
        from codial_tui.services.demo import demo

        self.path = folder / "company.sqlite3"
        program = open_program(str(self.path), create=True)
        demo.load(program.context)
        program.close()
        self.reference = entry.long_quote(self.path, lines)
        catalogue.add_items(self.path, items)

    def walk(self, copy: Path, what: str, count: int, *options: str) -> list[wire.Step]:
        """The gestures on the lines tab of the quote, or on the list of items."""
        from bench import catalogue

        database = catalogue.copy(self.path, copy)
        opens, ready, script = {
            "lines": (["open", self.reference], self.reference, wire.lines_script(count)),
            "items": (["--screen", "items"], "tri : référence", wire.list_script(count)),
        }[what]
        command = wire.program_command(database, *options, *opens)
        with PtySession(command, cwd=ROOT, answers=True) as session:
            return wire.walk(session, ready, script)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(tmp_path_factory.mktemp("small"), 120, 200)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(tmp_path_factory.mktemp("big"), 2_000, 100_000)


def complaints(steps: Sequence[wire.Step], factor: float = 1) -> list[str]:
    """Ceilings broken; fails when a gesture of the script was not measured at all."""
    found = wire.costs(steps)
    missing = {step.gesture for step in steps} | {"typed line"} - found.keys()
    assert missing <= found.keys(), missing
    return wire.exceeded(found, factor)


@pytest.mark.long
@pytest.mark.parametrize("what", COPIES)
def test_gestures_are_as_thin_as_curses(small: Company, tmp_path: Path, what: str) -> None:
    steps = small.walk(tmp_path / "copy.sqlite3", what, 1)
    assert complaints(steps) == []
    wanted = set(wire.CEILINGS) - ({"next field", "tab change"} if what == "items" else set())
    assert wanted <= {step.gesture for step in steps}


@pytest.mark.long
@pytest.mark.parametrize("what", COPIES)
def test_gestures_are_as_thin_on_much(big: Company, tmp_path: Path, what: str) -> None:
    assert complaints(big.walk(tmp_path / "copy.sqlite3", what, 3)) == []


@pytest.mark.long
@pytest.mark.parametrize("what", COPIES)
@pytest.mark.parametrize("colours", ["256", "true"])
def test_more_colours_cost_at_most_twice(
    big: Company, tmp_path: Path, what: str, colours: str
) -> None:
    steps = big.walk(tmp_path / "copy.sqlite3", what, 2, "--colours", colours)
    assert complaints(steps, wire.MORE_COLOURS) == []


@pytest.mark.long
def test_the_ceilings_would_be_noticed(small: Company, tmp_path: Path) -> None:
    """The toolkit's own output breaks them: the test can fail."""
    steps = small.walk(tmp_path / "copy.sqlite3", "items", 1, "--plain-output")
    broken = {text.partition(":")[0] for text in complaints(steps)}
    assert {"first paint", "scroll by one", "dialog open", "typed line"} <= broken


@pytest.mark.long
def test_fifty_keys_in_one_write_are_painted_as_few_frames(small: Company, tmp_path: Path) -> None:
    from bench import catalogue

    database = catalogue.copy(small.path, tmp_path / "copy.sqlite3")
    command = wire.program_command(database, "--screen", "items")
    with PtySession(command, cwd=ROOT, answers=True) as session:
        session.wait_for("tri : référence")
        session.settle()
        one = max(session.settle(key("down")).bytes for _ in range(20))
        burst = session.settle(key("down") * 50)
        current = next(row for row in session.rows if row.startswith("►"))
    connection = sqlite3.connect(database)
    wanted = connection.execute(
        "SELECT reference FROM item ORDER BY reference_fold LIMIT 1 OFFSET 70"
    ).fetchone()
    connection.close()
    assert current.split()[1] == wanted[0]
    assert burst.bytes < 12 * one  # a page is six times a row

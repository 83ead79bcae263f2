"""The diff of two screens, replayed in an emulator: the same cells, whatever they are."""

from __future__ import annotations

import random
import re

import pyte
import pytest

from codial_tui.terminal import difference as thin
from codial_tui.terminal.capabilities import capabilities
from codial_tui.terminal.cells import Cells, Palette, Style
from codial_tui.terminal.difference import difference
from codial_tui.terminal.strokes import Shapes

WIDTH, HEIGHT = 30, 8
STYLES = ("", "1", "4", "7", "44", "1;37;44", "31", "30;46", "38;5;9", "38;2;1;2;3;48;5;7")
TERMS = ("xterm-256color", "linux", "screen-256color", "tmux-256color", "vt220", "dumb")


class Wire:
    """A plain stream and a diffed one, each in its emulator."""

    def __init__(self, term: str, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.palette = Palette()
        self.shapes = Shapes(self.palette, capabilities(term))
        self.wanted = Cells(width, height)
        self.sent: Cells | None = None
        self.pen = 0
        self.at: tuple[int | None, int | None] = (None, None)
        self.plain = pyte.Screen(width, height)
        self.thin = pyte.Screen(width, height)
        for screen in (self.plain, self.thin):
            screen.reset_mode(7, private=True)

    def frame(self, frame: str) -> str:
        """Send a frame both ways; the diffed bytes."""
        pyte.Stream(self.plain).feed(frame)
        self.wanted.draw(frame, self.palette)
        drawn = difference(self.sent, self.wanted, self.shapes, self.pen, self.at)
        self.sent, self.pen, self.at = self.wanted.copy(), drawn.pen, drawn.at
        pyte.Stream(self.thin).feed(drawn.text)
        self.same()
        return drawn.text

    def same(self) -> None:
        for y in range(self.plain.lines):
            for x in range(self.plain.columns):
                assert self.thin.buffer[y][x] == self.plain.buffer[y][x], (y, x)
        cursor, wanted = self.thin.cursor, self.plain.cursor
        assert (cursor.y, cursor.x) == (wanted.y, wanted.x)


def at(y: int, x: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def styled(text: str, sgr: str) -> str:
    return f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text


@pytest.mark.long
@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("seed", range(12))
def test_random_frames(term: str, seed: int) -> None:
    chance = random.Random(f"{term}{seed}")
    wire = Wire(term)
    rows = [styled(" " * WIDTH, "") for _ in range(HEIGHT)]
    for _ in range(40):
        kind = chance.randrange(5)
        if kind == 0:  # anything anywhere
            pieces = []
            for _ in range(chance.randrange(1, 6)):
                y, x = chance.randrange(HEIGHT), chance.randrange(WIDTH)
                text = chance.choice(["a", "mot", " " * 12, "é►─", "x" * WIDTH])[: WIDTH - x]
                pieces.append(at(y, x) + styled(text, chance.choice(STYLES)))
            frame = "".join(pieces)
        elif kind == 1:  # rows move
            by = chance.choice([-2, -1, 1, 2])
            top, end = sorted(chance.sample(range(HEIGHT + 1), 2))
            rows[top:end] = [*rows[top:end][by:], *rows[top:end][:by]]
            frame = _all(rows)
        elif kind == 2:  # other rows
            for y in chance.sample(range(HEIGHT), 3):
                text = "".join(chance.choice("ab c") for _ in range(chance.randrange(WIDTH)))
                sgr = chance.choice(STYLES)
                fill = chance.choice(["", sgr])
                rows[y] = styled(text, sgr) + styled(" " * (WIDTH - len(text)), fill)
            frame = _all(rows)
        elif kind == 3:  # a character goes into a row, or out of it
            y = chance.randrange(HEIGHT)
            text = "".join(chance.choice("abcdefgh") for _ in range(WIDTH - 6))
            wire.frame(at(y, 0) + text + " " * 6 + at(0, 0))
            x = chance.randrange(WIDTH - 8)
            text = chance.choice([text[:x] + "Z" + text[x:], text[:x] + text[x + 1 :]])
            rows[y] = text.ljust(WIDTH)[:WIDTH]
            frame = _all(rows)
        else:
            frame = _all(rows)
        wire.frame(frame + at(chance.randrange(HEIGHT), chance.randrange(WIDTH)))


def _all(rows: list[str]) -> str:
    return "\n".join(at(y, 0) + row for y, row in enumerate(rows)) + at(0, 0)


def test_scrolling_by_one_sends_one_row() -> None:
    wire = Wire("xterm-256color", 80, 24)
    rows = [f" {number:>4} désignation {number * 7919} pose et fournitures" for number in range(40)]
    wire.frame(_all([row.ljust(80) for row in rows[:24]]))
    assert len(wire.frame(_all([row.ljust(80) for row in rows[1:25]])).encode()) < 80
    assert len(wire.frame(_all([row.ljust(80) for row in rows[:24]])).encode()) < 80


def test_moving_rows_never_costs_more_than_writing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    moved, still = Wire("xterm-256color", 40, 12), Wire("xterm-256color", 40, 12)
    move, gained = thin._moved, 0
    rows = [f"{number * 7919} tube".ljust(40) for number in range(12)]
    for _ in range(60):
        by, top, end = chance.choice([-3, -1, 1, 4]), chance.randrange(6), chance.randrange(6, 13)
        rows[top:end] = [*rows[top:end][by:], *rows[top:end][:by]]
        rows[chance.randrange(12)] = chance.choice(["", "x" * 40, "une ligne"]).ljust(40)
        sent = len(moved.frame(_all(rows)))
        monkeypatch.setattr(thin, "_moved", lambda *_: None)
        written = len(still.frame(_all(rows)))
        monkeypatch.setattr(thin, "_moved", move)
        assert sent <= written + 8  # the cursor and the style were left elsewhere
        gained += written > sent + 20
    assert gained > 10


def test_scrolling_draws_few_rows_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing every row is given up as soon as it costs more: a scroll is worked out in 1 ms."""
    wire, drawn, draw = Wire("xterm-256color", 80, 24), [], thin._draw_row
    rows = [f" {number:>4} désignation {number * 7919} pose et fournitures" for number in range(40)]
    wire.frame(_all([row.ljust(80) for row in rows[:24]]))
    monkeypatch.setattr(thin, "_draw_row", lambda *row: (drawn.append(row[1]), draw(*row)))
    wire.frame(_all([row.ljust(80) for row in rows[1:25]]))
    assert len(drawn) < 12


def test_an_inserted_character_moves_the_rest() -> None:
    wire = Wire("xterm-256color", 80, 24)
    text = "► 12 tube cuivre écroui diamètre douze en barres de cinq mètres x8,45"
    wire.frame(at(21, 0) + text.ljust(80) + at(0, 0))
    drawn = wire.frame(at(21, 0) + ("► 12 5" + text[6:]).ljust(80) + at(0, 0))
    assert len(drawn.encode()) <= 20
    drawn = wire.frame(at(21, 0) + ("► 12 55" + text[6:]).ljust(80) + at(0, 0))
    assert len(drawn.encode()) <= 20
    drawn = wire.frame(at(21, 0) + ("► 12 5" + text[6:]).ljust(80) + at(0, 0))
    assert len(drawn.encode()) <= 20


def test_nothing_changed_is_nothing_sent() -> None:
    wire = Wire("xterm-256color")
    wire.frame(at(2, 3) + styled("rouge", "31") + at(4, 4))
    assert wire.frame(at(2, 3) + styled("rouge", "31") + at(4, 4)) == ""


@pytest.mark.parametrize("text", ["漢字", "é\u0301", "a漢b", "漢", "e\u0301t", "ｱｲ"])
def test_wide_and_combining_clusters(text: str) -> None:
    wire = Wire("xterm-256color")
    wire.frame(_all(["bonjour".ljust(WIDTH)] * HEIGHT))
    first = wire.frame(at(1, 2) + text + " suite" + at(0, 0))
    assert text in first.replace("\x1b[3G", "") or len(text) > 1
    assert "suite" in first
    wire.frame(at(1, 2) + "plus rien ".ljust(20) + at(0, 0))
    wire.frame(at(1, 4) + text + at(1, 0))
    wire.frame(at(1, 4) + "漢" + "ee" + at(1, 0))
    wire.frame(at(1, WIDTH - 2) + text[:1] + at(1, 0))


def test_the_cell_after_a_doubtful_cluster_is_addressed_absolutely() -> None:
    wire = Wire("xterm-256color")
    drawn = wire.frame(at(3, 0) + "a漢b" + at(0, 0))
    after = drawn.partition("漢")[2]
    assert after.startswith(("\x1b[4G", "\r\x1b[3C", "\x1b[4;4H"))


def test_the_transitions_of_styles_are_short_and_right() -> None:
    """Every pair of styles: the SGR between them leads there, and is never longer than a reset."""
    from codial_tui.terminal.cells import apply_sgr
    from codial_tui.terminal.strokes import transition

    styles = [apply_sgr(Style(), sgr) for sgr in (*STYLES, "1;2", "3;4", "9;53", "21", "5;1;91")]
    for before in styles:
        for after in styles:
            sgr = transition(before, after)
            found = before
            for parameters in re.findall(r"\x1b\[([0-9;]*)m", sgr):
                found = apply_sgr(found, parameters)
            assert found == after, (before, after, sgr)
            assert len(sgr) <= len(transition(Style(), after) or "\x1b[m") + 2


def test_links_are_opened_and_closed() -> None:
    wire = Wire("xterm-256color")
    link = "\x1b]8;id=1;https://exemple.fr\x1b\\ici\x1b]8;;\x1b\\"
    drawn = wire.frame(at(1, 1) + link + " non" + at(0, 0))
    assert drawn.count("\x1b]8;id=1;https://exemple.fr\x1b\\") == 1
    assert drawn.index("ici") < drawn.index("\x1b]8;;\x1b\\")


def test_what_a_frame_may_not_hold_is_not_obeyed() -> None:
    wire = Wire("xterm-256color")
    wire.wanted.draw(at(1, 1) + "a\x1b[2Jb\x07c\x1b]0;titre\x07d\x1b[5Ae\x9b1mf", wire.palette)
    assert "".join(wire.wanted.rows[1].texts).strip() == "abcde1mf"
    drawn = difference(None, wire.wanted, wire.shapes, 0, (None, None)).text
    assert not re.search(r"[\x00-\x07\x0e-\x1a\x80-\x9f]|\]0;|\x1b\[2J", drawn)


def test_a_smaller_and_a_larger_screen_keep_what_fits() -> None:
    cells, palette = Cells(10, 3), Palette()
    cells.draw(at(0, 0) + "abc漢字xyz" + at(2, 9), palette)
    small = cells.resized(4, 2)
    assert small.rows[0].texts == ["a", "b", "c", " "], "half a wide character is a blank"
    assert small.cursor == (1, 3)
    large = small.resized(6, 4)
    assert large.rows[0].texts == ["a", "b", "c", " ", " ", " "]


@pytest.mark.parametrize("term", TERMS)
def test_blanks_with_a_background_are_erased_only_by_bce(term: str) -> None:
    wire = Wire(term, 80, 4)
    wire.frame(at(0, 0) + "x" * 80 + at(1, 0))
    drawn = wire.frame(at(0, 0) + styled(" " * 80, "44") + at(1, 0))
    assert ("\x1b[K" in drawn) == (term in ("xterm-256color", "linux"))
    drawn = wire.frame(at(0, 0) + " " * 80 + at(1, 0))
    assert "\x1b[K" in drawn and len(drawn) < 16

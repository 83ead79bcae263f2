"""The gestures of the wire: keys by name, what each costs on the line, the screen it leaves.

The tests of the ceilings press them and `make bench` prints them: the same scripts on the lines of
a quote and on the list of items. Bytes are all that the program sends, its own questions included.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pty_session import PtySession, key

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.curses_same import Shown, painted, shown  # noqa: E402

TYPING_ROW, READING_ROW = 21, 22

CEILINGS = {
    "first paint": 1.5, "cursor move": 1.5, "scroll by one": 1.5, "page": 1.3,
    "typed": 1.5, "next field": 1.5, "tab change": 1.5, "dialog open": 1.5, "dialog close": 1.5,
}  # fmt: skip
"""Most bytes of each gesture, ÷ curses painting the same screens."""
TYPED_LINE_BYTES = 60
"""most bytes of a character that changes only the typing line"""
MORE_COLOURS = 2
"""what 256 and true colours may cost, × the ceilings"""


class Step(NamedTuple):
    """One gesture. gesture: its name, "" for keys pressed on the way; ms to its last byte."""

    gesture: str
    keys: tuple[str, ...]
    bytes: int
    ms: float
    shown: Shown


Script = Sequence[tuple[str, Sequence[str]]]
"""(name of a gesture, its keys); "" is what has to be pressed on the way."""


def lines_script(count: int) -> Script:
    """On the lines of a quote, whose cursor starts on the last line; each gesture `count` times."""
    return [
        *_times(count, "cursor move", "up"),
        ("", ["up"] * (20 - count)),
        *_times(count, "scroll by one", "up"),
        *_times(count, "cursor move", "down"),
        *_times(count, "page", "pageup"),
        *_times(count, "page", "pagedown"),
        *_times(1, "typed", *"tub cui"),
        ("", ["ctrl+u"]),
        *_times(1, "typed", *".Pose;2 x45"),
        ("", ["ctrl+u"]),
        *_times(count, "tab change", "ctrl+g e", "ctrl+g l"),
        ("", ["ctrl+g e"]),
        *_times(count, "next field", "tab"),
        ("", ["ctrl+g l"]),
        *_times(count, "dialog open", "f10", then=("dialog close", "escape")),
        *_times(count, "dialog open", "f7", then=("dialog close", "escape")),
        *_times(1, "dialog open", "f1", then=("dialog close", "escape")),
    ]


def list_script(count: int) -> Script:
    """On a list, whose cursor starts on the first row."""
    return [
        *_times(count, "cursor move", "down"),
        ("", ["down"] * (20 - count)),
        *_times(count, "scroll by one", "down"),
        *_times(count, "cursor move", "up"),
        *_times(count, "page", "pagedown"),
        *_times(count, "page", "pageup"),
        ("", ["escape"]),
        *_times(1, "typed", *"tub cui"),
        ("", ["ctrl+u"]),
        *_times(count, "dialog open", "f10", then=("dialog close", "escape")),
        *_times(1, "dialog open", "f1", then=("dialog close", "escape")),
    ]


def _times(
    count: int, name: str, *keys: str, then: tuple[str, str] | None = None
) -> Iterable[tuple[str, Sequence[str]]]:
    for _ in range(count):
        for one in keys:
            yield name, [one]
            if then:
                yield then[0], [then[1]]


def pressed(name: str) -> str:
    """What the terminal sends for a key, chords of two (`ctrl+g e`) included."""
    if name.startswith("ctrl+g "):
        return key("ctrl+g") + key(name.removeprefix("ctrl+g "))
    return key(name)


def walk(
    session: PtySession, ready: str, script: Script, say: Callable[[str], None] | None = None
) -> list[Step]:
    """Wait for the first paint, then press every gesture and wait each time for the end."""
    ms = session.wait_for(ready, timeout=30)
    last = session.settle()
    if last.bytes:
        ms = (time.perf_counter() - session.started) * 1000
    steps = [Step("first paint", (), session.total, ms, _shown(session))]
    for name, keys in script:
        begin = session.total
        ms = session.settle("".join(map(pressed, keys))).last_ms
        steps.append(Step(name, tuple(keys), session.total - begin, ms, _shown(session)))
        if say is not None:
            say(f"{name} {keys} {steps[-1].bytes}\n{session.text}")
    return steps


def _shown(session: PtySession) -> Shown:
    session.look()
    return shown(session.screen)


class Cost(NamedTuple):
    """What a gesture cost in all its steps: bytes and ms of ours and of curses."""

    ours: list[int]
    curses: list[int]
    ms: list[float]
    curses_ms: list[float]

    @property
    def ratio(self) -> float:
        return sum(self.ours) / max(1, sum(self.curses))


def costs(steps: Sequence[Step]) -> dict[str, Cost]:
    """Each gesture's bytes beside those of curses painting the same screens. A typed character
    that changed nothing but the typing line is a gesture of its own, `typed line`."""
    curses = painted([step.shown for step in steps])
    found: dict[str, Cost] = {}
    for number, (step, paint) in enumerate(zip(steps, curses, strict=True)):
        name = step.gesture
        if name == "typed" and _only_typing_line(steps[number - 1].shown, step.shown):
            name = "typed line"
        cost = found.setdefault(name, Cost([], [], [], []))
        cost.ours.append(step.bytes)
        cost.curses.append(paint.bytes)
        cost.ms.append(step.ms)
        cost.curses_ms.append(paint.ms)
    return found


def _only_typing_line(before: Shown, after: Shown) -> bool:
    return all(
        row == TYPING_ROW or ours == theirs
        for row, (ours, theirs) in enumerate(zip(before.rows, after.rows, strict=True))
    )


def exceeded(found: dict[str, Cost], factor: float = 1) -> list[str]:
    """The ceilings that a walk broke, each in words; empty when all hold."""
    said = [
        f"{name}: {sum(cost.ours)} bytes, curses {sum(cost.curses)}: "
        f"{cost.ratio:.2f} > {CEILINGS[name] * factor:.2f}"
        for name, cost in found.items()
        if name in CEILINGS and cost.ratio > CEILINGS[name] * factor
    ]
    if "typed line" in found and max(found["typed line"].ours) > TYPED_LINE_BYTES * factor:
        said.append(f"typed line: {max(found['typed line'].ours)} > {TYPED_LINE_BYTES * factor}")
    return said


def program_command(database: Path, *arguments: str, python: str = "") -> list[str | Any]:
    """The command that opens the program on a database."""
    return [python or sys.executable, "-m", "codial_tui", "--database", database, *arguments]

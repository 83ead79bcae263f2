"""The cheapest bytes for one step on a terminal: a change of style, a motion of the cursor. Pure.

Only what the VT100 and its heirs agree on, and pyte with them: no REP (PuTTY before 0.71, screen
and pyte lack it), no NEL (pyte keeps the column), no LF (the line discipline may add a CR).
"""

from __future__ import annotations

from .capabilities import Capabilities
from .cells import Palette, Style

_GROUPS = {1: 22, 2: 22, 3: 23, 4: 24, 21: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 53: 55}
_GROUPS |= {51: 54, 52: 54}
MOTIONS_KEPT = 5_000
"""ways from place to place that are remembered; there are millions, people use few"""
_SHOWN = frozenset((4, 5, 6, 7, 9, 21, 51, 52, 53))
"""attributes that show on a blank"""


def transition(before: Style, after: Style) -> str:
    """The shortest SGR (and OSC 8) that turns one style into the other."""
    link = f"\x1b]8;{after.link or ';'}\x1b\\" if before.link != after.link else ""
    if before[:3] == after[:3]:
        return link
    full = [*map(str, after.attributes), *filter(None, (after.fg, after.bg))]
    reset = "\x1b[" + ";".join(["0", *full] if full else []) + "m"
    lost = set(before.attributes) - set(after.attributes)
    gained = set(after.attributes) - set(before.attributes)
    if not lost <= _GROUPS.keys():
        return link + reset
    off = {_GROUPS[one] for one in lost}
    gained |= {one for one in after.attributes if _GROUPS.get(one) in off}
    codes = [*map(str, sorted(off)), *map(str, sorted(gained))]
    codes += [after.fg or "39"] if before.fg != after.fg else []
    codes += [after.bg or "49"] if before.bg != after.bg else []
    return link + min("\x1b[" + ";".join(codes) + "m", reset, key=len)


class Strokes:
    """Bytes under way: where the cursor is, which style is set, and what was written so far.

    x is None after the last column: there terminals disagree, so that the next motion is absolute.
    """

    def __init__(self, shapes: Shapes, pen: int, y: int | None, x: int | None) -> None:
        self.shapes, self.pen, self.y, self.x = shapes, pen, y, x
        self.parts: list[str] = []

    def fork(self) -> Strokes:
        """The same place with nothing written, to try something from here."""
        return Strokes(self.shapes, self.pen, self.y, self.x)

    def adopt(self, tried: Strokes) -> None:
        """What a fork wrote was the best."""
        self.parts += tried.parts
        self.pen, self.y, self.x = tried.pen, tried.y, tried.x

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def cost(self) -> int:
        """Bytes written so far."""
        return len(self.text.encode())

    def move(self, y: int, x: int) -> None:
        if (self.y, self.x) != (y, x):
            self.parts.append(self.shapes.motion(self.y, self.x, y, x))
            self.y, self.x = y, x

    def dip(self, style: int) -> None:
        """Set the style of what follows."""
        if style != self.pen:
            self.parts.append(self.shapes.dip(self.pen, style))
            self.pen = style

    def write(self, text: str, cells: int, width: int) -> None:
        """Text that takes so many cells of a row of this width."""
        self.parts.append(text)
        end = (self.x or 0) + cells
        self.x = end if end < width else None

    def order(self, sequence: str) -> None:
        """A sequence that moves nothing."""
        self.parts.append(sequence)

    def clear_colour(self) -> None:
        """A background of its own would colour the cells that come in."""
        if self.shapes.palette.styles[self.pen].bg:
            self.dip(0)


class Shapes:
    """Transitions and motions of one terminal, each worked out once."""

    def __init__(self, palette: Palette, can: Capabilities) -> None:
        self.palette, self.can = palette, can
        self._dips: dict[tuple[int, int], str] = {}
        self._motions: dict[tuple[int | None, int | None, int, int], str] = {}

    def dip(self, before: int, after: int) -> str:
        found = self._dips.get((before, after))
        if found is None:
            styles = self.palette.styles
            found = self._dips[before, after] = transition(styles[before], styles[after])
        return found

    def motion(self, y: int | None, x: int | None, to_y: int, to_x: int) -> str:
        """The shortest way from a place (None: unknown) to another."""
        key = (y, x, to_y, to_x)
        found = self._motions.get(key)
        if found is None:
            if len(self._motions) > MOTIONS_KEPT:
                self._motions.clear()
            found = self._motions[key] = min(self._ways(*key), key=len)
        return found

    def erases(self, style: int) -> bool:
        """Whether erasing with this style set leaves blanks that look like this style."""
        one = self.palette.styles[style]
        return (not one.bg or self.can.bce) and not one.link and _SHOWN.isdisjoint(one.attributes)

    def _ways(self, y: int | None, x: int | None, to_y: int, to_x: int) -> list[str]:
        column = f";{to_x + 1}" if to_x else ""
        ways = [f"\x1b[{to_y + 1}{column}H" if to_y or to_x else "\x1b[H"]
        if y is not None:
            for vertical in self._vertical(to_y - y, to_y):
                ways += [vertical + across for across in self._across(x, to_x)]
        return ways

    def _vertical(self, rows: int, to_y: int) -> list[str]:
        if not rows:
            return [""]
        far, final = abs(rows), "B" if rows > 0 else "A"
        ways = [f"\x1b[{far if far > 1 else ''}{final}"]
        if far <= 2:
            ways.append(("\x1bD" if rows > 0 else "\x1bM") * far)
        if self.can.column:
            ways.append(f"\x1b[{to_y + 1}d")
        return ways

    def _across(self, x: int | None, to_x: int) -> list[str]:
        right = f"\x1b[{to_x if to_x > 1 else ''}C" if to_x else ""
        ways = ["\r" + right]
        if self.can.column:
            ways.append(f"\x1b[{to_x + 1}G" if to_x else "\x1b[G")
        if x is None:
            return ways
        far = abs(to_x - x)
        step = far if far > 1 else ""
        if to_x > x:
            ways.append(f"\x1b[{step}C")
        elif to_x < x:
            ways += ["\b" * far, f"\x1b[{step}D"]
        else:
            ways.append("")
        return ways

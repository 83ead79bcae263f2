"""Roles instead of colours, signs that every terminal can show (ux.md §7).

A colour is always a pair, background included; data is the terminal's default. The monochrome
look says the same with reverse, bold and underline.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from rich.cells import cell_len
from rich.style import Style
from textual.dom import DOMNode

from codial_tui.domain.text import display

PAIRS: Mapping[str, tuple[str, str]] = {
    # role: (16 colours, without colour)
    "": ("", ""),
    "title": ("bold white on blue", "reverse bold"),
    "current": ("black on cyan", "reverse"),
    "current_cell": ("black on white", "reverse underline"),
    "caret": ("black on white", "reverse underline"),
    "selection": ("black on white", "reverse underline"),
    "header": ("underline", "underline"),
    "field": ("underline", "underline"),
    "letter": ("underline", "underline"),
    "chapter": ("bold", "bold"),
    "total": ("bold", "bold"),
    "typed": ("bold", "bold"),
    "settled": ("bold white on magenta", "reverse"),
    "partial": ("", ""),
    "danger": ("bold white on red", "bold reverse"),
    "error": ("bold white on red", "bold reverse"),
    "question": ("black on yellow", "bold reverse"),
    "planned": ("black on yellow", "bold reverse"),
    "key": ("black on white", "reverse"),
    "muted": ("", ""),
    "rule": ("", ""),
}

CONTRAST: Mapping[str, str] = {
    # what differs where somebody needs 7:1, in the palettes that terminals come with
    "title": "bright_white on blue",
    "current": "black on bright_cyan",
    "current_cell": "black on bright_white",
    "caret": "black on bright_white",
    "selection": "black on bright_white",
    "settled": "black on bright_green",
    "danger": "black on bright_yellow",
    "error": "black on bright_yellow",
    "question": "black on bright_white",
    "planned": "black on bright_white",
    "key": "black on bright_white",
}

SIGNS: Mapping[str, str] = {
    "current": "►",
    "settled": "√~",
    "partial": "~",
    "danger": "!×",
    "error": "×",
    "question": "?≠",
    "planned": "○",
}
"""Role → the signs, one of which stands with it: no meaning is in a colour alone. States and
marks declare letters besides, which the legend of their list explains."""

_PLAIN_SIGNS = str.maketrans("°œŒ²³►▼▲■○√×≠→─│—–…·Ø€“”’«»", 'ooO23>v^#oVx/>-|--~.OE""\'""')


class Look:
    """How roles and signs appear in one terminal.

    colour: False for NO_COLOR and the setting. plain: the terminal or locale lacks WGL4 signs.
    contrast: the pairs of CONTRAST; without colour there is nothing stronger than reverse.
    """

    badge = ""
    """a word that stands before every title, in a database to learn on"""

    def __init__(self, colour: bool = True, plain: bool = False, contrast: bool = False) -> None:
        self.colour = colour
        self.plain = plain
        self.contrast = contrast and colour
        pairs = {role: pair[0 if colour else 1] for role, pair in PAIRS.items()}
        if self.contrast:
            pairs.update(CONTRAST)
        self.styles = {role: Style.parse(pair) for role, pair in pairs.items()}

    def style(self, role: str) -> Style:
        """The style of a role; an unknown role is data."""
        return self.styles.get(role, self.styles[""])

    def text(self, text: str) -> str:
        """What of a text may reach this terminal: one cell per sign, never markup."""
        shown = display(text)
        if not self.plain or shown.isascii():
            return shown
        return "".join(map(_plain, shown.translate(_PLAIN_SIGNS)))


COLOUR = Look()
MONOCHROME = Look(colour=False)


def look_of(node: DOMNode) -> Look:
    """The look of the program (`App.look`), colour when it sets none."""
    chosen = getattr(node.app, "look", COLOUR)
    return chosen if isinstance(chosen, Look) else COLOUR


@cache
def _plain(char: str) -> str:
    """A character without its accent, `?` for each cell when that is no ASCII."""
    if char.isascii():
        return char
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if c.isascii())
    width = cell_len(char)
    return bare[:width].ljust(width, "?") if bare else "?" * width

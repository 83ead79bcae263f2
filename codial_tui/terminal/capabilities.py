"""What a kind of terminal can do beyond the VT100: a table of the usual ones, terminfo else."""

from __future__ import annotations

from typing import NamedTuple


class Capabilities(NamedTuple):
    """bce: erasing paints the current background. column: CHA and VPA address one axis. ech:
    characters can be erased. shift: characters can be inserted and deleted. queries: it takes
    questions it does not know (`CSI ? n $ p`) without printing them."""

    bce: bool = False
    column: bool = False
    ech: bool = False
    shift: bool = False
    queries: bool = False


_XTERM = Capabilities(bce=True, column=True, ech=True, shift=True, queries=True)
_MULTIPLEXER = Capabilities(column=True, shift=True, queries=True)
_KNOWN = {
    "xterm": _XTERM,
    "xterm-256color": _XTERM,
    "linux": _XTERM._replace(queries=False),
    "screen": _MULTIPLEXER,
    "screen-256color": _MULTIPLEXER,
    "tmux": _MULTIPLEXER,
    "tmux-256color": _MULTIPLEXER,
    "vt100": Capabilities(),
    "vt220": Capabilities(ech=True, shift=True),
}


def capabilities(term: str) -> Capabilities:
    """What the terminal named by TERM can do; the plainest when nobody knows it. The table holds
    what terminfo says of the usual names: reading it costs 4 ms of the start."""
    known = _KNOWN.get(term)
    return _read(term) if known is None else known


def _read(term: str) -> Capabilities:
    try:
        import curses

        curses.setupterm(term or "dumb", 2)
    except Exception:  # no curses here, or curses.error, which only exists where it does
        return Capabilities()
    return Capabilities(
        bce=curses.tigetflag("bce") > 0,
        column=bool(curses.tigetstr("hpa") and curses.tigetstr("vpa")),
        ech=bool(curses.tigetstr("ech")),
        shift=bool(curses.tigetstr("ich") and curses.tigetstr("dch")),
        queries=term.startswith(("xterm", "rxvt", "alacritty", "foot", "kitty", "st")),
    )

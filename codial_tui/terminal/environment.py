"""What the terminal can show, from its environment alone, and how Textual is told to use it.

No input or output here: a query that a terminal does not answer would swallow keys or hang.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Literal, NamedTuple

Colours = Literal["none", "16", "256", "true"]
Signs = Literal["full", "plain"]

_TEXTUAL_COLOURS: dict[Colours, str] = {
    "none": "standard",  # bold, underline and reverse still need a colour system in Rich
    "16": "standard",
    "256": "256",
    "true": "truecolor",
}
_WITHOUT_COLOUR = ("dumb", "unknown", "vt", "ibm", "sun")
_WITHOUT_SIGNS = ("dumb", "unknown", "vt", "linux", "ansi", "ibm", "sun", "cygwin")


class Terminal(NamedTuple):
    """What is drawn with: how many colours, and whether `►` and its like are shown."""

    colours: Colours = "16"
    signs: Signs = "full"


def probe(
    environ: Mapping[str, str],
    colours: Colours | Literal["auto"] = "auto",
    signs: Signs | Literal["auto"] = "auto",
) -> Terminal:
    """The terminal as its variables and the user's settings have it.

    16 opaque colours unless a setting asks for more: 256 and true colour cost more bytes per
    cell on a thin line and follow no palette. NO_COLOR (no-color.org: not empty) wins over all.
    """
    name = environ.get("TERM", "")
    if environ.get("NO_COLOR"):
        colours = "none"
    elif colours == "auto":
        colours = "none" if not name or name.startswith(_WITHOUT_COLOUR) else "16"
    if signs == "auto":
        bare = not name or name.startswith(_WITHOUT_SIGNS)
        signs = "plain" if bare or not _unicode(environ) else "full"
    return Terminal(colours, signs)


def prepare(
    environ: MutableMapping[str, str],
    colours: Colours | Literal["auto"] = "auto",
    signs: Signs | Literal["auto"] = "auto",
) -> Terminal:
    """Sets the variables that Textual reads when it is imported; call it before that.

    What somebody set on purpose stays. No animations; no kitty keyboard protocol, so that keys
    arrive the same way everywhere; no pixel mouse; the colours of `probe`. A change waits 4 ms for
    others instead of 16: the driver sends few bytes for each, and a start draws twice.
    """
    terminal = probe(environ, colours, signs)
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    environ.setdefault("TEXTUAL_FPS", "250")
    environ.setdefault("TEXTUAL_COLOR_SYSTEM", _TEXTUAL_COLOURS[terminal.colours])
    if terminal.colours == "none":
        environ["NO_COLOR"] = "1"  # Textual's own widgets have colours too
    elif not environ.get("NO_COLOR"):
        environ.pop("NO_COLOR", None)  # empty means no wish, Textual would obey it
    return terminal


def forced(environ: Mapping[str, str]) -> bool:
    """Whether a forced command of SSH started us: nothing may lead to a shell then. Our own line
    in `authorized_keys` says so; any other is known by the command that sshd put aside."""
    return environ.get("CODIAL_TUI_FORCED") == "1" or "SSH_ORIGINAL_COMMAND" in environ


def _unicode(environ: Mapping[str, str]) -> bool:
    """Whether the locale encodes as UTF-8. None at all: Python takes C.UTF-8, so do we."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if locale in ("", "C", "POSIX"):
        return True
    _, _, charset = locale.partition(".")
    return charset.lower().replace("-", "").startswith("utf8")

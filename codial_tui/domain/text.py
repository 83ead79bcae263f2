"""Text from outside: `clean` at every entry, `display` before every screen, `fold` for search."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC … BEL / ST
    r"|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI
    r"|\x1b[ -/]*[0-~]?"
)
_INVISIBLE = re.compile(
    "[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "’": "'"}
)
_PLAIN = _LIGATURES | {  # the accents of western languages in one go: imports fold every label
    code: "".join(
        char
        for char in unicodedata.normalize("NFKD", chr(code).translate(_LIGATURES))
        if not unicodedata.combining(char)
    )
    for code in range(0xC0, 0x180)
}


def clean(text: str, *, multiline: bool = False) -> str:
    """What may be stored: whole escape sequences and C0/C1 controls go, NFC, blanks tidied.

    One-line text: tabs and line ends become one blank. Multi-line text keeps its line ends.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", _ESCAPE_SEQUENCE.sub("", text))
    text = unicodedata.normalize("NFC", text)
    if multiline:
        return "\n".join(line.rstrip() for line in text.replace("\t", "    ").split("\n")).strip(
            "\n"
        )
    return " ".join(text.replace("\n", " ").replace("\t", " ").split(" ")).strip()


def display(text: str) -> str:
    """What may reach a terminal: controls, bidi controls, ZWJ and variation selectors become `·`
    or vanish; line ends become blanks. The only way to the screen."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub("·", text.replace("\n", " ").replace("\t", " "))
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """Lower case, without accents or ligatures: the search and sort form of a text."""
    lowered = text.lower()
    if lowered.isascii() or (lowered := lowered.translate(_PLAIN)).isascii():
        return lowered
    return "".join(
        char
        for char in unicodedata.normalize("NFKD", lowered).lower()  # « ㎩ » comes apart as « Pa »
        if not unicodedata.combining(char)
    )


def words(text: str) -> list[str]:
    """The folded search words of what somebody typed."""
    return [word for word in re.split(r"[\s,;]+", fold(text)) if word]

"""Barcodes as scanners send them to the typing line (ux.md §3, rule 1).

A scanner is a keyboard. One that is set to QWERTY on an AZERTY machine presses the digit row
without Shift and sends `&é"'(-è_çà`; read back as digits it may still be a barcode.
"""

from __future__ import annotations

from dataclasses import dataclass

QWERTY_NOTE = "scanner en QWERTY"
LENGTHS = frozenset((8, 12, 13, 14))
_DIGITS = frozenset("0123456789")
_UNSHIFTED_ROW = dict(zip("&é\"'(-è_çà", "1234567890", strict=True))


@dataclass(frozen=True, slots=True)
class Scan:
    """A text that is a barcode. `notes` is what row 23 says about how it arrived."""

    digits: str
    notes: tuple[str, ...] = ()


def check_digit(digits: str) -> str:
    """The GS1 check digit of a number without its own: weights 3, 1, 3… from the right."""
    weighted = sum(
        int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(digits))
    )
    return str(-weighted % 10)


def is_barcode(text: str) -> bool:
    """True for 8, 12, 13 or 14 digits of which the last is right."""
    return len(text) in LENGTHS and _DIGITS.issuperset(text) and check_digit(text[:-1]) == text[-1]


def read_scan(text: str) -> Scan | None:
    """The barcode that this text is, typed as digits or sent by a scanner set to QWERTY."""
    if is_barcode(text):
        return Scan(text)
    if len(text) in LENGTHS:
        digits = "".join(_UNSHIFTED_ROW.get(char, "?") for char in text.lower())
        if is_barcode(digits):
            return Scan(digits, (QWERTY_NOTE,))
    return None


def same_codes(digits: str) -> tuple[str, ...]:
    """The forms under which one GS1 number may be on file: a shorter one filled with zeros on
    the left is the same article (a UPC of 12 digits is the EAN-13 that starts with 0)."""
    core = digits.lstrip("0")
    forms = (core.rjust(length, "0") for length in sorted(LENGTHS) if length >= len(core))
    return (digits, *(form for form in forms if form != digits))

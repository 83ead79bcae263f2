"""A small catalogue for the tests of the typing line, and readers of what is typed."""

from __future__ import annotations

from codial_tui.domain.entry.entry import parse_entry
from codial_tui.domain.entry.entry_kinds import Entry, Refused

EAN = "3760123456784"


class Catalogue:
    """References as filed (matched whatever the case) and barcodes."""

    def __init__(self, *references: str, barcodes: dict[str, str] | None = None) -> None:
        self.by_text = {reference.upper(): reference for reference in references}
        self.barcodes = barcodes or {}
        self.asked = 0

    def reference(self, text: str) -> str | None:
        self.asked += 1
        return self.by_text.get(text.upper())

    def barcode(self, digits: str) -> str | None:
        return self.barcodes.get(digits)


KNOWN = Catalogue(
    "TUB12", "VIS4X40", "X45", "BORN7", "BORN11", "CLOIS", "CE 200 S", barcodes={EAN: "TUB12"}
)


def read(text: str, *more: str, **options: object) -> Entry:
    known = Catalogue(*KNOWN.by_text, *more, barcodes=KNOWN.barcodes)
    return parse_entry(text, known, **options)  # type: ignore[arg-type]


def refused(text: str, *more: str) -> tuple[str, str]:
    """Message and wrong part; the wrong part stands where the entry says."""
    entry = read(text, *more)
    assert isinstance(entry, Refused), entry
    assert text[entry.start : entry.end] == entry.problem.field
    return entry.problem.message, entry.problem.field

"""A document as it stands on paper: every text already French and formatted, nothing computed.

The PDF and the preview in the terminal are both drawn from this one value. `domain.compose`
makes it; `domain.print_layout` says which blocks and columns it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from codial_tui.domain.dates import MONTHS
from codial_tui.domain.maintenance.strokes import Strokes
from codial_tui.domain.problems import Problem

from .richtext import Paragraph


def long_date(day: date) -> str:
    """`9 novembre 2026`, `1er mai 2026`."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def paper_date(day: date) -> str:
    """`9/12/2026`: on paper the year is written out."""
    return f"{day.day}/{day.month:02d}/{day.year}"


class RowStyle(StrEnum):
    CHAPTER = "chapter"
    TITLE = "title"
    SUBTITLE = "subtitle"
    COMMENT = "comment"
    ITEM = "item"
    ASSEMBLY = "assembly"
    COMPONENT = "component"
    PAGE_BREAK = "page_break"


HEADING_STYLES = frozenset({RowStyle.CHAPTER, RowStyle.TITLE, RowStyle.SUBTITLE})


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """One column. Left ones wrap, right ones are never cut nor wrapped.

    width: least width in mm; 0 takes what is left. characters: the same in the preview, which
    leaves out a spare one where the designation would get too narrow.
    """

    name: str
    label: str
    width: int = 0
    characters: int = 0
    right: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `cells` stand under the table's columns.

    details: long text under the designation. carried: cents it adds to the carry-over.
    """

    style: RowStyle
    cells: tuple[str, ...] = ()
    details: str = ""
    level: int = 1
    carried: int = 0
    break_before: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Lines. `carries`: pages end with "À reporter" and begin with "Report"."""

    columns: tuple[PaperColumn, ...]
    rows: tuple[Row, ...]
    title: str = ""
    carries: bool = False

    @property
    def wide(self) -> int:
        """Index of the column that takes the designation."""
        return next(index for index, one in enumerate(self.columns) if not one.width)


@dataclass(frozen=True, slots=True)
class TotalRow:
    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals, and the VAT table beside them; `vat` rows are rate, base, amount."""

    rows: tuple[TotalRow, ...]
    vat_head: tuple[str, ...] = ()
    vat: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs. small: the size of legal mentions. framed: what a signature stands under;
    it stays with the block that follows."""

    paragraphs: tuple[Paragraph, ...]
    title: str = ""
    small: bool = False
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """The box the customer signs in. strokes: what was drawn in it, on the grid of
    `domain.maintenance.strokes`; signed: who signed and when, for a typed name too."""

    title: str
    notes: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    strokes: Strokes = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with words beside it."""

    payload: str
    title: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG picture and its size in points, as `printing.picture.fitted` makes it."""

    name: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures, two beside each other, four a page at most."""

    title: str
    photos: tuple[Photo, ...]


Block = Table | Sums | Text | Signature | Code | Photos


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole document. issuer, party: first line is the name. place: address of works or
    delivery, its heading first. letter: cover letter, on pages of its own before the document.
    foot: legal identity, at the foot of every page. logo: a PNG or JPEG picture.
    problems: what should be mended first."""

    title: str
    issuer: tuple[str, ...]
    party: tuple[str, ...]
    place: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    subject: str = ""
    watermark: str = ""
    logo: bytes = b""
    letter: tuple[Paragraph, ...] = ()
    blocks: tuple[Block, ...] = ()
    foot: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

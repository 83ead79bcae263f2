"""What was printed of a validated invoice: its original, kept as bytes for ever, and the duplicates
made afterwards (domain.md §6 « Law »).
"""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type

from . import attachments
from .context import Context

ORIGIN = "printed"
"""of the attachments that are papers"""
DUPLICATE = "DUPLICATA"
COPY = "COPIE"


class Before(NamedTuple):
    """What is kept of its papers. papers: how many, the original among them; original: its
    attachment, 0 where there is none yet or the kind keeps none. handed_over: whether the original
    has left: it is made when the invoice is validated."""

    papers: int = 0
    original: int = 0
    handed_over: bool = False

    @property
    def mark(self) -> str:
        """What the next paper bears across it: nothing on the original, then DUPLICATA 1, 2…"""
        return f"{DUPLICATE} {self.papers}" if self.handed_over else ""


NONE = Before()


def before(context: Context, document: Document) -> Before:
    """The papers of a document that keeps its original, as they are stored now."""
    if not _keeps(document):
        return NONE
    found = context.database.row(
        "SELECT COUNT(*), MIN(id) FROM attachment "
        "WHERE owner = 'document' AND owner_uid = ? AND origin = ?",
        (document.uid, ORIGIN),
    )
    printed = context.database.value("SELECT printed_at FROM document WHERE id = ?", (document.id,))
    return Before(int(found[0]), int(found[1] or 0), bool(printed)) if found else NONE


def content(context: Context, found: Before) -> bytes:
    """The bytes of the original. Raises Refused when they are gone."""
    return attachments.content(context, found.original)


def preview_mark(document: Document) -> str:
    """Across a PDF that is no official print of a validated invoice."""
    return COPY if _keeps(document) and document.state != doc_type(document.kind).initial else ""


def _keeps(document: Document) -> bool:
    return doc_type(document.kind).numbering.given == "validate"

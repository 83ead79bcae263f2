"""What was printed of a validated invoice: its original, kept as bytes for ever, and the duplicates
made afterwards (domain.md §6 « Law »).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.law.chain_text import read
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, documents
from codial_tui.services.law import chain_links, training

ORIGIN = "printed"
"""of the attachments that are papers"""
PAPER = "invoice.paper"
"""what the journal calls a paper that is kept"""
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
    gone = bool(printed) or training.is_foreign(context, document.text("number"))
    return Before(int(found[0]), int(found[1] or 0), gone) if found else NONE


def content(context: Context, found: Before) -> bytes:
    """The bytes of the original. Raises Refused when they are gone."""
    return attachments.content(context, found.original)


def preview_mark(document: Document) -> str:
    """Across a PDF that is no official print of a validated invoice."""
    return COPY if _keeps(document) and document.state != doc_type(document.kind).initial else ""


def chain(context: Context, document_uid: str, attachment_id: int) -> None:
    """Write the hash of a paper of an invoice into the chained journal, inside the transaction
    that keeps it."""
    database = context.database
    kind = database.value("SELECT kind FROM document WHERE uid = ?", (document_uid,))
    if kind is None or doc_type(str(kind)).numbering.given != "validate":
        return
    row = database.mapping("SELECT * FROM attachment WHERE id = ?", (attachment_id,))
    assert row is not None
    del row["id"]
    chain_links.append(context, "events", f"{PAPER} {row['uid']}", row)


def log(context: Context, document: Document, found: Before, words: str, *, sent: bool) -> None:
    """Write an official print of an invoice into the chained journal, inside its transaction."""
    if _keeps(document):
        what = "reprinted" if found.handed_over and not sent else "sent" if sent else "printed"
        printed = "SELECT printed_at FROM document WHERE id = ?"
        detail = {
            "number": document.text("number"),
            "mark": found.mark,
            "words": words,
            "printed_at": context.database.value(printed, (document.id,)),
        }
        documents.log_audit(context, f"invoice.{what}", detail)


def verify(context: Context) -> Iterator[Problem]:
    """Papers of invoices whose bytes are not those that were kept, that are gone, or that came
    past the journal. Each event PAPER names an attachment and its SHA-256."""
    rows, after = context.database.rows, 0
    while page := rows(_PAPERS, (after, f"{PAPER} %")):
        for position, subject, text in page:
            after = position
            try:
                said = read(text)[1]
            except ValueError:  # said by the chain
                continue
            stored = context.database.mapping(_STORED, (subject.partition(" ")[2],))
            if stored is None:
                yield Problem("paper.gone", str(said.get("name")), "papier gardé, n'existe plus")
                continue
            content = bytes(stored.pop("content") or b"")
            if stored.pop("text"):
                stored["text"] = "a paper has none"
            kept = hashlib.sha256(content).hexdigest() == stored["sha256"]
            if stored != said or not kept or len(content) != stored["size"]:
                words = "papier gardé, n'est plus ce qui fut remis"
                yield Problem("paper.bytes", str(said.get("name")), words)
    first = context.database.value(
        "SELECT at FROM chain_link WHERE chain = 'events' ORDER BY position LIMIT 1"
    )
    if first is not None:
        for number, name in rows(_UNKNOWN, (ORIGIN, first, f"{PAPER} ")):
            yield Problem("paper.unknown", number or name, "papier absent du journal")


_PAPERS = (
    "SELECT position, subject, canonical FROM chain_link WHERE chain = 'events' "
    "AND position > ? AND subject LIKE ? ORDER BY position LIMIT 200"
)
_STORED = (
    "SELECT a.uid, a.owner, a.owner_uid, a.name, a.mime, a.size, a.sha256, a.origin, a.notes, "
    "a.created_at, a.created_by, c.content, c.text FROM attachment a "
    "LEFT JOIN attachment_content c ON c.attachment_id = a.id WHERE a.uid = ?"
)
_UNKNOWN = (
    "SELECT d.number, a.name FROM attachment a JOIN document d ON d.uid = a.owner_uid "
    "WHERE a.owner = 'document' AND a.origin = ? AND d.kind = 'invoice' "
    "AND d.state <> 'provisional' AND a.created_at >= ? AND NOT EXISTS "
    "(SELECT 1 FROM chain_link l WHERE l.chain = 'events' AND l.subject = ? || a.uid) "
    "ORDER BY a.id"
)


def _keeps(document: Document) -> bool:
    return doc_type(document.kind).numbering.given == "validate"

"""Printing a document: its paper, a preview without effect, and the official print with all its
effects (domain.md §2 « Printed »). fpdf2 is loaded when the first PDF is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.paper.paper import Paper
from codial_tui.domain.paper.paper_heads import title_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.rules import Facts, check
from codial_tui.domain.steps import Step
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load, write_step
from codial_tui.services.records import settings
from codial_tui.services.stock import stock_moves

from . import originals, print_effects
from .destinations import Destination as Destination
from .destinations import ToFile as ToFile
from .destinations import ToMail as ToMail
from .destinations import ToPrinter as ToPrinter
from .destinations import queued_mail
from .papers import issuer as issuer
from .papers import layouts as layouts
from .papers import paper as paper


def warnings(context: Context, document: Document) -> list[Problem]:
    """What does not keep it from being printed: mentions that miss on paper, and stock that would
    be negative."""
    found = list(paper(context, document).problems)
    effects = doc_type(document.kind).effects.get("print", ())
    if "stock_out" in effects and not document.header.get("printed_at"):
        found += stock_moves.shortages(context, document)
    return found


def preview(
    context: Context, document: Document, *, layout_name: str = "", width: int = 0, height: int = 0
) -> tuple[tuple[str, ...], ...]:
    """Screen pages of text; no effect on the document. 0: the preview's own size."""
    from codial_tui.printing import preview as terminal

    return terminal.preview(
        paper(context, document, layout_name=layout_name),
        width or terminal.WIDTH,
        height or terminal.HEIGHT,
    )


def pdf_bytes(
    context: Context, document: Document, *, layout_name: str = "", watermark: str = ""
) -> bytes:
    """The document as a PDF; no effect on it. COPIE stands across a validated invoice."""
    from codial_tui.printing.pdf import pdf_bytes as draw

    watermark = watermark or originals.preview_mark(document)
    drawn = paper(context, document, layout_name=layout_name, watermark=watermark)
    return draw(drawn, context.local_now)


def file_name(document: Document, mark: str = "") -> str:
    """The name a PDF of this document gets: `DEVIS DE26-00042.pdf`; mark: a word after it."""
    from codial_tui.printing.output import file_name as named

    return named(f"{title_of(document, doc_type(document.kind))} {mark}".strip())


# -- the official print ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """What the effects of a print may know. words: what happened, for the log; event: its type."""

    document: Document
    words: str
    event: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A print that was done. words: what the status row says."""

    words: str
    name: str
    pdf: bytes
    attachment_id: int


Effect = Callable[[Context, Job], None]


def mark_printed(context: Context, job: Job) -> None:
    """Note the first official print; later ones leave its moment."""
    column = "printed_at"
    if job.document.header.get(column):
        return
    context.database.execute(
        f"UPDATE document SET {column} = ? WHERE id = ? AND {column} IS NULL",
        (context.now, job.document.id),
    )


def log_event(context: Context, job: Job) -> None:
    """One entry of the follow-up log."""
    documents.log_event(context, job.document, job.event, job.words)


EFFECTS: dict[str, Effect] = {
    "mark_printed": mark_printed,
    "log_event": log_event,
    **print_effects.EFFECTS,
}
"""What a declaration may name under `effects["print"]`; each runs inside the transaction."""


def problems(context: Context, document: Document) -> list[Problem]:
    """Why the document cannot be printed officially; [] when it can."""
    return check(doc_type(document.kind).rules.get("print", ()), document, facts(context))


def facts(context: Context) -> Facts:
    """What rules may know beyond the document."""
    rates = context.database.rows("SELECT rate FROM vat_rate", ())
    return Facts(context.today.isoformat(), frozenset(row[0] for row in rates))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An official print that may begin: all that making it needs, without the database.
    at: the moment it bears; printer: the CUPS queue, "" for the default one; before: what is kept
    of an invoice already; original: its bytes, b"" unless it is they that leave."""

    document: Document
    version: int
    name: str
    destination: Destination
    paper: Paper
    at: datetime
    printer: str
    mail: dict[str, Any]
    before: originals.Before = originals.NONE
    original: bytes = b""


def print_document(
    context: Context,
    what: Editor | int,
    destination: Destination,
    *,
    layout_name: str = "",
) -> Printed:
    """The official print of an open document, or of a stored one by id.

    Rules first, then the PDF, then everything the print entails in one transaction: the effects
    of the declaration, a barrier for undo, the PDF kept as attachment, the file or the message. A
    printer is served before, as only it can fail for good. Screens do the middle part, which
    takes long, beside the keys: `prepare`, `carry_out`, `finish`.

    Raises Refused, PrintFailed or DatabaseRefused; the document is then as before.
    """
    prepared = prepare(context, what, destination, layout_name=layout_name)
    pdf, words = carry_out(prepared)
    return finish(context, what, prepared, pdf, words)


def prepare(
    context: Context, what: Editor | int, destination: Destination, *, layout_name: str = ""
) -> Prepared:
    """Check that a document may be printed and take it down as it is. Raises Refused."""
    document = what.document if isinstance(what, Editor) else load(context.database, what)
    if document is None:
        raise refuse("document.unknown", f"Document {what} introuvable")
    wrong = [one for one in problems(context, document) if one.level == "error"]
    if wrong:
        raise Refused(*wrong)
    _same_version(context, document, document.version)
    own = str(settings.value(context, "print.printer", ""))
    before = originals.before(context, document)
    as_kept = before.original > 0 and (not before.handed_over or isinstance(destination, ToMail))
    mark = "" if as_kept else before.mark
    usual = layouts(context, doc_type(document.kind), document)[0].name
    if as_kept and layout_name not in ("", usual):
        raise refuse(
            "print.original",
            "L'original est fait à la validation, dans son modèle habituel",
            "un autre modèle donne un duplicata, une fois l'original parti",
        )
    original = originals.content(context, before) if as_kept else b""
    return Prepared(
        document,
        document.version,
        file_name(document, mark),
        destination,
        paper(context, document, layout_name=layout_name, watermark=mark),
        context.local_now,
        (destination.name or own) if isinstance(destination, ToPrinter) else "",
        queued_mail(context, document, destination),
        before,
        original or signed_report(context, document, layout_name),
    )


def signed_report(context: Context, document: Document, layout_name: str = "") -> bytes:
    """The PDF that a customer signed, which is printed again as it is; b"" else."""
    if document.kind != "work_order":
        return b""
    from codial_tui.services.maintenance import reports

    return reports.signed_pdf(context, document, layout_name)


def carry_out(
    prepared: Prepared,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[bytes, str]:
    """Make the PDF and hand it over; it, and words for the log. Made for another thread: it asks
    no database. progress: pages made and to make. Raises PrintFailed, also when cancelled."""
    from codial_tui.printing.output import PrintFailed, send_to_printer
    from codial_tui.printing.pdf import pdf_bytes as draw

    def page_made(done: int, total: int) -> None:
        if cancelled():
            raise PrintFailed("Impression interrompue", "rien n'est parti")
        progress(done, total)

    where = prepared.destination
    pdf = prepared.original or draw(prepared.paper, prepared.at, page_made=page_made)
    if isinstance(where, ToFile):
        return pdf, f"PDF {where.path.name}"
    if isinstance(where, ToMail):
        return pdf, f"{', '.join(where.recipients)}, PDF joint"
    title = title_of(prepared.document, doc_type(prepared.document.kind))
    job = send_to_printer(
        pdf, prepared.printer, title=title, copies=where.copies, cancelled=cancelled
    )
    return pdf, f"{prepared.printer or 'imprimante par défaut'}, travail {job}"


def finish(
    context: Context, what: Editor | int, prepared: Prepared, pdf: bytes, words: str
) -> Printed:
    """All the effects of a print that was carried out, in one transaction. Raises Refused when
    the document has changed since it was taken down."""
    document, name, destination = prepared.document, prepared.name, prepared.destination
    job = Job(document, words, "sent" if isinstance(destination, ToMail) else "printed")
    database = context.database
    with database.write():
        pools.turn(database)
        _same_version(context, document, prepared.version)
        if originals.before(context, document) != prepared.before:
            raise _changed(document)
        for effect in doc_type(document.kind).effects.get("print", ()):
            EFFECTS[effect](context, job)
        step = write_step(context, document, document.version, f"Imprimé {name}", barrier=True)
        kept = prepared.before.original if prepared.original else 0
        kept = kept or attachments.insert(
            context, "document", document.uid, name, "application/pdf", pdf, originals.ORIGIN
        )
        originals.log(context, document, prepared.before, words, sent=bool(prepared.mail))
        if prepared.mail:
            context.database.insert("mail_queue", {**prepared.mail, "attachment_id": kept})
            context.database.execute(
                "UPDATE document SET sent_at = ? WHERE id = ?", (context.now, document.id)
            )
        if isinstance(destination, ToFile):
            _write_file(destination, pdf)
    _refresh(context, what, step, f"Imprimé {name}")
    return Printed(words, name, pdf, kept)


def _same_version(context: Context, document: Document, version: int) -> None:
    """What is printed is what is stored: `version` counts every change of header and lines, the
    first print is none and has effects that nothing may have twice."""
    stored = context.database.row(
        "SELECT version, printed_at FROM document WHERE id = ?", (document.id,)
    )
    if stored != (version, document.header.get("printed_at")):
        raise _changed(document)


def _changed(document: Document) -> Refused:
    words = f"{document.ref} a changé entre-temps"
    return refuse("document.changed", words, "rouvrez-le puis imprimez")


def _write_file(where: ToFile, pdf: bytes) -> None:
    from codial_tui.printing.output import write_pdf

    write_pdf(where.path, pdf, replace=where.replace)


LIVED = (
    *("printed_at", "sent_at", "state", "delivery", "billing"),
    *("settlement", "due_next", "paid_total"),
)
"""What a print may change of a header."""


def _refresh(context: Context, what: Editor | int, step: int, label: str) -> None:
    """Bring an open document up to what the print wrote."""
    if not isinstance(what, Editor):
        return
    row = context.database.row(
        f"SELECT {', '.join(LIVED)} FROM document WHERE id = ?", (what.document.id,)
    )
    if row:
        what.document.header.update(zip(LIVED, row))
    user = context.user
    what.stack.add(Step(step, user.id, user.name, context.now, label, None, True))

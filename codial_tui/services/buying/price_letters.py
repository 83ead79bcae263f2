"""The papers of a price request: one letter a supplier, addressed to them, without prices; all of
them leave as one gesture, after which the request is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.paper.paper import Paper, paper_date
from codial_tui.domain.text import clean
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, locks
from codial_tui.services.documents.rows import write_step
from codial_tui.services.paper import printing
from codial_tui.services.paper.destinations import ToMail, ToPrinter, mail_row
from codial_tui.services.records import settings

from . import price_requests
from .price_offers import addressed
from .price_requests import Asked

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Sent:
    """What left. files: PDFs of the folder; mailed: addresses, in the mail queue; printed: how
    many went to the printer."""

    files: tuple[Path, ...] = ()
    mailed: tuple[str, ...] = ()
    printed: int = 0


@dataclass(frozen=True, slots=True)
class _Letter:
    one: Asked
    name: str
    pdf: bytes


def letter(context: Context, request: Document, supplier_id: int) -> Document:
    """The request as this supplier reads it: to them, with the references they use and, where
    nobody wrote one, a sentence that asks for an answer by the day it is wanted."""
    values = addressed(context, supplier_id, request.number("vat_rate"))
    texts = {name: request.text(name) or values.get(name) for name in _TEXTS}
    header: dict[str, Any] = {**request.header, **values, **texts}
    header["opening_text"] = texts["opening_text"] or _asking(request)
    theirs: dict[int, str] = dict(
        context.database.rows(
            "SELECT item_id, reference FROM item_supplier WHERE supplier_id = ? "
            "AND reference <> ''",
            (supplier_id,),
        )
    )
    lines = []
    for line in request.lines:
        new = replace(line)
        if line.item_id in theirs:
            said = f"Votre référence : {theirs[line.item_id]}"
            new.long_text = f"{line.long_text}\n{said}".strip()
        lines.append(new)
    return replace(request, header=header, lines=lines)


_TEXTS = ("opening_text", "closing_text")


def _asking(request: Document) -> str:
    from datetime import date

    text = "Bonjour,\n\nMerci de nous indiquer votre prix, votre remise et votre délai pour"
    day = request.text("expected_date")
    until = f" avant le {paper_date(date.fromisoformat(day))}" if day else ""
    return f"{text} les articles ci-dessous{until}."


def paper(context: Context, request: Document, supplier_id: int) -> Paper:
    """The letter on paper. Raises Refused for a supplier that was not asked."""
    price_requests.one_asked(context, request.id, supplier_id)
    return printing.paper(context, letter(context, request, supplier_id))


def send(
    context: Context,
    request_id: int,
    *,
    folder: Path,
    printer: ToPrinter | None = None,
    by_mail: bool = False,
    suppliers: Sequence[int] = (),
    again: bool = False,
) -> Sent:
    """Send the request to every supplier asked, or to these: to a printer, by mail to who has an
    address, else as PDF into the folder. Each letter is kept with the request, whose state follows
    its first one. again: files that are there are replaced. All in one transaction: raises
    Refused or PrintFailed, and nothing has left but what a printer took."""
    request = price_requests.load(context, request_id)
    chosen = _chosen(context, request, suppliers)
    wrong = [one for one in printing.problems(context, request) if one.level == "error"]
    if wrong:
        raise Refused(*wrong)
    letters = [_drawn(context, request, one) for one in chosen]
    mails = {one.supplier_id: _mail(context, request, one) for one in chosen if by_mail}
    files = [
        folder / each.name
        for each in letters
        if printer is None and not mails.get(each.one.supplier_id)
    ]
    if taken := [one.name for one in files if one.exists() and not again]:
        raise refuse("file.exists", f"{taken[0]} existe déjà", "O le remplace (--force)")
    if printer is not None:
        _to_printer(context, printer, letters)
    with context.database.write():
        pools.turn(context.database)
        _check_same(context, request)
        _effects(context, request, letters)
        for each in letters:
            kept = attachments.insert(
                context, "document", request.uid, each.name, PDF, each.pdf, "printed"
            )
            if mail := mails.get(each.one.supplier_id):
                context.database.insert("mail_queue", {**mail, "attachment_id": kept})
            elif printer is None:
                _write(folder / each.name, each.pdf, again)
    mailed = tuple(one.email for one in chosen if mails.get(one.supplier_id))
    return Sent(tuple(files), mailed, len(letters) if printer is not None else 0)


def _chosen(context: Context, request: Document, suppliers: Sequence[int]) -> list[Asked]:
    everybody = price_requests.asked(context, request.id)
    if not everybody:
        remedy = "onglet Fournisseurs (N) : tapez un nom, F4 propose"
        raise refuse("price.nobody", "Aucun fournisseur à qui demander", remedy)
    for supplier_id in suppliers:
        price_requests.one_asked(context, request.id, supplier_id)
    return [one for one in everybody if not suppliers or one.supplier_id in suppliers]


def _drawn(context: Context, request: Document, one: Asked) -> _Letter:
    from codial_tui.printing.output import file_name
    from codial_tui.printing.pdf import pdf_bytes

    drawn = printing.paper(context, letter(context, request, one.supplier_id))
    name = file_name(f"{doc_type(request.kind).title} {request.ref} {one.code}")
    return _Letter(one, name, pdf_bytes(drawn, context.local_now))


def _mail(context: Context, request: Document, one: Asked) -> dict[str, Any]:
    """The row of the mail queue, {} for a supplier without address."""
    if not one.email:
        return {}
    company = str(settings.company(context).get("name") or "")
    subject = clean(f"Demande de prix {request.ref} {request.text('subject')}")
    body = f"{_asking(request)}\n\nVotre réponse peut citer {request.ref}.\n\n{company}"
    return {
        **mail_row(context, ToMail((one.email,), subject, body)),
        "document_uid": request.uid,
    }


def _to_printer(context: Context, where: ToPrinter, letters: Sequence[_Letter]) -> None:
    from codial_tui.printing.output import send_to_printer

    name = where.name or str(settings.value(context, "print.printer", ""))
    for each in letters:
        send_to_printer(each.pdf, name, title=each.name, copies=where.copies)


def _check_same(context: Context, request: Document) -> None:
    if who := locks.elsewhere(context, request.id):
        raise refuse("document.locked", f"{request.ref} : {who}", "demandez-lui de la fermer")
    if price_requests.load(context, request.id).version != request.version:
        said = f"{request.ref} a changé entre-temps"
        raise refuse("document.changed", said, "rouvrez-la puis envoyez")


def _effects(context: Context, request: Document, letters: Sequence[_Letter]) -> None:
    """All that an official print entails, once, and who got a letter."""
    names = ", ".join(each.one.name for each in letters)
    job = printing.Job(request, f"Demandée à {names}", "sent")
    for effect in doc_type(request.kind).effects.get("print", ()):
        printing.EFFECTS[effect](context, job)
    write_step(context, request, request.version, f"Demandée à {names}"[:200], barrier=True)
    context.database.executemany(
        "UPDATE price_asked SET sent_at = ?, sent_by = ? WHERE id = ?",
        [(context.now, context.user.name, each.one.id) for each in letters],
    )


def _write(path: Path, pdf: bytes, again: bool) -> None:
    from codial_tui.printing.output import write_pdf

    write_pdf(path, pdf, replace=again)

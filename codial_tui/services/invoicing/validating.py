"""Validating a document: its rules, state and effects in one transaction; for an invoice its number
and its seal in the company's chain, too (domain.md §6 « Law »). Nothing of that changes afterwards.
"""

from __future__ import annotations

from collections.abc import Collection

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.law.canonical import FIRST, Seal, canonical, chained
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Problem
from codial_tui.domain.rules import check
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.chain.transfers import claim
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.law import events, signed_count, signing
from codial_tui.services.paper import printing
from codial_tui.services.payments import instalments
from codial_tui.services.stock import awaited, goods, receiving, stock_moves

from . import buyers, deposits, footer_deductions, validate_checks, validate_effects
from .validate_checks import french

STATE = "validated"


def is_validated_here(kind: str) -> bool:
    """Whether documents of this kind are validated, for ever."""
    spec = doc_type(kind)
    return spec.can_move(spec.initial, STATE)


def problems(context: Context, document: Document) -> list[Problem]:
    """Why a document cannot be validated, each with the field to mend; [] when it can. Of a kind
    without validation: what its rules find."""
    kind = doc_type(document.kind)
    if is_validated_here(document.kind) and document.state != kind.initial:
        return [
            Problem(
                "state.validated",
                "state",
                f"{document.ref} est déjà {kind.state(document.state).label.lower()}",
                "faites un avoir" if kind.bills else "faites un retour",
            )
        ]
    found = check(kind.rules.get("validate", ()), document, printing.facts(context))
    if kind.bills:
        for look in validate_checks.CHECKS:
            found += look(context, document)
    if {"stock_in", "stock_back"} & {*kind.effects.get("validate", ())}:
        found += receiving.problems(context, document)
    return found


def validate(context: Context, what: Editor | int, accepted: Collection[str] = ()) -> Document:
    """Validate an open invoice, or a stored one by id; returns it with its number. accepted:
    codes of questions that were answered (`deposit.unpaid`: deduct it all the same).

    Raises Refused with every problem, `document.locked` when somebody else has it open,
    `document.changed` when it is not what was looked at; nothing is then written.
    """
    document_id = what.document.id if isinstance(what, Editor) else what
    if isinstance(what, Editor) and what.reason:
        raise refuse("document.locked", what.reason)
    with context.database.write():
        version = what.document.version if isinstance(what, Editor) else None
        sealed = write(context, document_id, version, accepted)
    if isinstance(what, Editor):
        what.reload()
    return sealed


def write(
    context: Context,
    document_id: int,
    version: int | None = None,
    accepted: Collection[str] = (),
) -> Document:
    """`validate` inside the caller's transaction. version: what was looked at, None for any."""
    claim(context, {document_id})  # one validation at a time: the chain has one end
    document = rows.load(context.database, document_id)
    if document is None:
        raise refuse("document.unknown", f"Document {document_id} introuvable")
    if version is not None and document.version != version:
        raise refuse(
            "document.changed", f"{document.ref} a changé entre-temps", "rouvrez la facture"
        )
    found = [one for one in problems(context, document) if one.code not in accepted]
    if found:
        raise Refused(*found)
    bills = doc_type(document.kind).bills
    if bills:
        _number(context, document)
    else:
        _move(context, document)
    sealed = rows.load(context.database, document_id)
    assert sealed is not None
    if bills:
        _seal(context, sealed)
    _effects(context, sealed)
    return sealed


def _number(context: Context, document: Document) -> None:
    """Give the number, freeze the totals, change the state."""
    database, kind = context.database, doc_type(document.kind)
    given = documents.next_number(context, kind, document)
    if database.row(
        "SELECT 1 FROM document WHERE kind = ? AND number = ?", (document.kind, given["number"])
    ):
        raise refuse(
            "series.taken",
            f"Le numéro {given['number']} est déjà celui d'une autre facture",
            "F10 Paramètres, Numéros : un modèle à chaque établissement",
            "establishment_id",
        )
    instalments.freeze(context, document)
    footer_deductions.freeze(context, document)
    found = totals(document)
    if found.gross < 0:  # an invoice negative at validation becomes a credit note (domain.md §6)
        database.execute(
            "UPDATE document_invoice SET is_credit = 1 WHERE document_id = ?", (document.id,)
        )
    values = {
        **given,
        **buyers.values(context, document),
        "state": STATE,
        "net_total": found.net,
        "vat_total": found.vat_total,
        "gross_total": found.gross,
        "cost_total": found.cost,
        "search_text": rows.search_text({**document.header, **given}),
        "updated_at": context.now,
        "version": document.version + 1,
        "lock_token": None,
        "locked_at": None,
    }
    database.update("document", document.id, values)


def _move(context: Context, document: Document) -> None:
    """Change the state of what has its number already."""
    values = {
        "state": STATE,
        "updated_at": context.now,
        "version": document.version + 1,
        "lock_token": None,
        "locked_at": None,
    }
    context.database.update("document", document.id, values)


def _seal(context: Context, document: Document) -> None:
    """Put the invoice, as it is stored now, at the end of the company's chain."""
    signing.ensure(context)
    events.note_clock(context)
    last = context.database.row(
        "SELECT position, hash FROM invoice_seal ORDER BY position DESC LIMIT 1"
    )
    position, previous = (int(last[0]) + 1, str(last[1])) if last else (1, FIRST)
    at = context.now
    text = canonical(document, Seal(position, at, context.user.name))
    values = {
        "position": position,
        "document_id": document.id,
        "document_uid": document.uid,
        "number": document.text("number"),
        "canonical": text,
        "previous_hash": previous,
        "hash": chained(previous, text),
        "validated_at": at,
        "validated_by": context.user.id,
        "validated_name": context.user.name,
    }
    context.database.insert_many("invoice_seal", tuple(values), [tuple(values.values())])
    signed_count.due(context)
    detail = {"number": values["number"], "position": position, "hash": values["hash"]}
    documents.log_audit(context, "invoice.validated", detail, chained=False)


def _effects(context: Context, document: Document) -> None:
    """What the declaration names, a barrier for undo, the log."""
    for name in doc_type(document.kind).effects.get("validate", ()):
        validate_effects.EFFECTS[name](context, document)
    pools.refresh(context.database, pools.origins_of(context.database, {document.id}))
    if document.number("is_credit"):
        back = deposits.deposits_of(context.database, document.id)
        deposits.share_out(context, back, f"Acompte rendu par {document.ref}")
    rows.write_step(context, document, document.version, "Validée", barrier=True)
    documents.log_event(context, document, "state", f"Validée : {document.ref}")


def warnings(context: Context, document: Document) -> list[Problem]:
    """What does not keep an invoice from being validated: a date to come, which keeps the next
    ones from an earlier one; what is left of a deposit; a payment later than the law allows;
    mentions that miss on paper; stock that would be negative."""
    if not doc_type(document.kind).bills:
        return [*awaited.warnings(context, document), *printing.warnings(context, document)]
    found = []
    if document.text("date") > context.today.isoformat():
        said = f"Facture datée du {french(document.text('date'))}, après aujourd'hui"
        found.append(Problem("date.future", "date", said, "", "warning"))
    found += deposits.warnings(context, document)
    found += instalments.delays(context, document)
    leaving = goods.moved(context.database, document)
    short = stock_moves.shortages(context, leaving) if stock_moves.moving(leaving) else []
    return [*found, *printing.warnings(context, document), *short]

"""What is due of contracts, made: one transaction each, so that stopping half-way leaves whole
things.

Each is looked for again in a fresh plan inside its transaction: what somebody made meanwhile, or
what the contract no longer asks for, is refused and nothing is written (`contract_due` is unique,
whoever writes). A renewal comes before all that lies in the term it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.maintenance.contracts import term_start, terms_of
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import CodialError, Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows

from . import contract_letters, contract_papers, contract_plan, contracts
from .contract_plan import Due

Row = dict[str, Any]

NAMES = {
    "visit": "visite",
    "invoice": "facture",
    "extra": "au-delà",
    "renewal": "reconduction",
    "end": "fin",
    "visit_letter": "avis de visite",
    "end_letter": "avis de terme",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: the document or the letter's file name; refusal: why there is none, or
    why an invoice stays provisional, or where a letter is whose file could not be written."""

    due: Due
    ref: str = ""
    document_id: int | None = None
    refusal: str = ""

    @property
    def made(self) -> bool:
        return bool(self.ref)


def run(
    context: Context, wanted: Sequence[Due], *, validate: bool = False, folder: Path | None = None
) -> Iterator[Outcome]:
    """Make what was planned. validate: give each invoice its number at once; what validation
    refuses stays provisional, and so does a day to come. folder: where letters go, too; each is
    kept with its customer."""
    with context.database.write():
        contracts.end_those_over(context)
    for due in wanted:
        try:
            made = _make(context, due, folder)
        except CodialError as error:
            yield Outcome(due, refusal=error.text)
            continue
        if validate and due.kind == "invoice":
            made = _validated(context, made)
        yield made


def _validated(context: Context, made: Outcome) -> Outcome:
    from codial_tui.services.invoicing import einvoices, validating

    assert made.document_id is not None
    if made.due.day > context.today.isoformat():
        said = "reste provisoire : sa date est à venir · validez-la ce jour-là"
        return Outcome(made.due, made.ref, made.document_id, said)
    try:
        stored = rows.load(context.database, made.document_id)
        assert stored is not None
        if wrong := einvoices.official_problems(context, stored):
            raise Refused(*wrong)
        document = validating.validate(context, made.document_id)
    except CodialError as error:
        said = f"reste provisoire : {error.text}"
        return Outcome(made.due, made.ref, made.document_id, said)
    return Outcome(made.due, document.ref, made.document_id)


def _make(context: Context, due: Due, folder: Path | None) -> Outcome:
    """Do one thing, unless somebody did meanwhile; a letter's file is not part of it. Raises
    Refused."""
    database = context.database
    with database.write():
        root = database.value("SELECT parent_id FROM contract WHERE id = ?", (due.contract_id,))
        concerned = sorted({root or due.contract_id, *(one.contract_id for one in due.shares)})
        database.lock_rows("contract", concerned)
        fresh = _again(context, due)
        row = contracts.load(context, due.contract_id)
        made = _MAKERS[due.kind](context, row, fresh)
    if folder is None or due.kind not in contract_letters.KINDS:
        return made
    try:
        contract_letters.copy_out(context, made.ref, due.contract_id, folder)
    except CodialError as error:  # the letter is made: it stands
        said = f"faite, gardée dans la GED de {due.party} · {error.text}"
        return Outcome(due, made.ref, refusal=said)
    return made


def _again(context: Context, due: Due) -> Due:
    """The same thing in a plan made now. Raises Refused."""
    planned = contract_plan.plan(context, date.fromisoformat(due.day), due.contract_id)
    found = next((one for one in planned if one.key == due.key), None)
    if found is None:
        raise refuse("contract.done", _why_not(context, due), "regardez à nouveau")
    if found.reason:
        raise refuse("contract.refused", f"{due.number} : {found.reason}")
    renewed = next((one for one in planned if one.kind == "renewal"), None)
    late = renewed is not None and renewed.contract_id == found.contract_id
    if late and renewed is not None and found is not renewed and found.term >= renewed.term:
        said = f"{due.number} : le terme du {format_date(_day(renewed.due_on))} n'est pas reconduit"
        raise refuse("contract.renewal", said, "faites d'abord la reconduction")
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _why_not(context: Context, due: Due) -> str:
    """What became of something that was to be made a moment ago."""
    made = context.database.row(
        "SELECT x.document_id, d.kind, d.number FROM contract_due x "
        "LEFT JOIN document d ON d.id = x.document_id "
        "WHERE x.contract_id = ? AND x.kind = ? AND x.due_on = ?",
        (due.contract_id, due.kind, due.due_on),
    )
    if made is None:
        return f"{due.number} : contrat changé entre-temps"
    ref = (made[2] or ref_of(made[1], made[0])) if made[0] else ""
    return f"{due.number} : {NAMES[due.kind]} déjà faite{f', {ref}' if ref else ''}"


def _note(context: Context, contract_id: int, kind: str, due_on: str, **values: Any) -> None:
    """Write down that something was made, inside the caller's transaction."""
    context.database.insert(
        "contract_due",
        {
            "contract_id": contract_id,
            "kind": kind,
            "due_on": due_on,
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
            **values,
        },
    )


def _visit(context: Context, row: Row, due: Due) -> Outcome:
    document = contract_papers.visit(context, row, due)
    documents.write_new(context, document, f"Visite du contrat {row['number']}")
    _note(context, row["id"], "visit", due.due_on, document_id=document.id)
    return Outcome(due, document.ref, document.id)


def _invoice(context: Context, row: Row, due: Due) -> Outcome:
    document, made = contract_papers.invoice(context, row, due)
    documents.write_new(context, document, f"Contrat {row['number']}")
    for share, lines in zip(due.shares, made):
        left = list(lines)
        if share.period is not None:
            line = left.pop(0)
            _note(
                context,
                share.contract_id,
                "invoice",
                due.due_on,
                document_id=document.id,
                amount=share.amount,
                line_uid=line.uid,
                detail=share.period.words,
            )
        for extra, line in zip(share.extras, left):
            _note(
                context,
                share.contract_id,
                "extra",
                due.due_on,
                part=extra.term,
                document_id=document.id,
                quantity=extra.quantity,
                amount=line.net_amount,
                line_uid=line.uid,
            )
    return Outcome(due, document.ref, document.id)


def _renewal(context: Context, row: Row, due: Due) -> Outcome:
    """The term moves on, and the price; an index counts once."""
    terms, term = terms_of(row), row["renewed"] + 1
    following = term_start(terms, term + 1)
    values = {
        "renewed": term,
        "term_on": min(following, terms.final or following).isoformat(),
        "price": due.amount,
        "updated_at": context.now,
    }
    if row["revision"] == "index":
        values["index_base"] = row["index_now"]
    context.database.update("contract", row["id"], values)
    said = f"{format_cents(row['price'])} → {format_cents(due.amount)}"
    _note(
        context,
        row["id"],
        "renewal",
        due.due_on,
        amount=due.amount,
        former=row["price"],
        detail=said,
    )
    detail = {"number": row["number"], "on": due.due_on, "price": due.amount, "was": row["price"]}
    documents.log_audit(context, "contract.renewed", detail)
    return Outcome(due, f"{row['number']} jusqu'au {format_date(_day(values['term_on']))}")


def _end(context: Context, row: Row, due: Due) -> Outcome:
    over = due.due_on <= context.today.isoformat()  # until then it covers
    values = {"ended_on": due.due_on, "updated_at": context.now}
    context.database.update("contract", row["id"], values | ({"state": "ended"} if over else {}))
    _note(context, row["id"], "end", due.due_on)
    documents.log_audit(context, "contract.ended", {"number": row["number"], "on": due.due_on})
    return Outcome(due, f"{row['number']} fini le {format_date(_day(due.due_on))}")


def _letter(context: Context, row: Row, due: Due) -> Outcome:
    name = contract_letters.write(context, row, due)
    _note(context, row["id"], due.kind, due.due_on, detail=name)
    return Outcome(due, name)


_MAKERS: dict[str, Callable[[Context, Row, Due], Outcome]] = {
    "visit": _visit,
    "invoice": _invoice,
    "renewal": _renewal,
    "end": _end,
    "visit_letter": _letter,
    "end_letter": _letter,
}

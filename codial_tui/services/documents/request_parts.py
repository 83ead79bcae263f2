"""What a document that is asked for as data has beside lines and footer: references, deductions,
visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from codial_tui.domain.changes import apply
from codial_tui.domain.dates import FIRST, LAST
from codial_tui.domain.document import Deduction, Document, Reference, Visit
from codial_tui.domain.invoicing.deductions import RETENTION_MAX
from codial_tui.domain.maintenance import times, visit_entry
from codial_tui.domain.money import SCALE6
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.quantity import format_percent
from codial_tui.domain.spec import DocType
from codial_tui.domain.text import fold
from codial_tui.errors import Refused, refuse
from codial_tui.exchange.documents import DocumentRequest, PartyRequest
from codial_tui.services.context import Context
from codial_tui.services.invoicing import invoice_parts

Part = TypeVar("Part")


def attach(
    context: Context,
    document: Document,
    kind: DocType,
    request: DocumentRequest,
    problems: list[Problem],
) -> None:
    """Give a new document, which has its lines, the other parts that are asked for."""
    _refer(context, document, kind, request, problems)
    _deduct(context, document, kind, request, problems)
    _visit(context, document, kind, request, problems)


def by_code(context: Context, code: str, key: str, problems: list[Problem]) -> int | None:
    """The id of a party by code; None, and a problem of the key, when it is none to take."""
    row = context.database.row(
        "SELECT id, blocked, is_customer + is_prospect, is_supplier FROM party WHERE code_fold = ?",
        (fold(code),),
    )
    if row is None or not (row[2] if key == "customer" else row[3]):
        problems.append(Problem("party.unknown", key, f"Code {code} inconnu"))
        return None
    if row[1]:
        problems.append(Problem("party.blocked", key, f"{code} est bloqué", "voyez sa fiche"))
    return int(row[0])


def saved_party(context: Context, party: PartyRequest, role: str) -> int | None:
    """The record that a party given in full has already, by SIREN or by name and address; role:
    is_customer or is_supplier."""
    found = context.database.value(
        f"SELECT id FROM party WHERE blocked = 0 AND {role} = 1 AND ((siren = ? AND siren <> '') "
        "OR (name_fold = ? AND street = ? AND postcode = ?)) ORDER BY id LIMIT 1",
        (party.siren, fold(party.name), party.street, party.postcode),
        None,
    )
    return int(found) if found else None


def _asked(
    kind: DocType, part: str, several: Sequence[Part], problems: list[Problem]
) -> Sequence[Part]:
    """The parts to make; asked of a kind that has none such is a problem."""
    if part in kind.parts or not several:
        return several
    said = f"« {part}s » n'est pas pour cette pièce"
    problems.append(Problem("json.unknown_key", f"{part}s", said))
    return ()


def _refer(
    context: Context,
    document: Document,
    kind: DocType,
    request: DocumentRequest,
    problems: list[Problem],
) -> None:
    """The invoices a credit note corrects: ours by number, older ones with their date."""
    for index, asked in enumerate(_asked(kind, "reference", request.references, problems)):
        ours = context.database.row(
            "SELECT id, date FROM document WHERE kind = ? AND number = ?",
            (kind.kind, asked.number),
        )
        if ours is None and asked.date is None:
            said = f"{asked.number} n'est pas ici : sa date manque"
            problems.append(Problem("reference.date", f"references.{index}.date", said))
        document.references.append(
            Reference(
                context.uid(),
                number=asked.number,
                date=str(ours[1]) if ours else asked.date,
                referenced_id=int(ours[0]) if ours else None,
                position=index,
            )
        )


def _deduct(
    context: Context,
    document: Document,
    kind: DocType,
    request: DocumentRequest,
    problems: list[Problem],
) -> None:
    """What is kept below the TTC of an invoice."""
    for index, asked in enumerate(_asked(kind, "deduction", request.deductions, problems)):
        path = f"deductions.{index}"
        most = RETENTION_MAX if asked.kind == "retention" else SCALE6
        if asked.percent is not None and not 0 <= asked.percent <= most:
            said = f"{format_percent(most)} au plus"
            problems.append(Problem("deduction.percent", f"{path}.percent", said))
        supplier = None
        if asked.supplier:
            supplier = by_code(context, asked.supplier, f"{path}.supplier", problems)
        document.deductions.append(
            Deduction(
                context.uid(),
                asked.kind,
                asked.label,
                asked.percent,
                asked.base or invoice_parts.base_of(context, asked.kind),
                asked.amount or 0,
                supplier,
                int(asked.bond),
                asked.release_on,
                index,
            )
        )


def _visit(
    context: Context,
    document: Document,
    kind: DocType,
    request: DocumentRequest,
    problems: list[Problem],
) -> None:
    """Who came when, and the lines of labour and travel that the company bills for it, where only
    visits made lines of that class."""
    several = _asked(kind, "visit", request.visits, problems)
    if not several:
        return
    from codial_tui.services.maintenance import time_lines, visits

    zone = context.zone
    wrong = len(problems)
    for index, asked in enumerate(several):
        day = date.fromisoformat(asked.date or document.text("date"))
        visit = Visit(context.uid(), distance=asked.distance, zone=asked.zone, note=asked.note)
        visit.position = index
        try:
            if not FIRST <= day <= LAST:
                raise invalid("date.out_of_range", "date hors de 2000 à 2099", "", "date")
            found = visit_entry.place(day, asked.clocks, zone)
            for name, moment in found.items():
                setattr(visit, name, moment)
            visits.name_technician(context, document, visit, asked.technician)
            wrong_of = time_lines.unknown_zone(context, visit) or times.distance_problem(visit)
            if wrong_of is not None:
                raise Refused(wrong_of)
            if any(visit_entry.is_same(visit, one) for one in document.visits):
                raise refuse("visit.twice", "Cette visite y est déjà", "rapport reçu deux fois ?")
        except (Invalid, Refused) as error:
            problems += [
                one._replace(field=f"visits.{index}.{_KEYS.get(one.field, one.field)}".rstrip("."))
                for one in error.problems
            ]
        document.visits.append(visit)
    if len(problems) == wrong:
        by_hand = time_lines.by_hand(context, document)
        apply(document, time_lines.plan(context, document, but=by_hand).changes)


_KEYS = {"ended": "end", "returned": "return", "distance": "km"}
"""Field of a visit → key of a request, where they differ."""

"""What an invoice is made of beside lines and footer, as fields of its header: the invoices that a
credit note corrects, and what is kept from the amount to pay (domain.md §6).
"""

from __future__ import annotations

from typing import Any

from codial_tui.domain.chain import credits
from codial_tui.domain.changes import Change, delete, insert, set_part
from codial_tui.domain.document import Deduction, Document, Value
from codial_tui.domain.invoicing.deductions import RETENTION_MAX, kept
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import Field
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import settings

OF = {
    "retention": ("retention", "percent"),
    "retention_base": ("retention", "base"),
    "bond": ("retention", "bond"),
    "release_on": ("retention", "release_on"),
    "prorata": ("prorata", "percent"),
    "direct_payment": ("direct_payment", "amount"),
    "subcontractor": ("direct_payment", "party_id"),
}
"""Field → kind of deduction and what of it."""


def value_of(document: Document, name: str) -> Any:
    """What a field shows."""
    if name == credits.CORRECTED:
        return credits.written(document)
    kind, attribute = OF[name]
    one = _of(document, kind)
    if one is None:
        return None
    if name == "direct_payment" and one.percent is not None:
        found = totals(document)
        return kept(one, found.works_net, found.works_gross)
    return getattr(one, attribute)


def edit(editor: Editor, field: Field, value: Value) -> None:
    """Give a field a value, as one step. Raises Refused."""
    document, context = editor.document, editor.context
    if field.name == credits.CORRECTED:
        changes = _corrected(context, document, str(value or ""))
    else:
        changes = _deduction(context, document, field.name, value)
    editor.commit(changes, f"{field.label} modifié")


def _of(document: Document, kind: str) -> Deduction | None:
    return next((one for one in document.deductions if one.kind == kind), None)


def _corrected(context: Context, document: Document, text: str) -> list[Change]:
    def known(number: str) -> tuple[int, str] | None:
        row = context.database.row(
            "SELECT id, date FROM document WHERE kind = 'invoice' AND number = ? AND party_id = ?",
            (number, document.header.get("party_id")),
        )
        return (row[0], row[1]) if row else None

    found = credits.parse(text, context.today, known)
    there = {one.number: one for one in document.references if one.type == credits.CORRECTED}
    changes: list[Change | None] = [
        delete(one) for number, one in there.items() if number not in {new.number for new in found}
    ]
    for new in found:
        old = there.get(new.number)
        if old is None:
            new.uid = context.uid()
            changes.append(insert(new))
        else:
            changes.append(set_part(old, date=new.date, position=new.position))
    return [one for one in changes if one is not None]


def _deduction(context: Context, document: Document, name: str, value: Value) -> list[Change]:
    """One of what is kept: made by its percent or amount, gone without it."""
    kind, attribute = OF[name]
    one = _of(document, kind)
    figure = name in ("retention", "prorata", "direct_payment")
    if figure and not value:
        return [delete(one)] if one is not None else []
    if name == "retention" and isinstance(value, int) and not 0 < value <= RETENTION_MAX:
        raise refuse(
            "retention.too_much", "Retenue de 5 % au plus", "loi 71-584 du 16/07/1971", name
        )
    if name == "prorata" and isinstance(value, int) and not 0 < value <= 1_000_000:
        raise refuse("prorata.percent", "Prorata de 0 à 100 %", "1,5 par exemple", name)
    if one is None:
        if not figure and not value:
            return []
        if not figure and kind == "retention":
            raise Refused(_first(name, "Retenue %"))
        made = Deduction(context.uid(), kind, base=base_of(context, kind))
        made.position = max((each.position for each in document.deductions), default=-1) + 1
        setattr(made, attribute, value)
        return [insert(made)]
    after = {attribute: value if attribute != "bond" else int(bool(value))}
    if name == "direct_payment":
        after["percent"] = None
    change = set_part(one, **after)
    return [change] if change else []


def base_of(context: Context, kind: str) -> str:
    """What a deduction is a percent of, unless something else is said."""
    if kind != "retention":
        return "net"
    return str(settings.value(context, "invoice.retention_base", "gross"))


def _first(name: str, label: str) -> Problem:
    return Problem("deduction.none", name, f"{label} d'abord", f"tapez {label}")

"""A document as data: the shape that `create`, `show`, `transfer` and `validate` print (cli.md).

Amounts, prices, quantities and rates are decimal strings with a point.
"""

from __future__ import annotations

from typing import Any

from codial_tui.domain.document import Adjustment, Document, Line
from codial_tui.domain.invoicing import deductions
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import Totals, totals
from codial_tui.domain.money import CENT, SCALE4, SCALE6
from codial_tui.domain.quantity import decimal_text
from codial_tui.domain.structure import numbers
from codial_tui.services.buying import back_to_back
from codial_tui.services.context import Context
from codial_tui.services.invoicing import deposit_facts
from codial_tui.services.lists import marks
from codial_tui.services.maintenance import followed_order, reports, returning
from codial_tui.services.payments import payment_view

_DATES = ("date", "planned_date", "printed_at", "sent_at")
_PARTY = {
    "id": "party_id",
    "code": "party_code",
    "name": "party_name",
    "street": "billing_street",
    "postcode": "billing_postcode",
    "city": "billing_city",
    "country": "billing_country",
    "siren": "party_siren",
    "vat_number": "party_vat_number",
}


def shown(context: Context, document: Document) -> dict[str, Any]:
    """A stored document (its lines have their row ids) as plain data."""
    header = document.header
    places, ids = numbers(document), {line.uid: line.id for line in document.lines}
    return {
        "id": document.id,
        "ref": document.ref,
        "number": header.get("number") or None,
        "kind": document.kind,
        "state": document.state,
        "marks": [mark.name for mark in marks.of(context, document)],
        "version": document.version,
        "uid": document.uid,
        "external_id": header.get("external_id"),
        **{name: header.get(name) for name in _DATES},
        "subject": document.text("subject"),
        "party": {name: header.get(field) for name, field in _PARTY.items()},
        "price_mode": document.text("price_mode"),
        "price_decimals": document.price_decimals,
        "currency": document.text("currency"),
        "lines": [
            _line(line, places[line.uid], ids, document.price_decimals) for line in document.lines
        ],
        "adjustments": [_adjustment(one) for one in document.adjustments],
        **_invoicing(context, document),
        **_supplies(context, document, ids),
        **_machines(context, document),
        **_visits(context, document),
        **_report(context, document),
        "totals": shown_totals(totals(document)),
    }


def _report(context: Context, document: Document) -> dict[str, Any]:
    """The order that a work order works for; its signed report, None before anybody signed; what
    the check of it says."""
    if document.kind != reports.KIND:
        return {}
    return {
        "order": followed_order.number(context, document),
        "points": decimal_text(document.number("points"), SCALE4),
        "report": reports.shown(reports.of(context, document)),
        "report_check": returning.shown(context, document),
    }


def _invoicing(context: Context, document: Document) -> dict[str, Any]:
    """What only invoices have, and the deposits of an order."""
    if doc_type(document.kind).deposits and document.id:
        return {"deposits": [deposit(one) for one in deposit_facts.of_order(context, document.id)]}
    if not doc_type(document.kind).bills:
        return {}
    return {
        "nature": document.text("nature") or "direct",
        "is_credit": bool(document.number("is_credit")),
        "references": [
            {"type": one.type, "number": one.number, "date": one.date}
            for one in document.references
        ],
        **_settlement(context, document),
        "deductions": [
            {
                "kind": part.kind,
                "label": part.label,
                "percent": optional(part.deduction.percent),
                "base": part.deduction.base,
                "amount": cents(part.amount),
                "bond": bool(part.deduction.bond),
                "release_on": part.release_on,
            }
            for part in deductions.parts(document)
        ],
    }


def _supplies(context: Context, document: Document, ids: dict[str, int | None]) -> dict[str, Any]:
    """What is bought for the lines of a sale, or whom those of a purchase are bought for."""
    if not document.id:
        return {}
    today = context.today.isoformat()
    found = []
    for one in back_to_back.of_document(context.database, document.id):
        sells = one.sale_id == document.id
        found.append(
            {
                "line": ids.get(one.sale_line if sells else one.purchase_line),
                "ref": one.purchase_ref if sells else one.sale_ref,
                "party": one.supplier if sells else one.customer,
                "project": one.project or None,
                "quantity": decimal_text(one.quantity, SCALE4),
                "unit": one.unit,
                "arrived": decimal_text(one.arrived, SCALE4),
                "expected": one.expected or None,
                "wanted": one.wanted or None,
                "late": one.is_late(today),
            }
        )
    return {"supplies": found}


def _visits(context: Context, document: Document) -> dict[str, Any]:
    """Who came when to a work order, and for how long."""
    if "visit" not in doc_type(document.kind).parts:
        return {}
    from codial_tui.services.maintenance import visit_rows

    return visit_rows.shown(context, document)


def _machines(context: Context, document: Document) -> dict[str, Any]:
    """What a work order is about and what of it is billed."""
    if "machine" not in doc_type(document.kind).parts:
        return {}
    from codial_tui.services.maintenance import machine_rows

    return machine_rows.shown(context, document)


def _settlement(context: Context, document: Document) -> dict[str, Any]:
    """Instalments of an invoice and what is left to pay; none before its first print."""
    dues = payment_view.dues(context, document.id) if document.id else []
    return {
        "instalments": [
            {
                "due": one.day.isoformat(),
                "nature": one.nature,
                "amount": cents(one.amount),
                "paid": cents(one.paid),
                "left": cents(one.left),
            }
            for one in dues
        ],
        "left": cents(sum(one.left for one in dues)) if document.text("settlement") else None,
    }


def optional(ratio: int | None) -> str | None:
    return None if ratio is None else percent(ratio)


def deposit(one: deposit_facts.Standing) -> dict[str, Any]:
    """A deposit of an order: asked, paid, deducted, credited, left, TTC."""
    return {
        "number": one.number,
        "date": one.date,
        "kind": one.kind,
        **{name: cents(getattr(one, name)) for name in one._fields[5:]},
    }


def shown_totals(found: Totals) -> dict[str, Any]:
    """Totals in the words of cli.md."""
    names = ("lines_net", "adjustments", "net", "vat_total", "gross", "payable", "cost", "margin")
    amounts: dict[str, Any] = {name: cents(getattr(found, name)) for name in names}
    amounts["vat"] = [
        {
            "category": row.category,
            "rate": percent(row.rate),
            "base": cents(row.base),
            "amount": cents(row.amount),
        }
        for row in found.vat
    ]
    return amounts


def cents(value: int) -> str:
    """`12340.50`"""
    return decimal_text(value, CENT, minimum=2)


def percent(ratio: int) -> str:
    """`20`, `5.5` (ratio in 10⁻⁶)"""
    return decimal_text(ratio, SCALE6 // 100)


def _line(line: Line, number: str, ids: dict[str, int | None], decimals: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": line.id,
        "number": number,
        "type": line.type.value,
        "label": line.label,
    }
    if line.type.value in ("chapter", "title"):
        values["level"] = line.level
    if line.parent_uid is not None:
        values["parent"] = ids.get(line.parent_uid)
    if not line.is_priced:
        return values
    return {
        **values,
        "reference": line.reference or None,
        "quantity": decimal_text(line.quantity, SCALE4),
        "unit": line.unit,
        "unit_price": decimal_text(line.unit_price, SCALE4, minimum=decimals),
        "price_per": decimal_text(line.price_per, SCALE4),
        "discounts": [percent(one) for one in line.discounts],
        "discount_amount": cents(line.discount_amount),
        "vat_category": line.vat_category,
        "vat_rate": percent(line.vat_rate),
        "tags": [line.tag] if line.tag else [],
        **({"nature": line.nature} if line.nature else {}),
        **({"covered": line.covered} if line.covered else {}),
        "amount": cents(line.amount),
        "net_amount": cents(line.net_amount),
    }


def _adjustment(one: Adjustment) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "label": one.label,
        "percent": None if one.percent is None else percent(one.percent),
        "amount": None if one.percent is not None else cents(one.amount),
        "vat_category": one.vat_category,
        "vat_rate": None if one.vat_rate is None else percent(one.vat_rate),
        "hidden": bool(one.hidden),
    }

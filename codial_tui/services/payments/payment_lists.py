"""Payments as lists and as the command line shows them."""

from __future__ import annotations

from typing import Any

from codial_tui.domain.kinds import ref_of as document_ref
from codial_tui.domain.money import CENT
from codial_tui.domain.quantity import decimal_text
from codial_tui.errors import refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

from . import payments

COLUMNS = (
    "p.id, p.date, p.kind, p.mode, p.mode_label, p.amount, p.reference, p.label, p.fees, "
    "p.reverses, p.party_name, c.code AS party_code, r.id AS reversed_by, p.amount - "
    "COALESCE((SELECT SUM(a.amount) FROM payment_allocation a WHERE a.payment_id = p.id "
    "AND a.kind = 'payment'), 0) AS free"
)


def once(context: Context, entry: payments.Entry) -> int:
    """Record a payment, or find it when its source made it before; returns its id. Raises
    Refused."""
    with context.database.write():
        pools.turn(context.database)  # two that come at once are one
        found = entry.source and context.database.value(
            "SELECT id FROM payment WHERE source = ?", (entry.source,)
        )
        return int(found) if found else payments.write(context, entry).payment_id


def id_of(ref: str) -> int:
    """The id in `RG-12` or `12`. Raises Refused."""
    digits = ref.upper().removeprefix("RG").removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 15:
        raise refuse("payment.unknown", f"« {ref[:24]} » n'est pas un règlement", "RG-12", "ref")
    return int(digits)


def one(context: Context, payment_id: int) -> dict[str, Any]:
    """A payment as --json shows it. Raises Refused."""
    found = _found(context, "p.id = ?", (payment_id,))
    if not found:
        raise refuse("payment.unknown", f"Règlement {payments.ref_of(payment_id)} introuvable")
    return found[0]


def listed(
    context: Context, party: int | None = None, first: str = "", last: str = ""
) -> list[dict[str, Any]]:
    """Payments as --json shows them, the newest first. first, last: ISO days, "" for none."""
    asked = {"p.party_id = ?": party, "p.date >= ?": first, "p.date <= ?": last}
    where = [sql for sql, value in asked.items() if value]
    params = tuple(value for value in asked.values() if value)
    return _found(context, " AND ".join(where) or "1 = 1", params)


def _found(context: Context, where: str, params: tuple[Any, ...]) -> list[dict[str, Any]]:
    rows = context.database.mappings(
        f"SELECT {COLUMNS} FROM payment p LEFT JOIN party c ON c.id = p.party_id "
        f"LEFT JOIN payment r ON r.reverses = p.id WHERE {where} ORDER BY p.date DESC, p.id DESC",
        params,
    )
    return [_shown(context, row) for row in rows]


def _shown(context: Context, row: dict[str, Any]) -> dict[str, Any]:
    def ref(payment_id: int | None) -> str | None:
        return payments.ref_of(payment_id) if payment_id else None

    documents = context.database.rows(
        "SELECT d.kind, d.id, d.number, a.vat_category, a.vat_rate, a.kind, SUM(a.amount) "
        "FROM payment_allocation a JOIN document d ON d.id = a.document_id "
        "WHERE a.payment_id = ? GROUP BY d.kind, d.id, d.number, a.vat_category, a.vat_rate, "
        "a.kind HAVING SUM(a.amount) <> 0 ORDER BY d.id, a.kind DESC, a.vat_rate DESC",
        (row["id"],),
    )
    by_document: dict[str, dict[str, Any]] = {}
    for kind, document_id, number, category, rate, what, amount in documents:
        name = number or document_ref(kind, document_id)
        found = by_document.setdefault(name, {"ref": name, "amount": 0, "discount": 0, "vat": []})
        found["amount" if what == "payment" else "discount"] += amount
        part = {"kind": what, "category": category, "rate": decimal_text(rate, 10_000)}
        found["vat"].append({**part, "amount": decimal_text(amount, CENT, minimum=2)})
    for found in by_document.values():
        for name in ("amount", "discount"):
            found[name] = decimal_text(found[name], CENT, minimum=2)
    return {
        "ref": payments.ref_of(row["id"]),
        "date": row["date"],
        "kind": row["kind"],
        "mode": row["mode"],
        "amount": decimal_text(row["amount"], CENT, minimum=2),
        "free": decimal_text(int(row["free"]), CENT, minimum=2),
        "fees": decimal_text(row["fees"], CENT, minimum=2),
        "customer": row["party_code"],
        "customer_name": row["party_name"],
        "reference": row["reference"],
        "label": row["label"],
        "reverses": ref(row["reverses"]),
        "reversed_by": ref(row["reversed_by"]),
        "documents": list(by_document.values()),
    }

"""Rules and predicates of purchase documents, found by name (`domain.rules`)."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.document import Document
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.text import fold

from .totals import totals

Row = Mapping[str, object]


def has_supplier(document: Document) -> list[Problem]:
    if document.text("party_name"):
        return []
    return [
        Problem("party.missing", "party_id", "Le fournisseur manque", "Entête, champ Fournisseur")
    ]


def as_stated(document: Document) -> list[Problem]:
    """What a received invoice says and what its lines add up to."""
    stated, found = document.header.get("stated_gross"), totals(document).gross
    if not isinstance(stated, int) or stated == found:
        return []
    said = f"Leur TTC {format_cents(stated)}, ici {format_cents(found)}"
    return [Problem("total.stated", "stated_gross", said, "revoyez les lignes", "warning")]


def received_paper(document: Document) -> list[Problem]:
    said = "Une pièce reçue ne s'imprime pas"
    return [Problem("print.never", "", said, "son original est dans la GED")]


def supplier_key(header: Mapping[str, object]) -> str:
    """What makes a supplier's invoice unique: who, the year, its number; "" while one misses."""
    party, day = header.get("party_id"), str(header.get("date") or "")
    number = "".join(fold(str(header.get("supplier_number") or "")).split())
    return f"{party}|{day[:4]}|{number}" if party and day and number else ""


def purchase_received(row: Row, today: str) -> bool:
    """Nothing left to come."""
    return row.get("delivery") == "full"


def purchase_partly(row: Row, today: str) -> bool:
    return row.get("delivery") == "part" and not row.get("given_up_at")


def purchase_closed(row: Row, today: str) -> bool:
    """Nothing more will come: its rest was given up."""
    return bool(row.get("given_up_at")) and not purchase_received(row, today)


def to_receive(row: Row, today: str) -> bool:
    """Sent, and something is still to come."""
    waits = row.get("state") == "sent" and not row.get("given_up_at")
    return waits and row.get("delivery") in ("none", "part")


def purchase_late(row: Row, today: str) -> bool:
    """What is still to come was announced for an earlier day."""
    day = row.get("expected_date")
    return to_receive(row, today) and isinstance(day, str) and "" < day < today


def purchase_to_bill(row: Row, today: str) -> bool:
    return row.get("billing") in ("none", "part")


def receipt_open(row: Row, today: str) -> bool:
    return row.get("state") == "open"


def receipt_validated(row: Row, today: str) -> bool:
    """Only what is in stock goes back or is invoiced."""
    return row.get("state") == "validated"


def receipt_to_bill(row: Row, today: str) -> bool:
    return receipt_validated(row, today) and purchase_to_bill(row, today)


def request_ordered(row: Row, today: str) -> bool:
    """Nothing left to order."""
    return row.get("delivery") == "full"


def request_to_order(row: Row, today: str) -> bool:
    return row.get("delivery") in ("none", "part")


def request_waiting(row: Row, today: str) -> bool:
    return row.get("state") == "sent"


RULES = (has_supplier, as_stated, received_paper)
PREDICATES = (
    *(
        purchase_received,
        purchase_partly,
        purchase_closed,
        to_receive,
        purchase_late,
        purchase_to_bill,
    ),
    *(
        receipt_open,
        receipt_validated,
        receipt_to_bill,
        request_waiting,
        request_ordered,
        request_to_order,
    ),
)

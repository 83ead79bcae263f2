"""Rules and predicates of the sales chain, found by name in `domain.rules`.

A predicate looks at a row: header values, side table included; `delivery` and `billing` are
`none`, `part` or `full` (what pools say, `domain.progress`), "" where there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.document import Document
from codial_tui.domain.problems import Problem

Row = Mapping[str, object]


def has_buyer(document: Document) -> list[Problem]:
    """An internal delivery note has no customer; any other has one."""
    if document.text("party_name") or document.text("nature") == "internal":
        return []
    return [Problem("party.missing", "party_id", "Le client manque", "Entête, champ Client")]


def validated_state(document: Document) -> list[Problem]:
    """A provisional invoice only prints PROVISOIRE, which counts as a preview (domain.md §2)."""
    if document.state != "provisional":
        return []
    return [
        Problem(
            "state.not_validated",
            "state",
            f"{document.ref} est provisoire",
            "validez-la (F8), ou regardez l'aperçu",
        )
    ]


def not_validated(document: Document) -> list[Problem]:
    """Nothing of a validated invoice changes (CGI ann. II art. 242 nonies A; domain.md §6)."""
    if document.state == "provisional":
        return []
    return [Problem("state.validated", "", "Facture validée, lecture seule", "faites un avoir")]


def never_printed(document: Document) -> list[Problem]:
    return [
        Problem(
            "print.never",
            "",
            "Un devis d'exécution ne s'imprime pas pour le client",
            "imprimez le devis ou la commande",
        )
    ]


def quote_open(row: Row, today: str) -> bool:
    return row.get("state") in ("pending", "accepted")


def order_deliverable(row: Row, today: str) -> bool:
    return not row.get("given_up_at")


def order_settled(row: Row, today: str) -> bool:
    """Nothing left in `deliver`."""
    return row.get("delivery") == "full"


def order_closed(row: Row, today: str) -> bool:
    """Settled, or its rest given up (then closed and not settled; domain.md §2)."""
    return order_settled(row, today) or bool(row.get("given_up_at"))


def order_partly(row: Row, today: str) -> bool:
    return row.get("delivery") == "part" and not row.get("given_up_at")


def to_deliver(row: Row, today: str) -> bool:
    return row.get("delivery") in ("none", "part") and not row.get("given_up_at")


def order_to_bill(row: Row, today: str) -> bool:
    return row.get("billing") in ("none", "part")


def supply_late(row: Row, today: str) -> bool:
    """Something bought for it comes too late (its links say so when it is read)."""
    return bool(row.get("supply_late")) and to_deliver(row, today)


def order_web(row: Row, today: str) -> bool:
    return bool(row.get("is_web"))


def note_billed(row: Row, today: str) -> bool:
    return row.get("billing") == "full"


def note_partly(row: Row, today: str) -> bool:
    return row.get("billing") == "part"


def note_to_bill(row: Row, today: str) -> bool:
    """Printed, not internal, and something left to bill."""
    return note_billable(row, today) and row.get("billing") in ("none", "part")


def note_billable(row: Row, today: str) -> bool:
    """Printed first, then invoiced (domain.md §7); an internal one never."""
    return row.get("state") == "printed" and row.get("nature") != "internal"


def note_returnable(row: Row, today: str) -> bool:
    return row.get("state") == "printed" and row.get("nature") == "sale"


def invoice_provisional(row: Row, today: str) -> bool:
    return row.get("state") == "provisional"


def invoice_due(row: Row, today: str) -> bool:
    """Something of its instalments is left to pay."""
    return row.get("settlement") in ("due", "part")


def invoice_late(row: Row, today: str) -> bool:
    """An instalment that is not settled is past its day."""
    day = row.get("due_next")
    return isinstance(day, str) and "" < day < today


def invoice_paid(row: Row, today: str) -> bool:
    return row.get("settlement") == "paid"


RULES = (has_buyer, validated_state, not_validated, never_printed)
PREDICATES = (
    quote_open,
    order_deliverable,
    order_settled,
    order_closed,
    order_partly,
    to_deliver,
    order_to_bill,
    supply_late,
    order_web,
    note_billed,
    note_partly,
    note_to_bill,
    note_billable,
    note_returnable,
    invoice_provisional,
    invoice_due,
    invoice_late,
    invoice_paid,
)

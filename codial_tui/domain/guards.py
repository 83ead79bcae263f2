"""What of a document no longer changes, because it was printed or something was taken of it.

Declared per kind (`DocType.line_locks`, `DocType.floors`); the database holds the floors too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .changes import Change
from .document import Document
from .problems import Problem
from .quantity import format_quantity
from .spec import DocType

BOUGHT = "buy"
"""What is bought for a line holds nothing back: its links follow (`back_to_back.released`)."""
Taken = Mapping[str, Mapping[str, int]]
"""What other documents took of each line, by uid and pool, 10⁻⁴."""


def refused(
    kind: DocType, document: Document, changes: Sequence[Change], taken: Taken
) -> list[Problem]:
    """Why these changes cannot be made; [] when they can."""
    locks = kind.line_locks.get(document.state, ())
    found = []
    for change in changes:
        problem = None
        if change.target == "line" and change.op != "order":
            problem = _line(kind, document, change, taken, locks)
        elif change.target == "adjustment" and "*" in locks:
            problem = _locked(kind, document)
        if problem is not None:
            found.append(problem)
    return found


def _line(
    kind: DocType, document: Document, change: Change, taken: Taken, locks: tuple[str, ...]
) -> Problem | None:
    names = change.after or {}
    if change.op in ("insert", "delete") and "*" in locks:
        return _locked(kind, document)
    if change.op == "set" and not names.keys().isdisjoint(locks):
        return _locked(kind, document)
    gone = {pool: one for pool, one in taken.get(change.uid, {}).items() if pool != BOUGHT}
    if gone and change.op != "insert":
        if "taken" in locks and not names.keys() <= {"position"}:
            return Problem(
                "line.transferred", change.uid, "Ligne déjà transférée", "annulez le transfert"
            )
        if change.op == "delete":
            return _floor(gone, change.uid)
    if change.op == "set" and "quantity" in names:
        floor = max((gone[pool] for pool in kind.floors if pool in gone), key=abs, default=0)
        quantity = names["quantity"]
        if floor and (quantity * floor <= 0 or abs(quantity) < abs(floor)):
            return _floor({"": floor}, change.uid)
        if _is_return(document, change.uid):
            return Problem(
                "line.returned",
                change.uid,
                "Ligne d'un retour : sa quantité vient du bon de livraison",
                "supprimez-la et refaites le retour",
            )
    return None


def _is_return(document: Document, uid: str) -> bool:
    return any(
        one.target_uid == uid and one.relation == "return" for one in document.links.values()
    )


def _locked(kind: DocType, document: Document) -> Problem:
    word = kind.state(document.state).label.lower()
    return Problem(
        "line.locked",
        "lines",
        f"{kind.title} {word} : quantités et prix ne changent plus",
        "transférez (F6) ou faites une nouvelle pièce",
    )


def _floor(gone: Mapping[str, int], uid: str) -> Problem:
    quantity = format_quantity(max(gone.values(), key=abs), 0)
    return Problem(
        "line.floor",
        uid,
        f"{quantity} déjà livré, facturé ou transféré",
        "annulez l'autre pièce (Ctrl+G T)",
    )

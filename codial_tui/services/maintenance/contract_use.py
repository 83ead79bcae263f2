"""What is used of a contract: points, incidents, copies."""

from __future__ import annotations

from datetime import date

from codial_tui.errors import refuse
from codial_tui.services.context import Context

from .contracts import load


def use(
    context: Context,
    contract_id: int,
    quantity: int,
    *,
    day: date | None = None,
    note: str = "",
) -> int:
    """Write down points, incidents or copies (10⁻⁴; negative gives back) that were used; the id.
    Raises Refused for a flat contract and a day that it does not cover."""
    row, on = load(context, contract_id), (day or context.today).isoformat()
    if row["kind"] == "flat":
        said = f"{row['number']} est au forfait"
        raise refuse("contract.flat", said, "rien n'y est compté ; changez son type", "kind")
    if not quantity:
        raise refuse("use.quantity", "Combien ?", "un nombre, négatif pour rendre", "quantity")
    if on < row["starts_on"] or (row["ended_on"] and on >= row["ended_on"]):
        raise refuse("use.day", "Hors du contrat ce jour-là", "vérifiez la date", "used_on")
    with context.database.write():
        return write(context, contract_id, quantity, on, note)


def write(
    context: Context,
    contract_id: int,
    quantity: int,
    day: str,
    note: str,
    document_id: int | None = None,
) -> int:
    """Inside write(): the record of a use on a day (ISO), of a work order perhaps; its id."""
    return context.database.insert(
        "contract_use",
        {
            "uid": context.uid(),
            "contract_id": contract_id,
            "used_on": day,
            "quantity": quantity,
            "document_id": document_id,
            "note": note[:120],
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
        },
    )

"""Stock moves: a journal that is only added to, each with one trigger (domain.md §7).

Levels follow the journal by a trigger of the schema. Quantities are 10⁻⁴, signed: what comes in
is positive.
"""

from __future__ import annotations

from codial_tui.domain.document import Document, Line
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import journal


def default_warehouse(context: Context) -> int:
    """Where stock is kept unless a document says otherwise: the setting `stock.warehouse_id`, else
    the first one. Raises Refused when there is none."""
    chosen = settings.value(context, "stock.warehouse_id")
    found = context.database.value(
        "SELECT id FROM warehouse WHERE active = 1 ORDER BY id = ? DESC, position, id LIMIT 1",
        (chosen or 0,),
    )
    if found is None:
        raise refuse("warehouse.missing", "Aucun dépôt", "F10 Paramètres, Dépôts", "warehouse_id")
    return int(found)


def moving(document: Document) -> list[Line]:
    """The lines that move stock: those kept in stock, components of assemblies among them,
    without options, variants and informative lines."""
    out = {line.uid for line in document.lines if line.tag}
    found = []
    for line in document.lines:
        if line.parent_uid in out:
            out.add(line.uid)
        if line.stock_managed and line.item_id and line.quantity and line.uid not in out:
            found.append(line)
    return found


def leave(context: Context, document: Document, reason: str) -> None:
    """Take what a document delivers out of its warehouse, inside the caller's transaction; a
    negative quantity comes in. Raises Refused when the setting `stock.negative` is `block` and
    something is not there."""
    warehouse = document.number("warehouse_id") or default_warehouse(context)
    lines = moving(document)
    short = shortages(context, document, warehouse)
    if short and settings.value(context, "stock.negative", "warn") == "block":
        raise Refused(*short)
    journal.write(
        context,
        [
            journal.Entry(line.item_id or 0, warehouse, -line.quantity, reason, line.uid)
            for line in lines
        ],
    )


def shortages(context: Context, document: Document, warehouse: int = 0) -> list[Problem]:
    """What would be negative after a document left; [] when all is there."""
    warehouse = warehouse or document.number("warehouse_id") or default_warehouse(context)
    wanted: dict[int, int] = {}
    labels: dict[int, str] = {}
    for line in moving(document):
        item = line.item_id or 0
        wanted[item] = wanted.get(item, 0) + line.quantity
        labels[item] = line.reference or line.label
    problems = []
    for item, quantity in wanted.items():
        there = context.database.value(
            "SELECT on_hand FROM stock_level WHERE item_id = ? AND warehouse_id = ?",
            (item, warehouse),
            0,
        )
        if quantity > 0 and there - quantity < 0:
            problems.append(
                Problem(
                    "stock.negative",
                    "quantity",
                    f"{labels[item]} : stock {format_quantity(there, 0)}, "
                    f"il en part {format_quantity(quantity, 0)}",
                    "réceptionnez ou corrigez le stock",
                )
            )
    return problems

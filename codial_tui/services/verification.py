"""Recomputing what is stored: the database itself, every document to the cent, the stock, and
the chain of validated invoices."""

from __future__ import annotations

from collections.abc import Iterator

from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.recompute import recompute
from codial_tui.domain.totals import totals

from . import seals
from .context import Context
from .rows import load

_STORED = {
    "net_total": "net",
    "vat_total": "vat_total",
    "gross_total": "gross",
    "cost_total": "cost",
}


def verify(context: Context) -> tuple[int, list[Problem]]:
    """How many documents were recomputed, and everything that is wrong."""
    database = context.database
    problems = [Problem("database.check", "", text, "`doctor`") for text in database.check()]
    ids = [row[0] for row in database.rows("SELECT id FROM document ORDER BY id")]
    for document_id in ids:
        problems += _document(context, document_id)
    problems += _stock(context)
    problems += seals.verify(context)
    return len(ids), problems


def _document(context: Context, document_id: int) -> Iterator[Problem]:
    document = load(context.database, document_id)
    if document is None:  # deleted meanwhile
        return
    found = totals(document)
    for column, name in _STORED.items():
        stored, right = document.number(column), getattr(found, name)
        if stored != right:
            yield Problem(
                f"total.{name}",
                document.ref,
                f"{column} {format_cents(stored)}, recalculé {format_cents(right)}",
            )
    try:
        for change in recompute(document):
            line = document.line(change.uid)
            yield Problem(
                "line.amount",
                document.ref,
                f"ligne « {line.label or line.reference} » : {', '.join(change.after or {})}",
            )
    except Invalid as error:
        yield from error.problems
    positions = [line.position for line in document.lines]
    if positions != sorted(positions):
        yield Problem("line.order", document.ref, "l'ordre des lignes est brouillé")


def _stock(context: Context) -> list[Problem]:
    """What is on hand is the sum of the moves."""
    rows = context.database.rows(
        "SELECT i.reference, l.on_hand, COALESCE(SUM(m.quantity), 0) FROM stock_level l "
        "JOIN item i ON i.id = l.item_id LEFT JOIN stock_move m "
        "ON m.item_id = l.item_id AND m.warehouse_id = l.warehouse_id "
        "GROUP BY i.reference, l.item_id, l.warehouse_id, l.on_hand "
        "HAVING l.on_hand <> COALESCE(SUM(m.quantity), 0)"
    )
    return [
        Problem("stock.level", row[0], "le stock n'est pas la somme de ses mouvements")
        for row in rows
    ]

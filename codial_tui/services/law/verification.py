"""Recomputing what is stored: the database itself, every document to the cent, the stock, the
chain of validated invoices, the chained journals, what is paid, the papers, the closings and the
signed count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.law.closing import Figures
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import Totals, totals
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.services.context import Context
from codial_tui.services.documents.bulk_rows import PAGE, load_many
from codial_tui.services.maintenance import reports
from codial_tui.services.paper import originals
from codial_tui.services.payments import payment_check
from codial_tui.services.stock import journal

from . import chain_links, closings, events, life, seals, signed_count, signing

Progress = Callable[[int, int], None]
"""Is told how many documents were recomputed, of how many."""

_STORED = {
    "net_total": "net",
    "vat_total": "vat_total",
    "gross_total": "gross",
    "cost_total": "cost",
}
_OTHERS = (
    "SELECT id FROM document d WHERE id > ? AND NOT EXISTS "
    f"(SELECT 1 FROM invoice_seal s WHERE s.document_id = d.id) ORDER BY id LIMIT {PAGE}"
)


def verify(
    context: Context, progress: Progress = lambda done, all_: None
) -> tuple[int, list[Problem]]:
    """How many documents were recomputed, and everything that is wrong; the first broken link of
    a chain is named before what follows from it. A check that fails is written into the journal.

    Takes no lock: what others validate meanwhile may be in or not.
    """
    found = list(findings(context, progress))
    wrong = [one for one in found if one.level == "error"]
    if wrong:
        first = f"{wrong[0].code} {wrong[0].field}"
        events.record(context, "verify.failed", found=len(wrong), first=first)
    return int(context.database.value("SELECT COUNT(*) FROM document")), found


def findings(context: Context, progress: Progress) -> Iterator[Problem]:
    database = context.database
    yield from (Problem("database.check", "", text, "`doctor`") for text in database.check())
    every = int(database.value("SELECT COUNT(*) FROM document"))
    seen = count(1)

    def look(document: Document, added: Totals) -> Iterator[Problem]:
        done = next(seen)
        if done % PAGE == 0 or done == every:
            progress(done, every)
        return _document(document, added)

    counted = signed_count.verify(context)  # before the chains, which may grow meanwhile
    late = list(counted)
    days: dict[str, Figures] = defaultdict(Figures)

    def said(sealed: Any) -> None:
        days[str(sealed["header"]["date"])].add_invoice(sealed)

    yield from _others(context, look)
    yield from seals.verify(context, look, said)
    yield from _stock(context)
    for chain in chain_links.CHAINS:
        yield from chain_links.verify(context, chain)
    yield from payment_check.verify(context)
    yield from originals.verify(context)
    yield from reports.verify(context)
    yield from life.verify(context)
    yield from signing.verify(context)
    yield from closings.verify(context, days)
    yield from signed_count.restored(context)
    yield from late


def _others(context: Context, look: seals.Look) -> Iterator[Problem]:
    """Every document that is not sealed."""
    after = 0
    while page := [row[0] for row in context.database.rows(_OTHERS, (after,))]:
        after = page[-1]
        for key, document in load_many(context.database, page).items():
            if document is None:
                yield Problem("document.rows", f"{key}", "ses lignes ne se lisent plus")
                continue
            try:
                yield from look(document, totals(document))
            except (ValueError, TypeError, ArithmeticError):
                yield Problem("document.rows", document.ref, "ne se recalcule plus")


def _document(document: Document, found: Totals) -> Iterator[Problem]:
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
        *(
            Problem("stock.level", row[0], "le stock n'est pas la somme de ses mouvements")
            for row in rows
        ),
        *journal.verify(context.database),
    ]

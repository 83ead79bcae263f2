"""Repairs that count as incidents of a contract, once they are billed beyond its quota."""

from __future__ import annotations

from datetime import date

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.maintenance.contracts import beyond_quota, term_at, term_start
from codial_tui.domain.money import SCALE4, div_round
from codial_tui.services.context import Context

from . import contract_facts

_EXTRAS = (
    "SELECT d.id, d.number, d.kind, x.quantity, l.quantity, "
    "(SELECT SUM(c.quantity) FROM line_link c WHERE c.source_line_id = l.id "
    "AND c.relation = 'correct') FROM contract_due x "
    "JOIN document_line l ON l.uid = x.line_uid AND l.document_id = x.document_id "
    "JOIN document d ON d.id = x.document_id "
    "WHERE x.contract_id = ? AND x.kind = 'extra' AND x.part = ? ORDER BY d.id"
)


def billing(context: Context, document: Document) -> list[str]:
    """The invoices that bill, beyond the quota of its term, what a closed repair counts for: they
    would bill too much without it. What was credited of them bills nothing any more."""
    contract = context.database.mapping(
        "SELECT * FROM contract WHERE id = ? AND kind = 'incidents'",
        (document.header.get("contract_id"),),
    )
    if contract is None or document.state != "closed" or document.text("nature") != "repair":
        return []
    if context.database.value("SELECT id FROM contract_use WHERE document_id = ?", (document.id,)):
        return []
    (facts,) = contract_facts.load(context, [contract])
    term = term_at(facts.terms, date.fromisoformat(document.text("date")))
    first, until = (term_start(facts.terms, term + one) for one in (0, 1))
    without = facts.used(first, until) - SCALE4
    billed, found = 0, []
    for key, number, kind, quantity, whole, credited in context.database.rows(
        _EXTRAS, (contract["id"], term)
    ):
        left = quantity - div_round(quantity * abs(credited or 0), abs(whole)) if whole else 0
        billed += left
        found += [number or ref_of(kind, key)] if left > 0 else []
    return found if billed > beyond_quota(without, contract["quota"], 0) else []

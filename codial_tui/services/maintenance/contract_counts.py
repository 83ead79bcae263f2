"""What a closed work order counts for in its contract: the points it takes, the incident that a
repair is; not undone once it is billed beyond the quota."""

from __future__ import annotations

from datetime import date
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.maintenance.contracts import beyond_quota, term_at, term_start
from codial_tui.domain.money import SCALE4, div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.services.context import Context

from . import contract_facts, contract_use

_EXTRAS = (
    "SELECT d.id, d.number, d.kind, x.quantity, l.quantity, "
    "(SELECT SUM(c.quantity) FROM line_link c WHERE c.source_line_id = l.id "
    "AND c.relation = 'correct') FROM contract_due x "
    "JOIN document_line l ON l.uid = x.line_uid AND l.document_id = x.document_id "
    "JOIN document d ON d.id = x.document_id "
    "WHERE x.contract_id = ? AND x.kind = 'extra' AND x.part = ? ORDER BY d.id"
)


def problems(context: Context, document: Document) -> list[Problem]:
    """What is wrong with the points (`points`) of a work order."""
    points = document.number("points")
    if points < 0:
        return [Problem("points.negative", "points", "Des points en moins ?", "0 ou plus")]
    if points and _contract(context, document, "points") is None:
        said = "Des points, et pas de contrat à points"
        return [
            Problem("points.contract", "points", said, "choisissez sa machine, ou videz Points")
        ]
    return []


def told(context: Context, document: Document) -> list[str]:
    """What the points of an open work order come to, in French; [] without any, or within quota."""
    points = document.number("points")
    contract = _contract(context, document, "points") if points else None
    if contract is None:
        return []
    (facts,) = contract_facts.load(context, [contract])
    used = facts.used(*_days(facts, document)) + points
    if used <= contract["quota"]:
        return []
    said = " de ".join(format_quantity(one, 0) for one in (used, contract["quota"]))
    return [f"{contract['number']} : {said} points, le reste se facture"]


def take(context: Context, document: Document) -> None:
    """Inside write(): its points leave its contract."""
    points = document.number("points")
    contract = _contract(context, document, "points") if points else None
    if contract is not None:
        day = document.text("date")
        contract_use.write(context, contract["id"], points, day, document.ref, document.id)


def give_back(context: Context, document: Document) -> None:
    """Inside write(): what it took comes back."""
    for contract_id, day, points in context.database.rows(
        "SELECT contract_id, used_on, SUM(quantity) FROM contract_use WHERE document_id = ? "
        "GROUP BY contract_id, used_on ORDER BY contract_id, used_on",
        (document.id,),
    ):
        if points:
            note = f"{document.ref} rouvert"
            contract_use.write(context, contract_id, -points, day, note, document.id)


def billing(context: Context, document: Document) -> list[str]:
    """The invoices that bill, beyond the quota of its term, what a closed work order counts for:
    they would bill too much without it. What was credited of them bills nothing any more."""
    if document.state != "closed":
        return []
    counts, contract = document.number("points"), _contract(context, document, "points")
    if contract is None or not counts:
        counts, contract = SCALE4, _contract(context, document, "incidents")
        if contract is None or document.text("nature") != "repair":
            return []
        sql = "SELECT id FROM contract_use WHERE document_id = ?"
        if context.database.value(sql, (document.id,)):
            return []
    (facts,) = contract_facts.load(context, [contract])
    without = facts.used(*_days(facts, document)) - counts
    billed, found = 0, []
    for key, number, kind, quantity, whole, credited in context.database.rows(
        _EXTRAS, (contract["id"], _term(facts, document))
    ):
        left = quantity - div_round(quantity * abs(credited or 0), abs(whole)) if whole else 0
        billed += left
        found += [number or ref_of(kind, key)] if left > 0 else []
    return found if billed > beyond_quota(without, contract["quota"], 0) else []


def _contract(context: Context, document: Document, kind: str) -> dict[str, Any] | None:
    return context.database.mapping(
        "SELECT * FROM contract WHERE id = ? AND kind = ?",
        (document.header.get("contract_id"), kind),
    )


def _term(facts: contract_facts.Facts, document: Document) -> int:
    return term_at(facts.terms, date.fromisoformat(document.text("date")))


def _days(facts: contract_facts.Facts, document: Document) -> tuple[date, date]:
    """First day of its term, and of the next."""
    term = _term(facts, document)
    return term_start(facts.terms, term), term_start(facts.terms, term + 1)

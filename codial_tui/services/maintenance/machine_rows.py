"""Machines of a work order as programs read them: the data of `document show`, what to know."""

from __future__ import annotations

from collections import Counter
from typing import Any

from codial_tui.domain.document import Document, Machine
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import decimal_text
from codial_tui.services.context import Context

from . import machine_history
from .machines import mixed, name_of

CLASSES = dict(
    zip(("article", "consumable", "labour", "travel"), ("items", "consumables", "labour", "travel"))
)
"""Billing class → what programs call it."""


def shown(context: Context, document: Document) -> dict[str, Any]:
    """`machines`, `coverage`, `contract`, `site`, `billable`, `offered` and `warnings` of a work
    order; offered: HT of what its customer does not pay."""
    header = document.header
    site = header.get("address_id")
    sql = "SELECT label FROM address WHERE id = ?"
    return {
        "machines": [_machine(context, one) for one in in_order(document)],
        "coverage": document.text("coverage") or "none",
        "contract": _contract(context, header.get("contract_id")),
        "site": context.database.value(sql, (site,), None) if site else None,
        "billable": [CLASSES[name] for name, box in BILLED_AS.items() if header.get(box) != 0],
        "offered": decimal_text(coverage.offered(document), CENT, minimum=2),
        "warnings": [one.text for one in warnings(context, document)],
    }


def in_order(document: Document) -> list[Machine]:
    return sorted(document.machines, key=lambda one: one.position)


def warnings(context: Context, document: Document) -> list[Problem]:
    """What to know of the machines of a work order: one that is there twice, on another site,
    covered otherwise than the others, that fails again and again."""
    found = []
    known = [one for one in in_order(document) if one.equipment_id]
    twice = {key for key, count in Counter(one.equipment_id for one in known).items() if count > 1}
    sites = _sites(context, document, known)
    day, nature = document.text("date"), document.text("nature")
    seen = set()
    for one in known:
        if one.equipment_id in seen:
            continue
        seen.add(one.equipment_id)
        if one.equipment_id in twice:
            found.append(_warning("machine.twice", f"{name_of(one)} est deux fois sur ce bon"))
        if place := sites.get(one.equipment_id):
            said = f"{name_of(one)} est sur un autre site : {place}"
            found.append(_warning("machine.site", said))
        often = machine_history.warning(context, one.equipment_id, document.id, day, nature)
        if often:
            found.append(_warning("machine.often", f"{name_of(one)} : {often}"))
    return found + mixed(document)


def _sites(context: Context, document: Document, known: list[Machine]) -> dict[int | None, str]:
    """Machine of the register → the words of its site, where that is not the work order's."""
    site = document.number("address_id")
    if not site or not known:
        return {}
    marks = ", ".join("?" * len(known))
    rows = context.database.rows(
        "SELECT e.id, COALESCE(NULLIF(a.label, ''), a.city) FROM equipment e "
        f"JOIN address a ON a.id = e.address_id WHERE a.id <> ? AND e.id IN ({marks})",
        (site, *(one.equipment_id for one in known)),
    )
    return {key: str(words) for key, words in rows}


def _machine(context: Context, one: Machine) -> dict[str, Any]:
    sql = "SELECT code FROM equipment WHERE id = ?"
    code = context.database.value(sql, (one.equipment_id,), None) if one.equipment_id else None
    names = ("serial", "brand", "type", "model", "location", "commissioned_on", "coverage")
    return {
        "code": code,
        **{name: getattr(one, name) for name in names},
        "contract": _contract(context, one.contract_id),
        "fault": one.fault,
        "work_done": one.work_done,
    }


def _contract(context: Context, contract_id: Any) -> str | None:
    sql = "SELECT number FROM contract WHERE id = ?"
    return context.database.value(sql, (contract_id,), None) if contract_id else None


def _warning(code: str, said: str) -> Problem:
    return Problem(code, "", said, "", "warning")

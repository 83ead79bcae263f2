"""Machines of a work order as programs read them: the data of `document show`, what to know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from codial_tui.domain.document import Document, Machine
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.kinds.work_order import BILLED_AS, COVERAGES
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import decimal_text
from codial_tui.services.context import Context
from codial_tui.services.stock import order_goods

from . import (
    contract_counts,
    contract_cover,
    followed_order,
    machine_history,
    machine_offers,
    visits,
    work_orders,
)
from .machines import day_of, mixed, name_of

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
    is_open = document.state == doc_type(document.kind).initial
    return {
        "machines": [_machine(context, one) for one in in_order(document)],
        "coverage": document.text("coverage") or "none",
        "contract": _contract(context, header.get("contract_id")),
        "site": context.database.value(sql, (site,), None) if site else None,
        "billable": [CLASSES[name] for name, box in BILLED_AS.items() if header.get(box) != 0],
        "offered": decimal_text(coverage.offered(document), CENT, minimum=2),
        "warnings": [
            *(one.text for one in warnings(context, document)),
            *visits.warnings(context, document),
            *followed_order.warnings(context, document),
            *(contract_counts.told(context, document) if is_open else ()),
            *(order_goods.told(context.database, document) if is_open else ()),
        ],
    }


def in_order(document: Document) -> list[Machine]:
    return sorted(document.machines, key=lambda one: one.position)


def warnings(context: Context, document: Document) -> list[Problem]:
    """What to know of the machines of a work order, and that they are not covered alike."""
    several = in_order(document)
    seen: set[int] = set()
    found = []
    for one in several:
        if one.equipment_id not in seen:
            found += [
                each._replace(message=f"{name_of(one)} : {each.message}")
                for each in warnings_of(context, document, one)
            ]
        seen |= {one.equipment_id} if one.equipment_id else set()
    return found + mixed(document)


def warnings_of(context: Context, document: Document, one: Machine) -> list[Problem]:
    """What to know of one machine: it is there twice, on another site, fails again and again, is
    covered otherwise by its record or by no contract it is said to be under."""
    day, nature = document.text("date"), document.text("nature")
    if one.coverage == "contract" and one.contract_id is None:
        said = "au contrat, mais aucun ne la comprend ce jour-là"
        return [_warning("machine.contract", said)]
    if not one.equipment_id:
        return []
    found = []
    if sum(each.equipment_id == one.equipment_id for each in document.machines) > 1:
        found.append(_warning("machine.twice", "deux fois sur ce bon"))
    if owner := _elsewhere(context, document, one):
        found.append(_warning("machine.elsewhere", f"maintenant chez {owner}"))
    if place := _other_site(context, document, one):
        found.append(_warning("machine.site", f"sur un autre site, {place}"))
    if often := machine_history.warning(context, one.equipment_id, document.id, day, nature):
        found.append(_warning("machine.often", often))
    planned = day_of(document)
    usual = work_orders.machine(context, one.equipment_id, planned, nature)
    ended = machine_offers.warranty(context, one.equipment_id)
    if one.coverage == "warranty" and ended and ended < planned:
        said = f"garantie finie le {ended[8:10]}/{ended[5:7]}/{ended[2:4]}"
        found.append(_warning("machine.warranty_over", said))
    elif one.coverage == "contract" and not contract_cover.find(
        context, one.equipment_id, planned, nature
    ):
        found.append(_warning("machine.contract_over", "au contrat, fini ce jour-là"))
    elif PAYS[usual.coverage] > PAYS[one.coverage]:
        word = dict(COVERAGES)[usual.coverage].lower()
        found.append(_warning("machine.coverage", f"sa fiche dit : {word}"))
    return found


PAYS = {"none": 0, "contract": 1, "warranty": 2}
"""How much a coverage pays for: whoever bills what a better one covers is told."""


def _elsewhere(context: Context, document: Document, one: Machine) -> str:
    """Whose a machine is by now, "" where it is still the work order's customer's."""
    sql = (
        "SELECT p.name FROM equipment e JOIN party p ON p.id = e.party_id "
        "WHERE e.id = ? AND e.party_id <> ?"
    )
    ids = (one.equipment_id, document.number("party_id") or 0)
    return str(context.database.value(sql, ids, ""))


def _other_site(context: Context, document: Document, one: Machine) -> str:
    """The words of a machine's site where that is not the work order's, "" else."""
    site = document.number("address_id")
    if not site:
        return ""
    return str(
        context.database.value(
            "SELECT COALESCE(NULLIF(a.label, ''), NULLIF(a.name, ''), a.city) FROM equipment e "
            "JOIN address a ON a.id = e.address_id WHERE e.id = ? AND a.id <> ?",
            (one.equipment_id, site),
            "",
        )
    )


def contract_words(context: Context, document: Document, one: Machine) -> str:
    """`CT26-00012 jusqu'au 10/03/27 · 2 visites par an`: what a machine is under, "" for none."""
    if not one.contract_id or not one.equipment_id:
        return ""
    day = day_of(document)
    cover = contract_cover.find(context, one.equipment_id, day, document.text("nature"))
    if cover is None or cover.contract_id != one.contract_id:
        return _contract(context, one.contract_id) or ""
    said = cover.number
    if cover.until:
        said += f" jusqu'au {date.fromisoformat(cover.until) - timedelta(days=1):%d/%m/%y}"
    if cover.visits:
        said += f" · {cover.visits} visite{'s' * (cover.visits > 1)} par an"
    return said


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

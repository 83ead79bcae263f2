"""Maintenance in the demo company: machines, a contract, calls, work orders and a week of planning,
by the same services as at the keyboard (assets/demo/maintenance.json).

Each step is found again by what it made, so that a load which was cut goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from codial_tui.domain import clock
from codial_tui.exchange.documents import parse_document
from codial_tui.services.context import Context, User
from codial_tui.services.documents import documents, requests
from codial_tui.services.maintenance import (
    calls,
    closing,
    equipment,
    planning,
    reports,
    resources,
)
from codial_tui.services.records import company_settings, records

from . import demo_files

_MADE = (
    "SELECT 1 FROM document WHERE number = ? UNION SELECT 1 FROM phone_call WHERE number = ? "
    "UNION SELECT 1 FROM equipment WHERE code = ? UNION SELECT 1 FROM contract WHERE number = ? "
    "UNION SELECT 1 FROM resource WHERE code = ?"
)
"""Whether something bears a number or a code."""


def load(context: Context) -> None:
    """Do the steps that are not done yet, each as on its day, by who did it."""
    users = {
        row[3]: User(*row)
        for row in context.database.rows("SELECT id, login, name, initials, role FROM app_user")
    }
    labour = _id(context, "item", "reference", demo_files.company()["labour_item"])
    company_settings.put(context, "work.labour_item", labour)
    for step in demo_files.maintenance():
        own = _on(context, datetime.fromisoformat(step["at"]), users[step["by"]])
        if not _is_done(own, step):
            _do(own, step)


def _on(context: Context, moment: datetime, user: User) -> Context:
    """The context of somebody at a moment of the story."""
    return replace(context, clock=lambda: moment, user=user)


def _is_done(context: Context, step: Mapping[str, Any]) -> bool:
    row = context.database.row
    match step["do"]:
        case "reading":
            machine = equipment.by_code(context, step["machine"])["id"]
            known = "SELECT 1 FROM equipment_reading WHERE equipment_id = ? AND read_on = ?"
            return row(known, (machine, step["day"])) is not None
        case "plan":
            document = documents.get(context, step["document"])
            known = "SELECT 1 FROM appointment WHERE document_id = ?"
            return row(known, (document.id,)) is not None
        case "appoint":
            starts = clock.moment(datetime.fromisoformat(step["starts"]), context.zone)
            known = "SELECT 1 FROM appointment WHERE starts_at = ? AND label = ?"
            return row(known, (starts, step["label"])) is not None
        case "sign":
            return documents.get(context, step["document"]).text("signed_at") != ""
        case "close":
            return documents.get(context, step["document"]).state == "closed"
    return row(_MADE, (step["makes"],) * 5) is not None


def _do(context: Context, step: Mapping[str, Any]) -> None:
    values = dict(step.get("values", ()))
    if "customer" in step:
        values["party_id"] = _id(context, "party", "code", step["customer"])
    match step["do"]:
        case "resource":
            if "user" in step:
                values["user_id"] = _id(context, "app_user", "initials", step["user"])
            records.create(context, "resource", {"code": step["makes"], **values})
        case "equipment":
            _equipment(context, step, values)
        case "reading":
            machine = equipment.by_code(context, step["machine"])["id"]
            equipment.read(context, machine, step["value"] * 10_000, step["day"])
        case "contract":
            _contract(context, step, values)
        case "visit":
            _visit(context, step)
        case "call":
            if "machine" in step:
                values["equipment_id"] = equipment.by_code(context, step["machine"])["id"]
            calls.take(context, **values)
        case "order":
            calls.order(context, calls.get(context, step["call"])["id"])
        case "document":
            made = requests.build(context, parse_document(json.dumps(step["document"])))
            if "technician" in step:
                user = _id(context, "app_user", "initials", step["technician"])
                made.header["technician_id"] = user
            documents.insert(context, made)
        case "plan" | "appoint":
            _planned(context, step, values)
        case "sign":
            reports.sign(context, documents.get(context, step["document"]).id, step["name"])
        case "close":
            closing.close(context, documents.get(context, step["document"]).id)


def _equipment(context: Context, step: Mapping[str, Any], values: dict[str, Any]) -> None:
    if "site" in step:
        site = "SELECT id FROM address WHERE party_id = ? AND label = ?"
        values["address_id"] = context.database.value(site, (values["party_id"], step["site"]))
    if "inside" in step:
        values["parent_id"] = equipment.by_code(context, step["inside"])["id"]
    equipment.create(context, values)


def _contract(context: Context, step: Mapping[str, Any], values: dict[str, Any]) -> None:
    from codial_tui.services.maintenance import contracts

    machines = [equipment.by_code(context, code)["id"] for code in step["machines"]]
    contracts.create(context, values, machines)


def _visit(context: Context, step: Mapping[str, Any]) -> None:
    """The work order of a visit that a contract has due."""
    from codial_tui.services.maintenance import contract_plan, contract_run, contracts

    contract = contracts.get(context, step["contract"])["id"]
    due = contract_plan.plan(context, date.fromisoformat(step["until"]), contract)
    for made in contract_run.run(context, [one for one in due if one.kind == "visit"][:1]):
        assert not made.refusal, made.refusal


def _planned(context: Context, step: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    who = resources.find(context, step["resource"]).id
    starts, ends = (datetime.fromisoformat(step[name]) for name in ("starts", "ends"))
    if step["do"] == "plan":
        planning.plan(context, documents.get(context, step["document"]).id, who, starts, ends)
    else:
        party_id, label = values.get("party_id"), step["label"]
        planning.appoint(context, who, step["kind"], starts, ends, party_id=party_id, label=label)


def _id(context: Context, table: str, key: str, value: str) -> int:
    return int(context.database.value(f"SELECT id FROM {table} WHERE {key} = ?", (value,)))

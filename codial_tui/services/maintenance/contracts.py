"""Contracts: made from a model or by hand, checked, given up; what they cover and what was used.

When things fall is in `contract_plan`, what is made of them in `contract_run`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from codial_tui.domain.maintenance import calendar_rule
from codial_tui.domain.maintenance.contract_record import CONTRACT, SHARED
from codial_tui.domain.maintenance.contracts import end_sent, term_at, term_start, terms_of
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.documents import log_audit
from codial_tui.services.records import records, settings

from . import contract_machines, contract_rules

Row = Mapping[str, Any]

CODE, PATTERN = "CT", "CT{yy}-{n:04}"


def load(context: Context, contract_id: int) -> dict[str, Any]:
    """A contract by column name. Raises Refused."""
    return records.load(context, "contract", contract_id)


def get(context: Context, number: str) -> dict[str, Any]:
    """The contract of a number, `CT26-0001`. Raises Refused."""
    found = records.find(context, "contract", number)
    if found is None:
        remedy = "codial-tui contract list"
        raise refuse("contract.unknown", f"Contrat {number} introuvable", remedy, "contract")
    return load(context, found)


def ends(context: Context, row: Row) -> date:
    """The end date that is told outside, as the setting says."""
    setting = str(settings.value(context, "contract.end_date", "renewal"))
    return end_sent(terms_of(row), row["renewed"], setting)


def create(context: Context, values: Mapping[str, Any], machines: Sequence[int] = ()) -> int:
    """A new contract of machines, with what its model says unless told otherwise; its id. Raises
    Refused."""
    given = {name: one for name, one in values.items() if one not in (None, "")}
    row: dict[str, Any] = {"starts_on": context.today.isoformat(), **_of_model(context, given)}
    row = {"label": "Contrat de maintenance", **row, **given}
    whole = {**_NOTHING, **row}
    problems = contract_rules.check(context, whole)
    for one in machines:
        problems += contract_machines.wrong(context, whole["party_id"], one)
    if problems:
        raise Refused(*problems)
    checked = records.new_row(context, CONTRACT, row)
    day = context.today.isoformat()
    with context.database.write():
        establishment = settings.default_establishment(context) or 0
        count, pattern = context.database.next_number(
            establishment, CODE, period_of(day, "year"), PATTERN
        )
        checked.update(
            number=number_of(pattern, day, count), created_at=context.now, updated_at=context.now
        )
        made = context.database.insert("contract", checked)
        for one in dict.fromkeys(machines):
            context.database.insert("contract_machine", {"contract_id": made, "equipment_id": one})
        changed(context, load(context, made))
        log_audit(context, "contract.created", {"number": checked["number"]})
    return made


_NOTHING: dict[str, Any] = {
    **dict.fromkeys((one.name for one in CONTRACT.fields), None),
    **dict.fromkeys(("price", "quota", "extra_price", "index_base", "index_now", "renewed"), 0),
    "duration": 12,
    "duration_unit": "month",
    "renewal": "tacit",
    "state": "active",
}
"""What a contract is as far as nobody says."""


def _of_model(context: Context, given: Row) -> dict[str, Any]:
    """What a contract takes from its model. Raises Refused for a duration of its own."""
    if not given.get("model_id"):
        return {}
    model = context.database.mapping(
        "SELECT * FROM contract_model WHERE id = ? AND active = 1", (given["model_id"],)
    )
    if model is None:
        raise refuse("model.unknown", "Contrat type introuvable", "F4 les montre", "model_id")
    for name in contract_rules.OF_MODEL:
        if name in given and given[name] != model[name]:
            raise Refused(contract_rules.duration_locked(name))
    return {"label": model["name"], **{name: model[name] for name in SHARED}}


def _begun_terms(row: Row) -> int:
    """Which term runs when what fell before a day is done already: that of the day before. One that
    is no longer renewed stays in the term it was renewed for."""
    terms = terms_of(row)
    if not row.get("due_from"):
        return 0
    found = term_at(terms, date.fromisoformat(row["due_from"]) - timedelta(days=1))
    return min(found, terms.renewed) if terms.renewal == "none" else found


def changed(context: Context, row: Row) -> None:
    """What follows from a contract that was written, in the same transaction: its term, its visits
    a year, its state on the day that it ends. Another visit rule counts from today on and
    behind the visits that are made, of a contract that has begun; else anew from its start."""
    terms, started = terms_of(row), contract_rules.begun(context, row["id"])
    renewed = row["renewed"] if started else _begun_terms(row)
    ended, state = row["ended_on"], row["state"]
    if ended and ended <= context.today.isoformat():
        state = "ended"
    elif state == "ended":
        state = "active"  # « Résilié au » was emptied or put off
    due = term_start(terms, renewed + 1)
    values = {
        "renewed": renewed,
        "term_on": min(due, terms.final or due).isoformat(),
        "visits": _per_year(row),
        "state": state,
        "updated_at": context.now,
    }
    if row["visit_rule"] != row["known_rule"]:
        values["known_rule"] = row["visit_rule"]
        values["visits_from"] = _behind_visits(context, row["id"]) if started else None
    context.database.update("contract", row["id"], values)


def _behind_visits(context: Context, contract_id: int) -> str:
    last = context.database.value(
        "SELECT MAX(due_on) FROM contract_due WHERE contract_id = ? AND kind = 'visit'",
        (contract_id,),
    )
    behind = date.fromisoformat(last) + timedelta(days=1) if last else context.today
    return max(context.today, behind).isoformat()


def end_those_over(context: Context) -> None:
    """Contracts whose end was made ahead end on their day. In the caller's transaction."""
    context.database.execute(
        "UPDATE contract SET state = 'ended', updated_at = ? WHERE state <> 'ended' "
        "AND ended_on <= ? AND EXISTS (SELECT 1 FROM contract_due d "
        "WHERE d.contract_id = contract.id AND d.kind = 'end')",
        (context.now, context.today.isoformat()),
    )


def model_changed(context: Context, row: Row) -> None:
    context.database.update("contract_model", row["id"], {"visits": _per_year(row)})


def _per_year(row: Row) -> int:
    return calendar_rule.parse(row["visit_rule"]).per_year if row["visit_rule"] else 0


# what is done to one -----------------------------------------------------------------------------


def end(context: Context, contract_id: int, day: date, reason: str = "") -> dict[str, Any]:
    """Give a contract up: it covers nothing from that day on. What it still owes until then is
    billed; the contract as it stands. Raises Refused."""
    row = load(context, contract_id)
    if row["state"] == "ended":
        remedy = "codial-tui contract show"
        raise refuse("contract.ended", f"{row['number']} est déjà résilié", remedy)
    over = day <= context.today
    after = {**row, "ended_on": day.isoformat(), "state": "ended" if over else row["state"]}
    if problems := contract_rules.check(context, after):
        raise Refused(*problems)
    with context.database.write():
        values = {
            "ended_on": after["ended_on"],
            "end_reason": reason[:120],
            "state": after["state"],
        }
        context.database.update("contract", contract_id, values)
        log_audit(
            context,
            "contract.ended",
            {"number": row["number"], "on": after["ended_on"], "reason": reason[:120]},
        )
    return load(context, contract_id)

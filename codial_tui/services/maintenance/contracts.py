"""Contracts: made from a model or by hand, checked, given up; what they cover and what was used.

When things fall is in `contract_plan`, what is made of them in `contract_run`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.maintenance import calendar_rule
from codial_tui.domain.maintenance.contract_record import CONTRACT, SHARED
from codial_tui.domain.maintenance.contracts import end_sent, term_at, term_start, terms_of
from codial_tui.domain.money import SCALE6
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.documents import log_audit
from codial_tui.services.records import records, settings

from . import contract_machines

Row = Mapping[str, Any]

CODE, PATTERN = "CT", "CT{yy}-{n:04}"
ONCE_BEGUN = ("party_id", "starts_on", "duration", "duration_unit")
"""What no longer changes once something was made of the contract."""
ONCE_BILLED = ("billing_every", "billing_when")
"""What no longer changes once it was billed: days would be billed twice, or never."""
OF_MODEL = ("duration", "duration_unit")
"""What a contract made from a model cannot have otherwise: 12, 24 or 36 months are three models."""
_BOUNDS = {
    "price": (0, 10**11, "Un prix n'est pas négatif"),
    "extra_price": (0, 10**11, "Un prix n'est pas négatif"),
    "quota": (0, 10**13, "Pas moins que zéro"),
    "vat_rate": (0, SCALE6, "Un taux va de 0 à 100 %"),
    "coefficient": (1, 1000 * SCALE6, "Au-dessus de 0, 1000 au plus"),
    "billing_every": (1, 120, "De 1 à 120 mois"),
    "letter_visit": (0, 365, "De 0 à 365 jours"),
    "letter_end": (0, 365, "De 0 à 365 jours"),
}


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
    problems = check(context, whole)
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
            context.database.insert(
                "contract_equipment", {"contract_id": made, "equipment_id": one}
            )
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
    for name in OF_MODEL:
        if name in given and given[name] != model[name]:
            raise Refused(_duration_locked(name))
    return {"label": model["name"], **{name: model[name] for name in SHARED}}


def _duration_locked(field: str) -> Problem:
    said = "La durée est celle du modèle"
    return Problem("contract.duration", field, said, "prenez un modèle de cette durée")


def _begun_terms(row: Row) -> int:
    """Which term runs when what fell before a day is done already: that of the day before."""
    terms = terms_of(row)
    if not row.get("due_from") or terms.renewal == "none":
        return 0
    return term_at(terms, date.fromisoformat(row["due_from"]) - timedelta(days=1))


# rules -------------------------------------------------------------------------------------------


def check_model(context: Context, row: Row) -> list[Problem]:
    """What is wrong with a model of contracts, field by field."""
    return [*_terms_problems(row), *_rule_problems(row)]


def check(context: Context, row: Row) -> list[Problem]:
    """What is wrong with a contract, field by field."""
    problems = [*_terms_problems(row), *_rule_problems(row), *_day_problems(context, row)]
    problems += _address_problems(context, row)
    problems += _parent_problems(context, row) if row.get("parent_id") else []
    if row.get("id"):
        problems += _changed_problems(context, row)
    return problems


def _terms_problems(row: Row) -> list[Problem]:
    problems = []
    most = 36_500 if row.get("duration_unit") == "day" else 600
    duration = row.get("duration")
    if duration is not None and not 1 <= duration <= most:
        problems.append(Problem("contract.duration", "duration", f"De 1 à {most}", "12 mois"))
    for name, (least, highest, said) in _BOUNDS.items():
        value = row.get(name)
        if value is not None and not least <= value <= highest:
            problems.append(Problem(f"contract.{name}", name, said))
    if row.get("revision") == "index" and "index_base" in row:
        problems += [
            Problem("contract.index", name, "Un indice au-dessus de zéro", "celui de l'INSEE")
            for name in ("index_base", "index_now")
            if (row[name] or 0) <= 0
        ]
    return problems


def _rule_problems(row: Row) -> list[Problem]:
    if not row.get("visit_rule"):
        return []
    try:
        calendar_rule.parse(row["visit_rule"])
    except Invalid as error:
        return list(error.problems)
    return []


def _day_problems(context: Context, row: Row) -> list[Problem]:
    start, problems = row.get("starts_on"), []
    if not start:
        return [Problem("contract.start", "starts_on", "À partir de quand ?", "01/01/27")]
    for name in ("final_on", "ended_on"):
        if row.get(name) and row[name] < start:
            said = f"Le contrat commence le {format_date(date.fromisoformat(start))}"
            problems.append(Problem(f"contract.{name}", name, said, "une date plus tard"))
    over = row.get("ended_on") and row["ended_on"] <= context.today.isoformat()
    if row.get("state") == "ended" and not row.get("ended_on"):
        said, remedy = "Résilié depuis quand ?", "tapez « Résilié au »"
        problems.append(Problem("contract.state", "state", said, remedy))
    elif row.get("state") != "ended" and over:
        said, remedy = "Il est résilié", "videz « Résilié au » pour le reprendre"
        problems.append(Problem("contract.state", "state", said, remedy))
    return problems


def _address_problems(context: Context, row: Row) -> list[Problem]:
    if not row.get("address_id"):
        return []
    owner = context.database.value(
        "SELECT party_id FROM address WHERE id = ?", (row["address_id"],)
    )
    if owner == row.get("party_id"):
        return []
    return [Problem("contract.site", "address_id", "Ce site est d'un autre client", "F4 les siens")]


def _parent_problems(context: Context, row: Row) -> list[Problem]:
    def no(said: str, remedy: str) -> list[Problem]:
        return [Problem("contract.parent", "parent_id", said, remedy)]

    parent = context.database.mapping("SELECT * FROM contract WHERE id = ?", (row["parent_id"],))
    if parent is None or parent["id"] == row.get("id"):
        return no("Un contrat ne se facture pas lui-même", "videz, ou un autre")
    if parent["party_id"] != row.get("party_id"):
        return no(f"{parent['number']} est d'un autre client", "un contrat du même client")
    if parent["parent_id"]:
        return no(f"{parent['number']} est lui-même facturé par un autre", "choisissez celui-là")
    if row.get("id") and context.database.row(
        "SELECT 1 FROM contract WHERE parent_id = ? LIMIT 1", (row["id"],)
    ):
        return no("Il en facture d'autres lui-même", "laissez vide")
    return []


def begun(context: Context, contract_id: int, *kinds: str) -> bool:
    """Whether something was made of a contract, of one of these kinds where some are given."""
    among = f"AND kind IN ({', '.join('?' * len(kinds))}) " if kinds else ""
    sql = f"SELECT 1 FROM contract_due WHERE contract_id = ? {among}LIMIT 1"
    return context.database.row(sql, (contract_id, *kinds)) is not None


def locked(context: Context, row: Row) -> frozenset[str]:
    """The fields of a stored contract that no longer change."""
    names = {*OF_MODEL, "model_id"} if row["model_id"] else {"model_id"}
    names |= set(ONCE_BEGUN) if begun(context, row["id"]) else set()
    return frozenset(names | (set(ONCE_BILLED) if begun(context, row["id"], "invoice") else set()))


def _changed_problems(context: Context, row: Row) -> list[Problem]:
    before = load(context, row["id"])
    problems = []
    changed_names = {name for name in locked(context, before) if row.get(name) != before[name]}
    for name in sorted(changed_names):
        if name in OF_MODEL and before["model_id"]:
            problems.append(_duration_locked(name))
        elif name == "model_id":
            said, remedy = "Le modèle se choisit à la création", "faites un autre contrat : F5"
            problems.append(Problem("contract.model", name, said, remedy))
        else:
            said = "Il est déjà facturé ainsi" if name in ONCE_BILLED else "Le contrat a commencé"
            remedy = "résiliez-le, et faites-en un autre"
            problems.append(Problem("contract.begun", name, said, remedy))
    return problems


def changed(context: Context, row: Row) -> None:
    """What follows from a contract that was written, in the same transaction: its term, its visits
    a year, its state on the day that it ends. Another visit rule counts from today on, of a
    contract that has begun; one that has not is counted anew from its start."""
    terms, started = terms_of(row), begun(context, row["id"])
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
        values["visits_from"] = context.today.isoformat() if started else None
    context.database.update("contract", row["id"], values)


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
    if problems := check(context, after):
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

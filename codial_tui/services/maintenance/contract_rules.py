"""What contracts must obey, field by field; what no longer changes of one that has begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.maintenance import calendar_rule
from codial_tui.domain.maintenance.contracts import over, periods, price_of
from codial_tui.domain.money import SCALE6
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.quantity import format_percent
from codial_tui.services.context import Context
from codial_tui.services.records import records

from . import contract_facts, contract_owner

Row = Mapping[str, Any]

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


def check_model(context: Context, row: Row) -> list[Problem]:
    """What is wrong with a model of contracts, field by field."""
    return [*_terms_problems(row), *_rule_problems(row)]


def check(context: Context, row: Row) -> list[Problem]:
    """What is wrong with a contract, field by field."""
    problems = [*_terms_problems(row), *_rule_problems(row), *_day_problems(context, row)]
    problems += _address_problems(context, row)
    problems += _parent_problems(context, row) if row.get("parent_id") else []
    if row.get("vat_rate") is not None and row.get("vat_rate") != 0:
        problems += _rate_problems(context, row)
    if row.get("id"):
        problems += _changed_problems(context, row)
        problems += contract_owner.problems(context, row)
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


def _rate_problems(context: Context, row: Row) -> list[Problem]:
    if context.database.row("SELECT 1 FROM vat_rate WHERE rate = ? LIMIT 1", (row["vat_rate"],)):
        return []
    said = f"Pas de TVA à {format_percent(row['vat_rate'])}"
    return [Problem("vat_rate.unknown", "vat_rate", said, "F10 Paramètres, TVA")]


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


def begun(context: Context, contract_id: int, kind: str = "") -> bool:
    """Whether something was made of a contract, of a kind where one is given."""
    sql = "SELECT 1 FROM contract_due WHERE contract_id = ? AND kind LIKE ? LIMIT 1"
    return context.database.row(sql, (contract_id, kind or "%")) is not None


def locked(context: Context, row: Row) -> frozenset[str]:
    """The fields of a stored contract that no longer change."""
    names = {*OF_MODEL, "model_id"} if row["model_id"] else {"model_id"}
    names |= set(ONCE_BEGUN) if begun(context, row["id"]) else set()
    return frozenset(names | (set(ONCE_BILLED) if begun(context, row["id"], "invoice") else set()))


def duration_locked(field: str) -> Problem:
    said = "La durée est celle du modèle"
    return Problem("contract.duration", field, said, "prenez un modèle de cette durée")


def _changed_problems(context: Context, row: Row) -> list[Problem]:
    before = records.load(context, "contract", row["id"])
    problems = _end_problems(context, before, row)
    changed_names = {name for name in locked(context, before) if row.get(name) != before[name]}
    for name in sorted(changed_names):
        if name in OF_MODEL and before["model_id"]:
            problems.append(duration_locked(name))
        elif name == "model_id":
            said, remedy = "Le modèle se choisit à la création", "faites un autre contrat : F5"
            problems.append(Problem("contract.model", name, said, remedy))
        else:
            said = "Il est déjà facturé ainsi" if name in ONCE_BILLED else "Le contrat a commencé"
            remedy = "résiliez-le, et faites-en un autre"
            problems.append(Problem("contract.begun", name, said, remedy))
    return problems


def _end_problems(context: Context, before: Row, row: Row) -> list[Problem]:
    """An end that cut what was billed stays: days would be billed twice, or never."""
    day = before["ended_on"]
    if not day or row.get("ended_on") == day:
        return []
    (facts,) = contract_facts.load(context, [dict(before)])
    terms = facts.terms
    for one in periods(terms, before["billing_every"], terms.start, over(terms)):
        billed_on = one.first if before["billing_when"] == "advance" else one.until
        amount = context.database.value(
            "SELECT amount FROM contract_due "
            "WHERE contract_id = ? AND kind = 'invoice' AND due_on = ?",
            (row["id"], billed_on.isoformat()),
            None,
        )
        if one.part < one.whole and amount == price_of(facts.price(one.term), one):
            said = f"Facturé {one.words}, jusqu'à cette fin"
            remedy = "supprimez la facture provisoire, ou faites un autre contrat"
            return [Problem("contract.end_billed", "ended_on", said, remedy)]
    return []

"""What a record must obey beyond its fields, by name: rules, what is completed, what follows.

A rule sees the row as it would be stored (no `id` while it is being created) and answers problems
that name fields. What follows runs inside the transaction that wrote the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from codial_tui.domain.accounting.accounts import is_account
from codial_tui.domain.maintenance import visit_entry
from codial_tui.domain.money import SCALE6
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_percent
from codial_tui.services.context import Context
from codial_tui.services.documents.documents import log_audit

from . import parties

Row = Mapping[str, Any]
Rule = Callable[[Context, Row], list[Problem]]

DEEPEST = 20
"""levels of assemblies in assemblies that are walked down"""


def _identifiers(context: Context, row: Row) -> list[Problem]:
    return parties.check(row) + _iban(row)


def _iban(row: Row) -> list[Problem]:
    if row.get("iban"):
        from stdnum import iban

        if not iban.is_valid(str(row["iban"])):
            return [Problem("iban.invalid", "iban", "IBAN : clé fausse", "vérifiez-le")]
    return []


def _vat_rate(context: Context, row: Row) -> list[Problem]:
    if not 0 <= (row.get("rate") or 0) <= SCALE6:
        return [Problem("vat_rate.range", "rate", "Un taux va de 0 à 100 %")]
    return []


def _unit(context: Context, row: Row) -> list[Problem]:
    if not 0 <= (row.get("decimals") or 0) <= 4:
        return [Problem("unit.decimals", "decimals", "De 0 à 4 décimales")]
    return []


def _terms(context: Context, row: Row) -> list[Problem]:
    problems = []
    if not 0 <= (row.get("days") or 0) <= 365:
        problems.append(Problem("terms.days", "days", "De 0 à 365 jours"))
    if not 0 <= (row.get("day_of_month") or 0) <= 31:
        problems.append(Problem("terms.day", "day_of_month", "De 0 à 31"))
    if not 0 <= (row.get("discount_days") or 0) <= 365:
        problems.append(Problem("terms.days", "discount_days", "De 0 à 365 jours"))
    return problems + _discount("deposit", row) + _discount("discount", row)


def _instalment(context: Context, row: Row) -> list[Problem]:
    """Its days as those of terms; the shares of some terms are at most the whole."""
    others: int = context.database.value(
        "SELECT COALESCE(SUM(share), 0) FROM payment_instalment WHERE terms_id = ? AND id <> ?",
        (row["terms_id"], row.get("id") or 0),
    )
    left, share = SCALE6 - others, row.get("share") or 0
    problems = _terms(context, row)
    if share <= 0:
        problems.append(Problem("instalment.share", "share", "Une part au-dessus de 0 %"))
    elif share > left:
        remedy = f"il reste {format_percent(left)}"
        problems.append(Problem("instalment.shares", "share", "Plus de 100 % en tout", remedy))
    return problems


def _company(context: Context, row: Row) -> list[Problem]:
    problems = _identifiers(context, row)
    if not 2 <= (row.get("price_decimals") or 0) <= 4:
        problems.append(Problem("company.decimals", "price_decimals", "De 2 à 4 décimales"))
    return problems


def _warehouse(context: Context, row: Row) -> list[Problem]:
    """The default one is in use: what no one chose a place for goes there."""
    if row.get("is_default") and not row.get("active", 1):
        return [
            Problem("warehouse.default", name, "C'est le dépôt par défaut", "choisissez un autre")
            for name in ("is_default", "active")
        ]
    return []


def _nature(context: Context, row: Row) -> list[Problem]:
    overhead = row.get("overhead")
    if overhead is not None and overhead <= 0:
        return [Problem("nature.overhead", "overhead", "Un coefficient au-dessus de zéro")]
    return []


def _discount(name: str, row: Row) -> list[Problem]:
    if not 0 <= (row.get(name) or 0) <= SCALE6:
        return [Problem("percent.range", name, "De 0 à 100 %")]
    return []


def _user(context: Context, row: Row) -> list[Problem]:
    """A login that can name a folder; the last administrator stays one."""
    from .users import LOGIN  # with the ssh keys: not on the way to the first screen

    problems = []
    if not LOGIN.fullmatch(str(row.get("login") or "")):
        problems.append(
            Problem("user.login", "login", "Nom de connexion", "lettres, chiffres, . _ @ + -")
        )
    stays = row.get("role") == "admin" and row.get("active", 1)
    if row.get("id") and not stays and not _other_administrators(context, row["id"]):
        problems += [
            Problem("user.last_admin", name, "Il faut un administrateur", "nommez-en un autre")
            for name in ("role", "active")
        ]
    return problems


def _other_administrators(context: Context, user_id: int) -> int:
    found: int = context.database.value(
        "SELECT COUNT(*) FROM app_user WHERE role = 'admin' AND active = 1 AND id <> ?", (user_id,)
    )
    return found


def _component(context: Context, row: Row) -> list[Problem]:
    """An assembly is never inside itself, at any depth."""
    level = {row.get("component_id")}
    for _ in range(DEEPEST):
        if row["assembly_id"] in level:
            return [Problem("component.loop", "component_id", "L'ouvrage se contiendrait lui-même")]
        marks = ", ".join("?" * len(level))
        rows = context.database.rows(
            "SELECT DISTINCT component_id FROM assembly_component "
            f"WHERE component_id IS NOT NULL AND assembly_id IN ({marks})",
            tuple(level),
        )
        level = {found[0] for found in rows}
        if not level:
            break
    if (row.get("ratio") or 0) <= 0:
        return [Problem("component.ratio", "ratio", "Par unité : plus que zéro")]
    return []


def _price(context: Context, row: Row) -> list[Problem]:
    """A price or discount of an item, a family or everything, from a quantity on."""
    problems = _discount("discount", row)
    if row.get("item_id") and row.get("family_id"):
        problems += [
            Problem("price.target", name, "Un article ou une famille", "videz l'autre")
            for name in ("item_id", "family_id")
        ]
    if (row.get("from_quantity") or 0) < 0:
        problems.append(Problem("price.from", "from_quantity", "La quantité ne peut être négative"))
    if row.get("price") is None and not row.get("discount"):
        problems += [
            Problem("price.missing", name, "Un prix ou une remise", "tapez l'un des deux")
            for name in ("price", "discount")
        ]
    return problems


def _list_price(context: Context, row: Row) -> list[Problem]:
    problems = _price(context, row)
    if row.get("price") is not None and not row.get("item_id"):
        problems += [
            Problem("price.item", name, "Un prix vaut pour un article", "choisissez-le, ou remise")
            for name in ("price", "item_id")
        ]
    return problems


def _price_list(context: Context, row: Row) -> list[Problem]:
    if row.get("id") and row.get("base_id") == row["id"]:
        return [Problem("price_list.base", "base_id", "Un tarif ne repose pas sur lui-même")]
    return []


def _account(context: Context, row: Row) -> list[Problem]:
    if not is_account(str(row.get("account") or "")):
        return [Problem("account.form", "account", "Un compte : trois chiffres au moins", "707000")]
    return []


def _journal(name: str, row: Row) -> list[Problem]:
    code = str(row.get(name) or "")
    if code and not (code.isascii() and code.isalnum()):
        return [Problem("journal.form", name, "Un journal : lettres et chiffres", "VE, BQ…")]
    return []


def _payment_mode(context: Context, row: Row) -> list[Problem]:
    """An account and a journal that a FEC can hold; without an account, the bank's."""
    return [*(_account(context, row) if row.get("account") else ()), *_journal("journal", row)]


def _subscription(context: Context, row: Row) -> list[Problem]:
    from codial_tui.services.invoicing import (
        subscriptions,  # with what makes invoices: not on the way to the first screen
    )

    return subscriptions.check(context, row)


def _subscription_changed(context: Context, row: Row) -> None:
    from codial_tui.services.invoicing import subscriptions

    subscriptions.changed(context, row)


def _maintenance(module: str, name: str) -> Callable[[Context, Row], Any]:
    """A rule of contracts or machines, or what follows; loaded when one is written."""

    def rule(context: Context, row: Row) -> Any:
        found = import_module(f"codial_tui.services.maintenance.{module}")
        return getattr(found, name)(context, row)

    return rule


def _mandate(context: Context, row: Row) -> list[Problem]:
    """What a bank would refuse a direct debit for."""
    problems = _iban(row)
    if not row.get("signed_on"):
        problems.append(Problem("mandate.signed", "signed_on", "Signé quel jour ?", "22/11/26"))
    return problems


RULES: dict[str, Rule] = {
    "party": lambda context, row: parties.check(row),
    "company": _company,
    "establishment": _identifiers,
    "app_user": _user,
    "vat_rate": _vat_rate,
    "unit": _unit,
    "payment_terms": _terms,
    "payment_instalment": _instalment,
    "mandate": _mandate,
    "warehouse": _warehouse,
    "product_nature": _nature,
    "price_list": _price_list,
    "price_list_line": _list_price,
    "customer_discount": _price,
    "item_price_step": _price,
    "item_supplier_step": _price,
    "assembly_component": _component,
    "subscription": _subscription,
    "equipment": _maintenance("equipment", "check"),
    "contract": _maintenance("contract_rules", "check"),
    "contract_model": _maintenance("contract_rules", "check_model"),
    "contract_machine": _maintenance("contract_machines", "problems"),
    "resource": _maintenance("resources", "check"),
    "travel_zone": lambda context, row: visit_entry.zone_problems(str(row["code"])),
    "account_rule": _account,
    "payment_mode": _payment_mode,
    "accounting_journal": lambda context, row: _journal("code", row),
}


CHECKED_EARLY = frozenset(("company", "establishment", "party"))
"""Records whose rules also hold for a row that is not whole yet."""


def _initials(row: Row) -> dict[str, Any]:
    name = str(row.get("name") or "")
    return {"initials": row.get("initials") or "".join(one[0] for one in name.split())[:3].upper()}


COMPLETED: dict[str, Callable[[Row], dict[str, Any]]] = {
    "app_user": _initials,
    "vat_rate": lambda row: {"category": "S" if row.get("rate") else "Z"},
}
"""What a new row gets without being asked."""


def _company_changed(context: Context, row: Row) -> None:
    context.cache.clear()
    context.edition, context.size = row["edition"], row["size"]


def _user_changed(context: Context, row: Row) -> None:
    names = ("login", "name", "role", "active")
    log_audit(context, "user.changed", {name: row.get(name) for name in names})
    if row["id"] == context.user.id:
        context.user = context.user._replace(name=row["name"], role=row["role"])


def _is_assembly(context: Context, row: Row) -> None:
    """An item is an assembly as long as it has components."""
    context.database.execute(
        "UPDATE item SET is_assembly = CASE WHEN EXISTS (SELECT 1 FROM assembly_component "
        "WHERE assembly_id = ?) THEN 1 ELSE 0 END WHERE id = ?",
        (row["assembly_id"], row["assembly_id"]),
    )


def _one_default(context: Context, table: str, row: Row) -> None:
    if row.get("is_default"):
        context.database.execute(
            f"UPDATE {table} SET is_default = 0 WHERE id <> ? AND is_default = 1", (row["id"],)
        )


AFTER: dict[str, Callable[[Context, Row], None]] = {
    "company": _company_changed,
    "app_user": _user_changed,
    "assembly_component": _is_assembly,
    "subscription": _subscription_changed,
    "equipment": _maintenance("equipment", "changed"),
    "contract": _maintenance("contracts", "changed"),
    "contract_model": _maintenance("contracts", "model_changed"),
    "establishment": lambda context, row: _one_default(context, "establishment", row),
    "warehouse": lambda context, row: _one_default(context, "warehouse", row),
    "vat_rate": lambda context, row: _one_default(context, "vat_rate", row),
}
"""What follows from a row that was written or deleted."""


def check(context: Context, name: str, row: Row) -> list[Problem]:
    """What is wrong with a row of a record."""
    rule = RULES.get(name)
    return rule(context, row) if rule else []


def completed(name: str, row: Row) -> dict[str, Any]:
    """What a new row gets without being asked."""
    more = COMPLETED.get(name)
    return more(row) if more else {}


def follow(context: Context, name: str, row: Row) -> None:
    """Do what follows, inside the caller's transaction."""
    then = AFTER.get(name)
    if then:
        then(context, row)

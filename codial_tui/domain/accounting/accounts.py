"""The chart of accounts a company maps its sales to: rules by role, the most precise wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from codial_tui.domain.lines.lines import Key


class Rule(NamedTuple):
    """An account for a role; what is empty (None for the rate) means every one. rate: 10⁻⁶."""

    role: str
    account: str
    label: str
    category: str = ""
    rate: int | None = None
    nature: str = ""
    family_id: int | None = None


DEFAULTS = (
    Rule("customer", "411000", "Clients"),
    Rule("retention", "411700", "Clients, retenues de garantie"),
    Rule("deposit", "419100", "Clients, acomptes reçus"),
    Rule("direct_payment", "401000", "Fournisseurs, paiement direct"),
    Rule("prorata", "467000", "Compte prorata"),
    Rule("sale", "707000", "Ventes de marchandises"),
    Rule("sale", "706000", "Prestations de services", nature="service"),
    Rule("shipping", "708500", "Ports et frais facturés"),
    Rule("charge", "708800", "Autres produits annexes"),
    Rule("vat", "445710", "TVA collectée"),
    Rule("vat_receipts", "445740", "TVA en attente d'encaissement"),
    Rule("discount", "665000", "Escomptes accordés"),
    Rule("difference", "658000", "Différences de règlement"),
    Rule("fees", "627000", "Services bancaires"),
)
"""The chart of accounts (PCG) as a company starts with it."""

ROLES = (
    ("sale", "Ventes"),
    ("vat", "TVA collectée"),
    ("vat_receipts", "TVA en attente"),
    ("customer", "Clients"),
    ("deposit", "Acomptes reçus"),
    ("retention", "Retenues"),
    ("shipping", "Port"),
    ("charge", "Autres frais"),
    ("discount", "Escompte"),
    ("difference", "Différences"),
    ("fees", "Frais bancaires"),
    ("direct_payment", "Paiement direct"),
    ("prorata", "Compte prorata"),
)
"""What an account is for, with the words people read."""


class Auxiliary(NamedTuple):
    """The customer's own account: code and name."""

    code: str = ""
    name: str = ""


class Accounts:
    """Which account something goes to: the rule that says most; among equals the first."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._by_role: dict[str, list[Rule]] = {}
        known = {rule.role for rule in rules}
        for rule in (*rules, *(one for one in DEFAULTS if one.role not in known)):
            self._by_role.setdefault(rule.role, []).append(rule)

    def of(
        self, role: str, key: Key = ("", 0), nature: str = "", family_id: int | None = None
    ) -> Rule:
        best, most = DEFAULTS[0], -1
        for rule in self._by_role[role]:
            asked = (
                (rule.category, rule.category == key[0], rule.category != ""),
                (rule.rate, rule.rate == key[1], rule.rate is not None),
                (rule.nature, rule.nature == nature, rule.nature != ""),
                (rule.family_id, rule.family_id == family_id, rule.family_id is not None),
            )
            if all(fits for _, fits, given in asked if given):
                said = sum(given for _, _, given in asked)
                if said > most:
                    best, most = rule, said
        if most < 0:  # only rules for other cases: the default of the role
            best = next(one for one in DEFAULTS if one.role == role)
        return best


def auxiliary_code(pattern: str, code: str, own: str = "") -> str:
    """The customer's account: the one typed in the record, else the pattern with its code in the
    place of `{code}`; at most 17 characters, letters and digits."""
    text = own.strip() or pattern.replace("{code}", code)
    return "".join(one for one in text.upper() if one.isascii() and one.isalnum())[:17]

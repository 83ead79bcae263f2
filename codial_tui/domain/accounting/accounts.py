"""The chart of accounts a company maps its sales to: rules by role, the most precise wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from codial_tui.domain.lines.lines import Key
from codial_tui.domain.text import fold


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
    """Which account something goes to: the rule that says most; of two that say as much, the one
    that names a family, then a nature, then a rate. An account has one name, the first."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._names: dict[str, str] = {}
        self._own: dict[str, list[Rule]] = {}
        self._usual: dict[str, list[Rule]] = {}
        for found, several in ((self._own, rules), (self._usual, DEFAULTS)):
            for rule in several:
                name = self._names.setdefault(rule.account, rule.label)
                found.setdefault(rule.role, []).append(rule._replace(label=name))

    def of(
        self, role: str, key: Key = ("", 0), nature: str = "", family_id: int | None = None
    ) -> Rule:
        """The rule for a role and what is known; that of the chart when no own rule fits."""
        asked = (family_id, nature, key[1], key[0])
        found = [one for one in self._own.get(role, ()) if _fits(one, asked)]
        found = found or [one for one in self._usual[role] if _fits(one, asked)]
        return max(found, key=_precision)  # of equals the first

    def name(self, account: str, otherwise: str) -> str:
        """What an account is called."""
        return self._names.get(account, otherwise)


def _says(rule: Rule) -> tuple[tuple[object, bool], ...]:
    """What a rule asks for, the most telling first, and whether it does."""
    return (
        (rule.family_id, rule.family_id is not None),
        (rule.nature, rule.nature != ""),
        (rule.rate, rule.rate is not None),
        (rule.category, rule.category != ""),
    )


def _fits(rule: Rule, asked: tuple[object, ...]) -> bool:
    return all(not given or wanted == have for (wanted, given), have in zip(_says(rule), asked))


def _precision(rule: Rule) -> tuple[int, tuple[bool, ...]]:
    given = tuple(one for _, one in _says(rule))
    return sum(given), given


_ACCOUNT = re.compile(r"[0-9]{3}[0-9A-Z]{0,14}")


def is_account(text: str) -> bool:
    """Whether a text can be CompteNum: three digits at least (legal.md §3.3)."""
    return _ACCOUNT.fullmatch(text) is not None


def takes_auxiliary(account: str) -> bool:
    """Whether an account may have the accounts of third parties under it: 40 and 41 alone
    (legal.md §3.3)."""
    return account.startswith(("40", "41"))


def auxiliary_code(pattern: str, code: str, own: str = "") -> str:
    """The customer's account: the one typed in the record, else the pattern with its code in the
    place of `{code}`; at most 17 characters, letters without accents and digits."""
    text = own.strip() or pattern.replace("{code}", code)
    return "".join(one for one in fold(text).upper() if one.isascii() and one.isalnum())[:17]

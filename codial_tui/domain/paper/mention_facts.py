"""What the rules on mentions look at, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from codial_tui.domain.problems import Problem

from .issuer import Issuer, Waste

VatKey = tuple[str, int]
"""VAT category (UNTDID 5305: S AE E Z G K O) and rate in 10⁻⁶."""

Place = Literal["mention", "terms", "certification"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. vat_keys: keys of the counted lines only. vat_category and
    vat_mention: the document's regime and its words. quote_fee: cents TTC."""

    issuer: Issuer
    is_consumer: bool = False
    party_name: str = ""
    party_country: str = "FR"
    vat_keys: frozenset[VatKey] = frozenset()
    supply_natures: frozenset[str] = frozenset()
    vat_category: str = "S"
    vat_mention: str = ""
    off_premises: bool = False
    validity: str = ""
    quote_fee: int = 0
    waste: Waste = field(default_factory=Waste)
    vat_on_debits: bool = False

    def has_category(self, category: str) -> bool:
        return any(key[0] == category for key in self.vat_keys)

    def is_stated(self, category: str) -> bool:
        """Whether the document's own regime explains this category already."""
        return bool(self.vat_mention) and self.vat_category == category


@dataclass(frozen=True, slots=True)
class Mention:
    """One text on paper; `certification` stands above the signature."""

    name: str
    text: str
    place: Place = "mention"
    title: str = ""


Answer = Mention | Problem | None
Rule = Callable[[Facts], Answer]

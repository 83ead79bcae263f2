"""The lines of an e-invoice, and its allowances and charges.

Whatever a line's amount comes from – discounts, eco-contribution, hidden charges, prices with VAT,
a forced amount –, what is told here holds: BT-131 = round(BT-129 × BT-146 ÷ BT-149) − allowances
+ charges, to the cent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.lines.lines import (
    Key,
    eco_amount,
    line_key,
    line_worth,
    net_of,
    work_amount,
)
from codial_tui.domain.lines.totals import counting, footer_shares, printed_nets
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.money import CENT, SCALE4, div_round
from codial_tui.domain.quantity import decimal_text, format_percent

DEFAULT_UNIT = "C62"
"""UN/ECE: one"""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECIMALS = range(2, 7)
_SCALES = (1, 100, 10_000, 1_000_000)
_REASONS = {
    "discount": "Remise",
    "charge": "Frais",
    "shipping": "Port",
    "billing_fee": "Frais de facturation",
}


class Part(NamedTuple):
    """An allowance (negative) or charge of the whole invoice at one VAT key; HT, cents."""

    reason: str
    key: Key
    amount: int


class Price(NamedTuple):
    """A unit price: value ÷ 10^decimals for `per` units (10⁻⁴)."""

    value: int
    decimals: int
    per: int = SCALE4

    def amount(self, quantity: int) -> int:
        """Cents of a quantity (10⁻⁴)."""
        return div_round(quantity * self.value * CENT, self.per * 10**self.decimals)


def plain(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("", text).strip()


def money(cents: int) -> str:
    """Cents as `12.34`."""
    return decimal_text(cents, CENT, minimum=2)


def parts_of(document: Document, sign: int) -> list[Part]:
    """What the footer adds to each VAT base, without what comes to nothing."""
    known = {one.uid: one for one in document.adjustments}
    return [
        Part(_reason(known[share.uid]), share.key, sign * share.net)
        for share in footer_shares(document)
        if share.net
    ]


def _reason(one: Adjustment) -> str:
    words = one.label or _REASONS.get(one.type, "Frais")
    return f"{words} {format_percent(one.percent)}" if one.percent and not one.label else words


def lines_of(document: Document, units: Mapping[str, str], sign: int) -> list[dict[str, Any]]:
    """BG-25: the lines that count; options, components and what only informs stay out."""
    nets = printed_nets(document)
    counted = {line.uid for line in counting(document)}
    found: list[dict[str, Any]] = []
    source = ""
    for line in document.lines:
        if line.type in (LineType.TITLE, LineType.CHAPTER):
            source = line.label if line.label.startswith("Selon ") else ""
        if line.uid in counted:
            one = _line(document, line, sign * nets[line.uid], sign)
            one["BT-126"] = str(len(found) + 1)
            one["BT-130"] = units.get(line.unit, "") or DEFAULT_UNIT
            if source:
                one["BT-127-00"] = [{"BT-127": plain(source)}]
            found.append(one)
    return found


def _line(document: Document, line: Line, net: int, sign: int) -> dict[str, Any]:
    """One line; net: its HT in cents, with the sign the invoice tells it with."""
    pieces = list(_pieces(document, line, sign))
    base = net - sum(amount for _, amount in pieces)
    quantity, price = priced(document, line, base, sign)
    category, rate = line_key(line)
    found: dict[str, Any] = {
        "BT-129": decimal_text(quantity, SCALE4),
        "BT-131": money(net),
        "BT-146": _price_text(price),
        "BT-151": category,
        "BT-153": plain(line.label.replace("\n", " ")) or plain(line.reference) or "Article",
    }
    if price.per != SCALE4:
        found["BT-149"] = decimal_text(price.per, SCALE4)
    if category != "O":
        found["BT-152"] = decimal_text(rate, 10**4)
    for term, text in (("BT-154", line.long_text), ("BT-155", line.reference)):
        if plain(text):
            found[term] = plain(text)
    for group, told in (("BG-27", -1), ("BG-28", 1)):
        own = [
            {"amount": money(told * amount), "reason": reason}
            for reason, amount in pieces
            if told * amount > 0
        ]
        if own:
            found[group] = own
    return found


def _price_text(price: Price) -> str:
    return decimal_text(price.value, 10**price.decimals, minimum=min(2, price.decimals))


def _pieces(document: Document, line: Line, sign: int) -> Iterator[tuple[str, int]]:
    """What comes off a computed line or on it beside quantity × price: reason and HT in cents,
    negative for an allowance."""
    if line.covered:  # an allowance of all of it, so that the reason is told
        own = line_worth(line)
        own = net_of(own, line_key(line)) if document.gross_mode else own
        if own:
            yield coverage.said(line), -sign * own
        return
    if line.basis != "computed":
        return
    gross_work = Price(line.unit_price, 4, line.price_per).amount(line.quantity)
    percents = " + ".join(format_percent(one) for one in line.discounts)
    for reason, amount in (
        (f"Remise {percents}", work_amount(line) - gross_work),
        ("Remise", -line.discount_amount),
        ("Éco-contribution", eco_amount(line)),
    ):
        own = net_of(amount, line_key(line)) if document.gross_mode else amount
        if own:
            yield reason, sign * own


def priced(document: Document, line: Line, base: int, sign: int) -> tuple[int, Price]:
    """Quantity (10⁻⁴) and positive price that give `base` cents exactly: those of the line where
    they do, else the shortest price of at most six decimals, for one unit or for more."""
    quantity = sign * line.quantity
    if not quantity:
        quantity = (SCALE4 if base > 0 else -SCALE4) if base else 0
    typed = Price(line.unit_price, 4, line.price_per)
    if typed.value < 0:
        quantity, typed = -quantity, typed._replace(value=-typed.value)
    if not document.gross_mode and typed.amount(quantity) == base:
        return quantity, typed
    if not quantity:
        return 0, Price(0, 2)
    if (base < 0) != (quantity < 0):
        quantity = -quantity
    for scale in _SCALES:
        per = scale * SCALE4
        for decimals in _DECIMALS:
            value = div_round(base * 10**decimals * per, CENT * quantity)
            price = Price(value, decimals, per)
            if price.amount(quantity) == base:
                return quantity, price
    return quantity, Price(abs(base), 2, abs(quantity))

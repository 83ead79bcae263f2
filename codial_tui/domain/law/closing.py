"""What a closing says of a day, a month or a year, purely (BOI-TVA-DECLA-30-10-30; legal.md §3.1).

A day holds the invoices dated in it and the payments recorded since the closing before, up to the
end of the day; a month adds up its days, a year its months. The perpetual total runs on over all
days and is never reset.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FORMAT = 1
SUMS = ("net", "vat", "gross", "absolute")


@dataclass(slots=True)
class Figures:
    """Sums in cents. count, first, last: of the invoices, in the order of their chain; absolute:
    TTC of invoices and credit notes without their sign; vat: (category, rate 10⁻⁶) → base, VAT;
    receipts: payment mode → how many, amount."""

    count: int = 0
    first: str = ""
    last: str = ""
    net: int = 0
    vat: int = 0
    gross: int = 0
    absolute: int = 0
    rates: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    receipts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add_invoice(self, sealed: Mapping[str, Any]) -> None:
        """One more invoice, by its canonical data."""
        totals, number = sealed["totals"], str(sealed["header"]["number"])
        self.count += 1
        self.first = self.first or number
        self.last = number
        self.net += totals["net"]
        self.vat += totals["vat_total"]
        self.gross += totals["gross"]
        self.absolute += abs(totals["gross"])
        for row in totals["vat"]:
            self._rate(row["category"], row["rate"], row["base"], row["amount"])

    def add_payment(self, body: Mapping[str, Any]) -> None:
        """One more payment, by what its link says."""
        self._receipt(str(body.get("mode") or "?"), 1, int(body.get("amount") or 0))

    def add(self, part: Figures) -> None:
        """One more day of a month, or month of a year."""
        self.count += part.count
        self.first = self.first or part.first
        self.last = part.last or self.last
        for name in SUMS:
            setattr(self, name, getattr(self, name) + getattr(part, name))
        for (category, rate), (base, amount) in part.rates.items():
            self._rate(category, rate, base, amount)
        for mode, (count, amount) in part.receipts.items():
            self._receipt(mode, count, amount)

    def _rate(self, category: str, rate: int, base: int, amount: int) -> None:
        before = self.rates.get((category, rate), (0, 0))
        self.rates[category, rate] = (before[0] + base, before[1] + amount)

    def _receipt(self, mode: str, count: int, amount: int) -> None:
        before = self.receipts.get(mode, (0, 0))
        self.receipts[mode] = (before[0] + count, before[1] + amount)

    def said(self) -> dict[str, Any]:
        """As the body of a closing holds them."""
        return {
            "invoices": {
                "count": self.count,
                "first": self.first,
                "last": self.last,
                **{name: getattr(self, name) for name in SUMS},
            },
            "vat": [
                {"category": category, "rate": rate, "base": base, "amount": amount}
                for (category, rate), (base, amount) in sorted(self.rates.items())
            ],
            "receipts": [
                {"mode": mode, "count": count, "amount": amount}
                for mode, (count, amount) in sorted(self.receipts.items())
            ],
        }


def figures(body: Mapping[str, Any]) -> Figures:
    """The figures that the body of a closing says."""
    invoices = body["invoices"]
    return Figures(
        invoices["count"],
        invoices["first"],
        invoices["last"],
        **{name: invoices[name] for name in SUMS},
        rates={(row["category"], row["rate"]): (row["base"], row["amount"]) for row in body["vat"]},
        receipts={row["mode"]: (row["count"], row["amount"]) for row in body["receipts"]},
    )


def together(parts: Iterable[Figures]) -> Figures:
    found = Figures()
    for one in parts:
        found.add(one)
    return found


def perpetual(before: Mapping[str, int], day: Figures) -> dict[str, int]:
    """The perpetual total after one more day."""
    more = {name: getattr(day, name) for name in SUMS}
    more["invoices"] = day.count
    more["receipts"] = sum(amount for _, amount in day.receipts.values())
    return {name: before.get(name, 0) + value for name, value in more.items()}


def bounds(kind: str, period: str) -> tuple[str, str]:
    """First and last day of `2026-11-22`, `2026-11` or `2026`."""
    if kind == "day":
        return period, period
    if kind == "year":
        return f"{period}-01-01", f"{period}-12-31"
    year, month = map(int, period.split("-"))
    return f"{period}-01", date(year, month, monthrange(year, month)[1]).isoformat()

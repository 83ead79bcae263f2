"""Subscriptions: when the next invoice falls, what its prices become, what can be a model.

domain.md §6: every N days or calendar months, the anchor day is kept (31 → 28 → 31), until a stop
date; the last issued invoice is the model.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from codial_tui.domain.dates import LAST, format_date
from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.lines import round_price
from codial_tui.domain.money import SCALE6, div_round
from codial_tui.domain.problems import Problem

MOST = 366
"""Invoices that one subscription makes in one go; what is left comes with the next."""


class Rhythm(NamedTuple):
    """Every so many days or months; anchor: the day of the month it comes back to."""

    every: int = 1
    unit: str = "month"
    anchor: int = 1


class Revision(NamedTuple):
    """What the prices agreed at first are multiplied by, from a day on (ISO text; "": always).

    kind: none, coefficient (`coefficient`, 10⁻⁶) or index (`now` ÷ `base`, both 10⁻⁶).
    """

    kind: str = "none"
    coefficient: int = SCALE6
    base: int = SCALE6
    now: int = SCALE6
    since: str = ""

    def on(self, day: str) -> int:
        """The coefficient (10⁻⁶) that holds on a day."""
        if self.kind == "none" or (self.since and day < self.since):
            return SCALE6
        if self.kind == "index":
            return max(1, div_round(self.now * SCALE6, self.base))
        return self.coefficient


def following(day: date, rhythm: Rhythm) -> date:
    """The day after this one in the rhythm. Days beyond the calendar of documents end it: the day
    after LAST."""
    if rhythm.unit == "day":
        ahead = min(rhythm.every, (LAST - day).days + 1)
        return day + timedelta(days=max(ahead, 1))
    months = day.year * 12 + day.month - 1 + rhythm.every
    year, month = divmod(months, 12)
    if year > LAST.year:
        return LAST + timedelta(days=1)
    return date(year, month + 1, min(rhythm.anchor, monthrange(year, month + 1)[1]))


def anchored(day: date, anchor: int) -> int:
    """The anchor once somebody chose a day: its own, unless the month only cut the anchor short
    (28/02 chosen of an anchor 31 keeps 31)."""
    last = monthrange(day.year, day.month)[1]
    return anchor if day.day == min(anchor, last) else day.day


def due_days(first: date, rhythm: Rhythm, until: date, stop: date | None = None) -> list[date]:
    """The days of a subscription up to a day, the stop date included; at most MOST."""
    end = min(until, stop or LAST, LAST)
    found: list[date] = []
    day = first
    while day <= end and len(found) < MOST:
        found.append(day)
        day = following(day, rhythm)
    return found


def subject(label: str, day: date, rhythm: Rhythm) -> str:
    """What the invoice of a day says it is for: `Maintenance, du 31/01/28 au 28/02/28`."""
    last = following(day, rhythm) - timedelta(days=1)
    period = f"du {format_date(day)} au {format_date(last)}"
    return f"{label[:130]}, {period}" if label else f"Abonnement {period}"


def repriced(line: Line, new: int, old: int, decimals: int) -> Line:
    """A line with its prices × new ÷ old (10⁻⁶ each), at the document's price decimals; costs and
    eco-contributions stay. The same line when the two are equal."""
    if new == old or not line.is_priced:
        return line
    return replace(
        line,
        unit_price=round_price(line.unit_price * new, old, decimals),
        discount_amount=div_round(line.discount_amount * new, old),
        amount=div_round(line.amount * new, old),
        net_amount=div_round(line.net_amount * new, old),
    )


def unfit(model: Document) -> list[Problem]:
    """Why an invoice cannot be the model of a subscription; [] when it can."""

    def no(code: str, message: str, remedy: str) -> list[Problem]:
        return [Problem(code, "model_id", message, remedy)]

    direct = "choisissez une facture directe"
    if not doc_type(model.kind).bills:
        return no("model.kind", f"{model.ref} n'est pas une facture", direct)
    if model.number("is_credit"):
        return no("model.credit", f"{model.ref} est un avoir", direct)
    if model.text("nature") not in ("", "direct"):
        return no("model.nature", f"{model.ref} est un acompte ou une situation", direct)
    if model.deductions:
        said = f"{model.ref} porte une retenue ou un paiement direct"
        return no("model.deductions", said, direct)
    if any(line.nature for line in model.lines):
        return no("model.deposit", f"{model.ref} déduit un acompte", direct)
    if model.header.get("party_id") is None:
        return no("model.party", f"{model.ref} n'a pas de client enregistré", direct)
    if not any(line.counts for line in model.lines):
        return no("model.empty", f"{model.ref} n'a aucune ligne chiffrée", direct)
    return []

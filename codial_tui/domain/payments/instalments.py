"""When what an invoice is owed falls due, from the terms frozen in its header (domain.md §6).

Terms are kept as JSON in `document.payment_terms`: `method` (UNTDID 4461), `parts`, each with
`share` (10⁻⁶ of what is payable; 0: what the others leave), `days`, `end_of_month`,
`day_of_month`, and `discount` (10⁻⁶) with `discount_days` for paying early.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import deductions
from codial_tui.domain.lines.lines import Key
from codial_tui.domain.lines.totals import Totals, totals
from codial_tui.domain.money import percent_of, spread
from codial_tui.domain.quantity import format_percent


class Part(NamedTuple):
    """A share of what is payable. share: 10⁻⁶, 0 for what the other parts leave. A day after so
    many days; at the end of that month; on the next such day of a month (0: none)."""

    share: int = 0
    days: int = 0
    end_of_month: int = 0
    day_of_month: int = 0


class Terms(NamedTuple):
    """Frozen payment terms. method: UNTDID 4461. discount: 10⁻⁶ of what is paid within
    discount_days of the invoice."""

    method: str = ""
    parts: tuple[Part, ...] = (Part(),)
    discount: int = 0
    discount_days: int = 0


class Due(NamedTuple):
    """One instalment to be made. amount: cents; nature: term, retention."""

    day: date
    amount: int
    nature: str = "term"
    label: str = ""


def encode(terms: Terms) -> str:
    """Terms as `document.payment_terms` holds them."""
    body = {**terms._asdict(), "parts": [part._asdict() for part in terms.parts]}
    return json.dumps(body, sort_keys=True)


def decode(text: str) -> Terms | None:
    """The terms of `document.payment_terms`; None when none are frozen in it."""
    found = json.loads(text or "{}")
    if not found.get("parts"):
        return None
    return Terms(
        found["method"],
        tuple(Part(**part) for part in found["parts"]),
        found["discount"],
        found["discount_days"],
    )


def from_rows(terms: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> Terms:
    """The terms of a row of `payment_terms` and its `payment_instalment` rows: the shares, then
    what they leave by the terms' own days."""
    own = Part(0, terms["days"], terms["end_of_month"], terms["day_of_month"])
    shares = [
        Part(row["share"], row["days"], row["end_of_month"], row["day_of_month"]) for row in parts
    ]
    return Terms(terms["method"], (*shares, own), terms["discount"], terms["discount_days"])


def due_on(day: date, part: Part) -> date:
    """The day a part falls due for an invoice of a day: days first, then the end of the month,
    then the next such day of a month (the month's last when it has fewer)."""
    found = day + timedelta(days=part.days)
    if part.end_of_month:
        found = _of_month(found, 31)
    if part.day_of_month:
        wanted = _of_month(found, part.day_of_month)
        if wanted < found or (part.end_of_month and part.day_of_month < 31 and wanted == found):
            wanted = _of_month(_of_month(found, 31) + timedelta(days=1), part.day_of_month)
        found = wanted
    return found


def _of_month(day: date, wanted: int) -> date:
    return day.replace(day=min(wanted, monthrange(day.year, day.month)[1]))


def split(payable: int, day: date, terms: Terms) -> list[Due]:
    """What is payable (cents, either sign) by day; the parts add up to it."""
    left, found = payable, []
    shared = [part for part in terms.parts if part.share]
    rest = next((part for part in terms.parts if not part.share), None)
    for part in shared:
        amount = min(percent_of(abs(payable), part.share), abs(left))
        amount = amount if payable >= 0 else -amount
        found.append((due_on(day, part), amount))
        left -= amount
    if rest is not None and (left or not found):
        found.append((due_on(day, rest), left))
    elif left:
        found[-1] = (found[-1][0], found[-1][1] + left)
    return [Due(when, amount) for when, amount in sorted(found) if amount]


def owed(document: Document, found: Totals | None = None) -> dict[Key, int]:
    """What is owed of an invoice at each VAT key, in cents TTC: its VAT table, less what others
    pay or nobody does (direct payment, prorata), spread over it. Retentions are owed, later."""
    found = found or totals(document)
    keys = {(row.category, row.rate): row.base + row.amount for row in found.vat}
    less = found.gross - found.payable - sum(one.amount for one in retained(document))
    parts = spread(less, list(keys.values()))
    return {key: keys[key] - part for key, part in zip(keys, parts) if keys[key] != part}


def retained(document: Document) -> list[Due]:
    """The retentions of an invoice, each an instalment of its own, due when it is released."""
    return [
        Due(date.fromisoformat(part.release_on), part.amount, "retention", part.label)
        for part in deductions.parts(document)
        if part.kind == "retention" and part.amount and part.release_on
    ]


def instalments(document: Document) -> list[Due]:
    """The instalments of an invoice, in order of their day. A due date that the terms do not give
    was typed: all falls due then. A credit note is owed on its day."""
    payable = totals(document).payable
    day = date.fromisoformat(document.text("date"))
    found = split(payable, day, terms_of(document)) if payable > 0 else [Due(day, payable)]
    typed = document.text("due_date")
    if payable > 0 and typed and typed != max(one.day for one in found).isoformat():
        found = [Due(date.fromisoformat(typed), payable)]
    return sorted(one for one in [*found, *retained(document)] if one.amount)


def latest(day: date) -> date:
    """The last day businesses may agree on: 60 days, or 45 days and the end of that month
    (C. com. L441-10 I)."""
    return max(day + timedelta(days=60), _of_month(day + timedelta(days=45), 31))


def discount_words(terms: Terms) -> str:
    """The discount for paying early as an invoice says it, "" without (C. com. L441-9 I)."""
    if not terms.discount:
        return ""
    days = terms.discount_days
    return f"Escompte de {format_percent(terms.discount)} pour un paiement sous {days} jours"


def terms_of(document: Document) -> Terms:
    """The frozen terms of a document; without any, all at once on its day."""
    return decode(document.text("payment_terms")) or Terms()


def due_date(document: Document) -> str | None:
    """The day by which all but retentions is due (BT-9), as ISO text; None when nothing is."""
    days = [one.day for one in instalments(document) if one.nature == "term"]
    return max(days).isoformat() if days else None

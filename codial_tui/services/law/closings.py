"""Closings: day, month, year, each a link of the chain `closings`, signed (legal.md §3.1).

Nobody is made to close at the counter: a day that is over and has invoices or payments waits on the
home screen and is closed by one gesture, with the months and years that are over. From then on
nothing is dated in it. Days without anything have no closing; that of their month covers them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from codial_tui.domain.dates import format_date
from codial_tui.domain.law.chain_text import read
from codial_tui.domain.law.closing import Figures, bounds, figures, perpetual, together
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

from . import chain_links, signed_count, signing, training

KINDS = {"day": "Jour", "month": "Mois", "year": "Année"}
CHAIN = "closings"
_ROWS = (
    "SELECT c.kind, c.period, c.first_day, c.last_day, c.position, c.hash, c.key_id, "
    "c.signature, c.at, c.by, l.canonical FROM closing c LEFT JOIN chain_link l "
    "ON l.chain = 'closings' AND l.position = c.position"
)
_AT = "SELECT at FROM chain_link WHERE chain = ? AND position = ?"
_LINK = "SELECT hash, at, by FROM chain_link WHERE chain = ? AND position = ?"
_SEALS = (
    "SELECT s.canonical FROM invoice_seal s JOIN document d ON d.id = s.document_id "
    "WHERE d.kind = 'invoice' AND d.date = ? AND d.state <> 'provisional' ORDER BY s.position"
)
_DATES = (
    "SELECT DISTINCT date FROM document WHERE kind = 'invoice' AND state <> 'provisional' "
    "AND date > ? AND date <= ? ORDER BY date"
)
_PAYMENTS = (
    "SELECT position, at, canonical FROM chain_link WHERE chain = 'payments' AND position > ? "
    "AND subject LIKE 'payment %' ORDER BY position LIMIT 500"
)


class Closing(NamedTuple):
    """A closing as it is stored; body: what its link says."""

    kind: str
    period: str
    first_day: str
    last_day: str
    position: int
    hash: str
    key_id: int
    signature: str
    at: str
    by: str
    body: Mapping[str, Any]

    @property
    def label(self) -> str:
        """`22/11/2026`, `11/2026`, `2026`."""
        return label(self.kind, self.period)

    @property
    def figures(self) -> Figures:
        return figures(self.body)


def label(kind: str, period: str) -> str:
    if kind == "day":
        return format_date(date.fromisoformat(period))
    return "/".join(reversed(period.split("-")))


def listed(context: Context) -> list[Closing]:
    """Every closing, in the order they were made."""
    return [_closing(row) for row in context.database.rows(f"{_ROWS} ORDER BY c.position")]


def _closing(row: tuple[Any, ...]) -> Closing:
    values = dict(zip(Closing._fields, (*row[:10], read(row[10])[1])))
    return Closing(**values)


def closed_until(context: Context) -> str:
    """The last day that is closed, ISO; "" before the first closing."""
    return str(context.database.value("SELECT MAX(last_day) FROM closing") or "")


def waiting(context: Context) -> list[str]:
    """The days that are over, had invoices or payments, and are not closed."""
    if training.is_training(context):
        return []
    yesterday = context.today - timedelta(1)
    return _days(context, closed_until(context), yesterday.isoformat())


def _days(context: Context, closed: str, until: str) -> list[str]:
    found = {str(row[0]) for row in context.database.rows(_DATES, (closed, until))}
    for _, day, _ in _payments(context, _payments_to(context)):
        if day > until:
            break
        found.add(max(day, _after(closed)))  # behind the closing of its day: to the next one
    return sorted(one for one in found if one <= until)


def _after(closed: str) -> str:
    """The first day that may still be closed."""
    return (date.fromisoformat(closed) + timedelta(1)).isoformat() if closed else ""


def _payments(context: Context, after: int) -> Iterator[tuple[int, str, str]]:
    """Position, local day of recording and text of the payments behind a position. A clock that
    was set back moves none of them before the one it follows."""
    last = ""
    while page := context.database.rows(_PAYMENTS, (after,)):
        for position, at, text in page:
            last = max(last, context.local(str(at)).date().isoformat())
            yield int(position), last, str(text)
        after = page[-1][0]


def _payments_to(context: Context) -> int:
    last = _last_day(context)
    return int(last.body["payments_to"]) if last else 0


def _last_day(context: Context) -> Closing | None:
    row = context.database.row(f"{_ROWS} WHERE c.kind = 'day' ORDER BY c.position DESC LIMIT 1")
    return _closing(row) if row else None


def run(
    context: Context,
    until: date | None = None,
    *,
    progress: Callable[[int, int], None] = lambda done, every: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Closing]:
    """Close every day up to `until` (yesterday when not given) that had invoices or payments, and
    the months and years that are over by then; what was closed, in order.

    Raises Refused for a day to come, without the key, or on a database that is older than its
    signed count. Each closing is a transaction: what was closed before stays.
    """
    if training.is_training(context):
        raise refuse("training.closing", "Une base ÉCOLE ne se clôture pas", "ouvrez la vraie")
    last = until or context.today - timedelta(1)
    if last > context.today:
        raise refuse(
            "closing.future", f"Le {format_date(last)} n'est pas fini", "au plus tard aujourd'hui"
        )
    with context.database.write():
        signing.ensure(context)
    made: list[Closing] = []
    end = last.isoformat()
    days = len(_days(context, closed_until(context), end))
    while not cancelled() and (step := _next(context, end)):
        made.append(_close(context, *step))
        progress(len(made), max(days, len(made)))
    return made


def _next(context: Context, until: str) -> tuple[str, str] | None:
    """What to close now: a year whose months are closed, a month whose days are, the next day."""
    days = _days(context, closed_until(context), until)
    for kind, part, length in (("year", "month", 4), ("month", "day", 7)):
        row = context.database.row(
            f"SELECT MIN(substr(c.period, 1, {length})) FROM closing c WHERE c.kind = ? "
            "AND NOT EXISTS (SELECT 1 FROM closing o WHERE o.kind = ? "
            f"AND o.period = substr(c.period, 1, {length}))",
            (part, kind),
        )
        period = row[0] if row else None
        if period and (end := bounds(kind, period)[1]) <= until and not any(d <= end for d in days):
            return kind, str(period)
    return ("day", days[0]) if days else None


def _close(context: Context, kind: str, period: str) -> Closing:
    """Close one day, month or year. It may be refused because somebody else just did."""
    with context.database.write():
        pools.turn(context.database)
        wrong = signed_count.problems(context)
        if wrong:
            raise Refused(*wrong)
        first, last = bounds(kind, period)
        body = {"kind": kind, "period": period, "first_day": first, "last_day": last}
        body |= _said(context, kind, period)
        found = chain_links.append(context, CHAIN, f"{kind} {period}", body)
        key, signature = signing.sign(context, found.encode())
        position = chain_links.last(context.database, CHAIN)[0]
        at = context.database.value(_AT, (CHAIN, position))
        values = (kind, period, first, last, position, found, key.id, signature)
        made = Closing(*values, str(at), context.user.name, body)
        stored = {name: value for name, value in made._asdict().items() if name != "body"}
        context.database.insert("closing", stored)
    return made


def _said(context: Context, kind: str, period: str) -> dict[str, Any]:
    """The figures of a period, the perpetual total and where the chains end."""
    before = _last_day(context)
    total = dict(before.body["perpetual"]) if before else {}
    paid_to = int(before.body["payments_to"]) if before else 0
    if kind == "day":
        day, paid_to = _day(context, period, paid_to)
        total = perpetual(total, day)
    else:
        day = together(_parts(context, kind, period))
    ends = {name: list(one) for name, one in signed_count.heads(context).items()}
    return {**day.said(), "perpetual": total, "payments_to": paid_to, "ends": ends}


def _day(context: Context, day: str, paid_to: int) -> tuple[Figures, int]:
    found = Figures()
    for (text,) in context.database.rows(_SEALS, (day,)):
        found.add_invoice(json.loads(text))
    for position, recorded, text in _payments(context, paid_to):
        if recorded > day:
            break
        found.add_payment(read(text)[1])
        paid_to = position
    return found, paid_to


def _parts(context: Context, kind: str, period: str) -> list[Figures]:
    """The days of a month, the months of a year."""
    part = {"month": "day", "year": "month"}[kind]
    rows = context.database.rows(
        f"{_ROWS} WHERE c.kind = ? AND c.period LIKE ? ORDER BY c.position", (part, f"{period}-%")
    )
    return [_closing(row).figures for row in rows]


# -- verifying ---------------------------------------------------------------------------------


def verify(context: Context, days: Mapping[str, Figures]) -> Iterator[Problem]:
    """What of the closings is not what their links, signatures and the sealed invoices say. days:
    the invoices of each date, recomputed from their seals."""
    keys = {key.id: key for key in signing.listed(context)}
    links = {row[0] for row in chain_links.links(context.database, CHAIN)}
    before: Closing | None = None
    sums: dict[str, list[Figures]] = {}
    for row in context.database.rows(f"{_ROWS} ORDER BY c.position"):
        where = f"clôture {label(row[0], row[1])}"
        try:
            one = _closing(row)
        except (TypeError, ValueError):
            yield Problem("closing.link", where, "n'a pas de maillon lisible")
            continue
        links.discard(one.position)
        said = tuple(one.body.get(name) for name in ("kind", "period", "first_day", "last_day"))
        link = context.database.row(_LINK, (CHAIN, one.position))
        if link != (one.hash, one.at, one.by) or said != one[:4]:
            yield Problem("closing.link", where, "n'est pas ce que dit son maillon")
        key = keys.get(one.key_id)
        if key is None or not signing.is_signed(key.public, one.signature, one.hash.encode()):
            yield Problem("closing.signature", where, "n'est pas signée par la clé de la société")
        yield from _recomputed(context, one, before, days, sums, where)
        if one.kind == "day":
            before = one
    for position in sorted(links):
        yield Problem("closing.gone", f"clôture {position}", "inscrite à la chaîne, n'existe plus")


def _recomputed(
    context: Context,
    one: Closing,
    before: Closing | None,
    days: Mapping[str, Figures],
    sums: dict[str, list[Figures]],
    where: str,
) -> Iterator[Problem]:
    """Whether a closing says what its days add up to."""
    try:
        total = dict(before.body["perpetual"]) if before else {}
        if one.kind == "day":
            found = Figures()
            found.add(days.get(one.period, Figures()))
            after = int(before.body["payments_to"]) if before else 0
            for position, _, text in _payments(context, after):
                if position > one.body["payments_to"]:
                    break
                found.add_payment(read(text)[1])
            total = perpetual(total, found)
        else:
            found = together(sums.get(one.period, []))
        length = {"day": 7, "month": 4, "year": 0}[one.kind]
        if length:
            sums.setdefault(one.period[:length], []).append(found)
        right = found.said() == {name: one.body.get(name) for name in found.said()}
        if not right or total != one.body["perpetual"]:
            yield Problem("closing.figures", where, "ne dit pas ce que disent ses factures")
    except (KeyError, TypeError, ValueError):
        yield Problem("closing.figures", where, "ses chiffres ne se lisent pas")

"""What contracts are read with: what was made of them already, what was used, the prices of their
terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from codial_tui.domain.maintenance.contracts import (
    Terms,
    counted_copies,
    revised,
    term_start,
    terms_of,
)
from codial_tui.services.context import Context

Row = dict[str, Any]
Reading = tuple[date, int]


class Counter(NamedTuple):
    """What the copies of a machine were read at, in order, and the days it is in the contract."""

    since: date
    until: date
    readings: list[Reading]


class Extra(NamedTuple):
    """What a term used beyond its quota: so many (10⁻⁴)."""

    term: int
    quantity: int


@dataclass
class Facts:
    """A contract and what is known of it. made: (kind, due day ISO, part); formers: by day of
    renewal, the price before it; billed: by term, what was billed beyond the quota (10⁻⁴)."""

    row: Row
    terms: Terms
    made: set[tuple[str, str, int]] = field(default_factory=set)
    formers: dict[str, int] = field(default_factory=dict)
    billed: dict[int, int] = field(default_factory=dict)
    uses: list[tuple[date, int]] = field(default_factory=list)
    counters: dict[int, Counter] = field(default_factory=dict)
    """by row of `contract_machine`"""

    @property
    def id(self) -> int:
        return int(self.row["id"])

    def price(self, term: int) -> int:
        """Cents HT of one billing in a term: as it was, is, or will be once it is renewed."""
        running = int(self.row["renewed"])
        if term < running:
            later = sorted(
                day for day in self.formers if day > term_start(self.terms, term).isoformat()
            )
            return self.formers[later[0]] if later else int(self.row["price"])
        price = int(self.row["price"])
        again = 1 if self.row["revision"] == "index" else term - running
        for _ in range(min(again, term - running)):
            price = self.renewed(price)
        return price

    def renewed(self, price: int) -> int:
        """The price after a renewal. An index counts once: from then on it is the base."""
        row = self.row
        return revised(
            price, row["revision"], row["coefficient"], row["index_base"], row["index_now"]
        )

    def used(self, first: date, until: date) -> int:
        """Points, incidents or copies (10⁻⁴) from a day to another (not included; of copies, what
        was read on that day counts). A machine's copies count from the day it joined to the day it
        left: from the last reading by either."""
        found = sum(count for day, count in self.uses if first <= day < until)
        for since, left, readings in self.counters.values():
            begin, end = max(first, since), min(until, left)
            if begin < end:
                found += counted_copies(readings, end) - counted_copies(readings, begin)
        return found


def load(context: Context, rows: Sequence[Row]) -> list[Facts]:
    """Contracts with all that their plan asks for, in a few queries."""
    found = {int(row["id"]): Facts(row, terms_of(row)) for row in rows}
    for start in range(0, len(rows), 500):
        _load(context, {key: found[key] for key in list(found)[start : start + 500]})
    return list(found.values())


def _load(context: Context, found: dict[int, Facts]) -> None:
    marks, ids = ", ".join("?" * len(found)), list(found)
    for one, kind, due_on, part, former, quantity in context.database.rows(
        "SELECT contract_id, kind, due_on, part, former, quantity FROM contract_due "
        f"WHERE contract_id IN ({marks})",
        ids,
    ):
        facts = found[one]
        facts.made.add((kind, due_on, part))
        if kind == "renewal":
            facts.formers[due_on] = former
        elif kind == "extra":
            facts.billed[part] = facts.billed.get(part, 0) + quantity
    counting = [key for key, one in found.items() if one.row["kind"] != "flat"]
    if counting:
        _load_uses(context, found, counting)


def _load_uses(context: Context, found: dict[int, Facts], ids: list[int]) -> None:
    database, marks = context.database, ", ".join("?" * len(ids))
    for one, day, quantity in database.rows(
        f"SELECT contract_id, used_on, quantity FROM contract_use WHERE contract_id IN ({marks}) "
        "ORDER BY used_on, id",
        ids,
    ):
        found[one].uses.append((date.fromisoformat(day), quantity))
    for one, day in database.rows(  # repairs are incidents, unless somebody counted them
        "SELECT w.contract_id, d.date FROM document_work_order w "
        "JOIN document d ON d.id = w.document_id JOIN contract c ON c.id = w.contract_id "
        f"WHERE w.contract_id IN ({marks}) AND c.kind = 'incidents' AND d.state = 'closed' "
        "AND w.nature = 'repair' AND NOT EXISTS "
        "(SELECT 1 FROM contract_use u WHERE u.document_id = d.id)",
        ids,
    ):
        found[one].uses.append((date.fromisoformat(day), 10_000))
    for one, member, since, until, day, value in database.rows(
        "SELECT c.id, m.id, m.since, m.until, r.read_on, r.value FROM equipment_reading r "
        "JOIN contract_machine m ON m.equipment_id = r.equipment_id "
        "JOIN contract c ON c.id = m.contract_id "
        f"WHERE c.id IN ({marks}) AND c.kind = 'copies' AND r.meter = 'copies' "
        "AND r.reverses IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM equipment_reading b WHERE b.reverses = r.id) "
        "ORDER BY r.read_on, r.id",
        ids,
    ):
        days = (_day(since, date.min), _day(until, date.max))
        counter = found[one].counters.setdefault(member, Counter(*days, []))
        counter.readings.append((date.fromisoformat(day), value))


def _day(text: str | None, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise

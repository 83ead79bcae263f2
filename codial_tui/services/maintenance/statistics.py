"""Statistics of work orders over a period: time billed and not billed, amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from codial_tui.domain.document import Document
from codial_tui.domain.maintenance import statistics
from codial_tui.domain.maintenance.statistics import Facts
from codial_tui.exchange.tables import Cell
from codial_tui.services.context import Context
from codial_tui.services.documents import bulk_rows
from codial_tui.services.lists.reports import Report, cents

KIND = "work_order"
KEYS = (
    *("code", "name", "orders", "travel_minutes", "work_minutes"),
    *("billed_minutes", "due_minutes", "free_minutes", "billed_net", "due_net", "offered"),
)
FIGURES = (
    *("BI", "Trajet min", "Travail min", "Facturé min", "À fact. min", "Non fact. min"),
    *("Facturé HT", "À facturer HT", "Offert HT"),
)
FREE = "="
"""begins the key of what has no code: it is told by its words"""
Found = tuple[str, str, Facts]
"""Key, words, what it adds."""


def by(context: Context, axis: str, first: date, last: date) -> Report:
    """Work orders dated from a day to another along an axis of AXES, the most worked first, and
    their sum last."""
    label, of = AXES[axis]
    sums: dict[str, Facts] = {}
    names: dict[str, str] = {}
    total = Facts()
    for document in _between(context, first, last):
        total = total.plus(statistics.whole(document))  # once, whatever the axis shares
        for key, name, facts in of(context, document):
            sums[key] = sums.get(key, Facts()).plus(facts)
            names[key] = names.get(key) or name
    ordered = sorted(sums, key=lambda key: (-sums[key].work, -sums[key].orders, names[key], key))
    if axis == "month":
        ordered = sorted(sums)
    rows = [_row(key, names[key], sums[key]) for key in ordered]
    if rows:
        rows.append(_row("", "TOTAL", total))
    return Report(f"interventions-{axis}", KEYS, ("Code", label, *FIGURES), rows)


def _row(key: str, name: str, one: Facts) -> tuple[Cell, ...]:
    return (key.lstrip(FREE), name, *map(Decimal, one[:6]), *map(cents, one[6:]))


def _between(context: Context, first: date, last: date) -> Iterator[Document]:
    ids = [
        row[0]
        for row in context.database.rows(
            "SELECT id FROM document WHERE kind = ? AND date BETWEEN ? AND ? ORDER BY date, id",
            (KIND, first.isoformat(), last.isoformat()),
        )
    ]
    for start in range(0, len(ids), bulk_rows.PAGE):
        page = ids[start : start + bulk_rows.PAGE]
        loaded = bulk_rows.load_many(context.database, page)
        yield from filter(None, (loaded.get(one) for one in page))


def _technician(context: Context, document: Document) -> Iterator[Found]:
    for (user_id, name), facts in statistics.by_technician(document):
        known = _user(context, user_id) if user_id else ("", name or "Sans technicien")
        yield known[0] or FREE + known[1], known[1], facts


def _user(context: Context, user_id: int) -> tuple[str, str]:
    row = context.database.row("SELECT login, name FROM app_user WHERE id = ?", (user_id,))
    return (row[0], row[1]) if row else ("", "")


def _customer(context: Context, document: Document) -> Iterator[Found]:
    yield (
        document.text("party_code"),
        document.text("party_name"),
        statistics.whole(document),
    )


def _equipment(context: Context, document: Document) -> Iterator[Found]:
    """The first machine: a work order is counted once."""
    one = next(iter(document.machines), None)
    if one is None:
        yield "", "Sans machine", statistics.whole(document)
        return
    code = context.database.value(
        "SELECT code FROM equipment WHERE id = ?", (one.equipment_id,), ""
    )
    words = " ".join(filter(None, (one.brand, one.type, one.model, one.serial)))
    yield str(code) or FREE + one.serial, words, statistics.whole(document)


def _contract(context: Context, document: Document) -> Iterator[Found]:
    row = context.database.row(
        "SELECT number, label FROM contract WHERE id = ?", (document.header.get("contract_id"),)
    )
    key, name = (row[0], row[1]) if row else ("", "Hors contrat")
    yield key, name, statistics.whole(document)


def _month(context: Context, document: Document) -> Iterator[Found]:
    month = document.text("date")[:7]
    yield month, f"{month[5:]}/{month[:4]}", statistics.whole(document)


AXES: Mapping[str, tuple[str, Callable[[Context, Document], Iterator[Found]]]] = {
    "technician": ("Technicien", _technician),
    "customer": ("Client", _customer),
    "equipment": ("Machine", _equipment),
    "contract": ("Contrat", _contract),
    "month": ("Mois", _month),
}

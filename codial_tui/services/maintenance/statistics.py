"""Statistics of work orders over a period: time billed and not billed, amounts.

Time and amounts are of the period by the days that `domain.maintenance.statistics` gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from codial_tui.domain.document import Document
from codial_tui.domain.maintenance import statistics
from codial_tui.domain.maintenance.statistics import Facts, Part, Taken
from codial_tui.domain.money import div_round
from codial_tui.exchange.tables import Cell
from codial_tui.models.queries import Queries
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
    *("Facturé HT", "À fact. HT", "Offert HT"),
)
FREE = "="
"""begins the key of what has no code: it is told by its words"""
Group = tuple[str, str]
"""Key and words."""
_NEAR = (
    "SELECT id FROM document WHERE kind = ? AND (date BETWEEN ? AND ? OR planned_date BETWEEN ? "
    "AND ? OR id IN (SELECT document_id FROM work_visit "
    "WHERE COALESCE(departure, arrival, ended, returned) >= ? "
    "AND COALESCE(departure, arrival, ended, returned) < ?)) ORDER BY date, id"
)
_TAKEN = (
    "SELECT s.document_id, s.uid, k.quantity, l.quantity, "
    "(SELECT SUM(c.quantity) FROM line_link c WHERE c.source_line_id = l.id "
    "AND c.relation = 'correct') FROM document_line s "
    "JOIN line_link k ON k.source_line_id = s.id AND k.pool = 'bill' "
    "JOIN document_line l ON l.id = k.target_line_id "
    "JOIN document d ON d.id = l.document_id AND d.kind = 'invoice' "
    "WHERE s.document_id IN ({marks})"
)
_FOOTER = (
    "SELECT s.document_id, s.uid, k.amount, "
    "(SELECT SUM(o.amount) FROM adjustment_link o WHERE o.target_id = k.target_id "
    "AND o.pool = 'bill'), (SELECT SUM(c.amount) FROM adjustment_link c "
    "WHERE c.source_id = k.target_id AND c.pool = '') FROM document_adjustment s "
    "JOIN adjustment_link k ON k.source_id = s.id AND k.pool = 'bill' "
    "JOIN document_adjustment t ON t.id = k.target_id "
    "JOIN document d ON d.id = t.document_id AND d.kind = 'invoice' "
    "WHERE s.document_id IN ({marks})"
)


def by(context: Context, axis: str, first: date, last: date) -> Report:
    """Work done from a day to another along an axis of AXES, the most worked first, and the sum
    last. A work order counts once in every row that has something of it."""
    label, of = AXES[axis]
    sums: dict[str, Facts] = {}
    names: dict[str, str] = {}
    total = Facts()
    for document, parts in _worked(context, first, last):
        own: dict[str, Facts] = {}
        for part in parts:
            key, name = of(context, document, part)
            own[key] = own.get(key, Facts(orders=1)).plus(part.facts)
            names[key] = names.get(key) or name
            total = total.plus(part.facts)
        total = total.plus(Facts(orders=1))
        for key, facts in own.items():
            sums[key] = sums.get(key, Facts()).plus(facts)
    ordered = sorted(sums, key=lambda key: (-sums[key].work, -sums[key].orders, names[key], key))
    if axis == "month":
        ordered = sorted(sums)
    rows = [_row(key, names[key], sums[key]) for key in ordered]
    if rows:
        rows.append(_row("", "TOTAL", total))
    return Report(f"interventions-{axis}", KEYS, ("Code", label, *FIGURES), rows)


def _row(key: str, name: str, one: Facts) -> tuple[Cell, ...]:
    return (key.lstrip(FREE), name, *map(Decimal, one[:6]), *map(cents, one[6:]))


def _worked(context: Context, first: date, last: date) -> Iterator[tuple[Document, Sequence[Part]]]:
    """Work orders and what of them belongs to the period."""
    for document, taken in _near(context, first, last):
        found = statistics.parts(document, taken, lambda moment: context.local(moment).date())
        mine = [part for part in found if first <= part.day <= last]
        if mine:
            yield document, mine


def _near(
    context: Context, first: date, last: date
) -> Iterator[tuple[Document, Mapping[str, Taken]]]:
    """Every work order that may have something in the period, and what is invoiced of its lines:
    moments are UTC, a day's distance at most from the company's."""
    days = first.isoformat(), last.isoformat()
    moments = [(day + timedelta(days=more)).isoformat() for day, more in ((first, -1), (last, 2))]
    found = context.database.rows(_NEAR, (KIND, *days, *days, *moments))
    ids = [row[0] for row in found]
    for start in range(0, len(ids), bulk_rows.PAGE):
        page = ids[start : start + bulk_rows.PAGE]
        loaded = bulk_rows.load_many(context.database, page)
        taken = _taken(context.database, page)
        for document in filter(None, (loaded.get(one) for one in page)):
            yield document, taken.get(document.id, {})


def _taken(database: Queries, ids: Sequence[int]) -> dict[int, dict[str, Taken]]:
    """What is invoiced and credited of lines and footers, by work order and uid. A credit note
    takes back of an invoice line that has more than the work order's line in proportion."""
    found: dict[int, dict[str, Taken]] = {}
    marks = ", ".join("?" * len(ids))
    for sql in (_TAKEN, _FOOTER):
        for document_id, uid, quantity, whole, back in database.rows(sql.format(marks=marks), ids):
            own = found.setdefault(document_id, {})
            before = own.get(uid, Taken())
            credited = div_round(quantity * abs(int(back or 0)), abs(whole)) if whole else 0
            own[uid] = Taken(before.invoiced + quantity, before.credited + credited)
    return found


def nets(context: Context, ids: Sequence[int]) -> dict[int, statistics.Shares]:
    """By work order: its cents HT, billed, to be billed and given back."""
    found = {}
    for start in range(0, len(ids), bulk_rows.PAGE):
        page = ids[start : start + bulk_rows.PAGE]
        taken = _taken(context.database, page)
        for document in filter(None, bulk_rows.load_many(context.database, page).values()):
            key = document.id
            found[key] = statistics.net_shares(document, taken.get(key, {}))
    return found


def footers(context: Context, ids: Sequence[int]) -> dict[int, int]:
    """By work order: cents that invoices have of its footer, less what was credited of that."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), bulk_rows.PAGE):
        page = ids[start : start + bulk_rows.PAGE]
        sql = _FOOTER.format(marks=", ".join("?" * len(page)))
        for document_id, _, amount, whole, back in context.database.rows(sql, page):
            credited = div_round(amount * abs(int(back or 0)), abs(whole)) if whole else 0
            found[document_id] = found.get(document_id, 0) + amount - credited
    return found


def _technician(context: Context, document: Document, part: Part) -> Group:
    user_id, name = part.who
    known = _user(context, user_id) if user_id else ("", name or "Sans technicien")
    return known[0] or FREE + known[1], known[1]


def _user(context: Context, user_id: int) -> tuple[str, str]:
    row = context.database.row("SELECT login, name FROM app_user WHERE id = ?", (user_id,))
    return (row[0], row[1]) if row else ("", "")


def _customer(context: Context, document: Document, part: Part) -> Group:
    return document.text("party_code"), document.text("party_name")


def _equipment(context: Context, document: Document, part: Part) -> Group:
    """The first machine: a work order is counted once."""
    one = next(iter(document.machines), None)
    if one is None:
        return "", "Sans machine"
    code = context.database.value(
        "SELECT code FROM equipment WHERE id = ?", (one.equipment_id,), ""
    )
    words = " ".join(filter(None, (one.brand, one.type, one.model, one.serial)))
    return str(code) or FREE + one.serial, words


def _contract(context: Context, document: Document, part: Part) -> Group:
    row = context.database.row(
        "SELECT number, label FROM contract WHERE id = ?", (document.header.get("contract_id"),)
    )
    return (row[0], row[1]) if row else ("", "Hors contrat")


def _month(context: Context, document: Document, part: Part) -> Group:
    return f"{part.day:%Y-%m}", f"{part.day:%m/%Y}"


AXES: Mapping[str, tuple[str, Callable[[Context, Document, Part], Group]]] = {
    "technician": ("Technicien", _technician),
    "customer": ("Client", _customer),
    "equipment": ("Machine", _equipment),
    "contract": ("Contrat", _contract),
    "month": ("Mois", _month),
}

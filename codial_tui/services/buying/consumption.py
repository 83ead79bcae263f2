"""Following what an order consumes: planned, consumed and spent, worked out from the records when
somebody looks (domain.md §7). `consumption_records` adds them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from codial_tui.domain.buying.consumption import (
    Category,
    Entry,
    Summary,
    Tracked,
    live,
    summed,
    track,
)
from codial_tui.domain.buying.needs import supplies
from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.models.queries import Queries
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.documents.editing import Editor

from . import consumption_billed, needs

FIELD = "consumption_at"
_ENTRIES = (
    "SELECT id, kind, what, quantity, unit_cost, price_per, typed, amount, date, worker_name, "
    "user_name, at, source_ref, reverses, reference, label, unit, category, item_id "
    "FROM consumption_entry WHERE document_id = ? ORDER BY id"
)
_WORKS = (
    "SELECT d.id FROM document d JOIN document_work_order w ON w.document_id = d.id "
    "WHERE w.order_id = ? AND d.state = 'closed'"
)
LABOUR = ("labour", "travel")
NOTHING: Mapping[str, str] = MappingProxyType({})


class Tracking(NamedTuple):
    """An order with what it consumed, as it stands. planned: its lines, or those of its execution
    quote; stocked items of unplanned lines are known by `lines`."""

    order: Document
    planned: Document
    lines: tuple[Tracked, ...]
    summary: Summary
    entries: tuple[Entry, ...]
    moved: Mapping[str, str] = NOTHING
    """uid of a line of the order → that of its execution quote"""

    def line(self, what: str) -> Tracked:
        """Raises Refused."""
        for one in self.lines:
            if one.what == what:
                return one
        raise refuse("consumption.line", "Cette ligne n'est plus là", "relisez le suivi")


def name_of(line: Tracked) -> str:
    """What a line is called in a sentence."""
    return line.reference or line.label


def is_followed(document: Document) -> bool:
    return bool(document.header.get(FIELD))


def can_follow(document: Document) -> bool:
    """Whether documents of its kind have their consumption followed."""
    return any(one.name == FIELD for one in doc_type(document.kind).fields)


def start(editor: Editor) -> None:
    """Follow the consumption of an order from now on, one step. Raises Refused."""
    document = editor.document
    if not can_follow(document):
        raise refuse("consumption.kind", "Seule une commande client se suit", "")
    if is_followed(document):
        raise refuse(
            "consumption.started", f"{document.ref} est déjà suivie", "onglet Consommation"
        )
    editor.set_header("Suivi de consommation", **{FIELD: editor.context.now})


# looking ------------------------------------------------------------------------------------------


def categories(context: Context) -> list[Category]:
    """The company's cost categories in their order, those out of use too."""
    found = context.database.rows(
        "SELECT code, label, billing_class FROM cost_category ORDER BY active DESC, position, id"
    )
    return [Category(*row) for row in found]


def entries(database: Queries, order_id: int) -> list[Entry]:
    """The records of an order, the oldest first."""
    return [
        Entry._make((*row[:6], bool(row[6]), *row[7:]))
        for row in database.rows(_ENTRIES, (order_id,))
    ]


def look(context: Context, order_id: int) -> Tracking:
    """What an order consumed, as the database has it. Raises Refused when it is not followed."""
    from codial_tui.domain.lines.totals import totals

    order = rows.load(context.database, order_id)
    if order is None:
        raise refuse("document.unknown", "Commande introuvable")
    if not is_followed(order):
        raise refuse(
            "consumption.none",
            f"{order.ref} n'a pas de suivi de consommation",
            "F10 Suivi de consommation, ou consumption record --start",
        )
    planned = next(iter(needs.planned(context, [order_id])), order)
    lines = supplies(planned)
    own = entries(context.database, order_id)
    groups = categories(context)
    billed = consumption_billed.billed(context.database, lines)
    moved = {} if planned.id == order.id else _moved(context.database, planned)
    found = [_stocked(context, one) for one in track(lines, own, billed, groups, moved)]
    summary = summed(totals(order).works_net, found, groups, _beside(context, order_id))
    return Tracking(order, planned, tuple(found), summary, tuple(own), moved)


def _beside(context: Context, order_id: int) -> int:
    """Cents HT that the closed work orders that work for an order bill, or will: what it did not
    sell, less what was credited of it."""
    from codial_tui.services.maintenance import statistics

    ids = [row[0] for row in context.database.rows(_WORKS, (order_id,))]
    return sum(one.billed + one.due for one in statistics.nets(context, ids).values())


def _stocked(context: Context, one: Tracked) -> Tracked:
    """Whether an unplanned item is kept in stock, as the catalogue says."""
    if one.is_planned or one.item_id is None:
        return one
    kept = context.database.value("SELECT stock_managed FROM item WHERE id = ?", (one.item_id,), 0)
    return one._replace(stocked=bool(kept))


def _moved(database: Queries, planned: Document) -> dict[str, str]:
    """By uid of a line of the order: the line of its execution quote."""
    return dict(
        database.rows(
            "SELECT s.uid, t.uid FROM line_link k JOIN document_line s ON s.id = k.source_line_id "
            "JOIN document_line t ON t.id = k.target_line_id WHERE t.document_id = ?",
            (planned.id,),
        )
    )


def known(found: Tracking, line: Line) -> Tracked | None:
    """The followed line of the same item, else of the same words: first one that is not consumed
    yet, then the first one. What will not be fitted is none."""
    alike = [
        one
        for one in found.lines
        if one.unfitted is None
        and one.item_id == line.item_id
        and (line.item_id is not None or fold(one.label) == fold(line.label))
    ]
    waiting = (one for one in alike if one.consumed < one.quantity)
    return next(waiting, alike[0] if alike else None)


def labour_line(context: Context, found: Tracking, text: str = "") -> Tracked:
    """The line that hours go to: the one that is named by reference, words or number; without a
    name the only one of labour. Raises Refused."""
    if text:
        return line_named(found, text)
    labour = {one.code for one in categories(context) if one.billing_class in LABOUR}
    several = [one for one in found.lines if one.category in labour and one.unfitted is None]
    if len(several) == 1:
        return several[0]
    if not several:
        raise refuse(
            "consumption.labour",
            f"{found.order.ref} : aucune ligne de main-d'œuvre",
            "ajoutez-en une : --item RÉFÉRENCE",
        )
    names = ", ".join(map(name_of, several[:4]))
    raise refuse("consumption.which", f"Des heures de quoi ? {names}", "--line RÉFÉRENCE")


def line_named(found: Tracking, text: str) -> Tracked:
    """A followed line by its number here (1 is the first), its reference or its words. Raises
    Refused."""
    wanted = fold(text.strip())
    by_name = [one for one in found.lines if wanted and fold(one.reference) == wanted]
    by_name = by_name or [one for one in found.lines if wanted and fold(one.label) == wanted]
    if by_name:
        return by_name[0]
    if text.isdecimal() and len(text) < 6 and 1 <= int(text) <= len(found.lines):
        return found.lines[int(text) - 1]
    raise refuse(
        "consumption.line",
        f"« {text} » n'est pas une ligne du suivi de {found.order.ref}",
        "consumption show les numérote",
    )


def last_own(context: Context, order_id: int) -> Entry | None:
    """The last record that counts of who works here, which is what undo takes back."""
    own = live(entries(context.database, order_id))
    return next((one for one in reversed(own) if one.user == context.user.name), None)

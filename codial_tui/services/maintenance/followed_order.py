"""The order that a work order works for (commande suivie, domain.md §8): one of the same customer,
of which it takes no pool. What that order sold is not billed again."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from codial_tui.domain.changes import Change
from codial_tui.domain.document import Document, Line, LineType, Value
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.maintenance import order_cover
from codial_tui.domain.maintenance.coverage import ORDER
from codial_tui.domain.maintenance.report_check import article
from codial_tui.domain.money import div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import rows


def check(context: Context, document: Document, order_id: Value) -> None:
    """Raises Refused for what is no order of this customer."""
    if not order_id:
        return
    row = context.database.row(
        "SELECT kind, party_id, number FROM document WHERE id = ?", (order_id,)
    )
    if row is None or row[0] != "order" or row[1] != document.header.get("party_id"):
        said = f"{row[2] if row else ''} n'est pas une commande de ce client".strip()
        raise refuse("order.other", said, "F4 montre les siennes", "order_id")


def number(context: Context, document: Document) -> str | None:
    """The number of the order that a work order works for, None for none."""
    found = context.database.value(
        "SELECT number FROM document WHERE id = ?", (document.number("order_id"),)
    )
    return str(found) if found else None


def without(document: Document) -> dict[str, Value]:
    """Header values of a work order whose customer changes: neither his order nor his site."""
    return {"order_id": None, "address_id": None} if "order_id" in document.header else {}


def covering(context: Context, document: Document, changes: Sequence[Change]) -> list[Change]:
    """What changes of a work order that were applied entail for what its order sold, applied."""
    if "order_id" not in document.header or not any(map(_matters, changes)):
        return []
    typed = {one.uid for one in changes if one.target == "line" and "quantity" in (one.after or {})}
    return order_cover.covering(document, left(context, document), typed)


def cover(context: Context, document: Document) -> None:
    """Leave out of the bill of a new work order in memory what its order sold."""
    if document.header.get("order_id"):
        typed = [one.uid for one in document.lines]
        order_cover.covering(document, left(context, document), typed)


def again(context: Context, document: Document) -> list[Change]:
    """What changes of a work order, applied, so that it leaves out what its order sold as things
    are now: another one of that order was dropped, or the order changed."""
    if not document.header.get("order_id"):
        return []
    return order_cover.covering(document, left(context, document), ())


def problems(context: Context, document: Document) -> list[Problem]:
    """Why a work order cannot be closed on its order: that became another customer's, or sold less
    than an assembly, or a line of another document, has; those are not cut in two."""
    order_id = document.header.get("order_id")
    if not order_id:
        return []
    try:
        check(context, document, order_id)
    except Refused as error:
        return list(error.problems)
    after = copy.deepcopy(document)
    again(context, after)
    return [
        Problem("order.beyond", "lines", said, "mettez le reste sur une autre ligne")
        for said in _oversold(context, after)
    ]


def _oversold(context: Context, document: Document) -> list[str]:
    rest = left(context, document)
    found = []
    for key, one in order_cover.taken(document).items():
        has = max(0, rest.get(key, 0))
        if one.quantity > has and key in rest:
            name, quantity = one.reference or one.label, format_quantity(one.quantity, 0)
            left_over = format_quantity(has, 0)
            found.append(
                f"{name} : {quantity} non facturé, la commande n'en a plus que {left_over}"
            )
    return found


def warnings(context: Context, document: Document) -> list[str]:
    """What a work order bills though its order sold it, or has of its order that the order did not
    sell: another work order was dropped, an assembly, a line of another document, what two people
    took at once. Closing one mends what it can. Of a dropped one: the closed ones that bill what it
    left to them."""
    if not document.header.get("order_id"):
        return []
    if document.state == "dropped":
        others = ", ".join(overbilled(context, document))
        return [f"Vendu par la commande, facturé quand même : {others}"] if others else []
    after = copy.deepcopy(document)
    again(context, after)
    is_open = document.state == doc_type(document.kind).initial
    found = _changed(document, after, is_open)
    return found + _oversold(context, after if is_open else document)


def _changed(document: Document, after: Document, is_open: bool) -> list[str]:
    """What is said of what the order covers differently as things are now."""
    found, before, now = [], order_cover.taken(document), order_cover.taken(after)
    for key, one in {**before, **now}.items():
        has, had = (it[key].quantity if key in it else 0 for it in (now, before))
        name, more = one.reference or one.label, format_quantity(abs(has - had), 0)
        said = f"{name} : la commande en couvre {format_quantity(has, 0)}, {more}"
        if has > had:
            found.append(f"{said} {'ne sera pas facturé' if is_open else 'facturé quand même'}")
        elif has < had and is_open:
            found.append(f"{said} sera facturé")
    return found


def overbilled(context: Context, document: Document) -> list[str]:
    """The closed work orders of the same order that bill what it sold, once `document` takes
    nothing of it any more."""
    order_id, found = document.number("order_id"), []
    for row in context.database.rows(
        "SELECT d.id FROM document d JOIN document_work_order w ON w.document_id = d.id "
        "WHERE w.order_id = ? AND d.state = 'closed' ORDER BY d.id",
        (order_id,),
    ):
        other = rows.load(context.database, row[0])
        assert other is not None
        before = copy.deepcopy(other)
        again(context, other)
        now, then = order_cover.taken(other), order_cover.taken(before)
        if any(key not in then or one.quantity > then[key].quantity for key, one in now.items()):
            found.append(before.ref)
    return found


def left(context: Context, document: Document) -> dict[str, int]:
    """Article → how much of it the followed order sold and no other work order took of it. One
    that gave up its rest sold what it delivered or billed."""
    database, order_id = context.database, document.number("order_id")
    found: dict[str, int] = {}
    if not order_id:
        return found
    given_up = database.value(
        "SELECT given_up_at FROM document_order WHERE document_id = ?", (order_id,), None
    )
    for key, quantity in _sold(context, order_id, bool(given_up)):
        found[key] = found.get(key, 0) + quantity
    for key, quantity in _articles(database.rows(_TAKEN, (order_id, document.id or 0))):
        found[key] = found.get(key, 0) - quantity
    return found


def unbilled(context: Context, order_id: int) -> list[str]:
    """The closed work orders that took of an order what it has neither delivered nor billed: it
    could bill it no more once its rest is given up."""
    rest: dict[str, int] = {}
    for key, quantity in _sold(context, order_id, True):
        rest[key] = rest.get(key, 0) + quantity
    found = {}
    for number, *line in context.database.rows(_CLOSED, (order_id,)):
        for key, quantity in _articles([tuple(line)]):
            rest[key] = rest.get(key, 0) - quantity
            if rest[key] < 0:
                found[number] = True
    return list(found)


def _sold(context: Context, order_id: int, given_up: bool) -> Iterator[tuple[str, int]]:
    """Article and quantity of the lines of an order: given_up: what it delivered or billed."""
    for *line, quantity, whole, taken in context.database.rows(_SOLD, (order_id,)):
        if given_up and whole:
            quantity = div_round(quantity * min(taken, whole), whole)
        yield from _articles([(*line, quantity)])


def _articles(several: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, int]]:
    for item_id, label, type_, quantity in several:
        line = Line("", LineType(type_), item_id=item_id, label=label)
        if line.is_priced:
            yield article(line), quantity


_ABOVE = (
    "LEFT JOIN document_line a ON a.document_id = l.document_id AND a.uid = l.parent_uid "
    "LEFT JOIN document_line b ON b.document_id = l.document_id AND b.uid = a.parent_uid "
)
"""The assembly `a` that a line `l` is in, and the one `b` that this is in."""
_UNTAGGED = "l.tag = '' AND COALESCE(a.tag, '') = '' AND COALESCE(b.tag, '') = ''"
_SOLD = (
    "SELECT l.item_id, l.label, l.type, l.quantity, r.quantity, COALESCE((SELECT MAX(p.taken) "
    "FROM line_pool p WHERE p.line_id = r.id AND p.pool IN ('deliver', 'bill')), 0) "
    f"FROM document_line l {_ABOVE}"
    "JOIN document_line r ON r.id = COALESCE(b.id, a.id, l.id) "
    f"WHERE l.document_id = ? AND {_UNTAGGED}"
)
_OF_WORK = (
    f"l.item_id, l.label, l.type, l.quantity FROM document_line l {_ABOVE}"
    "JOIN document_work_order w ON w.document_id = l.document_id "
    "JOIN document d ON d.id = l.document_id "
    f"WHERE w.order_id = ? AND '{ORDER}' IN (l.covered, a.covered, b.covered) AND {_UNTAGGED}"
)
_TAKEN = f"SELECT {_OF_WORK} AND d.state <> 'dropped' AND d.id <> ?"
_CLOSED = f"SELECT d.number, {_OF_WORK} AND d.state = 'closed' ORDER BY d.id, l.position"


_DECIDES = {"order_id", "coverage", *BILLED_AS.values()}


def _matters(change: Change) -> bool:
    if change.target == "document":
        return not _DECIDES.isdisjoint(change.after or {})
    return change.target == "line"

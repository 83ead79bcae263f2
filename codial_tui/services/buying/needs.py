"""What documents need and what of it is to order, worked out from what is stored (domain.md §7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from codial_tui.domain.buying.needs import Need, Source, is_goods, passed_on, supplies, to_order
from codial_tui.domain.buying.supplier_choice import Offer, Step, factor_of, usual
from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.money import div_round
from codial_tui.domain.spec import Side
from codial_tui.domain.text import fold, words
from codial_tui.errors import refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import bulk_rows
from codial_tui.services.stock import coming, followed, stock

from . import quoted

CHUNK = 400
ENDED = ("printed", "validated", "posted", "refused", "dropped")
"""States of what is delivered, or will not be."""


class Filter(NamedTuple):
    """Which needs are wanted of all open orders. supplier: who would be asked usually; until: ISO
    day by which they are due; text: words of the item; late: something is due before today."""

    supplier_id: int | None = None
    project_id: int | None = None
    until: str = ""
    text: str = ""
    late: bool = False


ALL = Filter()


def of_documents(
    context: Context,
    ids: Sequence[int],
    *,
    from_stock: bool = True,
    whole: bool = False,
    kept: Callable[[Source], bool] = lambda one: True,
    going_on: Callable[[int], bool] = lambda done: True,
) -> list[Need]:
    """What these documents need, items cumulated, by reference. from_stock: what is free in stock
    is taken first. whole: also what nothing has to be ordered for. kept: which lines; going_on: is
    told how many documents are read, False ends it with nothing. Raises Refused for purchases."""
    found: dict[int, list[Source]] = {}
    lines: dict[int, Line] = {}
    for number, document in enumerate(planned(context, ids)):
        _add_sources(context, document, found, lines, kept)
        if number % bulk_rows.PAGE == 0 and not going_on(number):
            return []
    before: dict[int, list[Source]] = {}
    plans = list(dict.fromkeys([*_instead(context, ids).values(), *ids]))
    for document in _load(context, _planned_by(context, plans)):
        _add_sources(context, document, before, {}, lambda one: True)
    made = _measured(context, found, before, lines, from_stock)
    wanted = made if whole else [one for one in made if one.to_order]
    return sorted(wanted, key=lambda one: (one.reference, one.item_id))


def _add_sources(
    context: Context,
    document: Document,
    found: dict[int, list[Source]],
    lines: dict[int, Line],
    kept: Callable[[Source], bool],
) -> None:
    """Add what the lines of a document need, by item. Raises Refused for what is bought."""
    kind = doc_type(document.kind)
    if kind.side is not Side.SALE:
        what = f"{document.ref} est un achat"
        raise refuse("needs.kind", what, "les besoins viennent des pièces de vente")
    delivered = _delivered(context, document)
    for line in supplies(document):
        if is_goods(line) and line.quantity > 0:
            assert line.item_id is not None and line.id is not None
            one = Source(
                document.id,
                document.ref,
                line.id,
                line.quantity,
                delivered=delivered.get(line.uid, 0),
                project_id=line.project_id or document.header.get("project_id"),  # type: ignore[arg-type]
                due=line.delivery_date or document.text("planned_date"),
                holds=kind.deposits or document.kind == "delivery_note",
            )
            if kept(one):
                lines.setdefault(line.item_id, line)
                found.setdefault(line.item_id, []).append(one)


def everywhere(
    context: Context,
    wanted: Filter = ALL,
    *,
    from_stock: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Need]:
    """What all open orders of customers need, as a filter wants it. What the lines that a filter
    leaves out need of the stock is reserved for others. Nothing once cancelled."""
    kinds = [one.kind for one in doc_types(context.editions) if one.deposits]
    marks = ", ".join("?" * len(kinds))
    rows = context.database.rows(
        f"SELECT d.id FROM document d JOIN document_order o ON o.document_id = d.id "
        f"WHERE d.kind IN ({marks}) AND d.delivery IN ('none', 'part') "
        "AND o.given_up_at IS NULL AND d.location = 'office' ORDER BY d.date, d.id",
        kinds,
    )
    today = context.today.isoformat()

    def kept(one: Source) -> bool:
        return (
            (not wanted.project_id or one.project_id == wanted.project_id)
            and (not wanted.until or "" < one.due <= wanted.until)
            and (not wanted.late or "" < one.due < today)
        )

    def counted(done: int) -> bool:
        progress(done, len(rows))
        return not cancelled()

    found = of_documents(
        context, [row[0] for row in rows], from_stock=from_stock, kept=kept, going_on=counted
    )
    if wanted.supplier_id:
        asked = offers(context, [one.item_id for one in found])
        found = [
            one for one in found if _is_usual(wanted.supplier_id, asked.get(one.item_id, ()), one)
        ]
    return named(found, wanted.text)


def named(found: Sequence[Need], text: str) -> list[Need]:
    """Those whose reference and label hold these words."""
    sought = words(text)
    if not sought:
        return list(found)
    return [
        one for one in found if all(word in fold(f"{one.reference} {one.label}") for word in sought)
    ]


def planned(context: Context, ids: Sequence[int]) -> Iterable[Document]:
    """The documents, or the execution quote that was made of one: its lines are what is planned
    (domain.md §1)."""
    instead = _instead(context, ids)
    yield from _load(context, list(dict.fromkeys(instead.get(one, one) for one in ids)))


def _instead(context: Context, ids: Sequence[int]) -> dict[int, int]:
    """The last execution quote that was made of these documents, by document."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        found |= dict(
            context.database.rows(
                "SELECT t.source_id, MAX(d.id) FROM transfer t JOIN document d "
                "ON d.id = t.target_id WHERE d.kind = 'execution_quote' AND t.undone_at IS NULL "
                f"AND t.source_id IN ({marks}) GROUP BY t.source_id",
                page,
            )
        )
    return found


def _planned_by(context: Context, ids: Sequence[int]) -> list[int]:
    """The documents that those of these which are execution quotes plan."""
    found: list[int] = []
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        rows = context.database.rows(
            "SELECT DISTINCT t.source_id FROM transfer t JOIN document d ON d.id = t.target_id "
            "WHERE d.kind = 'execution_quote' AND t.undone_at IS NULL "
            f"AND t.target_id IN ({marks})",
            page,
        )
        found += [row[0] for row in rows]
    return list(dict.fromkeys(found))


def _load(context: Context, ids: Sequence[int]) -> Iterable[Document]:
    for start in range(0, len(ids), bulk_rows.PAGE):
        page = ids[start : start + bulk_rows.PAGE]
        several = bulk_rows.load_many(context.database, page)
        for one in page:
            document = several.get(one)
            if document is not None:
                yield document


def _delivered(context: Context, document: Document) -> dict[str, int]:
    """What nobody waits for any more, by line uid: what the customer has, components in proportion,
    what is not fitted; all of a document that was given up or refused."""
    if document.header.get("given_up_at") or document.state in ENDED:
        return {line.uid: line.quantity for line in document.lines}
    done = pools.delivered(context.database, document.id)
    whole = {line.uid: line for line in document.lines}
    found = {}
    for line in document.lines:
        top = line
        while top.parent_uid is not None and top.parent_uid in whole:
            top = whole[top.parent_uid]
        if done.get(top.uid) and top.quantity:
            found[line.uid] = div_round(line.quantity * done[top.uid], top.quantity)
    for uid, quantity in followed.gone(context.database, document, found).items():
        found[uid] = found.get(uid, 0) + quantity
    unfitted = followed.unfitted(context.database, document.id)
    return found | {uid: whole[uid].quantity for uid in unfitted & whole.keys()}


def _measured(
    context: Context,
    found: dict[int, list[Source]],
    before: dict[int, list[Source]],
    lines: dict[int, Line],
    from_stock: bool,
) -> list[Need]:
    """The needs with what is ordered, in stock, reserved and coming. before: what the orders
    themselves need of which execution quotes are planned."""
    database = context.database
    everything = [one for part in (found, before) for several in part.values() for one in several]
    line_ids = [one.line_id for one in everything]
    ordered = _linked(context, line_ids)
    arrived: dict[int, int] = {}
    for start in range(0, len(line_ids), CHUNK):
        arrived |= coming.arrived(database, line_ids[start : start + CHUNK])
    quoted.add(context, found, ordered, arrived)

    def known(several: Iterable[Source]) -> list[Source]:
        return [
            one._replace(ordered=ordered.get(one.line_id, 0), arrived=arrived.get(one.line_id, 0))
            for one in several
        ]

    levels: dict[int, int] = dict(
        database.rows("SELECT item_id, SUM(on_hand) FROM stock_level GROUP BY item_id")
    )
    everybody = stock.reserved(database) if found else {}
    on_order = coming.expected(database) if found else {}
    items = {
        row[0]: row[1:]
        for row in database.rows("SELECT id, reference, label, unit, stock_managed FROM item")
        if row[0] in found
    }
    made = []
    for item_id, several in found.items():
        earlier = known(before.get(item_id, ()))
        sources = passed_on(known(several), earlier)
        line = lines[item_id]
        reference, label, unit, stocked = items.get(
            item_id, (line.reference, line.label, line.unit, 0)
        )
        on_hand = levels.get(item_id, 0)
        own = sum(one.quantity - one.delivered for one in (*sources, *earlier) if one.holds)
        others = max(0, everybody.get(item_id, 0) - own)
        free = on_hand - others if from_stock and stocked else 0
        made.append(
            Need(
                item_id,
                reference,
                label,
                unit,
                sources,
                on_hand,
                others,
                on_order.get(item_id, 0),
                to_order(sources, free),
            )
        )
    return made


def _linked(context: Context, line_ids: Sequence[int]) -> dict[int, int]:
    """What is bought for each line (`supply` links)."""
    found: dict[int, int] = {}
    for start in range(0, len(line_ids), CHUNK):
        page = line_ids[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        found |= dict(
            context.database.rows(
                "SELECT source_line_id, SUM(quantity) FROM line_link WHERE relation = 'supply' "
                f"AND source_line_id IN ({marks}) GROUP BY source_line_id",
                page,
            )
        )
    return found


def orders_for(context: Context, need: Need) -> list[int]:
    """The supplier documents that are bought for a need, the newest first."""
    found: list[int] = []
    for start in range(0, len(need.sources), CHUNK):
        page = [one.line_id for one in need.sources[start : start + CHUNK]]
        marks = ", ".join("?" * len(page))
        rows = context.database.rows(
            "SELECT DISTINCT t.document_id FROM line_link k JOIN document_line t "
            "ON t.id = k.target_line_id WHERE k.relation = 'supply' "
            f"AND k.source_line_id IN ({marks}) ORDER BY 1 DESC",
            page,
        )
        found += [row[0] for row in rows]
    return found


# from whom ---------------------------------------------------------------------------------------


def offers(context: Context, item_ids: Sequence[int]) -> dict[int, list[Offer]]:
    """Who sells these items and how, by item; blocked suppliers left out."""
    found: dict[int, list[Offer]] = {}
    for start in range(0, len(item_ids), CHUNK):
        page = item_ids[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        steps: dict[int, list[Step]] = {}
        for key, quantity, price, discount in context.database.rows(
            "SELECT t.item_supplier_id, t.from_quantity, t.price, t.discount "
            "FROM item_supplier_step t JOIN item_supplier s ON s.id = t.item_supplier_id "
            f"WHERE s.item_id IN ({marks}) ORDER BY t.from_quantity",
            page,
        ):
            steps.setdefault(key, []).append(Step(quantity, price, discount))
        for row in context.database.rows(
            "SELECT s.id, s.item_id, p.id, p.code, p.name, s.reference, s.label, s.unit, s.price, "
            "s.price_per, s.discount, s.minimum, s.multiple, s.delay_days, s.is_main, "
            "i.unit, i.purchase_unit, i.purchase_factor FROM item_supplier s "
            "JOIN party p ON p.id = s.supplier_id JOIN item i ON i.id = s.item_id "
            f"WHERE s.item_id IN ({marks}) AND p.blocked = 0 ORDER BY s.is_main DESC, p.code",
            page,
        ):
            factor = factor_of(row[7], stock=row[15], purchase=row[16], factor=row[17])
            own = (*row[2:14], bool(row[14]), tuple(steps.get(row[0], ())), factor)
            one = Offer._make(own)
            found.setdefault(row[1], []).append(one)
    return found


def _is_usual(supplier_id: int, several: Sequence[Offer], need: Need) -> bool:
    one = usual(several, need.to_order)
    return one is not None and one.supplier_id == supplier_id

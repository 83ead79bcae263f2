"""Ordering what is needed: one document per supplier, new or an open one of theirs, its lines
linked to the lines they are bought for (`supply`, pool `buy`: a need is bought once; domain.md §4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from codial_tui.domain.buying.average_cost import Unconvertible
from codial_tui.domain.buying.needs import Need, shared
from codial_tui.domain.buying.supplier_choice import CHOICES, Offer, in_purchase_unit
from codial_tui.domain.changes import apply, insert, insert_after, set_header
from codial_tui.domain.document import Document, Line, LineType, Link, Value
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.money import SCALE6, div_round
from codial_tui.domain.problems import Problem
from codial_tui.errors import CodialError, Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import catalogue

from . import joining

RELATION, POOL = "supply", "buy"


class Wanted(NamedTuple):
    """One line to order. item_id: None for works; quantity: 10⁻⁴ of unit; price: 10⁻⁴ for
    price_per, before the discount (10⁻⁶); sources: lines it is for, with how much of theirs is
    bought; delay: days until it comes; category: of cost."""

    supplier_id: int
    item_id: int | None
    label: str
    quantity: int
    unit: str = ""
    price: int = 0
    price_per: int = 10_000
    discount: int = 0
    sources: tuple[tuple[int, int], ...] = ()
    project_id: int | None = None
    delay: int = 0
    category: str = ""


class Ordered(NamedTuple):
    """What was made of it; refused: why open ones did not take its lines, for who asked."""

    document_id: int
    ref: str
    supplier_id: int
    lines: int
    created: bool
    refused: tuple[str, ...] = ()


def propose(
    context: Context,
    needs: Sequence[Need],
    offers: Mapping[int, Sequence[Offer]],
    *,
    how: str = "usual",
    chosen: Mapping[int, int] | None = None,
    quantities: Mapping[int, int] | None = None,
) -> list[Wanted]:
    """The lines to order for these needs. how: usual, cheapest or fastest; chosen: supplier by
    item, over that; quantities: 10⁻⁴ of the unit of stock by item, over what is to order.

    Raises Refused with every item that nobody sells, that has no price, or of unlike units.
    """
    found: list[Wanted] = []
    problems: list[Problem] = []
    for need in needs:
        quantity = (quantities or {}).get(need.item_id, need.to_order)
        if quantity <= 0:
            continue
        try:
            found += _lines(
                context, need, quantity, _offer(context, need, quantity, offers, how, chosen)
            )
        except Refused as error:
            problems += error.problems
    if problems:
        raise Refused(*problems)
    return found


def _offer(
    context: Context,
    need: Need,
    quantity: int,
    offers: Mapping[int, Sequence[Offer]],
    how: str,
    chosen: Mapping[int, int] | None,
) -> Offer:
    several = list(offers.get(need.item_id, ()))
    wanted = (chosen or {}).get(need.item_id)
    if wanted is not None:
        several = [one for one in several if one.supplier_id == wanted] or [
            _unlisted(context, wanted)
        ]
    one = CHOICES[how](several, quantity)
    if one is None:
        raise refuse(
            "supplier.missing",
            f"{need.reference} : aucun fournisseur",
            "F4 en choisit un, ou la fiche article",
            "supplier",
        )
    return one


def _unlisted(context: Context, supplier_id: int) -> Offer:
    """A supplier who has no price for the item yet."""
    row = context.database.row(
        "SELECT code, name FROM party WHERE id = ? AND is_supplier = 1 AND blocked = 0",
        (supplier_id,),
    )
    if row is None:
        raise refuse("supplier.unknown", "Fournisseur inconnu ou bloqué", "choisissez-en un autre")
    return Offer(supplier_id, row[0], row[1])


def _lines(context: Context, need: Need, quantity: int, offer: Offer) -> list[Wanted]:
    """The lines for a need: one a project, in whole packages altogether; what is beyond the need
    is for the stock."""
    item = context.database.row(
        "SELECT unit, purchase_unit, purchase_factor, purchase_price, price_per FROM item "
        "WHERE id = ?",
        (need.item_id,),
    )
    assert item is not None
    stock_unit, bought_by, factor, last, last_per = item
    unit = offer.unit or stock_unit
    groups: dict[int | None, list[tuple[int, int]]] = {}
    for source, part in shared(quantity, need.sources):
        groups.setdefault(source.project_id, []).append((source.line_id, part))
    if not groups:
        groups[None] = []
    units = {"stock": stock_unit, "purchase": bought_by, "factor": factor}
    total = in_purchase_unit(quantity, unit, **units)
    if isinstance(total, Unconvertible):
        raise refuse(
            "unit.unknown",
            f"{need.reference} : {total.unit} ne se convertit pas en {total.stock_unit}",
            "unité d'achat et coefficient dans la fiche article",
            "unit",
        )
    packed = offer.packed(total)
    step = offer.step(packed)
    price, per = (step.price, offer.price_per) if step.price else (last, last_per)
    if not step.price and offer.factor:  # the last price is that of the unit of stock
        price = div_round(price * offer.factor, SCALE6)
    if not price:
        raise refuse(
            "price.missing",
            f"{need.reference} : pas de prix chez {offer.name}",
            "fiche article, Fournisseurs ; ou demandez les prix",
            "price",
        )
    found, left = [], packed
    for number, (project, sources) in enumerate(groups.items(), 1):
        wanted = in_purchase_unit(sum(part for _, part in sources), unit, **units)
        assert isinstance(wanted, int)
        part = left if number == len(groups) else min(wanted, left)
        left -= part
        found.append(
            Wanted(
                offer.supplier_id,
                need.item_id,
                offer.label or need.label,
                part,
                unit,
                price,
                per,
                step.discount if step.price else 0,
                tuple(sources),
                project,
                offer.delay,
            )
        )
    return found


def supplier_of(context: Context, code: str) -> int:
    """The supplier of a code. Raises Refused."""
    row = context.database.row(
        "SELECT id, is_supplier, blocked FROM party WHERE code = ?", (code.strip().upper(),)
    )
    if row is None or not row[1]:
        raise refuse("supplier.unknown", f"Fournisseur {code} inconnu", "", "supplier")
    if row[2]:
        raise refuse(
            "supplier.blocked", f"Fournisseur {code} bloqué", "autre fournisseur", "supplier"
        )
    return int(row[0])


def code_of(context: Context, supplier_id: int) -> str:
    return str(context.database.value("SELECT code FROM party WHERE id = ?", (supplier_id,)))


def order(
    context: Context,
    wanted: Sequence[Wanted],
    *,
    kind: str = "purchase_order",
    into: Mapping[int, int] | None = None,
    choices: Mapping[str, str] | None = None,
    sure: Callable[[], None] | None = None,
) -> list[Ordered]:
    """Order all of it, one document a supplier: the new ones in one transaction, each that joins
    an open document as one step of that. into: supplier → open document that takes the lines;
    choices: which value wins where they differ (`subject=source`); sure: refuses, in the turn of
    whoever orders, what is needed no more.

    Raises Refused, `buy.taken` where somebody else has ordered it meanwhile: nothing is then
    ordered, what was made before is taken back.
    """
    if not wanted:
        raise refuse("needs.nothing", "Rien à commander", "tout est commandé ou en stock")
    by_supplier: dict[int, list[Wanted]] = {}
    for one in wanted:
        by_supplier.setdefault(one.supplier_id, []).append(one)
    joined: dict[int, tuple[Editor, dict[str, Value]]] = {}
    done: dict[int, Ordered] = {}
    try:
        for supplier_id in by_supplier:
            if (target := (into or {}).get(supplier_id)) is not None:
                editor = Editor(context, target)
                joined[supplier_id] = editor, {}
                won = joining.agreed(context, editor, kind, supplier_id, choices)
                joined[supplier_id] = editor, won
        with context.database.write():
            pools.turn(context.database)
            _check_left(context, wanted)
            if sure is not None:
                sure()
            for supplier_id, own in by_supplier.items():
                if supplier_id not in joined:
                    done[supplier_id] = _new(context, kind, supplier_id, own)
        for supplier_id, (editor, won) in joined.items():
            done[supplier_id] = _join(context, editor, by_supplier[supplier_id], won)
    except CodialError:
        new = [one.document_id for one in done.values() if one.created]
        joining.take_back(context, new, [joined[one][0] for one in done if one in joined])
        raise
    finally:
        for editor, _ in joined.values():
            editor.close()
    return [done[one] for one in by_supplier]


def _check_left(context: Context, wanted: Sequence[Wanted]) -> None:
    """What is bought for a line is not bought for it already."""
    asked: dict[int, int] = {}
    for one in wanted:
        for line_id, quantity in one.sources:
            asked[line_id] = asked.get(line_id, 0) + quantity
    for line_id, quantity in asked.items():
        row = context.database.row(
            "SELECT l.quantity - COALESCE(p.taken, 0), l.label, d.number FROM document_line l "
            "JOIN document d ON d.id = l.document_id "
            "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'buy' WHERE l.id = ?",
            (line_id,),
        )
        if row is None or row[0] < quantity:
            what = f"« {row[1]} » de {row[2]}" if row else "Une ligne"
            raise refuse(
                "buy.taken", f"{what} : commandé ou changé entre-temps", "relisez les besoins"
            )


def _line(context: Context, document: Document, one: Wanted) -> tuple[Line, list[Link]]:
    """A line of the document for what is wanted, and what it is bought for."""
    item = catalogue.by_id(context, one.item_id) if one.item_id else None
    if item is not None:
        line = catalogue.line_of(context, document, item, one.quantity, one.price)
        line.type, line.eco_contribution = LineType.ITEM, 0
    else:
        line = Line(context.uid(), quantity=one.quantity, supply_nature="service")
        line.vat_category = document.text("vat_category") or "S"
        line.vat_rate = document.number("vat_rate") if line.vat_category == "S" else 0
        line.unit_price = one.price
    line.label, line.unit, line.price_per = one.label, one.unit, one.price_per
    line.discounts = (one.discount,) if one.discount else ()
    line.project_id = one.project_id
    line.cost_category = one.category or line.cost_category
    due = context.today + timedelta(days=one.delay)
    line.delivery_date = due.isoformat() if one.delay else None
    links = [
        Link(context.uid(), line.uid, line_id, RELATION, POOL, quantity)
        for line_id, quantity in one.sources
    ]
    return line, links


def _new(context: Context, kind: str, supplier_id: int, own: Sequence[Wanted]) -> Ordered:
    document = joining.blank(context, kind, supplier_id)
    projects = {one.project_id for one in own}
    if len(projects) == 1:
        document.header["project_id"] = projects.pop()
    document.header["expected_date"] = _expected(context, own)
    for one in own:
        line, links = _line(context, document, one)
        document.lines.append(line)
        document.links |= {link.uid: link for link in links}
    documents.prepare(document)
    apply(document, recompute(document))
    documents.prepare(document)
    pools.ensure(
        context.database, [(one.source_line_id, one.pool) for one in document.links.values()]
    )
    documents.write_new(context, document, "Besoins")
    _log(context, document, own)
    return Ordered(document.id, document.ref, supplier_id, len(own), True)


def _expected(context: Context, own: Sequence[Wanted]) -> str | None:
    """When all of it should be there."""
    delay = max((one.delay for one in own), default=0)
    return (context.today + timedelta(days=delay)).isoformat() if delay else None


def _join(
    context: Context, editor: Editor, own: Sequence[Wanted], won: Mapping[str, Value]
) -> Ordered:
    """Add the lines to an open document, as one step of it."""
    document = editor.document
    made = [_line(context, document, one) for one in own]
    changes = [set_header(document, **won) if won else None]
    changes += insert_after(document, [line for line, _ in made], None)
    changes += [insert(link) for _, links in made for link in links]
    editor.commit(changes, "Besoins")
    with context.database.write():
        _log(context, document, own)
    return Ordered(document.id, document.ref, own[0].supplier_id, len(own), False)


def _log(context: Context, document: Document, own: Sequence[Wanted]) -> None:
    """Say on the documents that need it where it is ordered."""
    lines = {line_id for one in own for line_id, _ in one.sources}
    for document_id in sorted(pools.documents_of(context.database, lines)):
        source = rows.load(context.database, document_id)
        if source is not None:
            documents.log_event(context, source, "transfer", f"Besoins → {document.ref}")

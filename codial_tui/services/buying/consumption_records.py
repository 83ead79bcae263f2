"""Records of what an order consumes: only added to, reversed by others. Two people record at once:
writers take the turn of the chain, and who types a total says which one was on screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from codial_tui.domain.buying.consumption import Entry, Tracked, category_of, live, planned_cost
from codial_tui.domain.document import Document, Line
from codial_tui.domain.money import in_bounds
from codial_tui.domain.quantity import format_quantity
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import documents

from . import consumption_billed
from .consumption import Tracking, categories, known, look, name_of


class Record(NamedTuple):
    """What is added. what: of a line that is followed; cost: 10⁻⁴ for its price_per, None as known;
    day: ISO, "" today; by: login of who worked."""

    what: str
    quantity: int
    cost: int | None = None
    day: str = ""
    by: str = ""


def record(context: Context, order_id: int, one: Record, *, seen: int | None = None) -> Tracking:
    """Add a quantity to what a line consumed (negative: less). seen: what was consumed when one
    looked, to say so when somebody else recorded meanwhile. Raises Refused."""
    with context.database.write():
        found = _turn(context, order_id)
        line = found.line(one.what)
        if seen is not None and seen != line.consumed:
            raise _changed(found, line)
        _use(context, found, line, one)
    return look(context, order_id)


def set_quantity(
    context: Context, order_id: int, what: str, total: int, seen: int, cost: int | None = None
) -> Tracking:
    """A line has consumed so much altogether. Raises Refused; see `record`."""
    return record(context, order_id, Record(what, total - seen, cost), seen=seen)


def set_cost(context: Context, order_id: int, what: str, cost: int) -> Tracking:
    """The real cost of a unit of a line (10⁻⁴ for its price_per), whatever was known."""
    if cost < 0:
        raise refuse("consumption.cost", "Un coût ne peut pas être négatif", "tapez 0 ou plus")
    with context.database.write():
        found = _turn(context, order_id)
        line = found.line(what)
        _write(context, found, line, kind="cost", unit_cost=cost, typed=1)
    return look(context, order_id)


def add(
    context: Context,
    order_id: int,
    line: Line,
    cost: int | None = None,
    day: str = "",
    by: str = "",
) -> Tracking:
    """Record an item or a free text with its quantity: more of a line that has it, else what was
    not planned."""
    if not line.label.strip():
        raise refuse("consumption.label", "De quoi s'agit-il ?", "tapez une référence ou .texte")
    with context.database.write():
        found = _turn(context, order_id)
        own = known(found, line)
        if own is None:
            own = Tracked(
                context.uid(),
                line.reference,
                line.label,
                line.unit,
                category_of(line, categories(context)),
                item_id=line.item_id,
                unit_cost=planned_cost(line),
                own_cost=planned_cost(line),
                price_per=line.price_per,
            )
        _use(context, found, own, Record(own.what, line.quantity, cost, day, by))
    return look(context, order_id)


def unfit(context: Context, order_id: int, what: str) -> Tracking:
    """Say that a line will not be fitted, or that it will after all. Raises Refused when some of
    it was consumed."""
    with context.database.write():
        found = _turn(context, order_id)
        line = found.line(what)
        if line.unfitted is not None:
            _reverse(context, found, line.unfitted)
        elif line.consumed or line.spent:
            said = f"{name_of(line)} : déjà {format_quantity(line.consumed, 0)} de consommé"
            raise refuse("consumption.fitted", said, "ramenez-le à 0 d'abord")
        else:
            _write(context, found, line, kind="unfitted")
    return look(context, order_id)


def spend(
    context: Context, order_id: int, what: str, invoice_ref: str, line_number: int = 0
) -> Tracking:
    """Charge a line with a supplier's invoice, or with one line of it (from 1), once. What is
    matched to what was bought for the order is counted without it. Raises Refused."""
    invoice = documents.get(context, invoice_ref)
    if invoice.kind != "supplier_invoice":
        raise refuse("consumption.invoice", f"{invoice.ref} n'est pas une facture fournisseur", "")
    wanted = [one for one in invoice.lines if one.counts]
    if line_number:
        wanted = list(invoice.top_lines())[line_number - 1 : line_number]
        wanted = [one for one in wanted if one.counts]
    if not wanted:
        raise refuse("consumption.invoice", f"{invoice.ref} : aucune telle ligne", "--invoice-line")
    with context.database.write():
        found = _turn(context, order_id)
        line = found.line(what)
        counted = consumption_billed.counted(context.database, [one.uid for one in wanted])
        new = [one for one in wanted if one.uid not in counted]
        if not new:
            raise refuse(
                "consumption.twice",
                f"{invoice.ref} compte déjà dans {counted[wanted[0].uid]}",
                "contre-passez cette saisie d'abord",
            )
        for one in new:
            _write(
                context, found, line, kind="spend", amount=one.net_amount,
                source_uid=one.uid, source_ref=invoice.ref,
            )  # fmt: skip
    return look(context, order_id)


def reverse(context: Context, order_id: int, entry_id: int) -> Tracking:
    """Take a record back, once: a new record says so. Raises Refused."""
    with context.database.write():
        found = _turn(context, order_id)
        _reverse(context, found, entry_id)
    return look(context, order_id)


def feed(
    context: Context, order_id: int, lines: Iterable[Line], source: Document, day: str
) -> None:
    """What a work order used for an order (domain.md §8), inside the caller's transaction: of a
    line that has it, else of what was not planned. An order that is not followed yet is from now
    on. Raises Refused."""
    database = context.database
    database.execute(
        "UPDATE document_order SET consumption_at = ? "
        "WHERE document_id = ? AND consumption_at IS NULL",
        (context.now, order_id),
    )
    for line in lines:
        found = _turn(context, order_id)
        own = known(found, line) or Tracked(
            context.uid(),
            line.reference,
            line.label,
            line.unit,
            category_of(line, categories(context)),
            item_id=line.item_id,
            unit_cost=planned_cost(line),
            own_cost=planned_cost(line),
            price_per=line.price_per,
        )
        before = own.consumed if own.by_invoice else 0
        _write(
            context, found, own, kind="use", quantity=before + line.quantity,
            unit_cost=own.unit_cost, date=day, source_uid=source.uid, source_ref=source.ref,
        )  # fmt: skip


def take_back(context: Context, order_id: int, source: Document) -> None:
    """Reverse what a work order fed, inside the caller's transaction."""
    for row in context.database.rows(
        "SELECT id FROM consumption_entry e WHERE document_id = ? AND source_uid = ? "
        "AND kind = 'use' AND NOT EXISTS "
        "(SELECT 1 FROM consumption_entry r WHERE r.reverses = e.id) ORDER BY id DESC",
        (order_id, source.uid),
    ):
        _reverse(context, _turn(context, order_id), row[0])


def _turn(context: Context, order_id: int) -> Tracking:
    """The order as it is when it is one's turn, inside the caller's transaction."""
    pools.turn(context.database)
    return look(context, order_id)


def _changed(found: Tracking, line: Tracked) -> Refused:
    last = next((one for one in reversed(found.entries) if one.what == line.what), None)
    who = f" par {last.user}" if last else ""
    said = f"{name_of(line)} : {format_quantity(line.consumed, 0)} maintenant, saisi{who}"
    return refuse("consumption.changed", said, "vérifiez et retapez")


def _use(context: Context, found: Tracking, line: Tracked, one: Record) -> None:
    if line.unfitted is not None:
        raise refuse("consumption.unfitted", f"{name_of(line)} : non posé", "F7 P le remet d'abord")
    if not one.quantity and one.cost is None:
        raise refuse("consumption.nothing", f"{name_of(line)} : rien ne change", "")
    if line.consumed + one.quantity < 0:
        raise refuse(
            "consumption.negative",
            f"{name_of(line)} : il n'y a que {format_quantity(line.consumed, 0)} de consommé",
            "retirez moins",
        )
    if one.cost is not None and one.cost < 0:
        raise refuse("consumption.cost", "Un coût ne peut pas être négatif", "tapez 0 ou plus")
    before = line.consumed if line.by_invoice else 0  # from now on what is recorded says how much
    cost = line.own_cost if one.cost is None and not line.is_planned else line.unit_cost
    _write(
        context,
        found,
        line,
        kind="use",
        quantity=before + one.quantity,
        unit_cost=cost if one.cost is None else one.cost,
        typed=int(one.cost is not None),
        date=_day(context, one.day),
        **_worker(context, one.by),
    )


def _day(context: Context, day: str) -> str:
    if not day:
        return context.today.isoformat()
    if date.fromisoformat(day) > context.today:
        raise refuse("consumption.date", "Date à venir", "tapez le jour où c'était")
    return day


def _worker(context: Context, login: str) -> dict[str, Any]:
    if not login:
        return {}
    row = context.database.row(
        "SELECT id, name FROM app_user WHERE login = ? AND active = 1", (login,)
    )
    if row is None:
        raise refuse("user.unknown", f"Utilisateur {login} inconnu", "codial-tui users list", "by")
    return {"worker_id": row[0], "worker_name": row[1]}


def _reverse(context: Context, found: Tracking, entry_id: int) -> None:
    one = next((each for each in found.entries if each.id == entry_id), None)
    if one is None or one.kind == "reversal":
        raise refuse("consumption.entry", "Cette saisie ne se contre-passe pas", "")
    if any(each.reverses == entry_id for each in found.entries):
        raise refuse("consumption.reversed", "Cette saisie est déjà contre-passée", "")
    left = sum(
        each.quantity
        for each in live(found.entries)
        if each.kind == "use" and each.what == one.what and each.id != entry_id
    )
    if one.kind == "use" and left < 0:
        raise refuse(
            "consumption.negative",
            "Ce qui a été retiré depuis ne le serait plus de rien",
            "contre-passez le retrait d'abord",
        )
    _insert(context, found.order, one.what, _copied(one), kind="reversal", reverses=entry_id)


def _copied(one: Entry) -> Mapping[str, Any]:
    names = ("reference", "label", "unit", "category", "item_id", "price_per")
    return {name: getattr(one, name) for name in names}


def _write(context: Context, found: Tracking, line: Tracked, **values: Any) -> None:
    own = {
        "planned": int(line.is_planned),
        **{name: getattr(line, name) for name in ("reference", "label", "unit", "category")},
        "item_id": line.item_id,
        "price_per": line.price_per,
    }
    _insert(context, found.order, line.what, own, **values)
    _check_bounds(look(context, found.order.id))


def _insert(
    context: Context, order: Document, what: str, own: Mapping[str, Any], **values: Any
) -> None:
    made = {
        "uid": context.uid(),
        "document_id": order.id,
        "what": what,
        **own,
        "date": context.today.isoformat(),
        "at": context.now,
        "user_id": context.user.id,
        "user_name": context.user.name,
        **values,
    }
    if not all(in_bounds(one) for one in made.values() if isinstance(one, int)):
        raise refuse("consumption.bounds", "Quantité ou coût trop grand", "vérifiez la saisie")
    context.database.insert("consumption_entry", made)


def _check_bounds(found: Tracking) -> None:
    """What adds up still fits, so that no typing error keeps anybody from looking."""
    figures: Sequence[int] = [
        figure for one in found.lines for figure in (one.spent, one.planned, one.consumed)
    ]
    if not all(map(in_bounds, (*figures, found.summary.spent))):
        raise refuse("consumption.bounds", "Quantité ou coût trop grand", "vérifiez la saisie")

"""What an order consumed: to the cent, by two people at once, on paper and in stock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.buying.consumption import Billed, Category, Entry, summed, track
from codial_tui.domain.document import Document, Line
from codial_tui.domain.quantity import parse_price
from codial_tui.errors import Refused
from codial_tui.services.buying import consumption, consumption_notes, matching, needs, ordering
from codial_tui.services.buying import consumption_records as records
from codial_tui.services.buying.consumption import Tracking
from codial_tui.services.buying.consumption_records import Record
from codial_tui.services.context import Context
from codial_tui.services.documents import entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import parties
from codial_tui.services.stock import stock


class Site(Desk):
    """A counter that follows an order's consumption."""

    def follow(self, order: Document) -> Document:
        editor = Editor(self.context, order.id)
        consumption.start(editor)
        editor.close()
        return self.load(order.id)

    def look(self, order: Document) -> Tracking:
        return consumption.look(self.context, order.id)

    def what(self, order: Document, name: str) -> str:
        return consumption.line_named(self.look(order), name).what

    def use(self, order: Document, name: str, quantity: int, **values: Any) -> Tracking:
        what = self.what(order, name)
        return records.record(self.context, order.id, Record(what, quantity, **values))

    def worked(self) -> Document:
        """The order of the worked example: 5 000.00 of 40 h × 32, 1 900 of parts, 120 of misc."""
        self.customer("MARTIN")
        mo = {"billing_class": "labour", "stock_managed": 0, "cost_category": "main_oeuvre"}
        self.item("MO", "60", purchase_price=parse_price("32"), **mo)
        self.item("PIECE", "125", purchase_price=parse_price("95"), cost_category="pieces")
        divers = {"cost_category": "divers", "stock_managed": 0}
        self.item("DIVERS", "100", purchase_price=parse_price("120"), **divers)
        lines = (("MO", 40, "60"), ("PIECE", 20, "125"), ("DIVERS", 1, "100"))
        return self.follow(self.make("order", *lines))

    @property
    def records(self) -> int:
        return int(self.context.database.value("SELECT COUNT(*) FROM consumption_entry", ()))


@pytest.fixture
def site(context: Context, tmp_path: Path) -> Site:
    return Site(context, tmp_path)


@pytest.mark.both
def test_the_worked_example_to_the_cent(site: Site) -> None:
    order = site.worked()
    before = site.look(order).summary
    assert (before.sale, before.planned, before.spent) == (5_000_00, 3_300_00, 0)
    site.use(order, "MO", 40_0000)
    site.use(order, "MO", 6_0000, by="claire", day="2026-11-20")
    site.use(order, "PIECE", 20_0000)
    records.set_cost(site.context, order.id, site.what(order, "PIECE"), 90_7500)
    site.use(order, "DIVERS", 1_0000, cost=150_0000)
    found = site.look(order).summary
    assert [(one.label, one.planned, one.spent, one.difference) for one in found.sums] == [
        ("Main d'œuvre", 1_280_00, 1_472_00, -192_00),
        ("Pièces", 1_900_00, 1_815_00, 85_00),
        ("Divers", 120_00, 150_00, -30_00),
    ]
    assert (found.planned, found.spent, found.difference) == (3_300_00, 3_437_00, -137_00)
    assert (found.planned_margin, found.planned_rate) == (1_700_00, 340_000)
    assert (found.real_margin, found.real_rate) == (1_563_00, 312_600)


def test_nothing_is_followed_before_it_is_asked(site: Site) -> None:
    site.customer("MARTIN")
    site.item("PIECE")
    order = site.make("order", ("PIECE", 1))
    with pytest.raises(Refused, match="n'a pas de suivi"):
        site.look(order)
    site.follow(order)
    editor = Editor(site.context, order.id)
    with pytest.raises(Refused, match="déjà suivie"):
        consumption.start(editor)
    editor.undo()
    editor.close()
    with pytest.raises(Refused, match="n'a pas de suivi"):
        site.look(order)


@pytest.mark.both
def test_two_people_record_and_neither_is_lost(site: Site) -> None:
    order = site.worked()
    what = site.what(order, "MO")
    site.use(order, "MO", 3_0000)  # the other, while one looked at 0
    with pytest.raises(Refused, match="MO : 3 maintenant, saisi par"):
        records.set_quantity(site.context, order.id, what, 5_0000, 0)
    assert site.look(order).line(what).consumed == 3_0000
    records.set_quantity(site.context, order.id, what, 5_0000, 3_0000)
    assert site.look(order).line(what).consumed == 5_0000
    assert site.records == 2


@pytest.mark.both
def test_a_record_never_changes_it_is_reversed_once(site: Site) -> None:
    order = site.worked()
    site.use(order, "MO", 3_0000)
    last = consumption.last_own(site.context, order.id)
    assert last is not None
    for sql in ("UPDATE consumption_entry SET quantity = 1", "DELETE FROM consumption_entry"):
        with pytest.raises(Refused, match="ne se modifie pas"), site.context.database.write():
            site.context.database.execute(sql)
    found = records.reverse(site.context, order.id, last.id)
    assert found.summary.spent == 0
    assert [one.kind for one in found.entries] == ["use", "reversal"]
    with pytest.raises(Refused, match="déjà contre-passée"):
        records.reverse(site.context, order.id, last.id)
    assert consumption.last_own(site.context, order.id) is None


@pytest.mark.parametrize(
    ("quantity", "values", "said"),
    [
        (-1_0000, {}, "il n'y a que 0 de consommé"),
        (0, {}, "rien ne change"),
        (1_0000, {"cost": -1}, "négatif"),
        (10**16, {}, "trop grand"),
        (10**12, {"cost": 10**12}, "trop grand"),
        (1_0000, {"day": "2026-11-23"}, "à venir"),
        (1_0000, {"by": "personne'; --"}, "inconnu"),
    ],
)
def test_bad_input_writes_nothing(
    site: Site, quantity: int, values: dict[str, Any], said: str
) -> None:
    order = site.worked()
    with pytest.raises(Refused, match=said):
        site.use(order, "MO", quantity, **values)
    assert site.records == 0


def test_what_is_not_fitted_costs_nothing_and_is_not_bought(site: Site) -> None:
    order = site.worked()
    what = site.what(order, "PIECE")
    site.use(order, "PIECE", 1_0000)
    with pytest.raises(Refused, match="déjà 1 de consommé"):
        records.unfit(site.context, order.id, what)
    site.use(order, "PIECE", -1_0000)
    assert records.unfit(site.context, order.id, what).line(what).unfitted is not None
    assert [one.reference for one in consumption_notes.missing(site.context, order.id)] == [
        "DIVERS"
    ]
    assert [one.reference for one in needs.of_documents(site.context, [order.id])] == ["DIVERS"]
    with pytest.raises(Refused, match="non posé"):
        site.use(order, "PIECE", 1_0000)
    assert records.unfit(site.context, order.id, what).line(what).unfitted is None
    need = consumption_notes.missing(site.context, order.id)[1]
    assert (need.reference, need.to_order) == ("PIECE", 20_0000)


def test_unplanned_items_are_one_line_each(site: Site) -> None:
    order = site.worked()
    item = site.item("COLLE", "9", purchase_price=4_5000, cost_category="divers")
    editor = Editor(site.context, order.id)
    for text in ("COLLE 2", "COLLE 1", ".Location nacelle;1 x80"):
        reading = entering.read(editor, text, None)
        assert reading.line is not None, reading.text
        cost = reading.line.unit_price if text.startswith(".") else None
        records.add(site.context, order.id, reading.line, cost)
    editor.close()
    found = site.look(order)
    added = [one for one in found.lines if not one.is_planned]
    assert [
        (one.reference or one.label, one.consumed, one.spent, one.item_id) for one in added
    ] == [
        ("COLLE", 3_0000, 13_50, item),
        ("Location nacelle", 1_0000, 80_00, None),
    ]
    assert found.summary.spent == 93_50
    assert order.version == site.again(order).version  # the order itself did not change


@pytest.mark.both
def test_the_note_moves_the_stock_once_and_is_never_invoiced(site: Site) -> None:
    order = site.worked()
    piece = site.context.database.value("SELECT id FROM item WHERE reference = 'PIECE'", ())
    site.use(order, "PIECE", 12_0000)
    site.use(order, "MO", 40_0000)
    made = consumption_notes.make_note(site.context, order.id)
    note = site.load(made.document_id)
    assert [(one.reference, one.quantity, one.net_amount) for one in note.lines] == [
        ("PIECE", 12_0000, 0)
    ]
    assert (note.text("nature"), note.header["consumption_of"]) == ("internal", order.id)
    assert [(one.relation, one.pool, one.quantity) for one in note.links.values()] == [
        ("consume", "", 12_0000)
    ]
    with pytest.raises(Refused, match="Rien à sortir"):
        consumption_notes.make_note(site.context, order.id)
    note = site.print(note)
    site.print(note)
    assert site.on_hand(piece) == -12
    assert site.context.database.rows("SELECT reason FROM stock_move") == [("consumption",)]
    with pytest.raises(Refused):
        site.move(note, "invoice")
    with pytest.raises(Refused, match="ne se facture pas"):
        site.set(note, nature="sale")
    assert site.progress(order) == ("none", "none")
    site.use(order, "PIECE", -2_0000)  # came back
    back = site.load(consumption_notes.make_note(site.context, order.id).document_id)
    assert [one.quantity for one in back.lines] == [-2_0000]
    site.print(back)
    assert site.on_hand(piece) == -10
    with pytest.raises(Refused):
        site.delete(order)


def test_a_note_that_is_deleted_gives_back(site: Site) -> None:
    order = site.worked()
    site.use(order, "PIECE", 5_0000)
    made = consumption_notes.make_note(site.context, order.id)
    site.edit(site.load(made.document_id), 0, quantity=3_0000)
    left = consumption_notes.to_leave(site.context, site.look(order))
    assert list(left.values()) == [2_0000]
    site.delete(site.load(made.document_id))
    left = consumption_notes.to_leave(site.context, site.look(order))
    assert list(left.values()) == [5_0000]


def test_an_invoice_of_a_followed_order_moves_no_stock(site: Site) -> None:
    from codial_tui.services.stock import goods

    order = site.worked()
    plain = site.make("order", ("PIECE", 2))
    followed = site.move(order, "invoice")
    usual = site.move(plain, "invoice")
    for invoice in (followed, usual):
        for link in list(invoice.links.values()):
            invoice.links[link.uid + "d"] = type(link)(
                link.uid + "d", link.target_uid, link.source_line_id, "bill", "deliver", 1_0000
            )
    database = site.context.database
    assert goods.moved(database, followed).lines == []
    assert [one.quantity for one in goods.moved(database, usual).lines] == [1_0000]


@pytest.mark.both
def test_what_suppliers_invoice_is_the_real_cost(site: Site) -> None:
    order, context = site.worked(), site.context
    site.item("PEINT", "0", purchase_price=0, cost_category="sous_traitance", stock_managed=0)
    editor = Editor(context, order.id)
    reading = entering.read(editor, "PEINT 10 x50", None)
    entering.enter(editor, reading, None)
    editor.close()
    order = site.again(order)
    parties.create(context, {"code": "RHONE", "name": "Rhône", "is_supplier": 1, "is_customer": 0})
    supplier = context.database.value("SELECT id FROM party WHERE code = 'RHONE'", ())
    ids = {line.reference: line for line in order.lines}
    asked = [
        ordering.Wanted(
            supplier,
            ids[name].item_id,
            name,
            quantity,
            price=price,
            sources=((ids[name].id, part),),
        )  # 25 bought of which 20 are for the order
        for name, quantity, price, part in (
            ("PIECE", 25_0000, 95_0000, 20_0000),
            ("PEINT", 10_0000, 30_0000, 10_0000),
        )
    ]
    (bought,) = ordering.order(context, asked)
    invoice = site.make(
        "supplier_invoice",
        ("PIECE", 25, "90.00"),
        ("PEINT", 10, "31.50"),
        customer=None,
        supplier="RHONE",
    )
    site.print(site.load(bought.document_id))
    editor = Editor(context, invoice.id)
    assert matching.match(editor) == 2
    editor.close()
    found = site.look(order)
    piece, paint = (consumption.line_named(found, name) for name in ("PIECE", "PEINT"))
    assert (piece.billed, piece.spent) == (Billed(20_0000, 1_800_00), 0)  # it is in stock still
    assert (paint.consumed, paint.spent, paint.by_invoice) == (10_0000, 315_00, True)
    site.use(order, "PIECE", 10_0000)
    site.use(order, "PIECE", 1_0000, cost=70_0000)
    assert site.look(order).line(piece.what).spent == 970_00
    found = records.set_quantity(context, order.id, paint.what, 8_0000, 10_0000)
    assert (found.line(paint.what).consumed, found.line(paint.what).spent) == (8_0000, 252_00)
    with pytest.raises(Refused, match=f"compte déjà dans {order.ref}"):
        records.spend(context, order.id, paint.what, invoice.ref)
    other = site.make("supplier_invoice", ("Benne", 1, "210.00"), customer=None, supplier="RHONE")
    misc = site.what(order, "DIVERS")
    found = records.spend(context, order.id, misc, other.ref)
    assert found.line(misc).spent == 210_00
    with pytest.raises(Refused, match="compte déjà"):
        records.spend(context, order.id, misc, other.ref, 1)
    records.reverse(context, order.id, found.entries[-1].id)
    assert records.spend(context, order.id, misc, other.ref).line(misc).spent == 210_00
    with pytest.raises(Refused, match="aucune telle ligne"):
        records.spend(context, order.id, misc, other.ref, 7)
    with pytest.raises(Refused, match="n'est pas une facture fournisseur"):
        records.spend(context, order.id, misc, order.ref)


@pytest.mark.both
def test_an_execution_quote_is_what_was_planned(site: Site) -> None:
    site.context.size = "enterprise"
    order = site.worked()
    site.use(order, "MO", 3_0000)
    quote = site.move(order, "execution_quote")
    site.edit(quote, 0, quantity=50_0000)
    found = site.look(order)
    assert (found.summary.sale, found.summary.planned) == (5_000_00, 3_620_00)
    line = consumption.line_named(found, "MO")
    assert (line.quantity, line.consumed, len(found.lines)) == (50_0000, 3_0000, 3)
    site.use(order, "MO", 2_0000)
    assert consumption.line_named(site.look(order), "MO").consumed == 5_0000


@pytest.mark.both
def test_what_is_missing_is_ordered_once(site: Site) -> None:
    order, context = site.worked(), site.context
    parties.create(context, {"code": "RHONE", "name": "Rhône", "is_supplier": 1, "is_customer": 0})
    supplier = context.database.value("SELECT id FROM party WHERE code = 'RHONE'", ())
    with pytest.raises(Refused, match="aucun fournisseur"):
        consumption_notes.wanted(context, order.id)
    with context.database.write():
        for item in (2, 3):
            context.database.insert(
                "item_supplier",
                {"item_id": item, "supplier_id": supplier, "price": 90_0000, "is_main": 1},
            )
    site.use(order, "PIECE", 23_0000)
    (done,) = ordering.order(context, consumption_notes.wanted(context, order.id))
    made = site.load(done.document_id)
    assert [(one.reference, one.quantity) for one in made.lines] == [
        ("DIVERS", 1_0000),
        ("PIECE", 23_0000),
    ]
    with pytest.raises(Refused, match="Rien à commander"):
        consumption_notes.wanted(context, order.id)


def test_a_component_is_followed_by_its_own_cost(site: Site) -> None:
    site.customer("MARTIN")
    site.item("TUB12", purchase_price=parse_price("5"), cost_category="pieces")
    site.item("POSE", purchase_price=parse_price("30"), billing_class="labour", stock_managed=0)
    order = site.follow(site.make("order", ("Étude", 1, "0")))
    editor, after = Editor(site.context, order.id), None
    for text in ("(Réseau", "TUB12 25", "POSE 3", ")"):
        reading = entering.read(editor, text, after)
        assert not reading.error, reading.text
        after = entering.enter(editor, reading, after)
    editor.close()
    order = site.again(order)
    found = site.look(order).summary
    assert [(one.label, one.planned) for one in found.sums] == [
        ("Main d'œuvre", 90_00),
        ("Pièces", 125_00),
    ]
    site.use(order, "TUB12", 25_0000)
    made = site.load(consumption_notes.make_note(site.context, order.id).document_id)
    assert [(one.reference, one.quantity) for one in made.lines] == [("TUB12", 25_0000)]
    assert site.look(order).summary.spent == 125_00


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), max_size=6))
def test_sums_are_those_of_the_lines(uses: list[tuple[int, int]]) -> None:
    line = Line("a", quantity=1_0000, cost_price=10_0000, billing_class="labour")
    made = [
        Entry(number, "use", "a", quantity, cost, typed=True)
        for number, (quantity, cost) in enumerate(uses, 1)
    ]
    groups = [Category("mo", "MO", "labour")]
    (one,) = track([line], made, {}, groups)
    assert one.consumed == sum(quantity for quantity, _ in uses)
    exact = sum(quantity * cost for quantity, cost in uses)
    assert abs(one.spent * 1_000_000 - exact) <= 500_000 * max(1, len({cost for _, cost in uses}))
    taken = [*made, *(Entry(100 + one.id, "reversal", "a", reverses=one.id) for one in made)]
    assert track([line], taken, {}, groups)[0].spent == 0
    found = summed(50_00, [one], groups)
    assert found.planned_margin - found.real_margin == -found.difference


@pytest.mark.both
def test_what_left_is_neither_reserved_nor_needed_nor_delivered_again(site: Site) -> None:
    context = site.context
    order = site.worked()
    piece = context.database.value("SELECT id FROM item WHERE reference = 'PIECE'", ())
    stock.move(context, "PIECE", 30_0000)
    plan = site.make("order", ("PIECE", 4))

    def reserved() -> int:
        return stock.reserved(context.database)[piece] // 10_000

    assert reserved() == 24
    site.use(order, "PIECE", 12_0000)
    note = site.load(consumption_notes.make_note(context, order.id).document_id)
    assert reserved() == 24  # of which 12 on the open note
    site.print(note)
    assert (reserved(), site.on_hand(piece)) == (12, 18)
    ordinary = site.move(order, "delivery_note", {1: "9"})
    with pytest.raises(Refused, match="PIECE : déjà sortie par un bon de consommation"):
        site.print(ordinary)
    assert site.on_hand(piece) == 18
    site.edit(ordinary, 0, quantity=8_0000)
    site.print(ordinary)
    assert site.on_hand(piece) == 10
    site.use(order, "PIECE", 8_0000)
    assert consumption_notes.to_leave(context, site.look(order)) == {}
    site.print(site.move(plan, "delivery_note"))
    assert (site.on_hand(piece), stock.reserved(context.database).get(piece, 0)) == (6, 0)

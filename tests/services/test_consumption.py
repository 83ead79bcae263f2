"""What an order consumed: to the cent, by two people at once, on paper and in stock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.domain.quantity import parse_price
from codial_tui.errors import Refused
from codial_tui.services.buying import consumption, consumption_notes
from codial_tui.services.buying import consumption_records as records
from codial_tui.services.buying.consumption import Tracking
from codial_tui.services.buying.consumption_records import Record
from codial_tui.services.context import Context
from codial_tui.services.documents import entering
from codial_tui.services.documents.editing import Editor


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

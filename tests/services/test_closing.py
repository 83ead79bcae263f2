"""Closing a work order: its parts leave the van, its order learns what it used; reopening turns all
of it round, never once it is billed."""

from __future__ import annotations

from typing import Any

import pytest

from codial_tui.domain.document import Document, Line, Visit
from codial_tui.domain.maintenance import report_check
from codial_tui.domain.maintenance.report_check import Counted
from codial_tui.errors import Refused
from codial_tui.services.buying import consumption, consumption_notes
from codial_tui.services.chain import transfers
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import validating
from codial_tui.services.maintenance import closing
from codial_tui.services.records import parties, settings
from codial_tui.services.stock import journal

VISIT = ("2026-11-02T07:00:00Z", "2026-11-02T07:35:00Z", "2026-11-02T10:05:00Z")
BACK = "2026-11-02T10:45:00Z"
ADDRESS = {"street": "1 rue X", "postcode": "69001", "city": "LYON"}


class Shop:
    """A customer, a stocked part at 5,00 €, a van of the user's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.party = parties.create(
            context, {"name": "TILLEULS", "is_customer": 1, "is_consumer": 1, **ADDRESS}
        )
        with context.database.write():
            insert = context.database.insert
            self.item = insert(
                "item",
                {
                    "uid": context.uid(),
                    "reference": "ELEC",
                    "reference_fold": "elec",
                    "label": "Électrode",
                    "search_text": "elec",
                    "unit": "u",
                    "stock_managed": 1,
                    "cost_price": 5_0000,
                    "sale_price": 48_0000,
                },
            )
            own = {"uid": context.uid(), "code": "VAN", "name": "Camion"}
            self.van = insert("warehouse", own)
            context.database.update("app_user", context.user.id, {"warehouse_id": self.van})
            entry = journal.Entry(self.item, self.van, 10_0000, "receipt", cost=50_000_000)
            journal.write(context, [entry])

    def line(self, quantity: int, **values: Any) -> Line:
        found = Line(self.context.uid(), item_id=self.item, reference="ELEC", label="Électrode")
        found.quantity, found.unit_price, found.unit = quantity, 48_0000, "u"
        found.stock_managed, found.cost_price, found.cost_category = 1, 5_0000, "parts"
        for name, value in values.items():
            setattr(found, name, value)
        found.amount = found.net_amount = 0 if found.covered else quantity * 48 // 100
        return found

    def made(self, kind: str, *lines: Line, **header: Any) -> Document:
        document = documents.blank(self.context, kind, self.party)
        document.lines = list(lines)
        document.header.update(header)
        if kind == "work_order":
            user = self.context.user
            document.visits = [Visit(self.context.uid(), user.id, user.name, *VISIT, BACK)]
        return self.load(documents.insert(self.context, document))

    def load(self, key: int) -> Document:
        found = rows.load(self.context.database, key)
        assert found is not None
        return found

    @property
    def stock(self) -> tuple[int, int]:
        """On hand in the van, and what all of it is worth."""
        database = self.context.database
        level = database.value("SELECT on_hand FROM stock_level WHERE item_id = ?", (self.item,))
        worth = database.value("SELECT value FROM stock_worth WHERE item_id = ?", (self.item,))
        return level, worth


@pytest.fixture
def shop(context: Context) -> Shop:
    return Shop(context)


@pytest.mark.both
def test_parts_leave_the_van_and_come_back(shop: Shop) -> None:
    work = shop.made("work_order", shop.line(2_0000), shop.line(1_0000, covered="warranty"))
    closed = closing.close(shop.context, work.id)
    assert closed.state == "closed"
    assert shop.stock == (7_0000, 35_000_000)  # covered or not
    with pytest.raises(Refused, match="est déjà terminé"):
        closing.close(shop.context, work.id)
    editor = Editor(shop.context, work.id)
    assert editor.reason == f"{work.ref} est terminé"
    closing.reopen(shop.context, editor)
    assert shop.stock == (10_0000, 50_000_000)
    closing.reopen(shop.context, closing.drop(shop.context, work.id).id)
    closing.close(shop.context, work.id)
    assert shop.stock == (7_0000, 35_000_000)
    assert journal.verify(shop.context.database) == []


@pytest.mark.both
def test_an_invoice_moves_nothing_again_and_holds_it_closed(shop: Shop) -> None:
    work = shop.made("work_order", shop.line(2_0000))
    with pytest.raises(Refused, match="Seul un bon d'intervention terminé se facture"):
        transfers.transfer(shop.context, transfers.Request((work.id,), "invoice"))
    closing.close(shop.context, work.id)
    done = transfers.transfer(shop.context, transfers.Request((work.id,), "invoice"))
    with pytest.raises(Refused, match=rf"{work.ref} est facturé : FA-P\d+"):
        closing.reopen(shop.context, work.id)
    invoice = validating.validate(shop.context, done.target_id)
    assert (invoice.number("net_total"), shop.stock) == (96_00, (8_0000, 40_000_000))
    with pytest.raises(Refused, match=f"est facturé : {invoice.ref}"):
        closing.reopen(shop.context, work.id)


def test_stock_that_is_not_there_is_refused_where_it_blocks(shop: Shop) -> None:
    settings.store(shop.context, "stock.negative", "block", own=False)
    work = shop.made("work_order", shop.line(11_0000))
    with pytest.raises(Refused, match="ELEC : stock 10, il en part 11"):
        closing.close(shop.context, work.id)
    assert (shop.load(work.id).state, shop.stock[0]) == ("open", 10_0000)


def test_a_visit_that_goes_on_is_not_closed(shop: Shop) -> None:
    work = shop.made("work_order")
    database = shop.context.database
    database.execute("UPDATE work_visit SET ended = NULL, returned = NULL")
    with pytest.raises(Refused, match="Visite 1 : l'heure de fin manque"):
        closing.close(shop.context, work.id)
    database.execute("UPDATE work_visit SET arrival = NULL")
    with pytest.raises(Refused, match="Visite 1 : l'heure de fin manque"):
        closing.close(shop.context, work.id)
    database.execute("UPDATE work_visit SET ended = ?", (VISIT[2],))
    with pytest.raises(Refused, match="Visite 1 : l'heure d'arrivée manque"):
        closing.close(shop.context, work.id)


def test_somebody_else_has_it_open_or_was_quicker(shop: Shop) -> None:
    work = shop.made("work_order")
    editor = Editor(shop.context, work.id)
    shop.context.database.update("document", work.id, {"version": work.version + 1})
    with pytest.raises(Refused, match="a changé entre-temps"):
        closing.close(shop.context, editor)
    assert shop.load(work.id).state == "open"


def test_it_feeds_the_order_it_works_for(shop: Shop) -> None:
    context = shop.context
    labour = shop.line(4_0000, item_id=None, reference="", label="Pose", stock_managed=0)
    labour.billing_class, labour.cost_category, labour.cost_price = "labour", "labour", 32_0000
    order = shop.made("order", shop.line(3_0000), labour)
    own = shop.line(0, item_id=None, reference="", label="Pose", stock_managed=0, covered="order")
    own.quantity, own.billing_class, own.cost_category = 1_0000, "labour", "labour"
    work = shop.made("work_order", shop.line(2_0000, covered="order"), own, order_id=order.id)
    closing.close(context, work.id)
    found = consumption.look(context, order.id)
    used = {one.label: (one.consumed, one.spent) for one in found.lines}
    # 75 minutes on the road and 150 at work are 3.75 h at 32.00
    assert used == {"Électrode": (2_0000, 10_00), "Pose": (3_7500, 120_00)}
    assert consumption_notes.to_leave(context, found) == {}
    assert shop.stock[0] == 8_0000
    assert found.summary.beside == 0
    closing.reopen(context, work.id)
    found = consumption.look(context, order.id)
    assert [(one.consumed, one.spent) for one in found.lines] == [(0, 0), (0, 0)]
    assert shop.stock == (10_0000, 50_000_000)


def test_what_it_bills_beside_its_order_is_in_the_real_margin(shop: Shop) -> None:
    context = shop.context
    order = shop.made("order", shop.line(3_0000))
    work = shop.made("work_order", shop.line(5_0000), order_id=order.id)
    assert [(one.quantity, one.covered) for one in work.lines] == [(5_0000, "")]
    closing.close(context, work.id)
    closed = shop.load(work.id)
    assert [(one.quantity, one.covered) for one in closed.lines] == [
        *((3_0000, "order"), (2_0000, ""))
    ]
    found = consumption.look(context, order.id).summary
    assert (found.sale, found.beside, found.spent) == (144_00, 96_00, 25_00)
    assert (found.real_margin, found.real_rate) == (215_00, 895_833)


ORDERED = {"#1": Counted("ELEC", 2_0000), "joint": Counted("Joint", 1_0000)}
MORE = {**ORDERED, "#1": Counted("ELEC", 3_0000), "#2": Counted("TUB", 1_0000)}
LESS = {"#1": Counted("ELEC", 2_0000)}


@pytest.mark.parametrize(
    ("mode", "same", "more", "less", "alone"),
    [
        ("none", False, False, False, False),
        ("identical", True, False, False, True),
        ("identical_plus", True, True, False, True),
        ("no_order", False, False, False, True),
        ("all", True, True, True, True),
    ],
)
def test_which_reports_close_by_themselves(
    mode: str, same: bool, more: bool, less: bool, alone: bool
) -> None:
    passes = report_check.passes
    found = (passes(mode, ORDERED, dict(ORDERED)), passes(mode, ORDERED, MORE))
    assert (*found, passes(mode, ORDERED, LESS), passes(mode, None, MORE)) == (
        *(same, more, less, alone),
    )


def test_differences_are_told_one_by_one() -> None:
    assert report_check.differences(ORDERED, MORE) == [
        "ELEC : 2 commandé, 3 posé",
        "TUB : 1 posé, pas commandé",
    ]
    assert report_check.differences(ORDERED, LESS) == ["Joint : 1 commandé, rien de posé"]
    assert report_check.differences(ORDERED, dict(ORDERED)) == []

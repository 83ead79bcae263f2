"""Prices asked of several suppliers: answers to the cent, what is taken, one order each, the sale
lines behind it, and all of it taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk
from sessions import session

from codial_tui.domain.buying.price_answers import Said, read
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import parse_quantity
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.printing.preview import preview
from codial_tui.services.buying import (
    price_choices,
    price_letters,
    price_needs,
    price_orders,
    price_requests,
)
from codial_tui.services.buying.ordering import Wanted
from codial_tui.services.chain import transfer_targets
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import parties


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    for code in ("RHONE", "ALPES", "JURA"):
        values = {"code": code, "name": code.title(), "is_supplier": 1, "is_customer": 0}
        parties.create(context, {**values, "street": f"1 rue {code}", "city": "LYON"})
    for reference in ("TUB12", "COU90", "VAN20"):
        desk.item(reference)
    return desk


def supplier(desk: Desk, code: str) -> int:
    return parties.by_code(desk.context, code)


def asked(desk: Desk, *codes: str) -> Document:
    """A request of three lines: 10 tubes, 4 bends, 2 valves."""
    request = desk.make(
        "price_request",
        ("TUB12", "10", "0"),
        ("COU90", "4", "0"),
        ("VAN20", "2", "0"),
        customer=None,
    )
    price_requests.ask(desk.context, request.id, [supplier(desk, code) for code in codes])
    return request


def answers(desk: Desk, request: Document, code: str, *texts: str) -> None:
    """An answer a line, "" for none."""
    said = {line.uid: read(text) for line, text in zip(request.lines, texts) if text}
    price_requests.answer(desk.context, request.id, supplier(desk, code), said)


def bought(desk: Desk, order_id: int) -> list[tuple[str, int, int, int]]:
    """Reference, quantity, price and cents of each line of an order."""
    return desk.context.database.rows(
        "SELECT reference, quantity, unit_price, amount FROM document_line WHERE document_id = ? "
        "ORDER BY position",
        (order_id,),
    )


def state(desk: Desk, document: Document) -> str:
    return str(
        desk.context.database.value("SELECT state FROM document WHERE id = ?", (document.id,))
    )


@pytest.mark.both
def test_answers_are_compared_line_by_line(desk: Desk) -> None:
    request = asked(desk, "RHONE", "ALPES", "JURA")
    answers(desk, request, "RHONE", "5", "2,5", "non")
    answers(desk, request, "ALPES", "6 -20% 8j", "2,5", "30")
    answers(desk, request, "JURA", "4,9 min 20")
    seen = price_requests.compared(desk.context, request.id)
    found = [
        {
            one.code: (offer.amount, offer.best)
            for one in seen.asked
            if (offer := seen.offers[line.uid].get(one.supplier_id))
        }
        for line in seen.lines
    ]
    assert found == [
        {"RHONE": (50_00, False), "ALPES": (48_00, True), "JURA": (98_00, False)},  # 20 of them
        {"RHONE": (10_00, True), "ALPES": (10_00, True)},
        {"ALPES": (60_00, True)},
    ]
    summaries = [seen.summary(one.supplier_id)[:3] for one in seen.asked]
    assert summaries == [(60_00, 0, 1), (118_00, 0, 0), (98_00, 2, 0)]
    assert price_choices.choose_cheapest(desk.context, request.id) == 3
    seen = price_requests.compared(desk.context, request.id)
    names = {one.supplier_id: one.code for one in seen.asked}
    # of two equal prices, the one asked first: nobody said when
    assert [names[seen.chosen(line.uid) or 0] for line in seen.lines] == ["ALPES", "RHONE", "ALPES"]


@pytest.mark.both
def test_one_order_a_supplier_at_the_answered_price(desk: Desk) -> None:
    request = asked(desk, "RHONE", "ALPES")
    answers(desk, request, "RHONE", "5 -10% 8j", "2,5", "40")
    answers(desk, request, "ALPES", "6", "2,4 min 12", "30 15j")
    price_choices.choose_cheapest(desk.context, request.id)
    one, other = request.lines[1].uid, supplier(desk, "ALPES")
    price_choices.choose(desk.context, request.id, {one: other})
    done = price_orders.order(desk.context, request.id)
    assert [len(done), done[0].created, done[1].created] == [2, True, True]
    assert bought(desk, done[0].target_id) == [("TUB12", 10_0000, 5_0000, 45_00)]
    assert bought(desk, done[1].target_id) == [
        ("COU90", 12_0000, 2_4000, 28_80),  # their minimum
        ("VAN20", 2_0000, 30_0000, 60_00),
    ]
    first, second = (desk.load(one.target_id) for one in done)
    assert first.text("party_code") == "RHONE" and second.text("party_code") == "ALPES"
    assert first.text("billing_street") == "1 rue RHONE"
    assert (first.number("net_total"), second.number("net_total")) == (45_00, 88_80)
    days = [desk.context.today.toordinal() + more for more in (8, 15)]
    assert [_ordinal(one.text("expected_date")) for one in (first, second)] == days
    assert state(desk, request) == "closed"
    with pytest.raises(Refused, match="Tout ce qui est choisi est commandé"):
        price_orders.order(desk.context, request.id)
    with pytest.raises(Refused, match="est close"):
        answers(desk, request, "RHONE", "4")
    # undone while they are open: the request waits again, nothing is bought
    assert desk.undo(first) and state(desk, request) == "open"
    with pytest.raises(Refused, match="est commandée"):
        answers(desk, request, "ALPES", "", "2")
    again = price_orders.order(desk.context, request.id)
    assert bought(desk, again[0].target_id) == [("TUB12", 10_0000, 5_0000, 45_00)]
    assert desk.undo(desk.load(again[0].target_id)) and desk.undo(second)
    assert state(desk, request) == "open"
    answers(desk, request, "RHONE", "4,8")


def _ordinal(day: str) -> int:
    from datetime import date

    return date.fromisoformat(day).toordinal()


@pytest.mark.both
def test_an_order_joins_an_open_one_and_a_sent_one_says_why_not(desk: Desk) -> None:
    open_one = desk.make("purchase_order", ("VAN20", "1", "7"), customer=None, supplier="RHONE")
    gone = desk.make("purchase_order", ("VAN20", "1", "7"), customer=None, supplier="RHONE")
    desk.print(gone)
    request = asked(desk, "RHONE")
    answers(desk, request, "RHONE", "5", "", "9")
    price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
    (group,) = price_orders.groups(desk.context, request.id)
    assert (group.lines, group.net) == (2, 68_00)
    said = {one.ref: (one.group, [each.code for each in one.criteria]) for one in group.candidates}
    assert said[open_one.ref] == ("mergeable", [])
    assert said[gone.ref][0] == "refused" and "target_state" in said[gone.ref][1]
    where = supplier(desk, "RHONE")
    before = desk.context.database.value("SELECT COUNT(*) FROM document_line", ())
    with pytest.raises(Refused, match="imprimée le"):
        price_orders.order(desk.context, request.id, into={where: gone.id})
    assert desk.context.database.value("SELECT COUNT(*) FROM document_line", ()) == before
    (done,) = price_orders.order(desk.context, request.id, into={where: open_one.id})
    assert not done.created and done.ref == open_one.ref
    found = [row for row in bought(desk, open_one.id) if row[0]]
    assert found == [
        ("VAN20", 1_0000, 7_0000, 7_00),
        ("TUB12", 10_0000, 5_0000, 50_00),
        ("VAN20", 2_0000, 9_0000, 18_00),
    ]
    assert not desk.undo(desk.load(open_one.id))
    assert bought(desk, open_one.id) == [("VAN20", 1_0000, 7_0000, 7_00)]
    assert state(desk, request) == "open"


def wanted(
    desk: Desk, sale: Document, at: int, quantity: str, project: int | None = None
) -> Wanted:
    line = sale.lines[at]
    amount = parse_quantity(quantity)
    sources = ((line.id or 0, amount),)
    return Wanted(
        0, line.item_id, line.label, amount, line.unit, sources=sources, project_id=project
    )


def supplied(desk: Desk, sale: Document) -> list[tuple[str, str, int]]:
    return desk.context.database.rows(
        "SELECT l.reference, d.kind, k.quantity FROM line_link k "
        "JOIN document_line l ON l.id = k.source_line_id "
        "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
        "WHERE l.document_id = ? AND k.relation = 'supply' AND k.pool = 'buy' ORDER BY k.id",
        (sale.id,),
    )


@pytest.mark.both
def test_needs_asked_for_become_contremarque(desk: Desk) -> None:
    sales = [desk.make("order", ("TUB12", "4"), ("COU90", "3")) for _ in range(2)]
    needs = [
        wanted(desk, sales[0], 0, "4"),
        wanted(desk, sales[1], 0, "2,5"),
        wanted(desk, sales[0], 1, "3"),
    ]
    request = price_needs.from_needs(desk.context, needs, subject="Chantier")
    assert [(one.reference, one.quantity) for one in request.lines] == [
        ("TUB12", 6_5000),
        ("COU90", 3_0000),
    ]
    assert supplied(desk, sales[0]) == []  # a price reserves nothing
    price_requests.ask(desk.context, request.id, [supplier(desk, "RHONE")])
    answers(desk, request, "RHONE", "5", "2")
    price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
    (done,) = price_orders.order(desk.context, request.id)
    assert supplied(desk, sales[0]) == [
        ("TUB12", "purchase_order", 4_0000),
        ("COU90", "purchase_order", 3_0000),
    ]
    assert supplied(desk, sales[1]) == [("TUB12", "purchase_order", 2_5000)]
    assert desk.undo(desk.load(done.target_id))
    assert supplied(desk, sales[0]) == [] == supplied(desk, sales[1])


@pytest.mark.both
def test_what_was_bought_meanwhile_is_not_linked_twice(desk: Desk) -> None:
    sale = desk.make("order", ("TUB12", "4"))
    first = price_needs.from_needs(desk.context, [wanted(desk, sale, 0, "4")])
    second = price_needs.from_needs(desk.context, [wanted(desk, sale, 0, "4")])
    for request in (first, second):
        price_requests.ask(desk.context, request.id, [supplier(desk, "RHONE")])
        answers(desk, request, "RHONE", "5")
        price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
        (group,) = price_orders.groups(desk.context, request.id)
        assert group.spare == (() if request is first else ("Article TUB12",))
        price_orders.order(desk.context, request.id)
    assert supplied(desk, sale) == [("TUB12", "purchase_order", 4_0000)]


@pytest.mark.both
def test_a_purchase_request_is_ordered_by_way_of_its_prices(desk: Desk) -> None:
    sale = desk.make("order", ("TUB12", "10"))
    needs = [wanted(desk, sale, 0, "10")]
    demand = price_needs.from_needs(desk.context, needs, kind="purchase_request")
    request = desk.move(demand, "price_request")
    price_requests.ask(desk.context, request.id, [supplier(desk, "RHONE")])
    answers(desk, request, "RHONE", "5")
    price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
    (done,) = price_orders.order(desk.context, request.id)
    assert supplied(desk, sale) == [("TUB12", "purchase_order", 10_0000)]
    assert progress(desk, demand) == "full"
    with pytest.raises(Refused, match="plus rien à transférer"):
        transfer(desk.context, Request((demand.id,), "purchase_order"))
    desk.undo(desk.load(done.target_id))
    assert progress(desk, demand) == "none" and supplied(desk, sale) == []


def progress(desk: Desk, document: Document) -> str:
    return str(
        desk.context.database.value("SELECT delivery FROM document WHERE id = ?", (document.id,))
    )


@pytest.mark.both
def test_a_purchase_request_is_ordered_in_parts(desk: Desk) -> None:
    sale = desk.make("order", ("TUB12", "10"))
    needs = [wanted(desk, sale, 0, "10")]
    demand = price_needs.from_needs(desk.context, needs, kind="purchase_request")
    assert progress(desk, demand) == "none"
    order = desk.move(demand, "purchase_order", {0: "6"})
    assert progress(desk, demand) == "part"
    assert supplied(desk, sale) == [("TUB12", "purchase_order", 6_0000)]
    second = desk.move(demand, "purchase_order")
    assert progress(desk, demand) == "full"
    assert supplied(desk, sale)[1] == ("TUB12", "purchase_order", 4_0000)
    assert desk.undo(second) and desk.undo(order)
    assert progress(desk, demand) == "none"


@pytest.mark.parametrize(
    ("code", "texts", "said"),
    [
        ("JURA", ("5",), "Aucun prix n'a été demandé à Jura"),
        ("RHONE", (), "Aucune réponse"),
    ],
)
def test_wrong_answers(desk: Desk, code: str, texts: tuple[str, ...], said: str) -> None:
    request = asked(desk, "RHONE")
    with pytest.raises(Refused, match=said):
        answers(desk, request, code, *texts)


def test_what_cannot_be_recorded(desk: Desk) -> None:
    request = asked(desk, "RHONE", "ALPES")
    rhone = supplier(desk, "RHONE")
    with pytest.raises(Refused, match="déjà interrogé"):
        price_requests.ask(desk.context, request.id, [rhone])
    with pytest.raises(Refused, match="Ce n'est pas un fournisseur"):
        price_requests.ask(desk.context, request.id, [supplier(desk, "MARTIN")])
    with pytest.raises(Refused, match="Cette ligne n'est pas dans"):
        said = {request.lines[0].uid: Said(5_0000), "0" * 32: Said(5_0000)}
        price_requests.answer(desk.context, request.id, rhone, said)
    assert price_requests.compared(desk.context, request.id).answers == []  # none of it
    with pytest.raises(Refused, match="Montant trop grand"):
        said = {request.lines[0].uid: Said(9 * 10**15, minimum=9 * 10**15)}
        price_requests.answer(desk.context, request.id, rhone, said)
    answers(desk, request, "RHONE", "non")
    with pytest.raises(Refused, match="n'a pas de prix"):
        price_choices.choose(desk.context, request.id, {request.lines[0].uid: rhone})
    with pytest.raises(Refused, match="a répondu"):
        price_requests.withdraw(desk.context, request.id, rhone)
    price_requests.withdraw(desk.context, request.id, supplier(desk, "ALPES"))
    assert [one.code for one in price_requests.asked(desk.context, request.id)] == ["RHONE"]
    with pytest.raises(Refused, match="Aucune réponse n'est retenue"):
        price_orders.order(desk.context, request.id)
    order = desk.make("order", ("TUB12", "1"))
    with pytest.raises(Refused, match="n'est pas une demande de prix"):
        price_requests.ask(desk.context, order.id, [rhone])


@pytest.mark.both
def test_who_has_it_open_is_the_only_one_who_answers(desk: Desk, database_url: str) -> None:
    request = asked(desk, "RHONE")
    answers(desk, request, "RHONE", "5")
    opened = open_database(database_url, create=False)
    other = Editor(session(opened), request.id)
    with pytest.raises(Refused, match="Ouvert par"):
        answers(desk, request, "RHONE", "4")
    other.close()
    opened.close()
    answers(desk, request, "RHONE", "4")  # the last one stands, once
    (one,) = price_requests.compared(desk.context, request.id).answers
    assert one.said.price == 4_0000


def test_an_answer_that_is_taken_back_or_declined_is_not_chosen(desk: Desk) -> None:
    request = asked(desk, "RHONE")
    rhone, uid = supplier(desk, "RHONE"), request.lines[0].uid
    answers(desk, request, "RHONE", "5")
    price_choices.choose(desk.context, request.id, {uid: rhone})
    answers(desk, request, "RHONE", "4")
    assert price_requests.compared(desk.context, request.id).chosen(uid) == rhone
    answers(desk, request, "RHONE", "non")
    assert price_requests.compared(desk.context, request.id).chosen(uid) is None
    price_requests.answer(desk.context, request.id, rhone, {uid: None})
    assert price_requests.compared(desk.context, request.id).answers == []


@pytest.mark.both
def test_answers_become_the_prices_of_the_supplier(desk: Desk) -> None:
    request = asked(desk, "RHONE")
    rhone = supplier(desk, "RHONE")
    item = request.lines[0].item_id
    with desk.context.database.write():
        desk.context.database.insert(
            "item_supplier",
            {"item_id": item, "supplier_id": rhone, "price": 9_0000, "discount": 100_000},
        )
    assert [one[:2] for one in price_requests.proposed(desk.context, request.id)] == []
    answers(desk, request, "RHONE", "5 -5% 8j min 3", "2", "7")
    price_choices.choose(desk.context, request.id, {line.uid: rhone for line in request.lines[:2]})
    price_orders.order(desk.context, request.id)
    assert price_orders.update_prices(desk.context, request.id) == 2
    found = desk.context.database.rows(
        "SELECT item_id, price, discount, minimum, delay_days, priced_at FROM item_supplier "
        "ORDER BY item_id",
        (),
    )
    today = desk.context.today.isoformat()
    assert found == [
        (item, 5_0000, 50_000, 3_0000, 8, today),
        (request.lines[1].item_id, 2_0000, 0, 0, 0, today),
    ]


def test_who_has_a_price_is_proposed(desk: Desk) -> None:
    request = asked(desk, "RHONE")
    with desk.context.database.write():
        for code, lines in (("RHONE", 3), ("JURA", 1), ("ALPES", 2)):
            for line in request.lines[:lines]:
                values = {"item_id": line.item_id, "supplier_id": supplier(desk, code)}
                desk.context.database.insert("item_supplier", {**values, "price": 1_0000})
    found = price_requests.proposed(desk.context, request.id)
    assert [(one[1], one[3]) for one in found] == [("ALPES", 2), ("JURA", 1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12,50", Said(12_5000)),
        ("12.50 -5% 8j min 10", Said(12_5000, 50_000, 10_0000, 8)),
        ("0,0125 min10 3 j", None),
        ("12,50€ 5%", Said(12_5000, 50_000)),
        ("non", Said(declined=True)),
        ("-", Said(declined=True)),
        ("0", None),
        ("-3", None),
        ("", None),
        ("12 100%", None),
        ("12 5000j", None),
        ("12 min -4", None),
        ("douze", None),
        ("12 bof", None),
        ("9" * 40, None),
    ],
)
def test_what_is_typed_for_a_line(text: str, said: Said | None) -> None:
    if said is None:
        with pytest.raises(Invalid):
            read(text)
    else:
        assert read(text) == said


def test_prices_have_the_decimals_of_the_document() -> None:
    assert read("0,0125") == Said(125)
    with pytest.raises(Invalid, match="2 décimales au plus"):
        read("0,0125", 2)


def test_the_lines_of_the_order_are_there_once(desk: Desk) -> None:
    request = asked(desk, "RHONE")
    answers(desk, request, "RHONE", "5", "2", "7")
    price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
    (done,) = price_orders.order(desk.context, request.id)
    stored = rows.load(desk.context.database, done.target_id)
    assert stored is not None
    assert len(stored.links) == 3 and {one.pool for one in stored.links.values()} == {""}


@pytest.mark.long
@pytest.mark.both
def test_one_letter_a_supplier_in_one_gesture(desk: Desk) -> None:
    request = asked(desk, "RHONE", "ALPES")
    desk.set(request, expected_date="2026-11-30")
    with desk.context.database.write():
        values = {"item_id": request.lines[0].item_id, "supplier_id": supplier(desk, "RHONE")}
        desk.context.database.insert("item_supplier", {**values, "reference": "RH-77"})
        desk.context.database.execute("UPDATE party SET email = 'a@alpes.fr' WHERE code = 'ALPES'")
        desk.context.database.execute("UPDATE company SET email = 'moi@demo.fr'")
    request = price_requests.load(desk.context, request.id)
    shown = [
        "\n".join(
            row
            for page in preview(price_letters.paper(desk.context, request, who), 90, 60)
            for row in page
        )
        for who in (supplier(desk, "RHONE"), supplier(desk, "ALPES"))
    ]
    assert "1 rue RHONE" in shown[0] and "1 rue ALPES" in shown[1]
    assert "Votre référence : RH-77" in shown[0] and "RH-77" not in shown[1]
    assert all("avant le 30/11/2026" in one and "Réponse le 30/11/2026" in one for one in shown)
    assert not any("HT" in one or "Montant" in one or "€" in one for one in shown)
    sent = price_letters.send(desk.context, request.id, folder=desk.folder, by_mail=True)
    assert sent.mailed == ("a@alpes.fr",)
    (file,) = sent.files
    assert file.name == f"Demande de prix {request.ref} RHONE.pdf"
    assert file.read_bytes().startswith(b"%PDF-1.7")
    assert state(desk, request) == "sent"
    kept = desk.context.database.rows("SELECT name, origin FROM attachment ORDER BY id", ())
    assert kept == [
        (f"Demande de prix {request.ref} RHONE.pdf", "printed"),
        (f"Demande de prix {request.ref} ALPES.pdf", "printed"),
    ]
    (mail,) = desk.context.database.rows("SELECT recipient, subject FROM mail_queue", ())
    assert mail == ("a@alpes.fr", f"Demande de prix {request.ref}")
    assert all(one.sent_at for one in price_requests.asked(desk.context, request.id))
    with pytest.raises(Refused, match="existe déjà"):
        price_letters.send(desk.context, request.id, folder=desk.folder)
    with pytest.raises(Refused, match="a reçu sa demande"):
        price_requests.withdraw(desk.context, request.id, supplier(desk, "ALPES"))
    price_letters.send(desk.context, request.id, folder=desk.folder, again=True)


def test_nothing_leaves_without_supplier_or_lines(desk: Desk) -> None:
    request = desk.make("price_request", ("TUB12", "10"), customer=None)
    with pytest.raises(Refused, match="Aucun fournisseur à qui demander"):
        price_letters.send(desk.context, request.id, folder=desk.folder)
    empty = desk.make("price_request", customer=None)
    price_requests.ask(desk.context, empty.id, [supplier(desk, "RHONE")])
    with pytest.raises(Refused, match="ligne"):
        price_letters.send(desk.context, empty.id, folder=desk.folder)
    assert state(desk, empty) == "open" and not list(desk.folder.glob("*.pdf"))


@pytest.mark.both
def test_a_purchase_request_joins_the_order_of_any_supplier(desk: Desk) -> None:
    open_one = desk.make("purchase_order", ("VAN20", "1", "7"), customer=None, supplier="RHONE")
    gone = desk.make("purchase_order", ("VAN20", "1", "7"), customer=None, supplier="ALPES")
    desk.print(gone)
    demand = desk.make("purchase_request", ("TUB12", "10", "4"), customer=None)
    found = transfer_targets.candidates(desk.context, (demand.id,), doc_type("purchase_order"))
    assert [(one.ref, one.group, one.subject) for one in found] == [
        (open_one.ref, "mergeable", "Rhone"),
        (gone.ref, "refused", "Alpes"),
    ]
    order = desk.move(demand, "purchase_order", into=open_one)
    assert order.text("party_code") == "RHONE" and progress(desk, demand) == "full"
    assert [row for row in bought(desk, order.id) if row[0]] == [
        ("VAN20", 1_0000, 7_0000, 7_00),
        ("TUB12", 10_0000, 4_0000, 40_00),
    ]
    desk.undo(order)
    alone = desk.move(demand, "purchase_order")
    assert alone.text("party_name") == ""  # said at F8 and when it is printed
    with pytest.raises(Refused, match="fournisseur manque"):
        desk.print(alone)


@pytest.mark.both
def test_every_line_keeps_its_project(desk: Desk) -> None:
    database = desk.context.database
    with database.write():
        first, second = (
            database.insert("project", {"uid": desk.context.uid(), "code": name, "name": name})
            for name in ("Gare", "Quai")
        )
    sale = desk.make("order", ("TUB12", "10"), ("TUB12", "5"))
    needs = [
        wanted(desk, sale, 0, "10")._replace(project_id=first),
        wanted(desk, sale, 1, "5")._replace(project_id=second),
    ]
    request = price_needs.from_needs(desk.context, needs)
    assert [(one.quantity, one.project_id) for one in request.lines] == [
        (10_0000, first),
        (5_0000, second),
    ]
    assert request.header["project_id"] is None
    price_requests.ask(desk.context, request.id, [supplier(desk, "RHONE")])
    answers(desk, request, "RHONE", "5", "5 min 8")
    price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
    (done,) = price_orders.order(desk.context, request.id)
    order = desk.load(done.target_id)
    assert [(one.quantity, one.project_id) for one in order.lines] == [
        (10_0000, first),
        (8_0000, second),  # three of them for the stock
    ]
    assert supplied(desk, sale) == [
        ("TUB12", "purchase_order", 10_0000),
        ("TUB12", "purchase_order", 5_0000),
    ]


@pytest.mark.both
def test_another_program_that_ordered_first_wins(desk: Desk, database_url: str) -> None:
    request = asked(desk, "RHONE")
    answers(desk, request, "RHONE", "5", "2", "7")
    price_choices.choose_supplier(desk.context, request.id, supplier(desk, "RHONE"))
    opened = open_database(database_url, create=False)
    price_orders.order(session(opened), request.id)
    opened.close()
    with pytest.raises(Refused, match="Tout ce qui est choisi est commandé"):
        price_orders.order(desk.context, request.id)
    count = "SELECT COUNT(*) FROM document WHERE kind = 'purchase_order'"
    assert desk.context.database.value(count, ()) == 1

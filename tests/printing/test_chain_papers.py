"""Orders, delivery notes and provisional invoices on paper, as the demo company prints them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from codial_tui.bootstrap import Program, open_program
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.paper.paper import Paper, Sums, Table
from codial_tui.domain.quantity import parse_quantity
from codial_tui.exchange.documents import parse_document
from codial_tui.printing.preview import preview
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.demo import demo
from codial_tui.services.documents import documents, requests
from codial_tui.services.paper import printing

NOON = datetime(2026, 11, 9, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    path: Path = tmp_path_factory.mktemp("papers") / "demo.sqlite3"
    program = open_program(str(path), create=True, clock=lambda: NOON, login="claire")
    demo.load(program.context)
    yield program
    program.close()


def paper(program: Program, ref: str, layout: str = "") -> Paper:
    return printing.paper(program.context, documents.get(program.context, ref), layout_name=layout)


def columns(printed: Paper) -> list[str]:
    table = next(one for one in printed.blocks if isinstance(one, Table))
    return [one.name for one in table.columns]


def offered(program: Program, ref: str) -> list[str]:
    document = documents.get(program.context, ref)
    kind = doc_type(document.kind)
    return [one.label for one in printing.layouts(program.context, kind, document)]


@pytest.mark.long
def test_an_order_is_a_bon_de_commande_or_its_receipt(program: Program) -> None:
    assert paper(program, "CC26-00009").title == "BON DE COMMANDE CC26-00009"
    receipt = paper(program, "CC26-00009", "order_receipt")
    assert receipt.title == "ACCUSÉ DE RÉCEPTION DE COMMANDE CC26-00009"
    assert offered(program, "CC26-00009") == ["négoce", "accusé"]
    assert "Selon devis DE26-00012 du 02/10/2026" in paper(program, "CC26-00002").facts


def test_a_delivery_note_has_prices_or_none(program: Program) -> None:
    priced = paper(program, "BL26-00009")
    assert priced.title == "BON DE LIVRAISON BL26-00009"
    assert "Selon commande CC26-00009 du 05/11/2026" in priced.facts
    assert {"unit_price", "amount"} <= set(columns(priced))
    plain = paper(program, "BL26-00009", "delivery_note_plain")
    assert columns(plain) == ["reference", "label", "ordered", "quantity", "rest", "unit"]
    assert not any(isinstance(one, Sums) for one in plain.blocks)
    assert offered(program, "BL26-00009") == ["chiffré", "sans prix"]


def test_a_delivery_note_says_what_was_ordered_and_what_is_to_come(program: Program) -> None:
    """Each paper as things stood when it was printed: a second one says the same."""
    context = program.context
    customer = {"name": "RELIQUAT", "street": "1 rue X", "postcode": "69001", "city": "LYON"}
    lines = [
        {"type": "item", "label": label, "quantity": quantity, "unit_price": "10"}
        for label, quantity in (("Tube", "12"), ("Coude", "5"))
    ]
    asked = {"kind": "order", "customer": customer, "lines": lines}
    order = requests.create(context, parse_document(json.dumps(asked)))

    def delivered(first: str, second: str) -> Document:
        takes = {
            line.uid: parse_quantity(text)
            for line, text in zip(order.lines, (first, second), strict=True)
            if text
        }
        done = transfer(context, Request((order.id,), "delivery_note", takes={order.id: takes}))
        return documents.get(context, done.ref)

    def rows(document: Document) -> list[tuple[str, ...]]:
        printed = paper(program, document.ref, "delivery_note_plain")
        table = next(one for one in printed.blocks if isinstance(one, Table))
        return [row.cells for row in table.rows]

    def issue(document: Document, folder: Path) -> None:
        where = printing.ToFile(folder / f"{document.ref}.pdf", replace=True)
        prepared = printing.prepare(context, document.id, where)
        printing.finish(context, document.id, prepared, b"%PDF-1.7", "essai")

    with TemporaryDirectory() as folder:
        first = delivered("5", "5")
        said = [("Tube", "12,00", "5,00", "7,00"), ("Coude", "5,00", "5,00", "0,00")]
        assert rows(first) == said
        issue(first, Path(folder))
        second = delivered("4", "")
        assert rows(second) == [("Tube", "12,00", "5,00", "4,00", "3,00")]
        issue(second, Path(folder))
        assert rows(first) == said
        third = delivered("4", "")  # one more than is left: the excess has no order
        assert rows(third)[0] == ("Tube", "12,00", "9,00", "3,00", "0,00")
        assert rows(third)[1] == ("Tube", "", "", "1,00", "")
        text = preview(paper(program, second.ref))
        assert max(len(row) for page in text for row in page) <= 78
        assert any("Cdé" in row and "Reste" in row for page in text for row in page)


def test_a_priced_note_keeps_its_table_on_a_screen(program: Program) -> None:
    """What was ordered gives way at 80 columns, the paper has it."""
    printed = paper(program, "BL26-00009")
    assert {"ordered", "rest"} <= set(columns(printed))
    rows = [row for page in preview(printed) for row in page]
    head = next(row for row in rows if "Désignation" in row)
    assert "Reste" in head and "Cdé" not in head
    assert any("Groupe de" in row and "28,90" in row for row in rows)


def test_returns_and_internal_notes_say_what_they_are(program: Program) -> None:
    assert paper(program, "BL26-00008").title == "BON DE RETOUR BL26-00008"
    internal = paper(program, "BL26-00011")
    assert internal.title == "BON INTERNE BL26-00011"
    assert internal.party == () and "unit_price" not in columns(internal)
    assert offered(program, "BL26-00011") == ["sans prix", "chiffré"]


def test_an_invoice_of_two_notes_names_both_and_is_provisional(program: Program) -> None:
    ref = program.context.database.value(
        "SELECT MIN(t.target_id) FROM transfer t JOIN document d ON d.id = t.source_id "
        "WHERE d.number = 'BL26-00002'"
    )
    printed = paper(program, f"FA-P{ref}")
    assert (printed.title, printed.watermark) == ("FACTURE", "PROVISOIRE")
    assert not any(one.startswith("Selon") for one in printed.facts)
    table = next(one for one in printed.blocks if isinstance(one, Table))
    titles = [row.cells[1] for row in table.rows if row.cells[1].startswith("Selon")]
    assert titles == [
        "Selon bon de livraison BL26-00002 du 12/10/2026",
        "Selon bon de livraison BL26-00004 du 20/10/2026",
    ]


def test_a_credit_note_asks_for_no_payment(program: Program) -> None:
    made = documents.get(program.context, "FA-P71")

    def terms(invoice: Document) -> str:
        printed = printing.paper(program.context, invoice)
        return next(str(one) for one in printed.blocks if "Conditions de règlement" in str(one))

    assert "IBAN FR" in terms(made) and "crédit" not in terms(made)
    lines = [replace(one, quantity=-one.quantity, amount=-one.amount) for one in made.lines]
    credit = replace(made, lines=lines)
    assert "Porté à votre crédit : déduit de ce que vous devez, ou remboursé." in terms(credit)
    assert "IBAN" not in terms(credit) and "À régler" not in terms(credit)


def test_the_delivery_address_stands_apart(program: Program) -> None:
    document = documents.get(program.context, "BL26-00009")
    document.header.update(
        delivery_name="Chantier Tramway", delivery_street="9 rue X", delivery_city="BRON"
    )
    printed = printing.paper(program.context, document)
    assert printed.place == ("Adresse de livraison", "Chantier Tramway", "9 rue X", "BRON")

"""Invoices of suppliers, read from what they sent: recorded as they say, once, moving nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from received_terms import BUYER, LINES, TERMS

from codial_tui.__main__ import main
from codial_tui.domain.lines.totals import totals
from codial_tui.errors import Refused, Unreadable
from codial_tui.exchange import factur_x, received_invoice
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, headers, pricing
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import supplier_invoices
from codial_tui.services.records.catalogue import by_reference


def _xml(**other: Any) -> bytes:
    return factur_x.xml_bytes({**TERMS, **{name.replace("_", "-"): v for name, v in other.items()}})


def test_it_is_recorded_as_it_says_with_its_file(context: Context) -> None:
    content = _xml()
    recorded = supplier_invoices.record(context, content, "f17.xml")
    document = load(context.database, recorded.document.id)
    assert document is not None and document.kind == "supplier_invoice"
    assert document.text("number").startswith("FF26-")
    assert [
        (one.reference, one.label, one.quantity, one.amount, one.discount_amount, one.basis)
        for one in document.lines
    ] == [
        ("TUB", "Tube <cuivre> & raccord", 40_000, 10_000, 500, "computed"),
        ("", "Vis", 30_000, 100, 0, "forced"),
    ]
    found = totals(document)
    assert (found.net, found.vat_total, found.gross) == (9_600, 1_906, 11_506)
    assert document.header["stated_gross"] == 11_506
    assert document.text("supplier_number") == "F-2026/17"
    assert document.text("customer_reference") == "CF26-9"
    assert (document.text("date"), document.text("due_date")) == ("2026-11-02", "2026-12-02")
    supplier = context.database.row(
        "SELECT name, siren, vat_number, city, is_supplier, is_customer FROM party WHERE id = ?",
        (document.header["party_id"],),
    )
    assert supplier == ("GROSSISTE SA", "732829320", "FR44732829320", "PARIS", 1, 0)
    assert recorded.new_supplier
    kept = context.database.row(
        "SELECT a.name, c.content FROM attachment a JOIN attachment_content c "
        "ON c.attachment_id = a.id WHERE a.owner_uid = ?",
        (document.uid,),
    )
    assert kept == ("f17.xml", content)
    assert context.database.value("SELECT COUNT(*) FROM stock_move") == 0


def test_the_same_paper_is_refused_and_nothing_stays_of_it(context: Context) -> None:
    first = supplier_invoices.record(context, _xml(), "a.xml")
    with pytest.raises(Refused) as caught:
        supplier_invoices.record(context, _xml(), "b.xml")
    assert first.document.text("number") in caught.value.text
    assert caught.value.problems[0].code == "supplier_invoice.twice"
    assert context.database.value("SELECT COUNT(*) FROM document") == 1
    assert context.database.value("SELECT COUNT(*) FROM attachment") == 1
    again = supplier_invoices.record(context, _xml(BT_1="F-2026/18"), "c.xml")
    assert not again.new_supplier  # found by its SIREN


def test_typing_a_number_that_is_there_is_refused(context: Context) -> None:
    first = supplier_invoices.record(context, _xml(), "a.xml").document
    other = documents.create(
        context, "supplier_invoice", first.number("party_id"), date="2026-03-01"
    )
    editor = Editor(context, other)
    field = editor.kind.field("supplier_number")
    with pytest.raises(Refused) as caught:
        headers.edit(editor, field, " f-2026/17")
    assert "déjà enregistrée" in caught.value.text
    headers.edit(editor, field, "F-2026/19")
    assert editor.document.text("supplier_number") == "F-2026/19"
    editor.close()


def test_a_credit_note_is_recorded_with_its_signs(context: Context) -> None:
    credit = supplier_invoices.record(
        context, _xml(BT_3="381", BG_3=[{"BT-25": "F-1", "BT-26": "2026-10-01"}]), "a.xml"
    ).document
    assert [line.quantity for line in credit.lines] == [-40_000, -30_000]
    assert credit.number("gross_total") == -11_506 == credit.header["stated_gross"]


def test_what_is_not_for_us_or_does_not_add_up_is_said(context: Context) -> None:
    other = {**BUYER, "legal_identifier": "404833048"}
    stated = {"BT-112": "115.07", "BT-115": "115.07"}
    content = factur_x.xml_bytes({**TERMS, **stated, "BG-7": other})
    found = supplier_invoices.record(context, content, "a.xml")
    codes = [one.code for one in found.warnings]
    assert codes == ["total.stated", "buyer.other"]
    assert "115,07" in found.warnings[0].message and "115,06" in found.warnings[0].message


def test_an_unknown_rate_refuses_it_whole(context: Context) -> None:
    lines = [{**LINES[0], "BT-152": "13"}]
    with pytest.raises(Refused) as caught:
        supplier_invoices.record(context, _xml(BG_25=lines), "a.xml")
    assert caught.value.problems[0].code == "vat_rate.unknown"
    assert context.database.value("SELECT COUNT(*) FROM party WHERE is_supplier = 1") == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "pas une facture"),
        (b"%PDF-1.7\n%%EOF", "PDF"),
        (b"%PDF-1.7\n1 0 obj\n", "PDF"),
        (b"\x00\xff" * 50, "pas une facture"),
        (b"<Invoice/>", "pas une facture"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + _xml(), "entités"),
        (_xml(BT_5="USD"), "USD"),
        (_xml().replace(b">26.25<", b">abc<"), "pas une facture"),
        (_xml()[:-200], "pas une facture"),
    ],
    ids=["empty", "no-xml", "cut-pdf", "bytes", "other", "entities", "currency", "word", "cut"],
)
def test_hostile_files_are_refused_in_french(
    content: bytes, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Unreadable) as caught:
        received_invoice.read(content)
    assert said in caught.value.text and caught.value.remedy
    assert caplog.text == ""  # the library says it in English, on the screen


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(_CONTENT)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        received_invoice.read(bytes(content))
    except Unreadable as error:
        assert error.title


_CONTENT = _xml()


def test_the_command_line_records_and_says_why_not(
    context: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.xml"
    path.write_bytes(_xml())
    base = ["--database", str(context.database.path)]
    assert main([*base, "import", "supplier-invoice", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["totals"]["gross"]) == ("supplier_invoice", "115.06")
    assert main([*base, "import", "supplier-invoice", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "supplier_invoice.twice"
    assert main([*base, "import", "supplier-invoice", str(tmp_path / "no.xml"), "--json"]) == 2


def test_a_purchase_takes_the_price_of_its_supplier(context: Context) -> None:
    database = context.database
    document = supplier_invoices.record(context, _xml(), "a.xml").document
    item_id = database.insert(
        "item",
        {
            "uid": context.uid(),
            "reference": "TUB12",
            "reference_fold": "tub12",
            "label": "Tube",
            "sale_price": 90_000,
            "purchase_price": 50_000,
        },
    )
    item = by_reference(context, "TUB12")
    assert item is not None
    assert pricing.price_of(context, document, item, 10_000).price == 50_000
    own = database.insert(
        "item_supplier",
        {
            "item_id": item_id,
            "supplier_id": document.header["party_id"],
            "price": 40_000,
            "discount": 100_000,
        },
    )
    database.insert(
        "item_supplier_step", {"item_supplier_id": own, "from_quantity": 100_000, "price": 35_000}
    )
    few = pricing.price_of(context, document, item, 10_000)
    many = pricing.price_of(context, document, item, 100_000)
    assert (few.price, few.discounts) == (40_000, (100_000,))
    assert (many.price, many.discounts) == (35_000, (100_000,))

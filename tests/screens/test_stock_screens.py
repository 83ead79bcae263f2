"""Transfers between warehouses, what is to order again, and receipts by scanner, at 80×24."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opened_program import make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.domain.text import fold
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.stock.reorder import ReorderScreen
from codial_tui.screens.stock.stock_transfer import StockTransfer
from codial_tui.services.documents import documents
from codial_tui.services.records import parties
from codial_tui.services.stock import reorder, stock

EAN = "3760000000017"
ONE = 10_000


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    context = made.context
    supplier = parties.create(context, {"code": "DUPONT", "name": "DUPONT", "is_supplier": 1})
    with context.database.write():
        for reference, ean in (("TUB12", EAN), ("VIS", "")):
            context.database.insert(
                "item",
                {
                    "uid": context.uid(),
                    "reference": reference,
                    "reference_fold": fold(reference),
                    "label": f"Article {reference}",
                    "search_text": fold(reference),
                    "ean": ean,
                    "unit": "u",
                    "stock_managed": 1,
                    "stock_minimum": 50 * ONE,
                    "purchase_price": 2 * ONE,
                    "supplier_id": supplier,
                },
            )
        context.database.insert(
            "warehouse", {"uid": context.uid(), "code": "VAN", "name": "Camion"}
        )
    stock.move(context, "TUB12", 40 * ONE, reason="opening")
    yield made
    made.close()


def there(program: Program, code: str) -> int:
    return sum(one.quantity for one in stock.levels(program.context, "TUB12", code)) // ONE


async def test_several_items_change_warehouse_by_keys(program: Program, monkeypatch: Any) -> None:
    async with opened(program, StockTransfer(), monkeypatch) as session:
        assert session.rows()[0].split("  ")[0] == " Transfert · Dépôt principal → Camion"
        await session.type("tub12 12")
        await session.press("enter")
        await session.type(EAN)
        await session.press("enter")
        row = next(row for row in session.rows() if "TUB12" in row)
        assert row.split()[1:] == ["TUB12", "Article", "TUB12", "40", "13", "27", "u"]
        await session.press("f8")
        assert "Transférer 1 article vers Camion ? O/N" in session.rows()[22]
        await session.press("enter")
        assert there(program, "VAN") == 0
        await session.press("o")
        assert there(program, "VAN") == 13
        await session.press("f7", "d", "down", "enter")
        assert session.rows()[0].split("  ")[0] == " Transfert · Camion → Dépôt principal"
        await session.press("f8")
        assert "Rien à transférer" in session.rows()[22]
        await session.type("tub12 14")
        await session.press("enter", "escape")
    async with opened(program, StockTransfer(), monkeypatch) as session:
        row = next(row for row in session.rows() if "TUB12" in row)
        assert "!" in row[:4] and row.split()[-3:] == ["14", "-1", "u"]
        await session.press("down", "delete")
        assert not any("TUB12" in row for row in session.rows()[2:19])


async def test_what_is_short_is_ordered_by_keys(program: Program, monkeypatch: Any) -> None:
    async with opened(program, ReorderScreen(), monkeypatch) as session:
        assert "2 articles · 1 fournisseur" in session.rows()[0]
        row = next(row for row in session.rows() if "TUB12" in row)
        assert row.split()[-4:] == ["50", "10", "u", "DUPONT"]
        await session.type("vis")
        await session.press("enter")
        assert "1 article " in session.rows()[0] + " "
        await session.press("ctrl+u", "enter")
        await session.type("25")
        await session.press("enter")
        assert "TUB12 : 25 à commander" in session.rows()[22]
        await session.press("f8")
        assert "Commander 2 articles à 1 fournisseur ? O/N" in session.rows()[22]
        await session.press("o")
        assert isinstance(session.screen, DocumentScreen)
        assert session.rows()[0].startswith(" Commande fournisseur CF26-00001")
    database = program.context.database
    assert database.rows("SELECT reference, quantity FROM document_line ORDER BY reference") == [
        ("TUB12", 25 * ONE),
        ("VIS", 50 * ONE),
    ]
    assert [one.reference for one in reorder.proposals(program.context)] == []


async def test_a_scanner_receives_what_is_on_order(program: Program, monkeypatch: Any) -> None:
    context = program.context
    reorder.order(context)
    supplier = context.database.value("SELECT id FROM party WHERE code = 'DUPONT'")
    receipt = documents.create(context, "goods_receipt", supplier)
    async with opened(program, DocumentScreen(receipt), monkeypatch) as session:
        for _ in range(3):
            await session.type(EAN)
            await session.press("enter")
        assert "CF26-00001 : commandé 10, ici 3, reste 7" in session.rows()[22]
        await session.type("tub12 9")
        assert "attendu 7 (CF26-00001)" in session.rows()[22]
        await session.press("enter")
        rows = context.database.rows(
            "SELECT quantity FROM document_line WHERE document_id = ?", (receipt,)
        )
        assert sorted(rows) == [(2 * ONE,), (10 * ONE,)]
        await session.press("f8")
        assert "! TUB12 : 2 hors commande. Valider BR26" in session.rows()[22]
        await session.press("o")
    assert stock.levels(context, "TUB12")[0].quantity == 52 * ONE
    assert context.database.value("SELECT average_cost FROM item WHERE ean = ?", (EAN,)) == 2 * ONE

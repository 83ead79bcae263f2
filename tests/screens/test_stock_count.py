"""Inventaire by keys and scanner at 80×24, and the moves of an item."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opened_program import make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.domain.text import fold
from codial_tui.screens.stock.stock_count import StockCount
from codial_tui.screens.stock.stock_history import StockHistory
from codial_tui.services.stock import stock, stock_counting

EAN = "3760000000017"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    for reference, ean, managed in (("TUB12", EAN, 1), ("POSE", "", 0)):
        with made.context.database.write():
            made.context.database.insert(
                "item",
                {
                    "uid": made.context.uid(),
                    "reference": reference,
                    "reference_fold": fold(reference),
                    "label": f"Article {reference}",
                    "search_text": fold(reference),
                    "ean": ean,
                    "stock_managed": managed,
                },
            )
    stock.move(made.context, "TUB12", 400_000, reason="opening")
    yield made
    made.close()


async def test_what_is_scanned_and_typed_becomes_the_stock(
    program: Program, monkeypatch: Any
) -> None:
    async with opened(program, StockCount(), monkeypatch) as session:
        await session.type("tub12 12")
        await session.press("enter")
        await session.type(EAN)
        await session.press("enter")
        await session.type("3*tub12")
        await session.press("enter")
        row = next(row for row in session.rows() if "TUB12" in row)
        assert row.split()[1:] == ["TUB12", "Article", "TUB12", "40", "16", "-24"]
        assert stock.levels(program.context, "TUB12")[0].quantity == 400_000
        await session.press("f8")
        assert "(1 écarts) ? O/N" in session.rows()[22]
        await session.press("o")
        assert stock.levels(program.context, "TUB12")[0].quantity == 160_000
        assert stock_counting.in_hand(program.context) == []
        assert session.rows()[0].rstrip().endswith("0 comptés · 0 écarts")


async def test_a_count_is_kept_when_the_line_is_cut(program: Program, monkeypatch: Any) -> None:
    async with opened(program, StockCount(), monkeypatch) as session:
        await session.type("tub12 7")
        await session.press("enter")
    async with opened(program, StockCount(), monkeypatch) as session:
        assert any("TUB12" in row and " 7" in row for row in session.rows())
        await session.press("down", "delete")
        assert stock_counting.in_hand(program.context) == []
    assert stock.levels(program.context, "TUB12")[0].quantity == 400_000


async def test_escape_keeps_what_is_half_typed(program: Program, monkeypatch: Any) -> None:
    async with opened(program, StockCount(), monkeypatch) as session:
        await session.type("tub12 1")
        await session.press("escape")
    async with opened(program, StockCount(), monkeypatch) as session:
        assert "► tub12 1_" in session.rows()[21]


async def test_wrong_entries_say_why_and_keep_the_text(program: Program, monkeypatch: Any) -> None:
    async with opened(program, StockCount(), monkeypatch) as session:
        for text, said in (
            ("nope 3", "Article nope inconnu"),
            ("pose 3", "pas suivi en stock"),
            ("tub12 -3", "pas moins que zéro"),
        ):
            await session.type(text)
            await session.press("enter")
            rows = session.rows()
            assert said in rows[22] and text in rows[21]
            await session.press("ctrl+u")
        await session.press("f8")
        assert "Rien n'est compté" in session.rows()[22]


async def test_the_moves_of_an_item_say_where_it_went(program: Program, monkeypatch: Any) -> None:
    stock.count(program.context, [("TUB12", 390_000)])
    item = stock.item_of(program.context, "TUB12")
    screen = StockHistory(item, "TUB12", "Article TUB12")
    async with opened(program, screen, monkeypatch) as session:
        rows = session.rows()
        assert rows[0].rstrip().endswith("stock 39")
        assert rows[3].split()[1:] == ["09/11/26", "10:00", "-1", "39", "1", "Inventaire"]
        assert rows[4].split()[:4] == ["09/11/26", "10:00", "+40", "40"]
        await session.press("enter")
        assert "ne vient d'aucune pièce" in session.rows()[22]

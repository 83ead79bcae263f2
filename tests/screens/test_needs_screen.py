"""Besoins by keys: of one order, of all of them; new orders and open ones that take the lines."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.buying.needs import Need
from codial_tui.screens.buying.needs import NeedsScreen
from codial_tui.screens.buying.supplier_merge import SupplierMerge
from codial_tui.services.buying import needs


def supplied(program: Program) -> list[tuple[object, ...]]:
    return program.context.database.rows(
        "SELECT d.number, t.reference, k.quantity FROM line_link k "
        "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
        "WHERE k.relation = 'supply' ORDER BY k.id"
    )


@pytest.mark.long
async def test_an_order_is_bought_for(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter", "ctrl+g", "b")
        rows = session.rows()
        assert "►Besoins" in rows[1]
        assert rows[3].split() == [
            "►",
            "BORN7",
            *["Borne", "7", "kW", "3,00", "2,00", "0,00", "0,00", "1,00", "u", "F002"],
        ]
        await session.press("f6")
        assert session.rows()[22] == " CF26-00001 créée (1 ligne)"
        assert supplied(demo) == [("CF26-00001", "BORN7", 1_0000)]
        assert session.rows()[3].split()[-4:] == ["1,00", "0,00", "u", "F002"]
        await session.press("f6")
        assert session.rows()[22] == " × Rien à commander · tout est commandé ou en stock"
        await session.press("f7", "s")  # as if there were no stock
        assert session.rows()[21].strip().startswith("Fournisseur habituel, sans prendre le stock")
        assert session.rows()[3].split()[-4:] == ["1,00", "2,00", "u", "F002"]
        await session.press("down")
        await session.type("25")
        assert session.rows()[21].startswith("► CAB310 à commander (60 ml) : 25")
        await session.press("enter")
        assert session.rows()[4].split()[-3:] == ["25,00", "ml", "F002"]
        await session.press("space", "f6")
        assert isinstance(session.screen, SupplierMerge)
        assert session.rows()[0].startswith(" Besoins vers Commande fournisseur · Élec Confluence")
        await session.press("enter")
        assert session.rows()[22] == " CF26-00001 : 1 ligne de plus"
        assert supplied(demo)[1:] == [("CF26-00001", "CAB310", 25_0000)]

        # sent, it takes nothing more: a new order, and F1 says why
        await session.press("escape")
        await session.type("cf26-00001")
        await session.press("enter", "f3", "enter", "o")
        await session.settled()
        assert "Envoyée" in session.rows()[0]
        await session.press("escape", "escape")
        await session.type("cc26-00011")
        await session.press("enter", "ctrl+g", "b", "down")
        await session.type("30")
        await session.press("enter", "f6")
        assert session.rows()[22] == " CF26-00002 créée (1 ligne) · 1 refusée : F1 pourquoi"
        await session.press("f1")
        assert "CF26-00001 : " in session.text and "→" in session.text
    assert supplied(demo)[2:] == [("CF26-00002", "CAB310", 30_0000)]


async def test_all_orders_are_bought_for_together(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f10")
        await session.type("besoins")
        await session.press("enter")
        assert isinstance(session.screen, NeedsScreen)
        await session.settled()
        count = int(session.rows()[0].split()[-2])
        assert session.rows()[0].startswith(" Besoins des commandes") and count > 1
        await session.type("born")
        assert session.rows()[0].split()[-2:] == ["1", "article"]
        await session.press("ctrl+u", "f7", "l")
        await session.settled()
        assert "en retard" in session.rows()[0]
        await session.press("f7", "x")
        await session.settled()
        await session.press("f4")
        assert "chez qui ?" in session.rows()[0]
        await session.press("escape", "f6")
        while isinstance(session.screen, SupplierMerge):
            await session.press("c")
        await session.settled()
        assert "créée" in session.rows()[22]
        assert "Rien à commander." in session.text
        await session.press("escape")
        assert session.rows()[0].startswith(" DÉMO SARL")


@pytest.mark.long
async def test_keys_go_on_while_all_orders_are_read(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    may, everywhere = Event(), needs.everywhere

    def slow(*given: Any, **more: Any) -> list[Need]:
        assert may.wait(30)
        return everywhere(*given, **more)

    monkeypatch.setattr(needs, "everywhere", slow)
    async with running(demo, monkeypatch) as session:
        await session.press("f10")
        await session.type("besoins")
        await session.press("enter")
        await session.type("born")
        assert session.rows()[21].startswith("► born")
        assert "Lecture des commandes…" in session.text
        await session.press("f6")
        assert session.rows()[22] == " × Besoins en cours · Échap l'arrête"
        may.set()
        await session.settled()
        assert session.rows()[0].split()[-2:] == ["1", "article"]
        may.clear()
        await session.press("f7", "x")
        await session.press("escape")
        may.set()
        await session.until(lambda: session.rows()[0].startswith(" DÉMO SARL"))
    assert supplied(demo) == []

"""Suivi de consommation by keys at 80×24: asked first, two pages, records, papers, undo."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.services.buying import consumption, consumption_records
from codial_tui.services.documents import documents

BAR = ("2", "683,00", "─" * 25 + "│")


async def test_an_order_is_followed(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    order = documents.get(context, "CC26-00011")
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter")
        assert "Conso" not in session.rows()[1]
        await session.press("f10")
        await session.type("suivi")
        await session.press("enter")
        assert session.rows()[22].strip() == "? Créer le suivi de consommation ? O/N"
        await session.press("n")
        assert "Conso" not in session.rows()[1]
        await session.press("f7", "3", "o")  # the second way
        assert "►Consommation 1/2" in session.rows()[1]
        rows = session.rows()
        assert rows[3].split() == ["►", "Pièces", "2", "683,00", "0,00", *BAR]
        assert "marge prévue 1 099,60 € = 29,07 %" in rows[19]
        assert "marge réelle 3 782,60 € = 100,00 %" in rows[20]
        await session.press("ctrl+g", "c")
        assert "►Consommation 2/2" in session.rows()[1]
        await session.press("4")
        assert session.rows()[21].startswith("► BORN7 consommé (u) : 4")
        await session.press("enter")
        assert session.rows()[22].strip() == "BORN7 : 4 u consommé"
        assert session.rows()[3].endswith("3,00   4,00 u   682,00  2 728,00  -682,00")
        found = consumption.look(context, order.id)
        assert (found.lines[0].consumed, found.summary.spent) == (4_0000, 2_728_00)
        await session.press("f2", *["backspace"] * 6)
        await session.type("700,50")
        await session.press("enter")
        assert consumption.look(context, order.id).summary.spent == 2_802_00
        await session.press("ctrl+r")
        assert session.rows()[22].strip() == "Saisie contre-passée"
        assert consumption.look(context, order.id).summary.spent == 2_728_00
        await session.press("down", "down", "f7", "p")
        assert session.rows()[5].startswith("►× CAB310")
        await session.type(".Nacelle;1 x80")
        assert session.rows()[22].strip() == "= non prévu : 1 × Nacelle"
        await session.press("enter")
        assert session.rows()[7].split()[:2] == ["+", "Nacelle"]
        await session.type("protbo 3")
        await session.press("enter")
        found = consumption.look(context, order.id)
        assert [(one.label, one.consumed) for one in found.lines if one.consumed] == [
            ("Borne 7 kW", 4_0000),
            ("Coffret de protection de borne 7 kW", 3_0000),
            ("Nacelle", 1_0000),
        ]
        await session.press("f6", "b")
        assert session.rows()[22].strip() == "BL26-00012 créé (2 lignes) : l'imprimer sort le stock"
        await session.press("f6", "c")
        assert "CF26-00001 créée" in session.rows()[22]
        await session.press("ctrl+g", "c")
        assert "■" in session.rows()[3] and "│" in session.rows()[3]
    assert documents.get(context, "BL26-00012").text("nature") == "internal"


async def test_somebody_else_records_meanwhile(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    order = documents.get(context, "CC26-00011")
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter", "f7", "3", "o", "ctrl+g", "c", "9")
        what = consumption.look(context, order.id).lines[0].what
        consumption_records.record(context, order.id, consumption_records.Record(what, 1_0000))
        await session.press("enter")
        assert "BORN7 : 1 maintenant, saisi par Claire" in session.rows()[22]
        assert consumption.look(context, order.id).lines[0].consumed == 1_0000
        assert "1,00" in session.rows()[3]  # as it is now
        await session.press("9", "enter", "f7", "h")
        assert "aucune ligne de main-d'œuvre" in session.rows()[22]
        await session.press("f7", "f")
        await session.type("rien")
        await session.press("enter")
        assert "introuvable" in session.rows()[22]
        await session.press("f9")
        assert len([row for row in session.rows()[3:8] if "BORN7" in row]) == 2
        await session.press("enter", "o")
        assert session.rows()[22].strip() == "Saisie contre-passée"
    assert consumption.look(context, order.id).lines[0].consumed == 1_0000


async def test_undo_takes_the_tracking_itself_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter", "f7", "3", "o", "ctrl+r")
        assert "►Lignes" in session.rows()[1] and "Conso" not in session.rows()[1]
        await session.press("ctrl+g", "c")
        assert "pas d'onglet" in session.rows()[22]


async def test_who_may_not_see_costs_records_without_them(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    context.user = context.user._replace(role="user", rights=frozenset())
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter", "f7", "3", "o")
        assert session.rows()[2].split() == ["Référence", "Désignation", "Prévu", "Réel", "U"]
        await session.press("2", "enter")
        assert session.rows()[3].split()[-3:] == ["3,00", "2,00", "u"]
        await session.press("ctrl+g", "c", "f9")
        assert "2 u" in session.rows()[3]
        shown = session.text
        await session.press("escape", "f2")
        assert "Réservé" in session.rows()[22]
        shown += session.text
    assert "marge" not in shown and "682,00" not in shown

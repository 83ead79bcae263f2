"""Relevé de banque by keys at 80×24: read from the inbox, taken, put aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo_program import running
from test_payments_tab import buyer, issued

from codial_tui.bootstrap import Program
from codial_tui.services.documents import attachments
from codial_tui.services.payments import payments

CSV = (
    "Date;Libellé;Montant\n"
    "08/11/2026;VIR FA26-00001 ATELIER;1 200,00\n"
    "08/11/2026;Frais de tenue de compte;-12,50\n"
    "09/11/2026;Remise;100,00\n"
    "2026-13-45;Chèque;1,00\n"
)


async def test_a_statement_is_read_and_reconciled(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    party = buyer(demo)
    first = issued(demo, tmp_path, party=party)
    second = issued(demo, tmp_path, "tub12 10 x10", party=party)
    inbox = attachments.folder(demo.context, "inbox")
    (inbox / "releve.csv").write_text(CSV, "utf-8")
    async with running(demo, monkeypatch) as session:
        await session.type(":relevé de b")
        await session.press("enter")
        assert "Aucun mouvement en attente. F5 lit" in session.text, session.text
        await session.press("f5")
        await session.type("releve")
        await session.press("enter")
        assert "Mouvements lus : 3 · pas lus : 1, ligne 5" in session.rows()[22], session.text
        assert "3 en attente · 1 sûr" in session.rows()[0], session.text
        assert "FA26-00001" in session.rows()[3] and "√" in session.rows()[3][:4], session.text
        await session.press("f8")
        assert "Règlements enregistrés : 1" in session.rows()[22], session.text
        assert payments.left(demo.context, [first]) == {first: 0}
        await session.press("delete")
        assert "-12,50 mis de côté · F7 le remet" in session.rows()[22], session.text
        await session.press("ctrl+r")
        assert session.rows()[0] == " Mis de côté" and "tenue de compte" in session.rows()[3]
        await session.press("enter")
        assert "-12,50 : de nouveau en attente" in session.rows()[22], session.text
        assert "2 en attente" in session.rows()[0], session.text
        await session.press("delete", "f7", "escape", "f7")
        assert "tenue de compte" in session.rows()[3], session.text
        await session.press("escape")
        await session.press("enter")
        assert "Rien de proposé" in session.rows()[22], session.text
        await session.type("fa26-00002")
        assert "= 100,00 : FA26-00002 (reste dû 120,00)" in session.rows()[22], session.text
        await session.press("enter")
        assert payments.left(demo.context, [second]) == {second: 2_000}
        assert "0 en attente" in session.rows()[0], session.text

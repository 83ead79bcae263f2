"""Encaissements by keys at 80×24: who owes what, a payment of a customer, reminders, statement."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo_program import running
from test_payments_tab import buyer, issued

from codial_tui.bootstrap import Program
from codial_tui.services.documents import attachments
from codial_tui.services.payments import payments
from codial_tui.services.records import record_parts


async def test_a_customer_pays_and_is_reminded(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    party = buyer(demo)
    first = issued(demo, tmp_path, party=party)
    second = issued(demo, tmp_path, "tub12 10 x10", party=party)
    demo.context.clock = lambda: datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    folder = attachments.folder(demo.context, "export")
    async with running(demo, monkeypatch) as session:
        await session.type(":encaiss")
        await session.press("enter")
        assert session.rows()[0].startswith(" Encaissements · balance âgée"), session.text
        assert "1 320,00 €" in session.rows()[0]
        assert "ATELIER NEUF" in session.rows()[3] and "!" in session.rows()[3][:4]
        assert "Rappel pour 1 320,00 : F8" in session.rows()[22], session.text
        await session.type("1250 ch 88")
        said = "= règlement de 1 250,00 par chèque → FA26-00001, FA26-00002"
        assert said in session.rows()[22], session.text
        await session.press("enter")
        assert payments.left(demo.context, [first, second]) == {first: 0, second: 7_000}
        await session.press("f8")
        asked = " ? 1 relance pour 70,00 €, notée envoyée ? O/N"
        assert session.rows()[22] == asked, session.text
        await session.press("o")
        assert "Relances dans le dossier d'export, et en GED : 1" in session.rows()[22], (
            session.text
        )
        await session.press("f8")
        assert "Personne à relancer" in session.rows()[22], session.text
        await session.press("f3")
        assert "Relevé dans le dossier d'export" in session.rows()[22], session.text
        await session.press("f7", "c")
        assert "Balance dans le dossier d'export" in session.rows()[22], session.text
    names = sorted(path.name for path in folder.iterdir())
    assert [name.split(" ")[0] for name in names] == ["Rappel", "balance", "releve"]


async def test_direct_debits_by_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    party = buyer(demo)
    issued(demo, tmp_path, party=party)
    values = {"reference": "RUM-1", "iban": "FR1420041010050500013M02606"}
    record_parts.create(demo.context, "mandate", party, {**values, "signed_on": "2026-01-05"})
    with demo.context.database.write():
        demo.context.database.execute(
            "UPDATE company SET iban = 'FR7630006000011234567890189', creditor_id = 'FR72ZZZ123456'"
        )
    demo.context.cache.clear()
    async with running(demo, monkeypatch) as session:
        await session.type(":encaiss")
        await session.press("enter")
        await session.type("zzz")
        assert "Rien pour « zzz ». Ctrl+U efface le filtre." in session.text
        await session.press("ctrl+u", "f7", "p", "ctrl+u", *"011126", "enter")
        assert "Rien à prélever jusqu'au 01/11/26" in session.rows()[22], session.text
        await session.press("escape", "f7", "p")
        assert session.rows()[21] == "► Prélever le : +2_", session.text
        await session.press("enter")
        assert "1 prélèvement le 11/11/26, 1 200,00 € ? O/N" in session.rows()[22], session.text
        await session.press("o")
        assert "Prélèvements : 1, dans le dossier d'export" in session.rows()[22], session.text
        assert "0,00 €" in session.rows()[0], session.text
    folder = attachments.folder(demo.context, "export")
    assert b"<MndtId>RUM-1</MndtId>" in (folder / "prelevements 2026-11-11.xml").read_bytes()

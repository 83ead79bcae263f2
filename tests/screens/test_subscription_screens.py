"""Subscriptions by keys at 80×24: from an invoice, on the home screen, made with a preview."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from opened_program import make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.exchange.documents import parse_document
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.invoicing.subscription_due import SubscriptionDue
from codial_tui.screens.lists.list import ListScreen
from codial_tui.screens.records.quick_create import QuickCreate
from codial_tui.screens.records.record import RecordScreen
from codial_tui.services.documents import requests
from codial_tui.services.invoicing import subscriptions, validating
from codial_tui.services.records import parties


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    address = {"street": "1 rue A", "postcode": "69001", "city": "LYON"}
    parties.create(made.context, {"code": "C1", "name": "ALPHA", "siren": "732829320", **address})
    yield made
    made.close()


def invoice(program: Program, day: str = "2026-08-31", **values: Any) -> int:
    wanted = {
        "kind": "invoice",
        "customer": "C1",
        "date": day,
        "subject": "Maintenance",
        "lines": [{"type": "item", "label": "Visite", "quantity": "1", "unit_price": "80"}],
        **values,
    }
    made = requests.create(program.context, parse_document(json.dumps(wanted)))
    return validating.validate(program.context, made.id).id


def clock(program: Program, *day: int) -> None:
    program.context.clock = lambda: datetime(*day, 10, 0, tzinfo=UTC)


async def test_an_invoice_is_subscribed_by_keys(program: Program, monkeypatch: Any) -> None:
    model = invoice(program)
    async with opened(program, DocumentScreen(model), monkeypatch) as session:
        await session.press("f10")
        await session.type("abonner")
        await session.press("enter")
        assert isinstance(session.screen, QuickCreate)
        assert "FA26-00001 ALPHA" in session.text and "Maintenance" in session.text
        await session.press("f8")
        assert isinstance(session.screen, RecordScreen)
        assert session.rows()[0].startswith(" Abonnement Maintenance")
        assert "30/09/26" in session.text
    row = program.context.database.row(
        "SELECT model_id, label, every, unit, next_date, anchor_day FROM subscription"
    )
    assert row == (model, "Maintenance", 1, "month", "2026-09-30", 31)


async def test_due_ones_wait_at_home_and_are_made_by_keys(
    program: Program, monkeypatch: Any
) -> None:
    one = subscriptions.create(program.context, {"model_id": invoice(program)})
    async with opened(program, HomeScreen(), monkeypatch) as session:
        assert any(
            "Abonnements dus" in row and row.split("dus")[1][:35].strip().startswith("1")
            for row in session.rows()
        )
        while "► Abonnements dus" not in session.text:
            await session.press("down")
        await session.press("enter")
        assert isinstance(session.screen, SubscriptionDue)
        rows = session.rows()
        assert rows[0].startswith(" Abonnements à facturer · jusqu'au 09/11/26")
        assert rows[0].endswith("2 factures · HT 160,00 €")
        assert [row[3:11] for row in rows if "ALPHA" in row] == ["30/09/26", "31/10/26"]
        assert rows[22].strip() == "Jour passé : la facture sera datée d'aujourd'hui"
        await session.press("f8")
        assert "2 factures, HT 160,00 € : P provisoires" in session.rows()[22]
        await session.press("v")
        await session.settled()
        assert session.rows()[22].strip() == "2 factures validées"
        assert session.rows()[3].startswith("►√ 30/09/26"), "the cursor hides no sign"
        assert "FA26-00002" in session.text and "FA26-00003" in session.text
        await session.press("f8")
        assert "Rien à facturer ici" in session.rows()[22]
        await session.press("f9")
        assert isinstance(session.screen, DocumentScreen)
    states = program.context.database.rows(
        "SELECT number, date, subject, state FROM document WHERE kind = 'invoice' ORDER BY id"
    )[1:]
    assert states == [
        ("FA26-00002", "2026-11-09", "Maintenance, du 30/09/26 au 30/10/26", "validated"),
        ("FA26-00003", "2026-11-09", "Maintenance, du 31/10/26 au 29/11/26", "validated"),
    ]
    left = program.context.database.value("SELECT next_date FROM subscription WHERE id = ?", (one,))
    assert left == "2026-11-30"


async def test_a_refusal_is_said_on_its_row(program: Program, monkeypatch: Any) -> None:
    subscriptions.create(program.context, {"model_id": invoice(program)})
    program.context.database.execute("UPDATE party SET blocked = 1 WHERE code = 'C1'")
    async with opened(program, SubscriptionDue(), monkeypatch) as session:
        assert session.rows()[22].strip() == "× ALPHA est bloqué · débloquez sa fiche"
        await session.press("f8")
        assert "Rien à facturer ici" in session.rows()[22]
        await session.type("30/11/26")
        await session.press("enter")
        assert session.rows()[0].startswith(" Abonnements à facturer · jusqu'au 30/11/26")
        assert session.text.count("ALPHA") == 4  # three days, and why not
        await session.press("f7", "a")
        assert isinstance(session.screen, ListScreen)
        assert "Maintenance" in session.text and "30/09/26" in session.text


async def test_a_credit_note_is_no_model(program: Program, monkeypatch: Any) -> None:
    wanted = {"kind": "invoice", "customer": "C1", "lines": []}
    model = requests.create(program.context, parse_document(json.dumps(wanted))).id
    program.context.database.execute("UPDATE document_invoice SET is_credit = 1")
    async with opened(program, DocumentScreen(model), monkeypatch) as session:
        await session.press("f10")
        await session.type("abonner")
        await session.press("enter")
        assert f"FA-P{model} est un avoir · choisissez une facture directe" in session.rows()[22]


async def test_a_leap_february_by_keys(program: Program, monkeypatch: Any) -> None:
    """Subscribed on 31/01/28: due on 29/02, then on 31/03; the index counts from March on."""
    clock(program, 2028, 1, 31)
    model = invoice(program, day="2028-01-31")
    async with opened(program, DocumentScreen(model), monkeypatch) as session:
        await session.press("f10")
        await session.type("abonner")
        await session.press("enter", "f8")
        await session.screen.form.enter("revision")
        await session.press("c", "enter")
        for name, typed in (("coefficient", "1,025"), ("revised_from", "01/03/28")):
            await session.screen.form.enter(name)
            await session.press("ctrl+a", "ctrl+k")
            await session.type(typed)
            await session.press("enter")
    clock(program, 2028, 3, 31)
    async with opened(program, SubscriptionDue(), monkeypatch) as session:
        shown = [row.strip("► ").split() for row in session.rows() if "ALPHA" in row]
        assert [(row[0], row[-1]) for row in shown] == [
            ("29/02/28", "80,00"),
            ("31/03/28", "82,00"),
        ]
        await session.press("f8", "v")
        await session.settled()
        assert "2 factures validées" in session.rows()[22]
    found = program.context.database.rows(
        "SELECT subject, net_total, gross_total FROM document WHERE kind = 'invoice' ORDER BY id"
    )[1:]
    assert found == [
        ("Maintenance, du 29/02/28 au 30/03/28", 8_000, 9_600),
        ("Maintenance, du 31/03/28 au 29/04/28", 8_200, 9_840),
    ]

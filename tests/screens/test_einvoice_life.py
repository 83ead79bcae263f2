"""Handing e-invoices over and following what becomes of them, by keys at 80×24."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opened_program import make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.exchange.documents import parse_document
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.invoicing.outbox import OutboxScreen, StatusInbox
from codial_tui.screens.invoicing.statuses import StatusScreen
from codial_tui.services.documents import requests
from codial_tui.services.documents.attachments import folder
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import statuses, validating
from codial_tui.services.payments import instalments, payments
from codial_tui.services.records import parties


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    address = {"street": "1 rue A", "postcode": "69001", "city": "LYON", "siren": "732829320"}
    parties.create(made.context, {"code": "C1", "name": "ALPHA", **address})
    yield made
    made.close()


def invoice(program: Program) -> int:
    wanted = {
        "kind": "invoice",
        "customer": "C1",
        "lines": [{"type": "item", "label": "Tube", "quantity": "1", "unit_price": "100"}],
    }
    one = requests.create(program.context, parse_document(json.dumps(wanted)))
    return validating.validate(program.context, one.id).id


@pytest.mark.long
async def test_invoices_are_put_into_the_folder_once(program: Program, monkeypatch: Any) -> None:
    invoice(program), invoice(program)
    async with opened(program, HomeScreen(), monkeypatch) as session:
        await session.press("f10")
        await session.type("electroniques")
        await session.press("enter")
        assert isinstance(session.screen, OutboxScreen)
        assert session.rows()[0].endswith("2 factures")
        await session.press("space", "f8")
        assert "Déposer 1 facture dans depot ?" in session.rows()[22]
        await session.press("n", "x")  # nothing to type here
        assert "« x » ne fait rien ici · F10" in session.rows()[22], session.text
        await session.press(":")
        assert session.rows()[0].startswith(" Menu"), session.text
        await session.press("escape", "f8", "enter")  # it is its official print: final
        assert "Entrée ne répond pas à la question" in session.rows()[22], session.text
        await session.press("o")
        await session.settled()
        assert "1 facture déposée" in session.rows()[22]
        assert session.rows()[0].endswith("1 facture")
        await session.press("f8", "o")
        await session.settled()
        assert "Toutes les factures sont déposées." in session.text
        await session.press("f8")
        assert "Toutes les factures sont déposées" in session.rows()[22]
    names = sorted(path.name for path in (folder(program.context, "export") / "depot").iterdir())
    assert names == ["FA26-00001.pdf", "FA26-00002.pdf"]


async def test_a_status_with_its_reason_by_keys(program: Program, monkeypatch: Any) -> None:
    one = invoice(program)
    async with opened(program, StatusScreen(one, "FA26-00001"), monkeypatch) as session:
        assert "Aucun statut" in session.text
        await session.press("f5")
        assert isinstance(session.screen, ChooseScreen)
        await session.type("refusee")
        await session.press("enter")
        assert "Refusée : quel motif ?" in session.rows()[0]
        await session.type("tva")
        await session.press("enter")
        await session.type("10 et non 20")
        await session.press("enter")
        assert "210 Refusée : enregistré" in session.rows()[22]
        assert "Taux de TVA erroné · 10 et non 20" in session.text
        await session.press("f5")
        await session.type("approuvee")
        await session.press("enter")
        assert "La facture est refusée : plus rien ne suit" in session.rows()[22]
    [found] = statuses.listed(program.context, one)
    assert (found.code, found.reason, found.note) == ("210", "TX_TVA_ERR", "10 et non 20")


async def test_what_was_received_has_an_amount_and_a_rate(
    program: Program, monkeypatch: Any
) -> None:
    one = invoice(program)
    async with opened(program, StatusScreen(one, "FA26-00001"), monkeypatch) as session:
        await session.press("f5")
        await session.type("212")
        await session.press("enter")
        await session.type("bonjour")
        await session.press("enter")
        assert "Un montant et un taux · 120,00 20" in session.rows()[22]
        await session.press("ctrl+u")
        await session.type("120,00 20")
        await session.press("enter")
        assert "120,00 € à 20 %" in session.text
    [found] = statuses.listed(program.context, one)
    assert (found.amount, found.rate) == (12_000, 200_000)


async def test_what_was_paid_is_proposed(program: Program, monkeypatch: Any) -> None:
    one = invoice(program)
    with program.context.database.write():
        document = load(program.context.database, one)
        assert document is not None
        instalments.make(program.context, document)
    payments.record(program.context, payments.Entry(5_000, "CHQ", documents=(one,)))
    async with opened(program, StatusScreen(one, "FA26-00001"), monkeypatch) as session:
        await session.press("f5", "=212", "enter")
        assert "50,00 20" in session.rows()[21]
        await session.press("enter")
        assert "50,00 € à 20 %" in session.text
    assert statuses.unreported(program.context, one) == []


async def test_status_files_of_the_inbox(program: Program, monkeypatch: Any) -> None:
    one = invoice(program)
    inbox = folder(program.context, "inbox")
    (inbox / "statut.xml").write_text(
        '<x:CrossDomainAcknowledgementAndResponse xmlns:x="u"><x:AcknowledgementDocument>'
        "<x:ReferenceReferencedDocument><x:IssuerAssignedID>FA26-00001</x:IssuerAssignedID>"
        "<x:ProcessConditionCode>205</x:ProcessConditionCode></x:ReferenceReferencedDocument>"
        "</x:AcknowledgementDocument></x:CrossDomainAcknowledgementAndResponse>"
    )
    (inbox / "autre.xml").write_text("<a/>")
    async with opened(program, OutboxScreen(), monkeypatch) as session:
        await session.press("f7", "s")
        assert isinstance(session.screen, StatusInbox)
        await session.type("statut")
        await session.press("enter")
        assert "1 statut enregistré" in session.rows()[22]
        await session.press("ctrl+u")
        await session.type("autre")
        await session.press("enter")
        assert "Ce n'est pas un fichier de statuts" in session.rows()[22]
    assert [path.name for path in inbox.iterdir()] == ["autre.xml"]
    assert [found.code for found in statuses.listed(program.context, one)] == ["205"]


async def test_statuses_are_reached_from_the_invoice(program: Program, monkeypatch: Any) -> None:
    async with opened(program, DocumentScreen(invoice(program)), monkeypatch) as session:
        await session.press("f10")
        await session.type("statuts")
        await session.press("enter")
        assert isinstance(session.screen, StatusScreen)
        assert session.rows()[0].startswith(" Statuts de FA26-00001")

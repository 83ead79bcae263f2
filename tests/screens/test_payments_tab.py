"""Règlements by keys at 80×24: what is due, paying it, credit, reversal; the counter's few keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_transfer_screens import at, made, party_of

from codial_tui.bootstrap import Program
from codial_tui.services.invoicing import validating
from codial_tui.services.law import chain_links
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import ToFile
from codial_tui.services.payments import payments
from codial_tui.services.records import parties


def buyer(program: Program) -> int:
    """A customer of whom nothing is missing for an invoice."""
    values = {"name": "ATELIER NEUF", "street": "1 rue X", "postcode": "69001", "city": "LYON"}
    return parties.create(program.context, {**values, "is_consumer": 1})


def issued(program: Program, folder: Path, *texts: str, party: int = 0) -> int:
    """A validated and printed invoice, on a paper that nobody draws."""
    lines = texts or ("tub12 100 x10",)
    invoice = made(program, *lines, kind="invoice", party=party or buyer(program))
    validating.validate(program.context, invoice)
    where = ToFile(folder / f"{invoice}.pdf")
    prepared = printing.prepare(program.context, invoice, where)
    printing.finish(program.context, invoice, prepared, b"%PDF-1.7", "essai")
    return invoice


async def test_a_payment_by_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    invoice = issued(demo, tmp_path)
    value = demo.context.database.value
    async with at(demo, monkeypatch, invoice) as session:
        assert "reste dû 1 200,00 €" in session.rows()[0], session.text
        await session.press("ctrl+g", "r")
        assert "►Règlements" in session.rows()[1], session.text
        assert "montant [mode] [date] [réf.]" in session.rows()[21]
        await session.type("1000 vi VIR MARTIN 8841")
        said = "= règlement de 1 000,00 par virement, aujourd'hui → reste 200,00"
        assert said in session.rows()[22], session.text
        await session.press("enter")
        assert "RG-1 : règlement de 1 000,00" in session.rows()[22], session.text
        assert "reste dû 200,00 €" in session.rows()[0]
        assert "VIR MARTIN 8841" in session.text
        await session.press("enter")
        said = "= règlement de 200,00 par virement, aujourd'hui → facture soldée"
        assert said in session.rows()[22], session.text
        assert value("SELECT COUNT(*) FROM payment") == 1  # said, not done
        await session.press("enter")
        assert value("SELECT COUNT(*) FROM payment") == 2
        assert "Soldée" in session.rows()[0] and "√ soldée" in session.text, session.text
        assert "lecture" not in session.rows()[0] and "…" not in session.rows()[0], session.text
        await session.type("5 es")
        assert "× " in session.rows()[22] and "est soldée" in session.rows()[22], session.text
        await session.press("enter")
        assert value("SELECT COUNT(*) FROM payment") == 2
    assert list(chain_links.verify(demo.context, "payments")) == []


async def test_too_much_is_used_on_the_next_invoice_and_a_payment_is_reversed(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = issued(demo, tmp_path)
    second = issued(demo, tmp_path, party=party_of(demo, first))
    async with at(demo, monkeypatch, first) as session:
        await session.press("ctrl+g", "r")
        await session.type("1500 ch 0412778")
        assert "→ soldée, crédit 300,00" in session.rows()[22], session.text
        await session.press("enter")
    async with at(demo, monkeypatch, second) as session:
        await session.press("ctrl+g", "r")
        assert "À VALOIR" in session.text and "trop-perçu" in session.text, session.text
        await session.press("down")
        assert session.rows()[22] == " Entrée impute RG-1 sur cette facture", session.text
        await session.press("enter")
        assert "300,00 imputés sur cette facture" in session.rows()[22], session.text
        assert "reste dû 900,00 €" in session.rows()[0], session.text
        await session.press("up", "up", "down")
        said = " 0412778 · F2 le contre-passe · F9 le détail"
        assert session.rows()[22] == said, session.text
        await session.press("f2")
        assert "Contre-passer, motif : erreur de saisie" in session.rows()[21], session.text
        await session.press("enter")
        assert "RG-1 contre-passé" in session.rows()[22], session.text
        assert "reste dû 1 200,00 €" in session.rows()[0], session.text
    assert payments.left(demo.context, [first, second]) == {first: 120_000, second: 120_000}
    assert list(chain_links.verify(demo.context, "payments")) == []


async def test_before_its_print_an_invoice_says_what_to_do(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = made(demo, "tub12 100 x10", kind="invoice")
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("ctrl+g", "r")
        assert "Pas d'échéance : F8 valide la facture, F3 l'imprime." in session.text
        await session.type("10 es")
        assert "n'est pas validée · F8 la valide" in session.rows()[22], session.text


async def test_from_the_order_to_the_paid_invoice_in_eleven_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = made(demo, "tub12 100 x10", kind="order", party=buyer(demo))
    keys = 0

    async with at(demo, monkeypatch, order) as session:

        async def press(*names: str) -> None:
            nonlocal keys
            keys += len(names)
            await session.press(*names)
            await session.settled()

        await press("f6", "f8")
        await press("f3", "enter", "o")
        await press("f6", "f8")
        invoice = session.screen.document_id
        await press("f8", "r")
        await session.until(lambda: "Aperçu · Facture FA26-" in session.rows()[0])
        await press("enter")
        await session.until(lambda: "►Règlements" in session.rows()[1])
        said = "= règlement de 1 200,00 par virement, aujourd'hui → facture soldée"
        assert said in session.rows()[22], session.text
        await press("enter")
        assert "Soldée" in session.rows()[0], session.text
    assert keys == 11
    row = demo.context.database.row(
        "SELECT state, settlement, paid_total FROM document WHERE id = ?", (invoice,)
    )
    assert row == ("printed", "paid", 120_000)


async def test_a_bounced_cheque_and_a_credit_taken_off(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    invoice = issued(demo, tmp_path)
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("ctrl+g", "r")
        await session.type("500 ch 0412778")
        await session.press("enter", "down")
        await session.type(":désaff")
        await session.press("enter")
        assert "500,00 au crédit du client" in session.rows()[22], session.text
        await session.press("down", "enter")  # the credit again, on the same invoice
        assert "500,00 imputés sur cette facture" in session.rows()[22], session.text
        await session.press("down")
        await session.type(":impayé")
        await session.press("enter")
        assert "Frais de la banque : 0" in session.rows()[21], session.text
        await session.press("backspace", *"12,50", "enter")
        assert "Contre-passer, motif : impayé" in session.rows()[21], session.text
        await session.press("enter")
        assert "RG-1 contre-passé : 500,00 à nouveau dû" in session.rows()[22], session.text
        await session.press("down", "f2")
        assert "déjà contre-passé" in session.rows()[22], session.text
    row = demo.context.database.row("SELECT amount, fees, label FROM payment WHERE id = 2")
    assert row == (-50_000, 1_250, "impayé")
    assert payments.left(demo.context, [invoice]) == {invoice: 120_000}

"""Deposits, credit notes and footer deductions by keys at 80×24."""

from __future__ import annotations

import pytest
from demo_program import running
from test_transfer_screens import at, made, moved

from codial_tui.bootstrap import Program
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import deposit_facts, deposit_issue, validating
from codial_tui.services.law import verification
from codial_tui.services.payments import payments

FORM = """\
 F8 émet la facture d'acompte ; Échap revient sans rien faire.

 Pourcentage    30 %                           Acompte perçu    non
►Montant TTC                                   TVA encaissement oui
                                               Mode             Virement      ▼
                                               Référence"""


async def test_a_deposit_out_of_the_list_of_orders(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F6 A there used to end the program."""
    order = made(demo, "tub12 100 x10", kind="order")
    async with running(demo, monkeypatch, screen="orders") as session:
        await session.press("f6", "a")
        assert session.rows()[0].startswith(" Acompte sur CC26-"), session.text
        await session.press("escape")
        assert session.rows()[0].startswith(" Commandes"), session.text
        await session.press("f6", "a", *"30", "enter", "f8", "o", "escape")
        assert session.rows()[0].startswith(" Commandes"), session.text
        assert "Acompte FA26-00001 émis" in session.rows()[22], session.text
    [one] = deposit_facts.of_order(demo.context, order)
    assert one.asked == 36_000


async def test_a_deposit_from_the_order_to_its_deduction(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = made(demo, "tub12 100 x10", kind="order")
    async with at(demo, monkeypatch, order) as session:
        await session.press("f6")
        assert "Acompte" in session.rows()[1], session.text
        await session.press("a", *"30", "enter")
        form = [row.rstrip() for row in session.rows()[:7]]
        assert form[1:] == FORM.splitlines(), session.text
        assert form[0].startswith(" Acompte sur CC26-")
        assert form[0].endswith("reste 1 200,00 € TTC")
        assert "Aucun acompte encore" in session.text
        assert "acompte 360,00 TTC (20 % 360,00)" in session.rows()[22], session.text
        await session.press("f8")
        asked = session.rows()[22]
        assert "Émettre : acompte 360,00 TTC (20 % 360,00), demandé ? O/N" in asked, session.text
        await session.press("n")
        assert deposit_facts.of_order(demo.context, order) == []
        await session.press("f8", "o", "escape")  # its paper is left without printing
        assert "Acompte FA26-00001 émis" in session.rows()[22], session.text
        await session.press("f7", "g")
        assert "FA26-00001" in session.text and "demandé" in session.text, session.text
        assert "reste 840,00 € TTC" in session.rows()[0]
        await session.press(*"100", "f8")
        assert "il reste 840,00 TTC" in session.rows()[22], session.text
        await session.press("escape")
    [one] = deposit_facts.of_order(demo.context, order)
    assert (one.kind, one.asked, one.paid, one.left) == ("request", 36_000, 0, 36_000)
    invoice = moved(demo, order, "invoice")
    async with at(demo, monkeypatch, invoice) as session:
        assert "Déduction de l'acompte FA26-00001" in session.text
        assert "TTC 840,00" in session.rows()[20], session.text
        await session.press("f8")
        said = "FA26-00001 impayé, 360,00 : E encaisser  A avoir  D déduire  N non"
        assert said in session.rows()[22], session.text
        await session.press("d")
        assert "Valider la facture" in session.rows()[22], session.text
        await session.press("n", "f8")  # what was answered counted for that validation
        assert said in session.rows()[22], session.text
        await session.press("e")  # a payment is not changed afterwards: how it was paid is asked
        asked = " ? Reçu par : 1 Virement  2 Carte  3 Chèque  4 Espèces  5 Prélèvement  6 Traite"
        assert session.rows()[22] == asked, session.text
        await session.press("2")
        assert "Valider la facture" in session.rows()[22], session.text
        await session.press("o")
        assert "Facture FA26-00002 validée" in session.rows()[22], session.text
    [one] = deposit_facts.of_order(demo.context, order)
    assert (one.paid, one.deducted, one.left) == (36_000, 36_000, 0)
    assert demo.context.database.rows("SELECT mode, amount FROM payment") == [("CB", 36_000)]


async def test_the_deposits_of_an_order_are_listed_apart_from_its_header(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = made(demo, "tub12 12345 x100", kind="order")
    for _ in range(2):
        deposit_issue.issue(demo.context, order, deposit_issue.Ask(amount=12_345_678))
    async with at(demo, monkeypatch, order) as session:
        await session.press("ctrl+g", "e", "f7")
        assert session.rows()[22].strip().endswith("G acomptes"), session.text
        await session.press("g")
        [first, _] = [row for row in session.rows() if "demandé" in row]
        said = "FA26-00001 demandé 123 456,78 0,00 0,00 0,00 123 456,78"
        assert first.replace("\xa0", " ").replace("\u202f", " ").split() == said.split()
    invoice = moved(demo, order, "invoice")
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f8")
        said = "2 acomptes impayés, 246 913,56 : E encaisser  A avoir  D déduire  N non"
        assert said in session.rows()[22], session.text
        await session.press("a")
        assert "Valider la facture" in session.rows()[22], session.text
    found = deposit_facts.of_order(demo.context, order)
    assert [(one.credited, one.due, one.paid) for one in found] == [(12_345_678, 0, 0)] * 2
    owed = payments.left(demo.context, [one.document_id for one in found])
    assert set(owed.values()) == {0}  # nobody is reminded of them


async def test_what_is_only_validated_is_not_told_settled(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """√ means paid: an invoice that is printed and owed bears no sign."""
    invoice = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    async with running(demo, monkeypatch) as session:
        await session.type(f"fa-p{invoice}")
        assert f"Entrée ouvre FA-P{invoice} ATELIER NEUF" in session.rows()[22], session.text
        await session.press("enter")
        assert session.rows()[0].startswith(f" Facture FA-P{invoice}"), session.text
    validating.validate(demo.context, invoice)
    deposit = made(demo, "tub12 12 x10", kind="order")
    deposit_issue.issue(demo.context, deposit, deposit_issue.Ask("receipt", percent=300_000))
    async with running(demo, monkeypatch, screen="invoices") as session:
        await session.press("ctrl+g", "t")
        [owed] = [row for row in session.rows() if "FA26-00001" in row]
        [paid] = [row for row in session.rows() if "FA26-00002" in row]
        assert ("√" in owed, "√" in paid) == (False, True), session.text


async def test_a_credit_note_of_a_part(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f6")
        assert "Un avoir se fait d'une facture validée" in session.rows()[22], session.text
    validating.validate(demo.context, invoice)
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f6")
        assert session.rows()[0].startswith(" Avoir de la facture FA26-00001"), session.text
        assert "HT -120,00 €" in session.rows()[0]
        await session.press("space")  # nothing is taken: nothing would be credited
        assert "HT 0,00 €" in session.rows()[0] and "0 ligne sur 1" in session.rows()[20]
        await session.press("f8")
        assert "Rien à créditer · F7 T prend tout ce qui reste" in session.rows()[22], session.text
        await session.press("home", "space", *"13", "enter")
        assert "reste 12,00" in session.rows()[22], session.text
        await session.press("escape", *"5", "enter", "f8")
        assert "Marchandise reprise ? O/N" in session.rows()[22], session.text
        await session.press("o")
        assert session.rows()[0].startswith(" Avoir FA-P"), session.text
        assert "HT -50,00 €" in session.rows()[0]
        await session.press("f8")
        assert "Valider l'avoir : le numéro est définitif" in session.rows()[22], session.text
        await session.press("o")
        assert "Avoir FA26-00002 validé ·" in session.rows()[22], session.text
        await session.press("f6")
        assert "est un avoir" in session.rows()[22], session.text
    database = demo.context.database
    move = database.rows("SELECT quantity FROM stock_move WHERE reason = 'invoice' ORDER BY id")
    assert move[-1] == (50_000,)
    assert verification.verify(demo.context)[1] == []


async def test_the_page_of_deductions(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = moved(demo, made(demo, "tub12 100 x10", kind="order"), "invoice")
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("ctrl+g", "e", "ctrl+g", "e")
        assert "Retenue garantie" in session.text, session.text
        for _ in range(20):
            if session.rows()[21].startswith(" Retenue garantie"):
                break
            await session.press("down")
        await session.press(*"6", "enter")
        assert "Retenue de 5 % au plus" in session.rows()[22], session.text
        await session.press("ctrl+u", *"5", "enter")
        document = load(demo.context.database, invoice)
        assert document is not None
        assert [(one.kind, one.percent) for one in document.deductions] == [("retention", 50_000)]
        await session.press("ctrl+r")
        document = load(demo.context.database, invoice)
        assert document is not None and document.deductions == []


async def test_goods_typed_by_hand_are_asked_about(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = made(demo, "tub12 3 x10", kind="invoice")
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f8")
        assert "Marchandise emportée ? O/N" in session.rows()[22], session.text
        await session.press("o")
        assert "Valider la facture" in session.rows()[22], session.text
        await session.press("o")
        assert "validée" in session.rows()[22], session.text
    moves = demo.context.database.rows("SELECT quantity FROM stock_move WHERE reason = 'invoice'")
    assert moves == [(-30_000,)]


async def test_f8_stands_in_the_field_that_names_the_corrected_invoice(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = made(demo, "tub12 -3 x10", kind="invoice")
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f8")
        assert "Facture corrigée : laquelle ?" in session.rows()[22], session.text
        assert session.rows()[1].startswith("►Entête 2/3"), session.text
        await session.press(*"f2019-7", "enter")
        assert "sa date manque" in session.rows()[22], session.text
        await session.press("ctrl+u", *"F2019-7 31/03/19", "enter")
        document = load(demo.context.database, invoice)
        assert document is not None
        named = [(one.type, one.number, one.date) for one in document.references]
        assert named == [("corrected", "F2019-7", "2019-03-31")]
        await session.press("f8")
        assert "Marchandise reprise ? O/N" in session.rows()[22], session.text
        await session.press("n", "o")
        assert "validé" in session.rows()[22], session.text
        assert session.rows()[0].startswith(" Avoir FA26-00001"), session.text

"""Contracts by keys at 80×24: from a model, due things at home, made, previewed and refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from opened_program import Session, make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.maintenance.contract_due import ContractDue
from codial_tui.screens.records.quick_create import QuickCreate
from codial_tui.screens.records.record import RecordScreen
from codial_tui.services.records import parties, record_parts, records


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    clock(made, 2027, 1, 1)
    address = {"street": "1 rue A", "postcode": "69001", "city": "LYON"}
    parties.create(made.context, {"code": "C1", "name": "ALPHA", "siren": "732829320", **address})
    yield made
    made.close()


def clock(program: Program, *day: int) -> None:
    program.context.clock = lambda: datetime(*day, 10, 0, tzinfo=UTC)


def contract(program: Program, **values: Any) -> int:
    given = {"party_id": 1, "label": "Chaudière", "starts_on": "2027-01-01", "price": 48_000}
    return records.create(program.context, "contract", {**given, **values})


def shown(session: Session) -> list[list[str]]:
    """Day and rest of each row about ALPHA."""
    return [row.strip("►√!× ").split() for row in session.rows() if "ALPHA" in row[:79]]


@pytest.mark.long
async def test_fourteen_months_of_a_yearly_contract_by_keys(
    program: Program, monkeypatch: Any
) -> None:
    contract(program, visit_rule="4 par an", revision="coefficient", coefficient=1_020_000)
    made = []
    days = ((2027, 1, 1), (2027, 4, 1), (2027, 7, 15), (2027, 12, 31), (2028, 2, 29))
    for day in days:
        clock(program, *day)
        async with opened(program, HomeScreen(), monkeypatch) as session:
            for _ in range(20):
                if "► Contrats à traiter" in session.text:
                    break
                await session.press("down")
            await session.press("enter")
            assert isinstance(session.screen, ContractDue)
            made += [[*row[:2], row[-1]] for row in shown(session)]
            if "reconduction" in session.text:
                said = "Chaudière · nouveau terme, 480,00 → 489,60 € HT"
                assert session.rows()[22].strip() == said
            await session.press("f8")
            invoices = "factures : P provisoires" in session.rows()[22]
            await session.press("v" if invoices else "o")
            await session.settled()
            assert "×" not in session.text
    assert made == [
        ["01/01/27", "visite", "ALPHA"],
        ["01/01/27", "facture", "480,00"],
        ["01/04/27", "visite", "ALPHA"],
        ["01/07/27", "visite", "ALPHA"],
        ["01/10/27", "visite", "ALPHA"],
        ["01/01/28", "reconduction", "489,60"],
        ["01/01/28", "visite", "ALPHA"],
        ["01/01/28", "facture", "489,60"],
    ]
    assert program.context.database.rows(
        "SELECT kind, number, date, net_total, state FROM document WHERE kind = 'invoice'"
    ) == [
        ("invoice", "FA27-00001", "2027-01-01", 48_000, "validated"),
        ("invoice", "FA28-00001", "2028-02-29", 48_960, "validated"),
    ]
    assert program.context.database.rows(
        "SELECT w.due_on, d.planned_date, w.nature, d.state FROM document_work_order w "
        "JOIN document d ON d.id = w.document_id ORDER BY d.id"
    ) == [
        ("2027-01-01", "2027-01-01", "maintenance", "open"),
        ("2027-04-01", "2027-04-01", "maintenance", "open"),
        ("2027-07-01", "2027-07-15", "maintenance", "open"),
        ("2027-10-01", "2027-12-31", "maintenance", "open"),
        ("2028-01-01", "2028-02-29", "maintenance", "open"),
    ]


async def test_what_is_due_is_looked_at_then_made(program: Program, monkeypatch: Any) -> None:
    contract(program, visit_rule="mars", letter_visit=15, kind="points")
    async with opened(program, ContractDue(), monkeypatch) as session:
        assert session.rows()[0].endswith("1 facture 480,00 €")
        await session.type("01/03/27")
        await session.press("enter")
        rows = session.rows()
        assert rows[0].startswith(" Contrats à traiter · jusqu'au 01/03/27")
        assert rows[0].endswith("1 facture 480,00 €, 1 lettre, 1 visite")
        assert [row[:2] for row in shown(session)] == [
            ["01/01/27", "facture"],
            ["14/02/27", "avis"],
            ["01/03/27", "visite"],
        ]
        await session.press("f9")
        assert "Contrat CT27-0001 Chaudière" in session.text
        await session.press("end")
        assert "480,00" in session.text and "576,00" in session.text
        await session.press("escape", "down", "f9")
        assert "AVIS DE VISITE" in session.text and "01/03/27" in session.text
        await session.press("escape", "f7", "l")
        assert [row[1] for row in shown(session)] == ["avis"]
        await session.press("f8")
        assert session.rows()[22].strip().startswith("? 1 lettre ? O/N")
        await session.press("o")
        await session.settled()
        assert session.rows()[22].strip() == "1 lettre"
        assert "fait" in session.rows()[3]
        await session.press("f7", "c")
        assert isinstance(session.screen, RecordScreen)
        await session.press("f7")
        assert isinstance(session.screen, ContractDue)
        said = "CT27-0001 Chaudière · échéance 01/01/28 · fin 31/12/27 · 0 de 0 points"
        assert session.rows()[1].strip() == said
        await session.type("01/03/27")
        await session.press("enter", "down", "space", "f8", "o")
        await session.settled()
        assert session.rows()[22].strip() == "1 visite"
        await session.press("f9")
        assert isinstance(session.screen, DocumentScreen)
        assert "BI27-00001 · ALPHA" in session.rows()[0]
    names = program.context.database.rows("SELECT name FROM attachment WHERE owner = 'party'")
    assert names == [("Avis de visite CT27-0001 2027-03-01.pdf",)]


@pytest.mark.long
async def test_a_refusal_and_what_somebody_did_meanwhile(
    program: Program, monkeypatch: Any
) -> None:
    from codial_tui.services.maintenance import contract_plan, contract_run

    contract(program)
    async with opened(program, ContractDue(), monkeypatch) as session:
        today = program.context.today
        (other,) = contract_run.run(program.context, contract_plan.plan(program.context, today))
        await session.press("f8", "p")
        await session.settled()
        assert session.rows()[22].strip() == "Rien de fait · 1 refusé (×)"
        await session.press("up")
        assert f"facture déjà faite, {other.ref}" in session.text
    program.context.database.execute("UPDATE party SET blocked = 1")
    contract(program, label="Portail")
    async with opened(program, ContractDue(), monkeypatch) as session:
        assert session.rows()[22].strip() == "× ALPHA est bloqué · débloquez sa fiche"
        await session.press("f8")
        assert "Rien à faire ici" in session.rows()[22]


async def test_a_contract_of_a_model_by_keys(program: Program, monkeypatch: Any) -> None:
    model = records.create(
        program.context,
        "contract_model",
        {"code": "M24", "name": "Maintenance", "duration": 24, "visit_rule": "mars, septembre"},
    )
    async with opened(program, RecordScreen("contract_model", model), monkeypatch) as session:
        await session.press("f7")
        assert isinstance(session.screen, QuickCreate)
        await session.type("alpha")
        await session.press("enter", "f8")
        assert isinstance(session.screen, RecordScreen)
        assert session.rows()[0].startswith(" Contrat CT27-0001 · Maintenance")
    row = program.context.database.row(
        "SELECT party_id, duration, term_on, visits, label FROM contract"
    )
    assert row == (1, 24, "2029-01-01", 2, "Maintenance")


@pytest.mark.long
async def test_what_is_used_is_written_by_keys(program: Program, monkeypatch: Any) -> None:
    one = contract(program, kind="points", quota=100_000)
    async with opened(program, RecordScreen("contract", one), monkeypatch) as session:
        await session.press("ctrl+g", "c", "f5", "enter")
        await session.type("2,5")
        await session.press("enter")
        await session.type("Porte")
        await session.press("enter")
        assert "Conso 1" in session.rows()[1], session.text
        assert "2,5" in session.text and "Porte" in session.text
    assert program.context.database.rows(
        "SELECT contract_id, used_on, quantity, note FROM contract_use"
    ) == [(one, "2027-01-01", 25_000, "Porte")]


async def test_each_tab_has_its_fields(program: Program, monkeypatch: Any) -> None:
    one = contract(program)
    async with opened(program, RecordScreen("contract", one), monkeypatch) as session:
        await session.press("ctrl+g", "v")
        assert "►Visites" in session.rows()[1] and "►Visites" in session.rows()[3]
        assert "Reconduction" not in session.text
        await session.type("souvent")
        await session.press("enter")
        assert "« souvent » : quels jours ?" in session.rows()[22]
        await session.press("ctrl+a", "ctrl+k")
        await session.type("4 par an")
        await session.press("enter", "ctrl+g", "f")
        assert "►Facturation" in session.rows()[1] and "►Type" in session.rows()[3]
        await session.press("p", "enter")
        await session.type("520")
        await session.press("enter", "ctrl+g", "e")
        assert "Reconduction" in session.text
    row = program.context.database.row("SELECT kind, price, visits, visit_rule FROM contract")
    assert row == ("points", 52_000, 4, "4 par an")


@pytest.mark.long
async def test_a_machine_elsewhere_warns(program: Program, monkeypatch: Any) -> None:
    context = program.context
    site = record_parts.create(context, "address", 1, {"label": "Atelier", "street": "2 rue B"})
    for code, where in (("CH1", site), ("CH2", None)):
        values = {"code": code, "party_id": 1, "address_id": where, "label": "Chaudière"}
        records.create(context, "equipment", values)
    one = contract(program, address_id=site)
    async with opened(program, RecordScreen("contract", one), monkeypatch) as session:
        await session.press("ctrl+g", "m", "f5", "f4")
        assert "CH1" in session.text and "CH2" not in session.text, "of its site first"
        await session.type("ch")
        await session.press("down", "enter")
        assert "Matériels 1" in session.rows()[1]
        assert "n'est pas sur le site de CT27-0001" in session.rows()[22]
    assert context.database.value(
        "SELECT e.code FROM contract_machine c JOIN equipment e ON e.id = c.equipment_id"
    ) == ("CH2")


async def test_a_number_typed_at_home_finds_contract_and_machine(
    program: Program, monkeypatch: Any
) -> None:
    contract(program)
    values = {"code": "M1", "party_id": 1, "brand": "VIESSEL", "serial": "VX-22%1"}
    machine = records.create(program.context, "equipment", values)
    async with opened(program, HomeScreen(), monkeypatch) as session:
        await session.type("ct27")
        assert "CT27-0001" in session.text and "Chaudière" in session.text
        await session.press("down", "enter")
        assert isinstance(session.screen, RecordScreen)
        assert session.rows()[0].startswith(" Contrat CT27-0001")
        await session.press("escape", "ctrl+u")
        await session.type("ct1")
        assert "CT27-0001" in session.text and "Chaudière" in session.text
        await session.press("ctrl+u")
        await session.type("vx-2")
        assert "VIESSEL VX-22%1" in session.text and "ALPHA" in session.text
        await session.press("enter")
        assert session.screen.record_id == machine
    async with opened(program, HomeScreen(), monkeypatch) as session:
        await session.type("vx-%")
        assert "Machine" not in session.text


async def test_80_cells_hold_the_day_the_counts_and_every_choice(
    program: Program, monkeypatch: Any
) -> None:
    monthly = {"billing_every": 1, "visit_rule": "tous les mois le 1", "letter_visit": 15}
    contract(program, **monthly, letter_end=30, price=123_456)
    async with opened(program, ContractDue(), monkeypatch) as session:
        await session.type("31/12/37")
        await session.press("enter")
        title = session.rows()[0]
        assert title.startswith(" Contrats · ") and "31/12/37" in title and "…" not in title
        assert title.endswith("144 lettres, 132 vis., 132 fact. 162 961,92 €, 10 recond.")
        await session.press("f8")
        question = " ? 144 lettres, 132 vis., 132 fact., 10 recond. · P provisoires  V validées"
        assert session.rows()[22] == question
        await session.press("escape", "f7")
        assert session.rows()[22] == (
            " ? V visites  F fact.  R recond.  L lettres  T tout  C fiche  A tous  M marge"
        )
        await session.press("f")
        assert (
            session.rows()[0].split("  ")[0] == " Contrats à traiter · factures · jusqu'au 31/12/37"
        )
        await session.press("f7", "l", "f8")
        assert session.rows()[22].rstrip().endswith("144 lettres ? O/N")


async def test_a_letter_without_its_file_is_told_as_made(
    program: Program, monkeypatch: Any
) -> None:
    from codial_tui.services.documents import attachments

    contract(program, visit_rule="mars", letter_visit=15)
    folder = attachments.folder(program.context, "export")
    (folder / "Avis de visite CT27-0001 2027-03-01.pdf").mkdir()
    async with opened(program, ContractDue(), monkeypatch) as session:
        await session.type("01/03/27")
        await session.press("enter", "f7", "l", "f8", "o")
        await session.settled()
        assert session.rows()[22].strip() == "1 lettre · 1 lettre sans fichier (!)"
        await session.press("up")
        assert "! faite, gardée dans la GED de ALPHA · PDF non écrit : " in session.rows()[22]
    found = program.context.database.value("SELECT COUNT(*) FROM contract_due")
    assert found == 1

"""The Machine tab by keys: a machine found or made, what it is covered by, several, phrases."""

from __future__ import annotations

from typing import Any

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.domain.document import Document
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.maintenance import equipment, work_orders
from codial_tui.services.records import letters, parties, record_parts, records


def customer(context: Context) -> int:
    return parties.by_code(context, "C00310")


def boiler(context: Context, **values: Any) -> int:
    known = {
        "party_id": customer(context),
        "serial": "VX-2231-0098",
        "brand": "VIESSEL",
        "type": "Chaudière gaz",
        "label": "Chaudière",
        "warranty_until": "2026-12-31",
    }
    return equipment.create(context, {**known, **values})


def load(context: Context, document_id: int) -> Document:
    found = rows.load(context.database, document_id)
    assert found is not None
    return found


async def to_tab(session: Session, ref: str = "bi26-00001") -> None:
    await session.type(ref)
    await session.press("enter", "ctrl+g", "m")


async def test_a_known_machine_under_warranty(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    boiler(context)
    order = work_orders.new(context, customer(context))
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        await session.type("2231")
        assert "VX-2231-0098 VIESSEL Chaudière gaz" in session.text
        await session.press("enter")
        for words in ("Marque          VIESSEL", "Couverture     Garantie", "Articles       non"):
            assert words in session.text
        await session.press(*["down"] * 6)
        await session.type("Code F28")
        await session.press("f8")
        assert "PANNE SIGNALÉE" in session.text
        document = load(context, order)
        (one,) = document.machines
        assert (one.serial, one.coverage, one.fault) == ("VX-2231-0098", "warranty", "Code F28")
        assert [document.header[f"bill_{name}"] for name in ("labour", "articles")] == [0, 0]
        await session.press("down", "down", "down", "o")  # labour is billed after all
        await session.press("enter")
        document = load(context, order)
        assert [document.header[f"bill_{name}"] for name in ("labour", "articles")] == [1, 0]
        await session.press("ctrl+r")
        assert load(context, order).header["bill_labour"] == 0


async def test_a_number_nobody_knows_makes_the_machine(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    order = work_orders.new(context, customer(context))
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        await session.type("xx-99")
        assert "Créer « xx-99 »" in session.text
        await session.press("enter")
        await session.type("Ariston")
        await session.press("enter")
        (one,) = load(context, order).machines
        assert (one.serial, one.brand) == ("xx-99", "Ariston")
        row = context.database.mapping("SELECT * FROM equipment")
        assert row is not None
        assert (row["id"], row["party_id"], row["brand"]) == (
            *(one.equipment_id, customer(context), "Ariston"),
        )
        await session.press(*["down"] * 4)
        assert "►Garantie au" in session.text, session.text
        await session.type("311227")
        await session.press("enter")
        assert "Couverture     Garantie" in session.text, session.text
        (one,) = load(context, order).machines
        assert one.coverage == "warranty"
        assert records.load(context, "equipment", row["id"])["warranty_until"] == "2027-12-31"
        await session.press("up", "ctrl+u", "enter")
        assert load(context, order).machines[0].coverage == "none"
        await session.press("f9")
        assert session.rows()[0].startswith(f" {row['code']}")


async def test_several_machines(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    boiler(context)
    boiler(context, serial="P-1", brand="GRUNDF", type="Pompe", warranty_until=None)
    order = work_orders.new(context, customer(context), nature="maintenance")
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        await session.type("2231")
        await session.press("enter", "f7", "a")
        assert "Machine +2" in session.rows()[1]
        await session.type("p-1")
        await session.press("enter")
        assert "Machine 2/2" in session.rows()[1]
        assert session.rows()[22].startswith(" ! Machines couvertes autrement")
        await session.press("ctrl+g", "m")
        assert "VX-2231-0098" in session.text
        await session.press("f7", "a")
        await session.type("2231")
        await session.press("enter")
        assert "VX-2231-0098 est déjà sur ce bon" in session.rows()[22]
        await session.press("f7", "escape")
        assert "Machine 3/3" in session.rows()[1]
        await session.press("f7", "o")
        assert [one.serial for one in load(context, order).machines] == ["VX-2231-0098", "P-1"]
        await session.press("ctrl+r")
        assert len(load(context, order).machines) == 3


@pytest.mark.long
async def test_a_machine_that_fails_again_and_again(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    machine = boiler(context)
    for _ in range(3):
        work_orders.new(context, customer(context), equipment=[machine], subject="Circulateur")
    async with running(demo, monkeypatch) as session:
        await to_tab(session, "bi26-00003")
        assert session.rows()[22] == " ! 3e panne en 12 mois sur cette machine"
        assert "HISTORIQUE 09/11/26 Circulateur · 09/11/26 Circulateur" in session.text


async def test_a_phrase_is_added(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    machine = boiler(context)
    letters.save_model(context, "work_done", "work_order", "Essai", "Essai de 20 min concluant.")
    order = work_orders.new(context, customer(context), equipment=[machine])
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        await session.press("f7", "j")
        assert "Pièce à commander" in session.text  # those that come with the program
        last = ("down", "down", "down", "enter")
        await session.press(*last, "f7", "j", *last)
        (one,) = load(context, order).machines
        assert one.work_done == "Essai de 20 min concluant.\nEssai de 20 min concluant."


@pytest.mark.long
async def test_a_closed_one_is_only_looked_at(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codial_tui.services.maintenance import closing

    context = demo.context
    order = work_orders.new(context, customer(context), equipment=[boiler(context)])
    closing.close(context, order)
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        assert "est terminé" in session.rows()[22]
        await session.press("f7", "a")
        assert "est terminé" in session.rows()[22]
        assert len(load(context, order).machines) == 1


@pytest.mark.long
async def test_the_site_chooses_its_machines(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    party = customer(context)
    sites = [
        record_parts.create(
            context,
            *("address", party, {"label": label, "role": "works", "street": "1 rue A"}),
        )
        for label in ("Les Ormes", "Les Pins")
    ]
    boiler(context, address_id=sites[0], brand="DAIKIN")
    boiler(context, serial="P-7", address_id=sites[1])
    order = work_orders.new(context, party)
    async with running(demo, monkeypatch) as session:
        await session.type("bi26-00001")
        await session.press("enter", "ctrl+g", "e", "ctrl+g", "e", "ctrl+g", "e")
        assert "►Site" in session.text, session.text
        await session.type("orm")
        await session.press("enter")
        assert load(context, order).header["delivery_street"] == "1 rue A"
        await session.press("ctrl+g", "m", "f4")
        assert "VX-2231-0098 DAIKIN" in session.text and "P-7" not in session.text
        await session.press("escape")
        await session.type("p-7")  # whole: found wherever it is
        await session.press("enter")
        assert "P-7 est sur un autre site : Les Pins" in session.rows()[22], session.text
        await session.press("down", "up")
        assert session.rows()[22].startswith(" ! sur un autre site, Les Pins"), session.text
        await session.press("f4")
        assert "DAIKIN" in session.text  # the brands of the register
        await session.press("escape", "ctrl+u")
        await session.type("dai")
        await session.press("f4", "enter")
        assert load(context, order).machines[0].brand == "DAIKIN"


@pytest.mark.long
async def test_f9_on_the_coverage_shows_the_contract(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    machine = boiler(context, warranty_until=None)
    contract = records.create(
        context,
        "contract",
        {"party_id": customer(context), "label": "Entretien", "starts_on": "2026-01-01"},
    )
    record_parts.create(context, "contract_machine", contract, {"equipment_id": machine})
    work_orders.new(context, customer(context), equipment=[machine])
    number = records.load(context, "contract", contract)["number"]
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        assert f"Contrat {number}" in session.text and "Couverture     Contrat" in session.text
        await session.press(*["down"] * 9, "f9")
        assert number in session.rows()[0], session.text
        await session.press("escape")
        assert "►Couverture" in session.text


@pytest.mark.long
async def test_a_hostile_text_stays_one(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    context = demo.context
    order = work_orders.new(context, customer(context))
    async with running(demo, monkeypatch) as session:
        await to_tab(session)
        await session.type("'; DROP TABLE equipment --\x1b[31m%_")
        await session.press("enter")
        (one,) = load(context, order).machines
        assert one.serial.startswith("'; DROP TABLE equipment --") and "\x1b" not in one.serial
        assert context.database.value("SELECT COUNT(*) FROM equipment") == 1
        await session.press("f9", "escape", "ctrl+r", "ctrl+r", "ctrl+r")
        assert load(context, order).machines == []

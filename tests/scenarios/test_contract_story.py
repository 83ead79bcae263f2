"""What contracts of one customer earn, by keys: billed together, their visits written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from opened_program import Session, make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.screens.buying.reports import ReportsScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.maintenance.contract_due import ContractDue
from codial_tui.screens.records.record import RecordScreen
from codial_tui.screens.report import ReportScreen
from codial_tui.services.records import company_settings, parties, records

pytestmark = pytest.mark.long


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    made.context.clock = lambda: datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
    address = {"street": "1 rue A", "postcode": "69001", "city": "LYON"}
    parties.create(made.context, {"code": "C1", "name": "ALPHA", "siren": "732829320", **address})
    item = {"reference": "JOINT", "label": "Joint", "sale_price": 300_000, "cost_price": 123_450}
    records.create(made.context, "item", {**item, "stock_managed": 0})
    company_settings.put(made.context, "contract.hour_cost", 4_000)
    for label, price, rule in (("Siège", 10_000, ""), ("Atelier", 20_050, "mars")):
        values = {"party_id": 1, "label": label, "price": price, "visit_rule": rule}
        records.create(made.context, "contract", {**values, "starts_on": "2027-03-01"})
    yield made
    made.close()


async def test_two_contracts_on_one_invoice_and_what_they_earn(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, RecordScreen("contract", 2), monkeypatch) as session:
        for _ in range(8):
            if "►Facturé par" in session.text:
                break
            await session.press("down")
        await session.type("0001")
        await session.press("enter")
        assert "CT27-0001" in session.text
    async with opened(program, ContractDue(), monkeypatch) as session:
        assert session.rows()[0].endswith("1 visite, 1 facture 300,50 €")
        await session.press("f8", "v")
        await session.settled()
        assert session.rows()[22].strip() == "1 visite, 1 facture 300,50 €"
        await session.press("home", "f9")
        assert isinstance(session.screen, DocumentScreen)
        await write_down(session)
    async with opened(program, ReportsScreen(), monkeypatch) as session:
        await session.press("k")
        await session.until(lambda: isinstance(session.screen, ReportScreen))
        rows = [
            row.strip("► ").split() for row in session.rows() if "CT27" in row or "TOTAL" in row
        ]
        # 225 minutes at 40,00 € are 150,00; two joints cost 24,69
        assert [(row[0], row[-2]) for row in rows] == [
            ("CT27-0002", "25,81"),
            ("CT27-0001", "100,00"),
            ("TOTAL", "125,81"),
        ]
    found = program.context.database.rows(
        "SELECT l.label, l.net_amount FROM document_line l JOIN document d ON d.id = l.document_id "
        "WHERE d.kind = 'invoice' ORDER BY l.position"
    )
    assert found == [
        ("Siège, contrat CT27-0001, période du 01/03/27 au 29/02/28", 10_000),
        ("Atelier, contrat CT27-0002, période du 01/03/27 au 29/02/28", 20_050),
    ]


async def write_down(session: Session) -> None:
    """Two joints and a visit of 75 minutes of travel, 150 of work."""
    await session.type("joint 2")
    await session.press("enter")
    await session.press("ctrl+g", "e", "ctrl+g", "e")
    await session.type("0800 0835 1105 1145")
    await session.press("enter")
    assert "1:15" in session.text and "2:30" in session.text, session.text

"""Facturation groupée by keys: one invoice per customer and delivery address, the rest said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opened_program import make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.exchange.documents import parse_document
from codial_tui.screens.chain.grouped_billing import GroupedBilling
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.documents import documents, requests
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import ToFile
from codial_tui.services.records import parties


def note(program: Program, folder: Path, code: str, price: str, **header: Any) -> int:
    """A printed delivery note of October."""
    wanted = {
        "kind": "delivery_note",
        "customer": code,
        "date": "2026-10-12",
        "lines": [{"type": "item", "label": "Pose", "quantity": "1", "unit_price": price}],
    }
    made = requests.create(program.context, parse_document(json.dumps(wanted)))
    for name, value in header.items():
        program.context.database.execute(
            f"UPDATE document SET {name} = ? WHERE id = ?", (value, made.id)
        )
    printing.print_document(program.context, made.id, ToFile(folder / f"{made.id}.pdf"))
    return made.id


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    for code, name in (("C1", "ALPHA"), ("C2", "BETA")):
        parties.create(
            made.context,
            {"code": code, "name": name, "street": "1 rue A", "postcode": "69001", "city": "LYON"},
        )
    note(made, tmp_path, "C1", "100")
    note(made, tmp_path, "C1", "50.5")
    site = {"delivery_street": "9 rue B", "delivery_postcode": "69002", "delivery_city": "LYON"}
    note(made, tmp_path, "C1", "10", **site)
    note(made, tmp_path, "C2", "7")
    yield made
    made.close()


def invoices(program: Program) -> list[tuple[str, int]]:
    return program.context.database.rows(
        "SELECT party_name, net_total FROM document WHERE kind = 'invoice' ORDER BY id"
    )


async def test_a_month_becomes_one_invoice_an_address(program: Program, monkeypatch: Any) -> None:
    async with opened(program, GroupedBilling(), monkeypatch) as session:
        rows = session.rows()
        assert rows[0].split() == [
            *("Facturation", "groupée", "·", "10/2026", "3", "factures", "·", "HT", "167,50", "€")
        ]
        assert [row.split()[-2:] for row in rows[3:6]] == [
            ["2", "150,50"],
            ["1", "10,00"],
            ["1", "7,00"],
        ]
        assert session.rows()[22].split() == ["BL26-00001,", "BL26-00002"]
        await session.press("f8")
        assert "Créer 3 factures provisoires, HT 167,50 € ? O/N" in session.rows()[22]
        await session.press("o")
        await session.settled()
        assert invoices(program) == [("ALPHA", 15_050), ("ALPHA", 1_000), ("BETA", 700)]
        assert "3 factures provisoires créées" in session.rows()[22]
        assert all("FA-P" in row for row in session.rows()[3:6])
        await session.press("f8")
        assert "Rien à facturer ici" in session.rows()[22]
        await session.type("10/26")
        await session.press("enter")
        assert "0 facture ·" in session.rows()[0]


async def test_only_what_is_marked_is_invoiced(program: Program, monkeypatch: Any) -> None:
    async with opened(program, GroupedBilling(), monkeypatch) as session:
        await session.press("down", "down", "space", "f8", "o")
        await session.settled()
        assert invoices(program) in ([("ALPHA", 1_000)], [("BETA", 700)])
        await session.press("escape")


async def test_a_note_that_changed_meanwhile_is_said_and_the_others_go_on(
    program: Program, monkeypatch: Any
) -> None:
    async with opened(program, GroupedBilling(), monkeypatch) as session:
        database = program.context.database
        with database.write():
            database.execute("UPDATE document SET location = 'station' WHERE net_total = 700")
        await session.press("f8", "o")
        await session.settled()
        assert invoices(program) == [("ALPHA", 15_050), ("ALPHA", 1_000)]
        assert "2 factures provisoires créées · 1 refusée (×" in session.rows()[22]
        row = next(row for row in session.rows() if "BETA" in row)
        assert "×" in row


@pytest.mark.long
async def test_what_came_back_is_not_in_the_amounts_shown(
    program: Program, tmp_path: Path, monkeypatch: Any
) -> None:
    """A note of 100 with half of it returned is 50 in the preview, as on its invoice."""
    context = program.context
    source = documents.get(context, "BL26-00001")
    takes = {source.id: {source.lines[0].uid: 5_000}}
    back = transfer(context, Request((source.id,), "delivery_note", takes=takes))
    printing.print_document(context, back.target_id, ToFile(tmp_path / "retour.pdf"))
    async with opened(program, GroupedBilling(), monkeypatch) as session:
        assert "3 factures · HT 117,50 €" in session.rows()[0], session.text
        await session.press("f8", "o")
        await session.settled()
        assert invoices(program) == [("ALPHA", 10_050), ("ALPHA", 1_000), ("BETA", 700)]

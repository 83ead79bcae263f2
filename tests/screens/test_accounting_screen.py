"""Comptabilité by keys at 80×24: look, export once, VAT, batches; accounts in the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fec_checker import check
from opened_program import make_program, opened

from codial_tui.bootstrap import Program
from codial_tui.exchange.documents import parse_document
from codial_tui.screens.accounting.accounting import AccountingScreen
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.lists.list import ListScreen
from codial_tui.screens.report import ReportScreen
from codial_tui.services.documents import requests
from codial_tui.services.documents.attachments import folder
from codial_tui.services.invoicing import validating
from codial_tui.services.records import parties


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    address = {"street": "1 rue A", "postcode": "69001", "city": "LYON", "siren": "732829320"}
    parties.create(made.context, {"code": "C1", "name": "ALPHA", **address})
    for day, price in (("2026-09-15", "10"), ("2026-10-05", "100"), ("2026-10-20", "250.5")):
        wanted = {
            "kind": "invoice",
            "customer": "C1",
            "date": day,
            "lines": [{"type": "item", "label": "Tube", "quantity": "1", "unit_price": price}],
        }
        one = requests.create(made.context, parse_document(json.dumps(wanted)))
        validating.validate(made.context, one.id)
    yield made
    made.close()


async def test_a_month_is_looked_at_and_exported_once(program: Program, monkeypatch: Any) -> None:
    async with opened(program, HomeScreen(), monkeypatch) as session:
        await session.press("f10")
        await session.type("compta")
        await session.press("enter")
        assert isinstance(session.screen, AccountingScreen)
        await session.settled()
        rows = session.rows()
        assert rows[0].startswith(" Comptabilité · du 01/10/26 au 31/10/26")
        assert rows[0].endswith("2 écritures · 420,60 €")
        assert rows[22].strip() == "! 1 pièce d'avant n'est pas exportée · période plus longue"
        assert [row.strip("► ").split() for row in rows if "ALPHA" in row] == [
            ["VE", "05/10/26", "FA26-00002", "Facture", "FA26-00002", "ALPHA", "120,00"],
            ["VE", "20/10/26", "FA26-00003", "Facture", "FA26-00003", "ALPHA", "300,60"],
        ]
        await session.press("f9")
        shown = "\n".join(session.rows())
        assert "411000  C1" in shown and "445710" in shown and "707000" in shown
        await session.press("down")
        assert "50,10" in session.text  # the VAT of the second
        await session.press("f9")
        assert session.rows()[0].startswith(" Facture FA26-00003"), session.text
        await session.press("escape")
        assert session.rows()[0].startswith(" Comptabilité") and "50,10" in session.text
        await session.press("f8")
        assert "Exporter 2 écritures, 420,60 € ?" in session.rows()[22]
        await session.press("o")
        await session.settled()
        assert "Lot 1 : 2 écritures" in session.rows()[22]
        await session.press("f8")
        assert "Rien de nouveau" in session.rows()[22]
        path = folder(program.context, "export") / "compta-lot-00001/123456782FEC20261031.txt"
        assert check(path.name, path.read_bytes(), "20261001", "20261031") == []
        assert path.with_suffix(".csv").exists()
        kept = path.read_bytes()
        await session.press("f7", "l")
        assert isinstance(session.screen, ChooseScreen)
        assert "01/10/26 - 31/10/26" in session.text
        path.unlink()
        await session.press("enter")
        assert path.read_bytes() == kept
        await session.type("13/26")
        await session.press("enter")
        assert "« 13/26 » n'est pas une période" in session.rows()[22]
        await session.press("ctrl+u")
        await session.type("2026")
        await session.press("enter")
        await session.settled()
        assert session.rows()[0].endswith("1 écriture · 12,00 €")
    states = program.context.database.rows(
        "SELECT number, state FROM document WHERE kind = 'invoice' ORDER BY number"
    )
    assert states == [
        ("FA26-00001", "validated"),
        ("FA26-00002", "posted"),
        ("FA26-00003", "posted"),
    ]


async def test_vat_is_shown_and_written(program: Program, monkeypatch: Any) -> None:
    async with opened(program, AccountingScreen(), monkeypatch) as session:
        await session.settled()
        await session.press("f7")
        assert session.rows()[22].rstrip().endswith("L lots  C comptes")  # all letters are seen
        await session.press("t")
        await session.settled()
        assert isinstance(session.screen, ReportScreen)
        rows = session.rows()
        assert rows[0].startswith(" TVA · du 01/10/26 au 31/10/26")
        assert "TVA due" in rows[2] and rows[3].split()[-1] == "70,10"
        await session.press("f7", "c")
        assert "vat.csv · 1 ligne" in session.rows()[22]
        written = (folder(program.context, "export") / "vat.csv").read_text("utf-8-sig")
        assert written.splitlines()[1] == "S;20;350,50;70,10;0,00;0,00;0,00;0,00;70,10"
        await session.press("escape", "f7", "a")
        await session.settled()
        assert "707000" in session.text
        await session.press("escape", "f7", "j")
        await session.settled()
        rows = session.rows()
        assert rows[0].startswith(" Journaux · du 01/10/26 au 31/10/26") and "6 lignes" in rows[0]
        assert rows[3].strip("► ").split() == [
            *("VE", "05/10/26", "FA26-00002", "411000", "C1", "Facture", "FA26-00002"),
            *("ALPHA", "120,00", "0,00"),
        ]
        await session.press("escape", "f7", "e")
        await session.settled()
        assert "Rien dans cette période" in session.text


async def test_accounts_are_a_list_of_the_settings(program: Program, monkeypatch: Any) -> None:
    async with opened(program, AccountingScreen(), monkeypatch) as session:
        await session.settled()
        await session.press("f7", "c")
        assert isinstance(session.screen, ListScreen)
        assert "Comptes comptables" in session.rows()[0] and "TVA collectée" in session.text
        await session.type("706")
        await session.press("enter")
        assert "706000" in session.rows()[0] and "Service" in session.text
        await session.screen.form.enter("account")
        await session.press("ctrl+a", "ctrl+k")
        await session.type("70")
        await session.press("enter")
        assert "Un compte : trois chiffres au moins · 707000" in session.rows()[22]
        await session.press("ctrl+a", "ctrl+k")
        await session.type("706100")
        await session.press("enter")
    found = program.context.database.rows(
        "SELECT account FROM account_rule WHERE role = 'sale' ORDER BY account"
    )
    assert found == [("706100",), ("707000",)]

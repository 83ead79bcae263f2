"""The story of test_buying_story by keys alone at 80×24: three orders of two projects that share an
assembly and two items, 9.5 cumulated, 6 ordered, 3.5 left, two suppliers asked, an open order that
takes more, one that refuses and says why, what came, what it cost, and the delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo_program import running
from opened_program import Session
from test_buying_story import _catalogue

from codial_tui.bootstrap import Program, open_program
from codial_tui.exchange.documents import parse_document
from codial_tui.screens.buying.supplier_merge import SupplierMerge
from codial_tui.services.documents import requests
from codial_tui.services.records import company

pytestmark = pytest.mark.long

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
ORDERS = (
    ("P1", (("TUB", "4"), ("COU", "3"))),
    ("P2", (("TUB", "2.5"), ("COU", "2"))),
    ("P2", (("RESEAU", "10"),)),
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The catalogue and the three orders; everything else is keys."""
    opened = open_program(
        str(tmp_path / "c.sqlite3"), create=True, clock=lambda: NOON, login="claire"
    )
    company.init(opened.context, "Essai", siren="732829320", edition="building")
    _catalogue(opened.context)
    for project, lines in ORDERS:
        asked = [{"type": "item", "reference": one, "quantity": many} for one, many in lines]
        order = {"kind": "order", "customer": "MARTIN", "project": project, "lines": asked}
        requests.create(opened.context, parse_document(json.dumps(order)))
    yield opened
    opened.close()


async def home(session: Session) -> None:
    for _ in range(9):
        if session.rows()[2].startswith((" À FAIRE", " PREMIERS PAS")):
            return
        await session.press("escape")
    raise AssertionError(session.rows()[0])


async def needs(session: Session) -> None:
    """The screen of what all orders need, from anywhere."""
    await home(session)
    await session.press("f10")
    await session.type("besoins")
    await session.press("enter")
    await session.settled()
    assert session.rows()[0].startswith(" Besoins des commandes")


def row(session: Session, reference: str) -> list[str]:
    found = [one for one in session.rows() if f" {reference} " in one]
    return found[0].replace("►", " ").replace("■", " ").split() if found else []


def level(program: Program) -> tuple[int, int, int]:
    """On hand of TUB, what it is worth (10⁻⁶ €) and the average of one."""
    found = program.context.database.row(
        "SELECT w.quantity, w.value, w.average FROM stock_worth w "
        "JOIN item i ON i.id = w.item_id WHERE i.reference = 'TUB'"
    )
    assert found is not None
    return found[0], found[1], found[2]


async def test_by_keys(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(program, monkeypatch) as session:
        await needs(session)
        assert row(session, "TUB")[3:] == ["9,50", "0,00", "0,00", "0,00", "9,50", "m", "RHONE"]
        assert row(session, "COU")[3:] == ["5,00", "0,00", "0,00", "0,00", "5,00", "m", "ELEC"]
        await session.type("tub")
        await session.press("enter")
        await session.type("6")
        await session.press("enter", "f6")
        assert session.rows()[22].startswith(" CF26-00001 créée (2 lignes)")  # a line a project
        await needs(session)
        assert row(session, "TUB")[3:8] == ["9,50", "0,00", "0,00", "6,00", "3,50"]

        # two metres join the open order
        await session.type("tub")
        await session.press("enter")
        await session.type("2")
        await session.press("enter", "f6")
        assert isinstance(session.screen, SupplierMerge)
        await session.press("enter")
        assert session.rows()[22].startswith(" CF26-00001 : 1 ligne de plus")

        # it is sent: from now on it refuses, and says why
        await home(session)
        await session.type("cf26-00001")
        await session.press("enter", "f3", "enter", "o")
        await session.settled()
        assert "Envoyée" in session.rows()[0]
        await home(session)
        await needs(session)
        assert row(session, "TUB")[7] == "1,50"
        await session.press("f7", "p")
        assert session.rows()[0].startswith(" Demande de prix DP26-00001")

        # both suppliers answer, each gets what it sells for less
        await session.press("ctrl+g", "n")
        for supplier, prices in (
            ("rhon", ("2,50", "2,50", "4,80")),
            ("elec", ("1,90", "1,90", "5,10")),
        ):
            await session.type(supplier)
            await session.press("enter")
            for price in prices:
                await session.type(price)
                await session.press("enter")
            await session.press("pageup")
        await session.press("f7", "m", "f6", "o")
        assert session.rows()[22].startswith(" ? CF26-00002, CF26-00003 · noter ces prix")
        await session.press("n")
        found = program.context.database.rows(
            "SELECT d.party_code, d.net_total FROM document d WHERE d.kind = 'purchase_order' "
            "ORDER BY d.party_code, d.id"
        )
        assert found == [("ELEC", 9_50), ("RHONE", 40_00), ("RHONE", 7_20)]

        # part of the first order comes
        await home(session)
        await session.type("cf26-00001")
        await session.press("enter", "f6", "f8", "f8", "o")
        assert session.rows()[22].startswith(" Bon de réception BR26-00001 validé")
        assert level(program) == (8_0000, 40_000_000, 5_000_000)

        # and leaves with what it was bought for
        await home(session)
        await session.type("cc26-00001")
        await session.press("enter", "f6", "b", "f7", "r")
        await session.type("4")
        await session.press("enter", "f8", "f3", "enter", "o")
        await session.settled()
        assert level(program) == (4_0000, 20_000_000, 5_000_000)

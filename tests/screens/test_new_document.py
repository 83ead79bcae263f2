"""A new document: the customer in a few letters, made on the spot, or nobody in particular."""

from __future__ import annotations

import pytest
from demo_program import running
from screen_dump import burst

from codial_tui.bootstrap import Program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.services.records.parties import COUNTER_NAME


def newest(program: Program) -> dict[str, object]:
    found = program.context.database.mapping(
        "SELECT d.*, p.street, p.phone, p.is_customer FROM document d "
        "JOIN party p ON p.id = d.party_id ORDER BY d.id DESC LIMIT 1"
    )
    assert found is not None
    return found


async def test_an_internal_delivery_note_needs_no_customer(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "b")
        assert session.rows()[0] == " Nouveau bon de livraison"
        assert any(row.startswith("  Interne, sans client") for row in session.rows())
        await session.type("int")
        await session.press("enter")
        assert " · sans client · Ouvert" in session.rows()[0]
        await session.type("cab315 5")
        await session.press("enter")
    stored = demo.context.database.row(
        "SELECT d.party_id, s.nature, l.reference FROM document d "
        "JOIN document_delivery_note s ON s.document_id = d.id "
        "JOIN document_line l ON l.document_id = d.id ORDER BY d.id DESC LIMIT 1"
    )
    assert stored == (None, "internal", "CAB315")


async def test_known_customer_in_one_burst(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await burst(session.app, "f5", "d", *"mart", "enter")
        await session.pilot.pause()
        assert isinstance(session.screen, DocumentScreen)
        rows = session.rows()
        assert rows[0].startswith(" Devis DE26-00043 · MARTIN SARL (C00128) · En attente")
        assert "►Lignes" in rows[1]
        assert rows[21].startswith("► _")
        await session.press("escape")
        assert isinstance(session.screen, HomeScreen)
        assert session.rows()[15].startswith("  DE26-00043   MARTIN SARL")
    assert newest(demo)["party_name"] == "MARTIN SARL"


async def test_client_comptoir(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d")
        rows = session.rows()
        assert rows[0] == " Nouveau devis"
        assert rows[2].startswith("─ Derniers servis · ↓ choisir ─")
        assert rows[4].startswith("  MARTIN SARL")  # no cursor yet: Enter is for the counter
        assert rows[21] == "► Client : _"
        assert rows[22] == " Entrée : Client comptoir"
        await session.press("enter")
        assert f"· {COUNTER_NAME}" in session.rows()[0]
        await session.press("escape", "f5", "d", "enter")
    found = demo.context.database.rows("SELECT id FROM party WHERE name = ?", (COUNTER_NAME,))
    assert len(found) == 1


async def test_down_takes_a_recent_customer(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d", "down")
        assert session.rows()[4].startswith("► MARTIN SARL")
        assert session.rows()[22] == " Entrée prend MARTIN SARL (C00128)"
        await session.press("down", "enter")
    assert newest(demo)["party_name"] == "DUVAL Élec"


async def test_who_was_served_last_comes_first(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d")
        await session.type("mart")
        names = [row[2:28].strip() for row in session.rows()[4:10]]
        assert names == [
            "MARTIN SARL",
            "MARTINEZ Toitures",
            "MARTIN Paul",
            "SAINT-MARTIN Copro",
            "SCI MARTIN",
            "Créer « mart »",
        ]
        for _ in "mart":
            await session.press("backspace")
        await session.type("martin paul")
        names = [row[2:28].strip() for row in session.rows()[4:6]]
        assert names == ["MARTIN Paul", ""]  # exactly that: nothing to create


@pytest.mark.parametrize("typed", ["c00128", "04 78 11 22 33", "0478112233", "sarl mart"])
async def test_found_by_code_telephone_or_words(
    typed: str, demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d")
        await session.type(typed)
        await session.press("enter")
    assert newest(demo)["party_name"] == "MARTIN SARL"


async def test_a_new_customer_in_one_burst(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [*"dupont zinc", "enter", *"12 rue Foch", "enter", *"33000", "enter", "enter"]
    keys = ["space" if key == " " else key for key in keys]
    async with running(demo, monkeypatch) as session:
        await burst(session.app, "f5", "d", *keys, *"0556441122", "enter")
        await session.pilot.pause()
        await session.pilot.pause()
        assert isinstance(session.screen, DocumentScreen)
        assert "· dupont zinc (C00" in session.rows()[0]
        assert len(session.app.screen_stack) == 2  # home and the document
    made = newest(demo)
    assert (made["party_name"], made["billing_street"]) == ("dupont zinc", "12 rue Foch")
    assert (made["billing_postcode"], made["billing_city"]) == ("33000", "BORDEAUX")
    assert (made["phone"], made["is_customer"]) == ("0556441122", 1)


async def test_escape_keeps_what_was_typed_about_the_new_customer(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d")
        await session.type("dupont zinc")
        await session.press("enter")
        await session.type("12 rue Foch")
        await session.press("escape")
        assert session.rows()[21] == "► Client : dupont zinc_"
        await session.press("enter")
        assert "12 rue Foch" in session.text and "dupont zinc" in session.text
        await session.press("escape", "escape")
        assert isinstance(session.screen, HomeScreen)
    assert not demo.context.database.row("SELECT 1 FROM party WHERE name = 'dupont zinc'")


async def test_a_postcode_of_several_towns_shows_them(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d")
        await session.type("dupont zinc")
        await session.press("enter", "tab")
        await session.type("69380")
        await session.press("enter")
        assert "CHASSELAY" in session.text
        await session.type("loz")
        assert "CHASSELAY" not in session.text and "LOZANNE" in session.text
        await session.press("enter")
        await session.press("f8")
        assert "· dupont zinc" in session.rows()[0]
    assert newest(demo)["billing_city"] == "LOZANNE"


async def test_a_hostile_name_is_cleaned(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "d")
        await session.type("[red]zoé[/] \x1b]52;c;x\x07")
        rows = session.rows()  # fails on an escape character
        assert "[red]zoé[/]" in rows[21]
        await session.press("enter", "f8")
        assert "[red]zoé[/]" in session.rows()[0]
    assert "\x1b" not in str(newest(demo)["party_name"])


async def test_a_purchase_offers_the_suppliers_and_says_so(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "h", "c")
        rows = session.rows()
        assert rows[2].startswith("─ Fournisseurs · ↓ choisir")
        assert rows[4].startswith("  Comptoir des Câbles") or "F0" in rows[4]
        await session.type("rhon")
        await session.press("enter")
        await session.type("tub12 2")
        await session.press("enter")
        assert "Marque" not in session.text and "P.U. HT" in session.text
        await session.press("escape", "f5", "h", "c")
        assert session.rows()[4].startswith("  Rhône Sanitaire")
        await session.press("escape", "f5", "h", "a")
        assert any(row.startswith("  Sans fournisseur") for row in session.rows())
        await session.type("sans")
        await session.press("enter")
        assert session.rows()[0].startswith(" Demande d'achat DA26-00001 · sans ")

"""The first start, keys only: demo, own company, another file; what `--screen` and `open` show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_program import NOON, running

from codial_tui.bootstrap import Program, open_program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.first_start import FirstStart
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.lists.list import ListScreen
from codial_tui.services.records import company, settings

QUOTES = "SELECT COUNT(*) FROM document WHERE kind = 'quote'"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Program]:
    """A database without a company."""
    program = open_program(
        str(tmp_path / "fresh.sqlite3"), create=True, clock=lambda: NOON, login="claire"
    )
    yield program
    program.close()


async def test_it_asks_one_thing_by_letter(fresh: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(fresh, monkeypatch) as session:
        rows = session.rows()
        assert rows[0] == " codial · premier démarrage"
        assert rows[22] == " ? Que voulez-vous faire ? D démonstration  C créer  O ouvrir  D/C/O"
        await session.press("enter", "x")  # no answer
        assert session.rows()[22].startswith(
            " × « x » ne répond pas à la question · tapez D, C ou O"
        )
        await session.press("escape")
        assert session.rows()[22] == " ? Quitter ? O/N"
        await session.press("n")
        assert session.rows()[22] == rows[22]
        assert isinstance(session.screen, FirstStart)


async def test_create_my_company_then_three_first_steps(
    fresh: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(fresh, monkeypatch) as session:
        await session.press("c")
        await session.until(
            lambda: fresh.context.database.value("SELECT COUNT(*) FROM commune") > 30_000
        )
        await session.type("DURAND Chauffage")
        await session.press("enter")
        await session.type("123456782")
        await session.press("enter")
        await session.type("3 quai Saint-Vincent")
        await session.press("enter")
        await session.type("33000")
        await session.press("enter")
        assert "BORDEAUX" in session.text
        await session.press("enter", "f", "enter", "b")
        await session.press("enter")
        assert isinstance(session.screen, HomeScreen)
        rows = session.rows()
        assert rows[0].startswith(" DURAND Chauffage · Bâtiment ")
        assert rows[2].startswith(" PREMIERS PAS ")
        assert rows[3].startswith("  Importer un tarif")
        assert rows[4].startswith("  Créer un client")
        assert rows[5].startswith("  Faire un premier devis")
        assert rows[15] == " Aucun document. F5 D fait un devis."
        await session.press("down", "down", "down", "enter")
        assert session.rows()[0] == " Nouveau devis"
    own = settings.company(fresh.context)
    assert (own["siren"], own["vat_number"]) == ("123456782", "FR11123456782")
    assert (own["postcode"], own["city"]) == ("33000", "BORDEAUX")
    assert (own["vat_regime"], own["edition"]) == ("franchise", "building")


async def test_esc_keeps_what_was_typed_of_a_company(
    fresh: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(fresh, monkeypatch) as session:
        await session.press("c")
        await session.type("DURAND Chauffage")
        await session.press("enter")
        await session.type("123456782")
        await session.press("escape")
        assert session.rows()[22].startswith(" ? Que voulez-vous faire")
        await session.press("c")
        assert session.rows()[3].split("sociale")[1].strip() == "DURAND Chauffage"
        assert session.rows()[4].split("SIREN")[1].strip() == "123456782"


async def test_a_wrong_siren_goes_back_to_its_field(
    fresh: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(fresh, monkeypatch) as session:
        await session.press("c")
        await session.type("DURAND")
        await session.press("enter")
        await session.type("123456789")
        for key in ("enter", "f8"):  # on leaving the field, and at the end
            await session.press(key)
            rows = session.rows()
            assert rows[22].startswith(" × SIREN : clé fausse")
            assert rows[21].startswith(" SIREN") and "123456789" in session.text
        assert not company.exists(fresh.context)
        await session.press("escape", "escape")  # the text first, then the form
        assert session.rows()[22].startswith(" ? Que voulez-vous faire")


async def test_the_demo_company_is_built_beside_the_screen(
    fresh: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(fresh, monkeypatch) as session:
        await session.press("d", "d", "e")  # typed ahead: for home
        await session.until(lambda: isinstance(session.screen, HomeScreen))
        await session.until(lambda: "► de_" in session.text)
        assert session.rows()[0].startswith(" DÉMO SARL · Négoce et bâtiment")
        await session.press("enter")
        assert isinstance(session.screen, ListScreen)
    assert fresh.context.database.value(QUOTES) == 45


async def test_open_another_file(
    fresh: Program, demo_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.sqlite3"
    shutil.copy(demo_template, other)
    async with running(fresh, monkeypatch) as session:
        await session.press("o")
        await session.type(str(tmp_path / "nowhere.sqlite3"))
        await session.press("enter")
        assert session.rows()[22].startswith(" × ")
        assert not (tmp_path / "nowhere.sqlite3").exists()
        await session.press("ctrl+u")
        await session.type(str(other))
        await session.press("enter")
        assert isinstance(session.screen, HomeScreen)
        assert session.rows()[0].startswith(" DÉMO SARL")
    assert fresh.context.database.value(QUOTES) == 45


async def test_what_was_asked_for_lies_on_home(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="customers") as session:
        assert session.rows()[0].startswith(" Tiers")
        await session.press("escape")
        assert isinstance(session.screen, HomeScreen)
    async with running(demo, monkeypatch, ref="DE26-00042") as session:
        assert isinstance(session.screen, DocumentScreen)
        await session.press("escape")
        assert isinstance(session.screen, HomeScreen)
    async with running(demo, monkeypatch, ref="DE26-09999") as session:
        assert isinstance(session.screen, HomeScreen)
        assert session.rows()[22].startswith(" × Document DE26-09999 introuvable")

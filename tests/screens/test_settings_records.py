"""Paramètres: series, company, warehouses, natures, terms and rights, keys only at 80×24."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from opened_program import Session, make_program, make_quote, opened

from codial_tui.bootstrap import Program
from codial_tui.screens.lists.list import ListScreen
from codial_tui.screens.records.number_series import NumberSeriesScreen
from codial_tui.screens.records.record import RecordScreen
from codial_tui.screens.records.settings import SettingsScreen
from codial_tui.screens.records.user_rights import UserRightsScreen
from codial_tui.services.documents import attachments, documents
from codial_tui.services.documents.rows import load
from codial_tui.services.paper import printing
from codial_tui.services.records import parties, record_parts, records, settings, users


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    yield made
    made.close()


def value(program: Program, sql: str, *params: Any) -> Any:
    return program.context.database.value(sql, params)


async def setting(session: Session, name: str) -> None:
    await session.type(name)
    await session.press("enter")


async def fill(session: Session, name: str, *keys: str) -> None:
    """A field of the form, with keys; a text is typed in place of what is there."""
    await session.screen.form.enter(name)
    for key in keys:
        await session.press(key)


async def retype(session: Session, name: str, text: str) -> None:
    await session.screen.form.enter(name)
    await session.press("ctrl+a", "ctrl+k")
    await session.type(text)
    await session.press("enter")


async def answer(session: Session, text: str) -> None:
    await session.press("ctrl+u")
    await session.type(text)
    await session.press("enter")


async def test_a_series_gets_a_pattern_and_a_next_number(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_quote(program.context)
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "numeros")
        assert isinstance(session.screen, NumberSeriesScreen)
        assert "DE{yy}-{n:05}" in session.text
        assert "DE26-00002" in session.text
        await session.press("enter")
        await answer(session, "DE{n:05}")
        assert session.rows()[22].startswith(" × Le compteur repart chaque an")
        await answer(session, "LY{yy}-{n:04}")
        assert "Prochain numéro : 2" in session.rows()[21]
        await answer(session, "1")
        assert session.rows()[22].startswith(" × Le n° 1 est déjà donné · 2 ou plus")
        await answer(session, "deux")
        assert session.rows()[22].startswith(" ×")
        await answer(session, "500")
        assert "Sauter de 2 à 500 ?" in session.rows()[22]
        await session.press("enter")  # what cannot be undone is not done by Enter
        assert value(program, "SELECT last FROM number_series") == 1
        await session.press("o")
        assert "Le prochain sera LY26-0500" in session.rows()[22]
        sql = "SELECT pattern, last FROM number_series"
        assert program.context.database.rows(sql) == [("LY{yy}-{n:04}", 499)]
        await session.press("enter", "enter", "enter")
        assert program.context.database.rows(sql) == [("LY{yy}-{n:04}", 499)]
    party = value(program, "SELECT id FROM party")
    made = documents.create(program.context, "quote", party)
    assert value(program, "SELECT number FROM document WHERE id = ?", made) == "LY26-0500"


def picture(path: Path, size: tuple[int, int] = (300, 90)) -> bytes:
    from PIL import Image

    Image.new("RGB", size, (200, 30, 30)).save(path)
    return path.read_bytes()


async def test_the_iban_of_the_company_shows_whole(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program.context.database.write():
        program.context.database.execute(
            "UPDATE company SET iban = 'FR7630006000011234567890189', creditor_id = 'FR72ZZZ123456'"
        )
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "société")
        assert "FR7630006000011234567890189" in session.text
        assert "FR72ZZZ123456" in session.text


async def test_the_company_has_an_edition_a_rounding_and_a_logo(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = program.context
    inbox = attachments.folder(context, "inbox")
    logo = picture(inbox / "logo.png")
    (inbox / "faux.png").write_bytes(logo[:60])
    (inbox / "secret.png").symlink_to(inbox.parent / "elsewhere.png")
    (inbox / "notes.txt").write_text("x")
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "societe")
        await fill(session, "edition", "b")
        await fill(session, "size", "e")
        await fill(session, "vat_rounding", "l")
        await retype(session, "price_decimals", "5")
        assert session.rows()[22].startswith(" × De 2 à 4 décimales")
        await retype(session, "price_decimals", "3")
        sql = "SELECT edition, size, vat_rounding, price_decimals FROM company"
        assert context.database.row(sql) == ("building", "enterprise", "line", 3)
        assert (context.edition, context.size) == ("building", "enterprise")
        await fill(session, "logo", "f4")
        assert "logo.png" in session.text
        for hidden in ("secret", "notes"):
            assert hidden not in session.text
        await session.press("enter")  # the first is the one that is cut short
        assert session.rows()[22].startswith(" × Image illisible")
        assert value(program, "SELECT logo FROM company") is None
        await fill(session, "logo", "f4", "down", "enter")
        assert bytes(value(program, "SELECT logo FROM company")) == logo
        assert "image de 1 Ko" in session.text
        await session.screen.form.enter("name")
        quote = make_quote(context)
        document = load(context.database, quote)
        assert document is not None
        assert document.header["price_decimals"] == 3
        assert document.header["vat_rounding"] == "line"
        assert pictures_of(program, quote) == [(300, 90)]
        await session.screen.form.enter("logo")
        await session.press("ctrl+u", "enter")
        assert value(program, "SELECT logo FROM company") is None
    assert pictures_of(program, quote) == []


def pictures_of(program: Program, quote: int) -> list[tuple[int, int]]:
    """Width and height of the pictures in the PDF of a quote."""
    document = load(program.context.database, quote)
    assert document is not None
    pdf = printing.pdf_bytes(program.context, document)
    found = [part for part in pdf.split(b"endobj") if b"/Subtype /Image" in part]
    return [(number_after(b"/Width", part), number_after(b"/Height", part)) for part in found]


def number_after(name: bytes, part: bytes) -> int:
    match = re.search(name + rb" (\d+)", part)
    assert match is not None
    return int(match.group(1))


async def test_one_warehouse_is_the_default(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "SELECT code, is_default, active FROM warehouse ORDER BY id"
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "depot")
        await session.press("f5")
        await session.type("VAN")
        await session.press("enter")
        await session.type("Camion de Paul")
        await session.press("enter")
        await fill(session, "is_default", "o")
        assert program.context.database.rows(rows) == [("1", 0, 1), ("VAN", 1, 1)]
        await fill(session, "active", "n")
        assert session.rows()[22].startswith(" × C'est le dépôt par défaut")
        await session.press("escape", "down", "delete")
        assert isinstance(session.screen, ListScreen)
        assert session.rows()[22].startswith(" × Dépôt : ne se supprime pas · Entrée, Actif : non")
    assert program.context.database.rows(rows) == [("1", 0, 1), ("VAN", 1, 1)]


async def test_a_nature_has_its_overhead(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = "SELECT overhead, retention FROM product_nature WHERE code = 'fourniture'"
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "nature")
        await session.type("fourniture")
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        await retype(session, "overhead", "0")
        assert session.rows()[22].startswith(" × Un coefficient au-dessus de zéro")
        await retype(session, "overhead", "1,125")
        await fill(session, "retention", "n")
        assert program.context.database.row(sql) == (1_125_000, 0)
        await session.screen.form.enter("overhead")
        await session.press("ctrl+u", "enter")
        assert program.context.database.row(sql) == (None, 0)


async def test_terms_have_instalments_and_a_method(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = (
        "SELECT i.share, i.days, i.end_of_month FROM payment_instalment i "
        "JOIN payment_terms t ON t.id = i.terms_id WHERE t.code = '60j' ORDER BY i.days"
    )
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "reglement")
        await session.type("60j")
        await session.press("enter")
        await fill(session, "method", "c")
        method = value(program, "SELECT method FROM payment_terms WHERE code = '60j'")
        assert method == "20"
        await session.press("ctrl+g", "c")
        for share, days, month in (("30", "60", "o"), ("40", "30", "n")):
            await session.press("f5")
            await session.type(share)
            await session.press("enter")
            await session.type(days)
            await session.press("enter", month, "f8")
        assert "►Échéances 2" in session.rows()[1]
        assert program.context.database.rows(sql) == [(400_000, 30, 0), (300_000, 60, 1)]
        await session.press("f5")
        await session.type("31")
        await session.press("f8")
        assert session.rows()[22].startswith(" × Plus de 100 % en tout · il reste 30 %")
        await session.press("escape", "home", "delete", "o")
        assert program.context.database.rows(sql) == [(300_000, 60, 1)]


async def test_an_administrator_gives_rights(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    users.add(program.context, "paul", "Paul")
    rights = "SELECT r.name FROM user_right r JOIN app_user u ON u.id = r.user_id"
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "utilisateur")
        await session.type("paul")
        await session.press("enter", "f7")
        assert isinstance(session.screen, UserRightsScreen)
        await session.press("down", "enter")
        assert program.context.database.rows(rights) == [("see_costs",)]
        assert "oui" in session.rows()[4]
        await session.press("enter")
        assert program.context.database.rows(rights) == []
        await session.press("up", "enter")
        assert value(program, "SELECT role FROM app_user WHERE login = 'paul'") == "admin"
        await session.press("down", "enter")
        assert session.rows()[22].startswith(" × Un administrateur a tous les droits")
        await session.press("escape")
        assert "Administrateur" in session.text
    program.context.user = program.context.user._replace(role="user")
    paul = value(program, "SELECT id FROM app_user WHERE login = 'paul'")
    async with opened(program, UserRightsScreen(paul), monkeypatch) as session:
        await session.press("enter")
        assert session.rows()[22].startswith(" × Réservé aux administrateurs")
    assert value(program, "SELECT role FROM app_user WHERE login = 'paul'") == "admin"


@pytest.mark.parametrize("sees", [True, False])
async def test_costs_show_to_who_may_see_them(
    program: Program, monkeypatch: pytest.MonkeyPatch, sees: bool
) -> None:
    context = program.context
    made = records.create(
        context, "item", {"reference": "TUB", "label": "Tube", "cost_price": 77_700}
    )
    supplier = parties.create(context, {"name": "FOUR", "is_supplier": 1})
    record_parts.create(context, "item_supplier", made, {"supplier_id": supplier, "price": 66_600})
    given = frozenset({"see_costs"}) if sees else frozenset()
    context.user = context.user._replace(role="user", rights=given)
    async with opened(program, RecordScreen("item", made), monkeypatch) as session:
        for price, label in (("7,77", "Prix revient"), ("6,66", "Prix d'achat")):
            assert (price in session.text) == sees
            assert (label in session.text) == sees
            await session.press("ctrl+g", "f")
        await session.press("enter")
        assert ("6,66" in session.text) == sees


async def test_how_documents_are_transferred_is_a_setting(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = program.context
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "transferts")
        assert "Titre source" in session.text and "Stock négatif" in session.text
        await fill(session, "transfer.source_titles", "n")
        await fill(session, "transfer.sum_equal", "o")
        await fill(session, "stock.negative", "r")
        await retype(session, "merge.days", "60")
    assert settings.value(context, "transfer.source_titles") is False
    assert settings.value(context, "transfer.sum_equal") is True
    assert settings.value(context, "stock.negative") == "block"
    assert settings.value(context, "merge.days") == 60


async def test_quotes_and_mentions_are_settings(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = program.context
    async with opened(program, SettingsScreen(), monkeypatch) as session:
        await setting(session, "devis et")
        await retype(session, "quote.validity_days", "0")
        assert session.rows()[22].startswith(" × Validité : hors bornes · pas moins de 1")
        await retype(session, "quote.validity_days", "45")
        await fill(session, "print.options_apart", "n")
        await retype(session, "issuer.terms/mediator", "Médiation de l'Eau, Lyon")
        await retype(session, "issuer.terms/discount_terms", "Pas d'escompte")
        await retype(session, "quote.fee", "30")
        await session.screen.form.enter("issuer.terms/discount_terms")
        await session.press("ctrl+u", "enter")
        stored = context.database.rows("SELECT name, value FROM setting WHERE scope = 'company'")
        found = {name: json.loads(text) for name, text in stored}
        assert found["quote.validity_days"] == 45
        assert found["print.options_apart"] is False
        assert found["issuer.terms"] == {"mediator": "Médiation de l'Eau, Lyon"}
        assert found["quote.fee"] == 3000
        context.user = context.user._replace(role="user")
        await retype(session, "quote.fee", "31")
        assert session.rows()[22].startswith(" × Réservé aux administrateurs")
    quote = make_quote(context)
    until = value(program, "SELECT valid_until FROM document_quote WHERE document_id = ?", quote)
    assert until == (context.today + timedelta(days=45)).isoformat()
    with context.database.write():
        context.database.execute("UPDATE company SET late_penalty = 'Trois fois le taux légal'")
    issuer = printing.issuer(context)
    assert issuer.mediator == "Médiation de l'Eau, Lyon"
    assert issuer.late_rate == "Trois fois le taux légal"

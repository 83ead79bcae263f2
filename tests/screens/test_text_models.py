"""The letter or a text of a quote kept as a model, keys only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opened_program import make_program, make_quote, opened

from codial_tui.bootstrap import Program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.documents import attachments
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.headers import edit

LETTER = "Monsieur {client.nom},\n\nvoici notre **offre**."
SQL = "SELECT kind, body, active FROM letter_model WHERE name = 'Offre directe'"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    yield made
    made.close()


def quote_with(program: Program, name: str, text: str) -> DocumentScreen:
    quote = make_quote(program.context)
    editor = Editor(program.context, quote)
    edit(editor, editor.kind.field(name), text)
    editor.close()
    return DocumentScreen(quote, tab="header")


async def test_the_letter_becomes_a_model(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = program.context.database
    async with opened(program, quote_with(program, "letter", LETTER), monkeypatch) as session:
        await session.press("ctrl+g", "e", "ctrl+g", "e", "f7", "e")
        assert "Nom du modèle :" in session.rows()[21]
        await session.type("Offre directe")
        await session.press("enter")
        assert "« Offre directe » enregistré" in session.rows()[22]
        assert database.row(SQL) == ("quote", LETTER, 1)
        with database.write():
            database.execute("UPDATE letter_model SET body = 'x', active = 0")
        await session.press("f7", "e")
        await session.type("Offre directe")
        await session.press("enter")
        assert database.row(SQL) == ("quote", LETTER, 1), "one retired serves again"
        with database.write():
            database.execute("UPDATE letter_model SET body = 'x'")
        await session.press("f7", "e")
        await session.type("offre directe")
        await session.press("enter")
        assert "Remplacer le modèle « offre directe »" in session.rows()[22]
        await session.press("n")
        assert database.row(SQL) == ("quote", "x", 1)


async def test_only_who_may_change_settings_keeps_a_model(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT body FROM text_model WHERE place = 'opening' AND name = 'Visite'"
    context = program.context
    screen = quote_with(program, "opening_text", "Suite à votre visite.")
    context.user = context.user._replace(role="user")
    async with opened(program, screen, monkeypatch) as session:
        await session.press("f7", "e")
        assert session.rows()[22].startswith(" × Allez d'abord sur un texte")
        await session.press("ctrl+g", "e", "f7", "e")
        await session.type("Visite")
        await session.press("enter")
        assert "× Réservé aux administrateurs" in session.rows()[22]
        assert context.database.value(sql) is None
        context.user = context.user._replace(rights=frozenset({"settings"}))
        await session.press("enter")
        assert context.database.value(sql) == "Suite à votre visite."


async def test_a_word_letter_is_asked_for_in_a_form(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row that says what a field is makes room for the question."""
    (attachments.folder(program.context, "inbox") / "absente.docx").write_bytes(b"no zip")
    async with opened(program, quote_with(program, "letter", "x"), monkeypatch) as session:
        await session.press("f7", "w")
        assert "Fichier Word : absente.docx" in session.rows()[21]
        await session.press("enter")
        assert session.rows()[22].startswith(" ×")
        await session.press("escape")
        assert session.rows()[21].startswith(" Client")

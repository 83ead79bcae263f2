"""What an edition does not have is not asked for."""

from pathlib import Path
from typing import Any

import pytest
from opened_program import make_program, make_quote, opened

from codial_tui.screens.document.document import DocumentScreen


@pytest.mark.parametrize("size", ["sme", "enterprise"])
async def test_a_project_is_of_enterprise(size: str, tmp_path: Path, monkeypatch: Any) -> None:
    """domain.md §2; a document that has one already shows it all the same."""
    program = make_program(tmp_path)
    context = program.context
    context.size = size
    quote = make_quote(context)
    async with opened(program, DocumentScreen(quote, tab="header"), monkeypatch) as session:
        assert ("Affaire" in session.text) == (size == "enterprise")
        assert "Agence" in session.text and "Prix" in session.text
    with context.database.write():
        project = context.database.insert("project", {"uid": context.uid(), "name": "Tramway"})
        context.database.execute("UPDATE document SET project_id = ?", (project,))
    async with opened(program, DocumentScreen(quote, tab="header"), monkeypatch) as session:
        assert "Affaire" in session.text and "Tramway" in session.text
    program.close()

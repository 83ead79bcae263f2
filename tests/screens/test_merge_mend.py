"""F9 in the dialog: into the field of the refused document that differs, and back to what it does
now."""

from __future__ import annotations

import pytest
from opened_program import Session
from test_transfer_screens import at, made, party_of, quantities

from codial_tui.bootstrap import Program
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.document.document import DocumentScreen


async def opened(session: Session) -> None:
    await session.press("f6", "f8")
    assert isinstance(session.screen, MergeScreen), session.text


async def test_f9_mends_the_field_that_refuses_and_comes_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ours, name), *_, (last, theirs) = demo.context.database.rows(
        "SELECT id, name FROM branch ORDER BY id"
    )
    quote = made(demo, "racc12 3", branch_id=ours)
    party = party_of(demo, quote)
    made(demo, "grsec", kind="order", party=party, branch_id=ours)
    refused = made(demo, "grsec", kind="order", party=party, branch_id=last)
    async with at(demo, monkeypatch, quote) as session:
        await opened(session)
        assert "1 possible · 1 refusée" in session.rows()[0]
        await session.press("down")
        assert f"agence {theirs}, ici {name}" in session.text and "F9 la changer" in session.text
        await session.press("enter")
        assert isinstance(session.screen, MergeScreen), session.text
        await session.press("f9")
        assert isinstance(session.screen, DocumentScreen), session.text
        assert session.screen.document_id == refused
        assert session.rows()[1].startswith("►Entête"), session.text
        assert session.screen.pane.field_form.current.name == "branch_id"
        assert "Échap revient au regroupement" in session.rows()[22], session.text
        await session.type(name)
        await session.press("enter", "escape")
        assert isinstance(session.screen, MergeScreen), session.text
        assert "2 possibles · 0 refusée" in session.rows()[0], session.text
        await session.press("enter")
        assert session.screen.document_id == refused, session.text
    assert quantities(demo, refused) == {"GRSEC": 1, "RACC12": 3}


async def test_f9_turns_to_the_page_of_the_field(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = made(demo, "racc12 3", closing_text="Port compris")
    made(demo, "grsec", kind="order", party=party_of(demo, quote), closing_text="Port dû")
    async with at(demo, monkeypatch, quote) as session:
        await opened(session)
        await session.press("f9")
        assert "Entête 3/3" in session.rows()[1], session.text
        assert session.screen.pane.field_form.current.name == "closing_text"
        await session.press("escape")
        assert isinstance(session.screen, MergeScreen), session.text


async def test_f9_opens_what_no_field_mends(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A printed order takes nothing more: it is shown, on its lines."""
    quote = made(demo, "racc12 3")
    party = party_of(demo, quote)
    made(demo, "grsec", kind="order", party=party)
    printed = made(demo, "grsec", kind="order", party=party)
    demo.context.database.execute(
        "UPDATE document SET printed_at = ?, state = 'processed' WHERE id = ?",
        ("2026-11-09T10:00:00Z", printed),
    )
    async with at(demo, monkeypatch, quote) as session:
        await opened(session)
        await session.press("down")
        assert "État de la cible : imprimée le 09/11/26 → créez" in session.rows()[22], session.text
        await session.press("f9")
        assert session.screen.document_id == printed
        assert "►Lignes" in session.rows()[1]
        await session.press("escape")
        assert isinstance(session.screen, MergeScreen), session.text

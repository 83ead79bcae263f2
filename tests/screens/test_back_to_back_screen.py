"""Contremarque and subcontracting by keys: what is ordered, late, no longer needed."""

from __future__ import annotations

import pytest
from demo_program import running

from codial_tui.bootstrap import Program
from codial_tui.domain.changes import Change, set_line
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor


def supplied(program: Program) -> list[tuple[object, ...]]:
    return program.context.database.rows(
        "SELECT d.number, t.label, k.quantity FROM line_link k "
        "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
        "WHERE k.relation = 'supply' ORDER BY k.id"
    )


async def test_works_are_given_to_another(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter", "ctrl+g", "u")
        assert "►Sous-traitance" in session.rows()[1]
        assert "Rien n'est sous-traité. F7 choisit une ligne." in session.text
        await session.press("f6")
        assert session.rows()[22].startswith(" × Rien à commander")
        await session.press("f7", "down", "enter")
        assert session.rows()[22].endswith("de borne 7 kW » sous-traité · F4 : à qui")
        assert "Élec Confl…" in session.rows()[3]  # who sells it usually
        await session.press("f4", "enter")
        assert "Chauffage…" in session.rows()[3]
        await session.press("ctrl+r")
        await session.press("enter", "ctrl+u")
        await session.type("150")
        await session.press("enter")
        assert session.rows()[3].split()[-8:] == [
            "3,00", "u", "150,00", "450,00", "0,00", "3,00", "Élec", "Confl…",
        ]  # fmt: skip
        await session.press("f6")
        assert session.rows()[22] == " CS26-00001 créée (1 ligne)"
        label = "Coffret de protection de borne 7 kW"
        assert supplied(demo) == [("CS26-00001", label, 3_0000)]
        await session.press("delete")
        assert session.rows()[22] == " × Commandé sur CS26-00001 · retirez-l'en d'abord"
        await session.press("f9")
        assert "CS26-00001" in session.rows()[0]
        assert "3 pour CC26-00011 (DUVAL Élec)" in session.rows()[22]


async def test_what_is_bought_for_an_order_is_said_and_warned_of(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("cc26-00011")
        await session.press("enter", "ctrl+g", "b", "f6")
        assert supplied(demo) == [("CF26-00001", "Borne 7 kW", 1_0000)]
        bought = documents.get(demo.context, "CF26-00001")
        editor = Editor(demo.context, bought.id)
        editor.set_header("Attendu", expected_date="2026-10-01")
        editor.commit([first_line(editor, delivery_date="2026-10-01")], "Attendu")
        editor.close()
        await session.press("ctrl+g", "l", "pageup")
        assert "Appro en retard" in session.rows()[0]
        said = "! en retard, commandé 1 sur CF26-00001 (Élec Confluence, attendu 01/10)"
        assert "! en retard, commandé 1 sur CF26-00001 (Élec Confl" in session.rows()[22]
        await session.press("f9")
        assert said in session.text
        await session.press("escape", "delete")
        question = "Déjà commandé 1 sur CF26-00001 (Élec Confluence). Supprimer la ligne ? O/N"
        assert session.rows()[22] == f" ? {question}"
        await session.press("n")
        assert len(supplied(demo)) == 1
        await session.press("delete", "o")
        assert supplied(demo) == []
        assert session.rows()[22].startswith(" ! Déjà commandé : 1 sur CF26-00001 (Élec")
        assert "Appro en retard" not in session.rows()[0]
        await session.press("ctrl+r")
        assert supplied(demo) == [("CF26-00001", "Borne 7 kW", 1_0000)]
        assert "Appro en retard" in session.rows()[0]
        await session.press("escape", "escape")
        assert any("Appros en retard" in row for row in session.rows())


def first_line(editor: Editor, **values: object) -> Change | None:
    return set_line(editor.document.lines[0], **values)

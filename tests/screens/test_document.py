"""The document screen at 80×24, keys only: tabs, drafts, locks, undo, a long quote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from demo_program import NOON, running
from lines_session import Lines, quoting

from codial_tui.bootstrap import Program, open_program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.new_document import NewDocument
from codial_tui.screens.document.preview import PreviewScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.lists.list import ListScreen
from codial_tui.services.documents import documents, pasting, resume
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load
from codial_tui.services.records import parties


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def colleague(demo: Program, tmp_path: Path) -> Iterator[Program]:
    """A second program on the same database."""
    program = open_program(str(tmp_path / "demo.sqlite3"), clock=lambda: NOON, login="jean.dupont")
    yield program
    program.close()


# tabs -------------------------------------------------------------------------------------------


async def test_every_tab_by_its_letter(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        for letter, shown in [
            ("e", "►Entête 1/3"),
            ("s", "►Suivi"),
            ("t", "►Transfert"),
            ("g", "►GED"),
            ("f", "►Fiche"),
            ("l", "►Lignes"),
        ]:
            await session.press("ctrl+g", letter)
            assert shown in session.rows()[1]
        await session.press("ctrl+g", "x")
        assert session.said == "× pas d'onglet « x » ici · E L S B U T G F"
        await session.press("ctrl+g", "right")
        assert "►Suivi" in session.rows()[1]
        await session.press("ctrl+g", "left", "ctrl+g", "left")
        assert "►Entête 1/3" in session.rows()[1]
        await session.press("ctrl+g", "left")
        assert "►Fiche" in session.rows()[1]
        await session.press("ctrl+pageup")
        assert "►GED" in session.rows()[1]


async def test_the_letter_again_turns_the_page(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        for page, words in [
            ("1/3", "Client"),
            ("2/3", "Texte de début"),
            ("3/3", "Lettre"),
            ("1/3", "Client"),
        ]:
            await session.press("ctrl+g", "e")
            rows = session.rows()
            assert f"►Entête {page}" in rows[1]
            assert any(words in row for row in rows[2:20])


async def test_keys_that_do_nothing_here_say_so(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.press("ctrl+g t", "f4")
        assert session.said.startswith("× ")
        await session.press("ctrl+g", "t")
        session.rows()


async def test_f8_goes_to_the_first_problem(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.press("ctrl+g", "e", "f8")
        assert session.said == "× Aucune ligne chiffrée · tapez une référence"
        assert "►Lignes" in session.rows()[1]
        await session.enter("tub12")
        await session.press("f8")
        assert session.said.endswith("rien à corriger")


async def test_f3_looks_f5_makes_another(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.press("f3")
        assert isinstance(session.screen, PreviewScreen)
        await session.press("escape", "f5")
        assert isinstance(session.screen, NewDocument)
        await session.press("escape")
        assert isinstance(session.screen, DocumentScreen)
        assert session.document.header["printed_at"] is None


# Entête -----------------------------------------------------------------------------------------


async def test_header_fields_are_written_when_left(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10 x10") as session:
        await session.press("ctrl+g", "e")
        await session.press(*["down"] * 9)
        assert "Objet" in session.rows()[21]
        await session.type("Chantier Duval")
        await session.press("enter")
        assert session.document.text("subject") == "Chantier Duval"
        assert session.steps == 3
        await session.press("ctrl+r")
        assert session.document.text("subject") == ""
        assert not any("Chantier Duval" in row for row in session.rows())


async def test_what_a_field_holds_is_written_before_one_goes_elsewhere(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10") as session:
        await session.press("ctrl+g", "e")
        for keys in (["ctrl+g", "e", "ctrl+g", "e"], ["ctrl+g", "l"], ["f3", "escape"], ["f8"]):
            text = f"Chantier {keys[-1]}"
            await session.screen.pane.form.form.enter("subject")
            await session.press("ctrl+a", "ctrl+k")
            await session.type(text)
            await session.press(*keys)
            assert session.document.text("subject") == text, keys
            await session.press("ctrl+g", "l", "ctrl+g", "e")
            while "►Entête 1/3" not in session.rows()[1]:
                await session.press("ctrl+g", "e")
        await session.screen.pane.form.form.enter("date")
        await session.press("ctrl+u")
        await session.type("31/02/26")
        for keys in (["ctrl+g", "l"], ["ctrl+g", "e"], ["f3"]):
            await session.press(*keys)
            assert session.said.startswith("× "), keys
            assert "►Entête 1/3" in session.rows()[1] and "31/02/26" in session.text


async def test_a_refused_field_keeps_text_and_focus(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.press("ctrl+g", "e")
        form = session.screen.pane.form.form
        await form.enter("date")
        await session.press("ctrl+u")
        await session.type("31/02/26")
        await session.press("enter")
        assert session.said.startswith("× ")
        assert any("31/02/26" in row for row in session.rows())
        assert session.document.text("date") == "2026-11-09"


async def test_ttc_changes_what_row_1_shows(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12 10 x10") as session:
        assert session.rows()[0].endswith("HT 100,00 €")
        await session.press("ctrl+g", "e")
        await session.screen.pane.form.form.enter("price_mode")
        await session.press("t", "enter")
        assert session.document.gross_mode
        assert session.rows()[0].endswith("€") and "TTC" in session.rows()[0]
        await session.press("ctrl+g", "l")
        assert "P.U. TTC" in session.rows()[2]
        await session.press("ctrl+r")
        assert session.rows()[0].endswith("HT 100,00 €")


async def test_the_last_field_leads_to_lines(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.press("ctrl+g", "e", "ctrl+g", "e", "ctrl+g", "e")
        assert "►Entête 3/3" in session.rows()[1]
        for _ in range(4):
            await session.press("f8" if "Lettre" in session.rows()[0] else "tab")
            if "►Lignes" in session.rows()[1]:
                break
        assert "►Lignes" in session.rows()[1]


async def test_another_customer_is_found_or_made_on_the_spot(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.press("ctrl+g", "e", "ctrl+u")
        await session.type("zorglub elec")
        assert any("Créer « zorglub elec »" in row for row in session.rows())
        await session.press("enter")
        await session.type("1 rue Basse")
        await session.press("enter")
        await session.type("59000")
        await session.press("enter", "enter")
        await session.type("0320000000")
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen), session.text
        document = session.document
        assert document.text("party_name") == "zorglub elec", session.text
        assert document.text("billing_city") == "LILLE"


# Suivi ------------------------------------------------------------------------------------------


async def test_notes_actions_and_states(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.press("ctrl+g", "s")
        await session.enter("M. MARTIN hésite", "+3j Rappeler M. MARTIN")
        rows = session.rows()
        assert any("M. MARTIN hésite" in row for row in rows)
        assert session.document.text("next_action") == "Rappeler M. MARTIN"
        assert session.document.text("next_action_at")[:10] == "2026-11-12"
        await session.press("f2", "a", "enter")
        assert session.document.state == "accepted"
        assert "Accepté" in session.rows()[0]
        await session.type("+3j")
        events = demo.context.database.rows(
            "SELECT type, text FROM document_event WHERE document_id = ? ORDER BY id",
            (session.document_id,),
        )
        assert ("note", "M. MARTIN hésite") in events
        assert any(kind == "state" for kind, _ in events)


# drafts and coming back -------------------------------------------------------------------------


async def test_each_tab_keeps_its_own_line(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("cab 3g")
        await session.press("ctrl+g", "s")
        assert session.line == ""
        await session.type("note à")
        await session.press("ctrl+g", "l")
        assert session.line == "cab 3g"
        assert session.pane.hits.opened
        await session.press("ctrl+g", "s")
        assert session.line == "note à"


async def test_a_draft_is_there_when_the_program_is_opened_again(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with quoting(demo, monkeypatch, "tub12", "grsec") as session:
        ref = session.screen.editor.document.ref
        await session.press("up")
        await session.type("racc12 4 -5")
        await session.press("left", "left")
        session.screen.leave()  # what a hang-up does
    demo.close()
    program = open_program(str(tmp_path / "demo.sqlite3"), clock=lambda: NOON, login="claire")
    async with running(program, monkeypatch, ref=ref) as again:
        assert again.screen.typing_line.text == "racc12 4 -5"
        assert again.screen.typing_line.draft.caret == len("racc12 4 -5") - 2
        await again.press("end")
        await again.type("%")
        await again.press("enter")
        document = again.screen.editor.document
        assert document.lines[-1].discounts == (50_000,)
    assert resume.draft(program.context, f"document:{document.id}:lines") == ("", 0)
    program.close()


async def test_a_second_visit_stands_on_the_line_one_was_on(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12", "racc12", "grsec") as session:
        await session.to("RACC12")
        await session.press("escape")
        assert isinstance(session.screen, HomeScreen)
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen)
        assert session.pane.place() == session.lines[1].uid


# locks ------------------------------------------------------------------------------------------


async def test_a_second_program_only_reads(
    demo: Program, colleague: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = parties.counter(colleague.context)
    held = Editor(colleague.context, documents.create(colleague.context, "quote", party))
    async with running(demo, monkeypatch, ref=held.document.ref) as session:
        rows = session.rows()
        assert "lecture seule" in rows[0]
        assert rows[22].strip().startswith("! Ouvert par Jean Dupont depuis")
        for keys in (["t", "u", "b", "1", "2", "enter"], ["ctrl+r"], ["ctrl+u", "f7", "p"]):
            await session.press(*keys)
        await session.type("15")
        await session.press("enter")
        assert session.rows()[22].strip().startswith("× Ouvert par Jean Dupont")
        assert load(demo.context.database, held.document.id).lines == []  # type: ignore[union-attr]
        await session.press("escape", "ctrl+g", "e")
        session.rows()
    held.close()


async def test_an_active_holder_keeps_the_lock_an_idle_one_loses_it(
    demo: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    demo.context.clock = clock
    other = open_program(str(tmp_path / "demo.sqlite3"), clock=clock, login="jean.dupont")
    async with quoting(demo, monkeypatch, "tub12") as session:
        clock.pass_minutes(9)
        await session.enter("grsec")
        clock.pass_minutes(9)
        reader = Editor(other.context, session.document_id)
        assert reader.reason.startswith("Ouvert par Claire depuis ")
        clock.pass_minutes(2)
        taken = Editor(other.context, session.document_id)
        assert taken.reason == ""
        await session.type("racc12 4")
        await session.press("enter")
        assert session.said.startswith("× Ouvert par Jean Dupont depuis")
        assert "lecture seule" in session.rows()[0]
        assert session.line == "racc12 4"
        taken.close()
    other.close()


# a long quote -----------------------------------------------------------------------------------


@pytest.mark.long
async def test_a_quote_of_2000_lines_is_usable(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    made = documents.create(context, "quote", parties.counter(context))
    editor = Editor(context, made)
    pasting.enter_lines(editor, ["=Lot", *["tub12 2 x1"] * 1999], None)
    editor.close()
    async with running(demo, monkeypatch, ref=editor.document.ref) as opened:
        session = Lines(opened.app, opened.pilot)
        session.document_id = made
        assert session.rows()[0].endswith("HT 3 998,00 €")
        assert " 1.1999 " in session.rows()[19]
        await session.enter("grsec x30")
        assert session.rows()[0].endswith("HT 4 028,00 €")
        assert session.lines[-1].reference == "GRSEC"
        await session.press("pageup", "pageup", "up")
        await session.press("delete")
        assert len(session.lines) == 2000
        await session.press("f7", "r", "t")
        await session.type("50")
        await session.press("enter")
        assert "Remise : fait" in session.said
        assert session.screen.editor.totals.net == 1998 * 1_00 + 15_00
        await session.press("ctrl+r", "ctrl+r", "ctrl+r")
        assert len(session.lines) == 2000
        assert session.rows()[0].endswith("HT 3 998,00 €")


async def test_a_quote_of_2000_lines_is_printed(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    made = documents.create(context, "quote", parties.counter(context))
    editor = Editor(context, made)
    pasting.enter_lines(editor, [".Fourniture;2 x1"] * 2000, None)
    editor.close()
    async with running(demo, monkeypatch, ref=editor.document.ref) as session:
        await session.press("f3")
        assert "écran 1 sur " in session.rows()[0]
        await session.press("end")
        assert session.rows()[20].startswith(" fin ") or "fin" in session.rows()[20]
        pages = session.screen.pages
        assert sum("Fourniture" in row for page in pages for row in page) == 2000
        assert any("4 800,00" in row for page in pages for row in page)


@pytest.mark.long
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (132, 50)])
async def test_wider_terminals_add_columns(
    size: tuple[int, int], demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10 -10%", "=Lot", "racc12", size=size) as session:
        header = session.rows()[2]
        assert ("Marque" in header) == (size[0] >= 120)
        for keys in (("ctrl+g", "e"), ("ctrl+g", "s"), ("ctrl+g", "l", "f3")):
            await session.press(*keys)
            session.rows()


async def test_a_smaller_terminal_says_so(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12", size=(79, 24)) as session:
        assert session.rows()[:4] == [
            "Terminal de 79 × 24",
            "Il faut 80 × 24",
            "Agrandissez la fenêtre",
            "Rien n'est perdu",
        ]


# undo over sessions -----------------------------------------------------------------------------


async def test_undo_reaches_back_over_an_earlier_session(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.enter("grsec", "racc12")
        ref = session.screen.editor.document.ref
        await session.press("escape")
    demo.close()
    program = open_program(str(tmp_path / "demo.sqlite3"), clock=lambda: NOON, login="claire")
    async with running(program, monkeypatch, ref=ref) as again:
        await again.press("ctrl+r", "ctrl+r")
        assert [line.reference for line in again.screen.editor.document.lines] == ["TUB12"]
        await again.press("ctrl+y")
        assert [line.reference for line in again.screen.editor.document.lines] == [
            "TUB12",
            "GRSEC",
        ]
    program.close()


async def test_undo_stops_at_somebody_elses_step(
    demo: Program, colleague: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12", "grsec") as session:
        await session.press("escape")
        editor = Editor(colleague.context, session.document_id)
        assert editor.reason == ""
        pasting.enter_lines(editor, ["racc12"], editor.document.lines[-1].uid)
        editor.close()
        await session.press("enter")
        before = session.brief
        assert before == ["TUB12", "GRSEC", "RACC12"]
        await session.press("ctrl+r")
        assert session.said.startswith("× ") and "Jean Dupont" in session.said
        assert session.brief == before


async def test_undo_stops_at_a_print(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.press("f3", "enter")
        await session.settled()
        assert "PDF enregistré" in session.said
        await session.press("ctrl+r")
        assert session.said.startswith("× ")
        assert session.brief == ["TUB12"]
        await session.enter("grsec")
        await session.press("ctrl+r")
        assert session.brief == ["TUB12"]


# neighbours of the list -------------------------------------------------------------------------


async def test_neighbours_of_the_list(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("d", "e", "enter", "down", "enter")
        first = session.screen.editor.document.ref
        await session.press("ctrl+g", "s")
        await session.type("une note")
        await session.press("ctrl+g", "down")
        assert isinstance(session.screen, DocumentScreen)
        second = session.screen.editor.document.ref
        assert second != first
        assert "►Suivi" in session.rows()[1]
        assert session.screen.typing_line.text == ""
        await session.press("ctrl+g", "up")
        assert session.screen.editor.document.ref == first
        assert session.screen.typing_line.text == "une note"
        await session.press("ctrl+g", "up", "ctrl+g", "up")
        assert session.rows()[22].strip() == "× C'est le premier de la liste"
        locked = "SELECT COUNT(*) FROM document WHERE lock_token IS NOT NULL"
        assert demo.context.database.value(locked) == 1
        await session.press("escape")
        assert isinstance(session.screen, ListScreen)


async def test_without_a_list_there_is_no_neighbour(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.press("ctrl+g", "down")
        assert session.said == "× Pas de liste · ouvrez-le depuis sa liste"

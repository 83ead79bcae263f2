"""Print preview: looks without effect, prints with all of it; keys only."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened_program import make_program, make_quote, opened

from codial_tui.bootstrap import Program
from codial_tui.domain import kinds
from codial_tui.domain.kinds.quote import QUOTE
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.preview import PreviewScreen
from codial_tui.services.documents import attachments, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.paper.printing import EFFECTS

PDFTOTEXT = shutil.which("pdftotext")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    yield made
    made.close()


@pytest.fixture
def printers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two printers, as CUPS would tell; the file gets the arguments of every job."""
    folder, jobs = tmp_path / "bin", tmp_path / "jobs"
    folder.mkdir()
    _script(
        folder / "lpstat",
        'if [ "$1" = -e ]; then printf "Accueil\\nAtelier\\n"; '
        'else echo "system default destination: Atelier"; fi',
    )
    _script(
        folder / "lp",
        f'printf "%s\\n" "$*" >> {jobs}; cat > {jobs}.pdf; echo "request id is X-7 (1)"',
    )
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return jobs


@pytest.fixture
def no_printers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


def _script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def quote_with_lines(program: Program, count: int = 3, label: str = "Pose tube cuivre") -> Editor:
    editor = Editor(program.context, make_quote(program.context, subject="Salle de bains"))
    for number in range(count):
        reading = entering.read(editor, f".{label} {number + 1};2 x45", None)
        entering.enter(editor, reading, editor.document.lines[-1].uid if number else None)
    return editor


def state(program: Program) -> tuple[int, int, int]:
    """Attachments, mails in the queue, printed documents."""
    value = program.context.database.value
    return (
        value("SELECT COUNT(*) FROM attachment"),
        value("SELECT COUNT(*) FROM mail_queue"),
        value("SELECT COUNT(*) FROM document WHERE printed_at IS NOT NULL"),
    )


def pdf_text(path: Path) -> str:
    if PDFTOTEXT is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run([PDFTOTEXT, "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def export(program: Program) -> Path:
    return attachments.folder(program.context, "export")


@pytest.mark.usefixtures("no_printers")
async def test_looking_has_no_effect(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = quote_with_lines(program, 30)
    editor.close()
    async with opened(program, DocumentScreen(editor.document.id), monkeypatch) as session:
        await session.press("f3")
        rows = session.rows()
        assert rows[0].startswith(" Aperçu · Devis DE26-00001")
        assert "écran 1 sur" in rows[0]
        assert "DÉMO SARL" in rows[2]
        assert rows[20].startswith("─ suite : écran 2 ─")
        assert "I imprimer  E courriel  P PDF  M modèle : négoce" in rows[21]
        await session.until(lambda: " A4" in session.rows()[0])
        await session.press("pagedown")
        assert "écran 2 sur" in session.rows()[0]
        await session.press("end")
        assert session.rows()[20].startswith("─ fin ─")
        assert "Bon pour accord" in session.text
        await session.press("home", "pageup")
        assert "écran 1 sur" in session.rows()[0]
        await session.press("escape")
        assert isinstance(session.screen, DocumentScreen)
    assert state(program) == (0, 0, 0)
    assert list(export(program).iterdir()) == []


@pytest.mark.usefixtures("no_printers")
async def test_enter_without_a_printer_saves_the_pdf(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = quote_with_lines(program)
    editor.close()
    async with opened(program, DocumentScreen(editor.document.id), monkeypatch) as session:
        await session.press("f3", "enter")
        await session.settled()
        path = export(program) / "DE26-00001.pdf"
        assert path.read_bytes().startswith(b"%PDF-")
        assert "PDF enregistré" in session.rows()[22]
        assert state(program) == (1, 0, 1)
        await session.press("f3", "p")
        assert "existe déjà" in session.rows()[22]
        await session.press("enter", "n")
        assert state(program) == (1, 0, 1), "neither Enter nor N replaces a file"
        await session.press("p", "o")
        await session.settled()
        assert state(program)[0] == 2
    text = pdf_text(path)
    assert "Pose tube cuivre 3" in text
    assert "MARTIN SARL" in text


async def test_enter_prints_on_the_printer_and_remembers_it(
    program: Program, printers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = quote_with_lines(program)
    editor.close()
    async with opened(program, DocumentScreen(editor.document.id), monkeypatch) as session:
        await session.press("f3", "enter")
        await session.settled()
        assert "Imprimé sur Atelier" in session.rows()[22]
        await session.press("f3", "c", "ctrl+u", "3", "enter")
        assert "C copies : 3" in session.rows()[21]
        await session.press("i", "down", "enter")
        await session.settled()
        assert "Imprimé sur Accueil, 3 copies" in session.rows()[22]
        await session.press("f3")
        await session.until(lambda: "Entrée imprime sur Accueil" in session.rows()[1])
        await session.press("enter")
        await session.settled()
    jobs = printers.read_text().splitlines()
    assert [("-n 3" in job, job.rsplit("-d ")[-1]) for job in jobs] == [
        (False, "Atelier"),
        (True, "Accueil"),
        (False, "Accueil"),
    ]
    stored = program.context.database.value(
        "SELECT value FROM user_setting WHERE name = 'print.printer'"
    )
    assert json.loads(stored) == "Accueil"
    assert state(program) == (3, 0, 1)


@pytest.mark.long
async def test_a_printer_that_refuses_leaves_the_document_as_it_was(
    program: Program, printers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _script(printers.parent / "bin" / "lp", 'echo "lp: The printer does not exist" >&2; exit 1')
    async with opened(program, PreviewScreen(quote_with_lines(program)), monkeypatch) as session:
        await session.press("enter")
        await session.settled()
        assert "× Impression refusée : imprimante inconnue" in session.rows()[22]
        assert state(program) == (0, 0, 0)
        await session.press("p")
        await session.settled()
        assert state(program) == (1, 0, 1)


@pytest.mark.usefixtures("no_printers")
async def test_mail_asks_the_address_and_waits_in_the_queue(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = quote_with_lines(program)
    editor.close()
    async with opened(program, DocumentScreen(editor.document.id), monkeypatch) as session:
        await session.press("f3", "e")
        assert "× La société n'a pas d'adresse" in session.rows()[22]
        program.context.database.execute("UPDATE company SET email = 'demo@sarl.example'")
        await session.press("e")
        assert "Destinataire : compta@martin.example" in session.rows()[21]
        await session.press("ctrl+u")
        await session.type("pas une adresse")
        await session.press("enter")
        assert "n'est pas une adresse" in session.rows()[22]
        assert state(program) == (0, 0, 0)
        await session.press("ctrl+u")
        await session.type("a@b.example; c@d.example")
        await session.press("enter")
        await session.settled()
        assert "mis en file d'envoi" in session.rows()[22]
    row = program.context.database.row("SELECT recipient, state FROM mail_queue")
    assert row == ("a@b.example, c@d.example", "queued")


@pytest.mark.usefixtures("no_printers")
async def test_layouts_and_copies_are_chosen_by_letter(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, PreviewScreen(quote_with_lines(program)), monkeypatch) as session:
        await session.press("m")
        assert "M modèle : bâtiment" in session.rows()[21]
        assert "N°" in session.text
        for wrong in ("0", "100", "abc", "²"):
            await session.press("c", "ctrl+u")
            await session.type(wrong)
            await session.press("enter")
            assert "copies · de 1 à 99" in session.rows()[22]
            await session.press("escape")
        assert "C copies : 1" in session.rows()[21]


@pytest.mark.usefixtures("no_printers")
async def test_problems_are_said_first_and_nothing_leaves(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Editor(program.context, make_quote(program.context))
    async with opened(program, PreviewScreen(editor), monkeypatch) as session:
        assert "! Aucune ligne chiffrée" in session.rows()[22]
        for key in ("enter", "p", "i", "e"):
            await session.press(key)
            assert "× Aucune ligne chiffrée" in session.rows()[22]
    assert state(program) == (0, 0, 0)
    assert list(export(program).iterdir()) == []


@pytest.mark.usefixtures("no_printers")
async def test_a_final_print_takes_the_letter_o(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = QUOTE._replace(effects={"print": (*QUOTE.effects["print"], "stock.out")})
    monkeypatch.setitem(kinds._REGISTRY, "quote", final)
    moved: list[str] = []
    monkeypatch.setitem(EFFECTS, "stock.out", lambda context, job: moved.append(job.document.ref))
    async with opened(program, PreviewScreen(quote_with_lines(program)), monkeypatch) as session:
        await session.press("enter")
        assert "est définitif" in session.rows()[22]
        await session.press("enter", "escape")
        assert (moved, state(program)) == ([], (0, 0, 0))
        await session.press("enter", "o")
        await session.settled()
    assert moved == ["DE26-00001"]
    assert state(program) == (1, 0, 1)


@pytest.mark.usefixtures("no_printers")
async def test_a_refused_print_leaves_the_preview_open(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = quote_with_lines(program)
    async with opened(program, PreviewScreen(editor), monkeypatch) as session:
        program.context.database.execute("UPDATE document SET version = version + 1")
        await session.press("p")
        assert "a changé entre-temps" in session.rows()[22]
        assert isinstance(session.screen, PreviewScreen)
    assert state(program) == (0, 0, 0)


@pytest.mark.usefixtures("no_printers")
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 60)])
async def test_every_row_fits_whatever_the_text(
    program: Program, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    label = "漢字 [b]e\u0301\u202e" + "x" * 150
    async with opened(
        program, PreviewScreen(quote_with_lines(program, 12, label)), monkeypatch, size
    ) as session:
        for _ in range(4):
            session.rows()
            await session.press("pagedown")


@pytest.mark.usefixtures("no_printers")
async def test_a_terminal_that_is_resized_lays_out_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = quote_with_lines(program, 60)
    async with opened(program, PreviewScreen(editor), monkeypatch) as session:
        before = len(session.screen.pages)
        await session.press("end")
        await session.pilot.resize_terminal(100, 50)
        await session.pilot.pause()
        assert len(session.screen.pages) < before
        assert f"écran {len(session.screen.pages)} sur" in session.rows()[0]
        await session.pilot.resize_terminal(79, 20)
        await session.pilot.pause()
        assert "Agrandissez la fenêtre" in session.text
        await session.pilot.resize_terminal(80, 24)
        await session.pilot.pause()
        assert len(session.screen.pages) == before


@pytest.fixture
def waiting(printers: Path) -> Path:
    """The same printers, but `lp` takes the job only when this file is there."""
    gate = printers.with_name("gate")
    _script(
        printers.parent / "bin" / "lp",
        f'while [ ! -e {gate} ]; do sleep 0.01; done; printf "%s\\n" "$*" >> {printers}; '
        'cat > /dev/null; echo "request id is X-8 (1)"',
    )
    return gate


@pytest.mark.usefixtures("toolkit_waits")
async def test_a_print_goes_on_beside_the_keys(
    program: Program, waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 23 counts, pages turn, Esc asks, a second print does not start, what is typed ahead
    arrives where it was meant."""
    editor = quote_with_lines(program, 30)
    editor.close()
    async with opened(program, DocumentScreen(editor.document.id), monkeypatch) as session:
        await session.press("f3", "enter")
        await session.until(lambda: "Impression de DE26-00001 : " in session.rows()[22])
        assert "pages · Échap interrompt" in session.rows()[22]
        await session.press("pagedown")
        assert "écran 2" in session.rows()[0]
        await session.press("escape")
        assert "? Interrompre l'impression ? O/N" in session.rows()[22]
        await session.press("escape")
        await session.type(".P;1 x9")
        await session.press("enter")
        assert (isinstance(session.screen, PreviewScreen), state(program)) == (True, (0, 0, 0))
        waiting.touch()
        await session.settled()
        await session.until(lambda: "31 lignes" in session.rows()[21])
        assert isinstance(session.screen, DocumentScreen)
    assert program.context.database.value("SELECT COUNT(*) FROM document_line") == 31
    assert state(program) == (1, 0, 1)
    jobs = waiting.with_name("jobs").read_text().splitlines()
    assert len(jobs) == 1


@pytest.mark.long
async def test_a_print_that_hangs_is_given_up(
    program: Program, waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, PreviewScreen(quote_with_lines(program)), monkeypatch) as session:
        await session.press("enter")
        await session.until(lambda: session.screen.work.running)
        await session.press("p", "escape", "o")
        await session.settled()
        assert "× Impression interrompue" in session.rows()[22]
        assert isinstance(session.screen, PreviewScreen)
        assert state(program) == (0, 0, 0)
        await session.press("p")
        await session.settled()
    assert state(program) == (1, 0, 1)
    assert len(list(export(program).iterdir())) == 1


@pytest.mark.long
async def test_a_document_that_changes_while_it_is_printed_has_no_effects(
    program: Program, waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(program, PreviewScreen(quote_with_lines(program)), monkeypatch) as session:
        await session.press("enter")
        await session.until(lambda: session.screen.work.running)
        program.context.database.execute("UPDATE document SET version = version + 1")
        waiting.touch()
        await session.settled()
        assert "a changé entre-temps" in session.rows()[22]
    assert state(program) == (0, 0, 0)


@pytest.mark.usefixtures("no_printers")
async def test_what_was_done_goes_with_the_next_key(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = quote_with_lines(program)
    editor.close()
    async with opened(program, DocumentScreen(editor.document.id), monkeypatch) as session:
        await session.press("f3", "p")
        await session.settled()
        assert "PDF enregistré" in session.rows()[22]
        await session.press("up")
        assert "PDF enregistré" not in session.text

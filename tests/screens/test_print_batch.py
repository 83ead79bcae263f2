"""Several marked documents printed in one go, keys only: each its own file and transaction."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.screens.document.print_batch import PrintBatchScreen
from codial_tui.screens.lists.list import ListScreen
from codial_tui.services.documents import attachments


@pytest.fixture
def no_printers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A printer whose every job waits for this file; DE26-00039 it refuses."""
    folder, gate = tmp_path / "bin", tmp_path / "gate"
    folder.mkdir()
    for name, body in (
        ("lpstat", '[ "$1" = -e ] && echo Atelier || echo "default destination: Atelier"'),
        (
            "lp",
            f"while [ ! -e {gate} ]; do sleep 0.01; done; cat > /dev/null; "
            'case "$*" in *00039*) echo "lp: not accepting jobs" >&2; exit 1;; esac; '
            'echo "request id is X-7 (1)"',
        ),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return gate


async def marked(session: Session, count: int) -> list[str]:
    """Mark the first quotes of MARTIN SARL; their numbers."""
    await session.type("martin >1000")
    await session.press("enter", *["space"] * count, "f3")
    assert isinstance(session.screen, PrintBatchScreen)
    return [row[2:13].strip() for row in session.rows()[3 : 3 + count]]


def printed(program: Program) -> set[str]:
    rows = program.context.database.rows(
        "SELECT d.number FROM document d WHERE d.uid IN "
        "(SELECT owner_uid FROM attachment WHERE origin = 'printed')"
    )
    return {row[0] for row in rows}


@pytest.mark.usefixtures("no_printers")
async def test_each_marked_document_gets_its_own_file(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = printed(demo)
    async with running(demo, monkeypatch, screen="quotes") as session:
        numbers = await marked(session, 3)
        assert session.rows()[0].startswith(" Imprimer · 3 devis")
        await session.until(lambda: "pas d'imprimante" in session.rows()[1])
        await session.press("enter")
        await session.until(lambda: "3 imprimés" in session.rows()[22])
        assert isinstance(session.screen, ListScreen)
        assert session.screen.table.marks == set()
        assert "marqué" not in session.rows()[19]
    folder = attachments.folder(demo.context, "export")
    assert {path.stem for path in folder.glob("*.pdf")} == set(numbers)
    assert printed(demo) - before == set(numbers)
    steps = demo.context.database.rows(
        "SELECT s.document_id FROM step s JOIN document d ON d.id = s.document_id "
        "WHERE s.label LIKE 'Imprimé%' AND d.kind = 'quote'"
    )
    assert len(steps) == len(set(steps)) == 3


@pytest.mark.usefixtures("no_printers")
async def test_what_cannot_be_printed_says_why_and_holds_nothing_up(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.context.database.execute("UPDATE company SET email = 'demo@sarl.example'")
    demo.context.database.execute(
        "UPDATE document SET party_email = '' WHERE number = 'DE26-00039'"
    )
    demo.context.database.execute(
        "UPDATE document SET party_email = 'a@martin.example' WHERE number <> 'DE26-00039'"
    )
    async with running(demo, monkeypatch, screen="quotes") as session:
        numbers = await marked(session, 3)
        await session.press("e")
        await session.settled()
        await session.until(lambda: "2 imprimés, 1 non" in session.rows()[22])
        row = next(row for row in session.rows() if "DE26-00039" in row)
        assert "× Pas d'adresse de courriel" in row
        await session.press("escape")
        assert [*session.screen.table.marks] == [
            demo.context.database.value("SELECT id FROM document WHERE number = 'DE26-00039'")
        ]
    queued = demo.context.database.value("SELECT COUNT(*) FROM mail_queue WHERE state = 'queued'")
    assert queued == len(numbers) - 1


@pytest.mark.long
async def test_a_printer_that_refuses_one_prints_the_others(
    demo: Program, gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = printed(demo)
    async with running(demo, monkeypatch, screen="quotes") as session:
        numbers = await marked(session, 3)
        await session.until(lambda: "sur Atelier" in session.rows()[1])
        await session.press("enter")
        await session.until(lambda: "1 sur 3 : " in session.rows()[22])
        await session.press("p", "down")
        gate.touch()
        await session.until(lambda: "2 imprimés, 1 non" in session.rows()[22])
        row = next(row for row in session.rows() if "DE26-00039" in row)
        assert "× Impression refusée" in row
    assert printed(demo) - before == {*numbers} - {"DE26-00039"}


@pytest.mark.long
async def test_esc_stops_between_two_documents(
    demo: Program, gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = printed(demo)
    async with running(demo, monkeypatch, screen="quotes") as session:
        await marked(session, 3)
        await session.until(lambda: "sur Atelier" in session.rows()[1])
        await session.press("enter")
        await session.until(lambda: "1 sur 3 : " in session.rows()[22])
        await session.press("escape", "o")
        await session.until(lambda: "0 imprimé, 3 non" in session.rows()[22])
        assert "× Impression interrompue" in session.text
        await session.press("escape")
        assert session.rows()[19].startswith(" ■ 3 marqués")
    assert printed(demo) == before

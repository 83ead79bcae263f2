"""GED: add from the inbox, read, copy out, delete; with keys only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opened_program import make_program, make_quote, opened

from codial_tui.bootstrap import Program
from codial_tui.screens.document.attachments import size_text
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.documents import attachments, documents, rows


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    yield made
    made.close()


def inbox(program: Program) -> Path:
    return attachments.folder(program.context, "inbox")


def stored(program: Program) -> list[tuple[str, int, str]]:
    return program.context.database.rows("SELECT name, size, origin FROM attachment ORDER BY id")


async def test_add_read_export_delete(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox(program) / "plan.txt").write_text("Salle de bains\n2 m × 3 m", encoding="utf-8")
    quote = make_quote(program.context)
    screen = DocumentScreen(quote, tab="attachments")
    async with opened(program, screen, monkeypatch) as session:
        assert "Aucune pièce jointe" in session.text
        await session.press("f5")
        assert "plan.txt" in session.text
        await session.press("enter")
        assert stored(program) == [("plan.txt", 25, "added")]
        assert list(inbox(program).iterdir()) == []
        assert "« plan.txt » ajouté" in session.rows()[22]
        await session.press("enter")
        assert "2 m × 3 m" in session.text
        await session.press("escape", "f7", "x")
        copy = attachments.folder(program.context, "export") / "plan.txt"
        assert copy.read_text(encoding="utf-8") == "Salle de bains\n2 m × 3 m"
        await session.press("delete", "enter")
        assert len(stored(program)) == 1, "Enter never answers a question about something final"
        await session.press("o")
        assert stored(program) == []
        assert "Aucune pièce jointe" in session.text


async def test_several_are_marked_and_typing_filters(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt", "plan étage.pdf"):
        (inbox(program) / name).write_bytes(b"x")
    screen = DocumentScreen(make_quote(program.context), tab="attachments")
    async with opened(program, screen, monkeypatch) as session:
        await session.press("f5", "space", "space", "enter")
        assert [row[0] for row in stored(program)] == ["a.txt", "b.txt"]
        await session.press("f5", "enter")
        assert len(stored(program)) == 3
        await session.type("etage")
        assert "plan étage.pdf" in session.text
        assert "a.txt" not in session.text
        assert "1 sur 3" in session.text
        await session.press("escape")
        assert "a.txt" in session.text


async def test_hostile_names_and_contents_never_reach_the_terminal(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox(program) / "a\x1b]52;c;AAAA\x07[red]b.txt").write_bytes(b"\x1b[2Jx\x00\x9b31m\xff\tz")
    screen = DocumentScreen(make_quote(program.context), tab="attachments")
    async with opened(program, screen, monkeypatch) as session:
        await session.press("f5")
        assert "[red]b.txt" in session.text
        await session.press("enter", "enter")
        assert "·[2Jx·\ufffd31m\ufffd" in session.text
        session.rows()
    assert stored(program)[0][0] == "a[red]b.txt"


async def test_50_megabytes_are_refused_and_stay_in_the_inbox(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = inbox(program) / "big.bin"
    with big.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    screen = DocumentScreen(make_quote(program.context), tab="attachments")
    async with opened(program, screen, monkeypatch) as session:
        await session.press("f5", "enter")
        assert "× « big.bin » dépasse 20 Mo · réduisez-le" in session.rows()[22]
    assert stored(program) == []
    assert big.exists()


async def test_a_printed_original_stays(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = make_quote(program.context)
    document = rows.load(program.context.database, quote)
    assert document is not None
    attachments.add(
        program.context, "document", document.uid, "DE26-00001.pdf", b"%PDF-1.7", "printed"
    )
    async with opened(program, DocumentScreen(quote, tab="attachments"), monkeypatch) as session:
        assert "imprimé" in session.text
        await session.press("delete", "o")
        assert "× Un original imprimé ne s'efface pas" in session.rows()[22]
        await session.press("enter")
        assert "application/pdf" in session.text
    assert len(stored(program)) == 1


async def test_without_files_keys_say_what_to_do(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = DocumentScreen(make_quote(program.context), tab="attachments")
    async with opened(program, screen, monkeypatch) as session:
        for keys in (("enter",), ("f7", "x")):
            await session.press(*keys)
            assert "× Aucune pièce jointe · F5 en ajoute" in session.rows()[22]
        await session.press("delete")
        await session.press("f5")
        assert str(inbox(program))[:30] in session.text.replace("\n", "")
        await session.press("enter", "escape")
        assert isinstance(session.screen, DocumentScreen)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 octets"),
        (1023, "1023 octets"),
        (1024, "1 Ko"),
        (45_600, "44 Ko"),
        (2_516_583, "2,4 Mo"),
        (20 << 20, "20 Mo"),
        (1 << 50, "1048576 Go"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text


def test_documents_module_is_unaffected(program: Program) -> None:
    """Attachments do not change the version of their document."""
    quote = make_quote(program.context)
    before = program.context.database.value("SELECT version FROM document WHERE id = ?", (quote,))
    document = documents.get(program.context, "DE26-00001")
    attachments.add(program.context, "document", document.uid, "x.txt", b"x")
    after = program.context.database.value("SELECT version FROM document WHERE id = ?", (quote,))
    assert before == after

"""Write-through editing: what is on screen is what is stored, and undo brings back what was."""

import os
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain.document import Document, LineType
from codial_tui.errors import LockLost, Refused
from codial_tui.models.database import Database, open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, entering, locks, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company, parties

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def session(database: Database, login: str = "claire") -> Context:
    return start(database, program="test", clock=lambda: NOON, login=login)


@pytest.fixture
def context(database: Database) -> Context:
    context = session(database)
    company.init(context, "Démo", siren="123456782")
    return context


@pytest.fixture
def quote(context: Context) -> int:
    party = parties.create(context, {"name": "MARTIN SARL", "postcode": "69003", "city": "LYON"})
    return documents.create(context, "quote", party)


def type_lines(editor: Editor, *texts: str) -> None:
    after = editor.document.lines[-1].uid if editor.document.lines else None
    for text in texts:
        after = entering.enter(editor, entering.read(editor, text, after), after)


def stored(context: Context, document_id: int) -> Document:
    """What the database holds, comparable with what is in memory."""
    document = rows.load(context.database, document_id)
    assert document is not None
    for line in document.lines:
        line.id = None
    for adjustment in document.adjustments:
        adjustment.id = None
    return document


@pytest.mark.both
def test_what_is_typed_is_stored(context: Context, quote: int) -> None:
    editor = Editor(context, quote)
    type_lines(editor, "=Plomberie", ".Pose tube;16 h x48", "(Tableau", ".a;1 x10", ".b;2 x5", ")")
    found = stored(context, quote)
    assert found.lines == editor.document.lines
    assert found.version == editor.document.version == 7
    assert [line.type for line in found.top_lines()] == [
        LineType.CHAPTER,
        LineType.ITEM,
        LineType.AD_HOC_ASSEMBLY,
    ]
    assert found.number("net_total") == 16 * 4800 + 2000
    assert found.number("gross_total") == 94_560
    assert found.text("number") == "DE26-00001"


@pytest.mark.both
def test_undo_and_redo_to_the_last_byte(context: Context, quote: int) -> None:
    editor = Editor(context, quote)
    states = []
    for text in ("=A", ".x;1 x10", ".y;2 x5", "..", "---"):
        states.append(list(map(replace, editor.document.lines)))
        type_lines(editor, text)
    full = list(map(replace, editor.document.lines))
    for state in reversed(states):
        editor.undo()
        assert editor.document.lines == state == stored(context, quote).lines
    with pytest.raises(Refused, match="ne s'annule pas"):
        editor.undo()
    for _ in states:
        editor.redo()
    assert editor.document.lines == full == stored(context, quote).lines


def test_undo_survives_a_new_login(context: Context, quote: int) -> None:
    editor = Editor(context, quote)
    type_lines(editor, ".x;1 x10", ".y;2 x5")
    editor.close()
    again = Editor(context, quote)
    assert again.undo().endswith("10,00")
    assert [line.label for line in again.document.lines] == ["x"]


def test_undo_stops_at_somebody_elses_step(context: Context, quote: int, database_url: str) -> None:
    editor = Editor(context, quote)
    type_lines(editor, ".x;1 x10")
    editor.close()
    other_database = open_database(database_url, create=False)
    other = Editor(session(other_database, "jean"), quote)
    with pytest.raises(Refused, match="Claire"):
        other.undo()
    assert other.document.lines[0].label == "x"
    other.close()
    other_database.close()


def test_a_refused_step_leaves_memory_and_database_alone(context: Context, quote: int) -> None:
    editor = Editor(context, quote)
    type_lines(editor, ".x;1 x10")
    before = stored(context, quote)
    line = editor.document.lines[0]
    with pytest.raises((Refused, ValueError)):
        entering.edit_line(editor, line.uid, quantity=10**16)
    assert editor.document.lines == before.lines == stored(context, quote).lines
    assert editor.document.version == stored(context, quote).version
    type_lines(editor, ".y;1 x1")  # and work goes on
    assert stored(context, quote).number("net_total") == 1100


def test_a_failed_write_puts_memory_back(
    context: Context, quote: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Editor(context, quote)
    type_lines(editor, ".x;1 x10")
    before = list(map(replace, editor.document.lines))

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "disk full")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "write_step", full)
        with pytest.raises(OSError, match="disk full"):
            type_lines(editor, ".y;1 x1")
    assert editor.document.lines == before == stored(context, quote).lines
    type_lines(editor, ".y;1 x1")
    assert len(stored(context, quote).lines) == 2


def test_second_program_reads_only_until_the_first_is_gone(
    context: Context, quote: int, database_url: str
) -> None:
    editor = Editor(context, quote)
    other_database = open_database(database_url, create=False)
    reader = Editor(session(other_database, "jean"), quote)
    assert (
        reader.reason == f"Ouvert par Claire depuis {editor.context.local_now:%H:%M}, lecture seule"
    )
    with pytest.raises(LockLost):
        type_lines(reader, ".y;1 x1")
    editor.close()
    assert Editor(reader.context, quote).reason == ""
    other_database.close()


def test_a_killed_program_frees_its_lock(context: Context, quote: int, database_url: str) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover - the child only waits to be killed
        database = open_database(database_url, create=False)
        Editor(session(database, "jean"), quote)
        while True:
            time.sleep(1)
    deadline = time.monotonic() + 20
    held = "SELECT lock_token FROM document WHERE id = ?"
    while not context.database.value(held, (quote,)) and time.monotonic() < deadline:
        os.sched_yield()
    assert "Jean" in locks.acquire(context, quote)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert locks.acquire(context, quote) == ""


def test_a_writer_that_lost_its_lock_becomes_a_reader(context: Context, quote: int) -> None:
    editor = Editor(context, quote)
    with context.database.write():
        context.database.execute("UPDATE document SET version = version + 1 WHERE id = ?", (quote,))
    with pytest.raises(LockLost):
        type_lines(editor, ".x;1 x10")
    assert editor.reason
    assert editor.document.lines == [] == stored(context, quote).lines


def test_steps_and_edits_are_never_changed(context: Context, quote: int) -> None:
    editor = Editor(context, quote)
    type_lines(editor, ".x;1 x10")
    for sql in ("UPDATE step SET label = ''", "DELETE FROM edit"):
        with pytest.raises(Refused, match="journal"), context.database.write():
            context.database.execute(sql)


def test_numbers_follow_each_other(context: Context, quote: int) -> None:
    party = context.database.value("SELECT id FROM party")
    ids = [documents.create(context, "quote", party) for _ in range(3)]
    found = [stored(context, one).text("number") for one in ids]
    assert found == ["DE26-00002", "DE26-00003", "DE26-00004"]
    assert documents.find(context, "de3") == documents.find(context, "3") == ids[1]
    assert documents.find(context, "DE26-00002") == ids[0]
    assert documents.find(context, f"quote-{ids[2]}") == ids[2]
    assert documents.find(context, "DE99") is None


def test_deleting_needs_a_document_that_nobody_saw(context: Context, quote: int) -> None:
    with context.database.write():
        context.database.execute(
            "UPDATE document SET printed_at = ? WHERE id = ?", (context.now, quote)
        )
    with pytest.raises(Refused, match="imprimé"):
        documents.delete(context, quote)
    party = context.database.value("SELECT id FROM party")
    other = documents.create(context, "quote", party)
    documents.delete(context, other)
    assert rows.load(context.database, other) is None
    assert context.database.value("SELECT action FROM audit_log") == "document.deleted"

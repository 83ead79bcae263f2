"""Somebody typing in a process that will be killed, and what must hold afterwards.

The child works through the services as the program does, and says through a pipe what has been
committed: what it said must be there afterwards, one step more may be there, nothing by halves.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from codial_tui.bootstrap import open_program
from codial_tui.domain.changes import Change, Mismatch, apply, order, row_of
from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.text import fold
from codial_tui.errors import CodialError
from codial_tui.models.database import Database, open_database
from codial_tui.models.dialect import Dialect
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, entering, resume, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company, parties

LINES = (
    ".Pose réseau cuivre;16 h x48",
    ".Dépose;1 x120 -5%",
    "TUB12 12 x8,45 -10%",
    "24*RACC12",
    "CE200S",
    "+TUB12 3",
    "/RACC12 2 x1,10",
    "TUB12 -2",
    "=Plomberie",
    "==Salle de bains",
    ";Fixations comprises",
    ";;Fournitures",
    "(Tableau complet",
    ")",
    "---",
    "..",
    ".. 3 x9",
    "2*OUVSDB",
)
ITEMS = (("TUB12", 84_500), ("RACC12", 13_500), ("CE200S", 6_120_000), ("OUVSDB", 37_980_400))
MOST_LINES = 40


def build(path: Path, documents_count: int = 3) -> None:
    """A company with four items, one of them an assembly, a customer and some empty quotes."""
    program = open_program(str(path), create=True)
    context = program.context
    company.init(
        context,
        "Essai SARL",
        siren="732829320",
        street="1 rue Y",
        postcode="33000",
        city="BORDEAUX",
    )
    with context.database.write():
        ids = [
            context.database.insert(
                "item",
                {
                    "uid": context.uid(),
                    "reference": name,
                    "reference_fold": fold(name),
                    "label": f"Article {name}",
                    "search_text": fold(f"{name} Article {name}"),
                    "sale_price": price,
                    "is_assembly": int(name.startswith("OUV")),
                },
            )
            for name, price in ITEMS
        ]
        for place, item_id in enumerate(ids[:3]):
            values = {"assembly_id": ids[3], "component_id": item_id, "position": place}
            context.database.insert("assembly_component", values)
    party = parties.create(context, {"name": "MARTIN SARL", "postcode": "33000"})
    for _ in range(documents_count):
        documents.create(context, "quote", party)
    program.close()


# -- the child -------------------------------------------------------------------------------


@contextmanager
def forked(work: Callable[[Callable[[str], None]], None]) -> Iterator[tuple[int, int]]:
    """Run `work(say)` in a forked child; gives its pid and the pipe that reads what it says.

    At the end the child is dead, whatever happened.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    try:
        yield pid, reading
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)


def _work(work: Callable[[Callable[[str], None]], None], pipe: int) -> NoReturn:
    """In the child: never comes back into the test runner."""
    try:
        work(lambda text: _say(pipe, text))
        _say(pipe, "end")
    except BaseException as error:
        _say(pipe, f"fault {type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _say(pipe: int, text: str) -> None:
    os.write(pipe, (text.replace("\n", " ")[:500] + "\n").encode())


def listen(pipe: int, count: int, timeout: float = 30) -> bytes:
    """What a child says until it has said `count` things or ended."""
    said = b""
    deadline = time.monotonic() + timeout
    while said.count(b"\n") < count:
        if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError(f"the child said only {said!r}")
        data = os.read(pipe, 65536)
        if not data:
            break
        said += data
    return said


def kill_after(pid: int, pipe: int, count: int, microseconds: int, timeout: float = 30) -> str:
    """Kill the child `microseconds` after it said `count` things; returns all it said."""
    said = listen(pipe, count, timeout)
    end = time.perf_counter_ns() + microseconds * 1000
    while time.perf_counter_ns() < end:
        pass
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    while data := os.read(pipe, 65536):
        said += data
    return said.decode()


def typing(
    path: Path, seed: int, say: Callable[[str], None], document_id: int | None = None
) -> None:
    """Open one of the quotes and edit it for ever, saying `document version` after each step."""
    rng = random.Random(seed)
    program = open_program(str(path), login="essai")
    context = program.context
    document_id = document_id or _pick(context, rng)
    editor = Editor(context, document_id)
    if editor.reason:
        raise AssertionError(f"the lock of a dead program was not free: {editor.reason}")
    say(f"{document_id} {editor.document.version}")
    while True:
        before = editor.document.version
        with suppress(CodialError):
            gesture(editor, rng)
        if editor.document.version != before:
            say(f"{document_id} {editor.document.version}")


def _pick(context: Context, rng: random.Random) -> int:
    """One of the quotes, or a new one when it has become long."""
    found = context.database.rows("SELECT id FROM document WHERE kind = 'quote' ORDER BY id DESC")
    document_id: int = rng.choice(found[:3])[0]
    count = context.database.value(
        "SELECT COUNT(*) FROM document_line WHERE document_id = ?", (document_id,)
    )
    if count < MOST_LINES:
        return document_id
    party = context.database.value("SELECT party_id FROM document WHERE id = ?", (document_id,))
    return documents.create(context, "quote", party)


def gesture(editor: Editor, rng: random.Random) -> None:
    """One thing people do; often refused, as by people."""
    document = editor.document
    uids = [line.uid for line in document.lines]
    what = rng.random()
    if what < 0.5 or not uids:
        after = rng.choice(uids) if uids and rng.random() < 0.3 else None
        text = rng.choice(LINES)
        resume.keep_draft(editor.context, f"document:{document.id}", text[:3], 3)
        reading = entering.read(editor, text, after)
        if not reading.error:
            entering.enter(editor, reading, after)
    elif what < 0.65:
        priced = [line.uid for line in document.lines if line.is_priced]
        if priced:
            entering.edit_line(editor, rng.choice(priced), quantity=rng.randrange(1, 99) * 10_000)
    elif what < 0.72:
        entering.delete_lines(editor, rng.sample(uids, min(len(uids), rng.randrange(1, 4))))
    elif what < 0.8:
        editor.set_header("Objet", subject=f"Chantier {rng.randrange(1000)}")
    elif what < 0.86:
        top = [line for line in document.lines if line.parent_uid is None]
        rng.shuffle(top)
        shuffled = [
            uid
            for line in top
            for uid in (line.uid, *(c.uid for c in document.components(line.uid)))
        ]
        if len(shuffled) == len(uids):
            editor.commit([order(document, shuffled)], "Ordre")
    elif what < 0.95:
        editor.undo()
    else:
        editor.redo()


# -- what must hold --------------------------------------------------------------------------


def verify(path: Path, said: str = "") -> list[str]:
    """What is wrong with a database whose program was killed; empty when nothing is.

    said: lines `document version` of steps that were committed.
    """
    database = open_database(str(path), create=False)
    try:
        return [*_broken(database, said)]
    finally:
        database.close()


def _broken(database: Database, said: str) -> Iterator[str]:
    dialect = database.dialect
    yield from dialect.check()
    committed: dict[int, int] = {}
    for line in said.splitlines():
        first, _, rest = line.partition(" ")
        if first == "fault":
            yield f"child: {rest}"
        elif first.isdigit():
            committed[int(first)] = int(rest)
    for (document_id,) in dialect.rows("SELECT id FROM document ORDER BY id"):
        yield from _broken_document(dialect, document_id, committed.get(document_id))
    yield from _broken_search(dialect)


def _broken_document(dialect: Dialect, document_id: int, committed: int | None) -> Iterator[str]:
    document = rows.load(dialect, document_id)
    assert document is not None
    name = f"{document.ref}:"
    if committed is not None and not committed <= document.version <= committed + 1:
        yield f"{name} version {document.version}, the last step said was {committed}"
    steps = dialect.rows(
        "SELECT id, version FROM step WHERE document_id = ? ORDER BY id", (document_id,)
    )
    if [version for _, version in steps] != list(range(1, document.version + 1)):
        yield f"{name} version {document.version}, steps {[version for _, version in steps]}"
    found = totals(document)
    stored = tuple(document.number(f"{one}_total") for one in ("net", "vat", "gross", "cost"))
    if stored != (found.net, found.vat_total, found.gross, found.cost):
        yield f"{name} stored totals {stored}, recomputed {found.net}, {found.vat_total}…"
    yield from (f"{name} {one}" for one in _differs_from_log(dialect, document, steps))


def _differs_from_log(
    dialect: Dialect, document: Document, steps: list[tuple[int, int]]
) -> Iterator[str]:
    """Replays every edit on an empty document: each must fit what the ones before left (so none
    is missing), and the end must be what is stored (so each is whole)."""
    changes = [
        Change(op, target, uid, before and json.loads(before), after and json.loads(after))
        for op, target, uid, before, after in dialect.rows(
            "SELECT e.op, e.target, e.uid, e.before, e.after FROM edit e "
            "JOIN step s ON s.id = e.step_id WHERE s.document_id = ? ORDER BY e.step_id, e.seq",
            (document.id,),
        )
    ]
    replayed = Document(document.id, document.uid, document.kind)
    for change in changes:
        if change.target == "document":
            for name, value in (change.before or {}).items():
                replayed.header.setdefault(name, value)
    try:
        apply(replayed, changes)
    except Mismatch as error:
        yield f"an edit does not fit the ones before it: {error}"
        return
    for name, value in replayed.header.items():
        if document.header.get(name) != value:
            yield f"header {name} is {document.header.get(name)!r}, the log says {value!r}"
    if [row_of(line) for line in replayed.lines] != [row_of(line) for line in document.lines]:
        yield f"{len(document.lines)} lines are not the {len(replayed.lines)} of the log"


def _broken_search(dialect: Dialect) -> Iterator[str]:
    """The search index holds exactly the items there are."""
    try:
        dialect.execute("INSERT INTO item_search (item_search, rank) VALUES ('integrity-check', 1)")
    except (CodialError, sqlite3.Error) as error:
        yield f"search index: {error}"

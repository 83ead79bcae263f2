"""write(): one gesture, one transaction, in turn; what goes wrong comes out in French."""

import itertools
import os
import resource
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from codial_tui.errors import DatabaseRefused, Refused
from codial_tui.models import sqlite
from codial_tui.models.database import Database, open_database
from codial_tui.models.dialect import DatabaseBusy, Interrupted
from codial_tui.models.uid import new_uid

NUMBERS = """
import sys
from codial_tui.models.database import open_database
from codial_tui.models.uid import new_uid
database = open_database(sys.argv[1], create=False)
d = database.dialect
for _ in range(int(sys.argv[2])):
    with d.write():
        owner = d.insert("document", {"uid": new_uid(), "kind": "quote", "establishment_id": 1,
            "date": "2026-11-22", "created_at": "2026-11-22T08:00:00Z"})
        count, _pattern = d.next_number(1, "DE", "2026", "D{n}")
        d.update("document", owner, {"number": f"D{count}", "serial": count})
database.close()
"""


@pytest.mark.both
def test_four_processes_number_without_gap_or_double(database: Database) -> None:
    d = database.dialect
    with d.write():
        d.insert("establishment", {"uid": new_uid(), "code": "P"})
    workers = [
        subprocess.Popen([sys.executable, "-c", NUMBERS, database.url, "40"]) for _ in range(4)
    ]
    assert [worker.wait(90) for worker in workers] == [0, 0, 0, 0]
    serials = [row[0] for row in d.rows("SELECT serial FROM document ORDER BY serial")]
    assert serials == list(range(1, 161))
    assert d.value("SELECT last FROM number_series") == 160


@pytest.mark.long
def test_a_counter_user_is_served_beside_a_writer_that_never_rests(database: Database) -> None:
    """Without the turn file SQLite lets the busy one win every time."""
    code = (
        "import sys; from codial_tui.models.database import open_database\n"
        "d = open_database(sys.argv[1], create=False).dialect; print(flush=True)\n"
        "while True:\n"
        "  with d.write(): d.executemany('INSERT INTO unit (code) VALUES (hex(randomblob(8)))',"
        " [()] * 200)\n"
    )
    busy = subprocess.Popen([sys.executable, "-c", code, database.url], stdout=subprocess.PIPE)
    try:
        assert busy.stdout is not None
        busy.stdout.readline()
        seen = []
        for _ in range(20):
            with database.dialect.write():
                seen.append(database.dialect.value("SELECT count(*) FROM unit"))
                database.dialect.execute("INSERT INTO unit (code) VALUES (hex(randomblob(8)))")
    finally:
        busy.kill()
        busy.wait()
    # between two of our writes the other one got its turn now and then, and never thousands
    gaps = [(b - a - 1) // 200 for a, b in itertools.pairwise(seen)]
    assert max(gaps) <= 5, gaps


@pytest.mark.both
def test_an_exception_takes_everything_back(database: Database) -> None:
    d = database.dialect
    with pytest.raises(KeyError), d.write():
        d.execute("INSERT INTO unit (code) VALUES ('M')")
        raise KeyError("x")
    assert d.value("SELECT count(*) FROM unit") == 0
    with d.write():
        d.execute("INSERT INTO unit (code) VALUES ('M')")
    assert d.rows("SELECT code FROM unit") == [("M",)]


@pytest.mark.both
def test_writes_do_not_nest(database: Database) -> None:
    d = database.dialect
    with pytest.raises(RuntimeError, match="inside"), d.write(), d.write():
        pass
    with d.write():
        pass


@pytest.mark.both
def test_peewee_classes_write_in_the_same_transaction(database: Database) -> None:
    from codial_tui.models.tables_company import Unit

    other = open_database(database.url, create=False)  # the last opened is not the one written to
    d = database.dialect
    with pytest.raises(Refused) as caught, d.write():
        Unit.create(code="M", label="mètre")
        assert d.value("SELECT label FROM unit") == "mètre"
        Unit.create(code="M", label="encore")
    assert caught.value.problems[0].code == "constraint.unique"
    other.close()
    assert d.value("SELECT count(*) FROM unit") == 0


@pytest.mark.both
def test_a_worker_thread_has_its_own_connection(database: Database) -> None:
    d, found = database.dialect, []

    def work() -> None:
        with d.thread():
            with d.write():
                d.execute("INSERT INTO unit (code) VALUES ('M')")
            found.append(d.value("SELECT count(*) FROM unit"))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert found == [1]
    assert d.value("SELECT count(*) FROM unit") == 1


def test_a_turn_that_is_never_given_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT", 0.05)
    code = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX)\n"
        "print(flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, f"{database.url}-turn"],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(DatabaseBusy) as caught, database.dialect.write():
            raise AssertionError("not reached")
        assert "occupée" in caught.value.title
    finally:
        holder.kill()
        holder.wait()
    for thread in threading.enumerate():
        if thread.name == "turn":
            thread.join()
    monkeypatch.setattr(sqlite, "WAIT", 10)
    with database.dialect.write():  # the one who gave up left nothing behind
        database.dialect.execute("INSERT INTO unit (code) VALUES ('M')")


def test_a_database_held_by_a_foreign_program(database: Database) -> None:
    other = sqlite3.connect(database.url, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database.dialect.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(DatabaseBusy), database.dialect.write():
        raise AssertionError("not reached")
    other.close()


def test_a_full_disk_loses_nothing_and_says_so(database: Database) -> None:
    d = database.dialect
    with d.write():
        d.execute("INSERT INTO unit (code) VALUES ('M')")
    d.execute(f"PRAGMA max_page_count = {d.value('PRAGMA page_count')}")
    with pytest.raises(DatabaseRefused, match="plein"), d.write():
        d.execute("UPDATE unit SET label = ?", ["x" * 10_000_000])
    assert d.row("SELECT code, label FROM unit") == ("M", "")
    assert d.check() == []


def test_a_file_size_limit_is_a_disk_error_in_french(tmp_path: Path, database: Database) -> None:
    """What the system refuses at the write, not SQLite's own limit."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"?"
        try:
            import signal

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            mine = open_database(database.url, create=False).dialect
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
            with mine.write():
                mine.execute("INSERT INTO unit (code, label) VALUES ('M', ?)", ["x" * 10_000_000])
        except DatabaseRefused as refusal:
            answer = refusal.title.encode()
        except BaseException as error:
            answer = repr(error).encode()
        finally:
            os.write(write, answer)
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answered:
        assert answered.read() in {"Le disque est plein", "Le disque ne répond pas"}
    os.waitpid(child, 0)
    assert database.dialect.value("SELECT count(*) FROM unit") == 0
    assert database.dialect.check() == []


def test_programming_errors_are_not_dressed_up(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.dialect.rows("SELECT * FROM nowhere")


@pytest.mark.both
def test_a_reader_reads_only_and_can_be_stopped(database: Database) -> None:
    reader = database.reader()
    with pytest.raises(DatabaseRefused):
        reader.rows("INSERT INTO unit (code) VALUES ('M') RETURNING id")
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000) "
        "SELECT count(*) FROM n"
    )
    outcome: list[BaseException] = []

    def search() -> None:
        try:
            reader.rows(endless)
        except BaseException as error:
            outcome.append(error)

    worker = threading.Thread(target=search)
    worker.start()
    while worker.is_alive():  # interrupting before the query runs stops nothing: ask again
        reader.interrupt()
        worker.join(0.01)
    assert [type(error) for error in outcome] == [Interrupted]
    assert reader.value("SELECT count(*) FROM unit") == 0
    reader.close()


@pytest.mark.both
def test_rows_by_name_and_bulk(database: Database) -> None:
    d = database.dialect
    with d.write():
        d.insert_many("unit", ["code", "label"], [("M", "100 % mètre"), ("U", "unité")])
        assert d.update("unit", 1, {}) == 0
        assert d.execute("UPDATE unit SET decimals = 0 WHERE label LIKE ?", ["100 %%"]) == 1
        d.lock_rows("unit", [2, 1])
    assert d.mappings("SELECT code, decimals FROM unit ORDER BY code") == [
        {"code": "M", "decimals": 0},
        {"code": "U", "decimals": 4},
    ]
    assert d.mapping("SELECT code FROM unit WHERE code = 'X'") is None
    assert d.value("SELECT code FROM unit WHERE code = 'X'", default="?") == "?"


def test_a_backup_is_a_whole_database(database: Database, tmp_path: Path) -> None:
    d, path = database.dialect, tmp_path / "sauvegarde.sqlite3"
    with d.write():
        d.execute("INSERT INTO unit (code) VALUES ('M')")
    d.backup(path)
    assert not path.with_name(path.name + ".part").exists()
    assert not path.with_name(path.name + "-wal").exists()
    copy = open_database(str(path), create=False)
    assert copy.dialect.rows("SELECT code FROM unit") == [("M",)]
    assert copy.dialect.check() == []
    copy.close()
    content = path.read_bytes()
    with pytest.raises(DatabaseRefused, match="existe déjà"):
        d.backup(path)
    assert path.read_bytes() == content


def test_check_finds_what_is_broken(database: Database) -> None:
    other = sqlite3.connect(database.url)
    other.execute("INSERT INTO address (uid, party_id) VALUES (?, 99)", [new_uid()])
    other.commit()
    other.close()
    assert database.dialect.check() == ["address, ligne 1 : renvoie à party, qui n'existe pas"]


@pytest.mark.both
def test_a_lost_connection_is_told_once_and_made_anew(database: Database) -> None:
    d = database.dialect
    if d.name == "sqlite":
        return  # nothing to lose
    cut = "SELECT pg_terminate_backend(pg_backend_pid())"
    with pytest.raises(DatabaseRefused), d.write():
        d.execute("INSERT INTO unit (code) VALUES ('M')")
        d.rows(cut)
    with d.write():
        d.execute("INSERT INTO unit (code) VALUES ('U')")
    with pytest.raises(DatabaseRefused):
        d.rows(cut)
    assert d.rows("SELECT code FROM unit") == [("U",)]

"""Opening: what is refused, with a remedy, and the file and its folder left as they were."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codial_tui.errors import DatabaseRefused
from codial_tui.models import sqlite_file
from codial_tui.models.database import Database, open_database, sqlite_path
from codial_tui.models.migrations import MIGRATIONS
from codial_tui.models.sqlite import SqliteDialect

Snapshot = dict[str, tuple[bytes, int]]


def snapshot(folder: Path) -> Snapshot:
    """Every file of a folder: name, bytes and time of change."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def ours(sqlite_template: Path, tmp_path: Path) -> Path:
    """A closed database of ours, alone in its folder."""
    path = tmp_path / "société" / "codial.sqlite3"
    path.parent.mkdir()
    path.write_bytes(sqlite_template.read_bytes())
    return path


def refused(path: Path, *, create: bool = False, mounts: str | None = None) -> str:
    before = snapshot(path.parent) if path.parent.is_dir() else {}
    with pytest.raises(DatabaseRefused) as caught:
        open_database(str(path), create=create, mounts=mounts)
    assert caught.value.remedy
    assert (snapshot(path.parent) if path.parent.is_dir() else {}) == before
    return caught.value.title


def as_newer(path: Path) -> None:
    dialect = SqliteDialect(path)
    with dialect.write():
        dialect.record_version(len(MIGRATIONS) + 1, "m9999_tomorrow")
    dialect.close()
    path.with_name(path.name + "-turn").unlink()


def as_foreign(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()


def as_other_program(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("PRAGMA application_id = 1196444487")  # GeoPackage
    other.close()


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xa5" * 3996  # the page that holds the schema
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("damage", "title"),
    [
        (as_newer, "plus récente"),
        (as_foreign, "autre programme"),
        (as_other_program, "autre programme"),
        (scribbled, "abîmé"),
        (lambda path: path.write_bytes(path.read_bytes()[:50_000]), "tronqué"),
        (lambda path: path.write_bytes(b"PK\x03\x04" + b"\0" * 5000), "pas une base SQLite"),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), "pas une base SQLite"),
        (lambda path: path.write_bytes(b""), "pas une base SQLite"),
        (lambda path: path.unlink(), "n'existe pas"),
        (lambda path: (path.unlink(), path.mkdir()), "pas un fichier"),
    ],
)
def test_a_file_that_is_not_ours_stays_as_it_is(
    ours: Path, damage: Callable[[Path], None], title: str
) -> None:
    damage(ours)
    assert title in refused(ours)


def test_creating_never_overwrites(ours: Path) -> None:
    as_foreign(ours)
    assert "autre programme" in refused(ours, create=True)


MOUNTS = """\
sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw 0 0
server:/export {folder} {type} rw 0 0
/dev/sdb1 {folder}/local ext4 rw 0 0
"""


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "glusterfs", "afs"])
def test_a_network_file_system_is_refused(ours: Path, kind: str) -> None:
    mounts = MOUNTS.format(folder=str(ours.parent).replace(" ", "\\040"), type=kind)
    assert kind in refused(ours, mounts=mounts)
    assert kind in refused(ours.with_name("new.sqlite3"), create=True, mounts=mounts)


def test_the_innermost_mount_decides(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    (folder / "local").mkdir(parents=True)
    mounts = MOUNTS.format(folder=str(folder).replace(" ", "\\040"), type="nfs")
    found = sqlite_file.network_file_system
    assert found(folder / "x.db", mounts) == "nfs"
    assert found(folder / "local" / "x.db", mounts) == ""
    assert found(tmp_path / "a b c" / "x.db", mounts) == ""
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert found(link / "x.db", mounts) == "nfs"
    assert found(link / "x.db", "garbage\n\n") == ""


def test_an_old_sqlite_is_refused() -> None:
    with pytest.raises(DatabaseRefused, match=r"3\.36\.0"):
        sqlite_file.check_library((3, 36, 0))
    sqlite_file.check_library((3, 37, 0))


@pytest.fixture
def public(sqlite_template: Path) -> Iterator[Path]:
    """A database that any user of the machine can reach."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codial.sqlite3"
        path.write_bytes(sqlite_template.read_bytes())
        path.chmod(0o666)
        path.parent.chmod(0o777)
        yield path


def titles_as_a_plain_user(path: Path, *, create: bool = False) -> str:
    """The refusal's title for somebody root's rights do not help."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            open_database(str(path), create=create)
            os.write(write, b"opened")
        except DatabaseRefused as refusal:
            os.write(write, f"{refusal.title} · {refusal.remedy}".encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


def test_a_read_only_file_or_folder_is_refused(public: Path) -> None:
    before = snapshot(public.parent)
    public.chmod(0o444)
    assert "lecture seule" in titles_as_a_plain_user(public)
    public.chmod(0o666)
    public.parent.chmod(0o555)
    assert "lecture seule" in titles_as_a_plain_user(public)
    new = public.with_name("new.sqlite3")
    assert "lecture seule" in titles_as_a_plain_user(new, create=True)
    public.parent.chmod(0o777)
    public.chmod(0o000)
    assert "ne peut pas être lu" in titles_as_a_plain_user(public)
    public.chmod(0o666)
    assert snapshot(public.parent) == before
    assert titles_as_a_plain_user(public) == "opened"


def test_a_new_file_is_ours_even_before_its_log_is_folded(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "codial.sqlite3"
    opened = open_database(str(path), create=True)
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72]) == sqlite_file.APPLICATION_ID
    assert int.from_bytes(header[60:64]) == len(MIGRATIONS)  # user_version
    opened.close()
    open_database(str(path), create=True).close()  # create: make it unless it is there


def test_an_empty_file_may_become_a_database(tmp_path: Path) -> None:
    path = tmp_path / "touched.sqlite3"
    path.touch()
    open_database(str(path), create=True).close()
    open_database(str(path), create=False).close()


def test_a_newer_schema_still_in_the_log_is_seen(ours: Path) -> None:
    """A later program that died right after migrating leaves the version in the -wal only."""
    code = (
        "import os, sys; from pathlib import Path; from codial_tui.models.sqlite import *\n"
        "d = SqliteDialect(Path(sys.argv[1]))\n"
        "with d.write(): d.record_version(99, 'm0099_tomorrow')\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(ours)], check=False)
    assert ours.with_name(ours.name + "-wal").stat().st_size > 0
    content, log = ours.read_bytes(), ours.with_name(ours.name + "-wal").read_bytes()
    with pytest.raises(DatabaseRefused, match="schéma 99"):
        open_database(str(ours), create=False)
    assert ours.read_bytes() == content
    assert ours.with_name(ours.name + "-wal").read_bytes() == log


def test_urls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sqlite_path("a b/c.db") == tmp_path / "a b" / "c.db"
    assert sqlite_path("sqlite:///c.db") == tmp_path / "c.db"
    assert sqlite_path("sqlite:////srv/c.db") == Path("/srv/c.db")
    with pytest.raises(DatabaseRefused, match="mysql"):
        open_database("mysql://localhost/x", create=True)


def test_a_server_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    with pytest.raises(DatabaseRefused) as caught:
        open_database(f"postgresql://u:secret@/x?host={tmp_path}", create=False)
    assert "PostgreSQL ne répond pas" in caught.value.title
    assert "secret" not in caught.value.text


def test_a_missing_driver_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from codial_tui.errors import DatabaseRefused\n"
        "from codial_tui.models.database import open_database\n"
        "try: open_database('postgresql://h/x', create=False)\n"
        "except DatabaseRefused as refused: sys.exit(refused.text)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "codial-tui[postgresql]" in done.stderr


@pytest.mark.both
def test_an_empty_or_foreign_server_database_is_refused(database: Database) -> None:
    if database.dialect.name == "sqlite":
        return  # the files above
    import psycopg

    url = database.url.rpartition("?")[0].rpartition("/")[0] + "/{}?" + database.url.split("?")[1]
    with psycopg.connect(url.format("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS other")
        server.execute("CREATE DATABASE other TEMPLATE template0 ENCODING 'UTF8'")
    with pytest.raises(DatabaseRefused, match="est vide"):
        open_database(url.format("other"), create=False)
    with psycopg.connect(url.format("other"), autocommit=True) as server:
        server.execute("CREATE TABLE bookmarks (url text)")
    with pytest.raises(DatabaseRefused, match="autre chose"):
        open_database(url.format("other"), create=True)
    with psycopg.connect(url.format("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE other WITH (FORCE)")
    with pytest.raises(DatabaseRefused, match="PostgreSQL refuse"):
        open_database(url.format("nowhere"), create=True)


def test_a_first_start_killed_before_its_mark_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "codial.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = wal")  # all a killed start may have left
    connection.close()
    for _ in range(2):
        open_database(str(path), create=True).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone()[0] != 0
    connection.close()

"""The counter over a real SSH line: thin, cut, stopped, and asked for what it must not give.

How long each gesture takes is measured by `python -m bench ssh`; here only what comes of it.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import ssh_counter
import ssh_server
from pty_session import Gone, PtySession, key
from scenarios import crash
from ssh_counter import TYPED, rows_of
from ssh_proxy import Proxy
from ssh_server import Server

from codial_tui.bootstrap import open_program
from codial_tui.services.documents import locks

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing() or "can run"),
]

DRAFT = ".Pose inachev"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path, str]]:
    """A server, Marie's key and the number of the quote. HOME is of the server's own."""
    folder = tmp_path_factory.mktemp("ssh")
    database = folder / "données/codial.sqlite3"
    reference = ssh_counter.build(database, "marie", "jean")
    with Server(folder / "server", database) as server:
        yield server, server.let_in("marie"), reference


@pytest.fixture
def fresh(house: tuple[Server, Path, str], tmp_path: Path) -> Iterator[tuple[Server, Path, str]]:
    """The same with the database as it was at first: what a test writes is its own."""
    server, private, reference = house
    kept = server.folder / "at-first.sqlite3"
    if not kept.exists():
        open_program(str(server.database)).close()  # folds the log into the file
        shutil.copy(server.database, kept)
    for path in server.database.parent.glob(f"{server.database.name}-*"):
        path.unlink() if path.is_file() else shutil.rmtree(path)
    shutil.copy(kept, server.database)
    yield server, private, reference
    for (pid,) in rows_of(server.database, "SELECT pid FROM session WHERE terminal <> ''"):
        if pid != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(int(str(pid)), signal.SIGKILL)


def wait(until: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline, waiting = time.monotonic() + seconds, select.poll()
    while not until():
        assert time.monotonic() < deadline, what
        waiting.poll(20)


def pid_of(database: Path) -> int:
    """The program on the server that started last."""
    ((pid,),) = rows_of(
        database, "SELECT pid FROM session WHERE program = 'tui' ORDER BY id DESC LIMIT 1"
    )
    return int(str(pid))


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


# the counter ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slow", "compression"),
    [(False, True), (True, False), (True, True)],
    ids=["local", "64 kbit/s", "64 kbit/s compressed"],
)
def test_the_counter_works(fresh: tuple[Server, Path, str], slow: bool, compression: bool) -> None:
    server, private, reference = fresh
    line = Proxy(server.port, round_trip=0.2 if slow else 0, rate=64_000 if slow else 0)
    with (
        line,
        server.session(private, port=line.port, compression=compression) as session,
    ):
        session.wait_for("10Menu", timeout=30)
        assert "Marie" in session.rows[0]
        took = ssh_counter.work(session, reference)
        session.press("escape")
        session.wait_until(lambda: "À FAIRE" in session.text, "home")
        session.press("escape")
        session.wait_for("Quitter ?")
        session.send("o")
        assert session.wait_end() == 0
    assert set(took) == {step.name for step in ssh_counter.steps(reference)}
    last = rows_of(
        server.database,
        "SELECT label, quantity, unit_price FROM document_line ORDER BY position DESC LIMIT 1",
    )
    assert last == [("Pose réseau", 20_000, 450_000)]
    assert rows_of(
        server.database,
        "SELECT u.login FROM step s JOIN app_user u ON u.id = s.user_id ORDER BY s.id DESC LIMIT 1",
    ) == [("marie",)]
    assert rows_of(server.database, "SELECT count(*) FROM document WHERE lock_token <> ''") == [
        (0,)
    ]
    assert crash.verify(server.database) == []


# the line breaks ------------------------------------------------------------------------------


def type_until_cut(session: PtySession, server: Server, reference: str) -> None:
    """A line that was seen, and one in hand long enough to be kept; on the row of line 30."""
    session.wait_for("10Menu", timeout=30)
    session.send(f"{reference}\r")
    session.wait_until(lambda: reference in session.rows[0], "the quote")
    session.send(f"{TYPED}\r")
    session.wait_until(lambda: "Pose réseau" in session.rows[19], "the line")
    session.press("pageup", "pageup")
    session.wait_until(lambda: "Ligne 030" in session.text, "the page")
    session.send(DRAFT)
    session.wait_for(f"{DRAFT}_")

    def kept() -> bool:
        session.wait_idle()
        return (DRAFT,) in rows_of(server.database, "SELECT text FROM entry_draft")

    wait(kept, "the draft is not kept")


def in_place(session: PtySession, reference: str) -> None:
    """Document, tab, line and draft as they were when the line broke."""
    session.wait_until(lambda: reference in session.rows[0], "the quote again", 30)
    session.wait_for(f"{DRAFT}_")
    assert "►Lignes" in session.rows[1]
    assert "lecture seule" not in session.text
    current = next(row for row in session.rows[3:20] if row.startswith("►"))
    assert "Ligne 0" in current


@pytest.mark.parametrize("cut", ["client killed", "proxy killed", "proxy stopped"])
def test_a_line_that_breaks_loses_nothing(fresh: tuple[Server, Path, str], cut: str) -> None:
    server, private, reference = fresh
    with Proxy(server.port) as line, server.session(private, port=line.port) as session:
        type_until_cut(session, server, reference)
        current = next(row for row in session.rows[3:20] if row[0] == "►").split()[1]
        pid = pid_of(server.database)
        assert not gone(pid)
        if cut == "client killed":
            session.kill()
        elif cut == "proxy killed":
            line.kill()
        else:
            line.stop()
        wait(lambda: gone(pid), f"the program did not end: {cut}")
    other = open_program(str(server.database))
    assert locks.acquire(other.context, 1) == ""
    locks.release(other.context, 1)
    other.close()
    assert crash.verify(server.database) == []
    with server.session(private) as again:
        in_place(again, reference)
        assert next(row for row in again.rows[3:20] if row[0] == "►").split()[1] == current
        again.send("ée;3 x10\r")
        again.wait_until(lambda: "Pose inachevée" in "".join(again.rows[2:21]), "the line")
    labels = [str(label) for (label,) in rows_of(server.database, ORDERED)]
    assert labels.count("Pose réseau") == labels.count("Pose inachevée") == 1
    assert labels.index("Pose inachevée") == labels.index(f"Ligne {int(current):03d}") + 1
    assert len(labels) == ssh_counter.LINES + 2


ORDERED = "SELECT label FROM document_line ORDER BY position"


def test_who_comes_back_before_the_dead_line_was_noticed(
    fresh: tuple[Server, Path, str],
) -> None:
    """The line is stopped and nobody knows: the quote can be read, then written, by itself."""
    server, private, reference = fresh
    with Proxy(server.port) as line, server.session(private, port=line.port) as session:
        type_until_cut(session, server, reference)
        pid = pid_of(server.database)
        os.kill(pid, signal.SIGSTOP)  # it does not even hear that its terminal has gone
        line.stop()
        with server.session(private) as again:
            again.wait_for("10Menu")
            again.send(f"{reference}\r")
            again.wait_until(lambda: "lecture seule" in again.text, "who has it")
            os.kill(pid, signal.SIGKILL)
            again.wait_until(lambda: "lecture seule" not in again.text, "the lock", 30)
            again.send(f"{key('ctrl+u')}.Autre;1 x1\r")
            again.wait_until(lambda: "Autre" in "".join(again.rows[2:21]), "the line")
    assert ("Autre",) in rows_of(server.database, ORDERED)


# what the door does not open ------------------------------------------------------------------


def asked(server: Server, private: Path, *words: str, options: tuple[str, ...] = ()) -> str:
    """What a client that asks for something gets; never a good end."""
    done = subprocess.run(
        server.command(private, *words, options=options),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0, done
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("/bin/sh",),
        ("session", "jean"),
        ("id", "-c"),
        ("codial-tui", "--database", "/tmp/x", "session", "jean"),
        ("users", "list"),
        ("scp", "-f", "/etc/passwd"),
        ("$(id)",),
    ],
)
@pytest.mark.parametrize("terminal", ["-tt", "-T"])
def test_no_command(house: tuple[Server, Path, str], words: tuple[str, ...], terminal: str) -> None:
    server, private, _ = house
    said = asked(server, private, *words, options=(terminal,))
    problems = json.loads(said[: said.rindex("}") + 1])["problems"]
    assert [one["code"] for one in problems] == ["session.command"]
    assert "uid=" not in said and "root:" not in said


def test_no_files_by_sftp(house: tuple[Server, Path, str]) -> None:
    server, private, _ = house
    assert "session.command" in asked(server, private, "-s", "sftp")
    assert "Pas de terminal ici" in asked(server, private)


def test_no_forwarding(house: tuple[Server, Path, str]) -> None:
    """`restrict`: neither to the host's other services, nor back, nor its agent or display."""
    server, private, _ = house
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    said = asked(
        server,
        private,
        options=("-N", "-oExitOnForwardFailure=yes", f"-R{free}:127.0.0.1:{server.port}"),
    )
    assert "remote port forwarding failed" in said
    said = asked(server, private, options=(f"-W127.0.0.1:{server.port}",))
    assert "stdio forwarding failed" in said and "SSH-2.0" not in said


def test_no_variable_of_the_client_is_obeyed(
    fresh: tuple[Server, Path, str], tmp_path: Path
) -> None:
    """Everything a client can set at once, on a server that takes it all."""
    server, private, _ = fresh
    evil = tmp_path / "evil"
    evil.mkdir()
    mark = tmp_path / "obeyed"
    for module in ("sitecustomize", "codial_tui", "argparse", "textual", "driver"):
        (evil / f"{module}.py").write_text(f"open({str(mark)!r}, 'w')\n")
    hostile = {
        "PYTHONPATH": str(evil),
        "PYTHONHOME": str(evil),
        "PYTHONSTARTUP": str(evil / "driver.py"),
        "PYTHONINSPECT": "1",
        "PYTHONBREAKPOINT": "driver.x",
        "TEXTUAL_DRIVER": "driver:Driver",
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_LOG": str(mark),
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "CODIAL_TUI_DATABASE": str(tmp_path / "other.sqlite3"),
        "CODIAL_TUI_FORCED": "0",
        "LOGNAME": "jean",
        "USER": "jean",
        "HOME": str(tmp_path / "home"),
        "PATH": str(evil),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "TERMINFO": str(evil),
        "EDITOR": "sh",
        "PAGER": "sh",
        "LANG": "../../tmp/x",
        "TZ": "Pacific/Kiritimati",
    }
    given = " ".join(f"{name}={value}" for name, value in hostile.items())
    with server.session(private, options=(f"-oSetEnv={given}",)) as session:
        session.wait_for("10Menu", timeout=30)
        assert "Marie" in session.rows[0]
        environ = Path(f"/proc/{pid_of(server.database)}/environ")
        if environ.exists():  # what arrived: only Python's and sshd's own words kept it harmless
            arrived = dict(
                one.split(b"=", 1) for one in environ.read_bytes().split(b"\0") if b"=" in one
            )
            assert arrived[b"TEXTUAL_DRIVER"] == b"driver:Driver"
            assert arrived[b"HOME"] == os.fsencode(server.folder / "home")
            assert arrived[b"PATH"] != os.fsencode(evil)
    assert not mark.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil"]
    assert rows_of(
        server.database, "SELECT user_name FROM session WHERE program = 'tui' ORDER BY id DESC"
    )[0] == ("Marie",)


def test_keys_open_no_door(fresh: tuple[Server, Path, str]) -> None:
    """Suspension, interruption and the answers of a terminal that are no keys."""
    server, private, reference = fresh
    with server.session(private) as session:
        session.wait_for("10Menu", timeout=30)
        session.send(f"{reference}\r")
        session.wait_until(lambda: reference in session.rows[0], "the quote")
        pid = pid_of(server.database)
        for hostile in ("\x1a", "\x1c", "\x03", "\x04", "\x11", "\x13", "~.", "~C", "!sh"):
            session.send(hostile)
            session.wait_idle()
        session.press("ctrl+u", "f10")
        session.wait_idle()
        session.send("suspendre\r")
        session.wait_for("pas de shell ici")
        os.kill(pid, signal.SIGTSTP)  # nobody is there to bring it back
        session.press("escape")
        session.wait_until(lambda: reference in session.rows[0], "the quote again")
        session.send("article")
        session.wait_for("CE200S")
        assert pid_of(server.database) == pid and not gone(pid)
        assert "$" not in session.rows[23] and "10Menu" in session.rows[23]


def test_two_keys_are_two_people(fresh: tuple[Server, Path, str]) -> None:
    server, private, reference = fresh
    jean = server.folder / "jean"
    if not jean.exists():
        server.let_in("jean")
    with server.session(private) as session, server.session(jean) as other:
        session.wait_for("10Menu", timeout=30)
        other.wait_for("10Menu", timeout=30)
        assert "Marie" in session.rows[0] and "Jean" in other.rows[0]
        session.send(f"{reference}\r")
        session.wait_until(lambda: reference in session.rows[0], "the quote")
        other.send(f"{reference}\r")
        other.wait_for("Ouvert par Marie")


def test_a_user_who_was_switched_off_comes_in_no_more(fresh: tuple[Server, Path, str]) -> None:
    server, private, _ = fresh
    program = open_program(str(server.database))
    program.context.database.execute("UPDATE app_user SET active = 0 WHERE login = 'marie'")
    program.close()
    with server.session(private) as session:
        with suppress(Gone):
            session.wait_for("désactivé")
        assert "désactivé" in session.text.replace("\n", "")

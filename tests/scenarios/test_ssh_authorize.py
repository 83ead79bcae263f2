"""`users authorize` and `session`: who gets a line, what it holds, and who may say who he is."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, CommandLine

from codial_tui import bootstrap
from codial_tui.bootstrap import open_program
from codial_tui.errors import DatabaseRefused, Refused
from codial_tui.screens.first_start import FirstStart
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.imports import import_source
from codial_tui.services.records import letters, users

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f marie@poste"


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    run = CommandLine(tmp_path / "socié té/codial.sqlite3", dict(os.environ))
    run("init", "--name", "Essai SARL")
    run("users", "add", "marie")
    return run


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "marie.pub"
    path.write_text(KEY + "\n")
    return path


def test_the_line_is_all_that_is_printed(cli: CommandLine, key: Path) -> None:
    answer = cli("users", "authorize", "marie", str(key))
    assert answer.out.endswith(KEY + "\n") and answer.out.count("\n") == 1
    said = cli("users", "authorize", "marie", "-", "--json", stdin=KEY).json
    assert said == {
        "login": "marie",
        "algorithm": "ssh-ed25519",
        "fingerprint": said["fingerprint"],
        "line": answer.out.strip(),
    }
    options, forced, rest = answer.out.split('"')
    assert (options, rest.strip()) == ("restrict,pty,command=", KEY)
    words = shlex.split(forced)
    assert words == [
        sys.executable,
        *("-I", "-m", "codial_tui", "--database", str(cli.database), "session", "marie"),
    ]


def test_a_key_is_noted_in_the_audit_log(cli: CommandLine, key: Path) -> None:
    made = cli("users", "authorize", "marie", str(key), "--json").json
    program = open_program(str(cli.database))
    row = program.context.database.row(
        "SELECT action, detail FROM audit_log ORDER BY id DESC LIMIT 1"
    )
    program.close()
    assert row is not None and row[0] == "user.key"
    assert '"marie"' in row[1] and made["fingerprint"] in row[1]


def test_who_gets_no_line(cli: CommandLine, key: Path) -> None:
    def refused(login: str) -> list[tuple[str, str]]:
        return cli("users", "authorize", "--json", "--", login, str(key), code=1).problems

    assert refused("inconnu") == [("user.unknown", "login")]
    assert refused("") == [("user.unknown", "login")]
    assert refused("--role") == [("user.unknown", "login")]
    program = open_program(str(cli.database))
    program.context.database.execute("UPDATE app_user SET active = 0 WHERE login = 'marie'")
    program.close()
    assert refused("marie") == [("user.inactive", "login")]


def test_only_an_administrator_hands_out_lines(cli: CommandLine) -> None:
    program = open_program(str(cli.database), login="marie")
    from codial_tui.domain.ssh_keys import parse_key

    with pytest.raises(Refused, match="administrateurs"):
        users.authorize(program.context, "marie", parse_key(KEY.encode()), ["x"])
    program.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "exit_code", "problem"),
    [
        (b"bonjour", 2, "input.unreadable"),
        (b"\x00" * 20_000, 2, "input.unreadable"),
        (KEY.encode() + b"\x1b[2J", 2, "input.unreadable"),
        (KEY.encode() + b"\n" + KEY.encode(), 1, "key.several"),
        (b'command="sh" ' + KEY.encode(), 1, "key.options"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----", 1, "key.private"),
        (b"ssh-dss AAAA", 1, "key.weak"),
    ],
    ids=["word", "huge", "escape", "several", "options", "private", "weak"],
)
def test_bad_keys(
    cli: CommandLine, key: Path, content: bytes, exit_code: int, problem: str
) -> None:
    key.write_bytes(content)
    answer = cli("users", "authorize", "marie", str(key), code=exit_code)
    assert answer.problems == [(problem, "")]
    assert "\x1b" not in answer.out + answer.err and "restrict" not in answer.out


def test_bad_files(cli: CommandLine, tmp_path: Path) -> None:
    for name in (tmp_path, tmp_path / "absent", tmp_path / ("x" * 300)):
        answer = cli("users", "authorize", "marie", str(name), code=2)
        assert answer.problems == [("input.unreadable", "")]
    cli("users", "authorize", "marie", code=2)


def test_what_others_can_read_is_said(cli: CommandLine, key: Path) -> None:
    assert cli("users", "authorize", "marie", str(key)).err == ""
    cli.database.chmod(0o644)
    cli.database.parent.chmod(0o755)
    said = cli("users", "authorize", "marie", str(key)).err.splitlines()
    assert said == [f"! chmod 600 {cli.database}", f"! chmod 700 {cli.database.parent}"]


def test_a_new_database_its_logs_and_its_backup_are_the_accounts_own(
    cli: CommandLine, tmp_path: Path
) -> None:
    program = open_program(str(cli.database))
    files = [path for path in cli.database.parent.glob("*.sqlite3*") if path.is_file()]
    assert {f"{cli.database.name}{suffix}" for suffix in ("", "-wal", "-shm")} <= {
        path.name for path in files
    }
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    del modes[f"{cli.database.name}-turn"]  # empty: a lock
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(cli.database.parent.stat().st_mode) == 0o700
    program.close()
    copy = tmp_path / "copy.sqlite3"
    cli("backup", str(copy))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    cli.database.chmod(0o660)  # shared by a group, on purpose: stays so
    cli("restore", str(copy))
    assert stat.S_IMODE(cli.database.stat().st_mode) == 0o660


# the session ----------------------------------------------------------------------------------


def test_a_session_runs_no_command(cli: CommandLine) -> None:
    for asked in ("sh", "session root", "--user root", "internal-sftp", "users list", " "):
        run = CommandLine(cli.database, {**cli.environ, "SSH_ORIGINAL_COMMAND": asked})
        answer = run("session", "marie", code=1)
        assert answer.problems == [("session.command", "")]
    assert cli("session", "marie", code=2).problems == [("input.unreadable", "")]  # no terminal
    cli("session", "marie", "--screen", "home", code=2)
    cli("session", code=2)


def test_nobody_is_who_he_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "patron")
    assert bootstrap.login_name() == pwd.getpwuid(os.getuid()).pw_name


def test_an_account_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    assert bootstrap.login_name() == "uid4000000"


def test_only_the_owner_of_a_database_says_who_is_there(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    with pytest.raises(DatabaseRefused, match="n'est pas à ce compte"):
        open_program(str(cli.database), login="marie", confined=True)


def test_a_session_is_for_a_known_active_user_of_a_company(
    cli: CommandLine, tmp_path: Path
) -> None:
    url = str(cli.database)
    with pytest.raises(DatabaseRefused, match="inconnu"):
        open_program(url, login="zoe", confined=True)
    program = open_program(url)
    names = [row["login"] for row in users.listed(program.context)]
    assert "zoe" not in names
    program.context.database.execute("UPDATE app_user SET active = 0 WHERE login = 'marie'")
    program.close()
    with pytest.raises(DatabaseRefused, match="désactivé"):
        open_program(url, login="marie", confined=True)
    with pytest.raises(DatabaseRefused, match="n'existe pas"):
        open_program(str(tmp_path / "none.sqlite3"), login="marie", confined=True)
    assert not (tmp_path / "none.sqlite3").exists()
    fresh = str(tmp_path / "fresh.sqlite3")
    open_program(fresh, create=True).close()
    with pytest.raises(DatabaseRefused, match="Pas encore de société"):
        open_program(fresh, login="marie", confined=True)


@pytest.fixture
def confined(cli: CommandLine) -> Context:
    """A session of an administrator, who outside of one may name any path."""
    cli("users", "role", "marie", "admin")
    program = open_program(str(cli.database), login="marie", confined=True)
    return program.context


def test_an_import_names_no_path(confined: Context) -> None:
    assert confined.user.role == "admin"
    for typed in ("/etc/passwd", "~/.ssh/authorized_keys", "~root/x", "./x", "../inbox/jean/x"):
        with pytest.raises(Refused) as refused:
            import_source.path_of(confined, typed)
        assert refused.value.problems[0].code == "path.not_allowed"


def test_files_come_from_the_inbox_and_go_to_the_export_folder(
    confined: Context, tmp_path: Path
) -> None:
    inbox, export = (attachments.folder(confined, one) for one in ("inbox", "export"))
    assert (inbox.name, export.name) == ("marie", "marie")
    secret = tmp_path / "secret.docx"
    secret.write_bytes(b"secret")
    (inbox / "link.docx").symlink_to(secret)
    (inbox / "folder.docx").mkdir()
    os.mkfifo(inbox / "pipe.docx")
    (inbox / "own.docx").write_bytes(b"own")
    assert [path.name for path in attachments.inbox(confined)] == ["own.docx"]
    assert letters.word_files(confined) == ["own.docx"]
    for name in ("link.docx", "folder.docx", "pipe.docx", str(secret), "../../secret.docx", ""):
        with pytest.raises(Refused):
            attachments.add_from_inbox(confined, "document", "uid", name)
    for name in ("../../out.txt", "/tmp/out.txt", "..", "a/../../out.txt"):
        kept = attachments.add(confined, "document", "uid", name, b"x")
        assert attachments.export(confined, kept).parent == export


async def test_no_other_database_is_opened(
    confined: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = FirstStart()
    monkeypatch.setattr(FirstStart, "context", confined)
    with pytest.raises(Refused, match="Pas d'autre base"):
        await screen.open_file("/tmp/other.sqlite3")


@pytest.mark.long
@pytest.mark.parametrize("login", ["../jean", "a/b", "/etc", "..", ".ssh", "-rf", "a\\b", "x" * 41])
def test_a_login_is_no_path(cli: CommandLine, login: str) -> None:
    answer = cli("users", "add", "--", login, code=1)
    assert answer.problems == [("user.login", "login")]


def test_nothing_in_the_program_starts_an_editor_a_pager_or_a_browser() -> None:
    """What could start one: other processes, links and files handed to a terminal."""
    starts = r"\bsubprocess\b|\bos\.(system|exec|spawn|popen|startfile)|^import pty|\bpty\.spawn"
    starts += r"|\bwebbrowser\b|\bopen_url\b|\bdeliver_(text|binary|screenshot)|\b(eval|exec)\("
    found = {
        str(path.relative_to(ROOT / "codial_tui"))
        for path in (ROOT / "codial_tui").rglob("*.py")
        if re.search(starts, path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found <= {
        "printing/output.py",  # lp and lpstat, by fixed words
        "cli/people.py",  # users authorize, for administrators
        "exchange/schematron.py",  # this program's own checks, fixed words, isolated as it is
    }


def test_the_line_works_from_any_folder(cli: CommandLine, key: Path, tmp_path: Path) -> None:
    """As sshd runs it: by the account's shell, in its home, with next to no environment."""
    line = cli("users", "authorize", "marie", str(key)).out
    command = line.split('"')[1]
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd="/",
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "ssh -t demande un terminal" in done.stderr

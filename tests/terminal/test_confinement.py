"""What a forced command keeps of its environment: sshd's own words, and names of terminals."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codial_tui.terminal.confinement import FORCED, confine

KEPT = {
    "HOME": "/srv/codial",
    "PATH": "/usr/bin:/bin",
    "SSH_CONNECTION": "192.0.2.7 40000 192.0.2.1 22",
    "TERM": "xterm-256color",
    "LANG": "fr_FR.UTF-8",
    "NO_COLOR": "1",
}

HOSTILE = {
    "TEXTUAL_DRIVER": "os:system",
    "TEXTUAL": "devtools,debug",
    "TEXTUAL_LOG": "/srv/codial/.ssh/authorized_keys",
    "TEXTUAL_SCREENSHOT": "1",
    "TEXTUAL_SCREENSHOT_LOCATION": "/srv/codial",
    "TEXTUAL_PRESS": "f10",
    "TEXTUAL_COLOR_SYSTEM": "x",
    "PYTHONPATH": "/tmp/evil",
    "PYTHONSTARTUP": "/tmp/evil.py",
    "PYTHONINSPECT": "1",
    "PYTHONBREAKPOINT": "os.system",
    "CODIAL_TUI_DATABASE": "/tmp/other.sqlite3",
    "CODIAL_TUI_FORCED": "0",
    "CODIAL_TUI_DEBUG": "1",
    "CODIAL_TUI_SMTP_PASSWORD": "x",
    "EDITOR": "vi",
    "VISUAL": "vi",
    "PAGER": "less",
    "LESS": "-o/tmp/x",
    "LESSOPEN": "|sh %s",
    "BROWSER": "sh",
    "SHELL": "/bin/bash",
    "ENV": "/tmp/evil.sh",
    "BASH_ENV": "/tmp/evil.sh",
    "LD_PRELOAD": "/tmp/evil.so",
    "LD_LIBRARY_PATH": "/tmp",
    "TERMINFO": "/tmp/terminfo",
    "TERMINFO_DIRS": "/tmp",
    "TERMCAP": "/tmp/termcap",
    "COLUMNS": "0",
    "LINES": "-1",
    "USER": "patron",
    "LOGNAME": "patron",
    "LNAME": "patron",
    "USERNAME": "patron",
    "XDG_DATA_HOME": "/tmp",
    "XDG_CONFIG_HOME": "/tmp",
    "TMPDIR": "/tmp/theirs",
    "TZ": ":/etc/passwd",
    "CUPS_SERVER": "attacker.example",
    "PGHOST": "attacker.example",
    "PGPASSFILE": "/tmp/x",
    "SSL_CERT_FILE": "/tmp/x",
    "SQLITE_TMPDIR": "/tmp",
    "IFS": "x",
}


def test_everything_that_could_steer_us_is_gone() -> None:
    environ = {**KEPT, **HOSTILE}
    assert confine(environ) == ""
    assert environ == {**KEPT, FORCED: "1"}


def test_what_was_asked_is_told_and_taken_away() -> None:
    environ = {"SSH_ORIGINAL_COMMAND": "session patron; sh"}
    assert confine(environ) == "session patron; sh"
    assert environ == {FORCED: "1"}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/tmp/x", "", "a" * 65, ".hidden", "x;sh", "x\n", "-x", "x/y"]
)
def test_a_terminal_or_locale_that_is_a_path_is_none(name: str) -> None:
    environ = dict.fromkeys(("TERM", "LANG", "LC_ALL", "LC_CTYPE"), name)
    confine(environ)
    assert environ == {FORCED: "1"}


@pytest.mark.parametrize(
    "name", ["linux", "xterm", "vt220", "screen-256color", "tmux-256color", "xterm+256color"]
)
def test_terminals_that_are_known(name: str) -> None:
    environ = {"TERM": name}
    confine(environ)
    assert environ["TERM"] == name


@pytest.mark.parametrize("name", ["C", "C.UTF-8", "fr_FR.ISO-8859-1", "fr_FR@euro", "fr_FR.utf8"])
def test_locales_that_are_known(name: str) -> None:
    environ = {"LANG": name}
    confine(environ)
    assert environ["LANG"] == name


def test_python_obeys_none_of_its_variables_before_we_are_there(tmp_path: Path) -> None:
    """The first words of the forced command, with modules of somebody else in every place."""
    for folder in (tmp_path, tmp_path / "home/.local/lib/python3/site-packages"):
        folder.mkdir(parents=True, exist_ok=True)
        for module in ("sitecustomize", "usercustomize", "codial_tui", "argparse", "textual"):
            (folder / f"{module}.py").write_text("print('stolen')\nraise SystemExit(9)\n")
    done = subprocess.run(
        [sys.executable, "-I", "-m", "codial_tui", "--version"],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(tmp_path),
            "PYTHONHOME": str(tmp_path),
            "PYTHONSTARTUP": str(tmp_path / "argparse.py"),
            "PYTHONUSERBASE": str(tmp_path / "home/.local"),
            "PYTHONINSPECT": "1",
            "PYTHONPLATLIBDIR": "nowhere",
            "HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("codial-tui ")

"""The program as a process of its own for each call, forked from one that has already imported it.

A cold start takes a third of a second, nearly all of it imports; `tests/test_layers.py`,
`test_bare.py` and the terminal's tests are about those. What a call is given and gives is the same:
arguments, environment, three files, an exit code, an end of its own.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

ROOT = Path(__file__).parents[2]
WARM = ("cli", "services", "printing", "exchange")
"""rooms whose modules are imported beforehand"""


@cache
def warm_command() -> WarmCommand:
    """The one of this run."""
    return WarmCommand()


class WarmCommand:
    """The process that forks; it ends when this one has gone."""

    def __init__(self) -> None:
        self.ours, theirs = socket.socketpair()
        self.ours.settimeout(60)
        with theirs:
            command = [sys.executable, __file__, str(theirs.fileno())]
            self.process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])

    def run(
        self, arguments: Sequence[str], environ: Mapping[str, str], stdin: bytes
    ) -> tuple[int, bytes, bytes]:
        """Exit code, output and errors of one call."""
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(stdin)
            given.seek(0)
            asked = json.dumps([list(arguments), dict(environ)]).encode()
            files = [given.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(self.ours, [len(asked).to_bytes(4, "big")], files)
            self.ours.sendall(asked)
            try:
                status = int.from_bytes(self.ours.recv(4), "big", signed=True)
            except BaseException:  # it hangs: the next call gets another one
                self.process.kill()
                warm_command.cache_clear()
                raise
            for one in (out, err):
                one.seek(0)
            return status, out.read(), err.read()


def serve(line: socket.socket) -> None:
    """Fork for each call until the caller has gone."""
    while True:
        size, files, _, _ = socket.recv_fds(line, 4, 3)
        if not size:
            return
        asked = b""
        while len(asked) < int.from_bytes(size, "big"):
            asked += line.recv(1 << 16)
        child = os.fork()
        if not child:
            line.close()
            os._exit(call(*json.loads(asked), files))
        for one in files:
            os.close(one)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        line.sendall(status.to_bytes(4, "big", signed=True))


def call(arguments: list[str], environ: dict[str, str], files: list[int]) -> int:
    """One call in its own process."""
    for number, one in enumerate(files):
        os.dup2(one, number)
        os.close(one)
    os.environ.clear()
    os.environ.update(environ)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), encoding="utf-8", errors="backslashreplace"
    )
    sys.argv = ["codial-tui", *arguments]
    from codial_tui.__main__ import main

    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def begin_on_copies() -> None:
    """New databases of the calls are copies: see tests/new_database.py."""
    sys.path.append(str(ROOT / "tests"))
    import new_database

    from codial_tui.models import sqlite_file

    new_database.migrated()
    sqlite_file.make_private = new_database.begin


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for room in WARM:
        folder = str(ROOT / "codial_tui" / room)
        for found in walk_packages([folder], f"codial_tui.{room}."):
            import_module(found.name)
    begin_on_copies()
    with socket.socket(fileno=int(sys.argv[1])) as asked_on:
        serve(asked_on)

"""The counter over a real SSH line: milliseconds until a gesture is seen, and bytes it costs.

`bytes` is what the program's terminal gets, before SSH packs it; `wire` is what the whole scenario
cost on the line, packed and encrypted, from the first packet to the last.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import ssh_counter
import ssh_server
from pty_session import QUIET_MS, PtySession
from ssh_counter import Took
from ssh_proxy import Proxy

from . import ROOT
from .results import Options, Result, Skipped

LOGIN = "marie"
ROUND_TRIP, RATE = 0.2, 64_000
ROUNDS = 3


class Line(NamedTuple):
    """How one is connected."""

    round_trip: float = 0
    rate: int = 0
    compression: bool = False


LINES = {
    "ssh": Line(),
    "ssh_compressed": Line(compression=True),
    "thin": Line(ROUND_TRIP, RATE),
    "thin_compressed": Line(ROUND_TRIP, RATE, compression=True),
}
"""thin: 200 ms round trip, 64 kbit/s"""


def measure(options: Options) -> Result:
    if reason := ssh_server.missing():
        raise Skipped(reason)
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        return _measure(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(options: Options, folder: Path) -> Result:
    first = folder / "first.sqlite3"
    reference = ssh_counter.build(first, LOGIN)
    database = folder / "codial/codial.sqlite3"
    database.parent.mkdir(mode=0o700)
    rounds = 1 if options.quick else ROUNDS
    result: Result = {"round_trip_ms": ROUND_TRIP * 1000, "bits_per_second": RATE}
    result["pty"] = _figures([_without_ssh(first, database, reference) for _ in range(rounds)])
    shutil.copy(first, database)
    with ssh_server.Server(folder / "server", database) as server:
        key = server.let_in(LOGIN)
        for name, line in LINES.items():
            sys.stderr.write(f"bench: ssh: {name}…\n")
            took, wires = [], []
            for _ in range(rounds):
                _copy(first, database)
                with Proxy(server.port, round_trip=line.round_trip, rate=line.rate) as proxy:
                    with server.session(
                        key, port=proxy.port, compression=line.compression
                    ) as session:
                        took.append(_work(session, reference, line.round_trip))
                    wires.append(proxy.carried)
            result[name] = _figures(took) | {"wire": round(median(wires))}
    return result


def _without_ssh(first: Path, database: Path, reference: str) -> dict[str, Took]:
    _copy(first, database)
    command = [sys.executable, "-m", "codial_tui", "--database", str(database)]
    env = {"HOME": str(database.parent), "PYTHONPATH": os.environ.get("PYTHONPATH")}
    with PtySession(command, cwd=ROOT, env=env) as session:
        return _work(session, reference, 0)


def _work(session: PtySession, reference: str, round_trip: float) -> dict[str, Took]:
    quiet_ms = QUIET_MS + 2000 * round_trip
    ms = session.wait_for("10Menu", timeout=30)
    first = Took(ms, session.total)
    return {"first screen": first} | ssh_counter.work(session, reference, quiet_ms)


def _copy(first: Path, database: Path) -> None:
    """The database as it was at first, without the life signs of who used it."""
    for path in database.parent.glob(f"{database.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copy(first, database)


def _figures(rounds: list[dict[str, Took]]) -> Result:
    return {
        name: {
            "ms": round(median(one[name].ms for one in rounds), 1),
            "bytes": round(median(one[name].bytes for one in rounds)),
        }
        for name in rounds[0]
    }

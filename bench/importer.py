"""One import in a process of its own, so that its memory can be told: `python -m bench.importer
DATABASE FILE` imports items as the program does; `… --bare` inserts the same rows with one bare
executemany into the same table, whose search index the database keeps. Prints one JSON object."""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from . import catalogue


def ours(database: str, file: Path) -> dict[str, Any]:
    """Preview and apply, as `codial-tui import items FILE` does."""
    from codial_tui.bootstrap import open_program
    from codial_tui.services.imports.importing import apply_import, plan_import

    program = open_program(database, program="import", login="import")
    begin = time.perf_counter()
    with plan_import(program.context, file, "items") as plan:
        middle = time.perf_counter()
        apply_import(program.context, plan)
        taken = plan.counts.taken
    end = time.perf_counter()
    program.close()
    return {
        "rows": taken,
        "seconds": round(end - begin, 3),
        "plan_seconds": round(middle - begin, 3),
    }


def bare(database: str, count: int) -> dict[str, Any]:
    """The same rows, ready in memory, in one transaction of one executemany."""
    rows = list(catalogue.rows(count))
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = 1"):
        connection.execute(f"PRAGMA {pragma}")
    marks = ", ".join("?" * len(catalogue.COLUMNS))
    begin = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        f"INSERT INTO item ({', '.join(catalogue.COLUMNS)}) VALUES ({marks})", rows
    )
    connection.execute("COMMIT")
    end = time.perf_counter()
    connection.close()
    return {"rows": len(rows), "seconds": round(end - begin, 3)}


def main(database: str, what: str, flag: str = "") -> None:
    found = bare(database, int(what)) if flag == "--bare" else ours(database, Path(what))
    found["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

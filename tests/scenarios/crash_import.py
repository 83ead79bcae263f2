"""An import in a process that will be killed, what the next start makes of it, what must hold."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

from codial_tui.bootstrap import open_program
from codial_tui.services.imports.importing import (
    apply_import,
    cancel,
    plan_import,
    resume,
    undo_import,
    unfinished,
)

ROWS = 700
NEW_PRICE = "9,1234"
Say = Callable[[str], None]
_ITEMS = (
    "SELECT reference, label, ean, unit, sale_price, search_text, blocked FROM item ORDER BY "
    "reference"
)
Items = list[tuple[object, ...]]


def write_list(path: Path) -> None:
    """A price list: new items, and one that changes an item of `crash.build`."""
    lines = ["Référence;Désignation;EAN;Unité;Prix de vente"]
    lines += [f"KIL{n:05d};Pièce n° {n} tranchée;;u;{n % 90 + 1},50" for n in range(ROWS - 1)]
    lines.insert(ROWS // 2, f"TUB12;Tube cuivre;;ml;{NEW_PRICE}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def items(path: Path) -> Items:
    """What an import may change, by reference."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(_ITEMS).fetchall()
    finally:
        connection.close()


def run(path: Path, file: Path) -> None:
    """The import that nobody kills."""
    importing(path, file, lambda text: None)


def importing(path: Path, file: Path, say: Say) -> None:
    """Import the list, saying when it is planned and after each transaction."""
    program = open_program(str(path), program="import", login="essai")
    with plan_import(program.context, file, "items") as plan:
        say("planned")
        apply_import(program.context, plan, lambda done, total: say(f"row {done}"))
    program.close()


def go_on(path: Path, how: str, say: Say) -> None:
    """What the next start offers: `resume` or `cancel` every unfinished import."""
    program = open_program(str(path), login="essai")
    for batch in unfinished(program.context):
        say(f"{how} {batch.batch_id}")
        if how == "resume":
            resume(program.context, batch.batch_id, lambda done, total: say(f"row {done}"))
        else:
            cancel(program.context, batch.batch_id, lambda done, total: say(f"row {done}"))
    program.close()


def undo_all(path: Path) -> None:
    """Take back the finished import."""
    program = open_program(str(path), login="essai")
    report = undo_import(program.context, 1)
    assert report.skipped == []
    program.close()


def inconsistent(path: Path) -> list[str]:
    """What a batch says it did and what is there must agree at any moment."""
    connection = sqlite3.connect(path)
    problems = []
    for batch, state, added, changed in connection.execute(
        "SELECT id, state, added, changed FROM import_batch"
    ).fetchall():
        logged = dict(
            connection.execute(
                "SELECT action, COUNT(*) FROM import_row WHERE batch_id = ? AND target = 'item' "
                "AND state = 'done' GROUP BY action",
                (batch,),
            ).fetchall()
        )
        there = connection.execute(
            "SELECT COUNT(*) FROM import_row r JOIN item i ON i.id = r.target_id "
            "WHERE r.batch_id = ? AND r.target = 'item' AND r.state = 'done'",
            (batch,),
        ).fetchone()[0]
        if there != sum(logged.values()):
            problems.append(f"batch {batch}: {sum(logged.values())} logged, {there} there")
        if state == "done" and (added, changed) != (logged.get("add", 0), logged.get("change", 0)):
            problems.append(f"batch {batch}: {added} added, {changed} changed, logged {logged}")
    connection.close()
    return problems


def begun(path: Path) -> bool:
    """Whether an import had begun to be applied."""
    return bool(_states(path))


def finished(path: Path) -> bool:
    """Whether the import has been applied whole."""
    return _states(path) == ["done"]


def _states(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("SELECT state FROM import_batch")]
    finally:
        connection.close()


def moment(rng: random.Random) -> tuple[int, int]:
    """After how many sayings, and how many µs later, to kill an import of ROWS rows."""
    return rng.choice((0, 1, 1, 2, 3, 4, 6, 8)), rng.randrange(9000)

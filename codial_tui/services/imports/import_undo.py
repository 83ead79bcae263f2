"""Taking an import back: before-images return, added rows go, in short transactions.

What somebody changed or used since is left alone and listed. Going on after a crash is doing it
again: every row says whether it has been taken back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from codial_tui.domain.text import fold
from codial_tui.errors import Refused, refuse
from codial_tui.models.dialect import Dialect
from codial_tui.services.context import Context
from codial_tui.services.records.parties import search_text as party_search_text

from . import import_staging
from .import_apply import QUICK, SLOW, claim, give_back
from .import_preview import Progress
from .import_rows import STEPS, Values, marks, read_steps, write_steps

MOST = 100
"""Rows in a transaction."""

USES = {
    "item": (
        ("document_line", "item_id", "utilisé dans un document"),
        ("assembly_component", "component_id", "utilisé dans un ouvrage"),
        ("assembly_component", "assembly_id", "devenu un ouvrage"),
        ("stock_move", "item_id", "a des mouvements de stock"),
        ("price_list_line", "item_id", "a un prix dans un tarif"),
        ("customer_discount", "item_id", "a une remise client"),
        ("item", "replaced_by_id", "remplace un autre article"),
    ),
    "party": (
        ("document", "party_id", "utilisé dans un document"),
        ("item_supplier", "supplier_id", "fournit des articles"),
        ("item", "supplier_id", "fournit des articles"),
        ("price_asked", "supplier_id", "est dans une demande de prix"),
        ("address", "party_id", "a une adresse de plus"),
        ("customer_discount", "party_id", "a une remise"),
    ),
    "item_family": (
        ("item", "family_id", "contient des articles"),
        ("item_family", "parent_id", "contient des familles"),
    ),
    "item_supplier": (),
    "contact": (),
}
"""Who may refer to a row: (table, column, what to say)."""

_NAMES = {
    "item": "reference",
    "party": "code",
    "item_family": "code",
    "item_supplier": "reference",
    "contact": "name",
}
_DATED = ("item", "party")
CHANGED_SINCE = "modifié depuis"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not taken back, and why. name: its reference, code or name."""

    target: str
    id: int
    name: str
    message: str


@dataclass(slots=True)
class UndoReport:
    """undone: rows put back or deleted; families and contacts count as rows."""

    batch_id: int
    undone: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def undo_import(context: Context, batch_id: int, progress: Progress | None = None) -> UndoReport:
    """Take back a finished import, newest row first. Raises Refused for an unknown batch, one
    that was taken back already or one that is still running."""
    row = context.database.row("SELECT state FROM import_batch WHERE id = ?", (batch_id,))
    if row is None:
        raise refuse("import.unknown", f"Il n'y a pas d'import {batch_id}", field="id")
    if row[0] == "running":
        return cancel(context, batch_id, progress)
    if row[0] != "done":
        raise refuse("import.already_undone", f"L'import {batch_id} a déjà été annulé")
    return _take_back(context, batch_id, "undone", progress)


def cancel(context: Context, batch_id: int, progress: Progress | None = None) -> UndoReport:
    """Take back what an unfinished import did, and end it. Raises Refused when it is none."""
    text = claim(context, batch_id)
    try:
        with context.database.write():  # going on after half a cancel starts from the beginning
            context.database.execute(
                "UPDATE import_batch SET chunks_done = 0, added = 0, changed = 0 WHERE id = ?",
                (batch_id,),
            )
        report = _take_back(context, batch_id, "cancelled", progress)
        import_staging.path_of(context, text).unlink(missing_ok=True)
    finally:
        give_back(context, batch_id)
    return report


def _take_back(
    context: Context, batch_id: int, state: str, progress: Progress | None
) -> UndoReport:
    database, report = context.database, UndoReport(batch_id)
    total: int = database.value("SELECT count(*) FROM import_row WHERE batch_id = ?", (batch_id,))
    done, size = 0, 10
    for chunk in _chunks(database, batch_id):
        while True:
            with database.write():
                began = time.thread_time()
                rows = database.rows(
                    "SELECT id, action, target, target_id, before, after FROM import_row "
                    "WHERE batch_id = ? AND chunk = ? AND state = 'done' ORDER BY id DESC LIMIT ?",
                    (batch_id, chunk, size),
                )
                for target, group in _runs(rows):
                    _undo_rows(context, database, target, group, report)
                held = time.thread_time() - began
            if not rows:
                break
            done += len(rows)
            if held > SLOW:
                size = max(1, size // 2)
            elif held < QUICK:
                size = min(MOST, size * 2)
            if progress is not None:
                progress(done, total)
    with database.write():
        database.execute(
            "UPDATE import_batch SET state = ?, staging = '', ended_at = ? WHERE id = ?",
            (state, context.now, batch_id),
        )
    report.skipped.reverse()
    return report


def _chunks(database: Dialect, batch_id: int) -> Iterator[int]:
    """The chunks of a batch, the last first."""
    chunk = 2**62
    while True:
        found = database.value(
            "SELECT max(chunk) FROM import_row WHERE batch_id = ? AND chunk < ?", (batch_id, chunk)
        )
        if found is None:
            return
        yield found
        chunk = found


_Row = tuple[int, str, str, int, str, str]


def _runs(rows: Sequence[_Row]) -> list[tuple[str, list[_Row]]]:
    """Neighbouring rows of the same table, whose database rows are read together."""
    runs: list[tuple[str, list[_Row]]] = []
    for row in rows:
        if not runs or runs[-1][0] != row[2] or row[3] in {other[3] for other in runs[-1][1]}:
            runs.append((row[2], []))
        runs[-1][1].append(row)
    return runs


def _undo_rows(
    context: Context, database: Dialect, target: str, rows: list[_Row], report: UndoReport
) -> None:
    ids = [row[3] for row in rows]
    stored = {
        found["id"]: found
        for found in database.mappings(f"SELECT * FROM {target} WHERE id IN ({marks(ids)})", ids)
    }
    if any('"price_steps"' in row[5] for row in rows):
        steps = read_steps(database, target, ids)
        for one, values in stored.items():
            values[STEPS] = steps.get(one, ())
    added = [row[3] for row in rows if row[1] == "add"]
    used = _used(database, target, added) if added else {}
    outcome: list[tuple[str, str, int]] = []
    for key, action, _, target_id, before_text, after_text in rows:
        found = stored.get(target_id)
        after = json.loads(after_text)
        reason = "" if found is None else _touched(target, action, found, after)
        reason = reason or used.get(target_id, "")
        if found is not None and not reason:
            reason = _restore(context, database, action, found, target, json.loads(before_text))
        if reason:
            assert found is not None
            report.skipped.append(
                Skipped(target, target_id, str(found.get(_NAMES[target], "")), reason)
            )
        else:
            report.undone += 1
        outcome.append(("skipped" if reason else "undone", reason, key))
    database.executemany("UPDATE import_row SET state = ?, reason = ? WHERE id = ?", outcome)


def _touched(target: str, action: str, found: Values, after: Values) -> str:
    """Why a row is not what the import left there, "" when it is."""
    for name, value in after.items():
        stored = found.get(name)
        if name == STEPS:
            same = [list(step) for step in stored or ()] == [list(step) for step in value]
        else:
            same = stored == value
        if not same and name != "updated_at":
            return CHANGED_SINCE
    if action == "add" and target in _DATED:
        edited = found["user_columns"] != "[]" or found["updated_at"] != found["created_at"]
        return CHANGED_SINCE if edited else ""
    return ""


def _used(database: Dialect, target: str, ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for table, column, message in USES[target]:
        for (key,) in database.rows(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IN ({marks(ids)})", ids
        ):
            found.setdefault(key, message)
    return found


def _restore(
    context: Context, database: Dialect, action: str, found: Values, target: str, before: Values
) -> str:
    """Put a row back as it was; returns why not."""
    key = found["id"]
    if action == "add":
        try:
            database.execute(f"DELETE FROM {target} WHERE id = ?", (key,))
        except Refused:  # something refers to it that USES does not know
            return "utilisé ailleurs"
        return ""
    steps = before.pop(STEPS, None)
    if steps is not None:
        write_steps(database, target, key, steps)
    columns = before | _derived(context, database, target, {**found, **before})
    database.update(target, key, columns)
    return ""


def _derived(context: Context, database: Dialect, target: str, row: Values) -> Values:
    """Folded and search columns of a row that was put back."""
    if target == "party":
        return {"name_fold": fold(row["name"]), "search_text": party_search_text(row)}
    if target == "item_supplier":
        return {"reference_fold": fold(row["reference"])}
    if target != "item":
        return {}
    from codial_tui.domain.import_rules import item_search_text

    own = fold(row["reference"])
    references: list[Any] = [
        reference
        for (reference,) in database.rows(
            "SELECT reference FROM item_supplier WHERE item_id = ? ORDER BY id", (row["id"],)
        )
        if fold(reference) != own
    ]
    return {
        "label_fold": fold(row["label"]),
        "search_text": item_search_text(row["reference"], row["label"], row["ean"], *references),
    }

"""Applying an import: short transactions beside people at work, able to stop and go on.

A chunk is fifty rows of the file. A transaction takes one to four of them, compares them again
with the database and writes what differs: so a chunk done twice changes nothing, and what others
did since the preview is respected. How far it got is written in the same transaction.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from codial_tui.domain.import_rules import TAKEN
from codial_tui.errors import CodialError, refuse
from codial_tui.exchange.mapping import Mapping
from codial_tui.models.dialect import Dialect
from codial_tui.models.staging import StagedRow, Staging
from codial_tui.services.context import Context

from . import import_staging
from .import_plan import ImportPlan, rules_for
from .import_preview import Progress
from .import_rows import Logged, Rules, Values, encode, write_change

CHUNK = 50
MOST_CHUNKS = 4
"""At most 200 rows in a transaction (design.md §3)."""
SLOW, QUICK = 0.016, 0.011
"""Seconds of work in a transaction: above one the next gets smaller, below the other larger. Not
the time it took: waiting for the disk does not get shorter with fewer rows."""

RELIEVE = 5
"""Transactions between two upkeeps of the database."""

_AGAIN = "again"
_APPLYING = "imports.applying"
_LOG_COLUMNS = ("batch_id", "chunk", "action", "target", "target_id", "before", "after")


@dataclass(slots=True)
class Report:
    """What an import did. complete: False when it was stopped in between: `resume` goes on,
    `cancel` takes back what was done. refused: rows left out, held and ignored ones too."""

    batch_id: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A running import whose program is dead. done, rows: rows of the file."""

    batch_id: int
    kind: str
    file_name: str
    started_at: str
    done: int
    rows: int


def apply_import(
    context: Context,
    plan: ImportPlan | int,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Do what a plan says, or go on with an unfinished batch (its id).

    cancelled: asked between transactions; then the batch stays unfinished. Raises Refused when
    nothing can be taken (`import.nothing`) or another program goes on with the batch.
    """
    if isinstance(plan, int):
        return resume(context, plan, progress, cancelled)
    if not plan.counts.taken and not plan.counts.unchanged:
        raise refuse("import.nothing", "Aucune ligne à importer", "corrigez le fichier")
    plan.staging.settle()
    batch_id = _begin(context, plan)
    plan.pending = True
    report = _run(context, batch_id, plan.staging, progress, cancelled)
    plan.pending = not report.complete
    return report


def resume(
    context: Context,
    batch_id: int,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Go on with an unfinished import where it stopped. Raises Refused when it is not one."""
    text = claim(context, batch_id)
    try:
        staging = import_staging.open_staging(context, text)
    except CodialError:
        give_back(context, batch_id)
        raise
    try:
        report = _run(context, batch_id, staging, progress, cancelled)
    except BaseException:
        staging.close()
        raise
    if report.complete:
        staging.delete()
    else:
        staging.close()
    return report


def unfinished(context: Context) -> list[Unfinished]:
    """Imports that were cut, oldest first: the next start offers Reprendre / Annuler."""
    found = context.database.rows(
        "SELECT id, kind, file_name, started_at, chunks_done, rows_total, staging "
        "FROM import_batch WHERE state = 'running' ORDER BY id"
    )
    return [
        Unfinished(key, kind, name, at, min(chunks * CHUNK, rows), rows)
        for key, kind, name, at, chunks, rows, text in found
        if _is_free(context, key, text)
    ]


def claim(context: Context, batch_id: int) -> str:
    """Make an unfinished batch this program's; returns its `staging`. Raises Refused."""
    row = context.database.row(
        "SELECT staging FROM import_batch WHERE id = ? AND state = 'running'", (batch_id,)
    )
    if row is None or not _is_free(context, batch_id, row[0]):
        raise refuse(
            "import.not_unfinished",
            f"L'import {batch_id} n'est pas à reprendre",
            "il est terminé, annulé ou en cours sur un autre poste",
        )
    path = import_staging.path_of(context, row[0])
    text = import_staging.note(context.session, path)
    with context.database.write():
        mine = context.database.execute(
            "UPDATE import_batch SET staging = ? WHERE id = ? AND staging = ? "
            "AND state = 'running'",
            (text, batch_id, row[0]),
        )
    if not mine:
        raise refuse("import.taken", "Un autre poste vient de reprendre cet import")
    _applying(context).add(batch_id)
    return text


def give_back(context: Context, batch_id: int) -> None:
    """Stop working on a batch, whatever its state."""
    _applying(context).discard(batch_id)


def _applying(context: Context) -> set[int]:
    """The batches this very program is working on."""
    found: set[int] = context.cache.setdefault(_APPLYING, set())
    return found


def _is_free(context: Context, batch_id: int, text: str) -> bool:
    owner = import_staging.owner_of(text)
    if owner == context.session:
        return batch_id not in _applying(context)
    return not context.alive(owner)


def _begin(context: Context, plan: ImportPlan) -> int:
    counts, database = plan.counts, context.database
    digest = _sha256(plan.source.path)
    with database.write():
        batch_id = database.insert(
            "import_batch",
            {
                "uid": context.uid(),
                "kind": plan.kind,
                "file_name": plan.source.path.name,
                "sha256": digest,
                "format": plan.source.kind,
                "mapping": _mapping_text(plan.mapping),
                "staging": import_staging.note(context.session, plan.staging.path),
                "rows_total": counts.rows,
                "refused": counts.to_review + counts.ignored,
                "unchanged": counts.unchanged,
                "supplier_id": plan.supplier[0] if plan.supplier else None,
                "user_id": context.user.id,
                "started_at": context.now,
            },
        )
    _applying(context).add(batch_id)
    return batch_id


def _mapping_text(mapping: Mapping) -> str:
    return encode({"columns": dict(mapping.columns), "constants": dict(mapping.constants)})


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # gone since it was read: the staging file has all that is needed
        return ""


def _run(
    context: Context,
    batch_id: int,
    staging: Staging,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Report:
    try:
        complete = _Application(context, batch_id, staging).run(progress, cancelled)
    finally:
        give_back(context, batch_id)
    row = context.database.row(
        "SELECT added, changed, unchanged, refused FROM import_batch WHERE id = ?", (batch_id,)
    )
    assert row is not None
    added, changed, unchanged, refused = row
    return Report(batch_id, added, changed, unchanged, refused, complete)


class _Application:
    """The loop over the chunks of one batch."""

    def __init__(self, context: Context, batch_id: int, staging: Staging) -> None:
        self.context, self.batch_id, self.staging = context, batch_id, staging
        row = context.database.row(
            "SELECT kind, supplier_id, chunks_done, rows_total FROM import_batch WHERE id = ?",
            (batch_id,),
        )
        assert row is not None
        kind, supplier, self.done, self.total = row
        self.rules: Rules = rules_for(context, kind, supplier)
        self.outcomes = (*TAKEN, _AGAIN)

    def run(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> bool:
        """Apply what is left; False when it was told to stop."""
        with self.context.database.many_writes():
            if not self._apply_all(progress, cancelled):
                return False
        with self.context.database.write():
            self.context.database.execute(
                "UPDATE import_batch SET state = 'done', staging = '', ended_at = ? "
                "WHERE id = ? AND state = 'running'",
                (self.context.now, self.batch_id),
            )
        if progress is not None:
            progress(self.total, self.total)
        return True

    def _apply_all(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> bool:
        size = 2
        for turn in count(1):
            following = self.staging.next_seq(self.done * CHUNK, self.outcomes)
            if following is None:
                break
            if cancelled is not None and cancelled():
                return False
            first = (following - 1) // CHUNK
            rows = self.staging.between(first * CHUNK + 1, (first + size) * CHUNK, self.outcomes)
            held = self._apply(rows, first, first + size)
            if held > SLOW:
                size = max(1, size - 1)
            elif held < QUICK:
                size = min(MOST_CHUNKS, size + 1)
            if turn % RELIEVE == 0:
                self.context.database.relieve()
            if progress is not None:
                progress(min(self.done * CHUNK, self.total), self.total)
        return True

    def _apply(self, rows: Sequence[StagedRow], chunk: int, done: int) -> float:
        """One transaction; returns how long it worked while the others waited."""
        values: list[Values] = json.loads(f"[{','.join(row.data for row in rows)}]")
        for one in values:
            self.rules.prepare(one)
        database = self.context.database
        with database.write():
            database.queue_up("imports")
            began = time.thread_time()
            logged, added, changed = self._write(database, rows, values)
            database.insert_many(
                "import_row",
                _LOG_COLUMNS,
                [
                    (self.batch_id, chunk, one.action, one.target, one.id,
                     encode(one.before) if one.before else "{}", encode(one.after))
                    for one in logged
                ],
            )  # fmt: skip
            unchanged = sum(row.outcome != _AGAIN for row in rows) - added - changed
            mine = database.execute(
                "UPDATE import_batch SET chunks_done = ?, added = added + ?, "
                "changed = changed + ?, unchanged = unchanged + ? "
                "WHERE id = ? AND state = 'running' AND staging = ? AND chunks_done = ?",
                (done, added, changed, unchanged, self.batch_id,
                 import_staging.note(self.context.session, self.staging.path), self.done),
            )  # fmt: skip
            if not mine:
                raise refuse("import.taken", "Un autre poste a repris ou annulé cet import")
        self.done = done
        return time.thread_time() - began

    def _write(
        self, database: Dialect, rows: Sequence[StagedRow], batch: list[Values]
    ) -> tuple[list[Logged], int, int]:
        """Write what differs. Returns the log, and how many rows were added and changed."""
        logged = self.rules.make_ready(database, batch)
        new: list[Values] = []
        changed = 0
        first = [one for one in zip(rows, batch) if one[0].outcome != _AGAIN]
        for values, difference in self._differences(database, [values for _, values in first]):
            if difference is None:
                new.append(values)
            else:
                logged += difference
                changed += bool(difference)
        if new:
            logged += self.rules.add(database, new)
        again = [values for row, values in zip(rows, batch) if row.outcome == _AGAIN]
        for _, difference in self._differences(database, again):
            logged += difference or []
        return logged, len(new), changed

    def _differences(
        self, database: Dialect, batch: list[Values]
    ) -> Iterator[tuple[Values, list[Logged] | None]]:
        """Change the rows that are there; None for those to be added. One that went away since
        the preview, and cannot be added, changes nothing."""
        for values, known in zip(batch, self.rules.known(database, batch)):
            difference = self.rules.compare(values, known)
            if difference.is_new and difference.writes:
                yield values, None
                continue
            yield (
                values,
                [
                    write_change(database, write, self.rules.extra(write, known, values))
                    for write in difference.writes
                ],
            )

"""Reading a file and comparing it with the database, without writing to it: what an import would
do, row by row, for a person to look at first (ux.md, import-preview)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codial_tui.domain.import_rules import REVIEWED, TAKEN, Outcome
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.errors import Unreadable, refuse
from codial_tui.exchange.detection import detect
from codial_tui.exchange.fields import fields_of
from codial_tui.exchange.formats import Row, RowKind, SourceFormat
from codial_tui.exchange.mapping import Mapping, guess_mapping, load_mapping
from codial_tui.exchange.rows import read_rows
from codial_tui.models.staging import StagedRow, Staging
from codial_tui.services.context import Context

from .import_preview import Cancelled, Counts, PlannedRow, Progress, planned, raw_of
from .import_rows import Rules, Values, decode_problems, encode, encode_problems
from .import_staging import new_staging

BATCH = 500
"""Rows compared with the database in one go."""

FOUND_BY_COMPARING = ("price.drop", "party.twin", "reference.unknown")


@dataclass(slots=True)
class _Entry:
    """A row on its way into the staging file."""

    seq: int
    number: int
    values: Values
    problems: list[Problem]
    raw: dict[str, str]
    partial: bool = False
    key: str = ""
    accepted: bool = False


def rules_for(context: Context, kind: RowKind, supplier_id: int | None) -> Rules:
    """How rows of this kind are compared and written."""
    if kind == "items":
        from .import_items import ItemRules

        return ItemRules(context, supplier_id)
    from .import_parties import PartyRules

    return PartyRules(context, kind)


class ImportPlan:
    """What an import would do. Close it when it is not applied (a `with` does)."""

    def __init__(
        self,
        context: Context,
        source: SourceFormat,
        mapping: Mapping,
        kind: RowKind,
        supplier: tuple[int, str] | None,
    ) -> None:
        self.context, self.source, self.mapping, self.kind = context, source, mapping, kind
        self.supplier = supplier
        self.counts = Counts()
        self.rules = rules_for(context, kind, supplier[0] if supplier else None)
        self.staging: Staging = new_staging(context)
        self.pending = False

    def __enter__(self) -> ImportPlan:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Done with it; what an unfinished batch still needs stays on the disk."""
        if self.pending:
            self.staging.close()
        else:
            self.staging.delete()

    @property
    def columns(self) -> list[tuple[str, str]]:
        """(column of the file, label of the field it fills), for the preview."""
        labels = {one.name: one.label for one in fields_of(self.kind)}
        return [(str(column), labels[name]) for name, column in self.mapping.columns.items()]

    # looking at it ----------------------------------------------------------------------------

    def rows(
        self, outcomes: Sequence[Outcome] = REVIEWED, offset: int = 0, limit: int = 50
    ) -> list[PlannedRow]:
        """A page of the rows with these outcomes, in file order."""
        return [planned(row) for row in self.staging.page(outcomes, offset, limit)]

    def each(self, outcomes: Sequence[Outcome]) -> Iterator[PlannedRow]:
        """All rows with these outcomes, one at a time."""
        return map(planned, self.staging.each(outcomes))

    # mending it -------------------------------------------------------------------------------

    def correct(self, seq: int, name: str, text: str) -> PlannedRow:
        """Give a field of a row another value, as somebody typed it, and compare the row again.

        Raises Invalid when the text is none of this field; the row is then as before.
        """
        row = self._row(seq)
        known = {one.name: one for one in fields_of(self.kind)}
        value = known[name].reader(",")(text)
        values = json.loads(row.data)
        values.pop(name, None)
        if value is not None:
            values[name] = value
        solved = {name, *(("sale_price", "purchase_price") if name == "price" else ())}
        problems = [problem for problem in _own(row) if problem.field not in solved]
        raw = {key: cell for key, cell in raw_of(row).items() if key != name}
        return self._again(row, _Entry(seq, row.number, values, problems, raw))

    def accept(self, seq: int) -> PlannedRow:
        """Take a held row as it is: the price really fell."""
        row = self._row(seq)
        entry = _Entry(seq, row.number, json.loads(row.data), _own(row), raw_of(row), accepted=True)
        return self._again(row, entry) if row.outcome == "held" else planned(row)

    def ignore(self, seq: int) -> PlannedRow:
        """Leave a row out."""
        row = self._row(seq)
        new = row._replace(outcome="ignored")
        self._store(row, new)
        return planned(new)

    def _row(self, seq: int) -> StagedRow:
        row = self.staging.get(seq)
        if row is None:
            raise refuse("import.row_unknown", f"Ligne {seq} introuvable")
        return row

    def _again(self, row: StagedRow, entry: _Entry) -> PlannedRow:
        first = None
        if not any(problem.level == "error" for problem in entry.problems):
            entry.values, problems = self.rules.settle(entry.values)
            entry.problems += problems
            entry.key = self.rules.keys(entry.values)
            first = self.staging.by_key([entry.key]).get(entry.key) if entry.key else None
        if first is not None and first.seq != row.seq:
            entry.problems.append(self.rules.duplicate(first.number))
            entry.key = ""
        new = self._compared([entry])[0]
        self._store(row, new)
        return planned(new)

    def _store(self, old: StagedRow, new: StagedRow) -> None:
        self.counts.count(old.outcome, json.loads(old.data), -1)
        self.counts.count(new.outcome, json.loads(new.data))
        self.staging.replace(new)

    # making it --------------------------------------------------------------------------------

    def read(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        """Read the whole file into the staging file."""
        rows = read_rows(self.source, self.mapping, self.kind)
        replacements = False
        while batch := list(islice(rows, BATCH)):
            if cancelled is not None and cancelled():
                raise Cancelled
            replacements = replacements or any("replaced_by" in row.values for row in batch)
            self._take(batch)
            if progress is not None:
                progress(self.counts.rows, max(self.source.rows, self.counts.rows))
        if replacements:
            self._add_replacements()
        self.staging.note({"kind": self.kind, "supplier": str((self.supplier or (0,))[0])})

    def _take(self, batch: list[Row]) -> None:
        """Stage a batch; rows that add to an earlier one are merged into it."""
        entries = [self._entry(row) for row in batch]
        staged = self.staging.by_key([entry.key for entry in entries if entry.key])
        here: dict[str, _Entry] = {}
        merged: dict[str, _Entry] = {}
        fresh: list[_Entry] = []
        for entry in entries:
            key = entry.key
            if key in here or key in staged:
                if entry.partial and not entry.problems:
                    if key not in here and key not in merged:
                        merged[key] = _restored(staged[key])
                    (here.get(key) or merged[key]).values.update(entry.values)
                    continue
                first = here[key] if key in here else staged[key]
                entry.problems.append(self.rules.duplicate(first.number))
                entry.key = ""
            elif key:
                here[key] = entry
            self.counts.rows += 1
            entry.seq = self.counts.rows
            fresh.append(entry)
        new = self._compared(fresh)
        for row, entry in zip(new, fresh):
            self.counts.count(row.outcome, entry.values)
        self.staging.add(new)
        for key, row in zip(merged, self._compared(list(merged.values()))):
            self._store(staged[key], row)

    def _entry(self, row: Row) -> _Entry:
        values, problems = dict(row.values), list(row.problems)
        raw = dict(row.raw) if row.raw else {}
        entry = _Entry(0, row.number, values, problems, raw, row.partial)
        if not (problems and row.refused):
            entry.values, more = self.rules.settle(values)
            problems += more
        entry.key = self.rules.keys(entry.values)
        return entry

    def _compared(self, entries: list[_Entry]) -> list[StagedRow]:
        """The entries with what would become of them."""
        alive = [entry for entry in entries if not _is_refused(entry)]
        known = self.rules.known(self.context.database, [entry.values for entry in alive])
        found = {id(entry): stored for entry, stored in zip(alive, known)}
        return [self._staged(entry, found.get(id(entry))) for entry in entries]

    def _staged(self, entry: _Entry, known: Values | None) -> StagedRow:
        changes, outcome = "", "refused"
        if not _is_refused(entry):
            difference = self.rules.compare(entry.values, known)
            entry.problems += difference.problems
            if difference.is_new and entry.partial:
                entry.problems.append(self.rules.missing())
            elif not _is_refused(entry):
                outcome = "added"
                if not difference.is_new:
                    shown = [change for write in difference.writes for change in write.shown]
                    outcome, changes = ("changed", encode(shown)) if shown else ("unchanged", "")
                drops = any(problem.code == "price.drop" for problem in difference.problems)
                if drops and not entry.accepted:
                    outcome = "held"
        data = {name: value for name, value in entry.values.items() if name[0] != "_"}
        data.pop("replaced_by_id", None)
        return StagedRow(
            entry.seq,
            entry.number,
            entry.key,
            outcome,
            encode(data),
            changes,
            encode_problems(entry.problems),
            encode(entry.raw) if entry.raw else "",
        )

    def _add_replacements(self) -> None:
        """Items may be replaced by one that comes later in the file: those rows are looked at
        once more when all the others are applied."""
        seq = self.counts.rows
        for row in self.staging.each(TAKEN):
            values = json.loads(row.data)
            if "replaced_by" not in values:
                continue
            seq += 1
            again = {name: values[name] for name in ("reference", "replaced_by")}
            self.staging.add([StagedRow(seq, row.number, "", "again", encode(again))])


def plan_import(
    context: Context,
    path: Path | str,
    kind: RowKind,
    *,
    mapping: Mapping | Path | str | None = None,
    supplier: str | None = None,
    format: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportPlan:
    """Read a file and say what importing it would do; the database is only read.

    mapping: which column is what; a name or path of a TOML file, None for the guess. supplier:
    code of the party whose prices these are. format: refuse the file unless it is this one.
    Raises Unreadable (wrong usage, no such file…), Refused (`supplier.unknown`), Cancelled.
    """
    try:
        source = detect(path)
        if format and not source.kind.startswith(format.lower()):
            raise Unreadable(
                f"« {source.path.name} » n'est pas un fichier {format}", f"c'est : {source.kind}"
            )
        chosen = _chosen(source, mapping, kind)
        plan = ImportPlan(context, source, chosen, kind, _supplier(context, kind, supplier))
    except Invalid as error:
        raise _unreadable(error) from error
    try:
        plan.read(progress, cancelled)
    except Invalid as error:
        plan.close()
        raise _unreadable(error) from error
    except BaseException:
        plan.close()
        raise
    return plan


def _chosen(source: SourceFormat, mapping: Mapping | Path | str | None, kind: RowKind) -> Mapping:
    if mapping is None:
        chosen = guess_mapping(source, kind)
        if not source.is_native:
            chosen.check()
        return chosen
    return mapping if isinstance(mapping, Mapping) else load_mapping(mapping)


def _supplier(context: Context, kind: RowKind, code: str | None) -> tuple[int, str] | None:
    if not code:
        return None
    if kind != "items":
        raise Unreadable("--supplier ne vaut que pour des articles")
    from codial_tui.domain.text import fold

    row = context.database.row(
        "SELECT id, name FROM party WHERE code_fold = ? AND is_supplier = 1", (fold(code),)
    )
    if row is None:
        raise refuse(
            "supplier.unknown", f"Fournisseur {code} inconnu", "créez-le d'abord", "supplier"
        )
    return row[0], row[1]


def _unreadable(error: Invalid) -> Unreadable:
    problem = error.problems[0]
    return Unreadable(problem.message, problem.remedy)


def _is_refused(entry: _Entry) -> bool:
    problems = entry.problems
    return bool(problems) and any(problem.level == "error" for problem in problems)


def _restored(row: StagedRow) -> _Entry:
    """A staged row to be compared again; problems that came from comparing are found anew."""
    return _Entry(row.seq, row.number, json.loads(row.data), _own(row), raw_of(row), key=row.key)


def _own(row: StagedRow) -> list[Problem]:
    """The problems of a row that comparing it again does not find anew."""
    return [one for one in decode_problems(row.problems) if one.code not in FOUND_BY_COMPARING]

"""What the preview of an import shows: its rows by page, its columns, what will happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import system_words
from codial_tui.screens.cells import grouped
from codial_tui.services.imports import import_source
from codial_tui.services.imports.import_source import RowKind, SourceFormat
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.drawing import wrap
from codial_tui.widgets.row_source import Key, Row

if TYPE_CHECKING:
    from codial_tui.services.imports.importing import Counts, ImportPlan, Outcome, PlannedRow

VALUE_WIDTH = 14
"""cells of a value as the file has it; it may be anything"""
COLUMN_ROWS = 5
"""recognised columns shown under the table"""
KEPT = 2_000
"""rows of the plan in memory: more than a table keeps pages of"""
ROWS_A_SECOND = 3_500

OUTCOMES: Mapping[str, tuple[Outcome, ...]] = {
    "added": ("added",),
    "changed": ("changed",),
    "unchanged": ("unchanged",),
    "review": ("refused", "held"),
}
REVIEW = (
    Column("number", "Ligne", FieldType.INTEGER, width=6),
    Column("reference", "Référence", width=11, min_width=8, shrinks=True, width_from_data=True),
    Column("label", "Désignation", min_width=14, shrinks=True),
    Column("value", "Valeur lue", FieldType.PRICE, width=10),
    Column("problem", "Problème", width=24, min_width=20, shrinks=True),
)
OTHERS = (
    *REVIEW[:3],
    Column("value", "Prix", FieldType.PRICE, width=10),
    Column("problem", "Ce qui change", width=24, min_width=16, shrinks=True),
)
KINDS: Mapping[str, RowKind] = {"A": "items", "C": "customers", "F": "suppliers"}
PLURALS = {"items": "articles", "customers": "clients", "suppliers": "fournisseurs"}
KIND_NAMES = {"items": "d'articles", "customers": "de clients", "suppliers": "de fournisseurs"}


class PlanSource:
    """The rows of a plan with some outcomes; only what is on screen is asked for."""

    def __init__(self, plan: ImportPlan, tab: str) -> None:
        self.plan, self.outcomes = plan, OUTCOMES[tab]
        self._read: dict[Key, PlannedRow] = {}

    def count(self) -> int:
        return sum(getattr(self.plan.counts, one) for one in self.outcomes)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        found = self.plan.rows(self.outcomes, start, stop - start)
        if len(self._read) > KEPT:
            self._read.clear()
        self._read.update((one.seq, one) for one in found)
        return [Row(one.seq, row_cells(self.plan, one), sign=_sign(one)) for one in found]

    def planned(self, key: Key, index: int) -> PlannedRow | None:
        """The row of a key, which stands at this index."""
        if key not in self._read:
            self.rows(index, index + 1)
        return self._read.get(key)


def _sign(row: PlannedRow) -> str:
    return "!" if row.outcome == "held" else ""


def row_cells(plan: ImportPlan, row: PlannedRow) -> tuple[str, ...]:
    """One text per column of the table."""
    if row.outcome in OUTCOMES["review"]:
        value = wrong_text(plan, row)
        last = row.problems[0].message if row.problems else ""
    else:
        name = next((one for one in PRICES if one in row.values), "")
        value = import_source.value_text(plan.kind, name, row.values[name]) if name else ""
        last = ", ".join(_brief(plan, row))
    return grouped(row.number), row.reference, row.label, shortened(value), last


PRICES = ("sale_price", "purchase_price", "price")


def changes_of(plan: ImportPlan, row: PlannedRow) -> list[str]:
    """`Prix de vente HT 8,45 → 9,10`, one for each column that changes."""
    return [
        f"{import_source.label_of(name, plan.kind)} "
        f"{import_source.value_text(plan.kind, name, old)} → "
        f"{import_source.value_text(plan.kind, name, new)}"
        for name, old, new in row.changes
    ]


def row_lines(plan: ImportPlan, row: PlannedRow) -> list[str]:
    """Everything about a row, for F9: values, what the file says, problems, changes."""
    lines = [one.text for one in row.problems] + changes_of(plan, row)
    lines += [""] if lines else []
    for name, value in row.values.items():
        label = import_source.label_of(name, plan.kind)
        lines.append(f"{label:20} {import_source.value_text(plan.kind, name, value)}")
    for name, text in row.raw.items():
        lines.append(f"{import_source.label_of(name, plan.kind):20} « {text} » dans le fichier")
    return lines


def _brief(plan: ImportPlan, row: PlannedRow) -> list[str]:
    """The same in few cells: `2,00 → 2,50`, `désignation`; row 23 says it in full."""

    def text(value: object) -> str:
        return import_source.value_text(plan.kind, name, value)

    found = []
    for name, old, new in row.changes:
        label = import_source.label_of(name, plan.kind).lower()
        found.append(f"{text(old)} → {text(new)}" if name in PRICES else label)
    return found


def wrong_field(row: PlannedRow) -> str:
    """The field that is wrong in a row, "" when it is the row as a whole."""
    return row.problems[0].field if row.problems else ""


def wrong_text(plan: ImportPlan, row: PlannedRow) -> str:
    """The wrong value as the file has it."""
    name = wrong_field(row)
    if name in row.raw:
        return row.raw[name]
    if name in row.values:
        return import_source.value_text(plan.kind, name, row.values[name])
    return ""


def shortened(text: str) -> str:
    return text if len(text) <= VALUE_WIDTH else f"{text[: VALUE_WIDTH - 1]}…"


# -- tabs and explanations ---------------------------------------------------------------------


def tab_items(counts: Counts) -> list[TabItem]:
    """The four outcomes as tabs, with their numbers."""
    return [
        TabItem("added", f"Créer {grouped(counts.added)}", "C"),
        TabItem("changed", f"Modifier {grouped(counts.changed)}", "M"),
        TabItem("unchanged", f"Inchangés {grouped(counts.unchanged)}", "I"),
        TabItem("review", f"Revoir {grouped(counts.to_review)}", "R"),
    ]


NATIVE_WIDTH = 76


def column_lines(plan: ImportPlan) -> list[str]:
    """`CIP7 → Référence`, then what the file is."""
    used = sorted(import_source.positions(plan.mapping, plan.source).items())
    if plan.source.is_native:  # its fields have no names of their own, and no choice
        labels = ", ".join(import_source.label_of(name, plan.kind) for _, name in used)
        described = f" {'(fichier)':16}   {import_source.describe(plan.source)}"
        return [*(f" {line}" for line in wrap(labels, NATIVE_WIDTH)), described]
    shown = used if len(used) <= COLUMN_ROWS else used[: COLUMN_ROWS - 1]
    lines = [
        f" {column_name(plan.source, at, 16)} → {import_source.label_of(name, plan.kind)}"
        for at, name in shown
    ]
    if len(shown) < len(used):
        lines.append(f" … et {len(used) - len(shown)} autres colonnes : F7 C")
    lines.append(f" {'(fichier)':16}   {import_source.describe(plan.source)} : F7 C change")
    return lines


def column_name(source: SourceFormat, at: int, width: int = 0) -> str:
    """A column of the file by its header, else by its number and an example."""
    name = source.columns[at]
    if not source.has_header and not source.is_native:
        name = f"n° {at + 1}"
    return f"{name[: width - 1]}…" if width and len(name) > width else f"{name:{width}}"


def what_will_happen(plan: ImportPlan) -> tuple[str, str]:
    """The two lines above row 22."""
    counts = plan.counts
    seconds = counts.taken // ROWS_A_SECOND + 1
    left = counts.to_review
    ignored = f" {grouped(counts.ignored)} ignorées." if counts.ignored else ""
    if not left:
        return f"Rien n'est écrit avant F8.{ignored}", f"Environ {seconds} s, interruptible."
    what = (
        f"Les {grouped(left)} lignes à revoir seront laissées de côté et"
        if left > 1
        else "La ligne à revoir sera laissée de côté et"
    )
    file = f"{plan.source.path.stem[:30]}.rejets.csv"
    noted = "enregistrées" if left > 1 else "enregistrée"
    return (
        f"Rien n'est écrit avant F8. {what}",
        f"{noted} dans {file}.{ignored} Environ {seconds} s, interruptible.",
    )


def keep_rejects(plan: ImportPlan, folder: Path) -> tuple[str, str]:
    """Write the file of rejected rows; the two lines that say where it is."""
    from codial_tui.services.imports.importing import write_rejects

    if not plan.counts.to_review:
        return "", ""
    try:
        path = write_rejects(plan, folder)
    except OSError as error:
        return "Les lignes écartées n'ont pas pu être enregistrées :", system_words(error)
    return "Les lignes écartées sont enregistrées, avec leur problème, dans", str(path)

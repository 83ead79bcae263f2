"""Which column of the file is which field: each column with an example, Enter changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from codial_tui.commands import Command
from codial_tui.domain.problems import Invalid
from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.by_letter import ByLetter
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.services.imports import import_source
from codial_tui.services.imports.import_source import Mapping, SourceFormat
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .import_table import column_name

COLUMNS = (
    Column("column", "Colonne du fichier", width=20, min_width=10, shrinks=True),
    Column("example", "Exemple", min_width=16, shrinks=True),
    Column("field", "Champ", width=20),
)
TAKE = Command("validate", "Prendre ces colonnes", "Relit le fichier ainsi", 8, "Relire")
NONE = "-"
"""key of « aucun champ »"""
EXAMPLE = 60


class MappingScreen(BaseScreen[Mapping]):
    """Answers the mapping, None when nothing is to change."""

    where = "les colonnes du fichier"

    def __init__(self, source: SourceFormat, mapping: Mapping, reason: str = "") -> None:
        super().__init__()
        self.source, self.mapping, self.reason = source, mapping, reason
        self.chosen = import_source.positions(mapping, source)
        self.has_header = source.has_header if mapping.header is None else mapping.header
        self.table = RecordTable(COLUMNS, ListSource(self._rows()))
        self.table.markable = False
        self.letters = ByLetter(
            {"H": self.turn_header, "D": self.turn_decimal, "C": self.turn_cents}
        )

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show(f"Colonnes · {self.source.path.name}")
        self.tab_bar.say("Entrée choisit le champ d'une colonne, Suppr l'enlève, F8 relit.")
        self.direct(self.table, self.letters)
        self.show_commands()
        self._show()
        if self.reason:
            self.reading.warn(self.reason)

    def commands(self) -> list[Offer]:
        return [Offer(TAKE)]

    def _rows(self) -> list[Row]:
        return [
            Row(at, (column_name(self.source, at), self._example(at), self._label(at)))
            for at in range(len(self.source.columns))
        ]

    def _example(self, at: int) -> str:
        cells = (row[at] for row in self.source.sample if at < len(row) and row[at].strip())
        return next(cells, "")[:EXAMPLE]

    def _label(self, at: int) -> str:
        name = self.chosen.get(at)
        return import_source.label_of(name, self.mapping.kind) if name else ""

    def _show(self) -> None:
        decimal = self.mapping.decimal or self.source.decimal
        self.typing_line.show(
            f"H entête : {'oui' if self.has_header else 'non'}   "
            f"D décimales : {'virgule' if decimal == ',' else 'point'}   "
            f"C prix en centimes : {'oui' if self.mapping.cents else 'non'}"
        )
        current = self.table.current
        self.table.show(ListSource(self._rows()), key=current.key if current else None)

    # changes -----------------------------------------------------------------------------------

    def turn_header(self) -> None:
        self.has_header = not self.has_header
        self._show()

    def turn_decimal(self) -> None:
        now = self.mapping.decimal or self.source.decimal
        self.mapping = replace(self.mapping, decimal="." if now == "," else ",")
        self._show()

    def turn_cents(self) -> None:
        self.mapping = replace(self.mapping, cents=not self.mapping.cents)
        self._show()

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        at = int(str(notice.row.key))
        kind = self.mapping.kind
        taken = {name: place for place, name in self.chosen.items()}
        rows = [Row(NONE, ("(aucun champ)", ""))]
        for field in import_source.fields_of(kind):
            place = taken.get(field.name)
            used = "" if place is None else f"pris par {column_name(self.source, place)}"
            rows.append(Row(field.name, (field.label, used)))
        columns = (Column("label", "Champ", width=24), Column("used", "", shrinks=True))
        title = f"Champ de la colonne {column_name(self.source, at)}"
        screen = ChooseScreen(
            title,
            f"Exemple : {self._example(at)}",
            columns,
            rows,
            current=self.chosen.get(at, NONE),
        )

        def then(name: str | None) -> None:
            if name is not None:
                self._assign(at, "" if name == NONE else name)

        await self.app.push_screen(screen, then)

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        self._assign(int(str(notice.keys[0])), "")

    def _assign(self, at: int, name: str) -> None:
        """Give a column a field; a field has one column only."""
        self.chosen = {
            place: other for place, other in self.chosen.items() if place != at and other != name
        }
        if name:
            self.chosen[at] = name
        self._show()

    def action_validate(self) -> None:
        mapping = import_source.with_columns(
            self.mapping, self.source, self.chosen, header=self.has_header
        )
        try:
            mapping.check()
        except Invalid as error:
            self.reading.refuse(f"{error.problems[0].message} · Entrée sur sa colonne")
            return
        self.dismiss(mapping)

    def help_text(self) -> list[str]:
        return [
            "Chaque colonne du fichier, un exemple, et le champ qu'elle remplit.",
            "H : la première ligne est-elle un entête ?  D : signe décimal.",
        ]

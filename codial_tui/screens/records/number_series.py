"""The numbers of documents: pattern and next number of each series, by establishment."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import EDIT
from codial_tui.domain.quantity import parse
from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.services.records import number_series, rights
from codial_tui.services.records.number_series import Series
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("kinds", "Documents", min_width=14, shrinks=True),
    Column("establishment", "Établissement", width=18, shrinks=True),
    Column("pattern", "Modèle", width=20, shrinks=True),
    Column("example", "Prochain", width=18, shrinks=True),
)


class NumberSeriesScreen(BaseScreen[None]):
    """Enter asks for the pattern of the series, then for its next number."""

    where = "les numéros des documents"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty="Aucun établissement. F10 Paramètres en ajoute.")
        self.table.markable = False
        self.series: dict[str, Series] = {}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.title_bar.show("Numéros des documents")
        self.tab_bar.say("{n:05} compteur sur 5 chiffres · {yy} {yyyy} année · {mm} mois")
        self.show_commands()
        self.resume_route()
        self._fill()

    def resume_route(self) -> None:
        self.typing_line.show("Entrée change le modèle et le prochain numéro")
        self.direct(self.table)

    def _fill(self, key: str = "") -> None:
        found = number_series.listed(self.context)
        self.series = {f"{one.establishment_id} {one.code}": one for one in found}
        rows = [
            Row(key, (one.kinds, one.establishment, one.pattern, one.example))
            for key, one in self.series.items()
        ]
        self.table.show(ListSource(rows), key=key)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        twin = "" if notice.row is None else self.series[str(notice.row.key)].twin
        said = f"! Mêmes numéros que {twin} : donnez-lui un autre modèle"
        self.reading.context(said if twin else "")

    def commands(self) -> list[Offer]:
        return [Offer(EDIT)]

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        rights.require(self.context, "settings")
        row = self.table.current
        if row is None:
            self.reading.refuse(self.table.empty)
            return
        series = self.series[str(row.key)]

        def then(pattern: str) -> None:
            number_series.check(self.context, series.code, pattern)
            self.end_asking()
            self._ask_next(series, pattern)

        self.ask_text(f"Modèle {series.code}", then, series.pattern)

    def _ask_next(self, series: Series, pattern: str) -> None:
        proposed = series.last + 1

        def then(text: str) -> None:
            following = parse(text, 1, 0) if text.strip() else proposed
            if following <= proposed:
                self._put(series, pattern, following if following != proposed else None)
                return
            self.end_asking()
            self.reading.ask(
                f"Sauter de {proposed} à {following} ? Un compteur ne recule pas.",
                lambda letter: self._put(series, pattern, following) if letter == "O" else None,
                final=True,
            )

        self.ask_text("Prochain numéro", then, str(proposed))

    def _put(self, series: Series, pattern: str, following: int | None) -> None:
        place, code = series.establishment_id, series.code
        number_series.put(self.context, place, code, pattern, following)
        self._fill(f"{place} {code}")
        after = number_series.find(self.context, place, code)
        self.reading.say(f"Le prochain sera {after.example}")

    async def back(self) -> None:
        self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Un modèle a {n} une fois, et {yy} ou {yyyy} quand le compteur repart chaque année.",
            "Un numéro de facture : lettres sans accent, chiffres, + - _ /, 35 signes au plus.",
            "Le prochain numéro peut sauter en avant, jamais revenir sur un numéro donné.",
        ]

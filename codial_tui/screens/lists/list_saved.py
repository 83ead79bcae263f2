"""F7 L in a list: the filters kept under a name; Enter takes one, Suppr forgets it."""

from __future__ import annotations

from codial_tui.domain.spec import Column, DocType
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.services.context import Context
from codial_tui.services.lists import list_saved
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .list_filter import kept_words

COLUMNS = (
    Column("name", "Nom", min_width=20, width_from_data=True),
    Column("says", "Filtre", min_width=30, shrinks=True),
)


class SavedFilters(ChooseScreen):
    """Answers the name of the chosen filter."""

    where = "les filtres gardés"

    def __init__(self, context: Context, what: str, title: str, kind: DocType | None) -> None:
        self.what, self.kind = what, kind
        super().__init__(
            f"{title} · filtres gardés",
            "Entrée prend, Suppr efface, Échap revient.",
            COLUMNS,
            _rows(context, what, kind),
            empty="Aucun filtre gardé. F7 S en garde un.",
        )

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.dismiss(str(notice.row.key))

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        name = str(notice.keys[0])

        def then(letter: str) -> None:
            if letter == "O":
                list_saved.forget(self.context, self.what, name)
                self.rows = _rows(self.context, self.what, self.kind)
                self.table.show(ListSource(self.rows))
                self.reading.done(f"Filtre « {name} » effacé")

        self.reading.ask(f"Effacer le filtre « {name} » ? O/N", then, final=True)


def _rows(context: Context, what: str, kind: DocType | None) -> list[Row]:
    return [
        Row(name, (name, kept_words(context, kind, kept)))
        for name, kept in list_saved.saved(context, what).items()
    ]

"""F10: every command there is here, searched by typing; greyed ones say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.widget import Widget

from codial_tui.domain.spec import Column
from codial_tui.domain.text import fold, words

from .frame import FrameScreen
from .record_table import RecordTable
from .row_source import ListSource, Row
from .rows import Text, TextRows
from .typing_line import TypingLine


@dataclass(frozen=True, slots=True)
class Entry:
    """One command as the menu and the help show it. reason: why it is greyed, "" if it works."""

    name: str
    key: str
    label: str
    help: str = ""
    reason: str = ""


_COLUMNS = (
    Column("key", "Touche", width=12, width_from_data=True),
    Column("label", "Commande", width=26, width_from_data=True, shrinks=True, min_width=12),
    Column("help", "Ce qu'elle fait", shrinks=True, min_width=20),
)


class MenuScreen(FrameScreen[str | None]):
    """Typing filters, Enter runs (dismisses with the name), Esc closes (None).

    initial: what was typed behind `:` on the typing line it was opened from.
    """

    def __init__(self, entries: Sequence[Entry], *, initial: str = "") -> None:
        super().__init__()
        self.entries = tuple(entries)
        self.initial = initial
        self.table = RecordTable(_COLUMNS, empty="Aucune commande de ce nom. Échap revient.")
        self.table.markable = False
        self.legend = TextRows(Text("× pas disponible ici, la raison est en bas"))

    def compose_body(self) -> Iterable[Widget]:
        return (self.table, self.legend)

    def on_mount(self) -> None:
        self.title_bar.show("Menu", f"{len(self.entries)} commandes")
        self.tab_bar.say("Tapez pour chercher, Entrée exécute, Échap ferme")
        self.typing_line.put(self.initial)
        self.direct(self.typing_line, self.table)
        self._filter(self.initial)

    def _filter(self, typed: str) -> None:
        wanted = words(typed.removeprefix(":"))
        found = [entry for entry in self.entries if _fits(entry, wanted)]
        found.sort(key=lambda entry: (bool(entry.reason), _distance(entry, wanted)))
        self.table.show(ListSource([_row(entry) for entry in found]))
        self._read()

    def _read(self) -> None:
        entry = self._entry()
        if entry is None:
            self.reading.context("")
        else:
            self.reading.context(entry.reason or entry.help)

    def _entry(self) -> Entry | None:
        row = self.table.current
        return next((one for one in self.entries if row and one.name == row.key), None)

    def on_typing_line_typed(self, notice: TypingLine.Typed) -> None:
        self._filter(notice.text)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._read()

    def on_typing_line_accepted(self, notice: TypingLine.Accepted) -> None:
        entry = self._entry()
        if entry is None:
            self.reading.refuse("aucune commande de ce nom · Échap revient")
        elif entry.reason:
            self.reading.refuse(f"{entry.label} : {entry.reason}")
        else:
            self.dismiss(entry.name)

    async def back(self) -> None:
        self.dismiss(None)


def _distance(entry: Entry, wanted: list[str]) -> int:
    """How far what is typed is from a command's own name: each word begins one of its words, is
    inside it, or only in its help; among equals, the name that begins with it (Q is Quitter)."""
    if not wanted:
        return 0
    label, own = fold(entry.label), words(entry.label)
    far = sum(0 if any(w.startswith(one) for w in own) else 2 - (one in label) for one in wanted)
    return 2 * far + (not label.startswith(wanted[0]))


def _fits(entry: Entry, wanted: Sequence[str]) -> bool:
    text = fold(f"{entry.label} {entry.key} {entry.help}")
    return all(word in text for word in wanted)


def _row(entry: Entry) -> Row:
    sign = "×" if entry.reason else ""
    return Row(entry.name, (entry.key, entry.label, entry.help), sign=sign)

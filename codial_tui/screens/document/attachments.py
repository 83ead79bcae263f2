"""GED: the files kept with a document. They come from the user's own inbox folder, are read here
as text, and leave as copies in the user's own export folder; no other program is ever started."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from textual.app import ComposeResult

from codial_tui.commands import EDIT, LOOK, NEW, TOOLS, Command
from codial_tui.domain.quantity import format_scaled
from codial_tui.domain.spec import Column, FieldType, Tab
from codial_tui.domain.text import display, fold, words
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.cells import short_date
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.documents.attachments import Attachment
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key, ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from .document import DocumentScreen
from .pane import Pane

Taken = TypeVar("Taken")

OWNER = "document"
COLUMNS = (
    Column("name", "Nom", min_width=20, shrinks=True),
    Column("size", "Taille", FieldType.INTEGER, width=9),
    Column("date", "Date", FieldType.DATE, width=8),
    Column("origin", "Origine", width=8),
)
INBOX_COLUMNS = COLUMNS[:3]
ORIGINS = {"added": "ajouté", "printed": "imprimé", "mailed": "envoyé", "imported": "importé"}
EMPTY = "Aucune pièce jointe. F5 en ajoute depuis votre boîte de dépôt."
UNITS = ("octets", "Ko", "Mo", "Go")

READ = Command("edit", "Lire", "Montre le texte de la pièce jointe", EDIT.slot, "Lire")
ADD = Command(
    "attach", "Ajouter", "Ajoute un fichier de votre boîte de dépôt", 5, "Ajout", NEW.second
)
SHOW = Command("look", "Voir", "Montre le texte de la pièce jointe", LOOK.slot, "Voir", LOOK.second)


def size_text(size: int) -> str:
    """`812 octets`, `45 Ko`, `2,4 Mo`, cut and not rounded up."""
    scale = 0
    while scale < len(UNITS) - 1 and size >= 1024 ** (scale + 1):
        scale += 1
    tenths = size * 10 // 1024**scale
    if scale < 2 or tenths >= 100:
        return f"{tenths // 10} {UNITS[scale]}"
    return f"{format_scaled(tenths, 10, 1)} {UNITS[scale]}"


class AttachmentsPane(Pane):
    """Name, size, date and origin of each file; what is typed on row 22 filters them."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = RecordTable(COLUMNS, empty=EMPTY, signs=True)
        self.legend = TextRows(Text())
        self.files: list[Attachment] = []

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.legend

    async def arrive(self) -> None:
        self.host.typing_line.show("")
        self.host.typing_line.label(hint="filtrer")
        self.host.reading.say("")
        self.host.reading.context("")
        self.aim()

    def aim(self) -> None:
        self.host.direct(self.host.typing_line, self.table)

    async def changed(self) -> None:
        self.files = attachments.listed(self.host.context, self.editor.document.uid)
        self._show(self.host.typing_line.text)

    async def _written(self) -> None:
        """A photo more, or less, and a signed report is another one: row 1 says so."""
        await self.changed()
        self.host.show_title()

    def _show(self, text: str) -> None:
        wanted = words(text)
        shown = [one for one in self.files if all(word in fold(one.name) for word in wanted)]
        rows = [Row(one.id, _cells(self.host.context, one)) for one in shown]
        self.table.show(ListSource(rows), key=self.table.current and self.table.current.key)
        total = sum(one.size for one in self.files)
        count = len(self.files)
        what = f"{len(shown)} sur {count}" if wanted else str(count)
        files = "fichier" if count == 1 else "fichiers"
        self.legend.show(
            Text(f"{what} {files} · {size_text(total)}", "Espace marque, Suppr efface")
        )

    async def typed(self, text: str) -> None:
        self._show(text)

    async def accepted(self, text: str) -> None:
        await self.action_edit()

    async def back(self) -> bool:
        if self.host.typing_line.text:
            self.host.typing_line.clear()
            self._show("")
            return True
        return False

    @property
    def current(self) -> Attachment:
        """The file under the cursor. Raises Refused when there is none."""
        row = self.table.current
        found = next((one for one in self.files if row and one.id == row.key), None)
        if found is None:
            raise refuse("attachment.none", "Aucune pièce jointe", "F5 en ajoute")
        return found

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(READ), Offer(ADD), Offer(TOOLS), Offer(SHOW)]

    def help_text(self) -> list[str]:
        return [
            f"Boîte de dépôt : {attachments.folder(self.host.context, 'inbox')}",
            f"Dossier d'export : {attachments.folder(self.host.context, 'export')}",
            "Un fichier ajouté quitte la boîte de dépôt : il est dans la base.",
        ]

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        await self.action_edit()

    async def action_edit(self) -> None:
        """Enter: what can be read of it, in the terminal."""
        file = self.current
        lines = attachments.text_view(self.host.context, file)
        await self.host.app.push_screen(TextScreen(file.name, lines))

    action_look = action_edit

    async def action_attach(self) -> None:
        await self.host.app.push_screen(InboxScreen(), self._add)

    async def _add(self, names: list[str] | None) -> None:
        """Attach each chosen file; what is refused stays in the inbox."""
        await self.host.guarded(lambda: self._add_all(names or []))

    async def _add_all(self, names: list[str]) -> None:
        added = 0
        try:
            for name in names:
                attachments.add_from_inbox(self.host.context, OWNER, self.editor.document.uid, name)
                added += 1
        finally:
            await self._written()
            if added:
                what = f"« {display(names[0])} » ajouté" if added == 1 else f"{added} ajoutés"
                self.host.reading.say(f"{what} · sorti de la boîte de dépôt")

    def action_tools(self) -> None:
        def then(letter: str) -> None:
            if letter == "X":
                self._export()

        self.host.ask_tools("X copie vers l'export", "X", then)

    def _export(self) -> None:
        chosen = [one for one in self.files if one.id in self.table.marks] or [self.current]
        paths = [attachments.export(self.host.context, one.id) for one in chosen]
        what = display(str(paths[0])) if len(paths) == 1 else f"{len(paths)} fichiers"
        self.host.reading.say(f"Copié : {what}")

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()

        async def then(letter: str) -> None:
            if letter == "O":
                await self._delete(notice.keys)

        first = next(one.name for one in self.files if one.id == notice.keys[0])
        what = (
            f"« {display(first)[:40]} »"
            if len(notice.keys) == 1
            else f"{len(notice.keys)} fichiers"
        )
        self.host.reading.ask(f"Effacer {what} ? O/N", then, letters="ON", final=True)

    async def _delete(self, keys: Sequence[Key]) -> None:
        try:
            for key in keys:
                attachments.delete(self.host.context, int(str(key)))
        finally:
            self.table.unmark()
            await self._written()
        self.host.reading.say("Effacé" if len(keys) == 1 else f"{len(keys)} fichiers effacés")


def _cells(context: Context, file: Attachment) -> tuple[str, ...]:
    date = short_date(context.local(file.at).date().isoformat()) if file.at else ""
    return file.name, size_text(file.size), date, ORIGINS.get(file.origin, file.origin)


class InboxScreen(BaseScreen[list[str]]):
    """The files that wait in the user's inbox; Enter takes the marked ones, or the current one."""

    where = "la boîte de dépôt"
    heading = "Boîte de dépôt"
    hint = "Entrée ajoute, Espace en marque plusieurs, Échap revient."
    tells: Sequence[str] = ()
    """more of what F1 says"""

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(INBOX_COLUMNS, signs=True)
        self.rows: list[Row] = []

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    async def on_mount(self) -> None:
        self.title_bar.show(self.heading)
        self.tab_bar.say(self.hint)
        self.typing_line.label(hint="filtrer")
        self.show_commands()
        self.direct(self.typing_line, self.table)
        await self.guarded(self._fill)

    def _fill(self) -> None:
        folder = attachments.folder(self.context, "inbox")
        self.table.empty = f"Rien ici. Déposez vos fichiers dans {display(str(folder))}"
        self.rows = [waiting_row(self.context, path) for path in attachments.inbox(self.context)]
        self.table.show(ListSource(self.rows))

    async def typed(self, text: str) -> None:
        wanted = words(text)
        shown = [row for row in self.rows if all(one in fold(str(row.key)) for one in wanted)]
        self.table.show(ListSource(shown))

    async def accepted(self, text: str) -> None:
        if self.table.current is not None:
            await self._take(self.table.current)

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        await self._take(notice.row)

    async def _take(self, row: Row) -> None:
        marked = [str(one.key) for one in self.rows if one.key in self.table.marks]
        await self.take(marked or [str(row.key)])

    async def take(self, names: list[str]) -> None:
        """What is done with the chosen files."""
        self.dismiss(names)

    def help_text(self) -> list[str]:
        return [self.hint, *self.tells]

    def take_each(
        self, names: list[str], taking: Callable[[Context, str], Taken]
    ) -> tuple[list[Taken], list[str]]:
        """Do it with every chosen file, whatever becomes of the others: what came of them, and
        « name : why not » of those that were refused."""
        done, refused = [], []
        for name in names:
            try:
                done.append(taking(self.context, name))
            except CodialError as error:
                refused.append(display(f"{name} : {error.text}"))
        self.table.unmark()
        self._fill()
        return done, refused


def waiting_row(context: Context, path: Path) -> Row:
    """A file of the inbox as a row; its key is its name."""
    try:
        found = path.stat()
    except OSError:  # taken away since the folder was read
        return Row(path.name, (path.name, "", ""))
    day = datetime.fromtimestamp(found.st_mtime, context.zone).date().isoformat()
    return Row(path.name, (path.name, size_text(found.st_size), short_date(day)))


class TextScreen(BaseScreen[None]):
    """A text to be read, page by page."""

    where = "la lecture"

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.heading = title
        rows = [Row(at, (line.expandtabs(4),)) for at, line in enumerate(lines)]
        self.table = RecordTable((Column("text", ""),), ListSource(rows), header=False)
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        count = self.table.count
        self.title_bar.show(self.heading, f"{count} ligne{'s' if count > 1 else ''}")
        self.tab_bar.say("↑ ↓ PgSuiv PgPréc, Échap revient.")
        self.typing_line.show("Lecture seule")
        self.direct(self.table)
        self.show_commands()
        self._show_whole()

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._show_whole()

    def _show_whole(self) -> None:
        """The end of a line that was cut is on row 23."""
        row = self.table.current
        text = row.cells[0] if row else ""
        self.reading.context(text[70:] if len(text) > 74 else "")

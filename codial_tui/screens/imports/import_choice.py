"""Choosing what is imported: the file, what it holds, whose prices they are, its columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from codial_tui.domain.problems import Invalid
from codial_tui.domain.spec import Column
from codial_tui.domain.text import display
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.attachments import INBOX_COLUMNS, waiting_row
from codial_tui.screens.long_work import LongWork
from codial_tui.services.documents import attachments
from codial_tui.services.imports import import_source
from codial_tui.services.imports.import_source import Mapping, RowKind, SourceFormat
from codial_tui.services.records import parties
from codial_tui.widgets.row_source import Row

from .import_columns import MappingScreen
from .import_table import KINDS

ASK_KIND = "Ce fichier contient : A articles  C clients  F fournisseurs"
NO_FILE = ("import.no_file", "Aucun fichier lu", "F5 en choisit un")


class ImportChoice:
    """The choices made so far, and the questions that lead to them; `ready` when all are made."""

    def __init__(self, screen: BaseScreen[None], work: LongWork, ready: Callable[[], None]) -> None:
        self.screen, self.work, self.ready = screen, work, ready
        self.path: Path | None = None
        self.kind: RowKind = "items"
        self.supplier = ""
        """code of the supplier whose prices these are, "" for selling prices"""
        self.source: SourceFormat | None = None
        self.mapping: Mapping | None = None

    # the file ----------------------------------------------------------------------------------

    async def ask_file(self) -> None:
        context = self.screen.context
        folder = display(str(attachments.folder(context, "inbox")))
        screen = ChooseScreen(
            "Importer un fichier",
            "Un fichier de la boîte de dépôt, ou son chemin (administrateur).",
            INBOX_COLUMNS,
            [waiting_row(context, path) for path in attachments.inbox(context)],
            empty=f"Rien ici. Déposez vos fichiers dans {folder}",
            free=True,
        )
        await self.screen.app.push_screen(screen, self._file_answered)

    async def _file_answered(self, text: str | None) -> None:
        if text is not None:
            await self.screen.guarded(lambda: self.take_file(text))
        elif self.path is None:
            self.screen.dismiss()

    def take_file(self, text: str) -> None:
        """Look at a file of the inbox, or at a path. Raises Refused."""
        path = self.path = import_source.path_of(self.screen.context, text)
        self.screen.title_bar.show(f"Import · {path.name}")
        self.work.start("Lecture", lambda *_: import_source.look(path), self._looked)

    def _looked(self, source: SourceFormat) -> None:
        self.source = source

        async def then(letter: str) -> None:
            if letter:
                self.kind = KINDS[letter]
                await self._ask_supplier()
            else:
                await self._other_file()

        self.screen.reading.ask(ASK_KIND, then, letters="".join(KINDS))

    async def _other_file(self) -> None:
        """One level back: the file was not the one, or Esc leaves there."""
        self.path = self.source = None
        await self.ask_file()

    async def _ask_supplier(self) -> None:
        self.supplier = ""
        if self.kind == "items":
            prompt = "Fournisseur (vide : ce sont vos prix de vente)"
            self.screen.ask_text(prompt, self._supplier_typed)
        else:
            await self._map()

    async def _supplier_typed(self, text: str) -> None:
        """A code, or a name that only one supplier has."""
        if text.strip():
            hits = parties.search(self.screen.context, text, role="supplier")
            same = [hit for hit in hits if hit.code.casefold() == text.strip().casefold()]
            found = same or hits
            if len(found) != 1:
                why = f"{len(found)} fournisseurs" if found else "Aucun fournisseur"
                raise refuse("supplier.unknown", f"{why} pour « {text} »", "tapez son code")
            self.supplier = found[0].code
        self.screen.end_asking()
        await self._map()

    # the columns -------------------------------------------------------------------------------

    async def _map(self) -> None:
        """The columns as saved or guessed; asked for when the key has none."""
        assert self.source is not None
        self.mapping = import_source.mapping_for(self.source, self.kind)
        try:
            if not self.source.is_native:
                self.mapping.check()
        except Invalid as error:
            await self.ask_columns(error.problems[0].message)
        else:
            self.ready()

    async def ask_columns(self, reason: str = "") -> None:
        if self.source is None or self.mapping is None:
            raise refuse(*NO_FILE)
        if self.source.is_native:
            raise refuse("import.native", "Ce format nomme lui-même ses colonnes")
        screen = MappingScreen(self.source, self.mapping, reason)
        await self.screen.app.push_screen(screen, self._take_mapping)

    def _take_mapping(self, mapping: Mapping | None) -> None:
        if mapping is not None:
            self.mapping, self.kind = mapping, mapping.kind
            self.ready()

    def save_mapping(self) -> None:
        mapping, source = self.mapping, self.source
        if mapping is None or source is None or source.is_native:
            raise refuse("import.no_mapping", "Pas de colonnes à garder", "F5 choisit un fichier")

        def then(name: str) -> None:
            path = import_source.save(mapping, name)
            self.screen.reading.say(f"Correspondance gardée : {path.stem}")

        proposed = import_source.usual_name(source)
        self.screen.ask_text("Nom de la correspondance", then, proposed)

    async def choose_mapping(self) -> None:
        if self.source is None:
            raise refuse(*NO_FILE)
        screen = ChooseScreen(
            "Correspondances",
            "Entrée relit le fichier avec ces colonnes.",
            (Column("name", "Nom"),),
            [Row(name, (name,)) for name in import_source.mapping_names()],
        )

        async def then(name: str | None) -> None:
            if name is not None:
                await self.screen.guarded(
                    lambda: self._take_mapping(import_source.named_mapping(name))
                )

        await self.screen.app.push_screen(screen, then)

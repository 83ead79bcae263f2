"""Entête and its sub-tabs: the form a kind declares, page by page."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container

from codial_tui.commands import LOOK, PICK, TOOLS, Command
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType, Page, Tab
from codial_tui.errors import refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.opening import open_record
from codial_tui.screens.page_form import PageForm
from codial_tui.services.documents import followup, headers, peeks
from codial_tui.services.lists import choices
from codial_tui.services.records import letters
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.row_source import Row
from codial_tui.widgets.rows import Text, TextRows

from .document import DocumentScreen
from .pane import PagePane, Pane, build

WORD = Command("load_word", "Lettre Word", "Charge un .docx de la boîte de dépôt dans la lettre")
SAVE = Command("save_model", "Enregistrer comme modèle", "Garde ce texte pour d'autres documents")


class HeaderPane(Pane):
    """One form at a time; the tab's letter turns to the next page."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.at = 0
        self.forms: dict[int, PageForm] = {}
        self.panes: dict[int, PagePane] = {}
        """pages that are no forms"""
        self.holder = Container()
        self.peek = TextRows()
        self.peek.display = False
        self._peeked = ""
        """name of the field the peek is about"""
        self.sums = TextRows(Text())

    def compose(self) -> ComposeResult:
        yield self.holder
        yield self.peek
        yield self.sums

    @property
    def shown(self) -> Pane:
        return self.panes.get(self.at, self)

    @property
    def counter(self) -> str:  # type: ignore[override]
        return f"{self.at + 1}/{len(self.tab.pages)}" if len(self.tab.pages) > 1 else ""

    @property
    def form(self) -> PageForm:
        return self.forms[self.at]

    @property
    def field_form(self) -> FormPane | None:
        return self.form.form if self.at in self.forms else None

    async def show_field(self, name: str) -> None:
        for at, page in enumerate(self.tab.pages):
            if name in (*page.left, *page.right) and at != self.at:
                await self._turn_by_key(at)
        await super().show_field(name)

    async def arrive(self) -> None:
        await self._turn(self.at)

    async def again(self) -> None:
        await self._turn_by_key((self.at + 1) % len(self.tab.pages))

    async def _turn_by_key(self, at: int) -> None:
        await self._turn(at)
        self.host.show_tabs()
        self.host.show_commands()

    async def _turn(self, at: int) -> None:
        for one in (self.forms.get(self.at), self.panes.get(self.at)):
            if one is not None:
                one.display = False
        self.at = at
        page = self.tab.pages[at]
        self.peek.display = False
        self.sums.display = not page.pane
        if page.pane:
            await self._turn_to_pane(page)
            return
        if at not in self.forms:
            self.forms[at] = PageForm(self, page)
            await self.holder.mount(self.form)
        self.form.display = True
        await self.changed()
        self.aim()

    async def _turn_to_pane(self, page: Page) -> None:
        found = self.panes.get(self.at)
        if found is None:
            made = build(self.host, self.tab._replace(name=page.pane, pane=page.pane))
            assert isinstance(made, PagePane)
            made.holder = self
            found = self.panes[self.at] = made
            await self.holder.mount(found)
        found.display = True
        await found.changed()
        await found.arrive()

    def aim(self) -> None:
        self.form.aim_form()

    async def finished(self) -> None:
        """The last field leads to the next page of fields, then to Lignes (ux.md §5)."""
        for at in range(self.at + 1, len(self.tab.pages)):
            if not self.tab.pages[at].pane:
                await self._turn_by_key(at)
                return
        await self.host.go_tab("lines")

    def after_press(self, press: Press) -> None:
        self.form.after_press(press)
        current = self.form.form.current
        if self.peek.display and (current is None or current.name != self._peeked):
            self.peek.display = False

    async def back(self) -> bool:
        shown = self.peek.display
        self.peek.display = False
        return shown or await super().back()

    async def changed(self) -> None:
        if self.at in self.forms:
            self.form.form.reload()
        sums = self.editor.totals
        self.sums.show(
            Text(
                f"HT {format_cents(sums.net)}  TVA {format_cents(sums.vat_total)}  "
                f"TTC {format_cents(sums.gross)}"
            )
        )
        self._show_context()

    def _show_context(self) -> None:
        """Row 23: what of this page is locked and by what, else what else the customer has."""
        editor, page = self.editor, self.tab.pages[self.at]
        names = [name for name in (*page.left, *page.right) if name]
        said = editor.reason or headers.locked_words(editor, map(editor.kind.field, names))
        if not said:
            count, net = followup.other_pending(editor)
            said = f"{count} autres en cours chez ce client (HT {format_cents(net)})"
            said = said if count else ""
        self.host.reading.context(said)

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(TOOLS), Offer(LOOK), Offer(WORD), Offer(SAVE)]

    async def action_look(self) -> None:
        """F9: what the party of the field, else the customer, has going on; again its record."""
        field = self.form.form.current
        own = field is not None and field.picks in choices.PARTIES
        name = field.name if field is not None and own else "party_id"
        party_id = self.editor.document.number(name)
        if not party_id:
            raise refuse("look.nothing", "Rien à voir ici", "choisissez d'abord le client")
        if self.peek.display:
            self.peek.display = False
            await open_record(self.host, "party", party_id)
            return
        rows = peeks.of(self.host.context, "party", party_id)
        self.peek.show(Text("F9 encore ouvre la fiche · Échap ferme", rule=True), *rows)
        self._peeked = field.name if field is not None else ""
        self.peek.display = True

    async def action_pick(self) -> None:
        """F4: the list of the field; for a text, the models it can start from."""
        field = self.form.form.current
        if field is None or field.type is not FieldType.LONG_TEXT:
            await self.form.pick_from_list()
            return
        models = letters.models(self.host.context, field.name, self.editor.kind.kind)
        if not models:
            self.host.reading.refuse("Aucun modèle de texte · F10 Paramètres en ajoute")
            return
        rows = [Row(name, (name, body.splitlines()[0] if body else "")) for name, body in models]

        async def then(name: str | None) -> None:
            if name is not None:
                await self.form.put(field, dict(models)[name])
                self.form.form.reload()

        columns = (Column("name", "Modèle", width=26), Column("body", "Texte", min_width=30))
        title = f"{field.label} : modèles"
        screen = ChooseScreen(title, "Entrée reprend le modèle, Échap revient", columns, rows)
        await self.host.app.push_screen(screen, then)

    async def action_tools(self) -> None:
        async def then(letter: str) -> None:
            if letter == "W":
                await self.action_load_word()
            elif letter == "M":
                await self.action_pick()
            elif letter == "E":
                self.action_save_model()
            elif letter == "G":
                await self.host.action_deposits()

        tools, own = "W Word  M modèle  E en créer un", "WME"
        if self.editor.kind.bills or self.editor.kind.deposits:
            tools, own = f"{tools}  G acomptes", "WMEG"
        self.host.ask_tools(tools, own, then)

    def action_save_model(self) -> None:
        """The text of the current field becomes a model for the next documents of this kind."""
        field = self.form.form.current
        name = field.name if field and field.type is FieldType.LONG_TEXT else letters.LETTER
        if name not in self.form.fields:
            self.host.reading.refuse("Allez d'abord sur un texte ou la lettre · Ctrl+G E")
            return
        body = self.editor.document.text(name)
        context, kind = self.host.context, self.editor.kind.kind

        def save(title: str) -> None:
            saved = letters.save_model(context, name, kind, title, body)
            self.host.end_asking()
            if saved:
                self.host.reading.say(f"Modèle « {title.strip()[:40]} » enregistré")
                return

            def then(letter: str) -> None:
                if letter == "O":
                    letters.save_model(context, name, kind, title, body, replace=True)
                    self.host.reading.say(f"Modèle « {title.strip()[:40]} » remplacé")

            self.host.reading.ask(f"Remplacer le modèle « {title.strip()[:30]} » ?", then)

        self.host.ask_text("Nom du modèle", save)

    async def action_load_word(self) -> None:
        """A .docx of the inbox becomes the cover letter; bold, italic and paragraphs stay."""

        def then(name: str) -> None:
            notes = letters.load_word(self.editor, name)
            self.host.end_asking()
            self.host.reading.say("Lettre chargée" + (f" · {notes[0]}" if notes else ""))

        waiting = letters.word_files(self.host.context)
        if not waiting:
            self.host.reading.refuse("Aucun .docx dans votre boîte de dépôt")
            return
        self.host.ask_text("Fichier Word", then, waiting[0])

    def help_text(self) -> list[str]:
        return [
            "Entrée passe au champ suivant, ↑ ↓ d'un champ à l'autre, Tab sans rien prendre.",
            "Trois lettres dans un champ ▼ ouvrent sa liste, F4 la montre entière.",
            "Une date : 9, 0911, 091126, +30. E encore : textes, puis lettre.",
        ]

"""Suivi: state, next action, and the dated log with its notes (ux.md, quote-follow-up)."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import EDIT, PICK
from codial_tui.domain.entry.entry_kinds import Command as TypedCommand
from codial_tui.domain.entry.entry_kinds import Empty, Refused
from codial_tui.domain.entry.typing_lines import Note, PlannedAction, parse_followup
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType, Tab
from codial_tui.errors import refuse
from codial_tui.screens.page_form import PageForm
from codial_tui.services.documents import followup
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from .document import DocumentScreen
from .pane import Pane

COLUMNS = (
    Column("day", "Date", FieldType.DATE, width=8),
    Column("time", "Heure", width=5),
    Column("who", "Qui", width=4),
    Column("what", "Quoi", width=10),
    Column("text", "Détail", min_width=20, shrinks=True),
)


class FollowUpForm(PageForm):
    """The state goes through its declared moves; the rest is written like any field."""

    async def on_form_pane_field_edited(self, notice: FormPane.FieldEdited) -> None:
        if notice.name != "state":
            await super().on_form_pane_field_edited(notice)
            return
        followup.move_state(self.pane.editor, str(notice.value))
        await self.pane.host.refresh_document()


class FollowUpPane(Pane):
    """Row 22 takes notes; F2 goes into the fields, Esc comes back to the notes."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.form = FollowUpForm(self, tab.pages[0])
        self.table = RecordTable(COLUMNS, empty="Rien encore. Tapez une note et Entrée.")
        self.table.markable = False
        self.legend = TextRows(Text())
        self.in_form = False

    def compose(self) -> ComposeResult:
        self.form.styles.height = 7
        yield self.form
        yield self.table
        yield self.legend

    @property
    def field_form(self) -> FormPane | None:
        return self.form.form if self.form.is_attached else None

    async def arrive(self) -> None:
        self.in_form = False
        self.form.form.aim(False)
        self.aim()

    def aim(self) -> None:
        if self.in_form:
            self.form.form.aim(True)
            self.form.aim_form()
            return
        self.form.form.aim(False)
        line = self.host.typing_line
        line.show("")
        line.label(hint="une note, ou +3j Rappeler pour planifier")
        self.host.direct(line, self.table)

    async def changed(self) -> None:
        if self.form.is_attached:
            self.form.form.reload()
        rows = []
        for event in followup.events(self.editor):
            at = self.host.context.local(event.at)
            rows.append(
                Row(event.id, (f"{at:%d/%m/%y}", f"{at:%H:%M}", event.who, event.what, event.text))
            )
        self.table.show(ListSource(rows), key=rows[-1].key if rows else None)
        states = "  ".join(
            f"{state.letter} {state.label.lower()}" for state in self.editor.kind.states
        )
        self.legend.show(Text(f"F2 : les champs · État : {states}"))
        count, net = followup.other_pending(self.editor)
        if count:
            self.host.reading.context(
                f"{count} autres en cours chez ce client (HT {format_cents(net)})"
            )

    async def typed(self, text: str) -> None:
        entry = parse_followup(text, self.host.context.today)
        match entry:
            case Note(text=note):
                self.host.reading.say(f"= note « {note[:50]} »")
            case PlannedAction(day=day, text=what):
                self.host.reading.say(f"= action « {what or 'Relancer'} » le {day:%d/%m/%y}")
            case Refused():
                self.host.reading.say(f"× {entry.problem.text}")
            case _:
                self.host.reading.say("")

    async def accepted(self, text: str) -> None:
        entry = parse_followup(text, self.host.context.today)
        if isinstance(entry, Empty):
            await self.action_edit()
            return
        if isinstance(entry, TypedCommand):
            await self.host.action_menu()
            return
        if isinstance(entry, Refused):
            raise refuse("followup.refused", entry.problem.text)
        followup.add(self.editor, entry)
        self.host.typing_line.clear()
        self.host.line_taken()
        await self.host.refresh_document()

    async def finished(self) -> None:
        """The last field leads back to the notes."""
        self.in_form = False
        self.aim()

    async def back(self) -> bool:
        if not self.in_form:
            return False
        await self.finished()
        return True

    def commands(self) -> list[Offer]:
        return [Offer(EDIT), Offer(PICK)]

    async def action_edit(self) -> None:
        self.in_form = True
        self.aim()

    async def action_pick(self) -> None:
        await self.form.pick_from_list()

    def help_text(self) -> list[str]:
        return [
            "Une note : tapez-la, Entrée. Une action : +3j Rappeler M. Martin.",
            "F2 ou Entrée : les champs. État : E en attente, A accepté, R refusé, S sans suite.",
        ]

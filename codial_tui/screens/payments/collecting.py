"""Encaissements: who owes what since when; payments, reminders and statements of a customer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from codial_tui.commands import EDIT, LOOK, PRINT, TOOLS, VALIDATE, Command
from codial_tui.domain.dates import format_date, parse_date
from codial_tui.domain.entry.entry_kinds import Command as TypedCommand
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.domain.text import fold, words
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.opening import open_record
from codial_tui.screens.wording import counted
from codial_tui.services.documents import attachments
from codial_tui.services.payments import (
    balance_export,
    collecting_papers,
    debit_files,
    debits,
    payment_entering,
    receivables,
    reminder_sending,
    reminders,
)
from codial_tui.services.payments.receivables import AgedRow
from codial_tui.services.payments.reminders import Due
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

COLUMNS = (
    Column("name", "Client", min_width=14, shrinks=True),
    Column("not_due", "À échoir", FieldType.CENTS, width=9, width_from_data=True),
    Column("days_30", "1-30 j", FieldType.CENTS, width=8, width_from_data=True),
    Column("days_60", "31-60 j", FieldType.CENTS, width=8, width_from_data=True),
    Column("days_90", "61-90 j", FieldType.CENTS, width=8, width_from_data=True),
    Column("older", "+90 j", FieldType.CENTS, width=8, width_from_data=True),
    Column("total", "Total", FieldType.CENTS, width=10, width_from_data=True),
)
EMPTY = "Personne ne vous doit rien."
HINT = "filtrer, ou montant [mode] [date] [réf.]"
REMIND = Command("validate", "Relancer", "Fait les lettres de relance", VALIDATE.slot, "Relanc")
STATEMENT = Command(
    "print", "Relevé", "Enregistre le relevé de compte du client", 3, "Relevé", PRINT.second
)


class CollectingScreen(BaseScreen[None]):
    """What begins with a figure is a payment of the customer of the cursor, else a filter."""

    where = "les encaissements"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty=EMPTY, signs=True)
        self.totals = TextRows(Text())
        self.aged: dict[int, AgedRow] = {}
        self.due: dict[int, Due] = {}

    def compose_body(self) -> Iterable[RecordTable | TextRows]:
        yield self.table
        yield self.totals

    def on_mount(self) -> None:
        self.typing_line.label(hint=HINT)
        self.show_commands()
        self.resume_route()
        self._look()

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.aged:
            self._look()

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    def commands(self) -> list[Offer]:
        return [Offer(EDIT), Offer(STATEMENT), Offer(TOOLS), Offer(REMIND), Offer(LOOK)]

    def _look(self) -> None:
        self.aged = {one.party_id: one for one in receivables.aged(self.context)}
        self.due = {one.party_id: one for one in reminders.due(self.context)}
        self._fill("")

    def _fill(self, text: str) -> None:
        wanted = words(text) if not text[:1].isdigit() else []
        shown = [
            one
            for one in self.aged.values()
            if all(word in fold(f"{one.code} {one.name}") for word in wanted)
        ]
        found = f"Rien pour « {text.strip()[:40]} ». Ctrl+U efface le filtre."
        self.table.empty = found if wanted else EMPTY
        total = sum(one.total for one in shown)
        self.title_bar.show("Encaissements · balance âgée", f"{format_cents(total)} €")
        key = self.table.current and self.table.current.key
        self.table.show(ListSource([self._row(one) for one in shown]), key=key)
        late = sum(sum(one.ages[1:]) for one in shown)
        count = sum(one.party_id in self.due for one in shown)
        self.totals.show(
            Text(
                f"{counted(len(shown), 'client')} · en retard {format_cents(late)} €",
                f"! à relancer {count}",
            )
        )
        self._say(self.table.current)

    def _row(self, one: AgedRow) -> Row:
        cells = [format_cents(amount) if amount else "" for amount in one.ages]
        sign, role = ("!", "danger") if one.party_id in self.due else ("", "")
        return Row(
            one.party_id,
            (one.name, *cells, format_cents(one.total)),
            sign=sign,
            sign_role=role,
        )

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        if not self.typing_line.text:
            self._say(notice.row)

    def _say(self, row: Row | None) -> None:
        one = self.aged.get(int(str(row.key))) if row else None
        if one is None:
            self.reading.context("")
            return
        parts = [f"{one.code} {one.name}"]
        if one.credit:
            parts.append(f"à valoir {format_cents(one.credit)}")
        due = self.due.get(one.party_id)
        if due:
            parts.append(f"{due.level.label} pour {format_cents(due.total)} : F8")
        self.reading.context(" · ".join(parts))

    # the line ----------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        if not _is_payment(text):
            self._fill(text)
            return
        try:
            found = payment_entering.propose_party(self.context, self._party().party_id, text)
        except CodialError as error:
            self.reading.say(f"× {error.text}")
            return
        if not isinstance(found, TypedCommand):
            self.reading.say(f"! {found.warning}" if found.warning else f"= {found.words}")

    async def accepted(self, text: str) -> None:
        if not _is_payment(text):
            await self.action_look()
            return
        found = payment_entering.propose_party(self.context, self._party().party_id, text)
        assert not isinstance(found, TypedCommand)
        _, said = payment_entering.record(self.context, found)
        self.typing_line.clear()
        self._look()
        self.reading.done(said)

    def _party(self) -> AgedRow:
        row = self.table.current
        if row is None:
            raise refuse("collecting.none", self.table.empty)
        return self.aged[int(str(row.key))]

    # commands ----------------------------------------------------------------------------------

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        await self.action_look()

    async def action_look(self) -> None:
        await open_record(self, "party", self._party().party_id)

    action_edit = action_look

    def action_print(self) -> None:
        """The statement of the customer of the row, into the export folder."""
        one = self._party()
        folder = attachments.folder(self.context, "export")
        path = folder / f"releve {one.code} {self.context.today.isoformat()}.pdf"
        paper = collecting_papers.statement(self.context, one.party_id)
        collecting_papers.save(self.context, paper, path, replace_it=True)
        self.reading.done(f"Relevé dans le dossier d'export : {path.name}")

    def action_validate(self) -> None:
        """Letters for the marked customers, or for all who are due one."""
        marked = [int(str(key)) for key in self.table.marks] or list(self.due)
        several = [self.due[key] for key in marked if key in self.due]
        if not several:
            raise refuse("reminder.none", "Personne à relancer", "les lignes marquées ! le sont")
        count = len(several)
        total = format_cents(sum(one.total for one in several))

        def then(letter: str) -> None:
            if letter in "OM":
                self._remind(several, by_mail=letter == "M")

        noted = "notée envoyée" if count == 1 else "notées envoyées"
        asked = f"{counted(count, 'relance')} pour {total} €, {noted}"
        by_mail = sum(bool(one.email) for one in several)
        question, letters = f"{asked} ? O/N", "ON"
        if by_mail:
            question, letters = f"{asked} : O lettres  M courriel ({by_mail})  N non", "OMN"
        self.reading.ask(question, then, letters=letters, final=True)

    def _remind(self, several: list[Due], *, by_mail: bool) -> None:
        folder = attachments.folder(self.context, "export")
        try:
            sent = reminder_sending.send(self.context, several, folder, by_mail=by_mail)
        finally:
            self._look()  # somebody else may have sent some
        self.table.unmark()
        said = {
            f"Relances dans le dossier d'export, et en GED : {len(sent.letters)}": sent.letters,
            f"Relances en file d'envoi, et en GED : {len(sent.mailed)}": sent.mailed,
        }
        self.reading.done(" · ".join(words for words, several in said.items() if several))

    def action_tools(self) -> None:
        shown = "Outils : C balance en CSV  B relevé de banque  P prélèvements"
        self.reading.ask(shown, self._tool, letters="CBP")

    async def _tool(self, letter: str) -> None:
        if letter == "C":
            folder = attachments.folder(self.context, "export")
            path = folder / f"balance {self.context.today.isoformat()}.csv"
            count = balance_export.write(path, list(self.aged.values()))
            self.reading.done(f"Balance dans le dossier d'export : {path.name}, clients : {count}")
        elif letter == "B":
            await self.codial.run_command("bank_review")
        elif letter == "P":
            self._collect()

    def _collect(self) -> None:
        """Ask for the day, say how many and how much, then make the file for the bank."""

        def then(text: str) -> None:
            day = parse_date(text or "+2", self.context.today)
            found = debits.candidates(self.context, day)
            if not found:
                none = f"Rien à prélever jusqu'au {format_date(day)}"
                raise refuse("debit.none", none, "les mandats sont dans la fiche du client")
            total = format_cents(sum(one.amount for one in found))

            def sure(letter: str) -> None:
                if letter == "O":
                    self._make_debits(day)

            self.end_asking()
            count = counted(len(found), "prélèvement")
            question = f"{count} le {format_date(day)}, {total} € ? O/N"
            self.reading.ask(question, sure, final=True)

        self.ask_text("Prélever le", then, "+2")

    def _make_debits(self, day: date) -> None:
        folder = attachments.folder(self.context, "export")
        path = folder / f"prelevements {day.isoformat()}.xml"
        made = debit_files.make(self.context, day, path)
        self._look()
        self.reading.done(f"Prélèvements : {made.count}, dans le dossier d'export : {path.name}")

    def help_text(self) -> list[str]:
        return [
            "La balance âgée : ce que chaque client doit, selon le retard.",
            "1500 ch 0412 : règlement du client du curseur, aux factures les plus anciennes.",
            "F8 relance ceux marqués !, ou les lignes marquées par Espace ; M par courriel.",
            "F3 enregistre le relevé de compte ; F9 ouvre la fiche du client.",
            "F7 B relevé de banque, P prélèvements SEPA (mandats : fiche du client), C CSV.",
        ]


def _is_payment(text: str) -> bool:
    return text.strip()[:1].isdigit()

"""Relevé de banque: the movements that wait, what each probably pays, taken one by one or all."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import NEW, TOOLS, VALIDATE, Command
from codial_tui.domain.dates import format_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.attachments import InboxScreen
from codial_tui.screens.wording import counted
from codial_tui.services.documents import attachments
from codial_tui.services.payments import bank, payments
from codial_tui.services.payments.bank import Line, Proposal
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import TextRows

COLUMNS = (
    Column("day", "Date", FieldType.DATE, width=8),
    Column("amount", "Montant", FieldType.CENTS, width=11, width_from_data=True),
    Column("who", "Qui", width=18, shrinks=True),
    Column("label", "Libellé", min_width=14, shrinks=True),
    Column("proposal", "Règle", width=20, shrinks=True),
)
EMPTY = "Aucun mouvement en attente. F5 lit un relevé de la boîte de dépôt."
READ = Command("read", "Lire un relevé", "CAMT.053 ou CSV, de la boîte de dépôt", 5, "Lire")
TAKE_ALL = Command("validate", "Tout prendre", "Prend les rapprochements sûrs", 8, "Prendre")
ASIDE = Command(
    *("aside", "Mis de côté", "Remet en attente ce que Suppr a mis de côté", TOOLS.slot, "Remet."),
    ("ctrl+r",),
)
LEGEND = "√ sûr   ? à regarder   Suppr met de côté   F7 remet"


class BankScreen(BaseScreen[None]):
    """Enter takes what is proposed; what is typed names something else; Suppr puts aside."""

    where = "le relevé de banque"

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, empty=EMPTY, signs=True)
        self.table.markable = False
        self.lines: dict[int, Line] = {}
        self.found: dict[int, Proposal | None] = {}

    def compose_body(self) -> Iterable[RecordTable | TextRows]:
        yield self.table
        yield TextRows(LEGEND)

    def on_mount(self) -> None:
        self.typing_line.label(hint="n° de factures, ou code client")
        self.show_commands()
        self.resume_route()
        self._look()

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    def commands(self) -> list[Offer]:
        return [
            Offer(READ._replace(second=NEW.second)),
            Offer(ASIDE),
            Offer(TAKE_ALL._replace(slot=VALIDATE.slot)),
        ]

    def _look(self, at: int | None = None) -> None:
        several = bank.lines(self.context)
        self.lines = {one.id: one for one in several}
        self.found = bank.proposals(self.context, several)
        sure = sum(1 for one in self.found.values() if one and one.certain)
        self.title_bar.show(
            "Relevé de banque", f"{len(several)} en attente · {counted(sure, 'sûr')}"
        )
        key = at or (self.table.current and self.table.current.key)
        self.table.show(ListSource([self._row(one) for one in several]), key=key)
        self._say(self.table.current)

    def _row(self, one: Line) -> Row:
        proposal = self.found[one.id]
        sign, role = ("√", "settled") if proposal and proposal.certain else ("", "")
        if proposal and not proposal.certain:
            sign, role = "?", "question"
        cells = (*_cells(one), proposal.words if proposal else "")
        return Row(one.id, cells, sign=sign, sign_role=role)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        if not self.typing_line.text:
            self._say(notice.row)

    def _say(self, row: Row | None) -> None:
        one = self.lines.get(int(str(row.key))) if row else None
        if one is None:
            self.reading.context("")
            return
        proposal = self.found[one.id]
        what = f"Entrée : {proposal.words}" if proposal else "tapez à quoi il correspond"
        self.reading.context(f"{what} · {one.label}")

    def _line(self) -> Line:
        row = self.table.current
        if row is None:
            raise refuse("bank.none", "Aucun mouvement en attente", "F5 lit un relevé")
        return self.lines[int(str(row.key))]

    async def typed(self, text: str) -> None:
        if not text.strip():
            self._say(self.table.current)
            return
        try:
            found = bank.chosen(self.context, self._line(), text)
        except CodialError as error:
            self.reading.say(f"× {error.text}")
            return
        self.reading.say(f"= {format_cents(self._line().amount)} : {found.words}")

    async def accepted(self, text: str) -> None:
        line = self._line()
        if text.strip():
            proposal: Proposal | None = bank.chosen(self.context, line, text)
        else:
            proposal = self.found[line.id]
        if proposal is None:
            raise refuse("bank.unknown", "Rien de proposé", "tapez des factures, ou Suppr")
        try:
            done = bank.take(self.context, line.id, proposal)
        except CodialError:
            self._look()  # somebody took it, or paid the invoice, meanwhile
            raise
        self.typing_line.clear()
        self._look()
        self.reading.done(f"{payments.ref_of(done.payment_id)} : {proposal.words}")

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        line = self._line()
        bank.ignore(self.context, line.id)
        self._look()
        self.reading.done(f"{format_cents(line.amount)} mis de côté · F7 le remet")

    async def action_aside(self) -> None:
        """Those put aside, the newest first: Enter makes one wait again."""
        rows = [Row(one.id, _cells(one)) for one in reversed(bank.lines(self.context, "ignored"))]
        screen = ChooseScreen(
            *("Mis de côté", "Entrée le remet en attente, Échap revient.", COLUMNS[:-1], rows),
            empty="Rien n'est mis de côté.",
        )
        await self.app.push_screen(screen, lambda key: self.guarded(lambda: self._reopen(key)))

    def _reopen(self, key: str | None) -> None:
        if key is not None:
            line = bank.reopen(self.context, int(key))
            self._look(line.id)
            self.reading.done(f"{format_cents(line.amount)} : de nouveau en attente")

    def action_validate(self) -> None:
        """All that is certain, each in its own transaction."""
        taken, kept = bank.take_sure(self.context)
        self._look()
        if not taken:
            raise refuse("bank.nothing", "Aucun rapprochement sûr", "prenez-les un par un")
        more = f" · pas pris : {len(kept)}, {kept[0]}" if kept else ""
        self.reading.done(f"Règlements enregistrés : {len(taken)}{more}")

    async def action_read(self) -> None:
        await self.app.push_screen(InboxScreen(), self._read)

    async def _read(self, names: list[str] | None) -> None:
        await self.guarded(lambda: self._read_all(names or []))

    def _read_all(self, names: list[str]) -> None:
        paths = [path for path in attachments.inbox(self.context) if path.name in names]
        several = [bank.read(self.context, path) for path in paths]
        self._look()
        if not several:
            return
        parts = [f"Mouvements lus : {sum(one.added for one in several)}"]
        if known := sum(one.known for one in several):
            parts.append(f"{known} déjà lus")
        unread = [row for one in several for row in one.refused]
        if unread:
            row, why = unread[0]
            parts.append(f"pas lus : {len(unread)}, ligne {row} {why}")
        self.reading.done(" · ".join(parts))

    def help_text(self) -> list[str]:
        return [
            "√ : numéro ou payeur, et montant, concordent. ? : à regarder.",
            "Entrée prend ce qui est proposé ; sinon tapez FA26-00012, ou un code client.",
            "Suppr met de côté, F7 remet. F8 prend tous les √.",
            "Le même relevé lu deux fois ne fait rien.",
        ]


def _cells(one: Line) -> tuple[str, ...]:
    return (format_date(one.day), format_cents(one.amount), one.counterparty, one.label)

"""Règlements: instalments, payments and credit of an invoice; row 22 takes a payment."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from codial_tui.commands import LOOK, Command
from codial_tui.domain.dates import format_date
from codial_tui.domain.entry.entry_kinds import Command as TypedCommand
from codial_tui.domain.payments.instalments import terms_of
from codial_tui.domain.quantity import format_cents, format_percent, parse_cents
from codial_tui.domain.spec import Column, FieldType, Tab
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.opening import open_document
from codial_tui.services.payments import payment_entering, payment_view, payments
from codial_tui.services.payments.payment_view import CreditRow, DueRow, PaidRow
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Key, ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

COLUMNS = (
    Column("day", "Date", FieldType.DATE, width=8),
    Column("mode", "Mode", width=15, shrinks=True),
    Column("amount", "Montant", FieldType.CENTS, width=11),
    Column("paid", "Réglé", FieldType.CENTS, width=11),
    Column("left", "Reste", FieldType.CENTS, width=11),
    Column("said", "", min_width=12, shrinks=True),
)
EMPTY = "Pas d'échéance : F8 valide la facture, F3 l'imprime."
HINT = "montant [mode] [date] [réf.]"
REVERSE = Command("reverse", "Contre-passer", "Annule un règlement : impayé, erreur", 2, "Contre")
RELEASE = Command("release", "Désaffecter", "Le règlement devient un crédit du client")
BOUNCED = Command("bounced", "Impayé", "Contre-passe un règlement revenu de la banque")


Shown = DueRow | PaidRow | CreditRow


class PaymentsPane(Pane):
    """Empty line: Enter says what is due, Enter again takes it. On a credit, Enter uses it."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = RecordTable(COLUMNS, empty=EMPTY)
        self.table.markable = False
        self.legend = TextRows(Text(), Text())
        self.rows: dict[Key, Shown] = {}
        self.proposed = False
        """the empty line was read back: Enter records it"""

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.legend

    async def arrive(self) -> None:
        self.proposed = False
        self.host.typing_line.show("")
        self.host.typing_line.label(hint=HINT)
        self.host.reading.say("")
        self.host.reading.context("")
        self.aim()

    def aim(self) -> None:
        self.host.direct(self.host.typing_line, self.table)

    # what is shown -----------------------------------------------------------------------------

    async def changed(self) -> None:
        context, document = self.host.context, self.editor.document
        dues = payment_view.dues(context, document.id)
        paid = payment_view.paid_rows(context, document.id)
        free = payment_view.credits(context, document) if dues else []
        mode = payment_view.usual_mode(context, document).label
        before = self.table.current and self.table.current.key
        self.rows = {}
        rows = self._section("ÉCHÉANCES", [(_due_row(one, mode), one) for one in dues])
        rows += self._section("RÈGLEMENTS", [(_paid_row(one), one) for one in paid])
        rows += self._section("À VALOIR", [(_credit_row(one), one) for one in free])
        first = next((("due", one.id) for one in dues if one.left), None)
        self.table.show(ListSource(rows), key=before if before in self.rows else first)
        self._show_legend(dues)
        self._say_row()

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._say_row()

    def _say_row(self) -> None:
        """What the row of the cursor has no room for, and what Enter or F2 makes of it."""
        one, said = self.current, ""
        if isinstance(one, CreditRow):
            said = f"Entrée impute {one.ref} sur cette facture"
        elif isinstance(one, PaidRow):
            can = "" if one.undone or one.kind == "reversal" else "F2 le contre-passe"
            whole = one.label if one.kind == "reversal" else one.reference
            said = " · ".join(part for part in (whole, can, "F9 le détail") if part)
        self.host.reading.context(said)

    def _section(self, title: str, several: Sequence[tuple[Row, Shown]]) -> list[Row]:
        self.rows.update({row.key: one for row, one in several})
        heading = [Row(title, (title,), "rule")] if several else []
        return [*heading, *(row for row, _ in several)]

    def _show_legend(self, dues: list[DueRow]) -> None:
        context, document = self.host.context, self.editor.document
        done, left = sum(one.paid for one in dues), sum(one.left for one in dues)
        total = f"TTC {format_cents(self.editor.totals.gross)} · réglé {format_cents(done)}"
        late = payment_view.late_of(context, document)
        if late.days:
            more = f"{late.days} j de retard"
            if late.fixed:
                more += f" · pénalités {format_cents(late.penalties)} + {format_cents(late.fixed)}"
            below = Text(f"! {more}", role="danger")
        else:
            below = Text(self._terms(left))
        self.legend.show(Text(total, f"reste {format_cents(left)}"), below)

    def _terms(self, left: int) -> str:
        """Conditions, and what paying now would save."""
        context, document = self.host.context, self.editor.document
        terms = terms_of(document)
        said = document.text("payment_terms_label")
        if terms.discount:
            rate = format_percent(terms.discount)
            said += f" · escompte {rate} à {terms.discount_days} j"
            saved = payment_view.discount_of(context, document, left, context.today)
            if saved and left:
                said += f" : payer {format_cents(left - saved)}"
        return said and f"Conditions : {said}".replace(": · ", ": ")

    # the line ----------------------------------------------------------------------------------

    @property
    def current(self) -> Shown | None:
        row = self.table.current
        return self.rows.get(row.key) if row else None

    @property
    def _instalment(self) -> int | None:
        return self.current.id if isinstance(self.current, DueRow) else None

    async def typed(self, text: str) -> None:
        self.proposed = False
        if not text.strip():
            self.host.reading.say("")
            return
        try:
            self._read_back(text)
        except CodialError as error:
            self.host.reading.say(f"× {error.text}")

    def _read_back(self, text: str) -> None:
        found = self._proposal(text)
        if isinstance(found, TypedCommand):
            return
        if found.warning:
            self.host.reading.say(f"! {found.warning} · {found.words}")
        else:
            self.host.reading.say(f"= {found.words}")

    def _proposal(self, text: str) -> payment_entering.Proposal | TypedCommand:
        document = self.editor.document
        return payment_entering.propose(self.host.context, document, text, self._instalment)

    async def accepted(self, text: str) -> None:
        current = self.current
        if not text.strip() and isinstance(current, CreditRow):
            await self._use(current)
        elif not text.strip() and isinstance(current, PaidRow):
            raise refuse("payment.row", "Un règlement ne se modifie pas", "F2 le contre-passe")
        elif not text.strip() and not self.proposed:
            await self.offer()
        else:
            await self._record(text)

    async def offer(self) -> None:
        """Say what the empty line means; the next Enter records it."""
        self._read_back("")
        self.proposed = True

    async def _record(self, text: str) -> None:
        found = self._proposal(text)
        if isinstance(found, TypedCommand):
            await self.host.action_menu(found.text)
            return
        _, words = payment_entering.record(self.host.context, found)
        await self._done(words)

    async def _use(self, one: CreditRow) -> None:
        """Set a credit of the customer against this invoice."""
        context, document_id = self.host.context, self.editor.document.id
        if one.payment_id is not None:
            used = payments.allocate(context, one.payment_id, [document_id])[document_id]
        else:
            assert one.document_id is not None
            used = payments.offset(context, one.document_id, [document_id]).allocated[document_id]
        await self._done(f"{one.ref} : {format_cents(used)} imputés sur cette facture")

    async def _done(self, words: str) -> None:
        self.proposed = False
        self.host.typing_line.clear()
        self.host.line_taken()
        self.editor.reload()
        await self.host.refresh_document()
        self.host.reading.done(words)

    def after_press(self, press: Press) -> None:
        if press.key not in ("enter",):
            self.proposed = False

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(REVERSE), Offer(LOOK), Offer(RELEASE), Offer(BOUNCED)]

    def _payment(self) -> PaidRow:
        current = self.current
        if not isinstance(current, PaidRow):
            raise refuse("payment.none", "Placez-vous sur un règlement", "flèches, puis F2")
        if current.kind == "reversal" or current.undone:
            raise refuse("payment.reversed", "Il est déjà contre-passé", "")
        return current

    async def action_reverse(self) -> None:
        """Ask why, then reverse the payment of the row."""
        self._ask_reason(self._payment(), "erreur de saisie", 0)

    async def action_bounced(self) -> None:
        """Ask what the bank took, then reverse it as unpaid."""
        one = self._payment()

        def then(text: str) -> None:
            self._ask_reason(one, "impayé", parse_cents(text or "0"))

        self.host.ask_text("Frais de la banque", then, "0")

    def _ask_reason(self, one: PaidRow, reason: str, fees: int) -> None:
        async def then(text: str) -> None:
            payments.reverse(self.host.context, one.payment_id, text, fees=fees)
            self.host.end_asking()
            ref = payments.ref_of(one.payment_id)
            await self._done(f"{ref} contre-passé : {format_cents(one.amount)} à nouveau dû")

        self.host.ask_text("Contre-passer, motif", then, reason)

    async def action_release(self) -> None:
        one = self._payment()
        document_id = self.editor.document.id
        freed = payments.release(self.host.context, one.payment_id, document_id)
        await self._done(f"{format_cents(freed)} au crédit du client")

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        await self.action_reverse()

    async def action_look(self) -> None:
        """The whole of what the row only names."""
        one = self.current
        if isinstance(one, CreditRow) and one.document_id is not None:
            await open_document(self.host, one.document_id)
        elif isinstance(one, PaidRow):
            ref = payments.ref_of(one.payment_id)
            said = f"{ref} du {format_date(one.day)} : {format_cents(one.whole)}, {one.account}"
            self.host.reading.done(f"{said} · {one.label or one.reference} · saisi par {one.by}")
        else:
            raise refuse("payment.none", "Placez-vous sur un règlement", "flèches, puis F9")

    def help_text(self) -> list[str]:
        return [
            "Un règlement : 1705,81 vi (mode vi es cb ch pr tr), puis date et référence.",
            "Ligne vide : Entrée dit ce qui est dû, Entrée encore l'enregistre.",
            "Il va à l'échéance du curseur, puis aux plus anciennes, par taux de TVA.",
            "« 2881,20 vi esc » accorde le reste en escompte. Trop : au crédit du client.",
            "F2 ou Suppr contre-passe le règlement du curseur ; sur À VALOIR, Entrée l'impute.",
        ]


def _due_row(one: DueRow, mode: str) -> Row:
    if not one.left:
        said, role = "√ soldée", "settled"
    elif one.late > 0:
        said, role = f"! échue, {one.late} j", "danger"
    else:
        said, role = f"dans {-one.late} j" if one.late else "aujourd'hui", ""
    if one.nature == "retention":
        mode = one.label or "Retenue de garantie"
    cells = (
        format_date(one.day),
        mode,
        format_cents(one.amount),
        format_cents(one.paid),
        format_cents(one.left),
        said,
    )
    return Row(("due", one.id), cells, cell_roles={"said": role} if role else {})


def _paid_row(one: PaidRow) -> Row:
    said = one.reference
    if one.kind == "reversal":
        said = f"contre-passé : {one.label}"
    elif one.undone:
        said = f"annulé · {one.reference}"
    discount = f"esc. {format_cents(one.discount)}" if one.discount else ""
    mode = "Remboursement" if one.kind == "refund" else one.mode
    cells = (format_date(one.day), mode, format_cents(one.amount), discount, "", said)
    return Row(("paid", one.payment_id), cells, "muted" if one.undone else "")


def _credit_row(one: CreditRow) -> Row:
    what = "trop-perçu" if one.payment_id else "avoir"
    cells = (format_date(one.day), one.ref, format_cents(one.amount), "", "", what)
    return Row(("credit", one.payment_id, one.document_id), cells)

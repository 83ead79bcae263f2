"""What invoicing adds to a document screen: deposits of an order, credit notes of an invoice, and
what is asked before an invoice is validated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from codial_tui.domain.kinds import outbound
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import refuse
from codial_tui.screens.chain.transfer_carry import DEPOSIT
from codial_tui.screens.wording import counted, shortened
from codial_tui.services.buying import consumption
from codial_tui.services.invoicing import deposit_facts, deposit_issue, deposits
from codial_tui.services.payments import payment_facts
from codial_tui.services.stock import goods
from codial_tui.widgets.frame import Offer

from .document_chain import (
    BILL_REST,
    CREDIT,
    DEPOSITS,
    FOLLOW,
    MATCHING,
    STATUSES,
    SUBSCRIBE,
    ChainCommands,
    own_letters,
)

if TYPE_CHECKING:
    from codial_tui.screens.chain.transfer_carry import Outcome

    from .pane import Pane

Then = Callable[[], Awaitable[None]]


class InvoicingCommands(ChainCommands):
    """Between the chain and the validation."""

    def kind_commands(self) -> list[Offer]:
        """What this kind declares to do beside what every document does."""
        kind = self.editor.kind
        billing = (CREDIT, DEPOSITS, BILL_REST, SUBSCRIBE, STATUSES) if kind.bills else ()
        matching = (MATCHING,) if kind.matched else ()
        ordered = (DEPOSITS, FOLLOW) if kind.deposits else ()
        own = own_letters(self.editor.document).values()
        return [*map(Offer, (*billing, *matching, *ordered, *own))]

    async def action_follow(self) -> None:
        """Ask whether the consumption of the order is to be followed, then show its tab."""
        editor = self.editor
        if consumption.is_followed(editor.document):
            await self.go_tab("consumption")
            return
        if not consumption.can_follow(editor.document):
            raise refuse("consumption.kind", "Seule une commande client se suit")
        if editor.reason:
            raise refuse("document.locked", editor.reason)

        async def answered(letter: str) -> None:
            if letter == "O":
                consumption.start(editor)
                await self.go_tab("consumption")
                self.reading.done("Suivi créé · Ctrl+G C le rouvre")

        self.reading.ask("Créer le suivi de consommation ? O/N", answered)

    async def action_sign(self) -> None:
        """The customer signs the report of a work order."""
        from codial_tui.screens.maintenance.signing import SignScreen

        await self.app.push_screen(SignScreen(self.editor), self._printed)

    async def action_plan(self) -> None:
        """The planning, with this work order in hand."""
        from codial_tui.screens.maintenance.planning import PlanningScreen
        from codial_tui.services.maintenance import planning

        planning.wish(self.context, self.document_id)
        await self.app.push_screen(PlanningScreen(self.document_id))

    async def action_time_lines(self) -> None:
        """Labour and travel of the visits as lines, or those brought up to date."""
        from codial_tui.services.maintenance import time_lines

        warnings = time_lines.run(self.editor)
        await self.refresh_document()
        if warnings:
            self.reading.warn(" · ".join(one.text for one in warnings))
        else:
            self.reading.done("Temps et trajets en lignes : fait · Ctrl+R annule")

    @property
    def pane(self) -> Pane:
        """The pane in view."""
        raise NotImplementedError

    async def action_bill_lines(self) -> None:
        """Lines of a work order are billed, or what covers it pays for them."""
        from codial_tui.screens.maintenance.line_cover import toggle

        await toggle(self)

    async def action_matching(self) -> None:
        """What came beside what is invoiced."""
        from codial_tui.screens.buying.matching import MatchingScreen

        await self.app.push_screen(MatchingScreen(self.editor))

    async def action_transfer(self) -> None:
        if self.editor.kind.bills:
            await self.action_credit()
        elif self.editor.kind.matched:
            await self.action_matching()
        elif self.asks_prices:
            from codial_tui.screens.buying import price_order

            await price_order.order(self)
        else:
            await super().action_transfer()

    async def _transferred(self, outcome: Outcome | None) -> None:
        if outcome is DEPOSIT:
            await self.action_deposits()
        else:
            await super()._transferred(outcome)

    @property
    def asks_prices(self) -> bool:
        """It asks several suppliers: their answers are compared, one of them becomes the order."""
        return any(one.offered for _, one in outbound(self.editor.kind.kind))

    async def action_print(self) -> None:
        """F3: its paper; a price request has one for each supplier."""
        from codial_tui.screens.buying import price_sending

        from .preview import PreviewScreen

        if not (self.asks_prices and price_sending.asked(self)):
            await self.app.push_screen(PreviewScreen(self.editor), self._printed)

    async def _printed(self, said: str | None) -> None:
        await self.refresh_document()
        if said:
            self.reading.done(said)

    async def action_credit(self) -> None:
        """The credit note of a validated invoice."""
        document = self.editor.document
        if not self.editor.kind.bills or document.state == "provisional":
            raise refuse(
                "credit.source", "Un avoir se fait d'une facture validée", "F8 la valide d'abord"
            )
        if document.number("is_credit"):
            raise refuse("credit.credit", f"{document.ref} est un avoir", "F7 X la copie")
        from codial_tui.screens.invoicing.credit_note import CreditScreen

        await self.app.push_screen(CreditScreen(self.document_id), self._transferred)

    async def action_deposits(self) -> None:
        """Of an order: those there are, and one more. Of an invoice: deduct them."""
        if self.editor.kind.bills:
            await self._deduct()
            return
        if not self.editor.kind.deposits:
            raise refuse("deposit.kind", "Un acompte se demande sur une commande", "F6 C d'abord")
        from codial_tui.screens.invoicing.deposit import DepositScreen, issued

        async def then(invoice_id: int | None) -> None:
            await self._renew()
            if invoice_id is not None:
                self.reading.done(issued(self.context, invoice_id))

        await self.app.push_screen(DepositScreen(self.document_id), then)

    async def _deduct(self) -> None:
        if self.editor.reason:
            raise refuse("document.locked", self.editor.reason)
        changed = deposit_issue.deduct(self.context, self.document_id)
        self.editor.reload()
        await self.refresh_document()
        found = self.editor.document.uses
        if changed:
            self.reading.done("Acomptes déduits")
        else:
            self.reading.say("Acomptes à jour" if found else "Aucun acompte à déduire ici")

    # before validation -------------------------------------------------------------------------

    def settle_questions(self, problems: Sequence[Problem], then: Then) -> bool:
        """Ask what only a person can say before an invoice is validated: an unpaid deposit, goods
        that leave or come back; `then` once it is answered. False when there is nothing to ask."""
        editor = self.editor
        if editor.reason or not editor.kind.bills:
            return False
        if any(one.code == deposits.UNPAID for one in problems) and not self.deducts_anyway:
            self._ask_unpaid(then)
            return True
        if not problems and goods.asked(self.context.database, editor.document):
            self._ask_goods(then)
            return True
        return False

    deducts_anyway = False
    """An unpaid deposit is deducted all the same: it was asked"""

    def _ask_unpaid(self, then: Then) -> None:
        async def answered(letter: str) -> None:
            if letter == "E":
                self._ask_mode(then)
            elif letter == "A":
                await self._settle_unpaid(then, "credit")
            elif letter == "D":
                self.deducts_anyway = True
                await then()

        found = deposit_facts.unpaid(self.context, self.editor.document)
        one = f"{found[0].number} impayé" if len(found) == 1 else ""
        due = format_cents(sum(one.due for one in found))
        asked = f"{one or counted(len(found), 'acompte impayé')}, {due}"
        choice = "E encaisser  A avoir  D déduire  N non"
        self.reading.ask(f"{asked} : {choice}", answered, letters="EADN", final=True)

    def _ask_mode(self, then: Then) -> None:
        """How it was paid: a payment is not changed afterwards. Labels are shortened to fit."""
        modes = payment_facts.modes(self.context)[:9]
        room = self.app.size.width - len("? Reçu par : ") - 4 * len(modes)

        async def answered(digit: str) -> None:
            if digit.isdecimal():
                await self._settle_unpaid(then, "collect", modes[int(digit) - 1].code)

        labels = shortened([one.label for one in modes], room)
        shown = "  ".join(f"{nth} {label}" for nth, label in enumerate(labels, 1))
        letters = "".join(str(nth) for nth in range(1, len(modes) + 1))
        self.reading.ask(f"Reçu par : {shown}", answered, letters=letters, final=True)

    async def _settle_unpaid(self, then: Then, how: str, mode: str = deposit_issue.MODE) -> None:
        deposit_issue.settle_unpaid(self.context, self.document_id, how, mode)
        self.editor.reload()
        await self.refresh_document()
        await then()

    def _ask_goods(self, then: Then) -> None:
        async def answered(letter: str) -> None:
            if letter not in ("O", "N"):
                return
            self.editor.set_header("Marchandise", goods="yes" if letter == "O" else "no")
            await self.refresh_document()
            await then()

        back = self.editor.totals.gross < 0 or self.editor.document.number("is_credit")
        word = "reprise" if back else "emportée"
        self.reading.ask(f"Marchandise {word} ? O/N", answered, final=True)

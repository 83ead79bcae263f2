"""F8: what is wrong with a document, and the validation of an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from codial_tui.domain.paper.paper_heads import word_of
from codial_tui.domain.problems import Problem
from codial_tui.screens.maintenance import work_closing
from codial_tui.services.invoicing import deposits, einvoices, validating
from codial_tui.services.maintenance import closing
from codial_tui.widgets.drawing import fit
from codial_tui.widgets.frame import Offer

from .document_invoicing import InvoicingCommands
from .print_work import PrintWork

if TYPE_CHECKING:
    from .pane import Pane


class Examination(PrintWork):
    """The official rules on an e-invoice, beside the keys."""

    question = "Ne pas valider ? O/N"


class ValidateCommands(InvoicingCommands):
    """The part of a document screen that says whether it is right, and makes an invoice final."""

    def __init__(self) -> None:
        super().__init__()
        self.examining = Examination(self)
        self.then_pay = False
        """R was answered: the invoice is printed and paid once it is validated"""

    async def show_problem(self, field: str) -> None:
        raise NotImplementedError

    @property
    def pane(self) -> Pane:
        raise NotImplementedError

    @property
    def remedy(self) -> str:
        """A letter in a form that is locked: why it is."""
        return self.editor.reason or super().remedy

    async def run_command(self, offered: Offer) -> None:
        """Out of the menu: commands of the pane in view are run here too."""
        own = hasattr(self.pane, f"action_{offered.command.name}")
        await (self.run(offered) if own else super().run_command(offered))

    async def action_validate(self) -> None:
        """The first problem and where it is; without any, an invoice is validated once O is
        answered, other kinds are told to be right."""
        context, editor = self.context, self.editor
        document = editor.document
        if closing.closes(document.kind):
            await work_closing.close(self)
            return
        problems = validating.problems(context, document)
        if self.deducts_anyway:
            problems = [one for one in problems if one.code != deposits.UNPAID]
        if all(one.code == deposits.UNPAID for one in problems) and self.settle_questions(
            problems, self.action_validate
        ):
            return
        if problems:
            await self._show(problems)
            return
        missing = validating.warnings(context, document)
        if validating.is_validated_here(document.kind) and not editor.reason:
            self._ask_to_validate(missing)
        elif editor.reason:
            self.reading.refuse(editor.reason)
        elif missing:
            self.reading.warn(missing[0].text)
        else:
            self.reading.done(f"{editor.kind.title} {document.ref} : rien à corriger")

    async def action_reopen(self) -> None:
        await work_closing.reopen(self)

    def action_drop_work(self) -> None:
        work_closing.drop(self)

    def _ask_to_validate(self, missing: Sequence[Problem]) -> None:
        async def then(letter: str) -> None:
            self.then_pay = letter == "R"
            if letter in ("O", "R"):
                await self._examine()
                return
            self.deducts_anyway = False  # it was answered for this validation
            if missing:
                self.explained = tuple(one.text for one in missing)
                self.reading.warn(missing[0].text)

        kind = self.editor.kind
        what = f"Valider {self.editor.document.ref} ({kind.title.lower()}) ? O/N"
        question, letters = what, "ON"
        if kind.bills:
            what = "l'avoir" if self._is_credit else "la facture"
            question = f"Valider {what} : le numéro est définitif. R : et régler. O/R/N"
            letters = "ORN"
        if missing:
            noted = fit(missing[0].message, self.app.size.width - cell_len(question) - 10).rstrip()
            question = f"! {noted}. {question}"
        self.reading.ask(question, then, letters=letters, final=True)

    @property
    def _is_credit(self) -> bool:
        return word_of(self.editor.document, self.editor.kind) == "Avoir"

    async def _examine(self) -> None:
        """The official rules on e-invoices take a second: beside the keys, what is typed meanwhile
        waits. Without them, or once they find nothing, the invoice is validated."""
        context, document = self.context, self.editor.document
        if not self.editor.kind.bills or not einvoices.has_official_rules():
            await self.guarded(self._validate)
            return

        async def then(wrong: Sequence[Problem]) -> None:
            if self.examining.stopped:
                self.reading.say("Pas validée")
                return
            if wrong:
                await self._show(wrong)
                return
            await self._validate()
            self.examining.give_back()

        self.examining.start(
            f"Contrôle de {document.ref}",
            lambda progress, cancelled: einvoices.official_problems(context, document),
            then,
        )

    async def _show(self, problems: Sequence[Problem]) -> None:
        """The first one and where it is; F1 has them all."""
        self.deducts_anyway = False
        others = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
        self.reading.refuse(problems[0].text + others)
        self.explained = tuple(one.text for one in problems)
        await self.show_problem(problems[0].field)

    async def _validate(self) -> None:
        accepted = (deposits.UNPAID,) if self.deducts_anyway else ()
        document = validating.validate(self.context, self.editor, accepted)
        await self.refresh_document()
        kind = self.editor.kind
        feminine = kind.gender == "f" and not self._is_credit
        done = "validée" if feminine else "validé"
        self.reading.done(f"{word_of(document, kind)} {document.ref} {done} · F3 l'imprime")
        if self.then_pay:
            await self._print_and_pay()

    async def _print_and_pay(self) -> None:
        """At the counter: the paper, then the payment, each one Enter."""
        from .preview import PreviewScreen

        async def printed(said: str | None) -> None:
            await self.refresh_document()
            if said:
                await self.go_tab("payments")
                await self.pane.offer()

        await self.app.push_screen(PreviewScreen(self.editor, sure=True), printed)

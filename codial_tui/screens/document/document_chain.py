"""What a document does in the chain: transfer, undo of one, duplicate, bill what is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from codial_tui.commands import Command
from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.subscriptions import unfit
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import Refused, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.chain.gathering import gather, look, without_refused
from codial_tui.screens.maintenance import work_closing
from codial_tui.services.chain import transfer_undo, unbilled
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.documents import duplicating

if TYPE_CHECKING:
    from codial_tui.screens.chain.transfer_carry import Outcome
    from codial_tui.services.chain.gathering import Looked
    from codial_tui.services.chain.transfers import Done
    from codial_tui.services.documents.editing import Editor

TAKE_BACK = Command("take_back", "Annuler le transfert", "Rend aux sources ce qui en est venu")
DUPLICATE = Command("duplicate", "Dupliquer le document", "Copie le document, sans rien prendre")
BILL_REST = Command("bill_rest", "Ajouter tout le non facturé", "Ce que le client a encore à payer")
SUBSCRIBE = Command("subscribe", "Abonner le client", "Refait cette facture chaque mois")
DEPOSITS = Command("deposits", "Acomptes", "Demander un acompte, ou déduire ceux qu'il y a")
CREDIT = Command("credit", "Avoir", "Crédite une facture validée, en entier ou en partie")
MATCHING = Command("matching", "Rapprocher", "Ce qui est facturé à côté de ce qui est venu")
STATUSES = Command("statuses", "Statuts", "Ce qu'en disent la plateforme et le client")
FOLLOW = Command("follow", "Suivi de consommation", "Ce que la commande coûte, au fur et à mesure")
SIGN = Command(
    *("sign", "Faire signer", "Le client signe le rapport, par son nom ou à la souris"),
    short="signer",
)
TIME_LINES = Command(
    *("time_lines", "Temps en lignes", "Main d'œuvre et déplacement, d'après les horaires"),
    short="lignes",
)
BILL_LINES = Command(
    *("bill_lines", "Facturée ou non", "Fait payer une ligne couverte, ou l'offre"),
    short="facturée",
)
PLAN = Command("plan", "Planifier", "Le met au planning", short="plan")
LETTERS = {
    "Y": TAKE_BACK,
    "X": DUPLICATE,
    "Z": BILL_REST,
    "G": DEPOSITS,
    "T": CREDIT,
    "3": FOLLOW,
}
"""Letters of F7."""
KIND_LETTERS: dict[str, dict[str, Command]] = {
    "work_order": {
        "T": TIME_LINES,
        "4": SIGN,
        "5": PLAN,
        "6": work_closing.REOPEN,
        "G": BILL_LINES,
    }
}
"""Those that only some kinds have, in place of LETTERS: the same on every tab, so none that a tab
has for a tool of its own (Lignes has nearly all)."""


def own_letters(document: Document) -> dict[str, Command]:
    """The letters of F7 that only its kind has."""
    own = KIND_LETTERS.get(document.kind, {})
    return {
        letter: work_closing.turning(document) if one == work_closing.REOPEN else one
        for letter, one in own.items()
    }


def letters_of(document: Document) -> dict[str, Command]:
    """The letters of F7 on a document, those of its kind first."""
    own = own_letters(document)
    return {**own, **{letter: one for letter, one in LETTERS.items() if letter not in own}}


class ChainCommands(BaseScreen[None]):
    """The part of a document screen that makes other documents of it."""

    editor: Editor
    document_id: int

    async def refresh_document(self) -> None:
        raise NotImplementedError

    def leave(self, *, cut: bool = False) -> None:
        raise NotImplementedError

    async def on_screen_resume(self) -> None:
        """Another screen of this session may have written or left this document."""
        if getattr(self, "editor", None) is None or not self.is_mounted:
            return
        if self.app.screen is not self:  # left meanwhile: its lock is given back
            return
        await self.guarded(self._renew)

    async def _renew(self) -> None:
        if transfer_undo.is_gone(self.context, self.document_id):
            self.dismiss()
        elif self.editor.renew():
            await self.refresh_document()

    async def action_transfer(self) -> None:
        from codial_tui.screens.chain.transfer_choice import TransferScreen

        await self.app.push_screen(TransferScreen(self.document_id), self._transferred)

    async def _transferred(self, outcome: Outcome | None) -> None:
        await self._renew()
        if outcome is not None:
            from .document import DocumentScreen

            screen = DocumentScreen(outcome.target_id, said=outcome.said, explained=outcome.reasons)
            await self.app.push_screen(screen)

    # undoing -----------------------------------------------------------------------------------

    async def undo_or_take_back(self) -> str:
        """Undo the last gesture, which may be the transfer that made the document."""
        try:
            return self.editor.undo()
        except Refused as error:
            last = transfer_undo.last_of(self.context, self.document_id)
            if not last or error.problems[0].code not in ("undo.nothing", "undo.barrier"):
                raise
        await self.action_take_back()
        return ""

    async def action_take_back(self) -> None:
        """Undo the last transfer or merge, after a question when it is not one's own of today."""
        last = transfer_undo.last_of(self.context, self.document_id)
        reason = transfer_undo.why_not(self.context, self.editor.document)
        own = all(
            one["user_id"] == self.context.user.id and one["at"][:10] == self.context.now[:10]
            for one in last
        )
        if reason or own:
            await self._take_back(last[0]["source_id"] if last else 0)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._take_back(last[0]["source_id"])

        made = date.fromisoformat(last[0]["at"][:10])
        who = f"{format_date(made)} par {last[0]['user_name']}"
        self.reading.ask(f"Annuler le transfert du {who} ? O/N", then, final=True)

    async def _take_back(self, source_id: int) -> None:
        """Undo it; where nothing is left of the document, back to the screen below."""
        words, gone = transfer_undo.undo(self.context, self.document_id)
        if not gone:
            self.editor.reload()
            await self.refresh_document()
            self.reading.done(words)
            return
        below = self.app.screen_stack[-2]
        self.dismiss()
        if isinstance(below, BaseScreen):
            if isinstance(below, ChainCommands):
                await below.guarded(below._renew)
            below.call_after_refresh(below.reading.done, words)
            return
        from .document import DocumentScreen

        self.app.call_later(self.app.push_screen, DocumentScreen(source_id, said=words))

    # other documents ---------------------------------------------------------------------------

    async def action_duplicate(self) -> None:
        kinds = {one.key: one for one in duplicating.targets(self.context, self.editor.kind)}

        async def then(letter: str) -> None:
            if letter:
                from .document import DocumentScreen

                copy = duplicating.duplicate(self.context, self.document_id, kinds[letter].kind)
                said = f"{copy.ref} : copie de {self.editor.document.ref}"
                await self.app.push_screen(DocumentScreen(copy.id, said=said))

        shown = "  ".join(f"{key} {one.title.lower()}" for key, one in kinds.items())
        self.reading.ask(f"Dupliquer en : {shown}", then, letters="".join(kinds))

    async def action_statuses(self) -> None:
        """What became of this electronic invoice."""
        from codial_tui.screens.invoicing.statuses import StatusScreen

        document = self.editor.document
        await self.app.push_screen(StatusScreen(document.id, document.ref))

    async def action_subscribe(self) -> None:
        """A subscription of which this invoice is the first model."""
        from codial_tui.screens.opening import open_record
        from codial_tui.screens.records.quick_create import QuickCreate

        invoice = self.editor.document
        if problems := unfit(invoice):
            raise Refused(*problems)

        async def then(made: int | None) -> None:
            if made is not None:
                await self.guarded(lambda: open_record(self, "subscription", made))

        values = {"model_id": invoice.id, "label": invoice.text("subject"), "every": 1}
        await self.app.push_screen(QuickCreate("subscription", {**values, "unit": "month"}), then)

    async def action_bill_rest(self) -> None:
        """Everything of this customer that is not yet invoiced, into this invoice."""
        if not self.editor.kind.bills:
            raise refuse("bill.kind", "Ce n'est pas une facture", "F6 transfère vers une facture")
        if self.editor.reason:
            raise refuse("document.locked", self.editor.reason)
        invoice = self.editor.document
        notes = unbilled.of_customer(self.context, invoice, unbilled.NOTES)
        orders = unbilled.of_customer(self.context, invoice, unbilled.ORDERS)
        if not notes and not orders:
            raise refuse("bill.nothing", "Rien d'autre à facturer à ce client")
        self._offer_rest(notes, orders)

    def _offer_rest(self, notes: tuple[int, ...], orders: tuple[int, ...]) -> None:
        """Say how many and how much, and ask."""
        request = Request((*notes, *orders), "invoice", self.document_id, goods_taken=False)
        looked = look(self, request)
        counted = _counted(looked, notes, orders)
        both = {*notes} & {*looked.sources} and {*orders} & {*looked.sources}
        letters, keys = ("OBN", "O tout  B les BL seuls  N non") if both else ("ON", "O/N")

        async def then(letter: str) -> None:
            if letter == "B":
                self._offer_rest(notes, ())
            elif letter == "O":
                await without_refused(self, looked, go)

        async def go() -> None:
            await gather(self, request, looked, added)

        async def added(done: Done) -> None:
            self.editor.reload()
            await self.refresh_document()
            self.reading.done(f"{counted} : dans {done.ref} · Ctrl+R annule")

        net = format_cents(looked.net)
        self.reading.ask(f"Ajouter {counted}, HT {net} € ? {keys}", then, letters=letters)

    def action_tools(self) -> None:
        """F7 where a tab has no tools of its own."""
        letters = letters_of(self.editor.document)
        shown = "  ".join(f"{letter} {one.label.lower()}" for letter, one in letters.items())
        self.reading.ask(f"Outils : {shown}", self.chain_tool, letters="".join(letters))

    def ask_tools(self, shown: str, letters: str, then: Callable[[str], Any]) -> None:
        """F7 where a tab has tools of its own: those, and what only this kind has, whose letters
        are free; what is done to a line is done in Lignes."""
        kinds = own_letters(self.editor.document)
        own = {letter: one for letter, one in kinds.items() if one != BILL_LINES}
        words = [shown, *(f"{letter} {one.short or one.label}" for letter, one in own.items())]

        async def chosen(letter: str) -> None:
            outcome = self.chain_tool(letter) if letter in own else then(letter)
            if isawaitable(outcome):
                await outcome

        self.reading.ask("  ".join(words), chosen, letters=letters + "".join(own))

    async def chain_tool(self, letter: str) -> None:
        letters = letters_of(self.editor.document)
        if letter in letters:
            outcome = getattr(self, f"action_{letters[letter].name}")()
            if isawaitable(outcome):
                await outcome


def _counted(looked: Looked, notes: tuple[int, ...], orders: tuple[int, ...]) -> str:
    """`2 BL et 1 commande`: what goes, in words."""
    counts = [len({*ids} & {*looked.sources}) for ids in (notes, orders)]
    words = [f"{counts[0]} BL" if counts[0] else ""]
    words.append(f"{counts[1]} commande{'s' if counts[1] > 1 else ''}" if counts[1] else "")
    return " et ".join(filter(None, words))

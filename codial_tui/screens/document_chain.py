"""What a document does in the chain: transfer, undo of one, duplicate, bill what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codial_tui.commands import Command
from codial_tui.errors import Refused, refuse
from codial_tui.services import duplicating, transfer_undo, unbilled
from codial_tui.services.transfer_parts import Request
from codial_tui.services.transfers import transfer

from .base import BaseScreen
from .transfer_carry import Outcome, with_choices

if TYPE_CHECKING:
    from codial_tui.services.editing import Editor

TAKE_BACK = Command("take_back", "Annuler le transfert", "Rend aux sources ce qui en est venu")
DUPLICATE = Command("duplicate", "Dupliquer le document", "Copie le document, sans rien prendre")
BILL_REST = Command("bill_rest", "Ajouter tout le non facturé", "Ce que le client a encore à payer")
LETTERS = {"Y": TAKE_BACK, "X": DUPLICATE, "Z": BILL_REST}
"""Letters of F7."""


class ChainCommands(BaseScreen[None]):
    """The part of a document screen that makes other documents of it."""

    editor: Editor
    document_id: int
    explained: tuple[str, ...] = ()
    """what F1 says of what was just done"""

    async def refresh_document(self) -> None:
        raise NotImplementedError

    def leave(self, *, cut: bool = False) -> None:
        raise NotImplementedError

    async def on_screen_resume(self) -> None:
        """Another screen of this session may have written or left this document."""
        if getattr(self, "editor", None) is None or not self.is_mounted:
            return
        await self.guarded(self._renew)

    async def _renew(self) -> None:
        if transfer_undo.is_gone(self.context, self.document_id):
            self.dismiss()
        elif self.editor.renew():
            await self.refresh_document()

    async def action_transfer(self) -> None:
        from .transfer_choice import TransferScreen

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
        """Undo the last transfer or merge; when nothing is left of it, back to the source."""
        sources = [
            one["source_id"] for one in transfer_undo.last_of(self.context, self.document_id)
        ]
        words, gone = transfer_undo.undo(self.context, self.document_id)
        if not gone:
            self.editor.reload()
            await self.refresh_document()
            self.reading.done(words)
            return
        below = self.app.screen_stack[-2]
        self.dismiss()
        if isinstance(below, ChainCommands) and below.document_id in sources:
            await below.guarded(below._renew)
            below.call_after_refresh(below.reading.done, words)
            return
        from .document import DocumentScreen

        self.app.call_later(self.app.push_screen, DocumentScreen(sources[0], said=words))

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

    async def action_bill_rest(self) -> None:
        """Everything of this customer that is not yet invoiced, into this invoice."""
        if self.editor.kind.kind != "invoice":
            raise refuse("bill.kind", "Ce n'est pas une facture", "F6 transfère vers une facture")
        found = unbilled.of_invoice(self.context, self.editor.document)
        if not found.sources:
            more = f" · {len(found.reasons)} refusées : F1 pourquoi" if found.reasons else ""
            self.explained = found.reasons
            raise refuse("bill.nothing", f"Rien d'autre à facturer à ce client{more}")
        request = Request(found.sources, "invoice", self.document_id)

        async def then(made: Request) -> None:
            done = transfer(self.context, replace(made, goods_taken=False))
            self.editor.reload()
            await self.refresh_document()
            count = len(done.sources)
            said = f"{count} document{'s' if count > 1 else ''} ajouté{'s' if count > 1 else ''}"
            if found.reasons:
                said += f" · {len(found.reasons)} refusés : F1 pourquoi"
                self.explained = found.reasons
            self.reading.done(f"{said} · Ctrl+R annule")

        await with_choices(self, request, then)

    def action_tools(self) -> None:
        """F7 where a tab has no tools of its own."""
        shown = "  ".join(f"{letter} {one.label.lower()}" for letter, one in LETTERS.items())
        self.reading.ask(f"Outils : {shown}", self.chain_tool, letters="".join(LETTERS))

    async def chain_tool(self, letter: str) -> None:
        if letter in LETTERS:
            await getattr(self, f"action_{LETTERS[letter].name}")()

"""F6 on a validated invoice: what of it is credited, seen before anything is written."""

from __future__ import annotations

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.screens.chain.transfer_carry import Outcome
from codial_tui.screens.chain.transfer_choice import TransferScreen
from codial_tui.services.chain.transfer_targets import Target
from codial_tui.services.documents import rows
from codial_tui.services.invoicing import credit_notes
from codial_tui.services.stock import goods


class CreditScreen(TransferScreen):
    """The lines of the invoice and how much of each; F8 makes a provisional credit note."""

    where = "l'avoir"
    does = "Créditer"

    def looked_at(self) -> tuple[Document, list[Target]]:
        source = rows.load(self.context.database, self.document_id)
        assert source is not None
        left = credit_notes.creditable(self.context, source)
        takes = {uid: one.quantity for uid, one in left.items()}
        way = credit_notes.WAY._replace(label="avoir", letter="V")
        target = Target(doc_type("invoice"), way, left, takes)
        return source, [target]

    def planned(self) -> Document:
        return credit_notes.proposed(self.context, self.source, self.wanted() or {"": 0})

    def headline(self) -> str:
        return f"Avoir de la facture {self.source.ref}"

    def refused_above(self) -> bool:
        return True

    async def do(self) -> None:
        made = self.planned()
        if not goods.asked(self.context.database, made):
            self._credit(None)
            return

        def then(letter: str) -> None:
            if letter in ("O", "N"):
                self._credit(letter == "O")

        self.reading.ask("Marchandise reprise ? O/N", then, final=True)

    def _credit(self, back: bool | None) -> None:
        made = credit_notes.credit(self.context, self.document_id, self.wanted(), back)
        said = f"Avoir {made.ref} créé, provisoire · F8 le valide"
        self.dismiss(Outcome(made.id, said, (self.document_id,)))

    def help_text(self) -> list[str]:
        return [
            "Tout est proposé : Espace laisse une ligne, les chiffres disent combien en créditer.",
            "F8 crée un avoir provisoire, qui se relit et se corrige avant d'être validé (F8).",
            "Un prix trop fort : gardez la ligne, puis quantité 1 et prix négatif dans l'avoir.",
        ]

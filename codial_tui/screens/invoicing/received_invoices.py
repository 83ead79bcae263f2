"""Recording what suppliers sent: the electronic invoices that wait in the inbox."""

from __future__ import annotations

from codial_tui.screens.document.attachments import InboxScreen
from codial_tui.screens.opening import open_document
from codial_tui.screens.wording import counted
from codial_tui.services.invoicing import supplier_invoices


class ReceivedInvoices(InboxScreen):
    """Files of the inbox; Enter records the marked ones, or the current one, and opens it."""

    where = "les factures reçues"
    heading = "Factures reçues"
    tells = (
        "La facture est enregistrée avec les montants qu'elle annonce ; son fichier reste en GED.",
        "Le fournisseur est créé s'il manque. La même facture n'entre pas deux fois.",
    )
    hint = "PDF Factur-X, XML CII ou UBL. Entrée enregistre, Espace marque, Échap revient."

    async def take(self, names: list[str]) -> None:
        recorded, refused = self.take_each(names, supplier_invoices.record_from_inbox)
        if len(recorded) == 1 and not refused:
            said = [f"! {one.text}" for one in recorded[0].warnings]
            told = said[0] if said else "Enregistrée, sortie de la boîte de dépôt"
            await open_document(self, recorded[0].document.id, said=told)
            return
        words = [counted(len(recorded), "facture enregistrée")] if recorded else []
        words += [counted(len(refused), "refusée")] if len(names) > 1 and refused else []
        if refused:
            self.reading.warn(" · ".join([*words, refused[0]]))
        else:
            self.reading.done(words[0])

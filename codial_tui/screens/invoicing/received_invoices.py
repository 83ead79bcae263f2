"""Recording what suppliers sent: the electronic invoices that wait in the inbox."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from codial_tui.domain.text import display
from codial_tui.errors import CodialError
from codial_tui.screens.document.attachments import InboxScreen
from codial_tui.screens.opening import open_document
from codial_tui.services.documents import attachments
from codial_tui.services.invoicing import supplier_invoices


class ReceivedInvoices(InboxScreen):
    """Files of the inbox; Enter records the marked ones, or the current one, and opens it."""

    where = "les factures reçues"
    heading = "Factures reçues"
    hint = "PDF Factur-X, XML CII ou UBL. Entrée enregistre, Espace marque, Échap revient."

    async def take(self, names: list[str]) -> None:
        files = {path.name: path for path in attachments.inbox(self.context)}
        recorded, refused = [], []
        for name in names:
            path = files.get(name)
            try:
                if path is None:
                    raise CodialError("parti de la boîte de dépôt")
                recorded.append(self._record(path))
            except CodialError as error:
                if len(names) == 1:
                    raise
                refused.append(f"{name} : {error.text}")
        self.table.unmark()
        self._fill()
        if len(recorded) == 1 and not refused:
            said = [one.text for one in recorded[0].warnings]
            self.reading.say(said[0] if said else "Enregistrée, sortie de la boîte de dépôt")
            await open_document(self, recorded[0].document.id)
            return
        count = len(recorded)
        words = f"{count} enregistrée{'s' if count > 1 else ''}, {len(refused)} refusée"
        words += "s" if len(refused) > 1 else ""
        self.reading.say(f"{words} · {display(refused[0])}" if refused else words)

    def _record(self, path: Path) -> supplier_invoices.Recorded:
        recorded = supplier_invoices.record_file(self.context, path)
        with suppress(OSError):  # it is kept: a second time it is refused
            path.unlink()
        return recorded

"""F3 on a price request: one letter a supplier, all of them in one gesture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.screens.wording import counted
from codial_tui.services.buying import price_letters, price_requests
from codial_tui.services.buying.price_letters import Sent
from codial_tui.services.documents import attachments
from codial_tui.services.paper.destinations import ToPrinter

if TYPE_CHECKING:
    from codial_tui.screens.document.document_invoicing import InvoicingCommands


def asked(host: InvoicingCommands) -> bool:
    """Ask how the letters leave. False when nobody was asked: it prints like any document."""
    suppliers = price_requests.asked(host.context, host.document_id)
    if not suppliers:
        return False
    addresses = sum(bool(one.email) for one in suppliers)

    async def then(letter: str) -> None:
        if letter:
            await _sent(host, letter)

    mail = f"  E courriel ({counted(addresses, 'adresse')})" if addresses else ""
    host.reading.ask(
        f"{counted(len(suppliers), 'lettre')} : I imprimer  P PDF{mail}  A aperçu",
        then,
        letters="IPEA" if addresses else "IPA",
    )
    return True


WIDTH, HEIGHT = 74, 60
"""cells and rows of a letter read on the terminal"""


async def _sent(host: InvoicingCommands, letter: str) -> None:
    context = host.context
    if letter == "A":
        await _preview(host)
        return
    sent = price_letters.send(
        context,
        host.document_id,
        folder=attachments.folder(context, "export"),
        printer=ToPrinter() if letter == "I" else None,
        by_mail=letter == "E",
        again=True,
    )
    host.editor.reload()
    await host.refresh_document()
    host.reading.done(said(sent))


async def _preview(host: InvoicingCommands) -> None:
    """The letters as text, one supplier after the other; looking has no effect."""
    from codial_tui.screens.document.attachments import TextScreen
    from codial_tui.services.paper import printing

    context = host.context
    request = price_requests.load(context, host.document_id)
    rows: list[str] = []
    for one in price_requests.asked(context, request.id):
        letter = price_letters.letter(context, request, one.supplier_id)
        pages = printing.preview(context, letter, width=WIDTH, height=HEIGHT)
        rows += [row for page in pages for row in page]
        rows.append("─" * WIDTH)
    await host.app.push_screen(TextScreen(f"Lettres de {request.ref}", rows))


def said(sent: Sent) -> str:
    """What left, in words."""
    parts = [f"{counted(sent.printed, 'lettre')} à l'imprimante"] if sent.printed else []
    parts += [f"{len(sent.files)} PDF dans {sent.files[0].parent}"] if sent.files else []
    parts += [f"{counted(len(sent.mailed), 'courriel')} en file"] if sent.mailed else []
    return " · ".join(parts)

"""What validating an invoice entails beside its number and seal: declarations name these under
`effects["validate"]`. Each runs once, inside the transaction of the validation, on the invoice as
it was sealed.
"""

from __future__ import annotations

from collections.abc import Callable

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.paper.paper_heads import title_of
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, rows
from codial_tui.services.paper import originals
from codial_tui.services.stock import goods, receiving, stock_moves

from . import einvoices

Effect = Callable[[Context, Document], None]


def stock_taken_along(context: Context, document: Document) -> None:
    """The goods that left with the invoice leave the stock."""
    leaving = goods.moved(context.database, document)
    if leaving.lines:
        stock_moves.leave(context, leaving, "invoice")


def stock_in(context: Context, document: Document) -> None:
    """What a receipt brings enters the stock, once (domain.md §7)."""
    receiving.enter(context, document, "receipt")


def stock_back(context: Context, document: Document) -> None:
    """What goes back to a supplier leaves the stock, once."""
    receiving.enter(context, document, "supplier_return")


def keep_original(context: Context, document: Document) -> None:
    """The Factur-X is made and kept for ever; the first official print hands it over."""
    from codial_tui.printing.output import file_name

    stored = rows.load(context.database, document.id)  # with what other effects wrote
    assert stored is not None
    name = file_name(title_of(stored, doc_type(stored.kind)))
    drawn = einvoices.pdf(context, stored)
    attachments.insert(
        context, "document", stored.uid, name, "application/pdf", drawn, originals.ORIGIN
    )


EFFECTS: dict[str, Effect] = {
    one.__name__: one for one in (stock_taken_along, keep_original, stock_in, stock_back)
}
"""What a declaration may name; each with the stored document."""

"""What validating an invoice entails beside its number and seal: declarations name these under
`effects["validate"]`. Each runs once, inside the transaction of the validation, on the invoice as
it was sealed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.money import div_round
from codial_tui.domain.paper_heads import title_of

from . import attachments, einvoices, originals, rows, stock_moves
from .context import Context

Effect = Callable[[Context, Document], None]


def stock_taken_along(context: Context, document: Document) -> None:
    """The goods that left with the invoice leave the stock."""
    goods = taken_along(context, document)
    if goods.lines:
        stock_moves.leave(context, goods, "invoice")


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


def taken_along(context: Context, document: Document) -> Document:
    """The invoice with only the goods that left with it: of each line, the quantity it took of
    `deliver` of an order, its components in the same proportion (domain.md §7). What a delivery
    note delivers leaves with that note."""
    taken: dict[str, int] = {}
    for link in document.links.values():
        if link.pool == "deliver":
            taken[link.target_uid] = taken.get(link.target_uid, 0) + link.quantity
    whole = {line.uid: line.quantity for line in document.lines}
    parents = {line.uid: line.parent_uid for line in document.lines}
    lines = []
    for line in document.lines:
        top = line.uid
        while (above := parents.get(top)) is not None:
            top = above
        if top in taken and whole[top]:
            quantity = div_round(line.quantity * taken[top], whole[top])
            lines.append(replace(line, quantity=quantity))
    return replace(document, lines=lines)


EFFECTS: dict[str, Effect] = {one.__name__: one for one in (stock_taken_along, keep_original)}
"""What a declaration may name; each with the stored document."""

"""What would be made of contracts, to read before it is made: the paper as text; nothing is
written."""

from __future__ import annotations

from codial_tui.services.context import Context

from . import contract_letters, contract_papers, contracts
from .contract_plan import Due

WIDTH, HEIGHT = 74, 60
"""cells and rows of a paper read on the terminal"""
PAPERS = ("visit", "invoice", *contract_letters.KINDS)
"""What becomes a paper; a renewal and an end do not."""


def rows(context: Context, due: Due) -> list[str]:
    """The work order, the invoice or the letter that this would make, row by row. Raises Refused
    for what cannot be made, such as a letter whose model names an unknown field."""
    row = contracts.load(context, due.contract_id)
    if due.kind in contract_letters.KINDS:
        from codial_tui.printing import preview as terminal

        pages = terminal.preview(contract_letters.paper(context, row, due), WIDTH, HEIGHT)
    else:
        from codial_tui.services.paper import printing

        if due.kind == "visit":
            document = contract_papers.visit(context, row, due)
        else:
            document, _ = contract_papers.invoice(context, row, due)
        pages = printing.preview(context, document, width=WIDTH, height=HEIGHT)
    return [line for page in pages for line in page]

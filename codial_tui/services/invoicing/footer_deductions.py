"""Footer deductions of an invoice: frozen when it is validated (domain.md §6)."""

from __future__ import annotations

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import deductions
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context


def freeze(context: Context, document: Document) -> None:
    """Write what each deduction keeps, and when a retention is due, into an invoice about to be
    sealed, inside the caller's transaction."""
    for part in deductions.parts(document):
        part.deduction.amount = part.amount
        part.deduction.release_on = part.release_on
        if part.deduction.id is not None:
            values = {"amount": part.amount, "release_on": part.release_on}
            context.database.update("invoice_deduction", part.deduction.id, values)


def problems(context: Context, document: Document) -> list[Problem]:
    """Why an invoice cannot be validated with its deductions."""
    return deductions.problems(document)

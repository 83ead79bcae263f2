"""What must hold before an invoice gets its number, beyond the pure rules of its declaration: what
only the database knows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.numbering import period_of
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context
from codial_tui.services.law import closings, signed_count

from . import credit_notes, deposits, einvoices, footer_deductions

Check = Callable[[Context, Document], list[Problem]]


def dates_in_order(context: Context, document: Document) -> list[Problem]:
    """Numbers follow dates: none before the last validated one of the series (CGI ann. II
    art. 242 nonies A, I-7°)."""
    day = document.text("date")
    period = period_of(day, doc_type(document.kind).numbering.period)
    last = context.database.row(
        "SELECT date, number FROM document WHERE kind = ? AND establishment_id = ? "
        "AND number IS NOT NULL AND date LIKE ? ORDER BY date DESC, serial DESC LIMIT 1",
        (document.kind, document.header.get("establishment_id"), f"{period}%"),
    )
    if last is None or day >= last[0]:
        return []
    return [
        Problem(
            "date.order",
            "date",
            f"Date {french(day)}, avant celle de {last[1]}",
            f"au plus tôt le {french(last[0])}",
        )
    ]


def french(day: str) -> str:
    return format_date(date.fromisoformat(day))


def in_an_open_day(context: Context, document: Document) -> list[Problem]:
    """Nothing more comes into a day that was closed (legal.md §3.1)."""
    closed, day = closings.closed_until(context), document.text("date")
    if not closed or day > closed:
        return []
    first = french((date.fromisoformat(closed) + timedelta(1)).isoformat())
    return [Problem("date.closed", "date", f"Le {french(day)} est clôturé", f"dès le {first}")]


def can_be_signed(context: Context, document: Document) -> list[Problem]:
    """The key is at hand and the database is the one whose count was signed."""
    return signed_count.problems(context)


CHECKS: tuple[Check, ...] = (
    *(dates_in_order, in_an_open_day, can_be_signed, footer_deductions.problems),
    *(deposits.problems, deposits.unpaid, credit_notes.problems, einvoices.problems),
)
"""Each is asked before a number is consumed, and once more in the transaction that gives it."""

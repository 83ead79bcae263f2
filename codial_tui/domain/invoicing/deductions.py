"""What is kept from the amount to pay of an invoice, below its TTC (domain.md §6).

Retention (at most 5 %, loi 71-584 of 16/07/1971), direct payment of a subcontractor, prorata
account. They are no discounts: HT, VAT and TTC (BT-112, BT-115) stay as they are.
"""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.dates import years_later
from codial_tui.domain.document import Deduction, Document
from codial_tui.domain.money import percent_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents, format_percent

RETENTION_MAX = 50_000
"""5 %, as a ratio (10⁻⁶)"""
LABELS = {
    "retention": "Retenue de garantie",
    "direct_payment": "Paiement direct sous-traitant",
    "prorata": "Compte prorata",
}
_SHORT = {"retention": "RG", "direct_payment": "Paiement direct", "prorata": "Prorata"}


class Part(NamedTuple):
    """One deduction worked out. amount: cents kept from what is due now; 0 under a bond.
    release_on: ISO day on which a retention is to be paid; None for what nobody will pay."""

    deduction: Deduction
    label: str
    amount: int
    release_on: str | None

    @property
    def kind(self) -> str:
        return self.deduction.kind


def kept(one: Deduction, net: int, gross: int) -> int:
    """Cents that a deduction keeps of works of net HT and gross TTC, deposits not taken off;
    a negative amount for a credit note, whose works are negative."""
    if one.bond:
        return 0
    if one.percent is None:
        return one.amount
    return percent_of(net if one.base == "net" else gross, one.percent)


def parts(document: Document) -> list[Part]:
    """The deductions of an invoice with what each keeps, in order. The retention is to be made an
    instalment of its own, due on its `release_on`."""
    from codial_tui.domain.lines.totals import totals

    if not document.deductions:
        return []
    found = totals(document)
    return [
        Part(
            one,
            label(one),
            kept(one, found.works_net, found.works_gross),
            release_of(one, document.text("date")) if one.kind == "retention" else None,
        )
        for one in document.deductions
    ]


def label(one: Deduction) -> str:
    """What a deduction is called on paper, with its percent."""
    words = one.label or LABELS[one.kind]
    if one.percent is not None:
        words += f" {format_percent(one.percent)}"
    return f"{words}, cautionnée" if one.bond else words


def release_of(one: Deduction, day: str) -> str | None:
    """When a retention is due: what was typed, else one year after the invoice (ISO days)."""
    if one.bond:
        return None
    return one.release_on or (years_later(day, 1) if day else None)


def problems(document: Document) -> list[Problem]:
    """Why an invoice cannot be validated with these deductions."""
    if not document.deductions:
        return []
    from codial_tui.domain.lines.totals import totals

    found = totals(document)
    wrong: list[Problem] = []

    def add(code: str, field: str, message: str, remedy: str) -> None:
        wrong.append(Problem(code, field, message, remedy))

    withheld = 0
    for part in parts(document):
        one = part.deduction
        if one.kind == "retention":
            withheld += abs(part.amount)
            released = one.release_on
            if released and released < document.text("date"):
                add(
                    "retention.release",
                    "release_on",
                    "Retenue à payer avant la facture",
                    "changez sa date",
                )
        if part.amount * (1 if found.works_gross >= 0 else -1) < 0:
            add(
                "deduction.sign",
                one.kind,
                f"{_SHORT[one.kind]} : mauvais signe",
                "retapez le montant",
            )
    base = max(abs(found.works_gross), abs(found.works_net))
    if withheld > percent_of(base, RETENTION_MAX):
        most = format_cents(percent_of(base, RETENTION_MAX))
        add(
            "retention.too_much",
            "retention",
            "Retenue de plus de 5 %",
            f"au plus {most}, loi 71-584",
        )
    if (not found.gross and found.payable) or found.gross * found.payable < 0:
        add(
            "deduction.too_much",
            document.deductions[0].kind,
            f"Déductions : {format_cents(found.gross - found.payable)} pour "
            f"{format_cents(found.gross)} TTC",
            "réduisez-les : net à payer sous zéro",
        )
    return wrong

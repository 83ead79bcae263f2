"""Journals, VAT, e-reporting and analysis of a period as tables for people and spreadsheets."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from codial_tui.domain.accounting.vat_summary import vat_summary
from codial_tui.exchange.tables import Cell
from codial_tui.services.context import Context
from codial_tui.services.lists.reports import Report, cents, percent

from . import accounting, e_reporting

AXES = {"branch": ("Agence", "name"), "project": ("Affaire", "name")}
"""What accounts are analysed by: title, and the column of its words."""


def journals(context: Context, first: date, last: date) -> Report:
    """The journals of sales and receipts, row by row, whether they were exported or not."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(entry.journal, date.fromisoformat(entry.day), entry.piece, row.account),
            *(row.auxiliary.code, entry.label, cents(row.debit), cents(row.credit)),
        )
        for entry in sorted(
            accounting.entries(context, first, last, new=False), key=lambda one: one.journal
        )
        for row in entry.rows
    ]
    return Report(
        "journals",
        ("journal", "day", "piece", "account", "auxiliary", "label", "debit", "credit"),
        ("Jnl", "Date", "Pièce", "Compte", "Client", "Libellé", "Débit", "Crédit"),
        rows,
    )


def vat(context: Context, first: date, last: date) -> Report:
    """VAT by rate: due when invoiced, invoiced and waiting, received, to declare."""
    found = vat_summary(accounting.entries(context, first, last, new=False))
    rows: list[tuple[Cell, ...]] = [
        (one.category, percent(one.rate), *(cents(value) for value in (*one[2:], one.due)))
        for one in found
    ]
    return Report(
        "vat",
        (
            *("category", "rate", "debits_base", "debits_vat", "receipts_base", "receipts_vat"),
            *("received_base", "received_vat", "due"),
        ),
        (
            *("Cat.", "Taux", "HT débits", "TVA débits", "HT en attente", "TVA en attente"),
            *("HT encaissé", "TVA encaissée", "TVA due"),
        ),
        rows,
    )


def analysis(context: Context, first: date, last: date, axis: str) -> Report:
    """Accounts by branch or project: debit, credit and balance (credit − debit) of each."""
    title, label = AXES[axis]
    sql = f"SELECT id, code || ' ' || {label} FROM {axis}"
    names: dict[int | None, str] = dict(context.database.rows(sql))
    debit: Counter[tuple[str, str, str]] = Counter()
    credit: Counter[tuple[str, str, str]] = Counter()
    for entry in accounting.entries(context, first, last, new=False):
        if entry.source == "payment":
            continue  # of no branch
        found = entry.branch_id if axis == "branch" else entry.project_id
        for row in entry.rows:
            place = (str(names.get(found, "")), row.account, row.label)
            debit[place] += row.debit
            credit[place] += row.credit
    rows: list[tuple[Cell, ...]] = [
        (*place, *map(cents, (debit[place], credit[place], credit[place] - debit[place])))
        for place in sorted(debit)
    ]
    keys = (axis, "account", "label", "debit", "credit", "balance")
    return Report("analysis", keys, (title, "Compte", "Libellé", "Débit", "Crédit", "Solde"), rows)


_WHAT = {"sale": "Vente", "receipt": "Encaissement"}
_REPORTS = {"b2c": "Particuliers", "b2bint": "International"}


def figures(context: Context, first: date, last: date) -> Report:
    """E-reporting: consumers by day, foreign businesses by invoice, receipts on services."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(_WHAT[one.what], _REPORTS[one.report], date.fromisoformat(one.day), one.category),
            *(percent(one.rate), cents(one.base), cents(one.vat), Decimal(one.invoices)),
            *(one.number, one.country),
        )
        for one in e_reporting.report(context, first, last)
    ]
    return Report(
        "e-reporting",
        (
            *("what", "report", "day", "category", "rate", "base", "vat", "count"),
            *("number", "country"),
        ),
        (
            *("Opération", "Rapport", "Jour", "Catégorie", "Taux", "HT", "TVA", "Nombre"),
            *("Facture", "Pays"),
        ),
        rows,
    )

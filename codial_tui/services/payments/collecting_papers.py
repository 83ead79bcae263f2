"""The letters of collecting on paper: reminder and statement of account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate
from pathlib import Path

from codial_tui.domain.paper.issuer import identity, letterhead
from codial_tui.domain.paper.paper import (
    Block,
    Paper,
    PaperColumn,
    Row,
    RowStyle,
    Sums,
    Table,
    Text,
    TotalRow,
    long_date,
    paper_date,
)
from codial_tui.domain.paper.richtext import Run, fill, parse
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.law import training
from codial_tui.services.paper import papers
from codial_tui.services.records import settings

from . import receivables, reminders
from .receivables import OpenRow
from .reminders import Due

_LATE = (
    PaperColumn("ref", "Facture"),
    PaperColumn("invoiced", "Du", 22, 10),
    PaperColumn("due", "Échéance", 22, 10),
    PaperColumn("late", "Retard", 18, 8, right=True),
    PaperColumn("amount", "Montant", 26, 12, right=True),
    PaperColumn("left", "Reste dû", 26, 12, right=True),
)
_MOVES = (
    PaperColumn("day", "Date", 20, 10),
    PaperColumn("ref", "Pièce", 24, 10),
    PaperColumn("what", "Libellé"),
    PaperColumn("debit", "Débit", 24, 12, right=True),
    PaperColumn("credit", "Crédit", 24, 12, right=True),
    PaperColumn("balance", "Solde", 26, 12, right=True),
)


def reminder(context: Context, one: Due) -> Paper:
    """The letter of a reminder, with what is late."""
    body, problems = fill(parse(one.level.body), reminders.fields(context, one))
    blocks: list[Block] = [Text(body), _open_table(one.rows, context.today)]
    rows = [TotalRow("Reste dû", f"{format_cents(one.total)} €", strong=True)]
    if one.penalties or one.fixed:
        rows += [
            TotalRow("Pénalités de retard à ce jour", format_cents(one.penalties)),
            TotalRow("Indemnité de recouvrement", format_cents(one.fixed)),
        ]
    blocks.append(Sums(tuple(rows)))
    blocks += _bank(context)
    paper = addressed(context, one.party_id, one.level.label.upper(), blocks)
    return replace(paper, problems=tuple(problems))


def statement(
    context: Context, party_id: int, first: date | None = None, last: date | None = None
) -> Paper:
    """A customer's account: what moved it in a period, then what was open at its end. Raises
    Refused for a customer nothing was ever invoiced to."""
    until = last or context.today
    before, found = receivables.moves(context, party_id, first, until)
    still = receivables.open_rows(context, party_id, until)
    if not found and not before and not still:
        raise refuse("statement.empty", "Rien sur le compte de ce client", "aucune facture émise")
    table = Table(_MOVES, tuple(_move_rows(before, found, first)), title="Mouvements")
    blocks: list[Block] = [table]
    if still:
        blocks.append(_open_table(still, until, title="Factures à régler"))
    balance = before + sum(one.amount for one in found)
    label = "Solde en votre faveur" if balance < 0 else "Solde à régler"
    blocks.append(Sums((TotalRow(label, f"{format_cents(abs(balance))} €", strong=True),)))
    if balance > 0:
        blocks += _bank(context)
    title = f"RELEVÉ DE COMPTE AU {paper_date(until)}"
    return addressed(context, party_id, title, blocks)


def _bank(context: Context) -> list[Block]:
    """Where to pay."""
    issuer = papers.issuer(context, settings.default_establishment(context))
    if not issuer.iban:
        return []
    bic = f" – BIC {issuer.bic}" if issuer.bic else ""
    return [Text(((Run(f"IBAN {issuer.iban}{bic}"),),), small=True)]


def _move_rows(before: int, found: Sequence[receivables.Move], first: date | None) -> list[Row]:
    rows = []
    if first is not None:
        cells = (paper_date(first), "", "Report", "", "", format_cents(before))
        rows.append(Row(RowStyle.ITEM, cells))
    balances = list(accumulate((one.amount for one in found), initial=before))[1:]
    for one, balance in zip(found, balances):
        debit = format_cents(one.amount) if one.amount > 0 else ""
        credit = format_cents(-one.amount) if one.amount < 0 else ""
        words = f"{one.what}, échéance {paper_date(one.due)}" if one.due else one.what
        cells = (paper_date(one.day), one.ref, words, debit, credit, format_cents(balance))
        rows.append(Row(RowStyle.ITEM, cells))
    return rows


def _open_table(rows: Sequence[OpenRow], day: date, title: str = "") -> Table:
    shown = [
        Row(
            RowStyle.ITEM,
            (
                one.ref + (" (retenue de garantie)" if one.nature == "retention" else ""),
                paper_date(one.invoiced),
                paper_date(one.due),
                f"{late} j" if (late := (day - one.due).days) > 0 and one.left > 0 else "",
                format_cents(one.amount),
                format_cents(one.left),
            ),
        )
        for one in rows
    ]
    return Table(_LATE, tuple(shown), title=title)


def addressed(context: Context, party_id: int, title: str, blocks: Sequence[Block]) -> Paper:
    """A letter to a customer of today."""
    issuer = papers.issuer(context, settings.default_establishment(context))
    party = context.database.mapping("SELECT * FROM party WHERE id = ?", (party_id,)) or {}
    town = f"{party.get('postcode', '')} {party.get('city', '')}".strip()
    country = party.get("country", "")
    address = (
        *(party.get("name", ""), party.get("street", ""), party.get("street2", ""), town),
        country if country not in ("", "FR") else "",
    )
    today = long_date(context.today)
    facts = (
        f"{issuer.city}, le {today}" if issuer.city else today,
        f"Votre code client : {party.get('code', '')}",
    )
    return Paper(
        title=title,
        issuer=letterhead(issuer),
        logo=issuer.logo,
        party=tuple(line for line in address if line),
        facts=facts,
        watermark=training.mark(context, ""),
        blocks=tuple(blocks),
        foot=identity(issuer),
    )


def drawn(context: Context, paper: Paper) -> bytes:
    """A paper as PDF."""
    from codial_tui.printing.pdf import pdf_bytes

    return pdf_bytes(paper, context.local_now)


def save(context: Context, paper: Paper, path: Path, *, replace_it: bool = False) -> bytes:
    """Draw a paper into a PDF file; its bytes. Raises PrintFailed for a file that is there."""
    from codial_tui.printing.output import write_pdf

    pdf = drawn(context, paper)
    write_pdf(path, pdf, replace=replace_it)
    return pdf

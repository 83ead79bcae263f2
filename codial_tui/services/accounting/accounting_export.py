"""Handing entries over to accounting: a batch, written once, its files made again at will.

An entry belongs to one batch for good (unique source, append-only rows), its number follows the
last one without a gap; the files of a batch are made from its rows and have the same bytes each
time. Exported invoices are posted.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import NamedTuple

from codial_tui.domain.accounting.accounting import Entry, is_balanced
from codial_tui.errors import Refused, refuse
from codial_tui.exchange import fec
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.law import training
from codial_tui.services.records import settings

from . import accounting


class Batch(NamedTuple):
    """One export. first, last, valid: ISO days; debit: cents; sha256: of the UTF-8 file."""

    id: int
    first: str
    last: str
    valid: str
    entries: int
    debit: int
    sha256: str
    at: str
    by: str


_COLUMNS = (
    "id, period_from, period_to, valid_date, entries, debit, sha256, made_at, made_name "
    "FROM accounting_batch"
)


def batches(context: Context, limit: int = 100) -> list[Batch]:
    """The exports, newest first."""
    rows = context.database.rows(f"SELECT {_COLUMNS} ORDER BY id DESC LIMIT ?", (limit,))
    return [Batch(*row) for row in rows]


def batch(context: Context, number: int) -> Batch:
    """One export. Raises Refused."""
    row = context.database.row(f"SELECT {_COLUMNS} WHERE id = ?", (number,))
    if row is None:
        raise refuse("batch.unknown", f"Pas de lot {number}", "F10 Comptabilité, F7 L")
    return Batch(*row)


def last_of(context: Context, first: date, last: date) -> Batch | None:
    """The newest export of exactly this period."""
    row = context.database.row(
        f"SELECT {_COLUMNS} WHERE period_from = ? AND period_to = ? ORDER BY id DESC LIMIT 1",
        (first.isoformat(), last.isoformat()),
    )
    return Batch(*row) if row else None


def siren(context: Context) -> str:
    """The company's SIREN, which names the file. Raises Refused."""
    found = str(settings.company(context).get("siren") or "")
    if len(found) != 9:
        raise refuse("company.siren", "Le SIREN de la société manque", "F10 Paramètres, Société")
    return found


def nothing_new() -> Refused:
    """Why an export is refused when nothing is left to hand over."""
    return refuse("accounting.nothing", "Rien de nouveau à exporter", "changez la période")


def post(context: Context, first: date, last: date, found: list[Entry] | None = None) -> Batch:
    """Put the new entries of a period into a batch and post their invoices, in one transaction.
    found: those entries, when they were worked out already. Raises Refused when there are none,
    or when somebody else exported meanwhile."""
    training.forbid(context, "Export comptable")
    siren(context)
    found = accounting.entries(context, first, last, new=True) if found is None else found
    if not found:
        raise nothing_new()
    if not is_balanced(found):  # never seen; what is handed over is checked all the same
        raise refuse("accounting.unbalanced", "Une écriture n'est pas équilibrée", "signalez-le")
    labels = accounting.journal_labels(context)
    database = context.database
    with database.write():
        database.take_turn("accounting")
        _still_new(context, found)
        values = {
            "uid": context.uid(),
            "period_from": first.isoformat(),
            "period_to": last.isoformat(),
            "valid_date": _valid_day(context),
            "entries": len(found),
            "debit": sum(one.debit for one in found),
            "made_at": context.now,
            "made_by": context.user.id,
            "made_name": context.user.name,
        }
        number = int(database.value("SELECT COALESCE(MAX(number), 0) FROM accounting_entry"))
        rows = [
            _row(entry, place, labels, str(values["valid_date"]))
            for place, entry in enumerate(found, number + 1)
        ]
        content = fec.fec(one for entry in rows for one in entry)
        values["sha256"] = hashlib.sha256(content).hexdigest()
        made = database.insert("accounting_batch", values)
        _insert(context, made, found, rows)
        _posted(context, made, found)
        detail = {"batch": made, "from": values["period_from"], "to": values["period_to"]}
        documents.log_audit(context, "data.export", {**detail, "sha256": values["sha256"]})
    return batch(context, made)


def _still_new(context: Context, found: list[Entry]) -> None:
    for source in {one.source for one in found}:
        uids = [one.source_uid for one in found if one.source == source]
        for start in range(0, len(uids), 500):
            some = uids[start : start + 500]
            marks = ", ".join("?" * len(some))
            if context.database.row(
                f"SELECT 1 FROM accounting_entry WHERE source = ? AND source_uid IN ({marks})",
                (source, *some),
            ):
                raise refuse(
                    "accounting.meanwhile", "Quelqu'un vient d'exporter", "regardez à nouveau"
                )


def _valid_day(context: Context) -> str:
    """Today, never before the batch before: a FEC is in order of ValidDate."""
    last = context.database.value("SELECT MAX(valid_date) FROM accounting_batch")
    return max(context.today.isoformat(), str(last or ""))


def _row(entry: Entry, number: int, labels: dict[str, str], valid: str) -> list[fec.FecRow]:
    return [
        fec.FecRow(
            entry.journal,
            labels.get(entry.journal, entry.journal),
            number,
            entry.day,
            row.account,
            row.label,
            row.auxiliary.code,
            row.auxiliary.name,
            entry.piece,
            entry.piece_day,
            entry.label,
            row.debit,
            row.credit,
            valid,
        )
        for row in entry.rows
    ]


def _insert(
    context: Context, batch_id: int, found: list[Entry], rows: list[list[fec.FecRow]]
) -> None:
    for entry, lines in zip(found, rows):
        first = lines[0]
        made = context.database.insert(
            "accounting_entry",
            {
                "batch_id": batch_id,
                "number": first.number,
                "journal": first.journal,
                "journal_label": first.journal_label,
                "date": entry.day,
                "piece": entry.piece,
                "piece_date": entry.piece_day,
                "label": entry.label,
                "source": entry.source,
                "source_uid": entry.source_uid,
                "branch_id": entry.branch_id,
                "project_id": entry.project_id,
            },
        )
        names = ("entry_id", "position", "account", "account_label", "auxiliary")
        context.database.insert_many(
            "accounting_line",
            (*names, "auxiliary_label", "debit", "credit"),
            [
                (
                    *(made, place, one.account, one.account_label, one.auxiliary),
                    *(one.auxiliary_label, one.debit, one.credit),
                )
                for place, one in enumerate(lines, 1)
            ],
        )


def _posted(context: Context, batch_id: int, found: list[Entry]) -> None:
    """Exported invoices are posted; their log says in which batch."""
    database = context.database
    uids = [one.source_uid for one in found if one.source == "invoice"]
    for uid in uids:
        database.execute(
            "UPDATE document SET state = 'posted' WHERE uid = ? "
            "AND state IN ('validated', 'printed')",
            (uid,),
        )
        document_id = database.value("SELECT id FROM document WHERE uid = ?", (uid,))
        database.insert(
            "document_event",
            {
                "uid": context.uid(),
                "document_id": document_id,
                "document_uid": uid,
                "type": "state",
                "at": context.now,
                "user_id": context.user.id,
                "user_name": context.user.name,
                "text": f"Comptabilisée, lot {batch_id}",
            },
        )

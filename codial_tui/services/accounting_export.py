"""Handing entries over to accounting: a batch, written once, its files made again at will.

An entry belongs to one batch for good (unique source, append-only rows), its number follows the
last one without a gap; the files of a batch are made from its rows and have the same bytes each
time. Exported invoices are posted.
"""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.domain.accounting import Entry, is_balanced
from codial_tui.errors import Unreadable, refuse, system_words
from codial_tui.exchange import fec

from . import accounting, documents, settings
from .context import Context


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
        raise refuse("batch.unknown", f"Pas de lot {number}", "F7 L les montre")
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


def post(context: Context, first: date, last: date, found: list[Entry] | None = None) -> Batch:
    """Put the new entries of a period into a batch and post their invoices, in one transaction.
    found: those entries, when they were worked out already. Raises Refused when there are none,
    or when somebody else exported meanwhile."""
    siren(context)
    found = accounting.entries(context, first, last, new=True) if found is None else found
    if not found:
        raise refuse("accounting.nothing", "Rien de nouveau à exporter", "changez la période")
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


def rows_of(context: Context, batch_id: int) -> list[fec.FecRow]:
    """The rows of a batch, as they were handed over."""
    return [
        fec.FecRow(*row)
        for row in context.database.rows(
            "SELECT e.journal, e.journal_label, e.number, e.date, l.account, l.account_label, "
            "l.auxiliary, l.auxiliary_label, e.piece, e.piece_date, e.label, l.debit, l.credit, "
            "b.valid_date, COALESCE(a.code, ''), COALESCE(p.code, '') FROM accounting_entry e "
            "JOIN accounting_line l ON l.entry_id = e.id "
            "JOIN accounting_batch b ON b.id = e.batch_id "
            "LEFT JOIN branch a ON a.id = e.branch_id LEFT JOIN project p ON p.id = e.project_id "
            "WHERE e.batch_id = ? ORDER BY e.number, l.position",
            (batch_id,),
        )
    ]


NOTICE = """\
Extrait au format FEC - ce fichier n'est pas un FEC complet.

Société       : {name}, SIREN {siren}
Lot           : {id}, validé le {valid}
Période       : du {first} au {last}
Écritures     : {entries}, débit = crédit = {debit} euros
SHA-256       : {sha256} (fichier en UTF-8)

Ce fichier vient d'un programme de facturation. Il contient les journaux des ventes et des
règlements de clients, et la TVA sur les encaissements : ni achats, ni banque, ni paie, ni
à-nouveaux. Il se lit dans le logiciel du comptable ; le FEC de l'exercice (article A47 A-1 du
livre des procédures fiscales) est celui de la comptabilité entière.

18 colonnes séparées par des tabulations, dates AAAAMMJJ, virgule décimale, encodage {encoding}.
EcritureNum est continu d'un lot à l'autre. ValidDate est le jour du lot. Une écriture n'est que
dans un lot ; refaire les fichiers d'un lot donne les mêmes octets. EcritureLet et DateLet sont
vides : le lettrage se fait en comptabilité. TVA en attente d'encaissement : un compte
d'attente, soldé vers la TVA collectée à chaque règlement (CGI art. 269-2-c).
"""


class Written(NamedTuple):
    """The files of a batch."""

    batch: Batch
    paths: tuple[Path, ...]


def write(
    context: Context,
    one: Batch,
    folder: Path,
    *,
    encoding: str = "utf-8",
    with_csv: bool = False,
    force: bool = False,
) -> Written:
    """Write the files of a batch: the extract, its notice, the plain CSV if asked. A file that is
    there with other bytes is refused unless `force`. Raises Refused, Unreadable."""
    files = contents(context, one, encoding, with_csv)
    check(folder, files, force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        said = f"{folder} : écriture impossible ({system_words(error)})"
        raise Unreadable(said, f"le lot {one.id} est gardé : refaites ses fichiers") from error
    return Written(one, tuple(folder / name for name in files))


def contents(
    context: Context, one: Batch, encoding: str = "utf-8", with_csv: bool = False
) -> dict[str, bytes]:
    """The files of a batch by name."""
    if encoding not in fec.ENCODINGS:
        raise Unreadable(f"Encodage « {encoding} »", ", ".join(fec.ENCODINGS))
    rows, own = rows_of(context, one.id), siren(context)
    values: dict[str, Any] = {
        **one._asdict(),
        "name": settings.company(context).get("name"),
        "siren": own,
        "encoding": encoding.upper(),
        "debit": fec.amount(one.debit),
    }
    notice = NOTICE.format(**values).replace("\n", "\r\n")
    files = {
        fec.file_name(own, one.last): fec.fec(rows, encoding),
        fec.file_name(own, one.last, "-extrait.txt"): fec.encoded(notice, encoding),
    }
    if with_csv:
        files[fec.file_name(own, one.last, ".csv")] = fec.plain_csv(rows)
    return files


def check(folder: Path, files: dict[str, bytes], force: bool = False) -> None:
    """Refuse to write over another file."""
    for name, content in files.items():
        path = folder / name
        if path.exists() and not force and path.read_bytes() != content:
            raise Unreadable(f"{path} existe, avec un autre contenu", "autre dossier, ou --force")


def export(
    context: Context,
    first: date,
    last: date,
    folder: Path,
    *,
    encoding: str = "utf-8",
    with_csv: bool = False,
    force: bool = False,
) -> Written:
    """Post what is new in a period and write its files; with nothing new, write those of the last
    export of the same period once more. Raises Refused, Unreadable."""
    found = accounting.entries(context, first, last, new=True)
    path = folder / fec.file_name(siren(context), last.isoformat())
    before = None if found else last_of(context, first, last)
    if before is None:
        if path.exists() and not force:
            raise Unreadable(f"{path} existe déjà", "autre dossier, ou --force")
        _writable(folder)
    one = before or post(context, first, last, found)
    return write(context, one, folder, encoding=encoding, with_csv=with_csv, force=force)


def _writable(folder: Path) -> None:
    """Refuse, before anything is posted, a folder that cannot take the files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "")
    except OSError as error:
        said = f"{folder} : écriture impossible ({system_words(error)})"
        raise Unreadable(said, "vérifiez le dossier") from error

"""The files of an export, made from its rows: the extract, its notice, CSV for packages."""

from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.errors import Unreadable, system_words
from codial_tui.exchange import accounting_csv, fec
from codial_tui.services.context import Context
from codial_tui.services.law import training
from codial_tui.services.records import settings

from . import accounting
from .accounting_export import Batch, last_of, nothing_new, post, siren


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

Les CSV, quand ils sont demandés, disent les mêmes écritures : l'un avec un en-tête, pour qui
choisit ses colonnes, les autres aux colonnes de Cegid, Coala et EBP (Windows-1252).
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
    """Write the files of a batch: the extract, its notice, CSV for packages if asked. A file that
    is there with other bytes is refused unless `force`. Raises Refused, Unreadable."""
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
    training.forbid(context, "Export comptable")
    _known(encoding)
    rows, own = rows_of(context, one.id), siren(context)
    values: dict[str, Any] = {
        **one._asdict(),
        "name": settings.company(context).get("name"),
        "siren": own,
        "first": _french(one.first),
        "last": _french(one.last),
        "valid": _french(one.valid),
        "encoding": encoding.upper(),
        "debit": fec.amount(one.debit),
    }
    notice = NOTICE.format(**values).replace("\n", "\r\n")
    files = {
        fec.file_name(own, one.last): fec.fec(rows, encoding),
        fec.file_name(own, one.last, "-extrait.txt"): fec.encoded(notice, encoding),
    }
    if with_csv:
        files[fec.file_name(own, one.last, ".csv")] = accounting_csv.plain_csv(rows)
        for package in accounting_csv.PACKAGES:
            name = fec.file_name(own, one.last, f"-{package}.csv")
            files[name] = accounting_csv.package_csv(package, rows)
    return files


def _names(context: Context, last: str, with_csv: bool) -> list[str]:
    """What the files of a period will be called."""
    own = siren(context)
    packages = (".csv", *(f"-{one}.csv" for one in accounting_csv.PACKAGES)) if with_csv else ()
    return [fec.file_name(own, last, end) for end in (".txt", "-extrait.txt", *packages)]


def _known(encoding: str) -> None:
    if encoding not in fec.ENCODINGS:
        raise Unreadable(f"Encodage « {encoding} »", ", ".join(fec.ENCODINGS))


def _french(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


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
    _known(encoding)  # all that can be refused is, before anything is posted
    names = _names(context, last.isoformat(), with_csv)
    before = None if found else last_of(context, first, last)
    if before is None:
        if not found:
            raise nothing_new()  # before a folder is made
        for path in (folder / name for name in names):
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

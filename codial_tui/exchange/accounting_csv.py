"""Entries as CSV for common accounting packages, made from the rows of the FEC layout.

One plain file with a header for packages that map columns (Sage, Pennylane, spreadsheets…), and
the fixed columns that Cegid, Coala and EBP read. Those three are Windows-1252 without a header;
where there is one account column, a customer's own account stands for the general one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from .fec import FecRow, amount, encoded, plain

COLUMNS = (
    *("journal", "numero", "date", "compte", "auxiliaire", "piece", "date_piece", "libelle"),
    *("debit", "credit", "agence", "affaire"),
)
"""Of the plain CSV: one row of an entry a line, days as JJ/MM/AAAA, a decimal comma."""


def plain_csv(rows: Iterable[FecRow]) -> bytes:
    """`;`, UTF-8 with its mark, under a header."""
    lines = (
        (
            *(row.journal, str(row.number), _french(row.day), row.account, row.auxiliary),
            *(row.piece, _french(row.piece_day), row.label, amount(row.debit)),
            *(amount(row.credit), row.branch, row.project),
        )
        for row in rows
    )
    return _written([COLUMNS, *lines], ";").encode("utf-8-sig")


def package_csv(package: str, rows: Iterable[FecRow]) -> bytes:
    """For one of `PACKAGES`:

    - Cegid: `JJMMAAAA;journal;compte;auxiliaire;sens;montant;libellé;pièce`
    - Coala: `JJ/MM/AAAA;journal;compte;numéro;libellé;débit;crédit;E;auxiliaire`
    - EBP: `numéro,JJMMAAAA,journal,compte,intitulé,libellé,pièce,montant,sens,échéance,EUR`
    """
    line, delimiter = _LAYOUTS[package]
    return encoded(_written(map(line, rows), delimiter), "windows-1252")


def _cegid(row: FecRow) -> Sequence[str]:
    return (
        *(_joined(row.day), row.journal, row.account, row.auxiliary, _side(row)),
        *(amount(row.debit or row.credit), row.label, row.piece),
    )


def _coala(row: FecRow) -> Sequence[str]:
    return (
        *(_french(row.day), row.journal, row.account, str(row.number), row.label),
        *(amount(row.debit), amount(row.credit), "E", row.auxiliary),
    )


def _ebp(row: FecRow) -> Sequence[str]:
    name = row.auxiliary_label if row.auxiliary else row.account_label
    return (
        *(str(row.number), _joined(row.day), row.journal, row.auxiliary or row.account, name[:30]),
        *(row.label[:40], row.piece[:15], amount(row.debit or row.credit).replace(",", ".")),
        *(_side(row), _joined(row.day), "EUR"),
    )


_LAYOUTS = {"cegid": (_cegid, ";"), "coala": (_coala, ";"), "ebp": (_ebp, ",")}
PACKAGES = tuple(_LAYOUTS)
"""Packages that read columns of their own."""


def _side(row: FecRow) -> str:
    return "D" if row.debit else "C"


def _written(lines: Iterable[Sequence[str]], delimiter: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([[_unformula(plain(cell)) for cell in line] for line in lines])
    return file.getvalue()


def _french(iso: str) -> str:
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}"


def _joined(iso: str) -> str:
    return f"{iso[8:10]}{iso[5:7]}{iso[:4]}"


def _unformula(cell: str) -> str:
    """No spreadsheet calculates a text (amounts here never begin with a sign)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell

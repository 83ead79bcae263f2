"""The layout of the « fichier des écritures comptables » (art. A47 A-1 LPF).

Eighteen columns separated by tabs, days as AAAAMMJJ, a decimal comma, no thousands separator, a
header line. What this program writes holds sales and receipts only: it is an extract, and says so
in a file beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

FEC_COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
ENCODINGS = {"utf-8": "utf-8", "iso-8859-15": "iso8859-15"}
_BREAKS = re.compile(r"[\t|\r\n\x00-\x1f\x7f]+")


class FecRow(NamedTuple):
    """One row of one entry. Days are ISO text, amounts cents."""

    journal: str
    journal_label: str
    number: int
    day: str
    account: str
    account_label: str
    auxiliary: str
    auxiliary_label: str
    piece: str
    piece_day: str
    label: str
    debit: int
    credit: int
    valid_day: str
    branch: str = ""
    project: str = ""


def file_name(siren: str, last: str, ending: str = ".txt") -> str:
    """SIRENFECAAAAMMJJ.txt, with the last day (ISO) of the period."""
    return f"{siren}FEC{last.replace('-', '')}{ending}"


def fec(rows: Iterable[FecRow], encoding: str = "utf-8") -> bytes:
    """The file. A character that the encoding lacks loses its accent, else becomes « ? »."""
    lines = ["\t".join(FEC_COLUMNS)]
    for row in rows:
        cells = (
            *(row.journal, row.journal_label, str(row.number), _day(row.day), row.account),
            *(row.account_label, row.auxiliary, row.auxiliary_label, row.piece),
            *(_day(row.piece_day), row.label, amount(row.debit), amount(row.credit)),
            *("", "", _day(row.valid_day), "", ""),
        )
        lines.append("\t".join(plain(cell) for cell in cells))
    return encoded("\r\n".join(lines) + "\r\n", encoding)


def amount(cents: int) -> str:
    """`1234,50`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"


def plain(text: str) -> str:
    """One cell: no separator, no line break."""
    return _BREAKS.sub(" ", text).strip()


def encoded(text: str, encoding: str) -> bytes:
    codec = ENCODINGS.get(encoding, encoding)

    def fits(one: str) -> bool:
        try:
            one.encode(codec)
        except UnicodeEncodeError:
            return False
        return True

    if not fits(text):
        text = "".join(
            one
            if fits(one)
            else unicodedata.normalize("NFKD", one).encode("ascii", "ignore").decode() or "?"
            for one in text
        )
    return text.encode(codec)


def _day(iso: str) -> str:
    return iso.replace("-", "")

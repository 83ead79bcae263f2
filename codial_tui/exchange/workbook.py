"""Workbooks (xlsx, xlsm, xlsb, xls, ods) through python-calamine, as rows of text.

The library holds the sheet it reads in memory: here memory does grow with the file (about
1 kB a row). CSV is the format for very large lists.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from codial_tui.domain.problems import Invalid, invalid

from .delimited import SAMPLE_RECORDS, Numbered
from .encoding import shown

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST = 1 << 30
"""Unpacked bytes: a sheet beyond this is a bomb or belongs in a CSV."""

_NOISE = Decimal("1e-9")
_MICRO = Decimal("1e-6")


def is_workbook(head: bytes) -> bool:
    return head.startswith((ZIP, OLE))


def sheets(path: Path) -> tuple[str, ...]:
    """Names of the sheets. Raises Invalid for a file that only looks like a workbook."""
    with _open(path) as book:
        return tuple(book.sheet_names)


def records(path: Path, sheet: str) -> Iterator[Numbered]:
    """(row number, cells as text) of each row of a sheet that is not blank."""
    with _open(path) as book:
        table = book.get_sheet_by_name(sheet)
        for number, cells in enumerate(table.iter_rows(), 1):
            row = [cell if type(cell) is str else cell_text(cell) for cell in cells]
            if any(row):
                yield number, row


def sniff(path: Path, sheet: str) -> tuple[int, list[tuple[int, list[str]]]]:
    """(number of rows, first rows) of a sheet."""
    with _open(path) as book:
        height = int(book.get_sheet_by_name(sheet).total_height)
    first = islice(records(path, sheet), SAMPLE_RECORDS)
    return height, [(number, cells) for number, cells in first if cells]


def cell_text(cell: Any) -> str:
    """A cell as a French spreadsheet shows it: decimal comma, ISO dates, oui or non.

    Numbers come as binary floats: their shortest text is taken, and noise up to 10⁻⁹ around six
    decimals (0.1 + 0.2) goes; anything more precise stays, for the reader to refuse.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return "" if cell is None else str(cell) if not isinstance(cell, timedelta) else f"{cell}"


def _number_text(cell: float) -> str:
    exact = Decimal(repr(cell))
    if not exact.is_finite():
        return str(cell)
    if abs(exact) < 10**15:
        near = exact.quantize(_MICRO)
        if abs(exact - near) <= _NOISE:
            exact = near
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    """The workbook; whatever the library finds wrong with it, then or later, becomes Invalid."""
    import python_calamine as calamine

    try:
        _check_size(path)
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except Invalid:
        raise
    except calamine.PasswordError as error:
        raise invalid(
            "import.password",
            f"« {shown(path)} » est protégé par un mot de passe",
            "enregistrez-le sans mot de passe",
        ) from error
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(path) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the Rust side gave up; no Exception
            raise
        raise _damaged(path) from error


def _check_size(path: Path) -> None:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise invalid(
                    "import.too_big",
                    f"« {shown(path)} » dépasse 1 Go une fois déplié",
                    "exportez-le en CSV",
                )


def _damaged(path: Path) -> Invalid:
    return invalid(
        "import.bad_workbook",
        f"« {shown(path)} » est un classeur incomplet ou abîmé",
        "ouvrez-le dans un tableur et enregistrez-le de nouveau",
    )

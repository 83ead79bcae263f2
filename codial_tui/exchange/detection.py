"""What a file is: format, encoding, separator, header, decimal sign. Nothing is imported yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from codial_tui.domain.problems import invalid

from . import datanorm, delimited, encoding, fabdis, workbook
from .delimited import HEADER_DEPTH, decimal_sign
from .encoding import shown
from .fields import known_in
from .formats import SourceFormat
from .values import tidy

SAMPLE_ROWS = 20

_DATA = re.compile(r"\s*[+-]?\d[\d\s.,/:%€-]*")
_Records = list[tuple[int, list[str]]]


def detect(path: Path | str) -> SourceFormat:
    """The format of a file, with its columns and first rows.

    Raises Invalid, with a French message, for a file that is missing, unreadable, empty, binary,
    cut, protected or no table.
    """
    path = Path(path)
    head = encoding.opening(path)
    if workbook.is_workbook(head):
        return _detect_workbook(path)
    text = encoding.scan(path)
    version = datanorm.version(head)
    if version:
        return datanorm.describe(path, version, text)
    separator, quoted, first = delimited.sniff(path, text.encoding)
    header, columns, sample = _layout(first)
    if len(columns) < 2 and not header:
        raise invalid(
            "import.not_a_table",
            f"« {shown(path)} » n'est pas un tableau lisible : une seule colonne",
            "séparez les colonnes par ; ou par une tabulation",
        )
    return SourceFormat(
        path,
        "csv",
        encoding=text.encoding,
        separator=separator,
        quoted=quoted,
        header_row=header,
        decimal=decimal_sign(sample),
        columns=columns,
        sample=tuple(sample[:SAMPLE_ROWS]),
        rows=max(text.lines - header, 0),
    )


def _detect_workbook(path: Path) -> SourceFormat:
    names = workbook.sheets(path)
    if fabdis.commerce_sheet(names):
        return fabdis.describe(path, names)
    for sheet in names:
        height, first = workbook.sniff(path, sheet)
        if not first:
            continue
        header, columns, sample = _layout(first)
        return SourceFormat(
            path,
            "xlsx",
            header_row=header,
            sheet=sheet,
            sheets=names,
            columns=columns,
            sample=tuple(sample[:SAMPLE_ROWS]),
            rows=max(height - header, 0),
        )
    raise invalid("import.empty", f"« {shown(path)} » : aucune feuille ne contient de données")


def _layout(first: _Records) -> tuple[int, tuple[str, ...], list[tuple[str, ...]]]:
    """(header row or 0, columns, rows below the header)."""
    header = _header_row(first)
    below = [tuple(cells) for number, cells in first if number > header]
    if not header:
        width = max((len(cells) for cells in below), default=0)
        return 0, tuple(str(position + 1) for position in range(width)), below
    names = next(cells for number, cells in first if number == header)
    widths = Counter(len(cells) for cells in below)
    usual, count = widths.most_common(1)[0] if widths else (0, 0)
    if count >= 3 and count * 10 >= len(below) * 9:  # the last columns have no name
        names = [*names, *[""] * (usual - len(names))]
    return header, _unique(names), below


def _header_row(first: _Records) -> int:
    """The row that names columns: one with two headers we know, or with nothing but one; else a
    first row of distinct words that holds one, or stands above numbers."""
    for number, cells in first[:HEADER_DEPTH]:
        named = [cell for cell in cells if cell.strip()]
        hits = known_in(named)
        if hits >= 2 or (hits == 1 and len(named) == 1 and number == first[0][0]):
            return number
    if not first:
        return 0
    number, head = first[0]
    if not all(cell.strip() and not _DATA.fullmatch(cell) for cell in head):
        return 0
    below = first[1][1] if len(first) > 1 else []
    named_or_above = known_in(head) or any(_DATA.fullmatch(cell) for cell in below)
    return number if named_or_above and len(set(head)) == len(head) > 1 else 0


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Header names as columns: cleaned, an empty one gets its position, a second `Prix` (2)."""
    taken: set[str] = set()
    columns = []
    for position, name in enumerate(names, 1):
        base = column = tidy(name)[:80] or f"colonne {position}"
        count = 1
        while column in taken:
            count += 1
            column = f"{base} ({count})"
        taken.add(column)
        columns.append(column)
    return tuple(columns)

"""What the readers of catalogues share: a detected file, a row, a column of a file."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from codial_tui.domain.problems import Problem

FileKind = Literal["csv", "xlsx", "fabdis", "datanorm4", "datanorm5"]
RowKind = Literal["items", "customers", "suppliers"]
Value = str | int | bool | tuple[tuple[int, int], ...]
"""Text, integers in the unit their field names (see `fields`), or price steps."""

NOTHING: ReadOnly[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A file that can be read, and how.

    kind: "xlsx" stands for every workbook calamine reads (xlsx, xlsm, xlsb, xls, ods).
    header_row: 1-based line of the header, 0 when there is none. decimal: "," or ".".
    columns: header names made unique, or "1", "2"… without header; sample: the first data rows.
    rows: number of data rows, as an estimate for progress. problems: warnings about the file as
    a whole (a row count that does not agree, record types that are not read).
    """

    path: Path
    kind: FileKind
    encoding: str = ""
    separator: str = ""
    quoted: bool = False
    header_row: int = 0
    decimal: str = ","
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    rows: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def has_header(self) -> bool:
        return self.header_row > 0

    @property
    def is_native(self) -> bool:
        """True for formats that name their own fields: no column mapping is needed."""
        return self.kind in ("fabdis", "datanorm4", "datanorm5")


class Row(NamedTuple):
    """One row of a file, normalised. A tuple and not a dataclass: half the cost, once a row.

    number: 1-based line of the file (of the sheet in a workbook), where the record starts.
    values: field → typed value; a field without a value is absent. problems: see `refused`.
    raw: field → text as it stands in the file, for the fields that have a problem.
    partial: adds to an earlier row of the same reference (a DATANORM record away from its
    article, a stopped item of FAB-DIS) instead of repeating it.
    """

    number: int
    values: dict[str, Value]
    problems: tuple[Problem, ...] = ()
    raw: ReadOnly[str, str] = NOTHING
    partial: bool = False

    @property
    def refused(self) -> bool:
        """True when a problem is more than a warning: nothing of the row may be taken."""
        return any(problem.level == "error" for problem in self.problems)

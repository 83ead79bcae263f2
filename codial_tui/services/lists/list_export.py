"""A list as a table for a spreadsheet: its rows in their order, its columns as declared."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.domain.spec import Column, FieldType
from codial_tui.domain.text import fold
from codial_tui.errors import refuse, system_words
from codial_tui.exchange.tables import BOM, Cell, write_csv, write_xlsx
from codial_tui.services.context import Context
from codial_tui.services.documents.attachments import folder

from .lists import DocumentList
from .record_lists import RecordList

FORMATS = ("xlsx", "csv")
PAGE = 200
"""rows between two words about how far it is"""
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

_EXPONENTS = {
    FieldType.CENTS: -2,
    FieldType.PRICE: -4,
    FieldType.QUANTITY: -4,
    FieldType.PERCENT: -4,  # 10⁻⁶ of one are 10⁻⁴ percent
    FieldType.COEFFICIENT: -6,
    FieldType.INTEGER: 0,
}
_PARTY_CODE = Column("party_code", "Code tiers")


class Table(NamedTuple):
    """What is written: the name of its file without ending, its header and its rows. safe: texts
    that look like formulas are written so that no spreadsheet calculates them."""

    name: str
    header: tuple[str, ...]
    rows: Iterator[Sequence[Cell]]
    safe: bool = True


class Written(NamedTuple):
    """The file and its rows; None when it was cancelled: then there is no file."""

    path: Path
    rows: int


def export(
    context: Context,
    listing: DocumentList | RecordList,
    ending: str,
    progress: Progress,
    cancelled: Cancelled,
) -> Written | None:
    """Write a list into the user's export folder, never over another file. ending: of FORMATS;
    progress is told (rows done, rows there are, 0 when nobody knows). Raises Refused."""
    found, count = table(context, listing), listing.count()
    total = count.rows if count.exact else 0
    path = folder(context, "export") / f"{found.name}.{ending}"
    with _reserved(path) as free:

        def counted() -> Iterator[Sequence[Cell]]:
            for at, row in enumerate(found.rows):
                if at % PAGE == 0:
                    progress(at, total)
                    if cancelled():
                        raise _Cancelled
                yield row

        try:
            rows = write(free, found._replace(rows=counted()))
        except _Cancelled:
            free.unlink()
            return None
        return Written(free, rows)


def export_table(context: Context, found: Table, ending: str) -> Written:
    """Write any table into the user's export folder, never over another file. Raises Refused."""
    with _reserved(folder(context, "export") / f"{found.name}.{ending}") as free:
        return Written(free, write(free, found))


class _Cancelled(Exception):
    """Somebody asked to stop."""


@contextmanager
def _reserved(path: Path) -> Iterator[Path]:
    """A new empty file of this name, or the next free one; gone when writing it fails."""
    free, count = path, 1
    try:
        while True:
            try:
                free.open("xb").close()
                break
            except FileExistsError:
                count += 1
                free = path.with_stem(f"{path.stem}-{count}")
        try:
            yield free
        except BaseException:
            free.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise refuse(
            "export.failed", f"{path.name} non écrit : {system_words(error)}", "vérifiez le dossier"
        ) from error


def write(path: Path, found: Table) -> int:
    """Write a table whole, then give it its name (and take the one of what was there); returns
    its rows. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name[:40]}.", dir=path.parent) as own:
        part = Path(own) / path.name
        if path.suffix.lower() == ".xlsx":
            rows = write_xlsx(part, found.header, found.rows)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                file.write(BOM)
                rows = write_csv(file, found.header, found.rows, safe=found.safe)
        part.replace(path)
    return rows


def table(context: Context, listing: DocumentList | RecordList) -> Table:
    """Every column of a list that this user may see, whatever fits on the screen. Amounts are
    exact decimals, days are dates."""
    if isinstance(listing, DocumentList):
        plural, columns = listing.kind.plural, list(listing.kind.list_columns)
        places = [at for at, one in enumerate(columns) if one.name == "party_name"]
        if places:
            columns.insert(places[0], _PARTY_CODE)
    else:
        plural, columns = listing.record.plural, list(listing.record.list_columns)
    may = context.user.may
    columns = [one for one in columns if one.name != "sign" and may(one.right)]
    labels = tuple(one.label or one.name for one in columns)
    rows = ([_cell(one, row.get(one.name)) for one in columns] for row in listing.every())
    return Table(f"{fold(plural).replace(' ', '-')}-{context.today}", labels, rows)


def _cell(column: Column, value: Any) -> Cell:
    if value is None or value == "":
        return ""
    if column.type in _EXPONENTS and isinstance(value, int):
        exact = Decimal(value).scaleb(_EXPONENTS[column.type])
        return exact if column.type is FieldType.CENTS else _short(exact)
    if column.type in (FieldType.DATE, FieldType.DATETIME):
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            return str(value)
    if column.type is FieldType.BOOL:
        return "oui" if value else "non"
    return str(value)


def _short(exact: Decimal) -> Decimal:
    """Without the zeros at its end: a quantity of 2,0000 is 2."""
    whole = exact.to_integral_value()
    return whole if exact == whole else exact.normalize()

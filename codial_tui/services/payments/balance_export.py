"""The aged balance as a table for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from codial_tui.errors import refuse, system_words

from .receivables import COLUMNS, AgedRow


def write(path: Path, rows: Sequence[AgedRow]) -> int:
    """Write the rows into a CSV file that spreadsheets read; how many. Raises Refused."""
    from codial_tui.exchange.tables import BOM, write_csv

    header = ("Code", "Client", *COLUMNS, "À valoir", "Total")
    cells: list[tuple[str | Decimal, ...]] = [
        (one.code, one.name, *map(_amount, (*one.ages, one.credit, one.total))) for one in rows
    ]
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(BOM)
            return write_csv(file, header, cells, safe=True)
    except OSError as error:
        raise refuse("file.unusable", f"{path.name} impossible", system_words(error)) from error


def _amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)

"""French postcodes and town names: how the table that ships is made, and how it is read.

Source: La Poste, base officielle des codes postaux, Licence Ouverte 2.0 (assets/LICENCES.md).
Kept: the postcode and the name an envelope takes (`LYON` for 69003, not `LYON 03`).
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_POSTCODE = re.compile(r"\d{5}")
_SOURCE_POSTCODE = "Code_postal"
_SOURCE_NAME = "Libellé_d_acheminement"


def build(source: Path, target: Path) -> int:
    """Make the compact table from La Poste's file and return its number of pairs.

    Pairs are distinct and sorted, the file carries no date: the same source gives the same bytes.
    Raises ValueError when `source` lacks a column or holds a postcode that is not five digits;
    `target` is then left as it was.
    """
    pairs: set[tuple[str, str]] = set()
    with source.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, delimiter=";")
        missing = {_SOURCE_POSTCODE, _SOURCE_NAME} - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"{source.name}: no column {', '.join(sorted(missing))}")
        for row in rows:
            postcode, name = row[_SOURCE_POSTCODE], " ".join((row[_SOURCE_NAME] or "").split())
            if not _POSTCODE.fullmatch(postcode or "") or not name:
                raise ValueError(f"{source.name}, line {rows.line_num}: « {postcode};{name} »")
            pairs.add((postcode, name))
    text = "".join(f"{postcode};{name}\n" for postcode, name in sorted(pairs))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    return len(pairs)


def read(path: Path) -> Iterator[tuple[str, str]]:
    """The (postcode, name) pairs of a table made by `build`, in postcode then name order."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            postcode, _, name = line.rstrip("\n").partition(";")
            yield postcode, name


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))

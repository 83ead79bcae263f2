"""FAB-DIS workbooks: the French building trades' common catalogue format.

Structure from the public guide (fabdis.fr): sheets B00_CARTOUCHE, B01_COMMERCE,
B04_REGLEMENTAIRE, C05_ARRET, C06_SUBSTITUTION (older files: 00_CARTOUCHE, 01_COMMERCE…), columns
by name in any order, key MARQUE + REFCIALE, price = TARIF for QT units. The other sheets are
small beside B01 and are read before it, into dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.text import fold

from . import values, workbook
from .delimited import Numbered
from .encoding import shown
from .fields import LABEL_LIMIT, REFERENCE_LIMIT
from .formats import NOTHING, Row, SourceFormat, Value
from .units import unit_label

HEADER_DEPTH = 20
_ECO = frozenset(("DEEE", "DEA", "PMCB", "REP", "PMCBREP", "DDS", "DTEX", "PAP"))
"""RTYP codes of B04 that are eco-contributions, beside everything that starts with ECO."""

_text = values.text_reader
_FIELDS: tuple[tuple[str, tuple[str, ...], values.Reader], ...] = (
    ("reference", ("REFCIALE",), _text("reference", REFERENCE_LIMIT)),
    ("brand", ("MARQUE",), _text("brand", 255)),
    ("label", ("LIBELLE80", "LIBELLE40", "LIBELLE240"), _text("label", LABEL_LIMIT)),
    ("long_label", ("LIBELLE240",), _text("long_label", 20_000)),
    ("ean", ("GTIN",), values.ean),
    ("price", ("TARIF",), values.number_reader("price", "prix", ",")),
    ("price_per", ("QT",), values.number_reader("price_per", "QT", ",")),
    ("price_date", ("DATETARIF",), values.day),
    ("vat_rate", ("TVA",), values.vat_rate_reader(",")),
    ("unit", ("UB", "UC"), lambda text: values.tidy(unit_label(text)) or None),
    ("family", ("FAM1L", "FAM1", "MKT1L", "MKT1"), _text("family", 255)),
    ("category", ("FAM2L", "FAM2", "MKT2L", "MKT2"), _text("category", 255)),
)
COLUMNS = (*(name for name, _, _ in _FIELDS), "eco_contribution", "stopped", "replaced_by")
_MONEY = values.number_reader("eco_contribution", "éco-contribution", ",")
_NOT_EUROS = Problem(
    "eco_contribution.unit",
    "eco_contribution",
    "éco-contribution non reprise : pas en euros",
    level="warning",
)

_Key = tuple[str, str]
_Cells = dict[str, str]


def commerce_sheet(names: tuple[str, ...]) -> str:
    """The name of the B01 sheet, "" when the workbook is no FAB-DIS."""
    return _sheet(names, "01", "COMMERCE")


def describe(path: Path, names: tuple[str, ...]) -> SourceFormat:
    """The format of a FAB-DIS workbook; a row count that is not NRB01 is a problem of the file.

    Raises Invalid when B01 has no REFCIALE column.
    """
    sheet = commerce_sheet(names)
    count, sample = 0, []
    for _, cells in _table(path, sheet):
        count += 1
        if count <= 20:
            sample.append(tuple(cells.get(columns[0], "") for _, columns, _ in _FIELDS))
    if not count:
        _require_header(path, sheet)
    announced = _announced(path, names)
    problems: tuple[Problem, ...] = ()
    if announced is not None and announced != count:
        problems = (
            Problem(
                "import.row_count",
                "",
                f"{count} lignes dans {sheet}, {announced} annoncées (NRB01) : fichier coupé ?",
                "redemandez le fichier au fournisseur",
                "warning",
            ),
        )
    return SourceFormat(
        path,
        "fabdis",
        header_row=1,
        sheet=sheet,
        sheets=names,
        columns=COLUMNS,
        sample=tuple(sample),
        rows=count,
        problems=problems,
    )


def rows(source: SourceFormat) -> Iterator[Row]:
    """One row per line of B01, with its eco-contribution (B04), stop (C05) and replacement (C06);
    stopped or replaced items that B01 does not list come last, as partial rows.

    `reference` is REFCIALE and `brand` is MARQUE: both are the key of the format.
    """
    path, names = source.path, source.sheets
    eco = _eco_contributions(path, names)
    stopped = _stopped(path, names)
    for number, cells in _table(path, source.sheet):
        key = _key(cells)
        row = _article(number, cells, eco.get(key, 0))
        if extra := stopped.pop(key, None):
            row.values.update(extra[1])
        yield row
    for number, extra_values in stopped.values():
        yield Row(number, extra_values, partial=True)


def _article(number: int, cells: _Cells, eco: int | Problem) -> Row:
    found: dict[str, Value] = {}
    problems: list[Problem] = []
    raw: dict[str, str] = {}
    for field, columns, read in _FIELDS:
        text = next((cells[column] for column in columns if cells.get(column)), "")
        if not text:
            continue
        try:
            value = read(text)
        except Invalid as error:
            raw[field] = text
            problems += [problem._replace(field=field) for problem in error.problems]
        else:
            if value is not None:
                found[field] = value
    if found.get("long_label") == found.get("label"):
        found.pop("long_label", None)
    if "reference" not in found and "reference" not in raw:
        problems.append(Problem("reference.missing", "reference", "REFCIALE absente"))
    if found.get("price") == 0:
        problems.append(Problem("price.zero", "price", "prix à zéro", level="warning"))
    if found.get("price_per") == 0:
        problems.append(Problem("price_per.zero", "price_per", "QT à zéro"))
    found.setdefault("price_per", SCALE4)
    if isinstance(eco, Problem):
        problems.append(eco)
    elif eco:
        found["eco_contribution"] = eco
    return Row(number, found, tuple(problems), raw or NOTHING)


def _eco_contributions(path: Path, names: tuple[str, ...]) -> dict[_Key, int | Problem]:
    """Σ RVAL of the eco rows of B04 per article, 10⁻⁴ € per unit; what cannot be read is the
    article's problem. RFLAG N = not concerned."""
    found: dict[_Key, int | Problem] = {}
    for _, cells in _table(path, _sheet(names, "04", "REGLEMENTAIRE")):
        kind = re.sub(r"[^A-Z0-9]", "", fold(cells.get("RTYP", "")).upper())
        if not (kind in _ECO or kind.startswith("ECO")) or not cells.get("RVAL"):
            continue
        if cells.get("RFLAG", "").strip().upper() in ("N", "NON"):
            continue
        key = _key(cells)
        so_far = found.get(key, 0)
        if isinstance(so_far, Problem):
            continue
        if not re.match(r"(EUR|€|$)", cells.get("RVU", "").strip().upper()):
            found[key] = _NOT_EUROS
            continue
        try:
            found[key] = so_far + (_MONEY(cells["RVAL"]) or 0)
        except Invalid as error:
            found[key] = error.problems[0]._replace(field="eco_contribution")
    return found


def _stopped(path: Path, names: tuple[str, ...]) -> dict[_Key, tuple[int, dict[str, Value]]]:
    """Per article of C05 and C06: its row there and what it says."""
    found: dict[_Key, tuple[int, dict[str, Value]]] = {}
    for sheet in (_sheet(names, "05", "ARRET"), _sheet(names, "06", "SUBSTITUTION")):
        for number, cells in _table(path, sheet):
            key = _key(cells)
            if not key[1] or len(key[1]) > REFERENCE_LIMIT:
                continue
            said = found.setdefault(key, (number, {"reference": key[1], "brand": key[0]}))[1]
            said["stopped"] = True
            successor = next((cells[name] for name in cells if _names_successor(name)), "")
            if successor and sheet.upper().endswith("SUBSTITUTION"):
                said["replaced_by"] = values.tidy(successor)[:REFERENCE_LIMIT]
    return found


def _names_successor(column: str) -> bool:
    return column != "REFCIALE" and (
        column.startswith("REFCIALE") or (column.startswith("REF") and "SUB" in column)
    )


def _key(cells: _Cells) -> _Key:
    return values.tidy(cells.get("MARQUE", "")), values.tidy(cells.get("REFCIALE", ""))


def _sheet(names: tuple[str, ...], number: str, name: str) -> str:
    """The sheet `B01_COMMERCE`, `01_COMMERCE`, `C05_ARRET`… whatever its case; "" if absent."""
    pattern = re.compile(rf"[A-Z]?{number}[ _-]*{name}.*", re.IGNORECASE)
    return next((sheet for sheet in names if pattern.fullmatch(fold(sheet.strip()))), "")


def _table(path: Path, sheet: str) -> Iterator[tuple[int, _Cells]]:
    """(row number, column name → text) below the header of a sheet; nothing without sheet."""
    if not sheet:
        return
    header: list[str] = []
    for number, cells in workbook.records(path, sheet):
        if cells is None:
            continue
        if not header:
            names = [cell.strip().upper() for cell in cells]
            if "REFCIALE" in names:
                header = names
            elif number > HEADER_DEPTH:
                return
            continue
        yield number, {name: cell for name, cell in zip(header, cells) if name and cell}


def _require_header(path: Path, sheet: str) -> None:
    for _, cells in islice(workbook.records(path, sheet), HEADER_DEPTH):
        if cells and "REFCIALE" in (cell.strip().upper() for cell in cells):
            return
    raise invalid(
        "import.column_missing",
        f"« {shown(path)} » : la feuille {sheet} n'a pas de colonne REFCIALE",
        "redemandez le fichier au fournisseur",
    )


def _announced(path: Path, names: tuple[str, ...]) -> int | None:
    """NRB01 of the cartouche: the number below the name, or to its right."""
    sheet = _sheet(names, "00", "CARTOUCHE")
    if not sheet:
        return None
    table: list[Numbered] = list(islice(workbook.records(path, sheet), 200))
    for index, (_, cells) in enumerate(table):
        for position, cell in enumerate(cells or ()):
            if cell.strip().upper() != "NRB01":
                continue
            below = table[index + 1][1] if index + 1 < len(table) else None
            places = (below or [])[position : position + 1] + (cells or [])[position + 1 :][:1]
            return next((int(place) for place in places if place.strip().isdecimal()), None)
    return None

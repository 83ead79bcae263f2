"""From a detected file to normalised rows, one at a time: what an import is fed with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Invalid, Problem, invalid

from . import datanorm, delimited, fabdis, workbook
from .delimited import Numbered
from .encoding import shown
from .fields import Field, fields_of, key
from .formats import NOTHING, Row, RowKind, SourceFormat, Value
from .mapping import REQUIRED, Column, Mapping, guess_mapping
from .values import Reader

PRICES = frozenset(("price", "sale_price", "purchase_price"))
_UNCLOSED = Problem("row.quote", "", "guillemet jamais refermé", "corrigez la ligne")
_ZERO = "prix à zéro"


def read_rows(source: SourceFormat, mapping: Mapping | None, kind: RowKind) -> Iterator[Row]:
    """The rows of a file, in file order; blank lines are skipped, refused rows are yielded with
    their problems.

    mapping: None takes the guess; FAB-DIS and DATANORM need none. The iterator keeps one row in
    memory (a workbook: its sheet). Duplicates within the file are the caller's business.

    Raises Invalid at once: `import.mapping_needed`, `import.column_missing`, `import.wrong_kind`,
    and while reading: `import.changed`, `import.unreadable`.
    """
    if source.is_native:
        guess_mapping(source, kind)  # refuses what is not items
        return fabdis.rows(source) if source.kind == "fabdis" else datanorm.rows(source)
    if mapping is None:
        mapping = guess_mapping(source, kind)
    if fields_of(mapping.kind) is not fields_of(kind):
        raise invalid(
            "import.wrong_kind", f"la correspondance est faite pour {mapping.kind}, pas {kind}"
        )
    mapping.check()
    return _Plan(source, mapping).rows(records(source))


def records(source: SourceFormat) -> Iterator[Numbered]:
    """(line number, cells as they stand in the file), header included: what a file of rejected
    rows is made of. A DATANORM record is cut at its semicolons."""
    if source.kind in ("xlsx", "fabdis"):
        return workbook.records(source.path, source.sheet)
    text = delimited.lines(source.path, source.encoding)
    return delimited.records(text, source.separator, quoted=source.quoted)


class _Plan:
    """Columns and readers resolved once, before the loop over the rows."""

    def __init__(self, source: SourceFormat, mapping: Mapping) -> None:
        fields = {field.name: field for field in fields_of(mapping.kind)}
        decimal = mapping.decimal or source.decimal
        header = source.has_header if mapping.header is None else mapping.header
        self.header_row = max(source.header_row, 1) if header else 0
        self.width = len(source.columns)
        self.key = REQUIRED[mapping.kind]
        self.key_labels = " ou ".join(fields[name].label for name in self.key)
        self.is_party = mapping.kind != "items"
        self.columns: list[tuple[str, int, Reader]] = [
            (name, _position(source, column, header), _reader(fields[name], decimal, mapping.cents))
            for name, column in mapping.columns.items()
        ]
        self.needed = 1 + max(position for _, position, _ in self.columns)
        self.constants: dict[str, Value] = {}
        for name, text in mapping.constants.items():
            try:
                value = _reader(fields[name], decimal, mapping.cents)(text)
            except Invalid as error:
                problem = error.problems[0]
                raise invalid("import.mapping_invalid", problem.message, field=name) from error
            if value is not None:
                self.constants[name] = value

    def rows(self, records: Iterable[Numbered]) -> Iterator[Row]:
        columns, constants, width, header_row = (
            self.columns, self.constants, self.width, self.header_row,
        )  # fmt: skip
        needed, first_key = self.needed, self.key[0]
        for number, cells in records:
            if number <= header_row:
                continue
            if cells is None:
                yield Row(number, {}, (_UNCLOSED,))
                continue
            if len(cells) != width and (
                len(cells) < needed or any(cell and not cell.isspace() for cell in cells[width:])
            ):
                yield Row(number, {}, (_ragged(len(cells), width),))
                continue
            values = constants.copy()
            problems: list[Problem] = []
            raw: dict[str, str] | None = None
            for name, position, read in columns:
                text = cells[position]
                if not text:
                    continue
                try:
                    value = read(text)
                except Invalid as error:
                    raw = raw or {}
                    raw[name] = text
                    problems += [problem._replace(field=name) for problem in error.problems]
                else:
                    if value:
                        values[name] = value
                    elif value is not None:
                        values[name] = value
                        if name in PRICES:
                            problems.append(zero_price(name))
            if first_key not in values:
                if not any(cell and not cell.isspace() for cell in cells):
                    continue  # `;;;`: a blank line of a spreadsheet
                problems += self.missing_key(values, problems)
            if self.is_party:
                problems += _finish_party(values)
            yield Row(number, values, tuple(problems), raw or NOTHING)

    def missing_key(self, values: dict[str, Value], problems: list[Problem]) -> list[Problem]:
        """The problem of a row without any of its key fields, unless one was refused already."""
        told = {problem.field for problem in problems}
        if any(name in values or name in told for name in self.key):
            return []
        return [Problem(f"{self.key[0]}.missing", self.key[0], f"{self.key_labels} absent")]


def zero_price(name: str) -> Problem:
    """The warning of a price of 0,00: taken, but worth a look."""
    return Problem("price.zero", name, _ZERO, level="warning")


def _reader(field: Field, decimal: str, cents: bool) -> Reader:
    read = field.reader(decimal)
    if not (cents and field.type == "price"):
        return read

    def read_cents(text: str) -> int | None:
        value: int | None = read(text)
        if value is not None and value % CENT:
            raise invalid("price.decimals", "prix : plus de 4 décimales")
        return None if value is None else value // CENT

    return read_cents


def _position(source: SourceFormat, column: Column, header: bool) -> int:
    """0-based position of a mapped column. Raises Invalid when the file has no such column."""
    if isinstance(column, int):
        if column > len(source.columns):
            raise _no_column(source, f"n° {column} ({len(source.columns)} colonnes)")
        return column - 1
    if header:
        if column in source.columns:
            return source.columns.index(column)
        keys = [key(name) for name in source.columns]
        if key(column) in keys:
            return keys.index(key(column))
    raise _no_column(source, f"« {column} »")


def _no_column(source: SourceFormat, what: str) -> Invalid:
    return invalid(
        "import.column_missing",
        f"« {shown(source.path)} » n'a pas la colonne {what}",
        "vérifiez la correspondance",
    )


def _ragged(found: int, expected: int) -> Problem:
    why = "ligne coupée ?" if found < expected else "séparateur dans un texte sans guillemets ?"
    return Problem("row.columns", "", f"{found} colonnes au lieu de {expected}", why)


def _finish_party(values: dict[str, Value]) -> list[Problem]:
    """What the fields of an address say about each other: a SIRET holds its SIREN; a French
    postcode that lost its zero in a spreadsheet gets it back."""
    siren, siret = values.get("siren"), values.get("siret")
    country = values.get("country")
    french = country == "FR" if country else bool(siren)
    postcode = values.get("postcode")
    if isinstance(siret, str):
        if siren is None:
            values["siren"] = siret[:9]
            french = french or country is None
        elif siret[:9] != siren:
            return [Problem("siret.other_siren", "siret", "SIRET : ce n'est pas celui du SIREN")]
    if french and isinstance(postcode, str) and len(postcode) == 4 and postcode.isdecimal():
        values["postcode"] = f"0{postcode}"
    return []

"""The column language of the migrations: one column a line, the same for every back end.

    reference   text            TEXT NOT NULL DEFAULT ''
    note        text?           TEXT, NULL allowed
    quantity    int=10000       64-bit integer, NOT NULL, DEFAULT, CHECK within ±9·10¹⁵
    percent     int?
    price_per   positive=10000  the same, from 1 up
    blocked     flag            0 or 1
    date        date            ISO date or NULL; `date!` is NOT NULL
    at          moment!         UTC, ISO 8601 text
    basis       choice a|b|c    one of these, the first is the default; `choice?` may be NULL
    data        json  json=[]   text
    content     blob
    item_id     ref item        may be NULL; `ref!` may not; `own` is NOT NULL and goes with it
    document_id key document    primary key that is also the owner's id
    id          id  id+         primary key; `id+`: a deleted row's id is never given again
    uid         uid             32 hexadecimal digits (UUIDv7), unique

`#` starts a comment. Every check is named `table__column`, which is how `Dialect.translate`
finds the field that was refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

BOUND = 9 * 10**15
"""No stored integer goes beyond, so that products are made in Python (domain.md §5). Frozen here,
and not imported from the domain: a migration must mean the same for ever."""


class Column(NamedTuple):
    """One parsed line. kind: first word of the language; null: NULL allowed; default: literal."""

    name: str
    kind: str
    null: bool = False
    default: str = ""
    argument: str = ""


class Types(NamedTuple):
    """What a back end calls things. id, kept_id: whole primary key clauses."""

    integer: str
    text: str
    blob: str
    id: str
    kept_id: str


def parse(text: str) -> Iterator[Column]:
    """The columns of a table text. Raises ValueError for a line it does not understand."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) not in (2, 3):
            raise ValueError(f"column: {line!r}")
        name, kind, argument = (*words, "")[:3]
        kind, _, default = kind.partition("=")
        mark = kind[-1] if kind[-1] in "?!" else ""
        kind = kind.rstrip("?!")
        null = mark == "?" or (mark == "" and kind in {"date", "moment", "ref"})
        yield Column(name, kind, null, default, argument)


def ddl(table: str, text: str, constraints: Mapping[str, str], types: Types) -> str:
    """The body of CREATE TABLE: columns, then constraints named `table__key__rule`."""
    parts = [_column(table, column, types) for column in parse(text)]
    parts += [f"CONSTRAINT {table}__{key}__rule {sql}" for key, sql in constraints.items()]
    return ",\n  ".join(parts)


def field_of(constraint: str) -> str:
    """The column (or key) in the name of a constraint."""
    return constraint.split("__")[1] if "__" in constraint else constraint


def _column(table: str, column: Column, types: Types) -> str:
    name, kind = column.name, column.kind
    null = "" if column.null else " NOT NULL"

    def checked(type_: str, default: str, test: str) -> str:
        given = "" if default == "" else f" DEFAULT {default}"
        return f"{name} {type_}{null}{given} CONSTRAINT {table}__{name} CHECK ({test})"

    if kind == "id":
        return f"{name} {types.id}"
    if kind == "id+":
        return f"{name} {types.kept_id}"
    if kind == "uid":
        return checked(types.text + " UNIQUE", "", f"length({name}) = 32")
    if kind in {"text", "json"}:
        default = column.default or ("{}" if kind == "json" else "")
        given = "" if column.null else f" DEFAULT '{default}'"
        return f"{name} {types.text}{null}{given}"
    if kind == "int":
        default = column.default or ("" if column.null else "0")
        return checked(types.integer, default, f"{name} BETWEEN -{BOUND} AND {BOUND}")
    if kind == "positive":
        return checked(types.integer, column.default or "1", f"{name} BETWEEN 1 AND {BOUND}")
    if kind == "flag":
        return checked(types.integer, column.default or "0", f"{name} IN (0, 1)")
    if kind == "date":
        return checked(types.text, "", f"{name} LIKE '____-__-__'")
    if kind == "moment":
        return checked(types.text, "", f"{name} LIKE '____-__-__T__:__:__%'")
    if kind == "choice":
        choices = [f"'{one}'" for one in column.argument.split("|")]
        default = "" if column.null else choices[0]
        return checked(types.text, default, f"{name} IN ({', '.join(choices)})")
    if kind == "blob":
        return f"{name} {types.blob}{null}"
    if kind in {"ref", "own", "key"}:
        key = " PRIMARY KEY" if kind == "key" else ""
        cascade = "" if kind == "ref" else " ON DELETE CASCADE"
        target = f"REFERENCES {column.argument} (id){cascade}"
        return f"{name} {types.integer}{key}{null} {target}"
    raise ValueError(f"column {table}.{name}: kind {kind!r}")

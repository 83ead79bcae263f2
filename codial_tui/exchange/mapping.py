"""Which column fills which field: guessed from the headers, shown, saved as TOML, reused."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.errors import system_words

from .encoding import open_error, shown
from .fields import fields_of, key
from .formats import RowKind, SourceFormat

Column = str | int
"""A header name, or a 1-based position."""

REQUIRED: ReadOnly[RowKind, tuple[str, ...]] = {
    "items": ("reference",),
    "customers": ("name", "code"),  # one of them
    "suppliers": ("name", "code"),
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Field → column, and how the cells are written.

    constants: field → text taken for every row (a VAT rate, a unit). decimal: overrides what was
    detected, "," or ".". cents: the file's prices are whole cents. header: whether the file has
    a header row; None = as detected.
    """

    kind: RowKind
    columns: ReadOnly[str, Column] = field(default_factory=dict)
    constants: ReadOnly[str, str] = field(default_factory=dict)
    decimal: str | None = None
    cents: bool = False
    header: bool | None = None

    def check(self) -> None:
        """Raises Invalid when a field is unknown or the row's key has no column."""
        known = {field.name for field in fields_of(self.kind)}
        for name in (*self.columns, *self.constants):
            if name not in known:
                raise _bad(f"champ inconnu « {name} »", name)
        needed = REQUIRED[self.kind]
        if not any(name in self.columns for name in needed):
            labels = {field.name: field.label for field in fields_of(self.kind)}
            missing = " ou ".join(labels[name] for name in needed)
            raise invalid(
                "import.mapping_needed",
                f"aucune colonne reconnue pour : {missing}",
                "donnez les colonnes avec --mapping",
                needed[0],
            )


def guess_mapping(source: SourceFormat, kind: RowKind) -> Mapping:
    """The mapping the headers suggest; a field takes the best of the headers it answers to.

    Raises Invalid `import.mapping_needed` for a file without header. May lack the key column:
    `Mapping.check` says so. FAB-DIS and DATANORM name their own fields: their mapping is only
    shown, and they hold items only.
    """
    if source.is_native and kind != "items":
        raise invalid("import.wrong_kind", "ce format ne contient que des articles")
    if not source.is_native and not source.has_header:
        raise invalid(
            "import.mapping_needed",
            f"« {shown(source.path)} » n'a pas de ligne d'en-tête",
            "donnez les colonnes avec --mapping",
        )
    if source.is_native:
        known = {field.name for field in fields_of(kind)}
        return Mapping(kind, {name: name for name in source.columns if name in known})
    by_key: dict[str, str] = {}
    for column in source.columns:
        by_key.setdefault(key(column), column)
    columns: dict[str, Column] = {}
    for candidate in fields_of(kind):
        for header in candidate.headers:
            column_name = by_key.get(header)
            if column_name is not None and column_name not in columns.values():
                columns[candidate.name] = column_name
                break
    return Mapping(kind, columns)


def load_mapping(name: Path | str) -> Mapping:
    """A mapping from a TOML file, or one of ours by its bare name (`bdpm`, `bdpm.toml`).

    Raises Invalid: `import.mapping_not_found`, `import.mapping_invalid`.
    """
    path = Path(name)
    if not path.is_file() and path.name == str(name):
        from codial_tui.config import asset

        try:
            path = asset(f"mappings/{path.stem if path.suffix == '.toml' else path.name}.toml")
        except (FileNotFoundError, ValueError) as error:
            raise invalid(
                "import.mapping_not_found", f"correspondance « {shown(name)} » introuvable"
            ) from error
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise invalid(
            "import.mapping_not_found", f"correspondance « {shown(name)} » introuvable"
        ) from error
    except OSError as error:
        raise open_error(path, error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(f"« {shown(path)} » n'est pas du TOML lisible{_place(error)}") from error
    return _from_toml(content)


def _place(error: ValueError) -> str:
    """Where tomllib stumbled; its words are English."""
    found = re.search(r"line (\d+)", str(error))
    return f", ligne {found[1]}" if found else ""


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping so that `load_mapping` gives it back equal. Raises Invalid when it cannot."""
    lines = [f"kind = {_quote(mapping.kind)}"]
    if mapping.decimal is not None:
        lines.append(f"decimal = {_quote(mapping.decimal)}")
    if mapping.cents:
        lines.append("cents = true")
    if mapping.header is not None:
        lines.append(f"header = {str(mapping.header).lower()}")
    lines += ["", "[columns]"]
    for name, column in mapping.columns.items():
        lines.append(f"{name} = {column if isinstance(column, int) else _quote(column)}")
    if mapping.constants:
        lines += ["", "[constants]"]
        lines += [f"{name} = {_quote(text)}" for name, text in mapping.constants.items()]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise invalid(
            "import.mapping_unwritable",
            f"« {shown(path)} » : écriture impossible ({system_words(error)})",
        ) from error


def _quote(text: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _from_toml(content: dict[str, Any]) -> Mapping:
    kind = content.pop("kind", None)
    if kind not in get_args(RowKind):
        raise _bad("kind doit être items, customers ou suppliers", "kind")
    columns, constants = content.pop("columns", None), content.pop("constants", {})
    decimal, cents = content.pop("decimal", None), content.pop("cents", False)
    header = content.pop("header", None)
    if content:
        raise _bad(f"clé inconnue « {next(iter(content))} »", next(iter(content)))
    if not isinstance(columns, dict) or not all(_is_column(value) for value in columns.values()):
        raise _bad('[columns] attend champ = "en-tête" ou champ = position (à partir de 1)')
    if not isinstance(constants, dict) or not all(isinstance(v, str) for v in constants.values()):
        raise _bad('[constants] attend champ = "texte"')
    if decimal not in (None, ",", "."):
        raise _bad('decimal doit être "," ou "."', "decimal")
    if not isinstance(cents, bool) or not isinstance(header, bool | None):
        raise _bad("cents et header valent true ou false")
    mapping = Mapping(kind, columns, constants, decimal, cents, header)
    mapping.check()
    return mapping


def _is_column(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return (isinstance(value, int) and 1 <= value <= 10_000) or (
        isinstance(value, str) and value != ""
    )


def _bad(message: str, field_name: str = "") -> Invalid:
    return Invalid(
        Problem("import.mapping_invalid", field_name, f"correspondance refusée : {message}")
    )

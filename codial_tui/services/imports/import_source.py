"""Which file is imported, and which of its columns is what: chosen before anything is compared.

Files come from the user's own inbox folder; only an administrator may name any other path. A
mapping somebody saved is found again by the name of the file: `tarif-rexo` fits
`tarif-rexo-2026.csv`, `bdpm` fits `CIS_CIP_bdpm.txt`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from codial_tui.config import asset, data_dir
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import format_percent, format_price, format_quantity
from codial_tui.domain.text import fold
from codial_tui.errors import Unreadable, refuse, system_words
from codial_tui.exchange.detection import detect
from codial_tui.exchange.fields import Field, fields_of, key, label_of
from codial_tui.exchange.formats import RowKind, SourceFormat
from codial_tui.exchange.mapping import Mapping, guess_mapping, load_mapping, save_mapping
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments

__all__ = [
    "Field",
    "Mapping",
    "RowKind",
    "SourceFormat",
    "describe",
    "fields_of",
    "label_of",
    "last_import",
    "look",
    "mapping_for",
    "mapping_names",
    "named_mapping",
    "path_of",
    "positions",
    "save",
    "value_text",
    "with_columns",
]

_FORMATS = {"xlsx": "classeur", "fabdis": "FAB-DIS", "datanorm4": "DATANORM 4"}
_SEPARATORS = {"\t": "TAB", ";": "point-virgule", ",": "virgule", "|": "barre"}
_ENCODINGS = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8", "utf-8": "UTF-8"}


def path_of(context: Context, typed: str) -> Path:
    """The file somebody typed: a name of the inbox, or for an administrator any path.

    Raises Refused (`path.not_allowed`, `inbox.missing`).
    """
    text = typed.strip()
    found = next((one for one in attachments.inbox(context) if one.name == text), None)
    if found is not None:
        return found
    if "/" not in text and not text.startswith("~"):
        raise refuse("inbox.missing", f"« {text} » n'est pas dans la boîte de dépôt")
    if context.confined:
        raise refuse("path.not_allowed", "Pas de chemin depuis cette connexion", "prenez la boîte")
    if context.user.role != "admin":
        raise refuse(
            "path.not_allowed", "Un chemin est réservé à l'administrateur", "prenez la boîte"
        )
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # ~somebody who does not exist
        raise refuse("inbox.missing", f"« {text} » n'existe pas") from error


def look(path: Path) -> SourceFormat:
    """What a file is. Raises Unreadable."""
    try:
        return detect(path)
    except Invalid as error:
        raise _unreadable(error) from error


def describe(source: SourceFormat) -> str:
    """`Windows-1252, TAB · sans entête`."""
    if source.kind == "csv":
        encoding = _ENCODINGS.get(source.encoding, source.encoding.upper())
        separator = _SEPARATORS.get(source.separator, source.separator)
        name = f"{encoding}, {separator}"
    else:
        name = _FORMATS.get(source.kind, "DATANORM 5")
        name += f", feuille {source.sheet}" if source.sheet else ""
    if source.is_native:
        return name
    return f"{name} · {'avec' if source.has_header else 'sans'} entête"


# -- mappings ----------------------------------------------------------------------------------


def mapping_for(source: SourceFormat, kind: RowKind) -> Mapping:
    """The saved mapping whose name the file bears, else the guess; perhaps without its key
    column. Raises Unreadable when the format holds no rows of this kind."""
    words = _words(source.path.stem)
    for name in sorted(mapping_names(), key=len, reverse=True):
        if not source.is_native and _words(name) <= words:
            try:
                found = named_mapping(name)
            except Unreadable:
                continue  # somebody mangled it; the guess is shown instead
            if found.kind == kind and _fits(found, source):
                return found
    try:
        return guess_mapping(source, kind)
    except Invalid as error:
        if error.problems[0].code == "import.mapping_needed":
            return Mapping(kind, header=False)
        raise _unreadable(error) from error


def mapping_names() -> list[str]:
    """The mappings that were saved here and those that ship with the program."""
    folders = [_folder(), asset("mappings")]
    found = {path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.toml")}
    return sorted(found)


def named_mapping(name: str) -> Mapping:
    """A mapping by name, the user's own before one of ours. Raises Unreadable."""
    own = _folder() / f"{name}.toml"
    try:
        return load_mapping(own if own.is_file() else name)
    except Invalid as error:
        raise _unreadable(error) from error


def save(mapping: Mapping, name: str) -> Path:
    """Keep a mapping under a name, in TOML. Raises Refused, Unreadable."""
    safe = "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:60]
    if not safe:
        raise refuse("mapping.name", "Nom de correspondance vide", "des lettres et des chiffres")
    folder = _folder()
    try:
        mapping.check()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        save_mapping(mapping, folder / f"{safe}.toml")
    except Invalid as error:
        raise _unreadable(error) from error
    except OSError as error:
        raise refuse("mapping.folder", f"{folder} : {system_words(error)}") from error
    return folder / f"{safe}.toml"


def usual_name(source: SourceFormat) -> str:
    """The name proposed for a file's mapping: its own, without what changes from year to year."""
    words = re.findall(r"[a-z]+", fold(source.path.stem))
    return "-".join(words)[:40] or "fichier"


def positions(mapping: Mapping, source: SourceFormat) -> dict[int, str]:
    """0-based column of the file → field that it fills."""
    keys = {key(name): at for at, name in reversed(list(enumerate(source.columns)))}
    found = {}
    for name, column in mapping.columns.items():
        at = column - 1 if isinstance(column, int) else keys.get(key(column), -1)
        if 0 <= at < len(source.columns):
            found[at] = name
    return found


def with_columns(
    mapping: Mapping, source: SourceFormat, chosen: dict[int, str], *, header: bool
) -> Mapping:
    """The mapping with these columns: by name where the file has a header, else by position."""
    by_name = header and source.has_header
    columns = {
        name: source.columns[at] if by_name else at + 1 for at, name in sorted(chosen.items())
    }
    same = header == source.has_header
    return replace(mapping, columns=columns, header=None if same else header)


def _fits(mapping: Mapping, source: SourceFormat) -> bool:
    return len(positions(mapping, source)) == len(mapping.columns)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+|[0-9]+", fold(name)))


def _folder() -> Path:
    return data_dir() / "mappings"


def _unreadable(error: Invalid) -> Unreadable:
    problem = error.problems[0]
    return Unreadable(problem.message, problem.remedy)


# -- values ------------------------------------------------------------------------------------


def value_text(kind: RowKind, name: str, value: Any) -> str:
    """A stored or staged value of a field as people read it."""
    if value is None:
        return "—"
    declared = next((one.type for one in fields_of(kind) if one.name == name), "")
    if isinstance(value, int) and not isinstance(value, bool):
        if declared == "price" or name.endswith("price"):
            return format_price(value)
        if declared == "quantity":
            return format_quantity(value)
        if declared == "vat_rate":
            return format_percent(value)
    if isinstance(value, list | tuple):
        return f"{len(value)} paliers"
    return str(value)


def last_import(context: Context) -> tuple[int, str, str] | None:
    """The last finished import that can still be taken back: id, file name, when (UTC ISO)."""
    return context.database.row(
        "SELECT id, file_name, started_at FROM import_batch WHERE state = 'done' "
        "ORDER BY id DESC LIMIT 1"
    )

"""Machines read from a table (CSV or workbook) into the register: a known one is changed, an
unknown one added, what cannot be is refused with its line.

Each row is written by itself, with the same rules as at the keyboard; reading the same file twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.domain.maintenance.equipment_record import EQUIPMENT, METERS
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused, Unreadable
from codial_tui.exchange import rows as tables
from codial_tui.exchange import values as reading
from codial_tui.services.context import Context
from codial_tui.services.imports import import_source
from codial_tui.services.records import parties, records

from . import equipment, machine_offers

HEADINGS = {
    "code": "code",
    "client": "customer",
    "code client": "customer",
    "customer": "customer",
    "n serie": "serial",
    "n° de serie": "serial",
    "n° serie": "serial",
    "numero de serie": "serial",
    "serial": "serial",
    "marque": "brand",
    "brand": "brand",
    "type": "type",
    "modele": "model",
    "model": "model",
    "famille": "family",
    "lieu": "location",
    "location": "location",
    "livree le": "delivered_on",
    "mise en service": "installed_on",
    "installed_on": "installed_on",
    "garantie": "warranty_until",
    "garantie jusqu'au": "warranty_until",
    "warranty_until": "warranty_until",
    "compteur": "meter",
    "meter": "meter",
    "dans": "parent",
    "dans la machine": "parent",
    "parent": "parent",
    "notes": "notes",
}
"""Folded headings → what they hold; other columns are left out."""
DAYS = ("delivered_on", "installed_on", "warranty_until")
CALLED = ("brand", "type", "model", "family", "location")
"""What a machine without a serial number is known by, at its customer's."""
MOST = 50_000


class Done(NamedTuple):
    """What became of a line. outcome: added, changed, same, refused; problems: why it was refused,
    or what to know of it."""

    line: int
    outcome: str
    code: str
    problems: tuple[Problem, ...] = ()


class _Tried(NamedTuple):
    """What a dry run would have added: names that others may be inside, and the rows by customer
    and name."""

    names: set[str]
    rows: dict[tuple[Any, str], dict[str, Any]]


def run(context: Context, path: Path, *, dry_run: bool = False) -> list[Done]:
    """Read a file into the register; dry_run: say what would be, write nothing. Raises Unreadable
    for a file that is no table, or has no column of machines."""
    records.may_change(context, EQUIPMENT)
    tried = _Tried(set(), {}) if dry_run else None
    return [_one(context, line, cells, tried) for line, cells in _rows(path)]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    source = import_source.look(path)
    if source.is_native:
        raise Unreadable(f"{path.name} est un tarif, pas une liste de machines", "import items")
    found = tables.records(source)
    try:
        names: list[str] = []
        for count, (line, cells) in enumerate(found):
            if cells is None:
                raise Unreadable(
                    f"{path.name}, ligne {line} : guillemet jamais refermé", "corrigez-la"
                )
            if not names:
                names = [HEADINGS.get(fold(clean(one)), "") for one in cells]
                if not {"customer", "code"} & set(names):
                    said = "aucune colonne « client » ni « code »"
                    raise Unreadable(f"{path.name} : {said}", ", ".join(dict.fromkeys(HEADINGS)))
                continue
            if count > MOST:
                raise Unreadable(f"{path.name} : plus de {MOST} lignes", "coupez-le en deux")
            values = {name: clean(cell) for name, cell in zip(names, cells) if name}
            if any(values.values()):
                yield line, values
    except Invalid as error:
        raise Unreadable(f"{path.name} : {error.problems[0].text}", "corrigez-le") from error


def _one(context: Context, line: int, cells: dict[str, str], tried: _Tried | None) -> Done:
    try:
        values = _values(context, cells, tried)
        known = _known(context, cells, values)
        if known is None:
            return _add(context, line, values, tried)
        return _change(context, line, known, values, tried is not None)
    except (Refused, Invalid) as error:
        name = cells.get("code") or cells.get("serial") or ""
        return Done(line, "refused", name, tuple(error.problems))


def _values(context: Context, cells: dict[str, str], tried: _Tried | None) -> dict[str, Any]:
    """The columns that a row gives. Raises Refused or Invalid."""
    values: dict[str, Any] = {
        name: text for name, text in cells.items() if name not in ("customer", "parent") and text
    }
    for name in DAYS:
        if name in values:
            day = reading.day(values[name])
            if day is None:
                said = f"« {values[name][:20]} » n'est pas un jour"
                raise Invalid(Problem("date.unreadable", name, said, "31/12/2026"))
            values[name] = day
    if "meter" in values:
        wanted = fold(values["meter"])
        found = [name for name, word in METERS if wanted in (name, fold(word))]
        if not found:
            words = ", ".join(word.lower() for _, word in METERS)
            raise Invalid(Problem("meter.unknown", "meter", f"Compteur {values['meter']} ?", words))
        values["meter"] = found[0]
    if customer := cells.get("customer"):
        values["party_id"] = parties.by_code(context, customer)
    parent = cells.get("parent")
    if parent and not (tried and fold(parent) in tried.names):
        values["parent_id"] = equipment.by_code(context, parent)["id"]
    return values


def _known(
    context: Context, cells: dict[str, str], values: dict[str, Any]
) -> dict[str, Any] | None:
    """The machine a row is about: by its code, else its customer's of that serial number."""
    if code := cells.get("code"):
        return context.database.mapping(
            "SELECT * FROM equipment WHERE code_fold = ?", (fold(code),)
        )
    party_id, serial = values.get("party_id"), values.get("serial")
    if not party_id:
        return None
    if serial:
        same = machine_offers.by_serial(context, party_id, serial, values.get("brand", ""))
    else:
        same = [
            one
            for one in context.database.mappings(
                "SELECT * FROM equipment WHERE party_id = ? AND serial = '' ORDER BY id",
                (party_id,),
            )
            if all(fold(one[name]) == fold(values.get(name, "")) for name in CALLED)
        ]
    return next((one for one in same if one["party_id"] == party_id), None)


def _add(context: Context, line: int, values: dict[str, Any], tried: _Tried | None) -> Done:
    if "party_id" not in values:
        said = "Chez qui est cette machine ?"
        raise Invalid(Problem("equipment.party", "customer", said, "colonne client"))
    equipment.check_named(values)
    if problems := [one for one in equipment.check(context, values) if one.level != "warning"]:
        raise Refused(*problems)
    said = equipment.twins(context, values)
    twin = (Problem("equipment.twin", "serial", said, "", "warning"),) if said else ()
    if tried is not None:
        name = str(values.get("code") or values.get("serial") or "")
        key = (values["party_id"], fold(name or " ".join(map(str, values.values()))))
        before = tried.rows.setdefault(key, values)
        tried.names.update(fold(str(values.get(one) or "")) for one in ("code", "serial"))
        outcome = "added" if before is values else "same" if before == values else "changed"
        return Done(line, outcome, name, twin)
    made = equipment.create(context, values)
    return Done(line, "added", str(records.load(context, "equipment", made)["code"]), twin)


def _change(
    context: Context, line: int, known: dict[str, Any], values: dict[str, Any], dry_run: bool
) -> Done:
    fresh = {name: value for name, value in values.items() if known.get(name) != value}
    fresh.pop("code", None)
    if not fresh:
        return Done(line, "same", known["code"])
    after = {**known, **fresh}
    if "party_id" in fresh:  # where it stood it stands no more
        after |= {"address_id": None, "parent_id": fresh.get("parent_id")}
    if problems := equipment.check(context, after):
        raise Refused(*problems)
    if not dry_run:
        for name, value in sorted(fresh.items(), key=lambda one: one[0] != "party_id"):
            records.put(context, "equipment", known["id"], EQUIPMENT.field(name), value)
    return Done(line, "changed", known["code"])

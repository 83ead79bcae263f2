"""Machines that the register offers for a work order: by words, by site, by serial number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.maintenance.equipment_record import EQUIPMENT
from codial_tui.domain.problems import Problem
from codial_tui.domain.text import fold
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.records import records

_SEEN = 50
AS_REGISTERED = {
    **{name: name for name in ("brand", "type", "model", "location")},
    "commissioned_on": "installed_on",
}
"""What a work order says of a machine → what the register calls it."""


class Offer(NamedTuple):
    """A machine of the register as a list offers it."""

    id: int
    label: str
    detail: str


def offered(context: Context, document: Document, text: str = "") -> list[Offer]:
    """The customer's machines that hold the words of a text: those of the work order's site and
    those without one; a whole serial number finds those of his other sites too."""
    party, site = document.number("party_id"), document.number("address_id")
    rows = context.database.rows(
        "SELECT e.id, e.code, e.serial, e.brand, e.type, e.model, e.location, "
        "COALESCE(NULLIF(a.label, ''), NULLIF(a.name, ''), a.city), e.address_id "
        "FROM equipment e LEFT JOIN address a ON a.id = e.address_id "
        "WHERE e.active = 1 AND e.party_id = ? ORDER BY e.serial_fold, e.id",
        (party,),
    )
    wanted = fold(text.strip())
    found = []
    for key, code, serial, brand, type_, model, location, place, at in rows:
        words = " ".join(filter(None, (serial or code, brand, type_, model)))
        shown = " · ".join(filter(None, (place, location)))
        here = not site or at in (None, site)
        exact = wanted in (fold(serial or ""), fold(code)) and wanted != ""
        told = fold(f"{code} {words} {shown}")
        if exact or (here and all(word in told for word in wanted.split())):
            found.append(Offer(key, words, shown))
    return found[:_SEEN]


def known(context: Context, column: str, text: str = "") -> list[str]:
    """Brands or types that the register holds, those that begin so."""
    assert column in ("brand", "type")
    rows = context.database.rows(
        f"SELECT {column} FROM equipment WHERE {column} <> '' GROUP BY {column} ORDER BY {column}"
    )
    return [str(one) for (one,) in rows if fold(one).startswith(fold(text))][:_SEEN]


def by_serial(
    context: Context, party_id: int, serial: str, brand: str = ""
) -> list[dict[str, Any]]:
    """Machines of the register that bear a serial number (of a brand): the customer's, else those
    that are elsewhere."""
    rows = context.database.mappings(
        "SELECT * FROM equipment WHERE serial_fold = ? ORDER BY active DESC, id",
        (fold(serial.strip()),),
    )
    rows = [one for one in rows if not brand or fold(one["brand"]) in ("", fold(brand))]
    own = [one for one in rows if one["party_id"] in (None, party_id)]
    return own or rows


def register(context: Context, values: Mapping[str, Any]) -> int:
    """A machine that a work order names, new in the register; the customer's own of this serial
    number when it is there. Raises Refused."""
    from . import equipment

    serial, party = str(values.get("serial") or ""), int(values["party_id"])
    if serial:
        same = by_serial(context, party, serial, str(values.get("brand") or ""))
        own = [one for one in same if one["party_id"] == party]
        if own:
            return int(own[0]["id"])
    return equipment.create(context, values)


def complete(context: Context, equipment_id: int, values: Mapping[str, Any]) -> list[Problem]:
    """Give the register what a work order says of a machine and it does not know yet; what it
    would not take, as warnings."""
    if not context.user.may(EQUIPMENT.right):
        return []
    row = records.load(context, "equipment", equipment_id)
    found: list[Problem] = []
    for name, value in values.items():
        known = AS_REGISTERED.get(name)
        if known and value and not row[known]:
            try:
                records.put(context, "equipment", equipment_id, EQUIPMENT.field(known), value)
            except Refused as error:
                said = (f"Au registre : {one.message}" for one in error.problems)
                found += [Problem("equipment.kept", "", one, "", "warning") for one in said]
    return found


def warranty(context: Context, equipment_id: int | None) -> str | None:
    """Until when a machine is under warranty, ISO; None for one that the register does not know."""
    sql = "SELECT warranty_until FROM equipment WHERE id = ?"
    return context.database.value(sql, (equipment_id,), None) if equipment_id else None

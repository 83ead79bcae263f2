"""Lines of labour and travel out of the visits of a work order (domain.md §8).

Each has a uid that follows from the document's, so that doing it again brings the same lines up to
date, whatever became of their price or label meanwhile.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from codial_tui.domain.changes import Change, delete, insert_after, set_line
from codial_tui.domain.document import Document, Line, Visit
from codial_tui.domain.draft import Plan
from codial_tui.domain.maintenance import time_units, times
from codial_tui.domain.maintenance.order_cover import beyond_uid
from codial_tui.domain.money import SCALE4, SCALE6, div_round
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context
from codial_tui.services.documents import pricing
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import catalogue, company_settings
from codial_tui.services.records.catalogue import Item

SETTINGS = "F10 Paramètres, Interventions"
LABOUR, TRAVEL, KM, ZONE = "labour", "travel", "km", "zone:"
"""What a line is made of; `ZONE` is followed by the code."""


class Zone(NamedTuple):
    """price: of a journey there and back, HT, 10⁻⁴; 0: the item's."""

    code: str
    label: str
    price: int
    item_id: int | None
    active: int


@dataclass(slots=True)
class _Wanted:
    """A line to have: what it is billed with, quantity 10⁻⁴ of a unit."""

    role: str
    item: Item | None
    quantity: int
    unit: str | None = None
    zone: Zone | None = None

    @property
    def billing_class(self) -> str:
        return "labour" if self.role == LABOUR else "travel"


def run(editor: Editor) -> list[Problem]:
    """Make the lines of a work order, or bring them up to date, as one step; its warnings.
    Raises Refused when there is nothing to do."""
    found = plan(editor.context, editor.document)
    return editor.run(found, "Temps et trajets en lignes")


def plan(context: Context, document: Document, but: Collection[str] = ()) -> Plan:
    """The changes that give a work order the lines of its visits, and what to know. but: billing
    classes to leave alone."""
    zones = _zones(context)
    problems: list[Problem] = []
    own = _made(document, zones)
    wanted = [*_labour(context, document, problems), *_travel(context, document, zones, problems)]
    wanted = [one for one in wanted if one.billing_class not in but]
    by_uid = {uid_of(document, one.role): one for one in wanted}
    there = {line.uid: line for line in document.lines if line.uid in own}
    kept = {found for uid in by_uid for found in (uid, beyond_uid(uid))}
    changes: list[Change | None] = [delete(line) for line in there.values() if line.uid not in kept]
    new = []
    for uid, one in by_uid.items():
        if uid in there:
            values: dict[str, Any] = {} if one.unit is None else {"unit": one.unit}
            behind = there.get(beyond_uid(uid))
            billed = there[uid].quantity + (behind.quantity if behind is not None else 0)
            if billed != one.quantity:
                values["quantity"] = one.quantity
            changes.append(set_line(there[uid], **values))
        else:
            new.append(_line(context, document, one, uid, problems))
            problems += _beside(document, one.billing_class, own)
    changes += insert_after(document, new, None) if new else []
    done = [one for one in changes if one is not None]
    if not done and not problems:
        problems.append(_nothing(document, bool(by_uid)))
    return Plan(done, list(dict.fromkeys(problems)))


def _beside(document: Document, billing_class: str, own: Collection[str]) -> list[Problem]:
    """Lines of that class that no visit made: what was quoted may be billed twice."""
    others = [
        line
        for line in document.lines
        if line.counts and line.billing_class == billing_class and line.uid not in own
    ]
    if not others:
        return []
    name = (others[0].reference or others[0].label)[:30]
    said = f"{_CLASSES[billing_class]} déjà en ligne : {name}"
    return [Problem("visit.beside", "", said, "vérifiez qu'elle ne compte pas double", "warning")]


_CLASSES = {"labour": "Main d'œuvre", "travel": "Déplacement"}


def _nothing(document: Document, made: bool) -> Problem:
    if not document.visits:
        return Problem("visit.none", "", "Aucune visite", "tapez ses horaires")
    if made:
        return Problem("visit.lines", "", "Les lignes sont déjà celles des visites")
    return Problem("visit.lines", "", "Rien à facturer", SETTINGS)


def uid_of(document: Document, role: str) -> str:
    """The uid of the line that bills a part of the visits."""
    return hashlib.sha256(f"{document.uid} {role}".encode()).hexdigest()[:32]


def by_hand(context: Context, document: Document) -> set[str]:
    """The billing classes of the lines that no visit made."""
    own = _made(document, _zones(context))
    return {one.billing_class for one in document.lines if one.uid not in own}


def _made(document: Document, zones: Collection[str]) -> set[str]:
    """The uids that lines of visits have."""
    roles = (LABOUR, TRAVEL, KM, *(ZONE + code for code in zones))
    uids = (uid_of(document, one) for one in roles)
    return {found for uid in uids for found in (uid, beyond_uid(uid))}


def _labour(context: Context, document: Document, problems: list[Problem]) -> list[_Wanted]:
    minutes = times.times(document.visits).work
    if not minutes:
        return []
    item = _item(context, "work.labour_item", problems)
    if item is None:
        if not problems:
            said = "Main d'œuvre non facturée : aucun article"
            problems.append(Problem("visit.labour_item", "", said, SETTINGS, "warning"))
        return []
    return [_lasting(context, LABOUR, item, minutes)]


def _travel(
    context: Context, document: Document, zones: dict[str, Zone], problems: list[Problem]
) -> list[_Wanted]:
    """A visit to a known zone is billed by it, else by its kilometres, else by its time."""
    per_km = _item(context, "work.km_item", problems)
    per_time = _item(context, "work.travel_item", problems)
    journeys: Counter[str] = Counter()
    distance = minutes = 0
    lost = False
    for visit in document.visits:
        zone = zones.get(visit.zone.upper())
        if unknown := _unknown(visit, zones):
            problems.append(unknown._replace(field="", level="warning"))
            zone = None
        if zone is not None:
            journeys[zone.code.upper()] += 1
        elif per_km is not None and visit.distance:
            distance += visit.distance
        else:
            minutes += times.of_visit(visit).travel
            lost = lost or (per_time is None and bool(visit.distance))
    found = []
    for code, count in sorted(journeys.items()):
        zone = zones[code]
        item = catalogue.by_id(context, zone.item_id) if zone.item_id else None
        found.append(_Wanted(ZONE + code, item, count * SCALE4, zone=zone))
    if lost:
        said = "Kilomètres non facturés : aucun article"
        problems.append(Problem("visit.km_item", "", said, SETTINGS, "warning"))
    if per_km is not None and distance:
        found.append(_Wanted(KM, per_km, distance))
    if per_time is not None and minutes:
        found.append(_lasting(context, TRAVEL, per_time, minutes))
    return found


def unknown_zone(context: Context, visit: Visit) -> Problem | None:
    """That the zone of a visit is none of the company's."""
    return _unknown(visit, _zones(context)) if visit.zone else None


def _unknown(visit: Visit, zones: Mapping[str, Zone]) -> Problem | None:
    zone = zones.get(visit.zone.upper())
    if not visit.zone or (zone is not None and zone.active):
        return None
    known = ", ".join(one.code for one in zones.values() if one.active)
    remedy = f"il y a {known}" if known else "F10 Paramètres, Zones de déplacement"
    return Problem("visit.zone", "zone", f"Zone {visit.zone} inconnue", remedy)


def _lasting(context: Context, role: str, item: Item, minutes: int) -> _Wanted:
    """Minutes as an item bills them, rounded up as the company does."""
    unit = str(company_settings.value(context, "work.time_unit"))
    step = int(company_settings.value(context, "work.time_step"))
    billed = time_units.billed(time_units.rounded(minutes, step), item.unit, unit)
    return _Wanted(role, item, billed.quantity, billed.unit)


def _item(context: Context, setting: str, problems: list[Problem]) -> Item | None:
    """The item of a setting, None when there is none or it cannot be billed."""
    chosen = company_settings.value(context, setting)
    item = catalogue.by_id(context, int(chosen)) if chosen else None
    if item is not None and item.is_assembly:
        said = f"{item.reference} est un ouvrage : il ne compte pas un temps"
        problems.append(Problem("visit.assembly", "", said, SETTINGS, "warning"))
        return None
    return item


def _line(
    context: Context, document: Document, one: _Wanted, uid: str, problems: list[Problem]
) -> Line:
    """A new line at the price that the customer pays."""
    price = 0
    if one.item is not None:
        line = catalogue.line_of(context, document, one.item, one.quantity, 0)
        usual = pricing.price_of(context, document, one.item, one.quantity)
        price, line.price_per, line.discounts = usual.price or 0, usual.price_per, usual.discounts
    else:
        line = Line(uid, quantity=one.quantity)
        line.vat_category = document.text("vat_category") or "S"
        line.vat_rate = document.number("vat_rate")
    if one.zone is not None:
        line.label = line.label if one.item else f"Déplacement {one.zone.label}"
        if one.zone.price:
            price, line.price_per, line.discounts = (
                _zone_price(document, one.zone, line),
                SCALE4,
                (),
            )
    line.uid, line.unit_price = uid, price
    line.unit = line.unit if one.unit is None else one.unit
    line.billing_class, line.supply_nature = one.billing_class, "service"
    if not price:
        said = f"{line.label} : sans prix"
        problems.append(Problem("visit.price", "", said, "F2 sur sa ligne", "warning"))
    return line


def _zone_price(document: Document, zone: Zone, line: Line) -> int:
    """In the document's price mode and decimals."""
    price = zone.price
    if document.gross_mode:
        price = div_round(price * (SCALE6 + line.vat_rate), SCALE6)
    step = int(10 ** (4 - document.price_decimals))
    return div_round(price, step) * step


def _zones(context: Context) -> dict[str, Zone]:
    """All zones by code in capitals, those out of use too."""
    rows = context.database.rows(
        "SELECT code, label, price, item_id, active FROM travel_zone ORDER BY position, id"
    )
    return {str(row[0]).upper(): Zone(*row) for row in rows}

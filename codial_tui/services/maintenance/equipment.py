"""The register of equipment: a customer's machine, what it is in, its counters (domain.md §8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.maintenance.equipment_record import EQUIPMENT, METERS
from codial_tui.domain.money import in_bounds
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_quantity
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings

CODE, PATTERN = "EQ", "EQ{yy}-{n:05}"
DEEPEST = 20
"""machines inside machines that a tree shows"""
Row = Mapping[str, Any]


def create(context: Context, values: Mapping[str, Any]) -> int:
    """A new machine, with the next code of its series unless it has one. Raises Refused."""
    from codial_tui.services.records import record_rules, records

    records.may_change(context, EQUIPMENT)
    check_named(values)
    with context.database.write():
        given = dict(values)
        if not str(given.get("code") or "").strip():
            given["code"] = _next_code(context)
        row = records.new_row(context, EQUIPMENT, given)
        made = context.database.insert(EQUIPMENT.table, row)
        record_rules.follow(context, EQUIPMENT.name, records.load(context, EQUIPMENT.name, made))
    return made


def _next_code(context: Context) -> str:
    """Inside the caller's transaction; the pattern is that of the series (F10 Paramètres,
    Numéros)."""
    day = context.today.isoformat()
    establishment = settings.default_establishment(context) or 0
    while True:
        count, pattern = context.database.next_number(
            establishment, CODE, period_of(day, "year"), PATTERN
        )
        code = number_of(pattern, day, count)
        if not context.database.row("SELECT 1 FROM equipment WHERE code_fold = ?", (fold(code),)):
            return code


def by_code(context: Context, text: str) -> dict[str, Any]:
    """A machine by its code, else by its serial number where only one bears it. Raises Refused."""
    wanted = fold(text.strip())
    rows = context.database.mappings(
        "SELECT * FROM equipment WHERE code_fold = ? OR serial_fold = ? "
        "ORDER BY code_fold = ? DESC, id LIMIT 3",
        (wanted, wanted, wanted),
    )
    if not wanted or not rows:
        raise refuse("equipment.unknown", f"Machine {text} inconnue", "codial-tui equipment list")
    if rows[0]["code_fold"] != wanted and len(rows) > 1:
        codes = ", ".join(row["code"] for row in rows)
        raise refuse("equipment.which", f"Plusieurs machines {text} : {codes}", "donnez son code")
    return rows[0]


CALLED = ("code", "serial", "brand", "type", "model", "family")


def check_named(values: Mapping[str, Any]) -> None:
    """Raises Refused for a new machine that nothing tells from another one."""
    if not any(str(values.get(name) or "").strip() for name in CALLED):
        said = "Rien ne nomme cette machine"
        raise refuse("equipment.nameless", said, "n° de série, marque ou type", "serial")


def check(context: Context, row: Row) -> list[Problem]:
    """What a machine must obey: a site of its customer, inside another one of his, never inside
    itself."""
    found = []
    database = context.database
    if row.get("address_id") and row.get("party_id") != database.value(
        "SELECT party_id FROM address WHERE id = ?", (row["address_id"],), None
    ):
        found.append(
            Problem(
                "equipment.site", "address_id", "Ce site est d'un autre client", "F4 : les siens"
            )
        )
    if row.get("id") and (contract := _under(context, row)):
        said = f"Au contrat {contract[0]} de {contract[1]}"
        remedy = "retirez-la d'abord de ses machines"
        found.append(Problem("equipment.contract", "party_id", said, remedy))
    if row.get("parent_id"):
        parent = database.row(
            "SELECT party_id, code FROM equipment WHERE id = ?", (row["parent_id"],)
        )
        if parent is None or parent[0] != row.get("party_id"):
            said = f"{parent[1] if parent else 'Elle'} est chez un autre client"
            found.append(Problem("equipment.parent", "parent_id", said, "choisissez-en une sienne"))
        else:
            found += _inside(row, str(parent[1]), _above(context, row["parent_id"]))
    days = [row.get(name) for name in ("delivered_on", "installed_on")]
    if row.get("warranty_until") and any(day and day > row["warranty_until"] for day in days):
        said = "La garantie finit avant la livraison ou la mise en service"
        found.append(Problem("equipment.warranty", "warranty_until", said, "vérifiez les dates"))
    return found


def _inside(row: Row, parent: str, above: list[int]) -> list[Problem]:
    """What forbids a machine inside a parent, which is `above[0]` and in the others."""
    if row.get("id") in above:
        said = f"{parent} est dans cette machine"
        return [Problem("equipment.cycle", "parent_id", said, "sortez-la d'abord")]
    if len(above) >= DEEPEST:
        said = f"{DEEPEST} machines l'une dans l'autre, pas plus"
        return [Problem("equipment.deep", "parent_id", said, "choisissez-en une autre")]
    return []


def _under(context: Context, row: Row) -> tuple[str, str] | None:
    """Number and customer of a contract of somebody else that goes on and holds the machine."""
    found = context.database.row(
        "SELECT c.number, p.name FROM contract_machine m "
        "JOIN contract c ON c.id = m.contract_id JOIN party p ON p.id = c.party_id "
        "WHERE m.equipment_id = ? AND c.party_id <> ? AND c.state <> 'ended' "
        "AND (c.ended_on IS NULL OR c.ended_on > ?) AND (m.until IS NULL OR m.until > ?) "
        "ORDER BY c.id LIMIT 1",
        (row["id"], row.get("party_id") or 0, *(context.today.isoformat(),) * 2),
    )
    return (str(found[0]), str(found[1])) if found else None


def _above(context: Context, equipment_id: int | None) -> list[int]:
    """A machine and those it is in, from inside out."""
    found: list[int] = []
    while equipment_id and equipment_id not in found:
        found.append(equipment_id)
        equipment_id = context.database.value(
            "SELECT parent_id FROM equipment WHERE id = ?", (equipment_id,), None
        )
    return found


def changed(context: Context, row: Row) -> None:
    """What follows from a row that was written: its words, and what it is found by. One that is
    another customer's now leaves the site and the machine it was in, and those inside it."""
    _leave(context, row)
    names = ("brand", "type", "model")
    label = " ".join(str(row.get(name) or "") for name in names if row.get(name))
    label = label or str(row.get("family") or row.get("serial") or row.get("code"))
    owner = context.database.value("SELECT name FROM party WHERE id = ?", (row["party_id"],), "")
    texts = (row["code"], row.get("serial"), label, row.get("family"), row.get("location"), owner)
    context.database.update(
        "equipment",
        int(row["id"]),
        {
            "label": label,
            "label_fold": fold(label),
            "search_text": fold(" ".join(str(one) for one in texts if one)),
        },
    )


def twin(context: Context, row: Row) -> tuple[str, str] | None:
    """Code and customer of another machine of the brand that bears the serial number."""
    if not row.get("serial"):
        return None
    found = context.database.rows(
        "SELECT e.code, p.name, e.brand FROM equipment e LEFT JOIN party p ON p.id = e.party_id "
        "WHERE e.serial_fold = ? AND e.id <> ? ORDER BY e.id",
        (fold(str(row["serial"])), row.get("id") or 0),
    )
    brand = fold(row.get("brand") or "")
    same = [(str(code), str(owner or "?")) for code, owner, own in found if fold(own) == brand]
    return same[0] if same else None


def _leave(context: Context, row: Row) -> None:
    """Of a customer's own: what a machine that changed hands no longer stands in."""
    database, own, key = context.database, row["party_id"], int(row["id"])
    for name, table, also in (
        ("address_id", "address", ", location = ''"),
        ("parent_id", "equipment", ""),
    ):
        database.execute(
            f"UPDATE equipment SET {name} = NULL{also} WHERE id = ? AND {name} IN "
            f"(SELECT id FROM {table} WHERE party_id <> ?)",
            (key, own),
        )
    database.execute(
        "UPDATE equipment SET parent_id = NULL WHERE parent_id = ? AND party_id <> ?", (key, own)
    )


def twins(context: Context, row: Row) -> str:
    """A sentence when another machine of the brand bears the serial number, "" else."""
    found = twin(context, row)
    return f"{row['serial']} est aussi {found[0]}, chez {found[1]}" if found else ""


# counters -----------------------------------------------------------------------------------------


def read(
    context: Context,
    equipment_id: int,
    value: int,
    day: str = "",
    note: str = "",
    *,
    document_id: int | None = None,
) -> int:
    """Note what a counter says (10⁻⁴), only added to. Raises Refused for a day to come, for a value
    below the one before or above the one after; a note that begins with `remplacé` says that the
    counter was changed, and lets it begin anew."""
    database = context.database
    with database.write():
        machine = database.row("SELECT meter, code FROM equipment WHERE id = ?", (equipment_id,))
        if machine is None or machine[0] == "none":
            name = machine[1] if machine else "Cette machine"
            raise refuse("meter.none", f"{name} n'a pas de compteur", "champ Compteur", "meter")
        day = day or context.today.isoformat()
        if day > context.today.isoformat():
            raise refuse("reading.future", "Un relevé n'est pas à venir", "sa date", "read_on")
        if value < 0 or not in_bounds(value):
            raise refuse("reading.value", "Un compteur est positif", "vérifiez-le", "value")
        _check_order(context, equipment_id, value, day, note)
        return database.insert(
            "equipment_reading",
            {
                "uid": context.uid(),
                "equipment_id": equipment_id,
                "meter": machine[0],
                "value": value,
                "read_on": day,
                "document_id": document_id,
                "note": note.strip()[:120],
                "at": context.now,
                "user_id": context.user.id,
                "user_name": context.user.name,
            },
        )


def _check_order(context: Context, equipment_id: int, value: int, day: str, note: str) -> None:
    if fold(note).startswith("remplace"):
        return
    before = context.database.row(
        "SELECT value, read_on FROM equipment_reading WHERE equipment_id = ? AND read_on <= ? "
        "ORDER BY read_on DESC, id DESC LIMIT 1",
        (equipment_id, day),
    )
    after = context.database.row(
        "SELECT value, read_on, note FROM equipment_reading WHERE equipment_id = ? "
        "AND read_on > ? ORDER BY read_on, id LIMIT 1",
        (equipment_id, day),
    )
    remedy = "changé ? notez « remplacé »"
    if before and value < before[0]:
        said = f"Le {_day(before[1])} il disait {format_quantity(before[0], 0)}"
        raise refuse("reading.less", said, remedy, "value")
    if after and value > after[0] and not fold(after[2]).startswith("remplace"):
        said = f"Le {_day(after[1])} il disait {format_quantity(after[0], 0)}"
        raise refuse("reading.more", said, remedy, "value")


def readings(context: Context, equipment_id: int) -> list[dict[str, Any]]:
    """What its counter said, the newest first; `since`: how much since the one before (10⁻⁴), None
    for the first and after a change of counter."""
    rows = context.database.mappings(
        "SELECT * FROM equipment_reading WHERE equipment_id = ? ORDER BY read_on, id",
        (equipment_id,),
    )
    before: int | None = None
    for row in rows:
        changed = before is None or fold(row["note"]).startswith("remplace")
        row["since"] = None if changed else row["value"] - int(before or 0)
        before = row["value"]
    return rows[::-1]


def meter_word(meter: str) -> str:
    return dict(METERS).get(meter, "").lower()


def _day(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[2:4]}"

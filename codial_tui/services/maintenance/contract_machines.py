"""The machines that a contract covers, each from a day to another (not included). A machine that
leaves stays written: its copies are due to that day (domain.md §8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.problems import Problem
from codial_tui.errors import refuse
from codial_tui.services.context import Context

Row = Mapping[str, Any]
PART = "contract_machine"
"""The record type of such a row."""
PRESENT = "(m.since IS NULL OR m.since <= ?) AND (m.until IS NULL OR m.until > ?)"
"""That a row `m` of `contract_machine` holds on a day, asked twice."""


def problems(context: Context, row: Row) -> list[Problem]:
    """What forbids a machine (`equipment_id`) in a contract (`contract_id`), from a day on and
    perhaps to another (`since`, `until`)."""
    sql = "SELECT party_id FROM contract WHERE id = ?"
    party = context.database.value(sql, (row["contract_id"],))
    found = wrong(context, int(party), row.get("equipment_id"))
    names = ("since", "until", "equipment_id") if row.get("id") else ("equipment_id",)
    if row.get("since") and row.get("until") and row["until"] < row["since"]:
        code, said, remedy = "dates", "Elle sortirait avant d'entrer", "Depuis ≤ Jusqu'au"
    else:
        code, said, remedy = "twice", _meets(context, row), "ses jours ne se recouvrent pas"
    if said:  # whichever of them is typed
        found += [Problem(f"contract.machine_{code}", one, said, remedy) for one in names]
    return found


def _meets(context: Context, row: Row) -> str:
    """What is said of the same machine at another row of the contract on the same days."""
    since, until = row.get("since") or "", row.get("until") or "9999"
    for other_since, other_until in context.database.rows(
        "SELECT since, until FROM contract_machine "
        "WHERE contract_id = ? AND equipment_id = ? AND id <> ? ORDER BY id",
        (row["contract_id"], row.get("equipment_id"), row.get("id") or 0),
    ):
        if max(since, other_since or "") < min(until, other_until or "9999"):
            return f"Ce matériel y est déjà, {_days(other_since, other_until)}"
    return ""


def _days(since: str | None, until: str | None) -> str:
    first = f"depuis le {_day(since)}" if since else "depuis le début"
    return f"{first}, sorti le {_day(until)}" if until else first


def _day(day: str) -> str:
    return format_date(date.fromisoformat(day))


def joins(context: Context, contract_id: int) -> str | None:
    """The day (ISO) from which a machine that is added now is covered: today, or the start (None)
    of a contract that does not run yet or was typed today."""
    today = context.today.isoformat()
    starts_on, created_at = context.database.row(
        "SELECT starts_on, created_at FROM contract WHERE id = ?", (contract_id,)
    ) or ("", "")
    fresh = starts_on >= today or created_at[:10] >= context.now[:10]
    return None if fresh else today


def present(context: Context, contract_id: int, equipment_id: int) -> int:
    """The row of a machine that has not left a contract. Raises Refused when there is none."""
    row_id = context.database.value(
        "SELECT id FROM contract_machine WHERE contract_id = ? AND equipment_id = ? "
        "AND (until IS NULL OR until > ?) ORDER BY id DESC LIMIT 1",
        (contract_id, equipment_id, context.today.isoformat()),
    )
    if row_id is None:
        said = "Ce matériel n'est pas dans ce contrat"
        raise refuse("contract.machine_absent", said, "codial-tui contract show", "machine")
    return int(row_id)


def leave(context: Context, row: Row) -> None:
    """Inside write(): a machine leaves a contract today; what never was covered goes for good.
    row: of `contract_machine`. Raises Refused for one that has left."""
    day = joins(context, row["contract_id"])
    if row["until"] and row["until"] > (row["since"] or ""):
        said = f"Ce matériel en est sorti le {_day(row['until'])}"
        remedy = "Entrée, videz « Jusqu'au »"
        raise refuse("contract.left", said, remedy)
    if row["until"] or day is None or (row["since"] or "") >= day:
        context.database.execute("DELETE FROM contract_machine WHERE id = ?", (row["id"],))
    else:
        context.database.update("contract_machine", row["id"], {"until": day})


def wrong(context: Context, party_id: int, equipment_id: int | None) -> list[Problem]:
    """What forbids a machine in the contracts of a customer."""
    machine = context.database.mapping(
        "SELECT party_id FROM equipment WHERE id = ?", (equipment_id,)
    )
    if machine is None:
        return [Problem("equipment.unknown", "equipment_id", "Matériel introuvable", "F4")]
    if machine["party_id"] not in (None, party_id):
        said = "Ce matériel est d'un autre client"
        return [Problem("contract.equipment", "equipment_id", said, "F4 montre les siens")]
    return []


def warning(context: Context, row: Row) -> str:
    """What is to be known of a machine in a contract, "" for nothing: that it stands elsewhere,
    that its copies count twice, or were not read on the day it joined or left."""
    told = []
    sql = "SELECT kind FROM contract WHERE id = ?"
    if context.database.value(sql, (row["contract_id"],)) == "copies":
        told.append(_elsewhere(context, row))
        told += [_unread(context, row["equipment_id"], row[name]) for name in ("since", "until")]
    elif row["since"] == context.today.isoformat():
        told.append("Couvert dès aujourd'hui · « Depuis », vidé : dès le début du contrat")
    told.append(mismatch(context, row["contract_id"], row["equipment_id"]))
    return " · ".join(filter(None, told))


def _elsewhere(context: Context, row: Row) -> str:
    day = max(context.today.isoformat(), row["since"] or "")
    number = context.database.value(
        "SELECT c.number FROM contract_machine m JOIN contract c ON c.id = m.contract_id "
        "WHERE m.equipment_id = ? AND c.id <> ? AND c.kind = 'copies' AND c.state = 'active' "
        f"AND {PRESENT} ORDER BY c.id LIMIT 1",
        (row["equipment_id"], row["contract_id"], day, day),
        None,
    )
    return f"Ses copies comptent aussi à {number}" if number else ""


def _unread(context: Context, equipment_id: int, day: str | None) -> str:
    if not day or context.database.value(
        "SELECT id FROM equipment_reading r WHERE equipment_id = ? AND read_on = ? "
        "AND meter = 'copies' AND reverses IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM equipment_reading b WHERE b.reverses = r.id)",
        (equipment_id, day),
    ):
        return ""
    return f"Compteur de copies à relever le {_day(day)} : le relevé d'avant compte sinon"


def mismatch(context: Context, contract_id: int, equipment_id: int) -> str:
    """The warning that a machine stands elsewhere than the contract says, "" when it does not."""
    row = context.database.row(
        "SELECT c.address_id, e.address_id, c.number FROM contract c, equipment e "
        "WHERE c.id = ? AND e.id = ?",
        (contract_id, equipment_id),
    )
    if row is None or not row[0] or row[0] == row[1]:
        return ""
    return f"Ce matériel n'est pas sur le site de {row[2]} · il est couvert quand même"


def machines(context: Context, contract_id: int, day: str) -> list[dict[str, Any]]:
    """The machines of a contract that are in use, those of a day (ISO), by code."""
    return context.database.mappings(
        "SELECT e.* FROM equipment e JOIN contract_machine m ON m.equipment_id = e.id "
        f"WHERE m.contract_id = ? AND e.active = 1 AND {PRESENT} ORDER BY e.code_fold, e.id",
        (contract_id, day, day),
    )


def every(context: Context, contract_id: int) -> list[dict[str, Any]]:
    """Code, first day and first day without (ISO or None) of all that are or were covered."""
    return context.database.mappings(
        "SELECT e.code, m.since, m.until FROM contract_machine m "
        "JOIN equipment e ON e.id = m.equipment_id WHERE m.contract_id = ? "
        "ORDER BY e.code_fold, e.id, m.since",
        (contract_id,),
    )

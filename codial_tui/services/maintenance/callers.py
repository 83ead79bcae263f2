"""Who calls: found by a name, phone, serial or contract number; what is known of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from codial_tui.domain.kinds import doc_type, doc_types, ref_of
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Side
from codial_tui.domain.text import fold
from codial_tui.services.context import Context
from codial_tui.services.lists.choices import Choice
from codial_tui.services.records import parties

from . import contract_cover

FOUND = 12
ENOUGH = 4
"""digits of a phone number, its first 0 among them, that contacts are searched for"""
ENDED = ("refused", "dropped", "closed", "printed", "validated", "posted")


def offered(context: Context, text: str) -> list[Choice]:
    """Customers and machines for what is typed so far; values are `party:ID`, `equipment:ID`."""
    wanted = fold(text.strip())
    if not wanted:
        return []
    database = context.database
    like = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = [
        Choice(f"equipment:{key}", f"{serial or code} {brand} {type_}".strip(), owner or "")
        for key, code, serial, brand, type_, owner in database.rows(
            "SELECT e.id, e.code, e.serial, e.brand, e.type, p.name FROM equipment e "
            "LEFT JOIN party p ON p.id = e.party_id WHERE e.active = 1 "
            "AND (e.serial_fold LIKE ? ESCAPE '\\' OR e.code_fold = ?) "
            "ORDER BY e.serial_fold, e.id LIMIT ?",
            (like, wanted, FOUND),
        )
        if len(wanted) > 1
    ]
    found += [
        Choice(f"party:{party}", f"{number} {name}", "contrat")
        for number, party, name in database.rows(
            "SELECT c.number, c.party_id, p.name FROM contract c "
            "JOIN party p ON p.id = c.party_id WHERE UPPER(c.number) = ?",
            (text.strip().upper(),),
        )
    ]
    hits = parties.search(context, text, role="customer", limit=FOUND)
    people = [
        Choice(f"party:{hit.id}", hit.name, f"{hit.code}  {hit.city}  {hit.phone}".rstrip())
        for hit in hits
    ]
    people += _contacts(context, text, {hit.id for hit in hits})
    return [*found, *people] if any(char.isdigit() for char in wanted) else [*people, *found]


def _contacts(context: Context, text: str, known: Collection[int]) -> list[Choice]:
    """The customers of whom somebody has the number that is typed."""
    typed = text.strip()
    digits = parties.phone_digits(typed)
    if not digits and typed.isdecimal() and len(typed) >= ENOUGH:
        digits = typed.removeprefix("0")
    if not digits:
        return []
    bare = "c.phone || ',' || c.mobile"
    for sign in " .-/":
        bare = f"REPLACE({bare}, '{sign}', '')"
    spread = f"%{'%'.join(digits)}%"  # spares most rows the four REPLACE
    rows = context.database.rows(
        "SELECT p.id, p.name, c.name, c.phone, c.mobile FROM contact c "
        "JOIN party p ON p.id = c.party_id WHERE c.active = 1 AND p.blocked = 0 "
        "AND (p.is_customer = 1 OR p.is_prospect = 1) AND (c.phone LIKE ? OR c.mobile LIKE ?) "
        f"AND {bare} LIKE ? ORDER BY c.id LIMIT ?",
        (spread, spread, f"%{digits}%", FOUND),
    )
    return [
        Choice(f"party:{party}", name, f"{who}  {phone or mobile}".strip())
        for party, name, who, phone, mobile in rows
        if party not in known
    ]


def chosen(value: str) -> dict[str, Any]:
    """The columns of a call that a choice stands for."""
    what, _, key = value.partition(":")
    return {f"{what}_id": int(key)}


def known(
    context: Context, party_id: int | None, equipment_id: int | None, call_id: int = 0
) -> list[str]:
    """What one wants to know while they speak, a line each: the machine and what covers it, what
    is open, what is owed, the last work orders, other calls than this one."""
    rows = []
    if equipment_id:
        rows.append(_machine(context, equipment_id))
    if party_id:
        rows += [_open(context, party_id), _owed(context, party_id)]
    rows += _work(context, party_id, equipment_id)
    if party_id:
        rows.append(_calls(context, party_id, call_id))
    return [row for row in rows if row]


def _machine(context: Context, equipment_id: int) -> str:
    row = context.database.row(
        "SELECT brand, type, model, location, warranty_until FROM equipment WHERE id = ?",
        (equipment_id,),
    )
    if row is None:
        return ""
    parts = [" ".join(filter(None, row[:3])), row[3]]
    today = context.today.isoformat()
    if row[4]:
        parts.append(f"{'garantie' if row[4] >= today else 'hors garantie'} {_day(row[4])}")
    cover = contract_cover.find(context, equipment_id, today, "repair")
    if cover is not None:
        until = f" jusqu'au {_day(cover.until)}" if cover.until else ""
        parts.append(f"contrat {cover.number}{until}")
    return "Machine : " + " · ".join(filter(None, parts))


def _open(context: Context, party_id: int) -> str:
    kinds = [one.kind for one in doc_types(context.editions) if one.side is Side.SALE]
    marks, ended = ", ".join("?" * len(kinds)), ", ".join("?" * len(ENDED))
    rows = context.database.rows(
        f"SELECT id, kind, number FROM document WHERE party_id = ? AND kind IN ({marks}) "
        f"AND state NOT IN ({ended}) AND delivery <> 'full' ORDER BY date DESC, id DESC LIMIT 5",
        (party_id, *kinds, *ENDED),
    )
    found = ", ".join(number or ref_of(kind, key) for key, kind, number in rows)
    return f"Ouverts : {found}" if found else ""


def _owed(context: Context, party_id: int) -> str:
    row = context.database.row(
        "SELECT COUNT(*), SUM(gross_total - paid_total), "
        "SUM(CASE WHEN due_next < ? THEN 1 ELSE 0 END) FROM document "
        "WHERE party_id = ? AND kind = 'invoice' AND settlement IN ('due', 'part')",
        (context.today.isoformat(), party_id),
    )
    if row is None or not row[0]:
        return ""
    late = f", dont {row[2]} en retard" if row[2] else ""
    return f"! Doit {format_cents(row[1])} € sur {row[0]} facture{'s' * (row[0] > 1)}{late}"


def _work(context: Context, party_id: int | None, equipment_id: int | None) -> list[str]:
    """The last work orders of the machine, else of the customer."""
    if equipment_id:
        where = "d.id IN (SELECT document_id FROM work_machine WHERE equipment_id = ?)"
    else:
        where = "d.party_id = ?"
    rows = context.database.rows(
        "SELECT d.number, d.date, d.state, d.subject FROM document d "
        f"WHERE d.kind = 'work_order' AND {where} ORDER BY d.date DESC, d.id DESC LIMIT 3",
        (equipment_id or party_id or 0,),
    )
    kind = doc_type("work_order")
    return [
        f"{number} {_day(day)} {kind.state(state).label} · {subject}"
        for number, day, state, subject in rows
    ]


def _calls(context: Context, party_id: int, call_id: int) -> str:
    rows = context.database.rows(
        "SELECT number, opened_at, subject FROM phone_call WHERE party_id = ? AND id <> ? "
        "ORDER BY opened_at DESC, id DESC LIMIT 3",
        (party_id, call_id),
    )
    found = " · ".join(
        f"{context.local(at):%d/%m/%y} {subject or number}" for number, at, subject in rows
    )
    return f"Appels : {found}" if found else ""


def _day(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[2:4]}"

"""Reminders in levels: who is due one, the letter, and the log of what was sent.

A level goes when an instalment has been late for its days and has had the level before; all that
is late of the customer stands in one letter, of the highest level. An instalment that is due none
yet stands in it too, and gets its own later. What was sent is only added to (migration 17).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from codial_tui.domain.dates import format_date
from codial_tui.domain.payments import collecting
from codial_tui.domain.payments.collecting import Late
from codial_tui.domain.payments.reminder_letters import LEVELS, Level
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

from . import payment_view, receivables
from .receivables import OpenRow


@dataclass(frozen=True, slots=True)
class Due:
    """A customer who is due a reminder. rows: what is late; total, penalties, fixed: cents; asked:
    the instalments that are due a level."""

    party_id: int
    code: str
    name: str
    email: str
    level: Level
    rows: tuple[OpenRow, ...]
    total: int
    penalties: int
    fixed: int
    asked: frozenset[int]


def levels(context: Context) -> list[Level]:
    """The letters in use, in order."""
    rows = context.database.rows(
        "SELECT position, label, days, body FROM reminder_level WHERE active = 1 ORDER BY position"
    )
    return [Level(*row) for row in rows] or list(LEVELS)


def due(context: Context, party_id: int | None = None) -> list[Due]:
    """Who is due a reminder today, by name; of one customer when one is named."""
    today, known = context.today, levels(context)
    condition, params = ("AND party_id = ?", [party_id]) if party_id else ("", [])
    late = context.database.rows(
        "SELECT DISTINCT party_id FROM instalment WHERE due_date < ? AND paid <> amount "
        f"AND amount > 0 AND party_id IS NOT NULL {condition}",
        [today.isoformat(), *params],
    )
    found = []
    for (party,) in late:
        rows = [one for one in receivables.open_rows(context, party) if one.due < today]
        rows = [one for one in rows if one.left > 0]
        wanted = {one.instalment_id: _following(context, one, known) for one in rows}
        asked = {key: level for key, level in wanted.items() if level is not None}
        if asked:
            level = max(asked.values(), key=lambda one: one.position)
            found.append(_due(context, party, level, rows, frozenset(asked)))
    return sorted(found, key=lambda one: (one.name, one.party_id))


def _following(context: Context, row: OpenRow, known: Sequence[Level]) -> Level | None:
    """The level that an instalment is due: late enough, next after as many letters as it had, and
    as long after the one before as the two are apart."""
    count, last = context.database.row(
        "SELECT COUNT(*), MAX(r.date) FROM reminder r JOIN reminder_instalment i "
        "ON i.reminder_id = r.id WHERE i.instalment_id = ?",
        (row.instalment_id,),
    ) or (0, None)
    if count >= len(known) or (context.today - row.due).days < known[count].days:
        return None
    if not count:
        return known[0]
    rested = (context.today - date.fromisoformat(last)).days
    return known[count] if rested >= known[count].days - known[count - 1].days else None


def _due(
    context: Context, party: int, level: Level, rows: Sequence[OpenRow], asked: frozenset[int]
) -> Due:
    code, name, email = context.database.row(
        "SELECT code, name, email FROM party WHERE id = ?", (party,)
    ) or ("", "", "")
    costs = [_late(context, rows, document_id) for document_id in {one.document_id for one in rows}]
    return Due(
        *(party, code, name, email, level, tuple(rows), sum(one.left for one in rows)),
        *(sum(one.penalties for one in costs), sum(one.fixed for one in costs), asked),
    )


def _late(context: Context, rows: Sequence[OpenRow], document_id: int) -> Late:
    own = [one for one in rows if one.document_id == document_id]
    return collecting.late(
        [(one.due, one.left) for one in own],
        context.today,
        payment_view.penalty_rate(context),
        consumer=own[0].consumer,
    )


def fields(context: Context, one: Due) -> dict[str, str]:
    """What the letter of a level may name."""
    return {
        "client.nom": one.name,
        "client.code": one.code,
        "relance.total": f"{format_cents(one.total)} €",
        "relance.penalites": f"{format_cents(one.penalties + one.fixed)} €",
        "relance.date": format_date(context.today),
        "relance.niveau": one.level.label,
    }


def write(context: Context, one: Due) -> int:
    """Write down that a reminder goes out today, inside the caller's transaction; its id. Raises
    Refused when somebody sent it meanwhile, or the customer paid."""
    pools.turn(context.database)
    if due(context, one.party_id) != [one]:
        raise refuse(
            "reminder.changed", f"{one.name} : relancé ou réglé entre-temps", "relisez la liste"
        )
    made = context.database.insert(
        "reminder",
        {
            "uid": context.uid(),
            "party_id": one.party_id,
            "level": one.level.position,
            "label": one.level.label,
            "date": context.today.isoformat(),
            "total": one.total,
            "penalties": one.penalties + one.fixed,
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
        },
    )
    context.database.insert_many(
        "reminder_instalment",
        ("reminder_id", "instalment_id", "amount"),
        [(made, row.instalment_id, row.left) for row in one.rows if row.instalment_id in one.asked],
    )
    _log(context, one)
    return made


def _log(context: Context, one: Due) -> None:
    """Each invoice says in its log that it was asked for."""
    rows = [
        (
            *(context.uid(), document_id, uid, "reminder", context.now, context.user.id),
            *(context.user.name, f"{one.level.label} : {format_cents(one.total)}"),
        )
        for document_id, uid in context.database.rows(
            "SELECT DISTINCT d.id, d.uid FROM document d JOIN instalment i ON i.document_id = d.id "
            f"WHERE i.id IN ({', '.join('?' * len(one.rows))}) ORDER BY d.id",
            [row.instalment_id for row in one.rows],
        )
    ]
    names = ("uid", "document_id", "document_uid", "type", "at", "user_id", "user_name", "text")
    context.database.insert_many("document_event", names, rows)


def history(context: Context, document_id: int) -> list[tuple[str, str, str]]:
    """Day, label and who of every reminder of an invoice, in order."""
    return context.database.rows(
        "SELECT r.date, r.label, r.user_name FROM reminder r WHERE r.id IN "
        "(SELECT i.reminder_id FROM reminder_instalment i "
        "JOIN instalment n ON n.id = i.instalment_id WHERE n.document_id = ?) ORDER BY r.id",
        (document_id,),
    )

"""Calls of customers: taken down at once, answered, or turned into a work order (domain.md §8).

Nothing is lost when the line is: every field is written as it is left. Two people on one call are
told: a field is only written over what was on the screen.
"""

from __future__ import annotations

from typing import Any

from codial_tui.domain.maintenance.call_record import CALL, PRIORITIES
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.domain.text import clean, fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import work_orders

CODE, PATTERN = "AP", "AP{yy}-{n:05}"
NAMES = frozenset(
    {
        *("party_id", "party_name", "caller", "phone", "equipment_id", "serial", "subject"),
        *("question", "answer", "priority", "state", "assigned_to"),
    }
)
"""What may be written of a call."""
MOST_SECONDS = 24 * 3600


def take(context: Context, **values: Any) -> int:
    """A new call with its number, opened now; its id. Raises Refused."""
    now, database = context.now, context.database
    row = _checked(context, values)
    if not any(row.values()):
        raise refuse("call.empty", "Rien à noter", "qui appelle, ou de quoi il s'agit", "who")
    with database.write():
        day = context.today.isoformat()
        establishment = settings.default_establishment(context) or 0
        count, pattern = database.next_number(establishment, CODE, period_of(day, "year"), PATTERN)
        return database.insert(
            "phone_call",
            {
                **row,
                "uid": context.uid(),
                "number": number_of(pattern, day, count),
                "opened_at": now,
                "created_at": now,
                "updated_at": now,
                "updated_by": context.user.id,
                "taken_by": context.user.id,
            },
        )


def load(context: Context, call_id: int) -> dict[str, Any]:
    """A call by column name. Raises Refused."""
    found = context.database.mapping("SELECT * FROM phone_call WHERE id = ?", (call_id,))
    if found is None:
        raise refuse("call.unknown", "Appel introuvable", "codial-tui call list")
    return found


def get(context: Context, number: str) -> dict[str, Any]:
    """The call of a number, `AP26-00012`. Raises Refused."""
    found = context.database.value(
        "SELECT id FROM phone_call WHERE number = ?", (number.strip().upper(),)
    )
    if found is None:
        raise refuse("call.unknown", f"Appel {number} introuvable", "codial-tui call list", "call")
    return load(context, int(found))


def change(context: Context, call_id: int, seen: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Write fields of a call over what was seen of them; the call as it stands then. Raises
    Refused when somebody else wrote one of them meanwhile, with who and when."""
    row = _checked(context, values)
    with context.database.write():
        now = load(context, call_id)
        for name in row:
            if now[name] != seen.get(name) and now[name] != row[name]:
                label = next((one.label for one in CALL.fields if one.name == name), name)
                who = context.database.value(
                    "SELECT name FROM app_user WHERE id = ?", (now["updated_by"],), ""
                )
                raise refuse(
                    "call.changed",
                    f"{label} : déjà changé par {who}, {_time(context, now['updated_at'])}",
                    "relisez, puis retapez",
                    name,
                )
        if row.get("state") == "closed" and now["state"] != "closed":
            row["closed_at"] = context.now
        elif row.get("state") in ("open", "waiting"):
            row["closed_at"] = None
        stamp = {"updated_at": context.now, "updated_by": context.user.id}
        context.database.update("phone_call", call_id, {**row, **stamp})
    return load(context, call_id)


def spend(context: Context, call_id: int, seconds: int) -> int:
    """Add time on the phone to a call; how many seconds it has now."""
    with context.database.write():
        context.database.execute(
            "UPDATE phone_call SET seconds = seconds + ? WHERE id = ?",
            (min(max(0, seconds), MOST_SECONDS), call_id),
        )
    return int(load(context, call_id)["seconds"])


def close(context: Context, call_id: int, answer: str = "") -> dict[str, Any]:
    """The call is over. Raises Refused while nobody knows what it was about, or when it is."""
    call = load(context, call_id)
    if call["state"] == "closed":
        raise refuse("call.closed", f"{call['number']} est déjà clos", "rouvrez-le : État, O")
    if not (call["subject"] or call["question"]):
        raise refuse("call.subject", "De quoi s'agit-il ?", "tapez l'objet", "subject")
    values = {"answer": answer} if answer else {}
    return change(context, call_id, call, state="closed", **values)


def order(context: Context, call_id: int, **header: Any) -> int:
    """The work order that a call becomes: its customer, machine, site, fault and subject; its id.
    Once: Raises Refused with the one there is, or when the customer is not known."""
    call = load(context, call_id)
    if call["document_id"]:
        number = context.database.value(
            "SELECT number FROM document WHERE id = ?", (call["document_id"],), ""
        )
        raise refuse("call.ordered", f"{call['number']} est déjà {number}", "F9 l'ouvre")
    if not call["party_id"]:
        raise refuse(
            "call.party",
            "Chez qui ? Le client n'est pas connu",
            "choisissez-le, ou créez-le",
            "who",
        )
    machine, site = call["equipment_id"], None
    if machine:
        site = context.database.value("SELECT address_id FROM equipment WHERE id = ?", (machine,))
    priority = dict(PRIORITIES)[call["priority"]].lower()
    notes = [f"Appel {call['number']} de {call['caller'] or call['party_name']} {call['phone']}"]
    notes += [f"Priorité {priority}"] if call["priority"] != "normal" else []
    notes += [call["answer"]] if call["answer"] else []
    if not machine and call["question"]:
        notes.append(call["question"])
    subject = call["subject"] or (call["question"].splitlines() or [""])[0][:120]
    made = work_orders.new(
        context,
        int(call["party_id"]),
        equipment=[machine] if machine else [],
        fault=call["question"] or call["subject"],
        label=f"Créé de l'appel {call['number']}",
        **{
            "subject": subject,
            "notes": "\n".join(line.strip() for line in notes)[:2000],
            "address_id": site,
            "technician_id": call["assigned_to"],
            "contact_name": call["caller"],
            **header,
        },
    )
    with context.database.write():
        taken = context.database.execute(
            "UPDATE phone_call SET document_id = ?, updated_at = ?, updated_by = ? "
            "WHERE id = ? AND document_id IS NULL",
            (made, context.now, context.user.id, call_id),
        )
    if not taken:  # somebody else was quicker: theirs stays
        from codial_tui.services.documents import documents

        documents.delete(context, made)
        return order(context, call_id, **header)
    return made


def of_document(context: Context, document_id: int) -> str:
    """The number of the call that a work order comes from, "" for none."""
    found = context.database.value(
        "SELECT number FROM phone_call WHERE document_id = ?", (document_id,), ""
    )
    return str(found)


def _checked(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """The columns to write; a machine brings its owner, a customer his name and phone."""
    unknown = set(values) - NAMES
    if unknown:
        raise KeyError(*sorted(unknown))
    row = dict(values)
    for field in CALL.fields:
        if isinstance(row.get(field.name), str) and field.name in NAMES:
            keep = field.name in ("question", "answer")
            row[field.name] = row[field.name].strip() if keep else clean(row[field.name])
            if len(row[field.name]) > field.max_length:
                said = f"{field.label} : {field.max_length} signes au plus"
                raise refuse("field.too_long", said, "", field.name)
            if field.choices and row[field.name] not in dict(field.choices):
                said = f"{field.label} : {row[field.name]} ?"
                words = ", ".join(one[0] for one in field.choices)
                raise refuse("field.choice", said, words, field.name)
    database = context.database
    if row.get("serial") and "equipment_id" not in row:
        found = database.rows(
            "SELECT id FROM equipment WHERE serial_fold = ? LIMIT 2", (fold(row["serial"]),)
        )
        if len(found) == 1:
            row["equipment_id"] = found[0][0]
    if row.get("equipment_id"):
        machine = database.row(
            "SELECT serial, party_id FROM equipment WHERE id = ?", (row["equipment_id"],)
        )
        row["serial"] = (machine[0] if machine else "") or row.get("serial", "")
        if machine and machine[1]:
            row.setdefault("party_id", machine[1])
    if row.get("party_id"):
        party = database.row("SELECT name, phone FROM party WHERE id = ?", (row["party_id"],))
        row["party_name"] = party[0] if party else ""
        if party and party[1]:
            row.setdefault("phone", party[1])
    if "subject" in row:
        row["subject_fold"] = fold(row["subject"])
    return row


def _time(context: Context, moment: str) -> str:
    return f"{context.local(moment):%H:%M}"

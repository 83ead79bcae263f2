"""Calls of customers: taken down at once, answered, or turned into a work order (domain.md §8).

Nothing is lost when the line is: every field is written as it is left. Two people on one call are
told: a field is only written over what was on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.maintenance.call_record import CALL, PRIORITIES
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.domain.text import clean, fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.records import settings

from . import machines, work_orders

Call = dict[str, Any]
"""A call by column name."""

CODE, PATTERN = "AP", "AP{yy}-{n:05}"
NAMES = frozenset(
    {
        *("party_id", "party_name", "caller", "phone", "equipment_id", "serial", "subject"),
        *("question", "answer", "priority", "state", "assigned_to"),
    }
)
"""What may be written of a call."""
MOST_SECONDS = 24 * 3600
MOST_NOTES = 2_000
"""characters of the notes of a work order"""


def take(context: Context, **values: Any) -> int:
    """A new call with its number, opened now; its id. Raises Refused."""
    now, database = context.now, context.database
    row = _checked(context, values, {})
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


def load(context: Context, call_id: int) -> Call:
    """A call by column name. Raises Refused."""
    found = context.database.mapping("SELECT * FROM phone_call WHERE id = ?", (call_id,))
    if found is None:
        raise refuse("call.unknown", "Appel introuvable", "codial-tui call list")
    return found


def get(context: Context, number: str) -> Call:
    """The call of a number, `AP26-00012`. Raises Refused."""
    found = context.database.value(
        "SELECT id FROM phone_call WHERE number = ?", (number.strip().upper(),)
    )
    if found is None:
        raise refuse("call.unknown", f"Appel {number} introuvable", "codial-tui call list", "call")
    return load(context, int(found))


def change(context: Context, call_id: int, seen: Mapping[str, Any], **values: Any) -> Call:
    """Write fields of a call over what was seen of them; the call as it stands then. Raises
    Refused when somebody else wrote one of them meanwhile, with who and when."""
    with context.database.write():
        return _over(context, load(context, call_id), seen, values)


def _over(context: Context, now: Call, seen: Mapping[str, Any], values: dict[str, Any]) -> Call:
    """The same, inside the caller's transaction; now: the call as it is."""
    row = _checked(context, values, now)
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
    context.database.update("phone_call", now["id"], {**row, **stamp})
    return load(context, now["id"])


def spend(context: Context, call_id: int, seconds: int) -> int:
    """Add time on the phone to a call; how many seconds it has now."""
    with context.database.write():
        context.database.execute(
            "UPDATE phone_call SET seconds = seconds + ? WHERE id = ?",
            (min(max(0, seconds), MOST_SECONDS), call_id),
        )
    return int(load(context, call_id)["seconds"])


def close(context: Context, call_id: int, answer: str = "") -> Call:
    """The call is over. Raises Refused while nobody knows what it was about, or when it is."""
    values = {"answer": answer} if answer else {}
    with context.database.write():
        call = load(context, call_id)
        if call["state"] == "closed":
            raise refuse("call.closed", f"{call['number']} est déjà clos", "rouvrez-le : État, O")
        if not (call["subject"] or call["question"]):
            raise refuse("call.subject", "De quoi s'agit-il ?", "tapez l'objet", "subject")
        return _over(context, call, call, {**values, "state": "closed"})


def order(context: Context, call_id: int, **header: Any) -> int:
    """The work order that a call becomes: its customer, machine, site, fault and subject; its id.
    Once: Raises Refused with the one there is, when the customer is not known, or the machine is
    somebody else's."""
    with context.database.write():
        context.database.lock_rows("phone_call", {call_id})
        call = load(context, call_id)
        if call["document_id"]:
            said = f"{call['number']} est déjà {order_number(context, call)}"
            raise refuse("call.ordered", said, "F9 l'ouvre")
        if not call["party_id"]:
            said, remedy = "Chez qui ? Le client n'est pas connu", "choisissez-le, ou créez-le"
            raise refuse("call.party", said, remedy, "who")
        document = _ordered(context, call, header)
        documents.prepare(document)
        documents.write_new(context, document, f"Créé de l'appel {call['number']}")
        stamp = {"updated_at": context.now, "updated_by": context.user.id}
        values = {"document_id": document.id, **stamp}
        if call["state"] == "open":
            values["state"] = "waiting"  # for the work order
        context.database.update("phone_call", call_id, values)
    return document.id


def order_number(context: Context, call: Mapping[str, Any]) -> str:
    """The number of the work order that a call became, "" for none."""
    sql = "SELECT number FROM document WHERE id = ?"
    found = context.database.value(sql, (call.get("document_id") or 0,), "")
    return str(found or "")


def _ordered(context: Context, call: Call, header: dict[str, Any]) -> Document:
    """The work order in memory that says all that a call does."""
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
    return work_orders.build(
        context,
        int(call["party_id"]),
        equipment=[machine] if machine else [],
        fault=call["question"] or call["subject"],
        **{
            "subject": subject,
            "notes": _fitted("\n".join(line.strip() for line in notes), call["number"]),
            "address_id": site,
            "technician_id": call["assigned_to"],
            "contact_name": call["caller"],
            **header,
        },
    )


def _fitted(text: str, number: str) -> str:
    """As much of a text as the notes of a work order hold, and where the rest is."""
    rest = f" … la suite : appel {number}"
    return text if len(text) <= MOST_NOTES else text[: MOST_NOTES - len(rest)] + rest


def of_document(context: Context, document_id: int) -> str:
    """The number of the call that a work order comes from, "" for none."""
    found = context.database.value(
        "SELECT number FROM phone_call WHERE document_id = ?", (document_id,), ""
    )
    return str(found)


def _checked(context: Context, values: dict[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to write and those that follow: a machine brings its owner, a customer his name
    and phone; what is somebody else's goes. now: the call as it stands."""
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
    row |= _machine(context, row, now)
    row |= _party(context, row, now)
    if "subject" in row:
        row["subject_fold"] = fold(row["subject"])
    return row


def _machine(context: Context, row: dict[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What follows of a machine: its serial number and owner, or that the one there was is not
    meant any more. Raises Refused for a typed number that is at somebody else's."""
    database, party_id = context.database, row.get("party_id", now.get("party_id"))
    if "equipment_id" in row:
        if not row["equipment_id"]:
            return {}
        machine = _of_register(context, row["equipment_id"])
        serial = machine.get("serial") or row.get("serial", "")
        owner = machine.get("party_id")
        return {"serial": serial, **({"party_id": owner} if owner else {})}
    if "serial" in row:
        found = database.mappings(
            "SELECT id, serial, code, party_id FROM equipment WHERE serial_fold = ? "
            "AND serial_fold <> '' ORDER BY id LIMIT 20",
            (fold(row["serial"]),),
        )
        own = [one for one in found if party_id and one["party_id"] in (party_id, None)] or found
        if len(own) != 1:  # unknown, or which one is not known
            return {"equipment_id": None}
        (machine,) = own
        if party_id and machine["party_id"] not in (party_id, None):
            raise machines.refuse_other(context, machine, "serial", "choisissez ce client")
        owner = machine["party_id"] or party_id
        return {"equipment_id": machine["id"], "serial": machine["serial"], "party_id": owner}
    if now.get("equipment_id") and party_id != now.get("party_id"):
        owner = _of_register(context, now["equipment_id"]).get("party_id")
        if party_id and owner in (party_id, None):
            return {}
        return {"equipment_id": None, "serial": ""}
    return {}


def _of_register(context: Context, equipment_id: int) -> dict[str, Any]:
    sql = "SELECT id, serial, code, party_id FROM equipment WHERE id = ?"
    return context.database.mapping(sql, (equipment_id,)) or {}


def _party(context: Context, row: dict[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The name of a customer, and his phone unless another one was typed; another customer, or
    none, takes that of the one before with it."""
    if "party_id" not in row:
        return {}
    sql = "SELECT name, phone FROM party WHERE id = ?"
    name, phone = context.database.row(sql, (row["party_id"] or 0,)) or ("", "")
    before = context.database.row(sql, (now.get("party_id") or 0,)) or ("", "")
    found = {"party_name": name}
    if "phone" not in row and (now.get("phone") or "") in ("", before[1]):
        found["phone"] = phone
    return found


def _time(context: Context, moment: str) -> str:
    return f"{context.local(moment):%H:%M}"

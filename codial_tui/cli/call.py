"""`call`: the calls of customers, and what became of them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context

PRIORITIES = ("low", "normal", "high", "urgent")
STATES = ("open", "waiting", "closed")


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "call", "les appels des clients : liste, saisie, réponse, intervention")
    one = verb.add(own, "list", listing, "montre les appels, ceux d'aujourd'hui d'abord")
    one.add_argument("--state", choices=STATES)
    one.add_argument("--customer", type=verb.typed, metavar="CODE")
    one = verb.add(own, "add", add, "note un appel")
    one.add_argument("--customer", type=verb.typed, metavar="CODE")
    one.add_argument(
        "--serial", type=verb.typed, metavar="N°", help="trouve la machine et le client"
    )
    one.add_argument("--caller", type=verb.typed, metavar="NOM", help="au bout du fil")
    one.add_argument("--phone", type=verb.typed, metavar="N°")
    one.add_argument("--subject", type=verb.typed, metavar="OBJET")
    one.add_argument("--question", type=verb.typed, metavar="TEXTE")
    one.add_argument("--priority", choices=PRIORITIES)
    one = verb.add(own, "show", show, "montre un appel")
    one.add_argument("call", type=verb.typed, metavar="APPEL")
    one = verb.add(own, "answer", answer, "note la réponse")
    one.add_argument("call", type=verb.typed, metavar="APPEL")
    one.add_argument("text", type=verb.typed, metavar="TEXTE")
    one.add_argument("--wait", action="store_true", help="attend quelqu'un")
    one = verb.add(own, "close", close, "clôt un appel")
    one.add_argument("call", type=verb.typed, metavar="APPEL")
    one.add_argument("--answer", type=verb.typed, default="", metavar="TEXTE")
    one = verb.add(own, "order", order, "en fait un bon d'intervention")
    one.add_argument("call", type=verb.typed, metavar="APPEL")
    one.add_argument("--planned", type=verb.day, metavar="AAAA-MM-JJ", help="prévue le")
    one.add_argument("--technician", type=verb.typed, metavar="LOGIN")


def listing(options: argparse.Namespace) -> int:
    from codial_tui.domain.maintenance import call_record
    from codial_tui.services.records import parties

    with verb.database(options) as context:
        where, params = ["1 = 1"], []
        if options.state:
            where.append("state = ?")
            params.append(options.state)
        if options.customer:
            where.append("party_id = ?")
            params.append(str(parties.by_code(context, options.customer)))
        rows = context.database.mappings(
            f"SELECT * FROM phone_call WHERE {' AND '.join(where)} "
            "ORDER BY opened_at DESC, id DESC",
            params,
        )
        found = [_shown(context, row) for row in rows]
        taken = [f"{context.local(one['opened_at']):%d/%m/%y %H:%M}" for one in rows]
    head = ("Numéro", "Reçu", "Qui", "Objet", "Priorité", "État", "BI")
    priorities, states = dict(call_record.PRIORITIES), dict(call_record.STATES)
    lines = [
        (
            *(one["number"], at, one["customer_name"] or one["caller"], one["subject"]),
            *(priorities[one["priority"]], states[one["state"]], one["order"] or ""),
        )
        for one, at in zip(found, taken)
    ]
    text = verb.table([head, *lines]) if lines else ["Aucun appel."]
    verb.say(options, {"calls": found}, *text)
    return 0


def add(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import calls
    from codial_tui.services.records import parties

    names = ("serial", "caller", "phone", "subject", "question", "priority")
    with verb.database(options) as context:
        values: dict[str, Any] = {
            name: getattr(options, name) for name in names if getattr(options, name)
        }
        if options.customer:
            values["party_id"] = parties.by_code(context, options.customer)
        made = calls.load(context, calls.take(context, **values))
        unknown = options.serial and not made["equipment_id"]
        warning = f"N° de série {made['serial']} inconnu au registre" if unknown else ""
        return _say(options, context, made, "noté", warning)


def show(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import callers, calls

    with verb.database(options) as context:
        call = calls.get(context, options.call)
        known = callers.known(context, call["party_id"], call["equipment_id"], call["id"])
        found = _shown(context, call)
    who = (found["customer_name"], found["caller"], found["phone"], found["serial"])
    lines = [" · ".join((call["number"], *(filter(None, who) if any(who) else "?")))]
    lines += [str(found[name]) for name in ("subject", "question", "answer") if found[name]]
    verb.say(options, {**found, "known": known}, *lines, *known)
    return 0


def answer(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import calls

    with verb.database(options) as context:
        call = calls.get(context, options.call)
        state = {"state": "waiting"} if options.wait else {}
        made = calls.change(context, call["id"], call, answer=options.text, **state)
        return _say(options, context, made, "répondu")


def close(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import calls

    with verb.database(options) as context:
        made = calls.close(context, calls.get(context, options.call)["id"], options.answer)
        return _say(options, context, made, "clos")


def order(options: argparse.Namespace) -> int:
    """Prints the work order in the shape of `document show`."""
    from codial_tui.services.documents import rows, show
    from codial_tui.services.maintenance import calls

    with verb.database(options) as context:
        header: dict[str, Any] = {}
        if options.planned:
            header["planned_date"] = options.planned
        if options.technician:
            header["technician_id"] = _technician(context, options.technician)
        call = calls.get(context, options.call)
        document = rows.load(context.database, calls.order(context, call["id"], **header))
        assert document is not None
        shown = show.shown(context, document)
    verb.say(options, {**shown, "call": call["number"]}, f"{call['number']} → {document.ref}")
    return 0


def _say(
    options: argparse.Namespace,
    context: Context,
    call: dict[str, Any],
    done: str,
    warning: str = "",
) -> int:
    found = _shown(context, call) | ({"warning": warning} if warning else {})
    verb.say(options, found, f"{call['number']} {done}", *([f"! {warning}"] if warning else []))
    return 0


def _shown(context: Context, call: dict[str, Any]) -> dict[str, Any]:
    names = ("number", "state", "priority", "caller", "phone", "serial", "subject", "question")
    value = context.database.value
    return {
        "id": call["id"],
        **{name: call[name] for name in names},
        "answer": call["answer"],
        "opened_at": call["opened_at"],
        "closed_at": call["closed_at"],
        "seconds": call["seconds"],
        "customer": value("SELECT code FROM party WHERE id = ?", (call["party_id"],), None),
        "customer_name": call["party_name"],
        "equipment": value(
            "SELECT code FROM equipment WHERE id = ?", (call["equipment_id"],), None
        ),
        "order": value("SELECT number FROM document WHERE id = ?", (call["document_id"],), None),
    }


def _technician(context: Context, login: str) -> int:
    """Raises Refused."""
    from codial_tui.errors import refuse

    found = context.database.value(
        "SELECT id FROM app_user WHERE login = ? AND active = 1", (login,)
    )
    if found is None:
        said = f"Utilisateur {login} inconnu"
        raise refuse("user.unknown", said, "codial-tui users list", "technician")
    return int(found)

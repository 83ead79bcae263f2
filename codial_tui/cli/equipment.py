"""`equipment`: the machines of customers, their counters and warranties."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context

LISTED = ("code", "serial", "label", "customer_name", "location", "warranty_until")
TEXTS = ("serial", "brand", "type", "model", "family", "location")


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "equipment", "les machines des clients : liste, fiche, compteurs")
    one = verb.add(own, "list", listing, "montre les machines, ou celles que trouvent ces mots")
    one.add_argument(
        "words", nargs="*", type=verb.typed, metavar="MOT", help="série, marque, client…"
    )
    one.add_argument("--customer", type=verb.typed, metavar="CODE")
    one.add_argument("--all", action="store_true", help="celles qui ne servent plus aussi")
    one = verb.add(own, "show", show, "montre une machine, ses compteurs et son histoire")
    one.add_argument("machine", type=verb.typed, metavar="CODE", help="ou numéro de série")
    one = verb.add(own, "add", add, "ajoute une machine")
    one.add_argument("customer", type=verb.typed, metavar="CLIENT")
    for name in TEXTS:
        one.add_argument(f"--{name}", type=verb.typed, metavar=name.upper())
    one.add_argument("--code", type=verb.typed, metavar="CODE", help="sinon le prochain numéro")
    one.add_argument("--installed", dest="installed_on", type=verb.day, metavar="AAAA-MM-JJ")
    one.add_argument("--warranty", dest="warranty_until", type=verb.day, metavar="AAAA-MM-JJ")
    one.add_argument("--meter", choices=("none", "km", "hours", "copies"))
    one.add_argument("--inside", type=verb.typed, metavar="CODE", help="la machine où elle est")
    one = verb.add(own, "reading", reading, "note ce que dit un compteur")
    one.add_argument("machine", type=verb.typed, metavar="CODE")
    one.add_argument("value", type=verb.typed, metavar="VALEUR")
    one.add_argument("--on", type=verb.day, metavar="AAAA-MM-JJ", help="aujourd'hui par défaut")
    one.add_argument("--note", type=verb.typed, default="", metavar="TEXTE")
    one = verb.add(own, "warranties", warranties, "montre les garanties qui finissent")
    one.add_argument("--until", type=verb.day, metavar="AAAA-MM-JJ", help="dans trois mois sinon")
    one.add_argument("--since", type=verb.day, metavar="AAAA-MM-JJ")
    one.add_argument("-o", "--output", metavar="FICHIER.xlsx|.csv", help="l'écrit dans un fichier")
    one.add_argument("--force", action="store_true", help="remplace un fichier")
    one = verb.add(own, "import", importing, "lit des machines dans un .csv ou .xlsx")
    one.add_argument("file", metavar="FICHIER")
    one.add_argument("--dry-run", action="store_true", help="dit tout, n'écrit rien")


def listing(options: argparse.Namespace) -> int:
    from codial_tui.domain.text import words
    from codial_tui.services.records import parties

    with verb.database(options) as context:
        where: list[str] = []
        params: list[Any] = []
        if not options.all:
            where.append("e.active = 1")
        if options.customer:
            where.append("e.party_id = ?")
            params.append(parties.by_code(context, options.customer))
        for word in words(" ".join(options.words)):
            where.append("e.search_text LIKE ?")
            params.append(f"%{word}%")
        rows = context.database.mappings(
            "SELECT e.*, p.name AS customer_name, p.code AS customer FROM equipment e "
            f"LEFT JOIN party p ON p.id = e.party_id WHERE {' AND '.join(where) or '1 = 1'} "
            "ORDER BY e.code_fold, e.id",
            params,
        )
    head = ("Code", "N° de série", "Machine", "Client", "Lieu", "Garantie")
    lines = [tuple(str(row[name] or "") for name in LISTED) for row in rows]
    text = verb.table([head, *lines]) if lines else ["Aucune machine."]
    verb.say(options, {"equipment": [_shown(row) for row in rows]}, *text)
    return 0


def show(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import equipment

    with verb.database(options) as context:
        row = equipment.by_code(context, options.machine)
        found = _whole(context, row["id"])
    said = [f"{found['code']} · {found['label']} · {found['customer_name']}"]
    said += [f"N° de série {found['serial']}"] if found["serial"] else []
    said += (
        [f"Garantie jusqu'au {_day(found['warranty_until'])}"] if found["warranty_until"] else []
    )
    said += [
        f"Relevé du {_day(one['on'])} : {one['value'].replace('.', ',')}"
        for one in found["readings"][:5]
    ]
    said += [f"Contrat {one['number']} {one['label']}" for one in found["contracts"]]
    said += [f"{_day(one['date'])} {one['ref']} {one['subject']}" for one in found["history"]]
    verb.say(options, found, *said)
    return 0


def add(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import equipment
    from codial_tui.services.records import parties

    with verb.database(options) as context:
        values: dict[str, Any] = {
            name: getattr(options, name)
            for name in (*TEXTS, "code", "installed_on", "warranty_until", "meter")
            if getattr(options, name)
        }
        values["party_id"] = parties.by_code(context, options.customer)
        if options.inside:
            values["parent_id"] = equipment.by_code(context, options.inside)["id"]
        found = _whole(context, equipment.create(context, values))
        twin = equipment.twins(context, {**values, "id": found["id"]})
    result = {**found, "warning": twin} if twin else found
    verb.say(options, result, f"{found['code']} ajoutée", *([f"! {twin}"] if twin else []))
    return 0


def reading(options: argparse.Namespace) -> int:
    from codial_tui.domain.quantity import format_quantity, parse_quantity
    from codial_tui.services.maintenance import equipment

    with verb.database(options) as context:
        row = equipment.by_code(context, options.machine)
        value = parse_quantity(options.value)
        made = equipment.read(context, row["id"], value, options.on or "", options.note)
        found = _whole(context, row["id"])
        (own,) = [one for one in equipment.readings(context, row["id"]) if one["id"] == made]
    since = "" if own["since"] is None else f" (+{format_quantity(own['since'], 0)})"
    said = f"{row['code']} : {format_quantity(value, 0)} le {_day(own['read_on'])}{since}"
    verb.say(options, found, said)
    return 0


def warranties(options: argparse.Namespace) -> int:
    from datetime import date, timedelta

    from codial_tui.services.maintenance import equipment_views

    with verb.database(options) as context:
        today = context.today
        until = date.fromisoformat(options.until) if options.until else today + timedelta(days=92)
        since = date.fromisoformat(options.since) if options.since else today
        found = equipment_views.warranties(context, until, since=since)
    return verb.say_report(options, found)


def importing(options: argparse.Namespace) -> int:
    from pathlib import Path

    from codial_tui.services.maintenance import equipment_import

    with verb.database(options) as context:
        done = equipment_import.run(context, Path(options.file), dry_run=options.dry_run)
    names = ("added", "changed", "same", "refused")
    counts = {name: sum(1 for one in done if one.outcome == name) for name in names}
    refused = [one for one in done if one.outcome == "refused"]
    told, warned = (
        [
            {"line": one.line, "code": one.code, "message": it.text, "problem": it.code}
            for one in done
            for it in one.problems
            if (one.outcome == "refused") is wrong
        ]
        for wrong in (True, False)
    )
    words = ("ajoutées", "changées", "déjà là", "refusées")
    text = [", ".join(f"{count} {word}" for count, word in zip(counts.values(), words))]
    text += [f"ligne {one['line']} : {one['message']}" for one in told[:20]]
    text += [f"! ligne {one['line']} : {one['message']}" for one in warned[:20]]
    result = {**counts, "problems": told, "warnings": warned, "dry_run": options.dry_run}
    verb.say(options, result, *text)
    return 1 if refused else 0


def _day(iso: str) -> str:
    from datetime import date

    from codial_tui.domain.dates import format_date

    return format_date(date.fromisoformat(iso))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "code", "serial", "brand", "type", "model", "label", "location", "meter")
    days = ("installed_on", "warranty_until")
    return {
        **{name: row[name] for name in (*names, *days)},
        "customer": row["customer"],
        "customer_name": row["customer_name"],
        "active": bool(row["active"]),
    }


def _whole(context: Context, equipment_id: int) -> dict[str, Any]:
    """A machine with all that is known of it."""
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text
    from codial_tui.services.maintenance import equipment, equipment_views

    (row,) = context.database.mappings(
        "SELECT e.*, p.name AS customer_name, p.code AS customer, x.code AS inside "
        "FROM equipment e LEFT JOIN party p ON p.id = e.party_id "
        "LEFT JOIN equipment x ON x.id = e.parent_id WHERE e.id = ?",
        (equipment_id,),
    )
    children = context.database.rows(
        "SELECT code FROM equipment WHERE parent_id = ? ORDER BY code_fold", (equipment_id,)
    )
    return {
        **_shown(row),
        "inside": row["inside"],
        "contains": [one for (one,) in children],
        "readings": [
            {
                "on": one["read_on"],
                "value": decimal_text(one["value"], SCALE4),
                "since": None if one["since"] is None else decimal_text(one["since"], SCALE4),
                "note": one["note"],
            }
            for one in equipment.readings(context, equipment_id)
        ],
        "contracts": [
            dict(zip(("number", "label", "state", "until"), one))
            for one in equipment_views.contracts(context, equipment_id)
        ],
        "history": [
            {"ref": one.ref, "date": one.day, "state": one.state, "subject": one.subject}
            for one in equipment_views.history(context, equipment_id)
        ],
    }

"""`contract`: maintenance contracts, from their making to their end."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import contract_due, verb

if TYPE_CHECKING:
    from codial_tui.services.context import Context

COLUMNS = ("number", "label", "customer", "kind", "state", "starts_on", "term_on", "price")
TERMS = {
    "duration": "duration",
    "renewal": "renewal",
    "every": "billing_every",
    "when": "billing_when",
    "kind": "kind",
    "visits": "visit_rule",
    "from": "due_from",
    "final": "final_on",
    "letter_visit": "letter_visit",
    "letter_end": "letter_end",
}
"""Options that are columns as they stand."""
INCLUDED = ("articles", "consumables", "labour", "travel")


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "contract", "les contrats de maintenance")
    verb.add(own, "list", listing, "montre les contrats")
    one = verb.add(own, "show", show, "montre un contrat et ce qui en a été fait")
    one.add_argument("number", type=verb.typed, metavar="CONTRAT")
    _register_add(verb.add(own, "add", add, "fait un contrat, d'après un modèle ou non"))
    one = verb.add(own, "equip", equip, "met une machine dans un contrat")
    one.add_argument("number", type=verb.typed, metavar="CONTRAT")
    one.add_argument("machine", type=verb.typed, metavar="CODE", help="ou numéro de série")
    one.add_argument(
        "--since",
        type=verb.day,
        metavar="AAAA-MM-JJ",
        help="premier jour couvert ; sinon aujourd'hui, ou le début d'un contrat du jour",
    )
    one = verb.add(own, "unequip", unequip, "sort une machine d'un contrat")
    one.add_argument("number", type=verb.typed, metavar="CONTRAT")
    one.add_argument("machine", type=verb.typed, metavar="CODE", help="ou numéro de série")
    one.add_argument("--on", type=verb.day, metavar="AAAA-MM-JJ", help="premier jour sans elle")
    one = verb.add(own, "end", end, "résilie un contrat")
    one.add_argument("number", type=verb.typed, metavar="CONTRAT")
    one.add_argument("--on", type=verb.day, metavar="AAAA-MM-JJ", help="premier jour sans contrat")
    one.add_argument("--reason", type=verb.typed, default="", metavar="MOTIF")
    one = verb.add(own, "use", use, "note des points, incidents ou copies consommés")
    one.add_argument("number", type=verb.typed, metavar="CONTRAT")
    one.add_argument("quantity", type=verb.typed, metavar="COMBIEN", help="négatif : rend")
    one.add_argument("--on", type=verb.day, metavar="AAAA-MM-JJ", help="aujourd'hui par défaut")
    one.add_argument("--note", type=verb.typed, default="", metavar="TEXTE")
    contract_due.register(own)


def _register_add(one: argparse.ArgumentParser) -> None:
    one.add_argument("customer", type=verb.typed, metavar="CLIENT")
    one.add_argument("--model", type=verb.typed, metavar="CODE", help="un contrat type")
    one.add_argument("--label", type=verb.typed, metavar="OBJET")
    one.add_argument("--start", type=verb.day, metavar="AAAA-MM-JJ", help="aujourd'hui par défaut")
    one.add_argument("--price", type=verb.cents, metavar="HT", help="d'une facture")
    one.add_argument("--vat", type=verb.percent, metavar="TAUX")
    one.add_argument("--kind", choices=("flat", "points", "incidents", "copies"))
    one.add_argument("--duration", metavar="N[jm]", help="d'un terme : 12m, 90j")
    one.add_argument("--renewal", choices=("tacit", "none", "open"))
    one.add_argument("--final", type=verb.day, metavar="AAAA-MM-JJ", help="terme définitif")
    one.add_argument("--from", type=verb.day, metavar="AAAA-MM-JJ", help="ce qui précède est fait")
    one.add_argument("--every", type=int, metavar="MOIS", help="une facture tous les")
    one.add_argument("--when", choices=("advance", "arrears"), help="d'avance ou à terme échu")
    one.add_argument("--coefficient", metavar="K", help="à chaque reconduction, par exemple 1,02")
    one.add_argument("--visits", type=verb.typed, metavar="RÈGLE", help="« 4 par an », « mars »…")
    one.add_argument("--quota", metavar="N", help="points, incidents, copies compris")
    one.add_argument("--extra-price", metavar="HT", help="de l'un au-delà")
    one.add_argument(
        "--index", nargs=2, metavar=("ORIGINE", "ACTUEL"), help="au lieu du coefficient : indices"
    )
    one.add_argument("--letter-visit", type=int, metavar="JOURS", help="lettre avant une visite")
    one.add_argument("--letter-end", type=int, metavar="JOURS", help="lettre avant le terme")
    for use, words in (("visit", "les visites"), ("repair", "les dépannages")):
        one.add_argument(
            f"--{use}-includes",
            metavar="LISTE",
            help=f"ce que {words} comprennent : articles,consumables,labour,travel ou none",
        )
    one.add_argument("--site", type=verb.typed, metavar="ADRESSE", help="son nom ou sa rue")
    one.add_argument("--technician", type=verb.typed, metavar="CONNEXION")
    one.add_argument("--parent", type=verb.typed, metavar="CONTRAT", help="celui qui facture")
    one.add_argument(
        "--machine", action="append", default=[], type=verb.typed, metavar="CODE", help="répétable"
    )


def listing(options: argparse.Namespace) -> int:
    from codial_tui.domain.maintenance.contract_record import KINDS, STATES
    from codial_tui.domain.quantity import decimal_text
    from codial_tui.services.maintenance import contract_show

    words = dict((*KINDS, *STATES))
    with verb.database(options) as context:
        found = contract_show.every(context)
    result = [
        {name: row[name] for name in COLUMNS}
        | {"price": decimal_text(row["price"], 100, minimum=2), "visits": row["visits"]}
        for row in found
    ]
    rows = [tuple(str(words.get(one[name], one[name])) for name in COLUMNS) for one in result]
    head = ("Numéro", "Objet", "Client", "Type", "État", "Début", "Échéance", "Prix HT")
    verb.say(
        options,
        {"contracts": result},
        *(verb.table([head, *rows], (7,)) if rows else ["Aucun contrat."]),
    )
    return 0


def show(options: argparse.Namespace) -> int:
    from codial_tui.domain.maintenance.contract_record import KINDS, STATES
    from codial_tui.services.maintenance import contract_show
    from codial_tui.services.maintenance.contract_run import NAMES

    from .work_words import french

    with verb.database(options) as context:
        result = contract_show.of(context, options.number)
    state, kind = dict(STATES)[result["state"]], dict(KINDS)[result["kind"]]
    lines = [
        f"{result['number']} {result['label']} · {result['customer']} · {kind} · {state}",
        f"du {result['starts_on']}, échéance {result['term_on']}, fin {result['ends_on']}",
        f"{french(result['price'])} € HT tous les {result['billing_every']} mois",
        f"visites : {result['visit_rule'] or 'aucune'}",
        *(f"machine {one}" for one in result["machines"]),
        *(
            f"{one['due']}  {NAMES[one['kind']]}  {one['ref'] or one['detail']}".rstrip()
            for one in result["made"]
        ),
        *(f"! {one}" for one in result["warnings"]),
    ]
    verb.say(options, result, *lines)
    return 0


def add(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import contract_show, contracts

    with verb.database(options) as context:
        values = _values(context, options)
        machines = [contract_show.machine(context, code) for code in options.machine]
        made = contracts.create(context, values, machines)
        result = contract_show.of(context, contracts.load(context, made)["number"])
    said = f"Contrat {result['number']} : {result['label']}, échéance {result['term_on']}"
    verb.say(options, result, said)
    return 0


def _values(context: Context, options: argparse.Namespace) -> dict[str, Any]:
    from codial_tui.domain.quantity import parse_coefficient, parse_price, parse_quantity
    from codial_tui.errors import Unreadable, refuse
    from codial_tui.services.maintenance import contract_show, contracts
    from codial_tui.services.records import parties, records

    values: dict[str, Any] = {"party_id": parties.by_code(context, options.customer)}
    given = {"label": options.label, "starts_on": options.start, "price": options.price}
    given |= {"vat_rate": options.vat}
    given |= {column: getattr(options, name) for name, column in TERMS.items()}
    values |= {name: one for name, one in given.items() if one is not None}
    if options.duration:
        count, unit = options.duration[:-1], options.duration[-1].lower()
        if unit not in ("j", "m") or not count.isdecimal() or len(count) > 5:
            raise Unreadable(f"« {options.duration} » : quelle durée ?", "12m, 90j")
        values |= {"duration": int(count), "duration_unit": "day" if unit == "j" else "month"}
    if options.coefficient:
        values |= {
            "revision": "coefficient",
            "coefficient": parse_coefficient(options.coefficient),
        }
    if options.index:
        base, now = (parse_coefficient(one) for one in options.index)
        values |= {"revision": "index", "index_base": base, "index_now": now}
    for use in ("visit", "repair"):
        values |= _includes(use, getattr(options, f"{use}_includes"))
    if options.site:
        values["address_id"] = contract_show.site(context, values["party_id"], options.site)
    if options.technician:
        values["technician_id"] = contract_show.technician(context, options.technician)
    if options.quota:
        values["quota"] = parse_quantity(options.quota)
    if options.extra_price:
        values["extra_price"] = parse_price(options.extra_price)
    if options.parent:
        values["parent_id"] = contracts.get(context, options.parent)["id"]
    if options.model:
        values["model_id"] = records.find(context, "contract_model", options.model)
        if values["model_id"] is None:
            said = f"Contrat type {options.model} introuvable"
            raise refuse("model.unknown", said, "F10 Paramètres les montre", "model")
    return values


def _includes(use: str, listed: str | None) -> dict[str, int]:
    """Which billing classes visits or repairs include, of a list; {} when nobody says."""
    from codial_tui.errors import Unreadable

    if listed is None:
        return {}
    names = {one.strip() for one in listed.split(",")} - {"none", ""}
    if unknown := names - set(INCLUDED):
        said = f"--{use}-includes {', '.join(sorted(unknown))} ?"
        raise Unreadable(said, ", ".join((*INCLUDED, "none")))
    return {f"{use}_{one}": int(one in names) for one in INCLUDED}


def equip(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import contract_machines, contract_show, contracts
    from codial_tui.services.records import record_parts

    with verb.database(options) as context:
        contract = contracts.get(context, options.number)
        machine = contract_show.machine(context, options.machine)
        values = {"equipment_id": machine, "since": options.since}
        made = record_parts.create(context, contract_machines.PART, contract["id"], values)
        return _covered(options, context, contract["number"], made)


def unequip(options: argparse.Namespace) -> int:
    from codial_tui.domain.records.record_parts import PART_TYPES
    from codial_tui.services.maintenance import contract_machines, contract_show, contracts
    from codial_tui.services.records import record_parts

    with verb.database(options) as context:
        contract = contracts.get(context, options.number)
        machine = contract_show.machine(context, options.machine)
        row = contract_machines.present(context, contract["id"], machine)
        if options.on:
            until = PART_TYPES[contract_machines.PART].field("until")
            record_parts.put(context, contract_machines.PART, row, until, options.on)
        else:
            record_parts.remove(context, contract_machines.PART, row)
        return _covered(options, context, contract["number"], row)


def _covered(options: argparse.Namespace, context: Context, number: str, row: int) -> int:
    """Say which machines a contract has, and what is to be known of the one that came or left."""
    from codial_tui.services.maintenance import contract_machines, contract_show
    from codial_tui.services.records import record_parts

    result = contract_show.of(context, number)
    warning = record_parts.warning(context, contract_machines.PART, row)
    said = f"{number} : {len(result['machines'])} machine(s)"
    verb.say(options, {**result, "warning": warning or None}, said, *([warning] if warning else []))
    return 0


def end(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.services.maintenance import contract_show, contracts

    with verb.database(options) as context:
        day = date.fromisoformat(options.on) if options.on else context.today
        row = contracts.get(context, options.number)
        contracts.end(context, row["id"], day, options.reason)
        result = contract_show.of(context, row["number"])
    said = f"{row['number']} résilié au {day.isoformat()}"
    verb.say(options, result, said, *(f"! {one}" for one in result["warnings"]))
    return 0


def use(options: argparse.Namespace) -> int:
    from datetime import date

    from codial_tui.domain.quantity import parse_quantity
    from codial_tui.services.maintenance import contract_show, contract_use, contracts

    with verb.database(options) as context:
        row = contracts.get(context, options.number)
        day = date.fromisoformat(options.on) if options.on else None
        quantity = parse_quantity(options.quantity)
        contract_use.use(context, row["id"], quantity, day=day, note=options.note)
        result = contract_show.of(context, row["number"])
    said = f"{row['number']} : {result['used']} de {result['quota']} dans ce terme"
    verb.say(options, result, said)
    return 0

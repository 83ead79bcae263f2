"""Verbs of a price request: `document ask`, `answer`, `compare`, `choose`, `order`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from . import price_comparison, verb

if TYPE_CHECKING:
    from codial_tui.domain.buying.price_answers import Said
    from codial_tui.services.buying.price_requests import Comparison
    from codial_tui.services.context import Context

REQUEST = "DEMANDE"


def register(own: verb.Verbs) -> None:
    one = verb.add(own, "ask", ask, "demande les prix à des fournisseurs, une lettre chacun")
    _ref(one)
    one.add_argument(
        "--supplier",
        action="append",
        default=[],
        type=verb.typed,
        metavar="CODE",
        help="un de plus",
    )
    one.add_argument("--proposed", action="store_true", help="tous ceux qui vendent ces articles")
    where = one.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="DOSSIER", help="envoie : les lettres en PDF")
    where.add_argument("--printer", type=verb.typed, metavar="NOM", help="envoie : imprime")
    one.add_argument("--mail", action="store_true", help="par courriel à qui a une adresse")
    one.add_argument("--force", action="store_true", help="remplace les fichiers qui existent")
    one = verb.add(own, "answer", answer, "note la réponse d'un fournisseur, puis compare")
    _ref(one)
    one.add_argument("--supplier", required=True, type=verb.typed, metavar="CODE")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--lines",
        type=verb.typed,
        metavar="1:12.50,2:3.10",
        help="par n° de ligne : prix, « 12.50 -5%% 8j min 10 », ou « non »",
    )
    what.add_argument("--json-file", metavar="FICHIER.json|-", help="la même chose en JSON")
    one.add_argument("--delay", metavar="JOURS", type=verb.typed, help="des lignes sans délai")
    one = verb.add(own, "compare", compare, "compare les réponses ligne à ligne")
    _ref(one)
    one = verb.add(own, "choose", choose, "retient des réponses")
    _ref(one)
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--lines", type=verb.typed, metavar="1:CODE,2:CODE", help="par ligne ; « 1: » n'en retient"
    )
    what.add_argument("--supplier", type=verb.typed, metavar="CODE", help="tout chez lui")
    what.add_argument("--cheapest", action="store_true", help="chaque ligne au moins cher")
    one = verb.add(own, "order", order, "commande ce qui est retenu, une commande par fournisseur")
    _ref(one)
    one.add_argument(
        "--supplier", action="append", default=[], type=verb.typed, metavar="CODE", help="lui seul"
    )
    one.add_argument(
        "--into",
        type=verb.typed,
        default="",
        metavar="CODE=CF26-00012,…",
        help="dans sa commande ouverte",
    )
    one.add_argument("--update-prices", action="store_true", help="note ces prix dans ses tarifs")


def _ref(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar=REQUEST, type=verb.typed)


def ask(options: argparse.Namespace) -> int:
    """Adds suppliers; with --output, --printer or --mail their letters leave."""
    from codial_tui.services.buying import price_letters, price_requests
    from codial_tui.services.documents import attachments, documents
    from codial_tui.services.paper.destinations import ToPrinter

    with verb.database(options) as context:
        request = documents.get(context, options.ref)
        wanted = [price_requests.supplier_of(context, one) for one in options.supplier]
        if options.proposed:
            wanted += [one[0] for one in price_requests.proposed(context, request.id)]
        asked = price_requests.asked(context, price_requests.load(context, request.id).id)
        if wanted:
            asked = price_requests.ask(context, request.id, list(dict.fromkeys(wanted)))
        sent = price_letters.Sent()
        if options.output or options.printer is not None or options.mail:
            sent = price_letters.send(
                context,
                request.id,
                folder=_folder(options.output) or attachments.folder(context, "export"),
                printer=ToPrinter(options.printer) if options.printer is not None else None,
                by_mail=options.mail,
                again=options.force,
            )
            asked = price_requests.asked(context, request.id)
    result = {
        "ref": request.ref,
        "suppliers": [
            {"supplier": one.code, "name": one.name, "sent_at": one.sent_at or None}
            for one in asked
        ],
        "files": [str(one) for one in sent.files],
        "mailed": list(sent.mailed),
        "printed": sent.printed,
    }
    lines = [f"{one.code}  {one.name}  {one.sent_at[:10] or 'à envoyer'}" for one in asked]
    lines += [f"→ {one}" for one in (*sent.files, *sent.mailed)]
    verb.say(options, result, *(lines or ["Personne n'est interrogé : --supplier CODE"]))
    return 0


def _folder(name: str | None) -> Path | None:
    from codial_tui.errors import Unreadable

    if not name:
        return None
    if not Path(name).is_dir():
        raise Unreadable(f"{name} : dossier introuvable", "créez-le, ou un autre")
    return Path(name)


def answer(options: argparse.Namespace) -> int:
    """Records all of it or nothing; exits 1 when a price or a line is wrong."""
    from codial_tui.domain.buying.price_answers import days
    from codial_tui.services.buying import price_requests
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        request = documents.get(context, options.ref)
        seen = price_requests.compared(context, request.id)
        supplier_id = price_requests.supplier_of(context, options.supplier)
        texts = _pairs(options.lines) if options.lines is not None else _json(options.json_file)
        said = _said(seen, texts, days(options.delay) if options.delay else None)
        price_requests.answer(context, request.id, supplier_id, said)
        price_comparison.say(options, price_requests.compared(context, request.id))
    return 0


def _pairs(text: str) -> list[tuple[str, str]]:
    """`1:12.50,2:3.10`: number and answer; a decimal comma has a digit on both sides, and no
    line number and colon behind it."""
    import re

    parts = re.split(r",(?=\s*[\d.]+\s*:)", text)
    found = [one.partition(":") for one in parts if one.strip()]
    return [(number.strip(), said.strip()) for number, _, said in found]


def _json(name: str) -> list[tuple[str, str]]:
    """`{"1": "12.50 8j", "2": "non"}` as pairs. Raises Unreadable for anything else."""
    import json

    from codial_tui.domain.text import clean
    from codial_tui.errors import Unreadable

    from .document import content

    try:
        found = json.loads(content(name), object_pairs_hook=list)
    except ValueError as error:
        raise Unreadable(f"{name} n'est pas du JSON : {error}") from error
    if not isinstance(found, list) or not all(
        isinstance(one, tuple) and isinstance(one[1], str) for one in found
    ):
        raise Unreadable(f"{name} : un objet attendu", '{"1": "12.50 8j", "2": "non"}')
    return [(str(number), clean(text)) for number, text in found]


def _said(
    seen: Comparison, texts: list[tuple[str, str]], delay: int | None
) -> Mapping[str, Said | None]:
    from codial_tui.domain.buying.price_answers import read
    from codial_tui.domain.problems import Invalid, Problem
    from codial_tui.errors import Refused

    said: dict[str, Said | None] = {}
    for number, text in texts:
        uid = _line(seen, number)
        if uid in said:
            raise Refused(Problem("answer.twice", f"lines.{number}", f"Ligne {number} : deux fois"))
        try:
            one = read(text, seen.document.price_decimals) if text else None
        except Invalid as error:
            raise Refused(
                *(
                    each._replace(
                        field=f"lines.{number}", message=f"Ligne {number} : {each.message}"
                    )
                    for each in error.problems
                )
            ) from error
        if one is not None and one.delay_days is None and not one.declined:
            one = one._replace(delay_days=delay)
        said[uid] = one
    return said


def _line(seen: Comparison, number: str) -> str:
    from codial_tui.errors import refuse

    by_number = {seen.numbers[one.uid]: one.uid for one in seen.lines}
    if number not in by_number:
        known = ", ".join(by_number)
        raise refuse("line.unknown", f"Ligne « {number} » inconnue", f"lignes {known}", "lines")
    return by_number[number]


def compare(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import price_requests
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        request = documents.get(context, options.ref)
        price_comparison.say(options, price_requests.compared(context, request.id))
    return 0


def choose(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import price_choices, price_requests
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        request = documents.get(context, options.ref)
        seen = price_requests.compared(context, request.id)
        if options.cheapest:
            price_choices.choose_cheapest(context, request.id)
        elif options.supplier is not None:
            supplier_id = price_requests.supplier_of(context, options.supplier)
            price_choices.choose_supplier(context, request.id, supplier_id)
        else:
            pairs = _pairs(options.lines)
            wanted: dict[str, int | None] = {
                _line(seen, number): price_requests.supplier_of(context, code) if code else None
                for number, code in pairs
            }
            price_choices.choose(context, request.id, wanted)
        price_comparison.say(options, price_requests.compared(context, request.id))
    return 0


def order(options: argparse.Namespace) -> int:
    """Every order or none; exits 1 with the reason of the first that refuses."""
    from codial_tui.services.buying import price_orders, price_requests
    from codial_tui.services.documents import documents, show

    with verb.database(options) as context:
        request = documents.get(context, options.ref)
        several = price_orders.groups(context, request.id)
        done = price_orders.order(
            context,
            request.id,
            suppliers=[price_requests.supplier_of(context, one) for one in options.supplier],
            into=_into(context, options.into),
        )
        noted = price_orders.update_prices(context, request.id) if options.update_prices else 0
        made = [documents.get(context, one.ref) for one in done]
    warnings = [f"« {label} » : déjà commandé ailleurs" for one in several for label in one.spare]
    result = {
        "ref": request.ref,
        "orders": [
            {
                "ref": one.ref,
                "supplier": document.text("party_code"),
                "created": one.created,
                "net": show.cents(document.number("net_total")),
            }
            for one, document in zip(done, made)
        ],
        "prices": noted,
        "warnings": warnings,
    }
    lines = [
        f"{one.ref} {'créée' if one.created else 'complétée'} · {document.text('party_name')}"
        for one, document in zip(done, made)
    ]
    lines += [f"! {one}" for one in warnings]
    if options.update_prices:
        lines.append(f"Prix notés dans les tarifs : {noted}")
    verb.say(options, result, *lines)
    return 0


def _into(context: Context, text: str) -> dict[int, int]:
    from codial_tui.errors import Unreadable
    from codial_tui.services.buying import price_requests
    from codial_tui.services.documents import documents

    found = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        code, equals, ref = part.partition("=")
        if not equals:
            raise Unreadable(f"--into « {part} »", "CODE=CF26-00012")
        found[price_requests.supplier_of(context, code)] = documents.get(context, ref).id
    return found

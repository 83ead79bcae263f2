"""`consumption`: what an order costs beside what was planned, and recording what it consumes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.domain.buying.consumption import Entry
    from codial_tui.services.buying.consumption import Tracking
    from codial_tui.services.context import Context


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "consumption", "suit ce que coûte une commande")
    one = verb.add(own, "show", show, "prévu, déboursé, écart et marges ; les lignes numérotées")
    _ref(one)
    one.add_argument("--records", action="store_true", help="avec les saisies et leurs numéros")
    one = verb.add(own, "record", record, "saisit une consommation, des heures, un coût")
    _ref(one)
    one.add_argument("--start", action="store_true", help="crée d'abord le suivi s'il n'y en a pas")
    where = one.add_mutually_exclusive_group()
    where.add_argument(
        "--line", type=verb.typed, default="", metavar="LIGNE", help="n°, référence ou texte"
    )
    where.add_argument("--item", type=verb.typed, default="", metavar="RÉFÉRENCE")
    what = one.add_mutually_exclusive_group()
    what.add_argument("--quantity", type=verb.typed, metavar="Q", help="de plus (-2 : de moins)")
    what.add_argument("--hours", type=verb.typed, metavar="H", help="heures de plus")
    what.add_argument("--invoice", type=verb.typed, metavar="REF", help="facture fournisseur")
    what.add_argument("--unfitted", action="store_true", help="non posé, ou posé de nouveau")
    what.add_argument("--reverse", type=int, metavar="N", help="contre-passe la saisie N")
    one.add_argument("--invoice-line", type=int, default=0, metavar="N", help="cette ligne seule")
    one.add_argument("--cost", type=verb.typed, metavar="C", help="coût réel d'une unité")
    one.add_argument("--by", type=verb.typed, default="", metavar="LOGIN", help="qui a travaillé")
    one.add_argument("--date", type=verb.day, metavar="JOUR", help="sinon aujourd'hui")
    one = verb.add(own, "deliver", deliver, "fait le bon de livraison de ce qui est consommé")
    _ref(one)
    one = verb.add(own, "order", order, "commande ce qui manque, chez le fournisseur habituel")
    _ref(one)


def _ref(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", type=verb.typed, metavar="REF")


def show(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import consumption
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        found = consumption.look(context, documents.get(context, options.ref).id)
    return _say(options, found, options.records)


def record(options: argparse.Namespace) -> int:
    from codial_tui.domain.quantity import parse_price, parse_quantity
    from codial_tui.errors import Unreadable
    from codial_tui.services.buying import consumption
    from codial_tui.services.buying import consumption_records as records
    from codial_tui.services.documents import documents

    quantity = options.hours or options.quantity
    cost = None if options.cost is None else parse_price(options.cost)
    amount = None if quantity is None else parse_quantity(quantity)
    if options.invoice_line < 0:
        raise Unreadable("--invoice-line : de 1", "consumption show les numérote")
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        if options.start and not consumption.is_followed(document):
            _start(context, document.id)
        found = consumption.look(context, document.id)
        if options.reverse is not None:
            found = records.reverse(context, document.id, options.reverse)
        elif options.item:
            one = _item(context, found, options.item)
            one.quantity = 10_000 if amount is None else amount
            found = records.add(context, document.id, one, cost, options.date or "", options.by)
        else:
            found = _of_line(context, options, found, amount, cost)
    return _say(options, found, False)


def _of_line(
    context: Context,
    options: argparse.Namespace,
    found: Tracking,
    amount: int | None,
    cost: int | None,
) -> Tracking:
    from codial_tui.errors import Unreadable
    from codial_tui.services.buying import consumption
    from codial_tui.services.buying import consumption_records as records

    if options.hours is not None:
        what = consumption.labour_line(context, found, options.line).what
    elif options.line:
        what = consumption.line_named(found, options.line).what
    elif options.start and amount is None and cost is None and not options.invoice:
        return found
    else:
        raise Unreadable("Quelle ligne ?", "--line, --item, --hours ou --reverse")
    order_id = found.order.id
    if options.unfitted:
        return records.unfit(context, order_id, what)
    if options.invoice:
        return records.spend(context, order_id, what, options.invoice, options.invoice_line)
    if amount is not None:
        one = records.Record(what, amount, cost, options.date or "", options.by)
        return records.record(context, order_id, one)
    if cost is not None:
        return records.set_cost(context, order_id, what, cost)
    raise Unreadable("Combien ?", "--quantity, --hours, --cost, --invoice ou --unfitted")


def _start(context: Context, order_id: int) -> None:
    from codial_tui.errors import refuse
    from codial_tui.services.buying import consumption
    from codial_tui.services.documents.editing import Editor

    editor = Editor(context, order_id)
    try:
        if editor.reason:
            raise refuse("document.locked", f"{editor.document.ref} : {editor.reason}")
        consumption.start(editor)
    finally:
        editor.close()


def _item(context: Context, found: Tracking, reference: str) -> Any:
    from codial_tui.errors import refuse
    from codial_tui.services.records import catalogue

    item = catalogue.by_reference(context, reference)
    if item is None:
        raise refuse("item.unknown", f"Article {reference} inconnu", "codial-tui export items")
    return catalogue.line_of(context, found.order, item, 10_000, 0)


def deliver(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import consumption_notes
    from codial_tui.services.documents import documents, show

    with verb.database(options) as context:
        made = consumption_notes.make_note(context, documents.get(context, options.ref).id)
        result = show.shown(context, documents.get(context, made.ref))
    verb.say(options, result, f"{made.ref} : {made.lines} ligne{'s' * (made.lines > 1)}")
    return 0


def order(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import consumption_notes, ordering
    from codial_tui.services.documents import documents, show

    with verb.database(options) as context:
        order_id = documents.get(context, options.ref).id
        done = ordering.order(context, consumption_notes.wanted(context, order_id))
        made = [show.shown(context, documents.get(context, one.ref)) for one in done]
    words = [f"{one.ref} : {one.lines} ligne{'s' * (one.lines > 1)}" for one in done]
    verb.say(options, {"orders": made}, *words)
    return 0


def _say(options: argparse.Namespace, found: Tracking, records: bool) -> int:
    verb.say(options, _result(found, records), *_words(found, records))
    return 0


def _result(found: Tracking, records: bool) -> dict[str, Any]:
    """Amounts as decimal strings with a point, as everywhere in JSON."""
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text

    def euros(cents: int) -> str:
        return decimal_text(cents, 100, minimum=2)

    def percent(rate: int | None) -> str | None:
        return None if rate is None else decimal_text(rate, 10_000, minimum=2)

    summary = found.summary
    result: dict[str, Any] = {
        "id": found.order.id,
        "ref": found.order.ref,
        "sale": euros(summary.sale),
        "billed_by_work_orders": euros(summary.beside),
        "categories": [
            {
                "label": one.label,
                "planned": euros(one.planned),
                "spent": euros(one.spent),
                "difference": euros(one.difference),
            }
            for one in summary.sums
        ],
        "planned": euros(summary.planned),
        "spent": euros(summary.spent),
        "difference": euros(summary.difference),
        "planned_margin": euros(summary.planned_margin),
        "planned_margin_rate": percent(summary.planned_rate),
        "real_margin": euros(summary.real_margin),
        "real_margin_rate": percent(summary.real_rate),
        "lines": [
            {
                "line": place,
                "reference": one.reference or None,
                "label": one.label,
                "unit": one.unit,
                "is_planned": one.is_planned,
                "is_unfitted": one.unfitted is not None,
                "quantity": decimal_text(one.quantity, SCALE4),
                "consumed": decimal_text(one.consumed, SCALE4),
                "unit_cost": decimal_text(one.own_cost, SCALE4, minimum=2),
                "planned": euros(one.planned),
                "spent": euros(one.spent),
                "difference": euros(one.difference),
            }
            for place, one in enumerate(found.lines, 1)
        ],
    }
    if records:
        result["records"] = [_record(one) for one in found.entries]
    return result


def _record(one: Entry) -> dict[str, Any]:
    from codial_tui.domain.money import SCALE4
    from codial_tui.domain.quantity import decimal_text

    return {
        "id": one.id,
        "kind": one.kind,
        "reference": one.reference or None,
        "label": one.label,
        "date": one.date,
        "quantity": decimal_text(one.quantity, SCALE4),
        "unit_cost": decimal_text(one.unit_cost, SCALE4, minimum=2),
        "amount": decimal_text(one.amount, 100, minimum=2),
        "by": one.worker or None,
        "source": one.source or None,
        "user": one.user,
        "at": one.at,
        "reverses": one.reverses,
    }


def _words(found: Tracking, records: bool) -> list[str]:
    from codial_tui.domain.money import div_round
    from codial_tui.domain.quantity import format_cents, format_quantity, format_scaled

    summary = found.summary
    rows = [
        (one.label, *map(format_cents, (one.planned, one.spent, one.difference)))
        for one in summary.sums
    ]
    whole = (summary.planned, summary.spent, summary.difference)
    head = ("Rubrique", "Prévu", "Déboursé", "Écart")
    lines = verb.table([head, *rows, ("TOTAL", *map(format_cents, whole))], (1, 2, 3))

    def margin(word: str, cents: int, rate: int | None) -> str:
        percent = "" if rate is None else f" = {format_scaled(div_round(rate, 100), 100, 2)} %"
        return f"Marge {word} {format_cents(cents)} €{percent}"

    lines += [
        f"Vente HT {format_cents(summary.sale)} €",
        *([f"Facturé par les BI {format_cents(summary.beside)} €"] if summary.beside else []),
        margin("prévue", summary.planned_margin, summary.planned_rate),
        margin("réelle", summary.real_margin, summary.real_rate),
        "",
    ]
    followed = [
        (
            str(place),
            one.reference,
            one.label + (" (non posé)" if one.unfitted is not None else ""),
            format_quantity(one.quantity, 0) if one.is_planned else "",
            format_quantity(one.consumed, 0),
            one.unit,
            format_cents(one.spent),
            format_cents(one.difference),
        )
        for place, one in enumerate(found.lines, 1)
    ]
    head_lines = ("N°", "Référence", "Désignation", "Prévu", "Réel", "U", "Déboursé", "Écart")
    lines += verb.table([head_lines, *followed], (3, 4, 6, 7))
    if records:
        gone = {one.reverses for one in found.entries}
        shown = [
            (
                str(one.id),
                one.date,
                one.kind,
                one.reference or one.label,
                format_quantity(one.quantity, 0),
                one.worker,
                one.user,
                "contre-passée" if one.id in gone else "",
            )
            for one in found.entries
        ]
        lines += ["", *(verb.table(shown, (4,)) if shown else ["Aucune saisie."])]
    return lines

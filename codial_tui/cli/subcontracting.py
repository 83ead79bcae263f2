"""`subcontract`: the works of a document that others do, and ordering them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from . import verb

if TYPE_CHECKING:
    from codial_tui.services.buying.subcontracting import Work
    from codial_tui.services.context import Context
    from codial_tui.services.documents.editing import Editor


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "subcontract", subcontract, "montre ou commande les travaux sous-traités")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument(
        "--line", action="append", default=[], type=verb.typed, metavar="N°",
        help="sous-traite cette ligne (1.2, comme document show la numérote)",
    )  # fmt: skip
    one.add_argument("--cost", type=verb.typed, metavar="PRIX", help="coût prévu de ces lignes")
    one.add_argument("--supplier", type=verb.typed, metavar="CODE", help="qui fait ces lignes")
    one.add_argument("--order", action="store_true", help="commande ce qui reste à commander")
    one.add_argument("--into", type=verb.typed, metavar="REF", help="dans cette commande ouverte")
    one.add_argument(
        "--choose", type=verb.typed, default="", metavar="subject=source,…",
        help="quelle valeur garder quand les pièces diffèrent",
    )  # fmt: skip


def subcontract(options: argparse.Namespace) -> int:
    from codial_tui.errors import Unreadable
    from codial_tui.services.buying import subcontracting
    from codial_tui.services.documents import documents

    if not options.line and (options.cost or (options.supplier and not options.order)):
        raise Unreadable("--cost, --supplier : de quelle ligne ?", "--line 1.2")
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        if options.line:
            _change(options, context, document.id)
            document = documents.get(context, options.ref)
        if options.order:
            return _order(options, context, document.id)
        return _show(options, subcontracting.works(context, document))


def _change(options: argparse.Namespace, context: Context, document_id: int) -> None:
    """Mark the lines, give them their cost and who does them."""
    from codial_tui.domain.quantity import parse_price
    from codial_tui.domain.structure import numbers
    from codial_tui.errors import refuse
    from codial_tui.services.buying import ordering, subcontracting
    from codial_tui.services.documents.editing import Editor

    supplier = ordering.supplier_of(context, options.supplier) if options.supplier else None
    cost = parse_price(options.cost) if options.cost else None
    editor: Editor = Editor(context, document_id)
    try:
        if editor.reason:
            raise refuse("document.locked", f"{options.ref} : {editor.reason}", "réessayez")
        places = {number: uid for uid, number in numbers(editor.document).items()}
        known = {one.uid for one in subcontracting.others(editor.document)}
        known |= {one.line.uid for one in subcontracting.works(context, editor.document)}
        for number in options.line:
            if places.get(number) not in known:
                said = f"{options.ref} : pas de ligne {number} à sous-traiter"
                raise refuse("line.unknown", said, "document show donne les numéros", "line")
        uids = [places[number] for number in options.line]
        subcontracting.mark(editor, uids)
        for uid in uids:
            if cost is not None:
                subcontracting.plan_cost(editor, uid, cost)
            if supplier is not None:
                subcontracting.choose(editor, uid, supplier)
    finally:
        editor.close()


def _show(options: argparse.Namespace, found: list[Work]) -> int:
    from codial_tui.domain.money import CENT, SCALE4
    from codial_tui.domain.quantity import decimal_text, format_cents, format_quantity

    result = [
        {
            "line": one.number,
            "label": one.line.label,
            "quantity": decimal_text(one.line.quantity, SCALE4),
            "unit": one.line.unit,
            "planned": decimal_text(one.planned, CENT, minimum=2),
            "ordered": decimal_text(one.ordered, SCALE4),
            "to_order": decimal_text(one.to_order, SCALE4),
            "supplier": one.supplier or None,
            "refs": list(dict.fromkeys(each.purchase_ref for each in one.supplies)),
        }
        for one in found
    ]
    rows = [
        (
            one.number,
            one.line.label,
            format_quantity(one.line.quantity, 0),
            one.line.unit,
            format_cents(one.planned),
            format_quantity(one.ordered, 0),
            format_quantity(one.to_order, 0),
            one.supplier or "?",
        )
        for one in found
    ]
    head = ("N°", "Désignation", "Qté", "U", "Prévu HT", "Cdé", "À cder", "Sous-traitant")
    lines = verb.table([head, *rows], (2, 4, 5, 6)) if rows else ["Rien n'est sous-traité."]
    verb.say(options, {"works": result}, *lines)
    return 0


def _order(options: argparse.Namespace, context: Context, document_id: int) -> int:
    from codial_tui.errors import Unreadable
    from codial_tui.services.buying import ordering, subcontracting
    from codial_tui.services.documents import documents, rows, show

    from .transfer import choices_asked

    document = rows.load(context.database, document_id)
    assert document is not None
    found = subcontracting.works(context, document)
    if options.supplier:
        wanted_one = ordering.supplier_of(context, options.supplier)
        found = [one for one in found if one.supplier_id == wanted_one]
    wanted = subcontracting.propose(context, document, found)
    suppliers = {one.supplier_id for one in wanted}
    into: dict[int, int] = {}
    if options.into:
        if len(suppliers) > 1:
            raise Unreadable("--into : plusieurs sous-traitants", "--supplier en choisit un")
        into = dict.fromkeys(suppliers, documents.get(context, options.into).id)
    done = ordering.order(
        context,
        wanted,
        kind=subcontracting.KIND,
        into=into,
        choices=choices_asked(options.choose),
    )
    made = [show.shown(context, documents.get(context, one.ref)) for one in done]
    words = [
        f"{one.ref} : {one.lines} ligne{'s' * (one.lines > 1)}"
        + (" (nouvelle)" if one.created else " de plus")
        for one in done
    ]
    verb.say(options, {"orders": made}, *words)
    return 0

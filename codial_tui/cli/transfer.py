"""Verbs of the chain: transfer, candidates, undo-transfer, duplicate and give-up."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from codial_tui.domain.chain.merge import Criterion
    from codial_tui.domain.chain.transfer import Left
    from codial_tui.domain.document import Document
    from codial_tui.domain.spec import DocType
    from codial_tui.services.context import Context


def register(own: verb.Verbs) -> None:
    one = verb.add(own, "transfer", transfer, "transfère un document, en entier ou en partie")
    one.add_argument("ref", metavar="REF", nargs="+", type=verb.typed)
    one.add_argument("--to", required=True, metavar="SORTE", help="order, delivery_note, invoice…")
    where = one.add_mutually_exclusive_group()
    where.add_argument("--into", type=verb.typed, metavar="REF", help="dans cette pièce ouverte")
    where.add_argument("--new", action="store_true", help="dans une nouvelle pièce (sans --into)")
    add_lines(one)
    one.add_argument(
        "--choose",
        type=verb.typed,
        default="",
        metavar="subject=source,…",
        help="quelle valeur garder quand les pièces diffèrent",
    )
    one.add_argument(
        "--goods",
        choices=("taken", "left"),
        help="marchandise emportée (taken) ou à livrer (left), commande → facture",
    )
    one = verb.add(own, "candidates", candidates, "dit quelles pièces ouvertes peuvent recevoir")
    one.add_argument("ref", metavar="REF", nargs="+", type=verb.typed)
    one.add_argument("--to", required=True, metavar="SORTE")
    one = verb.add(own, "undo-transfer", undo, "annule le dernier transfert reçu par une pièce")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one = verb.add(own, "duplicate", duplicate, "copie un document, sans rien prendre")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument("--to", default="", metavar="SORTE", help="la même sorte par défaut")
    one = verb.add(own, "give-up", give_up, "abandonne le reste à livrer d'une commande")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument("--reopen", action="store_true", help="rouvre le reste abandonné")


def add_lines(parser: argparse.ArgumentParser) -> None:
    """The option that says which lines are taken, for `lines_asked`."""
    parser.add_argument(
        "--lines",
        type=verb.typed,
        metavar="1,2.1:5",
        help="numéros des lignes, avec leur quantité ; sans : tout ce qui reste",
    )


def transfer(options: argparse.Namespace) -> int:
    from codial_tui.domain.kinds import doc_types
    from codial_tui.errors import Unreadable
    from codial_tui.services.chain import gathering
    from codial_tui.services.chain.transfer_parts import Request
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        kind = _kind(options.to)
        sources = [documents.get(context, ref) for ref in options.ref]
        if options.lines is not None and len(sources) > 1:
            raise Unreadable("--lines : d'une seule pièce", "transférez les autres à part")
        chain = [one.kind for one in doc_types()]  # a note before its order, which takes the rest
        sources.sort(key=lambda one: -chain.index(one.kind))
        takes = {}
        if options.lines is not None:
            takes[sources[0].id] = _takes(context, sources[0], kind, options.lines)
        done = gathering.gather(
            context,
            Request(
                tuple(dict.fromkeys(one.id for one in sources)),
                kind.kind,
                documents.get(context, options.into).id if options.into else None,
                takes,
                choices_asked(options.choose),
                {"taken": True, "left": False, None: None}[options.goods],
            ),
        )
        from .document import answer

        answer(options, context, documents.get(context, done.ref))
    return 0


def _kind(name: str) -> DocType:
    from codial_tui.domain.kinds import doc_type, doc_types
    from codial_tui.errors import Unreadable

    try:
        return doc_type(name)
    except KeyError:
        names = ", ".join(one.kind for one in doc_types())
        raise Unreadable(f"Sorte « {name} » inconnue", names) from None


def choices_asked(text: str) -> dict[str, str]:
    from codial_tui.domain.chain.merge import CHOICE_FIELDS
    from codial_tui.errors import Unreadable

    found = {}
    for part in filter(None, text.split(",")):
        name, _, value = part.partition("=")
        if name not in CHOICE_FIELDS or value not in ("source", "target"):
            names = ", ".join(CHOICE_FIELDS)
            raise Unreadable(f"--choose {part} ?", f"{names} = source ou target")
        found[name] = value
    return found


def _takes(context: Context, source: Document, kind: DocType, text: str) -> dict[str, int]:
    from codial_tui.services.chain import pools
    from codial_tui.services.chain.transfer_plan import source_of

    source, inbound = source_of(context, source.id, kind)
    return lines_asked(source, pools.left_of(context.database, source, inbound), text)


def lines_asked(source: Document, left: Mapping[str, Left], text: str) -> dict[str, int]:
    """Quantities by line uid of `1,2.1:5`: line numbers, with a quantity or all that is left; a
    chapter's number stands for its lines. Raises Unreadable for a number that is none, or no
    number at all: a script whose variable is empty does not want everything."""
    from codial_tui.domain.chain.transfer import is_carried
    from codial_tui.domain.quantity import parse_quantity
    from codial_tui.domain.structure import numbers, span_of
    from codial_tui.errors import Unreadable

    by_number = {number: uid for uid, number in numbers(source).items() if number}
    takes: dict[str, int] = {}
    for part in text.split(","):
        number, _, asked = part.partition(":")
        if number.strip() not in by_number:
            raise Unreadable(f"Ligne « {number} » inconnue", "document show donne leurs numéros")
        for line in (source.lines[i] for i in span_of(source, by_number[number.strip()])):
            if is_carried(line):
                quantity = parse_quantity(asked) if asked else None
                have = left[line.uid].quantity if line.uid in left else 0
                takes[line.uid] = have if quantity is None else quantity
    return takes


def candidates(options: argparse.Namespace) -> int:
    from codial_tui.services.chain import transfer_targets
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        ids = tuple(documents.get(context, ref).id for ref in options.ref)
        found = transfer_targets.candidates(context, ids, _kind(options.to))
    result: dict[str, list[dict[str, Any]]] = {"mergeable": [], "choice": [], "refused": []}
    for one in found:
        criteria = [
            {
                "code": each.code,
                "label": each.label,
                "source": each.source,
                "target": each.target,
                "level": each.level,
                "remedy": each.remedy,
            }
            for each in one.criteria
        ]
        result[one.group].append({"ref": one.ref, "criteria": criteria})
    words = {"mergeable": "oui", "choice": "avec un choix", "refused": "refusée"}
    lines = []
    for one in found:
        lines.append(f"{one.ref} : {words[one.group]}")
        lines += [f"  {each.label} : {_values(each)} · {each.remedy}" for each in one.criteria]
    verb.say(options, result, *(lines or ["Aucune pièce ouverte."]))
    return 0


def _values(one: Criterion) -> str:
    return f"{one.source} ≠ {one.target}" if one.source else one.target


def undo(options: argparse.Namespace) -> int:
    from codial_tui.services.chain import transfer_undo
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        target = documents.get(context, options.ref)
        words, gone = transfer_undo.undo(context, target.id)
    verb.say(options, {"ref": target.ref, "undone": True, "deleted": gone, "message": words}, words)
    return 0


def duplicate(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents, duplicating

    with verb.database(options) as context:
        source = documents.get(context, options.ref)
        copy = duplicating.duplicate(context, source.id, options.to or source.kind)
        from .document import answer

        answer(options, context, documents.get(context, copy.ref))
    return 0


def give_up(options: argparse.Namespace) -> int:
    from codial_tui.errors import refuse
    from codial_tui.services.buying import back_to_back
    from codial_tui.services.chain import giving_up
    from codial_tui.services.documents import documents
    from codial_tui.services.documents.editing import Editor

    with verb.database(options) as context:
        editor = Editor(context, documents.get(context, options.ref).id)
        if editor.reason:
            raise refuse("document.locked", f"{options.ref} : {editor.reason}", "réessayez")
        try:
            (giving_up.reopen if options.reopen else giving_up.give_up)(editor)
        finally:
            editor.close()
        from .document import answer

        warning = back_to_back.warned(editor.too_many)
        answer(options, context, documents.get(context, options.ref), warning)
    return 0

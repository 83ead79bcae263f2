"""Verbs on documents of any declared kind: create, show, list, print, validate, delete."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import list_options, matching, price_request, transfer, verb, work_order, work_report

if TYPE_CHECKING:
    from codial_tui.domain.document import Document
    from codial_tui.services.context import Context

MOST = 1000
"""Documents that `list` gives unless told otherwise."""

_LISTED = ("ref", "date", "party", "subject")


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "document", "crée, montre, imprime, valide, transfère…")
    one = verb.add(own, "create", create, "crée un document décrit en JSON")
    one.add_argument("file", metavar="FICHIER.json|-", help="- lit l'entrée standard")
    one = verb.add(own, "show", show, "montre un document en entier")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one = verb.add(own, "list", listing, "liste les documents d'une sorte")
    list_options.add(one)
    one.add_argument("--limit", type=int, default=MOST, metavar="N", help=f"{MOST} par défaut")
    one = verb.add(own, "print", printing, "imprime un document, ou en donne l'aperçu")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    where = one.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="FICHIER.pdf", help="PDF officiel dans un fichier")
    where.add_argument(
        "--printer", type=verb.typed, metavar="NOM", help="imprimante (sinon celle par défaut)"
    )
    where.add_argument(
        "--mail",
        action="append",
        type=verb.typed,
        metavar="ADRESSE",
        help="met un courriel en file",
    )
    one.add_argument("--preview", action="store_true", help="aperçu, sans aucun effet")
    one.add_argument("--layout", default="", metavar="MODÈLE", help="mise en page")
    one.add_argument("--copies", type=int, default=1, metavar="N", help="de l'imprimante")
    one.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    one = verb.add(own, "validate", validate, "valide un document, ou vérifie ses règles")
    one.add_argument("ref", metavar="REF", type=verb.typed)
    one.add_argument(
        "--unpaid-deposit",
        choices=("collect", "credit", "deduct"),
        default="",
        help="un acompte déduit n'est pas réglé : encaisser, créditer ou déduire quand même",
    )
    transfer.register(own)
    matching.register(own)
    price_request.register(own)
    work_report.register(own)
    work_order.register(own)
    one = verb.add(own, "delete", delete, "supprime un document jamais imprimé ni transféré")
    one.add_argument("ref", metavar="REF", type=verb.typed)


def create(options: argparse.Namespace) -> int:
    from codial_tui.exchange.documents import parse_document
    from codial_tui.services.documents import requests

    request = parse_document(content(options.file))
    with verb.database(options) as context:
        answer(options, context, requests.create(context, request))
    return 0


def content(name: str) -> bytes:
    """The bytes of a file or of the standard input, one more than is taken at most."""
    from codial_tui.errors import Unreadable, system_words
    from codial_tui.exchange.json_reader import LARGEST

    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = system_words(error) if isinstance(error, OSError) else "nom impossible"
        raise Unreadable(f"{name} ne se lit pas : {why}", "vérifiez le chemin") from error


def show(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        answer(options, context, documents.get(context, options.ref))
    return 0


def answer(
    options: argparse.Namespace, context: Context, document: Document, warning: str = ""
) -> None:
    """A document in the shape of cli.md; for people its head, lines and totals, what is bought for
    them, and a warning about what was done."""
    from codial_tui.services.documents import show as shapes

    found = shapes.shown(context, document)
    found |= {"warning": warning} if warning else {}
    verb.say(options, found, *([] if options.json else _lines_of(found)))


def _lines_of(found: dict[str, Any]) -> list[str]:
    from codial_tui.domain.kinds import doc_type

    from .work_words import checked, cover, french, machines, visits

    kind = doc_type(found["kind"])
    state = kind.state(found["state"]).label.lower()
    head = f"{kind.title} {found['ref']} du {found['date']} · {found['party']['name']} · {state}"
    figures = ("quantity", "unit_price", "amount")
    covered = any(map(cover, found["lines"]))
    rows = [
        (
            line["number"],
            line.get("reference") or "",
            line["label"],
            *(french(line.get(name, "")) for name in figures),
            *([cover(line)] if covered else []),
        )
        for line in found["lines"]
    ]
    sums = {name: french(found["totals"][name]) for name in ("net", "vat_total", "gross")}
    return [
        head,
        *([found["subject"]] if found["subject"] else []),
        *(verb.table(rows, (3, 4, 5)) if rows else []),
        f"HT {sums['net']} · TVA {sums['vat_total']} · TTC {sums['gross']}",
        *machines(found),
        *visits(found),
        *checked(found),
        *_supplies(found),
        *([f"! {found['warning']}"] if "warning" in found else []),
    ]


def _supplies(found: dict[str, Any]) -> list[str]:
    """`ligne 2 : 6 sur CF26-00012 (Rhône), reçu 4, en retard`; on a purchase for whom."""
    from .work_words import french

    places = {line["id"]: line["number"] for line in found["lines"]}
    lines = []
    for one in found.get("supplies", ()):
        came = f", reçu {french(one['arrived'])}" if one["arrived"] != "0" else ""
        late = ", en retard" if one["late"] else ""
        what = f"{french(one['quantity'])} {one['unit']}".rstrip()
        where = f"↔ {one['ref']} ({one['party']})"
        lines.append(f"ligne {places.get(one['line'], '')} : {what} {where}{came}{late}")
    return lines


def listing(options: argparse.Namespace) -> int:
    from codial_tui.services.documents.show import cents
    from codial_tui.services.lists.lists import DocumentList

    from .work_words import french

    with verb.database(options) as context:
        listing = DocumentList(context, list_options.query(options, context))
        rows = listing.rows(0, max(options.limit, 0))
    result = [
        {
            "id": row["id"],
            "ref": row["ref"],
            "number": row["number"],
            "kind": options.kind,
            "state": row["state"],
            "date": row["date"],
            "party": row["party_name"],
            "subject": row["subject"],
            "net": cents(row["net_total"]),
            "gross": cents(row["gross_total"]),
            "printed_at": row["printed_at"],
        }
        for row in rows
    ]
    lines = [
        (*(str(one[name]) for name in _LISTED), row["state_label"], french(one["net"]))
        for one, row in zip(result, rows)
    ]
    verb.say(options, {"documents": result}, *(verb.table(lines, (5,)) if lines else ["Aucun."]))
    return 0


def printing(options: argparse.Namespace) -> int:
    """An official print, with its effects; with --preview none, as text or as a PDF file."""
    from codial_tui.errors import Unreadable
    from codial_tui.printing.output import MAX_COPIES
    from codial_tui.services.documents import documents
    from codial_tui.services.paper import printing as service

    if not 1 <= options.copies <= MAX_COPIES:
        raise Unreadable(f"--copies {options.copies}", f"de 1 à {MAX_COPIES}")
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        _check_layout(context, document, options.layout)
        if options.preview:
            return _preview(options, context, document)
        target: service.Destination = service.ToPrinter(options.printer or "", options.copies)
        if options.output:
            target = service.ToFile(Path(options.output), options.force)
        elif options.mail:
            target = service.ToMail(tuple(options.mail))
        missing = [one.text for one in service.warnings(context, document)]
        done = service.print_document(context, document.id, target, layout_name=options.layout)
        result = {
            "ref": document.ref,
            "printed": True,
            "file": options.output,
            "attachment": done.attachment_id,
            "bytes": len(done.pdf),
            "message": done.words,
            "warnings": missing,
        }
    lines = [f"{document.ref} imprimé : {done.words}", *(f"! {one}" for one in missing)]
    verb.say(options, result, *lines)
    return 0


def _check_layout(context: Context, document: Document, name: str) -> None:
    from codial_tui.domain.kinds import doc_type
    from codial_tui.errors import Unreadable
    from codial_tui.services.paper import printing as service

    known = [one.name for one in service.layouts(context, doc_type(document.kind))]
    if name and name not in known:
        raise Unreadable(f"Mise en page « {name} » inconnue", ", ".join(known))


def _preview(options: argparse.Namespace, context: Context, document: Document) -> int:
    from codial_tui.services.paper import printing as service

    if options.output:
        from codial_tui.printing.output import write_pdf

        pdf = service.pdf_bytes(context, document, layout_name=options.layout)
        write_pdf(Path(options.output), pdf, replace=options.force)
        result = {"ref": document.ref, "printed": False, "file": options.output, "bytes": len(pdf)}
        verb.say(options, result, f"Aperçu de {document.ref} : {options.output}")
        return 0
    pages = service.preview(context, document, layout_name=options.layout)
    result = {"ref": document.ref, "printed": False, "pages": [list(page) for page in pages]}
    verb.say(options, result, *(line for page in pages for line in page))
    return 0


def validate(options: argparse.Namespace) -> int:
    """Gives an invoice its number, once the official rules on e-invoices find nothing either; a
    receipt enters the stock. Of a kind without validation: checks its rules, changes nothing."""
    from codial_tui.domain.kinds import doc_type
    from codial_tui.errors import Refused
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import einvoices, validating

    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        if validating.is_validated_here(document.kind):
            bills = doc_type(document.kind).bills
            noted = validating.warnings(context, document)
            if bills and (wrong := einvoices.official_problems(context, document)):
                raise Refused(*wrong)
            document = _validated(context, document, options.unpaid_deposit)
            for one in noted:  # what a screen asks about before
                sys.stderr.write(f"! {one.text}\n")
        elif problems := validating.problems(context, document):
            raise Refused(*problems)
        answer(options, context, document)
    return 0


def _validated(context: Context, document: Document, unpaid: str) -> Document:
    """Validate once the deposits that nobody paid are dealt with."""
    from codial_tui.errors import Refused
    from codial_tui.services.invoicing import deposit_issue, deposits, validating

    if unpaid in ("collect", "credit"):  # no money is written for what is then refused
        found = validating.problems(context, document)
        if wrong := [one for one in found if one.code != deposits.UNPAID]:
            raise Refused(*wrong)
        deposit_issue.settle_unpaid(context, document.id, unpaid)
    accepted = (deposits.UNPAID,) if unpaid == "deduct" else ()
    return validating.validate(context, document.id, accepted)


def delete(options: argparse.Namespace) -> int:
    from codial_tui.services.buying import back_to_back
    from codial_tui.services.documents import documents

    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        bought = documents.delete(context, document.id)
    warning = back_to_back.warned(bought)
    said = {"warning": warning} if warning else {}
    words = " · ".join(filter(None, (f"{document.ref} supprimé", warning)))
    verb.say(options, {"ref": document.ref, "deleted": True, **said}, words)
    return 0

"""Recording what a supplier sent as data: its invoice becomes a document with the amounts it says,
its file stays beside it (domain.md §6). No stock moves and nothing is matched."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Adjustment, Document, Line
from codial_tui.domain.lines.purchase_rules import supplier_key
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.problems import Problem
from codial_tui.domain.rules import check
from codial_tui.domain.text import fold
from codial_tui.errors import Refused, Unreadable, refuse, system_words
from codial_tui.exchange import received_invoice
from codial_tui.exchange.received_invoice import Received, Seller
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, documents
from codial_tui.services.documents.request_lines import known_rates, unknown_rate
from codial_tui.services.paper import printing
from codial_tui.services.records import company, parties

KIND = "supplier_invoice"


class Recorded(NamedTuple):
    """An invoice that was recorded, and what one should look at."""

    document: Document
    new_supplier: bool
    warnings: tuple[Problem, ...]


def record_file(context: Context, path: Path) -> Recorded:
    """Record a file. Raises Unreadable or Refused; nothing is then written."""
    try:
        if path.stat().st_size > received_invoice.LIMIT:
            raise Unreadable("Fichier trop gros", "ce n'est pas une facture")
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} illisible", system_words(error)) from error
    return record(context, content, path.name)


def record_from_inbox(context: Context, name: str) -> Recorded:
    """Record a file of the inbox, which it then leaves. Raises Unreadable or Refused."""
    path = attachments.waiting(context, name)
    recorded = record_file(context, path)
    attachments.leave(path)
    return recorded


def record(context: Context, content: bytes, name: str) -> Recorded:
    """Record the bytes of a PDF or XML, in one transaction. Raises Unreadable or Refused."""
    if not company.exists(context):
        raise refuse("company.missing", "Aucune société dans cette base", "codial-tui init")
    found = received_invoice.read(content)
    with context.database.write():
        context.database.queue_up("party")
        party_id = _supplier(context, found.seller)
        known = party_id is not None
        party_id = party_id or _new_supplier(context, found.seller)
        document = _document(context, found, party_id)
        _refuse_twice(context, document)
        documents.prepare(document)
        documents.write_new(context, document, "Reçue")
        kind = "application/pdf" if content.startswith(b"%PDF") else "application/xml"
        attachments.insert(
            context, "document", document.uid, Path(name).name[:200], kind, content, "imported"
        )
    document.version = 1
    return Recorded(document, not known, tuple(_warnings(context, found, document)))


def _supplier(context: Context, seller: Seller) -> int | None:
    """The record of a seller: by SIREN, VAT number, or its very name. A customer becomes a
    supplier too."""
    database = context.database
    for column, value in (
        ("siren", seller.siren),
        ("vat_number", seller.vat_number),
        ("name_fold", fold(seller.name)),
    ):
        found = value and database.value(
            f"SELECT id FROM party WHERE {column} = ? ORDER BY is_supplier DESC, id LIMIT 1",
            (value,),
        )
        if found:
            database.execute(
                "UPDATE party SET is_supplier = 1 WHERE id = ? AND is_supplier = 0", (found,)
            )
            return int(found)
    return None


def _new_supplier(context: Context, seller: Seller) -> int:
    values = {name: getattr(seller, name) for name in Seller.__dataclass_fields__}
    wrong = {one.field for one in parties.check(values)}
    kept = {name: "" if name in wrong else value for name, value in values.items()}
    return parties.insert(context, {**kept, "is_supplier": 1, "is_customer": 0})


def _document(context: Context, found: Received, party_id: int) -> Document:
    document = documents.blank(context, KIND, party_id)
    document.header.update(
        date=found.date,
        price_mode="net",
        price_decimals=4,
        vat_rounding="rate",
        supplier_number=found.number,
        due_date=found.due_date or None,
        stated_gross=found.gross,
        customer_reference=found.order,
        subject="Avoir" if found.is_credit else "",
    )
    document.header["supplier_key"] = supplier_key(document.header)
    rates, problems = known_rates(context), []
    units = {code: unit for unit, code in context.database.rows("SELECT code, unece FROM unit")}
    for number, one in enumerate(found.lines):
        if one.vat_rate not in rates:
            problems.append(unknown_rate(one.vat_rate, f"lines.{number}.vat_rate"))
        document.lines.append(
            Line(
                context.uid(),
                reference=one.reference,
                label=one.label or "Article",
                quantity=one.quantity,
                unit=units.get(one.unit, ""),
                unit_price=one.unit_price,
                price_per=one.price_per,
                discount_amount=one.discount,
                vat_category=one.vat_category,
                vat_rate=one.vat_rate,
                amount=one.amount,
                net_amount=one.amount,
                basis="computed" if one.exact else "forced",
            )
        )
    for position, part in enumerate(found.parts):
        kind = "discount" if part.amount < 0 else "charge"
        document.adjustments.append(
            Adjustment(
                context.uid(),
                kind,
                label=part.reason,
                amount=abs(part.amount),
                vat_category=part.vat_category,
                vat_rate=part.vat_rate,
                position=position,
            )
        )
    if problems:
        raise Refused(*problems)
    apply(document, recompute(document))
    wrong = check(("amounts_in_bounds",), document, printing.facts(context))
    if wrong:
        raise Refused(*wrong)
    return document


def _refuse_twice(context: Context, document: Document) -> None:
    found = context.database.row(
        "SELECT d.number FROM document_supplier_invoice s JOIN document d ON d.id = s.document_id "
        "WHERE s.supplier_key = ?",
        (document.text("supplier_key"),),
    )
    if found:
        number = document.text("supplier_number")
        raise refuse(
            "supplier_invoice.twice",
            f"La facture {number} de {document.text('party_name')} est déjà là : {found[0]}",
            f"ouvrez {found[0]}",
            "supplier_number",
        )


def _warnings(context: Context, found: Received, document: Document) -> list[Problem]:
    own = context.database.value("SELECT siren FROM company", (), "")
    problems = check(("as_stated",), document, printing.facts(context))
    if found.buyer_siren and own and found.buyer_siren != own:
        said = f"Facture adressée à {found.buyer_name} ({found.buyer_siren})"
        problems.append(Problem("buyer.other", "party_id", said, "vérifiez-la", "warning"))
    return problems

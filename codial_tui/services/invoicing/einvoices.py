"""Invoices as e-invoices: what surrounds a document, what is wrong with it, its Factur-X.

Three kinds of checks, in this order (domain.md §6 « Law »): our own, in French, with the field to
mend, at F8 and again in the transaction that gives the number; the official schematrons, where the
extra `validation` is installed, in another process before that transaction, once O is answered; the
official XSD before and in it.
"""

from __future__ import annotations

import re

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import einvoice, einvoice_checks
from codial_tui.domain.invoicing.einvoice import Around
from codial_tui.domain.invoicing.einvoice_parties import is_french_business
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.exchange import factur_x, schematron
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.law import training
from codial_tui.services.paper import originals, papers

from . import buyers

EFFECT = "keep_original"
"""what a kind names under `effects["validate"]` whose documents are e-invoices"""


def is_einvoice(document: Document) -> bool:
    return EFFECT in doc_type(document.kind).effects.get("validate", ())


def around(context: Context, document: Document) -> Around:
    """What an e-invoice says beyond its document."""
    database = context.database
    units = database.rows("SELECT code, unece FROM unit WHERE unece <> ''")
    regime, address, method = document.text("vat_regime"), "", ""
    code = database.value("SELECT exemption_code FROM vat_regime WHERE code = ?", (regime,), "")
    if buyer := buyers.buyer_id(document):
        sql = "SELECT electronic_address FROM party WHERE id = ?"
        address = str(database.value(sql, (buyer,), ""))
    if document.header.get("payment_terms_id"):
        sql = "SELECT method FROM payment_terms WHERE id = ?"
        method = str(database.value(sql, (document.header["payment_terms_id"],), ""))
    return Around(
        issuer=papers.issuer(context, document.header.get("establishment_id")),
        units=dict(units),
        regime_code=str(code or ""),
        buyer_address=address,
        method=method,
        number="" if document.text("number") else _next_number(context, document),
    )


def _next_number(context: Context, document: Document) -> str:
    """The number it would get now, without taking it."""
    numbering, day = doc_type(document.kind).numbering, document.text("date")
    rows = context.database.rows(
        "SELECT period, pattern, last FROM number_series "
        "WHERE establishment_id = ? AND code = ? ORDER BY period DESC",
        (document.header.get("establishment_id"), numbering.code),
    )
    own = period_of(day, numbering.period)
    pattern = str(rows[0][1]) if rows else numbering.pattern
    last = 0
    for period, its_pattern, given in rows:
        if period == own:
            pattern, last = str(its_pattern), int(given)
    return number_of(pattern, day, last + 1)


def problems(context: Context, document: Document) -> list[Problem]:
    """Why it cannot be an e-invoice, by our own checks. [] of what is none."""
    if not is_einvoice(document):
        return []
    document = buyers.completed(context, document)
    return einvoice_checks.problems(document, around(context, document))


def has_official_rules() -> bool:
    """Whether the schematrons are here (extra `validation`); the XSD always is."""
    return schematron.is_installed()


def rules_of(document: Document) -> tuple[str, ...]:
    """The official rules that apply (domain.md §6)."""
    french = is_french_business(document)
    return (schematron.EN16931, schematron.FRENCH) if french else (schematron.EN16931,)


def official_problems(context: Context, document: Document) -> list[Problem]:
    """What the XSD and, where they are installed, the official schematrons refuse, of an invoice
    in which our own checks find nothing; [] of what is no e-invoice or has no priced line, which
    the kind's rules refuse in clearer words. Takes a second, half of it in
    another process. Raises Refused when that does not answer."""
    if not is_einvoice(document) or problems(context, document):
        return []
    if not any(line.is_priced for line in document.lines):
        return []
    try:
        written = xml(context, buyers.completed(context, document))
    except Refused as error:
        return list(error.problems)
    if not has_official_rules():
        return []
    [found] = schematron.failures([schematron.Invoice(written, rules_of(document))])
    return [_problem(one) for one in found if not one.is_warning]


def _problem(failure: schematron.Failure) -> Problem:
    """A broken rule in French where it is known, and the field it is about."""
    rule = failure.rule.split("_")[0].split("/")[0] or "?"
    said = failure.text
    if not rule.startswith("BR-FR"):
        said = f"Norme EN 16931, règle {rule} : {_FRENCH.get(rule, said)}"
    term = re.search(r"BT-\d+", failure.text)
    field = _FIELDS.get(term.group(), "") if term else ""
    return Problem(f"einvoice.{rule.lower()}", field, said[:300])


_FRENCH = {
    "BR-CO-10": "la somme des lignes n'est pas celle annoncée",
    "BR-CO-13": "le total hors taxes n'est pas lignes − remises + frais",
    "BR-CO-14": "le total de TVA n'est pas la somme de ses taux",
    "BR-CO-15": "le TTC n'est pas HT + TVA",
    "BR-CO-16": "le net à payer n'est pas TTC − déjà payé",
    "BR-CO-17": "une TVA n'est pas sa base × son taux",
    "BR-CO-25": "ni échéance ni conditions de règlement",
    "BR-CO-09": "un numéro de TVA ne commence pas par le code de son pays",
    "BR-27": "un prix est négatif",
}
_FIELDS = {
    "BT-1": "establishment_id",
    "BT-2": "date",
    "BT-9": "due_date",
    "BT-20": "payment_terms_id",
    "BT-25": "corrected",
    "BT-26": "corrected",
    **dict.fromkeys(("BT-44", "BT-46", "BT-47", "BT-48", "BT-49", "BT-50"), "party_id"),
    "BT-72": "delivery_date",
    **dict.fromkeys(("BT-129", "BT-131", "BT-146", "BT-151", "BT-152"), "lines"),
}


def xml(context: Context, document: Document) -> bytes:
    """The Factur-X XML of an invoice. Raises Refused when it is not what the XSD wants: our own
    checks should have said why."""
    try:
        return factur_x.xml_bytes(einvoice.invoice(document, around(context, document)))
    except factur_x.NotWritten as error:
        said = f"Facture électronique refusée par le format officiel : {error}"
        raise refuse("einvoice.xsd", said[:300], "signalez-le") from error


def pdf(context: Context, document: Document) -> bytes:
    """The Factur-X itself: the paper in its usual layout with the XML inside."""
    from codial_tui.printing.pdf import pdf_bytes

    drawn = papers.paper(context, document)
    return pdf_bytes(drawn, context.local_now, factur_x=xml(context, document))


def original(context: Context, document: Document) -> bytes:
    """The Factur-X that was kept of a validated invoice, to be handed over. Raises Refused when
    there is none, or in a database to learn on."""
    training.forbid(context, "Facture électronique")
    if not is_einvoice(document):
        raise refuse("einvoice.kind", f"{document.ref} : pas une facture", "donnez une facture")
    kept = originals.before(context, document)
    if not kept.original:
        raise refuse("einvoice.provisional", f"{document.ref} n'est pas validée", "F8 la valide")
    return originals.content(context, kept)


def log_export(context: Context, document: Document, name: str) -> None:
    """Write into the chained journal that an original was handed out once more, or its XML."""
    with context.database.write():
        detail = {"number": document.text("number"), "file": name}
        documents.log_audit(context, "invoice.exported", detail)


def xml_kept(kept: bytes) -> bytes:
    """The XML inside an original. Raises Unreadable when it has none."""
    return factur_x.xml_of(kept)

"""What stands above the lines: title, addresses, dates; and the fields a letter may name."""

from __future__ import annotations

from datetime import date

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.einvoice_parties import buyer_siren
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import Totals
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import DocType

from .issuer import Issuer, grouped_siret
from .paper import long_date, paper_date
from .print_layout import Layout


def title_of(document: Document, doc_type: DocType, title: str = "") -> str:
    """`DEVIS DE26-00042`; a proforma says so instead, and natures their own word. title: that of
    the layout."""
    own = title or word_of(document, doc_type)
    word = "PROFORMA" if document.number("proforma") else own.upper()
    return f"{word} {document.text('number')}".strip()


def word_of(document: Document, doc_type: DocType) -> str:
    """What a document is called: « Avoir », « Bon de retour », else by its kind."""
    nature = "credit" if document.number("is_credit") else document.text("nature")
    nature = "consumption" if document.header.get("consumption_of") else nature
    return doc_type.titles.get(nature, doc_type.title)


def field_values(
    document: Document, doc_type: DocType, issuer: Issuer, sums: Totals
) -> dict[str, str]:
    """The fields a letter or text may name, and what they stand for."""
    text = document.text
    return {
        "client.nom": text("party_name"),
        "client.contact": text("contact_name"),
        "client.adresse": text("billing_street"),
        "client.code_postal": text("billing_postcode"),
        "client.ville": text("billing_city"),
        "client.telephone": text("party_phone"),
        "chantier.adresse": text("delivery_street") or text("billing_street"),
        "chantier.ville": text("delivery_city") or text("billing_city"),
        "document.titre": doc_type.title,
        "document.numero": text("number"),
        "document.date": _long(text("date")),
        "document.objet": text("subject"),
        "document.validite": _long(text("valid_until")),
        "commercial.nom": text("salesperson_name"),
        "reglement.libelle": text("payment_terms_label"),
        "societe.nom": issuer.name,
        "societe.ville": issuer.city,
        "societe.telephone": issuer.phone,
        "societe.courriel": issuer.email,
        "total.ht": _unbroken(sums.net),
        "total.tva": _unbroken(sums.vat_total),
        "total.ttc": _unbroken(sums.gross),
    }


def _unbroken(cents: int) -> str:
    """An amount that no line end cuts in two."""
    return f"{format_cents(cents)} €".replace(" ", "\u00a0")


def address_lines(document: Document, use: str, name: str) -> tuple[str, ...]:
    """Name and address of a use (`billing`, `delivery`), as an envelope has them."""
    text = document.text
    country = text(f"{use}_country")
    town = f"{text(f'{use}_postcode')} {text(f'{use}_city')}".strip()
    contact = text("contact_name") if use == "billing" else ""
    lines = (
        text(f"{use}_name") or name,
        f"À l'attention de {contact}" if contact else "",
        *text(f"{use}_street").split("\n"),
        text(f"{use}_street2"),
        town,
        country if country not in ("", "FR") else "",
    )
    return tuple(line for line in lines if line)


def place_lines(document: Document, layout: Layout) -> tuple[str, ...]:
    """Address of the works or the delivery, when it is not the billing address."""
    delivery = address_lines(document, "delivery", "")
    known = set(address_lines(document, "billing", document.text("party_name")))
    if not delivery or set(delivery) <= known:
        return ()
    return (layout.place_label, *delivery)


def facts_lines(
    document: Document, issuer: Issuer, changed: str = "", origin: str = ""
) -> tuple[str, ...]:
    """What stands under the title: place and date, when it was changed, validity, what it comes
    from, who to talk to."""
    written = _long(document.text("date"))
    place = f"{issuer.city}, le {written}" if issuer.city and written else written
    until = _day(document.text("valid_until"))
    person = document.text("salesperson_name")
    theirs = document.text("customer_reference") or document.text("supplier_reference")
    expected = _day(document.text("expected_date"))
    lines = (
        place,
        changed,
        f"Valable jusqu'au {paper_date(until)}" if until else "",
        f"Selon {origin}" if origin else "",
        *corrected_lines(document),
        f"Votre référence : {theirs}" if theirs else "",
        f"{doc_type(document.kind).field('expected_date').label} {paper_date(expected)}"
        if expected
        else "",
        f"Votre contact : {person}" if person else "",
        *buyer_lines(document),
        *subcontractor_lines(document),
    )
    return tuple(line for line in lines if line)


def buyer_lines(document: Document) -> tuple[str, ...]:
    """The SIREN of a business that is invoiced, and its VAT number where it owes the tax itself
    (CGI ann. II art. 242 nonies A, I, 3° and 4°; décret 2022-1299)."""
    if not doc_type(document.kind).bills or document.number("party_is_consumer"):
        return ()
    siren, number = buyer_siren(document), document.text("party_vat_number")
    owes = any(line.vat_category in ("K", "AE") for line in document.lines if line.counts)
    lines = (
        f"SIREN du client : {grouped_siret(siren)}" if siren else "",
        f"N° de TVA du client : {number}" if owes and number else "",
    )
    return tuple(line for line in lines if line)


def subcontractor_lines(document: Document) -> tuple[str, ...]:
    """Who does the works, so that both know who is answerable for them and for their VAT (loi
    75-1334; code du travail L. 8222-1)."""
    if document.kind != "subcontract_order":
        return ()
    siret, number = document.text("party_siret"), document.text("party_vat_number")
    siren = document.text("party_siren")
    lines = (
        f"SIRET du sous-traitant : {grouped_siret(siret)}" if siret else "",
        f"SIREN du sous-traitant : {grouped_siret(siren)}" if siren and not siret else "",
        f"N° de TVA du sous-traitant : {number}" if number else "",
    )
    return tuple(line for line in lines if line)


def corrected_lines(document: Document) -> tuple[str, ...]:
    """The invoices that a credit note corrects, by number and date (CGI ann. II art. 242 nonies
    A)."""
    return tuple(
        f"Corrige {one.number} du {paper_date(day)}" if day else f"Corrige {one.number}"
        for one in document.references
        if one.type == "corrected"
        for day in [_day(one.date or "")]
    )


def changed_words(kind: DocType, day: str) -> str:
    """« Modifiée le 23/11/2026 » on what is printed again after its lines changed."""
    found = _day(day)
    word = "Modifiée" if kind.gender == "f" else "Modifié"
    return f"{word} le {paper_date(found)}" if found else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _long(text: str) -> str:
    day = _day(text)
    return long_date(day) if day else ""

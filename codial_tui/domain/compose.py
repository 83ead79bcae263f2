"""A document becomes paper: every block of a layout, from the document's own copy of the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from .compose_rows import tables_of
from .document import Document
from .mentions import Facts, Issuer, Mention, Waste, mention_problems, mentions_of
from .paper import (
    Block,
    Paper,
    Signature,
    Sums,
    Table,
    Text,
    TotalRow,
    long_date,
    paper_date,
)
from .print_layout import Layout
from .problems import Problem
from .quantity import format_cents, format_percent
from .richtext import Paragraph, Run, fill, parse
from .spec import DocType
from .totals import Totals, footer_shares, totals

ADJUSTMENT_WORDS = {
    "discount": "Remise",
    "charge": "Frais",
    "shipping": "Port",
    "billing_fee": "Frais de facturation",
}


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """What the company or the person who prints chooses.

    watermark: PROVISOIRE, ÉCOLE, DUPLICATA 2… quote_fee: cents TTC, 0 = free.
    """

    options_apart: bool = True
    components: bool = False
    watermark: str = ""
    quote_fee: int = 0
    off_premises: bool = False
    waste: Waste = field(default_factory=Waste)
    with_letter: bool = True
    is_consumer: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """What the blocks are made from."""

    document: Document
    layout: Layout
    issuer: Issuer
    totals: Totals
    settings: PaperSettings
    mentions: tuple[Mention, ...]
    tables: tuple[Table, Table | None]
    values: dict[str, str]
    problems: list[Problem]

    def rich(self, text: str) -> tuple[Paragraph, ...]:
        """A marked text with its fields; unknown ones become problems of the paper."""
        paragraphs, problems = fill(parse(text), self.values)
        self.problems.extend(one for one in problems if one not in self.problems)
        return paragraphs


def paper_of(
    document: Document,
    doc_type: DocType,
    layout: Layout,
    issuer: Issuer,
    settings: PaperSettings | None = None,
) -> Paper:
    """The document on paper. Its problems (a mention that lacks its facts, an unknown field) are
    warnings: the paper is complete without them.

    Raises KeyError when the layout names a column or block, or the declaration a mention, that
    does not exist.
    """
    settings = settings or PaperSettings()
    sums = totals(document)
    facts = facts_of(document, issuer, sums, settings)
    job = _Job(
        document,
        layout,
        issuer,
        sums,
        settings,
        mentions_of(doc_type.mentions, facts),
        tables_of(
            document,
            layout,
            options_apart=settings.options_apart,
            components=settings.components,
        ),
        field_values(document, doc_type, issuer, sums),
        mention_problems(doc_type.mentions, facts),
    )
    blocks = [block for name in layout.blocks if (block := BLOCKS[name](job)) is not None]
    letter = job.rich(document.text("letter")) if settings.with_letter else ()
    return Paper(
        title=title_of(document, doc_type),
        issuer=_issuer_lines(issuer),
        party=_address(document, "billing", document.text("party_name")),
        place=_place(document, layout),
        facts=_facts_lines(document, issuer),
        subject=document.text("subject"),
        watermark=settings.watermark,
        letter=letter,
        blocks=tuple(blocks),
        foot=identity(issuer),
        problems=tuple(job.problems),
    )


def title_of(document: Document, doc_type: DocType) -> str:
    """`DEVIS DE26-00042`; a proforma says so instead."""
    word = "PROFORMA" if document.number("proforma") else doc_type.title.upper()
    return f"{word} {document.text('number')}".strip()


def facts_of(document: Document, issuer: Issuer, sums: Totals, settings: PaperSettings) -> Facts:
    """What the mention rules look at."""
    return Facts(
        issuer=issuer,
        is_consumer=settings.is_consumer or bool(document.number("party_is_consumer")),
        party_name=document.text("party_name"),
        party_country=document.text("billing_country") or "FR",
        vat_keys=frozenset((row.category, row.rate) for row in sums.vat),
        supply_natures=frozenset(line.supply_nature for line in document.lines if line.counts),
        exemption=document.text("exemption_reason"),
        off_premises=settings.off_premises,
        validity=document.text("valid_until"),
        quote_fee=settings.quote_fee,
        waste=settings.waste,
    )


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
        "total.ht": f"{format_cents(sums.net)} €",
        "total.tva": f"{format_cents(sums.vat_total)} €",
        "total.ttc": f"{format_cents(sums.gross)} €",
    }


def identity(issuer: Issuer) -> tuple[str, ...]:
    """Legal identity for the foot of every page, at most two lines.

    Code de commerce R. 123-237 and R. 123-238 (form, capital, registration), CGI ann. II
    art. 242 nonies A (VAT number).
    """
    form = " ".join(part for part in (issuer.name, issuer.legal_form) if part)
    if issuer.legal_form and issuer.name.upper().endswith(issuer.legal_form.upper()):
        form = issuer.name
    if issuer.capital:
        capital = format_cents(issuer.capital).removesuffix(",00")
        form = f"{form} au capital de {capital} €"
    seat = " ".join(part for part in (issuer.postcode, issuer.city) if part)
    first = " – ".join(part for part in (form, issuer.street, seat) if part)
    numbers = (
        ("SIRET", grouped_siret(issuer.siret or issuer.siren)),
        ("", issuer.registry),
        ("APE", issuer.activity_code),
        ("TVA", issuer.vat_number),
    )
    second = " – ".join(f"{label} {value}".strip() for label, value in numbers if value)
    return tuple(line for line in (first, second) if line)


def grouped_siret(number: str) -> str:
    """`12345678200010` as `123 456 782 00010`; a SIREN as `123 456 782`."""
    digits = number.replace(" ", "")
    if len(digits) not in (9, 14) or not digits.isdigit():
        return number
    return " ".join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)


def _issuer_lines(issuer: Issuer) -> tuple[str, ...]:
    town = " ".join(part for part in (issuer.postcode, issuer.city) if part)
    siret = grouped_siret(issuer.siret)
    lines = (
        issuer.name,
        issuer.street,
        town,
        f"Tél. {issuer.phone}" if issuer.phone else "",
        issuer.email,
        issuer.website,
        f"SIRET {siret}" if siret else "",
    )
    return tuple(line for line in lines if line)


def _address(document: Document, use: str, name: str) -> tuple[str, ...]:
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


def _place(document: Document, layout: Layout) -> tuple[str, ...]:
    """Address of the works or the delivery, when it is not the billing address."""
    delivery = _address(document, "delivery", "")
    known = set(_address(document, "billing", document.text("party_name")))
    if not delivery or set(delivery) <= known:
        return ()
    return (layout.place_label, *delivery)


def _facts_lines(document: Document, issuer: Issuer) -> tuple[str, ...]:
    written = _long(document.text("date"))
    place = f"{issuer.city}, le {written}" if issuer.city and written else written
    until = _day(document.text("valid_until"))
    person = document.text("salesperson_name")
    lines = (
        place,
        f"Valable jusqu'au {paper_date(until)}" if until else "",
        f"Votre contact : {person}" if person else "",
    )
    return tuple(line for line in lines if line)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _long(text: str) -> str:
    day = _day(text)
    return long_date(day) if day else ""


# ---- blocks: one function a name, None when there is nothing to print


def _text(job: _Job, name: str) -> Text | None:
    paragraphs = job.rich(job.document.text(name))
    return Text(paragraphs) if paragraphs else None


def _opening(job: _Job) -> Block | None:
    return _text(job, "opening_text")


def _closing(job: _Job) -> Block | None:
    return _text(job, "closing_text")


def _lines(job: _Job) -> Block | None:
    return job.tables[0]


def _options(job: _Job) -> Block | None:
    return job.tables[1]


def _sums(job: _Job) -> Block | None:
    document, sums = job.document, job.totals
    mode = "TTC" if document.gross_mode else "HT"
    rows = []
    shares: dict[str, int] = {}
    for share in footer_shares(document):
        shares[share.uid] = shares.get(share.uid, 0) + share.amount
    adjusted = [one for one in document.adjustments if shares.get(one.uid)]
    if adjusted:
        rows.append(TotalRow(f"Total des lignes {mode}", format_cents(sums.brut + sums.hidden)))
        for one in adjusted:
            label = one.label or ADJUSTMENT_WORDS.get(one.type, "Ajustement")
            percent = f" {format_percent(one.percent)}" if one.percent is not None else ""
            rows.append(TotalRow(f"{label}{percent}", format_cents(shares[one.uid])))
    rows.append(TotalRow("Total HT", format_cents(sums.net)))
    rows += [
        TotalRow(f"TVA {format_percent(row.rate)}", format_cents(row.amount))
        for row in sums.vat
        if row.category == "S"
    ]
    rows.append(TotalRow("Total TTC", f"{format_cents(sums.gross)} €", strong=True))
    table = tuple(
        (
            format_percent(row.rate) if row.category == "S" else "Sans TVA",
            format_cents(row.base),
            format_cents(row.amount),
        )
        for row in sums.vat
    )
    notes = []
    if sums.eco:
        notes.append(f"Dont éco-contribution {mode} : {format_cents(sums.eco)} €")
    if sums.options and job.tables[1] is None:
        notes.append("Montants entre parenthèses : non compris dans le total.")
    return Sums(tuple(rows), ("TVA", "Base HT", "Montant TVA"), table, tuple(notes))


def _terms(job: _Job) -> Block | None:
    label = job.document.text("payment_terms_label")
    first = [f"Règlement : {label}."] if label else []
    if job.issuer.iban:
        bic = f" – BIC {job.issuer.bic}" if job.issuer.bic else ""
        first.append(f"IBAN {job.issuer.iban}{bic}")
    late = [one.text for one in job.mentions if one.place == "terms"]
    paragraphs = _plain((" ".join(first), " ".join(late)))
    return Text(paragraphs, "Conditions de règlement", small=True) if paragraphs else None


def _mentions(job: _Job) -> Block | None:
    paragraphs = tuple(
        (Run(f"{one.title} : ", bold=True), Run(one.text)) if one.title else (Run(one.text),)
        for one in job.mentions
        if one.place == "mention"
    )
    return Text(paragraphs, small=True) if paragraphs else None


def _certification(job: _Job) -> Block | None:
    paragraphs = tuple(
        (Run(f"{one.title} : ", bold=True), Run(one.text))
        for one in job.mentions
        if one.place == "certification"
    )
    if not paragraphs:
        return None
    return Text(paragraphs, "Certification du client", small=True, framed=True)


def _signature(job: _Job) -> Block | None:
    return Signature(
        job.layout.signature,
        ("Date, nom et signature du client,", f"précédés de « {job.layout.signature} »"),
    )


def _plain(texts: Iterable[str]) -> tuple[Paragraph, ...]:
    return tuple((Run(text),) for text in texts if text)


BLOCKS: dict[str, Callable[[_Job], Block | None]] = {
    "opening": _opening,
    "lines": _lines,
    "options": _options,
    "totals": _sums,
    "terms": _terms,
    "closing": _closing,
    "mentions": _mentions,
    "certification": _certification,
    "signature": _signature,
}
"""What a layout may name as a block."""

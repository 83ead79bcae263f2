"""An invoice as EN 16931 sees it (BT and BG terms), in its French use (XP Z12-012; BR-FR rules).

Pure: a document and what is known around it become plain data, keyed by the terms of the standard,
amounts as decimal strings. `exchange.factur_x` writes it down. A credit note (381) is told with its
signs reversed: prices are always positive, the quantity bears the sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.lines.lines import line_key
from codial_tui.domain.lines.totals import Totals, counting, totals
from codial_tui.domain.paper.issuer import Issuer
from codial_tui.domain.paper.mentions import EARLY_PAYMENT, LATE_RATE, RECOVERY, VAT_ON_DEBITS
from codial_tui.domain.payments.instalments import discount_words, terms_of
from codial_tui.domain.quantity import decimal_text, format_cents, format_percent

from .einvoice_lines import Part, lines_of, money, parts_of, plain
from .einvoice_parties import buyer, is_french_business, place, seller

PROFILE = "urn:cen.eu:en16931:2017"

INVOICE, DEPOSIT, CREDIT, CREDITED_DEPOSIT = "380", "386", "381", "503"
"""Types of an invoice (UNTDID 1001)."""

Data = dict[str, Any]


class Exemption(NamedTuple):
    """Why no VAT is charged: a code of the VATEX list and its words; either may be empty."""

    code: str = ""
    words: str = ""


EXEMPTIONS = {
    "AE": Exemption("VATEX-EU-AE", "Autoliquidation"),
    "E": Exemption("", "Exonération de TVA"),
    "G": Exemption("VATEX-EU-G", "Exonération de TVA, article 262 I du CGI"),
    "K": Exemption("VATEX-EU-IC", "Exonération de TVA, article 262 ter I du CGI"),
    "O": Exemption("VATEX-EU-O", "Opération hors du champ de la TVA"),
}
FRANCHISE = Exemption("VATEX-FR-FRANCHISE", "TVA non applicable, art. 293 B du CGI")


@dataclass(frozen=True, slots=True)
class Around:
    """What an e-invoice says beyond its document. units: UN/ECE code by unit; regime_code: VATEX
    code of the document's regime; buyer_address: the buyer's electronic address, "" for its SIREN;
    method: means of payment (UNTDID 4461); number: the one it will get, while it has none; paid:
    cents received already."""

    issuer: Issuer
    units: Mapping[str, str] = field(default_factory=dict)
    regime_code: str = ""
    buyer_address: str = ""
    method: str = ""
    number: str = ""
    paid: int = 0


def is_credit(document: Document) -> bool:
    """Whether it is, or will be once validated, a credit note."""
    return bool(document.number("is_credit")) or totals(document).gross < 0


def type_code(document: Document) -> str:
    """The type of invoice (UNTDID 1001)."""
    deposit = document.text("nature") == "deposit"
    if is_credit(document):
        return CREDITED_DEPOSIT if deposit else CREDIT
    return DEPOSIT if deposit else INVOICE


def framework(document: Document, paid: int = 0) -> str:
    """BT-23: B goods, S services, M both – the « nature de l'opération » of the law – and a digit:
    4 the final invoice after a deposit, 5 works that a subcontractor bills under reverse charge,
    2 paid already, else 1."""
    lines = [line for line in counting(document) if line.nature != "deposit"]
    natures = {line.supply_nature for line in lines or counting(document)}
    letter = {frozenset({"goods"}): "B", frozenset({"service"}): "S"}.get(frozenset(natures), "M")
    if is_credit(document) or document.text("nature") == "deposit":
        return f"{letter}1"
    if has_deposits(document):
        return f"{letter}4"
    reverse = {line.vat_category for line in lines} == {"AE"}
    if reverse and letter != "B" and is_french_business(document):
        return "S5"
    gross = totals(document).gross
    return f"{letter}2" if paid and paid >= gross else f"{letter}1"


def has_deposits(document: Document) -> bool:
    """Whether it deducts a deposit."""
    return any(line.nature == "deposit" for line in counting(document))


def number_of(document: Document, around: Around) -> str:
    return document.text("number") or around.number or document.ref


def invoice(document: Document, around: Around) -> Data:
    """The semantic invoice: terms of EN 16931 as `factur-x` spells them, days as ISO texts."""
    sign = -1 if is_credit(document) else 1
    sums = totals(document)
    parts = parts_of(document, sign)
    allowances = sum(-part.amount for part in parts if part.amount < 0)
    charges = sum(part.amount for part in parts if part.amount > 0)
    lines = lines_of(document, around.units, sign)
    told = {line_key(line) for line in counting(document)} | {part.key for part in parts}
    paid = around.paid if framework(document, around.paid).endswith("2") else 0
    gross = sign * sums.gross
    found: Data = {
        "BT-1": number_of(document, around),
        "BT-2": document.text("date"),
        "BT-3": type_code(document),
        "BT-5": document.text("currency") or "EUR",
        "BT-8": _exigibility(document),
        "BT-13": plain(document.text("customer_reference")),
        "BT-23": framework(document, around.paid),
        "BT-24": PROFILE,
        "BT-72": _delivered(document),
        "BG-1": list(_notes(document, around, sums)),
        "BG-3": [{"BT-25": plain(one.number), "BT-26": one.date} for one in _references(document)],
        "BG-4": seller(document, around.issuer),
        "BG-7": buyer(document, around.buyer_address),
        "BG-13": place(document),
        "BG-20": [_part(part, -part.amount) for part in parts if part.amount < 0],
        "BG-21": [_part(part, part.amount) for part in parts if part.amount > 0],
        "BG-23": [
            {
                "BT-116": money(sign * row.base),
                "BT-117": money(sign * row.amount),
                "BT-118": row.category,
                **_rate("BT-119", row.category, row.rate),
                **_exempt(document, around, row.category),
            }
            for row in sums.vat
            if (row.category, row.rate) in told  # a base of nothing is none (BR-E-1)
        ],
        "BG-25": lines,
        "BT-106": money(sign * sums.net - charges + allowances),
        "BT-107": money(allowances) if allowances else None,
        "BT-108": money(charges) if charges else None,
        "BT-109": money(sign * sums.net),
        "BT-110": money(sign * sums.vat_total),
        "BT-112": money(gross),
        "BT-113": money(paid) if paid else None,
        "BT-115": money(gross - paid),
        **_payment(document, around, sums),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _rate(term: str, category: str, rate: int) -> Data:
    """A rate as EN 16931 has it: in percent; none outside the scope of VAT (BR-O-5)."""
    return {} if category == "O" else {term: decimal_text(rate, 10**4)}


def _part(part: Part, amount: int) -> Data:
    return {
        "amount": money(amount),
        "reason": plain(part.reason),
        "vat_category_code": part.key[0],
        **_rate("vat_rate", *part.key),
    }


def _exigibility(document: Document) -> str:
    """BT-8: when VAT falls due, where it is not as goods have it: with the invoice under the option
    for debits, else with the payment of services (CGI art. 269, 2)."""
    if document.number("vat_on_debits"):
        return "5"
    taxed = [line for line in counting(document) if line.vat_category == "S"]
    services = taxed and all(line.supply_nature == "service" for line in taxed)
    return "72" if services or (taxed and document.text("nature") == "deposit") else ""


def _delivered(document: Document) -> str:
    """BT-72; goods sent within the Union need one (BR-IC-11)."""
    known = document.text("delivery_date")
    sent = any(line.vat_category == "K" for line in counting(document))
    return known or (document.text("date") if sent else "")


def _references(document: Document) -> Iterable[Any]:
    """The earlier invoices it names, each once."""
    return {one.number: one for one in document.references if one.number}.values()


def _notes(document: Document, around: Around, sums: Totals) -> Iterable[Data]:
    """BG-1. The three of BR-FR-05 exactly once each, between professionals only: a consumer owes
    no 40 € (code de commerce L. 441-10 and D. 441-5)."""
    issuer = around.issuer

    def note(code: str, text: str) -> Data:
        return {"BT-21": code, "BT-22": plain(text)} if code else {"BT-22": plain(text)}

    if not document.number("party_is_consumer"):
        yield note("PMT", RECOVERY)
        yield note("PMD", f"Pénalités de retard : {issuer.late_rate or LATE_RATE}.")
        early = discount_words(terms_of(document)) or issuer.discount_terms or EARLY_PAYMENT
        yield note("AAB", f"{early.rstrip('.')}.")
    if document.number("vat_on_debits"):
        yield note("", VAT_ON_DEBITS)
    if issuer.vat_franchise:
        yield note("", f"{FRANCHISE.words}.")
    for words in deduction_words(document, sums):
        yield note("AAI", words)
    if subject := document.text("subject"):
        yield note("AAI", subject)


def deduction_words(document: Document, sums: Totals) -> list[str]:
    """What is kept from the amount to pay without being paid already: said, never put in BT-113."""
    said = []
    kinds = {
        "retention": "Retenue de garantie",
        "direct_payment": "Paiement direct du sous-traitant",
        "prorata": "Compte prorata",
    }
    for one in document.deductions:
        label = one.label or kinds.get(one.kind, one.kind)
        rate = f" {format_percent(one.percent)}" if one.percent else ""
        if one.bond:
            said.append(f"{label}{rate} : remplacée par une caution")
        elif one.amount:
            said.append(f"{label}{rate} : {format_cents(one.amount)} €")
    if said and sums.payable != sums.gross:
        said.append(f"Net à payer : {format_cents(sums.payable)} €")
    return said


def _payment(document: Document, around: Around, sums: Totals) -> Data:
    """BG-16, BT-9 and BT-20: how and when it is paid. A credit note asks for nothing."""
    if is_credit(document):
        return {"BT-20": "Avoir à rembourser ou à imputer"}
    issuer = around.issuer
    terms = [document.text("payment_terms_label") or "Paiement à réception de la facture"]
    found: Data = {
        "BT-9": document.text("due_date"),
        "BT-20": plain(" – ".join([*terms, *deduction_words(document, sums)])),
    }
    if framework(document, around.paid).endswith("2"):
        found["BT-9"] = document.text("due_date") or document.text("date")
    iban = issuer.iban.replace(" ", "")
    if around.method in ("10", "20"):  # cash, cheque
        found["BT-81"] = around.method
    elif iban:
        bic = issuer.bic.replace(" ", "")
        found |= {"BT-81": "58", "BT-84": iban, "BT-85": plain(issuer.name), "BT-86": bic}
    return found


def _exempt(document: Document, around: Around, category: str) -> Data:
    """BT-120 and BT-121 of an untaxed base. Z is taxed, at zero: it gives none (BR-Z-10)."""
    if category not in EXEMPTIONS:
        return {}
    usual = EXEMPTIONS[category]
    if category == "E" and around.issuer.vat_franchise:
        usual = FRANCHISE
    own = document.text("vat_category") == category
    words = (own and document.text("vat_mention")) or usual.words
    code = (own and around.regime_code) or usual.code
    return {"BT-120": plain(words), "BT-121": code}

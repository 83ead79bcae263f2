"""What keeps an invoice from becoming an e-invoice, said in French with the field to mend, before a
number is consumed: what the BR-FR and EN 16931 rules would refuse, and the errors of deposits that
they let through (legal.md §4.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import counting, totals
from codial_tui.domain.money import percent_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents, format_percent

from .einvoice import Around, has_deposits, is_credit, number_of
from .einvoice_parties import buyer_siren, digits, is_french_business

RATES = frozenset(
    {
        *(0, 200_000, 100_000, 130_000, 85_000, 196_000, 21_000, 55_000, 70_000, 206_000),
        *(10_500, 9_000, 17_500, 92_000, 96_000),
    }
)
"""Rates of BR-FR-16, 10⁻⁶."""
_NUMBER = re.compile(r"[A-Za-z0-9+\-_/]{1,35}")
_COMPANY = "F10 Paramètres, Société"
_RECORD = "fiche du client (F4), SIREN ; ou Particulier : oui"

Found = Iterator[Problem]
Check = Callable[[Document, Around], Found]


def problems(document: Document, around: Around) -> list[Problem]:
    """Every reason why the invoice cannot be an e-invoice; [] when nothing is wrong."""
    return list(chain.from_iterable(check(document, around) for check in CHECKS))


def _seller(document: Document, around: Around) -> Found:
    """BR-FR-10, BR-CO-26, BR-S-2."""
    issuer = around.issuer
    if len(digits(issuer.siren) or digits(issuer.siret)[:9]) != 9:
        yield Problem("einvoice.seller_siren", "", "SIREN de la société absent", _COMPANY)
    taxed = any(line.vat_category != "O" for line in counting(document))
    if taxed and not issuer.vat_number and not issuer.vat_franchise:
        yield Problem("einvoice.seller_vat", "", "N° de TVA de la société absent", _COMPANY)


def _buyer(document: Document, around: Around) -> Found:
    """BR-FR-11, -21 and -23 for French businesses; BR-IC-2, BR-AE-2 where they owe the VAT."""
    name = document.text("party_name")
    siren = buyer_siren(document)
    if is_french_business(document):
        if len(siren) != 9:
            yield Problem("einvoice.buyer_siren", "party_id", f"SIREN de {name} absent", _RECORD)
        elif around.buyer_address and not around.buyer_address.startswith(siren):
            said = f"Adresse de facture électronique de {name} : pas celle du SIREN {siren}"
            yield Problem("einvoice.buyer_address", "party_id", said, "fiche du client (F4)")
    own = {line.vat_category for line in counting(document)}
    numbered = bool(document.text("party_vat_number"))
    if "K" in own and not numbered:
        said = f"N° de TVA de {name} absent : livraison intracommunautaire"
        yield Problem("einvoice.buyer_vat", "party_id", said, "fiche du client (F4)")
    elif "AE" in own and not numbered and not siren:
        said = f"N° de TVA de {name} absent : autoliquidation"
        yield Problem("einvoice.buyer_vat", "party_id", said, "fiche du client (F4)")


def _number(document: Document, around: Around) -> Found:
    """BR-FR-01 and -02."""
    number = number_of(document, around)
    if not _NUMBER.fullmatch(number):
        said = f"Numéro {number} : lettres sans accent, chiffres et + - _ / seulement, 35 au plus"
        yield Problem("einvoice.number", "establishment_id", said, "F10 Paramètres, Numéros")


def _dates(document: Document, around: Around) -> Found:
    """BR-FR-03 and BR-FR-CO-07."""
    day, due = document.text("date"), document.text("due_date")
    for field, value in (("date", day), ("due_date", due)):
        if value and not "2000" <= value[:4] <= "2099":
            yield Problem("einvoice.date", field, f"Année {value[:4]} : de 2000 à 2099")
    early = due and due < day and not is_credit(document)
    if early and document.text("nature") != "deposit" and not around.paid:
        yield Problem("einvoice.due", "due_date", "Échéance avant la date de la facture")


def _vat(document: Document, around: Around) -> Found:
    """BR-FR-16, BR-O-11, BR-CO-17."""
    lines = list(enumerate(document.lines, 1))
    if is_french_business(document):
        for place, line in lines:
            if line.counts and line.vat_category == "S" and line.vat_rate not in RATES:
                rate = format_percent(line.vat_rate)
                said = f"TVA {rate} : pas un taux français, refusé en facture électronique"
                yield Problem("einvoice.rate", f"lines.{place}.vat_rate", said, "F7 V le change")
    own = {line.vat_category for line in counting(document)}
    if "O" in own and len(own) > 1:
        place = next(n for n, line in lines if line.counts and line.vat_category == "O")
        said = "Hors champ de la TVA et lignes taxées : deux factures"
        yield Problem("einvoice.scope", f"lines.{place}.vat_rate", said)
    if document.text("vat_rounding") == "line":
        for row in totals(document).vat:
            if row.amount != percent_of(row.base, row.rate):
                said = (
                    f"TVA arrondie ligne par ligne : {format_cents(row.amount)} € au lieu de "
                    f"{format_cents(percent_of(row.base, row.rate))} €, "
                    "refusé en facture électronique"
                )
                remedy = "F10 Paramètres, Société, arrondi par taux ; refaites la facture"
                yield Problem("einvoice.rounding", "", said, remedy)
                return


def _references(document: Document, around: Around) -> Found:
    """BR-FR-02 on BT-25, and BG-3 of deposits, which no official rule wants. That a credit note
    names what it corrects is a rule of `domain.credits`."""
    for one in document.references:
        if one.number and not _NUMBER.fullmatch(one.number):
            said = f"Facture {one.number} : lettres sans accent, chiffres et + - _ / seulement"
            yield Problem("einvoice.reference", "corrected", said, "corrigez le numéro")
    named = any(one.type == "deposit" and one.number for one in document.references)
    if has_deposits(document) and not named and not is_credit(document):
        said = "Un acompte est déduit sans nommer sa facture"
        yield Problem("einvoice.deposit", "lines", said, "supprimez la ligne : elle se refait")


def _deposits(document: Document, around: Around) -> Found:
    """A deposit deducted by a line is not paid once more (BT-113); twice by lines is too much."""
    if has_deposits(document) and around.paid:
        said = "Acompte déduit par une ligne et compté comme déjà payé"
        yield Problem("einvoice.deposit_twice", "lines", said, "gardez la ligne seule")
    seen = set()
    for place, line in enumerate(document.lines, 1):
        if not line.counts or line.nature != "deposit":
            continue
        key = (line.label, line.vat_category, line.vat_rate)
        if key in seen:
            said = f"« {line.label} » déduit deux fois"
            yield Problem("einvoice.deposit_twice", f"lines.{place}", said, "supprimez-en une")
        seen.add(key)


def _lines(document: Document, around: Around) -> Found:
    """BR-16."""
    if any(line.is_priced for line in document.lines) and not counting(document):
        said = "Aucune ligne ne compte : options et variantes ne se facturent pas"
        yield Problem("einvoice.lines", "lines", said, "choisissez-en une")


def _currency(document: Document, around: Around) -> Found:
    """BR-FR-CO-12: another currency would need the VAT in euros too."""
    if document.text("currency") not in ("", "EUR"):
        said = f"Facture en {document.text('currency')} : en euros seulement"
        yield Problem("einvoice.currency", "", said)


CHECKS: tuple[Check, ...] = (
    *(_seller, _buyer, _number, _dates, _lines, _vat, _currency, _references, _deposits),
)

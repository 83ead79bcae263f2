"""What the law wants said on a document: one pure rule a mention, its source in the docstring.

A rule looks at facts and answers the mention, a Problem when the company has not said what the
mention needs, or nothing. `DocType.mentions` names sets or single rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents

from .mention_facts import Answer, Rule
from .mention_facts import Facts as Facts
from .mention_facts import Mention as Mention

RATE_10 = 100_000
RATE_5_5 = 55_000
EARLY_PAYMENT = "Pas d'escompte pour paiement anticipé"
"""words of a company that says nothing of early payment"""
LATE_RATE = "taux de refinancement de la BCE majoré de 10 points"
"""the rate of late penalties when none is agreed (code de commerce L. 441-10, II)"""
RECOVERY = "Indemnité forfaitaire pour frais de recouvrement : 40 €."
VAT_ON_DEBITS = "Option pour le paiement de la taxe d'après les débits."
_NATURES = {
    frozenset({"goods"}): "livraison de biens",
    frozenset({"service"}): "prestation de services",
    frozenset({"goods", "service"}): "livraison de biens et prestation de services",
}
_CERTIFIES = (
    "Je soussigné(e) {who} certifie, en qualité de preneur de la prestation, que les travaux "
    "réalisés concernent des locaux à usage d'habitation achevés depuis plus de deux ans"
)
_NOT_NEW = (
    "qu'ils n'ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la "
    "production d'un immeuble neuf au sens du 2° du 2 du I de l'article 257 du CGI, ni d'entraîner "
    "une augmentation de la surface de plancher des locaux existants supérieure à 10 %"
)


def _signer(facts: Facts) -> str:
    dots = "…" * 14
    return facts.party_name if facts.is_consumer and facts.party_name else dots


def reduced_vat_10(facts: Facts) -> Answer:
    """The customer certifies on the quote that the dwelling is over two years old.

    CGI art. 279-0 bis, 3; LF 2025 art. 41 (the CERFA form is gone since 16/02/2025); wording
    BOI-LETTRE-000280, I, 22/10/2025. Only for works: 10 % on anything else asks for nothing.
    """
    if not facts.issuer.works or ("S", RATE_10) not in facts.vat_keys:
        return None
    text = f"{_CERTIFIES.format(who=_signer(facts))} et {_NOT_NEW}."
    return Mention("reduced_vat_10", text, "certification", "Travaux au taux de TVA de 10 %")


def reduced_vat_5_5(facts: Facts) -> Answer:
    """Same certification for energy renovation.

    CGI art. 278-0 bis A, IV; LF 2025 art. 41; wording BOI-LETTRE-000280, II, 22/10/2025.
    """
    if not facts.issuer.works or ("S", RATE_5_5) not in facts.vat_keys:
        return None
    text = (
        f"{_CERTIFIES.format(who=_signer(facts))}, {_NOT_NEW} et qu'ils ont la nature de travaux "
        "de rénovation énergétique."
    )
    return Mention("reduced_vat_5_5", text, "certification", "Travaux au taux de TVA de 5,5 %")


def validity(facts: Facts) -> Answer:
    """How long the offer holds. Arrêté du 24/01/2017 art. 4 (works at a consumer's home)."""
    if facts.validity:
        return None  # printed beside the date
    if not (facts.is_consumer and facts.issuer.works):
        return None
    return Problem(
        "mention.validity",
        "valid_until",
        "Durée de validité absente du devis",
        "Entête, Validité (obligatoire pour des travaux chez un particulier)",
        "warning",
    )


def quote_fee(facts: Facts) -> Answer:
    """Whether the quote itself is free, for works at a consumer's home; a fee is always said.
    Arrêté du 24/01/2017 art. 4."""
    if facts.quote_fee:
        return Mention("quote_fee", f"Devis payant : {format_cents(facts.quote_fee)} € TTC.")
    if not (facts.is_consumer and facts.issuer.works):
        return None
    return Mention("quote_fee", "Devis gratuit.")


def waste(facts: Facts) -> Answer:
    """Quantity, handling, collection points and cost of the waste of the works.

    Code de l'environnement art. L. 541-21-2-3 and D. 541-45-1 (quotes since 1/07/2021).
    """
    if not facts.issuer.works:
        return None
    parts = (
        ("quantité totale estimée", facts.waste.quantity),
        ("tri et enlèvement", facts.waste.handling),
        ("points de collecte", facts.waste.collection),
        ("coût estimé", facts.waste.cost),
    )
    missing = [label for label, value in parts if not value]
    words = " ; ".join(f"{label} : {value}" for label, value in parts if value)
    text = ". ".join(part.strip(" .") for part in (facts.issuer.waste_mention, words) if part)
    if missing and not facts.issuer.waste_mention:
        return Problem(
            "mention.waste",
            "waste_mention",
            f"Déchets du chantier : {', '.join(missing)} à dire sur le devis",
            "F10 Paramètres, Société (art. D. 541-45-1 du code de l'environnement)",
            "warning",
        )
    return Mention("waste", f"{text[0].upper()}{text[1:]}.", title="Déchets du chantier")


def decennial(facts: Facts) -> Answer:
    """Insurer, its contact and the territory covered, on quotes and invoices of building works.

    Loi 96-603 art. 22-2 (loi Pinel du 18/06/2014 art. 22); code des assurances L. 241-1, L. 243-2.
    """
    if not facts.issuer.works:
        return None
    insurance = facts.issuer.insurance
    if not (insurance.insurer and insurance.territory):
        return Problem(
            "mention.decennial",
            "insurer",
            "Assurance décennale incomplète : assureur, ses coordonnées, étendue géographique",
            "F10 Paramètres, Société",
            "warning",
        )
    policy = f", contrat n° {insurance.policy}" if insurance.policy else ""
    text = f"{insurance.insurer}{policy}. Couverture : {insurance.territory}."
    return Mention("decennial", text, title="Assurance décennale")


def vat_regime(facts: Facts) -> Answer:
    """The words of the document's VAT regime, as they were when it was made.
    CGI ann. II art. 242 nonies A, I, 12° and 13°."""
    if not facts.vat_mention:
        return None
    return Mention("vat_regime", f"{facts.vat_mention.rstrip('.')}.")


def franchise(facts: Facts) -> Answer:
    """Small companies that charge no VAT. CGI art. 293 B and 293 E."""
    if not facts.issuer.vat_franchise or facts.is_stated("E"):
        return None
    return Mention("franchise", "TVA non applicable, art. 293 B du CGI.")


def reverse_charge(facts: Facts) -> Answer:
    """The customer pays the VAT: sub-contracted building works (CGI art. 283, 2 nonies), else
    services to a business of another state (art. 283, 2). CGI ann. II art. 242 nonies A, I, 13°."""
    if not facts.has_category("AE") or facts.is_stated("AE"):
        return None
    article = "283-2 nonies" if facts.party_country in ("", "FR") else "283-2"
    return Mention(
        "reverse_charge", f"Autoliquidation – TVA due par le preneur, art. {article} du CGI."
    )


def export(facts: Facts) -> Answer:
    """Goods that leave the European Union. CGI art. 262, I."""
    if not facts.has_category("G") or facts.is_stated("G"):
        return None
    return Mention("export", "Exonération de TVA, art. 262 I du CGI (exportation).")


def intra_eu(facts: Facts) -> Answer:
    """Goods delivered to a business of another member state. CGI art. 262 ter, I."""
    if not facts.has_category("K") or facts.is_stated("K"):
        return None
    return Mention(
        "intra_eu", "Exonération de TVA, art. 262 ter I du CGI (livraison intracommunautaire)."
    )


def exempt(facts: Facts) -> Answer:
    """Exempt lines under a regime that does not say why: the article is for the company to give.
    CGI ann. II art. 242 nonies A."""
    if facts.issuer.vat_franchise or not facts.has_category("E") or facts.is_stated("E"):
        return None
    return Problem(
        "mention.exemption",
        "vat_regime",
        "Motif d'exonération de TVA absent",
        "Régime TVA de l'entête (par exemple « art. 261-4-4° du CGI »)",
        "warning",
    )


def out_of_scope(facts: Facts) -> Answer:
    """Outside the territory or the scope of VAT. CGI art. 256, 259."""
    if facts.issuer.vat_franchise or not facts.has_category("O") or facts.is_stated("O"):
        return None
    return Mention("out_of_scope", "Hors champ d'application de la TVA française.")


def vat_on_debits(facts: Facts) -> Answer:
    """The option to owe the VAT with the invoice. CGI ann. II art. 242 nonies A, I, 11° bis
    (décret 2022-1299)."""
    if not facts.vat_on_debits:
        return None
    return Mention("vat_on_debits", VAT_ON_DEBITS)


def nature(facts: Facts) -> Answer:
    """Goods, services or both. CGI ann. II art. 242 nonies A, I, 8° bis (décret 2022-1299)."""
    words = _NATURES.get(facts.supply_natures)
    return Mention("nature", f"Nature de l'opération : {words}.") if words else None


def withdrawal(facts: Facts) -> Answer:
    """Fourteen days to step back, nothing paid for seven. Code de la consommation L. 221-18,
    L. 221-10 and L. 221-28 (off-premises contracts with a consumer)."""
    if not (facts.is_consumer and facts.off_premises):
        return None
    text = (
        "Contrat conclu hors établissement : le client dispose de quatorze jours pour se rétracter "
        "sans motif (art. L. 221-18 du code de la consommation) ; aucun paiement ne peut être reçu "
        "avant sept jours (art. L. 221-10), sauf travaux urgents demandés par le client."
    )
    return Mention("withdrawal", text, title="Droit de rétractation")


def mediator(facts: Facts) -> Answer:
    """The mediator a consumer may turn to. Code de la consommation L. 616-1 and R. 616-1."""
    if not facts.is_consumer or not facts.issuer.mediator:
        return None
    return Mention("mediator", f"{facts.issuer.mediator}.", title="Médiateur de la consommation")


def company_words(facts: Facts) -> Answer:
    """What the company wants on every quote; no source but itself."""
    if not facts.issuer.quote_mention:
        return None
    return Mention("company_words", facts.issuer.quote_mention)


def early_payment(facts: Facts) -> Answer:
    """Discount for early payment, or none. Code de commerce L. 441-9, I."""
    if facts.is_consumer:
        return None
    text = facts.issuer.discount_terms or EARLY_PAYMENT
    return Mention("early_payment", f"{text.rstrip('.')}.", "terms")


def late_payment(facts: Facts) -> Answer:
    """Penalty rate and the flat 40 €, between professionals only: consumers never owe the 40 €.

    Code de commerce L. 441-10, II and D. 441-5; the default rate is that of L. 441-10.
    """
    if facts.is_consumer:
        return None
    text = f"Pénalités de retard : {facts.issuer.late_rate or LATE_RATE}. {RECOVERY}"
    return Mention("late_payment", text, "terms")


_VAT = (vat_regime, franchise, reverse_charge, export, intra_eu, exempt, out_of_scope)
_QUOTE = (
    *_VAT,
    early_payment,
    late_payment,
    validity,
    quote_fee,
    decennial,
    waste,
    withdrawal,
    mediator,
    company_words,
    reduced_vat_10,
    reduced_vat_5_5,
)
_INVOICE = (*_VAT, vat_on_debits, nature, early_payment, late_payment, decennial)
RULES: dict[str, Rule] = {rule.__name__: rule for rule in (*_QUOTE, *_INVOICE)}
SETS: dict[str, tuple[str, ...]] = {
    "vat": tuple(rule.__name__ for rule in _VAT),
    "quote": tuple(rule.__name__ for rule in _QUOTE),
    "order": tuple(rule.__name__ for rule in (*_VAT, early_payment, late_payment, decennial)),
    "delivery_note": (),
    "invoice": tuple(rule.__name__ for rule in _INVOICE),
    "purchase_order": (),
    "subcontract_order": ("vat_regime", "reverse_charge"),
}


def rule_names(names: Iterable[str]) -> Iterator[str]:
    """Names of rules, sets opened up, each once. Raises KeyError for a name that is neither."""
    seen: set[str] = set()
    for name in names:
        for one in SETS.get(name, (name,)):
            if one not in RULES:
                raise KeyError(one)
            if one not in seen:
                seen.add(one)
                yield one


def mentions_of(names: Iterable[str], facts: Facts) -> tuple[Mention, ...]:
    """The mentions of a document, in the order in which they print."""
    answers = (RULES[name](facts) for name in rule_names(names))
    return tuple(answer for answer in answers if isinstance(answer, Mention))


def mention_problems(names: Iterable[str], facts: Facts) -> list[Problem]:
    """What the company has not said and the law wants printed; warnings, never a refusal."""
    answers = (RULES[name](facts) for name in rule_names(names))
    return [answer for answer in answers if isinstance(answer, Problem)]

"""Which mentions a document needs, and their exact words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from paper_sample import ISSUER, WASTE

from codial_tui.domain.paper.issuer import Insurance, Issuer
from codial_tui.domain.paper.mentions import RATE_5_5, RATE_10, Facts, mention_problems, mentions_of

WORKS = Facts(ISSUER, vat_keys=frozenset({("S", RATE_10)}), waste=WASTE, validity="2026-12-09")


def names(facts: Facts) -> list[str]:
    return [one.name for one in mentions_of(("quote",), facts)]


def test_consumer_works_at_home() -> None:
    facts = replace(WORKS, is_consumer=True, party_name="Mme Martin")
    assert names(facts) == ["quote_fee", "decennial", "waste", "reduced_vat_10"]
    texts = {one.name: one.text for one in mentions_of(("quote",), facts)}
    assert texts["quote_fee"] == "Devis gratuit."
    assert texts["reduced_vat_10"] == (
        "Je soussigné(e) Mme Martin certifie, en qualité de preneur de la prestation, que les "
        "travaux réalisés concernent des locaux à usage d'habitation achevés depuis plus de deux "
        "ans et qu'ils n'ont pas eu pour effet, sur une période de deux ans au plus, de concourir "
        "à la production d'un immeuble neuf au sens du 2° du 2 du I de l'article 257 du CGI, ni "
        "d'entraîner une augmentation de la surface de plancher des locaux existants supérieure "
        "à 10 %."
    )
    assert "40 €" not in " ".join(texts.values())


def test_energy_renovation_is_certified_apart() -> None:
    facts = replace(WORKS, vat_keys=frozenset({("S", RATE_10), ("S", RATE_5_5)}))
    mentions = [one for one in mentions_of(("quote",), facts) if one.place == "certification"]
    assert [one.title for one in mentions] == [
        "Travaux au taux de TVA de 10 %",
        "Travaux au taux de TVA de 5,5 %",
    ]
    assert mentions[1].text.endswith(
        "supérieure à 10 % et qu'ils ont la nature de travaux de rénovation énergétique."
    )


def test_professionals_get_late_payment_terms_and_consumers_never_the_40() -> None:
    assert "late_payment" in names(WORKS)
    assert "early_payment" in names(WORKS)
    assert not {"late_payment", "early_payment"} & set(names(replace(WORKS, is_consumer=True)))


def test_goods_at_a_reduced_rate_ask_for_no_certification() -> None:
    assert names(replace(WORKS, issuer=Issuer("Librairie"))) == ["early_payment", "late_payment"]


def test_quote_fee_is_said() -> None:
    facts = replace(WORKS, quote_fee=5_000, issuer=Issuer("X"))
    assert mentions_of(("quote_fee",), facts)[0].text == "Devis payant : 50,00 € TTC."


@pytest.mark.parametrize(
    ("category", "country", "wanted"),
    [
        ("AE", "FR", "Autoliquidation – TVA due par le preneur, art. 283-2 nonies du CGI."),
        ("AE", "BE", "Autoliquidation – TVA due par le preneur, art. 283-2 du CGI."),
        ("G", "CH", "Exonération de TVA, art. 262 I du CGI (exportation)."),
        ("K", "DE", "Exonération de TVA, art. 262 ter I du CGI (livraison intracommunautaire)."),
        ("O", "FR", "Hors champ d'application de la TVA française."),
    ],
)
def test_vat_mentions(category: str, country: str, wanted: str) -> None:
    facts = Facts(
        Issuer("X"),
        party_country=country,
        vat_keys=frozenset({(category, 0)}),
    )
    assert [one.text for one in mentions_of(("vat",), facts)] == [wanted]


@pytest.mark.parametrize("category", ["AE", "G", "K", "O", "E"])
def test_the_words_of_the_regime_stand_alone(category: str) -> None:
    facts = Facts(
        Issuer("X", vat_franchise=category == "E"),
        vat_keys=frozenset({(category, 0)}),
        vat_category=category,
        vat_mention="Mots du régime",
    )
    assert [one.text for one in mentions_of(("vat",), facts)] == ["Mots du régime."]
    assert mention_problems(("vat",), facts) == []


def test_exempt_lines_without_a_reason_are_a_warning() -> None:
    facts = Facts(Issuer("X"), vat_keys=frozenset({("E", 0)}))
    assert mentions_of(("vat",), facts) == ()
    assert [one.code for one in mention_problems(("vat",), facts)] == ["mention.exemption"]


def test_the_company_may_say_waste_and_more_in_its_own_words() -> None:
    own = replace(ISSUER, waste_mention="Bennes triées.", quote_mention="Prix fermes.")
    texts = {one.name: one.text for one in mentions_of(("quote",), Facts(own))}
    assert texts["waste"] == "Bennes triées."
    assert texts["company_words"] == "Prix fermes."
    assert mention_problems(("waste",), Facts(own)) == []


def test_franchise_alone_explains_exempt_lines() -> None:
    facts = Facts(Issuer("X", vat_franchise=True), vat_keys=frozenset({("E", 0)}))
    assert [one.text for one in mentions_of(("vat",), facts)] == [
        "TVA non applicable, art. 293 B du CGI."
    ]
    assert mention_problems(("vat",), facts) == []


def test_withdrawal_off_premises_for_consumers_only() -> None:
    assert "withdrawal" not in names(replace(WORKS, off_premises=True))
    consumer = replace(WORKS, off_premises=True, is_consumer=True)
    assert (
        "quatorze jours"
        in {one.name: one.text for one in mentions_of(("quote",), consumer)}["withdrawal"]
    )


def test_what_is_missing_is_a_warning_with_its_remedy() -> None:
    bare = replace(ISSUER, insurance=Insurance("Assureur"))
    facts = Facts(bare, is_consumer=True)
    problems = mention_problems(("quote",), facts)
    assert [one.code for one in problems] == [
        "mention.validity",
        "mention.decennial",
        "mention.waste",
    ]
    assert all(one.level == "warning" and one.remedy for one in problems)


def test_unknown_mention_is_an_error_of_the_declaration() -> None:
    with pytest.raises(KeyError, match="colour"):
        mentions_of(("colour",), Facts(Issuer("X")))


def test_the_four_mentions_of_invoices() -> None:
    """Décret 2022-1299: nature of the operation and the option for debits (SIREN and place of
    delivery are no mentions but facts of the paper)."""
    facts = replace(WORKS, supply_natures=frozenset({"goods", "service"}), vat_on_debits=True)
    texts = {one.name: one.text for one in mentions_of(("invoice",), facts)}
    assert texts["vat_on_debits"] == "Option pour le paiement de la taxe d'après les débits."
    assert (
        texts["nature"] == "Nature de l'opération : livraison de biens et prestation de services."
    )
    goods = replace(facts, supply_natures=frozenset({"goods"}), vat_on_debits=False)
    texts = {one.name: one.text for one in mentions_of(("invoice",), goods)}
    assert texts["nature"] == "Nature de l'opération : livraison de biens."
    assert "vat_on_debits" not in texts
    assert "nature" not in names(facts) and "vat_on_debits" not in names(facts)

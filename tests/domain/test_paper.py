"""What stands on paper, before any drawing: cells, blocks, mentions, identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from paper_sample import ISSUER, WASTE, Lines, full_quote, paper, quote

from codial_tui.domain.compose import PaperSettings, layout_problems, paper_of
from codial_tui.domain.document import Adjustment, Document, LineType
from codial_tui.domain.issuer import Insurance, Issuer, grouped_siret, identity, issuer_of
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.mentions import (
    RATE_5_5,
    RATE_10,
    Facts,
    mention_problems,
    mentions_of,
)
from codial_tui.domain.paper import (
    Paper,
    PaperColumn,
    Row,
    RowStyle,
    Sums,
    Text,
    long_date,
    paper_date,
)
from codial_tui.domain.print_layout import (
    AMOUNT,
    LABEL,
    Layout,
    alternatives,
    layout,
    layout_names,
    register_layout,
    unregister_layout,
)
from codial_tui.domain.richtext import plain


def cells(row: Row) -> tuple[str, ...]:
    return tuple(text for text in row.cells if text)


def row_of(printed: Paper, word: str) -> Row:
    return next(
        row for table in printed.tables() for row in table.rows if word in " ".join(row.cells)
    )


def sums_of(printed: Paper) -> Sums:
    return next(block for block in printed.blocks if isinstance(block, Sums))


def words_of(printed: Paper) -> str:
    return "\n".join(
        line
        for block in printed.blocks
        if isinstance(block, Text)
        for line in plain(block.paragraphs)
    )


def test_head() -> None:
    printed = paper(full_quote())
    assert printed.title == "DEVIS DE26-00042"
    assert printed.facts == (
        "LYON, le 9 novembre 2026",
        "Valable jusqu'au 9/12/2026",
        "Votre contact : Jean Durand",
    )
    assert printed.party == (
        "MARTIN SARL",
        "À l'attention de Mme Martin",
        "14 rue des Lilas",
        "69003 LYON",
    )
    assert printed.place == (
        "Adresse du chantier",
        "Résidence Duval, 3 allée des Pins",
        "69100 VILLEURBANNE",
    )
    assert printed.issuer[0] == "DÉMO SARL"
    assert printed.problems == ()


def test_same_address_is_not_said_twice_and_proforma_says_so() -> None:
    printed = paper(
        quote(
            proforma=1,
            delivery_street="14 rue des Lilas",
            delivery_postcode="69003",
            delivery_city="LYON",
            billing_country="FR",
        )
    )
    assert printed.place == ()
    assert printed.title == "PROFORMA DE26-00042"


def test_foreign_country_is_in_the_address() -> None:
    assert paper(quote(billing_country="BE")).party[-1] == "BE"


def test_dates() -> None:
    assert long_date(date(2026, 5, 1)) == "1er mai 2026"
    assert paper_date(date(2026, 12, 9)) == "9/12/2026"
    assert paper(quote(date="n'importe", valid_until=None)).facts == (
        "Votre contact : Jean Durand",
    )


def test_rows_in_place_and_apart() -> None:
    apart = paper(full_quote())
    assert [table.title for table in apart.tables()] == [
        "",
        "Options et variantes – non comprises dans le total",
    ]
    assert row_of(apart, "Option :").cells[-1] == "28,90"
    in_place = paper(full_quote(), options_apart=False)
    assert len(in_place.tables()) == 1
    row = row_of(in_place, "Option :")
    assert row.cells[-1] == "(28,90)"
    assert row.carried == 0
    assert sums_of(in_place).notes[-1].startswith("Montants entre parenthèses")
    assert row_of(in_place, "PLOMBERIE").cells[-1] == "1 483,06"


def test_option_alone_names_its_section() -> None:
    document = quote()
    make = Lines()
    make.item("Base", 1, 100)
    make.item("Plus", 1, 100, tag="option")
    document.lines = make.lines
    assert paper(document).tables()[1].title == "Options – non comprises dans le total"


def test_components_show_quantities_only() -> None:
    assert all(
        row.style is not RowStyle.COMPONENT
        for table in paper(full_quote()).tables()
        for row in table.rows
    )
    printed = paper(full_quote(), components=True)
    assert cells(row_of(printed, "Faïence 20×20")) == ("Faïence 20×20", "18,00", "m²")
    assert sum(row.carried for row in printed.tables()[0].rows) == 528_110


def test_columns_fold_when_they_say_nothing() -> None:
    document = quote()
    make = Lines()
    make.item("Un", 1, 100)
    make.item("Deux", 1, 100)
    document.lines = make.lines
    names = [column.name for column in paper(document, "quote").tables()[0].columns]
    assert names == ["label", "quantity", "unit", "unit_price", "amount"]
    make.lines[0].discounts = (50_000, 100_000)
    make.lines[1].vat_rate = 55_000
    printed = paper(document, "quote")
    names = [column.name for column in printed.tables()[0].columns]
    assert names[-3:] == ["discounts", "vat_rate", "amount"]
    assert row_of(printed, "Un").cells[-3:-1] == ("5%+10%", "20%")
    assert row_of(printed, "Deux").cells[-2] == "5,5%"


def test_ttc_mode_says_so() -> None:
    document = quote(price_mode="gross")
    make = Lines()
    make.item("Lampe", 1, 11_990)
    document.lines = make.lines
    printed = paper(document)
    assert printed.tables()[0].columns[-1].label == "Montant TTC"
    assert [(row.label, row.amount) for row in sums_of(printed).rows] == [
        ("Total HT", "99,92"),
        ("TVA 20 %", "19,98"),
        ("Total TTC", "119,90 €"),
    ]


def test_a_hidden_charge_is_in_the_prices_and_nowhere_else() -> None:
    document = quote()
    make = Lines()
    make.item("Un", 2, 10_000)
    make.item("Deux", 1, 20_000)
    document.lines = make.lines
    document.adjustments = [Adjustment("a", "charge", "Frais secrets", amount=4_000, hidden=1)]
    printed = paper(document)
    assert row_of(printed, "Un").cells[-2:] == ("110,00", "220,00")
    assert row_of(printed, "Deux").cells[-1] == "220,00"
    assert sums_of(printed).rows[0].amount == "440,00"
    assert "secret" not in repr(printed)


def test_footer_elements_print_with_their_amounts() -> None:
    document = full_quote()
    document.adjustments.append(Adjustment("a2", "shipping", amount=4_500))
    rows = [(row.label, row.amount) for row in sums_of(paper(document)).rows]
    assert rows[:4] == [
        ("Total des lignes HT", "5 281,10"),
        ("Remise fidélité 2 %", "-105,42"),
        ("Port", "45,00"),
        ("Total HT", "5 220,68"),
    ]


def test_price_per_is_shown() -> None:
    document = quote()
    make = Lines()
    make.item("Vis", 200, 1_250, price_per=1_000_000)
    document.lines = make.lines
    assert row_of(paper(document), "Vis").cells[-2:] == ("12,50 /100", "25,00")


def test_an_empty_document_prints() -> None:
    printed = paper_of(Document(1, "u", "quote"), doc_type("quote"), layout("quote"), Issuer("X"))
    assert printed.title == "DEVIS"
    assert printed.tables()[0].rows == ()
    assert sums_of(printed).rows[-1].amount == "0,00 €"


def test_identity_at_the_foot() -> None:
    assert identity(ISSUER) == (
        "DÉMO SARL au capital de 10 000 € – 8 quai Perrache – 69002 LYON",
        "SIRET 123 456 782 00010 – RCS Lyon 123 456 782 – APE 4322A – TVA FR32123456782",
    )
    assert identity(Issuer("Jean Durand", "EI")) == ("Jean Durand EI",)
    assert grouped_siret("123456782") == "123 456 782"
    assert grouped_siret("12A") == "12A"


# ---- a kind invented by a test: a declaration and a layout, nothing else


def test_an_invented_kind_prints() -> None:
    name = "slip"
    register_layout(Layout(name, "bordereau", (LABEL, AMOUNT), ("lines",), carries=False))
    try:
        kind = replace(doc_type("quote"), kind="slip", title="Bordereau", mentions=(), layout=name)
        document = replace(full_quote(), kind="slip")
        printed = paper_of(document, kind, layout(kind.layout), ISSUER)
        assert printed.title == "BORDEREAU DE26-00042"
        assert len(printed.blocks) == 1
        assert cells(printed.tables()[0].rows[0]) == ("1  PLOMBERIE", "1 483,06")
        with pytest.raises(ValueError, match="already"):
            register_layout(Layout(name, "encore", (LABEL,)))
    finally:
        unregister_layout(name)
    assert name not in layout_names()


def test_a_layout_that_names_nothing_real_is_refused() -> None:
    with pytest.raises(ValueError, match="without a width"):
        register_layout(Layout("bad", "x", (AMOUNT,)))
    bad = Layout("bad", "x", (LABEL, PaperColumn("colour", "Couleur", 10)), folds=())
    with pytest.raises(KeyError, match="colour"):
        paper_of(quote(), doc_type("quote"), bad, ISSUER)
    with pytest.raises(KeyError, match="nothing"):
        paper_of(quote(), doc_type("quote"), Layout("bad", "x", (LABEL,), ("nothing",)), ISSUER)


def test_every_registered_layout_resolves() -> None:
    assert layout_names() >= {"quote", "quote_works"}
    assert [one for name in layout_names() for one in layout_problems(layout(name))] == []
    bad = Layout("bad", "x", (LABEL, PaperColumn("colour", "C", 9)), ("lines", "nothing"))
    assert layout_problems(bad) == ["bad: no block nothing", "bad: no cell colour"]


def test_layouts_of_a_family() -> None:
    assert [one.label for one in alternatives("quote_works")] == ["bâtiment", "négoce"]


# ---- mentions


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


def test_issuer_of_a_row() -> None:
    row = {
        "name": "DÉMO",
        "legal_form": "SARL",
        "capital": 1_000_000,
        "street": "8 quai Perrache",
        "street2": "Bât. B",
        "postcode": "69002",
        "city": "LYON",
        "siren": "123456782",
        "register_city": "Lyon",
        "edition": "building",
        "vat_regime": "franchise",
        "insurer": "A",
        "insurance_area": "France",
        "legal_mention": "Membre d'un centre de gestion agréé",
        "logo": None,
    }
    issuer = issuer_of(row)
    assert issuer.works
    assert issuer.vat_franchise
    assert issuer.insurance == Insurance("A", "", "France")
    assert identity(issuer) == (
        "DÉMO SARL au capital de 10 000 € – 8 quai Perrache, Bât. B – 69002 LYON",
        "SIRET 123 456 782 – RCS Lyon 123 456 782",
        "Membre d'un centre de gestion agréé",
    )
    assert issuer_of({}) == Issuer("")


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


def test_mentions_reach_the_paper() -> None:
    words = words_of(paper(full_quote()))
    assert "Pénalités de retard" in words
    assert "Déchets du chantier : Quantité totale estimée : 0,8 m³" in words
    assert "Assurances du Rhône" in words
    consumer = words_of(paper(full_quote(), is_consumer=True))
    assert "40 €" not in consumer
    assert "Devis gratuit." in consumer


def test_line_types_have_their_style() -> None:
    document = quote()
    make = Lines()
    for one in (LineType.CHAPTER, LineType.TITLE, LineType.SUBTITLE, LineType.COMMENT):
        make.add(one, one.value)
    document.lines = make.lines
    assert [row.style for row in paper(document).tables()[0].rows] == [
        RowStyle.CHAPTER,
        RowStyle.TITLE,
        RowStyle.SUBTITLE,
        RowStyle.COMMENT,
    ]
    assert PaperSettings().options_apart

"""What stands on paper, before any drawing: cells, blocks, mentions, identity."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date

import pytest
from paper_sample import ISSUER, Lines, full_quote, paper, quote

from codial_tui.domain.document import Adjustment, Document, LineType
from codial_tui.domain.kinds import doc_type, register, unregister
from codial_tui.domain.paper.compose import PaperSettings, layout_problems, paper_of
from codial_tui.domain.paper.issuer import Insurance, Issuer, grouped_siret, identity, issuer_of
from codial_tui.domain.paper.paper import (
    Paper,
    PaperColumn,
    Row,
    RowStyle,
    Sums,
    Text,
    long_date,
    paper_date,
)
from codial_tui.domain.paper.print_layout import (
    AMOUNT,
    LABEL,
    Layout,
    alternatives,
    layout,
    layout_names,
    register_layout,
    unregister_layout,
)
from codial_tui.domain.paper.richtext import plain


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
    kind = doc_type("quote")._replace(
        kind="slip", key="?", code="??", title="Bordereau", mentions=(), layout=name
    )
    register(kind)
    try:
        document = replace(full_quote(), kind="slip")
        printed = paper_of(document, kind, layout(kind.layout), ISSUER)
        assert printed.title == "BORDEREAU DE26-00042"
        assert len(printed.blocks) == 1
        assert cells(printed.tables()[0].rows[0]) == ("1  PLOMBERIE", "1 483,06")
        with pytest.raises(ValueError, match="already"):
            register_layout(Layout(name, "encore", (LABEL,)))
    finally:
        unregister_layout(name)
        unregister("slip")
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
        "SIREN 123 456 782 – RCS Lyon 123 456 782",
        "Membre d'un centre de gestion agréé",
    )
    assert issuer_of({}) == Issuer("")


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


def test_a_supplier_reads_what_concerns_a_supplier() -> None:
    kind = doc_type("purchase_order")
    document = replace(quote(), kind="purchase_order")
    document.header |= {"expected_date": "2026-12-01", "supplier_reference": "AR-77"}
    printed = paper_of(document, kind, layout(kind.layout), ISSUER)
    said = json.dumps(asdict(printed), ensure_ascii=False, default=str)
    assert printed.title.startswith("BON DE COMMANDE")
    assert "Attendu le 1/12/2026" in said and "Votre référence : AR-77" in said
    assert ISSUER.iban and ISSUER.iban not in said and "signature" not in said

"""Which price applies, and what margin it leaves."""

from __future__ import annotations

import pytest

from codial_tui.domain.lines.costing import (
    Part,
    coefficient,
    direct_cost,
    price_from_coefficient,
    price_from_marge,
    price_from_marque,
    taux_de_marge,
    taux_de_marque,
    works_price,
)
from codial_tui.domain.lines.prices import (
    CustomerDiscount,
    ItemPrices,
    ListPrice,
    PriceFound,
    price_for,
    tariff_party,
)
from codial_tui.domain.problems import Invalid

ITEM = ItemPrices(1, selling_price=100_000, purchase_price=60_000, family_id=7)


def test_the_tariff_party_gives_the_prices() -> None:
    assert tariff_party({"party_id": 1, "tariff_party_id": 9}) == 9
    assert tariff_party({"party_id": 1, "tariff_party_id": None}) == 1
    assert tariff_party({}) is None


def test_selling_price_price_list_and_net_price_in_turn() -> None:
    listed = [ListPrice(1, 95_000), ListPrice(2, 1)]
    granted = [CustomerDiscount(item_id=1, net_price=88_000, discounts=(100_000,))]
    assert price_for(ITEM, 10_000) == PriceFound(100_000, 10_000, (), "item")
    assert price_for(ITEM, 10_000, listed) == PriceFound(95_000, 10_000, (), "price_list")
    assert price_for(ITEM, 10_000, listed, granted) == PriceFound(88_000, 10_000, (), "customer")


@pytest.mark.parametrize(
    ("quantity", "price"),
    [
        (10_000, 100_000),
        (99_999, 100_000),
        (100_000, 90_000),
        (1_000_000, 80_000),
        (-100_000, 90_000),
    ],
)
def test_quantity_steps(quantity: int, price: int) -> None:
    steps = [ListPrice(1, 90_000, from_quantity=100_000), ListPrice(1, 80_000, from_quantity=10**6)]
    assert price_for(ITEM, quantity, steps).unit_price == price


def test_the_most_particular_discount_counts_alone() -> None:
    general = CustomerDiscount(discounts=(20_000,))
    family = CustomerDiscount(family_id=7, discounts=(100_000,))
    other = CustomerDiscount(family_id=8, discounts=(900_000,))
    item = CustomerDiscount(item_id=1, discounts=(50_000, 50_000))
    many = CustomerDiscount(family_id=7, from_quantity=100_000, discounts=(150_000,))
    grants = [many, other, family, general]
    assert price_for(ITEM, 10_000, (), grants).discounts == (100_000,)
    assert price_for(ITEM, 100_000, (), grants).discounts == (150_000,)
    assert price_for(ITEM, 100_000, (), [*grants, item]).discounts == (50_000, 50_000)
    assert price_for(ITEM, 10_000, (), [general, other]).discounts == (20_000,)


def test_purchase_price_by_family_coefficient_when_nothing_else() -> None:
    bought = ItemPrices(1, purchase_price=60_000, family_coefficient=1_650_000, price_per=10**6)
    assert price_for(bought, 10_000) == PriceFound(99_000, 10**6, (), "coefficient")
    assert price_for(ItemPrices(1, purchase_price=60_000), 10_000).source == "none"


def test_prices_in_a_ttc_document_and_in_few_decimals() -> None:
    odd = ItemPrices(1, selling_price=83_333)
    assert price_for(odd, 10_000, vat_rate=200_000).unit_price == 100_000
    assert price_for(odd, 10_000, decimals=2).unit_price == 83_300
    assert price_for(odd, 10_000, decimals=4).unit_price == 83_333
    bought = ItemPrices(1, purchase_price=10_000, family_coefficient=1_333_000)
    # 1 × 1,333 × 1,20 = 1,5996, rounded once
    assert price_for(bought, 10_000, vat_rate=200_000).unit_price == 16_000


def test_margin_by_its_three_names() -> None:
    """Bought 70, sold 100 (practice.md §3.1)."""
    assert taux_de_marque(100_00, 70_00) == 300_000
    assert taux_de_marge(100_00, 70_00) == 428_571
    assert coefficient(100_00, 70_00) == 1_428_571
    assert taux_de_marque(0, 70_00) is None
    assert taux_de_marge(100_00, 0) is None
    assert coefficient(100_00, 0) is None


def test_prices_from_margins() -> None:
    assert price_from_coefficient(700_000, 1_428_571) == 1_000_000
    assert price_from_marque(700_000, 300_000) == 1_000_000
    assert price_from_marge(700_000, 428_571) == 1_000_000
    assert price_from_marque(700_000, 300_000, 2, 200_000) == 1_200_000
    with pytest.raises(Invalid):
        price_from_marque(700_000, 1_000_000)


def test_works_price_with_coefficients() -> None:
    """practice.md §2.3: 1 121,43 sold, 700,80 paid; global coefficient 1,6002."""
    supplies = Part(100_000, 480_000, (1_350_000, 1_120_000))
    labour = Part(60_000, 320_000, (1_600_000, 1_120_000), quantity_factor=1_150_000)
    assert works_price([supplies, labour]) == 1_121_43
    assert direct_cost([supplies, labour]) == 700_80
    assert coefficient(1_121_43, 700_80) == 1_600_214
    assert taux_de_marque(1_121_43, 700_80) == 375_084


def test_cascading_coefficients_are_not_percentages_of_the_price() -> None:
    """practice.md §3.2: 13 041,00 and not 13 500,00."""
    part = Part(10_000, 100_000_000, (1_080_000, 1_150_000, 1_050_000))
    assert works_price([part]) == 13_041_00

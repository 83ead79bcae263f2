"""What one line amounts to, and what it costs (domain.md §5).

Units: cents for amounts, 10⁻⁴ for prices and quantities, 10⁻⁶ for ratios. Everything is exact
until the single rounding of each printed figure.
"""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.domain.document import OUT_OF_TOTAL, Line
from codial_tui.domain.money import CENT, SCALE4, SCALE6, div_round, in_bounds
from codial_tui.domain.problems import Problem, invalid

CATEGORIES = ("S", "AE", "E", "Z", "G", "K", "O")
"""VAT categories of EN 16931 (UNTDID 5305); only S, the standard one, bears a rate."""

Key = tuple[str, int]
"""One VAT base: category, rate (10⁻⁶; 0 for every category but S)."""


def vat_key(category: str, rate: int) -> Key:
    """The base a category and a rate belong to: only S bears a rate."""
    return (category, rate if category == "S" else 0)


def line_key(line: Line) -> Key:
    return vat_key(line.vat_category, line.vat_rate)


def discounted(line: Line) -> tuple[int, int]:
    """What remains after the cascade of discounts, as numerator and denominator."""
    top, bottom = 1, 1
    for discount in line.discounts:
        top *= SCALE6 - discount
        bottom *= SCALE6
    return top, bottom


def eco_amount(line: Line) -> int:
    """Eco-contribution of the line, in cents of the price mode; no discount ever touches it
    (practice.md §3.10). Rounded on its own because it is shown on its own. Nothing on a line that
    something covers: its amount, of which it is a part, is nothing."""
    return 0 if line.covered else _eco(line)


def _eco(line: Line) -> int:
    if not line.eco_contribution:
        return 0
    return div_round(line.eco_contribution * line.quantity, SCALE4)


def line_amount(line: Line) -> int:
    """round(quantity × price ÷ price_per × (1−d₁)(1−d₂)…) − discount_amount + eco-contribution.

    In cents of the document's price mode; nothing for what a warranty, a contract or the like
    covers (domain.md §8). Raises Invalid when `price_per` is not positive or the amount does not
    fit the database.
    """
    return 0 if line.covered else line_worth(line)


def line_worth(line: Line) -> int:
    """What a line amounts to, were it billed whatever covers it."""
    return work_amount(line) - line.discount_amount + _eco(line)


def work_amount(line: Line) -> int:
    """The rounded part of `line_amount`: quantity × price less the discounts in percent."""
    _check_price_per(line)
    product, divisor = line.quantity * line.unit_price, line.price_per * CENT
    if line.discounts:
        top, bottom = discounted(line)
        product, divisor = product * top, divisor * bottom
    amount = div_round(product, divisor)
    if not in_bounds(amount):
        raise invalid(
            "amount.too_big", "Montant trop grand", "réduisez la quantité ou le prix", "quantity"
        )
    return amount


def line_cost(line: Line, components: Iterable[Line] = ()) -> int:
    """What the line costs, in cents HT: cost price × quantity, the purchase price standing in
    for a missing cost price; an assembly costs what its components cost, if any of them does."""
    inside = sum(line_cost(one) for one in components if enters_assembly(one)) if components else 0
    cost = line.cost_price or line.purchase_price
    if inside or not cost:
        return inside
    _check_price_per(line)
    return div_round(line.quantity * cost, line.price_per * CENT)


def unit_cost(line: Line, components: Iterable[Line] = ()) -> int:
    """Cost HT of `price_per` units (10⁻⁴): the cost price, else the purchase price; of an
    assembly what its components cost for one, if any of them does."""
    inside = sum(
        div_round(one.ratio * unit_cost(one) * line.price_per, one.price_per * SCALE6)
        for one in components
        if enters_assembly(one)
    )
    return inside or line.cost_price or line.purchase_price


def needs_amount(line: Line) -> bool:
    """Whether the amount follows from quantity and price. A forced amount and the amount of a
    progress invoice are kept as they are stored (domain.md §3), but for what is covered."""
    return line.is_priced and (line.basis == "computed" or bool(line.covered))


def enters_assembly(component: Line) -> bool:
    """Whether a component counts in its assembly: options and the like do not."""
    return component.is_priced and component.tag not in OUT_OF_TOTAL


def component_quantity(ratio: int, assembly_quantity: int) -> int:
    """Quantity (10⁻⁴) of a component of which one assembly holds `ratio` (10⁻⁶)."""
    return div_round(ratio * assembly_quantity, SCALE6)


def component_ratio(quantity: int, assembly_quantity: int) -> int:
    """What one assembly holds (10⁻⁶) when all of them hold `quantity` (10⁻⁴); the quantity
    itself for an assembly of quantity 0, so that nothing typed is lost."""
    return div_round(quantity * SCALE6, assembly_quantity or SCALE4)


def unit_share(component: Line) -> int:
    """What a component adds to the unit price of its ad hoc assembly, in cents: its amount for
    one assembly, rounded, so that the shares printed under an assembly add up to its price."""
    _check_price_per(component)
    top, bottom = discounted(component)
    product = component.ratio * component.unit_price * top
    share = div_round(product, component.price_per * CENT * CENT * bottom)
    eco = div_round(component.eco_contribution * component.ratio, SCALE6)
    return share - _per_unit(component) + eco


def _per_unit(component: Line) -> int:
    """The discount in cents of one assembly's worth of the component."""
    if not component.discount_amount or not component.quantity:
        return 0
    return div_round(
        component.discount_amount * component.ratio, component.quantity * (SCALE6 // SCALE4)
    )


def net_of(amount: int, key: Key) -> int:
    """HT of an amount TTC at this VAT key, rounded on its own."""
    return div_round(amount * SCALE6, SCALE6 + key[1])


def round_price(numerator: int, denominator: int, decimals: int) -> int:
    """A price (10⁻⁴) with so many decimals (2, 3 or 4) from an exact fraction of 10⁻⁴."""
    step = int(10 ** (4 - decimals))
    return div_round(numerator, denominator * step) * step


def line_problems(line: Line, price_decimals: int = 4) -> list[Problem]:
    """What is wrong with the figures of a line; [] when `line_amount` can be taken."""
    problems = []

    def wrong(code: str, field: str, message: str, remedy: str = "") -> None:
        problems.append(Problem(code, field, message, remedy))

    for name in ("quantity", "unit_price", "price_per", "discount_amount", "eco_contribution"):
        if not in_bounds(getattr(line, name)):
            wrong("number.too_big", name, "Nombre trop grand", "réduisez-le")
    if line.price_per <= 0:
        wrong("price_per.not_positive", "price_per", "« Prix par » doit être positif", "tapez 1")
    if any(not 0 <= discount <= SCALE6 for discount in line.discounts):
        wrong("discount.range", "discounts", "Remise hors de 0 à 100 %", "changez le prix")
    if line.unit_price % 10 ** (4 - price_decimals):
        wrong("price.decimals", "unit_price", f"Prix à {price_decimals} décimales au plus")
    if line.vat_category not in CATEGORIES:
        wrong("vat_category.unknown", "vat_category", f"Catégorie de TVA {line.vat_category}")
    elif line.vat_rate and line.vat_category != "S":
        wrong("vat_rate.not_zero", "vat_rate", "Taux de TVA sur une ligne sans TVA", "mettez 0 %")
    if not 0 <= line.vat_rate <= SCALE6:
        wrong("vat_rate.range", "vat_rate", "Taux de TVA hors de 0 à 100 %")
    if not problems and line.is_priced:
        try:
            amount = line_worth(line)
        except ValueError:
            amount = None
        if amount is None or not in_bounds(amount):
            wrong("amount.too_big", "quantity", "Montant trop grand", "réduisez la quantité")
    return problems


def _check_price_per(line: Line) -> None:
    if line.price_per <= 0:
        raise invalid(
            "price_per.not_positive", "« Prix par » doit être positif", "tapez 1", "price_per"
        )

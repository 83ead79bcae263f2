"""Documents built from the vector cases: published invoices, Odoo's and other programs' tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Adjustment, Document, Line
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.money import div_round

HERE = Path(__file__).resolve().parents[1] / "data" / "vectors"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "vectors"
NAMES = ("einvoice", "odoo", "hand")


class DoesNotFit(Exception):
    """A figure has more decimals than our columns."""


def load(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def scaled(value: object, decimals: int) -> int:
    """A published number as one of our integers, exactly."""
    number = Decimal(str(value if value not in (None, "") else 0)).scaleb(decimals)
    if number != number.to_integral_value():
        raise DoesNotFit(value)
    return int(number)


def cents(value: object) -> int:
    return scaled(value, 2)


def near_cents(value: object) -> int:
    """A figure that the other program kept unrounded, at the cent."""
    return div_round(scaled(value, 7), 10**5)


@dataclass
class Expected:
    """What a case says, in cents; only what it says is compared."""

    figures: dict[str, int] = field(default_factory=dict)
    vat: dict[tuple[str, int], tuple[int | None, int]] | None = None
    lines: list[int] | None = None


def priced(number: int, quantity: object, price: object, per: object = 1, **values: Any) -> Line:
    """A line; a price with more than four decimals is given for 100 or 10 000 units."""
    per_units = scaled(per or 1, 4)
    unit_price = Decimal(str(price)) * 10_000
    while unit_price != unit_price.to_integral_value():
        unit_price, per_units = unit_price * 100, per_units * 100
        if per_units > 10**12:
            raise DoesNotFit(price)
    return Line(
        f"line-{number}",
        position=number * 1024,
        quantity=scaled(quantity, 4),
        unit_price=int(unit_price),
        price_per=per_units,
        **values,
    )


def built(
    lines: list[Line], adjustments: list[Adjustment] | None = None, **header: Any
) -> Document:
    document = Document(1, "document", "quote", header, lines, adjustments or [])
    apply(document, recompute(document))
    return document


def key_of(category: str | None, rate: object) -> tuple[str, int]:
    category = category or "S"
    return (category, scaled(rate or 0, 4) if category == "S" else 0)


def einvoice(case: dict[str, Any]) -> tuple[Document, Expected]:
    lines = []
    for number, row in enumerate(case["lines"], 1):
        category, rate = key_of(row["vat_cat"], row["vat_rate"])
        allowances = sum(
            cents(one["amount"]) * (-1 if one["charge"] else 1) for one in row["allowances_charges"]
        )
        lines.append(
            priced(
                number,
                row["qty"],
                row["price"],
                row["price_base_qty"],
                discount_amount=allowances,
                vat_category=category,
                vat_rate=rate,
            )
        )
    adjustments = []
    for number, one in enumerate(case["allowances_charges"], 1):
        category, rate = key_of(one["vat_cat"], one["vat_rate"])
        adjustments.append(
            Adjustment(
                f"adjustment-{number}",
                "charge" if one["charge"] else "discount",
                amount=cents(one["amount"]),
                vat_category=category,
                vat_rate=rate,
                position=number,
            )
        )
    said = case["expected"]
    vat: dict[tuple[str, int], tuple[int | None, int]] = {}
    for row in said["vat"]:
        key = key_of(row["cat"], row["rate"])
        base, amount = vat.get(key, (0, 0))
        vat[key] = ((base or 0) + cents(row["basis"]), amount + cents(row["amount"]))
    expected = Expected(
        {
            "lines_net": cents(said["line_total"]),
            "net": cents(said["tax_basis"]),
            "vat_total": cents(said["tax_total"]),
            "gross": cents(said["grand_total"]),
            "adjustments": cents(said["charge_total"]) - cents(said["allowance_total"]),
        },
        vat,
        [cents(row["net"]) for row in case["lines"]],
    )
    return built(lines, adjustments), expected


def odoo(case: dict[str, Any]) -> tuple[Document, Expected]:
    """A line's fixed tax that bears VAT is our eco-contribution; in TTC mode it is typed TTC."""
    lines, eco_total, gross = [], 0, False
    for number, row in enumerate(case["lines"], 1):
        percents = [tax for tax in row["taxes"] if tax["type"] == "percent"]
        fixed = [tax for tax in row["taxes"] if tax["type"] == "fixed"]
        if case.get("reverse_charge"):  # the buyer owes the tax: two opposite taxes in Odoo
            percents = []
        rate = scaled(percents[0]["amount"], 4) if percents else 0
        gross = gross or any(tax["price_included"] for tax in percents)
        price, eco = Decimal(str(row["price_unit"])), 0
        if fixed:
            eco = cents(fixed[0]["amount"])
            eco_total += eco * int(row.get("quantity", 1))
            if gross:
                eco = cents(Decimal(eco) / 100 * (1 + Decimal(rate) / 10**6))
                price -= Decimal(eco) / 100
        lines.append(
            priced(
                number,
                row.get("quantity", 1),
                price,
                discounts=(scaled(row["discount"], 4),) if row.get("discount") else (),
                eco_contribution=eco,
                vat_category="AE" if case.get("reverse_charge") else "S" if rate else "Z",
                vat_rate=rate,
            )
        )
    adjustments = []
    if case.get("discount_percent"):
        adjustments.append(Adjustment("remise", percent=scaled(case["discount_percent"], 4)))
    said = case["expected"]
    expected = Expected(
        {
            "net": near_cents(said["net"]) + eco_total,
            "vat_total": near_cents(said["vat"]) - eco_total,
            "gross": near_cents(said["gross"]),
        }
    )
    header = {
        "price_mode": "gross" if gross else "net",
        "vat_rounding": "line" if case["rounding_method"] == "round_per_line" else "rate",
    }
    return built(lines, adjustments, **header), expected


def hand(case: dict[str, Any]) -> tuple[Document, Expected]:
    lines = []
    for number, row in enumerate(case["lines"], 1):
        rate = scaled(row.get("vat_rate") or 0, 4)
        category = row.get("vat_category") or ("S" if rate else "Z")
        line = priced(number, row["qty"], row["unit_price"], row.get("price_per", 1))
        line.vat_category, line.vat_rate = category, rate
        line.discount_amount = cents(row.get("discount_amount"))
        line.eco_contribution = cents(row.get("eco"))
        lines.append(line)
    adjustments = [
        Adjustment(
            f"adjustment-{number}",
            one["type"],
            amount=cents(one["amount"]),
            vat_category=one.get("vat_category"),
            vat_rate=scaled(one["vat_rate"], 4) if "vat_rate" in one else None,
            position=number,
        )
        for number, one in enumerate(case.get("adjustments", []), 1)
    ]
    said = case["expected"]
    expected = Expected({name: cents(value) for name, value in said["totals"].items()})
    if "vat" in said:
        expected.vat = {
            key_of(row["category"], row["rate"]): (
                cents(row["base"]) if "base" in row else None,
                cents(row["amount"]),
            )
            for row in said["vat"]
        }
    header = {"vat_rounding": case.get("vat_rounding", "rate")}
    return built(lines, adjustments, **header), expected


BUILDERS = {"einvoice": einvoice, "odoo": odoo, "hand": hand}

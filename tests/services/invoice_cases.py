"""One document for each way an invoice may be told, and what surrounds it (legal.md §4.3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from chain_desk import Desk

from codial_tui.domain.document import Deduction, Document, Reference
from codial_tui.services.context import Context

HOSTILE = "Émoji 🔧 <b>&amp; « ]]> » \u202egpj.exe 漢字 e\u0301 ﬁ"
SUNDAY = "2026-11-22"


def desk_of(context: Context, folder: Path) -> Desk:
    """A company that may invoice, a customer of each sort and two items."""
    desk = Desk(context, folder)
    with context.database.write():
        context.database.execute(
            "UPDATE company SET name = 'Démo & Fils', siret = '12345678200010', capital = 1000000, "
            "legal_form = 'SARL', street = '8 quai Perrache', postcode = '69002', city = 'LYON', "
            "email = 'contact@demo.example', phone = '04 78 00 00 00', "
            "iban = 'FR76 3000 6000 0112 3456 7890 189', bic = 'AGRIFRPP'"
        )
    desk.customer("MARTIN", vat_number="FR44732829320", siren="732829320")
    desk.customer("DUPONT", is_consumer=1)
    desk.customer("BERLIN", country="DE", vat_number="DE136695976")
    desk.customer("ZURICH", country="CH")
    desk.item("TUBE")
    desk.item("VANNE", price="50")
    return desk


def item(label: str = "Ligne", quantity: str = "2", price: str = "10", **values: Any) -> Any:
    return {"type": "item", "label": label, "quantity": quantity, "unit_price": price, **values}


def valid(desk: Desk) -> dict[str, Document]:
    """Provisional documents, none of which any rule refuses, by what is special of them."""
    make = desk.make
    found = {
        "plain": make("invoice", ("TUBE", 10), ("VANNE", 3, "1.55")),
        "services": make("invoice", item(unit="h")),
        "mixed": make("invoice", ("TUBE", 1), item(unit="h"), item(vat_rate="5.5")),
        "discounts": make(
            "invoice",
            item("A", "10", "3.3333", discounts=["10", "5.5"], discount_amount="1.23"),
            item("B", "-3", "10", discounts=["10"]),
            item("C", "7", "100", price_per="3"),
            price_decimals=4,
            adjustments=[
                {"type": "discount", "percent": "2"},
                {"type": "discount", "amount": "5", "vat_rate": "20"},
                {"type": "shipping", "amount": "12.30"},
                {"type": "billing_fee", "amount": "3"},
            ],
        ),
        "gross": make(
            "invoice",
            item("A", "7", "1.99"),
            item("B", "13.25", "0.37", discounts=["3"], discount_amount="0.11", vat_rate="5.5"),
            item("C", "100000", "0.01"),
            price_mode="gross",
            adjustments=[{"type": "discount", "percent": "5"}, {"type": "charge", "amount": "9.9"}],
        ),
        "options": make("invoice", ("TUBE", 1), item(tags=["option"]), item(tags=["informative"])),
        "hostile": make("invoice", item(HOSTILE), subject=HOSTILE),
        "consumer": make("invoice", ("TUBE", 1), customer="DUPONT"),
        "consumer credit": make("invoice", ("TUBE", -1), customer="DUPONT"),
        "foreign": make("invoice", ("TUBE", 1), item(vat_rate="10"), customer="BERLIN"),
        "sent within the Union": make("invoice", item(vat_category="K"), customer="BERLIN"),
        "exported": make("invoice", item(vat_category="G"), customer="ZURICH"),
        "reverse charge": make("invoice", item(vat_category="AE", unit="h")),
        "exempt": make("invoice", item(vat_category="E"), item()),
        "zero": make("invoice", item(vat_category="Z")),
        "out of scope": make("invoice", item(vat_category="O")),
    }
    plain = found["plain"]
    found["debits"] = with_header(plain, vat_on_debits=1)
    found["delivered elsewhere"] = with_header(
        plain,
        delivery_name="Chantier",
        delivery_street="2 rue Y",
        delivery_postcode="38000",
        delivery_city="GRENOBLE",
        delivery_date=SUNDAY,
        due_date="2026-12-22",
        customer_reference="CDE 12",
    )
    found["deposit"] = with_header(plain, nature="deposit")
    found["deposit credited"] = named(with_header(make("invoice", ("TUBE", -1)), nature="deposit"))
    found["credit"] = named(make("invoice", ("TUBE", -2), item("Frais", "1", "5")))
    found["credit by price"] = named(make("invoice", item("A", "2", "-5")))
    final = make("invoice", ("TUBE", 100), item("Acompte FA26-00001", "-1", "300"))
    final.lines[-1].nature = "deposit"
    found["final"] = named(final, "deposit")
    whole = make("invoice", ("TUBE", 30), item("Acompte FA26-00001", "-1", "300"))
    whole.lines[-1].nature = "deposit"
    found["wholly paid before"] = named(whole, "deposit")
    found["retention"] = replace(
        plain,
        deductions=[
            Deduction("r", label="Retenue de garantie", percent=50_000, amount=626),
            Deduction("b", label="Retenue de garantie", percent=50_000, bond=1),
            Deduction("d", kind="direct_payment", amount=1_000),
        ],
    )
    return found


def with_header(document: Document, **values: Any) -> Document:
    return replace(document, header={**document.header, **values})


def named(document: Document, kind: str = "corrected") -> Document:
    return replace(document, references=[Reference("x", kind, "FA26-00001", "2026-11-01")])

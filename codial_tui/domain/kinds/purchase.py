"""What every purchase kind shares: a supplier in place of the customer, no price list, no margin.

A kind takes these tuples and adds its own; nothing here knows which kind it serves.
"""

from __future__ import annotations

from ..spec import Column, Field, FieldType
from .sales import CARRIED as SALES_CARRIED
from .sales import CONDITIONS as SALES_CONDITIONS
from .sales import CRITERIA as SALES_CRITERIA
from .sales import LINE_COLUMNS as SALES_LINE_COLUMNS
from .sales import LIST_COLUMNS as SALES_LIST_COLUMNS
from .sales import PARTY as SALES_PARTY

_SECONDARY = ("ordering_party_id", "delivery_party_id", "invoice_party_id", "tariff_party_id")

PARTY = (
    SALES_PARTY[0]._replace(
        label="Fournisseur",
        picks="supplier",
        help="Nom, code, ville, téléphone ou SIREN.",
    ),
    *(
        one
        for one in SALES_PARTY[1:]
        if one.name not in _SECONDARY and not one.name.startswith("delivery_")
    ),
)
DELIVERED_TO = tuple(
    one._replace(
        label="Livrer à" if one.name == "delivery_street" else one.label,
        help="Dépôt ou chantier où le fournisseur livre ; vide : chez nous.",
    )
    for one in SALES_PARTY
    if one.name in ("delivery_street", "delivery_postcode", "delivery_city")
)
"""Where the supplier brings the goods."""

CONDITIONS = tuple(
    one._replace(label="Acheteur") if one.name == "salesperson_id" else one
    for one in SALES_CONDITIONS
    if one.name != "price_list_id"
)

EXPECTED = Field(
    "expected_date",
    "Attendu le",
    FieldType.DATE,
    store="side",
    width=10,
    help="Date annoncée par le fournisseur ; copiée sur les lignes.",
)
THEIR_REFERENCE = Field(
    "supplier_reference",
    "Leur référence",
    store="side",
    width=20,
    max_length=40,
    help="Le numéro de leur accusé, ou de leur bon de livraison.",
)
WAREHOUSE = Field("warehouse_id", "Dépôt", FieldType.REFERENCE, picks="warehouse", width=15)
NOTES = Field("notes", "Notes", FieldType.LONG_TEXT, max_length=2_000, width=60)

HEADER_LEFT = (
    *("party_id", "contact_id", "billing_street", "billing_postcode", "billing_city"),
    *("party_phone", "subject", "", "payment_terms_id"),
)
DELIVERED_LEFT = (
    *HEADER_LEFT[:6],
    *("delivery_street", "delivery_postcode", "delivery_city"),
    *HEADER_LEFT[6:],
)
HEADER_RIGHT = (
    *("salesperson_id", "establishment_id", "branch_id", "assignment_id", "project_id", ""),
    *("price_mode", "price_decimals", "vat_rate", "vat_regime"),
)

LINE_COLUMNS = tuple(
    one for one in SALES_LINE_COLUMNS if one.name not in ("markup_rate", "purchase_price", "stock")
)
LIST_COLUMNS = tuple(
    one._replace(label="Acheteur") if one.name == "salesperson_name" else one
    for one in SALES_LIST_COLUMNS
)
TOTAL = Column("gross_total", "TTC", FieldType.CENTS, width=10, width_from_data=True)
EXPECTED_COLUMN = Column("expected_date", "Attendu", FieldType.DATE, width=8, source="side")

CARRIED = tuple(one for one in SALES_CARRIED if one != "price_list_id")
"""Header values that go from a purchase into the one it becomes; a need of several projects keeps
them by line."""
CRITERIA = (
    "supplier",
    *(
        one
        for one in SALES_CRITERIA
        if one not in ("customer", "project", "planned_date") and not one.endswith("_party")
    ),
)
"""What must agree for two purchases to become one; projects may differ (domain.md §4)."""

ORDERABLE = ("has_supplier", "has_lines", "known_rates", "amounts_in_bounds")

"""What every purchase kind shares: a supplier in place of the customer, no price list, no margin.

A kind takes these tuples and adds its own; nothing here knows which kind it serves.
"""

from __future__ import annotations

from ..spec import Column, FieldType
from .sales import CONDITIONS as SALES_CONDITIONS
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

CONDITIONS = tuple(
    one._replace(label="Acheteur") if one.name == "salesperson_id" else one
    for one in SALES_CONDITIONS
    if one.name != "price_list_id"
)

HEADER_LEFT = (
    *("party_id", "contact_id", "billing_street", "billing_postcode", "billing_city"),
    *("party_phone", "subject", "", "payment_terms_id"),
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

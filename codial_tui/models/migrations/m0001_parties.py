"""Schema 1: parties (customers, prospects, suppliers), their addresses, contacts and prices."""

from __future__ import annotations

from ..dialect import Dialect

PARTY = """
    id              id
    uid             uid
    code            text
    code_fold       text
    name            text
    name_fold       text
    search_text     text        # folded name, code, town, postcode, phone, SIREN, e-mail
    is_customer     flag=1
    is_prospect     flag
    is_supplier     flag
    is_subcontractor flag
    is_consumer     flag        # a private person: no 40 €, e-reporting, no SIREN
    legal_form      text
    siren           text
    siret           text
    vat_number      text
    street          text        # its own address; others are in `address`
    street2         text
    postcode        text
    city            text
    country         text=FR
    phone           text
    email           text
    website         text
    language        text=fr
    vat_regime      text=normal
    vat_category    text?       # overrides the regime's
    price_mode      choice? net|gross
    payment_terms_id ref payment_terms
    price_list_id   ref price_list
    salesperson_id  ref app_user
    establishment_id ref establishment
    branch_id       ref branch
    discount        int         # 10⁻⁶, on everything
    credit_limit    int?        # cents; none: no limit
    ordering_party_id ref party # the secondary parties that act (domain.md §1)
    delivery_party_id ref party
    invoice_party_id ref party
    tariff_party_id ref party
    customer_account text       # accounting
    supplier_account text
    iban            text
    bic             text
    blocked         flag
    blocked_reason  text
    notes           text
    opening_text    text        # taken over by new documents
    closing_text    text
    external_id     text?       # key of an import or a web shop
    user_columns    json=[]     # columns edited here, which no import overwrites
    origin_station  text=office
    created_at      moment
    updated_at      moment
"""

ADDRESS = """
    id              id
    uid             uid
    party_id        own party
    role            choice billing|delivery|works|other
    label           text
    name            text
    street          text
    street2         text
    postcode        text
    city            text
    country         text=FR
    phone           text
    siret           text        # establishment delivered or billed (BT-46 by address)
    access_notes    text
    is_default      flag
    active          flag=1
    position        int
"""

CONTACT = """
    id              id
    uid             uid
    party_id        own party
    name            text
    name_fold       text
    title           text        # civility
    job             text
    phone           text
    mobile          text
    email           text
    is_default      flag
    active          flag=1
    notes           text
    position        int
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table(
        "price_list",
        """
        id          id
        uid         uid
        code        text
        label       text
        base_id     ref price_list  # prices it does not hold come from there
        coefficient int=1000000     # 10⁻⁶, on the base's or the item's selling price
        price_mode  choice net|gross
        valid_from  date
        valid_to    date
        active      flag=1
        position    int
        """,
        {"code": "UNIQUE (code)"},
    )
    named = "CHECK (name <> '')"
    dialect.create_table("party", PARTY, {"name": named, "code": "UNIQUE (code_fold)"})
    dialect.create_index("party", "external_id", unique=True, where="external_id IS NOT NULL")
    for column in ("name_fold", "siren", "siret"):
        dialect.create_index("party", column, where=f"{column} <> ''")
    dialect.search_index("party")
    dialect.create_table("address", ADDRESS)
    dialect.create_index("address", "party_id")
    dialect.create_table("contact", CONTACT)
    dialect.create_index("contact", "party_id")

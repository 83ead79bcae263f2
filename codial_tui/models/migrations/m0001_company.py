"""Schema 1: the company, its places and people, and the small tables everything refers to."""

from __future__ import annotations

from ..dialect import Dialect

COMPANY = """
    id              id          # 1
    uid             uid
    station         text=office # this database's own place; documents elsewhere are read-only
    name            text
    legal_form      text
    capital         int         # cents
    siren           text
    siret           text        # head office
    vat_number      text
    activity_code   text        # code APE
    register_city   text        # RCS
    street          text
    street2         text
    postcode        text
    city            text
    country         text=FR
    phone           text
    email           text
    website         text
    bank_name       text
    iban            text
    bic             text
    edition         choice trade|services|building
    size            choice sme|enterprise
    currency        text=EUR
    price_mode      choice net|gross
    price_decimals  int=2
    vat_rounding    choice rate|line
    vat_regime      text=normal
    vat_on          choice receipts|debits
    insurer         text        # décennale: who, policy, where it holds (legal.md §3.4)
    insurance_policy text
    insurance_area  text
    waste_mention   text
    legal_mention   text        # printed at the foot of every document
    quote_mention   text
    late_penalty    text
    logo            blob?
"""

PLACE = """
    id              id
    uid             uid
    code            text
    name            text
    street          text
    street2         text
    postcode        text
    city            text
    country         text=FR
    phone           text
    email           text
    active          flag=1
    position        int
"""

USER = """
    id              id
    uid             uid
    login           text
    name            text
    initials        text
    role            text=user   # a name; what it may do is in user_right and the services
    email           text
    phone           text
    is_salesperson  flag=1
    is_technician   flag
    establishment_id ref establishment
    branch_id       ref branch
    password        text        # salted hash, "" = none
    active          flag=1
"""

VAT_RATE = """
    id              id
    code            text
    label           text
    category        choice S|AE|E|Z|G|K|O
    rate            int         # 10⁻⁶
    exemption_code  text        # VATEX-…
    exemption_reason text       # printed
    valid_from      date
    valid_to        date
    is_default      flag
    active          flag=1
    position        int
"""

VAT_REGIME = """
    id              id
    code            text        # normal, reverse_charge, exempt, franchise, intra_eu, export…
    label           text
    category        choice S|AE|E|Z|G|K|O   # of every line under this regime, S: the line's own
    exemption_code  text
    mention         text        # printed
    active          flag=1
    position        int
"""

PAYMENT_TERMS = """
    id              id
    uid             uid
    code            text
    label           text
    days            int
    end_of_month    flag
    day_of_month    int         # 0: none
    method          text        # UNTDID 4461 code
    deposit         int         # 10⁻⁶ of the gross total, asked with the order
    instalments     json=[]     # [{days, end_of_month, percent}]; empty: one
    active          flag=1
    position        int
"""


def apply(dialect: Dialect) -> None:
    create = dialect.create_table
    create("company", COMPANY, {"one": "CHECK (id = 1)"})
    siret = "    siret text\n    is_default flag\n    bank_name text\n    iban text\n    bic text\n"
    create("establishment", PLACE + siret, {"code": "UNIQUE (code)"})
    of_establishment = "    establishment_id ref establishment\n"
    for table in ("branch", "assignment", "site"):
        create(table, PLACE + of_establishment, {"code": "UNIQUE (code)"})
    create("app_user", USER, {"login": "UNIQUE (login)"})
    create(
        "user_right",
        "user_id own app_user\n name text",
        {"key": "PRIMARY KEY (user_id, name)"},
    )
    create(
        "setting",
        # scope: company, establishment:ID, station, kind:quote…
        "scope text=company\n name text\n value json=null",
        {"key": "PRIMARY KEY (scope, name)"},
    )
    create(
        "user_setting",
        # columns of a kind, colours, printer, where one was
        "user_id own app_user\n name text\n value json=null",
        {"key": "PRIMARY KEY (user_id, name)"},
    )
    create(
        "favourite",
        "user_id own app_user\n key text\n text text  # typed into the entry line",
        {"key": "PRIMARY KEY (user_id, key)"},
    )
    create("vat_rate", VAT_RATE, {"code": "UNIQUE (code)"})
    create("vat_regime", VAT_REGIME, {"code": "UNIQUE (code)"})
    create(
        "unit",
        """
        id       id
        code     text
        label    text
        unece    text        # UN/ECE recommendation 20, for e-invoices
        decimals int=4
        active   flag=1
        position int
        """,
        {"code": "UNIQUE (code)"},
    )
    create("payment_terms", PAYMENT_TERMS, {"code": "UNIQUE (code)"})
    create(
        "number_series",
        """
        establishment_id ref! establishment
        code     text        # series: DE, FA…
        period   text        # 2026, 2026-11 or nothing
        pattern  text        # DE{yy}-{n:05}
        last     int         # last number given
        """,
        {
            "key": "PRIMARY KEY (establishment_id, code, period)",
            "forward": "CHECK (last >= 0)",
        },
    )
    dialect.refuse(
        "number_series__forward_only",
        "number_series",
        "UPDATE",
        "series.backward|Un compteur ne recule pas|créez une autre série",
        "NEW.last < OLD.last",
    )
    create(
        "cost_category",
        """
        id       id
        code     text
        label    text
        billing_class choice article|consumable|labour|travel
        coefficient int=1000000     # K of this category, 10⁻⁶
        active   flag=1
        position int
        """,
        {"code": "UNIQUE (code)"},
    )
    create(
        "product_nature",
        """
        id       id
        code     text
        label    text
        overhead int?        # K_overhead of its own, 10⁻⁶
        retention flag=1
        active   flag=1
        position int
        """,
        {"code": "UNIQUE (code)"},
    )
    create(
        "commune",
        "id id\n postcode text\n name text\n name_fold text",
        {"once": "UNIQUE (postcode, name)"},
    )
    dialect.create_index("commune", "name_fold")

"""Schema 1: the one document table, its side tables, its locks and its place."""

from __future__ import annotations

from ..dialect import Dialect

DOCUMENT = """
    id              id+
    uid             uid
    kind            text
    number          text?       # none until it is given
    serial          int?        # the counter inside the number: « 42 » finds it
    state           text
    date            date!
    subject         text
    # party: the row it was taken from, and this document's own copy
    party_id        ref party
    party_code      text
    party_name      text
    party_name_fold text
    party_siren     text
    party_siret     text
    party_vat_number text
    party_phone     text
    party_email     text
    party_is_consumer flag
    contact_id      ref contact
    contact_name    text
    contact_phone   text
    contact_email   text
    billing_name    text
    billing_street  text
    billing_street2 text
    billing_postcode text
    billing_city    text
    billing_country text=FR
    billing_siret   text
    delivery_name   text
    delivery_street text
    delivery_street2 text
    delivery_postcode text
    delivery_city   text
    delivery_country text=FR
    delivery_siret  text
    ordering_party_id ref party
    delivery_party_id ref party
    invoice_party_id ref party
    tariff_party_id ref party
    customer_reference text     # their order number
    # who, where
    establishment_id ref establishment
    branch_id       ref branch
    assignment_id   ref assignment
    site_id         ref site
    project_id      ref project
    warehouse_id    ref warehouse
    salesperson_id  ref app_user
    salesperson_name text
    # how it is counted: frozen copies
    price_mode      choice net|gross
    price_decimals  int=2
    vat_rounding    choice rate|line
    vat_regime      text=normal
    vat_category    choice S|AE|E|Z|G|K|O   # of new lines
    vat_rate        int=200000  # of new lines, 10⁻⁶
    vat_mention     text
    currency        text=EUR
    payment_terms_id ref payment_terms
    payment_terms_label text
    payment_terms   json        # frozen copy of the terms
    price_list_id   ref price_list
    opening_text    text
    closing_text    text
    notes           text        # never printed
    # cached, in cents; the truth is domain.totals over the lines
    net_total       int
    vat_total       int
    gross_total     int
    cost_total      int
    # life
    planned_date    date
    printed_at      moment
    sent_at         moment
    version         int         # of header and lines: +1 a step
    lock_token      text?       # session.token of who writes
    locked_at       moment
    created_at      moment!
    created_by      ref app_user
    updated_at      moment
    updated_by      ref app_user
    # field stations (domain.md §10)
    origin_station  text=office
    location        text=office # who may edit it
    sync_state      text
    assigned_to     text
    station_number  text?
    external_id     text?
"""

QUOTE = """
    document_id     key document
    valid_until     date
    proforma        flag
    letter          text
    letter_model    ref letter_model
    probability     int?        # 10⁻⁶
    decision_date   date
    decided_at      moment
    lost_reason     text
    competitor      text
    next_action     text
    next_action_at  date
    next_action_by  ref app_user
    expected_signature date
    follow_comment  text
"""

HERE = "COALESCE((SELECT station FROM company WHERE id = 1), 'office')"
ELSEWHERE = "document.elsewhere|Ce document est sur une station|reprenez-le d'abord"


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    create(
        "document",
        DOCUMENT,
        {"decimals": "CHECK (price_decimals BETWEEN 2 AND 4)", "version": "CHECK (version >= 0)"},
    )
    index("document", "kind, establishment_id, number", unique=True, where="number IS NOT NULL")
    index("document", "external_id", unique=True, where="external_id IS NOT NULL")
    index("document", "kind, date, id")
    index("document", "kind, state, date")
    index("document", "kind, party_name_fold")
    index("document", "party_id, kind")
    index("document", "number")
    index("document", "serial")
    index("document", "lock_token", where="lock_token IS NOT NULL")
    dialect.refuse(
        "document__elsewhere",
        "document",
        "UPDATE",
        ELSEWHERE,
        f"OLD.location <> {HERE} AND NEW.location <> {HERE}",
    )
    dialect.refuse(
        "document__elsewhere_delete", "document", "DELETE", ELSEWHERE, f"OLD.location <> {HERE}"
    )
    create("document_quote", QUOTE)
    index("document_quote", "next_action_at", where="next_action_at IS NOT NULL")
    create(
        "document_event",
        # the dated log of Suivi: only added to, corrections are new entries
        """
        id          id+
        uid         uid
        document_id int         # no foreign key: the log of a deleted document stays
        document_uid text
        type        choice note|sent|printed|reminder|call|visit|state|transfer
        at          moment!
        user_id     ref app_user
        user_name   text
        text        text
        data        json        # printer, recipient, attachment…
        """,
    )
    index("document_event", "document_id, at")
    create(
        "entry_draft",
        # the line in hand; never in the log
        """
        user_id     own app_user
        place       text        # document:UID, home…
        text        text
        caret       int
        at          moment!
        """,
        {"key": "PRIMARY KEY (user_id, place)"},
    )

"""Schema 9: validated invoices are sealed, and nothing of them changes any more (domain.md §6).

What may still change of a validated invoice is its life: state forward, moments of printing and
sending, locks, caches, its place. Everything else is listed here and refused.
"""

from __future__ import annotations

from ..dialect import Dialect

SEAL = """
    position        id          # in the company's one chain, from 1 without gaps
    document_id     int         # no foreign key: what sealed a row outlives it
    document_uid    text
    number          text
    canonical       text        # domain.canonical says what is in it
    previous_hash   text
    hash            text
    validated_at    moment!
    validated_by    ref! app_user
    validated_name  text
"""

CONTENT = (
    "id, uid, kind, number, serial, date, subject, party_id, party_code, party_name, "
    "party_name_fold, party_siren, party_siret, party_vat_number, party_phone, party_email, "
    "party_is_consumer, contact_id, contact_name, contact_phone, contact_email, billing_name, "
    "billing_street, billing_street2, billing_postcode, billing_city, billing_country, "
    "billing_siret, delivery_name, delivery_street, delivery_street2, delivery_postcode, "
    "delivery_city, delivery_country, delivery_siret, ordering_party_id, delivery_party_id, "
    "invoice_party_id, tariff_party_id, customer_reference, establishment_id, branch_id, "
    "assignment_id, site_id, project_id, warehouse_id, salesperson_id, salesperson_name, "
    "price_mode, price_decimals, vat_rounding, vat_regime, vat_category, vat_rate, vat_mention, "
    "currency, payment_terms_id, payment_terms_label, payment_terms, price_list_id, opening_text, "
    "closing_text, notes, net_total, vat_total, gross_total, cost_total, planned_date, created_at, "
    "created_by, origin_station, external_id, search_text, numbering"
)

REFUSAL = "invoice.sealed|Facture validée : rien n'en change|faites un avoir"
FINAL = "kind = 'invoice' AND {row}.state <> 'provisional'"
FORWARD = (
    "(OLD.state = 'provisional' AND NEW.state = 'validated') "
    "OR (OLD.state = 'validated' AND NEW.state = 'printed') "
    "OR (OLD.state = 'printed' AND NEW.state = 'posted')"
)
OF_FINAL = (
    "EXISTS (SELECT 1 FROM document d WHERE d.id = {row}.document_id "
    "AND d.kind = 'invoice' AND d.state <> 'provisional')"
)
OF_FINAL_LINE = (
    "EXISTS (SELECT 1 FROM document_line l JOIN document d ON d.id = l.document_id "
    "WHERE l.id = {row}.target_line_id AND d.kind = 'invoice' AND d.state <> 'provisional')"
)
IS_FINAL = "d.kind = 'invoice' AND d.state <> 'provisional'"
SAME = "(d.id = NEW.id OR d.uid = NEW.uid)"
ORIGINAL = (
    "OLD.owner = 'document' AND OLD.origin = 'printed' AND EXISTS (SELECT 1 FROM document d "
    f"WHERE d.uid = OLD.owner_uid AND {IS_FINAL})"
)
BYTES = (
    "EXISTS (SELECT 1 FROM attachment a JOIN document d ON d.uid = a.owner_uid "
    "WHERE a.id = OLD.attachment_id AND a.owner = 'document' AND a.origin = 'printed' "
    f"AND {IS_FINAL})"
)


def apply(dialect: Dialect) -> None:
    dialect.create_table("invoice_seal", SEAL, {"previous": "UNIQUE (previous_hash)"})
    dialect.create_index("invoice_seal", "document_id", unique=True)
    dialect.append_only(
        "invoice_seal", "seal.closed|La chaîne des factures ne se modifie pas|faites un avoir"
    )
    refuse = dialect.refuse
    # REPLACE would delete the old row without asking
    refuse(
        "invoice_seal__once",
        "invoice_seal",
        "INSERT",
        "seal.closed|Cette facture est déjà validée|rouvrez-la",
        "EXISTS (SELECT 1 FROM invoice_seal s "
        "WHERE s.document_id = NEW.document_id OR s.position = NEW.position)",
    )
    final = "OLD." + FINAL.format(row="OLD")
    refuse("document__sealed", "document", f"UPDATE OF {CONTENT}", REFUSAL, final)
    refuse("document__sealed_delete", "document", "DELETE", REFUSAL, final)
    replaced = f"SELECT 1 FROM document d WHERE {SAME} AND {IS_FINAL}"
    refuse("document__sealed_insert", "document", "INSERT", REFUSAL, f"EXISTS ({replaced})")
    refuse(
        "document__sealed_state",
        "document",
        "UPDATE OF state",
        "state.sealed|Une facture ne revient pas en arrière|faites un avoir",
        f"OLD.kind = 'invoice' AND NEW.state <> OLD.state AND NOT ({FORWARD})",
    )
    for table in ("document_line", "document_adjustment"):
        replaced = (
            f"SELECT 1 FROM {table} o JOIN document d ON d.id = o.document_id "
            f"WHERE (o.id = NEW.id OR o.uid = NEW.uid) AND {IS_FINAL}"
        )
        _seal(dialect, table, OF_FINAL, replaced)
    _seal(dialect, "document_invoice", OF_FINAL)
    _seal(dialect, "line_link", OF_FINAL_LINE)
    for event in ("UPDATE", "DELETE"):
        name = event.lower()
        kept = "attachment.original|L'original d'une facture ne change pas|imprimez un duplicata"
        refuse(f"attachment__sealed_{name}", "attachment", event, kept, ORIGINAL)
        refuse(f"attachment_content__sealed_{name}", "attachment_content", event, kept, BYTES)
    # an invoice whose goods were taken along moves the stock once too
    dialect.drop_index("stock_move__once")
    dialect.create_index(
        "stock_move",
        "line_uid",
        unique=True,
        where="reason IN ('delivery', 'return', 'internal', 'invoice')",
        name="stock_move__once",
    )


def _seal(dialect: Dialect, table: str, final: str, replaced: str = "") -> None:
    """Rows of a validated invoice do not change, go or come; none moves into one. replaced: the
    rows that a REPLACE would delete without asking."""
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        when = " OR ".join(final.format(row=row) for row in rows)
        if event == "INSERT" and replaced:
            when += f" OR EXISTS ({replaced})"
        dialect.refuse(f"{table}__sealed_{event.lower()}", table, event, REFUSAL, when)

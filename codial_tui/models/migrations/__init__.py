"""Numbered migrations. Each module has `apply(dialect)`, is frozen once released, calls dialect
verbs only and never imports the table classes."""

MIGRATIONS = (
    "m0001_initial",
    "m0002_waste",
    "m0003_chain",
    "m0004_settings",
    "m0005_lists",
    "m0006_line_numbers",
    "m0007_stock",
    "m0008_list_filters",
    "m0009_seals",
    "m0010_invoicing",
    "m0011_payments",
    "m0012_chains",
    "m0013_einvoice",
    "m0014_accounting",
    "m0015_subscriptions",
    "m0016_supplier_invoice",
    "m0017_collecting",
    "m0018_links",
    "m0019_purchase",
    "m0020_needs",
    "m0021_stock_cost",
    "m0022_price_request",
    "m0023_consumption",
    "m0024_matching",
    "m0025_accounts",
    "m0026_billed_party",
)
"""Module names in order; the number in the name is the schema version it leads to."""

"""The fields of a line as a form shows them (F2 in Lignes), declared like those of a header."""

from __future__ import annotations

from codial_tui.domain.spec import YES_NO, Field, FieldType, Page

TAGS = (("", "—"), ("option", "Option"), ("variant", "Variante"), ("informative", "Informatif"))
NATURES = (("goods", "Bien"), ("service", "Service"))

FIELDS = (
    Field("label", "Désignation", required=True, max_length=2000),
    Field("long_text", "Descriptif", FieldType.LONG_TEXT, max_length=8000),
    Field("quantity", "Quantité", FieldType.QUANTITY, width=12),
    Field("unit", "Unité", FieldType.TEXT, max_length=8, width=8),
    Field("unit_price", "Prix unitaire", FieldType.PRICE, width=14),
    Field("price_per", "pour", FieldType.QUANTITY, width=10),
    Field("discounts", "Remises", max_length=40, width=14, help="10, ou 10-5 en cascade."),
    Field("discount_amount", "Remise montant", FieldType.CENTS, width=12),
    Field("price_forced", "Prix forcé", FieldType.BOOL, choices=YES_NO, width=4),
    Field("tag", "Option", FieldType.CHOICE, choices=TAGS, width=12),
    Field("page_break", "Saut avant", FieldType.BOOL, choices=YES_NO, width=4),
    Field("vat_rate", "TVA", FieldType.REFERENCE, picks="vat_rate", width=8),
    Field("cost_category", "Rubrique", FieldType.REFERENCE, picks="cost_category", width=16),
    Field("supply_nature", "Nature", FieldType.CHOICE, choices=NATURES, width=10),
    Field("purchase_price", "Prix d'achat", FieldType.PRICE, width=14),
    Field("cost_price", "Prix revient", FieldType.PRICE, width=14),
    Field("eco_contribution", "Éco-contrib.", FieldType.CENTS, width=10),
    Field("delivery_date", "Livraison", FieldType.DATE, width=10),
    Field("level", "Niveau", FieldType.INTEGER, width=4),
)

PRICED_PAGE = Page(
    "Ligne",
    (
        "label",
        "long_text",
        "quantity",
        "unit",
        "unit_price",
        "price_per",
        "discounts",
        "discount_amount",
        "price_forced",
    ),
    (
        "tag",
        "page_break",
        "vat_rate",
        "cost_category",
        "supply_nature",
        "purchase_price",
        "cost_price",
        "eco_contribution",
        "delivery_date",
    ),
)
TEXT_PAGE = Page("Ligne", ("label", "long_text"), ("tag", "page_break"))

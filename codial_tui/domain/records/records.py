"""The records that are not documents, declared like them: customers, suppliers, items.

Those of the settings and the parts of a record are declared apart, and loaded when asked for.
"""

from __future__ import annotations

from codial_tui.domain.invoicing.subscription_record import SUBSCRIPTION
from codial_tui.domain.maintenance.call_record import CALL
from codial_tui.domain.maintenance.contract_record import CONTRACT
from codial_tui.domain.maintenance.equipment_record import EQUIPMENT
from codial_tui.domain.spec import YES_NO, Column, Field, FieldType, RecordType, one_form

PARTY = RecordType(
    name="party",
    title="Tiers",
    plural="Tiers",
    gender="m",
    code="ti",
    table="party",
    key="code",
    label="name",
    fields=(
        Field("code", "Code", max_length=20, width=12, help="Vide : le prochain numéro."),
        Field("name", "Nom", required=True, max_length=120),
        Field("is_customer", "Client", FieldType.BOOL, choices=YES_NO, width=4),
        Field("is_prospect", "Prospect", FieldType.BOOL, choices=YES_NO, width=4),
        Field("is_supplier", "Fournisseur", FieldType.BOOL, choices=YES_NO, width=4),
        Field("is_consumer", "Particulier", FieldType.BOOL, choices=YES_NO, width=4),
        Field("street", "Adresse", max_length=120),
        Field("street2", "Complément", max_length=120),
        Field("postcode", "Code postal", width=8, max_length=12, help="Donne la ville."),
        Field("city", "Ville", max_length=80),
        Field("country", "Pays", width=4, max_length=2),
        Field("phone", "Téléphone", max_length=40, width=18),
        Field("email", "Courriel", max_length=120),
        Field("siren", "SIREN", width=12, max_length=14),
        Field("siret", "SIRET", width=16, max_length=20),
        Field("vat_number", "N° TVA", width=16, max_length=20),
        Field(
            "electronic_address",
            "Facture élec.",
            width=26,
            max_length=125,
            help="Vide : le SIREN ; sinon SIREN_SIRET ou SIREN_service, de l'annuaire.",
        ),
        Field(
            "customer_account",
            "Compte client",
            width=18,
            max_length=17,
            help="En comptabilité. Vide : d'après le code.",
        ),
        Field("supplier_account", "Compte fourn.", width=18, max_length=17, help="De même."),
        Field("vat_regime", "Régime TVA", FieldType.REFERENCE, picks="vat_regime", width=15),
        Field(
            "payment_terms_id", "Règlement", FieldType.REFERENCE, picks="payment_terms", width=20
        ),
        Field("price_list_id", "Tarif", FieldType.REFERENCE, picks="price_list", width=15),
        Field("salesperson_id", "Commercial", FieldType.REFERENCE, picks="user", width=15),
        Field("credit_limit", "Encours max", FieldType.CENTS, width=12),
        Field("discount", "Remise", FieldType.PERCENT, width=8, help="Sur tout."),
        Field("ordering_party_id", "Donneur ordre", FieldType.REFERENCE, picks="party", width=20),
        Field("delivery_party_id", "Livré chez", FieldType.REFERENCE, picks="party", width=20),
        Field("invoice_party_id", "Facturé à", FieldType.REFERENCE, picks="party", width=20),
        Field("tariff_party_id", "Prix de", FieldType.REFERENCE, picks="party", width=20),
        Field("notes", "Notes", FieldType.LONG_TEXT, max_length=4000, width=26),
    ),
    tabs=one_form(
        (
            "code",
            "name",
            "street",
            "street2",
            "postcode",
            "city",
            "country",
            "phone",
            "email",
            "",
            "siren",
            "siret",
            "vat_number",
            "electronic_address",
            "customer_account",
            "supplier_account",
        ),
        (
            "is_customer",
            "is_prospect",
            "is_supplier",
            "is_consumer",
            "",
            "vat_regime",
            "payment_terms_id",
            "price_list_id",
            "salesperson_id",
            "credit_limit",
            "",
            "notes",
            "discount",
            "ordering_party_id",
            "delivery_party_id",
            "invoice_party_id",
            "tariff_party_id",
        ),
    ),
    list_columns=(
        Column("code", "Code", width=8),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("postcode", "CP", width=6),
        Column("city", "Ville", width=18, shrinks=True),
        Column("phone", "Téléphone", width=16),
        Column("email", "Courriel", width=24, shrinks=True, hidden_below=120),
        Column("siren", "SIREN", width=11, hidden_below=100),
    ),
    quick=("name", "street", "postcode", "city", "phone"),
    folds=("code", "name"),
    searched=True,
)

ITEM = RecordType(
    name="item",
    tool="stock_history",
    title="Article",
    plural="Articles",
    gender="m",
    code="ar",
    table="item",
    key="reference",
    label="label",
    fields=(
        Field("reference", "Référence", required=True, max_length=40, width=20),
        Field("label", "Désignation", required=True, max_length=2000),
        Field("ean", "EAN", max_length=14, width=14),
        Field("family_id", "Famille", FieldType.REFERENCE, picks="item_family", width=20),
        Field("unit", "Unité", width=6, max_length=8),
        Field("sale_price", "Prix de vente", FieldType.PRICE, width=14),
        Field("price_per", "pour", FieldType.QUANTITY, width=10),
        Field("purchase_price", "Prix d'achat", FieldType.PRICE, width=14, right="see_costs"),
        Field("cost_price", "Prix revient", FieldType.PRICE, width=14, right="see_costs"),
        Field("eco_contribution", "Éco-contrib.", FieldType.CENTS, width=10),
        Field("vat_rate", "TVA", FieldType.REFERENCE, picks="vat_rate", width=8),
        Field("cost_category", "Rubrique", FieldType.REFERENCE, picks="cost_category", width=15),
        Field(
            "supply_nature",
            "Nature",
            FieldType.CHOICE,
            choices=(("goods", "Bien"), ("service", "Service")),
            width=10,
        ),
        Field(
            "product_nature",
            "Nature prod.",
            FieldType.REFERENCE,
            picks="product_nature",
            width=15,
            max_length=40,
        ),
        Field(
            "billing_class",
            "Classe",
            FieldType.CHOICE,
            choices=(
                ("article", "Article"),
                ("consumable", "Consommable"),
                ("labour", "Main d'œuvre"),
                ("travel", "Déplacement"),
            ),
            width=14,
        ),
        Field("stock_managed", "En stock", FieldType.BOOL, choices=YES_NO, width=4),
        Field(
            "stock_minimum",
            "Minimum",
            FieldType.QUANTITY,
            width=10,
            help="En dessous, le stock est à recommander ; disponible compté.",
        ),
        Field(
            "stock_maximum",
            "Maximum",
            FieldType.QUANTITY,
            width=10,
            help="Jusqu'où recommander ; 0 : jusqu'au minimum.",
        ),
        Field("purchase_unit", "Unité achat", width=6, max_length=8, help="Vide : l'unité."),
        Field(
            "purchase_factor",
            "en contient",
            FieldType.COEFFICIENT,
            width=12,
            help="Unités de stock dans une unité d'achat : 100 pour une boîte de cent.",
        ),
        Field("blocked", "Bloqué", FieldType.BOOL, choices=YES_NO, width=4),
        Field("long_label", "Descriptif", FieldType.LONG_TEXT, max_length=8000, width=26),
    ),
    tabs=one_form(
        (
            "reference",
            "label",
            "long_label",
            "ean",
            "family_id",
            "unit",
            "",
            "supply_nature",
            "product_nature",
            "billing_class",
            "cost_category",
        ),
        (
            "sale_price",
            "price_per",
            "purchase_price",
            "cost_price",
            "eco_contribution",
            "vat_rate",
            "",
            "stock_managed",
            "stock_minimum",
            "stock_maximum",
            "purchase_unit",
            "purchase_factor",
            "blocked",
        ),
    ),
    list_columns=(
        Column("reference", "Référence", width=12, width_from_data=True),
        Column("label", "Désignation", min_width=20, shrinks=True),
        Column("stock", "Stock", FieldType.QUANTITY, width=8, source="provider:stock"),
        Column("unit", "U", width=4),
        Column("sale_price", "P.V. HT", FieldType.PRICE, width=10, width_from_data=True),
        Column(
            "purchase_price",
            "Achat",
            FieldType.PRICE,
            width=10,
            hidden_below=100,
            right="see_costs",
        ),
        Column("family_label", "Famille", width=14, shrinks=True, hidden_below=100),
        Column("ean", "EAN", width=13, hidden_below=120),
    ),
    quick=("reference", "label", "unit", "sale_price"),
    folds=("reference", "label"),
    searched=True,
)

RECORD_TYPES = {one.name: one for one in (PARTY, ITEM, CALL, EQUIPMENT, CONTRACT, SUBSCRIPTION)}
"""Those with a door at home."""


def find_record(name: str) -> RecordType | None:
    """A record or part by name, None when it is none (a document kind)."""
    found = RECORD_TYPES.get(name)
    if found is None and name:
        from .record_parts import PART_TYPES
        from .reference_records import REFERENCE

        found = REFERENCE.get(name) or PART_TYPES.get(name)
    return found


def record_type(name: str) -> RecordType:
    """A record or part by name. Raises KeyError."""
    found = find_record(name)
    if found is None:
        raise KeyError(name)
    return found

"""What every sales kind shares: header fields, pages, line and list columns.

A kind takes these tuples and adds its own; nothing here knows which kind it serves.
"""

from __future__ import annotations

from ..spec import Column, Field, FieldType, Page, Tab

LOCKED = frozenset({"accepted", "refused", "dropped", "printed", "closed", "validated", "posted"})
"""Stored states in which a party or price mode may no longer change."""

PRICE_MODES = (("net", "HT"), ("gross", "TTC"))
DECIMALS = (("2", "2 décimales"), ("3", "3 décimales"), ("4", "4 décimales"))

PARTY = (
    Field(
        "party_id",
        "Client",
        FieldType.REFERENCE,
        required=True,
        picks="customer",
        shows="party_name",
        locked_by=LOCKED,
        max_length=120,
        help="Nom, code, ville, téléphone ou SIREN ; vide : client comptoir.",
    ),
    Field("contact_id", "Contact", FieldType.REFERENCE, picks="contact", shows="contact_name"),
    Field("billing_street", "Adresse", help="Adresse de facturation, copiée dans le document."),
    Field("billing_postcode", "Code postal", width=8, max_length=12),
    Field("billing_city", "Ville", max_length=80),
    Field("party_phone", "Téléphone", max_length=40),
    Field(
        "delivery_street",
        "Chantier",
        help="Adresse des travaux ou de livraison ; vide = la même adresse.",
    ),
    Field("delivery_postcode", "Code postal", width=8, max_length=12),
    Field("delivery_city", "Ville", max_length=80),
    Field(
        "subject",
        "Objet",
        max_length=160,
        help="Une ligne, imprimée sous l'adresse et reprise dans la commande.",
    ),
    Field(
        "ordering_party_id",
        "Tiers commande",
        FieldType.REFERENCE,
        picks="party",
        help="Qui commande, si ce n'est pas le client.",
    ),
    Field(
        "delivery_party_id",
        "Tiers livré",
        FieldType.REFERENCE,
        picks="party",
        help="Chez qui on livre : son adresse devient celle du chantier.",
    ),
    Field(
        "invoice_party_id",
        "Tiers facture",
        FieldType.REFERENCE,
        picks="party",
        help="Qui paie : son encours et ses relances.",
    ),
    Field(
        "tariff_party_id",
        "Tiers tarif",
        FieldType.REFERENCE,
        picks="party",
        help="Dont on prend les prix.",
    ),
    Field(
        "payment_terms_id",
        "Règlement",
        FieldType.REFERENCE,
        picks="payment_terms",
        shows="payment_terms_label",
    ),
)

CONDITIONS = (
    Field("date", "Date", FieldType.DATE, required=True, width=10),
    Field(
        "salesperson_id",
        "Commercial",
        FieldType.REFERENCE,
        picks="user",
        shows="salesperson_name",
        width=15,
    ),
    Field(
        "establishment_id", "Établissement", FieldType.REFERENCE, picks="establishment", width=15
    ),
    Field("branch_id", "Agence", FieldType.REFERENCE, picks="branch", width=15),
    Field("assignment_id", "Affectation", FieldType.REFERENCE, picks="assignment", width=15),
    Field(
        "project_id",
        "Affaire",
        FieldType.REFERENCE,
        picks="project",
        width=15,
        editions=frozenset({"enterprise"}),
    ),
    Field(
        "price_mode",
        "Prix",
        FieldType.CHOICE,
        choices=PRICE_MODES,
        width=4,
        locked_by=LOCKED,
        help="H prix hors taxes, T prix toutes taxes comprises.",
    ),
    Field(
        "price_decimals",
        "Décimales",
        FieldType.CHOICE,
        choices=DECIMALS,
        width=12,
        locked_by=LOCKED,
    ),
    Field(
        "vat_rate",
        "TVA",
        FieldType.REFERENCE,
        picks="vat_rate",
        width=8,
        help="Taux proposé aux nouvelles lignes.",
    ),
    Field("vat_regime", "Régime TVA", FieldType.REFERENCE, picks="vat_regime", width=15),
    Field("price_list_id", "Tarif", FieldType.REFERENCE, picks="price_list", width=15),
)

TEXTS = (
    Field("opening_text", "Texte de début", FieldType.LONG_TEXT, max_length=20_000, width=60),
    Field("closing_text", "Texte de fin", FieldType.LONG_TEXT, max_length=20_000, width=60),
)

HEADER_LEFT = (
    "party_id",
    "contact_id",
    "billing_street",
    "billing_postcode",
    "billing_city",
    "party_phone",
    "delivery_street",
    "delivery_postcode",
    "delivery_city",
    "subject",
    "",
    "ordering_party_id",
    "delivery_party_id",
    "invoice_party_id",
    "tariff_party_id",
    "payment_terms_id",
)

HEADER_RIGHT = (
    "salesperson_id",
    "establishment_id",
    "branch_id",
    "assignment_id",
    "project_id",
    "",
    "price_mode",
    "price_decimals",
    "vat_rate",
    "vat_regime",
    "price_list_id",
)

SHIPPING = (
    Field("planned_date", "Livraison", FieldType.DATE, width=10, help="Copiée sur les lignes."),
    Field("shipping_mode", "Expédition", store="side", width=20, max_length=60),
    Field("parcel_weight", "Poids kg", FieldType.QUANTITY, store="side", width=10),
    Field("customer_reference", "Leur commande", width=20, max_length=40),
    Field("notes", "Notes", FieldType.LONG_TEXT, max_length=2_000, width=60),
)
"""« Informations complémentaires » of orders and delivery notes."""

LINE_COLUMNS = (
    Column("line_number", "N°", width_from_data=True),
    Column("sign", "T", width=1),
    Column("reference", "Référence", width=9, min_width=9, shrinks=True, width_from_data=True),
    Column("label", "Désignation", min_width=14, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("unit", "U", width=3, width_from_data=True),
    Column("unit_price", "P.U. {mode}", FieldType.PRICE, width=7, width_from_data=True),
    Column("discounts", "Rem", width_from_data=True, fold=True),
    Column("amount", "Montant", FieldType.CENTS, width=8, width_from_data=True),
    Column("vat_rate", "TVA", FieldType.PERCENT, width=5, hidden_below=100, fold=True),
    Column(
        "markup_rate", "Marque", FieldType.PERCENT, width=7, hidden_below=120, right="see_costs"
    ),
    Column("delivery_date", "Livraison", FieldType.DATE, width=8, hidden_below=120),
    Column(
        "purchase_price", "Achat", FieldType.PRICE, width=8, hidden_below=120, right="see_costs"
    ),
    Column("cost_category", "Rubrique", width=10, hidden_below=120, default=False),
    Column("ean", "EAN", width=13, source="provider:item_ean", default=False),
    Column("stock", "Stock", FieldType.QUANTITY, width=8, source="provider:stock", default=False),
)

LIST_COLUMNS = (
    Column("number", "Numéro", width=10),
    Column("date", "Date", FieldType.DATE, width=8),
    Column("party_name", "Tiers", width=18, min_width=10, shrinks=True),
    Column("subject", "Objet", min_width=10, shrinks=True),
    Column("sign", "", width=1),
    Column("net_total", "HT", FieldType.CENTS, width=10, width_from_data=True),
    Column("salesperson_name", "Commercial", width=12, shrinks=True, hidden_below=100),
    Column("state_label", "État", width=11, hidden_below=100),
)

LIST_EXTRAS = (
    Column("branch_label", "Agence", width=12, shrinks=True, hidden_below=120),
    Column("gross_total", "TTC", FieldType.CENTS, width=10, hidden_below=120),
)


def tabs(header: tuple[Page, ...], lines: tuple[Column, ...], *own: Tab) -> tuple[Tab, ...]:
    """The tabs of a sales kind: those of any kind, and what is bought for it."""
    bought = (
        Tab("needs", "Besoins", "B", "needs"),
        Tab("subcontracting", "Sous-traitance", "U", "subcontracting", short="S-trait."),
    )
    return any_tabs(header, lines, *own, *bought)


def any_tabs(header: tuple[Page, ...], lines: tuple[Column, ...], *own: Tab) -> tuple[Tab, ...]:
    """The tabs of a kind: header, lines, its own, then what every kind has. A tab keeps its letter
    whatever the document (ux.md §1)."""
    return (
        Tab("header", "Entête", "E", "form", pages=header),
        Tab("lines", "Lignes", "L", "lines", columns=lines),
        *own,
        Tab("transfer", "Transfert", "T", "transfer"),
        Tab("attachments", "GED", "G", "attachments"),
        Tab("custom", "Fiche", "F", "custom"),
    )


CARRIED = (
    *("party_id", "party_code", "party_name", "party_name_fold", "party_siren", "party_siret"),
    *("party_vat_number", "party_phone", "party_email", "party_is_consumer"),
    *("contact_id", "contact_name", "contact_phone", "contact_email"),
    *(
        f"{use}_{part}"
        for use in ("billing", "delivery")
        for part in ("name", "street", "street2", "postcode", "city", "country", "siret")
    ),
    *(f"{role}_party_id" for role in ("ordering", "delivery", "invoice", "tariff")),
    *("customer_reference", "subject", "closing_text"),
    *("establishment_id", "branch_id", "assignment_id", "site_id", "project_id", "warehouse_id"),
    *("salesperson_id", "salesperson_name", "price_mode", "price_decimals", "vat_rounding"),
    *("vat_regime", "vat_category", "vat_rate", "vat_mention", "currency", "price_list_id"),
    *("payment_terms_id", "payment_terms_label", "payment_terms"),
)
"""Header values that go from a document into the one it becomes (domain.md §4)."""

CRITERIA = (
    *("customer", "ordering_party", "delivery_party", "invoice_party", "tariff_party"),
    *("billing_address", "delivery_address", "establishment", "branch", "assignment", "project"),
    *("price_mode", "price_decimals", "rounding", "currency", "vat_regime"),
    *("target_state", "target_locked", "target_station", "target_transferred", "target_nature"),
    *("subject", "salesperson", "payment_terms", "planned_date", "texts"),
)
"""What must agree for two sales documents to become one (seed 001; domain.md §4)."""

PRINTABLE = ("has_party", "has_lines", "known_rates", "amounts_in_bounds")
FIGURES = (
    *("quantity", "unit_price", "price_per", "discounts", "discount_amount", "vat_rate"),
    *("vat_category", "amount", "net_amount", "basis", "eco_contribution", "item_id", "tag"),
    "covered",
)
"""Line fields that say how much is owed for what."""

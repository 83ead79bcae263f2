"""The settings that items are described and priced with: units, families, price lists, stock."""

from __future__ import annotations

from codial_tui.domain.spec import YES_NO, Column, Field, FieldType

from .reference_fields import (
    ACTIVE,
    CLASSES,
    CODE,
    COEFFICIENT,
    COLUMNS,
    DEFAULT,
    IN_USE,
    LABEL,
    NAME,
    OF_ESTABLISHMENT,
    reference,
)

UNIT = reference(
    "unit",
    "Unité",
    "Unités",
    "f",
    (
        CODE._replace(max_length=8),
        LABEL,
        Field("unece", "Code UN/ECE", width=6, max_length=3, help="Pour la facture électronique."),
        Field("decimals", "Décimales", FieldType.INTEGER, width=4),
        ACTIVE,
    ),
    (*COLUMNS, Column("unece", "UN/ECE", width=7), IN_USE),
    ("code", "label"),
    uid=False,
)

PRICE_LIST = reference(
    "price_list",
    "Tarif",
    "Tarifs",
    "m",
    (
        CODE,
        LABEL,
        Field("base_id", "À défaut", FieldType.REFERENCE, picks="price_list", width=20),
        COEFFICIENT._replace(help="Sur le tarif de base, ou le prix de vente."),
        Field("valid_from", "Du", FieldType.DATE, width=10),
        Field("valid_to", "Au", FieldType.DATE, width=10),
        ACTIVE,
    ),
    (*COLUMNS, Column("coefficient", "Coeff.", FieldType.COEFFICIENT, width=10), IN_USE),
    ("code", "label"),
)

FAMILY = reference(
    "item_family",
    "Famille",
    "Familles d'articles",
    "f",
    (
        CODE,
        LABEL,
        Field("parent_id", "Dans", FieldType.REFERENCE, picks="item_family", width=20),
        COEFFICIENT._replace(help="Achat → vente ; 0 : aucun."),
        Field("cost_category", "Rubrique", FieldType.REFERENCE, picks="cost_category", width=15),
        Field("vat_rate", "TVA", FieldType.REFERENCE, picks="vat_rate", width=8),
        ACTIVE,
    ),
    (*COLUMNS, Column("coefficient", "Coeff.", FieldType.COEFFICIENT, width=10), IN_USE),
    ("code", "label", "coefficient"),
)

COST_CATEGORY = reference(
    "cost_category",
    "Rubrique",
    "Rubriques",
    "f",
    (
        CODE,
        LABEL,
        Field("billing_class", "Classe", FieldType.CHOICE, choices=CLASSES, width=14),
        COEFFICIENT,
        ACTIVE,
    ),
    (*COLUMNS, Column("coefficient", "Coeff.", FieldType.COEFFICIENT, width=10), IN_USE),
    ("code", "label"),
    uid=False,
)

NATURE = reference(
    "product_nature",
    "Nature de produit",
    "Natures de produits",
    "f",
    (
        CODE._replace(max_length=40),
        LABEL,
        Field(
            "overhead",
            "Frais généraux",
            FieldType.COEFFICIENT,
            width=10,
            help="Coefficient de cette nature ; vide : aucun en propre.",
        ),
        Field("retention", "Retenue", FieldType.BOOL, choices=YES_NO, width=4, help="De garantie."),
        ACTIVE,
    ),
    (*COLUMNS, Column("overhead", "Frais gén.", FieldType.COEFFICIENT, width=10), IN_USE),
    ("code", "label"),
    uid=False,
)

WAREHOUSE = reference(
    "warehouse",
    "Dépôt",
    "Dépôts",
    "m",
    (
        CODE,
        NAME,
        OF_ESTABLISHMENT,
        Field("user_id", "Véhicule de", FieldType.REFERENCE, picks="user", width=20),
        DEFAULT,
        ACTIVE,
    ),
    (
        Column("code", "Code", width=12),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("establishment_id_label", "Établissement", width=20, shrinks=True, source="words"),
        Column("is_default", "Défaut", FieldType.BOOL, width=7),
        IN_USE,
    ),
    ("code", "name"),
    label="name",
)

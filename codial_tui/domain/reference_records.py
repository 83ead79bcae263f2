"""The records of the settings: places, people, rates, terms, prices, models. Loaded late."""

from __future__ import annotations

from .records import YES_NO
from .reference_fields import (
    ACTIVE,
    ADDRESS,
    BANK,
    CATEGORY,
    CLASSES,
    CODE,
    COEFFICIENT,
    COLUMNS,
    DEFAULT,
    IN_USE,
    LABEL,
    MODES,
    NAME,
    OF_ESTABLISHMENT,
    REACH,
    model,
    place,
    reference,
)
from .spec import Column, Field, FieldType

_COMPANY = reference(
    "company",
    "Société",
    "Société",
    "f",
    (
        NAME,
        Field("legal_form", "Forme", width=14, max_length=40),
        Field("capital", "Capital", FieldType.CENTS, width=14),
        Field("siren", "SIREN", width=12, max_length=14),
        Field("siret", "SIRET", width=16, max_length=20),
        Field("vat_number", "N° TVA", width=16, max_length=20),
        Field("activity_code", "Code APE", width=8, max_length=8),
        Field("register_city", "RCS", width=20, max_length=80),
        *ADDRESS,
        *REACH,
        Field("website", "Site", max_length=120),
        *BANK,
        Field("vat_regime", "Régime TVA", FieldType.REFERENCE, picks="vat_regime", width=15),
        Field(
            "vat_on",
            "TVA sur",
            FieldType.CHOICE,
            choices=(("receipts", "Encaissements"), ("debits", "Débits")),
            width=14,
        ),
        Field("price_mode", "Prix", FieldType.CHOICE, choices=MODES, width=4),
        Field("insurer", "Assureur", max_length=120),
        Field("insurance_policy", "N° contrat", max_length=60),
        Field("insurance_area", "Couverture", max_length=120),
        Field("waste_mention", "Déchets", FieldType.LONG_TEXT, max_length=2000),
        Field("legal_mention", "Pied de page", FieldType.LONG_TEXT, max_length=2000),
        Field("quote_mention", "Mention devis", FieldType.LONG_TEXT, max_length=2000),
        Field("late_penalty", "Pénalités", FieldType.LONG_TEXT, max_length=2000),
    ),
    (Column("name", "Nom", min_width=20, shrinks=True),),
    (),
    key="name",
    label="city",
    single=True,
)

_USER = reference(
    "app_user",
    "Utilisateur",
    "Utilisateurs",
    "m",
    (
        Field("login", "Connexion", required=True, max_length=40, help="Celui du système."),
        NAME,
        Field("initials", "Initiales", width=6, max_length=4),
        Field(
            "role",
            "Rôle",
            FieldType.CHOICE,
            choices=(("user", "Utilisateur"), ("admin", "Administrateur")),
            width=16,
        ),
        Field("email", "Courriel", max_length=120),
        Field("phone", "Téléphone", max_length=40, width=18),
        Field("is_salesperson", "Commercial", FieldType.BOOL, choices=YES_NO, width=4),
        OF_ESTABLISHMENT,
        Field("branch_id", "Agence", FieldType.REFERENCE, picks="branch", width=20),
        ACTIVE,
    ),
    (
        Column("login", "Connexion", width=14),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("initials", "Init.", width=5),
        Column("role_label", "Rôle", width=15, source="words"),
        IN_USE,
    ),
    ("login", "name", "initials"),
    key="login",
    label="name",
)

_VAT_RATE = reference(
    "vat_rate",
    "Taux de TVA",
    "Taux de TVA",
    "m",
    (
        CODE,
        LABEL,
        Field("rate", "Taux", FieldType.PERCENT, required=True, width=8),
        CATEGORY,
        Field("exemption_code", "Code VATEX", width=20, max_length=30),
        Field("exemption_reason", "Motif imprimé", max_length=200),
        DEFAULT,
        ACTIVE,
    ),
    (*COLUMNS, Column("rate", "Taux", FieldType.PERCENT, width=8), IN_USE),
    ("code", "label", "rate"),
    uid=False,
)

_VAT_REGIME = reference(
    "vat_regime",
    "Régime de TVA",
    "Régimes de TVA",
    "m",
    (
        CODE,
        LABEL,
        CATEGORY,
        Field("exemption_code", "Code VATEX", width=20, max_length=30),
        Field("mention", "Mention", max_length=200, help="Imprimée."),
        ACTIVE,
    ),
    (*COLUMNS, Column("mention", "Mention", width=30, shrinks=True), IN_USE),
    ("code", "label"),
    uid=False,
)

_UNIT = reference(
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

_TERMS = reference(
    "payment_terms",
    "Règlement",
    "Modes de règlement",
    "m",
    (
        CODE,
        LABEL,
        Field("days", "Jours", FieldType.INTEGER, width=6),
        Field("end_of_month", "Fin de mois", FieldType.BOOL, choices=YES_NO, width=4),
        Field("day_of_month", "Le", FieldType.INTEGER, width=4, help="Jour du mois ; 0 : aucun."),
        Field("deposit", "Acompte", FieldType.PERCENT, width=8),
        ACTIVE,
    ),
    (*COLUMNS, Column("days", "Jours", FieldType.INTEGER, width=6), IN_USE),
    ("code", "label", "days"),
)

_PRICE_LIST = reference(
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

_FAMILY = reference(
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

_PROJECT = reference(
    "project",
    "Affaire",
    "Affaires",
    "f",
    (
        CODE,
        NAME,
        Field("party_id", "Client", FieldType.REFERENCE, picks="customer", width=26),
        Field("manager_id", "Responsable", FieldType.REFERENCE, picks="user", width=20),
        *ADDRESS,
        Field("starts_on", "Début", FieldType.DATE, width=10),
        Field("ends_on", "Fin", FieldType.DATE, width=10),
        Field("notes", "Notes", FieldType.LONG_TEXT, max_length=4000),
        ACTIVE,
    ),
    (
        Column("code", "Code", width=12),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("party_id_label", "Client", width=24, shrinks=True, source="words"),
        IN_USE,
    ),
    ("code", "name", "party_id"),
    label="name",
    folds=("name",),
)

_COST_CATEGORY = reference(
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

_SETTINGS = (
    _COMPANY,
    place(
        "establishment",
        "Établissement",
        "Établissements",
        "m",
        Field("siret", "SIRET", width=16, max_length=20),
        *BANK,
        DEFAULT,
    ),
    place("branch", "Agence", "Agences", "f", OF_ESTABLISHMENT),
    place("assignment", "Affectation", "Affectations", "f", OF_ESTABLISHMENT),
    place("site", "Site", "Sites", "m", OF_ESTABLISHMENT),
    _USER,
    _VAT_RATE,
    _VAT_REGIME,
    _UNIT,
    _TERMS,
    _PRICE_LIST,
    _FAMILY,
    _COST_CATEGORY,
    _PROJECT,
    model(
        "letter_model",
        "Modèle de lettre",
        "Modèles de lettre",
        Field("subject", "Objet", max_length=200),
        (),
    ),
    model(
        "text_model",
        "Modèle de texte",
        "Modèles de texte",
        Field(
            "place",
            "Place",
            FieldType.CHOICE,
            choices=(
                ("opening", "Début"),
                ("closing", "Fin"),
                ("line", "Ligne"),
                ("mail", "Courriel"),
            ),
            width=10,
        ),
        ("place", "name"),
    ),
)

REFERENCE = {one.name: one for one in _SETTINGS}
"""In the order of the settings."""

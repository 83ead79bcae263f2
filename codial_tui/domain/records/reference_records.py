"""The records of the settings: places, people, rates, terms, prices, models. Loaded late."""

from __future__ import annotations

from codial_tui.domain.maintenance.contract_parts import MODEL as CONTRACT_MODEL
from codial_tui.domain.rights import ADMINISTER
from codial_tui.domain.spec import YES_NO, Column, Field, FieldType

from .reference_accounting import ACCOUNT, JOURNAL
from .reference_catalogue import COST_CATEGORY, FAMILY, NATURE, PRICE_LIST, UNIT, WAREHOUSE
from .reference_fields import (
    ACTIVE,
    ADDRESS,
    BANK,
    CATEGORY,
    CODE,
    COLUMNS,
    DEFAULT,
    EDITIONS,
    IN_USE,
    LABEL,
    METHODS,
    MODES,
    NAME,
    OF_ESTABLISHMENT,
    REACH,
    ROUNDINGS,
    SIZES,
    model,
    place,
    reference,
)
from .reference_work import RESOURCE, TRAVEL_ZONE

_COMPANY = reference(
    "company",
    "Société",
    "Société",
    "f",
    (
        NAME,
        Field("legal_form", "Forme", width=14, max_length=40),
        Field("siren", "SIREN", width=12, max_length=14),
        Field("siret", "SIRET", width=16, max_length=20),
        Field("vat_number", "N° TVA", width=16, max_length=20),
        Field("register_city", "RCS", width=20, max_length=80),
        *ADDRESS,
        *REACH,
        Field("website", "Site", max_length=120),
        *BANK,
        Field("creditor_id", "ICS", width=20, max_length=35, help="Identifiant créancier SEPA."),
        Field("capital", "Capital", FieldType.CENTS, width=14),
        Field("activity_code", "Code APE", width=8, max_length=8),
        Field("vat_regime", "Régime TVA", FieldType.REFERENCE, picks="vat_regime", width=15),
        Field(
            "vat_on",
            "TVA sur",
            FieldType.CHOICE,
            choices=(("receipts", "Encaissements"), ("debits", "Débits")),
            width=14,
        ),
        Field("edition", "Édition", FieldType.CHOICE, choices=EDITIONS, width=10),
        Field("size", "Taille", FieldType.CHOICE, choices=SIZES, width=12),
        Field("price_mode", "Prix", FieldType.CHOICE, choices=MODES, width=4),
        Field("price_decimals", "Décimales", FieldType.INTEGER, width=4, help="Des prix : 2 à 4."),
        Field(
            "vat_rounding",
            "Arrondi TVA",
            FieldType.CHOICE,
            choices=ROUNDINGS,
            width=12,
            help="Par ligne : pas de facture électronique.",
        ),
        Field(
            "logo",
            "Logo",
            FieldType.REFERENCE,
            picks="picture",
            help="PNG ou JPEG de votre boîte de dépôt. Vide : aucun.",
        ),
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
)._replace(right=ADMINISTER, tool="rights")

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
        Field("method", "Moyen", FieldType.CHOICE, choices=METHODS, width=18),
        Field("deposit", "Acompte", FieldType.PERCENT, width=8, help="Demandé à la commande."),
        Field("discount", "Escompte", FieldType.PERCENT, width=8, help="Payé avant, en moins."),
        Field("discount_days", "sous (jours)", FieldType.INTEGER, width=6),
        ACTIVE,
    ),
    (*COLUMNS, Column("days", "Jours", FieldType.INTEGER, width=6), IN_USE),
    ("code", "label", "days"),
)

_MODE = reference(
    "payment_mode",
    "Mode de règlement",
    "Modes d'encaissement",
    "m",
    (
        CODE,
        LABEL,
        Field("method", "Moyen", FieldType.CHOICE, choices=METHODS, width=18),
        Field("account", "Compte", width=12, max_length=12, help="De la banque ou de la caisse."),
        Field("journal", "Journal", width=6, max_length=6),
        ACTIVE,
    ),
    (*COLUMNS, Column("account", "Compte", width=12), IN_USE),
    ("code", "label", "account"),
    uid=False,
)

_LEVEL = reference(
    "reminder_level",
    "Niveau de relance",
    "Relances",
    "m",
    (
        Field("position", "Rang", FieldType.INTEGER, required=True, width=4),
        LABEL,
        Field("days", "Jours", FieldType.INTEGER, width=6, help="De retard."),
        Field("body", "Lettre", FieldType.LONG_TEXT, max_length=8000, help="{relance.total}…"),
        ACTIVE,
    ),
    (
        Column("position", "Rang", FieldType.INTEGER, width=5),
        Column("label", "Libellé", width=20),
        Column("days", "Jours", FieldType.INTEGER, width=6),
        Column("body", "Lettre", min_width=20, shrinks=True),
        IN_USE,
    ),
    ("position", "label", "days"),
    key="position",
    uid=False,
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
    UNIT,
    _TERMS,
    _MODE,
    _LEVEL,
    ACCOUNT,
    JOURNAL,
    PRICE_LIST,
    FAMILY,
    COST_CATEGORY,
    NATURE,
    WAREHOUSE,
    TRAVEL_ZONE,
    RESOURCE,
    CONTRACT_MODEL,
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
                ("line", "Travaux faits"),
                ("mail", "Courriel"),
            ),
            width=10,
        ),
        ("place", "name"),
    ),
)

REFERENCE = {one.name: one for one in _SETTINGS}
"""In the order of the settings."""

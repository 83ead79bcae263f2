"""The records of the settings: places, people, rates, terms, prices, models. Loaded late."""

from __future__ import annotations

from typing import Literal

from .records import YES_NO
from .spec import Column, Field, FieldType, Page, RecordType, Tab

_CODE = Field("code", "Code", required=True, max_length=20, width=12)
_LABEL = Field("label", "Libellé", required=True, max_length=120)
_NAME = Field("name", "Nom", required=True, max_length=120)
_ACTIVE = Field(
    "active", "Actif", FieldType.BOOL, choices=YES_NO, width=4, help="Non : plus offert."
)
_DEFAULT = Field("is_default", "Par défaut", FieldType.BOOL, choices=YES_NO, width=4)
_ADDRESS = (
    Field("street", "Adresse", max_length=120),
    Field("street2", "Complément", max_length=120),
    Field("postcode", "Code postal", width=8, max_length=12, help="Donne la ville."),
    Field("city", "Ville", max_length=80),
)
_REACH = (
    Field("country", "Pays", width=4, max_length=2),
    Field("phone", "Téléphone", max_length=40, width=18),
    Field("email", "Courriel", max_length=120),
)
_BANK = (
    Field("bank_name", "Banque", max_length=80),
    Field("iban", "IBAN", max_length=42),
    Field("bic", "BIC", width=12, max_length=11),
)
_CATEGORIES = (
    ("S", "S taux de TVA"),
    ("AE", "AE autoliquidation"),
    ("E", "E exonéré"),
    ("Z", "Z taux zéro"),
    ("G", "G export"),
    ("K", "K intracommunautaire"),
    ("O", "O hors champ"),
)
_CATEGORY = Field("category", "Catégorie", FieldType.CHOICE, choices=_CATEGORIES, width=22)
_CLASSES = (
    ("article", "Article"),
    ("consumable", "Consommable"),
    ("labour", "Main d'œuvre"),
    ("travel", "Déplacement"),
)
_MODES = (("net", "HT"), ("gross", "TTC"))
_COEFFICIENT = Field("coefficient", "Coefficient", FieldType.COEFFICIENT, width=10)
_IN_USE = Column("active", "Actif", FieldType.BOOL, width=6)
_COLUMNS = (
    Column("code", "Code", width=14),
    Column("label", "Libellé", min_width=20, shrinks=True),
)
_PLACE_COLUMNS = (
    Column("code", "Code", width=10),
    Column("name", "Nom", min_width=16, shrinks=True),
    Column("postcode", "CP", width=6),
    Column("city", "Ville", width=18, shrinks=True),
    _IN_USE,
)


def _reference(
    name: str,
    title: str,
    plural: str,
    gender: Literal["m", "f"],
    fields: tuple[Field, ...],
    columns: tuple[Column, ...],
    quick: tuple[str, ...],
    *,
    key: str = "code",
    label: str = "label",
    folds: tuple[str, ...] = (),
    once: tuple[str, ...] = (),
    uid: bool = True,
    single: bool = False,
) -> RecordType:
    """One record of the settings: all its fields on one page, sixteen a column."""
    names = tuple(one.name for one in fields)
    half = len(names) if len(names) <= 16 else (len(names) + 1) // 2
    page = Page("Entête", names[:half], names[half:])
    return RecordType(
        name=name,
        title=title,
        plural=plural,
        gender=gender,
        code="",
        table=name,
        key=key,
        label=label,
        tabs=(Tab("header", "Entête", "E", pages=(page,)),),
        fields=fields,
        list_columns=columns,
        quick=quick,
        folds=folds,
        uid=uid,
        once=once,
        right="settings",
        single=single,
    )


def _place(
    name: str, title: str, plural: str, gender: Literal["m", "f"], *more: Field
) -> RecordType:
    fields = (_CODE, _NAME, *_ADDRESS, *_REACH, *more, _ACTIVE)
    return _reference(
        name, title, plural, gender, fields, _PLACE_COLUMNS, ("code", "name"), label="name"
    )


def _model(name: str, title: str, plural: str, more: Field, once: tuple[str, ...]) -> RecordType:
    body = Field("body", "Texte", FieldType.LONG_TEXT, max_length=8000, width=40)
    kind = Field("kind", "Document", width=14, max_length=30, help="quote ; vide : tous.")
    columns = (Column("name", "Nom", width=26), Column("body", "Texte", min_width=20, shrinks=True))
    return _reference(
        name,
        title,
        plural,
        "m",
        (_NAME, more, kind, body, _ACTIVE),
        (*columns, _IN_USE),
        ("name", more.name, "body"),
        key="name",
        label="name",
        once=once,
    )


_OF_ESTABLISHMENT = Field(
    "establishment_id", "Établissement", FieldType.REFERENCE, picks="establishment", width=20
)

_COMPANY = _reference(
    "company",
    "Société",
    "Société",
    "f",
    (
        _NAME,
        Field("legal_form", "Forme", width=14, max_length=40),
        Field("capital", "Capital", FieldType.CENTS, width=14),
        Field("siren", "SIREN", width=12, max_length=14),
        Field("siret", "SIRET", width=16, max_length=20),
        Field("vat_number", "N° TVA", width=16, max_length=20),
        Field("activity_code", "Code APE", width=8, max_length=8),
        Field("register_city", "RCS", width=20, max_length=80),
        *_ADDRESS,
        *_REACH,
        Field("website", "Site", max_length=120),
        *_BANK,
        Field("vat_regime", "Régime TVA", FieldType.REFERENCE, picks="vat_regime", width=15),
        Field(
            "vat_on",
            "TVA sur",
            FieldType.CHOICE,
            choices=(("receipts", "Encaissements"), ("debits", "Débits")),
            width=14,
        ),
        Field("price_mode", "Prix", FieldType.CHOICE, choices=_MODES, width=4),
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

_USER = _reference(
    "app_user",
    "Utilisateur",
    "Utilisateurs",
    "m",
    (
        Field("login", "Connexion", required=True, max_length=40, help="Celui du système."),
        _NAME,
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
        _OF_ESTABLISHMENT,
        Field("branch_id", "Agence", FieldType.REFERENCE, picks="branch", width=20),
        _ACTIVE,
    ),
    (
        Column("login", "Connexion", width=14),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("initials", "Init.", width=5),
        Column("role_label", "Rôle", width=15, source="words"),
        _IN_USE,
    ),
    ("login", "name", "initials"),
    key="login",
    label="name",
)

_VAT_RATE = _reference(
    "vat_rate",
    "Taux de TVA",
    "Taux de TVA",
    "m",
    (
        _CODE,
        _LABEL,
        Field("rate", "Taux", FieldType.PERCENT, required=True, width=8),
        _CATEGORY,
        Field("exemption_code", "Code VATEX", width=20, max_length=30),
        Field("exemption_reason", "Motif imprimé", max_length=200),
        _DEFAULT,
        _ACTIVE,
    ),
    (*_COLUMNS, Column("rate", "Taux", FieldType.PERCENT, width=8), _IN_USE),
    ("code", "label", "rate"),
    uid=False,
)

_VAT_REGIME = _reference(
    "vat_regime",
    "Régime de TVA",
    "Régimes de TVA",
    "m",
    (
        _CODE,
        _LABEL,
        _CATEGORY,
        Field("exemption_code", "Code VATEX", width=20, max_length=30),
        Field("mention", "Mention", max_length=200, help="Imprimée."),
        _ACTIVE,
    ),
    (*_COLUMNS, Column("mention", "Mention", width=30, shrinks=True), _IN_USE),
    ("code", "label"),
    uid=False,
)

_UNIT = _reference(
    "unit",
    "Unité",
    "Unités",
    "f",
    (
        _CODE._replace(max_length=8),
        _LABEL,
        Field("unece", "Code UN/ECE", width=6, max_length=3, help="Pour la facture électronique."),
        Field("decimals", "Décimales", FieldType.INTEGER, width=4),
        _ACTIVE,
    ),
    (*_COLUMNS, Column("unece", "UN/ECE", width=7), _IN_USE),
    ("code", "label"),
    uid=False,
)

_TERMS = _reference(
    "payment_terms",
    "Règlement",
    "Modes de règlement",
    "m",
    (
        _CODE,
        _LABEL,
        Field("days", "Jours", FieldType.INTEGER, width=6),
        Field("end_of_month", "Fin de mois", FieldType.BOOL, choices=YES_NO, width=4),
        Field("day_of_month", "Le", FieldType.INTEGER, width=4, help="Jour du mois ; 0 : aucun."),
        Field("deposit", "Acompte", FieldType.PERCENT, width=8),
        _ACTIVE,
    ),
    (*_COLUMNS, Column("days", "Jours", FieldType.INTEGER, width=6), _IN_USE),
    ("code", "label", "days"),
)

_PRICE_LIST = _reference(
    "price_list",
    "Tarif",
    "Tarifs",
    "m",
    (
        _CODE,
        _LABEL,
        Field("base_id", "À défaut", FieldType.REFERENCE, picks="price_list", width=20),
        _COEFFICIENT._replace(help="Sur le tarif de base, ou le prix de vente."),
        Field("valid_from", "Du", FieldType.DATE, width=10),
        Field("valid_to", "Au", FieldType.DATE, width=10),
        _ACTIVE,
    ),
    (*_COLUMNS, Column("coefficient", "Coeff.", FieldType.COEFFICIENT, width=10), _IN_USE),
    ("code", "label"),
)

_FAMILY = _reference(
    "item_family",
    "Famille",
    "Familles d'articles",
    "f",
    (
        _CODE,
        _LABEL,
        Field("parent_id", "Dans", FieldType.REFERENCE, picks="item_family", width=20),
        _COEFFICIENT._replace(help="Achat → vente ; 0 : aucun."),
        Field("cost_category", "Rubrique", FieldType.REFERENCE, picks="cost_category", width=15),
        Field("vat_rate", "TVA", FieldType.REFERENCE, picks="vat_rate", width=8),
        _ACTIVE,
    ),
    (*_COLUMNS, Column("coefficient", "Coeff.", FieldType.COEFFICIENT, width=10), _IN_USE),
    ("code", "label", "coefficient"),
)

_PROJECT = _reference(
    "project",
    "Affaire",
    "Affaires",
    "f",
    (
        _CODE,
        _NAME,
        Field("party_id", "Client", FieldType.REFERENCE, picks="customer", width=26),
        Field("manager_id", "Responsable", FieldType.REFERENCE, picks="user", width=20),
        *_ADDRESS,
        Field("starts_on", "Début", FieldType.DATE, width=10),
        Field("ends_on", "Fin", FieldType.DATE, width=10),
        Field("notes", "Notes", FieldType.LONG_TEXT, max_length=4000),
        _ACTIVE,
    ),
    (
        Column("code", "Code", width=12),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("party_id_label", "Client", width=24, shrinks=True, source="words"),
        _IN_USE,
    ),
    ("code", "name", "party_id"),
    label="name",
    folds=("name",),
)

_COST_CATEGORY = _reference(
    "cost_category",
    "Rubrique",
    "Rubriques",
    "f",
    (
        _CODE,
        _LABEL,
        Field("billing_class", "Classe", FieldType.CHOICE, choices=_CLASSES, width=14),
        _COEFFICIENT,
        _ACTIVE,
    ),
    (*_COLUMNS, Column("coefficient", "Coeff.", FieldType.COEFFICIENT, width=10), _IN_USE),
    ("code", "label"),
    uid=False,
)

_SETTINGS = (
    _COMPANY,
    _place(
        "establishment",
        "Établissement",
        "Établissements",
        "m",
        Field("siret", "SIRET", width=16, max_length=20),
        *_BANK,
        _DEFAULT,
    ),
    _place("branch", "Agence", "Agences", "f", _OF_ESTABLISHMENT),
    _place("assignment", "Affectation", "Affectations", "f", _OF_ESTABLISHMENT),
    _place("site", "Site", "Sites", "m", _OF_ESTABLISHMENT),
    _USER,
    _VAT_RATE,
    _VAT_REGIME,
    _UNIT,
    _TERMS,
    _PRICE_LIST,
    _FAMILY,
    _COST_CATEGORY,
    _PROJECT,
    _model(
        "letter_model",
        "Modèle de lettre",
        "Modèles de lettre",
        Field("subject", "Objet", max_length=200),
        (),
    ),
    _model(
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

"""What the declarations of the settings share: fields, columns, and how one is put together."""

from __future__ import annotations

from typing import Literal

from codial_tui.domain.spec import YES_NO, Column, Field, FieldType, RecordType, one_form

CODE = Field("code", "Code", required=True, max_length=20, width=12)
LABEL = Field("label", "Libellé", required=True, max_length=120)
NAME = Field("name", "Nom", required=True, max_length=120)
ACTIVE = Field(
    "active", "Actif", FieldType.BOOL, choices=YES_NO, width=4, help="Non : plus offert."
)
DEFAULT = Field("is_default", "Par défaut", FieldType.BOOL, choices=YES_NO, width=4)
ADDRESS = (
    Field("street", "Adresse", max_length=120),
    Field("street2", "Complément", max_length=120),
    Field("postcode", "Code postal", width=8, max_length=12, help="Donne la ville."),
    Field("city", "Ville", max_length=80),
)
REACH = (
    Field("country", "Pays", width=4, max_length=2),
    Field("phone", "Téléphone", max_length=40, width=18),
    Field("email", "Courriel", max_length=120),
)
BANK = (
    Field("bank_name", "Banque", max_length=80),
    Field("iban", "IBAN", max_length=42),
    Field("bic", "BIC", width=12, max_length=11),
)
CATEGORIES = (
    ("S", "S taux de TVA"),
    ("AE", "AE autoliquidation"),
    ("E", "E exonéré"),
    ("Z", "Z taux zéro"),
    ("G", "G export"),
    ("K", "K intracommunautaire"),
    ("O", "O hors champ"),
)
CATEGORY = Field("category", "Catégorie", FieldType.CHOICE, choices=CATEGORIES, width=22)
CLASSES = (
    ("article", "Article"),
    ("consumable", "Consommable"),
    ("labour", "Main d'œuvre"),
    ("travel", "Déplacement"),
)
MODES = (("net", "HT"), ("gross", "TTC"))
EDITIONS = (("trade", "Négoce"), ("services", "Services"), ("building", "Bâtiment"))
SIZES = (("sme", "PME"), ("enterprise", "ENTREPRISE"))
ROUNDINGS = (("rate", "Par taux"), ("line", "Ligne à ligne"))
METHODS = (
    ("", "non dit"),
    ("30", "Virement"),
    ("58", "Virement SEPA"),
    ("20", "Chèque"),
    ("48", "Carte"),
    ("10", "Espèces"),
    ("59", "Prélèvement SEPA"),
    ("24", "Lettre de change"),
    ("60", "Billet à ordre"),
)
"""UNTDID 4461 codes, as e-invoices carry them."""
COEFFICIENT = Field("coefficient", "Coefficient", FieldType.COEFFICIENT, width=10)
IN_USE = Column("active", "Actif", FieldType.BOOL, width=6)
COLUMNS = (
    Column("code", "Code", width=14),
    Column("label", "Libellé", min_width=20, shrinks=True),
)
PLACE_COLUMNS = (
    Column("code", "Code", width=10),
    Column("name", "Nom", min_width=16, shrinks=True),
    Column("postcode", "CP", width=6),
    Column("city", "Ville", width=18, shrinks=True),
    IN_USE,
)


def reference(
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
    return RecordType(
        name=name,
        title=title,
        plural=plural,
        gender=gender,
        code="",
        table=name,
        key=key,
        label=label,
        tabs=one_form(names[:half], names[half:]),
        fields=fields,
        list_columns=columns,
        quick=quick,
        folds=folds,
        uid=uid,
        once=once,
        right="settings",
        single=single,
    )


def place(
    name: str, title: str, plural: str, gender: Literal["m", "f"], *more: Field
) -> RecordType:
    fields = (CODE, NAME, *ADDRESS, *REACH, *more, ACTIVE)
    return reference(
        name, title, plural, gender, fields, PLACE_COLUMNS, ("code", "name"), label="name"
    )


def model(name: str, title: str, plural: str, more: Field, once: tuple[str, ...]) -> RecordType:
    body = Field("body", "Texte", FieldType.LONG_TEXT, max_length=8000, width=40)
    kind = Field(
        "kind",
        "Document",
        FieldType.CHOICE,
        choices=(
            ("", "Tous"),
            ("quote", "Devis"),
            ("order", "Commande"),
            ("delivery_note", "Bon de livraison"),
            ("invoice", "Facture"),
            ("contract_visit", "Visite de contrat"),
            ("contract_end", "Terme de contrat"),
        ),
        width=18,
        help="Qui peut partir de ce modèle.",
    )
    columns = (Column("name", "Nom", width=26), Column("body", "Texte", min_width=20, shrinks=True))
    return reference(
        name,
        title,
        plural,
        "m",
        (NAME, more, kind, body, ACTIVE),
        (*columns, IN_USE),
        ("name", more.name, "body"),
        key="name",
        label="name",
        once=once,
    )


OF_ESTABLISHMENT = Field(
    "establishment_id", "Établissement", FieldType.REFERENCE, picks="establishment", width=20
)

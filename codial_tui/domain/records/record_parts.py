"""What a record has several of (addresses, components, prices), declared like the records."""

from __future__ import annotations

from codial_tui.domain.maintenance import contract_parts, equipment_record
from codial_tui.domain.payments.mandates import MANDATE
from codial_tui.domain.spec import YES_NO, Column, Field, FieldType, Page, RecordType, Tab

_ADDRESS_FIELDS = (
    Field(
        "role",
        "Sert à",
        FieldType.CHOICE,
        choices=(
            ("delivery", "Livraison"),
            ("billing", "Facturation"),
            ("works", "Travaux"),
            ("other", "Autre"),
        ),
        width=14,
    ),
    Field("label", "Libellé", max_length=80, help="Comment on l'appelle : Atelier, Dépôt nord."),
    Field("name", "Destinataire", max_length=120, help="Vide : le nom du tiers."),
    Field("street", "Adresse", max_length=120),
    Field("street2", "Complément", max_length=120),
    Field("postcode", "Code postal", width=8, max_length=12, help="Donne la ville."),
    Field("city", "Ville", max_length=80),
    Field("country", "Pays", width=4, max_length=2),
    Field("phone", "Téléphone", max_length=40, width=18),
    Field("access_notes", "Accès", max_length=200, help="Code, étage, horaires de livraison."),
    Field("is_default", "Par défaut", FieldType.BOOL, choices=YES_NO, width=4),
)

ADDRESS = RecordType(
    name="address",
    title="Adresse",
    plural="Adresses",
    gender="f",
    code="",
    table="address",
    key="label",
    label="name",
    fields=_ADDRESS_FIELDS,
    tabs=(Tab("addresses", "Adresses", "A"),),
    list_columns=(
        Column("role_label", "Sert à", width=11, source="words"),
        Column("label", "Libellé", width=14, shrinks=True),
        Column("street", "Adresse", min_width=14, shrinks=True),
        Column("postcode", "CP", width=6),
        Column("city", "Ville", width=18, shrinks=True),
    ),
    quick=("role", "label", "street", "postcode", "city"),
    owner="party_id",
)

CONTACT = RecordType(
    name="contact",
    title="Contact",
    plural="Contacts",
    gender="m",
    code="",
    table="contact",
    key="name",
    label="name",
    fields=(
        Field("title", "Civilité", width=10, max_length=20),
        Field("name", "Nom", required=True, max_length=120),
        Field("job", "Fonction", max_length=80),
        Field("phone", "Téléphone", max_length=40, width=18),
        Field("mobile", "Mobile", max_length=40, width=18),
        Field("email", "Courriel", max_length=120),
        Field("is_default", "Par défaut", FieldType.BOOL, choices=YES_NO, width=4),
    ),
    tabs=(Tab("contacts", "Contacts", "C"),),
    list_columns=(
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("job", "Fonction", width=16, shrinks=True),
        Column("phone", "Téléphone", width=15),
        Column("mobile", "Mobile", width=15),
        Column("email", "Courriel", width=22, shrinks=True, hidden_below=100),
    ),
    quick=("name", "job", "phone", "email"),
    folds=("name",),
    owner="party_id",
)

_FROM = Field("from_quantity", "À partir de", FieldType.QUANTITY, width=12, help="Quantité.")
_PRICE = Field("price", "Prix", FieldType.PRICE, width=14, help="Vide : la remise compte.")
_DISCOUNT = Field("discount", "Remise", FieldType.PERCENT, width=8)
_DATES = (
    Field("valid_from", "Du", FieldType.DATE, width=10),
    Field("valid_to", "Au", FieldType.DATE, width=10),
)
_TARGET = (
    Field(
        "item_id",
        "Article",
        FieldType.REFERENCE,
        picks="item",
        help="Vide avec la famille : tout.",
    ),
    Field("family_id", "Famille", FieldType.REFERENCE, picks="item_family"),
)
_STEP_COLUMNS = (
    Column("from_quantity", "À partir de", FieldType.QUANTITY, width=12),
    Column("price", "Prix", FieldType.PRICE, width=12),
    Column("discount", "Remise", FieldType.PERCENT, width=9),
)
_TARGET_COLUMNS = (
    Column("item_id_label", "Article", min_width=14, shrinks=True, source="words"),
    Column("family_id_label", "Famille", width=14, shrinks=True, source="words"),
    *_STEP_COLUMNS,
)

CUSTOMER_DISCOUNT = RecordType(
    name="customer_discount",
    title="Remise",
    plural="Remises",
    gender="f",
    code="",
    table="customer_discount",
    key="id",
    label="id",
    fields=(*_TARGET, _FROM, _DISCOUNT, _PRICE, *_DATES),
    tabs=(Tab("discounts", "Remises", "R"),),
    list_columns=_TARGET_COLUMNS,
    quick=("item_id", "family_id", "from_quantity", "discount", "price"),
    uid=False,
    retires=False,
    once=("item_id", "family_id", "from_quantity", "valid_from"),
    owner="party_id",
)

PRICE_LIST_LINE = RecordType(
    name="price_list_line",
    title="Ligne",
    plural="Lignes",
    gender="f",
    code="",
    table="price_list_line",
    key="id",
    label="id",
    fields=(*_TARGET, _FROM, _PRICE, _DISCOUNT, *_DATES),
    tabs=(Tab("lines", "Lignes", "L"),),
    list_columns=_TARGET_COLUMNS,
    quick=("item_id", "family_id", "from_quantity", "price", "discount"),
    uid=False,
    retires=False,
    once=("item_id", "family_id", "from_quantity", "valid_from"),
    owner="price_list_id",
    right="settings",
)

COMPONENT = RecordType(
    name="assembly_component",
    title="Composant",
    plural="Composants",
    gender="m",
    code="",
    table="assembly_component",
    key="id",
    label="label",
    fields=(
        Field("component_id", "Article", FieldType.REFERENCE, required=True, picks="item"),
        Field("ratio", "Par unité", FieldType.COEFFICIENT, required=True, width=12),
        Field("waste", "Perte", FieldType.PERCENT, width=8),
        Field("label", "Libellé", max_length=200, help="Vide : celui de l'article."),
    ),
    tabs=(Tab("components", "Composants", "C"),),
    list_columns=(
        Column("component_id_label", "Article", min_width=20, shrinks=True, source="words"),
        Column("ratio", "Par unité", FieldType.COEFFICIENT, width=12),
        Column("waste", "Perte", FieldType.PERCENT, width=8),
    ),
    quick=("component_id", "ratio"),
    uid=False,
    retires=False,
    once=("component_id",),
    owner="assembly_id",
)

ITEM_SUPPLIER = RecordType(
    name="item_supplier",
    title="Fournisseur",
    plural="Fournisseurs",
    gender="m",
    code="",
    table="item_supplier",
    key="reference",
    label="label",
    fields=(
        Field("supplier_id", "Fournisseur", FieldType.REFERENCE, required=True, picks="supplier"),
        Field("reference", "Référence", max_length=40, width=20),
        Field("label", "Désignation"),
        Field("unit", "Unité", width=6, max_length=8),
        Field("price", "Prix d'achat", FieldType.PRICE, width=14, right="see_costs"),
        Field("price_per", "pour", FieldType.QUANTITY, width=10),
        Field("discount", "Remise", FieldType.PERCENT, width=8, right="see_costs"),
        Field("minimum", "Minimum", FieldType.QUANTITY, width=10),
        Field("delay_days", "Délai (jours)", FieldType.INTEGER, width=6),
    ),
    tabs=(
        Tab(
            "suppliers",
            "Fournisseurs",
            "F",
            pages=(
                Page(
                    "Fournisseur",
                    (
                        "supplier_id",
                        "reference",
                        "label",
                        "unit",
                        "price",
                        "price_per",
                        "discount",
                        "minimum",
                        "delay_days",
                    ),
                ),
            ),
        ),
    ),
    list_columns=(
        Column("supplier_id_label", "Fournisseur", min_width=16, shrinks=True, source="words"),
        Column("reference", "Référence", width=14, shrinks=True),
        Column("price", "Prix d'achat", FieldType.PRICE, width=12, right="see_costs"),
        Column("price_per", "pour", FieldType.QUANTITY, width=6),
        Column("discount", "Remise", FieldType.PERCENT, width=8, right="see_costs"),
    ),
    quick=("supplier_id", "reference", "price"),
    folds=("reference",),
    uid=False,
    retires=False,
    once=("supplier_id",),
    owner="item_id",
)


INSTALMENT = RecordType(
    name="payment_instalment",
    title="Échéance",
    plural="Échéances",
    gender="f",
    code="",
    table="payment_instalment",
    key="id",
    label="id",
    fields=(
        Field(
            "share",
            "Part",
            FieldType.PERCENT,
            required=True,
            width=8,
            help="Du TTC. Ce qui reste suit le règlement lui-même.",
        ),
        Field("days", "Jours", FieldType.INTEGER, width=6),
        Field("end_of_month", "Fin de mois", FieldType.BOOL, choices=YES_NO, width=4),
        Field("day_of_month", "Le", FieldType.INTEGER, width=4, help="Jour du mois ; 0 : aucun."),
    ),
    tabs=(Tab("instalments", "Échéances", "C"),),
    list_columns=(
        Column("share", "Part", FieldType.PERCENT, width=10),
        Column("days", "Jours", FieldType.INTEGER, width=8),
        Column("end_of_month", "Fin de mois", FieldType.BOOL, width=12),
        Column("day_of_month", "Le", FieldType.INTEGER, width=6),
    ),
    quick=("share", "days", "end_of_month"),
    uid=False,
    retires=False,
    owner="terms_id",
    right="settings",
)


def _step(name: str, title: str, tab: Tab, owner: str, right: str = "") -> RecordType:
    return RecordType(
        name=name,
        title=title,
        plural=f"{title}s",
        gender="m",
        code="",
        table=name,
        key="id",
        label="id",
        fields=(
            _FROM._replace(required=True),
            _PRICE._replace(right=right),
            _DISCOUNT._replace(right=right),
        ),
        tabs=(tab,),
        list_columns=(_STEP_COLUMNS[0], *(one._replace(right=right) for one in _STEP_COLUMNS[1:])),
        quick=("from_quantity", "price", "discount"),
        uid=False,
        retires=False,
        once=("from_quantity",),
        owner=owner,
    )


PRICE_STEP = _step("item_price_step", "Palier", Tab("steps", "Paliers", "P"), "item_id")
SUPPLIER_STEP = _step(
    "item_supplier_step",
    "Palier",
    Tab("steps", "Paliers", "P"),
    "item_supplier_id",
    right="see_costs",
)

PARTS = {
    "party": (ADDRESS, CONTACT, CUSTOMER_DISCOUNT, MANDATE),
    "item": (COMPONENT, ITEM_SUPPLIER, PRICE_STEP),
    "item_supplier": (SUPPLIER_STEP,),
    "price_list": (PRICE_LIST_LINE,),
    "payment_terms": (INSTALMENT,),
    "contract": contract_parts.PARTS,
    "equipment": (equipment_record.READING,),
}
"""By record: what it has several of."""

PART_TYPES = {part.name: part for parts in PARTS.values() for part in parts}


def page_of(part: RecordType) -> Page:
    """All fields of a part in one column."""
    return Page(part.title, tuple(one.name for one in part.fields))

"""What a party has several of: addresses and contacts, declared like the records they belong to."""

from __future__ import annotations

from .records import YES_NO
from .spec import Column, Field, FieldType, Page, RecordType, Tab

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
        Column("role_label", "Sert à", width=11),
        Column("label", "Libellé", width=14, shrinks=True),
        Column("street", "Adresse", min_width=14, shrinks=True),
        Column("postcode", "CP", width=6),
        Column("city", "Ville", width=18, shrinks=True),
    ),
    quick=("role", "label", "street", "postcode", "city"),
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
)

PARTS = {"party": (ADDRESS, CONTACT)}
"""By record: what it has several of."""


def page_of(part: RecordType) -> Page:
    """All fields of a part in one column."""
    return Page(part.title, tuple(one.name for one in part.fields))

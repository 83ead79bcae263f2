"""The settings of work orders that are records."""

from __future__ import annotations

from codial_tui.domain.spec import Column, Field, FieldType

from .reference_fields import ACTIVE, CODE, COLUMNS, IN_USE, LABEL, reference

TRAVEL_ZONE = reference(
    "travel_zone",
    "Zone de déplacement",
    "Zones de déplacement",
    "f",
    (
        CODE._replace(max_length=10),
        LABEL,
        Field("price", "Prix HT", FieldType.PRICE, width=12, help="D'un aller-retour."),
        Field(
            "item_id",
            "Article",
            FieldType.REFERENCE,
            picks="item",
            help="Celui de la ligne ; son prix, quand « Prix HT » est à zéro.",
        ),
        ACTIVE,
    ),
    (*COLUMNS, Column("price", "Prix HT", FieldType.PRICE, width=10), IN_USE),
    ("code", "label", "price"),
    uid=False,
)

RESOURCE = reference(
    "resource",
    "Ressource",
    "Ressources du planning",
    "f",
    (
        CODE._replace(max_length=6, help="Court : c'est lui que le planning montre."),
        Field("name", "Nom", max_length=60, required=True),
        Field(
            "kind",
            "Sorte",
            FieldType.CHOICE,
            choices=(("person", "Personne"), ("vehicle", "Véhicule, outil")),
            width=15,
        ),
        Field(
            "user_id",
            "Utilisateur",
            FieldType.REFERENCE,
            picks="user",
            help="Qui c'est : un bon planifié prend ce technicien.",
        ),
        Field("position", "Rang", FieldType.INTEGER, width=4, help="Dans le planning."),
        ACTIVE,
    ),
    (Column("code", "Code", width=8), Column("name", "Nom", width=40), IN_USE),
    ("code", "name"),
    label="name",
)

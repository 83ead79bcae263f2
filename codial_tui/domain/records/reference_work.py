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

"""Accounts and journals, as records of the settings."""

from __future__ import annotations

from codial_tui.domain.accounting.accounts import ROLES
from codial_tui.domain.spec import Column, Field, FieldType

from .reference_fields import ACTIVE, CATEGORIES, CODE, COLUMNS, IN_USE, LABEL, reference

ACCOUNT = reference(
    "account_rule",
    "Compte",
    "Comptes comptables",
    "m",
    (
        Field("role", "Pour", FieldType.CHOICE, choices=ROLES, width=18, required=True),
        Field("account", "Compte", required=True, width=12, max_length=17, help="707000"),
        LABEL,
        Field(
            "vat_rate",
            "Taux de TVA",
            FieldType.REFERENCE,
            picks="vat_rate",
            width=8,
            help="Vide : tous. Le compte le plus précis l'emporte.",
        ),
        Field(
            "vat_category",
            "Catégorie",
            FieldType.CHOICE,
            choices=(("", "toutes"), *CATEGORIES),
            width=22,
        ),
        Field(
            "supply_nature",
            "Nature",
            FieldType.CHOICE,
            choices=(("", "toutes"), ("goods", "Bien"), ("service", "Service")),
            width=10,
        ),
        Field("family_id", "Famille", FieldType.REFERENCE, picks="item_family", width=20),
        ACTIVE,
    ),
    (
        Column("role_label", "Pour", width=15, source="words"),
        Column("account", "Compte", width=10),
        Column("label", "Libellé", min_width=14, shrinks=True),
        Column("vat_rate_label", "TVA", width=6, source="words"),
        Column("supply_nature_label", "Nature", width=8, source="words"),
        Column("family_id_label", "Famille", width=10, source="words", hidden_below=100),
        IN_USE,
    ),
    ("role", "account", "label", "vat_rate"),
    key="account",
    once=("role", "account", "vat_rate", "vat_category", "supply_nature", "family_id"),
    uid=False,
)

JOURNAL = reference(
    "accounting_journal",
    "Journal",
    "Journaux comptables",
    "m",
    (CODE, LABEL, ACTIVE),
    (*COLUMNS, IN_USE),
    ("code", "label"),
    uid=False,
)

"""What allows to debit a customer's account: a part of the customer's record."""

from __future__ import annotations

from codial_tui.domain.spec import Column, Field, FieldType, RecordType, Tab

MANDATE = RecordType(
    name="mandate",
    title="Mandat",
    plural="Mandats",
    gender="m",
    code="",
    table="mandate",
    key="reference",
    label="iban",
    fields=(
        Field("reference", "Référence", required=True, max_length=35, help="RUM, unique."),
        Field("iban", "IBAN", required=True, max_length=42),
        Field("bic", "BIC", width=12, max_length=11),
        Field("signed_on", "Signé le", FieldType.DATE, required=True, width=10),
        Field(
            "scheme",
            "Schéma",
            FieldType.CHOICE,
            choices=(("CORE", "Core (tous)"), ("B2B", "B2B (entreprises)")),
            width=18,
        ),
        Field(
            "sequence",
            "Prochain",
            FieldType.CHOICE,
            choices=(
                ("FRST", "Premier"),
                ("RCUR", "Suivant"),
                ("FNAL", "Dernier"),
                ("OOFF", "Unique"),
            ),
            width=10,
        ),
    ),
    tabs=(Tab("mandates", "Mandats", "M"),),
    list_columns=(
        Column("reference", "Référence", width=18, shrinks=True),
        Column("iban", "IBAN", min_width=20, shrinks=True),
        Column("signed_on", "Signé le", FieldType.DATE, width=8),
        Column("sequence_label", "Prochain", width=9, source="words"),
    ),
    quick=("reference", "iban", "bic", "signed_on"),
    owner="party_id",
)

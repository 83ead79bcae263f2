"""Models of contracts, the machines of a contract and what is used of it, as records."""

from __future__ import annotations

from codial_tui.domain.records.reference_fields import ACTIVE, CODE, IN_USE, NAME, reference
from codial_tui.domain.spec import Column, Field, FieldType, Page, RecordType, Tab

from .contract_record import (
    BILLING,
    COVER,
    DESCRIPTION,
    TERM,
    VISITS,
    VISITS_TAB,
    billing_tab,
)

MODEL = reference(
    "contract_model",
    "Contrat type",
    "Contrats types",
    "m",
    (CODE, NAME, *TERM, *BILLING, *VISITS, *COVER, DESCRIPTION, ACTIVE),
    (
        Column("code", "Code", width=12),
        Column("name", "Nom", min_width=16, shrinks=True),
        Column("kind_label", "Type", width=10, source="words"),
        Column("duration", "Durée", FieldType.INTEGER, width=5),
        Column("duration_unit_label", "Unité", width=5, source="words"),
        Column("price", "Prix HT", FieldType.CENTS, width=10),
        IN_USE,
    ),
    ("code", "name", "duration", "price", "visit_rule"),
    label="name",
)._replace(
    tool="contract_new",
    tabs=(
        Tab(
            "header",
            "Entête",
            "E",
            pages=(
                Page(
                    "Entête",
                    ("code", "name", "duration", "duration_unit", "renewal"),
                    ("active", "description"),
                ),
            ),
        ),
        billing_tab("revision", "coefficient"),
        VISITS_TAB,
    ),
)

EQUIPMENT = RecordType(
    name="contract_machine",
    title="Matériel",
    plural="Matériels",
    gender="m",
    code="",
    table="contract_machine",
    key="id",
    label="id",
    fields=(
        Field(
            "equipment_id",
            "Matériel",
            FieldType.REFERENCE,
            required=True,
            picks="contract_machine",
            width=40,
            help="Ceux du site d'abord ; ailleurs, un avertissement.",
        ),
        Field(
            "since",
            "Depuis",
            FieldType.DATE,
            width=10,
            help="Premier jour couvert ; vide : dès le début du contrat.",
        ),
        Field(
            "until",
            "Jusqu'au",
            FieldType.DATE,
            width=10,
            help="Premier jour sans contrat ; vide : jusqu'à sa fin.",
        ),
    ),
    tabs=(Tab("machines", "Matériels", "M"),),
    list_columns=(
        Column("equipment_id_label", "Matériel", min_width=30, shrinks=True, source="words"),
        Column("since", "Depuis", FieldType.DATE, width=10),
        Column("until", "Jusqu'au", FieldType.DATE, width=10),
    ),
    quick=("equipment_id",),
    uid=False,
    retires=False,
    owner="contract_id",
)

USE = RecordType(
    name="contract_use",
    title="Consommation",
    plural="Consommations",
    gender="f",
    code="",
    table="contract_use",
    key="id",
    label="note",
    fields=(
        Field("used_on", "Le", FieldType.DATE, required=True, width=10),
        Field(
            "quantity",
            "Combien",
            FieldType.QUANTITY,
            required=True,
            width=12,
            help="Points, incidents ou copies ; négatif : rend.",
        ),
        Field("note", "Pour quoi", max_length=120),
    ),
    tabs=(Tab("uses", "Conso", "C"),),
    list_columns=(
        Column("used_on", "Le", FieldType.DATE, width=10),
        Column("quantity", "Combien", FieldType.QUANTITY, width=12),
        Column("note", "Pour quoi", min_width=20, shrinks=True),
    ),
    quick=("used_on", "quantity", "note"),
    retires=False,
    owner="contract_id",
)

PARTS = (EQUIPMENT, USE)

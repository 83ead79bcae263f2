"""Machines that customers have, as a record: what is typed, their list, their counters."""

from __future__ import annotations

from codial_tui.domain.spec import YES_NO, Column, Field, FieldType, RecordType, Tab, one_form

METERS = (("none", "Aucun"), ("km", "Kilomètres"), ("hours", "Heures"), ("copies", "Pages"))
READ = METERS[1:]

EQUIPMENT = RecordType(
    name="equipment",
    title="Machine",
    plural="Machines",
    gender="f",
    code="eq",
    table="equipment",
    key="code",
    label="label",
    fields=(
        Field("code", "Code", max_length=20, width=14, help="Vide : le prochain numéro."),
        Field(
            "party_id",
            "Client",
            FieldType.REFERENCE,
            required=True,
            picks="customer",
            width=26,
            help="Chez qui elle est.",
        ),
        Field("address_id", "Site", FieldType.REFERENCE, picks="address", width=26),
        Field("location", "Lieu", max_length=80, help="Sur le site : sous-sol, local 2."),
        Field(
            "parent_id",
            "Dans la machine",
            FieldType.REFERENCE,
            picks="equipment",
            width=26,
            help="Celle dont elle fait partie, du même client.",
        ),
        Field("serial", "N° de série", max_length=60, width=22),
        Field("brand", "Marque", max_length=60, width=22),
        Field("type", "Type", max_length=60, width=22),
        Field("model", "Modèle", max_length=60, width=22),
        Field("family", "Famille", max_length=40, width=20),
        Field("label", "Désignation", store="computed", width=26),
        Field("item_id", "Article", FieldType.REFERENCE, picks="item", width=26),
        Field("delivered_on", "Livrée le", FieldType.DATE, width=10),
        Field("installed_on", "Mise en service", FieldType.DATE, width=10),
        Field("warranty_until", "Garantie jusqu'au", FieldType.DATE, width=10),
        Field("meter", "Compteur", FieldType.CHOICE, choices=METERS, width=12),
        Field("active", "En service", FieldType.BOOL, choices=YES_NO, width=4),
        Field("notes", "Notes", FieldType.LONG_TEXT, max_length=4_000, width=26),
    ),
    tabs=one_form(
        (
            *("code", "party_id", "address_id", "location", "parent_id", ""),
            *("serial", "brand", "type", "model", "family", "label"),
        ),
        (
            *("item_id", "delivered_on", "installed_on", "warranty_until", "", "meter", ""),
            *("active", "notes"),
        ),
    ),
    list_columns=(
        Column("code", "Code", width=11, width_from_data=True),
        Column("serial", "N° de série", width=16, shrinks=True),
        Column("label", "Machine", min_width=16, shrinks=True),
        Column("party_id_label", "Client", width=20, shrinks=True, source="words"),
        Column("warranty_until", "Garantie", FieldType.DATE, width=8),
        Column("location", "Lieu", width=18, shrinks=True, hidden_below=100),
        Column("installed_on", "Service", FieldType.DATE, width=8, hidden_below=120),
    ),
    quick=("party_id", "serial", "brand", "type", "model"),
    folds=("code", "serial", "label"),
    searched=True,
    tool="equipment_history",
    room="maintenance",
)

READING = RecordType(
    name="equipment_reading",
    title="Relevé",
    plural="Relevés",
    gender="m",
    code="",
    table="equipment_reading",
    key="id",
    label="read_on",
    fields=(
        Field("value", "Compteur", FieldType.QUANTITY, required=True, width=14),
        Field("read_on", "Relevé le", FieldType.DATE, width=10, help="Vide : aujourd'hui."),
        Field("note", "Note", max_length=120),
    ),
    tabs=(Tab("readings", "Compteur", "C"),),
    list_columns=(
        Column("read_on", "Le", FieldType.DATE, width=10),
        Column("value", "Compteur", FieldType.QUANTITY, width=14),
        Column("user_name", "Par", width=16, shrinks=True),
        Column("note", "Note", min_width=16, shrinks=True),
    ),
    quick=("value", "read_on", "note"),
    retires=False,
    owner="equipment_id",
)

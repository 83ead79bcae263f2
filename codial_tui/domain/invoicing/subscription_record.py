"""Subscriptions as a record: what is typed, and the columns of their list."""

from __future__ import annotations

from codial_tui.domain.spec import YES_NO, Column, Field, FieldType, RecordType, one_form

_UNITS = (("month", "Mois"), ("day", "Jours"))
_REVISIONS = (("none", "Aucune"), ("coefficient", "Coefficient"), ("index", "Indice"))

SUBSCRIPTION = RecordType(
    name="subscription",
    title="Abonnement",
    plural="Abonnements",
    gender="m",
    code="ab",
    table="subscription",
    key="label",
    label="label",
    fields=(
        Field(
            "model_id",
            "Facture modèle",
            FieldType.REFERENCE,
            required=True,
            picks="invoice",
            width=26,
            help="Une facture directe ; ensuite, la dernière émise.",
        ),
        Field(
            "party_id", "Client", FieldType.REFERENCE, picks="customer", width=26, help="Du modèle."
        ),
        Field("label", "Libellé", max_length=130, help="Objet des factures, avant la période."),
        Field("every", "Tous les", FieldType.INTEGER, width=6),
        Field("unit", "Unité", FieldType.CHOICE, choices=_UNITS, width=6),
        Field(
            "next_date",
            "Prochaine",
            FieldType.DATE,
            width=10,
            help="Le jour de la prochaine facture ; vide : une période après le modèle.",
        ),
        Field(
            "anchor_day",
            "Jour du mois",
            FieldType.INTEGER,
            width=4,
            help="31 : le 28 ou 29 en février, puis le 31. Suit la prochaine date.",
        ),
        Field("stop_date", "Jusqu'au", FieldType.DATE, width=10, help="Vide : sans fin."),
        Field("active", "Actif", FieldType.BOOL, choices=YES_NO, width=4),
        Field("revision", "Révision", FieldType.CHOICE, choices=_REVISIONS, width=12),
        Field(
            "coefficient",
            "Coefficient",
            FieldType.COEFFICIENT,
            width=10,
            help="Des prix de la première facture : 1,0215 les augmente de 2,15 %.",
        ),
        Field("index_base", "Indice d'origine", FieldType.COEFFICIENT, width=12),
        Field("index_now", "Indice actuel", FieldType.COEFFICIENT, width=12),
        Field(
            "revised_from", "À partir du", FieldType.DATE, width=10, help="Vide : tout de suite."
        ),
        Field("notes", "Notes", FieldType.LONG_TEXT, max_length=4000),
    ),
    tabs=one_form(
        (
            *("model_id", "party_id", "label", ""),
            *("every", "unit", "next_date", "anchor_day", "stop_date", "active"),
        ),
        (*("revision", "coefficient", "index_base", "index_now", "revised_from", "", "notes"),),
    ),
    list_columns=(
        Column("label", "Libellé", min_width=16, shrinks=True),
        Column("party_id_label", "Client", width=22, shrinks=True, source="words"),
        Column("every", "Tous", FieldType.INTEGER, width=4),
        Column("unit_label", "Unité", width=5, source="words"),
        Column("next_date", "Prochaine", FieldType.DATE, width=9),
        Column("stop_date", "Jusqu'au", FieldType.DATE, width=8),
        Column("active", "Actif", FieldType.BOOL, width=5),
    ),
    quick=("model_id", "label", "every", "unit", "next_date"),
    once=("party_id", "label", "model_id"),
    tool="subscription_due",
    room="maintenance",
)

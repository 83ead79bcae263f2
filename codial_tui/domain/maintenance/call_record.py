"""Calls of customers as a record: what is typed while they speak, and the columns of the list."""

from __future__ import annotations

from codial_tui.domain.spec import Column, Field, FieldType, RecordType, one_form

PRIORITIES = (
    ("normal", "Normale"),
    ("low", "Basse"),
    ("high", "Haute"),
    ("urgent", "Urgente"),
)
STATES = (("open", "Ouvert"), ("waiting", "En attente"), ("closed", "Clos"))

WHO = Field(
    "who",
    "Qui appelle",
    FieldType.REFERENCE,
    picks="caller",
    help="Nom, code, téléphone, n° de série ou de contrat.",
)
"""Typed first: it gives the customer, the machine or both."""

CALL = RecordType(
    name="call",
    title="Appel",
    plural="Appels",
    gender="m",
    code="ap",
    table="phone_call",
    key="number",
    label="subject",
    fields=(
        Field("caller", "Interlocuteur", max_length=80),
        Field("phone", "Téléphone", max_length=40, width=18),
        Field("serial", "N° de série", max_length=60, width=20, help="Trouve la machine."),
        Field("subject", "Objet", max_length=120, help="En quelques mots ; devient celui du BI."),
        Field("question", "Demande", FieldType.LONG_TEXT, max_length=4_000),
        Field("priority", "Priorité", FieldType.CHOICE, choices=PRIORITIES, width=10),
        Field("answer", "Réponse", FieldType.LONG_TEXT, max_length=4_000),
        Field("state", "État", FieldType.CHOICE, choices=STATES, width=12),
        Field("assigned_to", "Pour", FieldType.REFERENCE, picks="user", width=15),
        Field("party_id", "Client", FieldType.REFERENCE, picks="customer", width=26),
        Field("number", "Numéro", store="computed", width=12),
        Field("opened_at", "Reçu le", FieldType.DATETIME, store="computed", width=16),
    ),
    tabs=one_form(
        ("party_id", "caller", "phone", "serial", "subject", "question", "answer"),
        ("number", "opened_at", "", "priority", "assigned_to", "state"),
    ),
    list_columns=(
        Column("number", "Numéro", width=10),
        Column("opened_at", "Reçu", FieldType.DATETIME, width=8),
        Column("party_name", "Qui", width=20, min_width=12, shrinks=True),
        Column("subject", "Objet", min_width=16, shrinks=True),
        Column("priority_label", "Priorité", width=8, source="words"),
        Column("state_label", "État", width=10, source="words"),
        Column("phone", "Téléphone", width=15, hidden_below=100),
        Column("serial", "N° de série", width=16, hidden_below=120),
    ),
    quick=("party_id", "subject"),
    folds=("subject",),
    uid=True,
    room="maintenance",
)

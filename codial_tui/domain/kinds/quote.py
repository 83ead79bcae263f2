"""Devis: the offer the whole sales chain starts from (seed 002; domain.md §2)."""

from __future__ import annotations

from ..spec import (
    YES_NO,
    Column,
    DocType,
    Field,
    FieldType,
    Mark,
    Move,
    Numbering,
    Page,
    Side,
    State,
    Tab,
)
from .sales import (
    CONDITIONS,
    HEADER_LEFT,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    LIST_EXTRAS,
    PARTY,
    TEXTS,
    tabs,
)

OWN = (
    Field(
        "valid_until",
        "Validité",
        FieldType.DATE,
        store="side",
        width=10,
        help="Une date, ou +30 pour trente jours.",
    ),
    Field("proforma", "Proforma", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field(
        "waste_text",
        "Déchets",
        FieldType.LONG_TEXT,
        store="side",
        max_length=2_000,
        width=60,
        help="De ce chantier : quantité, tri, collecte, coût. Vide : le texte de la société.",
    ),
    Field("letter", "Lettre", FieldType.LONG_TEXT, store="side", max_length=40_000, width=60),
    Field(
        "letter_model",
        "Modèle",
        FieldType.REFERENCE,
        store="side",
        picks="letter_model",
        width=40,
        help="F4 choisit une lettre type ; F7 W charge un fichier Word.",
    ),
)

FOLLOW_UP = (
    Field(
        "state",
        "État",
        FieldType.CHOICE,
        choices=(
            ("pending", "En attente"),
            ("accepted", "Accepté"),
            ("refused", "Refusé"),
            ("dropped", "Sans suite"),
        ),
        width=18,
        help="E en attente, A accepté, R refusé, S sans suite.",
    ),
    Field("probability", "Probabilité", FieldType.PERCENT, store="side", width=6),
    Field("decision_date", "Décision vers", FieldType.DATE, store="side", width=10),
    Field("expected_signature", "Signature", FieldType.DATE, store="side", width=10),
    Field("lost_reason", "Motif", store="side", width=18, max_length=80),
    Field("next_action", "Action prévue", store="side", width=20, max_length=80),
    Field("next_action_at", "Le", FieldType.DATE, store="side", width=14),
    Field("next_action_by", "Qui", FieldType.REFERENCE, store="side", picks="user", width=16),
    Field("competitor", "Concurrent", store="side", width=20, max_length=80),
    Field("follow_comment", "Commentaire", store="side", width=20, max_length=2000),
)

FOLLOW_UP_PAGE = Page(
    "Suivi",
    ("state", "probability", "decision_date", "expected_signature", "lost_reason"),
    ("next_action", "next_action_at", "next_action_by", "competitor", "follow_comment"),
)

QUOTE = DocType(
    kind="quote",
    side=Side.SALE,
    title="Devis",
    plural="Devis",
    gender="m",
    key="D",
    code="de",
    numbering=Numbering("DE", "DE{yy}-{n:05}"),
    tabs=tabs(
        (
            Page(
                "Entête",
                HEADER_LEFT,
                ("date", "valid_until", *HEADER_RIGHT, "", "proforma"),
            ),
            Page("Textes", ("opening_text", "closing_text", "waste_text")),
            Page("Lettre", ("letter_model", "letter")),
        ),
        LINE_COLUMNS,
        Tab("followup", "Suivi", "S", "followup", pages=(FOLLOW_UP_PAGE,)),
    ),
    fields=(*PARTY, *CONDITIONS, *TEXTS, *OWN, *FOLLOW_UP),
    list_columns=(
        *LIST_COLUMNS,
        Column("valid_until", "Validité", FieldType.DATE, width=8, source="side", hidden_below=120),
        Column("probability", "Prob.", FieldType.PERCENT, width=5, source="side", hidden_below=120),
        *LIST_EXTRAS,
    ),
    states=(
        State("pending", "En attente", "E", "En attente"),
        State("accepted", "Accepté", "A", "Acceptés", "√", "settled"),
        State("refused", "Refusé", "R", "Refusés", "×", "danger"),
        State("dropped", "Sans suite", "S", "Sans suite"),
    ),
    initial="pending",
    moves=tuple(
        Move(source, target)
        for source in ("pending", "accepted", "refused", "dropped")
        for target in ("pending", "accepted", "refused", "dropped")
        if source != target
    ),
    marks=(
        Mark("expired", "Validité dépassée", "quote_expired", "!", "danger", "Devis expirés"),
        Mark("follow_up", "Relance prévue", "follow_up_due", "R", "question", "Devis à relancer"),
    ),
    filters=("state", "customer", "salesperson", "branch", "period"),
    rules={
        "validate": ("has_party", "has_lines", "known_rates", "amounts_in_bounds"),
        "print": ("has_party", "has_lines", "known_rates", "amounts_in_bounds"),
        "edit": ("editable_state",),
    },
    effects={"print": ("mark_printed", "log_event")},
    copied_from=("order", "delivery_note", "invoice"),
    line_locks={"accepted": ("taken",)},
    layout="quote",
    mentions=("quote",),
    side_table="document_quote",
)

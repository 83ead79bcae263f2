"""Bon d'intervention: times, machines, what is billable; only a closed one is invoiced
(domain.md §8)."""

from __future__ import annotations

from ..spec import (
    YES_NO,
    Column,
    DocType,
    Field,
    FieldType,
    Inbound,
    Mark,
    Move,
    Numbering,
    Page,
    Side,
    State,
    Tab,
)
from .sales import (
    CARRIED,
    CONDITIONS,
    CRITERIA,
    FIGURES,
    HEADER_LEFT,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    LIST_EXTRAS,
    PARTY,
    PRINTABLE,
    TEXTS,
    tabs,
)

NATURES = (
    ("repair", "Dépannage"),
    ("maintenance", "Maintenance"),
    ("installation", "Installation"),
)
COVERAGES = (("none", "Aucune"), ("warranty", "Garantie"), ("contract", "Contrat"))
BILLED_AS = {
    "article": "bill_articles",
    "consumable": "bill_consumables",
    "labour": "bill_labour",
    "travel": "bill_travel",
}
"""Billing class of a line → the header field that says whether such lines are billed."""

OWN = (
    Field("planned_date", "Prévue le", FieldType.DATE, width=10, help="Jaune : au planning."),
    Field("nature", "Nature", FieldType.CHOICE, store="side", choices=NATURES, width=12),
    Field("technician_id", "Technicien", FieldType.REFERENCE, store="side", picks="user", width=15),
    Field(
        "warehouse_id",
        "Dépôt",
        FieldType.REFERENCE,
        picks="warehouse",
        width=15,
        help="D'où sortent les pièces ; vide : celui du technicien.",
    ),
    Field("customer_reference", "Leur commande", width=20, max_length=40),
    Field("notes", "Notes", FieldType.LONG_TEXT, max_length=2_000, width=60),
    Field("coverage", "Couverture", FieldType.CHOICE, store="side", choices=COVERAGES, width=10),
    Field("bill_articles", "Articles", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field(
        "bill_consumables", "Consommables", FieldType.BOOL, store="side", choices=YES_NO, width=4
    ),
    Field("bill_labour", "Main d'œuvre", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field("bill_travel", "Déplacement", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field(
        "order_id",
        "Commande suivie",
        FieldType.REFERENCE,
        store="side",
        picks="customer_order",
        width=15,
        help="Du même client : ce qu'elle a vendu n'est pas refacturé, sa consommation suit.",
    ),
    Field("contract_id", "Contrat", FieldType.INTEGER, store="side", width=12),
    Field(
        "address_id",
        "Site",
        FieldType.REFERENCE,
        store="side",
        picks="address",
        width=20,
        help="Du client : le lieu de l'intervention, ses machines.",
    ),
    Field(
        "points",
        "Points",
        FieldType.QUANTITY,
        store="side",
        width=10,
        help="D'un contrat à points : ce bon les y prend en se terminant.",
    ),
    Field("due_on", "Visite due le", FieldType.DATE, store="side", width=10),
    Field("check_result", "Contrôle", store="side", width=10),
    Field("closed_at", "Terminé le", FieldType.DATETIME, store="side", width=16),
    Field("signed_at", "Signé le", FieldType.DATETIME, store="side", width=16),
)

WORK_ORDER = DocType(
    kind="work_order",
    side=Side.SALE,
    title="Bon d'intervention",
    plural="Bons d'intervention",
    gender="m",
    key="I",
    code="bi",
    short="BI",
    numbering=Numbering("BI", "BI{yy}-{n:05}"),
    tabs=tabs(
        (
            Page(
                "Entête",
                HEADER_LEFT,
                ("date", "planned_date", "nature", "technician_id", *HEADER_RIGHT),
            ),
            Page("Horaires", pane="visits"),
            Page(
                "Compléments",
                ("address_id", "order_id", "points", "warehouse_id", "customer_reference", "notes"),
            ),
            Page("Textes", ("closing_text",)),
        ),
        LINE_COLUMNS,
        Tab("machine", "Machine", "M", "machine"),
    ),
    fields=(*PARTY, *CONDITIONS, TEXTS[1], *OWN),
    list_columns=(
        *LIST_COLUMNS[:6],
        Column("planned_date", "Prévue", FieldType.DATE, width=8),
        *LIST_COLUMNS[6:],
        *LIST_EXTRAS,
    ),
    states=(
        State("open", "Ouvert", "O", "Ouverts"),
        State("closed", "Terminé", "T", "Terminés", "√", "settled"),
        State("dropped", "Sans suite", "S", "Sans suite"),
    ),
    initial="open",
    moves=(
        Move("open", "closed", barrier=True),
        Move("closed", "open", barrier=True),
        Move("open", "dropped"),
        Move("dropped", "open"),
    ),
    marks=(
        Mark("planned", "Planifié", "work_planned", "○", "planned", field="planned_date"),
        Mark("printed", "Imprimé", "work_printed"),
        Mark("to_sync", "À synchroniser", "work_to_sync", front=False),
        Mark("signed", "Signé", "work_signed"),
        Mark("held", "Retenu", "work_held", "!", "danger", "Rapports retenus", front=False),
        Mark("billed", "Facturé", "note_billed", "√", "settled"),
        Mark("partly", "En partie", "note_partly", "~", "settled", said=False),
        Mark(
            *("to_plan", "À planifier", "work_to_plan", "", "", "BI à planifier"),
            said=False,
            front=False,
        ),
        Mark(
            *("to_bill", "À facturer", "work_to_bill", "", "", "BI à facturer"),
            said=False,
            front=False,
        ),
    ),
    filters=("state", "customer", "salesperson", "branch", "period", "to_bill"),
    rules={
        "validate": PRINTABLE,
        "print": PRINTABLE[:1],
        "edit": ("editable_state", "work_editable"),
    },
    effects={"print": ("mark_printed", "log_event")},
    inbound=(
        Inbound(
            "quote",
            letter="I",
            pools=("order",),
            ready="quote_open",
            refusal=("Devis refusé ou sans suite", "remettez-le en attente dans Suivi"),
            header_fields=CARRIED,
            criteria=CRITERIA,
            effects=("accept_source",),
        ),
    ),
    copied_from=("quote", "order", "invoice"),
    line_locks={"closed": ("*", *FIGURES), "dropped": ("*", *FIGURES)},
    floors=("bill",),
    layout="work_order",
    mentions=("order",),
    side_table="document_work_order",
    parts=("visit", "machine"),
)

"""Bon de réception: what came in; its validation (F8) enters the stock (domain.md §7)."""

from __future__ import annotations

from ..spec import (
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
)
from .purchase import (
    CARRIED,
    CONDITIONS,
    CRITERIA,
    HEADER_LEFT,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    NOTES,
    ORDERABLE,
    PARTY,
    THEIR_REFERENCE,
    WAREHOUSE,
)
from .sales import FIGURES, LIST_EXTRAS, TEXTS, any_tabs

RECEIVED = Field(
    "received_on",
    "Reçu le",
    FieldType.DATE,
    store="side",
    width=10,
    locked_by=frozenset({"validated"}),
)

GOODS_RECEIPT = DocType(
    kind="goods_receipt",
    side=Side.PURCHASE,
    title="Bon de réception",
    plural="Bons de réception",
    gender="m",
    key="R",
    code="br",
    short="réception",
    numbering=Numbering("BR", "BR{yy}-{n:05}"),
    tabs=any_tabs(
        (
            Page(
                "Entête",
                HEADER_LEFT,
                ("date", "received_on", "supplier_reference", *HEADER_RIGHT),
            ),
            Page("Compléments", ("carrier", "warehouse_id", "notes")),
            Page("Textes", ("closing_text",)),
        ),
        LINE_COLUMNS,
    ),
    fields=(
        *(*PARTY, *CONDITIONS, TEXTS[1]),
        *(RECEIVED, THEIR_REFERENCE._replace(label="Leur BL")),
        Field("carrier", "Transporteur", store="side", width=20, max_length=60),
        *(WAREHOUSE._replace(locked_by=frozenset({"validated"})), NOTES),
    ),
    list_columns=(
        *LIST_COLUMNS[:6],
        Column("received_on", "Reçu", FieldType.DATE, width=8, source="side"),
        *LIST_COLUMNS[6:],
        *LIST_EXTRAS,
    ),
    states=(
        State("open", "Ouvert", "O", "Ouverts"),
        State("validated", "Validé", "V", "Validés", "√", "settled"),
    ),
    initial="open",
    moves=(Move("open", "validated", barrier=True),),
    marks=(
        Mark("open", "À valider", "receipt_open", "", "", "Réceptions à valider", said=False),
        Mark("billed", "Facturé", "note_billed", "√", "settled"),
        Mark("to_bill", "Non facturé", "receipt_to_bill", "", "", said=False),
    ),
    filters=("state", "customer", "salesperson", "branch", "period"),
    rules={"validate": ORDERABLE, "print": ORDERABLE, "edit": ("editable_state",)},
    effects={"print": ("mark_printed", "log_event"), "validate": ("stock_in",)},
    inbound=(
        *(
            Inbound(
                source,
                letter="R",
                relation="fulfil",
                pools=("deliver",),
                excess=True,
                proposes="to_deliver",
                header_fields=CARRIED,
                criteria=CRITERIA,
            )
            for source in ("purchase_order", "subcontract_order")
        ),
    ),
    line_locks={"validated": ("*", *FIGURES)},
    floors=("bill",),
    layout="goods_receipt",
    side_table="document_purchase",
)

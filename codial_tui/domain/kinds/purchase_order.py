"""Commande fournisseur: what is bought, made by hand, from needs or from a request (§7)."""

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
    DELIVERED_LEFT,
    DELIVERED_TO,
    EXPECTED,
    EXPECTED_COLUMN,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    NOTES,
    ORDERABLE,
    PARTY,
    THEIR_REFERENCE,
    WAREHOUSE,
)
from .sales import LIST_EXTRAS, TEXTS, any_tabs

_BY_NAME = {one.name: one for one in LINE_COLUMNS}
GIVEN_UP = Field("given_up_at", "Reste abandonné", FieldType.DATETIME, store="side", width=16)
COLUMNS = (
    *(_BY_NAME[name] for name in ("line_number", "sign", "reference", "label", "quantity")),
    Column("delivered", "Reçu", FieldType.QUANTITY, width=6, source="provider:order_progress"),
    Column("rest", "Reste", FieldType.QUANTITY, width=6, source="provider:order_progress"),
    *(one for one in LINE_COLUMNS[5:] if one.name != "delivery_date"),
    _BY_NAME["delivery_date"]._replace(label="Attendu", hidden_below=100),
)
"""What a buyer looks at: how much came, how much is still to come."""

PURCHASE_ORDER = DocType(
    kind="purchase_order",
    side=Side.PURCHASE,
    title="Commande fournisseur",
    plural="Commandes fournisseur",
    gender="f",
    key="C",
    code="cf",
    short="commande",
    numbering=Numbering("CF", "CF{yy}-{n:05}"),
    tabs=any_tabs(
        (
            Page("Entête", DELIVERED_LEFT, ("date", "expected_date", *HEADER_RIGHT)),
            Page("Compléments", ("supplier_reference", "warehouse_id", "notes")),
            Page("Textes", ("opening_text", "closing_text")),
        ),
        COLUMNS,
    ),
    fields=(
        *(*PARTY, *DELIVERED_TO, *CONDITIONS, *TEXTS),
        *(EXPECTED, THEIR_REFERENCE, WAREHOUSE, NOTES, GIVEN_UP),
    ),
    list_columns=(*LIST_COLUMNS[:6], EXPECTED_COLUMN, *LIST_COLUMNS[6:], *LIST_EXTRAS),
    states=(
        State("open", "Ouverte", "O", "Ouvertes"),
        State("sent", "Envoyée", "E", "Envoyées"),
    ),
    initial="open",
    moves=(Move("open", "sent", barrier=True),),
    marks=(
        Mark("received", "Reçue", "purchase_received", "√", "settled"),
        Mark("closed", "Reste abandonné", "purchase_closed", "√", "settled"),
        Mark("partly", "En partie", "purchase_partly", "~", "settled", said=False),
        Mark("to_receive", "À recevoir", "to_receive", "", "", "Commandes à recevoir", said=False),
        Mark("late", "En retard", "purchase_late", "!", "danger", "Fournisseurs en retard"),
        Mark("to_bill", "Non facturée", "purchase_to_bill", "", "", said=False),
    ),
    filters=("state", "customer", "salesperson", "branch", "period"),
    rules={"validate": ORDERABLE, "print": ORDERABLE, "edit": ("editable_state",)},
    effects={"print": ("mark_printed", "mark_sent", "log_event")},
    inbound=(
        Inbound(
            "purchase_request",
            letter="C",
            pools=("order",),
            header_fields=CARRIED,
            criteria=CRITERIA,
            supplies=True,
        ),
        Inbound(
            "price_request",
            letter="C",
            header_fields=(*CARRIED, "expected_date"),
            criteria=CRITERIA,
            effects=("close_request",),
            supplies=True,
            offered=True,
        ),
    ),
    floors=("deliver", "bill"),
    layout="purchase_order",
    mentions=("purchase_order",),
    side_table="document_purchase",
)

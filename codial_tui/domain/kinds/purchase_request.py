"""Demande d'achat: what somebody in the house asks for; no supplier is needed yet."""

from __future__ import annotations

from ..spec import DocType, Mark, Numbering, Page, Side, State
from .purchase import (
    CONDITIONS,
    EXPECTED,
    EXPECTED_COLUMN,
    HEADER_LEFT,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    NOTES,
    PARTY,
    WAREHOUSE,
)
from .sales import LIST_EXTRAS, TEXTS, any_tabs

PURCHASE_REQUEST = DocType(
    kind="purchase_request",
    side=Side.PURCHASE,
    title="Demande d'achat",
    plural="Demandes d'achat",
    gender="f",
    key="A",
    code="da",
    short="demande",
    numbering=Numbering("DA", "DA{yy}-{n:05}"),
    tabs=any_tabs(
        (
            Page("Entête", HEADER_LEFT, ("date", "expected_date", *HEADER_RIGHT)),
            Page("Compléments", ("warehouse_id", "notes")),
            Page("Textes", ("closing_text",)),
        ),
        LINE_COLUMNS,
    ),
    fields=(
        *(PARTY[0]._replace(required=False), *PARTY[1:], *CONDITIONS, TEXTS[1]),
        *(EXPECTED._replace(label="Pour le"), WAREHOUSE, NOTES),
    ),
    list_columns=(*LIST_COLUMNS[:6], EXPECTED_COLUMN, *LIST_COLUMNS[6:], *LIST_EXTRAS),
    states=(State("open", "Ouverte", "O", "Ouvertes"),),
    initial="open",
    marks=(
        Mark("ordered", "Commandée", "request_ordered", "√", "settled"),
        Mark("to_order", "À commander", "request_to_order", "", "", "Achats demandés", said=False),
    ),
    filters=("state", "salesperson", "branch", "period"),
    rules={"validate": ("has_lines",), "print": ("has_lines",), "edit": ("editable_state",)},
    effects={"print": ("mark_printed", "log_event")},
    floors=("order",),
    layout="purchase_request",
    side_table="document_purchase",
    unpriced=True,
    without_party={"subject": ""},
)

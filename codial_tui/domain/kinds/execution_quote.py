"""Devis d'exécution: the planned side of needs and consumption; a copy, never transferred."""

from __future__ import annotations

from ..spec import DocType, Inbound, Numbering, Page, Side, State
from .sales import (
    CARRIED,
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

EXECUTION_QUOTE = DocType(
    kind="execution_quote",
    side=Side.SALE,
    title="Devis d'exécution",
    plural="Devis d'exécution",
    gender="m",
    key="X",
    code="dx",
    numbering=Numbering("DX", "DX{yy}-{n:05}"),
    tabs=tabs(
        (
            Page("Entête", HEADER_LEFT, ("date", *HEADER_RIGHT)),
            Page("Textes", ("closing_text",)),
        ),
        LINE_COLUMNS,
    ),
    fields=(*PARTY, *CONDITIONS, TEXTS[1]),
    list_columns=(*LIST_COLUMNS, *LIST_EXTRAS),
    states=(State("open", "Ouvert", "O", "Ouverts"),),
    initial="open",
    filters=("state", "customer", "salesperson", "branch", "period"),
    rules={"validate": ("has_lines",), "print": ("never_printed",), "edit": ("editable_state",)},
    inbound=(
        Inbound(
            "quote",
            letter="E",
            ready="quote_open",
            refusal=("Devis refusé ou sans suite", "remettez-le en attente dans Suivi"),
            header_fields=CARRIED,
            effects=("accept_source",),
        ),
        Inbound("order", letter="E", header_fields=CARRIED),
    ),
    editions=frozenset({"enterprise"}),
    by_hand=False,
    layout="execution_quote",
    side_table="document_execution_quote",
)

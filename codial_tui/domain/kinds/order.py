"""Commande client: what is to be delivered and billed (domain.md §2)."""

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
    HEADER_LEFT,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    LIST_EXTRAS,
    PARTY,
    PRINTABLE,
    SHIPPING,
    TEXTS,
    tabs,
)

OWN = (
    *SHIPPING,
    Field("is_web", "Internet", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field("given_up_at", "Reste abandonné", FieldType.DATETIME, store="side", width=16),
    Field("consumption_at", "Suivi depuis", FieldType.DATETIME, store="side", width=16),
)

_BY_NAME = {one.name: one for one in LINE_COLUMNS}
COLUMNS = (
    *(_BY_NAME[name] for name in ("line_number", "sign", "reference", "label", "quantity")),
    Column("delivered", "Livré", FieldType.QUANTITY, width=6, source="provider:order_progress"),
    Column("rest", "Reste", FieldType.QUANTITY, width=6, source="provider:order_progress"),
    Column("to_deliver", "À livrer", FieldType.QUANTITY, width=8, editable=True),
    _BY_NAME["unit"],
    _BY_NAME["unit_price"]._replace(hidden_below=100),
    _BY_NAME["discounts"]._replace(hidden_below=100),
    _BY_NAME["amount"]._replace(hidden_below=120),
    *LINE_COLUMNS[9:],
)
"""What a counter looks at in an order: how much went, how much is left (ux.md §6)."""

ORDER = DocType(
    kind="order",
    side=Side.SALE,
    title="Commande",
    plural="Commandes",
    gender="f",
    key="C",
    code="cc",
    numbering=Numbering("CC", "CC{yy}-{n:05}"),
    tabs=tabs(
        (
            Page("Entête", HEADER_LEFT, ("date", *HEADER_RIGHT)),
            Page(
                "Compléments",
                ("planned_date", "shipping_mode", "parcel_weight", "customer_reference", "notes"),
                ("is_web",),
            ),
            Page("Textes", ("closing_text",)),
        ),
        COLUMNS,
        Tab(
            *("consumption", "Consommation", "C", "consumption"),
            short="Conso",
            when="consumption_at",
        ),
    ),
    fields=(*PARTY, *CONDITIONS, TEXTS[1], *OWN),
    list_columns=(
        *LIST_COLUMNS,
        Column("planned_date", "Livraison", FieldType.DATE, width=9, hidden_below=120),
        *LIST_EXTRAS,
    ),
    states=(
        State("open", "Ouverte", "O", "Ouvertes"),
        State("processed", "Traitée", "T", "Traitées"),
    ),
    initial="open",
    moves=(Move("open", "processed", barrier=True),),
    marks=(
        Mark("settled", "Soldée", "order_settled", "√", "settled"),
        Mark("closed", "Terminée", "order_closed", "√", "settled"),
        Mark(
            *("supply_late", "Appro en retard", "supply_late", "!", "danger"),
            todo="Appros en retard",
            front=False,
        ),
        Mark("partly", "En partie", "order_partly", "~", "settled", said=False),
        Mark("to_deliver", "À livrer", "to_deliver", "", "", "Commandes à livrer", said=False),
        Mark("to_bill", "À facturer", "order_to_bill", "", "", said=False),
        Mark("web", "Internet", "order_web", "@", "", said=False),
    ),
    filters=(
        *("state", "customer", "salesperson", "branch", "period"),
        *("to_deliver", "to_bill", "supply_late"),
    ),
    rules={"validate": PRINTABLE, "print": PRINTABLE, "edit": ("editable_state",)},
    effects={"print": ("mark_printed", "mark_processed", "log_event")},
    inbound=(
        Inbound(
            "quote",
            letter="C",
            pools=("order",),
            ready="quote_open",
            refusal=("Devis refusé ou sans suite", "remettez-le en attente dans Suivi"),
            header_fields=CARRIED,
            criteria=CRITERIA,
            effects=("accept_source",),
        ),
    ),
    copied_from=("quote", "delivery_note", "invoice"),
    floors=("deliver", "bill"),
    layout="order",
    mentions=("order",),
    side_table="document_order",
    deposits=True,
)

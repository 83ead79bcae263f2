"""Facture: provisional here; its validation, deposits and credit notes come with invoicing."""

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
    YES_NO,
    tabs,
)

NATURES = (("direct", "Directe"), ("deposit", "Acompte"), ("progress", "Situation"))

OWN = (
    Field("nature", "Nature", FieldType.CHOICE, store="side", choices=NATURES, width=9),
    Field("is_credit", "Avoir", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field("vat_on_debits", "TVA débits", FieldType.BOOL, store="side", choices=YES_NO, width=4),
    Field("due_date", "Échéance", FieldType.DATE, store="side", width=10),
    Field("delivery_date", "Livré le", FieldType.DATE, store="side", width=10),
    Field("customer_reference", "Leur commande", width=20, max_length=40),
    Field(
        "deposits",
        "Acomptes",
        FieldType.CHOICE,
        store="side",
        choices=(("auto", "Automatique"), ("manual", "À la main")),
        width=12,
        help="A : ceux de la commande sont déduits par le programme. M : vous tapez les lignes.",
    ),
    Field(
        "goods_back",
        "Reprise",
        FieldType.BOOL,
        store="side",
        choices=YES_NO,
        width=4,
        help="D'un avoir : la marchandise revient en stock à la validation.",
    ),
)

INVOICE = DocType(
    kind="invoice",
    side=Side.SALE,
    title="Facture",
    plural="Factures",
    gender="f",
    key="F",
    code="fa",
    numbering=Numbering("FA", "FA{yy}-{n:05}", given="validate", gapless=True),
    tabs=tabs(
        (
            Page(
                "Entête",
                HEADER_LEFT,
                ("date", *HEADER_RIGHT, "vat_on_debits", "delivery_date", "customer_reference"),
            ),
            Page("Textes", ("closing_text",)),
        ),
        LINE_COLUMNS,
    ),
    fields=(*PARTY, *CONDITIONS, TEXTS[1], *OWN),
    list_columns=(
        *LIST_COLUMNS,
        Column("due_date", "Échéance", FieldType.DATE, width=8, source="side", hidden_below=120),
        *LIST_EXTRAS,
    ),
    states=(
        State("provisional", "Provisoire", "P", "Provisoires"),
        State("validated", "Validée", "V", "Validées", "√", "settled"),
        State("printed", "Imprimée", "I", "Imprimées", "√", "settled"),
        State("posted", "Comptabilisée", "C", "Comptabilisées", "√", "settled"),
    ),
    initial="provisional",
    moves=(
        Move("provisional", "validated", barrier=True),
        Move("validated", "printed", barrier=True),
        Move("printed", "posted", barrier=True),
    ),
    marks=(
        Mark(
            "provisional",
            "Provisoire",
            "invoice_provisional",
            "",
            "",
            "Factures à valider",
            said=False,
        ),
    ),
    filters=("state", "customer", "salesperson", "branch", "period"),
    rules={
        "validate": PRINTABLE,
        "print": ("validated_state", *PRINTABLE),
        "edit": ("editable_state", "not_validated"),
    },
    effects={
        "validate": ("stock_taken_along", "keep_original"),
        "print": ("mark_printed", "mark_state_printed", "make_instalments", "log_event"),
    },
    inbound=(
        Inbound(
            "quote",
            letter="F",
            pools=("order",),
            ready="quote_open",
            refusal=("Devis refusé ou sans suite", "remettez-le en attente dans Suivi"),
            header_fields=CARRIED,
            criteria=CRITERIA,
            effects=("accept_source",),
        ),
        Inbound(
            "order",
            letter="F",
            relation="bill",
            pools=("bill",),
            asks="deliver",
            header_fields=CARRIED,
            criteria=CRITERIA,
        ),
        Inbound(
            "delivery_note",
            letter="F",
            relation="bill",
            pools=("bill",),
            through=("bill",),
            ready="note_billable",
            refusal=("Un bon de livraison se facture une fois imprimé", "imprimez-le : F3"),
            header_fields=CARRIED,
            criteria=CRITERIA,
        ),
    ),
    copied_from=("quote", "order", "delivery_note"),
    line_locks=dict.fromkeys(("validated", "printed", "posted"), ("*", *FIGURES)),
    layout="invoice",
    mentions=("invoice",),
    side_table="document_invoice",
    parts=("reference", "deduction", "use"),
)

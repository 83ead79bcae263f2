"""Facture fournisseur: recorded and listed; nothing is matched to it and no stock moves (§6)."""

from __future__ import annotations

from ..spec import Column, DocType, Field, FieldType, Inbound, Mark, Numbering, Page, Side, State
from .purchase import (
    CARRIED,
    CONDITIONS,
    CRITERIA,
    HEADER_LEFT,
    HEADER_RIGHT,
    LINE_COLUMNS,
    LIST_COLUMNS,
    PARTY,
    TOTAL,
)
from .sales import LIST_EXTRAS, TEXTS, any_tabs

OWN = (
    Field(
        "supplier_number",
        "Leur numéro",
        store="side",
        width=20,
        max_length=40,
        help="Le numéro que porte la facture ; deux fois le même est refusé.",
    ),
    Field("supplier_key", "Clé", store="side"),
    Field("due_date", "Échéance", FieldType.DATE, store="side", width=10),
    Field(
        "stated_gross",
        "TTC annoncé",
        FieldType.CENTS,
        store="side",
        width=14,
        help="Le total de leur facture ; un écart avec les lignes se voit dans la liste.",
    ),
    Field("customer_reference", "Notre commande", width=20, max_length=40),
)

SUPPLIER_INVOICE = DocType(
    kind="supplier_invoice",
    side=Side.PURCHASE,
    title="Facture fournisseur",
    plural="Factures fournisseur",
    gender="f",
    key="F",
    code="ff",
    short="fact. reçue",
    numbering=Numbering("FF", "FF{yy}-{n:05}"),
    tabs=any_tabs(
        (
            Page(
                "Entête",
                HEADER_LEFT,
                (
                    *("date", "supplier_number", "due_date", "stated_gross"),
                    *("customer_reference", "", *HEADER_RIGHT),
                ),
            ),
            Page("Textes", ("closing_text",)),
        ),
        LINE_COLUMNS,
    ),
    fields=(*PARTY, *CONDITIONS, TEXTS[1], *OWN),
    list_columns=(
        *LIST_COLUMNS[:3],
        Column("supplier_number", "Leur n°", width=12, shrinks=True, source="side"),
        *LIST_COLUMNS[4:5],
        TOTAL,
        Column("due_date", "Échéance", FieldType.DATE, width=8, source="side"),
        *LIST_COLUMNS[6:],
        LIST_EXTRAS[0],
    ),
    states=(State("recorded", "Enregistrée", "E", "Enregistrées"),),
    initial="recorded",
    filters=("state", "customer", "salesperson", "branch", "period"),
    rules={
        "validate": ("has_supplier", "has_lines", "known_rates", "amounts_in_bounds", "as_stated"),
        "print": ("received_paper",),
        "edit": ("editable_state",),
    },
    inbound=(
        Inbound(
            "goods_receipt",
            letter="F",
            relation="bill",
            pools=("bill",),
            through=("bill",),
            ready="receipt_validated",
            refusal=("Une réception se facture une fois validée", "validez-la : F8"),
            header_fields=CARRIED,
            criteria=CRITERIA,
        ),
        *(
            Inbound(
                source,
                letter="F",
                relation="bill",
                pools=("bill",),
                header_fields=CARRIED,
                criteria=CRITERIA,
            )
            for source in ("purchase_order", "subcontract_order")
        ),
    ),
    matched=True,
    marks=(
        Mark("unmatched", "À rapprocher", "purchase_to_bill", "", "", "À rapprocher", said=False),
        Mark("matched", "Rapprochée", "note_billed", "√", "settled"),
    ),
    layout="supplier_invoice",
    side_table="document_supplier_invoice",
)

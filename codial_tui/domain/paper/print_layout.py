"""Print layouts: which columns and blocks a kind has on paper, declared once and found by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .paper import PaperColumn

LINE_BLOCKS = ("opening", "lines", "options", "totals", "terms", "closing")
LEGAL_BLOCKS = ("mentions", "certification", "signature")
PROGRESS = ("ordered", "before", "rest")
"""Cells of a delivery note that comes from an order."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a kind is printed.

    columns: names resolved by `domain.compose_rows.CELLS`; `{mode}` in a label is HT or TTC.
    folds: columns left out when no line (or every line alike) fills them. blocks: in order,
    resolved by `domain.compose.BLOCKS`. family: layouts the preview offers for one another.
    title: in place of the kind's; usual_for: natures of documents for which it comes first.
    blank: rooms to fill in by hand where nothing is known yet.
    """

    name: str
    label: str
    columns: tuple[PaperColumn, ...]
    blocks: tuple[str, ...] = LINE_BLOCKS + LEGAL_BLOCKS
    folds: tuple[str, ...] = ("reference", "discounts", "vat_rate", "unit", *PROGRESS)
    family: str = ""
    place_label: str = "Adresse de livraison"
    signature: str = "Bon pour accord"
    signer: str = "du client"
    carries: bool = True
    title: str = ""
    usual_for: tuple[str, ...] = ()
    blank: bool = False


NUMBER = PaperColumn("number", "N°", 9, 4)
REFERENCE = PaperColumn("reference", "Référence", 20, 9)
LABEL = PaperColumn("label", "Désignation")
ORDERED = PaperColumn("ordered", "Cdé", 12, 6, right=True, spare=True)
BEFORE = PaperColumn("before", "Déjà livré", 12, 6, right=True, spare=True)
CAME = replace(BEFORE, label="Déjà reçu")
REST = PaperColumn("rest", "Reste", 12, 6, right=True)
QUANTITY = PaperColumn("quantity", "Qté", 14, 8, right=True)
UNIT = PaperColumn("unit", "U", 9, 3)
UNIT_PRICE = PaperColumn("unit_price", "P.U. {mode}", 20, 10, right=True)
DISCOUNTS = PaperColumn("discounts", "Rem.", 12, 5, right=True)
VAT_RATE = PaperColumn("vat_rate", "TVA", 11, 5, right=True)
AMOUNT = PaperColumn("amount", "Montant {mode}", 24, 12, right=True)

_LAYOUTS: dict[str, Layout] = {}


def register_layout(layout: Layout) -> Layout:
    """Add a layout. Raises ValueError when its name is taken or it has no designation."""
    if layout.name in _LAYOUTS:
        raise ValueError(f"layout {layout.name} is registered already")
    if sum(not column.width for column in layout.columns) != 1:
        raise ValueError(f"layout {layout.name} needs exactly one column without a width")
    _LAYOUTS[layout.name] = layout
    return layout


def unregister_layout(name: str) -> None:
    """Take a layout out again (tests that invent one)."""
    _LAYOUTS.pop(name, None)


def layout(name: str) -> Layout:
    """A registered layout. Raises KeyError."""
    return _LAYOUTS[name]


def layout_names() -> frozenset[str]:
    """The names a declaration may use."""
    return frozenset(_LAYOUTS)


def alternatives(name: str) -> tuple[Layout, ...]:
    """The layouts of the same family, the named one first."""
    chosen = layout(name)
    others = (one for one in _LAYOUTS.values() if chosen.family and one.family == chosen.family)
    return (chosen, *(one for one in others if one is not chosen))


register_layout(
    Layout(
        "quote",
        "négoce",
        (REFERENCE, LABEL, QUANTITY, UNIT, UNIT_PRICE, DISCOUNTS, VAT_RATE, AMOUNT),
        family="quote",
    )
)
register_layout(
    Layout(
        "quote_works",
        "bâtiment",
        (NUMBER, LABEL, QUANTITY, UNIT, UNIT_PRICE, DISCOUNTS, VAT_RATE, AMOUNT),
        family="quote",
        place_label="Adresse du chantier",
    )
)
for _name, _signature in (
    ("order", "Bon pour commande"),
    ("invoice", ""),
    ("execution_quote", ""),
    ("supplier_invoice", ""),
):
    register_layout(
        Layout(
            _name,
            "négoce",
            (REFERENCE, LABEL, QUANTITY, UNIT, UNIT_PRICE, DISCOUNTS, VAT_RATE, AMOUNT),
            blocks=(
                *LINE_BLOCKS[:-1],
                *(("payment_code",) if _name == "invoice" else ()),
                *LINE_BLOCKS[-1:],
                *(LEGAL_BLOCKS if _signature else ("mentions",)),
            ),
            family=_name,
            signature=_signature,
            title="Bon de commande" if _name == "order" else "",
        )
    )
for _name, _label, _title, _columns in (
    (
        *("work_order", "chiffré", "Rapport d'intervention"),
        (REFERENCE, LABEL, QUANTITY, UNIT, UNIT_PRICE, DISCOUNTS, VAT_RATE, AMOUNT),
    ),
    (
        *("work_order_plain", "sans prix", "Rapport d'intervention"),
        (REFERENCE, LABEL, QUANTITY, UNIT),
    ),
    (
        *("work_sheet", "à remplir", "Bon d'intervention"),
        (REFERENCE, LABEL, QUANTITY, UNIT),
    ),
):
    _sums = ("totals",) if _name == "work_order" else ()
    register_layout(
        Layout(
            _name,
            _label,
            _columns,
            blocks=(
                *("opening", "machines", "times", "lines", *_sums, "closing"),
                *("signature", "photos"),
            ),
            family="work_order",
            place_label="Lieu de l'intervention",
            signature="Travaux faits, bon pour accord",
            carries=_name == "work_order",
            title=_title,
            blank=_name == "work_sheet",
        )
    )
for _name, _title in (
    ("purchase_order", "Bon de commande"),
    ("subcontract_order", "Commande de sous-traitance"),
):
    register_layout(
        Layout(
            _name,
            "chiffré",
            (REFERENCE, LABEL, QUANTITY, UNIT, UNIT_PRICE, DISCOUNTS, AMOUNT),
            blocks=(
                *(*LINE_BLOCKS, "mentions"),
                *(("signature",) if _name == "subcontract_order" else ()),
            ),
            family=_name,
            signer="du sous-traitant",
            title=_title,
        )
    )
for _name in ("purchase_request", "price_request", "goods_receipt", "supplier_return"):
    register_layout(
        Layout(
            _name,
            "sans prix",
            (
                (REFERENCE, LABEL, ORDERED, CAME, QUANTITY, REST, UNIT)
                if _name == "goods_receipt"
                else (REFERENCE, LABEL, QUANTITY, UNIT)
            ),
            blocks=("opening", "lines", "closing"),
            family=_name,
            carries=False,
        )
    )
register_layout(
    Layout(
        "order_receipt",
        "accusé",
        (REFERENCE, LABEL, QUANTITY, UNIT, UNIT_PRICE, DISCOUNTS, VAT_RATE, AMOUNT),
        blocks=(*LINE_BLOCKS, "mentions"),
        family="order",
        title="Accusé de réception de commande",
    )
)
register_layout(
    Layout(
        "delivery_note",
        "chiffré",
        (REFERENCE, LABEL, ORDERED, QUANTITY, REST, UNIT, UNIT_PRICE, DISCOUNTS, AMOUNT),
        blocks=("opening", "lines", "totals", "closing", "signature"),
        family="delivery_note",
        signature="Reçu conforme",
    )
)
register_layout(
    Layout(
        "delivery_note_plain",
        "sans prix",
        (REFERENCE, LABEL, ORDERED, BEFORE, QUANTITY, REST, UNIT),
        blocks=("opening", "lines", "closing", "signature"),
        family="delivery_note",
        signature="Reçu conforme",
        carries=False,
        usual_for=("internal",),
    )
)

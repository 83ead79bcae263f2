"""Schema 23: what an order really consumed (domain.md §7)."""

from __future__ import annotations

from ..dialect import Dialect

ENTRY = """
    id          id+
    uid         uid
    document_id ref! document   # the order
    kind        choice use|cost|spend|unfitted|reversal
    what        text            # uid of the planned line, or what an unplanned item goes by
    planned     flag
    item_id     ref item
    reference   text
    label       text
    unit        text
    category    text            # of cost
    quantity    int             # 10⁻⁴, signed
    unit_cost   int             # 10⁻⁴ for price_per
    price_per   positive=10000
    typed       flag            # the cost was typed: no supplier's invoice changes it
    amount      int             # cents, of a supplier's invoice
    source_uid  text            # line of the supplier's invoice
    source_ref  text
    date        date!
    worker_id   ref app_user
    worker_name text
    reverses    ref consumption_entry
    at          moment!
    user_id     ref! app_user
    user_name   text
"""
OUT = """
    id          id
    order_id    own document
    what        text
    line_uid    text            # of a delivery note; the line itself says how much
"""
CLOSED = "consumption.closed|Une saisie de consommation ne se modifie pas|contre-passez-la"
BILLED = "consumption.note|Un bon de consommation ne se facture pas|il reste interne"


def apply(dialect: Dialect) -> None:
    dialect.create_table(
        "consumption_entry",
        ENTRY,
        {
            "reverses": "UNIQUE (reverses)",  # once
            "kind": "CHECK ((kind = 'reversal') = (reverses IS NOT NULL))",
            "unit_cost": "CHECK (unit_cost >= 0)",
        },
    )
    dialect.create_index("consumption_entry", "document_id, what")
    dialect.create_index("consumption_entry", "source_uid", where="source_uid <> ''")
    dialect.append_only("consumption_entry", CLOSED)
    dialect.create_table("consumption_out", OUT, {"line_uid": "UNIQUE (line_uid)"})
    dialect.create_index("consumption_out", "order_id, what")
    dialect.add_column("document_order", "consumption_at moment")  # it is followed since
    dialect.add_column("document_delivery_note", "consumption_of ref document")  # the order
    dialect.create_index(
        "document_delivery_note", "consumption_of", where="consumption_of IS NOT NULL"
    )
    dialect.refuse(
        "document_delivery_note__consumption",
        "document_delivery_note",
        "UPDATE",
        BILLED,
        "OLD.consumption_of IS NOT NULL AND (NEW.consumption_of IS NULL "
        "OR NEW.consumption_of <> OLD.consumption_of OR NEW.nature <> 'internal')",
    )

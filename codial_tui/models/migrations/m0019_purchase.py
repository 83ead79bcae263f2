"""Schema 19: buying (domain.md §7): orders to suppliers, receipts, returns."""

from __future__ import annotations

from ..dialect import Dialect

PURCHASE = """
    document_id        key document
    expected_date      date     # when the supplier says it comes
    supplier_reference text     # the number of their confirmation, or of their delivery note
    received_on        date     # of a receipt: when the goods came
    carrier            text
    sent_on            date     # of an order: when it left
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table("document_purchase", PURCHASE)
    dialect.create_index("document_purchase", "expected_date", where="expected_date IS NOT NULL")
    # several projects may share one order (domain.md §4): each line keeps its own
    dialect.add_column("document_line", "project_id ref project")
    dialect.create_index(
        "stock_move",
        "line_uid",
        unique=True,
        where="reason IN ('receipt', 'supplier_return')",
        name="stock_move__received",
    )

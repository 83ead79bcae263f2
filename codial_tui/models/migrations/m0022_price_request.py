"""Schema 22: suppliers asked for prices, and what they answered line by line (domain.md §7)."""

from __future__ import annotations

from ..dialect import Dialect

ASKED = """
    id          id
    uid         uid
    request_id  own document
    supplier_id ref! party
    sent_at     moment?      # when their letter left
    sent_by     text
"""
ANSWER = """
    id          id
    asked_id    own price_asked
    line_uid    text         # of the request: an answer outlives an undone deletion
    price       int          # 10⁻⁴ for the price_per of the line, before the discount
    discount    int          # 10⁻⁶
    minimum     int          # 10⁻⁴: the least they deliver
    delay_days  int?
    declined    flag         # they do not supply it
    chosen      flag
    answered_at moment!
    answered_by text
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table("price_asked", ASKED, {"once": "UNIQUE (request_id, supplier_id)"})
    dialect.create_index("price_asked", "supplier_id")
    dialect.create_table(
        "price_answer",
        ANSWER,
        {
            "once": "UNIQUE (asked_id, line_uid)",
            "price": "CHECK ((declined = 1 AND chosen = 0) OR price > 0)",
            "discount": "CHECK (discount BETWEEN 0 AND 999999)",
            "minimum": "CHECK (minimum >= 0)",
            "delay_days": "CHECK (delay_days BETWEEN 0 AND 3650)",
        },
    )
    # what is ordered of a purchase request is kept where others have what was delivered
    dialect.execute(
        "UPDATE document SET delivery = 'none' WHERE kind = 'purchase_request' AND EXISTS "
        "(SELECT 1 FROM document_line l WHERE l.document_id = document.id AND l.quantity <> 0)"
    )
    # a line is bought of one supplier
    dialect.create_index(
        "price_answer", "line_uid", unique=True, where="chosen = 1", name="price_answer__chosen"
    )

"""Schema 4: a default warehouse; the instalments of payment terms as rows, not as JSON."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.add_column("warehouse", "is_default flag")
    dialect.execute(
        "UPDATE warehouse SET is_default = 1 "
        "WHERE id = (SELECT MIN(id) FROM warehouse WHERE active = 1)"
    )
    dialect.create_table(
        "payment_instalment",
        """
        id           id
        terms_id     own payment_terms
        share        int        # 10⁻⁶ of the gross total; what is left follows the terms
        days         int
        end_of_month flag
        day_of_month int        # 0: none
        """,
        {"share": "CHECK (share BETWEEN 1 AND 1000000)"},
    )
    dialect.create_index("payment_instalment", "terms_id")
    dialect.execute("ALTER TABLE payment_terms DROP COLUMN instalments")

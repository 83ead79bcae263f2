"""Schema 8: what lists of documents are filtered and sorted by, as indexes in their order that
also hold the state and what a list adds up (`net_total`)."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    for column in ("party_id", "salesperson_id", "branch_id"):
        dialect.create_index("document", f"kind, {column}, date, id, state, net_total")
    dialect.create_index("document", "kind, gross_total, id, net_total")
    for column in ("delivery", "billing"):
        dialect.drop_index(f"document__kind_{column}_date")
        dialect.create_index(
            "document",
            "kind, date, id, state, net_total",
            where=f"{column} IN ('none', 'part')",
            name=f"document__{column}_left",
        )

"""Schema 5: lists of a million documents. What a document is found by, folded and indexed; the
orders of a list as indexes that also hold what a list adds up (`net_total`)."""

from __future__ import annotations

from ...domain.text import fold
from ..dialect import Dialect

HERE = "COALESCE((SELECT station FROM company WHERE id = 1), 'office')"
PAGE = 5_000


def apply(dialect: Dialect) -> None:
    dialect.add_column("document", "search_text text")
    # documents of other stations are filled in too
    dialect.drop_trigger("document__elsewhere", "document")
    _fill(dialect)
    dialect.refuse(
        "document__elsewhere",
        "document",
        "UPDATE",
        "document.elsewhere|Ce document est sur une station|reprenez-le d'abord",
        f"OLD.location <> {HERE} AND NEW.location <> {HERE}",
    )
    dialect.search_index("document")
    dialect.rebuild_index("document")
    for short, on in (
        ("document__kind_date_id", "kind, date, id, net_total"),
        ("document__kind_state_date", "kind, state, date, id, net_total"),
        ("document__kind_party_name_fold", "kind, party_name_fold, id, net_total"),
    ):
        dialect.drop_index(short)
        dialect.create_index("document", on)
    dialect.create_index("document", "kind, number, id, net_total")
    dialect.create_index("document", "kind, net_total, id")


def _fill(dialect: Dialect) -> None:
    last = 0
    while rows := dialect.rows(
        "SELECT id, number, party_code, party_name, subject, customer_reference FROM document "
        f"WHERE id > ? ORDER BY id LIMIT {PAGE}",
        (last,),
    ):
        dialect.executemany(
            "UPDATE document SET search_text = ? WHERE id = ?",
            [(fold(" ".join(filter(None, texts))), key) for key, *texts in rows],
        )
        last = rows[-1][0]

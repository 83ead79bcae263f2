"""Who a customer at the counter most probably is: search, ordered by who was here last."""

from __future__ import annotations

from codial_tui.domain.kinds import doc_types
from codial_tui.domain.spec import Side
from codial_tui.domain.text import fold, words
from codial_tui.services.context import Context

from . import parties
from .parties import PartyHit


def search(
    context: Context, text: str, *, role: str = "customer", limit: int = parties.SEARCH_LIMIT
) -> list[PartyHit]:
    """Parties that hold every word typed: an exact code or name first, then names that start
    with the first word, and among equals those with the newest document."""
    wanted = words(text)
    if not wanted:
        return []
    whole = fold(text.strip())
    hits = parties.search(context, text, role=role)
    last = _last_documents(context, [hit.id for hit in hits])

    def order(hit: PartyHit) -> tuple[bool, bool, int, str]:
        name = fold(hit.name)
        exact = whole in (name, fold(hit.code))
        return not exact, not name.startswith(wanted[0]), -last.get(hit.id, 0), name

    return sorted(hits, key=order)[:limit]


def recent(context: Context, limit: int, side: Side = Side.SALE) -> list[PartyHit]:
    """The parties of the newest documents of a side, newest first, the counter's own not among
    them; of the buying side the other suppliers by name behind them."""
    buying = side is Side.PURCHASE
    kinds = [one.kind for one in doc_types() if one.side is side]
    marks = ", ".join("?" * len(kinds))
    rows = context.database.rows(
        f"SELECT p.id, p.code, p.name, p.postcode, p.city, p.phone FROM party p "
        f"{'LEFT ' if buying else ''}JOIN "
        "(SELECT party_id, MAX(id) AS last FROM (SELECT id, party_id FROM document "
        f"WHERE party_id IS NOT NULL AND kind IN ({marks}) ORDER BY id DESC LIMIT 200) AS newest "
        "GROUP BY party_id) AS served ON served.party_id = p.id "
        f"WHERE p.blocked = 0 AND p.name <> ?{' AND p.is_supplier = 1' if buying else ''} "
        "ORDER BY COALESCE(served.last, 0) DESC, p.name_fold LIMIT ?",
        (*kinds, parties.COUNTER_NAME, limit),
    )
    return [PartyHit(*row) for row in rows]


def _last_documents(context: Context, ids: list[int]) -> dict[int, int]:
    if not ids:
        return {}
    return dict(
        context.database.rows(
            "SELECT party_id, MAX(id) FROM document "
            f"WHERE party_id IN ({', '.join('?' * len(ids))}) GROUP BY party_id",
            tuple(ids),
        )
    )

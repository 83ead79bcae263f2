"""What suppliers' invoices say an order cost: those matched to what was bought for it, and those
that were charged to it by hand, each line once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codial_tui.domain.buying.average_cost import Unconvertible, in_stock_unit
from codial_tui.domain.buying.consumption import Billed
from codial_tui.domain.document import Line
from codial_tui.domain.money import div_round
from codial_tui.models.queries import Queries

CHUNK = 400
_BILLED = (
    "SELECT k.source_line_id, k.quantity, p.quantity, p.unit, b.quantity, i.quantity, "
    "i.net_amount, COALESCE(t.unit, ''), COALESCE(t.purchase_unit, ''), "
    "COALESCE(t.purchase_factor, 1000000) FROM line_link k "
    "JOIN document_line p ON p.id = k.target_line_id "
    "JOIN line_link b ON b.source_line_id = p.id AND b.relation = 'bill' "
    "JOIN document_line i ON i.id = b.target_line_id JOIN document d ON d.id = i.document_id "
    "LEFT JOIN item t ON t.id = p.item_id "
    "WHERE k.relation = 'supply' AND d.kind = 'supplier_invoice' "
    "AND k.source_line_id IN ({}) ORDER BY k.id, b.id"
)
_CHARGED = (
    "SELECT e.source_uid, d.number FROM consumption_entry e "
    "JOIN document d ON d.id = e.document_id "
    "WHERE e.kind = 'spend' AND e.source_uid IN ({0}) AND NOT EXISTS "
    "(SELECT 1 FROM consumption_entry r WHERE r.reverses = e.id)"
)
_MATCHED = (
    "SELECT i.uid, d.number FROM document_line i "
    "JOIN line_link b ON b.target_line_id = i.id AND b.relation = 'bill' "
    "JOIN line_link k ON k.target_line_id = b.source_line_id AND k.relation = 'supply' "
    "JOIN document_line s ON s.id = k.source_line_id JOIN document d ON d.id = s.document_id "
    "WHERE i.uid IN ({0})"
)


def billed(database: Queries, lines: Sequence[Line]) -> dict[str, Billed]:
    """What is invoiced of each line, by uid: its part of what the purchase line's invoices say;
    what was ordered beyond the need is not its cost."""
    uids = {line.id: line.uid for line in lines if line.id is not None}
    ids = sorted(uids)
    found: dict[str, Billed] = {}
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        for row in database.rows(_BILLED.format(", ".join("?" * len(page))), page):
            line_id, bought, whole, unit, part, invoiced, net, *units = row
            factor = {"stock": units[0], "purchase": units[1], "factor": units[2]}
            there = in_stock_unit(whole, unit, **factor)
            came = in_stock_unit(part, unit, **factor)
            if isinstance(there, Unconvertible) or isinstance(came, Unconvertible):
                there, came = whole, part
            if not there or not invoiced:
                continue
            before = found.get(uids[line_id], Billed())
            own = min(bought, there)
            found[uids[line_id]] = Billed(
                before.quantity + div_round(came * own, there),
                before.amount + div_round(net * part * own, invoiced * there),
            )
    return found


def counted(database: Queries, uids: Iterable[str]) -> dict[str, str]:
    """By line of a supplier's invoice: the order whose consumption counts it already."""
    wanted = sorted(set(uids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), CHUNK):
        page = wanted[start : start + CHUNK]
        marks = ", ".join("?" * len(page))
        for sql in (_MATCHED, _CHARGED):
            found |= dict(database.rows(sql.format(marks), page))
    return found

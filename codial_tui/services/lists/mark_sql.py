"""The predicates of marks as conditions on the tables (d: document, s: its side table).

Each takes one parameter, the first day that is too late; a test proves that both say the same.
"""

from __future__ import annotations

_ANY_DAY = " AND ? <> ''"
_LEFT = "IN ('none', 'part')"
_TO_RECEIVE = f"d.state = 'sent' AND d.delivery {_LEFT} AND s.given_up_at IS NULL"

_PLANNED = "EXISTS (SELECT 1 FROM appointment a WHERE a.document_id = d.id)"

_EXPECTED = "COALESCE(t.delivery_date, u.expected_date)"
LATE_SUPPLY = (
    "d.id IN (SELECT COALESCE((SELECT MIN(w.source_id) FROM transfer w "
    "WHERE w.target_id = c.id AND w.undone_at IS NULL AND c.kind = 'execution_quote'), c.id) "
    "FROM document b JOIN document_purchase u ON u.document_id = b.id "
    "JOIN document_line t ON t.document_id = b.id "
    "JOIN line_link k ON k.target_line_id = t.id AND k.relation = 'supply' "
    "JOIN document_line q ON q.id = k.source_line_id JOIN document c ON c.id = q.document_id "
    "LEFT JOIN line_pool v ON v.line_id = t.id AND v.pool = 'deliver' "
    f"WHERE b.kind IN ('purchase_order', 'subcontract_order') AND b.delivery {_LEFT} "
    "AND NOT (b.kind = 'subcontract_order' AND b.billing = 'full') "
    "AND u.given_up_at IS NULL AND COALESCE(v.quantity - v.taken, t.quantity) > 0 "
    "AND (t.unit <> q.unit OR COALESCE(v.taken, 0) < (SELECT SUM(z.quantity) FROM line_link z "
    "WHERE z.target_line_id = t.id AND z.relation = 'supply')) "
    "AND c.id {those} "
    f"AND ({_EXPECTED} < ? OR {_EXPECTED} > COALESCE(q.delivery_date, c.planned_date)))"
)
"""Something bought for the document (or for what is planned of it) is still to come, and late or
expected later than the line it is for. Asked of the links, so that nothing has to be kept true.
those: which documents are looked at, `> 0` for all."""

MARK_SQL = {
    "quote_expired": "d.state = 'pending' AND s.valid_until < ?",
    "follow_up_due": "d.state = 'pending' AND s.next_action_at < ?",
    "order_settled": "d.delivery = 'full'" + _ANY_DAY,
    "order_closed": "(d.delivery = 'full' OR s.given_up_at IS NOT NULL)" + _ANY_DAY,
    "order_partly": "d.delivery = 'part' AND s.given_up_at IS NULL" + _ANY_DAY,
    "to_deliver": f"d.delivery {_LEFT} AND s.given_up_at IS NULL" + _ANY_DAY,
    "order_to_bill": f"d.billing {_LEFT}" + _ANY_DAY,
    "supply_late": f"d.delivery {_LEFT} AND s.given_up_at IS NULL "
    f"AND {LATE_SUPPLY.format(those='> 0')}",
    "order_web": "s.is_web = 1" + _ANY_DAY,
    "note_billed": "d.billing = 'full'" + _ANY_DAY,
    "note_partly": "d.billing = 'part'" + _ANY_DAY,
    "note_to_bill": f"d.billing {_LEFT} AND d.state = 'printed' AND s.nature <> 'internal'"
    + _ANY_DAY,
    "purchase_received": "d.delivery = 'full'" + _ANY_DAY,
    "purchase_partly": "d.delivery = 'part' AND s.given_up_at IS NULL" + _ANY_DAY,
    "purchase_closed": "d.delivery <> 'full' AND s.given_up_at IS NOT NULL" + _ANY_DAY,
    "to_receive": _TO_RECEIVE + _ANY_DAY,
    "purchase_late": _TO_RECEIVE + " AND s.expected_date < ?",
    "purchase_to_bill": f"d.billing {_LEFT}" + _ANY_DAY,
    "receipt_open": "d.state = 'open'" + _ANY_DAY,
    "receipt_to_bill": f"d.state = 'validated' AND d.billing {_LEFT}" + _ANY_DAY,
    "request_ordered": "d.delivery = 'full'" + _ANY_DAY,
    "request_to_order": f"d.delivery {_LEFT}" + _ANY_DAY,
    "request_waiting": "d.state = 'sent'" + _ANY_DAY,
    "work_planned": _PLANNED + _ANY_DAY,
    "work_printed": "d.printed_at IS NOT NULL" + _ANY_DAY,
    "work_to_sync": "d.sync_state = 'to_sync'" + _ANY_DAY,
    "work_signed": "s.signed_at IS NOT NULL" + _ANY_DAY,
    "work_held": "d.state = 'open' AND s.check_result = 'held'" + _ANY_DAY,
    "work_to_plan": f"d.state = 'open' AND NOT {_PLANNED}" + _ANY_DAY,
    "work_to_bill": f"d.state = 'closed' AND d.billing {_LEFT}" + _ANY_DAY,
    "invoice_provisional": "d.state = 'provisional'" + _ANY_DAY,
    "invoice_due": "d.settlement IN ('due', 'part')" + _ANY_DAY,
    "invoice_late": "d.due_next < ?",
    "invoice_paid": "d.settlement = 'paid'" + _ANY_DAY,
}

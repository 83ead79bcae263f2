"""Recomputing what is kept of payments: what is paid is what is allocated, on every line of it."""

from __future__ import annotations

from collections.abc import Iterator

from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context

_KEYS = (
    "SELECT d.number FROM receivable r JOIN document d ON d.id = r.document_id LEFT JOIN "
    "(SELECT document_id, vat_category, vat_rate, SUM(amount) AS paid FROM payment_allocation "
    "GROUP BY document_id, vat_category, vat_rate) a ON a.document_id = r.document_id "
    "AND a.vat_category = r.vat_category AND a.vat_rate = r.vat_rate "
    "WHERE r.paid <> COALESCE(a.paid, 0)"
)
_DUES = (
    "SELECT d.number FROM instalment i JOIN document d ON d.id = i.document_id LEFT JOIN "
    "(SELECT instalment_id, SUM(amount) AS paid FROM payment_allocation GROUP BY instalment_id) a "
    "ON a.instalment_id = i.id WHERE i.paid <> COALESCE(a.paid, 0)"
)
_OWED = (
    "SELECT d.number FROM document d LEFT JOIN "
    "(SELECT document_id, SUM(amount) AS owed FROM receivable GROUP BY document_id) r "
    "ON r.document_id = d.id LEFT JOIN (SELECT document_id, SUM(amount) AS due, SUM(paid) AS paid, "
    "MIN(CASE WHEN paid <> amount THEN due_date END) AS next FROM instalment GROUP BY document_id) "
    "i ON i.document_id = d.id WHERE d.settlement <> '' AND "
    "(COALESCE(r.owed, 0) <> COALESCE(i.due, 0) OR d.paid_total <> COALESCE(i.paid, 0) "
    "OR COALESCE(d.due_next, '') <> COALESCE(i.next, '') "
    "OR d.settlement <> CASE WHEN COALESCE(i.due, 0) = COALESCE(i.paid, 0) AND i.next IS NULL "
    "THEN 'paid' WHEN i.paid <> 0 THEN 'part' ELSE 'due' END)"
)
_SAID = (
    ("payment.receivable", _KEYS, "ce qui est réglé par taux n'est pas ce qui est affecté"),
    ("payment.instalment", _DUES, "ce qui est réglé d'une échéance n'est pas ce qui est affecté"),
    ("payment.settlement", _OWED, "échéances, taux et état du règlement ne concordent pas"),
)


def verify(context: Context) -> Iterator[Problem]:
    """Every invoice whose payments are not what their journal says."""
    for code, sql, words in _SAID:
        for number in sorted({str(row[0]) for row in context.database.rows(sql)}):
            yield Problem(code, number, words)

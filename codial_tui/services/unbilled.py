"""What a customer has that is not yet invoiced, and may join an invoice.

Printed delivery notes: an order that was not delivered is billed by itself, when somebody says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.merge import compare, group_of
from codial_tui.errors import CodialError

from . import merging
from .context import Context
from .transfer_plan import source_of

SOURCE = "delivery_note"
MOST = 500


@dataclass(frozen=True, slots=True)
class Unbilled:
    """sources: what may join; reasons: why the others may not."""

    sources: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()


def of_party(context: Context, party_id: int) -> list[int]:
    """The delivery notes of a customer that have something left to bill, oldest first."""
    return [
        row[0]
        for row in context.database.rows(
            "SELECT id FROM document WHERE kind = ? AND party_id = ? AND state = 'printed' "
            "AND billing IN ('none', 'part') ORDER BY date, id LIMIT ?",
            (SOURCE, party_id, MOST),
        )
    ]


def of_invoice(context: Context, invoice: Document) -> Unbilled:
    """What of the invoice's customer can join it, and why the rest cannot."""
    kind = doc_type("invoice")
    sources, reasons = [], []
    for source_id in of_party(context, invoice.number("party_id")):
        try:
            source, inbound = source_of(context, source_id, kind)
        except CodialError as error:
            reasons.append(error.text)
            continue
        facts = merging.target_facts(context, kind, invoice, source)
        found = compare(inbound.criteria, source.header, invoice.header, facts)
        if group_of(found) != "refused":
            sources.append(source_id)
            continue
        words = "; ".join(
            f"{one.label} « {one.source} », ici « {one.target} » → {one.remedy}"
            for one in found
            if one.level == "blocking"
        )
        reasons.append(f"{source.ref} : {words}")
    return Unbilled(tuple(sources), tuple(reasons))

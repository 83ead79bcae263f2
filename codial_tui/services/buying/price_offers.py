"""A price request as one supplier answered it: the document that its order is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from codial_tui.domain.buying.price_answers import ordered
from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Line, Value
from codial_tui.domain.lines.recompute import recompute
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import parties, settings

from . import price_requests


def offered(context: Context, request: Document, supplier_id: int | None) -> Document:
    """The request in memory as an offer: the supplier its party, of its lines those that are taken
    there and not ordered yet, at the answered price and no less than their minimum. Raises
    Refused when no supplier is named."""
    if supplier_id is None:
        said = f"{request.ref} : choisissez d'abord les réponses"
        raise refuse("price.supplier", said, "onglet Fournisseurs, puis F6 (document order)")
    seen = price_requests.compared(context, request.id)
    made = replace(request, header=dict(request.header), lines=[], adjustments=[])
    made.header.update(addressed(context, supplier_id, request.number("vat_rate")))
    made.header.update(closing_text="", expected_date=None)
    taken = {line.uid for line in seen.lines if seen.chosen(line.uid) == supplier_id}
    keep: set[str] = set()
    last = ""
    for line in request.lines:
        if line.uid in taken and line.uid not in seen.ordered:
            answer = seen.answer(line.uid, supplier_id)
            assert answer is not None
            new = ordered(line, answer.said)
            if answer.said.delay_days is not None:
                day = context.today + timedelta(days=answer.said.delay_days)
                new.delivery_date = day.isoformat()
                last = max(last, new.delivery_date)
            made.lines.append(new)
            keep.add(line.uid)
        elif _follows(line, keep):
            made.lines.append(replace(line))
            keep.add(line.uid)
    made.header["expected_date"] = last or None
    apply(made, recompute(made))
    return made


def _follows(line: Line, keep: set[str]) -> bool:
    """Components go with their assembly; headings and words stay in the request."""
    return line.parent_uid is not None and line.parent_uid in keep


def addressed(context: Context, supplier_id: int, rate: int) -> dict[str, Value]:
    """The header values of a document for a supplier; where the goods go stays."""
    values = {
        name: value
        for name, value in parties.snapshot(context, supplier_id).items()
        if not name.startswith("delivery_")
        and name not in ("salesperson_id", "salesperson_name", "price_list_id")
    }
    regime = str(values.get("vat_regime") or "")
    return {**values, **settings.regime_values(context, regime, rate)}

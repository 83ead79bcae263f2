"""The canonical text of a signed report of a work order: what the customer signed, for good.

How to recompute it without the program (domain.md §8):

- The text is one JSON object written as `domain.law.canonical` says (keys sorted by code point at
  every level, no blanks between tokens, nothing escaped that need not be, integers only: amounts
  in cents, prices, quantities and kilometres in 10⁻⁴, rates in 10⁻⁶, times in minutes).
- `format`: 1. `header`: `uid` and the columns HEADER_1 of `document` and `document_work_order`,
  null where they are empty or 0.
  `visits`: the columns VISIT_1 of `work_visit`, `machines`: MACHINE_1 of `work_machine`, `lines`:
  LINE_1 of `document_line`, `adjustments`: ADJUSTMENT_1 of `document_adjustment`, each by
  position, then id; `discounts` is a list. `times`: minutes of travel and work of all visits.
  `totals`: what the work order adds up to. `photos`: name and SHA-256 of each picture printed.
- `signature`: who signed (`signer`), when (`signed_at`, UTC), `strokes` of a drawn one (points on
  the grid of `domain.maintenance.strokes`), the `version` of the document, the `layout` of its
  paper.
- The hash is SHA-256, in small hexadecimal digits, of the UTF-8 bytes of the text.

The lists of columns are frozen with the format number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.law import canonical
from codial_tui.domain.lines.totals import totals

from .strokes import Strokes, plain
from .times import times

FORMAT = 1
HEADER_1 = (
    *("number", "date", "subject", "nature", "coverage"),
    *("party_id", "party_code", "party_name", "contact_name"),
    *("billing_name", "billing_street", "billing_street2", "billing_postcode", "billing_city"),
    *("billing_country", "delivery_name", "delivery_street", "delivery_street2"),
    *("delivery_postcode", "delivery_city", "delivery_country", "customer_reference"),
    *("price_mode", "price_decimals", "vat_regime", "opening_text", "closing_text"),
)
VISIT_1 = (
    *("uid", "technician_id", "technician_name", "departure", "arrival", "ended", "returned"),
    *("distance", "zone", "note"),
)
MACHINE_1 = (
    *("uid", "equipment_id", "brand", "type", "model", "serial", "location", "commissioned_on"),
    *("coverage", "contract_id", "fault", "work_done"),
)
LINE_1 = (
    *("uid", "type", "parent_uid", "level", "tag", "reference", "label", "long_text", "quantity"),
    *("unit", "unit_price", "price_per", "discounts", "discount_amount", "vat_category"),
    *("vat_rate", "amount", "eco_contribution", "covered"),
)
ADJUSTMENT_1 = ("uid", "type", "label", "percent", "amount", "vat_category", "vat_rate", "hidden")


class Photo(NamedTuple):
    """A picture in the report: its name, and the SHA-256 of its bytes as they were attached."""

    name: str
    sha256: str


class Signing(NamedTuple):
    """Who signed, when (UTC, ISO), how (() for a typed name), which version of the document, in
    which layout it was on paper."""

    signer: str = ""
    signed_at: str = ""
    strokes: Strokes = ()
    version: int = 0
    layout: str = ""


NOBODY = Signing()


def body(document: Document, photos: Sequence[Photo], signing: Signing = NOBODY) -> dict[str, Any]:
    """The object that the text holds, equal to what reading the text gives."""
    found = totals(document)
    spent = times(document.visits)
    header = {name: document.header.get(name) or None for name in HEADER_1}
    lines = _rows(document.lines, LINE_1)
    for line in lines:
        line["discounts"] = list(line["discounts"])
        line["type"] = str(line["type"])
    return {
        "format": FORMAT,
        "header": {"uid": document.uid, **header},
        "visits": _rows(document.visits, VISIT_1),
        "machines": _rows(document.machines, MACHINE_1),
        "lines": lines,
        "adjustments": _rows(document.adjustments, ADJUSTMENT_1),
        "times": {"travel": spent.travel, "work": spent.work},
        "totals": {"net": found.net, "vat_total": found.vat_total, "gross": found.gross},
        "photos": [one._asdict() for one in photos],
        "signature": {**signing._asdict(), "strokes": plain(signing.strokes)},
    }


def _rows(things: Sequence[object], names: Sequence[str]) -> list[dict[str, Any]]:
    values = attrgetter(*names)
    return [dict(zip(names, values(one))) for one in things]


def text_of(found: Mapping[str, Any]) -> str:
    """The canonical text of an object that `body` gave."""
    return canonical.text_of(found)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str) -> dict[str, Any]:
    """The object that a text holds. Raises ValueError for what is no such text."""
    found = canonical.parse(text)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError("format")
    if not isinstance(found.get("signature"), dict):
        raise ValueError("signature")
    return found


def changes(signed: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Where a document is no longer what was signed, but for its signature: `lines.3.amount`."""
    kept = [{key: part for key, part in one.items() if key != "signature"} for one in (signed, now)]
    return canonical.differences(*kept)

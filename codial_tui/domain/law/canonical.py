"""The canonical text of a validated invoice, and the chain of hashes over these texts.

How to recompute it without the program (domain.md §6 « Law »):

- The text is one JSON object (RFC 8259): keys sorted by code point at every level, no blanks
  between tokens, characters as they are and not escaped but for `"`, `\\` and controls. Numbers are
  integers: amounts in cents, prices and quantities in 10⁻⁴, ratios and rates in 10⁻⁶. Anything
  else is text, or null where a column is NULL. `discounts` is the list of a line's ratios.
- `format`: 4. `header`: the columns HEADER_1 of `document` and SIDE_2 of `document_invoice`.
  `lines`: the columns LINE_4 of `document_line` by position, then id. `adjustments`: the columns
  ADJUSTMENT_1 of `document_adjustment`, `references`: REFERENCE_2 of `invoice_reference`,
  `deductions`: DEDUCTION_2 of `invoice_deduction`, each by position, then id. `uses`: the columns
  USE_2 of `deposit_use` by id. `totals`: what the invoice adds up to, `vat` one object a VAT key.
  `seal`: position in the chain from 1, moment (UTC), who.
- Format 3 had LINE_3, format 2 LINE_2. Format 1 had SIDE_1 and LINE_1, and neither references, nor
  deductions, nor uses.
- The hash is SHA-256, in small hexadecimal digits, of the UTF-8 bytes of the previous invoice's
  hash followed by the text. Before the first invoice of a company stands FIRST.

The lists of columns are frozen with their format number: a later schema adds a format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import Totals, totals

FORMAT = 4
FIRST = "0" * 64
"""what the first hash of a company follows"""

HEADER_1 = (
    *("number", "serial", "date", "subject", "numbering"),
    *("party_id", "party_code", "party_name", "party_name_fold", "party_siren", "party_siret"),
    *("party_vat_number", "party_phone", "party_email", "party_is_consumer"),
    *("contact_id", "contact_name", "contact_phone", "contact_email"),
    *("billing_name", "billing_street", "billing_street2", "billing_postcode", "billing_city"),
    *("billing_country", "billing_siret"),
    *("delivery_name", "delivery_street", "delivery_street2", "delivery_postcode"),
    *("delivery_city", "delivery_country", "delivery_siret"),
    *("ordering_party_id", "delivery_party_id", "invoice_party_id", "tariff_party_id"),
    *("customer_reference", "establishment_id", "branch_id", "assignment_id", "site_id"),
    *("project_id", "warehouse_id", "salesperson_id", "salesperson_name"),
    *("price_mode", "price_decimals", "vat_rounding", "vat_regime", "vat_category", "vat_rate"),
    *("vat_mention", "currency", "payment_terms_id", "payment_terms_label", "payment_terms"),
    *("price_list_id", "opening_text", "closing_text", "notes"),
    *("net_total", "vat_total", "gross_total", "cost_total", "planned_date"),
    *("created_at", "created_by", "origin_station", "external_id"),
)
SIDE_1 = ("nature", "is_credit", "vat_on_debits", "due_date", "delivery_date")
LINE_1 = (
    *("uid", "type", "parent_uid", "position", "level", "tag", "page_break", "is_open", "item_id"),
    *("reference", "label", "long_text", "quantity", "unit", "unit_price", "price_per"),
    *("price_forced", "discounts", "discount_amount", "vat_category", "vat_rate", "amount"),
    *("net_amount", "basis", "eco_contribution", "purchase_price", "cost_price", "coefficient"),
    *("supplier_id", "cost_category", "supply_nature", "product_nature", "billing_class"),
    *("stock_managed", "delivery_date", "ratio", "to_deliver"),
)
ADJUSTMENT_1 = (
    *("uid", "type", "label", "percent", "amount", "vat_category", "vat_rate", "hidden"),
    "position",
)
SIDE_2 = (*SIDE_1, "deposits", "goods")
LINE_2 = (*LINE_1, "nature")
LINE_3 = (*LINE_2, "project_id")
LINE_4 = (*LINE_3, "covered")
REFERENCE_2 = ("uid", "type", "number", "date", "referenced_id", "position")
DEDUCTION_2 = (
    *("uid", "kind", "label", "percent", "base", "amount", "party_id", "bond", "release_on"),
    "position",
)
USE_2 = ("uid", "deposit_id", "line_uid", "vat_category", "vat_rate", "amount", "net", "vat")
LINES = {1: LINE_1, 2: LINE_2, 3: LINE_3, 4: LINE_4}
"""Columns of lines by format."""
LIFE = frozenset(
    {
        *("id", "state", "version", "search_text", "printed_at", "sent_at", "lock_token"),
        *("locked_at", "updated_at", "updated_by", "location", "sync_state", "assigned_to"),
        *("station_number", "delivery", "billing", "settlement", "due_next", "paid_total"),
    }
)
"""Columns of `document` that are its life, or follow from others, and no part of the text."""


class Seal(NamedTuple):
    """Where an invoice stands in the chain: position from 1, moment (UTC, ISO), name of who
    validated it."""

    position: int
    at: str
    by: str


def canonical(document: Document, seal: Seal, version: int = FORMAT) -> str:
    """The canonical text of a stored invoice, in a format. Raises ValueError for a format that
    this program does not know."""
    return text_of(body(document, seal, version))


def text_of(found: Mapping[str, Any]) -> str:
    """The text of an object that `body` gave."""
    return json.dumps(
        found, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def body(
    document: Document, seal: Seal, version: int = FORMAT, known: Totals | None = None
) -> dict[str, Any]:
    """The object that the canonical text of an invoice holds, equal to what reading the text gives.
    known: its totals, where they were just worked out."""
    if version not in LINES:
        raise ValueError(f"format {version}")
    side, line = SIDE_1 if version == 1 else SIDE_2, LINES[version]
    get = document.header.get
    header = {name: get(name) for name in (*HEADER_1, *side)}
    found: dict[str, Any] = {
        "format": version,
        "header": {"uid": document.uid, "kind": document.kind, **header},
        "lines": _rows(document.lines, line),
        "adjustments": _rows(document.adjustments, ADJUSTMENT_1),
        "totals": _totals(known or totals(document)),
        "seal": seal._asdict(),
    }
    for row in found["lines"]:
        row["discounts"] = list(row["discounts"])
    if version > 1:
        found["references"] = _rows(document.references, REFERENCE_2)
        found["deductions"] = _rows(document.deductions, DEDUCTION_2)
        found["uses"] = _rows(document.uses, USE_2)
    return found


def _rows(things: Sequence[object], names: Sequence[str]) -> list[dict[str, Any]]:
    """Enumerations among the values are texts: JSON has their word."""
    values = attrgetter(*names)
    return [dict(zip(names, values(one))) for one in things]


def _totals(found: Totals) -> dict[str, Any]:
    names = ("lines_net", "adjustments", "net", "vat_total", "gross", "payable", "cost")
    return {
        **{name: getattr(found, name) for name in names},
        "vat": [
            {"category": row.category, "rate": row.rate, "base": row.base, "amount": row.amount}
            for row in found.vat
        ],
    }


def chained(previous: str, text: str) -> str:
    """The hash of a canonical text that follows the hash `previous`."""
    return hashlib.sha256((previous + text).encode()).hexdigest()


class Sealed(NamedTuple):
    """What a canonical text says of itself: its seal, its invoice, its format."""

    seal: Seal
    uid: str
    number: str
    version: int


def read(text: str) -> Sealed:
    """What a canonical text is of. Raises ValueError for what is no such text."""
    return sealed(parse(text))


def parse(text: str) -> Any:
    """The object that a canonical text holds. Raises ValueError."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def sealed(found: Any) -> Sealed:
    """What the object of a canonical text is of. Raises ValueError."""
    try:
        if found["format"] not in LINES:
            raise ValueError(f"format {found['format']}")
        header = found["header"]
        return Sealed(Seal(**found["seal"]), header["uid"], header["number"], found["format"])
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def differences(stored: Any, found: Any) -> list[str]:
    """Where the objects of two canonical texts differ: `header.date`, `lines.3.amount`."""
    return list(_differences(stored, found, ""))


def _differences(one: Any, other: Any, path: str) -> list[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return [
            found
            for key in sorted({*one, *other})
            for found in _differences(one.get(key), other.get(key), f"{path}.{key}".lstrip("."))
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for number, pair in enumerate(zip(one, other), 1)
            for found in _differences(*pair, f"{path}.{number}")
        ]
    return [] if one == other else [path]

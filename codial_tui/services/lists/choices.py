"""What the pickers offer: one table of queries by picker name, the same for every form.

A picker is named by `Field.picks`; `offered` lists what matches the text typed so far, `label_of`
gives the words for a stored value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from codial_tui.domain.document import Value
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.quantity import format_cents, format_percent
from codial_tui.domain.spec import FieldType, RecordType
from codial_tui.domain.text import fold, words
from codial_tui.services.context import Context
from codial_tui.services.records import parties

from . import owned

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a picker: the value to store, the words, and a second column."""

    value: Value
    label: str
    detail: str = ""


_TABLES = {
    "user": ("id, name, initials", "app_user", "active = 1"),
    "establishment": ("id, name, code", "establishment", "active = 1"),
    "branch": ("id, name, code", "branch", "active = 1"),
    "assignment": ("id, name, code", "assignment", "active = 1"),
    "site": ("id, name, code", "site", "active = 1"),
    "warehouse": ("id, name, code", "warehouse", "active = 1"),
    "project": ("id, name, code", "project", "active = 1"),
    "price_list": ("id, label, code", "price_list", "active = 1"),
    "payment_terms": ("id, label, code", "payment_terms", "active = 1"),
    "item_family": ("id, label, code", "item_family", "active = 1"),
    "letter_model": ("id, name, subject", "letter_model", "active = 1"),
    "vat_rate": ("rate, label, code", "vat_rate", "active = 1"),
    "vat_regime": ("code, label, mention", "vat_regime", "active = 1"),
    "cost_category": ("code, label, ''", "cost_category", "active = 1"),
    "product_nature": ("code, label, ''", "product_nature", "active = 1"),
    "unit": ("code, label, ''", "unit", "active = 1"),
    "contract_model": ("id, name, code", "contract_model", "active = 1"),
    "contract": ("id, number, label", "contract", "state <> 'ended'"),
}
OF_OWNER = frozenset({"contact", "address", "contract_machine", "customer_order", "equipment"})
"""Those that depend on whose form it is: of a customer, or of a contract."""
PARTIES = {"customer": "customer", "supplier": "supplier", "party": ""}
INVOICE = "invoice"
CALLER = "caller"
"""Customers and machines, for who is on the phone."""
PICTURE = "picture"
"""A picture file of the user's inbox; what is stored is its bytes."""
PICKERS = frozenset({*_TABLES, *PARTIES, "item", *OF_OWNER, INVOICE, PICTURE, CALLER})
CREATES = frozenset(PARTIES)
"""Pickers that can create what is not there yet."""


def offered(context: Context, picker: str, text: str, party_id: int | None = None) -> list[Choice]:
    """What a picker offers for the text typed so far, at most 50. party_id: whose contacts and
    sites, or the contract whose machines are chosen."""
    if picker in PARTIES:
        return [
            Choice(hit.id, hit.name, f"{hit.code}  {hit.postcode} {hit.city}  {hit.phone}".rstrip())
            for hit in parties.search(context, text, role=PARTIES[picker], limit=LIMIT)
        ]
    if picker == "item":
        from .record_lists import RecordList

        items = RecordList(context, "item", text).rows(0, LIMIT)
        return [Choice(row["id"], row["label"], row["reference"]) for row in items]
    if picker == INVOICE:
        return _invoices(context, text)
    if picker == CALLER:
        from codial_tui.services.maintenance import callers

        return callers.offered(context, text)
    if picker == PICTURE:
        from codial_tui.services.records.pictures import waiting

        sizes = [(path.name, f"{path.stat().st_size // 1024} Ko") for path in waiting(context)]
        return [Choice(name, name, size) for name, size in sizes if fold(text) in fold(name)]
    if picker in OF_OWNER:
        rows = owned.rows(context, picker, text, party_id)
    else:
        columns, table, where = _TABLES[picker]
        order = "2" if table in _BY_NAME else "position, 1"
        rows = context.database.rows(
            f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}"
        )
    wanted, typed = words(text), fold(text.strip())
    found = [Choice(*row) for row in rows]
    found = [
        one for one in found if all(word in fold(f"{one.label} {one.detail}") for word in wanted)
    ]
    if typed:  # « Bâtiment B » before « Bâtiment A », which holds a b too
        found.sort(key=lambda one: (fold(one.label) != typed, typed not in fold(one.label)))
    return found[:LIMIT]


def _invoices(context: Context, text: str) -> list[Choice]:
    """Invoices, newest first."""
    from codial_tui.domain.entry.typing_lines import parse_filter

    from .lists import DocumentList, Query

    listing = DocumentList(context, Query(INVOICE, filter=parse_filter(text)))
    return [
        Choice(
            row["id"],
            f"{row['number'] or ref_of(INVOICE, row['id'])} {row['party_name']}",
            f"{format_cents(row['net_total'])} € {row['subject']}",
        )
        for row in listing.rows(0, LIMIT)
    ]


_BY_NAME = frozenset({"app_user", "project", "contract_model", "contract"})
"""tables without a position: listed by the words people read"""


def label_of(context: Context, picker: str, value: Value) -> str:
    """The words for a stored value, "" for none."""
    if value is None or value == "":
        return ""
    if picker == "vat_rate" and isinstance(value, int):
        return format_percent(value)
    if picker == PICTURE:
        return (
            f"image de {-(-len(value) // 1024)} Ko"
            if isinstance(value, (bytes, memoryview))
            else ""
        )
    if picker in PARTIES:
        row = context.database.row("SELECT code, name FROM party WHERE id = ?", (value,))
        return f"{row[0]} {row[1]}" if row else ""
    if picker == "item":
        row = context.database.row("SELECT reference, label FROM item WHERE id = ?", (value,))
        return f"{row[0]} {row[1]}" if row else ""
    if picker == INVOICE:
        row = context.database.row("SELECT number, party_name FROM document WHERE id = ?", (value,))
        return f"{row[0] or ref_of(INVOICE, int(value))} {row[1]}" if row else ""
    if picker in OF_OWNER:
        return owned.label(context, picker, int(value))
    columns, table, _ = _TABLES[picker]
    key, name, _ = columns.split(", ")
    label = context.database.value(f"SELECT {name} FROM {table} WHERE {key} = ?", (value,), "")
    return str(label) or (value if isinstance(value, str) else "")  # a code no list has


def put_words(context: Context, record: RecordType, rows: Iterable[dict[str, Any]]) -> None:
    """Give rows of a record `NAME_label` for each list column that shows a choice in words."""
    names = [
        one.name.removesuffix("_label") for one in record.list_columns if one.source == "words"
    ]
    known: dict[tuple[str, Any], str] = {}
    for row in rows:
        for field in (record.field(name) for name in names):
            value = row[field.name]
            if (field.name, value) not in known:
                known[field.name, value] = (
                    dict(field.choices).get(value, "")
                    if field.type is FieldType.CHOICE
                    else label_of(context, field.picks, value)
                )
            row[f"{field.name}_label"] = known[field.name, value]

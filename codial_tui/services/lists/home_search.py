"""What the line of home means and finds. Apart from what home shows: no start needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from codial_tui.domain.entry.entry_kinds import Command, Empty
from codial_tui.domain.entry.typing_lines import DocumentNumber, ListCode, read_home
from codial_tui.domain.kinds import doc_type, doc_types, ref_of
from codial_tui.domain.numbering import number_of
from codial_tui.domain.records.records import RECORD_TYPES
from codial_tui.domain.text import words
from codial_tui.models.queries import like
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.records import catalogue, customers

FOUND = 4
"""hits shown of each sort while one types at home"""
LEAST = 4
"""characters of a contract's or machine's number before any is looked for"""


class Meaning(NamedTuple):
    """What a text typed at home is: nothing, a command, the code of a list, perhaps a number."""

    is_empty: bool
    is_command: bool
    list_code: str
    is_number: bool


class Hit(NamedTuple):
    """Something found from the line of home. what: `document`, the name of a record type, or
    `filter`; list: of a kept filter, which is found by its whole name (key)."""

    what: str
    id: int
    title: str
    key: str
    label: str
    detail: str = ""
    list: str = ""


def meaning(context: Context, text: str, codes: Collection[str]) -> Meaning:
    """What a text is, given the codes of the lists."""
    prefixes = {kind.numbering.code for kind in doc_types(context.editions)}
    read = read_home(text, codes=codes, prefixes=prefixes)
    return Meaning(
        isinstance(read, Empty),
        isinstance(read, Command),
        read.code if isinstance(read, ListCode) else "",
        isinstance(read, DocumentNumber),
    )


def find(context: Context, text: str) -> Hit | None:
    """The document a number typed at home means (`42`, `DE42`, `DE26-00042`)."""
    found = documents.find(context, text)
    return _documents(context, "d.id = ?", (found,))[0] if found else None


def search(context: Context, text: str) -> list[Hit]:
    """Customers, their newest documents and items that hold every word typed; contracts, calls
    and machines whose number begins so."""
    wanted = words(text)
    if not wanted:
        return []
    parties = customers.search(context, text, role="", limit=FOUND)
    found = _kept_filter(context, text) + [
        Hit("party", one.id, "Tiers", one.code, one.name, f"{one.city}  {one.phone}".strip())
        for one in parties
    ]
    if parties:
        marks = ", ".join("?" * len(parties))
        found += _documents(context, f"d.party_id IN ({marks})", [one.id for one in parties], FOUND)
    found += _maintained(context, wanted)
    return found + [
        Hit("item", one.id, "Article", one.reference, one.label, one.unit)
        for one in catalogue.search(context.database, text, limit=FOUND)
    ]


def _maintained(context: Context, wanted: Sequence[str]) -> list[Hit]:
    """Contracts and calls by number, machines by code or serial number, from its fourth character
    on; by a short number (`AP12`) at once."""
    if len(wanted) != 1 or not any(map(str.isdigit, wanted[0])):
        return []
    text, whole = wanted[0], _whole(context, wanted[0])
    if len(text) < LEAST and whole == text:
        return []
    start = whole if len(text) < LEAST else like(text)[1:]
    contracts = context.database.rows(
        "SELECT c.id, c.number, c.label, p.name FROM contract c JOIN party p ON p.id = c.party_id "
        "WHERE LOWER(c.number) LIKE ? ESCAPE '!' OR LOWER(c.number) = ? "
        "ORDER BY c.number LIMIT ?",
        (start, whole, FOUND),
    )
    machines = context.database.rows(
        "SELECT e.id, e.code, e.label, e.serial, p.name FROM equipment e "
        "LEFT JOIN party p ON p.id = e.party_id WHERE e.code_fold LIKE ? ESCAPE '!' "
        "OR e.serial_fold LIKE ? ESCAPE '!' OR e.code_fold = ? ORDER BY e.code_fold LIMIT ?",
        (start, start, whole, FOUND),
    )
    calls = context.database.rows(
        "SELECT id, number, subject, COALESCE(NULLIF(party_name, ''), caller) FROM phone_call "
        "WHERE LOWER(number) LIKE ? ESCAPE '!' OR LOWER(number) = ? ORDER BY number LIMIT ?",
        (start, whole, FOUND),
    )
    return [
        *(Hit("contract", one[0], "Contrat", *one[1:]) for one in contracts),
        *(Hit("call", one[0], "Appel", *one[1:]) for one in calls),
        *(
            Hit("equipment", key, "Machine", code, _once(label, serial), owner or "")
            for key, code, label, serial, owner in machines
        ),
    ]


def _whole(context: Context, text: str) -> str:
    """The whole number, this year's, of a short one (`AP12`); else the text itself."""
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not letters or not digits or len(digits) > 9:
        return text
    pattern = context.database.value(
        "SELECT pattern FROM number_series WHERE code = ? ORDER BY period DESC LIMIT 1",
        (letters.upper(),),
        None,
    )
    return number_of(pattern, context.today.isoformat(), int(digits)).lower() if pattern else text


def _once(label: str, serial: str) -> str:
    return label if serial in label else f"{label} {serial}".strip()


def _kept_filter(context: Context, text: str) -> list[Hit]:
    """The filter of that name, if there is one and its list still exists."""
    from . import list_saved

    what, name = list_saved.named(context, text) or ("", "")
    plurals = {one.kind: one.plural for one in doc_types(context.editions)}
    plurals |= {one.name: one.plural for one in RECORD_TYPES.values()}
    if what not in plurals:
        return []
    return [Hit("filter", 0, "Filtre", name, plurals[what], list=what)]


def _documents(context: Context, where: str, params: Sequence[Any], limit: int = 1) -> list[Hit]:
    found = context.database.rows(
        "SELECT d.id, d.kind, d.number, d.party_name, d.subject, d.state FROM document d "
        f"WHERE {where} ORDER BY d.date DESC, d.id DESC LIMIT ?",
        (*params, limit),
    )
    hits = []
    for row_id, kind, number, party, subject, state in found:
        spec = doc_type(kind)
        label = f"{party} · {subject}" if subject else party
        hits.append(
            Hit(
                *("document", row_id, spec.title, number or ref_of(kind, row_id), label),
                spec.state(state).label,
            )
        )
    return hits

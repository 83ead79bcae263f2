"""A month of delivery notes invoiced at once: one invoice per customer and delivery address, and
wherever else two notes cannot share one (domain.md §4). Looked at first, then done one invoice a
transaction, with a report of what was and what was not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from codial_tui.domain.chain.merge import CHOICE_FIELDS, TargetFacts, compare
from codial_tui.domain.kinds import doc_type
from codial_tui.errors import CodialError
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import side_fields

from . import gathering
from .transfer_plan import Request
from .transfers import transfer

MOST = 10_000
"""Delivery notes looked at in one go."""

SOURCE, TARGET = "delivery_note", "invoice"


@dataclass(slots=True)
class Group:
    """Notes that become one invoice. net: cents HT that it will have; reason: what keeps them from
    the customer's first group, "" for the first one."""

    party_id: int | None
    party: str
    address: str
    notes: list[int] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)
    net: int = 0
    in_part: bool = False
    reason: str = ""
    header: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a group: the invoice's ref; why some notes, or all, are not in it."""

    group: Group
    ref: str = ""
    document_id: int | None = None
    refusal: str = ""


def groups(context: Context, start: date, end: date, party_id: int | None = None) -> list[Group]:
    """The printed delivery notes of a period that have something left to bill, as the invoices
    they would make, by customer name."""
    kind = doc_type(TARGET)
    inbound = kind.inbound_from(SOURCE)
    assert inbound is not None
    own = [name for name in inbound.criteria if not name.startswith("target_")]
    found: list[Group] = []
    by_party: dict[tuple[Any, str], list[Group]] = {}
    for header in _notes(context, start, end, party_id):
        mine = by_party.setdefault((header["party_id"], header["party_name_fold"]), [])
        reasons = []
        for group in mine:
            blocking = [
                one
                for one in compare(tuple(own), header, group.header, TargetFacts())
                if one.level == "blocking"
            ]
            if not blocking:
                break
            reasons.append(blocking[0].label)
        else:
            group = Group(header["party_id"], header["party_name"], _address(header))
            group.header = header
            group.reason = reasons[0] if reasons else ""
            mine.append(group)
            found.append(group)
        group.notes.append(header["id"])
        group.refs.append(header["number"])
        group.net += header["net_total"]
        group.in_part |= header["billing"] == "part"
    for group in found:
        if group.in_part:  # something came back, or was billed with its order
            group.net = gathering.look(context, _request(group)).net
    return found


def _request(group: Group) -> Request:
    return Request(tuple(group.notes), TARGET, choices=dict.fromkeys(CHOICE_FIELDS, "target"))


def _notes(context: Context, start: date, end: date, party_id: int | None) -> list[dict[str, Any]]:
    kind = doc_type(SOURCE)
    side = "".join(f", s.{name}" for name in sorted(side_fields(kind)))
    who, params = ("", []) if party_id is None else (" AND d.party_id = ?", [party_id])
    return context.database.mappings(
        f"SELECT d.*{side} FROM document d JOIN {kind.side_table} s ON s.document_id = d.id "
        "WHERE d.kind = ? AND d.state = 'printed' AND s.nature <> 'internal' "
        "AND d.billing IN ('none', 'part') AND d.date BETWEEN ? AND ?"
        f"{who} ORDER BY d.party_name_fold, d.party_id, d.date, d.id LIMIT ?",
        [SOURCE, start.isoformat(), end.isoformat(), *params, MOST],
    )


def _address(header: dict[str, Any]) -> str:
    use = "delivery" if header.get("delivery_street") else "billing"
    parts = (header.get(f"{use}_{one}") for one in ("street", "postcode", "city"))
    return " ".join(str(one) for one in parts if one)


def bill(context: Context, wanted: list[Group]) -> Iterator[Outcome]:
    """Make the invoices, one a transaction, so that stopping half-way leaves whole invoices. What
    a note was refused for is told; the group's other notes and the other groups go on."""
    for group in wanted:
        request = _request(group)
        refusals: tuple[str, ...] = ()
        try:
            try:
                done = transfer(context, request)
            except CodialError:
                looked = gathering.look(context, request)
                refusals = looked.refusals
                if not looked.sources:
                    raise
                done = gathering.gather(context, replace(request, sources=looked.sources))
        except CodialError as error:
            yield Outcome(group, refusal=error.text)
        else:
            yield Outcome(group, done.ref, done.target_id, " ; ".join(refusals))

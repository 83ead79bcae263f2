"""Which open documents a source may join, and why the others refuse (domain.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from codial_tui.domain.chain.merge import Criterion, TargetFacts, compare, group_of
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type, ref_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import DocType, Side
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import locks
from codial_tui.services.documents.rows import side_fields
from codial_tui.services.lists import choices

DAYS = 30
"""Printed documents stay in sight so long, to say why they refuse (setting `merge.days`)."""

_NAMED = {
    "establishment_id": "establishment",
    "branch_id": "branch",
    "assignment_id": "assignment",
    "project_id": "project",
    "salesperson_id": "user",
    "payment_terms_id": "payment_terms",
    "ordering_party_id": "party",
    "delivery_party_id": "party",
    "invoice_party_id": "party",
    "tariff_party_id": "party",
    "vat_regime": "vat_regime",
}
"""Header references that a criterion shows by name, and their picker."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that the source might join. group: mergeable, choice or refused; lines: how
    many it has; net: cents HT."""

    id: int
    ref: str
    date: str
    subject: str
    branch: str
    net: int
    lines: int
    group: str
    criteria: tuple[Criterion, ...]


def candidates(context: Context, source: Document, kind: DocType) -> list[Candidate]:
    """The customer's unfinished documents of a kind, and those printed lately: the best first,
    refused ones last with every reason. Raises Refused when the transfer does not exist."""
    inbound = kind.inbound_from(source.kind)
    if inbound is None:
        title = doc_type(source.kind).title
        raise refuse("transfer.kind", f"{title} → {kind.title} : n'existe pas", "F6 dit les cibles")
    return joinable(context, source, kind, inbound.criteria) if inbound.criteria else []


def joinable(
    context: Context, source: Document, kind: DocType, criteria_names: tuple[str, ...]
) -> list[Candidate]:
    """`candidates` for a source that need not be stored, by these criteria."""
    found = []
    for header in _headers(context, source, kind):
        target = Document(header.pop("id"), header.pop("uid"), kind.kind, header)
        criteria = compare(
            criteria_names,
            source.header,
            target.header,
            target_facts(context, kind, target, source),
        )
        found.append(
            Candidate(
                target.id,
                target.ref,
                target.text("date"),
                target.text("party_name" if _anybody(source, kind) else "subject"),
                choices.label_of(context, "branch", target.header.get("branch_id")),
                target.number("net_total"),
                int(header["line_count"]),
                group_of(criteria),
                tuple(criteria),
            )
        )
    order = ("mergeable", "choice", "refused")
    return sorted(found, key=lambda one: (order.index(one.group), -one.id))


def _headers(context: Context, source: Document, kind: DocType) -> list[dict[str, Any]]:
    party = source.header.get("party_id")
    who, value = ("d.party_id = ?", party)
    if party is None:
        who, value = (
            "d.party_id IS NULL AND d.party_name_fold = ?",
            source.text("party_name_fold"),
        )
    if _anybody(source, kind):  # a request without supplier joins anybody's order
        who = "d.party_id IS NOT NULL AND ? = ''"
    since = (context.today - timedelta(days=days(context))).isoformat()
    side = "".join(f", s.{name}" for name in sorted(side_fields(kind)))
    join = f"LEFT JOIN {kind.side_table} s ON s.document_id = d.id" if kind.side_table else ""
    # deposits and credit notes take nothing in
    own = " AND s.is_credit = 0 AND s.nature = 'direct'" if "use" in kind.parts else ""
    return context.database.mappings(
        f"SELECT d.*{side}, (SELECT COUNT(*) FROM document_line l WHERE l.document_id = d.id) "
        f"AS line_count FROM document d {join} WHERE d.kind = ? AND d.id <> ? AND {who} "
        f"AND (d.state = ? OR d.printed_at >= ?){own} ORDER BY d.id DESC LIMIT 200",
        (kind.kind, source.id, value, kind.initial, since),
    )


def _anybody(source: Document, kind: DocType) -> bool:
    """Whether a purchase has no supplier yet."""
    nobody = source.header.get("party_id") is None and not source.text("party_name")
    return nobody and kind.side is Side.PURCHASE


def blocked(one: Criterion) -> Problem:
    """A criterion that blocks, as a problem with the field to mend."""
    words = f"{one.label} : {one.source} ≠ {one.target}" if one.source else one.label
    return Problem(
        f"merge.{one.code}",
        one.field,
        words if one.source else f"{words} : {one.target}",
        one.remedy,
    )


def days(context: Context) -> int:
    from codial_tui.services.records import settings

    return int(settings.value(context, "merge.days", DAYS))


def target_facts(
    context: Context, kind: DocType, target: Document, source: Document | None = None
) -> TargetFacts:
    """What must be known of a target beyond its header; a new one has nothing to say."""
    if not target.id:
        return TargetFacts(wording=_wording(context, target, source))
    return TargetFacts(
        state_label=kind.state(target.state).label,
        gender=kind.gender,
        is_initial=target.state == kind.initial,
        locked_by=locks.elsewhere(context, target.id),
        parts=_parts(context, target.id),
        wording=_wording(context, target, source),
    )


def _parts(context: Context, document_id: int) -> tuple[str, ...]:
    rows = context.database.rows(
        "SELECT DISTINCT d.id, d.kind, d.number FROM line_link k "
        "JOIN document_line s ON s.id = k.source_line_id "
        "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
        "WHERE s.document_id = ? ORDER BY d.id",
        (document_id,),
    )
    return tuple(number or ref_of(kind, key) for key, kind, number in rows)


def _wording(context: Context, *documents: Document | None) -> dict[str, str]:
    """Names of the records that headers point to."""
    found: dict[str, str] = {}
    for document in filter(None, documents):
        for field, picker in _NAMED.items():
            value = document.header.get(field)
            if value not in (None, ""):
                found[f"{field}:{value}"] = choices.label_of(context, picker, value)
    return found

"""What the rows of home say: RÉCENTS, what a search finds, what F5 offers."""

from __future__ import annotations

from typing import Any

from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.records import RECORD_TYPES
from codial_tui.domain.spec import Column, FieldType

RECENT = (
    Column("number", "Document", width=12),
    Column("party_name", "Tiers", width=16, shrinks=True),
    Column("subject", "Objet", min_width=10, shrinks=True),
    Column("state_label", "État", width=11),
    Column("gross_total", "TTC", FieldType.CENTS, width=9, width_from_data=True),
)
HITS = (
    Column("title", "Genre", width=10),
    Column("key", "N° ou code", width=14, width_from_data=True),
    Column("label", "Nom, objet ou désignation", min_width=16, shrinks=True),
    Column("detail", "Ville, état ou unité", width=20, shrinks=True),
)


def new_letters(edition: str) -> dict[str, str]:
    """What F5 at home creates: letter → document kind or record name."""
    letters = {kind.key: kind.kind for kind in doc_types(edition) if kind.by_hand}
    for record in RECORD_TYPES.values():
        letters.setdefault(record.title[0], record.name)
    return letters


def title(name: str) -> str:
    """What a kind or record is called in the middle of a sentence."""
    record = RECORD_TYPES.get(name)
    return (record.title if record else doc_type(name).title).lower()


def recent_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of a row of RÉCENTS."""
    texts = (row["number"] or "", row["party_name"], row["subject"], row["state_label"])
    return (*texts, format_cents(row["gross_total"]))

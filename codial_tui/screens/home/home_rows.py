"""What the rows of home say: RÉCENTS, what a search finds, what F5 offers."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len

from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.records.records import RECORD_TYPES
from codial_tui.domain.spec import Column, FieldType, Side
from codial_tui.domain.text import fold

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

SIDE_LETTERS: dict[str, str] = {Side.PURCHASE: "H", "maintenance": "M"}
SIDE_WORDS = {Side.PURCHASE.value: "acHats…", "maintenance": "maintenance…"}
"""What F5 calls another side of the house, the letter that takes it standing out."""


def new_letters(edition: str, side: str = Side.SALE) -> dict[str, str]:
    """What F5 creates on a side of home: letter → document kind or record name, or the name of
    another side."""
    letters = {
        kind.key: kind.kind for kind in doc_types(edition) if kind.by_hand and kind.side == side
    }
    if side == Side.SALE:
        letters |= {letter: str(other) for other, letter in SIDE_LETTERS.items()}
    for record in RECORD_TYPES.values():
        if record.room == ("" if side == Side.SALE else side):
            letters.setdefault(fold(record.title)[0].upper(), record.name)
    return letters


def new_question(names: dict[str, str], room: int) -> str:
    """`Nouveau : D devis  C commande…` in so many cells: closer together where there are many."""
    words = [f"{letter} {_word(name)}" for letter, name in names.items()]
    wide = ("Nouveau : " + "  ".join(words), "  ".join(words))
    narrow = (" ".join(word[:most] for word in words) for most in range(24, 1, -1))
    return next((text for text in (*wide, *narrow) if cell_len(text) <= room), " ".join(names))


def _word(name: str) -> str:
    """What a kind, a record or a side is called in the middle of a sentence."""
    if name in SIDE_WORDS:
        return SIDE_WORDS[name]
    record = RECORD_TYPES.get(name)
    if record is not None:
        return record.title.lower()
    kind = doc_type(name)
    return kind.short or kind.title.lower()


def recent_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of a row of RÉCENTS."""
    texts = (row["number"] or "", row["party_name"], row["subject"], row["state_label"])
    return (*texts, format_cents(row["gross_total"]))

"""Which documents a document comes from and which it became, through the links of its lines."""

from __future__ import annotations

from dataclasses import dataclass

from codial_tui.domain.kinds import doc_type

from .context import Context


@dataclass(frozen=True, slots=True)
class Relative:
    """A parent (way -1) or a child (way 1). amount: cents HT transferred between the two."""

    id: int
    way: int
    ref: str
    date: str
    state: str
    subject: str
    amount: int


def relatives(context: Context, document_id: int) -> list[Relative]:
    """Parents, then children, oldest first."""
    found: list[Relative] = []
    for way, mine, other in (
        (-1, "target_line_id", "source_line_id"),
        (1, "source_line_id", "target_line_id"),
    ):
        rows = context.database.rows(
            "SELECT d.id, d.kind, d.number, d.date, d.state, d.subject, SUM(k.amount) "
            f"FROM line_link k JOIN document_line m ON m.id = k.{mine} "
            f"JOIN document_line o ON o.id = k.{other} JOIN document d ON d.id = o.document_id "
            "WHERE m.document_id = ? "
            "GROUP BY d.id, d.kind, d.number, d.date, d.state, d.subject ORDER BY d.date, d.id",
            (document_id,),
        )
        for key, kind, number, date, state, subject, amount in rows:
            label = doc_type(kind).state(state).label
            found.append(
                Relative(key, way, number or f"{kind}-{key}", date, label, subject, amount)
            )
    return found

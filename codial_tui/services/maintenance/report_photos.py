"""Photos of a report: the pictures attached to a work order (GED), made small enough for paper."""

from __future__ import annotations

from codial_tui.domain.document import Document
from codial_tui.domain.maintenance import report_text
from codial_tui.domain.paper.paper import Photo
from codial_tui.domain.problems import Problem
from codial_tui.errors import Unreadable
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments

MOST = 40
"""photos printed, the first ones"""
_PICTURES = (
    "SELECT id, name, sha256 FROM attachment WHERE owner = 'document' AND owner_uid = ? "
    f"AND mime IN ('image/jpeg', 'image/png') ORDER BY id LIMIT {MOST}"
)


def named(context: Context, document: Document) -> tuple[report_text.Photo, ...]:
    """The pictures attached, by name and SHA-256."""
    rows = context.database.rows(_PICTURES, (document.uid,))
    return tuple(report_text.Photo(name, sha256) for _, name, sha256 in rows)


def fitted(context: Context, document: Document) -> tuple[Photo, ...]:
    """The pictures as paper takes them; what is no picture after all is left out."""
    found = [_fitted(context, *row) for row in context.database.rows(_PICTURES, (document.uid,))]
    return tuple(one for one in found if one is not None)


def problems(context: Context, document: Document) -> list[Problem]:
    """Photos that cannot be printed, as warnings."""
    missing = [
        name
        for key, name, sha256 in context.database.rows(_PICTURES, (document.uid,))
        if _fitted(context, key, name, sha256) is None
    ]
    return [
        Problem("photo.unreadable", "", f"Photo « {name} » illisible", "PNG ou JPEG", "warning")
        for name in missing
    ]


def _fitted(context: Context, key: int, name: str, sha256: str) -> Photo | None:
    """Made once: decoding takes a tenth of a second."""
    from codial_tui.printing.picture import fitted as made

    kept: dict[tuple[str, str], Photo | None] = context.cache.setdefault("report.photos", {})
    if (name, sha256) not in kept:
        try:
            found = made(name, attachments.content(context, key))
        except Unreadable:
            found = None
        if len(kept) >= MOST:
            del kept[next(iter(kept))]
        kept[name, sha256] = found
    return kept[name, sha256]

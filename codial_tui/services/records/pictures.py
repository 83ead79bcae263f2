"""Pictures that go on paper, taken from the user's inbox; no other file can be named."""

from __future__ import annotations

from pathlib import Path

from codial_tui.errors import refuse, system_words
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments

LIMIT = 2 * 1024 * 1024
"""bytes of a picture"""
SUFFIXES = frozenset({".png", ".jpg", ".jpeg"})


def waiting(context: Context) -> list[Path]:
    """The picture files of the inbox, by name."""
    return [one for one in attachments.inbox(context) if one.suffix.lower() in SUFFIXES]


def taken(context: Context, name: str) -> bytes:
    """The bytes of a picture of the inbox, which stays there. Raises Refused when there is none
    of this name or it is too big, Unreadable when it cannot be printed."""
    from codial_tui.printing.picture import check

    path = next((one for one in waiting(context) if one.name == name), None)
    if path is None:
        raise refuse("inbox.missing", f"« {name[:40]} » n'est pas dans la boîte de dépôt")
    try:
        if path.stat().st_size > LIMIT:
            raise refuse("picture.too_big", f"« {name[:40]} » dépasse {LIMIT >> 20} Mo", "réduisez")
        data = path.read_bytes()
    except OSError as error:
        raise refuse("inbox.unreadable", f"« {name} » illisible", system_words(error)) from error
    check(data)
    return data

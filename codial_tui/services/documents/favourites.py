"""Favourites (`!b` types what was put on key b) and the signs of the typing line, per user."""

from __future__ import annotations

from codial_tui.domain.entry.entry_kinds import DEFAULT_SIGNS, Signs
from codial_tui.services.context import Context
from codial_tui.services.records import settings


def signs(context: Context) -> Signs:
    """The kind signs of the typing line; settings can change them (ux.md §3, rule 4)."""
    chosen = settings.value(context, "entry.signs")
    return Signs(**chosen) if chosen else DEFAULT_SIGNS


def text_of(context: Context, key: str) -> str | None:
    """What a favourite types, None when the key is free."""
    found: str | None = context.database.value(
        "SELECT text FROM favourite WHERE user_id = ? AND key = ?", (context.user.id, key)
    )
    return found


def put(context: Context, key: str, text: str) -> None:
    """Put an entry line on a key, "" frees it."""
    database = context.database
    with database.write():
        database.execute(
            "DELETE FROM favourite WHERE user_id = ? AND key = ?", (context.user.id, key)
        )
        if text:
            values = (context.user.id, key, text)
            database.insert_many("favourite", ("user_id", "key", "text"), [values])

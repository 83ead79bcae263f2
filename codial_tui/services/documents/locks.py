"""Who may write a document: one program at a time; death frees it, not clean-up (design.md §3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from codial_tui.services.context import Context
from codial_tui.services.records import settings

IDLE_MINUTES = 10


def acquire(context: Context, document_id: int) -> str:
    """Take the lock of a document. Returns "" when it is ours, else who has it and since when.

    A lock whose program is dead, or whose holder has been idle for ten minutes (setting), is
    taken over; the idle holder becomes a reader at its next write.
    """
    database = context.database
    token = database.value("SELECT lock_token FROM document WHERE id = ?", (document_id,))
    if token and token != context.session and not _free(context, token):
        return holder(context, document_id)
    with database.write():
        taken = database.execute(
            "UPDATE document SET lock_token = ?, locked_at = ? "
            "WHERE id = ? AND COALESCE(lock_token, '') = ?",
            (context.session, context.now, document_id, token or ""),
        )
    return "" if taken else holder(context, document_id)


def _free(context: Context, token: str) -> bool:
    if not context.alive(token):
        return True
    active = context.database.value("SELECT active_at FROM session WHERE token = ?", (token,))
    if not active:
        return False
    limit = timedelta(minutes=settings.value(context, "lock.idle_minutes", IDLE_MINUTES))
    return datetime.fromisoformat(active) < context.clock().astimezone(UTC) - limit


def elsewhere(context: Context, document_id: int) -> str:
    """Who else writes a document at this moment; "" when nobody does."""
    token = context.database.value("SELECT lock_token FROM document WHERE id = ?", (document_id,))
    if not token or token == context.session or _free(context, token):
        return ""
    return holder(context, document_id).removesuffix(", lecture seule")


def note_activity(context: Context) -> None:
    """Somebody is at work in this program, inside the caller's transaction: its locks are not
    taken over."""
    context.database.execute(
        "UPDATE session SET active_at = ? WHERE id = ?", (context.now, context.session_id)
    )


def release(context: Context, document_id: int) -> None:
    """Give the lock back, if it is ours."""
    with context.database.write():
        context.database.execute(
            "UPDATE document SET lock_token = NULL, locked_at = NULL "
            "WHERE id = ? AND lock_token = ?",
            (document_id, context.session),
        )


def holder(context: Context, document_id: int) -> str:
    """« Ouvert par Jean D. depuis 10:12, lecture seule »; "" when nobody holds it."""
    row = context.database.row(
        "SELECT s.user_name, d.locked_at FROM document d JOIN session s ON s.token = d.lock_token "
        "WHERE d.id = ?",
        (document_id,),
    )
    if row is None:
        return ""
    since = context.local(row[1]).strftime("%H:%M") if row[1] else ""
    return f"Ouvert par {row[0]} depuis {since}, lecture seule"

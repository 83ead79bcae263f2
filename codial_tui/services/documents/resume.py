"""Coming back: where one was, and the line in hand. A closed connection is no quit (ux.md §2)."""

from __future__ import annotations

from typing import Any

from codial_tui.errors import CodialError
from codial_tui.services.context import Context
from codial_tui.services.records import settings

PLACE = "resume"


def remember(
    context: Context, document_id: int, ref: str, tab: str, line: str, *, still_there: bool
) -> None:
    """Note where one is: document, tab and line. still_there: one has not left it; skipped
    without a word when the database is busy."""
    session = context.session if still_there else ""
    place = {"document": document_id, "ref": ref, "tab": tab, "line": line, "session": session}
    found = settings.value(context, PLACE)
    if found is not None and {**found, "at": ""} == {**place, "at": ""}:
        return
    try:
        settings.store(context, PLACE, {**place, "at": context.now})
    except CodialError:
        return


def interrupted(context: Context) -> dict[str, Any] | None:
    """Where one was when the last session was cut off; None when it was left, or still runs.

    Answers once: should that document be what ends the program, the next start is at home.
    """
    found = place(context)
    session = found.get("session") if found else ""
    if not found or not session or context.alive(session):
        return None
    settings.store(context, PLACE, {**found, "session": ""})
    return found


def place(context: Context) -> dict[str, Any] | None:
    """Where one was last, None when nowhere or the document is gone."""
    found: dict[str, Any] | None = settings.value(context, PLACE)
    if not found or not context.database.row(
        "SELECT 1 FROM document WHERE id = ?", (found["document"],)
    ):
        return None
    return found


def keep_draft(context: Context, where: str, text: str, caret: int) -> None:
    """Keep the line in hand; skipped without a word when the database is busy."""
    database = context.database
    if (text, caret) == draft(context, where):
        return
    try:
        with database.write():
            database.execute(
                "DELETE FROM entry_draft WHERE user_id = ? AND place = ?", (context.user.id, where)
            )
            if text:
                names = ("user_id", "place", "text", "caret", "at")
                row = (context.user.id, where, text, caret, context.now)
                database.insert_many("entry_draft", names, [row])
    except CodialError:
        return


def draft(context: Context, where: str) -> tuple[str, int]:
    """The line in hand and its caret, ("", 0) when there is none."""
    row = context.database.row(
        "SELECT text, caret FROM entry_draft WHERE user_id = ? AND place = ?",
        (context.user.id, where),
    )
    return (row[0], row[1]) if row else ("", 0)

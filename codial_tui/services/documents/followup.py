"""Suivi: the state of a document, its dated log, and the next action (domain.md §2)."""

from __future__ import annotations

from dataclasses import dataclass

from codial_tui.domain.changes import set_header
from codial_tui.domain.entry.typing_lines import Note, PlannedAction
from codial_tui.domain.text import clean
from codial_tui.errors import refuse

from .documents import log_event
from .editing import Editor

TYPES = {
    "note": "Note",
    "sent": "Courriel",
    "printed": "Imprimé",
    "reminder": "Relance",
    "call": "Appel",
    "visit": "Visite",
    "state": "État",
    "transfer": "Transfert",
}
NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. at: UTC ISO text; what: French word of its type."""

    id: int
    at: str
    who: str
    what: str
    text: str


def events(editor: Editor) -> list[Event]:
    """The log of the document, oldest first."""
    found = editor.context.database.rows(
        "SELECT e.id, e.at, COALESCE(u.initials, e.user_name), e.type, e.text "
        "FROM document_event e LEFT JOIN app_user u ON u.id = e.user_id "
        "WHERE e.document_id = ? ORDER BY e.at, e.id",
        (editor.document.id,),
    )
    return [Event(row[0], row[1], row[2], TYPES[row[3]], row[4]) for row in found]


def move_state(editor: Editor, state: str) -> None:
    """Move the document to another declared state; logged. Raises Refused."""
    kind, current = editor.kind, editor.document.state
    if state == current:
        return
    if not kind.can_move(current, state):
        raise refuse(
            "state.move",
            f"{kind.title} {kind.state(current).label.lower()} : pas vers "
            f"{kind.state(state).label.lower()}",
            "",
            "state",
        )
    label = kind.state(state).label
    editor.commit([set_header(editor.document, state=state)], f"État {label}")
    with editor.context.database.write():
        log_event(editor.context, editor.document, "state", label)


def add(editor: Editor, entry: Note | PlannedAction) -> None:
    """Log a note, or plan the next action. Raises Refused."""
    text = clean(entry.text)
    if len(text) > NOTE_LENGTH:
        raise refuse("note.too_long", f"{NOTE_LENGTH} signes au plus", "coupez la note en deux")
    if isinstance(entry, PlannedAction):
        day = entry.day.isoformat()
        changes = set_header(
            editor.document,
            next_action=text or "Relancer",
            next_action_at=day,
            next_action_by=editor.context.user.id,
        )
        editor.commit([changes], f"Action prévue le {entry.day:%d/%m/%y}")
        return
    with editor.context.database.write():
        log_event(editor.context, editor.document, "note", text)


def other_pending(editor: Editor) -> tuple[int, int]:
    """How many other documents of the kind in its first state this party has, and their HT."""
    document = editor.document
    row = editor.context.database.row(
        "SELECT COUNT(*), COALESCE(SUM(net_total), 0) FROM document "
        "WHERE kind = ? AND party_id = ? AND state = ? AND id <> ?",
        (document.kind, document.header.get("party_id"), editor.kind.initial, document.id),
    )
    assert row is not None
    return int(row[0]), int(row[1])

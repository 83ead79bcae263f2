"""An order, to a supplier too, gives up its rest: it is closed, not settled, until somebody reopens it (domain.md §2).

What was not delivered is then neither to be delivered nor to be billed (`pools.left_of`).
"""

from __future__ import annotations

from codial_tui.errors import refuse
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import side_fields

FIELD = "given_up_at"


def give_up(editor: Editor) -> None:
    """« Abandonner le reste », one step that can be undone. Raises Refused."""
    document = editor.document
    _check_kind(editor)
    if document.header.get(FIELD):
        raise refuse("order.given_up", f"{document.ref} : reste déjà abandonné", "rouvrez-la")
    if document.text("delivery") in ("", "full"):
        raise refuse("order.no_rest", f"{document.ref} n'a plus de reste", "")
    editor.set_header("Reste abandonné", **{FIELD: editor.context.now})


def reopen(editor: Editor) -> None:
    """The rest is to be delivered again. Raises Refused."""
    _check_kind(editor)
    if not editor.document.header.get(FIELD):
        raise refuse("order.not_given_up", f"{editor.document.ref} n'a rien abandonné", "")
    editor.set_header("Reste rouvert", **{FIELD: None})


def _check_kind(editor: Editor) -> None:
    if FIELD not in side_fields(editor.kind):
        raise refuse("order.no_rest", f"{editor.kind.title} : pas de reste", "")

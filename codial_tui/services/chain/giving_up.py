"""An order, to a supplier too, gives up its rest: it is closed, not settled, until somebody reopens
it (domain.md §2).

What was not delivered is then neither to be delivered nor to be billed (`pools.left_of`). What is
on order for it is needed no more, and what a supplier does not bring is needed again.
"""

from __future__ import annotations

from codial_tui.domain.changes import delete, set_header, set_link
from codial_tui.domain.money import div_round
from codial_tui.domain.spec import Side
from codial_tui.errors import refuse
from codial_tui.services.buying import back_to_back
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import side_fields
from codial_tui.services.maintenance import followed_order

FIELD = "given_up_at"


def give_up(editor: Editor) -> None:
    """« Abandonner le reste », one step that can be undone. Raises Refused."""
    document = editor.document
    _check_kind(editor)
    if document.header.get(FIELD):
        raise refuse("order.given_up", f"{document.ref} : reste déjà abandonné", "rouvrez-la")
    if document.text("delivery") in ("", "full"):
        raise refuse("order.no_rest", f"{document.ref} n'a plus de reste", "")
    if works := followed_order.unbilled(editor.context, document.id):
        said = f"{', '.join(works)} y a pris ce qu'elle n'a pas facturé"
        raise refuse("order.fitted", said, "facturez-le d'abord : F6, en partie")
    changes = [set_header(document, **{FIELD: editor.context.now})]
    database = editor.context.database
    if editor.kind.side is Side.SALE:
        freed, too_many = back_to_back.undelivered(database, document, _delivered(editor))
        editor.commit([*changes, *freed], "Reste abandonné")
        editor.too_many += too_many
        return
    arrived = {one.uid: one.arrived for one in back_to_back.of_document(database, document.id)}
    own = [one for uid, one in document.links.items() if uid in arrived]
    changes += [set_link(one, quantity=arrived[one.uid]) for one in own if arrived[one.uid]]
    changes += [delete(one) for one in own if not arrived[one.uid]]
    editor.commit(changes, "Reste abandonné")


def _delivered(editor: Editor) -> dict[str, int]:
    """What the customer has of every line and component, by uid."""
    document = editor.document
    done = {uid: gone.get("deliver", 0) for uid, gone in editor.taken.items()}
    found = {}
    for line in document.lines:
        top = line
        while top.parent_uid is not None:
            top = document.line(top.parent_uid)
        if top.quantity:
            found[line.uid] = div_round(line.quantity * done.get(top.uid, 0), top.quantity)
    return found


def reopen(editor: Editor) -> None:
    """The rest is to be delivered again. Raises Refused."""
    _check_kind(editor)
    if not editor.document.header.get(FIELD):
        raise refuse("order.not_given_up", f"{editor.document.ref} n'a rien abandonné", "")
    editor.set_header("Reste rouvert", **{FIELD: None})


def _check_kind(editor: Editor) -> None:
    if FIELD not in side_fields(editor.kind):
        raise refuse("order.no_rest", f"{editor.kind.title} : pas de reste", "")

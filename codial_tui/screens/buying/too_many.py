"""Row 23 where a sale changes for whose lines something was bought: before, and after."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.services.buying import back_to_back
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor
from codial_tui.widgets.reading import Reading


def warn(reading: Reading, editor: Editor) -> None:
    """Say what is on order and no longer needed, once."""
    if editor.too_many:
        reading.done("")  # so that it goes with the next key
        reading.warn(back_to_back.warned(editor.too_many))
        editor.too_many = []


def before_deleting(editor: Editor, uids: Sequence[str]) -> str:
    """What is asked before lines go; "" for one that nothing was bought for."""
    from codial_tui.domain.structure import closure

    held = [line.uid for line in closure(editor.document, list(uids))]
    bought = back_to_back.ordered_for(editor.context.database, held)
    what = f"Supprimer {len(uids)} lignes" if len(uids) > 1 else "Supprimer la ligne"
    if bought:
        return f"Déjà commandé {back_to_back.counted(bought)}. {what} ? O/N"
    return f"{what} ? O/N" if len(uids) > 1 else ""


def of_documents(context: Context, ids: Sequence[int]) -> str:
    """`Déjà commandé 6 sur CF26-00012 (Rhône). `, "" when nothing was bought for them."""
    found = [
        one
        for key in ids[:MOST]
        for one in back_to_back.of_document(context.database, key)
        if one.sale_id == key
    ]
    return f"Déjà commandé {back_to_back.counted(found)}. " if found else ""


MOST = 50
"""documents looked at: a row says no more"""

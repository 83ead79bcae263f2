"""What the program opens with. Light: it is on the way to the first frame."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from codial_tui.services.context import Context
from codial_tui.services.documents import resume
from codial_tui.services.records import settings

from .home.home import HomeScreen

HALF_LOADED = "demo.loaded"
"""Setting that is false while the demo company is being built."""


def first_screens(context: Context, screen: str = "", ref: str = "") -> list[Screen[Any]]:
    """What the program opens with: the first question, or home and what was asked for on top.

    screen: `items`, `customers`, or a document kind in the plural (`quotes`). ref: a document.
    """
    if not context.edition or settings.value(context, HALF_LOADED) is False:
        from .first_start import FirstStart

        return [FirstStart()]
    if not screen and not ref and (place := resume.interrupted(context)) is not None:
        from .document.document import DocumentScreen

        document = DocumentScreen(place["document"], tab=place["tab"], line=place["line"])
        return [HomeScreen(), document]
    if ref:
        from codial_tui.services.documents import documents

        from .document.document import DocumentScreen

        document_id = documents.find(context, ref)
        if document_id is None:
            return [HomeScreen(refusal=f"Document {ref} introuvable · trois lettres cherchent")]
        return [HomeScreen(), DocumentScreen(document_id)]
    if screen and screen != "home":
        from codial_tui.domain.kinds import doc_types

        from .lists.list import ListScreen

        names = {"items": "item", "customers": "party"}
        names.update((f"{one.kind}s", one.kind) for one in doc_types(context.editions))
        if screen in names:
            return [HomeScreen(), ListScreen(names[screen])]
    return [HomeScreen()]

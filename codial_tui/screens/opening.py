"""Going somewhere: a document, a record, a list, something new; each module loaded when needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from codial_tui.domain.records.records import find_record
from codial_tui.services.lists import lists

from .base import BaseScreen

if TYPE_CHECKING:
    from codial_tui.services.lists.lists import Listing


async def open_document(
    screen: BaseScreen[Any], document_id: int, among: Listing | None = None, **place: str
) -> None:
    """A document, at a tab and line when told. Raises Refused when it is gone."""
    from .document.document import DocumentScreen

    lists.still_there(screen.context, "", document_id)
    await screen.app.push_screen(DocumentScreen(document_id, among=among, **place))


OWN_SCREENS = {"call": ("maintenance.call_entry", "CallEntry")}
"""Records with a screen of their own, new ones too: its module and class."""


def _own_screen(name: str, record_id: int | None = None) -> Screen[Any]:
    module, made = OWN_SCREENS[name]
    found: Screen[Any] = getattr(import_module(f"codial_tui.screens.{module}"), made)(record_id)
    return found


async def open_record(
    screen: BaseScreen[Any], name: str, record_id: int, among: Listing | None = None
) -> None:
    """A party, an item and the like. Raises Refused when it is gone."""
    from .records.record import RecordScreen

    lists.still_there(screen.context, name, record_id)
    if name in OWN_SCREENS:
        await screen.app.push_screen(_own_screen(name, record_id))
    else:
        await screen.app.push_screen(RecordScreen(name, record_id, among))


async def open_list(screen: BaseScreen[Any], name: str, mark: str = "", *, kept: str = "") -> None:
    """The list of a document kind or record; kept: as the filter of that name shows it."""
    from .lists.list import ListScreen

    await screen.app.push_screen(ListScreen(name, mark=mark, kept=kept))


async def create(screen: BaseScreen[Any], name: str) -> None:
    """F5: a new document of a kind, or a new record."""
    if find_record(name) is None:
        from .document.new_document import NewDocument

        await screen.app.push_screen(NewDocument(name))
        return
    if name in OWN_SCREENS:
        await screen.app.push_screen(_own_screen(name))
        return
    from .records.quick_create import QuickCreate

    cache, begun = screen.context.cache, f"begun {name}"  # what Esc left is there again

    async def created(record_id: int | None) -> None:
        if record_id is not None:
            cache.pop(begun, None)
            await screen.guarded(lambda: open_record(screen, name, record_id))

    await screen.app.push_screen(QuickCreate(name, cache.setdefault(begun, {})), created)

"""How keys reach widgets and how widgets answer: in order, within the turn of the key.

Textual's focus gives each widget its own queue, so that a scanner's second code typed before the
first was taken can land in the wrong text. Here the screen has one queue of keys, offers each key
along its route, and a widget tells what happened before the next key is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import isawaitable
from typing import NamedTuple, Protocol

from textual.dom import DOMNode
from textual.message import Message

_NO_BREAK = ("\u00a0", "\u202f")


class Press(NamedTuple):
    """One key: Textual's name of it (`down`, `f5`, `ctrl+r`, `ctrl+g l`), and what it types."""

    key: str
    character: str | None = None

    @property
    def printable(self) -> str:
        """The character to insert, "" when the key types nothing. A no-break blank, which some
        French layouts have on Shift+Space, is a blank."""
        if self.character in _NO_BREAK:
            return " "
        return self.character if self.character and self.character.isprintable() else ""


class Pressable(Protocol):
    """Anything a screen can put on the route of its keys."""

    async def press(self, press: Press) -> bool:
        """True when the key was used; else the next one on the route gets it."""
        ...


class Pasteable(Protocol):
    """Anything that takes pasted text."""

    async def paste(self, text: str) -> bool:
        """True when the text was used or refused."""
        ...


class Notice(Message):
    """Something a widget tells: handled by `on_WIDGET_NAME` of its ancestors, nearest first."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = False

    def stop(self, stop: bool = True) -> Notice:
        """No ancestor further up hears it."""
        self.answered = stop
        super().stop(stop)
        return self


async def tell(source: DOMNode, notice: Notice) -> None:
    """Calls the handlers of a notice now, up to the app, instead of posting it to queues."""
    node: DOMNode | None = source.parent
    while node is not None and not notice.answered:
        handler = getattr(node, notice.handler_name, None)
        if handler is not None:
            outcome = handler(notice)
            if isawaitable(outcome):
                await outcome
        node = node.parent


async def offer(route: Sequence[Pressable], press: Press) -> bool:
    """Offers a key along a route until something uses it."""
    for one in route:
        if await one.press(press):
            return True
    return False

"""One place, several panes; each is built when it is first looked at.

Not TabbedContent: its `active` bounces back while the focus is in the old pane (measured), and
its underline is animated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.containers import Container
from textual.widget import Widget


class PaneSwitcher(Container):
    """Shows one of several panes, by name."""

    DEFAULT_CSS = """
    PaneSwitcher { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    PaneSwitcher > * { height: 1fr; }
    """
    can_focus = False
    BLANK = True

    def __init__(self, builders: Mapping[str, Callable[[], Widget]], id: str | None = None) -> None:
        super().__init__(id=id)
        self.builders = dict(builders)
        self.built: dict[str, Widget] = {}
        self.current = ""

    @property
    def pane(self) -> Widget | None:
        """The pane in view, None before the first `show`."""
        return self.built.get(self.current)

    async def show(self, name: str) -> Widget:
        """Brings a pane into view, building it the first time. Raises KeyError."""
        build = self.builders[name]
        if self.screen.focused is not None:
            self.screen.set_focus(None)  # before the old pane goes: a hidden widget keeps the keys
        before = self.pane
        pane = self.built.get(name)
        if pane is None:
            pane = build()
            self.built[name] = pane
            await self.mount(pane)
        if before is not None and before is not pane:
            before.display = False
        pane.display = True
        self.current = name
        return pane

    async def forget(self, name: str) -> None:
        """Takes a pane down; it is built again when it is next shown."""
        pane = self.built.pop(name, None)
        if pane is not None:
            await pane.remove()

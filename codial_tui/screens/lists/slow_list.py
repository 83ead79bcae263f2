"""A list too big to be read within a key is read beside the keys; the newest wish wins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from codial_tui.services.context import Context
from codial_tui.services.lists.lists import DocumentList


class SlowReading:
    """One reading at a time, on a connection of its own; a newer wish interrupts it."""

    def __init__(self, context: Context) -> None:
        self._reader = context.database.reader()
        self._wish: tuple[DocumentList, Callable[[DocumentList], None]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def want(self, listing: DocumentList, then: Callable[[DocumentList], None]) -> None:
        """Read what a screen shows and tell, then the rest and tell again; what was wished before
        is forgotten."""
        self._wish = listing, then
        if self.running:
            self._reader.interrupt()
        else:
            self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while self._wish is not None and not self._closed:
            listing, then = self._wish
            self._wish = None
            for read in (listing.read_first, listing.read):
                found = not listing.complete and await asyncio.to_thread(read, self._reader)
                if found and self._wish is None and not self._closed:
                    then(listing)
        if self._closed:
            self._reader.close()

    async def wait(self) -> None:
        """Until what was wished last is shown."""
        if self._task is not None:
            await self._task

    def close(self) -> None:
        """Nobody waits for it any more."""
        self._closed = True
        if self.running:
            self._reader.interrupt()
        else:
            self._reader.close()

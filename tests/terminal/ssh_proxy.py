"""A thin line: TCP to somewhere else, with the delay and the bit rate of a bad connection.

It can be killed, as a router that is switched off resets what goes through it, and stopped, as one
that just forwards nothing more: both sockets stay open, nobody is told.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType

CHUNK = 512
"""bytes that are delayed as one, about a packet of a thin line"""

BUFFERED = 64
"""chunks on their way in one direction; more waits at the sender"""


class Proxy:
    """Listens on `port` of 127.0.0.1 from `__enter__` to `__exit__`.

    round_trip: seconds, half of it each way. rate: bits a second each way, 0 for no limit.
    """

    def __init__(self, target: int, *, round_trip: float = 0, rate: int = 0) -> None:
        self.target, self.delay, self.rate = target, round_trip / 2, rate
        self.port = 0
        self.carried = 0
        """bytes that came from the target so far"""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="proxy")
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._call(self._listen).result(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def stop(self) -> None:
        """From now on nothing gets through, and nobody is told."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def kill(self) -> None:
        """Reset every connection and listen no more."""
        self._call(self._reset).result(10)

    def _call(self, doing: Callable[[], object]) -> Future[None]:
        async def done() -> None:
            outcome = doing()
            if asyncio.iscoroutine(outcome):
                await outcome

        return asyncio.run_coroutine_threadsafe(done(), self._loop)

    async def _listen(self) -> None:
        self._flows.set()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers += [writer, onward_writer]
        for one in (writer, onward_writer):
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, sink, counts in (
            (reader, onward_writer, False),
            (onward_reader, writer, True),
        ):
            line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(BUFFERED)
            self._keep(self._take(source, line, counts))
            self._keep(self._give(line, sink))

    def _keep(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(
        self, source: asyncio.StreamReader, line: asyncio.Queue[tuple[float, bytes]], counts: bool
    ) -> None:
        """Read chunks; each leaves when the line is free, and arrives the delay later."""
        free = 0.0
        with suppress(OSError):
            while data := await source.read(CHUNK):
                await self._flows.wait()
                self.carried += len(data) if counts else 0
                now = self._loop.time()
                free = max(free, now) + (len(data) * 8 / self.rate if self.rate else 0)
                await line.put((free + self.delay, data))
        await line.put((self._loop.time() + self.delay, b""))

    async def _give(
        self, line: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while True:
                at, data = await line.get()
                await asyncio.sleep(at - self._loop.time())
                await self._flows.wait()
                if not data:
                    break
                sink.write(data)
                await sink.drain()
        sink.close()

    def _reset(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
            writer.transport.abort()
        self._writers.clear()

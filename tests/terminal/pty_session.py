"""A program in a real pseudo-terminal: keys in, bytes out, the screen as an emulator shows it.

The terminal answers no queries, like the plainest one there is, unless it is asked to tell where
its cursor is (`answers`). Waiting is by what arrives and by
deadlines, never by sleeping. Bytes are only stored while a gesture is timed; the emulator reads
them when somebody looks at the screen, so that it does not slow down what is measured.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyte

ROWS, COLUMNS = 24, 80
QUIET_MS = 60
"""Nothing for so long is the end of an answer: more than Textual's second frame takes."""

# What pyte takes for text or misreads: private CSI other than `?`, queries, DCS and APC strings.
_FOREIGN = re.compile(
    r"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\??[0-9;]*\$[a-z]|\x1b[P_^].*?\x1b\\", re.S
)
_UNFINISHED = re.compile(r"\x1b(?:\[[<=>?0-9;:$ ]*|[P_^\]](?:[^\x1b\x07]|\x1b(?!\\))*)?$", re.S)
_SEQUENCE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_^].*?\x1b\\|[()#%].|[0-~])",
    re.S,
)

ASK_CURSOR = b"\x1b[6n"

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "space": " ",
    **{f"f{n + 1}": code for n, code in enumerate(("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"))},
    **{f"f{n + 5}": f"\x1b[{code}~" for n, code in enumerate((15, 17, 18, 19, 20, 21, 23, 24))},
    **{f"ctrl+{chr(n + 96)}": chr(n) for n in range(1, 27)},
}
"""Names as Textual has them → what a terminal sends."""


class Gone(Exception):
    """The program ended, or what was waited for did not come; the text shows the screen."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """The answer to some keys. bytes to the terminal; milliseconds to the first and last byte."""

    bytes: int
    first_ms: float
    last_ms: float


def key(name: str) -> str:
    """What the terminal sends for a key by name; a single character is itself."""
    return KEYS.get(name) or name


def plain(data: bytes) -> str:
    """The text in a raw stream, without control sequences."""
    return _SEQUENCE.sub(b"", data).decode(errors="replace")


class PtySession:
    """One program in a pty. `started` is the moment before it was spawned (perf_counter)."""

    at_once = 1 << 16
    """bytes read in one go"""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str | None] | None = None,
        rows: int = ROWS,
        columns: int = COLUMNS,
        cwd: Path | None = None,
        answers: bool = False,
        controls: bool = True,
    ) -> None:
        """answers: CSI 6n (where is the cursor) is answered as soon as it is read; controls: the
        pty is the controlling terminal, whose end is told by SIGHUP."""
        self._answers = answers
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = ""
        self._unread = bytearray()
        self.total = 0
        """Bytes received so far."""
        self._master, slave = pty.openpty()
        self._size(slave, rows, columns)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=_environment(env or {}),
            start_new_session=True,
            preexec_fn=_take_terminal if controls else None,
        )
        os.close(slave)

    @property
    def pid(self) -> int:
        return self.process.pid

    # keys and bytes --------------------------------------------------------------------------

    def send(self, keys: str | bytes) -> None:
        """Write raw characters, as typed; see `press` for named keys."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            _, writable, _ = select.select([], [self._master], [], 5)
            if not writable:
                raise Gone(f"the program reads no keys\n{self.text}")
            try:
                data = data[os.write(self._master, data[:1024]) :]
            except OSError as error:
                raise Gone(f"the program ended\n{self.text}") from error

    def press(self, *names: str) -> None:
        """Write keys by Textual's names (`enter`, `f5`, `ctrl+r`) or single characters."""
        self.send("".join(map(key, names)))

    def wait_idle(self, quiet_ms: float = QUIET_MS, timeout: float = 10) -> Gesture:
        """Read until nothing came for `quiet_ms`. Before the first byte it waits the same time.

        Raises Gone when the program does not stop writing in `timeout` seconds.
        """
        return self._read_until_quiet(time.perf_counter(), quiet_ms, timeout, first=False)

    def gesture(self, keys: str, quiet_ms: float = QUIET_MS, timeout: float = 10) -> Gesture:
        """Send raw characters and read the whole answer, of which at least one byte must come."""
        begin = time.perf_counter()
        self.send(keys)
        return self._read_until_quiet(begin, quiet_ms, timeout, first=True)

    def wait_for(self, text: str, timeout: float = 10) -> float:
        """Read until the screen shows `text` in one row; returns ms since the program started.

        The time is that of the last bytes read. Raises Gone after `timeout` seconds.
        """
        return self.wait_until(lambda: any(text in row for row in self.rows), repr(text), timeout)

    def wait_until(self, shown: Callable[[], bool], what: str, timeout: float = 10) -> float:
        """Like `wait_for`, for anything that can be seen on the screen."""
        deadline = time.perf_counter() + timeout
        last = time.perf_counter()
        while not shown():
            if self._read(deadline - time.perf_counter()) is None:
                raise Gone(f"{what} did not come\n{self.text}")
            last = time.perf_counter()
        return (last - self.started) * 1000

    def wait_for_bytes(self, needles: Sequence[bytes], timeout: float = 20) -> float:
        """Read until the raw text holds every needle, then to the end of that frame; returns ms
        since the program started. Looks at no emulator, so it can time a start."""
        deadline = time.perf_counter() + timeout
        seen = bytearray()
        wanted = [needle.decode() for needle in needles]
        while True:
            data = self._read(deadline - time.perf_counter())
            if data is None:
                raise Gone(f"{wanted} did not come\n{self.text}")
            last = time.perf_counter()
            seen += data
            shown = plain(bytes(seen))
            if all(needle in shown for needle in wanted):
                return (last - self.started) * 1000

    def settle(self, keys: str = "", quiet_ms: float = QUIET_MS, timeout: float = 20) -> Gesture:
        """Send raw characters and read until the program sleeps: not one byte in `quiet_ms`, and
        in the second half of it not one turn of its main thread on a processor. So a program that
        waits for a busy machine does not look as if it had ended.

        Without /proc (not Linux) it is quiet alone. Raises Gone after `timeout` seconds.
        """
        begin = time.perf_counter()
        self.send(keys)
        count, first_ms, last_ms, turns = 0, 0.0, 0.0, "not asked yet"
        while True:
            data = self._read(quiet_ms / 2000)
            now = time.perf_counter()
            if data is not None:
                last_ms = (now - begin) * 1000
                first_ms = first_ms if count else last_ms
                count += len(data)
                turns = "not asked yet"
            elif turns == (turns := self._turns()) and (count or not keys):
                return Gesture(count, first_ms, last_ms)
            if now - begin > timeout:
                raise Gone(f"still busy, or silent, after {timeout} s\n{self.text}")

    def _turns(self) -> str:
        """How often the main thread has had a processor so far."""
        try:
            return Path(f"/proc/{self.pid}/task/{self.pid}/schedstat").read_text()
        except OSError:
            return ""

    def _read_until_quiet(
        self, begin: float, quiet_ms: float, timeout: float, *, first: bool
    ) -> Gesture:
        count, first_ms, last_ms = 0, 0.0, 0.0
        while True:
            now = time.perf_counter()
            if now - begin > timeout:
                raise Gone(f"still writing, or silent, after {timeout} s\n{self.text}")
            wait = timeout if first and not count else quiet_ms / 1000
            data = self._read(wait)
            if data is None:
                if first and not count:
                    raise Gone(f"no answer in {timeout} s\n{self.text}")
                return Gesture(count, first_ms, last_ms)
            last_ms = (time.perf_counter() - begin) * 1000
            first_ms = first_ms if count else last_ms
            count += len(data)

    def _read(self, seconds: float) -> bytes | None:
        """What arrives within `seconds`; None when nothing does, Gone when the program ended."""
        readable, _, _ = select.select([self._master], [], [], max(seconds, 0))
        if not readable:
            return None
        try:
            data = os.read(self._master, self.at_once)
        except OSError:
            data = b""
        if not data:
            raise Gone(f"the program ended with {self.process.wait(10)}\n{self.text}")
        self.total += len(data)
        self._unread += data
        if self._answers:
            for _ in range(data.count(ASK_CURSOR)):
                os.write(self._master, b"\x1b[1;1R")
        return data

    # the screen ------------------------------------------------------------------------------

    def look(self) -> None:
        """Lets the emulator read what has arrived: `screen` is as it is now."""
        self._emulate()

    @property
    def rows(self) -> list[str]:
        """The rows as text, each as wide as the screen."""
        self._emulate()
        return list(self.screen.display)

    @property
    def text(self) -> str:
        """The screen as text, without the blanks at the ends of rows."""
        return "\n".join(row.rstrip() for row in self.rows)

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, from 0."""
        self._emulate()
        return self.screen.cursor.y, self.screen.cursor.x

    def _emulate(self) -> None:
        text = self._tail + self._decoder.decode(bytes(self._unread))
        self._unread.clear()
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._tail = text[end:]
        self._stream.feed(_FOREIGN.sub("", text[:end]))

    def resize(self, rows: int, columns: int) -> None:
        """Change the window, as a person would with the mouse; the program gets SIGWINCH."""
        self._emulate()
        self.screen.resize(rows, columns)
        self._size(self._master, rows, columns)

    @staticmethod
    def _size(descriptor: int, rows: int, columns: int) -> None:
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # the end ---------------------------------------------------------------------------------

    def kill(self, how: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; returns the exit status as Popen gives it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)
        return self.process.wait(10)

    def hang_up(self) -> None:
        """Close our end, as a cut connection does; the program gets SIGHUP."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def wait_end(self, timeout: float = 10) -> int:
        """Read until the program ends by itself; returns its exit status."""
        deadline = time.perf_counter() + timeout
        try:
            while self._read(deadline - time.perf_counter()) is not None:
                pass
        except Gone:
            return self.process.wait(1)
        raise Gone(f"still running after {timeout} s\n{self.text}")

    def close(self) -> None:
        """End the program if it still runs."""
        if self.process.poll() is None:
            self.kill()
        self.hang_up()

    def __enter__(self) -> PtySession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _take_terminal() -> None:
    """In the child: make the pty its controlling terminal, so that a hang-up reaches it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """The environment of a session over SSH: 256 colours, no COLORTERM, UTF-8; None removes."""
    env: dict[str, str | None] = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    for name in ("COLORTERM", "TERM_PROGRAM", "NO_COLOR", "TEXTUAL", "TMUX", "LINES", "COLUMNS"):
        env[name] = None
    env.update(changes)
    return {name: value for name, value in env.items() if value is not None}

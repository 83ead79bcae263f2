"""Keys as people meant them: Esc before a key, function keys typed with two (ux.md §2).

`Chords` knows nothing of Textual. `EscapeParser` mends its parser, which reads a quick Esc and a
key as one: `Esc n` as alt+n, `Esc 3` as `£`, and of `Esc :` or `Esc Enter` keeps no Esc at all
(measured on 8.2.8). Only the parser can tell `Esc 3` from the `£` of a keyboard.
"""

from __future__ import annotations

import codecs
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Any, TypeVar

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen

KeyPress = tuple[str, str | None]
"""Textual's name of a key and the character it types."""

ESC = "\x1b"
_ESCAPE: KeyPress = ("escape", ESC)
_DIGITS = "1234567890"
_AZERTY = "&é\"'(-è_çà"
_FUNCTION = {char: f"f{n}" for row in (_DIGITS, _AZERTY) for n, char in enumerate(row, 1)}
_ARROWS = ("left", "right", "up", "down")
_INTRODUCERS = ("[", "O")
"""after Esc these begin the sequences of arrows and function keys"""
_BACK_TAB = "\t"
"""Esc and Tab is Shift+Tab on the Linux console"""

PASTE_KEPT = 5 * 1024 * 1024
"""characters of a paste after which the rest is dropped: it is refused anyway"""

Result = TypeVar("Result")


class Chords:
    """Ctrl+F then a digit is a function key, Ctrl+G then a letter or an arrow a place.

    Answers `f1` to `f10` and `ctrl+g x`. Esc gives a begun chord up; another key that ends none
    is itself.
    """

    def __init__(self) -> None:
        self.pending = ""
        """`ctrl+f` or `ctrl+g` while its second key is awaited"""

    def feed(self, key: str, character: str | None = None) -> tuple[KeyPress, ...]:
        """The keys that one key means: none while a chord is begun, two for Alt+key."""
        if key.startswith("alt+"):
            return (*self._plain(*_ESCAPE), *self._plain(_bare(key), character))
        return self._plain(key, character)

    def _plain(self, key: str, character: str | None) -> tuple[KeyPress, ...]:
        if key == "ctrl+j":  # Enter typed before the terminal was raw: its driver made it \n
            key, character = "enter", "\r"
        begun, self.pending = self.pending, ""
        if key in ("ctrl+f", "ctrl+g"):
            self.pending = "" if begun == key else key
            return ()
        if not begun:
            return ((key, character),)
        if key == "escape":
            return ()
        if begun == "ctrl+f" and character in _FUNCTION:
            return ((_FUNCTION[character], None),)
        if begun == "ctrl+g" and (key in _ARROWS or (character and character.isprintable())):
            return ((f"ctrl+g {key if key in _ARROWS else character}", None),)
        return ((key, character),)


def _bare(key: str) -> str:
    """`alt+n` is n, `alt+shift+n` is N, `alt+ctrl+r` is ctrl+r."""
    bare = key.removeprefix("alt+")
    letter = bare.removeprefix("shift+")
    return letter.upper() if len(letter) == 1 and letter != bare else bare


class EscapeParser(XTermParser):
    """Textual's parser, which gives Esc and then the key where both arrived in one read.

    It also keeps pastes whole: the stock one types what follows an Esc in pasted text as keys,
    Enter included.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._held = ""
        """the beginning of a paste marker whose rest has not been read yet"""
        self._pasted: list[str] | None = None

    def feed(self, data: str) -> Iterable[Message]:
        if not data:
            yield from super().feed("")
            return
        data, self._held = self._held + data, ""
        while data:
            if self._pasted is None:
                typed, data = self._until(BRACKETED_PASTE_START, data, least=3)
                if typed:
                    yield from super().feed(typed)
                if data:
                    self._pasted, data = [], data.removeprefix(BRACKETED_PASTE_START)
            else:
                text, data = self._until(BRACKETED_PASTE_END, data, least=1)
                if sum(map(len, self._pasted)) <= PASTE_KEPT:
                    self._pasted.append(text)
                if data:
                    yield events.Paste("".join(self._pasted).replace("\x00", ""))
                    self._pasted, data = None, data.removeprefix(BRACKETED_PASTE_END)

    def _until(self, marker: str, data: str, *, least: int) -> tuple[str, str]:
        """What stands before a marker, and the rest from the marker on. Without one, a beginning
        of it (at least so many characters) is held for the next read."""
        before, found, after = data.partition(marker)
        if found:
            return before, found + after
        for size in range(len(marker) - 1, least - 1, -1):
            if data.endswith(marker[:size]):
                self._held = marker[:size]
                return data[:-size], ""
        return data, ""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if alt:  # a longer sequence that nobody knows: Esc was a key of its own
            yield events.Key(*_ESCAPE)
            yield from super()._sequence_to_key_events(sequence)
        elif _is_escaped_key(sequence):
            yield events.Key(*_ESCAPE)
            yield from super()._sequence_to_key_events(sequence[1])
        else:
            yield from super()._sequence_to_key_events(sequence)


def _is_escaped_key(sequence: str) -> bool:
    return (
        len(sequence) == 2 and sequence[0] == ESC and sequence[1] not in (*_INTRODUCERS, _BACK_TAB)
    )


def use_escape_parser() -> None:
    """Makes the driver of Linux and macOS parse keys with `EscapeParser`.

    The driver names its parser as a module global; overriding its whole read loop instead would
    copy sixty lines of it. A test in a real pty proves that this still takes.
    """
    if sys.platform != "win32":
        from textual.drivers import linux_driver

        vars(linux_driver)["XTermParser"] = EscapeParser
        vars(linux_driver)["getincrementaldecoder"] = lambda encoding: _Decoder


class EndOfInput(Exception):
    """The terminal has gone without a signal that said so: reading it gives nothing, for ever."""


class _Decoder(codecs.IncrementalDecoder):
    """UTF-8; what is none is Latin-1, as a terminal without UTF-8 types its é. The stock decoder
    is strict, and one such byte ends the program."""

    def __init__(self) -> None:
        super().__init__()
        codecs.register_error("latin-1", _as_latin1)
        self._utf8 = codecs.getincrementaldecoder("utf-8")("latin-1")

    def decode(self, input: Any, final: bool = False) -> str:
        if not input and not final:
            raise EndOfInput
        return self._utf8.decode(input, final)


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


BEHIND = 0.01
"""seconds between two looks at whether the screens below have sent their keys on"""
PATIENCE = 1.0
"""seconds after which a key that no screen ever looks at holds the others up no more"""


class KeyedApp(App[Result], inherit_bindings=False):
    """An app whose keys pass through `Chords` before anything sees them, in order.

    None of Textual's own bindings: Ctrl+Q does not quit, Ctrl+P is no palette, Ctrl+C no notice.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = []

    def __init__(self, **options: Any) -> None:
        use_escape_parser()
        super().__init__(**options)
        self.chords = Chords()
        self._held: deque[events.Key] = deque()
        self._given: dict[Screen[Any], int] = {}
        self._behind_since = 0.0

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor is left by each frame (Textual reads it then): where the
        screen says that the attention is, for screen readers and magnifiers."""
        asked = getattr(self.screen_stack[-1], "attention", None) if self.screen_stack else None
        return (asked() if asked is not None else None) or self._cursor_position

    @cursor_position.setter
    def cursor_position(self, at: Offset) -> None:
        self._cursor_position = at

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        for meant in self._meant(event):
            if meant.key == "ctrl+l":  # no key for a screen: an error or a question stays
                self.repaint()
            else:
                self._held.append(meant)
        await self._deliver()
        self.chord_begun(self.chords.pending)

    async def _deliver(self) -> None:
        """Give the screen on top its keys in the order in which they were typed: those that
        another screen still has to send on come first."""
        while self._held:
            if self._is_behind():
                self.set_timer(BEHIND, self._deliver)
                return
            if self.focused is None:
                self.key_given(self.screen)
            await super().on_event(self._held.popleft())

    def _is_behind(self) -> bool:
        """Whether a screen that is no longer on top has keys it has not looked at."""
        top, now = self.screen, monotonic()
        if not any(one is not top and one.is_running for one in self._given):
            self._behind_since = 0.0
            return False
        self._behind_since = self._behind_since or now
        if now - self._behind_since < PATIENCE:
            return True
        self._given.clear()
        return False

    def key_given(self, screen: Screen[Any]) -> None:
        """A key went into the queue of a screen."""
        self._given[screen] = self._given.get(screen, 0) + 1

    def key_seen(self, screen: Screen[Any]) -> None:
        """A screen looks at a key of its queue."""
        left = self._given.pop(screen, 1) - 1
        if left:
            self._given[screen] = left

    def _meant(self, event: events.Key) -> Iterator[events.Key]:
        for key, character in self.chords.feed(event.key, event.character):
            yield event if key == event.key else events.Key(key, character)

    def repaint(self) -> None:
        """Draw everything again, whatever the terminal shows."""
        again = getattr(self._driver, "repaint", None)  # the stock drivers have none
        if again is None:
            self.screen.refresh(layout=True)
        else:
            again()

    def track_mouse(self, on: bool) -> None:
        """Follow the mouse for a while, where the driver does so on demand."""
        track = getattr(self._driver, "track_mouse", None)  # the stock drivers have none
        if track is not None:
            track(on)

    @property
    def no_suspending(self) -> str:
        """Why the program cannot be put aside here, "" when it can."""
        if self._driver is not None and self._driver.can_suspend:
            return ""
        return "pas de shell ici · fermez la fenêtre, le programme revient au même endroit"

    def _handle_exception(self, error: Exception) -> None:
        """End with words instead of a traceback. There is no public hook for a fault in a message
        handler; what was entered is stored already. Tests see the fault itself."""
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self.exit(return_code=70, message=self.last_words(error))

    def last_words(self, error: Exception) -> str:
        """What to tell the person when a fault ends the program."""
        return str(error)

    def chord_begun(self, pending: str) -> None:
        """Called after each key with the begun chord (`ctrl+g`) or ""; shows it, perhaps."""

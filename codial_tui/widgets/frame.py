"""The frame every screen has: 24 rows, one queue of keys, one place to type (ux.md §1, §2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from codial_tui.commands import Command

from .bars import TabBar, TitleBar
from .drawing import Drawing
from .key_bar import KeyBar
from .press import Press, Pressable, offer
from .reading import Reading
from .rows import Rows
from .table_view import TableView
from .typing_line import Draft, TypingLine

if TYPE_CHECKING:
    from .form import FormPane

WIDTH, HEIGHT = 80, 24
MOVES = ("up", "down", "pageup", "pagedown", "space")

Result = TypeVar("Result")


class Offer(NamedTuple):
    """A command as one screen offers it. reason: why it is greyed here, "" when it works."""

    command: Command
    reason: str = ""


class TooSmall(Rows):
    """What is shown instead of the frame on a terminal smaller than 80×24."""

    DEFAULT_CSS = "TooSmall { height: 1fr; display: none; }"

    def draw_row(self, y: int, width: int) -> Strip:
        size = self.app.size
        texts = (
            f"Terminal de {size.width} × {size.height}",
            f"Il faut {WIDTH} × {HEIGHT}",
            "Agrandissez la fenêtre",
            "Rien n'est perdu",
        )
        return Drawing(width).add(self.look.text(texts[y]) if y < len(texts) else "").strip()


def _nobody_counts(screen: Screen[Any]) -> None:
    """An app that does not keep the keys of its screens in order."""


class Body(Container):
    """Rows 3 to 21: a place for widgets, blank itself."""

    BLANK = True


class FrameScreen(Screen[Result], inherit_bindings=False):
    """Rows 1 and 2, the content, rows 22 to 24. Screens fill `compose_body` and answer notices.

    The route is the order in which keys are offered: the typing line and a table, or the table
    first while one is in its rows. F-keys run the offered commands: `action_NAME`.
    """

    DEFAULT_CSS = """
    FrameScreen { layout: vertical; overflow: hidden; }
    FrameScreen > #body { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    FrameScreen.-small > * { display: none; }
    FrameScreen.-small > TooSmall { display: block; }
    """
    AUTO_FOCUS = None
    BINDINGS = []
    BLANK = True

    def __init__(self, name: str | None = None, id: str | None = None) -> None:
        super().__init__(name=name, id=id)
        self.title_bar = TitleBar()
        self.tab_bar = TabBar()
        self.typing_line = TypingLine()
        self.reading = Reading()
        self.key_bar = KeyBar()
        self.offers: tuple[Offer, ...] = ()
        self.route: tuple[Pressable, ...] = (self.typing_line,)
        self._moved = False
        """the last key was one that moves between rows"""

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self.tab_bar
        yield Body(*self.compose_body(), id="body")
        yield self.typing_line
        yield self.reading
        yield self.key_bar
        yield TooSmall()

    def compose_body(self) -> Iterable[Widget]:
        """The widgets of rows 3 to 21."""
        return ()

    def direct(self, *route: Pressable) -> None:
        """Sets the order in which keys are offered. The caret is on row 22 when that comes
        first; an open picker before it does not count."""
        self.route = route
        self.typing_line.aim(self._first() is self.typing_line)

    def _first(self) -> Pressable | None:
        return next((one for one in self.route if not getattr(one, "passing", False)), None)

    def offer_commands(self, offers: Sequence[Offer]) -> None:
        """The commands of this screen, shown on row 24."""
        self.offers = tuple(offers)
        self.key_bar.show(
            {
                offer.command.slot: offer.command.short
                for offer in self.offers
                if offer.command.slot and not offer.reason
            }
        )

    @property
    def remedy(self) -> str:
        """What to do instead of a key that does nothing here."""
        menu = any(offer.command.slot == 10 for offer in self.offers)
        return "F10 montre ce qu'on peut faire" if menu else "Échap revient"

    def attention(self) -> Offset | None:
        """Where the terminal's cursor belongs, which screen readers follow: the caret; the
        current row after a key that moved it; the end of a question. None: where Textual has it.
        """
        if self.has_class("-small"):
            return None
        if self.reading.question is not None:
            return self.reading.attention()
        places = [one for one in self.route if hasattr(one, "attention")]
        if self._moved:
            places.sort(key=lambda one: not isinstance(one, TableView))
        found = (one.attention() for one in places)
        return next((at for at in found if at is not None), None)

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        count_seen, count_given = (
            getattr(self.app, name, _nobody_counts) for name in ("key_seen", "key_given")
        )
        count_seen(self)
        if self.app.screen is not self:  # typed ahead, before the screen on top was there
            event.stop()
            count_given(self.app.screen)
            self.app.screen.post_message(events.Key(event.key, event.character))
            return
        if self.has_class("-small") or await self.press(Press(event.key, event.character)):
            event.stop()
            event.prevent_default()

    async def on_paste(self, event: events.Paste) -> None:
        event.stop()
        await self.paste(event.text)

    async def paste(self, text: str) -> None:
        """Pasted text, offered along the route; it answers no question."""
        self.reading.forget()
        if self.reading.question is not None:
            self.app.bell()
            return
        for one in self.route:
            paste = getattr(one, "paste", None)
            if paste is not None and await paste(text):
                return

    async def press(self, press: Press) -> bool:
        """One key, wholly dealt with before the next is looked at."""
        self.reading.forget()
        self._moved = press.key in MOVES
        if await self.reading.press(press):
            return True
        if press.key.startswith("ctrl+g "):
            await self.go(press.key.removeprefix("ctrl+g "))
            return True
        if press.key in ("ctrl+pageup", "ctrl+pagedown"):
            await self.go("left" if press.key == "ctrl+pageup" else "right")
            return True
        if await self._offer(press):
            return True
        if press.key == "ctrl+l":
            self.refresh(layout=True)
            return True
        if await self._run_key(press.key):
            return True
        if press.key == "escape":
            await self.back()
            return True
        if press.printable.strip():
            await self.unused(press.printable)
            return True
        return False

    async def unused(self, letter: str) -> None:
        """A letter that nothing here takes."""
        self.reading.refuse(f"« {letter} » ne fait rien ici · {self.remedy}")

    async def _offer(self, press: Press) -> bool:
        route, draft = self.route, self.typing_line.draft
        if not await offer(route, press):
            return False
        if self.route is route and self._first() is not self.typing_line:
            self._follow_letter(draft)
        return True

    def _follow_letter(self, before: Draft) -> None:
        """A letter typed in the rows went to row 22: so does the caret. A key the rows used
        (an arrow, Space, Enter) leaves it where it is."""
        line = self.typing_line
        if line in self.route and line.text and line.draft != before:
            self.direct(line, *(one for one in self.route if one is not line))

    async def _run_key(self, key: str) -> bool:
        for offered in self.offers:
            command = offered.command
            if key in command.second or (command.slot and key == f"f{command.slot}"):
                await self.run(offered)
                return True
        if key[:1] == "f" and key[1:].isdigit() and 1 <= int(key[1:]) <= 10:
            self.reading.refuse(f"F{key[1:]} ne fait rien ici · {self.remedy}")
            return True
        return False

    async def run(self, offered: Offer) -> None:
        """Runs an offered command, or says why it is not available."""
        if offered.reason:
            self.reading.refuse(f"{offered.command.label} : {offered.reason}")
            return
        outcome = getattr(self, f"action_{offered.command.name}")()
        if isawaitable(outcome):
            await outcome

    # places ------------------------------------------------------------------------------------

    async def go(self, where: str) -> None:
        """Ctrl+G: a tab's letter, `left` `right` the neighbour tab, `up` `down` a neighbour
        record."""
        bar = self.tab_bar
        if where in ("up", "down"):
            await self.go_record(-1 if where == "up" else 1)
            return
        if where in ("left", "right"):
            names = [tab.name for tab in bar.tabs]
            if names:
                at = names.index(bar.current) if bar.current in names else 0
                step = -1 if where == "left" else 1
                await self.go_tab(names[(at + step) % len(names)])
            return
        tab = bar.with_letter(where)
        if tab is None:
            letters = " ".join(tab.letter.upper() for tab in bar.tabs if tab.letter)
            self.reading.refuse(
                f"pas d'onglet « {where} » ici · {letters}" if letters else "pas d'onglet ici"
            )
            return
        await self.go_tab(tab.name)

    async def go_tab(self, name: str) -> None:
        """A tab was asked for, perhaps the current one again: its next sub-tab."""

    async def go_record(self, step: int) -> None:
        """The previous (-1) or next (1) record of the list this screen was opened from."""

    async def back(self) -> None:
        """Esc that nothing on the route used: one level back."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()

    def on_typing_line_refused(self, notice: TypingLine.Refused) -> None:
        self.reading.refuse(notice.message)

    def on_form_pane_refused(self, notice: FormPane.Refused) -> None:
        self.reading.refuse(notice.problem.text)

    # size --------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(too_small(event.size), "-small")


def too_small(size: Size) -> bool:
    """Whether the frame does not fit."""
    return size.width < WIDTH or size.height < HEIGHT

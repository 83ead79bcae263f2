"""What every screen does with keys, commands, questions and faults."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from codial_tui.commands import HELP, MENU, Command
from codial_tui.domain.problems import Invalid
from codial_tui.errors import CodialError
from codial_tui.services.context import Context
from codial_tui.services.records import preferences
from codial_tui.widgets.frame import FrameScreen, Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.typing_line import Draft, TypingLine

if TYPE_CHECKING:
    from codial_tui.app import CodialApp
    from codial_tui.widgets.menu import Entry

Result = TypeVar("Result")
Answer = Callable[[str], Any]


class BaseScreen(FrameScreen[Result]):
    """A screen of the program: it shows what services answer and says why they refuse."""

    where = "cet écran"
    """what a fault message says was going on"""
    explained: tuple[str, ...] = ()
    """what F1 says of what was just done"""

    def __init__(self) -> None:
        super().__init__()
        self._asked: Answer | None = None
        self._kept, self._shown, self._hint = Draft(), "", ""

    @property
    def codial(self) -> CodialApp:
        return cast("CodialApp", self.app)

    @property
    def context(self) -> Context:
        return self.codial.context

    @property
    def scrolls_by_half(self) -> bool:
        """Whether tables scroll by half a page at their edge."""
        return preferences.scrolls_by_half(self.context)

    # one funnel for keys and refusals ----------------------------------------------------------

    async def press(self, press: Press) -> bool:
        if self._asked is not None and press.key == "escape":
            self.end_asking()
            return True
        return bool(await self.guarded(lambda: super(BaseScreen, self).press(press)))

    async def paste(self, text: str) -> None:
        await self.guarded(lambda: super(BaseScreen, self).paste(text))

    async def guarded(self, doing: Callable[[], Any]) -> Any:
        """Run something a person asked for; a refusal or a fault becomes words on row 23."""
        try:
            outcome = doing()
            return await outcome if isawaitable(outcome) else outcome
        except CodialError as error:
            self.refused(error)
        except Invalid as error:
            self.reading.refuse(error.problems[0].text)
        except Exception as error:
            self.reading.refuse(self.codial.fault(error, self.where))
        return True

    def guarded_later(self, seconds: float, doing: Callable[[], Any]) -> TimerHandle:
        """Something to do after a while, between two keys; a fault becomes words on row 23, like
        that of a key. A timer of the toolkit is a task of its own, begun and ended with each key.
        """
        return get_running_loop().call_later(seconds, self.call_later, self.guarded, doing)

    def refused(self, error: CodialError) -> None:
        """A service said no: bell, reason and remedy on row 23; focus and text stay."""
        self.reading.refuse(error.text)

    # typing ------------------------------------------------------------------------------------

    async def on_typing_line_typed(self, notice: TypingLine.Typed) -> None:
        if self._asked is not None:
            return
        if notice.text == ":":  # first on row 22: the menu, everywhere (ux.md §2)
            self.typing_line.clear()
            await self.action_menu()
        else:
            await self.typed(notice.text)

    async def on_typing_line_accepted(self, notice: TypingLine.Accepted) -> None:
        if self._asked is None:
            await self.accepted(notice.text)
            return
        then, text = self._asked, notice.text
        outcome = then(text)  # a refusal leaves the question and the text
        if isawaitable(outcome):
            await outcome
        if self._asked is then:
            self.end_asking()

    async def unused(self, letter: str) -> None:
        if letter == ":":  # the menu, where there is nowhere to type too
            await self.action_menu()
        else:
            await super().unused(letter)

    async def typed(self, text: str) -> None:
        """The text of row 22 changed."""

    async def accepted(self, text: str) -> None:
        """Enter on row 22."""

    async def on_typing_line_pasted_lines(self, notice: TypingLine.PastedLines) -> None:
        if self._asked is None:
            await self.pasted(notice.lines)
        else:
            await self.type_lines(notice.lines)

    async def pasted(self, lines: list[str]) -> None:
        """Several lines were pasted on row 22: one line of text, unless a screen knows better."""
        await self.type_lines(lines)

    async def type_lines(self, lines: list[str]) -> None:
        """Put pasted lines into row 22 as one."""
        await self.typing_line.paste(" ".join(line for line in lines if line))

    @property
    def is_asking(self) -> bool:
        """Row 22 is for the answer to a question just now."""
        return self._asked is not None

    def ask_text(self, prompt: str, then: Answer, text: str = "") -> None:
        """Ask for a text on row 22; what was being typed there comes back afterwards."""
        line = self.typing_line
        if self._asked is None:
            self._kept, self._shown, self._hint = line.draft, line.shown, line.hint
        self._asked = then
        line.show("")
        line.label(prompt=f"{prompt} : ", hint="")
        self.typing_line.put(text)
        self.direct(self.typing_line)

    def end_asking(self) -> None:
        """The question of row 22 is over: what was being typed comes back."""
        self._asked = None
        self.typing_line.label(prompt="", hint=self._hint)
        self.typing_line.draft = self._kept
        self.typing_line.show(self._shown)
        self.resume_route()

    def resume_route(self) -> None:
        """Put the keys back on their usual route."""
        self.direct(self.typing_line)

    # commands every screen has -----------------------------------------------------------------

    def commands(self) -> list[Offer]:
        """The commands of this screen beyond help and menu."""
        return []

    def show_commands(self) -> None:
        self.offer_commands([Offer(HELP), *self.commands(), Offer(MENU)])

    def help_text(self) -> list[str]:
        """A few lines about the focused place, above the commands."""
        return []

    async def action_help(self) -> None:
        from codial_tui.widgets.help import HelpScreen

        texts = [self.reading.too_long, *self.help_text()]  # row 23 to its end comes first
        await self.app.push_screen(
            HelpScreen(self.where, self._entries(self.offers), [text for text in texts if text])
        )

    async def action_menu(self, initial: str = "") -> None:
        from codial_tui.widgets.menu import MenuScreen

        screen = MenuScreen(self._entries(self.all_offers()), initial=initial)
        await self.app.push_screen(screen, self._run_chosen)

    @staticmethod
    def _entries(offers: Sequence[Offer]) -> list[Entry]:
        """Commands as menu and help show them."""
        from codial_tui.widgets.menu import Entry

        return [
            Entry(
                one.command.name,
                keys_of(one.command),
                one.command.label,
                one.command.help,
                one.reason,
            )
            for one in offers
        ]

    def all_offers(self) -> list[Offer]:
        """What the menu lists: this screen's commands, then those of the whole program."""
        from .program import PROGRAM_COMMANDS

        return [*self.offers, *(self._offered(command) for command in PROGRAM_COMMANDS)]

    def _offered(self, command: Command) -> Offer:
        """A command of the whole program, greyed where this terminal does not allow it."""
        return Offer(command, self.codial.no_suspending if command.name == "suspend" else "")

    async def _run_chosen(self, name: str | None) -> None:
        if not name:
            return
        for offered in self.all_offers():
            if offered.command.name == name:
                await self.run_command(offered)
                return

    async def run_command(self, offered: Offer) -> None:
        """Run a command here, or on the program when it is one of its own."""
        if offered.reason or hasattr(self, f"action_{offered.command.name}"):
            await self.run(offered)
        else:
            await self.codial.run_command(offered.command.name)


def keys_of(command: Command) -> str:
    """`F7`, `Ctrl+R`: how a command is reached, for people."""
    names = [f"F{command.slot}"] if command.slot else []
    names += [key.title() for key in command.second[:1]]
    return " ".join(names[:2])

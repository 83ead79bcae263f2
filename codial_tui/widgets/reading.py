"""Row 23: what Enter will do, or a question, or an error; one message at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Offset
from textual.strip import Strip

from .press import Press
from .rows import Rows, Text, draw_text
from .theme import Look

Then = Callable[[str], Awaitable[None] | None]
"""What to do with the letter that answers a question."""


class Question(NamedTuple):
    """A question with its letters. final: Enter does not answer it, only its letters do.
    passing: any other key means no, and goes on its way."""

    text: str
    letters: str
    final: bool
    then: Then
    passing: bool = False


class Reading(Rows):
    """Error over question over reading over context. Errors and what was just done go with the
    next key."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._known = ""
        self._reading = ""
        self._passing = False
        self._warning = ""
        self._error = ""
        self._questions: list[Question] = []
        self.too_long = ""
        """what was here before this key, when the row had no room for all of it: F1 shows it"""

    @property
    def question(self) -> Question | None:
        """The question that waits for an answer; later ones wait behind it."""
        return self._questions[0] if self._questions else None

    @property
    def error(self) -> str:
        return self._error

    def context(self, text: str) -> None:
        """What one should know here: stock, last price, balance."""
        self._known = text
        self.refresh()

    def say(self, text: str) -> None:
        """What Enter will do, or what goes on; "" shows the context again."""
        self._reading, self._passing = text, False
        self._warning = ""
        self.refresh()

    def done(self, text: str) -> None:
        """What was just done. Goes with the next key."""
        self.say(text)
        self._passing = True

    def warn(self, text: str) -> None:
        """`! text`: something to know that does not stop the entry; goes with the next reading."""
        self._warning = text
        self.refresh()

    def refuse(self, text: str) -> None:
        """`× text`, whole row red, bell. Goes with the next key."""
        self._error = text
        self.app.bell()
        self.refresh()

    def forget(self) -> None:
        """The next key has come: the error goes, and what was just done."""
        whole = self._shown().left
        self.too_long = "" if _fits(whole, self.size.width, self.look) else whole
        if self._error:
            self._error = ""
            self.refresh()
        if self._passing:
            self.say("")

    def ask(
        self,
        text: str,
        then: Then,
        *,
        letters: str = "ON",
        final: bool = False,
        passing: bool = False,
    ) -> None:
        """Asks, and calls `then` with the letter. Esc answers N (or "" where N is no answer);
        Enter answers the first letter, unless what it does is final. passing: type-ahead is not
        held up, any key that is no answer withdraws the question and does what it does."""
        self._questions.append(Question(text, letters.upper(), final, then, passing))
        self.refresh()

    def withdraw(self) -> None:
        """No question any more: its screen or its reason has gone."""
        self._questions.clear()
        self.refresh()

    def attention(self) -> Offset:
        """The end of the question, on the terminal."""
        asked = self.look.text(self.question.text if self.question else "")
        return self.region.offset + Offset(min(cell_len(asked) + 4, self.size.width - 1), 0)

    async def press(self, press: Press) -> bool:
        """While a question waits, every key is for it but F1; one that is no answer is told so, and
        the question is back with the next key."""
        question = self.question
        if question is None:
            return False
        letter = self._letter(question, press)
        if letter is None and question.passing:
            self._questions.pop(0)
            self.refresh()
            return False
        if letter is None:
            if press.key == "f1":  # help, with the whole question where the row cuts it
                return False
            self.refuse(_no_answer(question, press))
            return True
        self._questions.pop(0)
        self.refresh()
        outcome = question.then(letter)
        if outcome is not None:
            await outcome
        return True

    @staticmethod
    def _letter(question: Question, press: Press) -> str | None:
        if press.key == "escape":
            return "N" if "N" in question.letters else ""
        if press.key == "enter":
            return None if question.final else question.letters[0]
        typed = press.printable.upper()
        return typed if typed and typed in question.letters else None

    def _shown(self) -> Text:
        """The one message of the moment, whole."""
        if self._error:
            return Text(f"× {self._error}", role="error")
        if self.question:
            question = self.question
            shown = "/".join(question.letters)
            tail = "" if shown in question.text or _named(question) else f" {shown}"
            return Text(f"? {question.text}{tail}", role="question")
        if self._warning:
            return Text(f"! {self._warning}", role="danger")
        return Text(self._reading or self._known)

    def draw_row(self, y: int, width: int) -> Strip:
        shown = self._shown()
        if not _fits(shown.left, width, self.look):
            shown = shown._replace(right="F1")
        return draw_text(shown, width, self.look)


def _fits(text: str, width: int, look: Look) -> bool:
    """Whether the row shows the text to its end."""
    return cell_len(look.text(text)) <= width - 2


def _no_answer(question: Question, press: Press) -> str:
    """`« z » ne répond pas · tapez O ou N`."""
    typed = press.printable.strip()
    first, last = question.letters[:-1], question.letters[-1:]
    choice = f"{', '.join(first)} ou {last}" if first else last
    what = f"« {typed} »" if typed else "Entrée" if press.key == "enter" else "Cette touche"
    return f"{what} ne répond pas à la question · tapez {choice}, ou Échap"


def _named(question: Question) -> bool:
    """Whether the text itself says what each letter does (`L la ligne  C son chapitre`)."""
    words = question.text.split()
    return all(letter in words for letter in question.letters)

"""The stories of ux.md §8 as keys: what the screen tests press is what `make bench` counts.

A key is a Textual name (`enter`, `f5`) or one character; both `Pilot.press` and the pty session
take them. Shift does not count, a scanner's reading does not either: nobody's finger moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PER_LINE = 8
"""Most keys a line may take beyond its reference or label (issue « Foundation »)."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """What somebody wants, and the keys for it. content: those of them that are the reference,
    the label or the words searched; `scan`: read by a scanner, no finger moves."""

    what: str
    keys: tuple[str, ...]
    content: int = 0
    scan: bool = False

    @property
    def count(self) -> int:
        return 0 if self.scan else len(self.keys)

    @property
    def beyond(self) -> int:
        """Keys beyond the reference or label."""
        return 0 if self.scan else len(self.keys) - self.content


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story. target: the count of ux.md §8, which it may not exceed."""

    name: str
    target: int
    before: tuple[Gesture, ...]
    lines: tuple[Gesture, ...] = ()
    after: tuple[Gesture, ...] = ()

    def __iter__(self) -> Iterator[Gesture]:
        yield from (*self.before, *self.lines, *self.after)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys in order, the scanner's too: what a test presses."""
        return tuple(key for gesture in self for key in gesture.keys)

    @property
    def count(self) -> int:
        return sum(gesture.count for gesture in self)


def typed(what: str, text: str, *keys: str, content: str = "", scan: bool = False) -> Gesture:
    """Characters, then named keys. content: the part of the text that is reference or label."""
    if content not in text:
        raise ValueError(f"{content!r} is not in {text!r}")
    return Gesture(what, (*text, *keys), len(content), scan)


def line(what: str, text: str, content: str) -> Gesture:
    """An entry line with its Enter."""
    return typed(what, text, "enter", content=content)


TEN_LINES = (
    line("chapter", "=Plomberie", "Plomberie"),
    line("reference and quantity", "tub12 12", "tub12"),
    line("reference, quantity, discount", "racc12 24 -5%", "racc12"),
    line("reference alone", "ce200s", "ce200s"),
    line("free item", ".Pose;4 x48", "Pose"),
    line("chapter", "=Courant fort", "Courant fort"),
    line("reference and quantity", "disj16 12", "disj16"),
    typed("search, first hit", "cab 3g", "enter", "enter", content="cab 3g"),
    line("option", "+born7", "born7"),
    # GRSEC of the demo company
    typed("scan", "2000000014135", "enter", scan=True),
)
"""Two chapters, four references, one search, one free item, one option, one scan (ux.md §8)."""

NEW_QUOTE = Gesture("new quote", ("f5", "d"))
PRINT = Gesture("print", ("f3", "enter"))

NEW_CUSTOMER = Story(
    "quote of 10 lines, new customer",
    149,
    (
        NEW_QUOTE,
        # nobody of the demo company is called so
        typed("name, then create", "durand toit", "enter"),
        typed("street", "12 rue Foch", "enter"),
        typed("postcode", "33000", "enter"),
        typed("town, found by the postcode", "", "enter"),
        typed("telephone", "0556441122", "enter"),
    ),
    TEN_LINES,
    (PRINT,),
)
KNOWN_CUSTOMER = Story(
    "quote of 10 lines, known customer",
    112,
    (NEW_QUOTE, typed("customer", "mart", "enter")),
    TEN_LINES,
    (PRINT,),
)
COUNTER = Story(
    "quote of 10 lines, client comptoir",
    108,
    (NEW_QUOTE, typed("client comptoir", "", "enter")),
    TEN_LINES,
    (PRINT,),
)
STORIES = (NEW_CUSTOMER, KNOWN_CUSTOMER, COUNTER)

PAID_AT_THE_COUNTER = Story(
    "order delivered, invoiced and paid in cash at the counter",
    12,
    (
        Gesture("delivery note of all that is left", ("f6", "f8")),
        Gesture("the note printed, which is final", ("f3", "enter", "o")),
        Gesture("its invoice", ("f6", "f8")),
        Gesture("validate, then print and pay", ("f8", "r")),
        Gesture("the invoice printed", ("enter",)),
        typed("what is due, in cash", "e", "enter"),
    ),
)
"""From an open order, nothing changed on the way (issue « Invoices that stand up »)."""

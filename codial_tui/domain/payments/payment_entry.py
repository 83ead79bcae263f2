"""The typing line of Règlements: `amount [mode] [date] [ref]` (ux.md §3, rule 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from codial_tui.domain.dates import parse_date
from codial_tui.domain.entry.entry_kinds import Command
from codial_tui.domain.entry.entry_signs import read_command
from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.quantity import parse_plain
from codial_tui.domain.text import clean, fold

DISCOUNT = ("esc", "escompte")
"""Words that grant what is left as a discount for paying early."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. amount: cents, None for what is due; mode: its code, "" for the usual one;
    discount: what is left is granted."""

    amount: int | None = None
    mode: str = ""
    day: date | None = None
    reference: str = ""
    discount: bool = False


def parse(text: str, modes: Sequence[tuple[str, str]], today: date) -> Typed | Command | Problem:
    """What a line asks for. modes: codes and labels in order; the beginning of either names one,
    the first that fits wins. A word that is neither mode nor date begins the reference. Never
    raises."""
    line = clean(text)
    if (command := read_command(line)) is not None:
        return command
    words = line.split()
    try:
        amount = _amount(words)
        mode = _mode(words, modes)
        day = _day(words, today)
    except Invalid as error:
        return error.problems[0]
    granted = bool(words) and fold(words[0]) in DISCOUNT
    return Typed(amount, mode, day, " ".join(words[granted:]), granted)


def _amount(words: list[str]) -> int | None:
    """Take the amount off, when the line begins with one."""
    if not words or words[0].lstrip("+-")[:1] not in tuple("0123456789,."):
        return None
    word = words.pop(0)
    if words and words[0].isdecimal() and len(words[0]) == 3 and len(word.lstrip("-")) <= 3:
        raise invalid("number.blank", "Un nombre s'écrit sans espace", f"{word}{words[0]}")
    return parse_plain(word.removesuffix("€"), CENT, 2)


def _mode(words: list[str], modes: Sequence[tuple[str, str]]) -> str:
    wanted = fold(words[0]) if words else ""
    for code, label in modes if wanted else ():
        if fold(code).startswith(wanted) or fold(label).startswith(wanted):
            words.pop(0)
            return code
    return ""


def _day(words: list[str], today: date) -> date | None:
    """Take the date off. Figures that are no date are a reference: a cheque has a number."""
    try:
        found = parse_date(words[0], today) if words else None
    except Invalid:
        return None
    if found is not None:
        words.pop(0)
    return found

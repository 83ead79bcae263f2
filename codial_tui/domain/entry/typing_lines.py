"""The other typing lines: home, list filter, Suivi (ux.md §3, rule 9).

`:command` is the same everywhere: a list or a form asks `read_command` first.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from codial_tui.domain.dates import full_year, parse_date, parse_period
from codial_tui.domain.list_filter import ListFilter
from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.quantity import parse_plain
from codial_tui.domain.text import clean, fold

from .entry_kinds import Command, Empty, Refused, Search
from .entry_scan import read_scan
from .entry_signs import read_command
from .entry_words import split_words

_DOCUMENT = re.compile(r"([A-Za-z]{1,8})?(?:([0-9]{2}|[0-9]{4})[-/])?([0-9]{1,7})")
_UNNUMBERED = re.compile(r"([A-Za-z]{1,8})-[Pp]([0-9]{1,9})")
"""`FA-P117`: what has no number yet"""
_AMOUNT = re.compile(r"([<>])([0-9].*)")
_ACTION = re.compile(r"(\+[0-9]+[jJ])(?:\s+(.*))?")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """`42`, `DE42`, `DE26-00042`. text: as typed, upper case, for an exact match first; prefix
    "" = any kind; year None = the newest of that number."""

    text: str
    prefix: str
    year: int | None
    number: int


@dataclass(frozen=True, slots=True)
class ListCode:
    """The code of a list of home (`de`, `cc`…), lower case."""

    code: str


HomeLine = DocumentNumber | ListCode | Command | Search | Empty


@dataclass(frozen=True, slots=True)
class Note:
    """A note for the log of the document."""

    text: str


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """Something to do on a day."""

    day: date
    text: str


FollowUp = Note | PlannedAction | Command | Empty | Refused


def read_home(
    text: str, *, codes: Collection[str] = (), prefixes: Collection[str] | None = None
) -> HomeLine:
    """What the line of home asks for; what is nothing else is a search of parties and items.

    codes: of the lists, lower case. prefixes: of the document numbers in use, upper case, so
    that `TUB12` stays an item; None takes any letters for a prefix. Never raises.
    """
    line = clean(text)
    if not line:
        return Empty()
    command = read_command(line)
    if command is not None:
        return command
    if fold(line) in codes:
        return ListCode(fold(line))
    typed = _DOCUMENT.fullmatch(line)
    if typed is not None:
        prefix, year, number = (typed.group(1) or "").upper(), typed.group(2), int(typed.group(3))
        if not prefix or prefixes is None or prefix in prefixes:
            return DocumentNumber(line.upper(), prefix, full_year(year) if year else None, number)
    waiting = _UNNUMBERED.fullmatch(line)
    if waiting is not None and (prefixes is None or waiting.group(1).upper() in prefixes):
        return DocumentNumber(line.upper(), waiting.group(1).upper(), None, int(waiting.group(2)))
    scan = read_scan(line)
    if scan is not None:
        return Search((scan.digits,), notes=scan.notes)
    return Search(tuple(word.text for word in split_words(line)))


def parse_filter(text: str) -> ListFilter:
    """Words, `>1000`, `<500`, a period (`domain.dates.parse_period`), in any order. What is no
    amount and no period is a word; of several bounds the narrowest counts, of several periods the
    last. Never raises."""
    words: list[str] = []
    above: int | None = None
    below: int | None = None
    period = ("", "")
    for word in split_words(clean(text)):
        bound = _amount(word.text)
        typed_period = parse_period(word.text)
        if bound is not None and word.text[0] == ">":
            above = bound if above is None else max(above, bound)
        elif bound is not None:
            below = bound if below is None else min(below, bound)
        elif typed_period is not None:
            period = typed_period
        else:
            words.append(word.text)
    return ListFilter(tuple(words), above, below, *period)


def period_of(text: str) -> str:
    """The period typed in a list filter, as typed; "" for none."""
    typed = [one.text for one in split_words(clean(text)) if parse_period(one.text)]
    return typed[-1] if typed else ""


def with_period(text: str, period: str) -> str:
    """A list filter with this period in place of its own; "" for none."""
    others = [one.text for one in split_words(clean(text)) if not parse_period(one.text)]
    return " ".join([*others, period] if period else others)


def parse_followup(text: str, today: date) -> FollowUp:
    """A note, or an action planned in some days: `+3j Rappeler M. MARTIN`. The `j` is needed: a
    note may well begin with a telephone number in +33. Never raises."""
    line = clean(text)
    if not line:
        return Empty()
    command = read_command(line)
    if command is not None:
        return command
    typed = _ACTION.fullmatch(line)
    if typed is None:
        return Note(line)
    when, what = typed.group(1), (typed.group(2) or "").strip()
    shift = max(text.find(line), 0)
    try:
        day = parse_date(when, today)
    except Invalid as error:
        problem = error.problems[0]
        marked = Problem(problem.code, when, problem.message, problem.remedy)
        return Refused(marked, shift, shift + len(when))
    if not what:
        missing = Problem("action.empty", when, "action sans texte", f"{when} Rappeler M. MARTIN")
        return Refused(missing, shift, shift + len(when))
    return PlannedAction(day, what)


def _amount(text: str) -> int | None:
    """`>1000` or `<1000,50` in cents; None when it is neither."""
    typed = _AMOUNT.fullmatch(text)
    if typed is None:
        return None
    try:
        return parse_plain(typed.group(2), CENT, 2)
    except Invalid:
        return None

"""French dates: what people type becomes a date, a date becomes `09/11/26` (ux.md §3, rule 9)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from .problems import Invalid, invalid

FIRST = date(2000, 1, 1)
LAST = date(2099, 12, 31)
"""Dates of documents: an invoice outside 2000 to 2099 is refused by the e-invoice checks."""

_AFTER = re.compile(r"\+([0-9]{1,6})[jJ]?")
_JOINED = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2}|[0-9]{4})?")
_PARTED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{2}|[0-9]{4}))?")
_DAY = re.compile(r"[0-9]{1,2}")
_YEAR = re.compile(r"20[0-9]{2}")
_WRITTEN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})")
_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{2}|[0-9]{4})")


MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def parse_date(text: str, today: date) -> date:
    """A date as typed: `9` (of this month), `0911` or `9/11` (of this year), `091126`,
    `09/11/26`, `09112026`, `09/11/2026`, `+30` or `+3j` (days from today).

    Raises Invalid when it is none of these, is not in the calendar or is not from 2000 to 2099.
    """
    stripped = text.strip()
    if after := _AFTER.fullmatch(stripped):
        days = int(after.group(1))
        if days > (LAST - today).days:
            raise _out_of_range(stripped)
        return _in_range(today + timedelta(days=days), stripped)
    if _DAY.fullmatch(stripped):
        return _day(stripped, today.year, today.month, int(stripped))
    typed = _JOINED.fullmatch(stripped) or _PARTED.fullmatch(stripped)
    if typed is None:
        raise invalid(
            "date.unreadable", f"« {stripped[:24]} » n'est pas une date", "9, 0911, 091126 ou +30"
        )
    day, month, year = typed.groups()
    return _day(stripped, full_year(year) if year else today.year, int(month), int(day))


def parse_month(text: str) -> tuple[int, int] | None:
    """`11/26` or `11/2026` as (2026, 11); None when it is no month."""
    typed = _MONTH.fullmatch(text.strip())
    if typed is None or not 1 <= int(typed.group(1)) <= 12:
        return None
    year = full_year(typed.group(2))
    return (year, int(typed.group(1))) if FIRST.year <= year <= LAST.year else None


def parse_period(text: str) -> tuple[str, str] | None:
    """The first and last day of a period as ISO text: `11/26`, `10/26-11/26`, `2026`,
    `05/11/26-20/11/26`; `-11/26` and `11/26-` are open on one side (""). None when it is none, or
    ends before it begins."""
    first, dash, last = text.strip().partition("-")
    begin, end = _span(first), _span(last or ("" if dash else first))
    if begin is None or end is None or not (first or last):
        return None
    period = begin[0], end[1]
    return period if "" in period or period[0] <= period[1] else None


def _span(text: str) -> tuple[str, str] | None:
    """First and last day of a year, a month, a day; empty ones for no text."""
    if not text:
        return "", ""
    if _YEAR.fullmatch(text):
        return f"{text}-01-01", f"{text}-12-31"
    if month := parse_month(text):
        first = date(*month, 1)
        following = (first + timedelta(days=31)).replace(day=1)
        return first.isoformat(), (following - timedelta(days=1)).isoformat()
    typed = _WRITTEN.fullmatch(text)
    if typed is None:
        return None
    day, month_number, year = typed.groups()
    try:
        found = _day(text, full_year(year), int(month_number), int(day)).isoformat()
    except Invalid:
        return None
    return found, found


def full_year(digits: str) -> int:
    """Two digits are of this century: `26` is 2026."""
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


def format_date(day: date) -> str:
    """`09/11/26`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year % 100:02d}"


def years_later(day: str, years: int) -> str:
    """The same day of the calendar that many years later, as ISO text; 29 February becomes 28."""
    found = date.fromisoformat(day)
    try:
        return found.replace(year=found.year + years).isoformat()
    except ValueError:
        return found.replace(year=found.year + years, day=28).isoformat()


def _day(typed: str, year: int, month: int, day: int) -> date:
    try:
        value = date(year, month, day)
    except ValueError:
        raise invalid(
            "date.unknown", f"« {typed} » n'est pas au calendrier", "jour, mois, année : 091126"
        ) from None
    return _in_range(value, typed)


def _in_range(value: date, typed: str) -> date:
    if not FIRST <= value <= LAST:
        raise _out_of_range(typed)
    return value


def _out_of_range(typed: str) -> Invalid:
    return invalid("date.out_of_range", f"« {typed} » : date hors de 2000 à 2099")

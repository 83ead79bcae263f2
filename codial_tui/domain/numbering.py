"""Document numbers: a pattern, a period and a counter per series (domain.md §3)."""

from __future__ import annotations

import re

from .problems import Problem

_TOKEN = re.compile(r"\{(yyyy|yy|mm|n)(?::(\d{1,2}))?\}")
_INVOICE_SAFE = re.compile(r"[A-Za-z0-9+\-_/]{1,35}")
LONGEST = 35
"""characters of a number, its counter at ten digits"""


def period_of(date: str, period: str) -> str:
    """The counter's period for an ISO date: "2026", "2026-11" or ""."""
    return {"year": date[:4], "month": date[:7]}.get(period, "")


def number_of(pattern: str, date: str, count: int) -> str:
    """The number of the `count`-th document of a series: `DE{yy}-{n:05}` → `DE26-00042`."""

    def token(match: re.Match[str]) -> str:
        name, width = match.group(1), int(match.group(2) or 0)
        if name == "n":
            return f"{count:0{width}d}"
        return {"yyyy": date[:4], "yy": date[2:4], "mm": date[5:7]}[name]

    return _TOKEN.sub(token, pattern)


def check_pattern(pattern: str, *, invoice: bool, period: str = "never") -> list[Problem]:
    """Why a pattern cannot be used: it needs `{n}` once, and the year or month its counter starts
    again with; numbers have no blanks and at most 35 characters; those of invoices only
    `A–Z a–z 0–9 + - _ /` (BR-FR on BT-1, legal.md §3.2)."""
    problems = []
    if sum(1 for match in _TOKEN.finditer(pattern) if match.group(1) == "n") != 1:
        problems.append(
            Problem(
                "series.pattern",
                "pattern",
                "Le compteur {n} doit figurer une fois",
                "DE{yy}-{n:05}",
            )
        )
    sample = number_of(pattern, "2026-12-31", 10**9)
    if "{" in sample or "}" in sample:
        problems.append(
            Problem("series.pattern", "pattern", "Jeton inconnu", "{yyyy} {yy} {mm} {n:05}")
        )
    used = {match.group(1) for match in _TOKEN.finditer(pattern)}
    if (period != "never" and not used & {"yy", "yyyy"}) or (
        period == "month" and "mm" not in used
    ):
        again, token = ("mois", "{yy}{mm}") if period == "month" else ("an", "{yy}")
        problems.append(
            Problem("series.period", "pattern", f"Le compteur repart chaque {again}", f"{token} ?")
        )
    if len(sample) > LONGEST or any(char.isspace() for char in sample):
        problems.append(
            Problem("series.length", "pattern", f"{LONGEST} caractères au plus, sans espace")
        )
    elif invoice and not _INVOICE_SAFE.fullmatch(sample):
        problems.append(
            Problem(
                "series.characters",
                "pattern",
                "Un numéro de facture n'a que des lettres sans accent, chiffres et + - _ /",
                "35 caractères au plus",
            )
        )
    return problems

"""French around a declared title: its article, its agreement, its elision; how many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from codial_tui.domain.text import fold

Gender = Literal["m", "f"]


def new_one(gender: Gender, title: str) -> str:
    """`Nouveau devis`, `Nouvelle commande`, `Nouvel article`."""
    if gender == "f":
        word = "Nouvelle"
    else:
        word = "Nouvel" if fold(title)[:1] in "aeiouh" else "Nouveau"
    return f"{word} {title.lower()}"


def this_one(gender: Gender, title: str) -> str:
    """`ce devis`, `cette adresse`, `cet article`."""
    if gender == "f":
        word = "cette"
    else:
        word = "cet" if fold(title)[:1] in "aeiouh" else "ce"
    return f"{word} {title.lower()}"


def counted(count: int, words: str) -> str:
    """`1 facture provisoire`, `3 factures provisoires`; 0 and 1 are singular in French."""
    plural = count > 1
    return f"{count} {' '.join(f'{one}s' if plural else one for one in words.split())}"


def shortened(labels: Sequence[str], room: int) -> list[str]:
    """Labels that take at most `room` characters together: the longest are cut first, alike,
    between words where they can be."""
    found = list(labels)
    for width in range(max(map(len, labels), default=0), 2, -1):
        if sum(map(len, found)) <= room:
            break
        found = [
            one if len(one) < width else one.rpartition(" ")[0] or one[: width - 1] for one in found
        ]
    return found


def no_one(gender: Gender) -> tuple[str, str]:
    """`Aucun`, `un`: none of them, and the one F5 makes."""
    return ("Aucune", "une") if gender == "f" else ("Aucun", "un")

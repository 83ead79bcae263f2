"""Lines told by their first sign: chapters, texts, assemblies, page break… (ux.md §3, rule 2).

Each rule takes the cleaned line and answers an entry, None when it is not its business, or
raises Refusal.
"""

from __future__ import annotations

from codial_tui.domain.text import clean

from .entry_kinds import (
    Chapter,
    CloseAssembly,
    Command,
    Comment,
    Entry,
    Favourite,
    OpenAssembly,
    PageBreak,
    Repeat,
    Subtitle,
    Title,
    quantity_notes,
)
from .entry_words import read_parameters, refuse, refuse_all, split_words


def read_signs(line: str, price_decimals: int) -> Entry | None:
    """The entry that the first sign of this line makes, if it has one. Raises Refusal."""
    for rule in (_chapter, _text, _assembly, _page_break, _favourite, read_command):
        entry = rule(line)
        if entry is not None:
            return entry
    return _repeat(line, price_decimals)


def read_command(text: str) -> Command | None:
    """`:command`, the same on every typing line; `:` alone is the whole menu."""
    line = clean(text)
    return Command(line[1:].strip()) if line.startswith(":") else None


def _chapter(line: str) -> Entry | None:
    label = line.lstrip("=")
    level = len(line) - len(label)
    if level == 0:
        return None
    if level > 3:
        raise refuse_all(line, "chapter.level", "trois niveaux de chapitre au plus", "=, == ou ===")
    if not label.strip():
        raise refuse_all(line, "chapter.empty", "chapitre sans titre", "tapez-le après =")
    return Chapter(level, label.strip())


def _text(line: str) -> Entry | None:
    if line.startswith(";;;"):
        return Subtitle(line[3:].strip())
    if line.startswith(";;"):
        return Title(line[2:].strip())
    if line.startswith(";"):
        return Comment(line[1:].strip())
    return None


def _assembly(line: str) -> Entry | None:
    if line == ")":
        return CloseAssembly()
    if line.startswith(")"):
        word = split_words(line, 1)[0]
        raise refuse(word, "assembly.close", "rien ne suit )", "il ferme l'ensemble à lui seul")
    if not line.startswith("("):
        return None
    label = line[1:].strip()
    if not label:
        raise refuse_all(line, "assembly.empty", "ensemble sans désignation", "tapez-la après (")
    return OpenAssembly(label)


def _page_break(line: str) -> Entry | None:
    return PageBreak() if line == "---" else None


def _favourite(line: str) -> Entry | None:
    if not line.startswith("!"):
        return None
    key = line[1:].strip().lower()
    if len(key) != 1:
        raise refuse_all(
            line, "favourite.key", "un favori est sur une touche", "tapez ! et sa touche"
        )
    return Favourite(key)


def _repeat(line: str, price_decimals: int) -> Entry | None:
    if not line.startswith(".."):
        return None
    given = read_parameters(split_words(line, 2), host="repeat", price_decimals=price_decimals)
    return Repeat(
        given.quantity, given.unit_price, given.discounts, notes=quantity_notes(given.quantity)
    )

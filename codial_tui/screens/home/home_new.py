"""F5 and F7 at home: what they ask, and what the answer makes."""

from __future__ import annotations

from typing import Any

from codial_tui.screens.base import BaseScreen
from codial_tui.screens.opening import create

from . import home_rows

ASKED = 5
"""cells of row 23 around a question: its sign and the caret behind it"""


def ask(screen: BaseScreen[Any], side: str) -> None:
    """F5: which kind of a side of the house, or another side."""
    names = home_rows.new_letters(screen.context.editions, side)

    async def then(letter: str) -> None:
        if not letter:
            return
        if names[letter] in home_rows.SIDE_WORDS:
            ask(screen, names[letter])
        else:
            await create(screen, names[letter])

    question = home_rows.new_question(names, screen.app.size.width - ASKED)
    screen.reading.ask(question, then, letters="".join(names))


def ask_tool(screen: BaseScreen[Any]) -> None:
    """F7."""

    async def then(letter: str) -> None:
        if letter:
            await screen.codial.run_command({"I": "import_items", "F": "define_forms"}[letter])

    screen.reading.ask("Outils : I importer un tarif  F fiche perso", then, letters="IF")

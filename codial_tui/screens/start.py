"""The first screens: home, or the one question of a fresh database (ux.md §5)."""

from __future__ import annotations

from textual.screen import Screen

from codial_tui.services import company
from codial_tui.services.context import Context
from .home import HomeScreen

def first_screens(context: Context, screen: str = "", ref: str = "") -> list[Screen[None]]:
    return [HomeScreen()]

"""What each user sets for themselves: a name, what it may be, in words."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.services.context import Context

from . import settings


class Preference(NamedTuple):
    """One of them. name: of the user's setting; choices: (stored value, words), the first is what
    holds while nothing was chosen."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]


SCROLL = Preference(
    "user.scroll",
    "Au bord d'un tableau, défiler",
    (("line", "d'une ligne"), ("half", "d'une demi-page")),
)
COLOURS = Preference(
    "user.colours",
    "Couleurs",
    (("usual", "ordinaires"), ("contrast", "très contrastées"), ("none", "aucune")),
)
MOUSE = Preference(
    "user.mouse",
    "Souris (à la prochaine ouverture)",
    (("off", "ignorée"), ("on", "suivie")),
)
CURSOR = Preference(
    "user.cursor",
    "Curseur du terminal (prochaine ouverture)",
    (("hidden", "placé, caché"), ("shown", "visible, fixe")),
)
"""It always stands where the attention is; some screen readers want to see it."""
PREFERENCES = (SCROLL, COLOURS, MOUSE, CURSOR)


def chosen(context: Context, preference: Preference) -> str:
    """The stored value, the first choice when there is none or it is no choice any more."""
    values = [value for value, _ in preference.choices]
    found = settings.value(context, preference.name)
    return found if found in values else values[0]


def choose_next(context: Context, preference: Preference) -> str:
    """The choice after the present one, stored as the user's own; returns it."""
    values = [value for value, _ in preference.choices]
    wanted = values[(values.index(chosen(context, preference)) + 1) % len(values)]
    settings.store(context, preference.name, wanted)
    return wanted


def scrolls_by_half(context: Context) -> bool:
    """Whether tables scroll by half a page at their edge, instead of by one row."""
    return chosen(context, SCROLL) == "half"

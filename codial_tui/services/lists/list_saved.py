"""Filters of lists that a user keeps under a name, per kind or record, in the user's settings."""

from __future__ import annotations

from typing import Any, NamedTuple

from codial_tui.domain.text import clean, fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings

SETTING = "list.filters"
LONGEST, MOST = 40, 50
"""characters of a name, filters of a list"""


class Kept(NamedTuple):
    """A filter and the order it is read in: the state and mark, what is typed, the ids of the
    party, salesperson and branch that were chosen."""

    state: str = ""
    mark: str = ""
    text: str = ""
    sort: str = ""
    descending: bool = False
    party_id: int | None = None
    salesperson_id: int | None = None
    branch_id: int | None = None


def saved(context: Context, what: str) -> dict[str, Kept]:
    """The filters of a list by name, in order of name. What cannot be read is left out."""
    found = {
        str(name): kept
        for name, values in _stored(context, what).items()
        if (kept := _read(values)) is not None
    }
    return dict(sorted(found.items(), key=lambda one: fold(one[0])))


def keep(context: Context, what: str, name: str, kept: Kept) -> str:
    """Keep a filter under a name, in place of the one that has it; the name as kept.
    Raises Refused."""
    name = clean(name)[:LONGEST].strip()
    if not name:
        raise refuse("filter.name", "Un filtre se garde sous un nom", "tapez-en un")
    stored = _stored(context, what)
    same = next((one for one in stored if fold(one) == fold(name)), name)
    stored.pop(same, None)
    if len(stored) >= MOST:
        raise refuse("filter.many", f"{MOST} filtres au plus par liste", "F7 L, Suppr en efface")
    _store(context, what, {**stored, name: kept._asdict()})
    return name


def forget(context: Context, what: str, name: str) -> None:
    """Take a filter away."""
    stored = _stored(context, what)
    stored.pop(name, None)
    _store(context, what, stored)


def named(context: Context, text: str) -> tuple[str, str] | None:
    """The list and name of the filter that a text names, whatever its case and accents."""
    wanted = fold(clean(text))
    for what, filters in _all(context).items():
        for name in filters if isinstance(filters, dict) else ():
            if fold(str(name)) == wanted:
                return str(what), str(name)
    return None


def _all(context: Context) -> dict[str, Any]:
    found = settings.value(context, SETTING)
    return found if isinstance(found, dict) else {}


def _stored(context: Context, what: str) -> dict[str, Any]:
    found = _all(context).get(what)
    return dict(found) if isinstance(found, dict) else {}


def _store(context: Context, what: str, filters: dict[str, Any]) -> None:
    settings.store(context, SETTING, {**_all(context), what: filters})


def _read(values: object) -> Kept | None:
    """What was stored, if it still is one: settings may be of another version."""
    if not isinstance(values, dict):
        return None
    known = {name: values[name] for name in Kept._fields if values.get(name) is not None}
    ids = ("party_id", "salesperson_id", "branch_id")
    fits = all(
        type(value) is (int if name in ids else bool if name == "descending" else str)
        for name, value in known.items()
    )
    return Kept(**known) if fits else None

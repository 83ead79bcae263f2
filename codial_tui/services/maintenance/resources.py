"""Who and what a planning is of: people and vehicles (table `resource`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from codial_tui.domain.problems import Problem
from codial_tui.domain.text import clean, fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context


class Resource(NamedTuple):
    """Somebody or something that can be planned. code: short, what a planning shows."""

    id: int
    code: str
    name: str
    kind: str
    user_id: int | None
    active: bool


_SELECT = "SELECT id, code, name, kind, user_id, active FROM resource"
_ORDER = "ORDER BY kind, position, code, id"


def resources(context: Context, *, retired: bool = False) -> list[Resource]:
    """Those in use, people first, with the retired ones on demand. A company that has none yet
    gets one for each technician."""
    database = context.database
    if not database.row("SELECT 1 FROM resource LIMIT 1"):
        _first(context)
    where = "" if retired else "WHERE active = 1"
    return [_resource(row) for row in database.rows(f"{_SELECT} {where} {_ORDER}")]


def in_view(context: Context, having: Collection[int]) -> list[Resource]:
    """Those in use, and retired ones that have something there still."""
    known = resources(context, retired=bool(having))
    return [one for one in known if one.active or one.id in having]


def get(context: Context, resource_id: int) -> Resource:
    """Raises Refused for one that is not there."""
    row = context.database.row(f"{_SELECT} WHERE id = ?", (resource_id,))
    if row is None:
        raise refuse("resource.unknown", "Ressource introuvable", "F4 les montre", "resource")
    return _resource(row)


def find(context: Context, text: str, *, retired: bool = False) -> Resource:
    """The one in use (or retired, when asked) that a code, or the beginning of a name, means.
    Raises Refused."""
    wanted = fold(clean(text))
    known = resources(context, retired=retired)
    exact = [one for one in known if wanted in (fold(one.code), fold(one.name))]
    found = exact or [
        one
        for one in known
        if wanted and any(word.startswith(wanted) for word in fold(one.name).split())
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.code for one in (found or known)[:6])
    said = f"Plusieurs ressources : {names}" if found else f"« {text[:24]} » n'est pas au planning"
    remedy = "tapez-en plus" if found else names or "F10 Paramètres, Ressources"
    raise refuse("resource.unknown", said, remedy, "resource")


def check(context: Context, row: Mapping[str, Any]) -> list[Problem]:
    """That a user is one resource of the planning."""
    other = context.database.row(
        "SELECT r.code, u.name FROM resource r JOIN app_user u ON u.id = r.user_id "
        "WHERE r.user_id = ? AND r.id <> ?",
        (row.get("user_id") or 0, row.get("id") or 0),
    )
    if other is None:
        return []
    said = f"{other[1]} est déjà la ressource {other[0]}"
    return [Problem("resource.user", "user_id", said, "laissez vide, ou videz-le là-bas")]


def of_user(context: Context, user_id: int) -> Resource | None:
    """The resource that a user is, None when the planning does not have them."""
    row = context.database.row(f"{_SELECT} WHERE user_id = ? AND active = 1", (user_id,))
    return _resource(row) if row else None


def _resource(row: tuple[int, str, str, str, int | None, int]) -> Resource:
    return Resource(*row[:5], bool(row[5]))


def _first(context: Context) -> None:
    """A resource for each technician: their initials, else the beginning of the login."""
    with context.database.write():
        database = context.database
        if database.row("SELECT 1 FROM resource LIMIT 1"):
            return
        taken: set[str] = set()
        people = database.rows(
            "SELECT id, initials, login, name FROM app_user "
            "WHERE active = 1 AND is_technician = 1 ORDER BY id"
        )
        for position, (user_id, initials, login, name) in enumerate(people):
            code = wanted = str(initials or login)[:6].upper()
            count = 2
            while code in taken:
                code, count = f"{wanted[:5]}{count}", count + 1
            taken.add(code)
            database.insert(
                "resource",
                {
                    "uid": context.uid(),
                    "code": code,
                    "name": name,
                    "kind": "person",
                    "user_id": user_id,
                    "position": position,
                    "active": 1,
                },
            )

"""ÉCOLE: a copy of the database to learn on, marked for ever (legal.md §3.1). Its numbers begin
with ECOLE-, its papers and screens say ÉCOLE, nothing is signed or closed in it and nothing legal
leaves it. The database it was copied from goes on as if there were none.
"""

from __future__ import annotations

from pathlib import Path

from codial_tui.errors import DatabaseRefused, refuse
from codial_tui.services.context import Context

MARK = "ÉCOLE"
PREFIX = "ECOLE-"


def is_training(context: Context) -> bool:
    """Whether this database is one to learn on. A database never becomes anything else, so that
    it is asked once."""
    found = context.cache.get("training")
    if found is None:
        found = context.database.row("SELECT 1 FROM training") is not None
        context.cache["training"] = found
    return bool(found)


def number(context: Context, given: str) -> str:
    """A document number, of a series of its own in training."""
    return f"{PREFIX}{given}" if is_training(context) else given


def is_foreign(context: Context, given: str) -> bool:
    """In training, whether a number is of the real database: no original leaves here."""
    return bool(given) and is_training(context) and not given.startswith(PREFIX)


def mark(context: Context, watermark: str) -> str:
    """What stands across a paper: ÉCOLE first."""
    return f"{MARK} {watermark}".strip() if is_training(context) else watermark


def forbid(context: Context, what: str) -> None:
    """Raise Refused in training, for what would leave as if it were legal."""
    if is_training(context):
        raise refuse("training.refused", f"{what} : pas d'une base ÉCOLE", "ouvrez la vraie base")


def create(context: Context, path: Path) -> Path:
    """Copy the database to a new file and mark it; noted in the journal of the real one.

    The copy gets its name when it is marked, so that no cut leaves an unmarked one. Raises Refused
    in training, DatabaseRefused when the file exists or cannot be written.
    """
    from codial_tui.models.database import open_database

    from . import events

    forbid(context, "Copie")
    target = path.expanduser().absolute()
    if target.exists():
        raise DatabaseRefused(f"{target} existe déjà", "choisissez un autre nom")
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        context.database.backup(part)
        copy = open_database(str(part), create=False)
        try:
            with copy.dialect.write():
                values = {"at": context.now, "by": context.user.name, "source": target.name}
                copy.dialect.insert("training", {"id": 1, **values})
        finally:
            copy.close()
        if target.exists():
            raise DatabaseRefused(f"{target} existe déjà", "choisissez un autre nom")
        part.rename(target)
    finally:
        for suffix in ("", "-wal", "-shm", "-turn"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
        context.database.activate()
    events.record(context, "training.created", file=str(target))
    return target

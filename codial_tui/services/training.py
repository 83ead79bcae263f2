"""ÉCOLE: a copy of the database to learn on, marked for ever (legal.md §3.1). Its numbers are of
series of their own, its papers say ÉCOLE across, and nothing legal leaves it."""

from __future__ import annotations

from .context import Context

MARK = "ÉCOLE"


def is_training(context: Context) -> bool:
    """Whether this database is one to learn on. A database never becomes anything else, so that
    it is asked once."""
    found = context.cache.get("training")
    if found is None:
        found = context.database.row("SELECT 1 FROM training") is not None
        context.cache["training"] = found
    return bool(found)

"""Bringing a database to the schema of this program."""

from __future__ import annotations

from importlib import import_module

from .dialect import Dialect
from .migrations import MIGRATIONS
from .refusals import newer

NEWEST = len(MIGRATIONS)
"""The schema version this program knows."""


def migrate(dialect: Dialect, target: int = NEWEST) -> list[str]:
    """Apply the missing migrations up to `target`, each in one transaction; return their names.

    Raises DatabaseRefused, changing nothing, when the schema is newer than this program.
    """
    if dialect.schema_version() > NEWEST:
        raise newer(dialect.schema_version(), NEWEST)
    applied = []
    while (version := dialect.schema_version()) < target:
        with dialect.write():
            dialect.lock_schema()
            if dialect.schema_version() != version:
                continue  # another program was quicker
            _apply(dialect, version + 1)
        applied.append(MIGRATIONS[version])
    return applied


def _apply(dialect: Dialect, version: int) -> None:
    name = MIGRATIONS[version - 1]
    if version == 1:
        dialect.create_table(
            "schema_version",
            "version int\n name text\n applied_at moment!",
            {"key": "PRIMARY KEY (version)"},
        )
    import_module(f"{__package__}.migrations.{name}").apply(dialect)
    dialect.record_version(version, name)

"""The base of the peewee table classes, and the columns they are made of.

The classes say what the newest schema looks like; constraints live in the schema itself (the
migrations), and a test compares the two. References are plain ids: what points where is in the
schema, and what is read together is read by SQL text.
"""

from __future__ import annotations

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    CompositeKey,
    DatabaseProxy,
    Model,
    TextField,
)

from .dialect import Dialect

__all__ = ["Blob", "CompositeKey", "Id", "Int", "Maybe", "MaybeText", "Table", "Text", "proxy"]

proxy = DatabaseProxy()
"""Stands for the open database; `Dialect.activate` points it."""

if Dialect.last is not None:
    proxy.initialize(Dialect.last.peewee)

Id = AutoField
Blob = BlobField


class Table(Model):
    """Base of every table class."""

    class Meta:
        database = proxy
        legacy_table_names = False


def Text(default: str = "") -> Any:
    """Text that is never NULL."""
    return TextField(default=default)


def MaybeText() -> Any:
    """Text, a date or a moment that may be NULL."""
    return TextField(null=True)


def Int(default: int = 0, *, key: bool = False) -> Any:
    """An integer or a flag (0, 1) that is never NULL; `key`: the primary key is another row's."""
    return BigIntegerField(primary_key=True) if key else BigIntegerField(default=default)


def Maybe() -> Any:
    """An integer or the id of another row, that may be NULL."""
    return BigIntegerField(null=True)

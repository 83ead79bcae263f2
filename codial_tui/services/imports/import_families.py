"""The families a price list names: found by code or label, created when they are new."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.text import fold
from codial_tui.models.dialect import Dialect
from codial_tui.services.context import Context

from .import_rows import Logged, Values

PENDING = -1
"""The id of a family that the import will create: differs from every stored one."""


class Families:
    """Every family by folded code and label; there are few beside the items."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ids: dict[str, int] = {}
        for key, code, label in context.database.rows("SELECT id, code, label FROM item_family"):
            self._ids.setdefault(fold(label), key)
            self._ids[fold(code)] = key

    def find(self, values: Values) -> int | None:
        """The family of a row: its sub-family when it names one; None when it names neither."""
        name = _path(values)[-1:]
        return self._ids.get(fold(name[0]), PENDING) if name else None

    def create(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        """Inside write(): the families these rows name and nobody has made yet."""
        logged = []
        for values in batch:
            parent: int | None = None
            path = _path(values)
            for name in path:
                key = self._ids.get(fold(name)) or database.value(
                    "SELECT id FROM item_family WHERE code = ?", (name,)
                )
                if key is None:
                    label = values["category"] if name != path[0] else name
                    row = {"code": name, "label": label, "parent_id": parent}
                    key = database.insert("item_family", {"uid": self._context.uid(), **row})
                    logged.append(Logged("add", "item_family", key, {}, row))
                self._ids[fold(name)] = parent = key
        return logged


def _path(values: Values) -> list[str]:
    """Codes of the family and sub-family: the same sub-family name in two families is two."""
    family, category = values.get("family"), values.get("category")
    if family and category and fold(family) != fold(category):
        return [family, f"{family} / {category}"]
    return [name for name in (family or category,) if name]

"""What the database knows of the items of a price list, one batch of rows at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from codial_tui.domain.text import fold
from codial_tui.models.dialect import Queries
from codial_tui.services.context import Context

from .import_rows import STEPS, Values, marks, read_steps

_COLUMNS = (
    "id", "reference", "reference_fold", "label", "long_label", "ean", "brand", "family_id",
    "unit", "sale_price", "price_per", "purchase_price", "eco_contribution", "vat_rate",
    "vat_category", "supplier_id", "stopped_at", "replaced_by_id", "user_columns", "updated_at",
)  # fmt: skip
reference_key = lru_cache(maxsize=2_048)(fold)
"""`fold`, for what is folded again at each step of a batch."""
_SUPPLIER_COLUMNS = ("id", "item_id", "reference", "unit", "price", "price_per")


class ItemLookup:
    """Items as they are stored, under a supplier (its id) or not."""

    def __init__(self, context: Context, supplier_id: int | None) -> None:
        self._context = context
        self._supplier = supplier_id

    # what the database says -------------------------------------------------------------------

    def known(self, queries: Queries, batch: Sequence[Values]) -> list[Values | None]:
        if not batch:
            return []
        by_key: dict[str, Values] = {}
        by_item: dict[int, Values] = {}
        references = [reference_key(values["reference"]) for values in batch]
        owned = self._owned(queries, batch)
        condition = f"reference_fold IN ({marks(references)})"
        params: list[Any] = list(references)
        if owned:
            condition += f" OR id IN ({marks(list(owned))})"
            params += owned.values()
        for row in queries.rows(
            f"SELECT {', '.join(_COLUMNS)} FROM item WHERE {condition}", params
        ):
            item = dict(zip(_COLUMNS, row))
            item["user_columns"] = json.loads(item["user_columns"])
            by_key[item["reference_fold"]] = by_item[item["id"]] = item
        if by_item:
            self._details(queries, batch, by_item)
        successors = self._successors(queries, batch)
        found: list[Values | None] = []
        for values, reference in zip(batch, references):
            if "replaced_by" in values:
                values["replaced_by_id"] = successors.get(fold(values["replaced_by"]))
            item_id = owned.get(self._supplier_reference(values)) if owned else None
            found.append(by_item.get(item_id) if item_id else by_key.get(reference))
        return found

    def _supplier_reference(self, values: Values) -> str:
        return reference_key(values.get("supplier_reference") or values["reference"])

    def _owned(self, queries: Queries, batch: Sequence[Values]) -> dict[str, int]:
        """Folded reference of the supplier → item, for those it has already."""
        if self._supplier is None:
            return {}
        names = [self._supplier_reference(values) for values in batch]
        return dict(
            queries.rows(
                "SELECT reference_fold, item_id FROM item_supplier "
                f"WHERE reference_fold IN ({marks(names)}) AND supplier_id = ?",
                (*names, self._supplier),
            )
        )

    def _details(self, queries: Queries, batch: Sequence[Values], items: dict[int, Values]) -> None:
        """Steps, the supplier's row and every supplier's reference of the items found."""
        ids = list(items)
        references: dict[int, list[str]] = {}
        supplied: dict[int, Values] = {}
        for supplier, *row in queries.rows(
            f"SELECT supplier_id, {', '.join(_SUPPLIER_COLUMNS)} FROM item_supplier "
            f"WHERE item_id IN ({marks(ids)}) ORDER BY id",
            ids,
        ):
            record = dict(zip(_SUPPLIER_COLUMNS, row))
            references.setdefault(record["item_id"], []).append(record["reference"])
            if supplier == self._supplier:
                supplied[record["item_id"]] = record
        target, owners = "item", {key: items[key] for key in ids}
        if self._supplier is not None:
            target = "item_supplier"
            owners = {record["id"]: record for record in supplied.values()}
        steps = read_steps(queries, target, list(owners))
        for key, record in owners.items():
            record[STEPS] = steps.get(key, ())
        for key, item in items.items():
            item["references"] = references.get(key, [])
            item["supplied"] = supplied.get(key)

    def _successors(self, queries: Queries, batch: Sequence[Values]) -> dict[str, int]:
        names = [fold(values["replaced_by"]) for values in batch if "replaced_by" in values]
        if not names:
            return {}
        found = f"SELECT reference_fold, id FROM item WHERE reference_fold IN ({marks(names)})"
        return dict(queries.rows(found, names))

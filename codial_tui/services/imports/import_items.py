"""Rows of a price list against the items: what a list may change, and what it adds.

A list never touches columns the user edited here (`user_columns`), never erases with an empty
cell, and under a supplier writes that supplier's prices and steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from codial_tui.domain.import_rules import (
    item_search_text,
    price_drop,
    rescaled,
    settle_prices,
)
from codial_tui.domain.money import CENT, SCALE4, div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_percent
from codial_tui.domain.text import fold
from codial_tui.models.dialect import Dialect
from codial_tui.services.context import Context
from codial_tui.services.records import company, settings

from .import_families import Families
from .import_item_lookup import ItemLookup, reference_key
from .import_rows import (
    STEPS,
    Difference,
    Logged,
    Values,
    Write,
    changed,
    marks,
    steps_of,
    write_steps,
)

_PLAIN = ("label", "long_label", "ean", "brand", "unit", "vat_rate")
_ADDED = (
    "uid", "reference", "reference_fold", "label", "label_fold", "long_label", "search_text",
    "ean", "brand", "family_id", "unit", "sale_price", "price_per", "purchase_price",
    "eco_contribution", "vat_rate", "vat_category", "supplier_id", "stopped_at", "priced_at",
    "created_at", "updated_at",
)  # fmt: skip
_added_values = itemgetter(*_ADDED)

_NEW = Difference([Write("item", None)], is_new=True)

_LOGGED = ("label", "ean", "unit", "sale_price", "purchase_price", "family_id")
"""What tells that an added item was edited since; the dates of the row tell the rest."""


class ItemRules(ItemLookup):
    """Items, under a supplier (its id) or not."""

    def __init__(self, context: Context, supplier_id: int | None) -> None:
        super().__init__(context, supplier_id)
        self._today = context.today.isoformat()
        self._families = Families(context)
        self._usual_rate = settings.default_rate(context)
        self._categories: dict[int, str] = dict(
            context.database.rows("SELECT rate, category FROM vat_rate WHERE active = 1")
        ) or {rate: "S" if rate else "Z" for rate, _ in company.RATES}

    # what a row says --------------------------------------------------------------------------

    def settle(self, values: Values) -> tuple[Values, list[Problem]]:
        settled = settle_prices(values, supplier=self._supplier is not None)
        rate = settled.get("vat_rate")
        if rate is not None and rate not in self._categories:
            message = f"TVA inconnue : {format_percent(rate)}"
            return settled, [
                Problem("vat_rate.unknown", "vat_rate", message, "ajoutez ce taux : vat add")
            ]
        return settled, []

    def keys(self, values: Values) -> str:
        return reference_key(values.get("reference", ""))

    def duplicate(self, first_line: int) -> Problem:
        return Problem(
            "reference.duplicate", "reference", f"référence en double (ligne {first_line})"
        )

    def missing(self) -> Problem:
        return Problem(
            "reference.unknown", "reference", "article inconnu, ni ici ni dans le fichier"
        )

    # comparing --------------------------------------------------------------------------------

    def compare(self, values: Values, known: Values | None) -> Difference:
        if known is None:
            return _NEW
        difference = Difference()
        wanted = {name: values[name] for name in _PLAIN if name in values}
        if "vat_rate" in values:
            wanted["vat_category"] = self._categories[values["vat_rate"]]
        if "family" in values or "category" in values:
            wanted["family_id"] = self._families.find(values)
        if "eco_contribution" in values:
            wanted["eco_contribution"] = _cents(values["eco_contribution"])
        if "stopped" in values and bool(values["stopped"]) != bool(known["stopped_at"]):
            wanted["stopped_at"] = self._stopped(values)
        if values.get("replaced_by_id") not in (None, known["id"]):
            wanted["replaced_by_id"] = values["replaced_by_id"]
        prices = self._wanted_prices(values, known)
        if self._supplier is not None:
            self._compare_supplier(values, known, wanted, difference)
        kept = known["user_columns"]
        self._check_drop(known, prices, kept, difference)
        after = changed(known, {**wanted, **prices}, kept)
        if self._supplier is None and STEPS in values and STEPS not in kept:
            steps = steps_of(values)
            if steps != known[STEPS]:
                after[STEPS] = steps
        renamed = any("reference" in write.after for write in difference.writes)
        if after or renamed:  # a supplier's reference is found in the item's search text
            before = {name: known[name] for name in (*after, "updated_at")}
            difference.writes.insert(0, Write("item", known["id"], before, after))
        return difference

    def _wanted_prices(self, values: Values, known: Values) -> Values:
        """Prices for the item's own `price_per`. A list of ours sets that too, and then rescales
        the price it does not give; a supplier's prices are converted."""
        given: Values = {
            name: values[name] for name in ("sale_price", "purchase_price") if name in values
        }
        if not given and STEPS not in values:
            return {}
        old: int = known["price_per"]
        per: int = values.get("price_per", old)
        if self._supplier is None and "price_per" not in known["user_columns"]:
            if per != old:
                for name in ("sale_price", "purchase_price"):
                    given.setdefault(name, rescaled(known[name], old, per))
                    if name in known["user_columns"]:
                        given[name] = rescaled(known[name], old, per)
                given["price_per"] = per
            return given
        given = {name: rescaled(value, per, old) for name, value in given.items()}
        if self._supplier is not None and known["supplier_id"] not in (None, self._supplier):
            given.pop("purchase_price", None)  # the item is bought elsewhere
        return given

    def _check_drop(
        self, known: Values, prices: Values, kept: Sequence[str], difference: Difference
    ) -> None:
        per: Any = prices.get("price_per", known["price_per"])
        for name in ("sale_price", "purchase_price"):
            if name in prices and name not in kept:
                drop = price_drop(name, known[name], prices[name], known["price_per"], per)
                if drop:
                    difference.problems.append(drop)

    def _compare_supplier(
        self, values: Values, known: Values, wanted: Values, difference: Difference
    ) -> None:
        if known["supplier_id"] is None:
            wanted["supplier_id"] = self._supplier
        record = known["supplied"]
        offer = self._offer(values)
        if record is None:
            offer |= {"item_id": known["id"], "supplier_id": self._supplier}
            offer["is_main"] = int(known["supplier_id"] in (None, self._supplier))
            difference.writes.append(Write("item_supplier", None, {}, offer))
            return
        after = changed(record, offer, ("reference_fold", "priced_at", "label"))
        if "price" in after:
            per = offer.get("price_per", record["price_per"])
            drop = price_drop(
                "purchase_price", record["price"], after["price"], record["price_per"], per
            )
            if drop and known["supplier_id"] != self._supplier:
                difference.problems.append(drop)
        if after:
            before = {name: record[name] for name in after}
            difference.writes.append(Write("item_supplier", record["id"], before, after))

    def _offer(self, values: Values) -> Values:
        """The columns of `item_supplier` that a row fills."""
        reference = values.get("supplier_reference") or values["reference"]
        offer: Values = {"reference": reference, "reference_fold": fold(reference)}
        if "unit" in values:
            offer["unit"] = values["unit"]
        if "purchase_price" in values or STEPS in values:
            offer["price_per"] = values.get("price_per", SCALE4)
            if "purchase_price" in values:
                offer["price"] = values["purchase_price"]
                offer["priced_at"] = values.get("price_date", self._today)
        if STEPS in values:
            offer[STEPS] = steps_of(values)
        return offer

    # writing ----------------------------------------------------------------------------------

    def prepare(self, values: Values) -> None:
        if "label" in values:
            values["_label_fold"] = fold(values["label"])

    def make_ready(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        return self._families.create(database, batch)

    def extra(self, write: Write, known: Values | None, values: Values) -> Values:
        """Derived columns of a change: what search and order rest on, and the dates."""
        if write.target != "item" or known is None:
            return {}
        after = write.after
        derived: Values = {"updated_at": self._context.now}
        if "label" in after:
            derived["label_fold"] = fold(after["label"])
        if {"label", "ean"} & after.keys() or self._supplier is not None:
            references = list(known["references"])
            if self._supplier is not None:
                references.append(values.get("supplier_reference") or values["reference"])
            derived["search_text"] = self._search_text({**known, **after}, references)
        if {"sale_price", "purchase_price"} & after.keys():
            derived["priced_at"] = values.get("price_date", self._today)
        return derived

    def _search_text(self, item: Values, references: Sequence[str]) -> str:
        own = item["reference"]
        others = dict.fromkeys(other for other in references if fold(other) != fold(own))
        return item_search_text(own, item["label"], item["ean"], *others)

    def add(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        now, rows, logged = self._context.now, [], []
        for values in batch:
            item = self._new_item(values, now)
            rows.append(_added_values(item))
            kept = {name: item[name] for name in _LOGGED}
            logged.append(Logged("add", "item", 0, {}, kept))
        database.insert_many("item", _ADDED, rows)
        uids: list[Any] = [row[0] for row in rows]
        ids: dict[str, int] = dict(
            database.rows(f"SELECT uid, id FROM item WHERE uid IN ({marks(uids)})", uids)
        )
        for entry, uid, values in zip(logged, uids, batch):
            entry.id = ids[uid]
            if self._supplier is not None:
                self._add_offer(database, entry.id, values)
            elif steps := steps_of(values):
                write_steps(database, "item", entry.id, steps)
                entry.after[STEPS] = steps
        return logged

    def _new_item(self, values: Values, now: str) -> Values:
        reference = values["reference"]
        label: Any = values.get("label", reference)
        reference_fold, label_fold = (
            reference_key(reference),
            values.get("_label_fold") or fold(label),
        )
        ean = values.get("ean", "")
        search = [reference_fold, label_fold, ean]
        if self._supplier is not None and values.get("supplier_reference"):
            search.append(fold(values["supplier_reference"]))
        rate = values.get("vat_rate", self._usual_rate)
        priced = "sale_price" in values or "purchase_price" in values
        return {
            "uid": self._context.uid(),
            "reference": reference,
            "reference_fold": reference_fold,
            "label": label,
            "label_fold": label_fold,
            "long_label": values.get("long_label", ""),
            "search_text": " ".join(filter(None, search)),
            "ean": ean,
            "brand": values.get("brand", ""),
            "family_id": self._families.find(values),
            "unit": values.get("unit", ""),
            "sale_price": values.get("sale_price", 0),
            "price_per": values.get("price_per", SCALE4),
            "purchase_price": values.get("purchase_price", 0),
            "eco_contribution": _cents(values.get("eco_contribution", 0)),
            "vat_rate": rate,
            "vat_category": self._categories.get(rate, "S"),
            "supplier_id": self._supplier,
            "stopped_at": self._stopped(values),
            "priced_at": values.get("price_date", self._today) if priced else None,
            "created_at": now,
            "updated_at": now,
        }

    def _add_offer(self, database: Dialect, item_id: int, values: Values) -> None:
        offer = self._offer(values)
        steps = offer.pop(STEPS, ())
        key = database.insert(
            "item_supplier",
            {**offer, "item_id": item_id, "supplier_id": self._supplier, "is_main": 1},
        )
        if steps:
            write_steps(database, "item_supplier", key, steps)

    def _stopped(self, values: Values) -> str | None:
        return values.get("price_date", self._today) if values.get("stopped") else None


def _cents(price: int) -> int:
    """10⁻⁴ as cents: an eco-contribution is an amount (domain.md §5)."""
    return div_round(price, CENT)

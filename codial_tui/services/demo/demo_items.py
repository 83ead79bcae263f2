"""The items of the demo company: families, assemblies, stock, and the prices of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.quantity import parse_percent
from codial_tui.domain.text import fold
from codial_tui.services.stock import journal

from . import demo_files
from .demo_files import Row
from .demo_writer import DemoWriter


class ItemLoader(DemoWriter):
    """Writes the items, inside the caller's transaction; parties and price lists are there."""

    def load(self) -> None:
        self._items()
        self._prices()

    def _items(self) -> None:
        families = [
            {
                "code": row["code"],
                "label": row["label"],
                "coefficient": row.coefficient("coefficient"),
            }
            for row in demo_files.rows("families")
        ]
        self.upsert("item_family", families)
        items, assemblies = demo_files.rows("items"), demo_files.rows("assemblies")
        suppliers = self.ids("party")
        by_family = self.ids("item_family")
        self.put(
            "item",
            [self._item(row, by_family, suppliers, 0) for row in items]
            + [self._item(row, by_family, suppliers, 1) for row in assemblies],
        )
        ids = self.ids("item", "reference")
        components = [
            {
                "assembly_id": ids[row["assembly"]],
                "position": int(row["position"]),
                "component_id": ids[row["reference"]],
                "ratio": row.coefficient("ratio"),
            }
            for row in demo_files.rows("assembly_components")
        ]
        self.put("assembly_component", components, uid=False)
        (house,) = self.ids("warehouse").values()
        journal.write(
            self.context,
            [
                journal.Entry(ids[row["reference"]], house, row.quantity("stock"), "opening")
                for row in items
                if row["stock"]
            ],
        )
        self._supplier_prices(ids, suppliers, {row["reference"]: row["supplier"] for row in items})

    def _item(
        self, row: Row, families: Mapping[str, int], suppliers: Mapping[str, int], assembly: int
    ) -> dict[str, Any]:
        text = " ".join(row.get(name, "") for name in ("reference", "label", "ean"))
        reference = row.get("supplier_reference", "")
        return {
            "reference": row["reference"],
            "reference_fold": fold(row["reference"]),
            "label": row["label"],
            "label_fold": fold(row["label"]),
            "long_label": row.get("long_label", ""),
            "search_text": fold(f"{text} {reference}").strip(),
            "ean": row.get("ean", ""),
            "family_id": families.get(row["family"]),
            "cost_category": row.get("cost_category", ""),
            "supply_nature": row.get("supply_nature") or "goods",
            "product_nature": row.get("product_nature", ""),
            "billing_class": row.get("billing_class") or "article",
            "unit": row["unit"],
            "sale_price": row.price("sale_price"),
            "price_per": row.quantity("price_per"),
            "purchase_price": row.price("purchase_price"),
            "eco_contribution": row.cents("eco_contribution") or 0,
            "vat_rate": parse_percent(row["vat_rate"]),
            "stock_managed": row.flag("stock_managed"),
            "is_assembly": assembly,
            "supplier_id": suppliers.get(row.get("supplier", "")),
            "created_at": self.context.now,
            "updated_at": self.context.now,
        }

    def _supplier_prices(
        self, items: Mapping[str, int], suppliers: Mapping[str, int], main: Mapping[str, str]
    ) -> None:
        rows = demo_files.rows("supplier_prices")
        units: dict[int, str] = dict(self.context.database.rows("SELECT id, unit FROM item"))
        first = [row for row in rows if row["from_quantity"] == "1"]
        self.put(
            "item_supplier",
            [
                {
                    "item_id": items[row["reference"]],
                    "supplier_id": suppliers[row["supplier"]],
                    "reference": row["supplier_reference"],
                    "reference_fold": fold(row["supplier_reference"]),
                    "unit": units[items[row["reference"]]],
                    "price": row.price("purchase_price"),
                    "price_per": row.quantity("price_per"),
                    "is_main": int(main.get(row["reference"]) == row["supplier"]),
                }
                for row in first
            ],
            uid=False,
        )
        found = self.context.database.rows("SELECT item_id, supplier_id, id FROM item_supplier")
        ids = {(item, supplier): row for item, supplier, row in found}
        steps = [
            {
                "item_supplier_id": ids[items[row["reference"]], suppliers[row["supplier"]]],
                "from_quantity": row.quantity("from_quantity"),
                "price": row.price("purchase_price"),
            }
            for row in rows
            if row["from_quantity"] != "1"
        ]
        self.put("item_supplier_step", steps, uid=False)

    def _prices(self) -> None:
        items, families = self.ids("item", "reference"), self.ids("item_family")
        for table, file, owner, key in (
            ("price_list_line", "price_lists", "price_list", "price_list"),
            ("customer_discount", "customer_discounts", "party", "customer"),
        ):
            owners = self.ids(owner)
            rows = [
                {
                    f"{owner}_id": owners[row[key]],
                    "item_id": items.get(row["reference"]),
                    "family_id": families.get(row["family"]),
                    "from_quantity": row.quantity("from_quantity"),
                    "price": row.maybe_price("price"),
                    "discount": row.percent("discount"),
                }
                for row in demo_files.rows(file)
            ]
            self.put(table, rows, uid=False)

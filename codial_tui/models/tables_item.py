"""Items, families, assemblies, supplier prices and stock."""

from __future__ import annotations

from .tables import CompositeKey, Id, Int, Maybe, MaybeText, Table, Text


class ItemFamily(Table):
    """Famille; its coefficient makes selling prices."""

    id = Id()
    uid = Text()
    code = Text()
    label = Text()
    parent_id = Maybe()
    coefficient = Int()
    cost_category = Text()
    vat_rate = Maybe()
    active = Int(1)
    position = Int()


class Item(Table):
    """Article."""

    id = Id()
    uid = Text()
    reference = Text()
    reference_fold = Text()
    label = Text()
    label_fold = Text()
    long_label = Text()
    search_text = Text()
    ean = Text()
    brand = Text()
    family_id = Maybe()
    cost_category = Text()
    supply_nature = Text("goods")
    product_nature = Text()
    billing_class = Text("article")
    unit = Text()
    purchase_unit = Text()
    purchase_factor = Int(1_000_000)
    sale_price = Int()
    price_per = Int(10_000)
    price_mode = Text("net")
    purchase_price = Int()
    cost_price = Int()
    average_cost = Int()
    standard_cost = Int()
    coefficient = Int()
    eco_contribution = Int()
    vat_category = Text("S")
    vat_rate = Int(200_000)
    stock_managed = Int()
    stock_minimum = Int()
    stock_maximum = Int()
    is_assembly = Int()
    hours = Int()
    weight = Int()
    supplier_id = Maybe()
    blocked = Int()
    stopped_at = MaybeText()
    replaced_by_id = Maybe()
    sale_account = Text()
    purchase_account = Text()
    warranty_months = Int()
    notes = Text()
    external_id = MaybeText()
    user_columns = Text("[]")
    priced_at = MaybeText()
    origin_station = Text("office")
    created_at = MaybeText()
    updated_at = MaybeText()


class ItemSupplier(Table):
    """An item at one supplier."""

    id = Id()
    item_id = Int()
    supplier_id = Int()
    reference = Text()
    reference_fold = Text()
    label = Text()
    unit = Text()
    price = Int()
    price_per = Int(10_000)
    discount = Int()
    minimum = Int()
    multiple = Int()
    delay_days = Int()
    is_main = Int()
    priced_at = MaybeText()


class ItemSupplierStep(Table):
    """The supplier's price from a quantity on."""

    id = Id()
    item_supplier_id = Int()
    from_quantity = Int()
    price = Maybe()
    discount = Int()


class ItemPriceStep(Table):
    """The selling price from a quantity on."""

    id = Id()
    item_id = Int()
    from_quantity = Int()
    price = Maybe()
    discount = Int()


class AssemblyComponent(Table):
    """What an assembly is made of."""

    id = Id()
    assembly_id = Int()
    position = Int()
    type = Text("item")
    component_id = Maybe()
    label = Text()
    ratio = Int(1_000_000)
    waste = Int()


class Warehouse(Table):
    """A place that holds stock."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    establishment_id = Maybe()
    user_id = Maybe()
    active = Int(1)
    position = Int()
    is_default = Int()


class StockLevel(Table):
    """What is on hand; kept by the database from the moves."""

    item_id = Int()
    warehouse_id = Int()
    on_hand = Int()

    class Meta:
        primary_key = CompositeKey("item_id", "warehouse_id")


class StockWorth(Table):
    """What an item is worth in all warehouses; kept by the database from the moves."""

    item_id = Int(key=True)
    quantity = Int()
    value = Int()
    average = Int()


class PurchasePrice(Table):
    """What was paid for an item, receipt by receipt: only added to."""

    id = Id()
    item_id = Int()
    supplier_id = Maybe()
    line_uid = Text()
    ref = Text()
    on_day = Text()
    quantity = Int()
    price = Int()
    before = Int()
    price_per = Int(10_000)
    at = Text()


class StockMove(Table):
    """The journal of stock: only added to."""

    id = Id()
    uid = Text()
    item_id = Int()
    warehouse_id = Int()
    quantity = Int()
    unit_cost = Int()
    cost = Maybe()
    value = Int()
    average = Int()
    reason = Text()
    line_uid = Text()
    user_id = Maybe()
    at = Text()

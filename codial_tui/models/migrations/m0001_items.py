"""Schema 1: items, families, assemblies, prices by list, customer and quantity; stock."""

from __future__ import annotations

from ..dialect import Dialect

ITEM = """
    id              id
    uid             uid
    reference       text
    reference_fold  text
    label           text
    label_fold      text
    long_label      text
    search_text     text        # folded reference, label, EAN, supplier references
    ean             text
    brand           text
    family_id       ref item_family
    cost_category   text        # code: the rubrique
    supply_nature   choice goods|service    # the three natures (domain.md §3)
    product_nature  text
    billing_class   choice article|consumable|labour|travel
    unit            text
    purchase_unit   text
    purchase_factor positive=1000000 # sale units in one purchase unit, 10⁻⁶
    sale_price      int         # 10⁻⁴, net, for price_per
    price_per       positive=10000  # 10⁻⁴
    price_mode      choice net|gross
    purchase_price  int         # 10⁻⁴, for price_per
    cost_price      int
    average_cost    int
    standard_cost   int
    coefficient     int         # purchase → sale, 10⁻⁶, 0: none
    eco_contribution int        # cents per unit
    vat_category    choice S|AE|E|Z|G|K|O
    vat_rate        int=200000  # 10⁻⁶
    stock_managed   flag
    stock_minimum   int         # 10⁻⁴
    is_assembly     flag
    hours           int         # labour per unit, 10⁻⁴
    weight          int         # grams
    supplier_id     ref party   # the main one
    blocked         flag
    stopped_at      date
    replaced_by_id  ref item
    sale_account    text
    purchase_account text
    warranty_months int
    notes           text
    external_id     text?
    user_columns    json=[]     # columns edited here, which no price list overwrites
    priced_at       date        # of the price list the price comes from
    origin_station  text=office
    created_at      moment
    updated_at      moment
"""

STEP = """
    from_quantity   int         # 10⁻⁴
    price           int?        # 10⁻⁴; none: the discount on the normal price
    discount        int         # 10⁻⁶
"""


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    create(
        "item_family",
        """
        id          id
        uid         uid
        code        text
        label       text
        parent_id   ref item_family
        coefficient int         # purchase → sale, 10⁻⁶, 0: none
        cost_category text
        vat_rate    int?
        active      flag=1
        position    int
        """,
        {"code": "UNIQUE (code)"},
    )
    create(
        "item",
        ITEM,
        {"reference": "UNIQUE (reference_fold)", "named": "CHECK (reference_fold <> '')"},
    )
    index("item", "ean", where="ean <> ''")
    index("item", "external_id", unique=True, where="external_id IS NOT NULL")
    for owner in ("family_id", "supplier_id", "replaced_by_id"):
        index("item", owner, where=f"{owner} IS NOT NULL")
    dialect.search_index("item")
    create(
        "item_supplier",
        """
        id          id
        item_id     own item
        supplier_id ref! party
        reference   text
        reference_fold text
        label       text
        unit        text
        price       int         # 10⁻⁴, for price_per
        price_per   positive=10000
        discount    int         # 10⁻⁶
        minimum     int         # 10⁻⁴
        multiple    int
        delay_days  int
        is_main     flag
        priced_at   date
        """,
        {"supplier": "UNIQUE (item_id, supplier_id)"},
    )
    index("item_supplier", "reference_fold")
    create(
        "item_supplier_step",
        "id id\n item_supplier_id own item_supplier\n" + STEP,
        {"from_quantity": "UNIQUE (item_supplier_id, from_quantity)"},
    )
    create(
        "item_price_step",
        "id id\n item_id own item\n" + STEP,
        {"once": "UNIQUE (item_id, from_quantity)"},
    )
    target = "item_id ref item\n family_id ref item_family\n"
    one_target = "CHECK (item_id IS NULL OR family_id IS NULL)"
    dates = "valid_from date\n valid_to date\n"
    create(
        "price_list_line",
        "id id\n price_list_id own price_list\n" + target + STEP + "coefficient int\n" + dates,
        {"target": one_target},
    )
    index("price_list_line", "price_list_id, item_id, from_quantity")
    index("price_list_line", "item_id", where="item_id IS NOT NULL")  # deleting an item looks here
    create(
        "customer_discount",
        "id id\n party_id own party\n" + target + STEP + dates,
        {"target": one_target},
    )
    index("customer_discount", "party_id, item_id")
    index("customer_discount", "item_id", where="item_id IS NOT NULL")
    create(
        "assembly_component",
        """
        id          id
        assembly_id own item
        position    int
        type        choice item|comment
        component_id ref item
        label       text        # of a comment, or instead of the item's
        ratio       int=1000000 # component per unit of the assembly, 10⁻⁶
        waste       int         # 10⁻⁶ on top
        """,
        {"itself": "CHECK (component_id IS NULL OR component_id <> assembly_id)"},
    )
    index("assembly_component", "assembly_id, position")
    index("assembly_component", "component_id")
    _stock(dialect)


def _stock(dialect: Dialect) -> None:
    dialect.create_table(
        "warehouse",
        """
        id          id
        uid         uid
        code        text
        name        text
        establishment_id ref establishment
        user_id     ref app_user    # a technician's van
        active      flag=1
        position    int
        """,
        {"code": "UNIQUE (code)"},
    )
    dialect.create_table(
        "stock_level",
        # kept by the trigger on stock_move, never written by the program
        "item_id own item\n warehouse_id ref! warehouse\n on_hand int\n",
        {"key": "PRIMARY KEY (item_id, warehouse_id)"},
    )
    dialect.create_table(
        "stock_move",
        """
        id          id+
        uid         uid
        item_id     ref! item
        warehouse_id ref! warehouse
        quantity    int         # 10⁻⁴, signed
        unit_cost   int         # 10⁻⁴
        reason      text        # delivery, receipt, consumption, count, opening…
        line_uid    text        # the document line that caused it
        user_id     ref app_user
        at          moment!
        """,
    )
    dialect.create_index("stock_move", "item_id, warehouse_id")
    dialect.create_index("stock_move", "line_uid", where="line_uid <> ''")
    dialect.append_only(
        "stock_move", "stock.journal|Un mouvement de stock ne se modifie pas|passez l'inverse"
    )
    dialect.trigger(
        "stock_move__level",
        "stock_move",
        "INSERT",
        "INSERT INTO stock_level (item_id, warehouse_id, on_hand) "
        "VALUES (NEW.item_id, NEW.warehouse_id, NEW.quantity) "
        "ON CONFLICT (item_id, warehouse_id) "
        "DO UPDATE SET on_hand = stock_level.on_hand + NEW.quantity;",
    )

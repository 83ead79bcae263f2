"""Schema 21: what stock is worth (domain.md §7).

Each move says by how much it changed the value of its item, so that the sum of the moves is the
value at any date; `stock_worth` is kept by the database, like `stock_level`. Moves between
warehouses change neither.
"""

from __future__ import annotations

from ..dialect import Dialect

WORTH = """
    item_id     key item    # kept by the trigger on stock_move, never written by the program
    quantity    int         # in all warehouses, 10⁻⁴
    value       int         # 10⁻⁶ €
    average     int         # of one unit, 10⁻⁶ €: the last one known
"""

PURCHASE_PRICE = """
    id          id+
    item_id     ref! item
    supplier_id ref party
    line_uid    text        # of the receipt
    ref         text
    on_day      date!       # the day of the receipt
    quantity    int         # in the unit of stock
    price       int         # net, 10⁻⁴, for price_per units of stock
    before      int         # the item's last price before
    price_per   positive=10000
    at          moment!
"""

JOURNAL = "stock.journal|Un mouvement de stock ne se modifie pas|passez l'inverse"
KEEP = (
    "INSERT INTO stock_worth (item_id, quantity, value, average) "
    "VALUES (NEW.item_id, NEW.quantity, NEW.value, NEW.average) "
    "ON CONFLICT (item_id) DO UPDATE SET quantity = stock_worth.quantity + NEW.quantity, "
    "value = stock_worth.value + NEW.value, average = NEW.average;"
)


def apply(dialect: Dialect) -> None:
    dialect.add_column("item", "stock_maximum int")
    dialect.add_column("stock_move", "cost int?")  # of its own, 10⁻⁶ €; NULL: at the average
    dialect.add_column("stock_move", "value int")  # what it changed, 10⁻⁶ €
    dialect.add_column("stock_move", "average int")  # of one unit afterwards, 10⁻⁶ €
    none = {"nothing": "CHECK (quantity <> 0 OR value = 0)"}
    dialect.create_table("stock_worth", WORTH, none)
    _fill(dialect)
    dialect.trigger("stock_move__worth", "stock_move", "INSERT", KEEP, "NEW.reason <> 'transfer'")
    dialect.create_index("stock_move", "at")
    dialect.create_table("purchase_price", PURCHASE_PRICE)
    dialect.create_index("purchase_price", "item_id, id")
    dialect.create_index("purchase_price", "on_day")
    dialect.create_index("purchase_price", "line_uid", unique=True)
    dialect.append_only(
        "purchase_price",
        "purchase_price.journal|Un prix payé ne se modifie pas|une autre réception le remplace",
    )
    dialect.add_column("document_purchase", "given_up_at moment")  # the rest will not come


def _fill(dialect: Dialect) -> None:
    """Give the moves there are a value: each at the cost it was written with, as long as no
    average was known (frozen: what `domain.buying.average_cost` said when this was released)."""
    moves = dialect.rows(
        "SELECT id, item_id, quantity, unit_cost FROM stock_move WHERE reason <> 'transfer' "
        "ORDER BY item_id, id"
    )
    if not moves:
        return
    dialect.drop_trigger("stock_move__no_update", "stock_move")
    worth: dict[int, tuple[int, int, int]] = {}
    values = []
    for key, item, quantity, unit_cost in moves:
        before = worth.get(item, (0, 0, 0))
        worth[item] = _after(before, quantity, unit_cost * 100)
        values.append((worth[item][1] - before[1], worth[item][2], key))
    dialect.executemany("UPDATE stock_move SET value = ?, average = ? WHERE id = ?", values)
    dialect.refuse("stock_move__no_update", "stock_move", "UPDATE", JOURNAL)
    dialect.insert_many(
        "stock_worth",
        ("item_id", "quantity", "value", "average"),
        [(item, *one) for item, one in worth.items()],
    )
    per: dict[int, int] = dict(dialect.rows("SELECT id, price_per FROM item"))
    dialect.executemany(
        "UPDATE item SET average_cost = ? WHERE id = ? AND average_cost = 0",
        [(_div(one[2] * per[item], 1_000_000), item) for item, one in worth.items()],
    )


def _after(before: tuple[int, int, int], quantity: int, usual: int) -> tuple[int, int, int]:
    there, value, average = before
    left = there + quantity
    if not quantity:
        return before
    if there > 0 and left > 0:
        value += _div(value * quantity, there)
        return left, value, _div(value * 10_000, left)
    average = average or usual
    if quantity < 0 and there > 0:
        return left, _div(value * left, there), average
    if quantity < 0:
        return left, _div(average * left, 10_000), average
    own = _div(average * quantity, 10_000)
    return left, _div(own * left, quantity), _div(own * 10_000, quantity)


def _div(numerator: int, denominator: int) -> int:
    """Half away from zero."""
    quotient, rest = divmod(abs(numerator), denominator)
    quotient += 2 * rest >= denominator
    return quotient if numerator >= 0 else -quotient

"""Schema 1: lines, footer adjustments, links between lines, and what is left of each pool."""

from __future__ import annotations

from ..dialect import Dialect
from .m0001_documents import ELSEWHERE, HERE

LINE = """
    id              id+
    uid             uid
    document_id     own document
    type            choice item|assembly|ad_hoc_assembly|chapter|title|subtitle|comment|page_break
    parent_uid      text?       # of a component: its assembly
    position        int         # sparse
    level           int=1
    tag             choice |option|variant|informative
    page_break      flag
    is_open         flag
    item_id         ref item
    reference       text
    label           text
    long_text       text
    quantity        int         # 10⁻⁴
    unit            text
    unit_price      int         # 10⁻⁴, in the document's price mode
    price_per       positive=10000  # 10⁻⁴
    price_forced    flag
    discounts       text        # 10⁻⁶;10⁻⁶… in cascade
    discount_amount int         # cents
    vat_category    choice S|AE|E|Z|G|K|O
    vat_rate        int=200000  # 10⁻⁶
    amount          int         # cents, in the document's price mode; no constraint ties it to
    net_amount      int         # quantity × price (domain.md §3): `basis` says where it is from
    basis           choice computed|forced|progress
    eco_contribution int        # cents per unit
    purchase_price  int         # 10⁻⁴
    cost_price      int
    coefficient     int         # 10⁻⁶
    supplier_id     ref party
    cost_category   text
    supply_nature   choice goods|service
    product_nature  text
    billing_class   choice article|consumable|labour|travel
    stock_managed   flag
    delivery_date   date
    ratio           int         # of a component, 10⁻⁶
"""

ADJUSTMENT = """
    id              id
    uid             uid
    document_id     own document
    type            choice discount|charge|shipping|billing_fee
    label           text
    percent         int?        # 10⁻⁶
    amount          int         # cents
    vat_category    choice? S|AE|E|Z|G|K|O
    vat_rate        int?
    hidden          flag
    position        int
"""

OF_POOL = "line_id = {row}.source_line_id AND pool = {row}.pool"
WITHIN = (
    "CHECK ((quantity >= 0 AND taken >= 0 AND taken <= quantity) "
    "OR (quantity < 0 AND taken <= 0 AND taken >= quantity))"
)


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    create("document_line", LINE)
    index("document_line", "document_id, position")
    index("document_line", "item_id, document_id", where="item_id IS NOT NULL")
    create("document_adjustment", ADJUSTMENT)
    index("document_adjustment", "document_id, position")
    for table in ("document_line", "document_adjustment"):
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            place = f"(SELECT location FROM document WHERE id = {row}.document_id)"
            dialect.refuse(
                f"{table}__elsewhere_{event.lower()}", table, event, ELSEWHERE, f"{place} <> {HERE}"
            )
    _links(dialect)


def _links(dialect: Dialect) -> None:
    """Taking a quantity twice is impossible: the pool's CHECK sees every link (design.md §2)."""
    dialect.create_table(
        "line_pool",
        "line_id own document_line\n pool choice order|deliver|bill|buy\n quantity int\n taken int",
        {"key": "PRIMARY KEY (line_id, pool)", "taken_within": WITHIN},
    )
    dialect.create_table(
        "line_link",
        """
        id          id+
        uid         uid
        source_line_id ref! document_line
        target_line_id own document_line
        relation    choice transfer|fulfil|bill|return|correct|supply|consume
        pool        choice |order|deliver|bill|buy  # "": takes from none
        quantity    int         # 10⁻⁴
        amount      int         # cents
        """,
        {"once": "UNIQUE (source_line_id, target_line_id, relation, pool)"},
    )
    dialect.create_index("line_link", "target_line_id")
    exists = f"EXISTS (SELECT 1 FROM line_pool WHERE {OF_POOL.format(row='NEW')})"
    for event in ("INSERT", "UPDATE"):
        dialect.refuse(
            f"line_link__pool_{event.lower()}",
            "line_link",
            event,
            "pool.missing|Cette ligne n'a rien à transférer ainsi|choisissez une autre cible",
            f"NEW.pool <> '' AND NOT {exists}",
        )
    take = f"UPDATE line_pool SET taken = taken + NEW.quantity WHERE {OF_POOL.format(row='NEW')};"
    give = f"UPDATE line_pool SET taken = taken - OLD.quantity WHERE {OF_POOL.format(row='OLD')};"
    dialect.trigger("line_link__take", "line_link", "INSERT", take, "NEW.pool <> ''")
    dialect.trigger("line_link__give", "line_link", "DELETE", give, "OLD.pool <> ''")
    dialect.trigger("line_link__change", "line_link", "UPDATE", give + " " + take)

"""Schema 3: the chain. Orders, delivery notes, invoices; what a transfer did; what is left.

`document.delivery` and `document.billing` are caches of `line_pool` (services/progress.py), so
that a list of a million documents is filtered by an index.
"""

from __future__ import annotations

from ..dialect import Dialect

ORDER = """
    document_id     key document
    shipping_mode   text
    parcel_weight   int         # 10⁻⁴ kg
    is_web          flag        # arrived as JSON from a shop
    given_up_at     moment      # the rest will not be delivered
    processed_at    moment
"""

DELIVERY_NOTE = """
    document_id     key document
    nature          choice sale|return|internal
    delivery_date   date
    carrier         text
    shipping_mode   text
    parcels         int
    parcel_weight   int         # 10⁻⁴ kg
    deliver_again   flag        # of a return: what came back is to be delivered again
"""

INVOICE = """
    document_id     key document
    nature          choice direct|deposit|progress
    is_credit       flag
    vat_on_debits   flag
    due_date        date
    delivery_date   date
"""

EXECUTION_QUOTE = """
    document_id     key document
"""

TRANSFER = """
    id              id+
    uid             uid
    batch           text        # one gesture may move several sources
    source_id       int         # no foreign key: the trail of a deleted document stays
    target_id       int
    created         flag        # the target was made by it
    user_id         ref app_user
    user_name       text
    at              moment!
    lines           json=[]     # uids of the lines it put into the target, headings included
    adjustments     json=[]     # uids of the footer elements it put there
    grown           json=[]     # [uid, 10⁻⁴]: lines that were there and took more
    before          json        # {"source": {...}, "target": {...}, "adjustments": [...]}
    undone_at       moment
"""

ADJUSTMENT_LINK = """
    id              id
    source_id       own document_adjustment
    target_id       own document_adjustment
    pool            choice |order|deliver|bill|buy
    vat_category    text        # the VAT base the amount went to; "" for the whole
    vat_rate        int
    amount          int         # cents of the price mode, signed as in the source
"""

LINK_EDIT = """
    id              id+
    step_id         ref! step
    seq             int
    uid             text        # of the link
    op              choice set|insert|delete
    before          text?
    after           text?
"""

STATES = "choice |none|part|full"


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    dialect.add_column("document", f"delivery {STATES}")
    dialect.add_column("document", f"billing {STATES}")
    dialect.add_column("document_line", "to_deliver int")
    index("document", "kind, delivery, date", where="delivery IN ('none', 'part')")
    index("document", "kind, billing, date", where="billing IN ('none', 'part')")
    create("document_order", ORDER)
    create("document_delivery_note", DELIVERY_NOTE)
    create("document_invoice", INVOICE)
    create("document_execution_quote", EXECUTION_QUOTE)
    create("transfer", TRANSFER)
    index("transfer", "target_id, id")
    index("transfer", "source_id, id")
    create("adjustment_link", ADJUSTMENT_LINK)
    index("adjustment_link", "source_id")
    index("adjustment_link", "target_id")
    create("link_edit", LINK_EDIT)
    index("link_edit", "step_id")
    dialect.append_only(
        "link_edit", "journal.closed|Le journal ne se modifie pas|ajoutez une entrée"
    )
    dialect.trigger(  # a pool follows its line; its CHECK refuses less than was taken
        "document_line__pools",
        "document_line",
        "UPDATE",
        "UPDATE line_pool SET quantity = NEW.quantity "
        "WHERE line_id = NEW.id AND quantity = OLD.quantity;",
        "NEW.quantity <> OLD.quantity",
    )

"""Schema 14: accounts, journals, and the entries handed to accounting (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect

JOURNAL = """
    id              id
    code            text
    label           text
    active          flag=1
    position        int
"""

RULE = """
    id              id
    role            text        # domain.accounting.ROLES
    vat_category    text        # "": every one
    vat_rate        int?        # 10⁻⁶; NULL: every one
    supply_nature   choice |goods|service
    family_id       ref item_family
    account         text
    label           text
    active          flag=1
    position        int
"""

BATCH = """
    id              id+
    uid             uid
    period_from     date!
    period_to       date!
    valid_date      date!       # of all its entries; never before that of the batch before
    entries         int
    debit           int         # cents; the credit is the same
    sha256          text        # of the file that was written
    made_at         moment!
    made_by         ref app_user
    made_name       text
"""

ENTRY = """
    id              id+
    batch_id        ref! accounting_batch
    number          positive    # EcritureNum, from 1 without gaps
    journal         text
    journal_label   text
    date            date!
    piece           text
    piece_date      date!
    label           text
    source          choice invoice|payment|allocation
    source_uid      text
    branch_id       int?        # no foreign key: what was handed over stays as it was
    project_id      int?
"""

LINE = """
    id              id+
    entry_id        ref! accounting_entry
    position        int
    account         text
    account_label   text
    auxiliary       text
    auxiliary_label text
    debit           int         # cents, never negative; one of the two is zero
    credit          int
"""

CLOSED = "accounting.closed|Une écriture exportée ne change plus|passez une écriture inverse"
FORWARD = (
    "(OLD.state = 'provisional' AND NEW.state = 'validated') "
    "OR (OLD.state = 'validated' AND NEW.state IN ('printed', 'posted')) "
    "OR (OLD.state = 'printed' AND NEW.state = 'posted')"
)


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    create("accounting_journal", JOURNAL)
    index("accounting_journal", "code", unique=True)
    create("account_rule", RULE, {"account": "CHECK (length(account) >= 3)"})
    index("account_rule", "role, position")
    create("accounting_batch", BATCH, {"period": "CHECK (period_to >= period_from)"})
    create("accounting_entry", ENTRY)
    index("accounting_entry", "number", unique=True)
    index("accounting_entry", "source, source_uid", unique=True)  # exported once
    index("accounting_entry", "batch_id, number")
    index("accounting_entry", "date")
    one_side = "CHECK (debit >= 0 AND credit >= 0 AND (debit = 0 OR credit = 0))"
    create("accounting_line", LINE, {"side": one_side})
    index("accounting_line", "entry_id, position", unique=True)
    for table in ("accounting_batch", "accounting_entry", "accounting_line"):
        dialect.append_only(table, CLOSED)
    # an invoice that was never printed is handed over all the same
    dialect.drop_trigger("document__sealed_state", "document")
    dialect.refuse(
        "document__sealed_state",
        "document",
        "UPDATE OF state",
        "state.sealed|Une facture ne revient pas en arrière|faites un avoir",
        f"OLD.kind = 'invoice' AND NEW.state <> OLD.state AND NOT ({FORWARD})",
    )

"""Schema 10: deposits, footer deductions, invoices that others name or correct (domain.md §6).

A deposit is an invoice of an order; `deposit_part` says how much it is at each VAT key, and the
CHECK of `used` is what makes deducting more than was issued and not credited impossible.
"""

from __future__ import annotations

from ..dialect import Dialect
from .m0009_seals import OF_FINAL, REFUSAL

REFERENCE = """
    id              id
    uid             uid
    document_id     own document
    type            choice corrected|deposit
    number          text
    date            date
    referenced_id   ref document    # NULL: it is older than the program
    position        int
"""

DEDUCTION = """
    id              id
    uid             uid
    document_id     own document
    kind            choice retention|direct_payment|prorata
    label           text
    percent         int?        # 10⁻⁶ of base; NULL: amount
    base            choice gross|net
    amount          int         # cents; of a validated invoice: what was deducted
    party_id        ref party   # the subcontractor who is paid directly
    bond            flag        # a bond stands for the retention: nothing is kept
    release_on      date        # when a retention is due
    position        int
"""

DEPOSIT = """
    id              id
    document_id     own document    # the deposit invoice
    order_id        ref! document
    kind            choice request|receipt
    price_mode      choice net|gross    # of the order: what amounts are counted in
    percent         int?        # 10⁻⁶ of the order's TTC, when it was asked so
"""

DEPOSIT_PART = """
    deposit_id      own deposit
    vat_category    choice S|AE|E|Z|G|K|O
    vat_rate        int
    amount          positive    # cents, in the order's price mode
    net             int         # cents HT
    vat             int
    used            int         # of amount: deducted, or credited; kept by triggers
"""

DEPOSIT_USE = """
    id              id
    uid             uid
    deposit_id      ref! deposit
    document_id     own document
    line_uid        text
    vat_category    choice S|AE|E|Z|G|K|O
    vat_rate        int
    amount          int         # cents, as the part's; negative: given back
    net             int
    vat             int
"""

PART_EDIT = """
    id          id+
    step_id     ref! step
    seq         int
    target      choice reference|deduction|use
    uid         text
    op          choice set|insert|delete
    before      text?
    after       text?
"""

OF_PART = (
    "deposit_id = {row}.deposit_id AND vat_category = {row}.vat_category "
    "AND vat_rate = {row}.vat_rate"
)
ISSUED = "deposit.issued|Un acompte émis ne change pas|faites un avoir"


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    dialect.add_column("document_line", "nature choice |deposit")
    dialect.add_column("document_invoice", "deposits choice auto|manual")
    dialect.add_column("document_invoice", "goods choice |yes|no")  # leave or come back
    create("invoice_reference", REFERENCE)
    index("invoice_reference", "document_id, position")
    index("invoice_reference", "referenced_id", where="referenced_id IS NOT NULL")
    bounds = (
        "CHECK (percent IS NULL OR (percent BETWEEN 0 AND 1000000 "
        "AND (kind <> 'retention' OR percent <= 50000)))"
    )
    create("invoice_deduction", DEDUCTION, {"percent": bounds})
    index("invoice_deduction", "document_id, position")
    create("deposit", DEPOSIT)
    index("deposit", "document_id", unique=True)
    index("deposit", "order_id")
    create(
        "deposit_part",
        DEPOSIT_PART,
        {
            "key": "PRIMARY KEY (deposit_id, vat_category, vat_rate)",
            "used_within": "CHECK (used >= 0 AND used <= amount)",
        },
    )
    create("deposit_use", DEPOSIT_USE)
    index("deposit_use", "document_id")
    index("deposit_use", "deposit_id")
    index("deposit_use", "line_uid", unique=True)
    create("part_edit", PART_EDIT, {"seq": "UNIQUE (step_id, seq)"})
    index("part_edit", "uid")
    dialect.append_only(
        "part_edit", "journal.closed|Le journal ne se modifie pas|ajoutez une entrée"
    )
    _uses(dialect)
    _frozen(dialect)


def _uses(dialect: Dialect) -> None:
    """What a use takes, its part no longer has."""
    new, old = (OF_PART.format(row=row) for row in ("NEW", "OLD"))
    take = f"UPDATE deposit_part SET used = used + NEW.amount WHERE {new};"
    give = f"UPDATE deposit_part SET used = used - OLD.amount WHERE {old};"
    for event in ("INSERT", "UPDATE"):
        dialect.refuse(
            f"deposit_use__part_{event.lower()}",
            "deposit_use",
            event,
            "deposit.part|Cet acompte n'a rien à ce taux|choisissez un autre taux",
            f"NOT EXISTS (SELECT 1 FROM deposit_part WHERE {new})",
        )
    dialect.trigger("deposit_use__take", "deposit_use", "INSERT", take)
    dialect.trigger("deposit_use__give", "deposit_use", "DELETE", give)
    same = " AND ".join(f"NEW.{n} = OLD.{n}" for n in ("deposit_id", "vat_category", "vat_rate"))
    grow = f"UPDATE deposit_part SET used = used + NEW.amount - OLD.amount WHERE {new};"
    dialect.trigger("deposit_use__change", "deposit_use", "UPDATE", grow, same)
    dialect.trigger("deposit_use__move", "deposit_use", "UPDATE", f"{give} {take}", f"NOT ({same})")


def _frozen(dialect: Dialect) -> None:
    """Rows of a validated invoice do not change, go or come."""
    for table in ("invoice_reference", "invoice_deduction", "deposit_use"):
        replaced = (
            f"EXISTS (SELECT 1 FROM {table} o JOIN document d ON d.id = o.document_id "
            "WHERE (o.id = NEW.id OR o.uid = NEW.uid) "
            "AND d.kind = 'invoice' AND d.state <> 'provisional')"
        )
        for event, said in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            when = " OR ".join(OF_FINAL.format(row=row) for row in said)
            when += f" OR {replaced}" if event == "INSERT" else ""
            dialect.refuse(f"{table}__sealed_{event.lower()}", table, event, REFUSAL, when)
    final = OF_FINAL.format(row="OLD")
    dialect.refuse("deposit__issued", "deposit", "UPDATE", ISSUED)
    dialect.refuse("deposit__issued_delete", "deposit", "DELETE", ISSUED, final)
    of_part = (
        "EXISTS (SELECT 1 FROM deposit p JOIN document d ON d.id = p.document_id "
        "WHERE p.id = {row}.deposit_id AND d.kind = 'invoice' AND d.state <> 'provisional')"
    )
    columns = "UPDATE OF deposit_id, vat_category, vat_rate, amount, net, vat"
    dialect.refuse("deposit_part__issued", "deposit_part", columns, ISSUED)
    for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        name = f"deposit_part__issued_{event.lower()}"
        dialect.refuse(name, "deposit_part", event, ISSUED, of_part.format(row=row))

"""Schema 11: instalments, payments and their allocations (domain.md §6).

What an invoice is owed stands once a VAT key in `receivable` and once a date in `instalment`; both
are frozen when its first print makes them, but for `paid`, which triggers keep from
`payment_allocation` and a CHECK keeps within what is owed, whichever program writes. Payments and
allocations are only added to: what was wrong is reversed by a row that names it.
"""

from __future__ import annotations

from ..dialect import Dialect

PAYMENT_MODE = """
    id          id
    code        text
    label       text
    method      text        # UNTDID 4461, what an e-invoice says
    account     text        # of the bank or the cash box
    journal     text
    active      flag=1
    position    int
"""

MODES = (
    ("VIR", "Virement", "30", "512000", "BQ"),
    ("CB", "Carte bancaire", "48", "512000", "BQ"),
    ("CHQ", "Chèque", "20", "512000", "BQ"),
    ("ESP", "Espèces", "10", "530000", "CA"),
    ("PRL", "Prélèvement", "59", "512000", "BQ"),
    ("TRT", "Traite (LCR)", "24", "413000", "BQ"),
)

RECEIVABLE = """
    id              id
    document_id     ref! document
    vat_category    text
    vat_rate        int         # 10⁻⁶
    amount          int         # cents TTC, signed as the invoice's VAT table, deductions off
    paid            int
"""

INSTALMENT = """
    id              id
    uid             uid
    document_id     ref! document
    party_id        ref party   # who owes it: the invoiced party
    position        positive
    due_date        date!
    amount          int         # cents TTC; negative of a credit note
    nature          choice term|retention
    label           text
    mixed           flag        # VAT keys of both signs: parts may pass its amount on the way
    paid            int
"""

PAYMENT = """
    id          id+
    uid         uid
    party_id    ref party
    party_name  text
    date        date!
    kind        choice payment|refund|offset|reversal
    mode        text            # code of payment_mode, as it was
    mode_label  text
    account     text
    amount      int             # cents; negative: paid back
    reference   text            # of the cheque, the transfer…
    label       text            # or the reason of a reversal
    fees        int             # what the bank took for a payment that bounced
    reverses    ref payment
    source      text?           # what made it (a bank line, a direct debit); once only
    at          moment!
    user_id     ref! app_user
    user_name   text
"""

ALLOCATION = """
    id              id+
    uid             uid
    payment_id      ref! payment
    document_id     ref! document
    instalment_id   ref instalment
    kind            choice payment|discount|difference
    vat_category    text
    vat_rate        int
    amount          int         # cents TTC
    reverses        ref payment_allocation
    at              moment!
    user_name       text
"""

CLOSED = "payment.closed|Un règlement enregistré ne se modifie pas|contre-passez-le"
WITHIN = (
    "CHECK ((amount >= 0 AND paid BETWEEN 0 AND amount) "
    "OR (amount < 0 AND paid BETWEEN amount AND 0))"
)
KEY = (
    "r.document_id = NEW.document_id AND r.vat_category = NEW.vat_category "
    "AND r.vat_rate = NEW.vat_rate"
)
ALLOCATED = (
    "(SELECT COALESCE(SUM(a.amount), 0) FROM payment_allocation a "
    "WHERE a.payment_id = NEW.payment_id AND a.kind = 'payment') + NEW.amount"
)
SAME = (
    "o.id = NEW.reverses AND o.amount = -NEW.amount AND o.document_id = NEW.document_id "
    "AND o.vat_category = NEW.vat_category AND o.vat_rate = NEW.vat_rate AND o.kind = NEW.kind "
    "AND COALESCE(o.instalment_id, 0) = COALESCE(NEW.instalment_id, 0)"
)


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    create("payment_mode", PAYMENT_MODE, {"code": "UNIQUE (code)"})
    if dialect.row("SELECT 1 FROM company"):  # a new company brings its own
        names = ("code", "label", "method", "account", "journal", "position")
        rows = [(*mode, position) for position, mode in enumerate(MODES)]
        dialect.insert_many("payment_mode", names, rows)
    create(
        "receivable",
        RECEIVABLE,
        {"once": "UNIQUE (document_id, vat_category, vat_rate)", "paid_within": WITHIN},
    )
    create(
        "instalment",
        INSTALMENT,
        {
            "once": "UNIQUE (document_id, position)",
            "amount": "CHECK (amount <> 0)",
            "paid_within": WITHIN.replace("CHECK (", "CHECK (mixed = 1 OR ", 1),
        },
    )
    index("instalment", "due_date", where="paid <> amount", name="instalment__open")
    index("instalment", "party_id, due_date")
    create("payment", PAYMENT, {"reverses": "UNIQUE (reverses)", "source": "UNIQUE (source)"})
    index("payment", "party_id, date")
    index("payment", "date, id")
    create(
        "payment_allocation",
        ALLOCATION,
        {"reverses": "UNIQUE (reverses)", "amount": "CHECK (amount <> 0)"},
    )
    index("payment_allocation", "payment_id")
    index("payment_allocation", "document_id")
    index("payment_allocation", "instalment_id")
    dialect.add_column("document", "settlement choice |due|part|paid")
    dialect.add_column("document", "due_next date")  # of what is left, the first
    dialect.add_column("document", "paid_total int")
    index("document", "kind, settlement, date", where="settlement IN ('due', 'part')")
    index("document", "kind, due_next", where="due_next IS NOT NULL")
    dialect.add_column("payment_terms", "discount int")  # 10⁻⁶, for paying early
    dialect.add_column("payment_terms", "discount_days int")
    _keep(dialect)
    _count(dialect)


def _keep(dialect: Dialect) -> None:
    """Only added to, and by rows that fit what they name."""
    refuse = dialect.refuse
    for table in ("payment", "payment_allocation"):
        dialect.append_only(table, CLOSED)
    for table, columns in (
        ("receivable", "id, document_id, vat_category, vat_rate, amount"),
        (
            "instalment",
            "id, uid, document_id, party_id, position, due_date, amount, nature, label, mixed",
        ),
    ):
        frozen = "instalment.frozen|Une échéance ne se modifie pas|faites un avoir"
        refuse(f"{table}__no_update", table, f"UPDATE OF {columns}", frozen)
        refuse(f"{table}__no_delete", table, "DELETE", frozen)
    for table in ("payment", "payment_allocation", "instalment"):  # REPLACE deletes unasked
        twice = f"EXISTS (SELECT 1 FROM {table} o WHERE o.id = NEW.id OR o.uid = NEW.uid)"
        refuse(f"{table}__once", table, "INSERT", "payment.twice|Déjà enregistré|", twice)
    twice = f"EXISTS (SELECT 1 FROM receivable r WHERE r.id = NEW.id OR ({KEY}))"
    refuse("receivable__once", "receivable", "INSERT", "payment.twice|Déjà enregistré|", twice)
    refuse(
        "payment_allocation__owed",
        "payment_allocation",
        "INSERT",
        "allocation.unowed|Cette facture ne doit rien à ce taux|choisissez une autre facture",
        f"NOT EXISTS (SELECT 1 FROM receivable r WHERE {KEY})",
    )
    refuse(
        "payment_allocation__due",
        "payment_allocation",
        "INSERT",
        "allocation.instalment|L'échéance n'est pas de cette facture|rouvrez la facture",
        "NEW.instalment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM instalment i "
        "WHERE i.id = NEW.instalment_id AND i.document_id = NEW.document_id)",
    )
    refuse(
        "payment_allocation__mirror",
        "payment_allocation",
        "INSERT",
        "allocation.mirror|Une contre-passation reprend ce qu'elle annule|",
        f"NEW.reverses IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM payment_allocation o WHERE {SAME})",
    )
    refuse(
        "payment_allocation__within",
        "payment_allocation",
        "INSERT",
        "payment.exceeded|Le règlement n'a plus assez de disponible|rouvrez le règlement",
        "NEW.kind = 'payment' AND NOT EXISTS (SELECT 1 FROM payment p "
        "WHERE p.id = NEW.payment_id AND "
        f"((p.amount >= 0 AND {ALLOCATED} <= p.amount) "
        f"OR (p.amount < 0 AND {ALLOCATED} >= p.amount)))",
    )
    refuse(
        "payment_allocation__reversed",
        "payment_allocation",
        "INSERT",
        "payment.reversed|Ce règlement est contre-passé|enregistrez-en un autre",
        "NEW.reverses IS NULL AND EXISTS "
        "(SELECT 1 FROM payment p WHERE p.reverses = NEW.payment_id)",
    )


def _count(dialect: Dialect) -> None:
    """What is paid follows the allocations."""
    dialect.trigger(
        "payment_allocation__paid",
        "payment_allocation",
        "INSERT",
        "UPDATE receivable SET paid = paid + NEW.amount WHERE document_id = NEW.document_id "
        "AND vat_category = NEW.vat_category AND vat_rate = NEW.vat_rate; "
        "UPDATE instalment SET paid = paid + NEW.amount WHERE id = NEW.instalment_id;",
    )

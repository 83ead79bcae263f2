"""Schema 17: reminders, mandates, direct debits, bank statements (domain.md §6)."""

from __future__ import annotations

from ..dialect import Dialect

LEVEL = """
    id          id
    position    positive    # of the letter: first, second…
    label       text
    days        int         # after the due date
    body        text        # of the letter, with fields
    active      flag=1
"""

REMINDER = """
    id          id+
    uid         uid
    party_id    ref! party
    level       positive    # position of its level, then
    label       text
    date        date!
    total       int         # cents that were late
    penalties   int         # with the fixed sums
    at          moment!
    user_id     ref! app_user
    user_name   text
"""

REMINDED = """
    id              id
    reminder_id     own reminder
    instalment_id   ref! instalment
    amount          int         # cents left then
"""

STATEMENT = """
    id          id
    uid         uid
    name        text        # of the file
    account     text        # IBAN it is of
    digest      text        # SHA-256 of the file: the same file twice does nothing
    at          moment!
    user_name   text
"""

BANK_LINE = """
    id              id
    uid             uid
    statement_id    own bank_statement
    position        int
    date            date!
    amount          int         # cents, negative: paid out
    label           text
    reference       text
    counterparty    text
    iban            text
    digest          text        # the same movement in another file does nothing either
    state           choice open|matched|ignored
    payment_id      ref payment
"""

MANDATE = """
    id          id
    uid         uid
    party_id    ref! party
    reference   text        # RUM, at most 35 characters
    iban        text
    bic         text
    signed_on   date!
    scheme      choice CORE|B2B
    sequence    choice FRST|RCUR|FNAL|OOFF   # of the next debit
    active      flag=1
    position    int
    used_on     date
"""

DEBIT = """
    id          id+
    uid         uid
    message     text        # MsgId
    date        date!       # of collection
    amount      positive
    count       positive
    at          moment!
    user_name   text
"""

DEBIT_LINE = """
    id              id
    debit_id        own debit
    mandate_id      ref! mandate
    document_id     ref! document
    payment_id      ref payment
    amount          positive
    end_to_end      text
    sequence        text
"""

CLOSED = "reminder.closed|Une relance faite ne se modifie pas|faites la suivante"


def apply(dialect: Dialect) -> None:
    create, index = dialect.create_table, dialect.create_index
    create("reminder_level", LEVEL, {"position": "UNIQUE (position)"})
    create("reminder", REMINDER)
    index("reminder", "party_id, date")
    create("reminder_instalment", REMINDED)
    index("reminder_instalment", "instalment_id")
    index("reminder_instalment", "reminder_id")
    dialect.append_only("reminder", CLOSED)
    dialect.append_only("reminder_instalment", CLOSED)
    create("bank_statement", STATEMENT, {"digest": "UNIQUE (digest)"})
    create("bank_line", BANK_LINE, {"digest": "UNIQUE (digest)"})
    index("bank_line", "statement_id, position")
    index("bank_line", "date", where="state = 'open'", name="bank_line__open")
    create("mandate", MANDATE, {"reference": "UNIQUE (reference)"})
    index("mandate", "party_id")
    create("debit", DEBIT, {"message": "UNIQUE (message)"})
    create("debit_line", DEBIT_LINE, {"end_to_end": "UNIQUE (end_to_end)"})
    index("debit_line", "debit_id")
    dialect.add_column("company", "creditor_id text")  # ICS, for direct debits

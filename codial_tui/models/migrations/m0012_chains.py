"""Schema 12: chained journals, signing keys, closings, training (domain.md §6 « Law »).

Nothing of it is ever changed or deleted: what was wrong is followed by what puts it right.
"""

from __future__ import annotations

from ..dialect import Dialect

LINK = """
    id              id+
    chain           choice payments|events|closings
    position        positive        # in its chain, from 1 without gaps
    subject         text            # what it is about: `payment UID`, an event, `day 2026-11-22`
    canonical       text            # domain.chain_text says what is in it
    previous_hash   text
    hash            text
    at              moment!
    by              text
"""

KEY = """
    id              id+
    public_key      text            # Ed25519, 32 bytes in hexadecimal
    reason          choice first|rotation|lost
    previous_id     ref signing_key
    signature       text            # of the key before over this one; none for `first` and `lost`
    at              moment!
    by              text
"""

CLOSING = """
    id              id+
    kind            choice day|month|year
    period          text            # 2026-11-22, 2026-11, 2026
    first_day       date!
    last_day        date!
    position        positive        # of its link in the chain `closings`
    hash            text            # of that link: what is signed
    key_id          ref! signing_key
    signature       text            # Ed25519, 64 bytes in hexadecimal
    at              moment!
    by              text
"""

TRAINING = """
    id              id+
    at              moment!
    by              text
    source          text            # of which database this is a copy
"""

CLOSED = "chain.closed|Un journal chaîné ne se modifie pas|une écriture de plus corrige"


def apply(dialect: Dialect) -> None:
    create = dialect.create_table
    create(
        "chain_link",
        LINK,
        {"position": "UNIQUE (chain, position)", "previous": "UNIQUE (chain, previous_hash)"},
    )
    dialect.create_index("chain_link", "chain, subject")
    create("signing_key", KEY, {"public_key": "UNIQUE (public_key)"})
    create("closing", CLOSING, {"period": "UNIQUE (kind, period)", "once": "UNIQUE (position)"})
    create("training", TRAINING, {"one": "CHECK (id = 1)"})
    same = {
        "chain_link": "o.chain = NEW.chain AND o.position = NEW.position",
        "signing_key": "o.public_key = NEW.public_key",
        "closing": "(o.kind = NEW.kind AND o.period = NEW.period) OR o.position = NEW.position",
        "training": "1 = 1",
    }
    for table, test in same.items():
        dialect.append_only(table, CLOSED)
        dialect.refuse(  # REPLACE would delete the old row without asking
            f"{table}__once",
            table,
            "INSERT",
            CLOSED,
            f"EXISTS (SELECT 1 FROM {table} o WHERE o.id = NEW.id OR {test})",
        )

"""Schema 1: what is only ever added to: steps and their edits, and the log of the program."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    dialect.create_table(
        "step",
        # no foreign key to the document: the trail of a deleted one stays
        """
        id          id+
        document_id int
        document_uid text
        version     int         # the document's after this step
        user_id     ref app_user
        user_name   text
        session_id  ref session
        at          moment!
        label       text        # French, what undo shows
        undoes      ref step
        barrier     flag
        """,
    )
    dialect.create_index("step", "document_id, id")
    dialect.create_table(
        "edit",
        """
        id          id+
        step_id     ref! step
        seq         int
        target      choice document|line|adjustment
        uid         text        # of the target: many edits share it
        op          choice set|insert|delete|order
        before      text?       # JSON of domain.changes.Change
        after       text?
        """,
        {"seq": "UNIQUE (step_id, seq)"},
    )
    dialect.create_index("edit", "uid")
    dialect.create_table(
        "audit_log",
        """
        id          id+
        at          moment!
        user_id     ref app_user
        user_name   text
        session_token text
        action      text        # document.delete, import.undo, right.grant…
        target      text
        target_uid  text
        detail      json
        previous_hash text
        hash        text
        """,
    )
    dialect.create_index("audit_log", "target_uid", where="target_uid <> ''")
    for table in ("step", "edit", "audit_log", "document_event"):
        dialect.append_only(table, "journal.closed|Le journal ne se modifie pas|ajoutez une entrée")

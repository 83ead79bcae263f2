"""Schema 30: calls of customers (hotline), and what became of them (domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

CALL = """
    id           id
    uid          uid
    number       text
    party_id     ref party
    party_name   text
    caller       text
    phone        text
    equipment_id ref equipment
    serial       text
    subject      text
    subject_fold text
    question     text
    answer       text
    priority     choice normal|low|high|urgent
    state        choice open|waiting|closed
    opened_at    moment!
    closed_at    moment
    seconds      int            # on the phone
    taken_by     ref app_user
    assigned_to  ref app_user
    document_id  ref document   # the work order it became
    search_text  text
    created_at   moment!
    updated_at   moment
    updated_by   ref app_user
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table(
        "phone_call", CALL, {"number": "UNIQUE (number)", "seconds": "CHECK (seconds >= 0)"}
    )
    dialect.create_index("phone_call", "state, opened_at")
    for name in ("party_id", "equipment_id", "document_id"):
        dialect.create_index("phone_call", name, where=f"{name} IS NOT NULL")

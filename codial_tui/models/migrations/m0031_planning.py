"""Schema 31: the planning: who and what is where, when (domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

RESOURCE = """
    id           id
    uid          uid
    code         text
    name         text
    kind         choice person|vehicle
    user_id      ref app_user
    position     int
    active       flag=1
"""
APPOINTMENT = """
    id           id
    uid          uid
    resource_id  ref! resource
    kind         choice work|appointment|absence
    starts_at    moment!        # UTC
    ends_at      moment!
    document_id  ref document   # the work order
    party_id     ref party
    label        text
    note         text
    version      int=1
    created_at   moment!
    created_by   ref app_user
    updated_at   moment
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table("resource", RESOURCE, {"code": "UNIQUE (code)"})
    dialect.create_index("resource", "user_id", unique=True, where="user_id IS NOT NULL")
    dialect.create_table("appointment", APPOINTMENT, {"ends_at": "CHECK (starts_at < ends_at)"})
    dialect.create_index("appointment", "starts_at")
    dialect.create_index("appointment", "resource_id, starts_at")
    dialect.create_index("appointment", "document_id", where="document_id IS NOT NULL")

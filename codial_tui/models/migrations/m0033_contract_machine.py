"""Schema 33: since when, and until when, a contract covers a machine: its copies count from the day
it joins to the day it leaves (domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

MACHINE = """
    id           id
    contract_id  own contract
    equipment_id ref! equipment
    since        date           # first day; empty: from the start of the contract
    until        date           # first day that is no longer covered; empty: to its end
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table("contract_machine", MACHINE)
    dialect.run(
        "INSERT INTO contract_machine (contract_id, equipment_id) "
        "SELECT contract_id, equipment_id FROM contract_equipment ORDER BY id"
    )
    dialect.run("DROP TABLE contract_equipment")
    dialect.create_index(
        "contract_machine", "contract_id, equipment_id", where="until IS NULL", unique=True
    )
    dialect.create_index("contract_machine", "equipment_id")
    dialect.create_index("contract_machine", "contract_id")

"""Contracts in few words, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from chain_desk import Desk

from codial_tui.domain.text import fold
from codial_tui.services.maintenance import contract_plan, contract_run
from codial_tui.services.maintenance.contract_run import Outcome
from codial_tui.services.records import record_parts, records


class ContractDesk(Desk):
    """`at` is today."""

    def at(self, day: str) -> None:
        year, month, number = map(int, day.split("-"))
        self.context.clock = lambda: datetime(year, month, number, 11, 0, tzinfo=UTC)

    def contract(self, party: int, label: str = "Entretien chaudière", **values: Any) -> int:
        """Of 480,00 € a year in advance, unless told otherwise."""
        given = {"party_id": party, "label": label, "starts_on": "2027-01-01", "price": 48_000}
        return records.create(self.context, "contract", {**given, **values})

    def machine(self, party: int, code: str, **values: Any) -> int:
        row = {
            "uid": self.context.uid(),
            "code": code,
            "code_fold": fold(code),
            "party_id": party,
            "brand": "Viessmann",
            "serial": f"SN-{code}",
            "created_at": self.context.now,
            **values,
        }
        with self.context.database.write():
            return self.context.database.insert("equipment", row)

    def cover(self, contract: int, machine: int) -> None:
        values = {"equipment_id": machine}
        record_parts.create(self.context, "contract_machine", contract, values)

    def read(self, machine: int, day: str, copies: int) -> None:
        values = {
            "uid": self.context.uid(),
            "equipment_id": machine,
            "meter": "copies",
            "value": copies * 10_000,
            "read_on": day,
            "at": self.context.now,
        }
        with self.context.database.write():
            self.context.database.insert("equipment_reading", values)

    def due(self, until: str, only: int | None = None) -> list[contract_plan.Due]:
        return contract_plan.plan(self.context, date.fromisoformat(until), only)

    def run(self, until: str, **options: Any) -> list[Outcome]:
        return list(contract_run.run(self.context, self.due(until), **options))

    def value(self, contract: int, name: str) -> Any:
        sql = f"SELECT {name} FROM contract WHERE id = ?"
        return self.context.database.value(sql, (contract,))


def told(outcomes: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    """Day, kind and cents of what was made; nothing was refused."""
    assert [one.refusal for one in outcomes if one.refusal] == []
    return [(one.due.day, one.due.kind, one.due.amount) for one in outcomes]

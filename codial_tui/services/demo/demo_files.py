"""Reading the demo company's files (assets/demo): text cells as the integers of the schema."""

from __future__ import annotations

import csv
import json
import tomllib
from typing import Any

from codial_tui.config import asset
from codial_tui.domain.money import SCALE4
from codial_tui.domain.quantity import (
    parse_cents,
    parse_coefficient,
    parse_percent,
    parse_price,
    parse_quantity,
)


class Row(dict[str, str]):
    """A row of a CSV file; an empty cell is the default."""

    def price(self, name: str, default: int = 0) -> int:
        """10⁻⁴"""
        return parse_price(self[name]) if self.get(name) else default

    def maybe_price(self, name: str) -> int | None:
        return parse_price(self[name]) if self.get(name) else None

    def quantity(self, name: str, default: int = SCALE4) -> int:
        """10⁻⁴"""
        return parse_quantity(self[name]) if self.get(name) else default

    def cents(self, name: str) -> int | None:
        return parse_cents(self[name]) if self.get(name) else None

    def percent(self, name: str) -> int:
        """10⁻⁶"""
        return parse_percent(self[name]) if self.get(name) else 0

    def coefficient(self, name: str) -> int:
        """10⁻⁶"""
        return parse_coefficient(self[name]) if self.get(name) else 0

    def flag(self, name: str) -> int:
        return int(self.get(name) == "1")


def rows(name: str) -> list[Row]:
    """The rows of `assets/demo/NAME.csv`."""
    with asset(f"demo/{name}.csv").open(encoding="utf-8", newline="") as file:
        return [Row(row) for row in csv.DictReader(file, delimiter=";")]


def company() -> dict[str, Any]:
    """`assets/demo/company.toml`."""
    return tomllib.loads(asset("demo/company.toml").read_text(encoding="utf-8"))


def quotes() -> list[dict[str, Any]]:
    """The quotes, in order of number."""
    content = json.loads(asset("demo/quotes.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = content["quotes"]
    return found


def chain() -> list[dict[str, Any]]:
    """What the quotes became, in order of time."""
    content = json.loads(asset("demo/chain.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = content["steps"]
    return found


def maintenance() -> list[dict[str, Any]]:
    """Machines, contracts, calls, work orders and planning, in order of time."""
    content = json.loads(asset("demo/maintenance.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = content["steps"]
    return found

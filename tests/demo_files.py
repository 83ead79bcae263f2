"""The files of the demo company and the letter models, read as plain data for the tests."""

from __future__ import annotations

import csv
import json
import tomllib
from functools import cache
from typing import Any

from codial_tui.config import asset


def rows(name: str) -> list[dict[str, str]]:
    with asset(f"demo/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def column(name: str, key: str) -> set[str]:
    return {row[key] for row in rows(name)}


@cache
def company() -> dict[str, Any]:
    return tomllib.loads(asset("demo/company.toml").read_text(encoding="utf-8"))


@cache
def models() -> list[dict[str, str]]:
    text = asset("letters/models.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["model"]
    return found


@cache
def quotes() -> dict[str, dict[str, Any]]:
    content = json.loads(asset("demo/quotes.json").read_text(encoding="utf-8"))
    return {quote["number"]: quote for quote in content["quotes"]}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Items and assemblies by reference; an assembly is sold by one."""
    assemblies = [{**row, "price_per": "1"} for row in rows("assemblies")]
    return {row["reference"]: row for row in rows("items") + assemblies}


def codes(table: str) -> set[str]:
    return {row["code"] for row in company()[table]}

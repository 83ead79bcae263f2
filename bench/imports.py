"""Importing a price list ÷ one bare executemany of the same rows with the same search index; what
a counter user beside it waits; memory as the file grows."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import ROOT, catalogue
from .results import Options, Result, Skipped, limit, percentile, ratio, spread

TARGET = 5.0
WAIT_MS = 20.0
FLAT = 1.25
"""Peak memory of five times the rows ÷ of one time: what the file's size adds."""

SIZES = (20_000, 100_000)
QUICK_SIZES = (20_000, 40_000)
HEADER = ("Référence", "Désignation", "EAN", "Unité", "Prix de vente", "Marque")


def measure(options: Options) -> Result:
    if importlib.util.find_spec("codial_tui.services.imports.importing") is None:
        raise Skipped("codial_tui.services.imports.importing does not exist yet")
    small, large = QUICK_SIZES if options.quick else SIZES
    empty = company(options)
    rounds: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for _ in range(options.rounds(5)):
        bare = child("importer", catalogue.copy(empty, options.folder / "bare.sqlite3"),
                     str(small), "--bare")  # fmt: skip
        rounds.append((import_into(options, empty, small), bare))
    best = min(one["seconds"] for one, _ in rounds), min(one["seconds"] for _, one in rounds)
    beside, waits = with_a_counter_user(options, empty, large)
    return {
        "rows": small,
        "ours": {"seconds": best[0], "plan_seconds": min(one["plan_seconds"] for one, _ in rounds)},
        "bare": {"seconds": best[1]},
        "time": ratio(best[0], best[1], TARGET),
        "counter_user": spread(waits) | {"max_ms": max(waits), "import": beside},
        "counter_user_p95": limit(percentile(waits, 95), WAIT_MS),
        "peak_mib": {str(small): rounds[0][0]["peak_mib"], str(large): beside["peak_mib"]},
        "memory_growth": ratio(beside["peak_mib"], rounds[0][0]["peak_mib"], FLAT),
    }


def import_into(options: Options, empty: Path, size: int) -> dict[str, Any]:
    """Import a list into a copy of an empty company; every row must arrive."""
    path = catalogue.copy(empty, options.folder / "import.sqlite3")
    found = child("importer", path, str(price_list(options, size)))
    if found["rows"] != size:
        raise AssertionError(f"{size} rows in the file, {found['rows']} taken")
    return found


def with_a_counter_user(
    options: Options, empty: Path, size: int
) -> tuple[dict[str, Any], list[float]]:
    """The import, and the milliseconds each write of a user beside it took."""
    path = catalogue.copy(empty, options.folder / "import.sqlite3")
    command = [sys.executable, "-m", "bench.counter", str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        if user.stdout.readline() != "ready\n":
            raise AssertionError("the counter user did not start")
        found = child("importer", path, str(price_list(options, size)))
        waits: list[float] = json.loads(user.communicate("", timeout=60)[0])
    if len(waits) < 10:
        raise AssertionError(f"only {len(waits)} writes beside the import")
    return found, waits


def child(module: str, path: Path, *arguments: str) -> dict[str, Any]:
    """Run one module of this package on a database; gives the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", str(path), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def company(options: Options) -> Path:
    """A company without items, to be copied."""
    from codial_tui.bootstrap import open_program
    from codial_tui.services.records import company

    path = options.folder / f"company-{catalogue.stamp()}.sqlite3"
    if not path.exists():
        part = catalogue.fresh(options.folder / "company.part")
        program = open_program(str(part), create=True, login="import")
        company.init(program.context, "Essai SARL")
        program.close()
        catalogue.fold_log(part)
        part.rename(path)
    return path


def price_list(options: Options, size: int) -> Path:
    """A CSV as suppliers send them: semicolons, decimal commas, UTF-8."""
    path = options.folder / f"list-{size}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for one in catalogue.articles(size):
            units, parts = divmod(one.sale_price, 10_000)
            price = f"{units},{parts:04d}"
            writer.writerow((one.reference, one.label, one.ean, one.unit, price, one.maker))
    return path

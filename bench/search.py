"""Search as you type: the service a screen calls ÷ the same look-ups in bare sqlite3.

Every prefix of what somebody would type is a query, as on a screen that searches at each key. Ours
gives `Item`s; bare gives tuples of the same columns, by SQL written here. Both must find the same
items, or the figures would not compare.
"""

from __future__ import annotations

import gc
import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from statistics import median

from . import catalogue
from .results import Options, Result, Skipped, percentile, ratio, spread

SIZES = (100_000, 1_000_000)
TARGET = 2.0
LIMIT = 50


def measure(options: Options) -> Result:
    return {
        f"{size}": measure_size(catalogue.built(options.folder, size), size, options)
        for size in SIZES[: 1 if options.quick else None]
    }


def measure_size(path: Path, size: int, options: Options) -> Result:
    """p50 and p95 of both over the same queries, in turn, and their ratios."""
    try:
        from codial_tui.models.database import open_database
        from codial_tui.services.records.catalogue import search
    except ImportError as error:
        raise Skipped(f"services.catalogue: {error}") from error
    database = open_database(str(path), create=False)
    reader = database.reader()
    bare = BareSearch(path)
    queries = list(typed(size, 60 if options.quick else 120))
    ours: dict[str, list[float]] = {}
    theirs: dict[str, list[float]] = {}
    differing = 0
    try:
        for text in queries:
            found, expected = search(reader, text), bare.search(text)  # warms both alike
            differing += {item.id for item in found} != {row[0] for row in expected}
        gc.collect()
        gc.disable()
        for _ in range(options.rounds(3)):
            for text in queries:
                begin = time.perf_counter()
                search(reader, text)
                middle = time.perf_counter()
                bare.search(text)
                end = time.perf_counter()
                ours.setdefault(text, []).append((middle - begin) * 1000)
                theirs.setdefault(text, []).append((end - middle) * 1000)
    finally:
        gc.enable()
        bare.close()
        reader.close()
        database.close()
    # The best of each query's rounds: what a busy machine adds is no property of the query.
    mine, bare_ms = [min(ours[text]) for text in queries], [min(theirs[text]) for text in queries]
    slowest = max(zip(mine, bare_ms, queries))
    return {
        "queries": len(queries),
        "different_answers": differing,
        "ours": spread(mine),
        "bare": spread(bare_ms),
        "p50": ratio(median(mine), median(bare_ms), TARGET),
        "p95": ratio(percentile(mine, 95), percentile(bare_ms, 95), TARGET),
        "slowest": {"text": slowest[2], "ms": round(slowest[0], 2), "bare": round(slowest[1], 2)},
    }


def typed(size: int, count: int) -> Iterator[str]:
    """What the search box holds after each key, for `count` searches of the kinds people make."""
    rng = random.Random(catalogue.SEED)
    wanted = {rng.randrange(size) for _ in range(count)}
    chosen = [one for number, one in enumerate(catalogue.articles(size)) if number in wanted]
    rng.shuffle(chosen)
    for number, one in enumerate(chosen):
        words = one.label.split()
        text = (
            one.reference.lower(),
            f"{words[0][:4]} {words[1][:4]}",
            f"{words[-1][:5]} {words[0][:5]}",
            one.label[:14],
            one.ean,
            words[0],
        )[number % 6]
        for end in range(1, len(text) + 1):
            if not text[:end].endswith(" "):
                yield text[:end]


class BareSearch:
    """The same question put to sqlite3 without anything in between."""

    def __init__(self, path: Path) -> None:
        from codial_tui.services.records.catalogue import Item

        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._columns = ", ".join(f"item.{one.name}" for one in fields(Item))

    def search(self, text: str) -> list[tuple[object, ...]]:
        """Up to 50 rows: references and barcodes that start with the word, then every word."""
        from codial_tui.domain.text import words

        parts = words(text)
        found: dict[object, tuple[object, ...]] = {}
        if len(parts) == 1 or max(map(len, parts)) < 3:
            holds = " AND item.search_text LIKE ?" * (len(parts) - 1)
            for column in ("reference_fold", "ean"):
                rows = self._connection.execute(
                    f"SELECT {self._columns} FROM item WHERE {column} >= ? AND {column} < ? "
                    f"AND {column} <> ''{holds} AND item.blocked = 0 ORDER BY {column} LIMIT ?",
                    (
                        parts[0],
                        parts[0] + "\U0010ffff",
                        *(f"%{part}%" for part in parts[1:]),
                        LIMIT - len(found),
                    ),
                )
                found.update((row[0], row) for row in rows)
        if max(map(len, parts)) >= 3 and len(found) < LIMIT:
            long = " ".join(f'"{part}"' for part in parts if len(part) >= 3)
            short = [f"%{part}%" for part in parts if len(part) < 3]
            rows = self._connection.execute(
                f"SELECT {self._columns} FROM item_search JOIN item ON item.id = item_search.rowid "
                f"WHERE item_search MATCH ?{' AND item.search_text LIKE ?' * len(short)} "
                "AND item.blocked = 0 LIMIT ?",
                (long, *short, LIMIT + len(found)),
            )
            found.update((row[0], row) for row in rows)
        return list(found.values())[:LIMIT]

    def close(self) -> None:
        self._connection.close()

"""A list of 1 000 000 documents ÷ the same list of 10 000: opening it, each filter, each order.

One measurement is what the list screen reads for a key: the ids, the count with its total, and
the first page of rows; opening it also counts what stands on its tabs. Both databases have the
same share of every state, month and subject; a customer has forty documents in both.
"""

from __future__ import annotations

import gc
import sqlite3
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from . import catalogue
from .results import Options, Result, percentile, ratio

if TYPE_CHECKING:
    from codial_tui.models.queries import Reader
    from codial_tui.services.context import Context
    from codial_tui.services.lists.lists import Query

SIZES = (10_000, 1_000_000)
TARGET = 2.0
FLOOR_MS = 4.0
"""Half of what painting a page costs: below it, two readings are not told apart."""
PAGE = 18
"""Rows on a screen of 24."""
OPEN, END = "open", "End key"

DOCUMENTS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count),
one AS (SELECT i, (i * 7919) % :count AS r, abs((i * 2654435761) % 1000003) AS p FROM n)
INSERT INTO document (uid, kind, number, serial, state, date, subject, party_id, party_code,
  party_name, party_name_fold, search_text, salesperson_id, salesperson_name, branch_id,
  net_total, vat_total, gross_total, created_at, delivery, billing)
SELECT printf('%s%031x', :mark, i), :kind, printf(:prefix || '%07d', i), i,
  CASE WHEN :kind = 'order' THEN CASE WHEN p % 10 < 3 THEN 'open' ELSE 'processed' END
       WHEN p % 10 < 2 THEN 'pending' WHEN p % 10 < 7 THEN 'accepted'
       WHEN p % 10 < 9 THEN 'refused' ELSE 'dropped' END,
  date('2017-01-01', '+' || (i * 3600 / :count) || ' days'), subject(p), r / 40,
  printf('C%06d', r / 40), customer(r / 40), lower(customer(r / 40)),
  CASE WHEN :kind = 'quote' THEN
    lower(printf(:prefix || '%07d c%06d ', i, r / 40) || customer(r / 40) || ' ' || subject(p))
  ELSE '' END,
  p % 12, 'Camille', p % 4, p * 7, p, p * 8, '2026-11-22T08:00:00.000Z',
  CASE WHEN :kind = 'quote' THEN '' WHEN p % 20 = 0 THEN 'none' WHEN p % 20 = 1 THEN 'part'
       ELSE 'full' END,
  CASE WHEN :kind = 'quote' THEN '' WHEN p % 10 = 0 THEN 'none' ELSE 'full' END
FROM one
"""
"""Of a hundred orders ten are still to be delivered and ten to be billed; words find quotes."""
SUBJECTS = (
    "Toiture", "Salle de bain", "Chaudiere", "Electricite", "Carrelage", "Peinture", "Menuiserie",
    "Facade", "Isolation", "Terrasse",
)  # fmt: skip
SURNAMES = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau",
    "Laurent", "Simon", "Michel", "Lefebvre", "Leroy", "Roux", "David", "Bertrand", "Morel",
    "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau",
)  # fmt: skip
TOWNS = (
    "Abbeville", "Bayonne", "Cambrai", "Dijon", "Evreux", "Fougeres", "Grenoble", "Hyeres",
    "Issoire", "Jarnac", "Kayserberg", "Limoges", "Moulins", "Nevers", "Orange", "Pontivy",
    "Quimper", "Roanne", "Saumur", "Tarbes", "Uzes", "Vannes", "Wissembourg", "Yvetot",
)  # fmt: skip


def customer(number: int) -> str:
    """A name as firms have them; about as many share a word as in a telephone book."""
    rest, surname = divmod(number, len(SURNAMES))
    rest, town = divmod(rest, len(TOWNS))
    return f"{SURNAMES[surname]} {TOWNS[town]} {chr(97 + rest % 26) * 3}{rest // 26 or ''}"


def measure(options: Options) -> Result:
    took = time_all([built(options.folder, size) for size in SIZES], options.rounds(9))
    found: Result = {}
    for name, both in took.items():
        small, large = (median(one) for one in both)
        found[name] = {
            "ms": {str(size): round(value, 2) for size, value in zip(SIZES, (small, large))},
            "p95_ms": round(percentile(both[1], 95), 2),
            "growth": ratio(max(large, FLOOR_MS), max(small, FLOOR_MS), TARGET),
        }
    return found


def wishes() -> dict[str, Query]:
    """What somebody at a list asks for."""
    from codial_tui.domain.list_filter import ListFilter
    from codial_tui.services.lists.lists import Query

    quote, order = Query("quote"), Query("order")
    return {
        OPEN: quote,
        END: quote,
        "state": quote._replace(state="pending"),
        "customer": quote._replace(filter=ListFilter(("martin", "bayonne"))),
        "number": quote._replace(filter=ListFilter(("de0001234",))),
        "subject": quote._replace(filter=ListFilter(("toiture",))),
        "three words": quote._replace(filter=ListFilter(("toiture", "dupont", "cambrai"))),
        "nothing": quote._replace(filter=ListFilter(("introuvable",))),
        "month": quote._replace(filter=ListFilter(since="2026-03-01", until="2026-03-31")),
        "one party": quote._replace(filter=ListFilter(party_id=7)),
        "salesperson": quote._replace(filter=ListFilter(salesperson_id=3)),
        "his pending": quote._replace(state="pending", filter=ListFilter(salesperson_id=4)),
        "branch": quote._replace(filter=ListFilter(branch_id=2)),
        "branch, year": quote._replace(
            filter=ListFilter(branch_id=2, since="2025-01-01", until="2025-12-31")
        ),
        "amounts above": quote._replace(filter=ListFilter(above=3_500_000)),
        "few amounts": quote._replace(filter=ListFilter(above=6_999_600)),
        "by number": quote._replace(sort="number"),
        "by party": quote._replace(sort="party_name", descending=False),
        "by amount": quote._replace(sort="net_total"),
        "by gross": quote._replace(sort="gross_total", descending=False),
        "by state": quote._replace(sort="state_label"),
        "to deliver": order._replace(mark="to_deliver"),
        "to bill": order._replace(mark="to_bill"),
        "to bill by party": order._replace(mark="to_bill", sort="party_name"),
        "expired": quote._replace(mark="expired"),
    }


def time_all(paths: list[Path], rounds: int) -> dict[str, list[list[float]]]:
    """Milliseconds of each wish in each database, in turn, after a round that warms them."""
    from codial_tui.bootstrap import open_program

    programs = [open_program(str(path), login="liste") for path in paths]
    readers = [program.context.database.reader() for program in programs]
    took: dict[str, list[list[float]]] = {name: [[] for _ in paths] for name in wishes()}
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds + 1):
            for name, query in wishes().items():
                for program, reader, own in zip(programs, readers, took[name]):
                    begin = time.perf_counter()
                    show(program.context, query, reader, name)
                    if number:
                        own.append((time.perf_counter() - begin) * 1000)
    finally:
        gc.enable()
        for program, reader in zip(programs, readers):
            reader.close()
            program.close()
    return took


def show(context: Context, query: Query, reader: Reader, name: str) -> None:
    """What the list screen reads for one key."""
    from codial_tui.services.lists import lists

    if name == OPEN:
        lists.state_counts(context, query.kind)
    listing = lists.DocumentList(context, query)
    if query.filter.words:  # these are read beside the keys: what is on the screen first
        listing.read_first(reader)
    listing.count()
    listing.rows(0, PAGE)
    if name == END:  # of those a list holds
        last = listing.count().rows
        listing.rows(last - PAGE, last)


def built(folder: Path, count: int) -> Path:
    """A company with `count` quotes and `count` orders, made once and kept."""
    from codial_tui.bootstrap import open_program
    from codial_tui.services.records import company

    stem = f"documents-{count}-{catalogue.stamp()}"
    path = folder / f"{stem}.sqlite3"
    if path.exists():
        return path
    for old in folder.glob(f"documents-{count}-????????.sqlite3"):
        old.unlink()
    part = catalogue.fresh(folder / f"{stem}.part")
    program = open_program(str(part), create=True, login="liste")
    company.init(program.context, "Essai SARL")
    program.close()
    connection = sqlite3.connect(part, isolation_level=None)
    for pragma in ("synchronous = off", "journal_mode = memory", "cache_size = -200000"):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.create_function(
        "subject", 1, lambda number: SUBJECTS[number % 10], deterministic=True
    )
    connection.create_function("customer", 1, customer, deterministic=True)
    connection.execute("BEGIN IMMEDIATE")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_schema "
        "WHERE type = 'index' AND tbl_name = 'document' AND sql <> ''"
    ).fetchall()
    for name, _ in indexes:  # filled once, in order, instead of row by row
        connection.execute(f"DROP INDEX {name}")
    for mark, kind, prefix in (("a", "quote", "DE"), ("b", "order", "CC")):
        values = {"count": count, "mark": mark, "kind": kind, "prefix": prefix}
        connection.execute(DOCUMENTS, values)
    connection.execute(
        "INSERT INTO document_quote (document_id, valid_until) "
        "SELECT id, date(date, '+30 days') FROM document WHERE kind = 'quote'"
    )
    connection.execute(
        "INSERT INTO document_order (document_id) SELECT id FROM document WHERE kind = 'order'"
    )
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("DELETE FROM document_search_queue")
    connection.execute("INSERT INTO document_search (document_search) VALUES ('rebuild')")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = wal").close()
    connection.close()
    catalogue.fold_log(part)
    part.rename(path)
    return path

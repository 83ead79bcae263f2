"""Chained journals: payments, events and closings, each a chain of hashes of its own beside the
one of validated invoices (domain.md §6 « Law »). Rows are only added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from codial_tui.domain.law.chain_text import FIRST, Link, canonical, chained, read
from codial_tui.domain.problems import Problem
from codial_tui.models.dialect import Dialect
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

CHAINS = {"payments": "règlements", "events": "événements", "closings": "clôtures"}
"""The journals and their French names."""

ROWS = {
    "payments": ("payment", "payment_allocation"),
    "events": ("work_report",),
    "closings": (),
}
"""Tables each row of which has a link in this journal, made by `seal_row`."""

LIFE = frozenset({"id"})
"""Columns of such a table that are no part of a link."""

PAGE = 500
_LINKS = (
    "SELECT position, subject, canonical, previous_hash, hash, at, by FROM chain_link "
    "WHERE chain = ? AND position > ? ORDER BY position LIMIT ?"
)


def append(context: Context, chain: str, subject: str, body: Mapping[str, Any]) -> str:
    """Add a link to a journal, inside the caller's transaction; returns its hash.

    Writers of every chain take the same turn as a validation, kept until the commit. body: texts,
    integers (cents, 10⁻⁴, 10⁻⁶), None, lists and mappings of these.
    """
    database = context.database
    pools.turn(database)
    position, previous = last(database, chain)
    link = Link(chain, position + 1, subject, context.now, context.user.name)
    text = canonical(link, body)
    found = chained(previous, text)
    values = {**link._asdict(), "canonical": text, "previous_hash": previous, "hash": found}
    database.insert("chain_link", values)
    from . import signed_count  # which counts these chains

    signed_count.due(context)
    return found


def seal_row(context: Context, chain: str, table: str, row_id: int) -> str:
    """Add the link of a row that was just written, whole, inside the caller's transaction; the
    table is one of ROWS and its rows never change. Returns the hash."""
    row = context.database.mapping(f"SELECT * FROM {table} WHERE id = ?", (row_id,))
    if row is None or table not in ROWS[chain]:
        raise ValueError(f"{chain}: no row {row_id} of {table}")
    return append(context, chain, f"{table} {row['uid']}", _body(row))


def _body(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in LIFE}


def last(database: Dialect, chain: str) -> tuple[int, str]:
    """Position and hash of the end of a journal; (0, FIRST) of an empty one."""
    found = database.row(
        "SELECT position, hash FROM chain_link WHERE chain = ? ORDER BY position DESC LIMIT 1",
        (chain,),
    )
    return (int(found[0]), str(found[1])) if found else (0, FIRST)


def links(database: Dialect, chain: str, after: int = 0) -> Iterator[tuple[Any, ...]]:
    """The links of a journal in order, few in memory at a time: position, subject, canonical,
    previous_hash, hash, at, by."""
    while page := database.rows(_LINKS, (chain, after, PAGE)):
        yield from page
        after = page[-1][0]


def verify(context: Context, chain: str) -> Iterator[Problem]:
    """The first broken link of a journal, then every row that is not what its link says, or has
    none."""
    database, name = context.database, CHAINS[chain]
    position, previous, broken = 0, FIRST, False
    found = links(database, chain, -(2**60))
    while page := list(islice(found, PAGE)):
        for row in page:
            position += 1
            reason = "" if broken else _reason(chain, row, position, previous)
            if reason:
                broken = True
                words = f"chaîne des {name} rompue : {reason}"
                yield Problem("chain.broken", f"{chain} {position}", words)
            position, previous = row[0], row[4]
        yield from _rows(database, chain, page)
    for table in ROWS[chain]:
        for (uid,) in database.rows(
            f"SELECT uid FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM chain_link c "
            "WHERE c.chain = ? AND c.subject = ? || t.uid) ORDER BY id",
            (chain, f"{table} "),
        ):
            yield Problem("chain.missing", f"{table} {uid}", f"absent du journal des {name}")


def _reason(chain: str, row: tuple[Any, ...], position: int, previous: str) -> str:
    """Why a link does not follow the one before; "" when it does."""
    own, subject, text, before, found, at, by = row
    if own != position:
        return f"maillon {position} absent"
    if before != previous:
        return f"le maillon {position} ne suit pas le précédent"
    if chained(before, text) != found:
        return f"l'empreinte du maillon {position} n'est pas celle de ses données"
    try:
        said = read(text)[0]
    except ValueError:
        return f"les données du maillon {position} sont illisibles"
    if said != Link(chain, own, subject, at, by):
        return f"le maillon {position} ne dit pas ce que disent ses données"
    return ""


def _rows(database: Dialect, chain: str, page: Iterable[tuple[Any, ...]]) -> Iterator[Problem]:
    """What of the rows that these links sealed is not stored as it was."""
    sealed: dict[str, dict[str, str]] = {table: {} for table in ROWS[chain]}
    for link in page:
        table, _, uid = link[1].partition(" ")
        if table in sealed:
            sealed[table][uid] = link[2]
    for table, texts in sealed.items():
        marks = ", ".join("?" * len(texts))
        stored = (
            {
                row["uid"]: row
                for row in database.mappings(
                    f"SELECT * FROM {table} WHERE uid IN ({marks})", tuple(texts)
                )
            }
            if texts
            else {}
        )
        for uid, text in texts.items():
            subject = f"{table} {uid}"
            if uid not in stored:
                yield Problem("chain.gone", subject, "enregistré au journal, n'existe plus")
                continue
            try:
                body = read(text)[1]
            except ValueError:  # said by the chain
                continue
            now = _body(stored[uid])
            changed = [key for key in sorted({*body, *now}) if body.get(key) != now.get(key)]
            if changed:
                words = f"n'est plus ce qui fut enregistré : {', '.join(changed[:5])}"
                yield Problem("chain.rows", subject, words)

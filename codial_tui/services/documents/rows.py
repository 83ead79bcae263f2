"""Documents as rows: reading them whole, and writing one change at a time.

The only module that knows which column of which table holds a field of `domain.document`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from codial_tui.domain.changes import (
    PARTS,
    Change,
    Part,
    line_from,
    part_fields,
    part_from,
    places,
)
from codial_tui.domain.document import LINE_FIELDS, Document, Link
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.spec import DocType, Side
from codial_tui.domain.text import fold
from codial_tui.models.dialect import Dialect
from codial_tui.services.buying import back_to_back
from codial_tui.services.chain import pools
from codial_tui.services.context import Context

LINE_SELECT = f"SELECT {', '.join(('id', *LINE_FIELDS))} FROM document_line"
TABLES = {
    "line": "document_line",
    "adjustment": "document_adjustment",
    "reference": "invoice_reference",
    "deduction": "invoice_deduction",
    "use": "deposit_use",
    "visit": "work_visit",
    "machine": "work_machine",
}
"""Where the things of each target of a change are stored."""


LINK_COLUMNS = ("relation", "pool", "quantity", "amount")
LINKS = (
    f"SELECT k.uid, t.uid, k.source_line_id, {', '.join(f'k.{one}' for one in LINK_COLUMNS)} "
    "FROM line_link k JOIN document_line t ON t.id = k.target_line_id "
    "WHERE t.document_id = ? ORDER BY k.id"
)


FOUND_BY = ("number", "party_code", "party_name", "subject", "customer_reference")
"""The fields of a header that lists find it by."""


def search_text(header: Mapping[str, Any]) -> str:
    """The folded text a document is found by in lists, as `document.search_text` holds it."""
    return fold(" ".join(str(header[name]) for name in FOUND_BY if header.get(name)))


def side_fields(kind: DocType) -> frozenset[str]:
    """Names of the header fields that live in the kind's side table."""
    return frozenset(one.name for one in kind.fields if one.store == "side")


def encode(name: str, value: Any) -> Any:
    """A field's value as its column holds it."""
    if name == "discounts":
        return ";".join(map(str, value))
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value


def decode_line(values: Sequence[Any]) -> dict[str, Any]:
    """A selected row (LINE_SELECT order, without id) as a mapping of fields."""
    row = dict(zip(LINE_FIELDS, values))
    row["discounts"] = tuple(map(int, row["discounts"].split(";"))) if row["discounts"] else ()
    return row


def load(database: Dialect, document_id: int) -> Document | None:
    """A document with all its lines and adjustments; None when there is none."""
    header = database.mapping("SELECT * FROM document WHERE id = ?", (document_id,))
    if header is None:
        return None
    kind = doc_type(header["kind"])
    side = sorted(side_fields(kind))
    if side:
        values = database.row(
            f"SELECT {', '.join(side)} FROM {kind.side_table} WHERE document_id = ?", (document_id,)
        )
        header.update(zip(side, values or [None] * len(side)))
    document = Document(
        document_id, header.pop("uid"), header.pop("kind"), version=header.pop("version")
    )
    for name in ("id", "lock_token", "locked_at", "search_text"):
        header.pop(name, None)
    document.header = header
    for row in database.rows(
        f"{LINE_SELECT} WHERE document_id = ? ORDER BY position, id", (document_id,)
    ):
        line = line_from(decode_line(row[1:]))
        line.id = row[0]
        document.lines.append(line)
    for target in ("adjustment", *kind.parts):
        getattr(document, PARTS[target][1]).extend(_parts(database, target, document_id))
    if kind.inbound or kind.side is Side.PURCHASE:  # made of others, or bought for them
        links = (Link(*row) for row in database.rows(LINKS, (document_id,)))
        document.links = {one.uid: one for one in links}
    return document


def _parts(database: Dialect, target: str, document_id: int) -> Iterator[Part]:
    names = part_fields(target)
    order = "position, id" if "position" in names else "id"
    for row in database.rows(
        f"SELECT {', '.join(('id', *names))} FROM {TABLES[target]} "
        f"WHERE document_id = ? ORDER BY {order}",
        (document_id,),
    ):
        part = part_from(target, dict(zip(names, row[1:])))
        part.id = row[0]
        yield part


def write(database: Dialect, document: Document, change: Change) -> None:
    """Write one change inside the caller's transaction."""
    if change.op == "order":
        database.executemany("UPDATE document_line SET position = ? WHERE uid = ?", places(change))
    elif change.target == "document":
        _write_header(database, document, change.after or {})
    elif change.target == "link":
        _write_link(database, change)
    elif change.target == "supply":
        back_to_back.write(database, change)
    else:
        _write_row(database, document, change)


def _write_header(database: Dialect, document: Document, values: Mapping[str, Any]) -> None:
    kind = doc_type(document.kind)
    side_names = side_fields(kind)
    header = {name: value for name, value in values.items() if name not in side_names}
    side = {name: value for name, value in values.items() if name in side_names}
    if not header.keys().isdisjoint(FOUND_BY):
        header["search_text"] = search_text({**document.header, **header})
    for table, key, found in (
        ("document", "id", header),
        (kind.side_table, "document_id", side),
    ):
        if found:
            assignments = ", ".join(f"{name} = ?" for name in found)
            database.execute(
                f"UPDATE {table} SET {assignments} WHERE {key} = ?",
                (*(encode(name, value) for name, value in found.items()), document.id),
            )


def _write_row(database: Dialect, document: Document, change: Change) -> None:
    table = TABLES[change.target]
    if change.op == "delete":
        database.execute(f"DELETE FROM {table} WHERE uid = ?", (change.uid,))
        return
    values = change.after or {}
    if change.op == "insert":
        names = LINE_FIELDS if change.target == "line" else part_fields(change.target)
        stored = {name: encode(name, values[name]) for name in names}
        database.insert(table, {"document_id": document.id, **stored})
    else:
        database.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in values)} WHERE uid = ?",
            (*(encode(name, value) for name, value in values.items()), change.uid),
        )


def _write_link(database: Dialect, change: Change) -> None:
    """Links take from pools, or give back, by the triggers of the schema."""
    after = change.after or {}
    if change.op == "delete":
        database.execute("DELETE FROM line_link WHERE uid = ?", (change.uid,))
    elif change.op == "insert":
        link = Link(**after)
        pools.ensure(database, [(link.source_line_id, link.pool)] if link.pool else [])
        insert_links(database, [link])
    else:
        sets = ", ".join(f"{name} = ?" for name in after)
        database.execute(
            f"UPDATE line_link SET {sets} WHERE uid = ?", (*after.values(), change.uid)
        )


def insert_links(database: Dialect, links: Sequence[Link]) -> None:
    """Write links whose lines are stored, inside the caller's transaction. Raises Refused when a
    pool has less left than one takes."""
    database.executemany(
        f"INSERT INTO line_link (uid, source_line_id, target_line_id, {', '.join(LINK_COLUMNS)}) "
        "VALUES (?, ?, (SELECT id FROM document_line WHERE uid = ?), ?, ?, ?, ?)",
        [
            (one.uid, one.source_line_id, one.target_uid, *(getattr(one, n) for n in LINK_COLUMNS))
            for one in links
        ],
    )


LOGS = {
    "document": "edit",
    "line": "edit",
    "adjustment": "edit",
    "link": "link_edit",
    "supply": "link_edit",
    "visit": "work_edit",
    "machine": "work_edit",
}


def write_edits(database: Dialect, step_id: int, changes: Sequence[Change]) -> None:
    """Log what a step changed, inside the caller's transaction. Links have a log of their own,
    and so have the parts that only invoices or work orders have."""
    rows = [
        (step_id, seq, one.target, one.uid, one.op, _json(one.before), _json(one.after))
        for seq, one in enumerate(changes)
    ]
    names = ("step_id", "seq", "target", "uid", "op", "before", "after")
    kept = ("edit", "part_edit", "work_edit")
    logs: dict[str, list[tuple[Any, ...]]] = {name: [] for name in (*kept, "link_edit")}
    for row in rows:
        logs[LOGS.get(row[2], "part_edit")].append(row)
    for name in kept:
        if logs[name]:
            database.insert_many(name, names, logs[name])
    if logs["link_edit"]:
        links = [(*row[:2], *row[3:]) for row in logs["link_edit"]]
        database.insert_many("link_edit", (*names[:2], *names[3:]), links)


def read_edits(database: Dialect, step_id: int) -> list[Change]:
    """What a step changed, in order."""
    found = database.rows(
        "SELECT seq, op, target, uid, before, after FROM edit WHERE step_id = ? UNION ALL "
        "SELECT seq, op, 'link', uid, before, after FROM link_edit WHERE step_id = ? UNION ALL "
        "SELECT seq, op, target, uid, before, after FROM part_edit WHERE step_id = ? UNION ALL "
        "SELECT seq, op, target, uid, before, after FROM work_edit WHERE step_id = ? ORDER BY 1",
        (step_id,) * 4,
    )
    changes = [
        Change(op, target, uid, before and json.loads(before), after and json.loads(after))
        for _, op, target, uid, before, after in found
    ]
    return [
        replace(one, target="supply") if "source_uid" in (one.before or {}) else one
        for one in changes
    ]


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(dict(values), ensure_ascii=False)


def write_step(
    context: Context,
    document: Document,
    version: int,
    label: str,
    *,
    undoes: int | None = None,
    barrier: bool = False,
) -> int:
    """Log one gesture inside the caller's transaction; returns its id. version: the document's
    after it."""
    return context.database.insert(
        "step",
        {
            "document_id": document.id,
            "document_uid": document.uid,
            "version": version,
            "user_id": context.user.id,
            "user_name": context.user.name,
            "session_id": context.session_id,
            "at": context.now,
            "label": label,
            "undoes": undoes,
            "barrier": int(barrier),
        },
    )

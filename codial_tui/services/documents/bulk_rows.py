"""Reading many documents at once, for what goes over all of them: a few queries for some hundred
documents instead of a few for each."""

from __future__ import annotations

from collections.abc import Sequence

from codial_tui.domain.changes import PARTS, part_fields, part_from
from codial_tui.domain.document import LINE_FIELDS, Document, Line, LineType, Link
from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.spec import Side
from codial_tui.models.dialect import Dialect

from . import rows

PAGE = 300
"""Documents at a time: more is no faster, and all of them are in memory."""

_TYPE, _DISCOUNTS = LINE_FIELDS.index("type"), LINE_FIELDS.index("discounts")
_LINES = f"SELECT document_id, {', '.join(LINE_FIELDS)}, id FROM document_line"
_TYPES = {one.value: one for one in LineType}


def load_many(database: Dialect, ids: Sequence[int]) -> dict[int, Document | None]:
    """The documents that are there, by id, each as `rows.load` gives it; None for one whose rows
    make none, because somebody wrote them past the program."""
    if not ids:
        return {}
    loaded, broken = _load(database, ids)
    return {**loaded, **dict.fromkeys(broken)}


def _load(database: Dialect, ids: Sequence[int]) -> tuple[dict[int, Document], set[int]]:
    among = f"IN ({', '.join('?' * len(ids))})"
    found: dict[int, Document] = {}
    broken: set[int] = set()
    known = {one.kind for one in doc_types()}
    kinds: dict[str, list[int]] = {}
    for header in database.mappings(f"SELECT * FROM document WHERE id {among}", ids):
        document = Document(
            header.pop("id"), header.pop("uid"), header.pop("kind"), version=header.pop("version")
        )
        for name in ("lock_token", "locked_at", "search_text"):
            del header[name]
        document.header = header
        found[document.id] = document
        if document.kind in known:
            kinds.setdefault(document.kind, []).append(document.id)
        else:
            broken.add(document.id)
    order = "ORDER BY document_id, position, id"
    for owner, *values in database.rows(f"{_LINES} WHERE document_id {among} {order}", ids):
        try:
            values[_TYPE] = _TYPES[values[_TYPE]]
            discounts = values[_DISCOUNTS]
            values[_DISCOUNTS] = tuple(map(int, discounts.split(";"))) if discounts else ()
            found[owner].lines.append(Line(*values))
        except (KeyError, ValueError):
            broken.add(owner)
    for kind, own in kinds.items():
        _side(database, kind, own, found)
    return found, broken & found.keys()


def _side(database: Dialect, kind: str, ids: list[int], found: dict[int, Document]) -> None:
    """What documents of one kind have beside header and lines."""
    declared = doc_type(kind)
    among = f"IN ({', '.join('?' * len(ids))})"
    side = sorted(rows.side_fields(declared))
    if side:
        for owner in ids:
            found[owner].header.update(dict.fromkeys(side))
        sql = f"SELECT document_id, {', '.join(side)} FROM {declared.side_table}"
        for owner, *values in database.rows(f"{sql} WHERE document_id {among}", ids):
            found[owner].header.update(zip(side, values))
    for target in ("adjustment", *declared.parts):
        names = part_fields(target)
        order = "position, id" if "position" in names else "id"
        sql = f"SELECT document_id, id, {', '.join(names)} FROM {rows.TABLES[target]}"
        for owner, own_id, *values in database.rows(
            f"{sql} WHERE document_id {among} ORDER BY document_id, {order}", ids
        ):
            part = part_from(target, dict(zip(names, values)))
            part.id = own_id
            getattr(found[owner], PARTS[target][1]).append(part)
    if declared.inbound or declared.side is Side.PURCHASE:
        sql = rows.LINKS.replace("SELECT ", "SELECT t.document_id, ", 1)
        sql = sql.replace("t.document_id = ?", f"t.document_id {among}")
        for owner, *values in database.rows(sql, ids):
            link = Link(*values)
            found[owner].links[link.uid] = link

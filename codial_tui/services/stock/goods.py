"""The goods that leave or come back with an invoice (domain.md §7), at its validation.

Three kinds of lines move stock, once: what took `deliver` of an order (« Marchandise emportée »);
what was typed by hand, when the invoice says so; what a credit note takes back, when it says so
and no return has brought it in already.
"""

from __future__ import annotations

from dataclasses import replace

from codial_tui.domain.chain.transfer import same_side
from codial_tui.domain.document import Document, Line, Link
from codial_tui.domain.money import div_round
from codial_tui.models.queries import Queries

from . import followed as followed_goods
from .stock_moves import moving


def moved(database: Queries, document: Document) -> Document:
    """The invoice with only what moves stock, in the quantities that do."""
    return _with(document, _quantities(database, document, document.text("goods") == "yes"))


def asked(database: Queries, document: Document) -> bool:
    """Whether somebody has to say if the goods leave, or come back, with this invoice."""
    if document.text("goods"):
        return False
    said = _quantities(database, document, True)
    return bool(moving(_with(document, said))) and said != _quantities(database, document, False)


def _with(document: Document, quantities: dict[str, int]) -> Document:
    """Lines and their components in proportion."""
    whole = {line.uid: line.quantity for line in document.lines}
    parents = {line.uid: line.parent_uid for line in document.lines}
    lines = []
    for line in document.lines:
        top = line.uid
        while (above := parents.get(top)) is not None:
            top = above
        if quantities.get(top) and whole[top]:
            quantity = div_round(line.quantity * quantities[top], whole[top])
            lines.append(replace(line, quantity=quantity))
    return replace(document, lines=lines)


def _quantities(database: Queries, document: Document, by_hand: bool) -> dict[str, int]:
    """What moves of each top line, 10⁻⁴. by_hand: what was typed or credited moves too."""
    taken: dict[str, int] = {}
    linked: dict[str, Link] = {}
    followed = _followed(database, document)
    for link in document.links.values():
        linked[link.target_uid] = link
        if link.pool == "deliver":
            quantity = followed.get(link.source_line_id, link.quantity)
            taken[link.target_uid] = taken.get(link.target_uid, 0) + quantity
    found = dict(taken)
    for line in document.top_lines() if by_hand else ():
        if not line.is_priced or line.nature or not line.quantity:
            continue
        link_of = linked.get(line.uid)
        if link_of is not None and link_of.relation == "correct":
            found[line.uid] = _back(database, document, line, link_of.source_line_id)
        elif link_of is None and (line.quantity < 0 or line.unit_price >= 0):
            found[line.uid] = line.quantity
    return found


def _followed(database: Queries, document: Document) -> dict[int, int]:
    """By the lines it comes from of orders whose consumption is followed, what leaves: nothing,
    what they use leaves the stock with the notes of that (domain.md §7); but what is left of an
    order that only its work orders follow, of which there are no notes."""
    links = [one for one in document.links.values() if one.pool == "deliver"]
    ids = sorted({one.source_line_id for one in links})
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        page = ids[start : start + CHUNK]
        for line_id, order_id, by_works in database.rows(
            f"SELECT l.id, o.document_id, {_BY_WORKS} FROM document_line l JOIN document_order o "
            "ON o.document_id = l.document_id WHERE o.consumption_at IS NOT NULL "
            f"AND l.id IN ({', '.join('?' * len(page))})",
            page,
        ):
            own = [one for one in links if one.source_line_id == line_id]
            wanted = sum(one.quantity for one in own) if by_works else 0
            found[line_id] = (
                followed_goods.free(database, order_id, line_id, wanted) if wanted else 0
            )
    return found


_BY_WORKS = (
    "CASE WHEN EXISTS (SELECT 1 FROM consumption_entry e WHERE e.document_id = o.document_id) "
    "AND NOT EXISTS (SELECT 1 FROM consumption_entry e WHERE e.document_id = o.document_id "
    "AND e.source_uid = '') AND NOT EXISTS "
    "(SELECT 1 FROM consumption_out c WHERE c.order_id = o.document_id) THEN 1 ELSE 0 END"
)
CHUNK = 400
NEWEST = 2**62
"""after every document there is"""
_COVERED = (
    "SELECT (SELECT COALESCE(SUM(c.quantity), 0) FROM line_link c "
    "JOIN document_line t ON t.id = c.target_line_id JOIN document d ON d.id = t.document_id "
    "WHERE c.source_line_id = o.id AND c.relation = 'correct' AND d.id < ? "
    "AND d.state <> 'provisional'), (SELECT COALESCE(SUM(r.quantity), 0) FROM line_link b "
    "JOIN line_link r ON r.source_line_id = b.source_line_id AND r.relation = 'return' "
    "JOIN document_line t ON t.id = r.target_line_id JOIN document d ON d.id = t.document_id "
    "JOIN document_line n ON n.id = b.source_line_id JOIN document m ON m.id = n.document_id "
    "WHERE b.target_line_id = o.id AND m.kind = 'delivery_note' "
    "AND d.kind = 'delivery_note' AND d.state = 'printed') "
    "FROM document_line o WHERE o.id = ?"
)


def _back(database: Queries, document: Document, line: Line, source: int) -> int:
    """What comes back of a credited line: what no return brought in. A price that is corrected
    (positive quantity) brings nothing."""
    row = database.row(_COVERED, (document.id or NEWEST, source))
    if row is None or line.quantity >= 0:
        return 0
    before, covered = row
    return -same_side(-line.quantity, max(0, before - line.quantity - covered))

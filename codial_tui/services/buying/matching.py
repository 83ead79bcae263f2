"""Matching a supplier's invoice to what came: proposed, written as links of the step it is, and
what differs said (domain.md §7). What is matched can be invoiced only once: the pools say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from codial_tui.domain.buying.matching import Came, Difference, Linked, differences, propose
from codial_tui.domain.chain.transfer import Pool, same_side
from codial_tui.domain.changes import Change, delete, insert, set_link
from codial_tui.domain.document import Document, Link
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.money import div_round
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.documents.editing import Editor

RELATION, POOL = "bill", "bill"
_SOURCES = (
    "SELECT d.id FROM document d WHERE d.kind = ? AND d.party_id = ? AND d.state = ? "
    "AND d.billing IN ('none', 'part') ORDER BY d.date, d.id"
)
_STATES = {"goods_receipt": "validated", "subcontract_order": "sent", "purchase_order": "sent"}
"""What may be invoiced, and the state from which on."""


def candidates(context: Context, document: Document) -> list[Came]:
    """What came from the supplier of an invoice and is not invoiced yet, oldest first; of orders
    only what no receipt stands for."""
    kind, found = doc_type(document.kind), []
    for inbound in kind.inbound:
        parameters = (inbound.source, document.header.get("party_id"), _STATES[inbound.source])
        for (source_id,) in context.database.rows(_SOURCES, parameters):
            source = rows.load(context.database, source_id)
            assert source is not None
            gone = pools.taken(context.database, source_id)
            theirs = _their_references(context, source)
            left = pools.left_of(context.database, source, inbound)
            for line in source.lines:
                one = left.get(line.uid)
                if one is None or not one.quantity or gone.get(line.uid, {}).get("deliver"):
                    continue
                names = {fold(line.reference), theirs.get(line.item_id or 0, "")} - {""}
                found.append(
                    Came(
                        source.ref,
                        source.text("date"),
                        line.item_id,
                        frozenset(names),
                        line.label,
                        one.quantity,
                        one.pools[0],
                        one.through,
                    )
                )
    return found


def _their_references(context: Context, source: Document) -> dict[int, str]:
    """By item: what the supplier calls it, folded."""
    return dict(
        context.database.rows(
            "SELECT item_id, reference_fold FROM item_supplier WHERE supplier_id = ?",
            (source.header.get("party_id"),),
        )
    )


def match(editor: Editor) -> int:
    """Link what of the lines answers nothing yet to what came, as one step; how many lines were.
    Raises Refused when nothing answers them."""
    context, document = editor.context, editor.document
    if not doc_type(document.kind).matched:
        raise refuse("match.kind", "Seule une facture fournisseur se rapproche")
    if not any(one.counts for one in document.lines):
        raise refuse("lines.missing", "Aucune ligne à rapprocher", "tapez celles de la facture")
    before = seen(context, document)
    missing = {
        one.uid: one.more if one.refs else one.quantity
        for one in before
        if not one.refs or one.quantity * one.more > 0
    }
    open_lines = [
        replace(one, quantity=missing[one.uid]) for one in document.lines if one.uid in missing
    ]
    found = propose(
        open_lines, candidates(context, document), document.text("customer_reference").strip()
    )
    if not found and all(one.refs for one in before):
        raise refuse("match.done", "Toutes les lignes sont rapprochées", "F7 défait une ligne")
    if not found:
        who = document.text("party_name")
        raise refuse(
            "match.nothing",
            f"Rien de reçu de {who} ne répond à ces lignes",
            "validez la réception (F8), ou corrigez les références",
        )
    known = {
        (one.target_uid, one.source_line_id): one
        for one in document.links.values()
        if one.pool == POOL
    }
    changes = [
        _more(known.get((uid, pool.line_id)), _link(context, uid, pool, quantity))
        for uid, pool, quantity in _takes(found)
    ]
    editor.commit(changes, "Rapprochée")
    return len(found)


def _takes(found: Mapping[str, Sequence[tuple[Came, int]]]) -> list[tuple[str, Pool, int]]:
    """What each line takes of what came, and of the order lines behind it as far as some is left
    there: once of each pool, however many receipts it came with."""
    taken: dict[tuple[str, int], tuple[Pool, int]] = {}
    spent: dict[int, int] = {}
    for uid, parts in found.items():
        for one, quantity in parts:
            wanted, rest = [(one.pool, quantity)], quantity
            for pool in one.through:
                part = same_side(rest, pool.left - spent.get(pool.line_id, 0))
                spent[pool.line_id] = spent.get(pool.line_id, 0) + part
                wanted.append((pool, part))
                rest -= part
            for pool, part in wanted:
                before = taken.get((uid, pool.line_id), (pool, 0))[1]
                taken[uid, pool.line_id] = (pool, before + part)
    return [(uid, pool, part) for (uid, _), (pool, part) in taken.items() if part]


def _more(known: Link | None, link: Link) -> Change | None:
    """A new link, or more on the one that is there: the rest came later."""
    if known is None:
        return insert(link)
    together = known.quantity + link.quantity, known.amount + link.amount
    return set_link(known, quantity=together[0], amount=together[1])


def _link(context: Context, uid: str, pool: Pool, quantity: int) -> Link:
    amount = pool.amount_of(quantity)
    return Link(context.uid(), uid, pool.line_id, RELATION, POOL, quantity, amount)


def unmatch(editor: Editor, uid: str) -> None:
    """Undo the matching of a line, as one step. Raises Refused when it has none."""
    own = [one for one in editor.document.links.values() if one.target_uid == uid]
    if not own:
        raise refuse("match.none", "Cette ligne n'est pas rapprochée", "F8 rapproche")
    editor.commit([delete(one) for one in own], "Rapprochement défait")


_LINKED = (
    "SELECT t.uid, d.number, k.quantity, l.net_amount, l.quantity FROM line_link k "
    "JOIN document_line t ON t.id = k.target_line_id "
    "JOIN document_line l ON l.id = k.source_line_id JOIN document d ON d.id = l.document_id "
    f"WHERE t.document_id = ? AND {pools.ANSWERED} ORDER BY k.id"
)


def seen(context: Context, document: Document) -> list[Difference]:
    """Every line of an invoice beside what it answers, in the order of the invoice."""
    found: dict[str, list[Linked]] = {}
    for uid, number, quantity, net, whole in context.database.rows(_LINKED, (document.id,)):
        amount = div_round(net * quantity, whole) if whole else 0
        found.setdefault(uid, []).append(Linked(number or "", quantity, amount))
    return differences(document, found)


def gap_of(found: Sequence[Difference]) -> int:
    """Cents HT that the matched lines invoice beyond what was agreed."""
    return sum(one.gap for one in found if one.is_matched)

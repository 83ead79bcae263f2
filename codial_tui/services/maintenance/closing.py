"""Closing a work order: its parts leave the technician's stock, the order it works for learns what
it used, and it may be invoiced; reopening turns it round, never once it is billed (domain.md §8).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from codial_tui.domain.buying.needs import supplies
from codial_tui.domain.changes import Change, apply
from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.recompute import recompute, settled
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.maintenance import time_units, times
from codial_tui.domain.money import SCALE4, div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.rules import Facts, check
from codial_tui.errors import Refused, refuse
from codial_tui.services.buying import consumption_records
from codial_tui.services.chain import pools
from codial_tui.services.chain.transfers import claim
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.paper import printing
from codial_tui.services.stock import journal, order_goods, stock_moves

from . import contract_counts, followed_order, planning

KIND = "work_order"
USED, BACK = "work_order", "work_order_back"
"""Reasons of stock moves."""
TIME = ("labour", "travel")
AMOUNTS = ("net_total", "vat_total", "gross_total", "cost_total")


def closes(kind: str) -> bool:
    """Whether documents of a kind are closed, and may be opened again."""
    return kind == KIND


def problems(context: Context, document: Document) -> list[Problem]:
    """Why a work order cannot be closed, each with the field to mend."""
    kind = doc_type(document.kind)
    if not closes(document.kind):
        return [Problem("state.kind", "", f"{document.ref} ne se termine pas", "F8 le contrôle")]
    if document.state != kind.initial:
        label = kind.state(document.state).label.lower()
        return [Problem("state.closed", "state", f"{document.ref} est déjà {label}", "F7 6 rouvre")]
    found = check(("has_party", "known_rates", "amounts_in_bounds"), document, _facts(context))
    found += contract_counts.problems(context, document)
    found += followed_order.problems(context, document)
    for number, visit in enumerate(document.visits, 1):
        found += [one for one in times.problems(visit) if one.level != "warning"]
        if missing := times.missing(visit):
            said = f"Visite {number} : l'heure {missing} manque"
            found.append(Problem("visit.unfinished", "visits", said, "Entête, Horaires"))
    return found


def _facts(context: Context) -> Facts:
    return printing.facts(context)


def shortages(context: Context, document: Document) -> list[Problem]:
    """What would be negative in the technician's stock once it is closed."""
    leaving = order_goods.leaving(context.database, document)
    return stock_moves.shortages(context, leaving, warehouse(context, document))


def warehouse(context: Context, document: Document) -> int:
    """Where its parts come from: its own, else the technician's, else the default one."""
    chosen = document.number("warehouse_id")
    technicians = [document.header.get("technician_id")]
    technicians += [one.technician_id for one in document.visits]
    for user in technicians:
        if chosen or not user:
            continue
        chosen = context.database.value(
            "SELECT warehouse_id FROM app_user WHERE id = ?", (user,), None
        ) or context.database.value(
            "SELECT id FROM warehouse WHERE user_id = ? AND active = 1 ORDER BY id", (user,), 0
        )
    return chosen or stock_moves.default_warehouse(context)


def close(
    context: Context, what: Editor | Document | int, accepted: Collection[str] = ()
) -> Document:
    """Close an open work order, one transaction; a document: as it was looked at. Raises Refused
    with every problem, when somebody else has it open, or when it is not what was looked at;
    nothing is then written."""
    document = _checked(context, what)
    with context.database.write():
        found = _claimed(context, document)
        changes = _covered_again(context, found)
        wrong = [one for one in problems(context, found) if one.code not in accepted]
        if wrong:
            raise Refused(*wrong)
        place = warehouse(context, found)
        leaving = order_goods.leaving(context.database, found)
        stock_moves.leave(context, _at(leaving, place), USED)
        if order_id := found.number("order_id"):
            day = min(found.text("date"), context.today.isoformat())
            used = _consumed(order_goods.unrecorded(context.database, found))
            consumption_records.feed(context, order_id, used, found, day)
        contract_counts.take(context, found)
        _move(context, found, "closed", "Terminé", changes)
    return _done(context, what, document.id)


def reopen(context: Context, what: Editor | int) -> Document:
    """Open a closed or dropped one again: opposite stock moves, what it fed is reversed. Raises
    Refused once anything of it is billed, or what it counts for in a contract."""
    document = _checked(context, what)
    with context.database.write():
        found = _claimed(context, document)
        if found.state == doc_type(KIND).initial:
            raise refuse("state.open", f"{found.ref} est ouvert", "rien à rouvrir")
        if invoices := _invoices(context, found):
            said = f"{found.ref} est facturé : {', '.join(invoices)}"
            raise refuse("state.billed", said, "annulez le transfert ; validée, elle le retient")
        if invoices := contract_counts.billing(context, found):
            said = f"{found.ref} compte au-delà du forfait que facture {', '.join(invoices)}"
            raise refuse("state.counted", said, "faites-en un avoir d'abord")
        if found.state == "closed":
            _bring_back(context, found)
            contract_counts.give_back(context, found)
            if order_id := found.number("order_id"):
                consumption_records.take_back(context, order_id, found)
        _move(context, found, "open", "Rouvert")
    return _done(context, what, document.id)


def drop(context: Context, what: Editor | int) -> Document:
    """Sans suite: never billed. Raises Refused for one that is not open."""
    document = _checked(context, what)
    with context.database.write():
        found = _claimed(context, document)
        if found.state != doc_type(KIND).initial:
            label = doc_type(KIND).state(found.state).label.lower()
            raise refuse("state.dropped", f"{found.ref} est {label}", "rouvrez-le : F7 6")
        planning.forget(context, found.id)
        _move(context, found, "dropped", "Sans suite")
    return _done(context, what, document.id)


def _checked(context: Context, what: Editor | Document | int) -> Document:
    """What is to be closed, as it was looked at."""
    if isinstance(what, Document):
        return what
    if isinstance(what, Editor):
        final = what.document.state != what.kind.initial
        if what.reason and not final:
            raise refuse("document.locked", what.reason)
        return what.document
    document = rows.load(context.database, what)
    if document is None:
        raise refuse("document.unknown", f"Document {what} introuvable")
    return document


def _claimed(context: Context, seen: Document) -> Document:
    """The document as it is when it is one's turn. Raises Refused when it changed meanwhile."""
    if not closes(seen.kind):
        raise refuse("state.kind", f"{seen.ref} n'est pas un bon d'intervention", "")
    claim(context, {seen.id})
    found = rows.load(context.database, seen.id)
    if found is None:
        raise refuse("document.unknown", f"{seen.ref} introuvable")
    if found.version != seen.version:
        raise refuse("document.changed", f"{seen.ref} a changé entre-temps", "rouvrez la pièce")
    return found


def _done(context: Context, what: Editor | Document | int, document_id: int) -> Document:
    if isinstance(what, Editor):
        what.reload()
        return what.document
    found = rows.load(context.database, document_id)
    assert found is not None
    return found


def _covered_again(context: Context, document: Document) -> list[Change]:
    """What its order sold is left out of its bill as things are now, applied: another work order of
    that order may have been dropped since its lines were typed."""
    if not document.number("order_id"):
        return []
    pools.turn(context.database)
    changes = followed_order.again(context, document)
    if not changes:
        return []
    follow = recompute(document, None)
    apply(document, follow)
    return settled(changes, follow)


def _move(
    context: Context, document: Document, state: str, label: str, changes: Sequence[Change] = ()
) -> None:
    """Change the state, and what changed with it: a step that undo stops at, and an entry of the
    log."""
    database, closed = context.database, state == "closed"
    values: dict[str, Any] = {
        "state": state,
        "updated_at": context.now,
        "version": document.version + 1,
        "lock_token": None,
        "locked_at": None,
    }
    if changes:
        now = totals(document)
        values.update(zip(AMOUNTS, (now.net, now.vat_total, now.gross, now.cost)))
    database.update("document", document.id, values)
    own = (context.now, context.user.id) if closed else (None, None)
    check_result = ", check_result = ''" if state != "open" else ""
    database.execute(
        f"UPDATE document_work_order SET closed_at = ?, closed_by = ?{check_result} "
        "WHERE document_id = ?",
        (*own, document.id),
    )
    pools.refresh(database, {document.id})
    for one in changes:
        rows.write(database, document, one)
    step = rows.write_step(context, document, document.version + 1, label, barrier=True)
    rows.write_edits(database, step, changes)
    documents.log_event(context, document, "note", label)


def _at(document: Document, place: int) -> Document:
    return replace(document, header={**document.header, "warehouse_id": place})


def _consumed(document: Document) -> list[Line]:
    """What a work order used: its parts, and its time in hours, from its visits or, without any,
    from its lines of labour."""
    found = supplies(document)
    parts = [one for one in found if one.billing_class not in TIME and one.quantity]
    labour = [one for one in found if one.billing_class in TIME and one.quantity]
    took = times.times(document.visits)
    minutes = took.travel + took.work
    if not minutes:
        return parts + labour
    like = next(iter(sorted(labour, key=lambda one: one.billing_class != TIME[0])), None)
    made = replace(like) if like is not None else Line(document.uid, label="Main d'œuvre")
    made.billing_class = TIME[0]
    if time_units.in_minutes(made.unit):  # its cost is that of a minute
        made.quantity = minutes * SCALE4
    else:
        made.unit, made.quantity = "h", div_round(minutes * SCALE4, 60)
    return [*parts, made]


def _bring_back(context: Context, document: Document) -> None:
    """Opposite moves of what left and has not come back, at what it was worth."""
    uids = [line.uid for line in document.lines]
    left: dict[tuple[int, int, str], tuple[int, int]] = {}
    for start in range(0, len(uids), journal.CHUNK):
        page = uids[start : start + journal.CHUNK]
        for item, place, uid, quantity, value in context.database.rows(
            "SELECT item_id, warehouse_id, line_uid, SUM(quantity), SUM(value) FROM stock_move "
            f"WHERE reason IN (?, ?) AND line_uid IN ({', '.join('?' * len(page))}) "
            "GROUP BY item_id, warehouse_id, line_uid ORDER BY MIN(id)",
            (USED, BACK, *page),
        ):
            if quantity:
                left[item, place, uid] = (quantity, value)
    journal.write(
        context,
        [
            journal.Entry(item, place, -quantity, BACK, uid, -value if value else None)
            for (item, place, uid), (quantity, value) in left.items()
        ],
    )


def _invoices(context: Context, document: Document) -> list[str]:
    """The invoices that take anything of it, drafts too."""
    found = context.database.rows(
        "SELECT DISTINCT d.id, d.number FROM line_link k "
        "JOIN document_line s ON s.id = k.source_line_id "
        "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
        "WHERE s.document_id = ? AND k.relation = 'bill' ORDER BY d.id",
        (document.id,),
    )
    return [number or f"FA-P{key}" for key, number in found]

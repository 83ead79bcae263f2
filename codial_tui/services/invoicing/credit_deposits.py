"""Deposits and credit notes: one takes the deposit it credits, gives back what was deducted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codial_tui.domain.chain.transfer import Moved
from codial_tui.domain.document import DepositUse, Document, Line
from codial_tui.domain.invoicing.deposits import Share
from codial_tui.domain.lines.lines import line_key
from codial_tui.domain.money import div_round
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import locks, rows

from . import deposit_facts


def pairs(source: Document, moved: Moved) -> list[tuple[Line, Line]]:
    """Each line that was linked, with its copy."""
    by_id = {line.id: line for line in source.lines}
    copies = {line.uid: line for line in moved.lines}
    return [(by_id[one.source_line_id], copies[one.target_uid]) for one in moved.links]


def uses(context: Context, source: Document, made: Document, moved: Moved) -> list[DepositUse]:
    """The credit of a deposit takes it; that of a deduction gives it back."""
    database = context.database
    own = database.value("SELECT id FROM deposit WHERE document_id = ?", (source.id,))
    of_line = {one.line_uid: one.deposit_id for one in source.uses}
    found: list[DepositUse] = []
    ids = {own} if own else set(of_line.values())
    shares = {(one.deposit_id, one.key): one for one in _all_shares(context, ids)}
    for line, new in pairs(source, moved):
        deposit = own or of_line.get(line.uid)
        share = shares.get((deposit, line_key(line))) if deposit else None
        if share is None:
            continue
        amount = -new.amount if made.gross_mode and share.mode == "gross" else -new.net_amount
        if own and new.quantity == -line.quantity:
            net, vat = _whole(database, share)
            amount = net if share.mode == "net" else net + vat
        else:
            net, vat = _part(share, amount)
        use = DepositUse(context.uid(), share.deposit_id, new.uid, *share.key, amount, net, vat)
        found.append(use)
    return found


def _all_shares(context: Context, ids: set[int]) -> Sequence[Share]:
    made = Document(0, "", "invoice", {"is_credit": 1})
    made.uses = [DepositUse("", one, "") for one in ids]
    return deposit_facts.shares(context.database, made)


def _whole(database: Any, share: Share) -> tuple[int, int]:
    row = database.row(
        "SELECT net, vat FROM deposit_part "
        "WHERE deposit_id = ? AND vat_category = ? AND vat_rate = ?",
        (share.deposit_id, *share.key),
    )
    return int(row[0]), int(row[1])


def _part(share: Share, amount: int) -> tuple[int, int]:
    """HT and VAT of a part of a deposit, of either sign."""
    rate = share.key[1]
    if share.mode == "net":
        return amount, div_round(amount * rate, 1_000_000)
    net = div_round(amount * 1_000_000, 1_000_000 + rate)
    return net, amount - net


def freed(context: Context, source: Document) -> list[int]:
    """The provisional invoices that deduct the deposit which is credited let go of it, inside the
    caller's transaction; their ids. Raises Refused when somebody has one open, or a validated one
    deducted it."""
    database = context.database
    own = database.value("SELECT id FROM deposit WHERE document_id = ?", (source.id,))
    if not own:
        return []
    freed = []
    for document_id, state in database.rows(
        "SELECT DISTINCT d.id, d.state FROM deposit_use u JOIN document d ON d.id = u.document_id "
        "JOIN document_invoice i ON i.document_id = d.id "
        "WHERE u.deposit_id = ? AND i.is_credit = 0 ORDER BY d.id",
        (own,),
    ):
        document = rows.load(database, document_id)
        assert document is not None
        if state != "provisional":
            if _given_back(database, own, document_id):
                continue
            raise refuse(
                "deposit.deducted",
                f"Acompte déjà déduit sur {document.ref}",
                f"d'abord un avoir de {document.ref}",
            )
        who = locks.elsewhere(context, document_id)
        if who:
            raise refuse(
                "document.locked", f"{document.ref} le déduit : {who}", "demandez-lui de la fermer"
            )
        database.execute(
            "DELETE FROM deposit_use WHERE document_id = ? AND deposit_id = ?", (document_id, own)
        )
        freed.append(document_id)
    return freed


def _given_back(database: Any, deposit_id: int, document_id: int) -> bool:
    """Whether credit notes of an invoice gave back all it deducted of a deposit."""
    taken = database.value(
        "SELECT SUM(amount) FROM deposit_use WHERE deposit_id = ? AND document_id = ?",
        (deposit_id, document_id),
        0,
    )
    back = database.value(
        "SELECT SUM(u.amount) FROM deposit_use u JOIN invoice_reference r "
        "ON r.document_id = u.document_id AND r.type = 'corrected' "
        "WHERE u.deposit_id = ? AND r.referenced_id = ? AND u.amount < 0",
        (deposit_id, document_id),
        0,
    )
    return int(taken or 0) + int(back or 0) <= 0

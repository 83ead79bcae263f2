"""Deposits and credit notes: one takes the deposit it credits, gives back what was deducted."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.chain.transfer import Moved
from codial_tui.domain.document import DepositUse, Document, Line
from codial_tui.domain.invoicing.deposits import Share, at_rate
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.lines.lines import Key, line_key
from codial_tui.domain.money import SCALE4
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import locks

from . import deposit_facts


def pairs(source: Document, moved: Moved) -> list[tuple[Line, Line]]:
    """Each line that was linked, with its copy."""
    by_id = {line.id: line for line in source.lines}
    copies = {line.uid: line for line in moved.lines}
    return [(by_id[one.source_line_id], copies[one.target_uid]) for one in moved.links]


def left(context: Context, source: Document) -> dict[Key, Share]:
    """What may be credited of a deposit by VAT key; {} of an invoice that is none."""
    return {one.key: one for one in deposit_facts.creditable(context.database, source.id)}


def check(context: Context, own: Mapping[Key, Share]) -> None:
    """Raises Refused when validated invoices deducted all of a deposit."""
    if not own or any(one.amount for one in own.values()):
        return
    deposit_id = next(iter(own.values())).deposit_id
    names = ", ".join(row[0] for row in context.database.rows(_DEDUCTED, (deposit_id,)))
    if names:
        said = f"Acompte déjà déduit sur {names}"
        raise refuse("deposit.deducted", said, f"d'abord un avoir de {names}")


_DEDUCTED = (
    "SELECT d.number FROM deposit_use u JOIN document d ON d.id = u.document_id "
    "JOIN document_invoice i ON i.document_id = d.id "
    "WHERE u.deposit_id = ? AND i.is_credit = 0 AND d.state <> 'provisional' "
    "AND u.net + u.vat + (SELECT COALESCE(SUM(b.net + b.vat), 0) FROM deposit_use b "
    "JOIN document n ON n.id = b.document_id "
    "JOIN invoice_reference r ON r.document_id = n.id AND r.referenced_id = d.id "
    "WHERE b.deposit_id = u.deposit_id AND b.vat_category = u.vat_category "
    "AND b.vat_rate = u.vat_rate AND b.amount < 0 AND n.state <> 'provisional') > 0 "
    "GROUP BY d.id, d.number ORDER BY d.id"
)


def leave_deducted(line: Line, share: Share) -> None:
    """Make a line that credits all there is of a deposit credit what is left of it."""
    line.quantity, line.unit_price = -SCALE4, (share.net + share.vat) * (SCALE4 // 100)


def uses(
    context: Context, source: Document, made: Document, moved: Moved, own: Mapping[Key, Share]
) -> list[DepositUse]:
    """The credit of a deposit takes it; that of a deduction gives it back. own: what is left of
    the deposit that is credited."""
    of_line = {one.line_uid: one for one in source.uses}
    found: list[DepositUse] = []
    for line, new in pairs(source, moved):
        share, before = own.get(line_key(line)), of_line.get(line.uid)
        if share is not None:
            whole = -new.amount == share.net + share.vat
            amount = -new.amount if share.mode == "gross" else -new.net_amount
            net, vat = (share.net, share.vat) if whole else share.part_of(amount)
            taken = (share.deposit_id, share.amount if whole else amount, net, vat)
        elif before is not None and new.quantity == -line.quantity:
            taken = (before.deposit_id, -before.amount, -before.net, -before.vat)
        elif before is not None:
            amount = -new.amount if made.gross_mode else -new.net_amount
            net, vat = at_rate(made.text("price_mode"), line.vat_rate, amount)
            taken = (before.deposit_id, amount, net, vat)
        else:
            continue
        deposit_id, amount, net, vat = taken
        key = line_key(line)
        found.append(DepositUse(context.uid(), deposit_id, new.uid, *key, amount, net, vat))
    return found


def freed(context: Context, source: Document) -> list[int]:
    """The provisional invoices that deduct the deposit which is credited let go of it, inside the
    caller's transaction; their ids. Raises Refused when somebody has one open."""
    database = context.database
    found = database.rows(
        "SELECT DISTINCT d.id, p.id FROM deposit p JOIN deposit_use u ON u.deposit_id = p.id "
        "JOIN document d ON d.id = u.document_id "
        "JOIN document_invoice i ON i.document_id = d.id "
        "WHERE p.document_id = ? AND d.state = 'provisional' AND i.is_credit = 0 ORDER BY d.id",
        (source.id,),
    )
    for document_id, deposit_id in found:
        if who := locks.elsewhere(context, document_id):
            said = f"{ref_of('invoice', document_id)} le déduit : {who}"
            raise refuse("document.locked", said, "demandez-lui de la fermer")
        database.execute(
            "DELETE FROM deposit_use WHERE document_id = ? AND deposit_id = ?",
            (document_id, deposit_id),
        )
    return [document_id for document_id, _ in found]

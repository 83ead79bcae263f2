"""Credit notes made from a validated invoice, whole or in part (domain.md §6).

What is credited is linked to its lines (relation `correct`) and takes from no pool. The credit of
a deposit takes it from what may be deducted; the credit of an invoice that deducted one gives it
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from codial_tui.domain.chain import credits
from codial_tui.domain.chain.footer_transfer import carry_footer, shares_of
from codial_tui.domain.chain.transfer import Left, Moved, Pool, carry, is_carried, same_side
from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Reference
from codial_tui.domain.invoicing.deposits import Share
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.kinds.sales import CARRIED
from codial_tui.domain.lines.lines import Key, line_key
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.money import div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents, format_quantity
from codial_tui.domain.spec import Inbound
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain.transfer_plan import already_gone
from codial_tui.services.chain.transfers import claim
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows

from . import credit_deposits, deposits

WAY = Inbound("invoice", relation="correct", sign=-1)
_CREDITED = (
    "SELECT k.source_line_id, SUM(k.quantity), SUM(k.amount) FROM line_link k "
    "JOIN document_line l ON l.id = k.source_line_id "
    "WHERE l.document_id = ? AND k.relation = 'correct' GROUP BY k.source_line_id"
)


def creditable(context: Context, source: Document) -> dict[str, Left]:
    """What of each line of an invoice no credit note took yet, by line uid; of a deposit, what no
    invoice deducted either."""
    return _left(context, source, credit_deposits.left(context, source))


def _left(context: Context, source: Document, own: Mapping[Key, Share]) -> dict[str, Left]:
    """own: what is left of the deposit that the source is."""
    gone = {row[0]: row[1:] for row in context.database.rows(_CREDITED, (source.id,))}
    found = {}
    for line in source.lines:
        if not is_carried(line):
            continue
        quantity, amount = gone.get(line.id, (0, 0))
        if share := own.get(line_key(line)):
            gross = share.net + share.vat
            part = div_round(line.quantity * gross, line.amount)
            quantity, amount = line.quantity - part, line.net_amount - share.net
        pool = Pool(line.id or 0, "", line.quantity, quantity, line.net_amount, amount)
        found[line.uid] = Left(same_side(line.quantity - quantity, line.quantity), (pool,))
    return found


def proposed(
    context: Context,
    source: Document,
    takes: Mapping[str, int] | None = None,
    goods: bool | None = None,
) -> Document:
    """The credit note of an invoice as it would be, in memory. takes: quantities by line uid, all
    that is left without. goods: whether the goods come back, None when nobody was asked. Raises
    Refused."""
    return _made(context, source, takes, goods)[0]


def credit(
    context: Context,
    invoice_id: int,
    takes: Mapping[str, int] | None = None,
    goods: bool | None = None,
) -> Document:
    """Store the credit note of a validated invoice, provisional, in one transaction. Raises
    Refused."""
    database = context.database
    with database.write():
        claim(context, {invoice_id})
        source = rows.load(database, invoice_id)
        if source is None:
            raise refuse("document.unknown", f"Document {invoice_id} introuvable")
        made, parts = _made(context, source, takes, goods)
        freed = credit_deposits.freed(context, source)
        documents.write_new(context, made, f"Avoir de {source.ref}")
        ids = {one.uid: one.id for one in source.adjustments}
        targets: dict[str, int] = dict(
            database.rows(
                "SELECT uid, id FROM document_adjustment WHERE document_id = ?", (made.id,)
            )
        )
        database.insert_many(
            "adjustment_link",
            ("source_id", "target_id", "pool", "vat_category", "vat_rate", "amount"),
            [(ids[one[0]], targets[one[1]], "", *one[2], one[3]) for one in parts],
        )
        for document_id in freed:
            deposits.settle(context, document_id, f"Acompte {source.ref} : avoir")
        documents.log_event(context, source, "transfer", f"→ avoir {made.ref}")
    found = rows.load(database, made.id)
    assert found is not None
    return found


Parts = list[tuple[str, str, Key, int]]
"""Adjustment of the source, of the credit note, VAT key, cents."""


def _made(
    context: Context, source: Document, takes: Mapping[str, int] | None, goods: bool | None
) -> tuple[Document, Parts]:
    _check(source)
    own = credit_deposits.left(context, source)
    credit_deposits.check(context, own)
    left = _left(context, source, own)
    wanted = dict(takes) if takes else {uid: one.quantity for uid, one in left.items()}
    _check_takes(source, left, wanted)
    moved = carry(source, WAY, left, wanted, context.uid)
    nets = _shared(source, moved, left)
    made = documents.blank(context, "invoice")
    names = (*CARRIED, "nature", "vat_on_debits", "opening_text")
    made.header.update({name: source.header.get(name) for name in names})
    made.header.update(is_credit=1, goods={None: "", True: "yes", False: "no"}[goods])
    made.header["due_date"] = None
    made.lines = moved.lines
    for line, new in credit_deposits.pairs(source, moved):
        new.nature = line.nature
        share = own.get(line_key(line))
        if share and -new.quantity == left[line.uid].quantity:
            credit_deposits.leave_deducted(new, share)
    for new in made.lines:
        if credits.signs(new):  # of a rebate typed as a negative price
            new.quantity, new.unit_price = -new.quantity, -new.unit_price
    made.links = {one.uid: one for one in moved.links}
    named = Reference(context.uid(), "corrected", source.ref, source.text("date"), source.id)
    made.references = [named]
    untouched = all(one.pools[0].taken == 0 for one in left.values())
    parts: Parts = []
    if moved.whole and untouched:
        made.adjustments = [
            replace(one, uid=context.uid(), id=None, amount=-one.amount)
            for one in source.adjustments
        ]
        copies = {old.uid: new.uid for old, new in zip(source.adjustments, made.adjustments)}
        shares = (one for one in shares_of(source) if one.amount)
        parts = [(one.uid, copies[one.uid], one.key, one.amount) for one in shares]
        made.deductions = [
            replace(one, uid=context.uid(), id=None, amount=-one.amount)
            for one in source.deductions
        ]
    else:
        footer = carry_footer(
            source,
            nets,
            left,
            already_gone(context, source),
            context.uid,
            counted=[""],
            alone=False,
            sign=-1,
        )
        made.adjustments = footer.adjustments
        for place, one in enumerate(made.adjustments):
            one.position = place
        parts = [(one.source_uid, one.target_uid, one.key, one.amount) for one in footer.parts]
        made.deductions = [
            replace(one, uid=context.uid(), id=None)
            for one in source.deductions
            if one.percent is not None
        ]
    apply(made, recompute(made))
    made.uses = credit_deposits.uses(context, source, made, moved, own)
    documents.prepare(made)
    return made, parts


def _check(source: Document) -> None:
    if not doc_type(source.kind).bills or source.state == "provisional":
        raise refuse(
            "credit.source", f"{source.ref} n'est pas une facture validée", "F8 la valide d'abord"
        )
    if source.number("is_credit"):
        raise refuse(
            "credit.credit", f"{source.ref} est un avoir", "refaites une facture : F7 X la copie"
        )


def _check_takes(source: Document, left: Mapping[str, Left], wanted: Mapping[str, int]) -> None:
    wrong = []
    for number, line in enumerate(source.lines, 1):
        quantity = wanted.get(line.uid, 0)
        if quantity and line.uid not in left:
            wrong.append(
                Problem("line.stays", f"lines.{number}", f"« {line.label} » : sans montant")
            )
        elif quantity and same_side(quantity, left[line.uid].quantity) != quantity:
            most = format_quantity(left[line.uid].quantity, 0)
            wrong.append(
                Problem(
                    "quantity.left",
                    f"lines.{number}",
                    f"« {line.label} » : {most} à créditer au plus",
                    "reprenez la quantité",
                )
            )
    if not wrong and not any(wanted.values()):
        wrong.append(
            Problem(
                "credit.nothing",
                "lines",
                f"Rien à créditer sur {source.ref}",
                "ses avoirs : onglet Transfert",
            )
        )
    if wrong:
        raise Refused(*wrong)


def _shared(source: Document, moved: Moved, left: Mapping[str, Left]) -> dict[tuple[str, Key], int]:
    """Give each link its part of the line's HT; the HT that goes back by VAT key."""
    by_id = {line.id: line for line in source.lines}
    nets: dict[tuple[str, Key], int] = {}
    for link in moved.links:
        line = by_id[link.source_line_id]
        link.amount = left[line.uid].pools[0].amount_of(link.quantity)
        if line.counts:
            place = ("", line_key(line))
            nets[place] = nets.get(place, 0) + link.amount
    return nets


def problems(context: Context, document: Document) -> list[Problem]:
    """Why a credit note cannot be validated: its lines, what it names, more credited than was
    billed."""
    found = credits.problems(document)
    numbers = {line.uid: number for number, line in enumerate(document.lines, 1)}
    for uid, label, *figures in context.database.rows(_OVER, (document.id,)):
        billed, credited, net, back, parts = figures
        field = f"lines.{numbers[uid]}" if uid in numbers else "lines"
        if abs(credited) > abs(billed):
            most = format_quantity(billed, 0)
            words = f"« {label} » : {most} facturé, {format_quantity(credited, 0)} crédité"
            found.append(Problem("credit.over", field, words, "reprenez la quantité"))
        elif abs(back) > abs(net) + parts and (back < 0) != (net < 0):
            words = f"« {label} » : {format_cents(net)} facturé, {format_cents(-back)} crédité"
            found.append(Problem("credit.over", field, words, "reprenez le prix"))
    return found


_OVER = (
    "SELECT t.uid, o.label, o.quantity, SUM(a.quantity), o.net_amount, SUM(c.net_amount), COUNT(*) "
    "FROM line_link k JOIN document_line t ON t.id = k.target_line_id "
    "JOIN document_line o ON o.id = k.source_line_id "
    "JOIN line_link a ON a.source_line_id = o.id AND a.relation = 'correct' "
    "JOIN document_line c ON c.id = a.target_line_id "
    "WHERE t.document_id = ? AND k.relation = 'correct' "
    "GROUP BY t.id, t.uid, o.id, o.label, o.quantity, o.net_amount ORDER BY t.id"
)
"""Of each line that is credited: billed and credited, in 10⁻⁴, then in cents HT, a cent of
rounding for each part."""

"""Deposits of orders, requests and receipts: both are invoices (domain.md §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Line
from codial_tui.domain.invoicing import deposits as rules
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.kinds.sales import CARRIED
from codial_tui.domain.lines.lines import Key
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.money import SCALE4
from codial_tui.domain.quantity import format_cents, format_percent
from codial_tui.errors import refuse
from codial_tui.services.chain.transfers import claim
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.payments import instalments, payments
from codial_tui.services.records import settings

from . import credit_notes, deposit_facts, deposits, validating

MODE = "VIR"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: percent (10⁻⁶) of the order's TTC or an amount (cents TTC). kind: request,
    or receipt, which is paid at once by `mode` with `reference`. on_receipts: VAT on receipts,
    None: as the company does."""

    kind: str = "request"
    percent: int | None = None
    amount: int | None = None
    on_receipts: bool | None = None
    mode: str = MODE
    reference: str = ""


def on_receipts(context: Context) -> bool:
    """Whether VAT is due when customers pay, as the company's setting says."""
    return bool(settings.company_default(context, "vat_on") != "debits")


def proposed(context: Context, order_id: int, ask: Ask) -> Document:
    """The deposit invoice as it would be, in memory. Raises Refused with the field to mend."""
    order = rows.load(context.database, order_id)
    if order is None:
        raise refuse("document.unknown", f"Document {order_id} introuvable")
    if not doc_type(order.kind).deposits:
        raise refuse("deposit.kind", "Un acompte se demande sur une commande", "F6 C d'abord")
    if order.header.get("given_up_at"):
        raise refuse("deposit.closed", "Reste de la commande abandonné", "rouvrez-la : F7 W")
    return _drawn(context, order, ask, _parts(context, order, ask))


def _parts(context: Context, order: Document, ask: Ask) -> dict[Key, int]:
    """Cents TTC of the deposit by VAT key."""
    field = "percent" if ask.percent is not None else "amount"
    gross = totals(order).gross
    amount = rules.asked(ask.percent, ask.amount, gross)
    if amount <= 0:
        raise refuse(
            "deposit.nothing",
            "Un acompte est au-dessus de zéro",
            "tapez un pourcentage ou un TTC",
            field,
        )
    left = deposit_facts.remaining(context, order)
    most = sum(left.values())
    if amount > most:
        raise refuse(
            "deposit.too_much",
            f"Acompte de {format_cents(amount)}, il reste {format_cents(most)} TTC",
            f"au plus {format_cents(most)}",
            field,
        )
    return rules.split(amount, left)


def _drawn(context: Context, order: Document, ask: Ask, parts: dict[Key, int]) -> Document:
    """The deposit invoice: in TTC, so that any amount comes out to the cent."""
    made = documents.blank(context, "invoice")
    made.header.update({name: order.header.get(name) for name in CARRIED})
    made.header.update(nature="deposit", price_mode="gross", closing_text="", subject="")
    # what is asked before is due at once, whatever the terms of the rest
    made.header.update(payment_terms_id=None, payment_terms_label="", payment_terms="{}")
    receipts = on_receipts(context) if ask.on_receipts is None else ask.on_receipts
    made.header["vat_on_debits"] = int(not receipts)
    day = date.fromisoformat(order.text("date")).strftime("%d/%m/%Y")
    share = f" de {format_percent(ask.percent)}" if ask.percent is not None else ""
    words = f"Acompte{share} sur commande {order.ref} du {day}"
    services = all(line.supply_nature == "service" for line in order.lines if line.counts)
    made.lines = [
        Line(
            context.uid(),
            label=words,
            quantity=SCALE4,
            unit_price=amount * 100,
            vat_category=key[0],
            vat_rate=key[1],
            supply_nature="service" if services else "goods",
        )
        for key, amount in parts.items()
    ]
    apply(made, recompute(made))
    documents.prepare(made)
    return made


def issue(context: Context, order_id: int, ask: Ask) -> Document:
    """Make, number and seal a deposit invoice, in one transaction; a receipt is paid by it too.
    Provisional invoices of the order deduct it from now on. Raises Refused."""
    database = context.database
    with database.write():
        claim(context, {order_id})
        made = proposed(context, order_id, ask)
        documents.write_new(context, made, "Acompte")
        deposit = _record(context, order_id, made, ask)
        done = validating.write(context, made.id)
        instalments.make(context, done)
        if ask.kind == "receipt":
            _pay(context, done.id, totals(done).payable, ask.mode, ask.reference)
        deposits.share_out(context, [deposit], f"Acompte {done.ref} déduit")
        order = rows.load(database, order_id)
        assert order is not None
        documents.log_event(context, order, "transfer", f"→ acompte {done.ref}")
    return done


def _pay(context: Context, document_id: int, amount: int, mode: str, reference: str) -> None:
    entry = payments.Entry(amount, mode, reference=reference, documents=(document_id,))
    payments.write(context, entry)


def _record(context: Context, order_id: int, made: Document, ask: Ask) -> int:
    """Keep what the deposit is at each VAT key, in the price mode of its order; its id."""
    database = context.database
    mode = str(database.value("SELECT price_mode FROM document WHERE id = ?", (order_id,), "net"))
    deposit = database.insert(
        "deposit",
        {
            "document_id": made.id,
            "order_id": order_id,
            "kind": ask.kind,
            "price_mode": mode,
            "percent": ask.percent,
        },
    )
    names = ("deposit_id", "vat_category", "vat_rate", "amount", "net", "vat")
    database.insert_many(
        "deposit_part",
        names,
        [
            (
                deposit,
                row.category,
                row.rate,
                row.base if mode == "net" else row.base + row.amount,
                row.base,
                row.amount,
            )
            for row in totals(made).vat
        ],
    )
    return deposit


def deduct(context: Context, document_id: int) -> bool:
    """Bring the deductions of an invoice up to date, as one gesture (F7 G); whether something
    changed. Raises Refused when somebody else has it open."""
    with context.database.write():
        claim(context, {document_id})
        return deposits.settle(context, document_id)


def settle_unpaid(context: Context, invoice_id: int, how: str, mode: str = MODE) -> list[str]:
    """The deposits that an invoice deducts and nobody paid: `collect` records their payment,
    `credit` makes and validates their credit notes and sets them against what is due of them; the
    invoice no longer deducts them. Returns what was done in words. Raises Refused."""
    document = rows.load(context.database, invoice_id)
    done = []
    for one in deposit_facts.unpaid(context, document) if document is not None else ():
        if how == "collect":
            with context.database.write():
                _pay(context, one.document_id, one.due, mode, "")
            done.append(f"Acompte {one.number} encaissé : {format_cents(one.due)}")
        else:
            note = _cancelled(context, one.document_id)
            done.append(f"Acompte {one.number} annulé par {note.ref}")
    return done


def _cancelled(context: Context, document_id: int) -> Document:
    """The validated credit note of a deposit, which then asks for nothing any more."""
    made = credit_notes.credit(context, document_id)
    note = validating.validate(context, made.id)
    with context.database.write():
        instalments.make(context, note)
    if payments.left(context, [document_id])[document_id] > 0:
        payments.offset(context, note.id, [document_id])
    return note

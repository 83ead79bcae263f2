"""What contracts make: the work order of a visit, the invoice of a day; in memory."""

from __future__ import annotations

from typing import Any

from codial_tui.domain.changes import apply
from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.maintenance.contracts import Period, term_start, terms_of
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.records import catalogue, parties

from . import contract_cover, contract_machines, contracts, work_orders
from .contract_plan import Due, Share

LONGEST = 200
"""characters of a line's label"""
BEYOND = {
    "points": "Points au-delà du forfait",
    "incidents": "Incidents au-delà du forfait",
    "copies": "Copies au-delà du forfait",
    "flat": "Au-delà du forfait",
}


def visit(context: Context, row: dict[str, Any], due: Due) -> Document:
    """The work order of a visit: maintenance, of the contract's machines, with what it includes
    not billed. Planned that day, or today when it is past."""
    document = documents.blank(context, "work_order", row["party_id"])
    flags = [row[f"visit_{name}"] for name in contract_cover.CLASSES.values()]
    free = contract_cover.classes(flags)
    planned = max(context.today.isoformat(), due.due_on)
    document.header.update(
        {
            "nature": "maintenance",
            "subject": f"Visite {row['label']}, contrat {row['number']}"[:LONGEST],
            "contract_id": row["id"],
            "coverage": "contract",
            "due_on": due.due_on,
            "planned_date": planned,
            "technician_id": row["technician_id"],
            **{field: int(name not in free) for name, field in BILLED_AS.items()},
        }
    )
    if row["address_id"]:
        document.header["address_id"] = row["address_id"]
        document.header.update(work_orders.site_values(context, row["address_id"]))
    for position, one in enumerate(contract_machines.machines(context, row["id"], planned)):
        machine = work_orders.machine(context, one["id"], planned, "maintenance", position)
        machine.coverage, machine.contract_id = "contract", row["id"]
        document.machines.append(machine)
    documents.prepare(document)
    return document


def invoice(context: Context, row: dict[str, Any], due: Due) -> tuple[Document, list[list[Line]]]:
    """The invoice of a day, with a line for each contract and one for what it used beyond its
    quota; the lines of each share of `due`. row: the contract that bills. Raises Refused when the
    billed item is gone."""
    document = documents.blank(context, "invoice", row["party_id"])
    decimals = 4 if any(one.extra_price % 100 for one in due.shares) else 2
    words = _words(due)
    closing = document.text("closing_text")
    document.header.update(
        date=max(context.today.isoformat(), due.day),
        price_mode="net",
        price_decimals=decimals,
        subject=f"Contrat {row['number']} {row['label']}".strip()[:LONGEST],
        closing_text=f"{closing}\n\n{words}" if closing else words,
    )
    document.header.update(_conditions(context, row))
    if row["address_id"]:
        document.header.update(work_orders.site_values(context, row["address_id"]))
    made = [_lines(context, document, one) for one in due.shares]
    document.lines = [line for lines in made for line in lines]
    apply(document, recompute(document))
    documents.prepare(document)
    return document, made


def _words(due: Due) -> str:
    """« Contrat CT26-0001, période du … au … », one a contract."""
    return "\n".join(
        f"Contrat {one.number}, {_period(one.period)}" if one.period else f"Contrat {one.number}"
        for one in due.shares
    )


def _period(period: Period) -> str:
    cut = "" if period.part == period.whole else f" ({period.part} jours sur {period.whole})"
    return f"période {period.words}{cut}"


def _conditions(context: Context, row: dict[str, Any]) -> dict[str, Any]:
    """Payment terms and salesperson, as far as the contract has its own."""
    found: dict[str, Any] = {}
    if row["payment_terms_id"]:
        label = context.database.value(
            "SELECT label FROM payment_terms WHERE id = ?", (row["payment_terms_id"],), ""
        )
        found |= {
            "payment_terms_id": row["payment_terms_id"],
            "payment_terms_label": label,
        }
    if row["salesperson_id"]:
        found |= {
            "salesperson_id": row["salesperson_id"],
            "salesperson_name": parties.user_name(context, row["salesperson_id"]),
        }
    return found


def _lines(context: Context, document: Document, share: Share) -> list[Line]:
    row = contracts.load(context, share.contract_id)
    lines = []
    if share.period is not None:
        name = row["label"] or "Contrat"
        line = _line(context, document, row, 10_000, share.amount * 100)
        line.label = f"{name}, contrat {share.number}, {_period(share.period)}"[:LONGEST]
        lines.append(line)
    terms = terms_of(row)
    for extra in share.extras:
        line = _line(context, document, row, extra.quantity, share.extra_price)
        begun = format_date(term_start(terms, extra.term))
        line.label = f"{BEYOND[share.kind]}, contrat {share.number}, terme du {begun}"[:LONGEST]
        lines.append(line)
    return lines


def _line(
    context: Context, document: Document, row: dict[str, Any], quantity: int, price: int
) -> Line:
    """A line at a price (10⁻⁴ €), of the contract's item or free: nothing leaves the stock."""
    regime = document.text("vat_category") or "S"
    rate = row["vat_rate"] if regime == "S" else 0
    category = "Z" if regime == "S" and not rate else regime
    line = Line(
        uid=context.uid(),
        type=LineType.ITEM,
        quantity=quantity,
        unit_price=price,
        supply_nature="service",
    )
    if row["item_id"]:
        item = catalogue.by_id(context, row["item_id"])
        if item is None:
            raise refuse("item.unknown", f"{row['number']} : article disparu", "changez-le")
        line = catalogue.line_of(context, document, item, quantity, price)
        line.type, line.stock_managed, line.price_per = LineType.ITEM, 0, 10_000
        line.eco_contribution = 0
        line.long_text = ""
    line.vat_category, line.vat_rate = category, rate
    return line

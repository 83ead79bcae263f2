"""Sous-traitance: what of a document others do, what that should cost, and ordering it (§7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from codial_tui.domain.buying.needs import SUBCONTRACTING, is_subcontracted, supplies
from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Document, Line
from codial_tui.domain.lines.lines import line_cost
from codial_tui.domain.problems import Problem
from codial_tui.domain.structure import numbers
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor

from . import back_to_back
from .back_to_back import Supply
from .ordering import Wanted

KIND = "subcontract_order"


class Work(NamedTuple):
    """A line that another firm does. planned: cents HT; supplier_id: the subcontractor, None while
    nobody is chosen; supplies: what is ordered of it."""

    line: Line
    number: str
    planned: int
    supplier_id: int | None
    supplier: str
    supplies: tuple[Supply, ...]

    @property
    def ordered(self) -> int:
        """10⁻⁴ of the line's unit."""
        return sum(one.quantity for one in self.supplies)

    @property
    def to_order(self) -> int:
        return max(0, self.line.quantity - self.ordered)


def works(
    context: Context, document: Document, chosen: Mapping[str, int] | None = None
) -> list[Work]:
    """The subcontracted lines of a document, components too. chosen: subcontractors by line uid,
    over the line's own and the item's usual supplier."""
    lines = [one for one in supplies(document) if is_subcontracted(one) and one.quantity > 0]
    if not lines:
        return []
    database = context.database
    bought: dict[str, list[Supply]] = {}
    for one in back_to_back.ordered_for(database, [line.uid for line in lines]):
        bought.setdefault(one.sale_line, []).append(one)
    usual = _usual(context, lines)
    who = {
        line.uid: (chosen or {}).get(line.uid) or line.supplier_id or usual.get(line.item_id or 0)
        for line in lines
    }
    names = _names(context, {one for one in who.values() if one})
    places = numbers(document)
    return [
        Work(
            line,
            places.get(line.uid, ""),
            line_cost(line),
            who[line.uid],
            names.get(who[line.uid] or 0, ""),
            tuple(bought.get(line.uid, ())),
        )
        for line in lines
    ]


def _usual(context: Context, lines: Sequence[Line]) -> dict[int, int]:
    items = sorted({line.item_id for line in lines if line.item_id})
    if not items:
        return {}
    marks = ", ".join("?" * len(items))
    return dict(
        context.database.rows(
            f"SELECT item_id, supplier_id FROM item_supplier WHERE is_main = 1 "
            f"AND item_id IN ({marks})",
            items,
        )
    )


def _names(context: Context, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    return dict(
        context.database.rows(f"SELECT id, name FROM party WHERE id IN ({marks})", sorted(ids))
    )


def others(document: Document) -> list[Line]:
    """The lines that could be subcontracted and are not."""
    return [one for one in supplies(document) if not is_subcontracted(one) and one.quantity > 0]


def mark(editor: Editor, uids: Sequence[str], wanted: bool = True) -> None:
    """Have lines done by others, or by oneself again, as one step. What is ordered stays."""
    changes = [
        set_line(editor.document.line(uid), cost_category=SUBCONTRACTING if wanted else "")
        for uid in uids
    ]
    editor.commit(changes, "Sous-traitance" if wanted else "Sous-traitance retirée")


def choose(editor: Editor, uid: str, supplier_id: int) -> None:
    """Who does a line, as a step of the document."""
    editor.commit([set_line(editor.document.line(uid), supplier_id=supplier_id)], "Sous-traitant")


def plan_cost(editor: Editor, uid: str, price: int) -> None:
    """What a unit of it should cost (10⁻⁴), as a step of the document. Raises Refused."""
    if price < 0:
        raise refuse("price.negative", "Pas moins que zéro", "0 : gratuit ne se commande pas")
    line = editor.document.line(uid)
    editor.commit([set_line(line, cost_price=price, purchase_price=price)], "Coût prévu")


def propose(context: Context, document: Document, found: Sequence[Work]) -> list[Wanted]:
    """The lines to order, at what they should cost. Raises Refused with every line that nobody
    does or that has no cost; nothing is then ordered."""
    wanted, problems = [], []
    for one in found:
        if not one.to_order:
            continue
        line = one.line
        price = line.cost_price or line.purchase_price
        name = f"« {line.label} »"
        if one.supplier_id is None:
            problems.append(
                Problem("supplier.missing", line.uid, f"{name} : pas de sous-traitant", "F4")
            )
        if not price:
            problems.append(
                Problem("price.missing", line.uid, f"{name} : pas de coût prévu", "Entrée le tape")
            )
        if one.supplier_id is None or not price:
            continue
        assert line.id is not None
        due = line.delivery_date or document.text("planned_date")
        delay = (date.fromisoformat(due) - context.today).days if due else 0
        project = line.project_id or document.header.get("project_id")
        wanted.append(
            Wanted(
                one.supplier_id,
                line.item_id,
                line.label,
                one.to_order,
                line.unit,
                price,
                line.price_per,
                sources=((line.id, one.to_order),),
                project_id=int(project) if isinstance(project, int) else None,
                delay=max(0, delay),
                category=SUBCONTRACTING,
            )
        )
    if problems:
        raise Refused(*problems)
    if not wanted:
        raise refuse("works.nothing", "Rien à commander", "F7 ajoute une ligne à sous-traiter")
    return wanted

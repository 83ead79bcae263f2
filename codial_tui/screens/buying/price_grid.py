"""The grid of answers: a row a line of the request, a column a supplier; how each cell reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from codial_tui.domain.buying.price_answers import Said
from codial_tui.domain.document import Line
from codial_tui.domain.quantity import (
    format_cents,
    format_percent,
    format_price,
    format_quantity,
)
from codial_tui.domain.spec import Column, FieldType
from codial_tui.domain.text import display
from codial_tui.screens.wording import counted
from codial_tui.services.buying.price_requests import Asked, Comparison
from codial_tui.widgets.drawing import fit
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import Row
from codial_tui.widgets.typing_line import TypingLine

WIDTH = 14
"""cells of a supplier's column"""
LEFT = (
    Column("label", "Désignation", min_width=14, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=7, width_from_data=True),
)
CHOSEN, BEST, NONE, DECLINED = "√", "*", "–", "non"


class AnswerGrid(RecordTable):
    """← → go to another supplier; while something is typed the keys are the typing line's."""

    def __init__(self, line: TypingLine, turn: Callable[[int], Awaitable[None]]) -> None:
        super().__init__(LEFT, empty="Aucune ligne : onglet Lignes (L)")
        self.markable = False
        self.passing = True  # the caret stays on row 22
        self.line, self.turn = line, turn

    async def press(self, press: Press) -> bool:
        if self.line.text and press.key not in ("up", "down", "pageup", "pagedown"):
            return False
        if press.key in ("left", "right"):
            await self.turn(-1 if press.key == "left" else 1)
            return True
        return await super().press(press)


def shown(width: int, asked: Sequence[Asked], current: int) -> Sequence[Asked]:
    """The suppliers that fit beside one another, the current one among them."""
    room = max(1, (width - 32) // (WIDTH + 1))
    first = max(0, min(current - room + 1, len(asked) - room))
    if current < first:
        first = current
    return asked[first : first + room]


def columns(asked: Sequence[Asked], current: int | None) -> tuple[Column, ...]:
    """The columns for these suppliers; ► names the one that answers."""
    return (
        *LEFT,
        *(
            Column(
                f"s{one.supplier_id}",
                fit(("►" if one.supplier_id == current else "") + display(one.name), WIDTH).strip(),
                FieldType.CENTS,
                width=WIDTH,
            )
            for one in asked
        ),
    )


def row_of(seen: Comparison, line: Line, asked: Sequence[Asked]) -> Row:
    """A line with what each of these suppliers offers."""
    done = line.uid in seen.ordered
    taken = seen.chosen(line.uid) is not None
    cells = [line.label, format_quantity(line.quantity)]
    cells += [cell_of(seen, line, one.supplier_id) for one in asked]
    return Row(line.uid, tuple(cells), "", "√" if done else "·" if taken else "")


def cell_of(seen: Comparison, line: Line, supplier_id: int) -> str:
    """`√* 118,75`: taken, cheapest, amount; `non` declined, `–` no answer yet."""
    offer = seen.offers[line.uid].get(supplier_id)
    if offer is None:
        return DECLINED if seen.answer(line.uid, supplier_id) else NONE
    signs = (CHOSEN if offer.answer.chosen else "") + (BEST if offer.best else "")
    return f"{signs} {format_cents(offer.amount)}".strip()


def explained(seen: Comparison, line: Line, one: Asked) -> str:
    """The cell in words: `Rhône : 12,50 -5% · 8 j · minimum 10 · HT 118,75 · la moins chère`."""
    given, offer = seen.answer(line.uid, one.supplier_id), None
    if line.uid in seen.ordered:
        return f"{one.name} : commandée, {seen.ordered[line.uid]}"
    if given is None:
        return f"{one.name} : pas encore de réponse"
    offer = seen.offers[line.uid].get(one.supplier_id)
    if offer is None:
        return f"{one.name} : ne fournit pas"
    parts = [f"{one.name} : {words(given.said)}"]
    if offer.quantity != line.quantity:
        parts.append(f"on en prendrait {format_quantity(offer.quantity)}")
    parts.append(f"HT {format_cents(offer.amount)}")
    parts += ["le moins cher"] if offer.best else []
    parts += ["retenu"] if given.chosen else []
    return " · ".join(parts)


def words(said: Said) -> str:
    """An answer in words."""
    if said.declined:
        return "ne fournit pas"
    parts = [format_price(said.price)]
    parts += [f"-{format_percent(said.discount)}"] if said.discount else []
    found = [" ".join(parts)]
    found += [f"{said.delay_days} j"] if said.delay_days is not None else []
    found += [f"minimum {format_quantity(said.minimum)}"] if said.minimum else []
    return " · ".join(found)


def totals(seen: Comparison, asked: Sequence[Asked], width: int) -> tuple[str, str, str]:
    """What each of these suppliers adds up to and what misses, under their columns; what is
    taken. width: cells of the terminal."""
    sums, less = [], []
    for one in asked:
        summary = seen.summary(one.supplier_id)
        sums.append(format_cents(summary.amount))
        less.append(_missing(summary.missing, summary.declined))
    chosen = sum(seen.summary(one.supplier_id).chosen for one in seen.asked)
    left = sum(seen.chosen(one.uid) is None for one in seen.lines)
    taken = f"Retenu {format_cents(chosen)} €"
    if left:
        taken += f" · {counted(left, 'ligne')} à choisir"
    below = _under("Sans réponse, ou non", less, width) if any(less) else ""
    return _under("Total", sums, width), below, taken


def _missing(missing: int, declined: int) -> str:
    """`1 manque`, `3 manq. 1 non`: short enough for a column."""
    if missing and declined:
        return f"{missing} manq. {declined} non"
    if missing:
        return f"{missing} manque{'nt' if missing > 1 else ''}"
    return f"{declined} non" if declined else ""


def _under(label: str, cells: Sequence[str], width: int) -> str:
    """A label, and cells that end where the columns of the suppliers do."""
    texts = "".join(one.rjust(WIDTH + 1) for one in cells)
    return label.ljust(width - 2 - len(texts)) + texts

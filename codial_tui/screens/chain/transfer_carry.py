"""From F8 to the target: what is asked, the merge dialog, then one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from codial_tui.domain.chain.merge import Criterion
from codial_tui.domain.document import Document, Line
from codial_tui.domain.kinds import doc_type
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.opening import open_record
from codial_tui.services.chain import transfer_targets
from codial_tui.services.chain.merging import Candidate
from codial_tui.services.chain.transfer_parts import Request, Undecided
from codial_tui.services.chain.transfer_plan import plan
from codial_tui.services.chain.transfers import transfer
from codial_tui.services.documents import peeks
from codial_tui.widgets.rows import Text, TextRows

Then = Callable[[Request], Awaitable[None]]


class Outcome(NamedTuple):
    """What was made. said: for row 23 of the target; reasons: what F1 then explains."""

    target_id: int
    said: str
    sources: tuple[int, ...]
    reasons: tuple[str, ...] = ()


DEPOSIT = Outcome(0, "", ())
"""What F6 A answers: not a transfer, an order's deposits."""


class Transferring(BaseScreen[Outcome]):
    """A screen whose F8 moves sources into a target; it answers the outcome, None for Esc."""

    def __init__(self) -> None:
        super().__init__()
        self.peek = TextRows()
        self.peek.display = False

    async def look_at(self, source: Document, line: Line) -> None:
        """Show stock, cost and last prices of a line over the rows below; again, its item."""
        if self.peek.display and line.item_id is not None:
            self.peek.display = False
            await open_record(self, "item", line.item_id)
            return
        rows = peeks.of_line(self.context, source, line)
        self.peek.show(Text("F9 encore ouvre la fiche · Échap ferme", rule=True), *rows)
        self.peek.display = True

    async def back(self) -> None:
        if not self.peek.display:
            await super().back()
        self.peek.display = False

    async def begin(self, request: Request) -> None:
        """The dialog when something can take it, else a new document."""
        found = transfer_targets.candidates(self.context, request.sources, doc_type(request.kind))
        if all(one.group == "refused" for one in found):
            reasons = tuple(why(one) for one in found)
            await with_choices(self, request, lambda made: self.finish(made, reasons))
            return
        from .merge import MergeScreen

        async def chosen(made: Request | None) -> None:
            if made is not None:
                await with_choices(self, made, self.finish)

        await self.app.push_screen(MergeScreen(request), chosen)

    async def finish(self, request: Request, reasons: tuple[str, ...] = ()) -> None:
        done = transfer(self.context, request)
        kind = doc_type(request.kind)
        agree = "e" if kind.gender == "f" else ""
        sources = ", ".join(done.sources)
        if done.created:
            said = f"{done.ref} créé{agree} depuis {sources}"
        else:
            said = f"{sources} ajouté à {done.ref}"
        if reasons:
            said += f" · {len(reasons)} refusée{'s' if len(reasons) > 1 else ''} : F1 pourquoi"
        self.dismiss(Outcome(done.target_id, f"{said} · Ctrl+R annule", request.sources, reasons))


def why(one: Candidate) -> str:
    """A refused document with each criterion, both values and the remedy."""
    return f"{one.ref} : " + " ; ".join(said(each) for each in one.criteria)


def said(one: Criterion) -> str:
    values = f"« {one.target} », ici « {one.source} »" if one.source else f": {one.target}"
    return f"{one.label} {values} → {one.remedy}"


async def with_choices(screen: BaseScreen[Any], request: Request, then: Then) -> None:
    """Ask on row 23 which value of each difference wins, then go on."""
    try:
        plan(screen.context, request)
    except Undecided as error:
        await decide(screen, request, error.criteria, lambda made: with_choices(screen, made, then))
    else:
        await then(request)


async def decide(
    screen: BaseScreen[Any], request: Request, left: Sequence[Criterion], then: Then
) -> None:
    """Ask for each of these differences which value wins."""
    if not left:
        await then(request)
        return
    one, rest = left[0], left[1:]

    async def answered(letter: str) -> None:
        wins = {"C": "target", "S": "source"}.get(letter)
        if wins is not None:
            choices = {**request.choices, one.code: wins}
            await decide(screen, replace(request, choices=choices), rest, then)

    room = max(8, (screen.app.size.width - len(one.label) - 38) // 2)
    target, source = _short(one.target, room), _short(one.source, room)
    text = f"{one.label} : C « {target} » (cible) S « {source} » (source)"
    screen.reading.ask(text, answered, letters="CS", final=True)


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"

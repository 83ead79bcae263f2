"""Several documents into one: what refuses is told and left out, differences are asked, then one
transaction (services/chain/gathering.py)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from codial_tui.domain.kinds import doc_type, outbound
from codial_tui.domain.spec import DocType
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.services.chain import gathering, transfer_targets
from codial_tui.services.chain.gathering import Looked
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfers import Done

from .transfer_carry import decide

Then = Callable[[Done], Awaitable[None]]


def look(screen: BaseScreen[Any], request: Request) -> Looked:
    """What the request would do. Raises Refused with the first reason when nothing can go."""
    looked = gathering.look(screen.context, request)
    if not looked.sources:
        others = len(looked.refusals) - 1
        more = f" (et {others} de plus)" if others else ""
        raise refuse("transfer.nothing", f"{looked.refusals[0]}{more}")
    stay = [one for one in request.sources if one not in looked.sources]
    told = zip(stay, looked.refusals, strict=True)
    refusals = [said for one, said in told if not _goes_with_others(screen, request, one)]
    return replace(looked, refusals=tuple(refusals))


def _goes_with_others(screen: BaseScreen[Any], request: Request, source_id: int) -> bool:
    """Whether a source stays only because the others take all that it has: an order whose notes
    are billed with it has nothing to tell."""
    if request.into is None:  # what it would join is made by the others
        return False
    return bool(gathering.look(screen.context, replace(request, sources=(source_id,))).sources)


async def without_refused(
    screen: BaseScreen[Any], looked: Looked, go: Callable[[], Awaitable[None]]
) -> None:
    """Go on, after telling which documents refuse and leaving them out when one agrees."""
    if not looked.refusals:
        await go()
        return
    count = len(looked.refusals)
    one = looked.refusals[0].partition(" : ")[0] if count == 1 else str(count)
    what = f"{one} refuse" if count == 1 else f"{one} pièces refusent"
    without = "sans elle" if count == 1 else "sans elles"

    async def then(letter: str) -> None:
        if letter == "O":
            await go()
        elif letter == "P":
            from codial_tui.widgets.help import HelpScreen

            await without_refused(screen, looked, go)
            await screen.app.push_screen(HelpScreen("ce qui refuse", [], list(looked.refusals)))

    screen.reading.ask(f"{what} : O continuer {without}  P pourquoi  N non", then, letters="OPN")


async def gather(screen: BaseScreen[Any], request: Request, looked: Looked, then: Then) -> None:
    """Ask which value of each difference wins, then write it all at once."""

    async def write(made: Request) -> None:
        await then(gathering.gather(screen.context, made))

    left = [one for one in looked.undecided if one.code not in request.choices]
    await decide(screen, replace(request, sources=looked.sources), left, write)


def ask_target(screen: BaseScreen[Any], kind: DocType, ids: tuple[int, ...], then: Then) -> None:
    """F6 on marked documents of a kind: which target, by its letter; then into an open one or a
    new one."""
    letters = {
        inbound.letter: target
        for target, inbound in outbound(kind.kind, screen.context.editions)
        if inbound.criteria
    }
    if not letters:
        raise refuse("transfer.never", f"{kind.plural} : ne se regroupent pas", "F6 un par un")

    async def chosen(letter: str) -> None:
        if letter:
            await _toward(screen, letters[letter], ids, then)

    shown = "  ".join(f"{letter} {one.title.lower()}" for letter, one in letters.items())
    what = kind.title if len(ids) == 1 else kind.plural
    screen.reading.ask(
        f"{len(ids)} {what.lower()} vers : {shown}", chosen, letters="".join(letters)
    )


async def _toward(screen: BaseScreen[Any], kind: DocType, ids: tuple[int, ...], then: Then) -> None:
    """Ask whether goods leave with the invoice, where some would."""
    request = Request(ids, kind.kind)
    if not transfer_targets.any_asks_goods(screen.context, ids, kind):
        await _begin(screen, request, then)
        return

    async def answered(letter: str) -> None:
        await _begin(screen, replace(request, goods_taken=letter == "O"), then)

    screen.reading.ask("Marchandise emportée ? O/N", answered, final=True)


async def _begin(screen: BaseScreen[Any], request: Request, then: Then) -> None:
    looked = look(screen, request)
    kept = replace(request, sources=looked.sources)

    async def go() -> None:
        found = transfer_targets.candidates(screen.context, looked.sources, doc_type(kept.kind))
        if all(one.group == "refused" for one in found):
            await gather(screen, kept, looked, then)
            return
        from .merge import MergeScreen

        await screen.app.push_screen(MergeScreen(kept), into)

    async def into(made: Request | None) -> None:
        if made is None:
            return
        again = look(screen, made)

        async def write() -> None:
            await gather(screen, made, again, then)

        await without_refused(screen, again, write)

    await without_refused(screen, looked, go)

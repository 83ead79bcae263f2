"""Several documents into one target as one gesture: what refuses is left out and told, the rest is
one transaction and one undo.

Sources that have nothing to do with each other are one plan. Where two draw on the same document,
an order and its delivery note, each is worked out after the one before it was written, so that no
quantity or fee is taken twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codial_tui.domain.chain.merge import Criterion
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.text import display
from codial_tui.errors import CodialError, Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import locks
from codial_tui.services.documents.rows import load

from . import pools
from .transfer_parts import Request, Undecided
from .transfer_plan import plan
from .transfers import Done, Stale, claim, planned, transfer, write_plan


@dataclass(frozen=True, slots=True)
class Looked:
    """What gathering would do. sources: those that go; net: cents HT they bring; refusals: why
    each of the others stays; undecided: differences that somebody must decide."""

    sources: tuple[int, ...]
    net: int
    refusals: tuple[str, ...]
    undecided: tuple[Criterion, ...]


class _Enough(Exception):
    """Everything is known; nothing is to stay in the database."""


def look(context: Context, request: Request) -> Looked:
    """What a request would do, and what of it refuses; nothing is written."""
    return _at_once(context, request) or _one_by_one(context, request)


def _at_once(context: Context, request: Request) -> Looked | None:
    """All sources as one plan; None when one refuses or two draw on the same document."""
    if any(locks.elsewhere(context, one) for one in request.sources):
        return None
    undecided: dict[str, Criterion] = {}
    while True:
        wins = dict.fromkeys(undecided, "target")
        try:
            made = plan(context, replace(request, choices={**request.choices, **wins}))
        except Undecided as error:
            undecided |= {one.code: one for one in error.criteria}
            continue
        except Refused:
            return None
        break
    seen: set[int] = set()
    for part in made.parts:
        lines = {one.source_line_id for one in part.moved.links}
        drawn = pools.documents_of(context.database, lines) | {part.document.id}
        if seen & drawn:
            return None
        seen |= drawn
    net = totals(made.target).net - _net(context, request.into)
    return Looked(request.sources, net, (), tuple(undecided.values()))


def _one_by_one(context: Context, request: Request) -> Looked:
    """The sources in order: each is moved, then all is taken back."""
    kept: list[int] = []
    refusals: list[str] = []
    undecided: dict[str, Criterion] = {}
    net = 0
    try:
        with context.database.write():
            pools.turn(context.database)
            into, choices = request.into, dict(request.choices)
            before = _net(context, into)
            for source_id in request.sources:
                try:
                    done = _one(context, request, source_id, into, choices, undecided, "")
                except CodialError as error:
                    refusals.append(_refusal(context, source_id, error))
                    continue
                into = done.target_id
                kept.append(source_id)
            net = _net(context, into) - before
            raise _Enough
    except _Enough:
        pass
    return Looked(tuple(kept), net, tuple(refusals), tuple(undecided.values()))


def gather(context: Context, request: Request) -> Done:
    """Move every source into the target, a new one for the first when there is none.
    Raises Refused with the reason of the first that cannot; nothing is then written."""
    if not request.sources:
        raise refuse("transfer.nothing", "Rien à transférer", "marquez des pièces")
    if _at_once(context, request):
        return transfer(context, request)
    batch = context.uid()
    done: list[Done] = []
    with context.database.write():
        claim(context, {*request.sources, *filter(None, (request.into,))})
        into = request.into
        for source_id in request.sources:
            done.append(_one(context, request, source_id, into, request.choices, None, batch))
            into = done[-1].target_id
    sources = tuple(ref for one in done for ref in one.sources)
    numbers = tuple(number for one in done for number in one.transfers)
    return Done(done[0].target_id, done[0].ref, done[0].created, sources, numbers)


def _one(
    context: Context,
    request: Request,
    source_id: int,
    into: int | None,
    choices: Mapping[str, str],
    undecided: dict[str, Criterion] | None,
    batch: str,
) -> Done:
    """Move one source inside the caller's transaction. undecided: where differences are noted,
    the target's value then wins; None refuses them."""
    reason = locks.elsewhere(context, source_id)
    if reason:
        raise refuse("document.locked", reason, "demandez-lui de la fermer")
    one = replace(request, sources=(source_id,), into=into, choices=choices)
    try:
        made = planned(context, one)
    except Undecided as error:
        if undecided is None:
            raise
        for criterion in error.criteria:
            undecided.setdefault(criterion.code, criterion)
        made = planned(
            context, replace(one, choices={**choices, **dict.fromkeys(undecided, "target")})
        )
    try:
        return write_plan(context, made, batch)
    except Stale:  # nobody else can have written: it is the plan that would not stand
        raise refuse("transfer.busy", "Ces pièces changent en ce moment", "réessayez") from None


def _net(context: Context, document_id: int | None) -> int:
    return int(
        context.database.value("SELECT net_total FROM document WHERE id = ?", (document_id,), 0)
    )


def _refusal(context: Context, source_id: int, error: CodialError) -> str:
    document = load(context.database, source_id)
    ref = document.ref if document is not None else str(source_id)
    problems: Sequence[str] = (error.text,)
    if isinstance(error, Refused):
        problems = [
            f"{one.message} → {one.remedy}" if one.remedy else one.message for one in error.problems
        ]
    said = " ; ".join(problems)
    return display(said if said.startswith(ref) else f"{ref} : {said}")

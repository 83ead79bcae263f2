"""From a document to the next one of the chain: which lines go, how much, and what follows them
(domain.md §4). Pure: services say what is left of each line and write the result.

Quantities are 10⁻⁴ and keep the sign of their line; amounts are cents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from codial_tui.domain.document import HEADINGS, Document, Line, LineType, Link
from codial_tui.domain.lines.lines import Key, component_quantity, line_key
from codial_tui.domain.money import SCALE4, div_round
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import Inbound
from codial_tui.domain.structure import children_of, outline

STAYS = ("option", "variant")
"""Tags of lines that a transfer leaves behind."""


class Pool(NamedTuple):
    """One pool of a line. quantity and taken: 10⁻⁴; net_amount: cents HT of the whole line;
    amount: cents HT that went with what is taken."""

    line_id: int
    name: str
    quantity: int
    taken: int
    net_amount: int
    amount: int

    @property
    def left(self) -> int:
        return self.quantity - self.taken

    def amount_of(self, quantity: int) -> int:
        """Cents HT that go with a quantity, so that all parts add up to the line's."""
        if not self.quantity:
            return 0
        return div_round(self.net_amount * (self.taken + quantity), self.quantity) - self.amount


class Left(NamedTuple):
    """What can be taken of a line: pools are its own, first the one that counts; through: those
    of the lines that it comes from. What goes back has a second pool named "": what was billed,
    of which nothing is taken, and which is counted all the same."""

    quantity: int
    pools: tuple[Pool, ...] = ()
    through: tuple[Pool, ...] = ()

    def pool(self, name: str) -> Pool | None:
        return next((one for one in self.pools if one.name == name), None)


class Moved(NamedTuple):
    """What a transfer puts into the target. nets: cents HT taken this time of each pool and VAT
    key of the source; whole: nothing is left behind that could go."""

    lines: list[Line]
    links: list[Link]
    nets: dict[tuple[str, Key], int]
    whole: bool


def is_carried(line: Line) -> bool:
    """Whether a line can be asked for: priced, not inside an assembly, not an option."""
    return line.is_priced and line.parent_uid is None and line.tag not in STAYS


def same_side(left: int, right: int) -> int:
    """The smaller of two quantities of one sign; 0 when their signs differ."""
    if left >= 0 and right >= 0:
        return min(left, right)
    return max(left, right) if left <= 0 and right <= 0 else 0


def usual(document: Document, inbound: Inbound, left: Mapping[str, Left]) -> dict[str, int]:
    """What is proposed: everything that is left, or what was typed beforehand (À livrer)."""
    found = {
        line.uid: left[line.uid].quantity
        for line in document.lines
        if line.uid in left and (left[line.uid].quantity or not inbound.pools)
    }
    if not inbound.proposes:
        return found
    typed = {
        line.uid: int(getattr(line, inbound.proposes))
        for line in document.lines
        if getattr(line, inbound.proposes) and line.uid in left
    }
    return typed or found


def check_takes(
    document: Document, inbound: Inbound, left: Mapping[str, Left], takes: Mapping[str, int]
) -> list[Problem]:
    """Why these quantities cannot be taken. Above what is left: refused, except where the target
    allows an excess (it becomes a line without link)."""
    problems = []
    for line in document.lines:
        taken = takes.get(line.uid, 0)
        if not taken:
            continue
        have = left.get(line.uid)
        if have is None:
            problems.append(
                Problem("line.stays", line.uid, f"« {line.label} » ne se transfère pas ainsi")
            )
        elif same_side(taken, have.quantity) != taken and inbound.pools and not inbound.excess:
            problems.append(
                Problem(
                    "quantity.left",
                    line.uid,
                    f"« {line.label} » : plus que ce qui reste",
                    "reprenez la quantité (F7 T : tout ce qui reste)",
                )
            )
    if not any(takes.values()) and not problems:
        problems.append(
            Problem("transfer.nothing", "lines", "Rien à transférer", "prenez une quantité")
        )
    return problems


def carry(
    source: Document,
    inbound: Inbound,
    left: Mapping[str, Left],
    takes: Mapping[str, int],
    new_uid: Callable[[], str],
    *,
    asked: bool = False,
) -> Moved:
    """The new lines and links. asked: the pool that `inbound.asks` about is taken too.

    Headings, comments and components follow the lines they belong to; unit price, cost and
    coefficients stay to the last decimal, amounts of parts add up to the amount of the whole.
    """
    kept = _following(source, takes)
    moved = Moved([], [], {}, _is_whole(source, left, takes))
    stocked = _stocked(source.lines)
    copies: dict[str, Line] = {}
    for line in source.lines:
        holder = copies.get(line.parent_uid or "")
        if line.uid not in kept or (line.parent_uid is not None and holder is None):
            continue
        new = _copy(line, new_uid(), holder)
        if not is_carried(line):
            if holder is not None and line.is_priced:
                _share_component(new, line, holder)
            copies[line.uid] = new
            moved.lines.append(new)
            continue
        have, taken = left[line.uid], takes[line.uid]
        linked = same_side(taken, have.quantity) if inbound.pools else taken
        if linked:
            _share(new, line, inbound, have, linked)
            copies[line.uid] = new
            moved.lines.append(new)
            free = asked or line.uid not in stocked
            links = _links(line, new.uid, inbound, have, linked, new_uid, free)
            moved.links.extend(links)
            for one in links:
                if one.source_line_id == line.id and line.counts:
                    stream = (one.pool, line_key(line))
                    moved.nets[stream] = moved.nets.get(stream, 0) + one.amount
        if taken != linked:
            moved.lines.extend(_excess(source, line, taken - linked, inbound, new_uid))
    return moved


def _copy(line: Line, uid: str, holder: Line | None) -> Line:
    parent = holder.uid if holder is not None else None
    return replace(line, uid=uid, parent_uid=parent, id=None, position=0, to_deliver=0, is_open=0)


def _stocked(lines: Iterable[Line]) -> set[str]:
    """The lines that move stock: by themselves or by what they hold."""
    parents = {line.uid: line.parent_uid for line in lines}
    found: set[str] = set()
    for line in lines:
        uid: str | None = line.uid if line.stock_managed else None
        while uid is not None and uid not in found:
            found.add(uid)
            uid = parents.get(uid)
    return found


def _following(source: Document, takes: Mapping[str, int]) -> set[str]:
    """The uids that go: the lines taken, what they hold, and the headings and comments they are
    under. A comment follows the line above it in its section, else the section itself."""
    children = children_of(source)
    kept: set[str] = set()
    last: dict[str | None, str | None] = {}
    comments: list[tuple[str, str | None, str | None]] = []
    heads: dict[str, str | None] = {}
    for line, place in zip(source.lines, outline(source)):
        if line.type in HEADINGS:
            heads[line.uid] = place.heading
        elif line.parent_uid is not None:
            continue
        elif is_carried(line) or line.tag in STAYS:
            last[place.heading] = line.uid
            if takes.get(line.uid) and is_carried(line):
                stack = [line.uid]
                while stack:
                    uid = stack.pop()
                    kept.add(uid)
                    stack += [one.uid for one in children.get(uid, ())]
                heading = place.heading
                while heading is not None and heading not in kept:
                    kept.add(heading)
                    heading = heads[heading]
        elif line.type is not LineType.PAGE_BREAK:
            comments.append((line.uid, last.get(place.heading), place.heading))
    any_taken = bool(kept)
    for uid, above, heading in comments:
        if above is not None:
            follows = above in kept
        else:
            follows = heading in kept if heading is not None else any_taken
        if follows:
            kept.add(uid)
    return kept


def _is_whole(source: Document, left: Mapping[str, Left], takes: Mapping[str, int]) -> bool:
    """Whether every line goes, with the quantity the source has."""
    carried = [line for line in source.lines if is_carried(line) and line.quantity]
    return bool(carried) and all(
        abs(takes.get(line.uid, 0)) == abs(line.quantity)
        and abs(left.get(line.uid, Left(0)).quantity) == abs(line.quantity)
        for line in carried
    )


def _share(new: Line, line: Line, inbound: Inbound, have: Left, taken: int) -> None:
    """Give the copy of a line its quantity, and its part of what is stored in cents."""
    before = have.pools[0].taken if have.pools else 0
    if inbound.sign < 0:  # what went back before, billed or not
        before = line.quantity - have.quantity
    new.quantity = inbound.sign * taken
    if taken != line.quantity and line.quantity:
        new.discount_amount = _part(line.discount_amount, line.quantity, before, taken)
        if line.basis != "computed":
            new.amount = _part(line.amount, line.quantity, before, taken)
    new.discount_amount *= inbound.sign
    new.amount *= inbound.sign


def _part(amount: int, quantity: int, before: int, taken: int) -> int:
    """What of an amount goes with a quantity, so that all parts add up to it."""
    return div_round(amount * (before + taken), quantity) - div_round(amount * before, quantity)


def _share_component(new: Line, line: Line, holder: Line) -> None:
    """Give a component the quantity of its new assembly, and what that many assemblies have of
    its discount in cents, so that the unit price of the assembly stays."""
    new.quantity = component_quantity(line.ratio, holder.quantity)
    if abs(new.quantity) == abs(line.quantity):
        new.discount_amount = (
            line.discount_amount if new.quantity == line.quantity else -line.discount_amount
        )
    elif line.discount_amount and line.quantity:
        per_unit = div_round(line.discount_amount * line.ratio, line.quantity * 100)
        new.discount_amount = div_round(per_unit * holder.quantity, SCALE4)


def _links(
    line: Line,
    target_uid: str,
    inbound: Inbound,
    have: Left,
    taken: int,
    new_uid: Callable[[], str],
    free: bool,
) -> list[Link]:
    """One link a pool. What goes back takes what is unbilled first, the rest is linked without
    taking; what is billed of a delivery note is billed of its order too, as far as some is left
    there. free: no stock has to be asked about."""
    assert line.id is not None

    def link(line_id: int, pool: str, quantity: int, amount: int) -> Link:
        return Link(new_uid(), target_uid, line_id, inbound.relation, pool, quantity, amount)

    if not inbound.pools:
        return [link(line.id, "", taken, line.net_amount)]
    found = []
    wanted = taken
    for pool in have.pools:
        if inbound.asks and pool.name == inbound.asks and not free:
            continue
        quantity = same_side(wanted, pool.left)
        if quantity:
            found.append(link(line.id, pool.name, quantity, pool.amount_of(quantity)))
        if inbound.sign < 0:
            wanted -= quantity
    wanted = taken
    for pool in have.through:
        quantity = same_side(wanted, pool.left)
        if quantity:
            found.append(link(pool.line_id, pool.name, quantity, pool.amount_of(quantity)))
            wanted -= quantity
    return found


def _excess(
    source: Document, line: Line, quantity: int, inbound: Inbound, new_uid: Callable[[], str]
) -> list[Line]:
    """What goes beyond the rest: a line of its own, linked to nothing, with its components."""
    made: list[Line] = []
    copies: dict[str, Line] = {}
    for one in source.lines[source.index_of(line.uid) :]:
        holder = copies.get(one.parent_uid or "")
        if one is not line and holder is None:
            break
        new = copies[one.uid] = _copy(one, new_uid(), holder)
        made.append(new)
        if holder is None:
            new.quantity, new.basis = inbound.sign * quantity, "computed"
            if line.quantity:
                cents = div_round(line.discount_amount * quantity, line.quantity)
                new.discount_amount = inbound.sign * cents
        elif one.is_priced:
            _share_component(new, one, holder)
    return made

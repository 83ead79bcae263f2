"""Deposits: how they split over VAT keys, and the lines that deduct them (domain.md §6). Pure.

A deposit is an amount TTC kept per VAT key. Any invoice that descends from its order deducts it
wholly, by one line per key with a negative quantity and a positive price, as far as the works of
the invoice at that key go; the rest carries over. Amounts are cents; « amount » without another
word is in the price mode of the order, which is that of its invoices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from codial_tui.domain.changes import (
    POSITION_STEP,
    Change,
    delete,
    insert,
    insert_after,
    order,
    set_line,
    set_part,
)
from codial_tui.domain.document import DepositUse, Document, Line, Reference
from codial_tui.domain.lines.lines import Key
from codial_tui.domain.lines.totals import totals, works
from codial_tui.domain.money import SCALE4, SCALE6, div_round, percent_of, spread
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents, format_percent

NATURE = "deposit"


class Share(NamedTuple):
    """What one deposit has left at one VAT key for a document, what it uses itself included.

    amount: in the order's price mode; net, vat: HT and VAT of the same.
    """

    deposit_id: int
    document_id: int
    number: str
    date: str
    key: Key
    mode: str
    amount: int
    net: int
    vat: int

    def part_of(self, amount: int) -> tuple[int, int]:
        """HT and VAT of a part of what is left; all of it takes all. What is given back or more
        than is left: at the rate."""
        if amount == self.amount:
            return self.net, self.vat
        if not 0 < amount < self.amount:
            return at_rate(self.mode, self.key[1], amount)
        net = amount if self.mode == "net" else div_round(self.net * amount, self.amount)
        gross = div_round((self.net + self.vat) * amount, self.amount)
        return net, (gross if self.mode == "net" else amount) - net


def at_rate(mode: str, rate: int, amount: int) -> tuple[int, int]:
    """HT and VAT of an amount in a price mode at a rate (10⁻⁶); cents, of either sign."""
    if mode == "net":
        return amount, percent_of(amount, rate)
    net = div_round(amount * SCALE6, SCALE6 + rate)
    return net, amount - net


def split(amount: int, left: Mapping[Key, int]) -> dict[Key, int]:
    """A deposit TTC over the VAT keys of what is left of the order (cents TTC), by largest
    remainder."""
    keys = [key for key, rest in left.items() if rest > 0]
    parts = spread(amount, [left[key] for key in keys])
    return {key: part for key, part in zip(keys, parts) if part}


def asked(percent: int | None, amount: int | None, gross: int) -> int:
    """Cents TTC of a deposit: an amount, or a percent (10⁻⁶) of the order's TTC."""
    return percent_of(gross, percent) if percent is not None else amount or 0


def room(document: Document) -> dict[Key, int]:
    """How much of deposits an invoice can take at each VAT key: its works, in its price mode."""
    found = totals(works(document))
    return {
        (row.category, row.rate): row.base + (row.amount if document.gross_mode else 0)
        for row in found.vat
    }


def wanted(document: Document, shares: Iterable[Share]) -> dict[tuple[int, Key], int]:
    """What an invoice is to deduct, by deposit and VAT key: the oldest deposit first."""
    left = room(document)
    found: dict[tuple[int, Key], int] = {}
    for share in shares:
        amount = min(share.amount, left.get(share.key, 0))
        if amount > 0:
            left[share.key] -= amount
            found[share.deposit_id, share.key] = amount
    return found


def following(
    document: Document, shares: Sequence[Share], new_uid: Callable[[], str]
) -> list[Change]:
    """The changes that bring the deductions of a provisional invoice up to date, its amounts
    being so. They are what was typed where they are made by hand; a credit note has none but
    what its lines say."""
    orphans = _orphans(document)
    if not shares and not document.uses and not orphans:
        return []
    by_hand = document.text("deposits") == "manual" or document.number("is_credit")
    changes = _as_typed(document, shares) if by_hand else _deducted(document, shares, new_uid)
    changes += [delete(line) for line in orphans]
    changes += _named(document, shares, changes, new_uid)
    return changes


def _orphans(document: Document) -> list[Line]:
    """Deduction lines whose deposit was credited."""
    used = {one.line_uid for one in document.uses}
    if document.number("is_credit"):
        return []
    return [line for line in document.lines if line.nature and line.uid not in used]


def _as_typed(document: Document, shares: Sequence[Share]) -> list[Change]:
    """What the lines say is what is used; a line that went frees it, and so does the last line
    of the order."""
    here = {one.deposit_id for one in shares}
    lines = {line.uid: line for line in document.lines}
    left = {(one.deposit_id, one.key): one for one in shares}
    changes: list[Change | None] = []
    for use in document.uses:
        line = lines.get(use.line_uid)
        if line is None or use.deposit_id not in here:
            changes += [delete(use), delete(line) if line is not None else None]
            continue
        share = left.get((use.deposit_id, _key(use)))
        gross_line = document.gross_mode and share is not None and share.mode == "gross"
        amount = -line.amount if gross_line else -line.net_amount
        if amount != use.amount:
            net, vat = share.part_of(amount) if share else (amount, 0)
            changes.append(set_part(use, amount=amount, net=net, vat=vat))
    return [one for one in changes if one is not None]


def _deducted(
    document: Document, shares: Sequence[Share], new_uid: Callable[[], str]
) -> list[Change]:
    """Deduction lines as they should be: changed, gone, new ones at the end."""
    should = wanted(document, shares)
    uses = {(one.deposit_id, _key(one)): one for one in document.uses}
    lines = {line.uid: line for line in document.lines}
    several = {one.deposit_id for one in shares}
    keys = {one: len([s for s in shares if s.deposit_id == one]) for one in several}
    changes: list[Change | None] = []
    fresh: list[Line] = []
    gone = {line.uid for line in _orphans(document)}
    for place, use in uses.items():
        line = lines.get(use.line_uid)
        if place not in should or line is None:
            gone.add(use.line_uid)
            changes += [delete(use), delete(line) if line is not None else None]
    for share in shares:
        amount = should.get((share.deposit_id, share.key), 0)
        if not amount:
            continue
        net, vat = share.part_of(amount)
        there = uses.get((share.deposit_id, share.key))
        if there is not None and there.line_uid in lines:
            changes.append(set_part(there, amount=amount, net=net, vat=vat))
            values = {"quantity": -SCALE4, "unit_price": amount * 100, "price_per": SCALE4}
            changes.append(set_line(lines[there.line_uid], **values))
            continue
        line = _line(share, amount, new_uid(), keys[share.deposit_id] > 1)
        use = DepositUse(new_uid(), share.deposit_id, line.uid, *share.key, amount, net, vat)
        fresh.append(line)
        changes.append(insert(use))
    own = [u for u in (line.uid for line in document.lines if line.nature) if u not in gone]
    others = [line.uid for line in document.lines if not line.nature or line.uid in gone]
    if own and [*others, *own] != [line.uid for line in document.lines]:
        changes.insert(0, order(document, [*others, *own]))
        # positions are those of the new order from here on; what is new goes after all of them
        last = len(document.lines)
        for nth, line in enumerate(fresh, 1):
            line.position = (last + nth) * POSITION_STEP
            changes.append(insert(line))
    else:
        changes += insert_after(document, fresh, None)
    return [one for one in changes if one is not None]


def _line(share: Share, amount: int, uid: str, several: bool) -> Line:
    words = f"Déduction de l'acompte {share.number} du {_written(share.date)}"
    if several and share.key[0] == "S":
        words += f", TVA {format_percent(share.key[1])}"
    return Line(
        uid,
        label=words,
        quantity=-SCALE4,
        unit_price=amount * 100,
        vat_category=share.key[0],
        vat_rate=share.key[1],
        nature=NATURE,
    )


def _named(
    document: Document,
    shares: Sequence[Share],
    changes: Sequence[Change],
    new_uid: Callable[[], str],
) -> list[Change]:
    """Each deposit that is deducted is named once (BG-3), no other one."""
    used = {one.uid: one.deposit_id for one in document.uses}
    for change in changes:
        if change.target == "use" and change.op == "delete":
            used.pop(change.uid, None)
        elif change.target == "use" and change.op == "insert":
            used[change.uid] = (change.after or {})["deposit_id"]
    of = {one.deposit_id: one for one in shares}
    should = {of[one].document_id: of[one] for one in used.values() if one in of}
    there = {one.referenced_id: one for one in document.references if one.type == NATURE}
    if not shares and used:
        return []
    found = [delete(one) for id_, one in there.items() if id_ not in should]
    place = max((one.position for one in document.references), default=-1)
    for share in should.values():
        if share.document_id not in there and not document.number("is_credit"):
            place += 1
            made = Reference(new_uid(), NATURE, share.number, share.date, share.document_id, place)
            found.append(insert(made))
    return found


def problems(document: Document, shares: Sequence[Share]) -> list[Problem]:
    """Why an invoice cannot be validated with what it deducts: more than its works, or, where
    the program does it, not what it should."""
    if document.number("is_credit"):
        return []
    found = []
    have = {(one.deposit_id, _key(one)): one.amount for one in document.uses}
    free = room(document)
    for use in document.uses:
        free[_key(use)] = free.get(_key(use), 0) - use.amount
    left = {(one.deposit_id, one.key): one.amount for one in shares}
    if any(free[_key(one)] < 0 for one in document.uses):
        found.append(_too_much("de la facture"))
    elif any(amount > left.get(place, 0) for place, amount in have.items()):
        found.append(_too_much("de ce qui en reste"))
    if document.text("deposits") != "manual" and have != wanted(document, shares):
        owed = sum(wanted(document, shares).values()) - sum(have.values())
        number = next((one.number for one in shares), "")
        found.append(
            Problem(
                "deposit.not_deducted",
                "lines",
                f"Acompte {number} : {format_cents(owed)} à déduire"
                if owed > 0
                else "Acomptes déduits à revoir",
                "F7 G déduit ; à la main : Entête, Acomptes",
            )
        )
    taken = {one.line_uid for one in document.uses}
    for place, line in enumerate(document.lines, 1):
        if line.nature and line.uid not in taken:
            found.append(
                Problem(
                    "deposit.line",
                    f"lines.{place}",
                    "Déduction sans acompte",
                    "supprimez la ligne",
                )
            )
    return found


def _too_much(what: str) -> Problem:
    words = f"Acompte déduit au-delà {what}"
    return Problem("deposit.too_much", "lines", words, "reprenez la ligne de déduction")


def left_over(document: Document, shares: Iterable[Share]) -> dict[str, int]:
    """Cents TTC that an invoice leaves of each deposit for the next one, by number."""
    used = {(one.deposit_id, _key(one)): one.net + one.vat for one in document.uses}
    found: dict[str, int] = {}
    for one in shares:
        rest = one.net + one.vat - used.get((one.deposit_id, one.key), 0)
        found[one.number] = found.get(one.number, 0) + rest
    return found


def refused(document: Document, changes: Sequence[Change]) -> list[Problem]:
    """Why a change by hand would tear a deduction from its deposit."""
    if not document.uses:
        return []
    own = {one.line_uid for one in document.uses}
    for change in changes:
        names = (change.after or {}).keys()
        if change.target == "document" and "price_mode" in names:
            return [
                Problem(
                    "deposit.mode",
                    "price_mode",
                    "Acompte déduit : HT ou TTC ne change plus",
                    "annulez d'abord le transfert",
                )
            ]
        if change.uid in own and not names.isdisjoint({"vat_rate", "vat_category", "tag"}):
            return [
                Problem(
                    "deposit.key",
                    change.uid,
                    "Déduction d'acompte : son taux est celui de l'acompte",
                    "changez seulement son montant",
                )
            ]
    return []


def by_hand(document: Document, changes: Sequence[Change]) -> bool:
    """Whether these changes touch a deduction line: what is deducted is then typed."""
    own = {one.line_uid for one in document.uses}
    figures = {"quantity", "unit_price", "price_per", "discounts", "discount_amount", "amount"}
    return any(
        change.target == "line"
        and change.uid in own
        and (change.op == "delete" or not figures.isdisjoint((change.after or {}).keys()))
        for change in changes
    )


def _key(use: DepositUse) -> Key:
    return use.vat_category, use.vat_rate


def _written(day: str) -> str:
    return date.fromisoformat(day).strftime("%d/%m/%Y")

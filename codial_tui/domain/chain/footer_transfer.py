"""The footer of a document that is transferred in parts (domain.md §4).

A footer percent is copied only when the whole source goes alone into a new document. Otherwise
discounts and charges go over as amounts per VAT key, round(amount × cumulated net taken ÷ source
net) − already taken, and are not spread again; fees go whole with the first transfer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from codial_tui.domain.changes import Change, insert, set_adjustment
from codial_tui.domain.document import Adjustment, Document
from codial_tui.domain.lines.lines import Key, line_key
from codial_tui.domain.lines.totals import Share, footer_shares
from codial_tui.domain.money import div_round

from .transfer import Left, is_carried

FEES = ("shipping", "billing_fee")

Already = Mapping[tuple[str, Key], int]
"""Cents of the price mode that went of an adjustment (uid) into a VAT base, signed as `Share`."""


class Part(NamedTuple):
    """What of a source's adjustment an adjustment of the target carries of one pool; amount as
    `Share`."""

    source_uid: str
    target_uid: str
    pool: str
    key: Key
    amount: int


class Footer(NamedTuple):
    adjustments: list[Adjustment]
    parts: list[Part]


def shares_of(document: Document) -> list[Share]:
    """What every adjustment adds to every VAT base, hidden charges too."""
    shown = replace(document, adjustments=[replace(one, hidden=0) for one in document.adjustments])
    return footer_shares(shown)


def carry_footer(
    source: Document,
    moved: Mapping[tuple[str, Key], int],
    left: Mapping[str, Left],
    already: Mapping[str, Already],
    new_uid: Callable[[], str],
    *,
    counted: Sequence[str],
    beside: str = "",
    alone: bool,
    sign: int = 1,
    fees: bool = True,
) -> Footer:
    """The adjustments that follow the lines. moved: cents HT that go now, by pool and VAT key;
    left: what was left before; already: by pool; counted: the pools whose parts the target has,
    beside: one that only notes what it has too; alone: the whole source goes into a document of
    its own; fees: shipping and the like go whole the first time, else in parts as the rest."""
    shares = shares_of(source)
    if alone and sign > 0 and not any(any(one.values()) for one in already.values()):
        return _copied(source, shares, new_uid, [*counted, *filter(None, (beside,))])
    whole, before = _nets(source, left)
    found = Footer([], [])
    by_uid = {one.uid: one for one in source.adjustments}

    def part(share: Share, pool: str) -> int:
        gone = already.get(pool, {}).get((share.uid, share.key), 0)
        if fees and by_uid[share.uid].type in FEES:
            return share.amount if sign > 0 and not gone else 0
        net = moved.get((pool, share.key), 0)
        if not whole.get(share.key):
            return share.amount - gone if sign > 0 else 0
        taken = before.get((pool, share.key), 0) + net
        return div_round(share.amount * taken, whole[share.key]) - gone

    for share in shares:
        amounts = {pool: part(share, pool) for pool in counted}
        if any(amounts.values()):
            if beside:
                amounts[beside] = part(share, beside)
            total = sum(amounts[pool] for pool in counted)
            _add(found, by_uid[share.uid], share.key, total, sign, new_uid)
            target = found.adjustments[-1].uid
            found.parts.extend(
                Part(share.uid, target, pool, share.key, amount)
                for pool, amount in amounts.items()
                if amount
            )
    return found


def behind(
    source: Document, left: Mapping[str, Left], gone: Already, pool: str
) -> list[tuple[str, Key, int]]:
    """What the parts of a pool lack to follow what was taken of it: adjustment, VAT key, cents.
    Fees went whole."""
    whole, before = _nets(source, left)
    fees = {one.uid for one in source.adjustments if one.type in FEES}
    found = []
    for share in shares_of(source):
        if share.uid in fees or not whole.get(share.key):
            continue
        wanted = div_round(share.amount * before.get((pool, share.key), 0), whole[share.key])
        if wanted != gone.get((share.uid, share.key), 0):
            amount = wanted - gone.get((share.uid, share.key), 0)
            found.append((share.uid, share.key, amount))
    return found


def _copied(
    source: Document, shares: list[Share], new_uid: Callable[[], str], pools: Sequence[str]
) -> Footer:
    uids = {one.uid: new_uid() for one in source.adjustments}
    return Footer(
        [replace(one, uid=uids[one.uid], id=None) for one in source.adjustments],
        [
            Part(one.uid, uids[one.uid], pool, one.key, one.amount)
            for one in shares
            if one.amount
            for pool in pools
        ],
    )


def _nets(
    source: Document, left: Mapping[str, Left]
) -> tuple[dict[Key, int], dict[tuple[str, Key], int]]:
    """Cents HT of the source by VAT key, and those that went before by pool and VAT key."""
    whole: dict[Key, int] = {}
    before: dict[tuple[str, Key], int] = {}
    for line in source.lines:
        if is_carried(line) and line.counts and line.quantity:
            key = line_key(line)
            whole[key] = whole.get(key, 0) + line.net_amount
            for pool in left[line.uid].pools if line.uid in left else ():
                before[pool.name, key] = before.get((pool.name, key), 0) + pool.amount
    return whole, before


def _add(
    found: Footer, one: Adjustment, key: Key, amount: int, sign: int, new_uid: Callable[[], str]
) -> None:
    target = replace(
        one,
        uid=new_uid(),
        id=None,
        percent=None,
        amount=sign * (-amount if one.type == "discount" else amount),
        vat_category=key[0],
        vat_rate=key[1],
    )
    found.adjustments.append(target)


def frozen(target: Document, new_uid: Callable[[], str]) -> list[Change]:
    """The changes that turn the percents of a target into amounts of the lines it has, so that
    they do not reach the lines which another document brings."""
    shares = [one for one in shares_of(target) if one.amount]
    changes: list[Change] = []
    for one in target.adjustments:
        if one.percent is None:
            continue
        own = [share for share in shares if share.uid == one.uid]
        for place, share in enumerate(own):
            amount = -share.amount if one.type == "discount" else share.amount
            new = replace(
                one,
                percent=None,
                amount=amount,
                vat_category=share.key[0],
                vat_rate=share.key[1],
            )
            if place:
                changes.append(insert(replace(new, uid=new_uid(), id=None)))
                continue
            names = ("percent", "amount", "vat_category", "vat_rate")
            change = set_adjustment(one, **{name: getattr(new, name) for name in names})
            changes += [change] if change else []
    return changes

"""The footer of a document that is transferred in parts (domain.md §4).

A footer percent is copied only when the whole source goes alone into a new document. Otherwise
discounts and charges go over as amounts per VAT key, round(amount × cumulated net taken ÷ source
net) − already taken, and are not spread again; fees go whole with the first transfer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .changes import Change, insert, set_adjustment
from .document import Adjustment, Document
from .lines import Key, line_key
from .money import div_round
from .totals import Share, footer_shares
from .transfer import Left, is_carried

FEES = ("shipping", "billing_fee")

Already = Mapping[tuple[str, Key], int]
"""Cents of the price mode that went of an adjustment (uid) into a VAT base, signed as `Share`."""


class Part(NamedTuple):
    """What of a source's adjustment an adjustment of the target carries; amount as `Share`."""

    source_uid: str
    target_uid: str
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
    moved: Mapping[Key, int],
    left: Mapping[str, Left],
    already: Already,
    new_uid: Callable[[], str],
    *,
    alone: bool,
    sign: int = 1,
    fees: bool = True,
) -> Footer:
    """The adjustments that follow the lines. moved: cents HT that go now, by VAT key; left: what
    was left before; alone: the whole source goes into a document of its own."""
    shares = shares_of(source)
    if alone and not any(already.values()):
        return _copied(source, shares, new_uid)
    before, whole = _nets(source, left)
    found = Footer([], [])
    by_uid = {one.uid: one for one in source.adjustments}
    for share in shares:
        one = by_uid[share.uid]
        gone = already.get((share.uid, share.key), 0)
        if one.type in FEES:
            amount = share.amount - gone if fees and not gone and sign > 0 else 0
        elif not whole.get(share.key):
            amount = share.amount - gone
        else:
            taken = before.get(share.key, 0) + moved.get(share.key, 0)
            amount = div_round(share.amount * taken, whole[share.key]) - gone
        if amount:
            _add(found, one, share.key, amount, sign, new_uid)
    return found


def _copied(source: Document, shares: list[Share], new_uid: Callable[[], str]) -> Footer:
    uids = {one.uid: new_uid() for one in source.adjustments}
    return Footer(
        [replace(one, uid=uids[one.uid], id=None) for one in source.adjustments],
        [Part(one.uid, uids[one.uid], one.key, one.amount) for one in shares if one.amount],
    )


def _nets(source: Document, left: Mapping[str, Left]) -> tuple[dict[Key, int], dict[Key, int]]:
    """Cents HT that went before, and in all, by VAT key."""
    before: dict[Key, int] = {}
    whole: dict[Key, int] = {}
    for line in source.lines:
        if is_carried(line) and line.counts:
            key = line_key(line)
            whole[key] = whole.get(key, 0) + line.net_amount
            have = left.get(line.uid)
            if have is not None and have.pools:
                before[key] = before.get(key, 0) + have.pools[0].amount
    return before, whole


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
    found.parts.append(Part(one.uid, target.uid, key, amount))


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

"""What a document adds up to: lines, footer, VAT table, margin (domain.md §5).

Everything is worked out per VAT key in the document's price mode (HT or TTC), on the stored line
amounts, and turned into HT, VAT and TTC at the very end. Nothing depends on the order of lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from codial_tui.domain.document import OUT_OF_TOTAL, PRICED, Adjustment, Document, Line
from codial_tui.domain.invoicing.deductions import kept
from codial_tui.domain.money import SCALE6, div_round, percent_of, spread
from codial_tui.domain.structure import children_of

from .lines import Key, eco_amount, line_cost, line_key, net_of, vat_key

DEFAULT_RATE = 200_000


@dataclass(frozen=True, slots=True)
class VatLine:
    """One row of the VAT table. rate: 10⁻⁶; base (HT) and amount: cents."""

    category: str
    rate: int
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All in cents. lines_net + adjustments = net; net + vat_total = gross; works_net − cost =
    margin.

    brut, discount, charges, hidden and eco are in the document's price mode, as its lines are:
    brut + discount + charges + hidden = net (HT mode) or gross (TTC mode). `discount` is negative
    for a discount. `options`: what the options would add. `payable` is what remains to pay of
    this document after its own footer deductions; there are none on a quote. `works_net` and
    `works_gross`: HT and TTC before deposits are deducted by lines; else net and gross.
    """

    lines_net: int = 0
    adjustments: int = 0
    net: int = 0
    vat: tuple[VatLine, ...] = ()
    vat_total: int = 0
    gross: int = 0
    payable: int = 0
    cost: int = 0
    margin: int = 0
    brut: int = 0
    discount: int = 0
    charges: int = 0
    hidden: int = 0
    eco: int = 0
    options: int = 0
    works_net: int = 0
    works_gross: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What an adjustment adds to one VAT base (negative for a discount), in cents of the price
    mode and in HT."""

    uid: str
    key: Key
    amount: int
    net: int


def counting(document: Document) -> list[Line]:
    """The lines that count: no option, variant, informative line or component."""
    return [  # Line.counts spelt out: this runs at every edit on every line
        line
        for line in document.lines
        if line.parent_uid is None and line.type in PRICED and line.tag not in OUT_OF_TOTAL
    ]


def totals(document: Document) -> Totals:
    """The totals of a document whose line amounts are up to date (`tools.recompute`)."""
    footer = _Footer(document)
    vat, lines_net, gross = [], 0, 0
    for key in footer.keys:
        base, amount, lines_base = footer.vat_of(key)
        vat.append(VatLine(*key, base, amount))
        lines_net += lines_base
        gross += base + amount
    net = sum(row.base for row in vat)
    works_net, works_gross = _works(document) if footer.deposits else (net, gross)
    deducted = sum(kept(one, works_net, works_gross) for one in document.deductions)
    cost = _cost(document, footer)
    signed = footer.signed
    visible = [one for one in document.adjustments if not footer.is_hidden(one)]
    return Totals(
        lines_net=lines_net,
        adjustments=net - lines_net,
        net=net,
        vat=tuple(vat),
        vat_total=gross - net,
        gross=gross,
        payable=gross - deducted,
        cost=cost,
        margin=works_net - cost,
        brut=footer.brut,
        discount=sum(signed[one.uid] for one in visible if one.type == "discount"),
        charges=sum(signed[one.uid] for one in visible if one.type != "discount"),
        hidden=sum(footer.hidden.values()),
        eco=sum(footer.eco.values()),
        options=sum(
            line.amount
            for line in [line for line in document.lines if line.tag]
            if line.tag == "option" and line.parent_uid is None and line.is_priced
        ),
        works_net=works_net,
        works_gross=works_gross,
    )


def works(document: Document) -> Document:
    """The document without the lines that deduct deposits."""
    return replace(document, lines=[line for line in document.lines if not line.nature])


def _works(document: Document) -> tuple[int, int]:
    """HT and TTC before deposits are deducted."""
    footer = _Footer(works(document))
    found = [footer.vat_of(key) for key in footer.keys]
    net = sum(base for base, _, _ in found)
    return net, net + sum(amount for _, amount, _ in found)


def net_amounts(document: Document, amounts: Mapping[str, int] | None = None) -> dict[str, int]:
    """HT of every priced line by uid. In TTC mode the lines of one rate add up to its HT base;
    what does not count (options, components) is rounded on its own. `amounts` by uid replaces
    stored ones."""
    known = amounts or {}
    found = {
        line.uid: known.get(line.uid, line.amount) for line in document.lines if line.type in PRICED
    }
    if not document.gross_mode:
        return found
    nets = {
        line.uid: net_of(found[line.uid], line_key(line))
        for line in document.lines
        if line.is_priced and not line.counts
    }
    nets.update(_settled_nets(document, {one.uid: found[one.uid] for one in counting(document)}))
    return nets


def spread_hidden(document: Document) -> dict[str, int]:
    """Line amounts as they are printed, by uid, in the document's price mode: hidden charges are
    in the prices, pro rata within each VAT base. Options and the like keep their amount."""
    printed = {line.uid: line.amount for line in document.lines if line.is_priced}
    for uid, part in _Footer(document).hidden.items():
        printed[uid] += part
    return printed


def printed_nets(document: Document) -> dict[str, int]:
    """HT of the counting lines as printed, hidden charges inside, by uid."""
    printed = spread_hidden(document)
    amounts = {line.uid: printed[line.uid] for line in counting(document)}
    return _settled_nets(document, amounts) if document.gross_mode else amounts


def footer_shares(document: Document) -> list[Share]:
    """What each visible adjustment adds to each VAT base; with `printed_nets` they add up to the
    bases of the VAT table (an e-invoice shows them so)."""
    footer = _Footer(document)
    return [share for key in footer.keys for share in footer.shares_of(key)]


def _settled_nets(document: Document, amounts: Mapping[str, int]) -> dict[str, int]:
    """HT of TTC amounts of lines, so that the lines of a key add up to the key's HT."""
    per_line = document.text("vat_rounding") == "line"
    by_key: dict[Key, list[str]] = defaultdict(list)
    for line in document.lines:
        if line.uid in amounts:
            by_key[line_key(line)].append(line.uid)
    nets: dict[str, int] = {}
    for key, uids in by_key.items():
        parts = [amounts[uid] for uid in uids]
        total = sum(net_of(part, key) for part in parts) if per_line else net_of(sum(parts), key)
        nets.update(zip(uids, settle([p * SCALE6 for p in parts], SCALE6 + key[1], total)))
    return nets


def settle(numerators: list[int], denominator: int, total: int) -> list[int]:
    """Each fraction rounded, then the cents that miss to `total` given where the rounding erred
    most (largest remainder; the earlier part on a tie). A negated input gives a negated result.
    """
    parts = [div_round(numerator, denominator) for numerator in numerators]
    missing = total - sum(parts)
    step = 1 if missing > 0 else -1
    tie = 1 if step * total >= 0 else -1  # what is taken away is taken from the later part
    by_error = sorted(
        range(len(parts)),
        key=lambda index: (-step * (numerators[index] - parts[index] * denominator), tie * index),
    )
    while missing:
        for index in by_error[: abs(missing)]:
            parts[index] += step
            missing -= step
        if not by_error:
            break
    return parts


def _cost(document: Document, footer: _Footer) -> int:
    """Cost of the counting lines in cents HT; an eco-contribution costs what it brings in."""
    components = children_of(document)
    costly = [
        line
        for line in footer.lines
        if line.cost_price or line.purchase_price or line.uid in components
    ]
    cost = sum(line_cost(line, components.get(line.uid, ())) for line in costly)
    if not document.gross_mode:
        return cost + sum(footer.eco.values())
    with_eco = [line for line in footer.lines if line.uid in footer.eco]
    return cost + sum(net_of(footer.eco[line.uid], line_key(line)) for line in with_eco)


class _Footer:
    """The adjustments of a document worked out: signed amounts, spread over the VAT bases."""

    def __init__(self, document: Document) -> None:
        self.gross = document.gross_mode
        self.per_line = document.text("vat_rounding") == "line"
        self.default = vat_key("S", document.number("vat_rate", DEFAULT_RATE))
        self.lines = counting(document)
        self.by_key: dict[Key, list[Line]] = defaultdict(list)
        for line in self.lines:  # line_key spelt out
            category = line.vat_category
            self.by_key[category, line.vat_rate if category == "S" else 0].append(line)
        self.eco = {line.uid: eco_amount(line) for line in self.lines if line.eco_contribution}
        self.deposits = {line.uid: line.amount for line in self.lines if line.nature}
        self.brut = 0
        self.weights: dict[Key, int] = {}
        for key in sorted(self.by_key, key=_rank):
            lines = self.by_key[key]
            amount = sum([line.amount for line in lines])
            self.brut += amount
            eco = sum(self.eco.get(line.uid, 0) for line in lines) if self.eco else 0
            self.weights[key] = amount - eco
            if self.deposits:  # outside every discount base
                self.weights[key] -= sum(self.deposits.get(line.uid, 0) for line in lines)
        self.signed: dict[str, int] = {}
        self.parts: dict[Key, list[tuple[str, int]]] = defaultdict(list)
        self.hidden: dict[str, int] = defaultdict(int)
        for adjustment in document.adjustments:
            self._add(adjustment)
        self.keys = sorted({*self.weights, *self.parts}, key=_rank)

    def _discountable(self, line: Line) -> int:
        """The amount without eco-contribution: the base of discounts and the weight of charges."""
        aside = self.deposits.get(line.uid, 0) if self.deposits else 0
        return line.amount - aside - self.eco.get(line.uid, 0)

    def is_hidden(self, adjustment: Adjustment) -> bool:
        return bool(adjustment.hidden) and adjustment.type != "discount"

    def _add(self, one: Adjustment) -> None:
        key = self._key_of(one)
        amount = self._amount(one, key)
        self.signed[one.uid] = amount
        if self.is_hidden(one):
            self._hide(amount, key)
        elif key is not None:
            self.parts[key].append((one.uid, amount))
        elif amount:
            keys = list(self.weights) or [self.default]
            for each, part in zip(keys, spread(amount, [self.weights.get(k, 0) for k in keys])):
                if part:
                    self.parts[each].append((one.uid, part))

    def _amount(self, one: Adjustment, key: Key | None) -> int:
        """Percents are taken on the lines without eco-contribution: a discount that names a VAT
        key on that base, everything else on all of them."""
        if one.percent is None:
            amount = one.amount
        else:
            own = one.type == "discount" and key is not None
            base = self.weights.get(key, 0) if own and key else sum(self.weights.values())
            amount = percent_of(base, one.percent)
        return -amount if one.type == "discount" else amount

    def _key_of(self, one: Adjustment) -> Key | None:
        """The base an adjustment names. A rate alone means the base of that rate which is there."""
        if one.vat_category is not None:
            return vat_key(one.vat_category, one.vat_rate or 0)
        if one.vat_rate is None:
            return None
        there = [key for key in self.weights if key[1] == one.vat_rate]
        return there[0] if there else vat_key("S", one.vat_rate)

    def _hide(self, amount: int, key: Key | None) -> None:
        """A hidden charge goes into the lines: first over the VAT bases, so that the order of
        lines changes no total, then over the lines of each. Without lines there is no price to
        hide it in, and it counts for nothing."""
        keys = [key] if key in self.weights else list(self.weights)
        for each, part in zip(keys, spread(amount, [self.weights[k] for k in keys])):
            lines = self.by_key[each]
            amounts = [self._discountable(line) for line in lines]
            for line, cents in zip(lines, spread(part, amounts)):
                self.hidden[line.uid] += cents

    def vat_of(self, key: Key) -> tuple[int, int, int]:
        """HT base of a key, its VAT, and the part of the base that comes from the lines."""
        rate = key[1]
        printed = lines = [line.amount for line in self.by_key[key]]
        if self.hidden:
            printed = [line.amount + self.hidden.get(line.uid, 0) for line in self.by_key[key]]
        pieces = printed + [part for _, part in self.parts[key]]
        if self.per_line:
            if not self.gross:
                return sum(pieces), sum(percent_of(piece, rate) for piece in pieces), sum(lines)
            base = sum(net_of(piece, key) for piece in pieces)
            return base, sum(pieces) - base, sum(net_of(amount, key) for amount in lines)
        total = sum(pieces)
        if not self.gross:
            return total, percent_of(total, rate), sum(lines)
        base = net_of(total, key)
        return base, total - base, net_of(sum(lines), key)

    def shares_of(self, key: Key) -> list[Share]:
        parts = self.parts[key]
        amounts = [part for _, part in parts]
        if not self.gross:
            return [Share(uid, key, part, part) for uid, part in parts]
        base = self.vat_of(key)[0]
        printed = [line.amount + self.hidden.get(line.uid, 0) for line in self.by_key[key]]
        if self.per_line:
            nets = [net_of(part, key) for part in amounts]
        else:
            rest = base - net_of(sum(printed), key)
            nets = settle([part * SCALE6 for part in amounts], SCALE6 + key[1], rest)
        return [Share(uid, key, part, net) for (uid, part), net in zip(parts, nets)]


def _rank(key: Key) -> tuple[int, str]:
    """The order of the VAT table: highest rate first."""
    return (-key[1], key[0])

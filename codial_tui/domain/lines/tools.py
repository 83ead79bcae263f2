"""Tools on prices (F7): pure functions from a document and a choice of lines to one step.

`uids` names lines; a chapter, title or assembly stands for all it holds; None is the whole
document. A line whose price is forced is left alone and counted in a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from codial_tui.domain.changes import delete, insert, set_adjustment
from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.draft import Draft, Plan
from codial_tui.domain.money import SCALE6, div_round, in_bounds
from codial_tui.domain.problems import invalid
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.structure import children_of, closure

from .costing import coefficient, price_from_coefficient, price_from_marge, price_from_marque
from .lines import unit_cost, vat_key
from .recompute import recompute as recompute

NewUid = Callable[[], str]

FOOTER_TYPES = ("discount", "charge", "shipping", "billing_fee")


def scope(document: Document, uids: Iterable[str] | None = None) -> list[Line]:
    """The priced lines a tool acts on: those chosen and those held by what was chosen. Components
    only when they are chosen themselves, without their assembly; never a deducted deposit."""
    lines = document.lines if uids is None else closure(document, uids)
    there = {line.uid for line in lines}
    found = [line for line in lines if line.is_priced and line.parent_uid not in there]
    return [line for line in found if not line.nature]


def discount(document: Document, uids: Iterable[str] | None, ratios: Sequence[int]) -> Plan:
    """Give the lines this cascade of discounts (10⁻⁶); none takes discounts away."""
    if any(not 0 <= ratio <= SCALE6 for ratio in ratios):
        raise invalid("discount.range", "Remise hors de 0 à 100 %", "tapez par exemple 10")
    draft = Draft(document)
    lines = _free(draft, scope(draft.document, uids))
    kept = tuple(ratio for ratio in ratios if ratio)
    replaced = sum(1 for line in lines if line.discounts not in ((), kept))
    if replaced:
        draft.warn("tool.replaced", f"{replaced} lignes avaient une autre remise, remplacée")
    draft.set_all((line, {"discounts": kept}) for line in lines)
    return draft.plan([line.uid for line in lines])


def apply_coefficient(document: Document, uids: Iterable[str] | None, ratio: int) -> Plan:
    """Selling price = cost × coefficient (10⁻⁶) on the lines that have a cost."""
    return _price_by(document, uids, price_from_coefficient, ratio)


def apply_marque(document: Document, uids: Iterable[str] | None, marque: int) -> Plan:
    """Selling price that leaves this taux de marque (÷ selling price, 10⁻⁶)."""
    return _price_by(document, uids, price_from_marque, marque)


def apply_marge(document: Document, uids: Iterable[str] | None, marge: int) -> Plan:
    """Selling price that leaves this taux de marge (÷ cost, 10⁻⁶)."""
    return _price_by(document, uids, price_from_marge, marge)


def _price_by(
    document: Document,
    uids: Iterable[str] | None,
    price_from: Callable[[int, int, int, int], int],
    ratio: int,
) -> Plan:
    """Prices from costs; an ad hoc assembly through its components."""
    draft = Draft(document)
    children = children_of(draft.document)
    values, without = [], 0
    for line in _free(draft, leaves(scope(draft.document, uids), children)):
        cost = unit_cost(line, children.get(line.uid, ()))
        if not cost:
            without += 1
            continue
        vat = line.vat_rate if document.gross_mode else 0
        price = price_from(cost, ratio, document.price_decimals, vat)
        net = div_round(price * SCALE6, SCALE6 + vat)
        values.append((line, {"unit_price": price, "coefficient": coefficient(net, cost)}))
    if without:
        draft.warn("tool.no_cost", f"{without} lignes sans prix de revient, laissées")
    draft.set_all(values)
    return draft.plan([line.uid for line, _ in values])


def leaves(lines: Iterable[Line], children: Mapping[str, Sequence[Line]]) -> list[Line]:
    """The lines that carry a price of their own: for an ad hoc assembly, whose price is a sum,
    its components."""
    found: list[Line] = []
    for line in lines:
        inside = [one for one in children.get(line.uid, ()) if one.is_priced]
        if inside and line.type is LineType.AD_HOC_ASSEMBLY and not line.price_forced:
            found += leaves(inside, children)
        else:
            found.append(line)
    return found


def _free(draft: Draft, lines: Iterable[Line]) -> list[Line]:
    """The lines whose price is not forced; the others are counted in a warning."""
    lines = list(lines)
    free = [line for line in lines if not line.price_forced and line.basis == "computed"]
    if len(free) < len(lines):
        draft.warn(
            "tool.locked",
            f"{len(lines) - len(free)} lignes à prix forcé, laissées",
            "F2 les libère",
        )
    return free


def set_prices(document: Document, prices: Mapping[str, int]) -> Plan:
    """Apply another price list: the new unit price (10⁻⁴, in the document's mode) by line uid."""
    draft = Draft(document)
    chosen = [line for line in draft.document.lines if line.uid in prices and line.is_priced]
    free = _free(draft, chosen)
    draft.set_all((line, {"unit_price": prices[line.uid], "coefficient": 0}) for line in free)
    return draft.plan([line.uid for line in free])


def change_vat(
    document: Document, uids: Iterable[str] | None, rate: int, category: str = "S"
) -> Plan:
    """Give the lines this VAT, components with their assembly. The typed prices stay: in TTC
    mode the customer pays the same and the HT moves."""
    draft = Draft(document)
    lines = draft.document.lines if uids is None else closure(draft.document, uids)
    category, rate = vat_key(category, rate)
    priced = [line for line in lines if line.is_priced and not line.nature]
    draft.set_all((line, {"vat_category": category, "vat_rate": rate}) for line in priced)
    return draft.plan([line.uid for line in priced])


def set_footer(document: Document, footer_type: str, new_uid: NewUid, **values: object) -> Plan:
    """The one visible footer element of a type: made, changed, or taken away when both percent
    and amount are empty. values: fields of Adjustment (percent 10⁻⁶, amount cents…)."""
    if footer_type not in FOOTER_TYPES:
        raise invalid("adjustment.type", f"Pied de document : « {footer_type} » inconnu")
    there = [one for one in document.adjustments if one.type == footer_type and not one.hidden]
    return _put(document, there[0] if there else None, footer_type, new_uid, values)


def hide_charge(document: Document, new_uid: NewUid, **values: object) -> Plan:
    """Add a charge that is spread into the prices and never prints."""
    return _put(document, None, "charge", new_uid, {**values, "hidden": 1})


def _put(
    document: Document,
    there: Adjustment | None,
    footer_type: str,
    new_uid: NewUid,
    values: Mapping[str, object],
) -> Plan:
    blank = there or Adjustment(
        new_uid(),
        footer_type,
        position=max((one.position for one in document.adjustments), default=0) + 1024,
    )
    wanted = replace(blank, **values)  # type: ignore[arg-type]
    if not in_bounds(wanted.amount) or not in_bounds(wanted.percent or 0):
        raise invalid("amount.too_big", "Montant trop grand", "réduisez-le", "amount")
    draft = Draft(document)
    if not wanted.amount and not wanted.percent:
        draft.do(delete(there) if there else None)
    elif there:
        draft.do(set_adjustment(there, **values))
    else:
        draft.do(insert(wanted))
    return draft.plan(())


def gap_message(gap: int) -> str:
    """What a tool says when prices in the document's decimals cannot reach the amount asked."""
    return f"Il manque {format_cents(gap)}" if gap > 0 else f"Il y a {format_cents(-gap)} de trop"

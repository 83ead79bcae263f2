"""Tools that change what a line counts as (F7): options, variants, assemblies."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.domain.changes import order, set_line
from codial_tui.domain.document import HEADINGS, Document, Line, LineType
from codial_tui.domain.draft import Draft, Plan
from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import invalid
from codial_tui.domain.structure import roots, span_of

from .force_price import force_lines
from .lines import component_ratio, line_key
from .tools import gap_message


def choose_options(document: Document, uids: Iterable[str]) -> Plan:
    """The options chosen become normal lines and count (domain.md §2)."""
    draft = Draft(document)
    wanted = set(uids)
    options = [line for line in document.lines if line.uid in wanted and line.tag == "option"]
    draft.do(*(set_line(line, tag="") for line in options))
    return draft.plan([line.uid for line in options])


def choose_variant(document: Document, uid: str, base: Iterable[str] | None = None) -> Plan:
    """A variant takes the place and the tag of its base lines, which become variants of it, so
    that the choice can be changed again. base: by default the line above its group of variants.

    Raises Invalid when the line is no variant or has no base.
    """
    variant = document.line(uid)
    if variant.tag != "variant":
        raise invalid("variant.none", "Ce n'est pas une variante", "placez le curseur sur une /")
    bases = roots(document, _default_base(document, uid) if base is None else base)
    bases = [line for line in bases if line.is_priced and line.uid != uid]
    if not bases:
        raise invalid("variant.base", "Variante sans ligne de base", "placez-la sous sa ligne")
    draft = Draft(document)
    draft.do(set_line(variant, tag=bases[0].tag))
    draft.do(*(set_line(line, tag="variant") for line in bases))
    block = [document.lines[index] for index in span_of(document, uid)]
    own = {line.uid for line in block}
    rest = [line for line in document.lines if line.uid not in own]
    at = next(index for index, line in enumerate(rest) if line.uid == bases[0].uid)
    ordered = rest[:at] + block + rest[at:]
    draft.do(order(draft.document, [line.uid for line in ordered]))
    return draft.plan([uid, *(line.uid for line in bases)])


def _default_base(document: Document, uid: str) -> list[str]:
    """The nearest priced line above that is no variant, in the same section and assembly."""
    parent = document.line(uid).parent_uid
    for line in reversed(document.lines[: document.index_of(uid)]):
        if line.type in HEADINGS or line.uid == parent:
            break
        if line.parent_uid == parent and line.is_priced and line.tag != "variant":
            return [line.uid]
    return []


def close_subtitle(
    document: Document, uid: str, last: str | None = None, unit: str = "ens"
) -> Plan:
    """« Somme ST »: a subtitle and the lines under it, down to `last` or to the next subtitle or
    heading, become an ad hoc assembly of the same total.

    Raises Invalid when there is nothing priced under it or the lines differ in VAT.
    """
    subtitle = document.line(uid)
    if subtitle.type is not LineType.SUBTITLE:
        raise invalid("subtitle.none", "Ce n'est pas un sous-titre", "tapez ;;; pour en faire un")
    held = _under(document, uid, last)
    counting = [line for line in held if line.counts]
    if not counting:
        raise invalid("subtitle.empty", "Aucune ligne chiffrée sous ce sous-titre", "ajoutez-en")
    keys = {line_key(line) for line in counting}
    if len(keys) > 1:
        raise invalid(
            "subtitle.vat", "TVA différentes sous ce sous-titre", "un ensemble n'a qu'un taux"
        )
    category, rate = keys.pop()
    draft = Draft(document)
    draft.do(
        set_line(
            subtitle,
            type=LineType.AD_HOC_ASSEMBLY,
            quantity=SCALE4,
            unit=unit,
            vat_category=category,
            vat_rate=rate,
            basis="computed",
        ),
        *(
            set_line(line, parent_uid=uid, ratio=component_ratio(line.quantity, SCALE4))
            for line in held
        ),
    )
    draft.recompute([uid])
    gap = sum(line.amount for line in counting) - draft.document.line(uid).amount
    if gap:
        draft.warn("tool.gap", gap_message(gap), "un prix forcé ne se divise pas")
    return draft.plan([uid])


def _under(document: Document, uid: str, last: str | None) -> list[Line]:
    """The top-level lines under a subtitle."""
    held = []
    for line in document.lines[document.index_of(uid) + 1 :]:
        if line.type in HEADINGS or line.type is LineType.SUBTITLE:
            break
        if line.parent_uid is None:
            held.append(line)
        if line.uid == last:
            break
    return held


def explode(document: Document, uid: str) -> Plan:
    """An assembly becomes a subtitle, its components normal lines that cost what it cost: their
    prices are brought to its amount; what prices cannot express is said.

    Raises Invalid when it is no assembly or has no priced component.
    """
    assembly = document.line(uid)
    components = list(document.components(uid))
    priced = [line for line in components if line.is_priced]
    if assembly.type not in (LineType.ASSEMBLY, LineType.AD_HOC_ASSEMBLY) or not priced:
        raise invalid("assembly.none", "Rien à éclater ici", "choisissez un ouvrage ou un ensemble")
    counted = [line.uid for line in priced if not line.tag]
    draft = Draft(document)
    draft.do(
        set_line(
            assembly,
            type=LineType.SUBTITLE,
            tag="",
            quantity=0,
            unit_price=0,
            discounts=(),
            discount_amount=0,
            eco_contribution=0,
            price_forced=0,
            is_open=0,
            basis="computed",
        )
    )
    for line in components:
        values: dict[str, object] = {"parent_uid": assembly.parent_uid}
        if assembly.parent_uid is None:
            values["ratio"] = 0
        if line.is_priced:
            values |= {"vat_category": assembly.vat_category, "vat_rate": assembly.vat_rate}
            values["tag"] = line.tag or assembly.tag
        draft.do(set_line(line, **values))
    force_lines(draft, counted, assembly.amount)
    return draft.plan()

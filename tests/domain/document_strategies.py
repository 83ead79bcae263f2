"""Random documents for property tests, and short ways to write one by hand."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.lines.lines import component_ratio
from codial_tui.domain.lines.recompute import recompute

KEYS = (("S", 200_000), ("S", 100_000), ("S", 55_000), ("S", 21_000), ("E", 0), ("AE", 0))


def line(uid: str, quantity: str = "1", price: str = "0", **values: Any) -> Line:
    """A line from decimal texts: `line("a", "12", "8.45", discounts=(100_000,))`."""
    return Line(uid, quantity=_scaled(quantity), unit_price=_scaled(price), label=uid, **values)


def heading(uid: str, level: int = 1, kind: LineType = LineType.CHAPTER) -> Line:
    return Line(uid, kind, level=level, label=uid)


def document(*lines: Line, adjustments: tuple[Adjustment, ...] = (), **header: Any) -> Document:
    """A document with positions and amounts in place."""
    made = Document(1, "document", "quote", dict(header), list(lines), list(adjustments))
    for number, one in enumerate(made.lines, 1):
        one.position = number * 1024
    for number, adjustment in enumerate(made.adjustments, 1):
        adjustment.position = number * 1024
    apply(made, recompute(made))
    return made


def uids() -> Any:
    """A factory of new uids."""
    numbers = count(1)
    return lambda: f"new-{next(numbers)}"


def _scaled(text: str) -> int:
    whole, _, fraction = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole or 0)) * 10_000 + int(fraction.ljust(4, "0") or 0))


@st.composite
def priced_lines(draw: st.DrawFn, uid: str) -> Line:
    category, rate = draw(st.sampled_from(KEYS))
    return Line(
        uid,
        label=uid,
        quantity=draw(st.integers(-200, 2_000)) * draw(st.sampled_from((1, 1_000, 10_000))),
        unit_price=draw(st.integers(0, 500_000)) * 100,
        price_per=draw(st.sampled_from((10_000, 10_000, 1_000_000))),
        discounts=tuple(draw(st.lists(st.integers(0, 600_000), max_size=2))),
        vat_category=category,
        vat_rate=rate,
        cost_price=draw(st.integers(0, 300_000)) * 100,
        eco_contribution=draw(st.sampled_from((0, 0, 12, 250))),
        tag=draw(st.sampled_from(("", "", "", "", "option", "variant", "informative"))),
        price_forced=draw(st.sampled_from((0, 0, 0, 1))),
    )


@st.composite
def adjustments(draw: st.DrawFn, uid: str) -> Adjustment:
    kind = draw(st.sampled_from(("discount", "discount", "charge", "shipping", "billing_fee")))
    key = draw(st.sampled_from((None, None, *KEYS)))
    percent = draw(st.one_of(st.none(), st.integers(0, 300_000)))
    return Adjustment(
        uid,
        kind,
        percent=percent,
        amount=0 if percent is not None else draw(st.integers(-50_000, 500_000)),
        vat_category=key[0] if key else None,
        vat_rate=key[1] if key else None,
        hidden=int(kind == "charge" and draw(st.booleans())),
    )


@st.composite
def documents(draw: st.DrawFn, max_lines: int = 12) -> Document:
    """Chapters, titles, comments, assemblies with components, options, a footer, in any mode."""
    lines: list[Line] = []
    names = (f"line-{number}" for number in count(1))
    for _ in range(draw(st.integers(0, max_lines))):
        kind = draw(st.sampled_from(("item", "item", "item", "chapter", "title", "note", "set")))
        if kind == "chapter":
            lines.append(heading(next(names), draw(st.integers(1, 3))))
        elif kind == "title":
            lines.append(heading(next(names), 1, LineType.TITLE))
        elif kind == "note":
            note = draw(st.sampled_from((LineType.COMMENT, LineType.SUBTITLE, LineType.PAGE_BREAK)))
            lines.append(Line(next(names), note, label="note"))
        elif kind == "set":
            lines += draw(_assemblies(names))
        else:
            lines.append(draw(priced_lines(next(names))))
    footer = [draw(adjustments(f"foot-{n}")) for n in range(draw(st.integers(0, 3)))]
    return document(
        *lines,
        adjustments=tuple(footer),
        price_mode=draw(st.sampled_from(("net", "gross"))),
        price_decimals=draw(st.sampled_from((2, 3, 4))),
        vat_rounding=draw(st.sampled_from(("rate", "rate", "line"))),
    )


@st.composite
def _assemblies(draw: st.DrawFn, names: Any) -> list[Line]:
    holder = draw(priced_lines(next(names)))
    holder.type = draw(st.sampled_from((LineType.ASSEMBLY, LineType.AD_HOC_ASSEMBLY)))
    holder.discounts = holder.discounts[:1]
    held = []
    for _ in range(draw(st.integers(0, 3))):
        component = draw(priced_lines(next(names)))
        component.parent_uid = holder.uid
        component.ratio = component_ratio(component.quantity, 10_000)
        held.append(component)
    return [holder, *held]

"""The lines of a document as rows of paper: what stands in each cell, and what goes apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from codial_tui.domain.document import OUT_OF_TOTAL, Document, Line, LineType
from codial_tui.domain.lines.lines import round_price
from codial_tui.domain.lines.totals import spread_hidden
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.quantity import format_cents, format_percent, format_price, format_quantity
from codial_tui.domain.structure import numbers, subtotals

from .paper import PaperColumn, Row, RowStyle, Table
from .print_layout import PROGRESS, Layout

TAG_WORDS = {"option": "Option", "variant": "Variante", "informative": "Pour information"}
_STYLES = {
    LineType.CHAPTER: RowStyle.CHAPTER,
    LineType.TITLE: RowStyle.TITLE,
    LineType.SUBTITLE: RowStyle.SUBTITLE,
    LineType.COMMENT: RowStyle.COMMENT,
    LineType.ITEM: RowStyle.ITEM,
    LineType.ASSEMBLY: RowStyle.ASSEMBLY,
    LineType.AD_HOC_ASSEMBLY: RowStyle.ASSEMBLY,
    LineType.PAGE_BREAK: RowStyle.PAGE_BREAK,
}


@dataclass(frozen=True, slots=True)
class Printing:
    """What the cells of a document are made from. printed: amounts with hidden charges inside;
    ordered: by line uid, quantity of the order and what was delivered of it before, 10⁻⁴."""

    document: Document
    printed: dict[str, int]
    subtotals: dict[str, int]
    numbers: dict[str, str]
    ordered: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, document: Document, ordered: Mapping[str, tuple[int, int]]) -> Printing:
        printed = spread_hidden(document)
        return cls(document, printed, subtotals(document, printed), numbers(document), ordered)


Cell = Callable[[Printing, Line], str]


def _number(printing: Printing, line: Line) -> str:
    if line.parent_uid is not None or line.type is LineType.COMMENT:
        return ""
    return printing.numbers.get(line.uid, "")


def _reference(printing: Printing, line: Line) -> str:
    return line.reference


def _label(printing: Printing, line: Line) -> str:
    return line.label


def _quantity(printing: Printing, line: Line) -> str:
    return format_quantity(line.quantity) if line.is_priced else ""


def _ordered(printing: Printing, line: Line) -> str:
    known = printing.ordered.get(line.uid)
    return format_quantity(known[0]) if known else ""


def _before(printing: Printing, line: Line) -> str:
    known = printing.ordered.get(line.uid)
    return format_quantity(known[1]) if known and known[1] else ""


def _rest(printing: Printing, line: Line) -> str:
    """What the order still waits for once this is delivered; more than it asked for is no rest."""
    known = printing.ordered.get(line.uid)
    return format_quantity(max(known[0] - known[1] - line.quantity, 0)) if known else ""


def _unit(printing: Printing, line: Line) -> str:
    return line.unit if line.is_priced else ""


def _unit_price(printing: Printing, line: Line) -> str:
    """The price as printed; with a hidden charge in it, as many decimals as the document has."""
    if not line.is_priced or line.parent_uid is not None:
        return ""
    price, decimals = line.unit_price, printing.document.price_decimals
    printed = printing.printed.get(line.uid, line.amount)
    if printed != line.amount and line.amount:
        price = round_price(price * printed, line.amount, decimals)
    text = format_price(price, decimals)
    return text if line.price_per == 10_000 else f"{text} /{format_quantity(line.price_per, 0)}"


def _discounts(printing: Printing, line: Line) -> str:
    if not line.is_priced or line.parent_uid is not None:
        return ""
    parts = [format_percent(ratio).replace(" ", "") for ratio in line.discounts if ratio]
    if line.discount_amount:
        parts.append(f"{format_cents(line.discount_amount)} €")
    return "+".join(parts)


def _vat_rate(printing: Printing, line: Line) -> str:
    if not line.is_priced or line.parent_uid is not None:
        return ""
    return format_percent(line.vat_rate).replace(" ", "") if line.vat_category == "S" else "–"


def _amount(printing: Printing, line: Line) -> str:
    if line.uid in printing.subtotals:
        return format_cents(printing.subtotals[line.uid])
    if not line.is_priced or line.parent_uid is not None:
        return ""
    return format_cents(printing.printed.get(line.uid, line.amount))


CELLS: dict[str, Cell] = {
    "number": _number,
    "reference": _reference,
    "label": _label,
    "quantity": _quantity,
    "ordered": _ordered,
    "before": _before,
    "rest": _rest,
    "unit": _unit,
    "unit_price": _unit_price,
    "discounts": _discounts,
    "vat_rate": _vat_rate,
    "amount": _amount,
}
"""What a layout may name as a column."""


def columns_of(printing: Printing, layout: Layout) -> tuple[PaperColumn, ...]:
    """The layout's columns for this document: HT or TTC said, folded ones left out.

    Raises KeyError for a column that has no cell.
    """
    document = printing.document
    mode = "TTC" if document.gross_mode else "HT"
    priced = [line for line in document.top_lines() if line.is_priced]

    def fills(name: str) -> bool:
        if name == "vat_rate":
            return len({(line.vat_category, line.vat_rate) for line in priced}) > 1
        if name == "discounts":
            return any(any(line.discounts) or line.discount_amount for line in priced)
        if name in PROGRESS:
            return any(CELLS[name](printing, line) for line in document.lines)
        return any(getattr(line, name) for line in document.lines)

    chosen = (one for one in layout.columns if one.name not in layout.folds or fills(one.name))
    columns = tuple(replace(one, label=one.label.format(mode=mode)) for one in chosen)
    for column in columns:
        if column.name not in CELLS:
            raise KeyError(f"{layout.name}: no cell {column.name}")
    return columns


def tables_of(
    document: Document,
    layout: Layout,
    *,
    options_apart: bool,
    components: bool,
    ordered: Mapping[str, tuple[int, int]],
) -> tuple[Table, Table | None]:
    """The lines, and the options and variants when they stand apart (None without any).

    In place, what does not count has its amount in parentheses. components: print what is in an
    assembly, quantities only (its price is the assembly's).
    """
    printing = Printing.of(document, ordered)
    columns = columns_of(printing, layout)
    main: list[Row] = []
    apart: list[Row] = []
    moved: set[str] = set()
    for line in document.lines:
        if line.parent_uid is not None:
            if not components:
                continue
            is_apart = line.parent_uid in moved
        else:
            is_apart = options_apart and line.is_priced and line.tag in ("option", "variant")
        if is_apart:
            moved.add(line.uid)
        (apart if is_apart else main).append(_row(printing, line, columns, is_apart))
    options = Table(columns, tuple(apart), _options_title(document, moved)) if apart else None
    return Table(columns, tuple(main), carries=layout.carries), options


def _options_title(document: Document, moved: set[str]) -> str:
    tags = {line.tag for line in document.lines if line.uid in moved}
    words = [word for tag, word in (("option", "Options"), ("variant", "Variantes")) if tag in tags]
    title = " et ".join(words)
    return f"{title[0]}{title[1:].lower()} – non comprises dans le total"


def _row(printing: Printing, line: Line, columns: tuple[PaperColumn, ...], is_apart: bool) -> Row:
    style = RowStyle.COMPONENT if line.parent_uid is not None else _STYLES[line.type]
    if style is RowStyle.PAGE_BREAK:
        return Row(style)
    texts = {column.name: CELLS[column.name](printing, line) for column in columns}
    wide = next(column.name for column in columns if not column.width)
    counts_not = line.is_priced and line.tag in OUT_OF_TOTAL
    if counts_not and line.parent_uid is None:
        word = TAG_WORDS[line.tag]
        texts[wide] = f"{word} : {texts[wide]}"
        if not is_apart and texts.get("amount"):
            texts["amount"] = f"({texts['amount']})"
    if style is RowStyle.CHAPTER and "number" not in texts:
        texts[wide] = f"{printing.numbers[line.uid]}  {texts[wide]}"
    return Row(
        style,
        tuple(texts[column.name] for column in columns),
        details=_details(line),
        level=line.level,
        carried=printing.printed.get(line.uid, 0) if line.counts else 0,
        break_before=bool(line.page_break),
    )


def _details(line: Line) -> str:
    """What stands under a line: why it costs nothing, then its text."""
    if not (line.covered and line.is_priced and line.parent_uid is None):
        return line.long_text
    return "\n".join(filter(None, (coverage.said(line), line.long_text)))

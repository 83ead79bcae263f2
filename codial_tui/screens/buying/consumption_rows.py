"""Consommation drawn: rows of sums with their bars, lines, records; and what hours are typed as."""

from __future__ import annotations

from datetime import date

from codial_tui.domain.buying.consumption import Entry, Summary, Tracked, bar
from codial_tui.domain.dates import parse_date
from codial_tui.domain.money import div_round
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import (
    format_cents,
    format_price,
    format_quantity,
    format_scaled,
    parse_quantity,
)
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.services.buying.consumption import LABOUR, Tracking, categories
from codial_tui.services.context import Context
from codial_tui.widgets.row_source import Row
from codial_tui.widgets.rows import Text

BAR = 26
SUMS = (
    Column("label", "Rubrique", min_width=10, shrinks=True),
    Column("planned", "Prévu", FieldType.CENTS, width=10, width_from_data=True),
    Column("spent", "Déboursé", FieldType.CENTS, width=10, width_from_data=True),
    Column("difference", "Écart", FieldType.CENTS, width=10, width_from_data=True),
    Column("bar", "Déboursé ■ prévu │", width=BAR),
)
LINES = (
    Column("reference", "Référence", width=9, min_width=9, shrinks=True, width_from_data=True),
    Column("label", "Désignation", min_width=10, shrinks=True),
    Column("quantity", "Prévu", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("consumed", "Réel", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("unit", "U", width=3, width_from_data=True),
    Column("cost", "Coût", FieldType.PRICE, width=7, width_from_data=True),
    Column("spent", "Déboursé", FieldType.CENTS, width=9, width_from_data=True),
    Column("difference", "Écart", FieldType.CENTS, width=8, width_from_data=True),
)
QUANTITIES = LINES[:5]
"""What who may not see costs sees."""
ITEMS = (
    Column("reference", "Référence", width=16),
    Column("label", "Désignation", min_width=20, shrinks=True),
    Column("unit", "U", width=4),
)
RECORDS = (
    Column("date", "Date", width=8),
    Column("what", "Ligne", width=14, shrinks=True),
    Column("said", "Saisie", min_width=16, shrinks=True),
    Column("user", "Par", width=12, shrinks=True),
    Column("state", "", width=12),
)


def sum_rows(summary: Summary) -> list[Row]:
    """A row a category with its bar, then the total."""
    if not summary.sums:
        return []
    most = max(max(one.planned, one.spent) for one in summary.sums)
    rows = [
        Row(place, _cells(one.label, one.planned, one.spent, _bar(one.planned, one.spent, most)))
        for place, one in enumerate(summary.sums)
    ]
    own = max(summary.planned, summary.spent)
    total = _cells(
        "TOTAL", summary.planned, summary.spent, _bar(summary.planned, summary.spent, own)
    )
    return [*rows, Row("total", total, "chapter")]


def _cells(label: str, planned: int, spent: int, drawn: str) -> tuple[str, ...]:
    return (label, *map(format_cents, (planned, spent, planned - spent)), drawn)


def _bar(planned: int, spent: int, most: int) -> str:
    """`■■■■──│` below the plan, `■■■│■■` above it."""
    filled, mark = bar(planned, spent, most, BAR)
    cells = ["■" if at < filled else "─" for at in range(max(filled, mark))]
    if mark:
        cells[mark - 1] = "│"
    return "".join(cells)


def margins(summary: Summary) -> tuple[Text, Text]:
    """The two rows under the chart: sale, planned and real margin."""
    planned = f"{format_cents(summary.planned_margin)} €{_rate(summary.planned_rate)}"
    real = f"{format_cents(summary.real_margin)} €{_rate(summary.real_rate)}"
    role = "" if summary.real_margin >= 0 else "danger"
    sign = "" if summary.real_margin >= 0 else "! "
    beside = f"Facturé par les BI {format_cents(summary.beside)} €" if summary.beside else ""
    return (
        Text(f"Vente HT {format_cents(summary.sale)} €", f"marge prévue {planned}"),
        Text(beside, f"{sign}marge réelle {real}", role),
    )


def _rate(rate: int | None) -> str:
    return "" if rate is None else f" = {format_scaled(div_round(rate, 100), 100, 2)} %"


def line_row(one: Tracked, costs: bool) -> Row:
    """`×` will not be fitted, `+` was not planned, `!` costs more than planned."""
    cells: tuple[str, ...] = (
        one.reference,
        one.label,
        format_quantity(one.quantity, 2) if one.is_planned else "",
        format_quantity(one.consumed, 2),
        one.unit,
        format_price(one.own_cost),
        format_cents(one.spent),
        format_cents(one.difference),
    )
    cells = cells if costs else cells[: len(QUANTITIES)]
    if one.unfitted is not None:
        return Row(one.what, cells, "muted", "×")
    if not one.is_planned:
        return Row(one.what, cells, "", "+")
    over = costs and one.difference < 0
    return Row(one.what, cells, "", "!" if over else "", "danger" if over else "")


def facts(one: Tracked, costs: bool) -> str:
    """Row 23: what was planned of a line, what suppliers invoiced, how many records."""
    words = []
    if one.unfitted is not None:
        words.append("non posé")
    if one.is_planned and not costs:
        words.append(f"prévu {format_quantity(one.quantity, 0)}")
    elif one.is_planned:
        cost = f"{format_quantity(one.quantity, 0)} × {format_price(one.unit_cost)}"
        words.append(f"prévu {cost} = {format_cents(one.planned)}")
    else:
        words.append("non prévu")
    if one.billed.quantity and costs:
        words.append(f"facturé {format_cents(one.billed.amount)}")
    if one.records:
        words.append(f"{one.records} saisie{'s' if one.records > 1 else ''}")
    return " · ".join(words)


def record_rows(found: Tracking, what: str, costs: bool) -> list[Row]:
    """The records of a line, of all lines for "", the newest first."""
    gone = {one.reverses: one for one in found.entries if one.kind == "reversal"}
    rows = []
    for one in reversed(found.entries):
        if one.kind == "reversal" or what not in ("", one.what):
            continue
        state = f"contre-passé {gone[one.id].user}" if one.id in gone else ""
        day = f"{one.date[8:10]}/{one.date[5:7]}/{one.date[2:4]}"
        cells = (day, one.reference or one.label, _said(one, costs), one.user, state)
        rows.append(Row(str(one.id), cells, "muted" if state else ""))
    return rows


def _said(one: Entry, costs: bool) -> str:
    if one.kind == "unfitted":
        return "non posé"
    if one.kind == "cost":
        return f"coût réel {format_price(one.unit_cost)}" if costs else "coût réel"
    if one.kind == "spend":
        return f"{one.source} {format_cents(one.amount)}" if costs else one.source
    said = f"{format_quantity(one.quantity, 0)} {one.unit}".strip()
    who = f" · {one.worker}" if one.worker else ""
    return f"{said} × {format_price(one.unit_cost)}{who}" if costs else f"{said}{who}"


def is_labour(context: Context, one: Tracked | None) -> bool:
    """Whether hours go to a line."""
    codes = {each.code for each in categories(context) if each.billing_class in LABOUR}
    return one is not None and one.category in codes


def hours(text: str, today: date) -> tuple[int, str, str]:
    """`7,5 claire 20/11`: hours (10⁻⁴), login, ISO day. Raises Invalid and Refused."""
    words = text.split()
    if not words:
        raise refuse("consumption.hours", "Combien d'heures ?", "7,5 claire 20/11")
    by, day = "", ""
    for word in words[1:3]:
        try:
            day = parse_date(word, today).isoformat()
        except Invalid:
            if by:
                raise
            by = word
    return parse_quantity(words[0]), by, day

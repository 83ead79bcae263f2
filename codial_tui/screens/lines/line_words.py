"""What rows 21 to 23 say in Lignes: totals, the current line, how many."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.document import Line
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.quantity import (
    format_cents,
    format_percent,
    format_price,
    format_quantity,
)
from codial_tui.domain.spec import Side
from codial_tui.services.buying import back_to_back
from codial_tui.services.chain import delivering
from codial_tui.services.documents import line_tools
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import catalogue
from codial_tui.services.stock import awaited

TAGS = {"option": "option", "variant": "variante", "informative": "informatif"}
WIDTH = 78


def sums_text(editor: Editor, folded: Mapping[str, str]) -> str:
    """Row 21: brut, footer, VAT by rate, TTC, taux de marque, and the columns folded into it
    (label → their one value)."""
    sums = editor.totals
    parts = []
    if sums.discount or sums.charges:
        parts.append(f"Brut {format_cents(sums.brut)}")
    if sums.discount:
        parts.append(f"Remise {format_cents(sums.discount)}")
    if sums.charges:
        parts.append(f"Frais {format_cents(sums.charges)}")
    if editor.document.gross_mode or not parts:
        parts.append(f"HT {format_cents(sums.net)}")
    vat = [f"TVA {format_percent(one.rate)} {format_cents(one.amount)}" for one in sums.vat]
    parts += vat if len(vat) <= 1 else [f"TVA {format_cents(sums.vat_total)}"]
    parts.append(f"TTC {format_cents(sums.gross)}")
    kept = len(parts)
    is_sale = editor.kind.side is Side.SALE
    if delivering.has_deliveries(editor.kind.tab("lines")):
        done, wanted = line_tools.delivered_amounts(editor)
        parts += [f"{'livré' if is_sale else 'reçu'} {format_cents(done)}"] if done else []
        parts += (
            [f"à {'livrer' if is_sale else 'recevoir'} {format_cents(wanted)}"] if wanted else []
        )
    elif sums.works_net and is_sale and editor.context.user.may("see_costs"):
        share = sums.margin * 1000 // sums.works_net * 1000
        parts.append(f"Marque {format_percent(share)}")
    parts += [f"{label} {value}" for label, value in folded.items() if value and label != "TVA"]
    text = "  ".join(parts)
    while len(text) > WIDTH:  # closer, then whole parts go: the last ones, then from brut on
        text = " ".join(parts)
        if len(text) > WIDTH:
            parts.pop(-1 if len(parts) > kept else 0)
            kept = min(kept, len(parts))
    return text


def line_facts(editor: Editor, line: Line) -> str:
    """Row 23: what one should know of the current line: what open documents hold of it, stock,
    cost, VAT."""
    context = editor.context
    if not line.is_priced:
        return line.label
    parts = [line.label, *awaited.said(context, editor.document, line)]
    if line.covered and line.parent_uid is None:
        worth = coverage.worth(editor.document, line)
        parts.insert(1, f"{coverage.said(line).lower()} ({format_cents(worth)})")
    if line.stock_managed and line.item_id:
        level = catalogue.stock(context, [line.item_id]).get(line.item_id, 0)
        parts.append(f"stock {format_quantity(level, 0)}")
    if line.delivery_date and line.delivery_date != editor.document.header.get("delivery_date"):
        parts.append(f"prévu le {line.delivery_date[8:10]}/{line.delivery_date[5:7]}")
    parts += [one.text for one in delivering.held_by_open(editor, line)]
    if _is_tied(editor, line):
        today = context.today.isoformat()
        parts[1:1] = back_to_back.said(context.database, line.uid, today)[:1]
    if context.user.may("see_costs") and line.cost_price:
        parts.append(f"revient {format_price(line.cost_price)}")
    if line.vat_category == "S":
        parts.append(f"TVA {format_percent(line.vat_rate)}")
    if line.tag:
        parts.append(TAGS[line.tag])
    return " · ".join(parts)


def _is_tied(editor: Editor, line: Line) -> bool:
    """Whether something is bought for a line, or it is bought for another: known without asking
    the database at every key."""
    return "buy" in editor.taken.get(line.uid, ()) or any(
        one.relation == "supply" and one.target_uid == line.uid
        for one in editor.document.links.values()
    )


def counted(count: int, done: str = "") -> str:
    """`1 ligne copiée`, `12 lignes copiées`."""
    plural = "s" if count > 1 else ""
    return f"{count} ligne{plural} {done}{plural if done else ''}".rstrip()

"""From what was typed on the entry line to the lines it makes: Enter does it, as one step.

What it would do is read back first (`entry_reading`); the parsing itself is `domain.entry`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Line, LineType
from codial_tui.domain.entry import entry_kinds as said
from codial_tui.domain.lines import arrange
from codial_tui.domain.lines.lines import component_quantity, component_ratio, line_amount
from codial_tui.domain.money import SCALE6
from codial_tui.domain.problems import invalid
from codial_tui.domain.quantity import (
    format_price,
    parse_percent,
)
from codial_tui.domain.structure import closure
from codial_tui.errors import refuse
from codial_tui.services.records import catalogue
from codial_tui.services.stock import awaited

from . import favourites, pricing
from .editing import Editor
from .entry_reading import ONE, Reading, current_line, describe, open_assembly, read

__all__ = ["Reading", "delete_lines", "edit_line", "enter", "read"]


def enter(
    editor: Editor, reading: Reading, after: str | None, *, long_text: str = ""
) -> str | None:
    """Do what was read, as one step after the line `after`; returns the uid to stand on.
    long_text: what a text line says beyond its first line."""
    document, entry = editor.document, reading.entry
    match entry:
        case said.Item() | said.FreeItem():
            if reading.line is None:
                raise refuse("entry.incomplete", reading.text)
            typed = entry.unit_price
            if (taken := _received(editor, reading.line, after, typed)) is not None:
                return taken
            return _insert(editor, _with_components(editor, reading), after, describe(reading.line))
        case said.Increment():
            line = current_line(document, after)
            assert line is not None
            if (taken := _received(editor, replace(line, quantity=ONE), after)) is not None:
                return taken
            editor.commit([set_line(line, quantity=line.quantity + ONE)], f"{line.reference} + 1")
            return line.uid
        case said.CloseAssembly():
            return _close_assembly(editor, after)
        case said.Repeat():
            return _repeat(editor, entry, after)
        case said.Favourite(key=key):
            return _favourite(editor, key, after)
    line = _text_line(editor, entry)
    if line is None:
        raise refuse("entry.nothing", "Rien à ajouter")
    line.long_text = long_text
    return _insert(editor, [line], after, line.label or "Saut de page")


def _received(
    editor: Editor, line: Line, after: str | None, price: int | None = None
) -> str | None:
    """On a receipt, an item comes from the supplier's open orders first; None when it does not."""
    if line.item_id is None or line.tag:
        return None
    return awaited.enter(editor, line.item_id, line.quantity, after, price)


def _text_line(editor: Editor, entry: said.Entry) -> Line | None:
    uid = editor.context.uid()
    match entry:
        case said.Chapter(level=level, label=label) if label:
            return Line(uid, LineType.CHAPTER, level=level, label=label)
        case said.Title(text=text) if text:
            return Line(uid, LineType.TITLE, label=text)
        case said.Subtitle(text=text) if text:
            return Line(uid, LineType.SUBTITLE, label=text)
        case said.Comment(text=text) if text:
            return Line(uid, LineType.COMMENT, label=text)
        case said.OpenAssembly(label=label) if label:
            return Line(
                uid,
                LineType.AD_HOC_ASSEMBLY,
                label=label,
                quantity=ONE,
                unit="ens",
                is_open=1,
                vat_category=editor.document.text("vat_category") or "S",
                vat_rate=editor.document.number("vat_rate"),
            )
        case said.PageBreak():
            return Line(uid, LineType.PAGE_BREAK)
    return None


def _with_components(editor: Editor, reading: Reading) -> list[Line]:
    """The line, and for an assembly of the catalogue the document's own copy of its components."""
    line = reading.line
    assert line is not None
    lines = [line]
    if reading.item is not None and reading.item.is_assembly:
        for item, ratio in catalogue.components(editor.context, reading.item.id):
            price = pricing.price_of(editor.context, editor.document, item, ONE).price or 0
            quantity = component_quantity(ratio, line.quantity)
            part = catalogue.line_of(editor.context, editor.document, item, quantity, price)
            part.parent_uid, part.ratio = line.uid, ratio
            part.amount = line_amount(part)
            lines.append(part)
    return lines


def _insert(editor: Editor, lines: Sequence[Line], after: str | None, label: str) -> str:
    """Insert lines after the current one as one step, into the ad hoc assembly that is open
    there when there is one. Returns the uid of the first."""
    holder = open_assembly(editor.document, after) if lines[0].is_priced else None
    planned = editor.document.text("planned_date")
    for line in lines:
        if planned and line.is_priced and line.parent_uid is None and holder is None:
            line.delivery_date = line.delivery_date or planned
    if holder is not None:
        for line in lines:
            if line.parent_uid is None:
                line.ratio = component_ratio(line.quantity, holder.quantity)
    inside = holder.uid if holder else None
    editor.commit(arrange.insert_lines(editor.document, lines, after, inside), f"Ligne {label}")
    return lines[0].uid


def _close_assembly(editor: Editor, after: str | None) -> str:
    holder = open_assembly(editor.document, after)
    if holder is None:
        raise refuse("assembly.none", "Aucun ensemble ouvert", "(texte en ouvre un")
    editor.commit([set_line(holder, is_open=0)], f"Ensemble {holder.label} fermé")
    return holder.uid


def _repeat(editor: Editor, entry: said.Repeat, after: str | None) -> str:
    document = editor.document
    model = current_line(document, after)
    if model is None or not model.is_priced:
        raise refuse("entry.nothing", "Rien à répéter", "placez-vous sur une ligne chiffrée")
    clip = arrange.copy(document, [model.uid])
    given: dict[str, object] = {}
    if entry.quantity is not None:
        given["quantity"] = entry.quantity
    if entry.unit_price is not None:
        given["unit_price"] = entry.unit_price
    if entry.discounts:
        given["discounts"] = entry.discounts
    clip = replace(clip, rows=({**clip.rows[0], **given}, *clip.rows[1:]))
    plan = arrange.paste(document, clip, after, editor.context.uid, model.parent_uid)
    editor.run(plan, f"Ligne {model.reference or model.label}")
    return next(str(change.uid) for change in plan.changes if change.op == "insert")


def _favourite(editor: Editor, key: str, after: str | None) -> str | None:
    text = favourites.text_of(editor.context, key)
    if text is None:
        raise refuse("favourite.none", f"Aucun favori sur la touche {key}", "F7 K en pose un")
    reading = read(editor, text, after)
    if reading.error or isinstance(reading.entry, said.Favourite):
        raise refuse("favourite.wrong", f"Le favori {key} ne se lit pas", reading.text)
    return enter(editor, reading, after)


def edit_line(editor: Editor, uid: str, **values: object) -> None:
    """Give a line other values, as one step; components follow their assembly's quantity.
    Raises Invalid for a price with more decimals than the document has."""
    line = editor.document.line(uid)
    price, decimals = values.get("unit_price"), editor.document.price_decimals
    if isinstance(price, int) and price % 10 ** (4 - decimals):
        raise invalid(
            "number.decimals",
            f"{format_price(price)} : {decimals} décimales au plus",
            "Entête, Décimales",
            "unit_price",
        )
    editor.commit([set_line(line, **values)], f"Ligne {line.reference or line.label} modifiée")


def discounts_of(text: str) -> tuple[int, ...]:
    """`10`, `10-5`, `10%-5%`: a cascade of discounts (10⁻⁶); empty for none. Raises Invalid."""
    parts = [part for part in text.replace("%", "").replace("+", "-").split("-") if part.strip()]
    ratios = tuple(parse_percent(part) for part in parts)
    if len(ratios) > MOST_DISCOUNTS or any(not 0 <= ratio <= SCALE6 for ratio in ratios):
        raise invalid("discount.range", "Remise de 0 à 100 %, six en cascade au plus", "10-5")
    return ratios


MOST_DISCOUNTS = 6


def delete_lines(editor: Editor, uids: Iterable[str]) -> int:
    """Delete lines and what they hold as one step; returns how many went."""
    chosen = list(uids)
    held = closure(editor.document, chosen)
    if not held:
        return 0
    label = held[0].label if len(held) == 1 else f"{len(held)} lignes"
    editor.run(arrange.delete(editor.document, chosen), f"Supprimé {label}")
    return len(held)

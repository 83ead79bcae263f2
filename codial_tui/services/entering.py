"""From what was typed on the entry line to the lines it makes: row 23 reads it back, Enter does it.

`read` never writes; `enter` commits one step. The parsing itself is `domain.entry`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from codial_tui.domain import arrange
from codial_tui.domain import entry_kinds as said
from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.entry import parse_entry
from codial_tui.domain.lines import component_quantity, component_ratio, line_amount
from codial_tui.domain.money import SCALE4, SCALE6
from codial_tui.domain.problems import Invalid, invalid
from codial_tui.domain.quantity import (
    format_cents,
    format_percent,
    format_price,
    format_quantity,
    parse_percent,
)
from codial_tui.domain.structure import closure
from codial_tui.errors import refuse

from . import catalogue, favourites, pricing
from .catalogue import Item
from .editing import Editor

ONE = SCALE4


@dataclass(frozen=True, slots=True)
class Reading:
    """What Enter will do. text: row 23. error: refused, with the wrong part's place."""

    entry: said.Entry
    text: str = ""
    item: Item | None = None
    line: Line | None = None
    error: bool = False
    start: int = 0
    end: int = 0


def read(editor: Editor, text: str, after: str | None) -> Reading:
    """Read the entry line back; nothing is written. after: the current line's uid."""
    document = editor.document
    entry = parse_entry(
        text,
        catalogue.ExactLookup(editor.context),
        price_decimals=document.price_decimals,
        last=_last_line(editor, after),
        signs=favourites.signs(editor.context),
    )
    if isinstance(entry, said.Refused):
        return Reading(entry, entry.problem.text, error=True, start=entry.start, end=entry.end)
    try:
        if isinstance(entry, said.Item):
            return _read_item(editor, entry)
        if isinstance(entry, said.FreeItem):
            return _read_free(editor, entry)
    except Invalid as error:  # the amount does not fit
        return Reading(entry, error.problems[0].text, error=True)
    return Reading(entry, _words_for(entry, document, after))


def _last_line(editor: Editor, after: str | None) -> said.LastLine | None:
    line = _current(editor.document, after)
    if line is None or not line.reference or line.type is not LineType.ITEM:
        return None
    item = catalogue.by_reference(editor.context, line.reference)
    if item is None:
        return None
    usual = pricing.price_of(editor.context, editor.document, item, line.quantity)
    same = line.unit_price == usual.price and line.discounts == usual.discounts
    return said.LastLine(line.reference, same and not line.tag and not line.discount_amount)


def _current(document: Document, after: str | None) -> Line | None:
    if not document.lines:
        return None
    return document.lines[-1] if after is None else document.line(after)


def _read_item(editor: Editor, entry: said.Item) -> Reading:
    context, document = editor.context, editor.document
    item = catalogue.by_reference(context, entry.reference)
    if item is None:
        raise refuse("item.unknown", f"Article {entry.reference} inconnu", "F4 cherche")
    if entry.assembly_only and not item.is_assembly:
        return Reading(entry, f"{item.reference} n'est pas un ouvrage · sans *", item, error=True)
    line = line_for(editor, item, entry)
    if line is None:
        return Reading(
            entry, f"{item.reference} n'a pas de prix · tapez x puis le prix", item, error=True
        )
    parts = [describe(line)]
    if item.stock_managed:
        on_hand = catalogue.stock(context, [item.id]).get(item.id, 0)
        short = "! " if on_hand < line.quantity else ""
        parts.append(f"{short}stock {format_quantity(on_hand, 0)}")
    last = catalogue.last_price(context, document.header.get("party_id"), item.id, document.id)  # type: ignore[arg-type]
    if last:
        parts.append(f"dernier prix {format_price(last.price)} ({last.number})")
    parts += entry.notes
    return Reading(entry, " · ".join(parts), item, line)


def line_for(editor: Editor, item: Item, entry: said.Item) -> Line | None:
    """The line this item makes, priced for the document's party; None when it has no price."""
    quantity = ONE if entry.quantity is None else entry.quantity
    usual = pricing.price_of(editor.context, editor.document, item, quantity)
    price = usual.price if entry.unit_price is None else entry.unit_price
    if price is None:
        return None
    line = catalogue.line_of(editor.context, editor.document, item, quantity, price)
    line.discounts = entry.discounts or (usual.discounts if entry.unit_price is None else ())
    line.tag = entry.tag or ""
    line.amount = line_amount(line)
    return line


def _read_free(editor: Editor, entry: said.FreeItem) -> Reading:
    document = editor.document
    line = Line(
        uid=editor.context.uid(),
        label=entry.label,
        quantity=entry.quantity,
        unit=entry.unit,
        unit_price=entry.unit_price or 0,
        discounts=entry.discounts,
        tag=entry.tag or "",
        vat_category=document.text("vat_category") or "S",
        vat_rate=document.number("vat_rate"),
        supply_nature="service" if entry.unit in ("h", "j") else "goods",
        billing_class="labour" if entry.unit in ("h", "j") else "article",
    )
    line.amount = line_amount(line)
    if entry.unit_price is None:
        return Reading(entry, f"Article libre « {entry.label} » : quel prix ?", line=line)
    return Reading(entry, " · ".join([describe(line), *entry.notes]), line=line)


def describe(line: Line) -> str:
    """`= 12 ml TUB12 × 8,45 -10% = 91,26`."""
    unit = f" {line.unit}" if line.unit else ""
    per = "" if line.price_per == ONE else f" / {format_quantity(line.price_per, 0)}"
    discounts = "".join(f" -{format_percent(one).replace(' ', '')}" for one in line.discounts)
    name = line.reference or f"« {line.label} »"
    tag = {"option": "option, ", "variant": "variante, "}.get(line.tag, "")
    return (
        f"= {tag}{format_quantity(line.quantity, 0)}{unit} {name} × {format_price(line.unit_price)}"
        f"{per}{discounts} = {format_cents(line.amount)}"
    )


def _words_for(entry: said.Entry, document: Document, after: str | None) -> str:
    match entry:
        case said.Increment(reference=reference):
            return f"+ 1 {reference} sur la dernière ligne"
        case said.Chapter(level=level, label=label):
            return (
                f"= chapitre niveau {level} « {label} »" if label else "Tapez le titre du chapitre"
            )
        case said.Comment(text=text) | said.Title(text=text) | said.Subtitle(text=text):
            kind = {"Comment": "commentaire", "Title": "titre", "Subtitle": "sous-titre"}
            return (
                f"= {kind[type(entry).__name__]} « {text} »"
                if text
                else "Entrée ouvre le texte long"
            )
        case said.OpenAssembly(label=label):
            return f"= ensemble « {label} » : les lignes suivantes en font partie, ) le ferme"
        case said.CloseAssembly():
            return (
                "= ferme l'ensemble" if open_assembly(document, after) else "Aucun ensemble ouvert"
            )
        case said.PageBreak():
            return "= saut de page"
        case said.Favourite(key=key):
            return f"= favori de la touche {key}"
        case said.Repeat():
            return "= répète la ligne"
        case said.Command():
            return "Entrée ouvre le menu"
        case _:
            return ""


# -- doing it --------------------------------------------------------------------------------


def open_assembly(document: Document, after: str | None) -> Line | None:
    """The ad hoc assembly that takes the next line: open, and at or just before the cursor."""
    current = _current(document, after)
    if current is None:
        return None
    uid = current.uid if current.type is LineType.AD_HOC_ASSEMBLY else current.parent_uid
    if uid is None:
        return None
    holder = document.line(uid)
    return holder if holder.is_open else None


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
            return _insert(editor, _with_components(editor, reading), after, describe(reading.line))
        case said.Increment():
            line = _current(document, after)
            assert line is not None
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
    model = _current(document, after)
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

"""What the entry line would do, read back on row 23 before Enter; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.entry import entry_kinds as said
from codial_tui.domain.entry.entry import parse_entry
from codial_tui.domain.lines.lines import line_amount
from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import (
    format_cents,
    format_percent,
    format_price,
    format_quantity,
)
from codial_tui.errors import refuse
from codial_tui.services.records import catalogue
from codial_tui.services.records.catalogue import Item
from codial_tui.services.stock import awaited

from . import favourites, pricing
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
    line = current_line(editor.document, after)
    if line is None or not line.reference or line.type is not LineType.ITEM:
        return None
    item = catalogue.by_reference(editor.context, line.reference)
    if item is None:
        return None
    usual = pricing.price_of(editor.context, editor.document, item, line.quantity)
    same = line.unit_price == usual.price and line.discounts == usual.discounts
    return said.LastLine(line.reference, same and not line.tag and not line.discount_amount)


def current_line(document: Document, after: str | None) -> Line | None:
    """The line the cursor is on, the last one when it is nowhere; None in an empty document."""
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
    parts += [one.text for one in awaited.awaited(context, document, item.id)]
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
    waiting = awaited.awaited(editor.context, editor.document, item.id)
    if waiting and entry.unit_price is None:
        price = waiting[0].price
    if price is None and editor.kind.unpriced:
        price = 0
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
    if entry.unit_price is None and not editor.kind.unpriced:
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


def open_assembly(document: Document, after: str | None) -> Line | None:
    """The ad hoc assembly that takes the next line: open, and at or just before the cursor."""
    current = current_line(document, after)
    if current is None:
        return None
    uid = current.uid if current.type is LineType.AD_HOC_ASSEMBLY else current.parent_uid
    if uid is None:
        return None
    holder = document.line(uid)
    return holder if holder.is_open else None

"""The typing line of Lignes: `[count*] [kind] reference [qty] [xprice] [-disc%]` (ux.md §3).

`parse_entry` tries an ordered list of small rules; the first one that fits wins. Nothing here
knows prices, stock or the search: what was typed becomes an `Entry`, services do the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from codial_tui.domain.money import SCALE4
from codial_tui.domain.text import clean

from .entry_kinds import (
    DEFAULT_SIGNS,
    Empty,
    Entry,
    FreeItem,
    Increment,
    Item,
    LastLine,
    Lookup,
    Refused,
    Search,
    Signs,
    Tag,
    quantity_notes,
)
from .entry_scan import Scan, read_scan, same_codes
from .entry_signs import read_signs
from .entry_words import (
    NO_BREAK,
    Parameters,
    Refusal,
    Word,
    read_factor,
    read_parameters,
    refuse,
    refuse_all,
    split_words,
    within_bounds,
)

LONGEST_REFERENCE = 100
"""Longer texts are not looked up: a pasted page must not cost a query per word."""
MOST_FACTORS = 12
_COUNT = re.compile(rf"(-?[0-9][0-9.,{NO_BREAK}]*)\*")


@dataclass(frozen=True, slots=True)
class _Line:
    """What is parsed, and all that the rules may ask."""

    text: str
    known: Lookup
    price_decimals: int
    last: LastLine | None
    signs: Signs


@dataclass(frozen=True, slots=True)
class _Prefix:
    """What stands before the reference: leading count (10⁻⁴), kind, and where the rest starts."""

    count: int | None
    tag: Tag | None
    free: bool
    assembly_only: bool
    start: int


def parse_entry(
    text: str,
    known: Lookup,
    *,
    price_decimals: int = 2,
    last: LastLine | None = None,
    signs: Signs = DEFAULT_SIGNS,
) -> Entry:
    """What this line says. Never raises: what cannot be read comes back as `Refused`.

    price_decimals: of the document (2, 3 or 4). last: the last line, when it is an item.
    """
    line = _Line(clean(text), known, price_decimals, last, signs)
    try:
        for rule in _RULES:
            entry = rule(line)
            if entry is not None:
                return entry
        return _after_prefix(line)
    except Refusal as refusal:
        return _refused(text, line, refusal)


def search_entry(text: str, known: Lookup, *, signs: Signs = DEFAULT_SIGNS) -> Search | Refused:
    """The line as a search whatever else it may be (F4): count and kind stay, the rest is
    words. Refused only when the leading count cannot be read."""
    line = _Line(clean(text), known, 4, None, signs)
    try:
        prefix = _read_prefix(line)
    except Refusal as refusal:
        return _refused(text, line, refusal)
    return _search(prefix, split_words(line.text, prefix.start))


def _refused(typed: str, line: _Line, refusal: Refusal) -> Refused:
    """Offsets of the cleaned line become those of the typed one (cut to it when cleaning took
    more than the blanks around)."""
    shift = max(typed.find(line.text), 0)
    start, end = (min(offset + shift, len(typed)) for offset in (refusal.start, refusal.end))
    return Refused(refusal.problem, start, end)


# Rule 1: the whole text


def _empty(line: _Line) -> Entry | None:
    return None if line.text else Empty()


def _whole_reference(line: _Line) -> Entry | None:
    reference = _exact(line, split_words(line.text))
    if reference is None:
        return None
    return _scanned_entry(line, reference, ()) if read_scan(line.text) else Item(reference)


def _barcode(line: _Line) -> Entry | None:
    scan = read_scan(line.text)
    if scan is None:
        return None
    reference = _scanned(line, scan)
    if reference is None:
        return Search((scan.digits,), notes=scan.notes)
    return _scanned_entry(line, reference, scan.notes)


def _scanned_entry(line: _Line, reference: str, notes: tuple[str, ...]) -> Entry:
    if line.last is not None and line.last.reference == reference and line.last.usual_price:
        return Increment(reference, notes=notes)
    return Item(reference, notes=notes)


def _exact(line: _Line, words: Sequence[Word]) -> str | None:
    """The reference that these words are, one blank apart."""
    if not words or words[-1].end - words[0].start > LONGEST_REFERENCE:
        return None
    return line.known.reference(" ".join(word.text for word in words))


def _scanned(line: _Line, scan: Scan) -> str | None:
    for digits in same_codes(scan.digits):
        reference = line.known.barcode(digits)
        if reference is not None:
            return reference
    return None


def _first_sign(line: _Line) -> Entry | None:
    return read_signs(line.text, line.price_decimals)


_RULES: tuple[Callable[[_Line], Entry | None], ...] = (
    _empty,
    _whole_reference,
    _barcode,
    _first_sign,
)


# Rules 3 and 4: leading count and kind


def _read_prefix(line: _Line) -> _Prefix:
    factors: list[Word] = []
    start = 0
    while len(factors) <= MOST_FACTORS and (match := _COUNT.match(line.text, start)):
        if _longest_reference(line, split_words(line.text, start)) is not None:
            break
        number = split_words(match.group(1))[0].text
        factors.append(Word(number, match.start(1), match.end(1)))
        start = _skip_blanks(line.text, match.end())
    count = _product(factors) if factors else None
    tag: Tag | None = None
    free = assembly_only = False
    if _exact(line, split_words(line.text, start)) is None:
        if line.text.startswith(line.signs.option, start):
            tag = "option"
        elif line.text.startswith(line.signs.variant, start):
            tag = "variant"
        start = _skip_blanks(line.text, start + 1) if tag else start
        free = line.text.startswith(line.signs.free, start)
        assembly_only = line.text.startswith(line.signs.assembly, start)
        start += free or assembly_only
    return _Prefix(count, tag, free, assembly_only, start)


def _product(factors: Sequence[Word]) -> int:
    """The factors multiplied, in 10⁻⁴; refused when that would round."""
    whole = Word("*".join(word.text for word in factors), factors[0].start, factors[-1].end)
    if len(factors) > MOST_FACTORS:
        raise refuse(whole, "count.too_long", f"{MOST_FACTORS} nombres au plus avant la référence")
    product = Fraction(SCALE4)
    for word in factors:
        product *= Fraction(read_factor(word), SCALE4)
    if product.denominator != 1:
        raise refuse(whole, "number.decimals", f"« {whole.quoted} » : 4 décimales au plus")
    return within_bounds(int(product), whole, "quantity", "quantité trop grande")


def _skip_blanks(text: str, start: int) -> int:
    while text[start : start + 1].isspace():
        start += 1
    return start


# Rules 5 to 7: free item, reference and parameters, search


def _after_prefix(line: _Line) -> Entry:
    prefix = _read_prefix(line)
    if prefix.free:
        return _free_item(line, prefix)
    words = split_words(line.text, prefix.start)
    if not words:
        raise refuse_all(
            line.text, "item.missing", "il manque l'article", "sa référence, ou des mots"
        )
    return _item(line, prefix, words) or _search(prefix, words)


def _free_item(line: _Line, prefix: _Prefix) -> Entry:
    label, semicolon, _ = line.text[prefix.start :].rpartition(";")
    if not semicolon:
        label = line.text[prefix.start :]
        given = Parameters(prefix.count)
    else:
        given = read_parameters(
            split_words(line.text, prefix.start + len(label) + 1),
            host="free",
            price_decimals=line.price_decimals,
            count=prefix.count,
        )
    if not label.strip():
        raise refuse_all(
            line.text, "label.empty", "article libre sans désignation", "tapez-la avant le ;"
        )
    return FreeItem(
        label.strip(),
        SCALE4 if given.quantity is None else given.quantity,
        given.unit,
        given.unit_price,
        given.discounts,
        prefix.tag,
        notes=quantity_notes(given.quantity),
    )


def _item(line: _Line, prefix: _Prefix, words: Sequence[Word]) -> Item | None:
    """None when no reference leads, or when a word after it can only be a search word."""
    found = _longest_reference(line, words)
    if found is None:
        return None
    reference, notes, length = found
    if not all(word.numeric for word in words[length:]):
        return None
    given = read_parameters(
        words[length:], host="item", price_decimals=line.price_decimals, count=prefix.count
    )
    return Item(
        reference,
        given.quantity,
        given.unit_price,
        given.discounts,
        prefix.tag,
        prefix.assembly_only,
        notes=notes + quantity_notes(given.quantity),
    )


def _longest_reference(
    line: _Line, words: Sequence[Word]
) -> tuple[str, tuple[str, ...], int] | None:
    """The longest run of leading words that is a reference, or a barcode in its place:
    reference, notes, number of words."""
    fitting = [word for word in words if word.end - words[0].start <= LONGEST_REFERENCE]
    for length in range(len(fitting), 0, -1):
        reference = _exact(line, words[:length])
        if reference is not None:
            return reference, (), length
    scan = read_scan(words[0].text) if words else None
    reference = _scanned(line, scan) if scan else None
    return (reference, scan.notes, 1) if scan and reference is not None else None


def _search(prefix: _Prefix, words: Sequence[Word]) -> Search:
    return Search(
        tuple(word.text for word in words),
        prefix.count,
        prefix.tag,
        prefix.assembly_only,
        notes=quantity_notes(prefix.count),
    )

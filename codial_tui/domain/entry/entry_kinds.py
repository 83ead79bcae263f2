"""What the typing line of Lignes can say: one small frozen class for each reading (ux.md §3).

Quantities and unit prices are 10⁻⁴, discounts ratios in 10⁻⁶; None means "not given". `notes`
is what row 23 adds to the reading, in French.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from codial_tui.domain.problems import Problem, invalid

Tag = Literal["option", "variant"]
RETURN_NOTE = "! retour"
UNUSUAL_NOTE = "! quantité inhabituelle"
UNUSUAL_QUANTITY = 1_000_000 * 10_000
"""10⁻⁴: a million units. Taken, but said."""


class Lookup(Protocol):
    """Exact look-ups only, both b-tree reads; the search is not the parser's business."""

    def reference(self, text: str) -> str | None:
        """The reference as filed, for a text that is exactly one whatever its case (`tub12` →
        `TUB12`, words one blank apart); else None."""

    def barcode(self, digits: str) -> str | None:
        """The reference filed under this EAN; else None."""


@dataclass(frozen=True, slots=True)
class LastLine:
    """The last line of the document when it is an item.

    usual_price: a new line of this item would bear the same price, discounts and tag, so that
    one more scan may add to its quantity.
    """

    reference: str
    usual_price: bool = True


@dataclass(frozen=True, slots=True)
class Signs:
    """The kind signs of rule 4; settings can change them. Raises Invalid on a sign that could
    not be told from a reference, a number or a sign of rule 2."""

    free: str = "."
    option: str = "+"
    variant: str = "/"
    assembly: str = "*"

    def __post_init__(self) -> None:
        chosen = (self.free, self.option, self.variant, self.assembly)
        for sign in chosen:
            if len(sign) != 1 or sign.isalnum() or not sign.isprintable() or sign in " =;()!:-":
                raise invalid("sign.unusable", f"« {sign} » ne peut pas servir de signe")
        if len(set(chosen)) < len(chosen):
            raise invalid("sign.twice", "le même signe sert deux fois")


DEFAULT_SIGNS = Signs()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item(_Said):
    """An item or assembly of the catalogue. assembly_only: the `*` sign was typed, anything
    but an assembly is to be refused by who knows the item."""

    reference: str
    quantity: int | None = None
    unit_price: int | None = None
    discounts: tuple[int, ...] = ()
    tag: Tag | None = None
    assembly_only: bool = False


@dataclass(frozen=True, slots=True)
class Increment(_Said):
    """One more of the last line, which is this item at this price."""

    reference: str


@dataclass(frozen=True, slots=True)
class FreeItem(_Said):
    """An item that is in no catalogue. unit_price None: row 23 asks it."""

    label: str
    quantity: int
    unit: str = ""
    unit_price: int | None = None
    discounts: tuple[int, ...] = ()
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Chapter(_Said):
    """level 1 to 3."""

    level: int
    label: str


@dataclass(frozen=True, slots=True)
class Comment(_Said):
    """Empty text: open the long text."""

    text: str


@dataclass(frozen=True, slots=True)
class Title(_Said):
    """Empty text: open the long text."""

    text: str


@dataclass(frozen=True, slots=True)
class Subtitle(_Said):
    """Empty text: open the long text."""

    text: str


@dataclass(frozen=True, slots=True)
class OpenAssembly(_Said):
    """Opens an ad hoc assembly: the lines that follow are its components."""

    label: str


@dataclass(frozen=True, slots=True)
class CloseAssembly(_Said):
    """Closes the ad hoc assembly that is open."""


@dataclass(frozen=True, slots=True)
class PageBreak(_Said):
    """A page break."""


@dataclass(frozen=True, slots=True)
class Favourite(_Said):
    """The favourite on this key (lower case)."""

    key: str


@dataclass(frozen=True, slots=True)
class Repeat(_Said):
    """The last line again; what is given replaces what it had."""

    quantity: int | None = None
    unit_price: int | None = None
    discounts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Command(_Said):
    """A command by its words; empty: the whole menu."""

    text: str


@dataclass(frozen=True, slots=True)
class Search(_Said):
    """Search words as typed (the search folds them). count: quantity of the one chosen. No
    words: F4 on nothing but a kind, the whole list."""

    words: tuple[str, ...]
    count: int | None = None
    tag: Tag | None = None
    assembly_only: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Empty(_Said):
    """Nothing typed."""


@dataclass(frozen=True, slots=True)
class Refused(_Said):
    """Nothing can be done with the line. `problem.field` is the wrong part as text, `start` and
    `end` where it stands in what was typed."""

    problem: Problem
    start: int = 0
    end: int = 0


Entry = (
    Item
    | Increment
    | FreeItem
    | Chapter
    | Comment
    | Title
    | Subtitle
    | OpenAssembly
    | CloseAssembly
    | PageBreak
    | Favourite
    | Repeat
    | Command
    | Search
    | Empty
    | Refused
)


def quantity_notes(quantity: int | None) -> tuple[str, ...]:
    """What row 23 says of a quantity (10⁻⁴) that is negative, or so large that it may be a price
    or a barcode typed in the wrong place."""
    if quantity is None:
        return ()
    notes = (RETURN_NOTE,) if quantity < 0 else ()
    return (*notes, UNUSUAL_NOTE) if abs(quantity) >= UNUSUAL_QUANTITY else notes

"""The vocabulary in which a document kind is declared, once (design.md §2).

Everything derives from these frozen parts (named tuples: every start makes their classes, and a
frozen dataclass takes ten times as long): menu, lists, tabs and fields, what is read-only and
why, print blocks, command-line verbs, tests. Not in it: callables that touch the database, SQL,
widgets, drawing, settings, rights, refusal texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple


class Side(StrEnum):
    """All that picks customer or supplier, selling or buying price, stock sign, VAT direction."""

    SALE = "sale"
    PURCHASE = "purchase"
    INTERNAL = "internal"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    CENTS = "cents"
    PRICE = "price"
    QUANTITY = "quantity"
    PERCENT = "percent"
    COEFFICIENT = "coefficient"
    DATE = "date"
    DATETIME = "datetime"
    BOOL = "bool"
    CHOICE = "choice"
    REFERENCE = "reference"


_NO_TITLES: Mapping[str, str] = MappingProxyType({})
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})

_NONE_VALUES: Mapping[str, str | int] = MappingProxyType({})

Choice = tuple[str, str]
"""Stored value, French label; the first letter picks it."""


class Field(NamedTuple):
    """One value of a record: what it is called, typed as, and where it lives.

    store: `header` (the document or record row), `side` (the kind's side table), `part` (a row of
    its own, `DocType.parts`), `computed`.
    picks: name of the picker of a REFERENCE; `shows`: the stored column that carries its text.
    locked_by: states or marks in which it is read-only. width: cells of the value at 80 columns.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    store: Literal["header", "side", "part", "computed"] = "header"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    picks: str = ""
    shows: str = ""
    locked_by: frozenset[str] = frozenset()
    width: int = 26
    max_length: int = 200
    help: str = ""
    right: str = ""
    """a user right needed to see and change it in a record"""
    editions: frozenset[str] = frozenset()
    """names of editions or sizes in which it is asked for; empty: everywhere"""


class Column(NamedTuple):
    """One column of a table. A column shrinks or hides by declaration, never cuts a number.

    source: `line` (a field of the row), `side`, or `provider:NAME` (services answer all rows in
    one query), `words` (`NAME_label`: a choice in words). width 0 takes what is left (at least
    min_width). hidden_below: terminal width.
    fold: the one value that, when every row has it, moves the column into the totals row.
    right: a user right needed to see it. editable: digits typed in the grid go into it.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    width: int = 0
    min_width: int = 8
    shrinks: bool = False
    hidden_below: int = 0
    source: str = "line"
    editable: bool = False
    fold: bool = False
    right: str = ""
    default: bool = True
    width_from_data: bool = False

    @property
    def right_aligned(self) -> bool:
        return self.type in NUMERIC


YES_NO = (("1", "oui"), ("0", "non"))
NUMERIC = frozenset(
    map(FieldType, ("integer", "cents", "price", "quantity", "percent", "coefficient"))
)


class Page(NamedTuple):
    """One sub-tab of a form: two columns of field names, "" for an empty row; or a pane (`Tab`)."""

    label: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    pane: str = ""


class Tab(NamedTuple):
    """One tab. pane: `form`, `lines`, or the name of a pane registered by the screens.

    letter: its access letter, the same for every kind; short: label when row 2 is narrow.
    when: header field that must hold something, "" always.
    """

    name: str
    label: str
    letter: str
    pane: str = "form"
    pages: tuple[Page, ...] = ()
    columns: tuple[Column, ...] = ()
    short: str = ""
    when: str = ""


def one_form(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[Tab, ...]:
    """The tabs of a record that is one form of two columns of field names."""
    return (Tab("header", "Entête", "E", pages=(Page("Entête", left, right),)),)


class State(NamedTuple):
    """A stored state: French label, the letter that chooses it, the sign and role of its cell."""

    name: str
    label: str
    letter: str = ""
    plural: str = ""
    sign: str = ""
    role: str = ""


class Move(NamedTuple):
    """An allowed change of stored state. barrier: undo stops here."""

    source: str
    target: str
    barrier: bool = False


class Mark(NamedTuple):
    """A fact orthogonal to the state (settled, late): name of a pure predicate in domain.rules.
    todo: its label in À FAIRE at home, "" when it is no work to do; front: even where there is
    none. said: the command line names it, else only lists. field: of the header, that wears it."""

    name: str
    label: str
    predicate: str
    sign: str = ""
    role: str = ""
    todo: str = ""
    said: bool = True
    front: bool = True
    field: str = ""


class Numbering(NamedTuple):
    """Series of the kind: pattern like `DE{yy}-{n:05}`, period `year|month|never`, when given."""

    code: str
    pattern: str
    period: Literal["year", "month", "never"] = "year"
    given: Literal["create", "validate"] = "create"
    gapless: bool = False


class Inbound(NamedTuple):
    """How this kind is made from another, declared on the target (design.md §2).

    letter: of F6. relation: of the links. pools: what it takes of every line; none: a copy.
    asks: a pool taken too when the user says so (« Marchandise emportée ? »), and always by lines
    that are not kept in stock. through: the pools of the lines that the source's lines come from,
    taken as far as some is left. ready: name of a predicate of the source, "" always; refusal:
    what to say when it does not hold, with its remedy.
    sign: -1 for what goes back. excess: more than is left may be asked for, and becomes a line
    without link. proposes: the line field that says how much is proposed, when some is typed.
    header_fields: what is copied beside the party, `kinds.sales.CARRIED` for all. criteria:
    names in `domain.merge`; none: it never merges. effects: names in `services.transfer_effects`.
    values: header values of a target made by it.
    """

    source: str
    letter: str = ""
    relation: str = "transfer"
    pools: tuple[str, ...] = ()
    asks: str = ""
    through: tuple[str, ...] = ()
    ready: str = ""
    refusal: tuple[str, str] = ("", "")
    sign: int = 1
    excess: bool = False
    proposes: str = ""
    header_fields: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    label: str = ""
    values: Mapping[str, str | int] = _NONE_VALUES
    supplies: bool = False
    offered: bool = False
    """supplies: contremarque goes over; offered: the answer that is taken goes (`Request.offer`)"""


class DocType(NamedTuple):
    """A document kind. Adding one is this declaration and a print layout, nothing else."""

    kind: str
    side: Side
    title: str
    plural: str
    gender: Literal["m", "f"]
    key: str
    """letter of F5 at home"""
    code: str
    """two letters of the list at home"""
    numbering: Numbering
    tabs: tuple[Tab, ...]
    fields: tuple[Field, ...]
    list_columns: tuple[Column, ...]
    states: tuple[State, ...]
    initial: str
    moves: tuple[Move, ...] = ()
    marks: tuple[Mark, ...] = ()
    filters: tuple[str, ...] = ()
    rules: Mapping[str, tuple[str, ...]] = _NONE
    effects: Mapping[str, tuple[str, ...]] = _NONE
    inbound: tuple[Inbound, ...] = ()
    layout: str = ""
    mentions: tuple[str, ...] = ()
    side_table: str = ""
    parts: tuple[str, ...] = ()
    """what it is made of beside lines, footer and links: targets of `domain.changes`"""
    editions: frozenset[str] = frozenset()
    """names of editions or sizes in which it is on; empty: everywhere"""
    by_hand: bool = True
    """F5 makes one; else it only comes from a transfer"""
    copied_from: tuple[str, ...] = ()
    """kinds beside its own that can be duplicated into it"""
    line_locks: Mapping[str, tuple[str, ...]] = _NONE
    """state → fields of lines that no longer change; `*`: lines neither come nor go either;
    `taken`: lines of which something was taken do not change at all"""
    floors: tuple[str, ...] = ()
    """pools of which a line's quantity never goes below what was taken (order: the floor)"""
    main_amount: Literal["price_mode", "gross", "due"] = "price_mode"
    short: str = ""
    """what people call it where there is little room (BL); empty: its title"""
    titles: Mapping[str, str] = _NO_TITLES
    """nature → title on paper, where it is another"""
    bills: bool = False
    """it claims payment from a customer: sealed, deducts deposits, is paid and credited"""
    deposits: bool = False
    """deposits are asked on it"""
    unpriced: bool = False
    """its lines need no price: it asks for one"""
    matched: bool = False
    """its lines answer what came: its `billing` says how far they do"""
    without_party: Mapping[str, str | int] = _NONE_VALUES
    """header values of one that is made without a party; empty: a party is asked"""

    def field(self, name: str) -> Field:
        """A declared field by name. Raises KeyError."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(f"{self.kind}.{name}")

    def tab(self, name: str) -> Tab:
        for one in self.tabs:
            if one.name == name:
                return one
        raise KeyError(f"{self.kind}.{name}")

    def state(self, name: str) -> State:
        for one in self.states:
            if one.name == name:
                return one
        raise KeyError(f"{self.kind}.{name}")

    def inbound_from(self, source: str) -> Inbound | None:
        """How it is made from a kind; None when it is not."""
        return next((one for one in self.inbound if one.source == source), None)

    def can_move(self, source: str, target: str) -> bool:
        return any(move.source == source and move.target == target for move in self.moves)


class RecordType(NamedTuple):
    """A record that is not a document (party, item): same fields, columns and tabs.

    table: where it is stored; key: the code column people type; name: the column they read.
    """

    name: str
    title: str
    plural: str
    gender: Literal["m", "f"]
    code: str
    table: str
    key: str
    label: str
    tabs: tuple[Tab, ...]
    fields: tuple[Field, ...]
    list_columns: tuple[Column, ...]
    quick: tuple[str, ...] = ()
    """the few fields asked when it is created on the spot; none: it is never created"""
    folds: tuple[str, ...] = ()
    """columns with a folded neighbour `…_fold`"""
    searched: bool = False
    """it has a search index, and remembers when and in which columns it was edited"""
    uid: bool = True
    retires: bool = True
    """a part is taken out of use by its `active`; else it is deleted"""
    once: tuple[str, ...] = ()
    """columns that together name one row (of its owner); none: the key"""
    owner: str = ""
    """of a part: the column that says whose it is"""
    right: str = ""
    """needed to change it"""
    single: bool = False
    """there is one row, with id 1"""
    tool: str = ""
    """what F7 opens from it: a name of `screens.record_tools`"""
    room: str = ""
    """side of home behind which it is found; empty: in front"""

    def field(self, name: str) -> Field:
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(f"{self.name}.{name}")

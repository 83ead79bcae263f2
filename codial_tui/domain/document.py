"""A document in memory: header values, lines in order, footer adjustments.

This is the one state of an open document: panes read it, services change it through
`domain.changes`, `domain.totals` adds it up. Field names are the column names of the tables
`document` (plus the side table of the kind), `document_line` and `document_adjustment`; those of
an invoice's own parts are the columns of `invoice_reference`, `invoice_deduction`, `deposit_use`,
those of a work order of `work_visit` and `work_machine`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum

Value = str | int | None
"""What a header field holds. Booleans are 0 and 1, dates ISO text, references row ids."""


class LineType(StrEnum):
    """What a line is (domain.md §1). Tags (option, variant, informative) are separate."""

    CHAPTER = "chapter"
    TITLE = "title"
    SUBTITLE = "subtitle"
    COMMENT = "comment"
    ITEM = "item"  # referenced when `item_id` or `reference` is set, free else
    ASSEMBLY = "assembly"  # referenced assembly; components are child lines
    AD_HOC_ASSEMBLY = "ad_hoc_assembly"  # a subtitle closed by "somme ST", or `(texte`
    PAGE_BREAK = "page_break"


# Tuples, not sets: membership by identity, where hashing an enum member is a call in Python.
PRICED = (LineType.ITEM, LineType.ASSEMBLY, LineType.AD_HOC_ASSEMBLY)
HEADINGS = (LineType.CHAPTER, LineType.TITLE)
OUT_OF_TOTAL = frozenset({"option", "variant", "informative"})
COVERS = {
    "warranty": "sous garantie",
    "contract": "au contrat",
    "order": "compris dans la commande",
    "offered": "offert",
}
"""Why a line is not billed, and how paper says it."""


@dataclass(slots=True)
class Line:
    """One line; also the component of an assembly (then `parent_uid` is the assembly's uid).

    quantity, unit_price, purchase_price, cost_price, price_per: 10⁻⁴ · discounts: ratios 10⁻⁶,
    in cascade · vat_rate, coefficient: 10⁻⁶ · amount, net_amount, discount_amount,
    eco_contribution: cents. `amount` follows the document's price mode (HT or TTC), `net_amount`
    is its HT; `basis` says where it comes from: computed, forced or progress.
    """

    uid: str
    type: LineType = LineType.ITEM
    parent_uid: str | None = None
    position: int = 0
    level: int = 1  # of a chapter or title
    tag: str = ""  # "", option, variant, informative
    page_break: int = 0  # break before this line on paper
    is_open: int = 0  # an ad hoc assembly still taking components
    item_id: int | None = None
    reference: str = ""
    label: str = ""
    long_text: str = ""
    quantity: int = 0
    unit: str = ""
    unit_price: int = 0
    price_per: int = 10_000
    price_forced: int = 0
    discounts: tuple[int, ...] = ()
    discount_amount: int = 0
    vat_category: str = "S"
    vat_rate: int = 200_000
    amount: int = 0
    net_amount: int = 0
    basis: str = "computed"
    eco_contribution: int = 0  # per unit of quantity, cents; outside every discount base
    purchase_price: int = 0
    cost_price: int = 0
    coefficient: int = 0
    supplier_id: int | None = None
    cost_category: str = ""
    supply_nature: str = "goods"
    product_nature: str = ""
    billing_class: str = "article"
    stock_managed: int = 0
    delivery_date: str | None = None
    ratio: int = 0  # of a component: quantity per unit of the assembly, 10⁻⁶
    to_deliver: int = 0  # of an order: what the next delivery takes, 10⁻⁴
    nature: str = ""  # "deposit": it deducts one, outside every discount base (domain.md §6)
    project_id: int | None = None  # of a purchase: whose need it is (domain.md §4)
    covered: str = ""  # why it costs the customer nothing: one of COVERS (domain.md §8)
    id: int | None = None

    @property
    def is_priced(self) -> bool:
        return self.type in PRICED

    @property
    def counts(self) -> bool:
        """Whether the line itself enters totals, VAT and margin (options and the like do not,
        components are inside their assembly)."""
        return self.is_priced and self.parent_uid is None and self.tag not in OUT_OF_TOTAL

    @property
    def is_free(self) -> bool:
        return self.type is LineType.ITEM and not self.reference


@dataclass(slots=True)
class Adjustment:
    """One footer element: a percent (ratio 10⁻⁶) or an amount (cents) of the net total.

    A discount may name a VAT key and then goes to that base; a charge without one is spread.
    `hidden` charges go into the prices pro rata and never print.
    """

    uid: str
    type: str = "discount"  # discount, charge, shipping, billing_fee
    label: str = ""
    percent: int | None = None
    amount: int = 0
    vat_category: str | None = None
    vat_rate: int | None = None
    hidden: int = 0
    position: int = 0
    id: int | None = None


@dataclass(slots=True)
class Link:
    """Where a line comes from: so much of a line of another document (domain.md §3).

    quantity: 10⁻⁴, amount: cents HT, both of the source line and with its sign. pool: what it is
    taken from (order, deliver, bill, buy), "" for nothing. relation: transfer, fulfil, bill,
    return, correct, supply, consume.
    """

    uid: str
    target_uid: str
    source_line_id: int
    relation: str = "transfer"
    pool: str = ""
    quantity: int = 0
    amount: int = 0


@dataclass(slots=True)
class Reference:
    """An earlier invoice that this one names (BG-3). type: corrected (a credit note's) or deposit
    (a deduction's). referenced_id: its row, None when it is older than the program."""

    uid: str
    type: str = "corrected"
    number: str = ""
    date: str | None = None
    referenced_id: int | None = None
    position: int = 0
    id: int | None = None


@dataclass(slots=True)
class Deduction:
    """What is kept from the amount to pay, below the TTC (domain.md §6): kind retention,
    direct_payment or prorata.

    percent (10⁻⁶) of `base` (net HT, gross TTC) of the works; None: `amount`, in cents. Once the
    invoice is validated `amount` is what was deducted. party_id: the subcontractor paid directly.
    bond: a bond stands for the retention, nothing is kept. release_on: when a retention is due.
    """

    uid: str
    kind: str = "retention"
    label: str = ""
    percent: int | None = None
    base: str = "gross"
    amount: int = 0
    party_id: int | None = None
    bond: int = 0
    release_on: str | None = None
    position: int = 0
    id: int | None = None


@dataclass(slots=True)
class DepositUse:
    """What a line takes of a deposit at one VAT key: a deduction, or the credit of a deposit;
    negative where a credit note gives a deduction back. `amount` is in the price mode of the
    order, `net` and `vat` its HT and VAT; all in cents."""

    uid: str
    deposit_id: int
    line_uid: str
    vat_category: str = "S"
    vat_rate: int = 0
    amount: int = 0
    net: int = 0
    vat: int = 0
    id: int | None = None


@dataclass(slots=True)
class Visit:
    """One way there and back of one technician (domain.md §8). departure, arrival, ended, returned:
    moments in UTC, ISO, None while not known; distance: 10⁻⁴ km, there and back."""

    uid: str
    technician_id: int | None = None
    technician_name: str = ""
    departure: str | None = None
    arrival: str | None = None
    ended: str | None = None
    returned: str | None = None
    distance: int = 0
    zone: str = ""
    note: str = ""
    position: int = 0
    id: int | None = None


@dataclass(slots=True)
class Machine:
    """A machine that is worked on, as it was described that day: the document's own copy.
    coverage: none, warranty or contract."""

    uid: str
    equipment_id: int | None = None
    brand: str = ""
    type: str = ""
    model: str = ""
    serial: str = ""
    location: str = ""
    commissioned_on: str | None = None
    coverage: str = "none"
    contract_id: int | None = None
    fault: str = ""
    work_done: str = ""
    position: int = 0
    id: int | None = None


VISIT_FIELDS = tuple(f.name for f in fields(Visit) if f.name != "id")
MACHINE_FIELDS = tuple(f.name for f in fields(Machine) if f.name != "id")
REFERENCE_FIELDS = tuple(f.name for f in fields(Reference) if f.name != "id")
DEDUCTION_FIELDS = tuple(f.name for f in fields(Deduction) if f.name != "id")
USE_FIELDS = tuple(f.name for f in fields(DepositUse) if f.name != "id")
LINK_FIELDS = tuple(f.name for f in fields(Link))
LINE_FIELDS = tuple(f.name for f in fields(Line) if f.name != "id")
ADJUSTMENT_FIELDS = tuple(f.name for f in fields(Adjustment) if f.name != "id")


@dataclass(slots=True)
class Document:
    """Header values by column name, lines in display order, adjustments in order.

    `lines` holds top-level lines and components: a component stands after its assembly.
    """

    id: int
    uid: str
    kind: str
    header: dict[str, Value] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    version: int = 0
    links: dict[str, Link] = field(default_factory=dict)
    """by uid: where its lines come from"""
    references: list[Reference] = field(default_factory=list)
    deductions: list[Deduction] = field(default_factory=list)
    uses: list[DepositUse] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A header value as text, "" when unset."""
        value = self.header.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A header value as an integer, `default` when unset."""
        value = self.header.get(name)
        return value if isinstance(value, int) else default

    @property
    def state(self) -> str:
        return self.text("state")

    @property
    def ref(self) -> str:
        """The number, or what stands for it before there is one (`FA-P117`)."""
        from .kinds import ref_of

        return self.text("number") or ref_of(self.kind, self.id)

    @property
    def gross_mode(self) -> bool:
        """True when prices are typed TTC."""
        return self.header.get("price_mode") == "gross"

    @property
    def price_decimals(self) -> int:
        return self.number("price_decimals", 2)

    def index_of(self, uid: str) -> int:
        """Index of a line in `lines`, looked for from where lines are added: the end. Raises
        KeyError."""
        for index in range(len(self.lines) - 1, -1, -1):
            if self.lines[index].uid == uid:
                return index
        raise KeyError(uid)

    def line(self, uid: str) -> Line:
        return self.lines[self.index_of(uid)]

    def top_lines(self) -> Iterator[Line]:
        """The lines that are not components, in order."""
        return (line for line in self.lines if line.parent_uid is None)

    def components(self, uid: str) -> Iterator[Line]:
        """The direct components of an assembly, in order."""
        return (line for line in self.lines if line.parent_uid == uid)

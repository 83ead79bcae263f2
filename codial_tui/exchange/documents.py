"""Documents as JSON: what `document create` takes (cli.md; `assets/document.schema.json`).

Only the form is checked here: kinds, customers, references and rates are known to the services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from codial_tui.domain.money import CENT, SCALE4
from codial_tui.domain.problems import Invalid, Problem

from . import machines, values, visits
from .fields import LABEL_LIMIT, REFERENCE_LIMIT
from .json_reader import JsonObject, load, raise_all
from .machines import MachineRequest
from .visits import VisitRequest

LINE_TYPES = ("item", "chapter", "title", "subtitle", "comment", "page_break")
TAGS = ("option", "variant", "informative")
ADJUSTMENT_TYPES = ("discount", "charge", "shipping", "billing_fee")
DEDUCTION_KINDS = ("retention", "direct_payment", "prorata")
VAT_CATEGORIES = ("S", "AE", "E", "Z", "G", "K", "O")
PRICE_MODES = ("net", "gross")
NATURES = ("sale", "return", "internal", "direct", "repair", "maintenance", "installation")
MOST_LINES = 20_000
COMMENT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class PartyRequest:
    """A customer or supplier given in full; `save` asks for a record of it."""

    name: str
    street: str
    postcode: str
    city: str
    country: str = ""
    siren: str = ""
    vat_number: str = ""
    save: bool = False


@dataclass(frozen=True, slots=True)
class LineRequest:
    """A line: quantity, unit_price, cost and price_per 10⁻⁴, ratios (discounts, vat_rate) 10⁻⁶,
    discount_amount cents (a charge when negative). None = not given: the item, the customer or the
    company decides. billed: whether the customer pays a part that was used, None as the work order
    says."""

    type: str
    label: str = ""
    level: int = 1
    reference: str = ""
    quantity: int = SCALE4
    unit: str | None = None
    unit_price: int | None = None
    price_per: int | None = None
    discounts: tuple[int, ...] | None = None
    discount_amount: int | None = None
    vat_rate: int | None = None
    vat_category: str | None = None
    tag: str = ""
    cost: int | None = None
    cost_category: str = ""
    billed: bool | None = None


@dataclass(frozen=True, slots=True)
class AdjustmentRequest:
    """A footer element: a percent (ratio 10⁻⁶) or an amount (cents), never both."""

    type: str
    percent: int | None = None
    amount: int | None = None
    vat_rate: int | None = None
    vat_category: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceRequest:
    """An earlier invoice that a credit note corrects; date: ISO, None for one of ours."""

    number: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class DeductionRequest:
    """What is kept below the TTC: a percent (ratio 10⁻⁶) of base (net, gross, None: as the company
    does), or an amount (cents). supplier: code of the subcontractor who is paid directly."""

    kind: str
    label: str = ""
    percent: int | None = None
    amount: int | None = None
    base: str | None = None
    bond: bool = False
    release_on: str | None = None
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """A document to be made. `customer` and `supplier` are a code, a party in full, or None.
    nature: of a delivery note (an internal one has no customer), invoice or work order; web:
    whether a shop sends it, None to tell it by `external_id`; project: its code; expected_date:
    of a purchase; order: the number of the one a work order works for; points: of its contract,
    10⁻⁴; billable: of `machines.CLASSES`, None as what covers the machines says."""

    kind: str
    customer: str | PartyRequest | None = None
    supplier: str | PartyRequest | None = None
    date: str | None = None
    price_mode: str | None = None
    price_decimals: int | None = None
    subject: str = ""
    external_id: str = ""
    planned_date: str | None = None
    nature: str = ""
    web: bool | None = None
    project: str = ""
    order: str = ""
    points: int | None = None
    expected_date: str | None = None
    lines: tuple[LineRequest, ...] = ()
    adjustments: tuple[AdjustmentRequest, ...] = ()
    references: tuple[ReferenceRequest, ...] = ()
    deductions: tuple[DeductionRequest, ...] = ()
    visits: tuple[VisitRequest, ...] = ()
    machines: tuple[MachineRequest, ...] = ()
    parts_used: tuple[LineRequest, ...] = ()
    billable: tuple[str, ...] | None = None

    def price_problems(self, decimals: int) -> tuple[Problem, ...]:
        """The lines whose price has more decimals than the document; for services, when
        `price_decimals` is left to the company."""
        step = 10 ** (4 - decimals)
        named = (("lines", self.lines), ("parts_used", self.parts_used))
        said = f"{decimals} décimales au plus"
        return tuple(
            Problem("number.decimals", f"{name}.{index}.unit_price", said)
            for name, several in named
            for index, line in enumerate(several)
            if line.unit_price is not None and line.unit_price % step
        )


def parse_document(content: str | bytes, kind: str = "") -> DocumentRequest:
    """A document request out of a JSON text. kind: the one that a text may leave out.

    Raises Invalid: `json.unreadable` alone when the text is no JSON (wrong usage), else every
    problem of its values, with their paths.
    """
    problems: list[Problem] = []
    root = JsonObject(load(content), "", problems)
    if kind:
        root.keys.setdefault("kind", kind)
    kind = root.text("kind", required=True, limit=40)
    if kind and not re.fullmatch(r"[a-z][a-z_]*", kind):
        root.refuse("json.choice", "kind", "nom d'une pièce attendu", "par exemple quote")
    if root.has("customer") and root.has("supplier"):
        root.refuse("json.choice", "supplier", "client ou fournisseur, pas les deux")
    request = DocumentRequest(
        kind=kind,
        customer=_party(root, "customer"),
        supplier=_party(root, "supplier"),
        date=root.day("date"),
        price_mode=root.choice("price_mode", PRICE_MODES),
        price_decimals=root.integer("price_decimals", 2, 4),
        subject=root.text("subject"),
        external_id=root.text("external_id"),
        planned_date=root.day("planned_date"),
        nature=root.choice("nature", NATURES) or "",
        web=root.flag("web") if root.has("web") else None,
        project=root.text("project", limit=REFERENCE_LIMIT),
        order=root.text("order", limit=REFERENCE_LIMIT),
        points=root.number("points", signed=False),
        expected_date=root.day("expected_date"),
        lines=tuple(_line(line) for line in root.objects("lines", MOST_LINES)),
        adjustments=tuple(_adjustment(entry) for entry in root.objects("adjustments", 100)),
        references=tuple(_reference(entry) for entry in root.objects("references", 100)),
        deductions=tuple(_deduction(entry) for entry in root.objects("deductions", 20)),
        visits=tuple(map(visits.read, root.objects("visits", visits.MOST_VISITS))),
        machines=machines.read(root),
        parts_used=tuple(map(_used, root.objects("parts_used", MOST_LINES))),
        billable=root.words("billable", machines.CLASSES, 4) if root.has("billable") else None,
    )
    root.close()
    if request.price_decimals is not None:
        problems += request.price_problems(request.price_decimals)
    raise_all(problems)
    return request


def _party(root: JsonObject, name: str) -> str | PartyRequest | None:
    if not root.has(name):
        return None
    if isinstance(root.keys[name], str):
        return root.text(name, limit=REFERENCE_LIMIT, required=True)
    if not isinstance(root.keys[name], dict):
        root.refuse("json.type", name, "code ou objet { } attendu")
        return None
    party = JsonObject(root.keys[name], name, root.problems)
    request = PartyRequest(
        name=party.text("name", required=True),
        street=party.text("street", required=True),
        postcode=party.text("postcode", required=True, limit=16),
        city=party.text("city", required=True),
        country=_identifier(party, "country", values.country),
        siren=_identifier(party, "siren", values.siren),
        vat_number=_identifier(party, "vat_number", values.vat_number),
        save=party.flag("save"),
    )
    party.close()
    return request


def _identifier(party: JsonObject, name: str, read: values.Reader) -> str:
    text = party.text(name)
    try:
        return read(text) or ""
    except Invalid as error:
        party.refuse(error.problems[0].code, name, error.problems[0].message)
        return ""


def _line(line: JsonObject) -> LineRequest:
    kind = line.choice("type", LINE_TYPES, required=True) or ""
    if kind == "item":
        request = _item(line)
    elif kind == "comment":
        label = line.text("label", limit=COMMENT_LIMIT, required=True, multiline=True)
        request = LineRequest(kind, label)
    elif kind == "page_break":
        request = LineRequest(kind)
    elif kind:
        label = line.text("label", limit=LABEL_LIMIT, required=True)
        level = line.integer("level", 1, 3) if kind == "chapter" else None
        request = LineRequest(kind, label, level or 1)
    else:
        return LineRequest(kind)  # an unknown type says nothing about the other keys
    line.close()
    return request


def _item(line: JsonObject) -> LineRequest:
    reference = line.text("reference", limit=REFERENCE_LIMIT, required=line.has("reference"))
    label = line.text("label", limit=LABEL_LIMIT, required=line.has("label"))
    if not line.has("reference") and not line.has("label"):
        line.refuse("json.missing", "reference", "« reference » ou « label » manque")
    quantity, price_per = line.number("quantity"), line.number("price_per", signed=False)
    if price_per == 0:
        line.refuse("number.out_of_range", "price_per", "plus grand que zéro")
    tags = line.words("tags", TAGS, 1)
    return LineRequest(
        type="item",
        label=label,
        reference=reference,
        quantity=SCALE4 if quantity is None else quantity,
        unit=line.text("unit", limit=20) if line.has("unit") else None,
        unit_price=line.number("unit_price"),
        price_per=price_per,
        discounts=line.percents("discounts", 10) if line.has("discounts") else None,
        discount_amount=line.number("discount_amount", CENT, 2),
        vat_rate=line.percent("vat_rate"),
        vat_category=line.choice("vat_category", VAT_CATEGORIES),
        tag=tags[0] if tags else "",
        cost=line.number("cost", signed=False),
        cost_category=line.text("cost_category", limit=REFERENCE_LIMIT),
    )


def _used(entry: JsonObject) -> LineRequest:
    """A part that was used: an item line with what a technician knows of it."""
    reference = entry.text("reference", limit=REFERENCE_LIMIT, required=entry.has("reference"))
    label = entry.text("label", limit=LABEL_LIMIT, required=entry.has("label"))
    if not entry.has("reference") and not entry.has("label"):
        entry.refuse("json.missing", "reference", "« reference » ou « label » manque")
    quantity = entry.number("quantity")
    request = LineRequest(
        type="item",
        label=label,
        reference=reference,
        quantity=SCALE4 if quantity is None else quantity,
        unit=entry.text("unit", limit=20) if entry.has("unit") else None,
        unit_price=entry.number("unit_price"),
        billed=entry.flag("billed") if entry.has("billed") else None,
    )
    entry.close()
    return request


def _reference(entry: JsonObject) -> ReferenceRequest:
    number = entry.text("number", limit=35, required=True)
    if number and not re.fullmatch(r"[A-Za-z0-9+\-_/]+", number):
        entry.refuse("reference.number", "number", "lettres sans accent, chiffres et + - _ /")
    request = ReferenceRequest(number, entry.day("date"))
    entry.close()
    return request


def _deduction(entry: JsonObject) -> DeductionRequest:
    kind = entry.choice("kind", DEDUCTION_KINDS, required=True) or ""
    if entry.has("percent") == entry.has("amount"):
        entry.refuse("json.choice", "amount", "« percent » ou « amount », l'un des deux")
    request = DeductionRequest(
        kind=kind,
        label=entry.text("label", limit=LABEL_LIMIT),
        percent=entry.percent("percent"),
        amount=entry.number("amount", CENT, 2),
        base=entry.choice("base", PRICE_MODES),
        bond=entry.flag("bond"),
        release_on=entry.day("release_on"),
        supplier=entry.text("supplier", limit=REFERENCE_LIMIT),
    )
    entry.close()
    return request


def _adjustment(entry: JsonObject) -> AdjustmentRequest:
    kind = entry.choice("type", ADJUSTMENT_TYPES, required=True) or ""
    if entry.has("percent") == entry.has("amount"):
        entry.refuse("json.choice", "amount", "« percent » ou « amount », l'un des deux")
    request = AdjustmentRequest(
        type=kind,
        percent=entry.percent("percent"),
        amount=entry.number("amount", CENT, 2),
        vat_rate=entry.percent("vat_rate"),
        vat_category=entry.choice("vat_category", VAT_CATEGORIES),
    )
    entry.close()
    return request

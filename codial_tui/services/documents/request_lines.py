"""The lines of a document that is asked for as data: items looked up, priced, taxed, checked."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.lines import component_quantity, component_ratio, line_problems
from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_percent
from codial_tui.exchange.documents import DocumentRequest, LineRequest
from codial_tui.services.context import Context
from codial_tui.services.records import catalogue, settings
from codial_tui.services.records.catalogue import Item

from . import pricing


def known_rates(context: Context) -> frozenset[int]:
    """The VAT rates (10⁻⁶) a new document may use."""
    rows = context.database.rows("SELECT rate FROM vat_rate WHERE active = 1")
    return frozenset(row[0] for row in rows)


def unknown_rate(rate: int, field: str) -> Problem:
    """The refusal of a rate that is not in the table (cli.md)."""
    return Problem(
        "vat_rate.unknown", field, f"TVA {format_percent(rate)} inconnue", "codial-tui vat add"
    )


def adjust(
    context: Context,
    document: Document,
    request: DocumentRequest,
    rates: frozenset[int],
    problems: list[Problem],
) -> None:
    """The footer: discounts, charges, shipping and fees."""
    for index, asked in enumerate(request.adjustments):
        rate = asked.vat_rate
        if rate is None and asked.vat_category is not None:
            taxed = asked.vat_category == "S"
            rate = settings.default_rate(context) if taxed else 0
        if rate is not None and rate not in rates:
            problems.append(unknown_rate(rate, f"adjustments.{index}.vat_rate"))
        if rate and asked.vat_category not in (None, "S"):
            problems.append(
                Problem(
                    "vat_rate.not_zero",
                    f"adjustments.{index}.vat_rate",
                    "Taux de TVA sur une base sans TVA",
                    "mettez 0",
                )
            )
        document.adjustments.append(
            Adjustment(
                context.uid(),
                asked.type,
                percent=asked.percent,
                amount=asked.amount or 0,
                vat_category=asked.vat_category,
                vat_rate=rate,
                position=index,
            )
        )


class LineMaker:
    """Makes the lines of one document; items are looked up once."""

    def __init__(
        self, context: Context, document: Document, rates: frozenset[int], problems: list[Problem]
    ) -> None:
        self.context = context
        self.document = document
        self.rates = rates
        self.problems = problems
        self._items: dict[str, Item | None] = {}

    def lines(self, index: int, asked: LineRequest) -> list[Line]:
        """The line of a request, and behind it the components of an assembly."""
        if asked.type != "item":
            level = asked.level if asked.type == "chapter" else 1
            kind = LineType(asked.type)
            return [Line(self.context.uid(), kind, level=level, label=asked.label)]
        item = self._item(index, asked)
        line = self._free(asked) if item is None else self._of_item(asked, item)
        if asked.reference and item is None:
            return [line]
        if asked.cost is not None:
            line.purchase_price = line.cost_price = asked.cost
        if asked.cost_category:
            self._categorize(index, asked.cost_category, line)
        self._price(index, asked, line, item)
        self._tax(asked, line)
        self._check(index, line)
        if item is None or not item.is_assembly:
            return [line]
        return [line, *self._components(line, item)]

    def _refuse(self, code: str, index: int, field: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(code, f"lines.{index}.{field}", message, remedy))

    def _item(self, index: int, asked: LineRequest) -> Item | None:
        key = asked.reference
        if not key:
            return None
        if key not in self._items:
            self._items[key] = catalogue.by_reference(self.context, key)
        if self._items[key] is None:
            self._refuse("item.unknown", index, "reference", f"Article {key} inconnu")
        return self._items[key]

    def _categorize(self, index: int, code: str, line: Line) -> None:
        """The cost category that was given, and the billing class it stands for."""
        row = self.context.database.row(
            "SELECT code, billing_class FROM cost_category WHERE code = ?", (code,)
        )
        if row is None:
            self._refuse(
                "cost_category.unknown", index, "cost_category", f"Rubrique {code} inconnue"
            )
            return
        line.cost_category, line.billing_class = row

    def _free(self, asked: LineRequest) -> Line:
        labour = asked.unit in ("h", "j")
        return Line(
            self.context.uid(),
            label=asked.label,
            quantity=asked.quantity,
            unit=asked.unit or "",
            vat_category=self.document.text("vat_category") or "S",
            vat_rate=self.document.number("vat_rate"),
            supply_nature="service" if labour else "goods",
            billing_class="labour" if labour else "article",
            tag=asked.tag,
        )

    def _of_item(self, asked: LineRequest, item: Item) -> Line:
        line = catalogue.line_of(self.context, self.document, item, asked.quantity, 0)
        line.label = asked.label or line.label
        line.unit = line.unit if asked.unit is None else asked.unit
        line.tag = asked.tag
        return line

    def _price(self, index: int, asked: LineRequest, line: Line, item: Item | None) -> None:
        """The price that was given, else the usual one with the discounts of the party."""
        if asked.price_per is not None:
            line.price_per = asked.price_per
        line.discounts = asked.discounts or ()
        line.discount_amount = asked.discount_amount or 0
        if asked.unit_price is not None:
            line.unit_price = asked.unit_price
            return
        usual = (
            pricing.price_of(self.context, self.document, item, asked.quantity) if item else None
        )
        if usual is None or usual.price is None:
            if doc_type(self.document.kind).unpriced:
                return
            self._refuse("price.missing", index, "unit_price", "« unit_price » manque")
            return
        line.unit_price, line.price_per = usual.price, usual.price_per
        if asked.discounts is None:
            line.discounts = usual.discounts

    def _tax(self, asked: LineRequest, line: Line) -> None:
        """A rate above zero is taxed (S); at zero, and by default, the regime decides."""
        regime = self.document.text("vat_category") or "S"
        if asked.vat_rate is not None:
            line.vat_rate = asked.vat_rate
            untaxed = "Z" if regime == "S" else regime
            line.vat_category = "S" if asked.vat_rate else untaxed
        if asked.vat_category is not None:
            line.vat_category = asked.vat_category
            if asked.vat_rate is None and asked.vat_category != "S":
                line.vat_rate = 0

    def _check(self, index: int, line: Line) -> None:
        if line.vat_rate not in self.rates:
            self.problems.append(unknown_rate(line.vat_rate, f"lines.{index}.vat_rate"))
        for problem in line_problems(line):
            self._refuse(problem.code, index, problem.field, problem.message, problem.remedy)

    def _components(self, line: Line, item: Item) -> list[Line]:
        """The document's own copy of what an assembly of the catalogue is made of."""
        found = []
        for part, ratio in catalogue.components(self.context, item.id):
            price = pricing.price_of(self.context, self.document, part, SCALE4).price or 0
            quantity = component_quantity(ratio, line.quantity)
            component = catalogue.line_of(self.context, self.document, part, quantity, price)
            component.parent_uid, component.ratio = line.uid, ratio
            found.append(component)
        return found


def assemble(groups: list[list[Line]], assemblies: Mapping[int, int]) -> None:
    """Make ad hoc assemblies of the lines at these indexes and the lines behind each."""
    for index, count in assemblies.items():
        holder = groups[index][0]
        holder.type = LineType.AD_HOC_ASSEMBLY
        for group in groups[index + 1 : index + 1 + count]:
            part = group[0]
            part.parent_uid = holder.uid
            part.ratio = component_ratio(part.quantity, SCALE4)
            part.quantity = component_quantity(part.ratio, holder.quantity)

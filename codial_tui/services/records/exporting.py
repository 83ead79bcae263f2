"""Items and customers as tables, under headers that `import` recognises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codial_tui.domain.money import CENT, SCALE4, SCALE6
from codial_tui.domain.quantity import decimal_text
from codial_tui.models.queries import Row
from codial_tui.services.context import Context

Write = Callable[[int], str]


def _scaled(scale: int, minimum: int = 0) -> Write:
    """A decimal number with a comma, as spreadsheets here read it."""
    return lambda value: decimal_text(value, scale, minimum=minimum).replace(".", ",")


_PRICE, _QUANTITY, _CENTS = _scaled(SCALE4, 2), _scaled(SCALE4), _scaled(CENT, 2)
_PERCENT = _scaled(SCALE6 // 100)


@dataclass(frozen=True, slots=True)
class Export:
    """A table: its columns as (header, SQL, how a number is written; None for text)."""

    columns: tuple[tuple[str, str, Write | None], ...]
    source: str

    @property
    def header(self) -> list[str]:
        return [column[0] for column in self.columns]


EXPORTS = {
    "items": Export(
        (
            ("référence", "i.reference", None),
            ("désignation", "i.label", None),
            ("famille", "COALESCE(f.code, '')", None),
            ("unité", "i.unit", None),
            ("prix de vente", "i.sale_price", _PRICE),
            ("prix par", "i.price_per", _QUANTITY),
            ("prix d'achat", "i.purchase_price", _PRICE),
            ("tva", "i.vat_rate", _PERCENT),
            ("ean", "i.ean", None),
            ("éco-contribution", "i.eco_contribution", _CENTS),
            ("marque", "i.brand", None),
        ),
        "item i LEFT JOIN item_family f ON f.id = i.family_id ORDER BY i.reference_fold",
    ),
    "customers": Export(
        (
            ("code", "p.code", None),
            ("nom", "p.name", None),
            ("adresse", "p.street", None),
            ("adresse 2", "p.street2", None),
            ("code postal", "p.postcode", None),
            ("ville", "p.city", None),
            ("pays", "p.country", None),
            ("téléphone", "p.phone", None),
            ("courriel", "p.email", None),
            ("siren", "p.siren", None),
            ("siret", "p.siret", None),
            ("n° tva", "p.vat_number", None),
        ),
        "party p WHERE p.is_customer = 1 ORDER BY p.code_fold",
    ),
}
"""What can be exported, by name."""


def rows(context: Context, name: str) -> Iterator[list[str]]:
    """The rows of an export, as text."""
    export = EXPORTS[name]
    columns = ", ".join(sql for _, sql, _ in export.columns)
    for row in context.database.rows(f"SELECT {columns} FROM {export.source}"):
        yield _written(export, row)


def _written(export: Export, row: Row) -> list[str]:
    return [
        str(value) if write is None else write(value)
        for value, (_, _, write) in zip(row, export.columns)
    ]

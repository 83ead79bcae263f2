"""A counter for stories of the chain: documents in few words, and what the database holds then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.quantity import parse_quantity
from codial_tui.domain.text import fold
from codial_tui.exchange.documents import parse_document
from codial_tui.services.chain import transfer_undo
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, requests, show
from codial_tui.services.documents.rows import load
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import ToFile
from codial_tui.services.records import parties

KEPT = {
    "line_pool": "SELECT line_id, pool, quantity, taken FROM line_pool WHERE taken <> 0",
    "line_link": "SELECT source_line_id, target_line_id, relation, pool, quantity, amount "
    "FROM line_link",
    "adjustment_link": "SELECT source_id, target_id, pool, vat_category, vat_rate, amount "
    "FROM adjustment_link",
    "progress": "SELECT id, state, delivery, billing, net_total, gross_total FROM document",
}
"""What undoing must bring back. A pool that nobody took from says no more than none."""


def siren_of(code: str) -> str:
    """A SIREN of its own for each code, with a right key (Luhn)."""
    from stdnum import luhn

    digits = f"{int.from_bytes(code.encode(), 'big') % 10**8:08d}"
    return digits + luhn.calc_check_digit(digits)


@dataclass
class Desk:
    """context: who works; folder: where papers go."""

    context: Context
    folder: Path

    def customer(self, code: str, **values: Any) -> int:
        row = {"code": code, "name": code.title(), "street": "1 rue X", "city": "LYON", **values}
        if values.get("country", "FR") == "FR" and not values.get("is_consumer"):
            row.setdefault("siren", siren_of(code))  # an invoice to a business names it
        return parties.create(self.context, {"postcode": "69001", "is_customer": 1, **row})

    def item(self, reference: str, price: str = "10", **values: Any) -> int:
        row = {
            "uid": self.context.uid(),
            "reference": reference,
            "reference_fold": fold(reference),
            "label": f"Article {reference}",
            "search_text": fold(reference),
            "sale_price": parse_quantity(price),
            "stock_managed": 1,
            **values,
        }
        with self.context.database.write():
            return self.context.database.insert("item", row)

    def make(self, kind: str, *lines: Any, customer: Any = "MARTIN", **values: Any) -> Document:
        """A document; a line is `(reference or label, quantity, price)` or a mapping."""
        asked = {"kind": kind, "lines": [self._line(one) for one in lines], **values}
        if customer is not None:
            asked["customer"] = customer
        return requests.create(self.context, parse_document(json.dumps(asked)))

    def _line(self, line: Any) -> dict[str, Any]:
        if isinstance(line, dict):
            return line
        name, quantity, *price = line
        key = "reference" if name.isupper() else "label"
        more = {"unit_price": price[0]} if price else {}
        return {"type": "item", key: name, "quantity": str(quantity), **more}

    def move(
        self,
        sources: Document | tuple[Document, ...],
        kind: str,
        takes: Mapping[int, str] | None = None,
        into: Document | None = None,
        **values: Any,
    ) -> Document:
        """A transfer; takes: quantity by index of a line of the first source."""
        several = sources if isinstance(sources, tuple) else (sources,)
        first = several[0]
        wanted = {first.lines[n].uid: parse_quantity(text) for n, text in (takes or {}).items()}
        done = transfer(
            self.context,
            Request(
                tuple(one.id for one in several),
                kind,
                into.id if into else None,
                {first.id: wanted} if takes else {},
                **values,
            ),
        )
        return self.load(done.target_id)

    def undo(self, target: Document) -> bool:
        """Undo the last transfer into a document; whether it is gone."""
        return transfer_undo.undo(self.context, target.id)[1]

    def print(self, document: Document) -> Document:
        """An official print with all its effects, of a paper that nobody draws."""
        where = ToFile(self.folder / f"{document.id}.pdf", replace=True)
        prepared = printing.prepare(self.context, document.id, where)
        printing.finish(self.context, document.id, prepared, b"%PDF-1.7", "essai")
        return self.load(document.id)

    def set(self, document: Document, **values: Any) -> Document:
        """Header values, as the screen gives them."""
        from codial_tui.services.documents.editing import Editor

        editor = Editor(self.context, document.id)
        assert not editor.reason
        editor.set_header("Essai", **values)
        editor.close()
        return self.load(document.id)

    def edit(self, document: Document, index: int, **values: Any) -> Document:
        """Values of one line, as the screen gives them."""
        from codial_tui.domain.changes import set_line
        from codial_tui.services.documents.editing import Editor

        editor = Editor(self.context, document.id)
        editor.commit([set_line(editor.document.lines[index], **values)], "Essai")
        editor.close()
        return self.load(document.id)

    def load(self, document_id: int) -> Document:
        found = load(self.context.database, document_id)
        assert found is not None
        return found

    def again(self, document: Document) -> Document:
        return self.load(document.id)

    def shown(self, *several: Document) -> list[dict[str, Any]]:
        """`show` of each, without its version."""
        found = [show.shown(self.context, self.load(one.id)) for one in several]
        return [{**one, "version": 0} for one in found]

    def kept(self) -> dict[str, list[Any]]:
        rows = self.context.database.rows
        return {name: sorted(map(tuple, rows(sql))) for name, sql in KEPT.items()}

    def pool(self, document: Document, name: str) -> list[tuple[int, int]]:
        """Quantity and taken of a pool, line by line, in whole units."""
        return [
            (quantity // 10_000, taken // 10_000)
            for quantity, taken in self.context.database.rows(
                "SELECT p.quantity, p.taken FROM line_pool p "
                "JOIN document_line l ON l.id = p.line_id "
                "WHERE l.document_id = ? AND p.pool = ? ORDER BY l.position",
                (document.id, name),
            )
        ]

    def progress(self, document: Document) -> tuple[str, str]:
        """Delivered and billed: none, part, full."""
        header = self.load(document.id).header
        return str(header["delivery"]), str(header["billing"])

    def on_hand(self, item: int) -> int:
        """Stock in whole units."""
        found = self.context.database.value(
            "SELECT SUM(on_hand) FROM stock_level WHERE item_id = ?", (item,), 0
        )
        return int(found or 0) // 10_000

    def delete(self, document: Document) -> None:
        documents.delete(self.context, document.id)


def labels(document: Document) -> list[str]:
    return [line.label for line in document.lines]


def quantities(document: Document) -> list[int]:
    """Of the priced lines, in whole units."""
    return [line.quantity // 10_000 for line in document.lines if line.is_priced]


def net(*several: Document) -> int:
    """Cents HT together."""
    return sum(one.number("net_total") for one in several)

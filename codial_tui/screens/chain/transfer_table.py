"""The lines of a transfer and how much of each is taken."""

from __future__ import annotations

from codial_tui.domain.spec import Column, FieldType
from codial_tui.widgets.record_table import RecordTable

COLUMNS = (
    Column("reference", "Réf.", width=8, min_width=6, shrinks=True, width_from_data=True),
    Column("label", "Désignation", min_width=12, shrinks=True),
    Column("quantity", "Qté", FieldType.QUANTITY, width=6),
    Column("gone", "Déjà", FieldType.QUANTITY, width=6),
    Column("left", "Reste", FieldType.QUANTITY, width=6),
    Column("take", "Prendre", FieldType.QUANTITY, width=7),
    Column("unit", "U", width=3, width_from_data=True),
    Column("unit_price", "P.U.", FieldType.PRICE, width=9, hidden_below=100),
    Column("vat_rate", "TVA", FieldType.PERCENT, width=6, hidden_below=120),
    Column("delivery_date", "Livraison", FieldType.DATE, width=9, hidden_below=120),
    Column("amount", "Montant", FieldType.CENTS, width=9),
)


class TakeTable(RecordTable):
    """Lines to take from: the cursor passes over headings."""

    def _choosable(self, index: int, step: int) -> int:
        for way in (step, -step):
            at = index
            while (row := self._pages.row(at)) is not None:
                if row.role != "chapter":
                    return at
                at += way
        return max(0, index)

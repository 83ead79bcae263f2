"""À livrer of an order at the keyboard: typed line by line, or filled with what is in stock; and
what open documents hold of a line (domain.md §2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from codial_tui.domain.chain import delivering
from codial_tui.domain.chain.transfer import is_carried
from codial_tui.domain.changes import set_line
from codial_tui.domain.document import Line
from codial_tui.domain.draft import Plan
from codial_tui.domain.kinds import doc_type, ref_of
from codial_tui.domain.problems import invalid
from codial_tui.domain.quantity import format_quantity, parse_quantity
from codial_tui.domain.spec import Tab
from codial_tui.services.documents.editing import Editor
from codial_tui.services.stock import stock_moves

COLUMN = "to_deliver"
"""the column of lines that a kind with deliveries has"""


class Held(NamedTuple):
    """What an open document holds of a line: 10⁻⁴, its reference and its state in words."""

    quantity: int
    ref: str
    state: str

    @property
    def text(self) -> str:
        """`3 dans BL26-00007 ouvert`."""
        return f"{format_quantity(self.quantity, 0)} dans {self.ref} {self.state}"


def has_deliveries(tab: Tab) -> bool:
    """Whether À livrer is a column of these lines."""
    return any(one.name == COLUMN for one in tab.columns)


def fill(editor: Editor, uids: Sequence[str] | None) -> Plan:
    """À livrer with min(what is free, stock) of the order's warehouse."""
    return delivering.fill(editor.document, editor.taken, _on_hand(editor), uids)


def _on_hand(editor: Editor) -> dict[int, int]:
    """On hand by item, of the items of the order, in its warehouse."""
    document = editor.document
    place = document.number("warehouse_id") or stock_moves.default_warehouse(editor.context)
    return dict(
        editor.context.database.rows(
            "SELECT item_id, on_hand FROM stock_level WHERE warehouse_id = ? AND item_id IN "
            "(SELECT item_id FROM document_line WHERE document_id = ?)",
            (place, document.id),
        )
    )


def free(editor: Editor, line: Line) -> int:
    """What no other document has taken of a line, 10⁻⁴."""
    return delivering.free(editor.document, line, editor.taken)


def excess(editor: Editor, line: Line, wanted: int) -> str:
    """Why a quantity asks before it is taken, "" when it does not: `2 de plus que le reste (3
    dans BL26-00007 ouvert)`. What is above becomes a line of its own, without the order."""
    more = delivering.excess(editor.document, line, wanted, editor.taken)
    if not more:
        return ""
    held = ", ".join(one.text for one in held_by_open(editor, line))
    more_text = f"{format_quantity(more, 0)} de plus que le reste"
    return f"{more_text} ({held})" if held else more_text


def parse(line: Line, text: str) -> int:
    """The typed quantity, empty for none. Raises Invalid for what is no quantity, or not of the
    line's sign, or a line that is not delivered."""
    if not is_carried(line):
        raise invalid("line.stays", "Cette ligne ne se livre pas", "placez-vous sur un article")
    wanted = parse_quantity(text) if text.strip() else 0
    if wanted * line.quantity < 0:
        raise invalid("quantity.sign", "Quantité de l'autre sens", "un retour se fait sur le BL")
    return wanted


def put(editor: Editor, line: Line, wanted: int) -> None:
    """Write À livrer of a line, as one step."""
    label = f"À livrer {line.reference or line.label}"
    editor.commit([set_line(line, to_deliver=wanted)], label)


def held_by_open(editor: Editor, line: Line) -> list[Held]:
    """What documents that have not delivered yet hold of a line; no query where nothing is."""
    if "deliver" not in editor.taken.get(line.uid, {}):
        return []
    found = editor.context.database.rows(
        "SELECT SUM(k.quantity), d.id, d.kind, d.number, d.state FROM line_link k "
        "JOIN document_line s ON s.id = k.source_line_id "
        "JOIN document_line t ON t.id = k.target_line_id JOIN document d ON d.id = t.document_id "
        "WHERE s.uid = ? AND k.pool = 'deliver' "
        "AND d.state NOT IN ('printed', 'validated', 'posted') "
        "GROUP BY d.id, d.kind, d.number, d.state ORDER BY d.id",
        (line.uid,),
    )
    return [
        Held(quantity, number or ref_of(kind, key), doc_type(kind).state(state).label.lower())
        for quantity, key, kind, number, state in found
        if quantity
    ]

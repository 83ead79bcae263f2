"""Row 1 of a document: what it is, whose, its state; the one amount that matters."""

from __future__ import annotations

from rich.cells import cell_len

from codial_tui.domain.paper.paper_heads import word_of
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Side
from codial_tui.domain.text import display
from codial_tui.services.documents.editing import Editor
from codial_tui.services.lists import marks
from codial_tui.services.payments import payment_facts
from codial_tui.widgets.drawing import fit

LEAST_NAME = 8
"""cells of a customer's name that still tell who it is"""


def words(editor: Editor, width: int) -> tuple[str, str]:
    """What stands left and right. Where it does not all fit the customer gives way: its code, then
    « lecture seule » (row 23 says why), then the end of its name; then the word for the kind, which
    the number tells."""
    context, document = editor.context, editor.document
    said = (one.label for one in marks.of(context, document))
    state = " · ".join((editor.kind.state(document.state).label, *said))
    right = _amount(editor)
    before, after = f"{word_of(document, editor.kind)} {document.ref} · ", f" · {state}"
    locked = " · lecture seule" if editor.reason else ""
    fixed = width - 4 - sum(map(cell_len, (after, right)))
    if fixed - cell_len(before) < LEAST_NAME:
        before = f"{document.ref} · "
    room = fixed - cell_len(before)
    nobody = "sans client" if editor.kind.side is Side.SALE else "sans fournisseur"
    name, code = document.text("party_name") or nobody, document.text("party_code")
    who = f"{name} ({code})" if code else name
    if cell_len(display(who)) + len(locked) > room:
        who = name
    if cell_len(display(who)) + len(locked) > room:
        locked = ""
    if cell_len(display(who)) > room:
        who = fit(display(name), max(room, LEAST_NAME)).rstrip()
    return f"{before}{who}{after}{locked}", right


def _amount(editor: Editor) -> str:
    document = editor.document
    if document.text("settlement"):
        left = payment_facts.left(editor.context, [document.id])[document.id]
        return f"reste dû {format_cents(left)} €"
    gross = document.gross_mode or editor.kind.main_amount == "gross"
    amount = editor.totals.gross if gross else editor.totals.net
    return f"{'TTC' if gross else 'HT'} {format_cents(amount)} €"

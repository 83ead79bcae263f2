"""What of each kind no longer changes, when, and the words that say why (domain.md §2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.domain.quantity import parse_quantity
from codial_tui.errors import LockLost, Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import entering, headers
from codial_tui.services.documents.editing import Editor


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    return desk


def locked(desk: Desk, document: Document, *fields: str) -> list[str]:
    """Why each of these fields is read-only, "" for one that is not."""
    editor = Editor(desk.context, document.id)
    editor.close()
    return [headers.locked(editor, editor.kind.field(name)) for name in fields]


def why(desk: Desk, document: Document, **values: object) -> str:
    """What row 23 says when the first line gets these values; "" when it got them."""
    editor = Editor(desk.context, document.id)
    try:
        entering.edit_line(editor, editor.document.lines[0].uid, **values)
    except (Refused, LockLost) as error:
        return error.text
    finally:
        editor.close()
    return ""


def test_a_quote_locks_the_lines_that_went(desk: Desk) -> None:
    quote = desk.make("quote", ("TUBE", 10), ("Pose", 1, "45"))
    desk.move(quote, "order", {0: "4"})
    assert desk.again(quote).state == "accepted"
    assert locked(desk, quote, "party_id", "price_mode") == ["document accepté"] * 2
    said = "Ligne déjà transférée · annulez le transfert"
    assert why(desk, quote, label="Autre") == said
    assert why(desk, quote, quantity=parse_quantity("12")) == said
    editor = Editor(desk.context, quote.id)
    entering.edit_line(editor, editor.document.lines[1].uid, quantity=parse_quantity("2"))
    editor.close()
    assert desk.again(quote).lines[1].quantity == parse_quantity("2")


def test_a_processed_order_is_edited_down_to_its_floor(desk: Desk) -> None:
    order = desk.print(desk.make("order", ("TUBE", 10)))
    assert order.state == "processed"
    assert locked(desk, order, "party_id", "planned_date", "notes") == ["", "", ""]
    assert why(desk, order, quantity=parse_quantity("9")) == ""
    desk.move(order, "delivery_note", {0: "4"})
    assert why(desk, order, quantity=parse_quantity("3")).startswith("4 déjà livré, facturé")
    assert why(desk, order, quantity=parse_quantity("4")) == ""
    assert locked(desk, order, "party_id", "price_mode", "planned_date") == [
        "déjà livré, facturé ou transféré",
        "déjà livré, facturé ou transféré",
        "",
    ]
    editor = Editor(desk.context, order.id)
    with pytest.raises(Refused, match="4 déjà livré"):
        entering.delete_lines(editor, [editor.document.lines[0].uid])
    editor.close()


def test_a_printed_delivery_note_keeps_figures_party_and_warehouse(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10))
    note = desk.move(order, "delivery_note", {0: "4"})
    fields = ("party_id", "warehouse_id", "nature", "price_mode", "deliver_again", "carrier")
    came = "lignes venues d'une autre pièce"
    assert locked(desk, note, *fields) == [came, "", came, "", "", ""]
    note = desk.print(note)
    assert locked(desk, note, *fields) == [*["document imprimé"] * 5, ""]
    said = "Bon de livraison imprimé : quantités et prix ne changent plus"
    for values in (
        {"quantity": parse_quantity("5")},
        {"unit_price": parse_quantity("5")},
        {"discounts": (100_000,)},
    ):
        assert why(desk, note, **values).startswith(said)
    assert why(desk, note, label="Tube, livré en deux couronnes") == ""
    editor = Editor(desk.context, note.id)
    reading = entering.read(editor, "tube 2", None)
    with pytest.raises(Refused, match="imprimé"):
        entering.enter(editor, reading, None)
    with pytest.raises(Refused, match="imprimé"):
        entering.delete_lines(editor, [editor.document.lines[0].uid])
    headers.edit(editor, editor.kind.field("notes"), "Remis au gardien")
    headers.edit(editor, editor.kind.field("closing_text"), "Merci")
    editor.close()
    stored = desk.again(note)
    assert (stored.text("notes"), stored.text("closing_text")) == ("Remis au gardien", "Merci")
    assert stored.lines[0].label == "Tube, livré en deux couronnes"


@pytest.mark.parametrize("state", ["validated", "printed", "posted"])
def test_a_validated_invoice_is_only_read(desk: Desk, state: str) -> None:
    invoice = desk.make("invoice", ("TUBE", 10))
    assert locked(desk, invoice, "party_id") == [""]
    assert why(desk, invoice, quantity=parse_quantity("9")) == ""
    states = ("validated", "printed", "posted")
    for one in states[: states.index(state) + 1]:  # the database lets it go no other way
        desk.context.database.execute(
            "UPDATE document SET state = ? WHERE id = ?", (one, invoice.id)
        )
    assert (
        locked(desk, invoice, "party_id", "customer_reference")
        == ["Facture validée, lecture seule"] * 2
    )
    assert why(desk, invoice, quantity=parse_quantity("8")).startswith("Facture validée")


def test_an_internal_note_has_no_customer_and_an_assignment(desk: Desk) -> None:
    note = desk.make("delivery_note", ("TUBE", 3), customer=None, nature="internal")
    assert note.header.get("party_id") is None
    note = desk.print(note)
    assert note.state == "printed"
    moves = desk.context.database.rows("SELECT quantity, reason FROM stock_move")
    assert moves == [(-parse_quantity("3"), "internal")]
    with pytest.raises(Refused):
        desk.move(note, "invoice")

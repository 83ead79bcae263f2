"""Order → delivery → validated and printed invoice, paid at the counter: twelve keys at 80×24, and
every row, movement, seal and paper that has to follow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from demo_program import running
from keystrokes import PAID_AT_THE_COUNTER

from codial_tui.bootstrap import Program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.documents import attachments
from codial_tui.services.law import verification

sys.path.insert(0, str(Path(__file__).parents[1] / "screens"))

from test_payments_tab import buyer
from test_transfer_screens import made


@pytest.fixture
def no_printers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter in the preview saves the PDF where there is no printer."""
    empty = tmp_path / "nothing"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


def test_the_story_takes_twelve_keys() -> None:
    assert PAID_AT_THE_COUNTER.count == len(PAID_AT_THE_COUNTER.keys) <= 12


@pytest.mark.long
@pytest.mark.usefixtures("no_printers")
async def test_from_the_order_to_the_invoice_paid_in_cash(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, database = demo.context, demo.context.database
    order = made(demo, "tub12 12 x10", "racc12 24 x5", kind="order", party=buyer(demo))
    moves_before = database.value("SELECT MAX(id) FROM stock_move")
    ref = database.value("SELECT number FROM document WHERE id = ?", (order,))
    pressed = 0

    async with running(demo, monkeypatch, ref=ref) as session:
        for gesture in PAID_AT_THE_COUNTER:
            for key in gesture.keys:
                await session.press(key)
                pressed += 1
            await session.settled()
            assert not session.screen.reading.error, (gesture.what, session.text)
            if gesture.what.startswith("validate"):
                await session.until(lambda: "Aperçu · Facture FA26-" in session.rows()[0])
            elif gesture.what == "the invoice printed":
                await session.until(lambda: "►Règlements" in session.rows()[1])
                assert "= règlement de 288,00" in session.rows()[22], session.text
        assert isinstance(session.screen, DocumentScreen)
        assert "RG-1 : règlement de 288,00 par espèces" in session.rows()[22], session.text
        assert "Soldée" in session.rows()[0], session.text
        invoice = session.screen.document_id
    assert pressed <= 12

    # 12 × 10 + 24 × 5 = 240 HT, 48 of VAT at 20 %
    note = database.value("SELECT MAX(id) FROM document WHERE kind = 'delivery_note'")
    assert database.rows(
        "SELECT kind, number, state, delivery, billing, gross_total, printed_at IS NOT NULL "
        "FROM document WHERE id IN (?, ?, ?) ORDER BY id",
        (order, note, invoice),
    ) == [
        ("order", ref, "open", "full", "full", 28_800, 0),
        ("delivery_note", "BL26-00012", "printed", "", "full", 28_800, 1),
        ("invoice", "FA26-00001", "printed", "", "", 28_800, 1),
    ]
    assert database.rows(
        "SELECT i.reference, m.quantity, l.document_id FROM stock_move m "
        "JOIN item i ON i.id = m.item_id JOIN document_line l ON l.uid = m.line_uid "
        "WHERE m.id > ? ORDER BY m.id",
        (moves_before,),
    ) == [("TUB12", -120_000, note), ("RACC12", -240_000, note)]
    assert database.rows("SELECT document_id, due_date, amount, paid, nature FROM instalment") == [
        (invoice, "2026-11-09", 28_800, 28_800, "term")
    ]
    assert database.rows("SELECT date, kind, mode, account, amount FROM payment") == [
        ("2026-11-09", "payment", "ESP", "530000", 28_800)
    ]
    assert database.rows("SELECT document_id, kind, vat_rate, amount FROM payment_allocation") == [
        (invoice, "payment", 200_000, 28_800)
    ]
    assert database.rows("SELECT position, document_id, number FROM invoice_seal") == [
        (1, invoice, "FA26-00001")
    ]
    assert verification.verify(context)[1] == []
    original = database.value(
        "SELECT c.content FROM attachment a JOIN attachment_content c ON c.attachment_id = a.id "
        "JOIN document d ON d.uid = a.owner_uid WHERE d.id = ? AND a.origin = 'printed'",
        (invoice,),
    )
    exported = list(attachments.folder(context, "export").glob("FA26-00001*.pdf"))
    assert [one.read_bytes() for one in exported] == [original]
    assert b"factur-x.xml" in original

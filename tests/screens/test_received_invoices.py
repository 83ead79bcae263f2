"""A supplier's electronic invoice, from the inbox to its document, with keys."""

from __future__ import annotations

import pytest
from demo_program import running
from received_terms import TERMS

from codial_tui.bootstrap import Program
from codial_tui.exchange import factur_x
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.invoicing.received_invoices import ReceivedInvoices
from codial_tui.services.documents import attachments


async def test_the_inbox_is_recorded_with_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = attachments.folder(demo.context, "inbox")
    (folder / "a.xml").write_bytes(factur_x.xml_bytes(TERMS))
    (folder / "b.xml").write_bytes(b"<x/>")
    async with running(demo, monkeypatch) as session:
        await session.press("f10")
        await session.type("factures re")
        await session.press("enter")
        assert isinstance(session.screen, ReceivedInvoices)
        await session.press("down", "enter")  # b.xml is no invoice
        assert "électronique lisible" in session.text
        await session.press("up", "enter")
        assert isinstance(session.screen, DocumentScreen)
        rows = session.rows()
        assert rows[0].startswith(" Facture fournisseur FF26-00001 · GROSSISTE SA")
        assert "Enregistrée" in rows[0]
        assert rows[22] == " ! Facture adressée à NOUS (552100554) · vérifiez-la"
        assert [path.name for path in attachments.inbox(demo.context)] == ["b.xml"]
        await session.press("ctrl+g", "e")
        assert "F-2026/17" in session.text and "115,06" in session.text
        (folder / "a.xml").write_bytes(factur_x.xml_bytes(TERMS))
        await session.press("escape")
        assert isinstance(session.screen, ReceivedInvoices)
        await session.press("escape")
        await session.press("f10")
        await session.type("factures re")
        await session.press("enter", "enter")
        assert "déjà là : FF26-00001" in session.text
    assert (
        demo.context.database.value("SELECT COUNT(*) FROM document WHERE kind = 'supplier_invoice'")
        == 1
    )

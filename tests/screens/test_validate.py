"""F8 in an invoice by keys at 80×24: problems first, then O only, then nothing changes."""

from __future__ import annotations

from functools import partial
from threading import Event

import pytest
from test_transfer_screens import at, made, moved

from codial_tui.bootstrap import Program
from codial_tui.exchange import schematron
from codial_tui.services.law import verification


async def test_f8_asks_gives_the_number_and_locks(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    database = demo.context.database
    async with at(demo, monkeypatch, invoice) as session:
        assert f"Facture FA-P{invoice}" in session.rows()[0]
        await session.press("f8")
        asked = session.rows()[22]
        assert "Valider la facture : le numéro est définitif. R : et régler. O/R/N" in asked, (
            session.text
        )
        await session.press("enter", "n")  # Enter is no answer to what is final
        assert database.value("SELECT number FROM document WHERE id = ?", (invoice,)) is None
        await session.press("f8", "o")
        number = database.value("SELECT number FROM document WHERE id = ?", (invoice,))
        assert f"Facture {number} validée" in session.rows()[22], session.text
        assert session.rows()[0].startswith(f" Facture {number} · ")
        assert "Validée · lecture seule" in session.rows()[0]
        before = database.rows("SELECT * FROM document_line WHERE document_id = ?", (invoice,))
        await session.press(*"tub12", "enter")
        assert "lecture seule" in session.rows()[22], session.text
        await session.press("ctrl+g", "e", "ctrl+g", "e", "5")
        said = " × « 5 » ne fait rien ici · Facture validée, lecture seule"
        assert session.rows()[22] == said, session.text
        await session.press("ctrl+g", "l")
        after = database.rows("SELECT * FROM document_line WHERE document_id = ?", (invoice,))
        assert after == before
        await session.press("f8")
        assert "est déjà validée" in session.rows()[22], session.text
    assert verification.verify(demo.context)[1] == []


async def test_f8_goes_where_the_problem_is(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    first = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    late = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    with demo.context.database.write():
        demo.context.database.execute(
            "UPDATE document SET date = '2026-01-01' WHERE id = ?", (late,)
        )
    async with at(demo, monkeypatch, first) as session:
        await session.press("f8", "o")
    async with at(demo, monkeypatch, late) as session:
        await session.press("f8")
        said = "Date 01/01/26, avant celle de FA26-00001 · au plus tôt le 09/11/26"
        assert said in session.rows()[22], session.text
        assert session.rows()[1].startswith("►Entête")
        value = demo.context.database.value
        assert value("SELECT state FROM document WHERE id = ?", (late,)) == "provisional"
        await session.press(*"091126", "f8", "o")  # the cursor stands in the field to mend
        assert "Facture FA26-00002 validée" in session.rows()[22], session.text
        assert value("SELECT number FROM document WHERE id = ?", (late,)) == "FA26-00002"


def _official(monkeypatch: pytest.MonkeyPatch, found: list[schematron.Failure]) -> Event:
    """The official rules, which answer so once the event is set."""
    may_answer = Event()

    def failures(invoices: object) -> list[list[schematron.Failure]]:
        assert may_answer.wait(20)
        return [found]

    monkeypatch.setattr(schematron, "is_installed", lambda: True)
    monkeypatch.setattr(schematron, "failures", failures)
    return may_answer


@pytest.mark.long
async def test_the_official_rules_run_beside_the_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed meanwhile waits; Esc gives up; a broken rule takes no number."""
    invoice = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    number = partial(
        demo.context.database.value, "SELECT number FROM document WHERE id = ?", (invoice,)
    )
    broken = schematron.Failure(
        "BR-FR-12_BT-49", False, "BR-FR-12/BT-49 : Le BT-49 est obligatoire."
    )
    async with at(demo, monkeypatch, invoice) as session:
        answer = _official(monkeypatch, [broken])
        await session.press("f8", "o")
        assert "Contrôle de FA-P" in session.rows()[22], session.text
        answer.set()
        await session.until(lambda: "× BR-FR-12/BT-49 : Le BT-49 est obligatoire." in session.text)
        assert number() is None
        answer = _official(monkeypatch, [])
        await session.press("f8", "o", "escape")
        assert "Ne pas valider ? O/N" in session.rows()[22], session.text
        await session.press("o")
        answer.set()
        await session.until(lambda: "Pas validée" in session.text)
        assert number() is None
        answer = _official(monkeypatch, [])
        await session.press("f8", "o", "f3")  # typed ahead: the preview opens once it is validated
        assert session.rows()[0].startswith(" Facture FA-P")
        answer.set()
        await session.until(lambda: "Aperçu" in session.text)
        assert number() == "FA26-00001"

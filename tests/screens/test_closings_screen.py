"""Clôtures by keys at 80×24: what waits, closing, the journal, the archive, the training copy."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from demo_program import running
from test_transfer_screens import made, moved

from codial_tui.bootstrap import Program
from codial_tui.services.documents import attachments
from codial_tui.services.invoicing import validating
from codial_tui.services.law import closings, signing, verification


def sold(demo: Program) -> str:
    """An invoice of yesterday."""
    invoice = moved(demo, made(demo, "tub12 12 x10", kind="order"), "invoice")
    yesterday = (demo.context.today - timedelta(1)).isoformat()
    with demo.context.database.write():
        sql = "UPDATE document SET date = ? WHERE id = ?"
        demo.context.database.execute(sql, (yesterday, invoice))
    return validating.validate(demo.context, invoice).ref


async def test_home_says_which_day_waits_and_f8_closes_it(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = sold(demo)
    async with running(demo, monkeypatch) as session:
        assert "Clôture du 08/11/26" in session.text
        await session.press("f10", *"clôtures", "enter")
        assert (
            session.rows()[0].startswith(" Clôtures") and "1 jour à clôturer" in session.rows()[0]
        )
        assert "Aucune clôture. F8 clôture les jours passés." in session.text
        await session.press("f8")
        asked = session.rows()[22]
        assert "Clôturer sans retour : H jusqu'à hier 08/11/26 (1 jour)" in asked, session.text
        await session.press("enter")  # no answer to what is final
        assert closings.listed(demo.context) == []
        await session.press("h")
        await session.until(lambda: len(closings.listed(demo.context)) == 1)
        await session.settled()
        assert "rien à clôturer" in session.rows()[0], session.text
        [row] = [row for row in session.rows() if "Jour" in row and number in row]
        assert row.split()[1:4] == ["08/11/26", "Jour", "1"]
        assert session.rows()[22] == " 1 clôture : 08/11/26"
        await session.press("down")
        assert session.rows()[22] == " TVA 20 % 24,00", session.text
        await session.press("escape")
        assert "Clôture du" not in session.text
    assert verification.verify(demo.context)[1] == []


async def test_tools_of_the_law_by_letters(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    sold(demo)
    first = signing.current(demo.context)
    async with running(demo, monkeypatch) as session:
        await session.press("f10", *"clôtures", "enter", "f7", "c", "o")
        assert "signée par l'ancienne" in session.rows()[22], session.text
        assert signing.current(demo.context) != first
        await session.press("f7", "j")
        assert session.rows()[0].startswith(" Journal des événements")
        assert "Clé de signature" in session.text and "Papier gardé" in session.text
        await session.press("escape", "f7", "a", "ctrl+u", *"26", "enter")
        assert "« 26 » n'est pas une année" in session.rows()[22], session.text
        await session.press("ctrl+u", *"2026", "enter")
        folder = attachments.folder(demo.context, "export")
        await session.until(lambda: bool(list(folder.glob("archive-2026-*.zip"))))
        [path] = folder.glob("archive-2026-*.zip")
        assert "factures.csv" in zipfile.ZipFile(path).namelist()
        await session.settled()
        await session.press("f7", "e", "enter")
        assert "Base ÉCOLE" in session.rows()[22], session.text
        copy = Path(folder / "ecole.sqlite3")
        assert copy.exists()


async def test_every_title_says_ecole(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from codial_tui.bootstrap import open_program
    from codial_tui.services.law import training

    path = training.create(demo.context, tmp_path / "ecole.sqlite3")
    learning = open_program(str(path), clock=demo.context.clock, login="claire")
    try:
        async with running(learning, monkeypatch) as session:
            assert session.rows()[0].startswith(" ÉCOLE · ")
            await session.press("f10", *"clôtures", "enter")
            assert session.rows()[0].startswith(" ÉCOLE · Clôtures")
            await session.press("f8")
            assert "pas d'une base ÉCOLE" in session.rows()[22], session.text
    finally:
        learning.close()

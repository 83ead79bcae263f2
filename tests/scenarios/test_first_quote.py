"""From a fresh machine to the customer's PDF, with keys only at 80×24 (issue « Foundation »)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from demo_program import NOON, running
from keystrokes import NEW_CUSTOMER, PER_LINE

from codial_tui.bootstrap import open_program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.first_start import FirstStart
from codial_tui.screens.home.home import HomeScreen
from codial_tui.services.documents.rows import load
from codial_tui.services.law import verification

PDFTOTEXT = shutil.which("pdftotext")
# type, N°, reference or label, quantity, unit price, discounts, tag, amount in cents
LINES = [
    ("chapter", "Plomberie", 0, 0, (), "", 0),
    ("item", "TUB12", 120_000, 84_500, (), "", 101_40),
    ("item", "RACC12", 240_000, 13_500, (50_000,), "", 30_78),
    ("item", "CE200S", 10_000, 6_120_000, (), "", 612_00),
    ("item", "Pose", 40_000, 480_000, (), "", 192_00),
    ("chapter", "Courant fort", 0, 0, (), "", 0),
    ("item", "DISJ16", 120_000, 98_000, (), "", 117_60),
    ("item", "CAB315", 10_000, 7_800, (), "", 78),
    ("item", "BORN7", 10_000, 9_800_000, (), "option", 980_00),
    ("item", "GRSEC", 10_000, 289_000, (), "", 28_90),
]
NET, VAT, GROSS = 1083_46, 216_69, 1300_15
"""by hand: 101,40 + 30,78 + 612 + 192 + 117,60 + 0,78 + 28,90; 20 %; the option apart"""


@pytest.fixture
def pdf_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Enter in the preview puts the PDF: no printer here."""
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return tmp_path


async def test_first_start_to_the_pdf(pdf_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = open_program(
        str(pdf_folder / "new.sqlite3"), create=True, clock=lambda: NOON, login="claire"
    )
    pressed = 0
    async with running(program, monkeypatch) as session:
        assert isinstance(session.screen, FirstStart)
        await session.press("d")
        pressed += 1
        await session.until(lambda: isinstance(session.screen, HomeScreen))
        for gesture in NEW_CUSTOMER:
            await session.pilot.press(*("space" if key == " " else key for key in gesture.keys))
            pressed += gesture.count
            assert not session.screen.reading.error, (gesture.what, session.text)
        await session.settled()
        assert isinstance(session.screen, DocumentScreen)
        rows = session.rows()
        number = session.screen.editor.document.ref
        assert rows[0].endswith("HT 1 083,46 €")
        assert "TTC 1 300,15" in rows[20]
        said = rows[22]
    assert pressed <= 1 + NEW_CUSTOMER.target
    assert max(line.beyond for line in NEW_CUSTOMER.lines) <= PER_LINE

    value = program.context.database.value
    document = load(program.context.database, value("SELECT MAX(id) FROM document"))
    assert document is not None
    assert (document.ref, document.state) == (number, "pending")
    assert [
        (
            line.type.value,
            line.reference or line.label,
            line.quantity,
            line.unit_price,
            line.discounts,
            line.tag,
            line.amount,
        )
        for line in document.lines
    ] == LINES
    header = document.header
    assert [header[name] for name in ("net_total", "vat_total", "gross_total")] == [NET, VAT, GROSS]
    assert header["printed_at"]
    party = program.context.database.mapping(
        "SELECT name, phone FROM party WHERE id = ?", (header["party_id"],)
    )
    assert party is not None
    assert party["name"] == "durand toit"
    assert party["phone"].replace(" ", "") == "0556441122"
    assert [document.text(f"billing_{name}") for name in ("street", "postcode", "city")] == [
        "12 rue Foch",
        "33000",
        "BORDEAUX",
    ]
    assert value("SELECT COUNT(*) FROM step WHERE document_id = ?", (document.id,)) == 12
    assert verification.verify(program.context)[1] == []
    kept = program.context.database.row(
        "SELECT name, content FROM attachment a "
        "JOIN attachment_content c ON c.attachment_id = a.id WHERE owner_uid = ?",
        (document.uid,),
    )
    program.close()

    found = list(pdf_folder.rglob(f"*{number}*.pdf"))
    assert len(found) == 1, said
    assert kept is not None and bytes(kept[1]) == found[0].read_bytes()
    if PDFTOTEXT is None:
        pytest.skip("pdftotext is missing (apt install poppler-utils): the PDF's text is not read")
    text = pdf_text(found[0])
    for words in (
        f"DEVIS {number}",
        "durand toit",
        "33000 BORDEAUX",
        "Plomberie",
        "Courant fort",
        "Tube cuivre Ø12 barre 5 m",
        "101,40",
        "30,78",
        "Borne 7 kW",
        "1 083,46",
        "216,69",
        "1 300,15",
    ):
        assert words in text, words
    assert text.index("Borne 7 kW") > text.index("Groupe de sécurité"), "options stand apart"


def pdf_text(path: Path) -> str:
    """The text of a PDF as it is laid out, blanks made one."""
    assert PDFTOTEXT is not None
    done = subprocess.run(
        [PDFTOTEXT, "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.split())

"""The paper of a work order: times in local time, machines, photos, a signature drawn as lines."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from paper_sample import AT, ISSUER, Lines
from PIL import Image

from codial_tui.domain.document import Document, Machine, Visit
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.paper.compose import PaperSettings, paper_of
from codial_tui.domain.paper.paper import Paper, Photos, Signature, Table
from codial_tui.domain.paper.print_layout import layout
from codial_tui.domain.paper.report_blocks import WorkPaper
from codial_tui.errors import Unreadable
from codial_tui.printing.pdf import page_count, pdf_bytes
from codial_tui.printing.picture import SIDE, fitted
from codial_tui.printing.preview import preview

PARIS = ZoneInfo("Europe/Paris")
DRAWN = (((100, 300), (300, 80), (500, 480), (900, 200)), ((1200, 100),))
SIGNED = WorkPaper(PARIS, ("Mme Dupont", "le 22/11/2026 à 01:45"), DRAWN)
VERA = Path(__file__).parents[3] / "shared" / "tools" / "verapdf.sh"


def work_order(count: int = 2, **header: Any) -> Document:
    make = Lines()
    make.item("Électrode d'allumage", 1, 4800, reference="ELEC", covered="warranty")
    for at in range(1, count):
        make.item(f"Pièce {at}", 1, 1000, reference=f"P{at}")
    values = {
        "number": "BI26-00087",
        "date": "2026-11-22",
        "party_name": "SCI Les Tilleuls",
        "price_mode": "net",
        "price_decimals": 2,
        **header,
    }
    document = Document(1, "d", "work_order", values)
    document.lines = make.lines
    document.visits = [
        Visit(
            "v",
            1,
            "Karim Belhadj",
            "2026-10-25T00:20:00Z",
            "2026-10-25T00:40:00Z",
            "2026-10-25T01:40:00Z",
            "2026-10-25T02:00:00Z",
            zone="A",
        )
    ]
    document.machines = [
        Machine("m", brand="VIESSEL", serial="VX-2231", fault="Code F28", work_done="Réglé.")
    ]
    return document


def paper(document: Document, name: str = "work_order", own: WorkPaper = SIGNED) -> Paper:
    kind = doc_type("work_order")
    return paper_of(document, kind, layout(name), ISSUER, PaperSettings(work=own))


def photo(size: tuple[int, int], mode: str = "RGB", kind: str = "JPEG", **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **options)
    return target.getvalue()


def test_times_are_those_of_the_wall() -> None:
    """The night on which clocks go back: 2:20 twice, an hour of work is an hour."""
    (times,) = [one for one in paper(work_order()).tables() if one.title == "Temps passé"]
    assert times.rows[0].cells == (
        *("25/10/2026  Karim Belhadj", "02:20", "02:40", "02:40", "03:00"),
        *("40 min", "1 h 00"),
    )
    assert times.rows[0].details == "zone A"


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(work_order(0), lines=[], visits=[], machines=[])
    blocks = paper(bare, own=WorkPaper()).blocks
    assert [type(one) for one in blocks] == [Signature]
    half = Visit("v", departure="2026-11-21T22:50:00Z", arrival="2026-11-21T23:10:00Z")
    bare.visits = [half]
    (times,) = paper(bare, own=WorkPaper(PARIS)).tables()
    assert times.rows[0].cells == ("21/11/2026", "23:50", "00:10 +1", "", "", "20 min", "")


def test_a_machine_that_only_its_serial_number_names() -> None:
    document = work_order()
    document.machines = [Machine("m", serial="NEW-1", location="Sous-sol")]
    (table,) = [one for one in paper(document).tables() if one.title == "Matériel"]
    assert table.rows[0].cells == ("", "NEW-1", "Sous-sol", "")


def test_a_sheet_to_fill_in() -> None:
    document = replace(work_order(), visits=[])
    document.machines[0].work_done = ""
    sheet = paper(document, "work_sheet", WorkPaper(PARIS))
    assert sheet.title == "BON D'INTERVENTION BI26-00087"
    titles = [getattr(one, "title", "") for one in sheet.blocks]
    assert titles[:4] == ["Matériel", "Panne signalée", "Travaux effectués", "Temps passé"]
    assert len(sheet.tables()[1].rows) == 3


def test_layouts_with_prices_and_without() -> None:
    priced, plain = (paper(work_order(), name) for name in ("work_order", "work_order_plain"))
    assert priced.title == plain.title == "RAPPORT D'INTERVENTION BI26-00087"
    lines = [next(one for one in p.tables() if "Pièces" in one.title) for p in (priced, plain)]
    assert [one.columns[-1].name for one in lines] == ["amount", "unit"]
    assert "0,00" in lines[0].rows[0].cells
    assert all("Total" not in str(block) for block in plain.blocks)


def test_forty_lines_take_two_pages() -> None:
    assert page_count(paper(work_order(40))) == 2


def test_a_signature_is_made_of_lines() -> None:
    unsigned = pdf_bytes(paper(work_order(), own=WorkPaper(PARIS)), AT)
    signed = pdf_bytes(paper(work_order()), AT)
    assert signed == pdf_bytes(paper(work_order()), AT)
    for data in (unsigned, signed):
        assert b"/Subtype /Image" not in data
        assert b"/ExtGState" not in data
    assert signed != unsigned


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm absent : apt poppler-utils")
def test_the_signature_stands_in_its_box(tmp_path: Path) -> None:
    target = tmp_path / "p.pdf"
    target.write_bytes(pdf_bytes(paper(work_order()), AT))
    subprocess.run(["pdftoppm", "-r", "50", target, tmp_path / "p"], check=True)
    with Image.open(next(tmp_path.glob("p-*.ppm"))) as page:
        points = page.load()
        assert points is not None
        blue = [
            (x, y)
            for x in range(page.width)
            for y in range(page.height)
            if points[x, y][2] - points[x, y][0] > 90 and points[x, y][0] < 60  # type: ignore[index]
        ]
    assert len(blue) > 20
    left, right = min(x for x, _ in blue), max(x for x, _ in blue)
    assert 110 / 25.4 * 50 < left < right < 195 / 25.4 * 50


def test_the_preview_shows_it_too() -> None:
    own = replace(SIGNED, photos=(fitted("avant.jpg", photo((40, 30))),))
    text = "\n".join("\n".join(page) for page in preview(paper(work_order(), own=own)))
    for wanted in ("Temps passé", "Code F28", "Mme Dupont", "[photo] avant.jpg", "40 min"):
        assert wanted in text
    assert len(re.findall("[\u2801-\u28ff]", text)) > 20


# ---- photos


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")],
)
def test_any_photo_becomes_a_small_opaque_one(mode: str, kind: str) -> None:
    found = fitted("x", photo((3000, 1500), mode, kind))
    assert (found.width, found.height) == (SIDE, SIDE // 2)
    with Image.open(io.BytesIO(found.data)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (SIDE, SIDE // 2))


def test_a_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter, as telephones do
    found = fitted("x", photo((400, 300), exif=exif))
    assert (found.width, found.height) == (300, 400)


def test_clear_parts_are_white() -> None:
    found = fitted("x", photo((10, 10), "RGBA", "PNG"))
    with Image.open(io.BytesIO(found.data)) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"GIF89a", photo((300, 200))[:400]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="Photo « x » illisible"):
        fitted("x", data)


def test_four_photos_a_page_at_most() -> None:
    tall, wide = (fitted("x", photo(size)) for size in ((300, 400), (400, 300)))
    alone = page_count(paper(work_order(), own=WorkPaper()))
    for count, pages in ((1, 1), (4, 1), (5, 2), (8, 2), (9, 3)):
        own = WorkPaper(photos=(tall,) * count)
        assert alone <= page_count(paper(work_order(), own=own)) <= alone + pages
    blocks = paper(work_order(), own=WorkPaper(photos=(wide, tall, wide))).blocks
    assert isinstance(blocks[-1], Photos)
    assert isinstance(blocks[0], Table)


@pytest.mark.long
@pytest.mark.skipif(
    not os.environ.get("VERA_JAR") or not VERA.exists(),
    reason="veraPDF absent : VERA_JAR non défini ou ../shared/tools manquant",
)
def test_verapdf_finds_pdf_a_3b(tmp_path: Path) -> None:
    photos = tuple(
        fitted(f"{mode} 🔧.png", photo((900, 700), mode, kind))
        for mode, kind in (("RGBA", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG"))
    )
    files = []
    for name in ("work_order", "work_order_plain", "work_sheet"):
        files.append(tmp_path / f"{name}.pdf")
        drawn = paper(work_order(40), name, replace(SIGNED, photos=photos))
        files[-1].write_bytes(pdf_bytes(drawn, AT))
    run = subprocess.run(
        ["bash", str(VERA), "-f", "3b", *map(str, files)], capture_output=True, text=True
    )
    assert run.stdout.count("PASS\t3b") == len(files), run.stdout + run.stderr

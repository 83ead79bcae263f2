"""The PDF itself: its text, its pages, what makes it PDF/A-3B."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from paper_sample import AT, Lines, full_quote, long_quote, paper, quote
from PIL import Image

from codial_tui.domain.document import Adjustment, Line, LineType
from codial_tui.domain.paper.paper import Paper, Row, RowStyle, Table
from codial_tui.domain.paper.richtext import parse
from codial_tui.errors import Unreadable
from codial_tui.printing.pdf import MISSING, page_count, pdf_bytes

poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext absent : apt install poppler-utils"
)


def text_of(printed: Paper, tmp_path: Path) -> list[str]:
    """The text of every page, laid out."""
    target = tmp_path / "p.pdf"
    target.write_bytes(pdf_bytes(printed, AT))
    run = subprocess.run(
        ["pdftotext", "-layout", str(target), "-"], capture_output=True, check=True
    )
    return run.stdout.decode().split("\f")[:-1]


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@poppler
def test_a_whole_quote(tmp_path: Path) -> None:
    pages = text_of(paper(full_quote()), tmp_path)
    lines = squeezed("\n".join(pages))
    for wanted in (
        "DÉMO SARL DEVIS DE26-00042",
        "Objet : Rénovation salle de bains",
        "N° Désignation Qté U P.U. HT Rem. TVA Montant HT",
        "1 PLOMBERIE 1 483,06",
        "1.1 Tube cuivre Ø12 barre 5 m 12,00 ml 8,45 10% 20% 91,26",
        "Fixations comprises",
        "2.3 Pour information : Étude thermique déjà réglée 1,00 u 150,00 20% (150,00)",
        "Options et variantes – non comprises dans le total",
        "1.6 Option : Groupe de sécurité 3/4 1,00 u 28,90 20% 28,90",
        "Total TTC 5 763,34 €",
        "Nous restons à votre disposition au 04 78 00 00 00.",
        "SIRET 123 456 782 00010 – RCS Lyon 123 456 782 – APE 4322A – TVA FR32123456782",
        "Bon pour accord",
        "DÉMO SARL au capital de 10 000 € – 8 quai Perrache – 69002 LYON page 1/2",
    ):
        assert wanted in lines, wanted
    assert "\n".join(pages).count("Adresse du chantier") == 1
    assert "page 2/2" in pages[1]


@poppler
def test_pages_carry_the_sum_over(tmp_path: Path) -> None:
    pages = text_of(paper(long_quote(120)), tmp_path)
    assert len(pages) == page_count(paper(long_quote(120))) > 2
    left = [re.search(r"À reporter\s+([\d ]+,\d\d)", page) for page in pages]
    taken = [re.search(r"Report\s+([\d ]+,\d\d)", page) for page in pages]
    assert taken[0] is None
    for before, after in zip(left, taken[1:]):
        if after is not None:
            assert before is not None
            assert before.group(1) == after.group(1)
    rows = len(re.findall(r"Article \d+", pages[0]))
    expected = f"{rows * 2468 // 100},{rows * 2468 % 100:02d}"
    assert left[0] is not None
    assert left[0].group(1).replace(" ", "") == expected
    assert all("DEVIS DE26-00042 – MARTIN SARL" in page for page in pages[1:])


@pytest.mark.long
@poppler
@pytest.mark.parametrize("before", range(24, 40))
def test_a_heading_never_ends_a_page(before: int, tmp_path: Path) -> None:
    """Whatever stands above, chapter, title and first line are on one page."""
    document = quote()
    make = Lines()
    for index in range(before):
        make.item(f"Article {index}", 1, 100)
    make.add(LineType.CHAPTER, "CHAPITRE LOIN")
    make.add(LineType.TITLE, "Titre loin")
    make.item("Première ligne du titre", 1, 100)
    for index in range(30):
        make.item(f"Suite {index}", 1, 100)
    document.lines = make.lines
    (page,) = [one for one in text_of(paper(document), tmp_path) if "CHAPITRE LOIN" in one]
    assert "Titre loin" in page
    assert "Première ligne du titre" in page


@pytest.mark.long
@poppler
@pytest.mark.parametrize("before", range(15, 40, 4))
def test_totals_stay_together(before: int, tmp_path: Path) -> None:
    pages = text_of(paper(long_quote(before)), tmp_path)
    (page,) = [one for one in pages if "Total HT" in one]
    assert "Total TTC" in page
    (page,) = [one for one in pages if "Certification" in one or "Bon pour accord" in one][-1:]
    assert "précédés de" in page


@poppler
def test_page_break_line_and_break_before(tmp_path: Path) -> None:
    document = quote()
    make = Lines()
    make.item("Avant", 1, 100)
    make.add(LineType.PAGE_BREAK, "")
    make.item("Milieu", 1, 100)
    make.item("Après", 1, 100, page_break=1)
    document.lines = make.lines
    pages = text_of(paper(document), tmp_path)
    assert [
        next(i for i, p in enumerate(pages) if w in p) for w in ("Avant", "Milieu", "Après")
    ] == [
        0,
        1,
        2,
    ]


@poppler
def test_a_designation_longer_than_a_page_goes_on(tmp_path: Path) -> None:
    document = quote()
    make = Lines()
    make.item("mot " * 3_000, 1, 100, long_text="\n".join(f"détail {i}" for i in range(150)))
    make.item("fin", 1, 100)
    document.lines = make.lines
    pages = text_of(paper(document), tmp_path)
    whole = "\n".join(pages)
    assert whole.count("mot") == 3_000
    assert all(f"détail {i}" in whole for i in range(150))
    assert len(pages) > 3


@poppler
def test_hostile_text_prints_and_loses_nothing(tmp_path: Path) -> None:
    document = quote(subject="\u202egpj.exe\u202c [b]gras[/b] \x1b]52;c;AAAA\x07")
    make = Lines()
    make.item("https://exemple.fr/" + "a" * 300, 1, 100)
    make.item("Émoji 🔧 et 漢字", 1, 100)
    make.item("(parenthèse \\ ouverte", 1, 100)
    document.lines = make.lines
    whole = "\n".join(text_of(paper(document), tmp_path))
    assert "\u202e" not in whole
    assert "\x1b" not in whole
    assert "[b]gras[/b]" in whole
    assert sum(map(len, re.findall("a{9,}", whole))) == 300
    assert f"Émoji {MISSING} et {MISSING}{MISSING}" in whole
    assert "(parenthèse \\ ouverte" in whole


@poppler
def test_the_greatest_amounts_are_never_cut(tmp_path: Path) -> None:
    document = quote()
    line = Line(
        "x",
        label="Énorme",
        quantity=9 * 10**15,
        unit_price=9 * 10**15,
        unit="u",
        amount=8_999_999_999_999_999,
        basis="forced",
        vat_rate=0,
    )
    small = Line("y", label="Petit", quantity=10_000, unit_price=10_000, amount=100)
    document.lines = [line, small]
    whole = "\n".join(text_of(paper(document), tmp_path))
    assert "900 000 000 000,00" in whole
    assert "89 999 999 999 999,99" in whole


@poppler
def test_a_letter_comes_first_on_its_own_page(tmp_path: Path) -> None:
    letter = "Madame,\n\nVoici **notre devis {document.numero}** de {total.ttc}."
    pages = text_of(paper(full_quote(letter=letter)), tmp_path)
    assert "Voici notre devis DE26-00042 de 5 763,34 €." in pages[0].replace("\u00a0", " ")
    assert "Désignation" not in pages[0]
    assert "Désignation" in pages[1]
    assert "page 1/3" in pages[0]
    without = text_of(paper(full_quote(letter=letter), with_letter=False), tmp_path)
    assert len(without) == 2


def test_an_unknown_field_of_the_letter_is_a_problem() -> None:
    printed = paper(full_quote(letter="Bonjour {client.nmo}"))
    assert [one.code for one in printed.problems] == ["letter.unknown_field"]


@poppler
def test_watermark_is_on_every_page(tmp_path: Path) -> None:
    target = tmp_path / "p.pdf"
    target.write_bytes(pdf_bytes(paper(long_quote(60), watermark="DUPLICATA 2"), AT))
    run = subprocess.run(["pdftotext", "-raw", str(target), "-"], capture_output=True, check=True)
    pages = run.stdout.decode().split("\f")[:-1]
    assert len(pages) == 3
    assert all("DUPLICATA2" in "".join(page.split()) for page in pages)


def test_pdf_a_identification_and_metadata() -> None:
    data = pdf_bytes(paper(full_quote()), AT)
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    assert b"/GTS_PDFA1" in data
    assert b"/OutputIntent" in data
    assert b"DEVIS DE26-00042</rdf:li>" in data
    assert "DÉMO SARL</rdf:li>".encode() in data
    assert b"/Lang (fr-FR)" in data
    assert b"<xmp:ModifyDate>2026-11-09T10:00:00+00:00</xmp:ModifyDate>" in data


def test_markup_in_metadata_is_escaped() -> None:
    printed = replace(paper(quote()), title="A < B & C\x00\u202e", subject="<x>")
    data = pdf_bytes(printed, AT)
    assert b"A &lt; B &amp; C</rdf:li>" in data
    assert b"&lt;x&gt;" in data


def test_same_paper_and_moment_same_bytes() -> None:
    printed = paper(full_quote(letter="Bonjour"))
    assert pdf_bytes(printed, AT) == pdf_bytes(printed, AT)


def picture(mode: str, size: tuple[int, int]) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 128)[: len(mode)]).save(target, "PNG")
    return target.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("size", [(400, 100), (10, 900), (1, 1)])
def test_a_logo_is_embedded(size: tuple[int, int]) -> None:
    data = pdf_bytes(replace(paper(quote()), logo=picture("RGBA", size)), AT)
    assert b"/Subtype /Image" in data
    assert page_count(replace(paper(quote()), logo=picture("RGBA", size))) == 1


def test_a_logo_that_is_no_picture_says_so() -> None:
    for data in (b"GIF89a cut", picture("RGB", (50, 50))[:40], b"<svg/>"):
        with pytest.raises(Unreadable, match="Logo illisible"):
            pdf_bytes(replace(paper(quote()), logo=data), AT)


def test_an_empty_quote_is_one_page() -> None:
    assert page_count(replace(paper(quote()), blocks=())) == 1
    assert page_count(paper(quote())) == 1


def test_a_page_break_at_the_end_adds_no_page() -> None:
    table = paper(full_quote()).tables()[0]
    closed = Table(table.columns, (*table.rows, Row(RowStyle.PAGE_BREAK)))
    printed = paper(full_quote())
    again = replace(printed, blocks=(closed, *printed.blocks[2:]))
    base = replace(printed, blocks=(table, *printed.blocks[2:]))
    assert page_count(again) == page_count(base)


@poppler
def test_a_page_break_above_the_first_line_says_nothing(tmp_path: Path) -> None:
    document = quote()
    make = Lines()
    make.add(LineType.PAGE_BREAK, "")
    make.item("Premier", 1, 100, page_break=1)
    document.lines = make.lines
    (page,) = text_of(paper(document), tmp_path)
    assert "Premier" in page
    assert "À reporter" not in page


@poppler
def test_hundreds_of_headings_and_adjustments_flow(tmp_path: Path) -> None:
    document = quote()
    make = Lines()
    for index in range(200):
        make.add(LineType.CHAPTER, f"LOT {index}-")
    make.item("Fin", 1, 100_000)
    document.lines = make.lines
    document.adjustments = [
        Adjustment(f"a{index}", "charge", f"Frais {index}-", amount=100) for index in range(90)
    ]
    pages = text_of(paper(document), tmp_path)
    whole = "\n".join(pages)
    assert all(f"LOT {index}-" in whole for index in range(200))
    assert all(f"Frais {index}-" in whole for index in range(90))
    assert "Total TTC" in whole


def test_a_letter_of_many_pages() -> None:
    printed = replace(paper(quote()), letter=parse("mot " * 4_000))
    assert page_count(printed) > 3


VERA = Path(__file__).parents[3] / "shared" / "tools" / "verapdf.sh"


@pytest.mark.long
@pytest.mark.skipif(
    not os.environ.get("VERA_JAR") or not VERA.exists(),
    reason="veraPDF absent : VERA_JAR non défini ou ../shared/tools manquant",
)
def test_verapdf_finds_pdf_a_3b(tmp_path: Path) -> None:
    hostile = quote(subject="\u202egpj.exe")
    make = Lines()
    make.item("Émoji 🔧 et 漢字 אבג \x07 ﬁ e\u0301 \u202f", 1, 100)
    hostile.lines = make.lines
    papers = {
        "full": paper(full_quote(letter="**Bonjour** _vous_")),
        "shop": paper(full_quote(), "quote", options_apart=False, watermark="PROVISOIRE"),
        "long": paper(long_quote(200)),
        "hostile": paper(hostile),
        "logo": replace(paper(quote()), logo=picture("RGBA", (400, 100))),
    }
    files = []
    for name, printed in papers.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(pdf_bytes(printed, AT))
    run = subprocess.run(
        ["bash", str(VERA), "-f", "3b", *map(str, files)], capture_output=True, text=True
    )
    assert run.stdout.count("PASS\t3b") == len(files), run.stdout + run.stderr

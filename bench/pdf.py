"""PDF of a 2 000-line quote against a bare fpdf2 `cell()` loop writing the same text."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

LINES = 2_000
ROUNDS = 3
AT = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)


def measure() -> dict[str, float]:
    """ratio = ours ÷ bare (at most 1.5), medians of a few alternated rounds after a warm-up."""
    from codial_tui.printing.pdf import pdf_bytes

    document, paper = _sample()
    texts = _texts(paper(document))
    pdf_bytes(paper(document), AT)
    _bare(texts)
    ours, bare = [], []
    for _ in range(ROUNDS):
        start = perf_counter()
        pdf_bytes(paper(document), AT)
        ours.append(perf_counter() - start)
        start = perf_counter()
        _bare(texts)
        bare.append(perf_counter() - start)
    return {
        "pdf_lines": LINES,
        "pdf_seconds": round(median(ours), 3),
        "pdf_bare_seconds": round(median(bare), 3),
        "pdf_ratio": round(median(ours) / median(bare), 2),
    }


def _sample():  # type: ignore[no-untyped-def]
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from paper_sample import long_quote, paper

    return long_quote(LINES), lambda document: paper(document, "quote")


def _texts(paper) -> list[list[list[tuple[float, str, str]]]]:  # type: ignore[no-untyped-def]
    """What the pages say: for every page and row of text, x, face and words, left to right."""
    from codial_tui.printing.marks import Ink
    from codial_tui.printing.pdf import Fonts, _new_pdf
    from codial_tui.printing.sheet import lay_out

    pages = []
    for page in lay_out(paper, Fonts(_new_pdf(paper, AT, ""))):
        rows: dict[float, list[tuple[float, str, str]]] = {}
        for mark in page.marks:
            if isinstance(mark, Ink):
                rows.setdefault(mark.y, []).append((mark.x, mark.style.face, mark.text))
        pages.append([sorted(row) for _, row in sorted(rows.items())])
    return pages


def _bare(pages: list[list[list[tuple[float, str, str]]]]) -> bytes:
    """The plainest program that writes the same words on as many pages, its fonts embedded too."""
    from fpdf import FPDF
    from fpdf.enums import DocumentCompliance

    from codial_tui.config import asset
    from codial_tui.printing.pdf import FACES, FAMILY

    pdf = FPDF(format="A4", enforce_compliance=DocumentCompliance.PDFA_3B)
    pdf.set_auto_page_break(False)
    for face in {face for page in pages for row in page for _, face, _ in row}:
        pdf.add_font(FAMILY, face, asset(f"fonts/{FACES[face]}"))
    for page in pages:
        pdf.add_page()
        for row in page:
            for x, face, text in row:
                pdf.set_font(FAMILY, face, 8.5)
                pdf.set_x(x)
                pdf.cell(20, 5, text)
            pdf.ln(5)
    return bytes(pdf.output())


if __name__ == "__main__":
    print(measure())

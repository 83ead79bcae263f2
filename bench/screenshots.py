"""`python -m bench.screenshots [FOLDER]`: the pictures of the README, from the real program.

Draws what the screens of the demo company hand to the terminal, cell by cell, in the usual 16
colours on black; the PDF page is that of the printed quote (pdftoppm, from poppler-utils).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.segment import Segment

from codial_tui.app import CodialApp
from codial_tui.bootstrap import Program, open_program
from codial_tui.services.demo import demo
from codial_tui.services.documents import documents
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import validating
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import ToFile
from codial_tui.services.payments import payments
from codial_tui.services.payments.payments import Entry

from . import ROOT

NOON = datetime(2026, 11, 9, 11, 0, tzinfo=UTC)
QUOTE = "DE26-00042"
SIZE = (80, 24)
CELL = (10, 21)
MARGIN = 8
FONT_SIZE = 16
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
DATA, PAPER = "#c0c0c0", "#000000"
COLOURS = {
    "black": "#000000",
    "red": "#800000",
    "green": "#008000",
    "yellow": "#d0a000",
    "blue": "#000080",
    "magenta": "#800080",
    "cyan": "#008080",
    "white": "#c0c0c0",
}
SHOTS = {
    "home-80.png": (),
    "quote-lines-80.png": (*QUOTE, "enter"),
    "quote-search-80.png": (*QUOTE, "enter", *"12*tub cui", "down"),
    "order-needs-80.png": (*"cc26-00011", "enter", "ctrl+g", "b", "f7", "s"),
    "work-order-machine-80.png": (*"bi26-00002", "enter", "ctrl+g", "m"),
    "work-order-visits-80.png": (*"bi26-00002", "enter", *("ctrl+g", "e") * 2),
    "planning-week-80.png": (*"pl", "enter", "right", "right", "right", "down"),
    "order-lines-80.png": (*"cc26-00009", "enter", "f7", "l", "up", "5"),
}
"""File → keys from home."""
PAYMENTS = "invoice-payments-80.png"
PAID = 40_000
"""cents that were already paid of the invoice on the picture"""
PDF_WIDTH = 620


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "images"
    fonts = found_fonts()
    if fonts is None:
        sys.stderr.write("DejaVu Sans Mono manque · apt install fonts-dejavu-core\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ["CODIAL_TUI_KEYS"] = str(Path(place) / "keys")  # not with the user's own
        program = open_program(
            str(Path(place) / "demo.sqlite3"), create=True, clock=lambda: NOON, login="claire"
        )
        demo.load(program.context)
        try:
            for name, keys in SHOTS.items():
                strips = asyncio.run(shown(program, keys))
                save(drawn(strips, fonts), folder / name)
            code = paper(program, Path(place), folder / "pdf.png")
            keys = (*issued(program, Path(place)), "enter", "ctrl+g", "r", *"1000 ch 0412778")
            save(drawn(asyncio.run(shown(program, keys)), fonts), folder / PAYMENTS)
            return code
        finally:
            program.close()


def found_fonts() -> tuple[Any, Any] | None:
    """DejaVu Sans Mono, regular and bold, where it is installed."""
    found = {
        path.name: path
        for place in FONTS
        for path in Path(place).expanduser().rglob("DejaVuSansMono*.ttf")
    }
    names = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")
    if not all(name in found for name in names):
        return None
    regular, bold = (ImageFont.truetype(str(found[name]), FONT_SIZE) for name in names)
    return regular, bold


async def shown(program: Program, keys: Iterable[str]) -> list[list[Segment]]:
    """The rows on screen after these keys, as segments."""
    app = CodialApp(program)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*("space" if key == " " else key for key in keys))
        await pilot.pause()
        rows = [list(strip) for strip in app.screen._compositor.render_strips()]
        leave = getattr(app.screen, "leave", None)
        if leave is not None:
            app.screen.typing_line.clear()  # type: ignore[attr-defined]
            leave()
        return rows


def drawn(rows: list[list[Segment]], fonts: tuple[Any, Any]) -> Image.Image:
    """The rows as a picture."""
    width, height = (size * cell + 2 * MARGIN for size, cell in zip(SIZE, CELL))
    picture = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(picture)
    for row, segments in enumerate(rows):
        x = MARGIN
        for segment in segments:
            for char in segment.text:
                draw_cell(draw, x, MARGIN + row * CELL[1], char, segment.style, fonts)
                x += cell_len(char) * CELL[0]
    return picture


def draw_cell(
    draw: ImageDraw.ImageDraw, x: int, y: int, char: str, style: Any, fonts: tuple[Any, Any]
) -> None:
    ink, ground = colour(style, "color", DATA), colour(style, "bgcolor", PAPER)
    if style is not None and style.reverse:
        ink, ground = ground, ink
    bold = style is not None and style.bold
    if bold and ink == COLOURS["white"]:
        ink = "#ffffff"
    right, bottom = x + max(1, cell_len(char)) * CELL[0] - 1, y + CELL[1] - 1
    draw.rectangle((x, y, right, bottom), fill=ground)
    if char.strip():
        draw.text((x, y + 1), char, font=fonts[bool(bold)], fill=ink)
    if style is not None and style.underline:
        draw.line((x, bottom - 2, right, bottom - 2), fill=ink)


def colour(style: Any, name: str, default: str) -> str:
    found = getattr(style, name, None) if style is not None else None
    if found is None or found.name == "default":
        return default
    return COLOURS.get(found.name.removeprefix("ansi_").removeprefix("bright_"), default)


def issued(program: Program, place: Path) -> str:
    """The number of a validated and printed invoice of which a part was paid."""
    context = program.context
    found = "kind = 'invoice' AND state = 'provisional' ORDER BY gross_total DESC"
    invoice = context.database.value(f"SELECT id FROM document WHERE {found} LIMIT 1")
    number = validating.validate(context, invoice).ref
    prepared = printing.prepare(context, invoice, ToFile(place / f"{number}.pdf"))
    printing.finish(context, invoice, prepared, *printing.carry_out(prepared))
    payments.record(context, Entry(PAID, "VIR", documents=(invoice,), reference="VIR 8841"))
    return number


def save(picture: Image.Image, path: Path) -> None:
    """As few bytes as a picture of a few flat colours needs."""
    picture.quantize(64).save(path, optimize=True)
    sys.stdout.write(f"{path} {path.stat().st_size // 1024} ko\n")


def paper(program: Program, place: Path, path: Path) -> int:
    """The first page of the printed quote."""
    if shutil.which("pdftoppm") is None:
        sys.stderr.write("pdftoppm manque : pdf.png reste · apt install poppler-utils\n")
        return 1
    document_id = documents.find(program.context, QUOTE)
    document = load(program.context.database, document_id) if document_id else None
    assert document is not None
    file = place / "quote.pdf"
    file.write_bytes(printing.pdf_bytes(program.context, document))
    size = ["-scale-to-x", str(PDF_WIDTH), "-scale-to-y", "-1"]
    command = ["pdftoppm", "-png", "-r", "150", "-singlefile", *size, str(file), str(place / "p")]
    subprocess.run(command, check=True)
    save(Image.open(place / "p.png").convert("RGB"), path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

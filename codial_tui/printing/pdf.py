"""Paper becomes a PDF/A-3B file (fpdf2, imported when something is printed).

Pieces of text are placed one by one: fpdf2's `table()` is eight times slower and its `cell()`
measures again what the layout knows already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import codial_tui
from codial_tui.config import asset
from codial_tui.domain.paper.paper import Paper
from codial_tui.errors import Unreadable

from .marks import POINT, Ink, Pen, Picture, Shade, Style
from .pages import HEIGHT, WIDTH, Page
from .sheet import lay_out

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY = "dejavu"
FACES = {
    "": "DejaVuSans.ttf",
    "B": "DejaVuSans-Bold.ttf",
    "I": "DejaVuSans-Oblique.ttf",
    "BI": "DejaVuSans-BoldOblique.ttf",
}
MISSING = "\ufffd"
"""Drawn for a character no font has: PDF/A forbids the empty glyph, and a gap would hide it."""

PageMade = Callable[[int, int], None]
WATERMARK = Style("B", 90, (235, 235, 235))
_DROPPED = frozenset(
    [
        *range(0x20),
        *range(0x7F, 0xA0),
        0x061C,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        0xFEFF,
        *range(0xE0000, 0xE1000),
    ]
)


class _Printable(dict[int, str]):
    """For str.translate: controls and bidi controls vanish, what the font lacks shows."""

    def __init__(self, widths: Mapping[int, float]) -> None:
        super().__init__()
        self._widths = widths
        self[0x0A] = "\n"
        self[0x09] = " "

    def __missing__(self, code: int) -> str:
        if code in _DROPPED:
            text = ""
        elif code in self._widths:
            text = chr(code)
        else:
            text = MISSING
        self[code] = text
        return text


class Fonts:
    """Widths and repertoire of the embedded fonts, each character looked up once. A face is loaded
    when something is first written in it: that takes as long as the rest of a short paper."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._widths: dict[str, dict[str, float]] = {}
        self._tables: dict[str, _Printable] = {}

    def need(self, face: str) -> None:
        """Have a face in the file."""
        if face in self._tables:
            return
        from fpdf.fonts import TTFFont

        self._pdf.add_font(FAMILY, face, _font(FACES[face]))
        font = self._pdf.fonts[FAMILY + face]
        assert isinstance(font, TTFFont)
        self._widths[face] = {chr(code): width for code, width in font.cw.items()}
        self._tables[face] = _Printable(font.cw)

    def width(self, text: str, style: Style) -> float:
        if style.face not in self._widths:
            self.need(style.face)
        widths = self._widths[style.face]
        return sum(map(widths.__getitem__, text)) * style.size * POINT / 1000

    def printable(self, text: str, face: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        self.need(face)
        return text.translate(self._tables[face])


def pdf_bytes(
    paper: Paper,
    at: datetime,
    *,
    author: str = "",
    page_made: PageMade | None = None,
    factur_x: bytes = b"",
) -> bytes:
    """The paper as PDF/A-3B. at: aware moment of printing; same paper and moment, same bytes.
    page_made: told the pages made and how many there will be; what it raises ends the work.
    factur_x: the XML that makes it a Factur-X of the EN 16931 profile."""
    pdf = _new_pdf(paper, at, author or next(iter(paper.issuer), ""), bool(factur_x))
    if factur_x:
        pdf.embed_file(
            bytes=factur_x,
            basename="factur-x.xml",
            modification_date=at,
            mime_type="text/xml",
            associated_file_relationship="Data",
            desc="Factur-X",
            compress=True,
        )
    fonts = Fonts(pdf)
    pages = lay_out(paper, fonts)
    for number, page in enumerate(pages, 1):
        _draw(pdf, page, paper.watermark, fonts)
        if page_made is not None:
            page_made(number, len(pages))
    return bytes(pdf.output())


def page_count(paper: Paper) -> int:
    """How many sheets the PDF has."""
    return len(lay_out(paper, Fonts(_new_pdf(paper, datetime(2000, 1, 1, tzinfo=UTC), ""))))


def _new_pdf(paper: Paper, at: datetime, author: str, hybrid: bool = False) -> FPDF:
    from fpdf import FPDF
    from fpdf.enums import DocumentCompliance

    pdf = FPDF(format="A4", enforce_compliance=DocumentCompliance.PDFA_3B)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(at)
    pdf.set_lang("fr-FR")
    pdf.set_title(paper.title)
    pdf.set_subject(paper.subject)
    pdf.set_author(author)
    pdf.set_creator(f"codial-tui {codial_tui.__version__}")
    pdf.set_xmp_metadata(_xmp(paper, at, author, FACTUR_X if hybrid else ""))
    return pdf


def _font(name: str) -> Path:
    return asset(f"fonts/{name}")


def _draw(pdf: FPDF, page: Page, watermark: str, fonts: Fonts) -> None:
    pdf.add_page()
    if watermark:
        _draw_watermark(pdf, fonts.printable(watermark, WATERMARK.face), fonts)
    style: Style | None = None
    shade: Shade | None = None
    for mark in page.marks:
        if isinstance(mark, Ink):
            if mark.style != style:
                style = mark.style
                fonts.need(style.face)
                pdf.set_font(FAMILY, style.face, style.size)
                pdf.set_text_color(*style.shade)
            if mark.text:
                pdf.text(mark.x, mark.y, mark.text)
        elif isinstance(mark, Picture):
            _draw_picture(pdf, mark)
        elif isinstance(mark, Pen):
            _draw_pen(pdf, mark)
            shade = None
        else:
            if mark.shade != shade:
                shade = mark.shade
                pdf.set_fill_color(*shade)
            pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")


def _draw_pen(pdf: FPDF, mark: Pen) -> None:
    """Vector lines, with a filled dot at either end: fpdf2's lines end flat."""
    points = [(mark.x + x, mark.y + y) for x, y in mark.points]
    pdf.set_draw_color(*mark.shade)
    pdf.set_fill_color(*mark.shade)
    pdf.set_line_width(mark.width)
    if len(points) > 1:
        pdf.polyline(points)
    for x, y in dict.fromkeys((points[0], points[-1])):
        pdf.ellipse(x - mark.width / 2, y - mark.width / 2, mark.width, mark.width, style="F")


def _draw_picture(pdf: FPDF, mark: Picture) -> None:
    """Raises Unreadable when the bytes are no picture: the company record must be mended."""
    from PIL import Image

    try:
        with Image.open(BytesIO(mark.data)) as picture:
            width, height = picture.size
        scale = min(mark.width / width, mark.height / height)
        pdf.image(BytesIO(mark.data), mark.x, mark.y, width * scale, height * scale)
    except Exception as error:  # Pillow and fpdf2 raise what their decoders raise
        raise Unreadable(
            "Logo illisible", "F10 Paramètres, Société : une image PNG ou JPEG"
        ) from error


def _draw_watermark(pdf: FPDF, text: str, fonts: Fonts) -> None:
    """Across the page, under everything, small enough to fit."""
    room = 230.0
    style = WATERMARK
    fonts.need(style.face)
    width = fonts.width(text, style)
    if width > room:
        style = style._replace(size=style.size * room / width)
        width = room
    pdf.set_font(FAMILY, style.face, style.size)
    pdf.set_text_color(*style.shade)
    with pdf.rotation(50, WIDTH / 2, HEIGHT / 2):
        pdf.text((WIDTH - width) / 2, HEIGHT / 2 + style.size * POINT / 3, text)


_PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
FACTUR_X = (
    f"""
  <rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">
   <fx:DocumentType>INVOICE</fx:DocumentType>
   <fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
   <fx:Version>1.0</fx:Version>
   <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
  </rdf:Description>
  <rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>fx</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq>"""
    + "".join(
        f"""
     <rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>{name}</pdfaProperty:name>
      <pdfaProperty:valueType>Text</pdfaProperty:valueType>
      <pdfaProperty:category>external</pdfaProperty:category>
      <pdfaProperty:description>{words}</pdfaProperty:description>
     </rdf:li>"""
        for name, words in _PROPERTIES
    )
    + """
    </rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>"""
)
"""What XMP says of a PDF with an electronic invoice inside (Factur-X 1.0, annex on PDF/A-3)."""


def _xmp(paper: Paper, at: datetime, author: str, more: str) -> str:
    """The whole XMP: fpdf2's own holds the time of writing, and a partial one would replace the
    PDF/A identification without a word. more: further descriptions."""
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    words = {"title": paper.title, "author": author, "subject": paper.subject}
    title, author, subject = (_xml(words[name]) for name in ("title", "author", "subject"))
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt>
   </dc:description>
   <dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>
   <xmp:CreatorTool>codial-tui {codial_tui.__version__}</xmp:CreatorTool>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
   <xmp:MetadataDate>{moment}</xmp:MetadataDate>
   <pdf:Producer>fpdf2</pdf:Producer>
  </rdf:Description>{more}
 </rdf:RDF>
</x:xmpmeta>"""


def _xml(text: str) -> str:
    return escape("".join(char for char in text if ord(char) not in _DROPPED))

"""The whole paper laid out: head, blocks, letter, and the foot of every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codial_tui.domain.maintenance import strokes
from codial_tui.domain.paper.paper import (
    Block,
    Code,
    Paper,
    Photos,
    Signature,
    Sums,
    Table,
    Text,
    TotalRow,
)
from codial_tui.domain.paper.richtext import Paragraph

from . import photos
from .marks import (
    ACCENT,
    GREY,
    INK,
    LINE,
    TINT,
    WHITE,
    Band,
    Box,
    Ink,
    Mark,
    Measure,
    Pen,
    Picture,
    Style,
    baseline,
    wrap,
    wrap_rich,
)
from .pages import LEFT, RIGHT, TOP, Page, Pages
from .table import TableBands

NAME = Style("B", 13, ACCENT)
TITLE = Style("B", 14, ACCENT)
PLAIN = Style("", 8.5)
STRONG = Style("B", 9.5)
SMALL = Style("", 7.5, GREY)
BODY = Style("", 9)
HEADING = Style("B", 8.5, ACCENT)
LEGAL = Style("", 7, INK)
STRONG_SUM = Style("B", 10, WHITE)
RIGHT_HALF = 110.0  # where the window of an envelope is
SUMS_LEFT, SUMS_LABEL = 118.0, 120.0
LOGO_WIDTH, LOGO_HEIGHT = 60.0, 16.0
SIGNATURE = 62.0
"""mm that the grid of a drawn signature is wide"""
PEN = (18, 40, 120)
ADDRESS_TOP = 31.0  # below TOP: 45 mm from the edge


def lay_out(paper: Paper, measure: Measure) -> list[Page]:
    """The pages of a paper, the cover letter first."""
    pages = Pages(measure, _running_title(paper))
    if paper.letter:
        pages.flow([_head(paper, measure, titled=False)])
        pages.flow(_paragraphs(paper.letter, measure, BODY, LEFT, RIGHT - LEFT, gap=2.6))
        pages.new_page()
        pages.page.marks.clear()
        pages.page.y = TOP
    pages.flow([_head(paper, measure, titled=True)])
    if paper.subject:
        pages.flow(_subject(paper.subject, measure))
    waiting: list[Band] = []  # a framed text stays with the block after it
    for block in paper.blocks:
        if isinstance(block, Table):
            table = TableBands(block, measure)
            pages.flow(waiting)
            waiting = []
            pages.flow(table.bands(), table)
            continue
        bands = [*waiting, *_block(block, measure)]
        waiting = []
        if isinstance(block, Text) and block.framed:
            bands[-1].keep = True
            waiting = bands
        else:
            pages.flow(bands)
    pages.flow(waiting)
    pages.number(paper.foot)
    return pages.pages


def _running_title(paper: Paper) -> str:
    return " – ".join(part for part in (paper.title, *paper.party[:1]) if part)


def _block(block: Block, measure: Measure) -> list[Band]:
    if isinstance(block, Sums):
        return _sums(block, measure)
    if isinstance(block, Signature):
        return _signature(block, measure)
    if isinstance(block, Code):
        from .qr import bands

        return bands(block, measure)
    if isinstance(block, Photos):
        return photos.bands(block, measure)
    assert isinstance(block, Text)
    return _text(block, measure)


def _lines_at(
    measure: Measure, texts: Sequence[str], x: float, y: float, width: float, style: Style
) -> tuple[list[Mark], float]:
    """Wrapped lines from y down; the marks and the y below them."""
    marks: list[Mark] = []
    for text in texts:
        for line in wrap(measure, measure.printable(text, style.face), style, width):
            marks.append(Ink(x, y + baseline(style), style, line))
            y += style.leading
    return marks, y


def _head(paper: Paper, measure: Measure, *, titled: bool) -> Band:
    """Who, to whom, what and when: the issuer left, the title right, the address in the window."""
    half = RIGHT_HALF - LEFT - 8
    marks: list[Mark] = []
    left = 0.0
    if paper.logo:
        marks.append(Picture(LEFT, 0, LOGO_WIDTH, LOGO_HEIGHT, paper.logo))
        left = LOGO_HEIGHT + 1.5
    more, left = _lines_at(measure, paper.issuer[:1], LEFT, left, half, NAME)
    marks += more
    more, left = _lines_at(measure, paper.issuer[1:], LEFT, left + 0.8, half, SMALL)
    marks += more
    right = 0.0
    width = RIGHT - RIGHT_HALF
    if titled:
        more, right = _lines_at(measure, (paper.title,), RIGHT_HALF, right, width, TITLE)
        marks += more
        marks.append(Box(RIGHT_HALF, right + 0.2, width, 0.5, ACCENT))
        right += 2.0
    facts = paper.facts if titled else paper.facts[:1]
    more, right = _lines_at(measure, facts, RIGHT_HALF, right, width, PLAIN)
    marks += more
    right = max(right + 5, ADDRESS_TOP)
    if paper.place and titled:
        top = max(left + 5, right)
        more, left = _lines_at(measure, paper.place[:1], LEFT, top, half, SMALL)
        marks += more
        more, left = _lines_at(measure, paper.place[1:], LEFT, left, half, PLAIN)
        marks += more
    more, right = _lines_at(measure, paper.party[:1], RIGHT_HALF, right, width, STRONG)
    marks += more
    more, right = _lines_at(measure, paper.party[1:], RIGHT_HALF, right + 0.4, width, PLAIN)
    marks += more
    return Band(max(left, right) + 8, marks)


def _subject(subject: str, measure: Measure) -> list[Band]:
    style = STRONG
    text = measure.printable(f"Objet : {subject}", style.face)
    lines = wrap(measure, text, style, RIGHT - LEFT)
    bands = [Band(style.leading, [Ink(LEFT, baseline(style), style, line)], True) for line in lines]
    return [*bands, Band(2.5)]


def _paragraphs(
    paragraphs: Sequence[Paragraph],
    measure: Measure,
    style: Style,
    x: float,
    width: float,
    gap: float,
) -> list[Band]:
    """Paragraphs as lines; two lines at least stay together at either end."""
    bands: list[Band] = []
    for paragraph in paragraphs:
        lines = wrap_rich(measure, paragraph, style, width)
        for index, line in enumerate(lines):
            marks: list[Mark] = []
            at = x
            for own, text in line:
                marks.append(Ink(at, baseline(style), own, text))
                at += measure.width(text, own)
            keep = index in (0, len(lines) - 2) and len(lines) > 1
            last = index == len(lines) - 1
            bands.append(Band(style.leading + (gap if last else 0), marks, keep))
    return bands


def _text(block: Text, measure: Measure) -> list[Band]:
    style = LEGAL if block.small else BODY
    inset = 3.0 if block.framed else 0.0
    bands: list[Band] = []
    if block.title:
        text = measure.printable(block.title, HEADING.face)
        ink = Ink(LEFT + inset, baseline(HEADING), HEADING, text)
        bands.append(Band(HEADING.leading + 0.8, [ink], keep=True))
    bands += _paragraphs(
        block.paragraphs,
        measure,
        style,
        LEFT + inset,
        RIGHT - LEFT - 2 * inset,
        gap=1.0 if block.small else 2.2,
    )
    if block.framed:
        for band in bands:
            band.keep = True
            band.marks.insert(0, Box(LEFT, 0, 0.8, band.height, ACCENT))
    return [Band(2.5, keep=True), *bands, Band(1.5)]


def _sums(block: Sums, measure: Measure) -> list[Band]:
    """Totals on the right, the VAT table on the left; all of it on one page."""
    bands = [_sum_row(row, measure) for row in block.rows]
    marks, below = _vat_table(block, measure)
    notes, foot = _lines_at(measure, block.notes, LEFT, below + 1.5, 95, SMALL)
    height = sum(band.height for band in bands)
    bands.append(Band(max(foot - height, 0) + 3))
    bands[0].marks += [*marks, *notes]
    for band in bands[:-1]:
        band.keep = True
    return [Band(4, keep=True), *bands]


def _sum_row(row: TotalRow, measure: Measure) -> Band:
    style = STRONG_SUM if row.strong else PLAIN
    pad = 1.2 if row.strong else 0.6
    amount = measure.printable(row.amount, style.face)
    x = RIGHT - 2 - measure.width(amount, style)
    label = measure.printable(row.label, style.face)
    lines = wrap(measure, label, style, max(x - SUMS_LABEL - 3, 15)) or [""]
    height = style.leading * len(lines) + 2 * pad
    if row.strong:
        box = Box(SUMS_LEFT, 0, RIGHT - SUMS_LEFT, height, ACCENT)
    else:
        box = Box(SUMS_LEFT, height, RIGHT - SUMS_LEFT, 0.1, LINE)
    inks = [
        Ink(SUMS_LABEL, pad + baseline(style) + index * style.leading, style, text)
        for index, text in enumerate(lines)
    ]
    return Band(height, [box, *inks, Ink(x, pad + baseline(style), style, amount)])


def _vat_table(block: Sums, measure: Measure) -> tuple[list[Mark], float]:
    if not block.vat:
        return [], 0.0
    head = Style("B", 7.5, ACCENT)
    style = Style("", 7.5)
    rows = [block.vat_head, *block.vat]
    widths = [
        max(measure.width(row[index], head) for row in rows) + 4 for index in range(len(rows[0]))
    ]
    widths = [max(width, least) for width, least in zip(widths, (18.0, 28.0, 28.0))]
    marks: list[Mark] = [Box(LEFT, 0, sum(widths), head.leading + 1.4, TINT)]
    y = 0.7
    for index, row in enumerate(rows):
        own = style if index else head
        x = LEFT
        for column, (text, width) in enumerate(zip(row, widths)):
            start = x + 2 if column == 0 else x + width - 2 - measure.width(text, own)
            marks.append(Ink(start, y + baseline(own), own, text))
            x += width
        y += own.leading + 0.8
        marks.append(Box(LEFT, y - 0.2, sum(widths), 0.1, LINE))
    return marks, y


def _signature(block: Signature, measure: Measure) -> list[Band]:
    """A box on the right; its words at the top, room to sign under them, or what was signed."""
    width = RIGHT - RIGHT_HALF
    title, y = _lines_at(measure, (block.title,), RIGHT_HALF + 3, 1.5, width - 6, HEADING)
    signed, y = _lines_at(measure, block.signed, RIGHT_HALF + 3, y, width - 6, PLAIN)
    notes, y = _lines_at(measure, block.notes, RIGHT_HALF + 3, y, width - 6, SMALL)
    drawn = _pen(block.strokes, RIGHT_HALF + (width - SIGNATURE) / 2, y + 1.5)
    height = 32.0
    if block.strokes:
        height = y + 3.5 + SIGNATURE * strokes.HEIGHT / strokes.WIDTH
    thin = 0.2
    marks: list[Mark] = [
        Box(RIGHT_HALF, 0, width, thin, LINE),
        Box(RIGHT_HALF, height, width, thin, LINE),
        Box(RIGHT_HALF, 0, thin, height, LINE),
        Box(RIGHT - thin, 0, thin, height, LINE),
    ]
    return [Band(3, keep=True), Band(height + 2, [*marks, *title, *signed, *notes, *drawn])]


def _pen(drawn: strokes.Strokes, x: float, y: float) -> Iterator[Mark]:
    """The strokes of a signature, smoothed, so that the grid is as wide as SIGNATURE."""
    scale = SIGNATURE / (strokes.WIDTH * strokes.SMOOTH)
    for stroke in drawn:
        points = tuple((at * scale, down * scale) for at, down in strokes.smoothed(stroke))
        yield Pen(x, y, points, PEN)

"""Bands flow onto pages: headings stay with what follows, tables carry their sum over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .marks import GREY, LINE, Band, Box, Ink, Mark, Measure, Style, baseline, wrap

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT = 15.0, 195.0
TOP, BOTTOM = 14.0, 274.0
FOOT = Style("", 6.5, GREY)
RUNNING = Style("", 8, GREY)
RUNNING_HEIGHT = 9.0


@dataclass(slots=True)
class Page:
    """The marks of one page, and where the next band goes. `fresh`: nothing placed yet."""

    marks: list[Mark] = field(default_factory=list)
    y: float = TOP
    fresh: bool = True


class TableEnds:
    """What a table puts at the foot of a page it leaves and at the head of the next one."""

    foot_height = 0.0

    def foot(self, carried: int) -> list[Band]:
        return []

    def head(self, carried: int) -> list[Band]:
        return []


class Pages:
    """The pages of a document being laid out. title: runs at the top from the second page on."""

    def __init__(self, measure: Measure, title: str) -> None:
        self.measure = measure
        self.title = title
        self.pages: list[Page] = [Page()]

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def new_page(self) -> None:
        page = Page()
        text = self.measure.printable(self.title, RUNNING.face)
        page.marks.append(Ink(LEFT, TOP + baseline(RUNNING), RUNNING, text))
        page.marks.append(Box(LEFT, TOP + 5.2, RIGHT - LEFT, 0.2, LINE))
        page.y = TOP + RUNNING_HEIGHT
        self.pages.append(page)

    def put(self, band: Band) -> None:
        """Place a band where the page stands, whatever room there is."""
        page = self.page
        top = page.y
        for mark in band.marks:
            page.marks.append(mark._replace(y=mark.y + top))
        page.y = top + band.height
        page.fresh = False

    def flow(self, bands: Sequence[Band], ends: TableEnds | None = None) -> None:
        """Place bands, breaking pages between groups that stay together. A group that fits on no
        page is broken inside."""
        ends = ends or TableEnds()
        carried = 0
        groups = list(_groups(bands))
        for index, group in enumerate(groups):
            reserve = ends.foot_height if index + 1 < len(groups) else 0.0
            height = sum(band.height for band in group)
            leaves = group[0].break_before or not self._fits(height + reserve)
            if leaves and not any(band.marks for band in group):
                continue  # room under a text is no reason for a page
            if leaves and index:
                self._break(ends, carried)
            elif leaves and not self.page.fresh:
                self.new_page()
            whole = self._fits(height + reserve)
            for band in group:
                if not (whole or self.page.fresh or self._fits(band.height + ends.foot_height)):
                    self._break(ends, carried)
                self.put(band)
                carried += band.carried

    def _fits(self, height: float) -> bool:
        return self.page.y + height <= BOTTOM + 0.01

    def _break(self, ends: TableEnds, carried: int) -> None:
        for band in ends.foot(carried):
            self.put(band)
        self.new_page()
        for band in ends.head(carried):
            self.put(band)
        self.page.fresh = True

    def number(self, foot: Sequence[str]) -> None:
        """The foot of every page: legal identity in the middle, `page 1/3` on the right."""
        count = len(self.pages)
        room = RIGHT - LEFT - 40.0
        texts = (self.measure.printable(line, FOOT.face) for line in foot)
        lines = [line for text in texts for line in wrap(self.measure, text, FOOT, room)]
        for index, page in enumerate(self.pages, 1):
            page.marks.append(Box(LEFT, BOTTOM + 3, RIGHT - LEFT, 0.2, LINE))
            y = BOTTOM + 4 + baseline(FOOT)
            text = f"page {index}/{count}"
            page.marks.append(Ink(RIGHT - self.measure.width(text, FOOT), y, FOOT, text))
            for line in lines:
                width = self.measure.width(line, FOOT)
                page.marks.append(Ink((WIDTH - width) / 2, y, FOOT, line))
                y += FOOT.leading


def _groups(bands: Sequence[Band]) -> Iterator[list[Band]]:
    """Bands that stay together: up to the first one that does not hold on to the next."""
    group: list[Band] = []
    for band in bands:
        if band.break_before and group:
            yield group
            group = []
        group.append(band)
        if not band.keep:
            yield group
            group = []
    if group:
        yield group

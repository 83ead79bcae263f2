"""The SEPA code on an invoice: its text as EPC069-12 has it, its modules, the days it is due."""

from typing import Any

import pytest
import segno

from codial_tui.domain.paper.paper import Code
from codial_tui.domain.payments import payment_code
from codial_tui.printing import qr
from codial_tui.printing.marks import Band, Box
from codial_tui.printing.pages import BOTTOM, TOP, Pages


class Plain:
    """Widths that need no font."""

    def width(self, text: str, style: Any) -> float:
        return len(text) * 1.5

    def printable(self, text: str, face: str) -> str:
        return text


def test_the_text_of_the_code() -> None:
    assert payment_code.payload(
        "DÉMO SARL", "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", 205_800, "FA26-00012"
    ).split("\n") == [
        *("BCD", "002", "1", "SCT", "AGRIFRPP", "DÉMO SARL", "FR7630006000011234567890189"),
        *("EUR2058.00", "", "", "FA26-00012"),
    ]


@pytest.mark.parametrize(
    ("name", "iban", "cents"),
    [("D", "", 100), ("", "FR76", 100), ("D", "FR76", 0), ("D", "FR76", -1), ("D", "FR76", 10**12)],
)
def test_there_is_none_without_account_or_amount(name: str, iban: str, cents: int) -> None:
    assert payment_code.payload(name, iban, "", cents, "FA1") == ""


def test_the_boxes_are_the_dark_modules() -> None:
    text = payment_code.payload("DÉMO", "FR7630006000011234567890189", "", 100, "FA26-00001")
    rows = segno.make(text, error="m", micro=False, boost_error=False).matrix
    module = qr.SIDE / (len(rows) + 2 * qr.QUIET)
    _, band = qr.bands(Code(text, "Payer", ("mots",)), Plain())
    drawn = set()
    for mark in band.marks:
        if isinstance(mark, Box):
            y = round(mark.y / module) - qr.QUIET
            x = round((mark.x - qr.LEFT) / module) - qr.QUIET
            drawn |= {(y, x + at) for at in range(round(mark.width / module))}
    dark = {(y, x) for y, row in enumerate(rows) for x, one in enumerate(row) if one}
    assert drawn == dark
    assert band.height == qr.SIDE


def test_room_under_the_last_text_makes_no_page() -> None:
    pages = Pages(Plain(), "Facture")
    full = Band(BOTTOM - TOP, [Box(0, 0, 1, 1, (0, 0, 0))])
    pages.flow([full, Band(1.5)])
    assert len(pages.pages) == 1
    pages.flow([Band(1.5, [Box(0, 0, 1, 1, (0, 0, 0))])])
    assert len(pages.pages) == 2

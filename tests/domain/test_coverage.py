"""What a warranty or a contract covers, line by line, to the cent."""

from __future__ import annotations

from typing import Any

from codial_tui.domain.changes import Change, apply, insert, set_header, set_line
from codial_tui.domain.document import Document, Line
from codial_tui.domain.invoicing.einvoice_lines import lines_of
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.maintenance import coverage

ALL = {"bill_articles": 1, "bill_consumables": 1, "bill_labour": 1, "bill_travel": 1}


def line(uid: str, billing_class: str, price: int, **values: Any) -> Line:
    values.setdefault("quantity", 1_0000)
    return Line(uid, label=uid, billing_class=billing_class, unit_price=price * 100, **values)


def work(*lines: Line, **header: Any) -> Document:
    document = Document(1, "d", "work_order", {"coverage": "none", **ALL, **header})
    document.lines = list(lines)
    for at, one in enumerate(lines):
        one.position = at
    apply(document, recompute(document))
    return document


def edit(document: Document, *changes: Change | None) -> list[Change]:
    """What the editor does: the changes, what follows, the amounts."""
    before = dict(document.header)
    wanted = [one for one in changes if one is not None]
    apply(document, wanted)
    found = coverage.followed(document, before, wanted)
    apply(document, recompute(document))
    return found


def covers(document: Document) -> dict[str, str]:
    return {one.uid: one.covered for one in document.lines}


def picture() -> Document:
    """Of the picture: 96,00 of parts billed, 187,50 of labour and travel under contract."""
    return work(
        line("part", "article", 48_00, quantity=2_0000),
        line("labour", "labour", 55_00, quantity=2_5000),
        line("travel", "travel", 50_00),
    )


def test_a_contract_pays_labour_and_travel_but_no_parts() -> None:
    document = picture()
    free = coverage.boxes({"labour", "travel", "consumable"})
    edit(document, set_header(document, coverage="contract", **free))
    assert covers(document) == {"part": "", "labour": "contract", "travel": "contract"}
    sums = totals(document)
    assert (sums.net, sums.vat_total, sums.gross) == (96_00, 19_20, 115_20)
    assert coverage.offered(document) == coverage.offered(document, {"contract"}) == 187_50
    assert [tuple(one) for one in coverage.summary(document)] == [
        ("article", "", 96_00, 0),
        ("consumable", "contract", 0, 0),
        ("labour", "contract", 0, 137_50),
        ("travel", "contract", 0, 50_00),
    ]


def test_a_box_without_coverage_offers() -> None:
    document = picture()
    edit(document, set_header(document, bill_travel=0))
    assert covers(document) == {"part": "", "labour": "", "travel": "offered"}
    edit(document, set_header(document, coverage="warranty"))
    assert covers(document)["travel"] == "warranty"
    edit(document, set_header(document, bill_travel=1))
    assert covers(document)["travel"] == ""


def test_new_lines_take_it_and_a_toggled_one_stays() -> None:
    document = picture()
    edit(document, set_header(document, coverage="warranty", bill_labour=0))
    new = line("more", "labour", 10_00)
    new.position = 9
    edit(document, insert(new))
    assert covers(document)["more"] == "warranty"
    edit(document, *coverage.toggle(document, ["more"]).changes)
    assert covers(document)["more"] == ""
    edit(document, set_line(document.line("more"), quantity=2_0000))
    assert covers(document)["more"] == "", "what was toggled by hand stays"
    edit(document, set_line(document.line("part"), billing_class="labour"))
    assert covers(document)["part"] == "warranty", "another class takes its coverage"
    edit(document, set_header(document, bill_labour=1))
    assert set(covers(document).values()) == {""}


def test_what_the_order_holds_stays_covered() -> None:
    document = work(line("a", "article", 10_00, covered="order"))
    edit(document, set_header(document, coverage="warranty", bill_articles=0))
    edit(document, set_header(document, coverage="none", bill_articles=1))
    assert covers(document) == {"a": "order"}
    refused = coverage.toggle(document, ["a"])
    assert refused.changes == []
    assert refused.problems[0].message == "Ligne comprise dans la commande"


def test_other_kinds_follow_nothing() -> None:
    document = Document(1, "d", "quote", {})
    document.lines = [line("a", "article", 10_00)]
    assert edit(document, set_line(document.lines[0], billing_class="labour")) == []


def test_eco_contribution_and_discounts_go_with_it() -> None:
    """A covered line is nothing, and takes nothing from the base of others."""
    part = line("a", "article", 100_00, discounts=(100_000,), discount_amount=5_00)
    part.eco_contribution = 1_50
    document = work(part, line("b", "labour", 50_00))
    edit(document, set_header(document, coverage="warranty", bill_articles=0))
    sums = totals(document)
    assert (sums.net, sums.eco, sums.brut) == (50_00, 0, 50_00)
    assert coverage.offered(document) == 86_50


def test_what_is_offered_is_told_without_vat() -> None:
    document = work(line("a", "labour", 120_00), price_mode="gross")
    edit(document, set_header(document, bill_labour=0))
    assert coverage.offered(document) == 100_00


def test_an_e_invoice_gives_all_of_it_as_an_allowance() -> None:
    document = work(
        line("a", "article", 48_00, quantity=2_0000, covered="warranty", discounts=(100_000,)),
        line("b", "labour", 55_00),
    )
    told = lines_of(document, {}, 1)
    assert told[0]["BT-129"] == "2"
    assert (told[0]["BT-131"], told[0]["BT-146"]) == ("0.00", "43.20")
    assert told[0]["BG-27"] == [{"amount": "86.40", "reason": "Sous garantie"}]
    assert "BG-27" not in told[1]
    back = lines_of(document, {}, -1)
    assert (back[0]["BT-129"], back[0]["BT-131"]) == ("-2", "0.00")
    assert back[0]["BG-28"] == [{"amount": "86.40", "reason": "Sous garantie"}]

"""The code to pay by transfer on an invoice: there unless the company wants none."""

from __future__ import annotations

from pathlib import Path

from invoice_cases import desk_of

from codial_tui.domain.paper.paper import Code
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.paper import papers
from codial_tui.services.records import company_settings


def test_the_company_says_whether_it_is_printed(context: Context, tmp_path: Path) -> None:
    desk = desk_of(context, tmp_path)
    invoice = validating.validate(context, desk.make("invoice", ("TUBE", 1)).id)

    def codes() -> list[str]:
        blocks = papers.paper(context, invoice).blocks
        return [one.title for one in blocks if isinstance(one, Code)]

    assert codes() == ["Payer 12,00 € par virement"]
    company_settings.put(context, "print.payment_code", 0)
    assert codes() == []
    company_settings.put(context, "print.payment_code", None)
    assert len(codes()) == 1

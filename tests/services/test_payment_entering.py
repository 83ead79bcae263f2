"""What a line of Règlements would record, in words: early discount, change, credit, warnings."""

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.invoicing import validating
from codial_tui.services.payments import payment_entering, payments
from codial_tui.services.payments.payment_entering import Proposal


@pytest.fixture
def desk(context: Any, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    party = desk.customer("MARTIN")
    values = {"code": "E8", "label": "30 jours", "days": 30, "discount": 20_000}
    with context.database.write():
        made = context.database.insert(
            "payment_terms",
            {"uid": context.uid(), "method": "30", "discount_days": 8, **values},
        )
        context.database.update("party", party, {"payment_terms_id": made})
    return desk


def issued(desk: Desk, day: str = "2026-11-20") -> Document:
    draft = desk.make("invoice", ("Pose", 1, "2450"), date=day)
    return desk.print(validating.validate(desk.context, draft.id))


def said(desk: Desk, made: Document, text: str) -> Proposal:
    found = payment_entering.propose(desk.context, desk.load(made.id), text)
    assert isinstance(found, Proposal)
    return found


def test_the_early_discount_of_58_80(desk: Desk) -> None:
    """2 % of 2 940 paid within eight days (practice.md §3.9); by VAT rate: 49.00 and 9.80."""
    made = issued(desk)
    found = said(desk, made, "2881,20 vi")
    assert found.entry.discount == 5_880
    assert found.words.endswith("→ escompte 58,80, facture soldée")
    assert said(desk, made, "esc").entry.amount == 288_120
    assert said(desk, made, "2881,21 vi").entry.discount == 0
    assert said(desk, made, "2000 vi esc").entry.discount == 94_000  # granted by hand
    payment_entering.record(desk.context, found)
    rows = desk.context.database.rows("SELECT kind, vat_rate, amount FROM payment_allocation")
    assert rows == [("payment", 200_000, 288_120), ("discount", 200_000, 5_880)]
    assert payments.left(desk.context, [made.id]) == {made.id: 0}


def test_too_late_there_is_none(desk: Desk) -> None:
    found = said(desk, issued(desk, "2026-11-10"), "2881,20 vi")
    assert found.entry.discount == 0
    assert found.words.endswith("→ reste 58,80")


def test_change_credit_and_warnings(desk: Desk) -> None:
    made = issued(desk)
    cash = said(desk, made, "3000 es")
    assert cash.entry.amount == 294_000 and cash.words.endswith("rendre 60,00")
    assert "espèces au-delà de 1 000,00" in cash.warning
    more = said(desk, made, "3000 ch")
    assert more.entry.amount == 300_000 and more.words.endswith("→ soldée, crédit 60,00")
    assert "est à venir" in said(desk, made, "10 vi +3j").warning
    assert said(desk, made, "").entry.amount == 294_000
    assert said(desk, made, "").entry.mode == "VIR"
    with pytest.raises(Refused, match="virgules"):
        said(desk, made, "1,2,3")

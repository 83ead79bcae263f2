"""The code that banks' applications read to prepare a transfer (EPC069-12, version 002)."""

from __future__ import annotations

from codial_tui.domain.money import CENT
from codial_tui.domain.quantity import decimal_text
from codial_tui.domain.text import clean

MOST = 99_999_999_999
"""cents a SEPA transfer may have"""
NAME, REMITTANCE, BYTES = 70, 140, 331


def payload(name: str, iban: str, bic: str, cents: int, remittance: str) -> str:
    """The text of the code; "" when there can be none: nothing to pay, or no account. name: who
    is paid; remittance: what the transfer says, the number of an invoice."""
    account = iban.replace(" ", "").upper()
    if not 0 < cents <= MOST or not account or not name:
        return ""
    lines = (
        *("BCD", "002", "1", "SCT", bic.replace(" ", "").upper(), clean(name)[:NAME], account),
        *(f"EUR{decimal_text(cents, CENT, minimum=2)}", "", "", clean(remittance)[:REMITTANCE]),
    )
    text = "\n".join(lines)
    return text if len(text.encode("utf-8")) <= BYTES else ""

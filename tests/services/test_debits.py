"""SEPA direct debits: the file, its payments and the mandates' series, all or nothing."""

from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.invoicing import validating
from codial_tui.services.payments import debit_files, debits, payments
from codial_tui.services.records import record_parts

IBAN = "FR1420041010050500013M02606"
DAY = date(2026, 11, 30)
NS = "{urn:iso:std:iso:20022:tech:xsd:pain.008.001.02}"


@pytest.fixture
def desk(context: Any, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    party = desk.customer("MARTIN", name="Martin & Fils")
    values = {"reference": "RUM-1", "iban": IBAN, "signed_on": "2026-01-05"}
    record_parts.create(context, "mandate", party, values)
    desk.customer("DURAND")
    with context.database.write():
        context.database.execute(
            "UPDATE company SET iban = 'FR7630006000011234567890189', bic = 'AGRIFRPP', "
            "creditor_id = 'FR72ZZZ123456'"
        )
    context.cache.clear()
    return desk


def issued(desk: Desk, price: str, customer: str = "MARTIN") -> Document:
    draft = desk.make("invoice", ("Pose", 1, price), customer=customer)
    return desk.print(validating.validate(desk.context, draft.id))


@pytest.mark.both
def test_the_file_its_payments_and_the_series_come_together(desk: Desk, tmp_path: Path) -> None:
    first, second = issued(desk, "100"), issued(desk, "50")
    other = issued(desk, "10", "DURAND")  # without a mandate
    made = debit_files.make(desk.context, DAY, tmp_path / "p.xml")
    assert (made.count, made.amount) == (2, 18_000)
    root = ElementTree.fromstring((tmp_path / "p.xml").read_bytes())
    assert [one.text for one in root.iter(f"{NS}SeqTp")] == ["FRST", "RCUR"]
    assert [one.text for one in root.iter(f"{NS}EndToEndId")] == ["FA26-00001-1", "FA26-00002-1"]
    assert {one.text for one in root.iter(f"{NS}MndtId")} == {"RUM-1"}
    assert {one.text for one in root.iter(f"{NS}DtOfSgntr")} == {"2026-01-05"}
    ids = [first.id, second.id, other.id]
    assert payments.left(desk.context, ids) == {first.id: 0, second.id: 0, other.id: 1_200}
    database = desk.context.database
    assert database.rows("SELECT sequence, used_on, active FROM mandate") == [
        ("RCUR", "2026-11-30", 1)
    ]
    assert database.rows("SELECT mode, date, reference FROM payment ORDER BY id") == [
        ("PRL", "2026-11-30", "FA26-00001-1"),
        ("PRL", "2026-11-30", "FA26-00002-1"),
    ]
    payments.reverse(desk.context, 1, "impayé")
    again = debits.make(desk.context, DAY)
    assert again.count == 1 and b"FA26-00001-2" in again.xml


@pytest.mark.long
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE company SET creditor_id = 'FR00ZZZ123456'", "sepa.ics"),
        ("UPDATE company SET iban = 'FR00'", "sepa.iban"),
        ("UPDATE mandate SET iban = 'FR7600'", "sepa.iban"),
        ("UPDATE mandate SET signed_on = '2027-01-01'", "sepa.signed_on"),
        ("UPDATE mandate SET active = 0", "sepa.empty"),
        ("UPDATE payment_mode SET active = 0 WHERE code = 'PRL'", "mode.unknown"),
    ],
)
def test_what_the_bank_would_refuse_writes_nothing(
    desk: Desk, tmp_path: Path, sql: str, code: str
) -> None:
    issued(desk, "100")
    with desk.context.database.write():
        desk.context.database.execute(sql)
    desk.context.cache.clear()
    with pytest.raises(Refused) as caught:
        debit_files.make(desk.context, DAY, tmp_path / "p.xml")
    assert caught.value.problems[0].code == code
    assert list(tmp_path.glob("*.xml")) == list(tmp_path.glob(".*.tmp")) == []
    assert desk.context.database.value("SELECT COUNT(*) FROM payment") == 0


def test_neither_today_nor_over_a_file(desk: Desk, tmp_path: Path) -> None:
    issued(desk, "100")
    with pytest.raises(Refused, match="un jour avant"):
        debits.make(desk.context, desk.context.today)
    (tmp_path / "p.xml").write_text("là")
    with pytest.raises(Refused, match="existe déjà"):
        debit_files.make(desk.context, DAY, tmp_path / "p.xml")
    with pytest.raises(Refused, match="impossible"):
        debit_files.make(desk.context, DAY, tmp_path / "no" / "p.xml")


def test_a_mandate_needs_a_right_iban(desk: Desk) -> None:
    values = {"reference": "RUM-2", "iban": "FR00", "signed_on": "2026-01-05"}
    with pytest.raises(Refused) as caught:
        record_parts.create(desk.context, "mandate", 1, values)
    assert caught.value.problems[0].code == "iban.invalid"

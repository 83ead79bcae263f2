"""Entries of invoices, receipts and allocations, to the cent."""

from __future__ import annotations

import pytest
from document_strategies import documents
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.accounting.accounting import (
    Allocated,
    Entry,
    Received,
    allocation,
    exigible,
    is_balanced,
    receipt,
    sale,
)
from codial_tui.domain.accounting.accounts import (
    DEFAULTS,
    ROLES,
    Accounts,
    Auxiliary,
    Rule,
    auxiliary_code,
)
from codial_tui.domain.document import Adjustment, Deduction, DepositUse, Document, Line
from codial_tui.domain.lines.totals import totals

MARTIN = Auxiliary("C00128", "MARTIN SARL")
KEY = ("S", 200_000)


def line(uid: str, amount: int, rate: int = 200_000, **values: object) -> Line:
    """A line of a quantity of one."""
    made = Line(uid, quantity=10_000, unit_price=amount * 100, amount=amount, net_amount=amount)
    made.vat_rate = rate
    for name, value in values.items():
        setattr(made, name, value)
    return made


def invoice(*lines: Line, **header: object) -> Document:
    base = {"number": "FA26-00001", "date": "2026-11-22", "party_name": "MARTIN SARL"}
    return Document(1, "u" * 32, "invoice", {**base, **header}, list(lines))  # type: ignore[arg-type]


def written(entry: Entry) -> list[tuple[str, int, int]]:
    assert is_balanced([entry])
    return [(row.account[:5], row.debit, row.credit) for row in entry.rows]


def entry_of(document: Document, *rules: Rule) -> Entry:
    return sale(document, Accounts(rules), MARTIN)


def test_the_worked_example_of_a_deposit() -> None:
    """domain.md §6: 2 450 HT with a deposit of 882 TTC → 2 058 to pay, VAT left 343."""
    deposit = invoice(line("a", 73_500), nature="deposit", number="FA26-00001")
    assert written(entry_of(deposit)) == [
        ("41100", 88_200, 0),
        ("41910", 0, 73_500),
        ("44574", 0, 14_700),
    ]
    paid = Received(
        "p", "2026-11-23", "CHQ 12", "Chèque MARTIN", 88_200, "BQ", ("512000", "Banque")
    )
    assert written(receipt(paid, Accounts(), MARTIN)) == [
        ("51200", 88_200, 0),
        ("41100", 0, 88_200),
    ]
    part = Allocated(
        "x", "2026-11-23", "CHQ 12", "2026-11-23", "TVA", "payment", KEY, 0, 88_200, 88_200
    )
    due = exigible(deposit)[KEY]
    assert written(allocation(part, due, Accounts(), MARTIN)) == [
        ("44574", 14_700, 0),
        ("44571", 0, 14_700),
    ]
    deducting = line("b", -73_500, nature="deposit", quantity=-10_000, unit_price=7_350_000)
    final = invoice(line("a", 245_000), deducting, uses=None)
    final.uses = [DepositUse("d", 1, "b")]
    found = entry_of(final)
    assert sorted(written(found)) == [
        ("41100", 205_800, 0),
        ("41910", 73_500, 0),
        ("44571", 0, 34_300),
        ("70700", 0, 245_000),
    ]
    assert found.label == "Facture FA26-00001 MARTIN SARL"
    assert [row.auxiliary for row in found.rows if row.account == "411000"] == [MARTIN]


def test_a_deposit_of_everything_leaves_an_entry_without_customer() -> None:
    final = invoice(line("a", 10_000), line("b", -10_000, nature="deposit"))
    assert written(entry_of(final)) == [("70700", 0, 10_000), ("41910", 10_000, 0)]
    assert totals(final).payable == 0
    assert entry_of(invoice(line("a", 0))).rows == ()


def test_vat_on_services_waits_and_the_option_for_debits_ends_that() -> None:
    mixed = (line("a", 10_000), line("b", 3_333, supply_nature="service"))
    assert written(entry_of(invoice(*mixed))) == [
        ("41100", 16_000, 0),
        ("70700", 0, 10_000),
        ("70600", 0, 3_333),
        ("44571", 0, 2_000),
        ("44574", 0, 667),
    ]
    assert written(entry_of(invoice(*mixed, vat_on_debits=1)))[-1] == ("44571", 0, 2_667)


def test_parts_of_a_payment_add_up_to_the_vat_that_waited() -> None:
    services = invoice(line("a", 3_333, supply_nature="service"))
    due = exigible(services)[KEY]
    assert due == (4_000, 667, 3_333, 667)
    moved, before = [], 0
    for amount in (1_000, 1_001, 1_999):
        part = Allocated("x", "", "", "", "", "payment", KEY, before, amount, 4_000)
        [out, into] = allocation(part, due, Accounts(), MARTIN).rows
        assert (out.account, into.account) == ("445740", "445710") and out.debit == into.credit
        moved.append(out.debit)
        before += amount
    assert moved == [167, 167, 333] and sum(moved) == 667
    back = Allocated("x", "", "", "", "", "payment", KEY, before, -4_000, 4_000)
    [out, into] = allocation(back, due, Accounts(), MARTIN).rows
    assert (out.credit, into.debit) == (667, 667)


def test_a_discount_for_early_payment_takes_its_vat_along() -> None:
    """2 % of 2 940 TTC: 58.80, of which VAT 9.80."""
    part = Allocated("x", "", "", "", "", "discount", KEY, 288_120, 5_880, 294_000)
    goods = exigible(invoice(line("a", 245_000)))[KEY]
    assert written(allocation(part, goods, Accounts(), MARTIN)) == [
        ("66500", 4_900, 0),
        ("44571", 980, 0),
        ("41100", 0, 5_880),
    ]
    services = exigible(invoice(line("a", 245_000, supply_nature="service")))[KEY]
    assert written(allocation(part, services, Accounts(), MARTIN)) == [
        ("66500", 4_900, 0),
        ("44574", 980, 0),
        ("41100", 0, 5_880),
    ]


def test_a_credit_note_is_the_mirror_of_its_invoice() -> None:
    one = invoice(line("a", 10_000), line("b", 5_001, 55_000, supply_nature="service"))
    other = invoice(line("a", -10_000), line("b", -5_001, 55_000, supply_nature="service"))
    other.header["is_credit"] = 1
    found = entry_of(other)
    assert found.label.startswith("Avoir ")
    mirrored = [(account, credit, debit) for account, debit, credit in written(entry_of(one))]
    assert written(found) == mirrored


def test_footers_and_deductions_have_their_accounts() -> None:
    document = invoice(line("a", 100_000))
    document.adjustments = [
        Adjustment("d", "discount", percent=100_000),
        Adjustment("s", "shipping", amount=1_000, vat_category="S", vat_rate=200_000),
        Adjustment("f", "billing_fee", amount=500),
    ]
    document.deductions = [
        Deduction("r", "retention", percent=50_000, base="gross"),
        Deduction("p", "direct_payment", amount=10_000, party_id=7),
        Deduction("c", "prorata", percent=15_000, base="net"),
    ]
    gross = totals(document).gross
    assert gross == 109_800
    entry = sale(document, Accounts(), MARTIN, suppliers={7: Auxiliary("F7", "SOUS")})
    assert written(entry) == [
        ("41100", gross - 5_490 - 10_000 - 1_373, 0),
        ("41170", 5_490, 0),
        ("40100", 10_000, 0),
        ("46700", 1_373, 0),
        ("70700", 0, 90_000),
        ("70850", 0, 1_000),
        ("70880", 0, 500),
        ("44571", 0, 18_300),
    ]
    names = {row.account: row.auxiliary.code for row in entry.rows}
    assert (names["411700"], names["401000"], names["467000"]) == ("C00128", "F7", "")


def test_the_rule_that_says_most_wins() -> None:
    rules = (
        Rule("sale", "707000", "Ventes"),
        Rule("sale", "707200", "Ventes 20", rate=200_000),
        Rule("sale", "707300", "Tubes", rate=200_000, family_id=3),
        Rule("sale", "707900", "Export", category="G"),
    )
    accounts = Accounts(rules)
    assert accounts.of("sale", KEY).account == "707200"
    assert accounts.of("sale", KEY, "goods", 3).account == "707300"
    assert accounts.of("sale", ("S", 55_000), "goods", 3).account == "707000"
    assert accounts.of("sale", ("G", 0)).account == "707900"
    assert accounts.of("vat", KEY).account == "445710"  # none of its own: the default
    alone = Accounts([Rule("sale", "707200", "Ventes 20", rate=200_000)])
    assert alone.of("sale", ("S", 55_000)).account == "707000"
    assert alone.of("sale", ("S", 55_000), "service").account == "706000"


def test_of_two_rules_that_say_as_much_the_nature_wins() -> None:
    """A new account for one rate leaves services where they were."""
    rules = (
        Rule("sale", "707055", "Ventes 5,5", rate=55_000),
        Rule("sale", "706000", "Services", nature="service"),
        Rule("sale", "701000", "Produits", family_id=3),
    )
    for accounts in (Accounts(rules), Accounts(rules[::-1])):
        assert accounts.of("sale", ("S", 55_000), "service").account == "706000"
        assert accounts.of("sale", ("S", 55_000), "goods").account == "707055"
        assert accounts.of("sale", ("S", 55_000), "service", 3).account == "701000"


def test_an_account_has_one_name_and_only_third_parties_have_accounts_under_it() -> None:
    rules = (
        Rule("sale", "707000", "Ventes"),
        Rule("sale", "707000", "Ventes 10", rate=100_000),
        Rule("customer", "512000", "Au comptant"),
    )
    entry = entry_of(invoice(line("a", 10_000), line("b", 5_000, 100_000)), *rules)
    assert [(row.account, row.label, row.auxiliary.code) for row in entry.rows] == [
        ("512000", "Au comptant", ""),
        ("707000", "Ventes", ""),
        ("445710", "TVA collectée", ""),
    ]


def test_a_fee_of_the_bank_and_a_refund() -> None:
    bounced = Received("p", "2026-11-23", "", "", -10_000, "BQ", ("512000", "Banque"), fees=1_200)
    assert written(receipt(bounced, Accounts(), MARTIN)) == [
        ("51200", 0, 11_200),
        ("41100", 10_000, 0),
        ("62700", 1_200, 0),
    ]


@pytest.mark.parametrize(
    ("pattern", "code", "own", "found"),
    [
        ("{code}", "C00128", "", "C00128"),
        ("9{code}", "C-128 é", "", "9C128E"),
        ("{code}", "漢", "", ""),
        ("{code}", "C1", "411DUP", "411DUP"),
        ("CLIENTS", "C1", "", "CLIENTS"),
        ("{code}" * 5, "C00128", "", "C00128C00128C0012"),
    ],
)
def test_auxiliary_codes(pattern: str, code: str, own: str, found: str) -> None:
    assert auxiliary_code(pattern, code, own) == found


def test_every_role_has_an_account() -> None:
    assert {rule.role for rule in DEFAULTS} == {role for role, _ in ROLES}
    assert all(rule.account.isdecimal() and len(rule.account) == 6 for rule in DEFAULTS)


@given(documents(), st.booleans(), st.sampled_from(("direct", "deposit")))
def test_every_document_is_balanced_and_says_its_vat(
    document: Document, on_debits: bool, nature: str
) -> None:
    document.header.update(vat_on_debits=int(on_debits), nature=nature, date="2026-11-22")
    entry = entry_of(document)
    assert is_balanced([entry])
    found = totals(document)
    assert sum(part.base for part in entry.vat) == found.net
    assert sum(part.vat for part in entry.vat) == found.vat_total
    customer = sum(row.debit - row.credit for row in entry.rows if row.account == "411000")
    assert customer == found.payable
    for key, due in exigible(document).items():
        whole = Allocated("x", "", "", "", "", "payment", key, 0, due.gross, due.gross)
        moved = allocation(whole, due, Accounts(), MARTIN)
        assert is_balanced([moved])
        if due.gross:
            assert sum(part.vat for part in moved.vat) == due.waiting

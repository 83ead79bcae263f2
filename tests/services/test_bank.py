"""Bank statements: read once, proposed by number, payer and amount, taken once."""

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused, Unreadable
from codial_tui.services.invoicing import credit_notes, validating
from codial_tui.services.law import chain_links
from codial_tui.services.payments import bank, payments

HEAD = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
    "<Id>R1</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>"
)
ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>'
    "<BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls><TxDtls>"
    "<Refs><EndToEndId>{end}</EndToEndId></Refs><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr>"
    "<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>"
    "<RmtInf><Ustrd>{label}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)
IBAN = "FR1420041010050500013M02606"


def entry(amount: str, label: str = "", name: str = "", **other: str) -> str:
    given = {"side": "CRDT", "ref": "", "end": "", "iban": "", **other}
    return ENTRY.format(amount=amount, label=label, name=name, **given)


def camt(folder: Path, *entries: str, name: str = "releve.xml") -> Path:
    path = folder / name
    path.write_text(f"{HEAD}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>", "utf-8")
    return path


@pytest.fixture
def desk(context: Any, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN", name="Martin et Fils")
    desk.customer("DURAND", name="Durand")
    return desk


def issued(desk: Desk, price: str, customer: str = "MARTIN") -> Document:
    draft = desk.make("invoice", ("Pose", 1, price), customer=customer)
    return desk.print(validating.validate(desk.context, draft.id))


def proposed(desk: Desk) -> list[tuple[str, bool] | None]:
    lines = bank.lines(desk.context)
    found = bank.proposals(desk.context, lines)
    return [(one.words, one.certain) if (one := found[line.id]) else None for line in lines]


@pytest.mark.both
def test_a_statement_is_read_once_and_pays_once(desk: Desk, tmp_path: Path) -> None:
    first, second, third = issued(desk, "100"), issued(desk, "50"), issued(desk, "70", "DURAND")
    path = camt(
        tmp_path,
        entry("120.00", "VIR FACT FA 26 00001 MERCI", ref="B1", iban=IBAN),
        entry("60.00", "loyer", "MARTIN ET FILS", ref="B2"),
        entry("84.00", "virement", ref="B3"),
        entry("12.34", "remise", ref="B4"),
        entry("9.00", "frais", ref="B5", side="DBIT"),
    )
    assert bank.read(desk.context, path) == bank.Read(5, 0)
    assert bank.read(desk.context, path) == bank.Read(0, 5)
    again = camt(tmp_path, entry("60.00", "loyer", "MARTIN ET FILS", ref="B2"), name="b.xml")
    assert bank.read(desk.context, again) == bank.Read(0, 1)
    assert proposed(desk) == [
        ("FA26-00001", True),
        ("FA26-00002", True),
        ("FA26-00003", False),  # only the amount says so
        None,
        None,
    ]
    lines = bank.lines(desk.context)
    found = bank.proposals(desk.context, lines)
    for line in lines[:3]:
        proposal = found[line.id]
        assert proposal is not None
        bank.take(desk.context, line.id, proposal)
        with pytest.raises(Refused) as caught:
            bank.take(desk.context, line.id, proposal)
        assert caught.value.problems[0].code == "bank.taken"
    bank.ignore(desk.context, lines[4].id)
    assert [one.amount for one in bank.lines(desk.context)] == [1_234]
    ids = [first.id, second.id, third.id]
    assert payments.left(desk.context, ids) == dict.fromkeys(ids, 0)
    rows = desk.context.database.rows("SELECT date, mode, amount, source FROM payment ORDER BY id")
    assert [row[:3] for row in rows] == [
        ("2026-11-20", "VIR", 12_000),
        ("2026-11-20", "VIR", 6_000),
        ("2026-11-20", "VIR", 8_400),
    ]
    assert all(row[3].startswith("bank ") for row in rows)
    assert list(chain_links.verify(desk.context, "payments")) == []


def test_who_paid_before_from_an_account_is_known_again(desk: Desk, tmp_path: Path) -> None:
    issued(desk, "100")
    bank.read(desk.context, camt(tmp_path, entry("120.00", "FA26-00001", ref="1", iban=IBAN)))
    [line] = bank.lines(desk.context)
    bank.take(desk.context, line.id, bank.chosen(desk.context, line, "FA26-00001"))
    issued(desk, "100"), issued(desk, "25")
    path = camt(tmp_path, entry("150.00", "VIREMENT", ref="2", iban=IBAN), name="c.xml")
    bank.read(desk.context, path)
    assert proposed(desk) == [("FA26-00002, FA26-00003", True)]
    [line] = bank.lines(desk.context)
    proposal = bank.proposals(desk.context, [line])[line.id]
    assert proposal is not None
    done = bank.take(desk.context, line.id, proposal)
    assert sorted(done.allocated.values()) == [3_000, 12_000]


def test_a_bounced_payment_is_proposed_for_reversal(desk: Desk, tmp_path: Path) -> None:
    made = issued(desk, "100")
    entry_ = payments.Entry(12_000, "PRL", reference="PRL-7", documents=(made.id,))
    done = payments.record(desk.context, entry_)
    path = camt(tmp_path, entry("120.00", "REJET", ref="R", end="PRL-7", side="DBIT"))
    bank.read(desk.context, path)
    [line] = bank.lines(desk.context)
    proposal = bank.proposals(desk.context, [line])[line.id]
    assert proposal is not None and proposal.payment == done.payment_id
    bank.take(desk.context, line.id, proposal)
    assert payments.left(desk.context, [made.id]) == {made.id: 12_000}


def test_what_is_typed_instead(desk: Desk, tmp_path: Path) -> None:
    issued(desk, "100")
    bank.read(desk.context, camt(tmp_path, entry("200.00", "?", ref="1")))
    [line] = bank.lines(desk.context)
    with pytest.raises(Refused):
        bank.chosen(desk.context, line, "FA26-99999")
    done = bank.take(desk.context, line.id, bank.chosen(desk.context, line, "martin"))
    assert (done.free, list(done.allocated.values())) == (8_000, [12_000])


def test_a_file_that_is_no_statement_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(Unreadable):
        bank.read(desk.context, path)
    path.write_text("bonjour")
    with pytest.raises(Unreadable):
        bank.read(desk.context, path)
    assert desk.context.database.value("SELECT COUNT(*) FROM bank_statement") == 0


def test_a_number_that_only_begins_alike_is_another(desk: Desk, tmp_path: Path) -> None:
    issued(desk, "100")
    label = "FACTURE FA26-000012"
    bank.read(desk.context, camt(tmp_path, entry("55.00", label, ref="1")))
    assert proposed(desk) == [None]


@pytest.mark.long
@pytest.mark.parametrize(
    "label",
    ["FACT FA26-00001 12/11/2026", "FA 26 00001 3 RUE X", "2 FA2600001", "FA26-000019 FA26-00001"],
)
def test_figures_beside_a_number_do_not_hide_it(desk: Desk, tmp_path: Path, label: str) -> None:
    issued(desk, "100")
    bank.read(desk.context, camt(tmp_path, entry("120.00", label, ref="1")))
    assert proposed(desk) == [("FA26-00001", True)]


def test_two_movements_for_one_invoice_are_not_both_certain(desk: Desk, tmp_path: Path) -> None:
    made, other = issued(desk, "100"), issued(desk, "70")
    path = camt(
        tmp_path,
        entry("120.00", "FA26-00001", ref="1"),
        entry("120.00", "FA26-00001", ref="2"),
        entry("84.00", "FA26-00002", ref="3"),
    )
    bank.read(desk.context, path)
    assert [one and one[1] for one in proposed(desk)] == [True, False, True]
    taken, kept = bank.take_sure(desk.context)
    assert (len(taken), kept) == (2, [])
    assert payments.left(desk.context, [made.id, other.id]) == {made.id: 0, other.id: 0}
    assert payments.credit_of(desk.context, made.number("party_id")) == 0
    assert proposed(desk) == [None]


def test_an_invoice_paid_meanwhile_is_not_paid_again(desk: Desk, tmp_path: Path) -> None:
    made = issued(desk, "100")
    bank.read(desk.context, camt(tmp_path, entry("120.00", "FA26-00001", ref="1")))
    [line] = bank.lines(desk.context)
    proposal = bank.proposals(desk.context, [line])[line.id]
    assert proposal is not None
    payments.record(desk.context, payments.Entry(5_000, "CHQ", documents=(made.id,)))
    with pytest.raises(Refused) as caught:
        bank.take(desk.context, line.id, proposal)
    assert caught.value.problems[0].code == "payment.changed"
    assert payments.left(desk.context, [made.id]) == {made.id: 7_000}
    assert proposed(desk) == [("FA26-00001 (reste dû 70,00)", False)]


@pytest.mark.both
def test_money_that_went_out_is_a_bounce_or_a_credit_note(desk: Desk, tmp_path: Path) -> None:
    made = issued(desk, "100")
    done = payments.record(desk.context, payments.Entry(12_000, "CHQ", documents=(made.id,)))
    issued(desk, "50", "DURAND")
    draft = credit_notes.credit(desk.context, 2, goods=False)
    note = desk.print(validating.validate(desk.context, draft.id))
    path = camt(
        tmp_path,
        entry("120.00", "CHEQUE IMPAYE FA26-00001", ref="1", side="DBIT"),
        entry("60.00", "AVOIR FA26-00003", ref="2", side="DBIT"),
    )
    bank.read(desk.context, path)
    assert proposed(desk) == [("impayé de RG-1 (22/11/26)", False), ("FA26-00003", True)]
    bounced, refund = bank.lines(desk.context)
    found = bank.proposals(desk.context, [bounced, refund])
    for line in (bounced, refund):
        proposal = found[line.id]
        assert proposal is not None
        bank.take(desk.context, line.id, proposal)
    assert payments.left(desk.context, [made.id, note.id]) == {made.id: 12_000, note.id: 0}
    kinds = desk.context.database.rows("SELECT kind, amount, reverses FROM payment ORDER BY id")
    assert kinds[1:] == [("reversal", -12_000, done.payment_id), ("refund", -6_000, None)]

"""What is handed over to accounting: entries, batches, files; journals = VAT summary = invoices."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from fec_checker import check

from codial_tui.domain.accounting.accounting import Entry, is_balanced
from codial_tui.domain.accounting.vat_summary import vat_summary
from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.records.records import record_type
from codial_tui.errors import CodialError, Refused, Unreadable
from codial_tui.services.accounting import accounting, accounting_export, accounting_files
from codial_tui.services.context import Context
from codial_tui.services.invoicing import credit_notes, outbox, validate_effects, validating
from codial_tui.services.invoicing.deposit_issue import Ask, issue
from codial_tui.services.payments import payments
from codial_tui.services.records import records

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NAME = "123456782FEC20261130.txt"


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE")
    desk.item("POSE", supply_nature="service", stock_managed=0)
    return desk


def issued(desk: Desk, *lines: Any, **values: Any) -> Document:
    draft = desk.make("invoice", *(lines or (("TUBE", 10),)), **values)
    return desk.print(validating.validate(desk.context, draft.id))


def service(price: str, rate: str = "20") -> dict[str, str]:
    return {"type": "item", "reference": "POSE", "unit_price": price, "vat_rate": rate}


def pay(desk: Desk, amount: int, *documents: Document, **values: Any) -> None:
    ids = tuple(one.id for one in documents)
    mode = values.pop("mode", "CHQ")
    payments.record(desk.context, payments.Entry(amount, mode, documents=ids, **values))


def entries(desk: Desk, *, new: bool = False) -> list[Entry]:
    return accounting.entries(desk.context, FIRST, LAST, new=new)


def written(found: list[Entry]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Journal and rows, debit positive."""
    return [
        (one.journal, [(row.account[:5], row.debit - row.credit) for row in one.rows])
        for one in found
    ]


def wrong(folder: Path, name: str = NAME) -> list[str]:
    return check(name, (folder / name).read_bytes(), "20261101", "20261130")


@pytest.mark.both
def test_the_worked_example(desk: Desk) -> None:
    """domain.md §6: order of 2 450 HT, deposit 882 TTC paid, final invoice."""
    order = desk.make("order", ("Travaux", 1, "2450"))
    deposit = issue(desk.context, order.id, Ask(amount=88_200, kind="receipt", mode="CHQ"))
    final = validating.validate(desk.context, desk.move(order, "invoice").id)
    assert written(entries(desk)) == [
        ("VE", [("41100", 88_200), ("41910", -73_500), ("44574", -14_700)]),
        ("VE", [("41100", 205_800), ("70700", -245_000), ("41910", 73_500), ("44571", -34_300)]),
        ("BQ", [("51200", 88_200), ("41100", -88_200)]),
        ("OD", [("44574", 14_700), ("44571", -14_700)]),
    ]
    assert deposit.ref == "FA26-00001" and final.ref == "FA26-00002"
    [row] = vat_summary(entries(desk))
    assert (row.debits, row.receipts, row.received, row.due) == (34_300, 14_700, 14_700, 49_000)


@pytest.mark.both
def test_a_credited_deposit_leaves_4191_empty(desk: Desk) -> None:
    order = desk.make("order", ("Travaux", 1, "2450"))
    deposit = issue(desk.context, order.id, Ask(amount=88_200))
    credit = credit_notes.credit(desk.context, deposit.id)
    desk.print(validating.validate(desk.context, credit.id))
    asked, given = written(entries(desk))
    assert asked == ("VE", [("41100", 88_200), ("41910", -73_500), ("44574", -14_700)])
    assert given == ("VE", [("41100", -88_200), ("41910", 73_500), ("44574", 14_700)])


@pytest.mark.both
def test_exporting_twice_cannot_double(desk: Desk, tmp_path: Path) -> None:
    one = issued(desk, service("100"), date="2026-11-10")
    pay(desk, 5_000, one)
    unprinted = validating.validate(desk.context, desk.make("invoice", ("TUBE", 1)).id)
    folder = tmp_path / "compta"
    first = accounting_files.export(desk.context, FIRST, LAST, folder)
    assert wrong(folder) == [] and first.batch.entries == 4
    assert sorted(path.name for path in folder.iterdir()) == [
        "123456782FEC20261130-extrait.txt",
        NAME,
    ]
    notice = (folder / "123456782FEC20261130-extrait.txt").read_text("utf-8")
    assert "n'est pas un FEC complet" in notice and first.batch.sha256 in notice
    assert desk.load(one.id).state == desk.load(unprinted.id).state == "posted"
    kept = (folder / NAME).read_bytes()
    again = accounting_files.export(desk.context, FIRST, LAST, folder)
    assert again.batch == first.batch and (folder / NAME).read_bytes() == kept
    pay(desk, 7_000, one)
    with pytest.raises(Unreadable, match="existe déjà"):
        accounting_files.export(desk.context, FIRST, LAST, folder)
    assert len(accounting_export.batches(desk.context)) == 1  # refused before anything is posted
    second = accounting_files.export(desk.context, FIRST, LAST, tmp_path / "suite")
    assert second.batch.id == first.batch.id + 1 and second.batch.entries == 2
    assert wrong(tmp_path / "suite") == []
    numbers = [int(line.split(b"\t")[2]) for line in _lines(tmp_path / "suite")]
    assert sorted(set(numbers)) == [5, 6]
    old = accounting_files.contents(desk.context, first.batch)
    assert old[NAME] == kept  # what came since is not in the first
    sources = desk.context.database.rows("SELECT source, source_uid FROM accounting_entry")
    assert len(sources) == len(set(sources)) == 6
    with pytest.raises(Refused, match="Rien de nouveau"):
        accounting_export.post(desk.context, FIRST, LAST)
    december = (date(2026, 12, 1), date(2026, 12, 31), tmp_path / "vide")
    with pytest.raises(Refused, match="Rien de nouveau"):
        accounting_files.export(desk.context, *december)
    assert not (tmp_path / "vide").exists()  # no folder of nothing
    moved = Counter()
    for line in [*_lines(folder), *_lines(tmp_path / "suite")]:
        cells = line.decode().split("\t")
        moved[cells[4][:5]] += int(cells[11].replace(",", "")) - int(cells[12].replace(",", ""))
    assert moved["44574"] == 0 and moved["44571"] == -2_200 and moved["41100"] == 1_200


def _lines(folder: Path) -> list[bytes]:
    return (folder / NAME).read_bytes().splitlines()[1:]


@pytest.mark.both
def test_two_people_and_a_cut(desk: Desk, tmp_path: Path) -> None:
    issued(desk)
    mine = entries(desk, new=True)
    done = accounting_export.post(desk.context, FIRST, LAST)  # somebody else, and no files yet
    with pytest.raises(Refused, match="Quelqu'un vient d'exporter"):
        accounting_export.post(desk.context, FIRST, LAST, mine)
    assert len(accounting_export.batches(desk.context)) == 1
    written = accounting_files.export(desk.context, FIRST, LAST, tmp_path / "compta")
    assert written.batch == done and wrong(tmp_path / "compta") == []


@pytest.mark.both
def test_nothing_exported_changes(desk: Desk, tmp_path: Path) -> None:
    issued(desk)
    accounting_files.export(desk.context, FIRST, LAST, tmp_path / "a")
    database = desk.context.database
    for sql in (
        "UPDATE accounting_line SET debit = 1",
        "DELETE FROM accounting_entry",
        "UPDATE accounting_batch SET debit = 0",
        "UPDATE document SET state = 'printed'",
        "UPDATE document SET net_total = 1",
    ):
        with pytest.raises(CodialError), database.write():
            database.execute(sql)
    entry = database.mapping("SELECT * FROM accounting_entry LIMIT 1")
    assert entry is not None
    with pytest.raises(CodialError), database.write():
        database.insert("accounting_entry", {**entry, "id": 99, "number": 99})


def test_a_folder_that_cannot_be_written_posts_nothing(desk: Desk, tmp_path: Path) -> None:
    issued(desk)
    file = tmp_path / "fichier"
    file.write_text("x")
    with pytest.raises(Unreadable):
        accounting_files.export(desk.context, FIRST, LAST, file / "compta")
    (tmp_path / "là").mkdir()
    (tmp_path / "là" / NAME.replace(".txt", "-ebp.csv")).write_text("x")
    with pytest.raises(Unreadable, match=r"-ebp\.csv existe déjà"):
        accounting_files.export(desk.context, FIRST, LAST, tmp_path / "là", with_csv=True)
    with pytest.raises(Unreadable, match="Encodage « latin1 »"):
        accounting_files.export(desk.context, FIRST, LAST, tmp_path / "a", encoding="latin1")
    assert accounting_export.batches(desk.context) == []
    with pytest.raises(Refused, match="finit avant de commencer"):
        accounting_files.export(desk.context, LAST, FIRST, tmp_path / "a")
    desk.context.database.execute("UPDATE company SET siren = ''")
    desk.context.cache.clear()
    with pytest.raises(Refused, match="SIREN de la société"):
        accounting_files.export(desk.context, FIRST, LAST, tmp_path / "a")
    assert accounting_export.batches(desk.context) == []


def test_accounts_and_auxiliaries_are_settings(desk: Desk, tmp_path: Path) -> None:
    database = desk.context.database
    names = ("role", "account", "label", "vat_rate", "supply_nature")
    rows = [
        ("sale", "707000", "Ventes", None, ""),
        ("sale", "707055", "Ventes 5,5", 55_000, ""),
        ("sale", "706000", "Services", None, "service"),
    ]
    database.insert_many("account_rule", names, rows)
    database.execute("UPDATE party SET customer_account = '411MART'")
    reduced = {"type": "item", "label": "Livre", "unit_price": "10", "vat_rate": "5.5"}
    issued(desk, ("TUBE", 1), reduced)
    [entry] = entries(desk)
    accounts = {row.account: row for row in entry.rows}
    assert set(accounts) == {"411000", "707000", "707055", "445710"}
    assert accounts["411000"].auxiliary == ("411MART", "Martin")
    database.execute("UPDATE party SET customer_account = ''")
    database.execute(
        "INSERT INTO setting (scope, name, value) "
        "VALUES ('company', 'accounting.auxiliary', '\"9{code}\"')"
    )
    [entry] = entries(desk)
    assert entry.rows[0].auxiliary.code == "9MARTIN"


def test_an_early_payment_discount_and_a_reversal(desk: Desk) -> None:
    one = issued(desk, ("Travaux", 1, "2450"), date="2026-11-10")
    pay(desk, 288_120, one, discount=5_880)
    found = written(entries(desk))
    assert ("OD", [("66500", 4_900), ("44571", 980), ("41100", -5_880)]) in found
    [row] = vat_summary(entries(desk))
    assert row.debits == 49_000 - 980
    number = desk.context.database.value("SELECT MAX(id) FROM payment")
    payments.reverse(desk.context, number, "impayé")
    total = Counter()
    for _, rows in written(entries(desk)):
        for account, amount in rows:
            total[account] += amount
    assert {key: value for key, value in total.items() if value} == {
        "41100": 294_000,
        "70700": -245_000,
        "44571": -49_000,
    }


def test_a_released_retention_leaves_4117(desk: Desk) -> None:
    retention = {"kind": "retention", "percent": "5"}
    one = issued(desk, ("Travaux", 1, "1000"), deductions=[retention])
    assert written(entries(desk))[0][1][:2] == [("41100", 114_000), ("41170", 6_000)]
    pay(desk, 114_000, one)
    pay(desk, 6_000, one)
    total = Counter()
    for _, rows in written(entries(desk)):
        total.update(dict(rows))
    assert (total["41100"], total["41170"], total["51200"]) == (0, 0, 120_000)


@pytest.mark.both
def test_a_credit_used_later_is_booked_when_it_is_used(desk: Desk, tmp_path: Path) -> None:
    """Its month may be exported already: the VAT it makes due would be left behind."""
    one = issued(desk, service("100"), date="2026-11-10")
    party = one.number("party_id")
    payments.record(desk.context, payments.Entry(12_000, "CHQ", party_id=party, allocate=False))
    accounting_files.export(desk.context, FIRST, LAST, tmp_path / "novembre")
    desk.context.clock = lambda: datetime(2026, 12, 5, 11, 0, tzinfo=UTC)
    number = desk.context.database.value("SELECT MAX(id) FROM payment")
    payments.allocate(desk.context, number, [one.id])
    december = accounting.entries(desk.context, date(2026, 12, 1), date(2026, 12, 31), new=True)
    assert [(entry.day, entry.debit) for entry in december] == [("2026-12-05", 2_000)]
    assert written(december) == [("OD", [("44574", 2_000), ("44571", -2_000)])]
    assert entries(desk, new=True) == []


def test_a_company_on_debits_has_no_vat_waiting(desk: Desk) -> None:
    desk.context.database.execute("UPDATE company SET vat_on = 'debits'")
    desk.context.cache.clear()
    made = issued(desk, service("100"))
    assert made.number("vat_on_debits") == 1
    [(_, rows)] = written(entries(desk))
    assert rows == [("41100", 12_000), ("70600", -10_000), ("44571", -2_000)]


def test_nothing_of_a_training_database_is_handed_over(desk: Desk, tmp_path: Path) -> None:
    one = issued(desk)
    desk.context.cache["training"] = True
    with pytest.raises(Refused, match="ÉCOLE"):
        accounting_files.export(desk.context, FIRST, LAST, tmp_path / "compta")
    with pytest.raises(Refused, match="ÉCOLE"):
        list(outbox.hand_over(desk.context, tmp_path / "depot", [one.id]))
    assert accounting_export.batches(desk.context) == [] and not (tmp_path / "depot").exists()


def test_two_customers_never_share_an_account(desk: Desk, tmp_path: Path) -> None:
    for code in ("É", "漢", "C-1", "C1"):
        desk.customer(code)
    issued(desk, customer="É")
    issued(desk, customer="漢")
    issued(desk, customer="C1")
    assert [one.rows[0].auxiliary.code for one in entries(desk)] == ["E", "", "C1"]
    accounting_files.export(desk.context, FIRST, LAST, tmp_path / "a")
    assert wrong(tmp_path / "a") == []
    issued(desk, customer="C-1")
    with pytest.raises(Refused, match="C-1 et C1 auraient le même compte C1"):
        entries(desk, new=True)
    database = desk.context.database
    database.execute("UPDATE party SET customer_account = 'C1BIS' WHERE code = 'C-1'")
    [entry] = entries(desk, new=True)
    assert entry.rows[0].auxiliary == ("C1BIS", "C-1")
    database.execute("UPDATE party SET customer_account = '' WHERE code = 'C-1'")
    sql = "INSERT INTO setting (scope, name, value) VALUES ('company', 'accounting.auxiliary', ?)"
    database.execute(sql, ('"CLIENTS"',))  # one for all is meant
    assert entries(desk, new=True)[0].rows[0].auxiliary.code == "CLIENTS"


def test_an_invoice_of_nothing_is_not_left_behind(desk: Desk) -> None:
    later = date(2026, 12, 1)
    issued(desk, ("TUBE", 1, "0"))
    assert accounting.left_behind(desk.context, later) == 0 and entries(desk) == []
    one = issued(desk)
    assert accounting.left_behind(desk.context, later) == 1
    pay(desk, 12_000, one)
    assert accounting.left_behind(desk.context, later) == 2
    accounting_export.post(desk.context, FIRST, LAST)
    assert accounting.left_behind(desk.context, later) == 0


def test_a_mode_has_an_account_and_a_journal_that_a_fec_can_hold(desk: Desk) -> None:
    mode = record_type("payment_mode")
    number = int(desk.context.database.value("SELECT id FROM payment_mode WHERE code = 'CHQ'"))
    for name, value in (("account", "abc"), ("account", "51"), ("journal", "B|Q")):
        with pytest.raises(CodialError, match=r"Un compte|Un journal"):
            records.put(desk.context, "payment_mode", number, mode.field(name), value)
    records.put(desk.context, "payment_mode", number, mode.field("account"), "511200")
    records.put(desk.context, "payment_mode", number, mode.field("journal"), "CH")
    pay(desk, 12_000, issued(desk))
    pay(desk, 100, issued(desk), mode="CB")
    [cheque] = [one for one in entries(desk) if one.journal == "CH"]
    assert cheque.rows[0][:2] == ("511200", "Encaissements")
    desk.context.database.execute("UPDATE payment_mode SET account = 'abc' WHERE code = 'CB'")
    pay(desk, 100, issued(desk), mode="CB")  # recorded before there was a rule
    banks = {one.rows[0].account for one in entries(desk) if one.journal == "BQ"}
    assert banks == {"512000"}


def test_entries_of_a_day_are_in_the_order_they_were_recorded(desk: Desk) -> None:
    one = issued(desk, ("TUBE", 10, "100"))
    for _ in range(11):
        pay(desk, 100, one)
    found = [entry.piece for entry in entries(desk) if entry.source == "payment"]
    assert found == [f"RG-{number}" for number in range(1, 12)]


# -- random documents --------------------------------------------------------------------------


def scenario(desk: Desk, count: int, monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """So many validated invoices and credit notes of all sorts, some of them paid."""
    monkeypatch.setitem(validate_effects.EFFECTS, "keep_original", lambda context, document: None)
    chance = random.Random(2026)
    rates = ("20", "10", "5.5", "2.1", "0")
    done: list[Document] = []
    while len(done) < count:
        lines = [
            {
                "type": "item",
                "reference": chance.choice(("TUBE", "POSE")),
                "quantity": str(chance.choice((1, 2, "0.333", 7, "-1"))),
                "unit_price": f"{chance.randint(1, 99_999) / 100:.2f}",
                "vat_rate": chance.choice(rates),
                **({"discounts": ["12.5"]} if chance.random() < 0.3 else {}),
            }
            for _ in range(chance.randint(1, 6))
        ]
        values: dict[str, Any] = {"price_mode": chance.choice(("net", "gross"))}
        if chance.random() < 0.4:
            kind = chance.choice(("discount", "charge", "shipping", "billing_fee"))
            values["adjustments"] = [{"type": kind, "amount": f"{chance.randint(1, 900) / 100}"}]
        draft = desk.make("invoice", *lines, **values)
        try:
            made = desk.print(validating.validate(desk.context, draft.id))
        except CodialError:  # a credit that names nothing, for one
            continue
        done.append(made)
        payable = totals(made).payable
        if payable > 1 and chance.random() < 0.6:
            pay(desk, chance.choice((payable, max(1, payable // 3))), made)
        if chance.random() < 0.15 and len(done) < count:
            try:
                credit = credit_notes.credit(desk.context, made.id)
                done.append(desk.print(validating.validate(desk.context, credit.id)))
            except CodialError:
                continue
    return done


def agree(desk: Desk, done: list[Document], folder: Path) -> None:
    found = entries(desk)
    assert is_balanced(found)
    sums, journals = Counter(), Counter()
    for entry in found:
        for row in entry.rows:
            sums[row.account] += row.debit - row.credit
            journals[entry.journal, row.account] += row.debit - row.credit
    worked = [totals(one) for one in done]
    summary = vat_summary(found)
    sold = [entry for entry in found if entry.source == "invoice"]
    assert journals["VE", "411000"] == sum(one.payable for one in worked)
    turnover = sum(-value for (journal, account), value in journals.items() if account[0] == "7")
    assert turnover == sum(one.net for one in worked)
    assert sum(row.invoiced for row in summary) == sum(one.vat_total for one in worked)
    by_rate = Counter()
    for one in worked:
        for row in one.vat:
            by_rate[row.category, row.rate, "base"] += row.base
            by_rate[row.category, row.rate, "vat"] += row.amount
    for row in summary:
        assert row.invoiced == by_rate[row.category, row.rate, "vat"]
        base = row.debits_base + row.receipts_base
        assert base == by_rate[row.category, row.rate, "base"]
    assert sum(row.due for row in summary) == -sums["445710"]
    assert sum(row.receipts - row.received for row in summary) == -sums["445740"]
    left = desk.context.database.value("SELECT SUM(amount - paid) FROM instalment")
    free = desk.context.database.value(
        "SELECT COALESCE(SUM(amount), 0) - (SELECT COALESCE(SUM(amount), 0) "
        "FROM payment_allocation) FROM payment"
    )
    assert sums["411000"] == left - free
    assert any(one.number("is_credit") for one in done)
    assert len(sold) == sum(1 for one in worked if one.gross or one.net)
    done_export = accounting_files.export(desk.context, FIRST, LAST, folder)
    assert wrong(folder) == [] and done_export.batch.debit == sum(one.debit for one in found)
    assert entries(desk, new=True) == []
    handed = Counter()
    for line in _lines(folder):
        cells = line.decode().split("\t")
        handed[cells[4]] += int(cells[11].replace(",", "")) - int(cells[12].replace(",", ""))
    assert handed == sums


@pytest.mark.long
def test_journals_vat_and_invoices_agree(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(desk, scenario(desk, 40, monkeypatch), tmp_path / "compta")


@pytest.mark.long
def test_journals_vat_and_invoices_agree_over_500(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(desk, scenario(desk, 500, monkeypatch), tmp_path / "compta")

"""Collecting: late penalties, aged balance, reminders in levels, statements."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.domain.payments import collecting
from codial_tui.errors import Refused
from codial_tui.services.invoicing import validating
from codial_tui.services.payments import (
    balance_export,
    collecting_papers,
    payment_view,
    payments,
    receivables,
    reminder_sending,
    reminders,
)
from codial_tui.services.payments.payments import Entry


@pytest.fixture
def desk(context: Any, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.customer("DURAND", is_consumer=1)
    return desk


def issued(desk: Desk, price: str, day: str, customer: str = "MARTIN") -> Document:
    draft = desk.make("invoice", ("Pose", 1, price), date=day, customer=customer)
    return desk.print(validating.validate(desk.context, draft.id))


def at(desk: Desk, day: str) -> None:
    desk.context.clock = lambda: datetime.fromisoformat(f"{day}T11:00:00").replace(tzinfo=UTC)


def test_penalties_and_discount_of_the_sources() -> None:
    """2 058 at 12 % for 17 days: 11.50, and 40 €; 2 % of 2 940: 58.80 (practice.md §3.9)."""
    assert collecting.penalties(205_800, 120_000, 17) == 1_150
    found = collecting.late([(date(2026, 11, 5), 205_800)], date(2026, 11, 22), 120_000)
    assert found == collecting.Late(17, 205_800, 1_150, 4_000)
    private = collecting.late(
        [(date(2026, 11, 5), 205_800)], date(2026, 11, 22), 120_000, consumer=True
    )
    assert (private.penalties, private.fixed) == (0, 0)
    assert collecting.discount(294_000, 20_000) == 5_880
    assert collecting.discount(294_000, 20_000, eco=94_000) == 4_000
    assert collecting.late([(date(2026, 11, 22), 100)], date(2026, 11, 22), 120_000).days == 0


@pytest.mark.long
@pytest.mark.both
def test_the_aged_balance_by_customer(desk: Desk, tmp_path: Path) -> None:
    at(desk, "2026-05-01")
    days = ("2026-05-01", "2026-04-30", "2026-04-01", "2026-03-31", "2026-01-30")
    several = [issued(desk, "100", day) for day in reversed(days)]
    issued(desk, "10", "2026-05-01", "DURAND")
    payments.record(desk.context, Entry(2_000, "VIR", documents=(several[-1].id,)))
    other = several[0].number("party_id")
    payments.record(desk.context, Entry(500, "VIR", party_id=other, allocate=False))
    found = receivables.aged(desk.context)
    assert [(one.name, one.ages, one.credit, one.total) for one in found] == [
        ("Durand", (1_200, 0, 0, 0, 0), 0, 1_200),
        ("Martin", (10_000, 24_000, 12_000, 0, 12_000), 500, 57_500),
    ]
    assert balance_export.write(tmp_path / "b.csv", found) == 2
    rows = list(csv.reader(io.StringIO((tmp_path / "b.csv").read_text("utf-8-sig")), delimiter=";"))
    assert rows[0][2:] == [*receivables.COLUMNS, "À valoir", "Total"]
    assert rows[2][1:] == [
        "Martin",
        "100,00",
        "240,00",
        "120,00",
        "0,00",
        "120,00",
        "5,00",
        "575,00",
    ]


@pytest.mark.both
def test_a_day_that_is_past_is_told_as_it_was(desk: Desk) -> None:
    """Balance, open invoices and account agree on every day, whatever was paid since."""
    at(desk, "2026-03-01")
    first = issued(desk, "100", "2026-01-05")
    done = payments.record(
        desk.context, Entry(5_000, "VIR", date(2026, 1, 10), documents=(first.id,))
    )
    payments.reverse(desk.context, done.payment_id, "impayé", date(2026, 1, 20))
    payments.record(desk.context, Entry(15_000, "CHQ", date(2026, 1, 25), documents=(first.id,)))
    second = issued(desk, "50", "2026-02-10")
    party = first.number("party_id")
    payments.allocate(desk.context, 3, [second.id])
    payments.record(desk.context, Entry(3_000, "VIR", date(2026, 3, 2), documents=(second.id,)))

    def told(day: date) -> tuple[list[int], int, int]:
        rows = [one.left for one in receivables.open_rows(desk.context, party, day)]
        aged = receivables.aged(desk.context, day)
        before, moves = receivables.moves(desk.context, party, None, day)
        total = sum(one.total for one in aged)
        assert total == before + sum(one.amount for one in moves)
        return rows, sum(one.credit for one in aged), total

    assert told(date(2026, 1, 4)) == ([], 0, 0)
    assert told(date(2026, 1, 12)) == ([7_000], 0, 7_000)
    assert told(date(2026, 1, 22)) == ([12_000], 0, 12_000)
    assert told(date(2026, 1, 31)) == ([], 3_000, -3_000)  # too much, of no invoice yet
    assert told(date(2026, 3, 1)) == ([3_000], 0, 3_000)
    assert told(date(2026, 3, 2)) == ([], 0, 0)
    assert receivables.aged(desk.context) == []  # what is recorded for tomorrow counts
    paper = collecting_papers.statement(desk.context, party, last=date(2026, 1, 12))
    assert [row.cells[-1] for row in paper.tables()[1].rows] == ["70,00"]


@pytest.mark.both
def test_reminders_go_level_by_level(desk: Desk, tmp_path: Path) -> None:
    at(desk, "2026-01-10")
    made = issued(desk, "1715", "2026-01-10")
    assert made.number("gross_total") == 205_800

    def levels(day: str) -> list[tuple[str, int, int, int]]:
        at(desk, day)
        found = reminders.due(desk.context)
        return [(one.level.label, one.total, one.penalties, one.fixed) for one in found]

    assert levels("2026-01-16") == []  # six days late
    assert levels("2026-01-17") == [("Rappel", 205_800, 480, 4_000)]
    one = reminders.due(desk.context)
    [path] = reminder_sending.send(desk.context, one, tmp_path).letters
    assert path.read_bytes().startswith(b"%PDF")
    assert levels("2026-01-18") == []  # said, and not said again
    assert [row[0] for row in levels("2026-02-01")] == ["Relance"]
    payments.record(desk.context, Entry(105_800, "VIR", documents=(made.id,)))
    assert levels("2026-02-01")[0][1] == 100_000
    reminder_sending.send(desk.context, reminders.due(desk.context), tmp_path)
    assert [row[0] for row in levels("2026-03-01")] == ["Mise en demeure"]
    reminder_sending.send(desk.context, reminders.due(desk.context), tmp_path)
    assert levels("2026-12-01") == []  # there is no fourth
    assert reminders.history(desk.context, made.id) == [
        ("2026-01-17", "Rappel", desk.context.user.name),
        ("2026-02-01", "Relance", desk.context.user.name),
        ("2026-03-01", "Mise en demeure", desk.context.user.name),
    ]
    database = desk.context.database
    said = "SELECT text FROM document_event WHERE type = 'reminder' ORDER BY id"
    assert database.rows(said)[0] == ("Rappel : 2 058,00",)
    with pytest.raises(Refused), database.write():
        database.execute("DELETE FROM reminder")
    kept = database.value("SELECT COUNT(*) FROM attachment WHERE owner = 'party'")
    assert kept == 3


@pytest.mark.long
def test_what_is_late_since_has_its_own_levels(desk: Desk, tmp_path: Path) -> None:
    """It stands in the letter of another, and is not taken for reminded by it."""
    at(desk, "2026-01-10")
    issued(desk, "100", "2026-01-10")
    for day in ("2026-01-17", "2026-02-01"):
        at(desk, day)
        reminder_sending.send(desk.context, reminders.due(desk.context), tmp_path)
    issued(desk, "70", "2026-02-15")
    issued(desk, "50", "2026-02-25")
    at(desk, "2026-03-01")
    [one] = reminders.due(desk.context)
    assert (one.level.label, [row.left for row in one.rows]) == (
        "Mise en demeure",
        [12_000, 8_400, 6_000],
    )
    reminder_sending.send(desk.context, [one], tmp_path)
    assert reminders.due(desk.context) == []
    at(desk, "2026-03-04")  # seven days late, and nobody asked for it yet
    [again] = reminders.due(desk.context)
    assert (again.level.label, again.total) == ("Rappel", 26_400)
    reminder_sending.send(desk.context, [again], tmp_path)
    at(desk, "2026-03-15")  # the one of the 15th had its first with the other's last
    assert [one.level.label for one in reminders.due(desk.context)] == ["Relance"]


@pytest.mark.both
def test_a_reminder_that_somebody_sent_meanwhile_goes_once(desk: Desk, tmp_path: Path) -> None:
    at(desk, "2026-01-10")
    issued(desk, "100", "2026-01-10")
    at(desk, "2026-01-20")
    seen = reminders.due(desk.context)
    reminder_sending.send(desk.context, seen, tmp_path)
    with pytest.raises(Refused) as caught:
        reminder_sending.send(desk.context, seen, tmp_path)
    assert caught.value.problems[0].code == "reminder.changed"
    assert desk.context.database.value("SELECT COUNT(*) FROM reminder") == 1


def test_reminders_go_by_mail_to_who_has_an_address(desk: Desk, tmp_path: Path) -> None:
    at(desk, "2026-01-10")
    issued(desk, "100", "2026-01-10")
    issued(desk, "50", "2026-01-10", "DURAND")
    database = desk.context.database
    with database.write():
        database.execute("UPDATE party SET email = 'compta@martin.fr' WHERE code = 'MARTIN'")
        database.execute("UPDATE company SET email = ''")
    at(desk, "2026-01-20")
    desk.context.cache.clear()
    several = reminders.due(desk.context)
    with pytest.raises(Refused) as caught:
        reminder_sending.send(desk.context, several, tmp_path, by_mail=True)
    assert caught.value.problems[0].code == "mail.sender"
    assert database.value("SELECT COUNT(*) FROM reminder") == 0
    with database.write():
        database.execute("UPDATE company SET email = 'nous@essai.fr'")
    desk.context.cache.clear()
    sent = reminder_sending.send(desk.context, several, tmp_path, by_mail=True)
    assert sent.mailed == ("compta@martin.fr",)
    assert [path.name for path in sent.letters] == ["Rappel DURAND 2026-01-20.pdf"]
    [(recipient, subject, body, content)] = database.rows(
        "SELECT q.recipient, q.subject, q.body, c.content FROM mail_queue q "
        "JOIN attachment_content c ON c.attachment_id = q.attachment_id"
    )
    assert (recipient, subject) == ("compta@martin.fr", "Rappel : FA26-00001")
    assert "soit 120,00 €" in body and "{" not in body
    assert bytes(content).startswith(b"%PDF")
    assert reminders.due(desk.context) == []


def test_a_consumer_is_reminded_without_penalties(desk: Desk) -> None:
    at(desk, "2026-01-10")
    issued(desk, "100", "2026-01-10", "DURAND")
    at(desk, "2026-02-28")
    [one] = reminders.due(desk.context)
    assert (one.total, one.penalties, one.fixed) == (12_000, 0, 0)
    paper = collecting_papers.reminder(desk.context, one)
    assert paper.problems == () and paper.party[0] == "Durand"
    assert "IBAN" not in str(paper.blocks)
    with desk.context.database.write():
        sql = "UPDATE company SET iban = 'FR7630006000011234567890189'"
        desk.context.database.execute(sql)
    desk.context.cache.clear()
    paper = collecting_papers.reminder(desk.context, one)
    assert "IBAN FR7630006000011234567890189" in str(paper.blocks[-1])  # where to pay


def test_the_statement_adds_up(desk: Desk) -> None:
    at(desk, "2026-02-01")
    first = issued(desk, "100", "2026-01-05")
    issued(desk, "50", "2026-01-20")
    done = payments.record(
        desk.context, Entry(11_760, "VIR", date(2026, 1, 10), documents=(first.id,), discount=240)
    )
    payments.reverse(desk.context, done.payment_id, "impayé", date(2026, 1, 25))
    party = first.number("party_id")
    before, moves = receivables.moves(desk.context, party)
    assert before == 0
    assert [(one.day.isoformat(), one.what, one.amount) for one in moves] == [
        ("2026-01-05", "Facture", 12_000),
        ("2026-01-10", "Virement", -11_760),
        ("2026-01-10", "Escompte", -240),
        ("2026-01-20", "Facture", 6_000),
        ("2026-01-25", "Contre-passation impayé", 11_760),
        ("2026-01-25", "Escompte", 240),
    ]
    assert sum(one.amount for one in moves) == 18_000
    assert receivables.moves(desk.context, party, date(2026, 1, 15))[0] == 0
    paper = collecting_papers.statement(desk.context, party, date(2026, 1, 15))
    table, still = paper.tables()
    assert table.rows[0].cells[2] == "Report" and table.rows[-1].cells[-1] == "180,00"
    assert [row.cells[-1] for row in still.rows] == ["120,00", "60,00"]
    late = payment_view.late_of(desk.context, first)
    assert (late.days, late.left, late.fixed) == (27, 12_000, 4_000)

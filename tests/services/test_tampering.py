"""Every column of every table that is frozen for ever, changed by SQL with its triggers dropped:
`verify` finds each, and so it does rows that go, change places or are put back from before."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.law import canonical, chain_text
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.law import closings, signed_count, signing, verification
from codial_tui.services.payments import payments
from codial_tui.services.payments.payments import Entry

FREE = {
    "id": "stands for the row here and now; uids, positions and numbers stand for it for ever",
    "document_invoice.document_id": "so does this",
    "attachment_content.attachment_id": "so does this",
    "invoice_seal.validated_by": "so does this: the name is sealed",
}
DOCUMENT = {
    "document": ("uid", "kind", *canonical.HEADER_1),
    "document_invoice": canonical.SIDE_2,
    "document_line": ("document_id", *canonical.LINE_2),
    "document_adjustment": ("document_id", *canonical.ADJUSTMENT_1),
    "invoice_reference": ("document_id", *canonical.REFERENCE_2),
    "invoice_deduction": ("document_id", *canonical.DEDUCTION_2),
}
"""What is sealed of an invoice; what else its rows have is their life (canonical.LIFE)."""
WHOLE = (
    *("invoice_seal", "payment", "payment_allocation", "attachment", "attachment_content"),
    *("chain_link", "signing_key", "closing"),
)
"""Tables of which nothing ever changes."""


class Undone(Exception):
    """Takes a change back."""


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    """Two invoices, the second with everything an invoice can have, printed, paid, closed, and a
    database that refuses nothing any more."""
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE")
    first = validating.validate(context, desk.make("invoice", ("TUBE", 3)).id)
    footer = [{"type": "discount", "percent": "10"}]
    draft = desk.make("invoice", ("TUBE", 9, "12.5"), ("Pose", 2, "48"), adjustments=footer)
    with context.database.write():
        named = {"uid": context.uid(), "document_id": draft.id, "number": first.ref}
        context.database.insert(
            "invoice_reference", {**named, "date": "2026-11-22", "referenced_id": first.id}
        )
        kept = {"uid": context.uid(), "document_id": draft.id, "percent": 50_000}
        context.database.insert("invoice_deduction", {**kept, "label": "Retenue"})
    second = desk.print(validating.validate(context, draft.id))
    payments.record(context, Entry(mode="CB", amount=5_000, documents=(second.id,)))
    signing.rotate(context)
    closings.run(context, date(2026, 11, 22))
    assert verification.verify(context)[1] == []
    database = context.database
    names = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE '%_search_%'"
    for (name,) in database.rows(names):
        database.execute(f"DROP TRIGGER {name}")
    database.execute("PRAGMA foreign_keys = 0")
    database.execute("PRAGMA ignore_check_constraints = 1")
    return desk


def found(desk: Desk) -> list[tuple[str, str]]:
    everything = verification.findings(desk.context, lambda done, every: None)
    return [(one.code, one.field) for one in everything if one.code != "database.check"]


@contextmanager
def tampered(desk: Desk, *statements: str) -> Iterator[list[tuple[str, str]]]:
    """What `verify` says after these statements, which are then taken back."""
    with suppress(Undone), desk.context.database.write():
        for sql in statements:
            assert desk.context.database.execute(sql) > 0, sql
        yield found(desk)
        raise Undone


def cells(desk: Desk, table: str, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """An UPDATE without its value for these cells of the last row, and the value now."""
    row = desk.context.database.mappings(
        f"SELECT rowid AS own, * FROM {table} ORDER BY rowid DESC LIMIT 1"
    )[0]
    for name in names:
        yield f"UPDATE {table} SET {name} = {{}} WHERE rowid = {row['own']}", row[name]


def other(value: Any) -> str:
    """Another value than this, as SQL."""
    if value is None:
        return "7"
    if isinstance(value, int):
        return str(value + 1)
    if isinstance(value, bytes):
        return f"x'{(value[:-1] + bytes([value[-1] ^ 1])).hex()}'"
    return "'" + (str(value)[:-1] + chr(ord(str(value)[-1:] or "a") ^ 1)).replace("'", "''") + "'"


def columns(desk: Desk, table: str) -> tuple[str, ...]:
    rows = desk.context.database.rows(f"PRAGMA table_info({table})")
    return tuple(row[1] for row in rows if row[1] not in FREE and f"{table}.{row[1]}" not in FREE)


def test_every_column_of_a_validated_invoice(desk: Desk) -> None:
    for table, names in DOCUMENT.items():
        for sql, value in cells(desk, table, names):
            with tampered(desk, sql.format(other(value))) as problems:
                codes = {code for code, _ in problems}
                assert codes & {"seal.rows", "seal.gone"}, (sql, problems)


def test_every_column_that_says_what_became_of_an_invoice(desk: Desk) -> None:
    """A reset print would let a second original out; a word that lists do not find hides one."""
    names = ("state", "printed_at", "search_text", "location", "sync_state", "station_number")
    for sql, value in cells(desk, "document", (*names, "assigned_to", "delivery", "billing")):
        for new in (other(value), "'validated'" if "SET state" in sql else "''"):
            with tampered(desk, sql.format(new)) as problems:
                kept = str(value or "") == new.strip("'") and value is not None
                assert kept or {code.partition(".")[0] for code, _ in problems} & {
                    "life",
                    "seal",
                }, sql


def test_every_column_of_the_tables_that_never_change(desk: Desk) -> None:
    seen = 0
    for table in WHOLE:
        for sql, value in cells(desk, table, columns(desk, table)):
            with tampered(desk, sql.format(other(value))) as problems:
                assert problems, (sql, value)
            seen += 1
    assert found(desk) == [] and seen > 60


def test_any_row_that_goes(desk: Desk) -> None:
    for table in (*WHOLE, "invoice_reference", "invoice_deduction"):
        rows = [row[0] for row in desk.context.database.rows(f"SELECT rowid FROM {table}")]
        assert rows
        for row in rows:
            with tampered(desk, f"DELETE FROM {table} WHERE rowid = {row}") as problems:
                assert problems, (table, row)


def test_the_first_broken_link_is_named(desk: Desk) -> None:
    last = desk.context.database.value("SELECT COUNT(*) FROM chain_link WHERE chain = 'events'")
    sql = "UPDATE chain_link SET at = '2026-11-22T10:00:00.000Z' WHERE chain = 'events'"
    with tampered(desk, f"{sql} AND position >= {last - 2}") as problems:
        assert problems[0] == ("chain.broken", f"events {last - 2}")
    swap = (
        "UPDATE chain_link SET position = 99 WHERE chain = 'events' AND position = 2",
        "UPDATE chain_link SET position = 2 WHERE chain = 'events' AND position = 3",
        "UPDATE chain_link SET position = 3 WHERE chain = 'events' AND position = 99",
    )
    with tampered(desk, *swap) as problems:
        assert problems[0] == ("chain.broken", "events 2")


def test_an_end_that_was_cut_with_its_counter(desk: Desk) -> None:
    """The whole last invoice, its papers, payment, events and counter: only the count knows."""
    last, uid = desk.context.database.row(  # type: ignore[misc]
        "SELECT id, uid FROM document WHERE kind = 'invoice' ORDER BY id DESC LIMIT 1"
    )
    gone = [f"DELETE FROM {table}" for table in ("closing", "payment_allocation", "payment")]
    gone += [f"DELETE FROM attachment WHERE owner_uid = '{uid}'"]
    gone += ["DELETE FROM chain_link WHERE chain IN ('payments', 'closings')"]
    first = desk.context.database.value(
        "SELECT MIN(position) FROM chain_link WHERE subject LIKE 'invoice.paper %' "
        "AND canonical LIKE ?",
        (f"%{uid}%",),
    )
    gone += [f"DELETE FROM chain_link WHERE chain = 'events' AND position >= {first}"]
    gone += ["DELETE FROM signing_key WHERE id > 1"]
    gone += [f"DELETE FROM {table} WHERE document_id = {last}" for table in ("invoice_seal",)]
    gone += [f"DELETE FROM document WHERE id = {last}"]
    gone += ["UPDATE number_series SET last = last - 1 WHERE code = 'FA'"]
    with tampered(desk, *gone) as problems:
        assert problems == [("count.signature", str(signed_count.path(desk.context)))]
    kept = [sql for sql in gone if "signing_key" not in sql]
    with tampered(desk, *kept) as problems:
        assert ("count.cut", "factures") in problems and ("count.cut", "règlements") in problems
        assert ("count.cut", "clôtures") in problems and ("count.cut", "événements") in problems


def test_a_chain_that_was_made_anew_is_not_the_signed_one(desk: Desk) -> None:
    """Whoever owns the file can chain other payments: closings and the count are signed."""
    database = desk.context.database
    with suppress(Undone), database.write():
        previous = chain_text.FIRST
        for position, text in database.rows(
            "SELECT position, canonical FROM chain_link WHERE chain = 'payments' ORDER BY position"
        ):
            changed = text.replace('"amount":5000', '"amount":4000')
            one = hashlib.sha256((previous + changed).encode()).hexdigest()
            database.execute(
                "UPDATE chain_link SET canonical = ?, previous_hash = ?, hash = ? "
                "WHERE chain = 'payments' AND position = ?",
                (changed, previous, one, position),
            )
            previous = one
        database.execute("UPDATE payment SET amount = 4000")
        database.execute("UPDATE payment_allocation SET amount = 4000")
        problems = found(desk)
        assert ("closing.figures", "clôture 22/11/26") in problems
        assert ("count.other", "règlements") in problems
        raise Undone
    assert found(desk) == []


def test_a_failed_check_is_written_down(desk: Desk) -> None:
    desk.context.database.execute("UPDATE payment SET amount = 1")
    before = desk.context.database.value("SELECT COUNT(*) FROM chain_link WHERE chain = 'events'")
    wrong = verification.verify(desk.context)[1]
    assert [one.code for one in wrong] == ["chain.rows"]
    rows = desk.context.database.rows(
        "SELECT position, subject FROM chain_link WHERE chain = 'events' AND position > ?",
        (before,),
    )
    assert rows == [(before + 1, "verify.failed")]

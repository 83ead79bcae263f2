"""Tampering with validated invoices by SQL, triggers dropped: `verify` finds it and says where."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.domain.law import canonical
from codial_tui.services.context import Context
from codial_tui.services.invoicing import validating
from codial_tui.services.law import seals, verification


class Undone(Exception):
    """Takes a change back."""


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE")
    return desk


@pytest.fixture
def invoices(desk: Desk) -> list[Document]:
    """Four validated invoices in a database that refuses nothing any more."""
    adjustments = [{"type": "discount", "percent": "10"}]
    drafts = [
        desk.make("invoice", ("TUBE", n, "12.5"), ("Pose", 2, "48"), adjustments=adjustments)
        for n in range(1, 5)
    ]
    made = [validating.validate(desk.context, one.id) for one in drafts]
    assert verification.verify(desk.context) == (4, [])
    database = desk.context.database
    names = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE '%_search_%'"
    for (name,) in database.rows(names):
        database.execute(f"DROP TRIGGER {name}")
    database.execute("PRAGMA foreign_keys = 0")
    database.execute("PRAGMA ignore_check_constraints = 1")
    return made


def found(desk: Desk) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in seals.verify(desk.context)]


@contextmanager
def tampered(desk: Desk, *statements: str) -> Iterator[list[tuple[str, str]]]:
    """What `verify` says after these statements, which are then taken back."""
    with suppress(Undone), desk.context.database.write():
        for sql in statements:
            assert desk.context.database.execute(sql) > 0, sql
        yield found(desk)
        raise Undone


def cells(desk: Desk, invoice: Document) -> Iterator[tuple[str, str, Any]]:
    """Every sealed cell of an invoice: an UPDATE without its value, the column, the value now."""
    tables = {
        "document": ("id", ("uid", "kind", *canonical.HEADER_1)),
        "document_invoice": ("document_id", canonical.SIDE_1),
        "document_line": ("document_id", canonical.LINE_1),
        "document_adjustment": ("document_id", canonical.ADJUSTMENT_1),
    }
    for table, (key, names) in tables.items():
        for row in desk.context.database.mappings(
            f"SELECT rowid AS own, * FROM {table} WHERE {key} = ?", (invoice.id,)
        ):
            for name in names:
                yield (
                    f"UPDATE {table} SET {name} = {{}} WHERE rowid = {row['own']}",
                    name,
                    row[name],
                )


def test_any_cell_of_any_invoice_that_changes_is_found(
    desk: Desk, invoices: list[Document]
) -> None:
    seen = 0
    for invoice in (invoices[0], invoices[3]):
        for sql, name, value in [*cells(desk, invoice)]:
            if name == "kind":
                continue  # below
            if name == "discounts":
                other = "'50000'"
            elif name == "type":
                other = "'comment'" if value != "discount" else "'charge'"
            elif value is None:
                other = "7"
            else:
                other = str(value + 1) if isinstance(value, int) else f"'{value}x'"
            with tampered(desk, sql.format(other)) as problems:
                assert problems, sql
                assert ("seal.rows", invoice.ref) in problems, (sql, problems)
            seen += 1
    assert seen == 2 * (
        1  # uid
        + len(canonical.HEADER_1)
        + len(canonical.SIDE_1)
        + 2 * len(canonical.LINE_1)
        + len(canonical.ADJUSTMENT_1)
    )
    assert found(desk) == []


def test_any_byte_of_any_seal_that_changes_is_found(desk: Desk, invoices: list[Document]) -> None:
    columns = "document_id, document_uid, number, previous_hash, hash, validated_at, validated_name"
    for position, invoice in enumerate(invoices, 1):
        for name in columns.split(", "):
            sql = f"UPDATE invoice_seal SET {name} = {{}} WHERE position = {position}"
            value = "999" if name == "document_id" else f"{name} || 'x'"
            with tampered(desk, sql.format(value)) as problems:
                assert problems and problems[0][0] in ("seal.chain", "seal.gone"), (name, problems)
        text = desk.context.database.value(
            "SELECT canonical FROM invoice_seal WHERE position = ?", (position,)
        )
        for place in range(0, len(text), 97):
            changed = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
            quoted = changed.replace("'", "''")
            sql = f"UPDATE invoice_seal SET canonical = '{quoted}' WHERE position = {position}"
            with tampered(desk, sql) as problems:
                assert problems[0] == ("seal.chain", invoice.ref), place
    assert found(desk) == []


def test_rows_that_go_come_or_change_places(desk: Desk, invoices: list[Document]) -> None:
    one, two, _, last = (invoice.id for invoice in invoices)
    refs = [invoice.ref for invoice in invoices]
    line = f"(SELECT MIN(id) FROM document_line WHERE document_id = {two})"
    with tampered(desk, f"DELETE FROM document_line WHERE id = {line}") as problems:
        assert problems == [("seal.rows", refs[1])]
    with tampered(desk, f"DELETE FROM document_adjustment WHERE document_id = {two}") as problems:
        assert problems == [("seal.rows", refs[1])]
    with tampered(desk, f"DELETE FROM document WHERE id = {two}") as problems:
        assert problems == [("seal.gone", refs[1]), ("seal.number", "FA 2026")]
    with tampered(desk, "DELETE FROM invoice_seal WHERE position = 2") as problems:
        assert problems == [("seal.chain", refs[2]), ("seal.missing", refs[1])]
    with tampered(
        desk,
        f"DELETE FROM document WHERE id = {two}",
        "DELETE FROM invoice_seal WHERE position = 2",
    ) as problems:
        assert problems == [("seal.chain", refs[2]), ("seal.number", "FA 2026")]
    with tampered(
        desk,
        f"UPDATE document SET number = 'FA26-99999' WHERE id = {one}",
        f"UPDATE document SET number = '{refs[0]}' WHERE id = {two}",
        f"UPDATE document SET number = '{refs[1]}' WHERE id = {one}",
    ) as problems:
        assert problems == [("seal.rows", refs[0]), ("seal.rows", refs[1])]
    with tampered(
        desk,
        "UPDATE invoice_seal SET position = 9 WHERE position = 2",
        "UPDATE invoice_seal SET position = 2 WHERE position = 3",
        "UPDATE invoice_seal SET position = 3 WHERE position = 9",
    ) as problems:
        assert problems == [("seal.chain", refs[2])]
    with tampered(desk, f"UPDATE document SET state = 'provisional' WHERE id = {last}") as problems:
        assert problems == [("seal.state", refs[3])]
    with tampered(desk, "UPDATE number_series SET last = 3 WHERE code = 'FA'") as problems:
        assert problems == [("seal.number", "FA 2026")]
    assert found(desk) == []


def test_what_is_known_of_a_cut_end(desk: Desk, invoices: list[Document]) -> None:
    """A whole end is missed by nobody once its counter is turned back too: only a signed count
    kept apart will tell (the closings of issue 5)."""
    last = invoices[3]
    gone = (
        f"DELETE FROM document WHERE id = {last.id}",
        "DELETE FROM invoice_seal WHERE position = 4",
    )
    with tampered(desk, gone[0]) as problems:
        assert problems[0] == ("seal.gone", last.ref)
    with tampered(desk, gone[1]) as problems:
        assert problems == [("seal.missing", last.ref)]
    with tampered(desk, *gone) as problems:
        assert problems == [("seal.number", "FA 2026")]
    back = "UPDATE number_series SET last = 3 WHERE code = 'FA'"
    with tampered(desk, *gone, back) as problems:
        assert problems == []


def test_a_rewritten_chain_still_differs_from_its_rows(
    desk: Desk, invoices: list[Document]
) -> None:
    """Somebody who changes a seal and makes all later hashes anew is met by the rows."""
    database = desk.context.database
    rows = database.rows("SELECT position, canonical FROM invoice_seal ORDER BY position")
    previous = canonical.FIRST
    with suppress(Undone), database.write():
        for position, text in rows:
            changed = text.replace('"gross":', '"gross":1', 1) if position == 2 else text
            one = canonical.chained(previous, changed)
            database.execute(
                "UPDATE invoice_seal SET canonical = ?, previous_hash = ?, hash = ? "
                "WHERE position = ?",
                (changed, previous, one, position),
            )
            previous = one
        assert found(desk) == [("seal.rows", invoices[1].ref)]
        raise Undone

"""An invoice is validated: number, seal, effects, and nothing of it changes afterwards."""

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from sessions import session

from codial_tui.domain.document import Document
from codial_tui.domain.law import canonical
from codial_tui.errors import CodialError, Refused
from codial_tui.models.database import open_database
from codial_tui.services.chain import pools, transfer_undo
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, locks
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import validating
from codial_tui.services.law import verification
from codial_tui.services.records import settings

SEALS = "SELECT position, document_id, number, canonical, previous_hash, hash FROM invoice_seal"


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE")
    desk.item("VANNE", price="50")
    return desk


def invoice(desk: Desk, *lines: Any, **values: Any) -> Document:
    return desk.make("invoice", *(lines or (("TUBE", 10),)), **values)


def validate(desk: Desk, document: Document) -> Document:
    return validating.validate(desk.context, document.id)


def codes(desk: Desk, document: Document) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        validate(desk, document)
    assert all(one.message for one in caught.value.problems)
    return [(one.code, one.field) for one in caught.value.problems]


def counter(desk: Desk) -> int:
    return int(desk.context.database.value("SELECT last FROM number_series WHERE code = 'FA'") or 0)


def wrong(desk: Desk) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in verification.verify(desk.context)[1]]


@pytest.mark.both
def test_number_state_seal_log_and_audit_come_together(desk: Desk) -> None:
    rows = desk.context.database.rows
    draft = invoice(desk, ("TUBE", 10, "12.5"))
    assert draft.ref == f"FA-P{draft.id}" and draft.header["number"] is None
    one = validate(desk, draft)
    assert (one.text("number"), one.number("serial"), one.state) == ("FA26-00001", 1, "validated")
    assert (one.number("net_total"), one.number("gross_total")) == (12_500, 15_000)
    two = validate(desk, invoice(desk))
    assert two.ref == "FA26-00002"
    first, second = rows(f"{SEALS} ORDER BY position")
    assert first[:3] == (1, one.id, "FA26-00001") and second[:3] == (2, two.id, "FA26-00002")
    assert first[4] == "0" * 64 and second[4] == first[5]
    for _, _, number, text, previous, found in (first, second):
        assert found == hashlib.sha256((previous + text).encode("utf-8")).hexdigest()
        assert json.loads(text)["header"]["number"] == number
    assert json.loads(first[3])["totals"]["gross"] == 15_000
    assert json.loads(first[3])["seal"] == {
        "position": 1,
        "at": desk.context.now,
        "by": desk.context.user.name,
    }
    audit = rows("SELECT detail FROM audit_log WHERE action = 'invoice.validated' ORDER BY id")
    assert [json.loads(row[0])["hash"] for row in audit] == [first[5], second[5]]
    log = rows(
        "SELECT text FROM document_event WHERE document_id = ? AND type = 'state'", (one.id,)
    )
    assert log == [("Validée : FA26-00001",)]
    assert verification.verify(desk.context) == (2, [])
    for ref in ("FA26-00001", f"FA-P{draft.id}", f"fa-p{draft.id}", "FA1"):
        assert documents.find(desk.context, ref) == draft.id


def test_the_text_is_recomputed_without_the_program(desk: Desk) -> None:
    """Only the columns named in domain.canonical, json and hashlib."""
    made = validate(
        desk, invoice(desk, ("TUBE", 3, "1.55"), {"type": "comment", "label": "« Ça »"})
    )
    database = desk.context.database
    header = database.mapping("SELECT * FROM document WHERE id = ?", (made.id,)) or {}
    side = database.mapping("SELECT * FROM document_invoice WHERE document_id = ?", (made.id,))
    both = {**header, **(side or {})}
    names = ("uid", "kind", *canonical.HEADER_1, *canonical.SIDE_2)
    lines = []
    for row in database.mappings(
        "SELECT * FROM document_line WHERE document_id = ? ORDER BY position, id", (made.id,)
    ):
        own = {name: row[name] for name in canonical.LINE_4}
        own["discounts"] = [int(one) for one in row["discounts"].split(";") if one]
        lines.append(own)
    [(text, found)] = database.rows("SELECT canonical, hash FROM invoice_seal")
    stored = json.loads(text)
    again = {
        "format": 4,
        "header": {name: both[name] for name in names},
        "lines": lines,
        "adjustments": [],
        "references": [],
        "deductions": [],
        "uses": [],
        "totals": stored["totals"],
        "seal": stored["seal"],
    }
    made_text = json.dumps(again, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert made_text == text
    assert found == hashlib.sha256(b"0" * 64 + made_text.encode()).hexdigest()
    assert not any(isinstance(one, float) for one in _leaves(stored))


def _leaves(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]


def test_every_column_of_a_document_is_sealed_or_its_life(desk: Desk) -> None:
    """A column that a later schema adds has to be put on one side."""
    tables = desk.context.database.describe()
    sealed = {"uid", "kind", *canonical.HEADER_1}
    assert set(tables["document"]) == sealed | canonical.LIFE
    assert not sealed & canonical.LIFE
    assert set(tables["document_invoice"]) == {"document_id", *canonical.SIDE_2}
    keys = {"id", "document_id"}
    assert set(tables["document_line"]) == keys | {*canonical.LINE_4}
    assert set(tables["document_adjustment"]) == keys | {*canonical.ADJUSTMENT_1}
    assert set(tables["invoice_reference"]) == keys | {*canonical.REFERENCE_2}
    assert set(tables["invoice_deduction"]) == keys | {*canonical.DEDUCTION_2}
    assert set(tables["deposit_use"]) == keys | {*canonical.USE_2}


# -- refusals --------------------------------------------------------------------------------


@pytest.mark.both
def test_problems_come_before_a_number_is_taken(desk: Desk) -> None:
    empty = desk.make("invoice")
    assert [field for _, field in codes(desk, empty)] == ["lines"]
    assert counter(desk) == 0 and desk.again(empty).state == "provisional"
    assert desk.context.database.rows(SEALS) == []
    done = validate(desk, invoice(desk))
    assert done.ref == "FA26-00001"
    assert codes(desk, done) == [("state.validated", "state")]
    assert counter(desk) == 1


@pytest.mark.both
def test_numbers_follow_dates(desk: Desk) -> None:
    validate(desk, invoice(desk, date="2026-11-20"))
    late = invoice(desk, date="2026-11-19")
    assert codes(desk, late) == [("date.order", "date")]
    [problem] = validating.problems(desk.context, late)
    said = "Date 19/11/26, avant celle de FA26-00001 · au plus tôt le 20/11/26"
    assert problem.text == said
    soon = invoice(desk, date="2026-11-23")
    assert validating.warnings(desk.context, soon)[0].code == "date.future"
    assert counter(desk) == 1
    assert validate(desk, desk.set(late, date="2026-11-20")).ref == "FA26-00002"
    other_year = validate(desk, invoice(desk, date="2025-12-31"))
    assert other_year.ref == "FA25-00001"  # a series of its own
    assert wrong(desk) == []


def test_another_establishment_does_not_give_the_same_number(desk: Desk) -> None:
    first = validate(desk, invoice(desk))
    database = desk.context.database
    with database.write():
        place = database.insert(
            "establishment", {"uid": desk.context.uid(), "name": "Agen", "siret": ""}
        )
    second = desk.set(invoice(desk), establishment_id=place)
    assert codes(desk, second) == [("series.taken", "establishment_id")]
    assert first.ref == "FA26-00001" and wrong(desk) == []


def test_what_somebody_else_has_open_is_not_validated(
    desk: Desk, database_url: str, back_end: str
) -> None:
    draft = invoice(desk)
    other = open_database(database_url, create=False)
    theirs = session(other, login="paul")
    assert locks.acquire(theirs, draft.id) == ""
    assert codes(desk, draft) == [("document.locked", "")]
    locks.release(theirs, draft.id)
    assert validate(desk, draft).ref == "FA26-00001"
    other.close()


def test_a_changed_invoice_is_looked_at_again(desk: Desk) -> None:
    draft = invoice(desk)
    editor = Editor(desk.context, draft.id)
    desk.context.database.execute(
        "UPDATE document SET version = version + 1 WHERE id = ?", (draft.id,)
    )
    with pytest.raises(Refused, match="a changé entre-temps"):
        validating.validate(desk.context, editor)
    assert counter(desk) == 0


# -- afterwards --------------------------------------------------------------------------------


def test_an_open_invoice_becomes_read_only_and_stays_so(desk: Desk) -> None:
    draft = invoice(desk)
    editor = Editor(desk.context, draft.id)
    validating.validate(desk.context, editor)
    assert editor.document.ref == "FA26-00001"
    assert editor.reason == "Facture validée, lecture seule"
    assert not editor.retry() and editor.reason  # a screen asks for the lock every five seconds
    with pytest.raises(CodialError, match="lecture seule"):
        editor.set_header("Essai", subject="Autre")
    with pytest.raises(CodialError):
        editor.undo()
    stored = desk.context.database.row(
        "SELECT subject, lock_token FROM document WHERE id = ?", (draft.id,)
    )
    assert stored == ("", None)


def test_who_only_looks_learns_that_it_was_validated(desk: Desk, database_url: str) -> None:
    draft = invoice(desk)
    editor = Editor(desk.context, draft.id)
    other = open_database(database_url, create=False)
    looking = Editor(session(other, login="paul"), draft.id)
    assert looking.reason.startswith("Ouvert par") and not looking.retry()
    validating.validate(desk.context, editor)
    assert looking.retry() and looking.document.ref == "FA26-00001"
    assert looking.reason == "Facture validée, lecture seule" and not looking.retry()
    token = desk.context.database.value("SELECT lock_token FROM document WHERE id = ?", (draft.id,))
    assert token is None
    other.close()


def test_validation_is_a_barrier_for_the_transfer(desk: Desk) -> None:
    made = desk.move(desk.make("order", ("TUBE", 10)), "invoice")
    validate(desk, made)
    with pytest.raises(Refused):
        transfer_undo.undo(desk.context, made.id)
    with pytest.raises(Refused, match="numéro définitif"):
        documents.delete(desk.context, made.id)
    assert wrong(desk) == []


WRITES = (
    "UPDATE document SET {column} = {value} WHERE id = {id}",
    "UPDATE document_invoice SET due_date = '2027-01-01' WHERE document_id = {id}",
    "UPDATE document_line SET amount = amount + 1 WHERE document_id = {id}",
    "UPDATE document_line SET document_id = {draft} WHERE document_id = {id}",
    "UPDATE document_line SET document_id = {id} WHERE document_id = {draft}",
    "UPDATE document_adjustment SET amount = amount + 1 WHERE document_id = {id}",
    "DELETE FROM document WHERE id = {id}",
    "DELETE FROM document_invoice WHERE document_id = {id}",
    "DELETE FROM document_line WHERE document_id = {id}",
    "DELETE FROM document_adjustment WHERE document_id = {id}",
    "DELETE FROM line_link WHERE target_line_id IN "
    "(SELECT id FROM document_line WHERE document_id = {id})",
    "UPDATE line_link SET quantity = quantity - 1 WHERE target_line_id IN "
    "(SELECT id FROM document_line WHERE document_id = {id})",
    "UPDATE invoice_seal SET hash = '' WHERE document_id = {id}",
    "DELETE FROM invoice_seal WHERE document_id = {id}",
    "UPDATE document SET state = 'provisional' WHERE id = {id}",
    "UPDATE document SET state = 'printed' WHERE id = {draft}",
)


@pytest.mark.both
def test_sql_changes_nothing_of_it(desk: Desk) -> None:
    adjustments = [{"type": "discount", "percent": "10"}]
    order = desk.make("order", ("TUBE", 10), adjustments=adjustments)
    made = validate(desk, desk.move(order, "invoice", goods_taken=True))
    assert made.adjustments and made.links
    draft = invoice(desk)
    database = desk.context.database
    before = _everything(desk, made)
    for sql in WRITES[1:]:
        _refused(desk, sql.format(id=made.id, draft=draft.id))
    for column in ("kind", "uid", "id", *canonical.HEADER_1):
        value = "1" if column in _integers(desk) else "'2026-01-01'"
        _refused(desk, WRITES[0].format(column=column, value=value, id=made.id))
    uid = desk.context.uid()
    _refused(
        desk,
        "INSERT INTO document_line (uid, document_id, type, position) "
        f"VALUES ('{uid}', {made.id}, 'item', 99)",
    )
    assert _everything(desk, made) == before
    with database.write():  # its life goes on
        database.execute(
            "UPDATE document SET state = 'printed', printed_at = ?, sent_at = ?, lock_token = 'x', "
            "updated_at = ? WHERE id = ?",
            (*[desk.context.now] * 3, made.id),
        )
    assert wrong(desk) == [("life.printed", made.ref), ("life.state", made.ref)]  # no paper left


def test_replace_deletes_nothing_of_it(desk: Desk) -> None:
    """SQLite's REPLACE deletes rows without running the triggers of DELETE."""
    made = validate(desk, invoice(desk))
    draft = invoice(desk)
    before = _everything(desk, made)
    line = made.lines[0]
    seal = "position, document_id, document_uid, validated_at, validated_by"
    created = "date, created_at) VALUES"
    values = "'2026-11-22', '2026-11-22T08:00:00Z')"
    own = desk.context.uid()
    for sql in (
        f"REPLACE INTO invoice_seal ({seal}) VALUES (1, 99, 'x', '2026-11-22T08:00:00Z', 1)",
        f"REPLACE INTO invoice_seal ({seal}) VALUES (9, {made.id}, 'x', '2026-11-22T08:00:00Z', 1)",
        f"REPLACE INTO document (id, uid, kind, {created} ({made.id}, '{own}', 'quote', {values}",
        f"REPLACE INTO document (uid, kind, {created} ('{made.uid}', 'quote', {values}",
        "REPLACE INTO document_line (id, uid, document_id, type) "
        f"VALUES ({line.id}, '{own}', {draft.id}, 'item')",
        "REPLACE INTO document_line (uid, document_id, type) "
        f"VALUES ('{line.uid}', {draft.id}, 'item')",
        f"REPLACE INTO document_invoice (document_id) VALUES ({made.id})",
    ):
        _refused(desk, sql)
    assert _everything(desk, made) == before and wrong(desk) == []


def _integers(desk: Desk) -> set[str]:
    row = desk.context.database.mapping("SELECT * FROM document LIMIT 1") or {}
    whole = {name for name, value in row.items() if isinstance(value, int)}
    return whole | {name for name in row if name.endswith("_id") and name != "external_id"}


def _refused(desk: Desk, sql: str) -> None:
    with pytest.raises(Refused) as caught, desk.context.database.write():
        desk.context.database.execute(sql)
    code = caught.value.problems[0].code
    assert code in ("invoice.sealed", "seal.closed", "state.sealed"), (sql, code)


def _everything(desk: Desk, document: Document) -> list[Any]:
    rows = desk.context.database.rows
    found = [rows("SELECT * FROM document WHERE id = ?", (document.id,)), rows(SEALS)]
    for table in ("document_invoice", "document_line", "document_adjustment"):
        found.append(rows(f"SELECT * FROM {table} WHERE document_id = ?", (document.id,)))
    return found


# -- stock and the order -----------------------------------------------------------------------


@pytest.mark.both
def test_goods_taken_along_leave_once(desk: Desk) -> None:
    tube = desk.item("COUDE")
    order = desk.make("order", ("COUDE", 10), ("Pose", 1, "90"))
    made = desk.move(order, "invoice", {0: "4"}, goods_taken=True)
    assert desk.on_hand(tube) == 0
    assert pools.delivered(desk.context.database, order.id) == {}
    validate(desk, made)
    assert desk.on_hand(tube) == -4
    moves = desk.context.database.rows("SELECT quantity, reason, line_uid FROM stock_move")
    [uid] = [line.uid for line in made.lines if line.reference == "COUDE"]
    assert moves == [(-40_000, "invoice", uid)]
    assert pools.delivered(desk.context.database, order.id)[order.lines[0].uid] == 40_000
    assert desk.progress(order)[0] == "part"
    assert wrong(desk) == []


def test_goods_that_a_note_delivers_do_not_leave_again(desk: Desk) -> None:
    tube = desk.item("COUDE")
    order = desk.make("order", ("COUDE", 10))
    note = desk.print(desk.move(order, "delivery_note", {0: "6"}))
    assert desk.on_hand(tube) == -6
    validate(desk, desk.move(note, "invoice"))
    assert desk.on_hand(tube) == -6
    rest = desk.move(order, "invoice", goods_taken=False)
    validate(desk, rest)
    assert desk.on_hand(tube) == -6  # not taken along: a note will deliver them


def test_stock_that_may_not_be_negative_blocks_the_validation(desk: Desk) -> None:
    settings.store(desk.context, "stock.negative", "block")
    made = desk.move(desk.make("order", ("TUBE", 10)), "invoice", goods_taken=True)
    assert codes(desk, made) == [("stock.negative", "quantity")]
    assert counter(desk) == 0 and desk.again(made).state == "provisional"


def test_an_invoice_below_zero_becomes_a_credit_note(desk: Desk) -> None:
    desk.customer("DUPONT", is_consumer=1)
    older = [{"number": "F1", "date": "2025-03-04"}]
    made = validate(desk, invoice(desk, ("TUBE", -2), customer="DUPONT", references=older))
    assert made.number("is_credit") == 1 and made.number("gross_total") == -2_400
    assert wrong(desk) == []


# -- two at once ---------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.both
def test_two_programs_at_once_give_consecutive_numbers(desk: Desk, database_url: str) -> None:
    drafts = [invoice(desk) for _ in range(12)]
    bad = desk.make("invoice")  # without lines: each program is refused once
    results: list[str] = []
    refused: list[str] = []
    start = threading.Barrier(2)

    def work(mine: list[Document]) -> None:
        opened = open_database(database_url, create=False)
        try:
            context = session(opened)
            start.wait(10)
            for number, one in enumerate(mine):
                if number == 3:
                    with pytest.raises(Refused):
                        validating.validate(context, bad.id)
                    refused.append(bad.ref)
                results.append(validating.validate(context, one.id).ref)
        finally:
            opened.close()

    threads = [threading.Thread(target=work, args=(drafts[half::2],)) for half in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(results) == [f"FA26-{n:05}" for n in range(1, 13)] and len(refused) == 2
    assert counter(desk) == 12 and wrong(desk) == []

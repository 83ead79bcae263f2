"""Whatever the sequence of transfers, prints, returns and undos: nothing is taken twice, and
undoing brings everything back (hypothesis, on the database)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sessions import session

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.recompute import recompute
from codial_tui.errors import Refused
from codial_tui.models.database import Database, open_database
from codial_tui.services import company, documents, giving_up, pools
from codial_tui.services.context import Context
from codial_tui.services.editing import Editor

sys.path.insert(0, str(Path(__file__).parents[1] / "domain"))

from document_strategies import documents as any_documents

DRIFT = (
    "SELECT p.line_id, p.pool, p.taken, COALESCE(SUM(k.quantity), 0) FROM line_pool p "
    "LEFT JOIN line_link k ON k.source_line_id = p.line_id AND k.pool = p.pool "
    "GROUP BY p.line_id, p.pool, p.taken HAVING p.taken <> COALESCE(SUM(k.quantity), 0)"
)
BEYOND = (
    "SELECT line_id FROM line_pool WHERE NOT ((quantity >= 0 AND taken BETWEEN 0 AND quantity) "
    "OR (quantity < 0 AND taken BETWEEN quantity AND 0))"
)
INVOICED = (
    "SELECT COALESCE(SUM(l.quantity), 0) FROM document_line l "
    "JOIN document d ON d.id = l.document_id WHERE d.kind = 'invoice' AND l.reference = ?"
)
DELIVERED = INVOICED.replace("'invoice'", "'delivery_note'")
OWED = (
    "SELECT COALESCE(SUM(p.quantity - p.taken), 0) FROM line_pool p "
    "JOIN document_line l ON l.id = p.line_id JOIN document_delivery_note d "
    "ON d.document_id = l.document_id WHERE d.nature = 'return' AND p.pool = 'bill' "
    "AND l.reference = ?"
)
"""Credits that printed returns owe, below zero."""
TAKEN = "SELECT COALESCE(SUM(taken), 0) FROM line_pool WHERE line_id = ? AND pool = 'bill'"
FOR_GOOD = (
    "SELECT COALESCE(-SUM(l.quantity), 0) FROM document_line l "
    "JOIN document d ON d.id = l.document_id JOIN document_delivery_note n ON n.document_id = d.id "
    "WHERE n.nature = 'return' AND d.state = 'printed' AND n.deliver_again = 0 AND l.reference = ?"
)


class Counter(RuleBasedStateMachine):
    """One order of two stocked items and labour, and everything that may become of it."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = open_database(f"{self.folder.name}/c.sqlite3", create=True)
        context = session(self.database)
        company.init(context, "Démo", siren="123456782")
        self.desk = Desk(context, Path(self.folder.name))
        self.desk.customer("MARTIN")
        self.desk.item("TUBE", "3.33")
        self.desk.item("COUDE", "1.27")
        self.order = self.desk.make(
            "order", ("TUBE", 10), ("COUDE", 7), ("Pose", 2, "40"),
            adjustments=[{"type": "discount", "percent": "3"}, {"type": "shipping", "amount": "9"}],
        )  # fmt: skip

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def some(self, kind: str, pick: int, state: str = "") -> Document | None:
        rows = self.desk.context.database.rows(
            "SELECT id FROM document WHERE kind = ? AND (state = ? OR ? = '') ORDER BY id",
            (kind, state, state),
        )
        return self.desk.load(rows[pick % len(rows)][0]) if rows else None

    def tried(self, what: Any) -> None:
        try:
            what()
        except Refused as error:
            code = error.problems[0].code
            assert not code.startswith(("constraint", "pool", "database")), error.problems

    def takes(self, source: Document, share: int, kind: str) -> dict[int, str]:
        """So many quarters of the lines, never more than is left of an order: what is delivered
        in excess is not what was ordered."""
        inbound = doc_type(kind).inbound_from(source.kind)
        assert inbound is not None
        left = pools.left_of(self.desk.context.database, source, inbound)
        return {
            number: str(min(line.quantity * share // 4, left[line.uid].quantity) // 10_000)
            for number, line in enumerate(source.lines)
            if line.uid in left
        }

    @rule(share=st.integers(1, 4), pick=st.integers(0, 3), merge=st.booleans())
    def deliver(self, share: int, pick: int, merge: bool) -> None:
        into = self.some("delivery_note", pick, "open") if merge else None
        takes = self.takes(self.order, share, "delivery_note") if share < 4 else None
        self.tried(lambda: self.desk.move(self.order, "delivery_note", takes, into))

    @rule(share=st.integers(1, 4), goods=st.booleans())
    def bill_directly(self, share: int, goods: bool) -> None:
        takes = self.takes(self.order, share, "invoice") if share < 4 else None
        self.tried(lambda: self.desk.move(self.order, "invoice", takes, goods_taken=goods))

    @rule(pick=st.integers(0, 3), merge=st.booleans())
    def bill(self, pick: int, merge: bool) -> None:
        note = self.some("delivery_note", pick)
        into = self.some("invoice", pick) if merge else None
        if note is not None:
            self.tried(lambda: self.desk.move(note, "invoice", None, into))

    @rule(pick=st.integers(0, 3))
    def print(self, pick: int) -> None:
        note = self.some("delivery_note", pick, "open")
        if note is not None:
            self.tried(lambda: self.desk.print(note))

    @rule(pick=st.integers(0, 3), share=st.integers(1, 4), again=st.booleans())
    def bring_back(self, pick: int, share: int, again: bool) -> None:
        note = self.some("delivery_note", pick, "printed")
        if note is None:
            return

        def back() -> None:
            made = self.desk.move(note, "delivery_note", self.takes(note, share, note.kind))
            self.desk.print(self.desk.set(made, deliver_again=int(again)))

        self.tried(back)

    @rule(kind=st.sampled_from(("delivery_note", "invoice")), pick=st.integers(0, 3))
    def undo(self, kind: str, pick: int) -> None:
        target = self.some(kind, pick)
        if target is not None:
            self.tried(lambda: self.desk.undo(target))

    @rule(kind=st.sampled_from(("delivery_note", "invoice")), quantity=st.integers(1, 4))
    def edit(self, kind: str, quantity: int) -> None:
        target = self.some(kind, quantity, "open" if kind == "delivery_note" else "")
        places = [n for n, one in enumerate(target.lines) if one.is_priced] if target else []
        if target is not None and places and target.text("nature") != "return":
            wanted = min(quantity * 10_000, abs(target.lines[places[0]].quantity))
            if target.lines[places[0]].quantity > 0:
                self.tried(lambda: self.desk.edit(target, places[0], quantity=wanted))

    @rule()
    def give_up(self) -> None:
        editor = Editor(self.desk.context, self.order.id)
        verb = giving_up.reopen if editor.document.header.get("given_up_at") else giving_up.give_up
        self.tried(lambda: verb(editor))
        editor.close()

    @invariant()
    def pools_say_what_links_say(self) -> None:
        rows = self.desk.context.database.rows
        assert rows(DRIFT) == [] and rows(BEYOND) == []

    @invariant()
    def no_more_than_was_ordered(self) -> None:
        """What is due, invoiced less the credits owed, is what was ordered and kept at most."""
        value = self.desk.context.database.value
        for line in self.order.lines:
            if line.reference:
                invoiced, owed, back, delivered = (
                    value(sql, (line.reference,)) for sql in (INVOICED, OWED, FOR_GOOD, DELIVERED)
                )
                assert owed <= 0 <= invoiced + owed <= line.quantity - back
                assert invoiced + owed == value(TAKEN, (line.id,)) - back
                assert delivered <= line.quantity

    @invariant()
    def lists_say_what_pools_say(self) -> None:
        """The cached progress is what it would be worked out to be now."""
        database = self.desk.context.database
        sql = "SELECT id, delivery, billing FROM document ORDER BY id"
        before = database.rows(sql)
        with database.write():
            pools.refresh(database, {row[0] for row in before})
        assert database.rows(sql) == before


def test_nothing_is_taken_twice_whatever_happens() -> None:
    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=8, stateful_step_count=14, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(600)
def test_nothing_is_taken_twice_for_long() -> None:
    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=100, stateful_step_count=40, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.both
def test_merge_then_undo_is_identity(context: Context, tmp_path: Path) -> None:
    """Any two documents, in any mode, with any footer."""
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    head = desk.make("order", ("Pose", 1, "1")).header

    def stored(made: Document) -> Document:
        order = Document(0, context.uid(), "order", {**head, "number": None, **made.header})
        uids = {one.uid: context.uid() for one in made.lines}
        for one in made.lines:
            one.uid, parent = uids[one.uid], one.parent_uid
            one.parent_uid = uids[parent] if parent else None
        for adjustment in made.adjustments:
            adjustment.uid = context.uid()
        order.lines, order.adjustments = made.lines, made.adjustments
        documents.prepare(order)
        apply(order, recompute(order))
        documents.insert(context, order)
        return desk.load(order.id)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(any_documents(max_lines=6), any_documents(max_lines=6))
    def proved(left: Document, right: Document) -> None:
        right.header = dict(left.header)
        first, second = stored(left), stored(right)
        empty = desk.kept()
        try:
            note = desk.move(first, "delivery_note")
        except Refused:  # nothing in it that can go
            return
        one = desk.kept(), desk.shown(first, second, note)
        try:
            desk.move(second, "delivery_note", into=note)
        except Refused:
            pass
        else:
            assert not desk.undo(note)
            assert (desk.kept(), desk.shown(first, second, note)) == one
        assert desk.undo(note) and desk.kept() == empty

    proved()

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
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sessions import session

from codial_tui.domain.changes import apply, delete, set_line
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.recompute import recompute
from codial_tui.errors import Refused
from codial_tui.models.database import Database, open_database
from codial_tui.services.chain import giving_up, pools
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company
from codial_tui.services.records import settings as settings_of

sys.path.insert(0, str(Path(__file__).parents[1] / "domain"))

from document_strategies import documents as any_documents

PICK = st.integers(0, 5)
TAKING = st.sampled_from(("delivery_note", "invoice"))
DRIFT = (
    "SELECT p.line_id, p.pool, p.taken, COALESCE(SUM(k.quantity), 0) FROM line_pool p "
    "LEFT JOIN line_link k ON k.source_line_id = p.line_id AND k.pool = p.pool "
    "GROUP BY p.line_id, p.pool, p.taken HAVING p.taken <> COALESCE(SUM(k.quantity), 0)"
)
BEYOND = (
    "SELECT line_id FROM line_pool WHERE NOT ((quantity >= 0 AND taken BETWEEN 0 AND quantity) "
    "OR (quantity < 0 AND taken BETWEEN quantity AND 0))"
)
OF_ITEM = (
    "SELECT COALESCE(SUM({what}), 0) FROM document_line l JOIN document d ON d.id = l.document_id "
    "LEFT JOIN document_delivery_note n ON n.document_id = d.id "
    "LEFT JOIN line_pool p ON p.line_id = l.id AND p.pool = 'bill' "
    "WHERE l.reference = ? AND {where}"
)
RETURN = "n.nature = 'return' AND d.state = 'printed'"
FIGURES = {
    "ordered": OF_ITEM.format(what="l.quantity", where="d.kind = 'order'"),
    "taken": OF_ITEM.format(what="p.taken", where="d.kind = 'order'"),
    "invoiced": OF_ITEM.format(what="l.quantity", where="d.kind = 'invoice'"),
    "delivered": OF_ITEM.format(what="l.quantity", where="d.kind = 'delivery_note'"),
    "owed": OF_ITEM.format(what="p.quantity - p.taken", where=RETURN),
    "for_good": OF_ITEM.format(what="-l.quantity", where=f"{RETURN} AND n.deliver_again = 0"),
}
"""Of an item, 10⁻⁴. owed: credits that printed returns owe, below zero; for_good: what came back
and is not delivered again."""


class Counter(RuleBasedStateMachine):
    """Two orders of the same stocked items and labour, and everything that may become of them."""

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
        self.orders = [
            self.desk.make(
                "order", ("TUBE", 10), ("COUDE", 7), ("Pose", 2, "40"),
                adjustments=[
                    {"type": "discount", "percent": "3"}, {"type": "shipping", "amount": "9"}
                ],
            ),
            self.desk.make("order", ("COUDE", 2), ("TUBE", 4)),
        ]  # fmt: skip

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def some(self, kind: str, pick: int, state: str = "", nature: str = "") -> Document | None:
        rows = self.desk.context.database.rows(
            "SELECT d.id FROM document d LEFT JOIN document_delivery_note n "
            "ON n.document_id = d.id WHERE d.kind = ? AND ? IN ('', d.state) "
            "AND ? IN ('', n.nature) ORDER BY d.id",
            (kind, state, nature),
        )
        return self.desk.load(rows[pick % len(rows)][0]) if rows else None

    def tried(self, what: Any) -> None:
        """What is refused is refused by a rule, never by the database."""
        try:
            what()
        except Refused as error:
            code = error.problems[0].code
            assert not code.startswith(("constraint", "pool", "database")), error.problems

    def takes(self, source: Document, share: int, kind: str) -> dict[int, str] | None:
        """So many quarters of the lines, never more than is left: what is delivered in excess is
        not what was ordered. None takes what is proposed."""
        inbound = doc_type(kind).inbound_from(source.kind)
        if share == 4 and kind != source.kind:
            return None
        assert inbound is not None
        left = pools.left_of(self.desk.context.database, source, inbound)
        return {
            number: str(min(line.quantity * share // 4, left[line.uid].quantity) // 10_000)
            for number, line in enumerate(source.lines)
            if line.uid in left
        }

    @initialize(summed=st.booleans(), shares=st.tuples(*[st.integers(0, 4)] * 2))
    def set_up(self, summed: bool, shares: tuple[int, int]) -> None:
        """summed: equal items are added to one line, which then comes from both orders. shares:
        quarters of the first one that two notes have delivered."""
        settings_of.store(self.desk.context, "transfer.sum_equal", summed)
        for share in filter(None, shares):
            self.deliver(order=0, share=share, pick=0, merge=False, printed=True)

    @rule(
        order=st.integers(0, 1), share=st.integers(1, 4), pick=PICK, merge=st.booleans(),
        printed=st.booleans(),
    )  # fmt: skip
    def deliver(self, order: int, share: int, pick: int, merge: bool, printed: bool) -> None:
        into = self.some("delivery_note", pick, "open") if merge else None
        source = self.orders[order]

        def out() -> None:
            takes = self.takes(source, share, "delivery_note")
            made = self.desk.move(source, "delivery_note", takes, into)
            if printed:
                self.desk.print(made)

        self.tried(out)

    @rule(
        order=st.integers(0, 1), share=st.integers(1, 4), goods=st.booleans(), pick=PICK,
        merge=st.booleans(),
    )  # fmt: skip
    def bill_directly(self, order: int, share: int, goods: bool, pick: int, merge: bool) -> None:
        into = self.some("invoice", pick) if merge else None
        source = self.orders[order]
        takes = self.takes(source, share, "invoice")
        self.tried(lambda: self.desk.move(source, "invoice", takes, into, goods_taken=goods))

    @rule(pick=PICK, share=st.integers(1, 4), merge=st.booleans())
    def bill(self, pick: int, share: int, merge: bool) -> None:
        note = self.some("delivery_note", pick, "printed")
        into = self.some("invoice", pick) if merge else None
        if note is not None:
            takes = self.takes(note, share, "invoice") if note.text("nature") == "sale" else None
            self.tried(lambda: self.desk.move(note, "invoice", takes, into))

    @rule(pick=PICK)
    def print(self, pick: int) -> None:
        note = self.some("delivery_note", pick, "open")
        if note is not None:
            self.tried(lambda: self.desk.print(note))

    @rule(pick=PICK, share=st.integers(1, 4), again=st.booleans(), printed=st.booleans())
    def bring_back(self, pick: int, share: int, again: bool, printed: bool) -> None:
        note = self.some("delivery_note", pick, "printed", "sale")
        if note is None:
            return

        def back() -> None:
            made = self.desk.move(note, "delivery_note", self.takes(note, share, note.kind))
            made = self.desk.set(made, deliver_again=int(again))
            if printed:
                self.desk.print(made)

        self.tried(back)

    @rule(kind=TAKING, pick=PICK, verb=st.sampled_from(("undo", "delete")))
    def take_back(self, kind: str, pick: int, verb: str) -> None:
        target = self.some(kind, pick)
        if target is not None:
            self.tried(lambda: getattr(self.desk, verb)(target))

    @rule(kind=TAKING, pick=PICK, place=PICK, quantity=st.integers(0, 4), undone=st.booleans())
    def edit(self, kind: str, pick: int, place: int, quantity: int, undone: bool) -> None:
        """Make a line smaller, or delete it (0), and perhaps undo that."""
        target = self.some(kind, pick, "open" if kind == "delivery_note" else "provisional")
        lines = [one for one in target.lines if one.is_priced] if target else []
        if target is None or not lines:
            return
        line = lines[place % len(lines)]
        editor = Editor(self.desk.context, target.id)
        wanted = min(quantity * 10_000, abs(line.quantity)) * (-1 if line.quantity < 0 else 1)
        change = set_line(line, quantity=wanted) if wanted else delete(line)
        self.tried(lambda: editor.commit([change], "Essai"))
        if undone:
            self.tried(editor.undo)
        editor.close()

    @rule(order=st.integers(0, 1), really=st.integers(0, 3))
    def give_up(self, order: int, really: int) -> None:
        if not really:  # else most of what follows would be refused
            self._give_up(order)

    def _give_up(self, order: int) -> None:
        editor = Editor(self.desk.context, self.orders[order].id)
        verb = giving_up.reopen if editor.document.header.get("given_up_at") else giving_up.give_up
        self.tried(lambda: verb(editor))
        editor.close()

    @invariant()
    def pools_say_what_links_say(self) -> None:
        rows = self.desk.context.database.rows
        assert rows(DRIFT) == [] and rows(BEYOND) == []

    @invariant()
    def due_is_what_was_ordered_and_kept_at_most(self) -> None:
        """The law of `services.credited`: due = invoiced less the credits owed."""
        for item in ("TUBE", "COUDE"):
            found = {
                name: self.desk.context.database.value(sql, (item,))
                for name, sql in FIGURES.items()
            }
            due = found["invoiced"] + found["owed"]
            assert found["owed"] <= 0 <= due <= found["ordered"] - found["for_good"], found
            assert due == found["taken"] - found["for_good"], found
            assert found["delivered"] <= found["ordered"], found

    @invariant()
    def lists_say_what_pools_say(self) -> None:
        """The cached progress is what it would be worked out to be now."""
        database = self.desk.context.database
        sql = "SELECT id, delivery, billing FROM document ORDER BY id"
        before = database.rows(sql)
        with database.write():
            pools.refresh(database, {row[0] for row in before})
        assert database.rows(sql) == before


def explored(config: pytest.Config, examples: int, **values: Any) -> settings:
    """The same choices at every run, so that nobody's build fails by luck; to explore others,
    `pytest tests/services/test_transfers_machine.py --hypothesis-seed=7`."""
    same = config.getoption("--hypothesis-seed") is None
    checks = list(HealthCheck)
    return settings(
        max_examples=examples, derandomize=same, deadline=None, suppress_health_check=checks,
        **values,
    )  # fmt: skip


@pytest.mark.long
def test_nothing_is_taken_twice_whatever_happens(pytestconfig: pytest.Config) -> None:
    steps = explored(pytestconfig, 8, stateful_step_count=14)
    run_state_machine_as_test(Counter, settings=steps)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_nothing_is_taken_twice_for_long(pytestconfig: pytest.Config) -> None:
    steps = explored(pytestconfig, 100, stateful_step_count=50)
    run_state_machine_as_test(Counter, settings=steps)


@pytest.mark.both
def test_merge_then_undo_is_identity(
    context: Context, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
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

    @explored(pytestconfig, 12)
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

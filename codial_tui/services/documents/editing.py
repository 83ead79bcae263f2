"""Write-through editing: one gesture, one step, one short transaction (design.md §3).

An `Editor` holds the open document. Every change goes through `commit`: memory first, then the
database in one transaction that also writes the step and its edits; when the transaction fails
the memory is put back, so that what is on screen is what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codial_tui.domain.chain import credits
from codial_tui.domain.changes import Change, Mismatch, apply, inverse, set_header
from codial_tui.domain.document import Document
from codial_tui.domain.draft import Plan
from codial_tui.domain.guards import Taken, refused
from codial_tui.domain.invoicing import deposits as deposit_rules
from codial_tui.domain.invoicing.deposits import Share
from codial_tui.domain.kinds import doc_type, pools_of
from codial_tui.domain.lines.recompute import recompute, settled
from codial_tui.domain.lines.totals import Totals, totals
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.money import in_bounds
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.rules import Facts, check
from codial_tui.domain.steps import Step, UndoStack
from codial_tui.errors import LockLost, Refused, refuse
from codial_tui.services.buying import back_to_back
from codial_tui.services.chain import credited, links, pools
from codial_tui.services.context import Context
from codial_tui.services.invoicing import deposit_facts, deposits
from codial_tui.services.maintenance import followed_order

from . import locks, rows


class Editor:
    """An open document: reads are free, writes need the lock.

    `reason` is why it is read-only ("Ouvert par Jean D. depuis 10:12"), "" when it is ours;
    `too_many`: what was bought for lines that need less since, until somebody has said it.
    """

    def __init__(self, context: Context, document_id: int, *, lock: bool = True) -> None:
        self.context = context
        self.wants_lock = lock
        self.reason = locks.acquire(context, document_id) if lock else "Lecture seule"
        document = rows.load(context.database, document_id)
        if document is None:
            raise refuse("document.unknown", f"Document {document_id} introuvable")
        self.document = document
        self.kind = doc_type(document.kind)
        self.stack = UndoStack.of(self._steps())
        self._totals: Totals | None = None
        self.taken = self._taken()
        self.too_many: list[back_to_back.Supply] = []
        if not self.reason:
            self._give_up_if_final()
        self.shares = self._shares()

    def _final(self, document: Document) -> str:
        """Why nobody may edit a document as it stands, "" when one may."""
        problems = check(self.kind.rules.get("edit", ()), document, self.facts())
        return problems[0].message if problems else ""

    def _give_up_if_final(self) -> None:
        self.reason = self._final(self.document)
        if self.reason:
            locks.release(self.context, self.document.id)

    # -- reading ---------------------------------------------------------------------------

    @property
    def totals(self) -> Totals:
        """Totals of the document as it stands; computed once per version."""
        if self._totals is None:
            self._totals = totals(self.document)
        return self._totals

    def facts(self) -> Facts:
        found = self.context.database.rows("SELECT rate FROM vat_rate", ())
        return Facts(self.context.today.isoformat(), frozenset(row[0] for row in found))

    def _taken(self) -> Taken:
        """What other documents took of the lines."""
        if not pools_of(self.kind.kind):
            return {}
        return pools.taken(self.context.database, self.document.id)

    def _steps(self) -> list[Step]:
        found = self.context.database.rows(
            "SELECT id, user_id, user_name, at, label, undoes, barrier FROM step "
            "WHERE document_id = ? ORDER BY id",
            (self.document.id,),
        )
        return [Step(*row) for row in found]

    # -- writing ---------------------------------------------------------------------------

    def commit(
        self,
        changes: Sequence[Change | None],
        label: str,
        *,
        barrier: bool = False,
        undoes: int | None = None,
    ) -> None:
        """Apply changes as one step. Raises Refused (nothing changed), LockLost (read-only now).

        Amounts that follow from the changes are recomputed inside the same step.
        """
        if self.reason:
            raise LockLost(self.reason, "ce que vous tapez reste à l'écran")
        wanted = [change for change in changes if change is not None]
        if not wanted:
            return
        if undoes is None:
            problems = refused(self.kind, self.document, wanted, self.taken)
            problems += deposit_rules.refused(self.document, wanted)
            problems += credits.refused(self.document, wanted)
            if problems:
                raise Refused(*problems)
            before, after = links.following(self.context.database, self.document, wanted)
            wanted = [*before, *wanted, *after]
        done: list[Change] = []
        header = dict(self.document.header)
        try:
            apply(self.document, wanted)
            done += wanted
            if undoes is None:
                covered = coverage.followed(self.document, header, wanted)
                covered += followed_order.covering(self.context, self.document, wanted)
                done += covered
                follow = recompute(self.document, _touched(done))
                apply(self.document, follow)
                done = settled(wanted, [*covered, *follow])
                done += self._deducted(wanted)
            before, too_many = back_to_back.released(self.context.database, done)
            done = [*before, *done]
            self._write(done, label, barrier, undoes)
            self.too_many += too_many
        except Mismatch as error:
            apply(self.document, inverse(done))
            raise self._mismatch(error) from error
        except BaseException:
            apply(self.document, inverse(done))
            self._totals = None
            raise

    def _deducted(self, wanted: Sequence[Change]) -> list[Change]:
        """What follows in the deposits that an invoice deducts, applied. Who types over a
        deduction makes it by hand from then on."""
        if "use" not in self.kind.parts or not (self.shares or self.document.uses):
            return []
        by_hand = []
        if deposit_rules.by_hand(self.document, wanted):
            by_hand = [one for one in [set_header(self.document, deposits="manual")] if one]
            apply(self.document, by_hand)
        self.shares = self._shares()  # others deduct of the same deposits meanwhile
        return by_hand + deposits.brought_up_to_date(self.context, self.document, self.shares)

    def _shares(self) -> list[Share]:
        """What the document can deduct of deposits."""
        if "use" not in self.kind.parts or self.reason:
            return []
        return deposit_facts.shares(self.context.database, self.document)

    def _write(self, changes: list[Change], label: str, barrier: bool, undoes: int | None) -> None:
        context, document = self.context, self.document
        found = totals(document)
        if not (in_bounds(found.gross) and in_bounds(found.cost) and in_bounds(found.brut)):
            raise refuse("amount.too_big", "Total trop grand", "réduisez les quantités")
        now = context.now
        database = context.database
        with database.write():
            if self._moves(changes):
                pools.turn(database)
                credited.keep(database, document, changes)
            updated = database.execute(
                "UPDATE document SET version = version + 1, net_total = ?, vat_total = ?, "
                "gross_total = ?, cost_total = ?, updated_at = ? "
                "WHERE id = ? AND lock_token = ? AND version = ?",
                (
                    found.net,
                    found.vat_total,
                    found.gross,
                    found.cost,
                    now,
                    document.id,
                    context.session,
                    document.version,
                ),
            )
            if updated != 1:
                raise self._lost()
            locks.note_activity(context)
            for change in changes:
                rows.write(database, document, change)
            step_id = rows.write_step(
                context, document, document.version + 1, label, undoes=undoes, barrier=barrier
            )
            rows.write_edits(database, step_id, changes)
            self._refresh_progress(changes)
        document.version += 1
        document.header.update(
            net_total=found.net,
            vat_total=found.vat_total,
            gross_total=found.gross,
            cost_total=found.cost,
            updated_at=now,
        )
        self._totals = found
        self.stack.add(
            Step(step_id, context.user.id, context.user.name, now, label, undoes, barrier)
        )

    def _moves(self, changes: Sequence[Change]) -> bool:
        """Whether the progress of this document or of others may change with these."""
        own = self.kind.matched or bool(pools.progress_of(self.kind.kind))
        return any(
            one.target in ("link", "supply")
            or (own and (one.target != "document" or "given_up_at" in (one.after or {})))
            for one in changes
        )

    def _refresh_progress(self, changes: Sequence[Change]) -> None:
        """What follows from lines and links in the progress of this and of other documents,
        inside the transaction."""
        if not self._moves(changes):
            return
        taken = links.source_lines(self.document, changes)
        sources = pools.documents_of(self.context.database, taken)
        pools.refresh(self.context.database, sources | {self.document.id})

    def run(self, plan: Plan, label: str) -> list[Problem]:
        """Commit what a tool planned as one step; returns its warnings. Raises Refused when the
        tool found nothing it could do."""
        if not plan.changes:
            raise Refused(*(plan.problems or [Problem("tool.nothing", "", "Rien à changer")]))
        self.commit(plan.changes, label)
        return plan.problems

    def set_header(self, label: str, **values: Any) -> None:
        """Give header fields these values, as one step."""
        self.commit([set_header(self.document, **values)], label)

    # -- undo ------------------------------------------------------------------------------

    def undo(self) -> str:
        """Take back my last step; returns its label. Raises Refused with the reason."""
        return self._revert(undo=True)

    def redo(self) -> str:
        """Put back what I undid last; returns its label. Raises Refused with the reason."""
        return self._revert(undo=False)

    def _revert(self, *, undo: bool) -> str:
        try:
            user_id = self.context.user.id
            step = self.stack.to_undo(user_id) if undo else self.stack.to_redo(user_id)
        except Invalid as error:
            raise Refused(*error.problems) from error
        self.commit(
            inverse(rows.read_edits(self.context.database, step.id)), step.label, undoes=step.id
        )
        return step.label

    # -- losing it -------------------------------------------------------------------------

    def _lost(self) -> LockLost:
        self.reason = locks.holder(self.context, self.document.id) or "Document modifié ailleurs"
        return LockLost(self.reason, "ce que vous tapez reste à l'écran")

    def _mismatch(self, error: Mismatch) -> Refused:
        found = self.context.database.row(
            "SELECT s.user_name, s.at FROM edit e JOIN step s ON s.id = e.step_id "
            "WHERE e.uid = ? ORDER BY s.id DESC LIMIT 1",
            (error.change.uid,),
        )
        who = f"par {found[0]}, {found[1][11:16]}" if found else "entre-temps"
        return refuse("undo.mismatch", f"Modifié {who}", "reprenez à la main")

    def retry(self) -> bool:
        """Try to become the writer of a document that somebody else had; True when something came
        of it, as it stands in the database: it is ours, or `reason` says why it is nobody's now."""
        if not self.reason or not self.wants_lock:
            return False
        document = rows.load(self.context.database, self.document.id)
        if document is not None and self._final(document):
            seen = self.document.version == document.version
            if not seen:
                self._take(document)
            return not seen
        reason = locks.acquire(self.context, self.document.id)
        document = rows.load(self.context.database, self.document.id)
        if reason or document is None:
            self.reason = reason or self.reason
            return False
        self._take(document)
        return True

    def reload(self) -> None:
        """Take the document as it stands in the database, after another service wrote it in this
        session (transfer, merge)."""
        document = rows.load(self.context.database, self.document.id)
        if document is None:
            raise refuse("document.gone", f"{self.document.ref} n'existe plus", "Échap")
        self._take(document)

    def renew(self) -> bool:
        """After another screen of this session wrote or left this document: be its writer again,
        as it stands; True when it had changed."""
        if self.reason:
            return False
        self.reason = locks.acquire(self.context, self.document.id)
        if not self.reason and self._is_stored():
            return False
        if not self.reason:
            self.reload()
        return True

    def _is_stored(self) -> bool:
        """Whether the document, and what others took of it, are as the database has them."""
        names = ("state", "printed_at", "delivery", "billing")
        stored = self.context.database.row(
            f"SELECT version, {', '.join(names)} FROM document WHERE id = ?", (self.document.id,)
        )
        held = (self.document.version, *(self.document.header.get(one) for one in names))
        return stored is not None and tuple(stored) == held and self._taken() == self.taken

    def _take(self, document: Document) -> None:
        self.document, self.reason, self._totals = document, "", None
        self.taken = self._taken()
        self.stack = UndoStack.of(self._steps())
        self._give_up_if_final()
        self.shares = self._shares()

    def close(self) -> None:
        """Give the lock back."""
        if not self.reason:
            locks.release(self.context, self.document.id)


def _touched(changes: Sequence[Change]) -> set[str] | None:
    """The lines whose amounts may have changed; None when all may have."""
    if any(change.target != "line" for change in changes):
        return None
    return {change.uid for change in changes if change.op in ("set", "insert")}

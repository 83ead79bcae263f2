"""Imports that were begun: go on with one that was cut, cancel it, take back a finished one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codial_tui.domain.text import display
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.cells import grouped
from codial_tui.screens.document.attachments import TextScreen
from codial_tui.screens.long_work import LongWork
from codial_tui.services.imports import import_source

if TYPE_CHECKING:
    from codial_tui.services.imports.importing import Report, UndoReport

MOST_SHOWN = 10_000
"""rows listed after an undo"""


class ImportBatches:
    """applied, undone: what the screen does when the work is over."""

    def __init__(
        self,
        screen: BaseScreen[None],
        work: LongWork,
        applied: Callable[[Report], Any],
        undone: Callable[[str], Any],
    ) -> None:
        self.screen, self.work = screen, work
        self.applied, self.undone = applied, undone

    def ask_unfinished(self, otherwise: Callable[[], Any]) -> bool:
        """Offer Reprendre / Annuler for an import a crash has cut; False when there is none."""
        from codial_tui.services.imports.importing import unfinished

        found = unfinished(self.screen.context)
        if not found:
            return False
        one = found[0]
        rows = f"{grouped(one.done)} sur {grouped(one.rows)} lignes"
        words = f"« {display(one.file_name)[:14]} » coupé, {rows}"
        self._ask(words, one.batch_id, otherwise)
        return True

    def ask_go_on(self, report: Report) -> None:
        """An import was stopped: what is written, and what to do about it."""
        done = f"{grouped(report.added)} créés, {grouped(report.changed)} modifiés"
        later = "Interrompu : R ou A vous sera proposé au prochain import"
        self._ask(f"Interrompu, {done}", report.batch_id, lambda: self.screen.reading.say(later))

    def _ask(self, words: str, batch: int, otherwise: Callable[[], Any]) -> None:
        def then(letter: str) -> Any:
            if letter == "R":
                return self._go_on(batch)
            return self._cancel(batch) if letter == "A" else otherwise()

        self.screen.reading.ask(f"{words} : R reprendre  A annuler", then, letters="RA")

    def _go_on(self, batch: int) -> None:
        from codial_tui.services.imports.importing import resume

        context = self.screen.context
        self.work.start("Import", lambda *how: resume(context, batch, *how), self.applied)

    def _cancel(self, batch: int) -> None:
        from codial_tui.services.imports.importing import cancel

        context = self.screen.context
        self.work.start(
            "Annulation", lambda progress, _: cancel(context, batch, progress), self._told
        )

    def ask_undo(self) -> None:
        """Take the last finished import back."""
        from codial_tui.services.imports.importing import undo_import

        context = self.screen.context
        last = import_source.last_import(context)
        if last is None:
            raise refuse("import.none", "Aucun import à annuler")
        batch, name, at = last

        def then(letter: str) -> None:
            if letter == "O":
                self.work.start(
                    "Annulation",
                    lambda progress, _: undo_import(context, batch, progress),
                    self._told,
                )

        day = f"{at[8:10]}/{at[5:7]}"
        question = f"Annuler l'import de « {display(name)[:30]} » du {day} ? O/N"
        self.screen.reading.ask(question, then, final=True)

    async def _told(self, report: UndoReport) -> None:
        said = f"Import annulé : {grouped(report.undone)} fiches remises en état"
        if report.skipped:
            said += f", {grouped(len(report.skipped))} laissées"
            lines = [f"{one.name} : {one.message}" for one in report.skipped[:MOST_SHOWN]]
            await self.screen.app.push_screen(TextScreen("Fiches laissées telles quelles", lines))
        self.undone(said)

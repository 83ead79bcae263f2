"""Import: choose a file, look at what would happen, mend it, then let it happen (ux.md §4).

Nothing is written before F8. Reading and importing go on beside the keys; Esc asks to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from codial_tui.commands import LOOK, TOOLS, Command
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.cells import grouped
from codial_tui.screens.document.attachments import TextScreen
from codial_tui.screens.long_work import Cancelled, LongWork, Progress
from codial_tui.services.documents import attachments
from codial_tui.services.imports import import_source
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource
from codial_tui.widgets.rows import Text, TextRows

from .import_batches import ImportBatches
from .import_choice import NO_FILE, ImportChoice
from .import_table import (
    KIND_NAMES,
    OTHERS,
    PLURALS,
    REVIEW,
    PlanSource,
    changes_of,
    column_lines,
    keep_rejects,
    row_lines,
    tab_items,
    what_will_happen,
    wrong_field,
    wrong_text,
)

if TYPE_CHECKING:
    from codial_tui.services.imports.importing import ImportPlan, PlannedRow, Report

APPLY = Command("validate", "Importer", "Écrit ce que l'aperçu montre", 8, "Import")
OTHER_FILE = Command("other_file", "Autre fichier", "Choisit un autre fichier", 5, "Fich.")
ASK_TOOL = "C colonnes  S garder  M modèle  U annuler le dernier import"
DONE = {"added": "sera créée", "changed": "sera modifiée", "unchanged": "est inchangée"}


class ImportScreen(BaseScreen[None]):
    """One file at a time."""

    where = "l'import"

    def __init__(self) -> None:
        super().__init__()
        self.plan: ImportPlan | None = None
        self.tab = "review"
        self.shown: PlanSource | None = None
        self.applied = False
        self.corrections = 0
        self.work = LongWork(self)
        self.choice = ImportChoice(self, self.work, self._read)
        self.batches = ImportBatches(self, self.work, self._applied, self._undone)
        self.table = RecordTable(REVIEW, signs=True)
        self.columns = TextRows(Text())
        self.notes = TextRows(Text(), Text(), Text())

    def compose_body(self) -> Iterable[RecordTable | TextRows]:
        return (self.table, self.columns, self.notes)

    async def on_mount(self) -> None:
        self.title_bar.show("Import")
        self.show_commands()
        self.resume_route()
        await self.guarded(self._begin)

    def resume_route(self) -> None:
        self.direct(self.typing_line, self.table)

    async def _begin(self) -> None:
        """Imports that were cut come first."""
        if not self.batches.ask_unfinished(self.choice.ask_file):
            await self.choice.ask_file()

    def on_unmount(self) -> None:
        self.work.stop()
        self._forget_plan()

    # reading -----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Compare the file with the database, in a thread."""
        from codial_tui.services.imports.importing import plan_import

        choice = self.choice
        path, kind, mapping = choice.path, choice.kind, choice.mapping
        assert path is not None
        self._forget_plan()
        self.table.show(ListSource())

        def doing(progress: Progress, cancelled: Cancelled) -> ImportPlan | None:
            from codial_tui.services.imports.importing import Cancelled as Stopped

            try:
                return plan_import(
                    self.context,
                    path,
                    kind,
                    mapping=mapping,
                    supplier=choice.supplier or None,
                    progress=progress,
                    cancelled=cancelled,
                )
            except Stopped:
                return None

        self.work.start("Lecture", doing, self._planned)

    async def _planned(self, plan: ImportPlan | None) -> None:
        if plan is None:
            self.reading.say("Lecture interrompue, rien n'a été écrit · F5 choisit un fichier")
            return
        self.plan, self.applied, self.corrections = plan, False, 0
        counts = plan.counts
        self.tab = "review" if counts.to_review else "added" if counts.added else "changed"
        under = f" de {plan.supplier[1]}" if plan.supplier else ""
        what = f"Import {KIND_NAMES[plan.kind]}{under} · {plan.source.path.name}"
        self.title_bar.show(what, f"{grouped(counts.rows)} lignes lues")
        self.columns.show(Text("colonnes reconnues", rule=True), *column_lines(plan))
        await self.go_tab(self.tab)
        self.reading.say("")

    def _forget_plan(self) -> None:
        if self.plan is not None and not self.work.running:
            self.plan.close()
            self.plan = None

    async def go_tab(self, name: str) -> None:
        if self.plan is None:
            return
        self.tab = name
        columns = REVIEW if name == "review" else OTHERS
        self.table.empty = "Rien à revoir." if name == "review" else "Aucune ligne."
        self.shown = PlanSource(self.plan, name)
        self.table.show(self.shown, columns=columns)
        self._show_counts()
        self._say_row()

    def _show_counts(self) -> None:
        plan = self.plan
        assert plan is not None
        self.tab_bar.show(tab_items(plan.counts), self.tab)
        self.notes.show(Text(rule=True), *what_will_happen(plan))
        row = self._current()
        hint = ""
        if row is not None and self.tab == "review":
            label = import_source.label_of(wrong_field(row), plan.kind) or "la ligne"
            hint = f"corriger {label} · ligne {grouped(row.number)}"
        self.typing_line.label(hint=hint)
        taken = f"F8 importer {grouped(plan.counts.taken)} {PLURALS[plan.kind]}"
        taken += " · Entrée corrige · Suppr ignore" if hint else ""
        self.reading.context("" if self.applied else f"{taken} · Échap abandonne")

    def _current(self) -> PlannedRow | None:
        row = self.table.current
        if row is None or self.shown is None:
            return None
        return self.shown.planned(row.key, self.table.cursor)

    # mending -----------------------------------------------------------------------------------

    def _idle(self) -> None:
        """Raises Refused while something is going on."""
        if self.work.running:
            raise refuse("import.busy", f"{self.work.running} en cours", "Échap interrompt")

    def _ready(self) -> ImportPlan:
        """The plan, when it may be changed. Raises Refused."""
        self._idle()
        if self.plan is None:
            raise refuse(*NO_FILE)
        if self.applied:
            raise refuse("import.done", "Cet import est fait", "F5 autre fichier, F7 U l'annule")
        return self.plan

    async def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._show_counts()
        self._say_row()

    def _say_row(self) -> None:
        """Row 23: all that is wrong, or changes, in the current row."""
        row = self._current()
        if row is not None and self.plan is not None and not self.work.running:
            parts = [one.text for one in row.problems] or changes_of(self.plan, row)
            self.reading.say(" · ".join([*parts[:2], row.label]) if parts else "")

    async def accepted(self, text: str) -> None:
        """Enter: the corrected value, or the value to be corrected when nothing was typed."""
        plan, row = self._ready(), self._current()
        if row is None or self.tab != "review":
            raise refuse("import.nothing_wrong", "Rien à corriger ici", "F8 importe")
        name = wrong_field(row)
        if text.strip():
            self._correct(plan, row, name, text)
        elif row.outcome == "held":
            self._ask_accept(plan, row)
        elif wrong_text(plan, row):
            self.typing_line.put(wrong_text(plan, row)[:200])
            self.reading.say("Corrigez la valeur, puis Entrée")
        else:
            self.reading.say("Tapez la bonne valeur, puis Entrée")

    def _correct(self, plan: ImportPlan, row: PlannedRow, name: str, text: str) -> None:
        if all(name != one.name for one in import_source.fields_of(plan.kind)):
            raise refuse("import.row", "Cette ligne ne se corrige pas ici", "corrigez le fichier")
        again = plan.correct(row.seq, name, text)
        self.corrections += 1
        self.typing_line.clear()
        self._mended(again)

    def _ask_accept(self, plan: ImportPlan, row: PlannedRow) -> None:
        def then(letter: str) -> None:
            if letter == "O":
                self.corrections += 1
                self._mended(plan.accept(row.seq))

        self.reading.ask(f"{row.problems[0].message} : prendre cette ligne ? O/N", then)

    def _mended(self, row: PlannedRow) -> None:
        self.table.reload()
        self._show_counts()
        if row.outcome in DONE:
            self.reading.say(f"La ligne {grouped(row.number)} {DONE[row.outcome]}")
        elif row.problems:
            self.reading.refuse(row.problems[0].text)

    def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        plan = self._ready()
        if self.tab == "unchanged":
            raise refuse("import.unchanged", "Ces lignes ne changent déjà rien")
        for key in notice.keys:
            plan.ignore(int(str(key)))
        self.table.marks.clear()
        self.corrections += len(notice.keys)
        self.table.reload()
        self._show_counts()
        count = len(notice.keys)
        self.reading.say("Ligne ignorée" if count == 1 else f"{count} lignes ignorées")

    # importing ---------------------------------------------------------------------------------

    def action_validate(self) -> None:
        """F8: write what the preview shows."""
        from codial_tui.services.imports.importing import apply_import

        plan = self._ready()
        if plan.pending and self.batches.ask_unfinished(lambda: None):
            return  # an unexpected end (a full disk): it goes on where it was
        self.work.start(
            "Import", lambda *how: apply_import(self.context, plan, *how), self._applied
        )

    def _applied(self, report: Report) -> None:
        """What was and was not done."""
        self.applied = True
        if self.plan is not None:
            self._show_counts()
        if not report.complete:
            self.batches.ask_go_on(report)
            return
        counts = ((report.added, "créé"), (report.changed, "modifié"),
                  (report.unchanged, "inchangé"), (report.refused, "écarté"))  # fmt: skip
        parts = [f"{grouped(n)} {word}{'s' if n > 1 else ''}" for n, word in counts if n]
        if self.plan is not None:
            folder = attachments.folder(self.context, "export")
            self.notes.show(Text(rule=True), *keep_rejects(self.plan, folder))
        self.reading.say(f"Importé : {', '.join(parts)} · F7 U annule")

    def _undone(self, said: str) -> None:
        """An import was taken back: what is shown is no longer so."""
        self._forget_plan()
        self.table.show(ListSource())
        self.tab_bar.say("")
        self.columns.show(Text())
        self.notes.show(Text(), Text(), Text())
        self.typing_line.label(hint="")
        self.reading.context("F5 choisit un fichier, Échap ferme")
        self.reading.say(said)

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(OTHER_FILE), Offer(TOOLS), Offer(APPLY), Offer(LOOK)]

    async def action_other_file(self) -> None:
        self._idle()
        await self.choice.ask_file()

    async def action_look(self) -> None:
        """F9: the whole row."""
        row = self._current()
        if row is None or self.plan is None:
            raise refuse("look.nothing", "Aucune ligne à voir")
        title = f"Ligne {grouped(row.number)}"
        await self.app.push_screen(TextScreen(title, row_lines(self.plan, row)))

    def action_tools(self) -> None:
        self._idle()
        tools: dict[str, Callable[[], Any]] = {
            "C": self.choice.ask_columns,
            "S": self.choice.save_mapping,
            "M": self.choice.choose_mapping,
            "U": self.batches.ask_undo,
        }
        self.reading.ask(
            ASK_TOOL, lambda letter: tools[letter]() if letter else None, letters="".join(tools)
        )

    # leaving -----------------------------------------------------------------------------------

    async def back(self) -> None:
        if self.work.running:
            question = f"{self.work.running} en cours : interrompre ? O/N"
            self.reading.ask(question, self._answered)
        elif self.typing_line.text:
            self.typing_line.clear()
        elif self.corrections and self.plan is not None and not self.applied:
            count = self.corrections
            what = "votre correction" if count == 1 else f"vos {count} corrections"
            self.reading.ask(f"Abandonner {what} ? O/N", self._answered, final=True)
        else:
            self.dismiss()

    def _answered(self, letter: str) -> None:
        if letter == "O" and self.work.running:
            self.work.stop()
        elif letter == "O":
            self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Revoir : tapez la bonne valeur et Entrée, Suppr ignore la ligne.",
            "Ctrl+G C M I R montre les lignes créées, modifiées, inchangées, à revoir.",
            "Rien n'est écrit avant F8 ; F7 U annule un import fait.",
        ]

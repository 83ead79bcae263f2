"""Several marked documents printed in one go: each its own file or job and its own transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, DocType, FieldType
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.by_letter import ByLetter
from codial_tui.screens.long_work import LongWork
from codial_tui.services.paper import print_choices, printing
from codial_tui.services.paper.print_choices import Waiting
from codial_tui.services.paper.printing import Destination, ToPrinter
from codial_tui.services.records import settings
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("number", "Numéro", width=11),
    Column("party", "Tiers", width=20, shrinks=True, min_width=12),
    Column("net", "HT", FieldType.CENTS, width=10),
    Column("outcome", "Impression", shrinks=True, min_width=24),
)


class Outcome(NamedTuple):
    """What came of it, in words, and which documents were printed."""

    said: str
    printed: frozenset[int]


class PrintBatchScreen(BaseScreen[Outcome]):
    """Says how many and which cannot be printed, prints the others one after the other, then what
    came of each. Answers None when nothing was printed."""

    where = "l'impression"

    def __init__(self, kind: DocType, ids: Iterable[int]) -> None:
        super().__init__()
        self.kind, self.ids = kind, tuple(ids)
        self.table = RecordTable(COLUMNS)
        self.table.markable = False
        self.outcomes: dict[int, str] = {}
        self.printed: set[int] = set()
        self.printers: list[str] | None = None
        self.work = LongWork(self)
        self.letters = ByLetter(
            {
                "enter": self.print_all,
                "I": self.next_printer,
                "E": self.mail_all,
                "P": self.save_all,
            }
        )

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.documents = print_choices.waiting(self.context, self.ids)
        self.outcomes = {one.id: f"× {one.wrong}" for one in self.documents if one.wrong}
        count, refused = len(self.documents), len(self.outcomes)
        total = format_cents(sum(one.net for one in self.documents))
        self.title_bar.show(f"Imprimer · {self._named(count)}", f"HT {total} €")
        self.typing_line.show("Entrée imprimer  I autre imprimante  E courriel  P PDF")
        self.direct(self.letters, self.table)
        self._show(None)
        self._show_place()
        self.show_commands()
        if refused:
            self.reading.warn(
                f"{refused} sur {count} ne peuvent pas l'être, dites pourquoi à droite"
            )
        self.run_worker(self._find_printers(), group="printers", exit_on_error=False)

    def _named(self, count: int) -> str:
        return f"{count} {(self.kind.plural if count > 1 else self.kind.title).lower()}"

    def _show(self, current: int | None) -> None:
        rows = [
            Row(
                one.id,
                (one.ref, one.party, format_cents(one.net), self.outcomes.get(one.id, "")),
                cell_roles={"outcome": "danger"} if self._refused(one) else {},
            )
            for one in self.documents
        ]
        self.table.show(ListSource(rows), key=current)

    def _refused(self, one: Waiting) -> bool:
        return self.outcomes.get(one.id, "").startswith("×")

    def _show_place(self) -> None:
        """Row 2: where Enter sends them."""
        if self.printers:
            self.tab_bar.say(f"Entrée imprime sur {self.printers[0]}")
        elif self.printers is None:
            self.tab_bar.say("Entrée imprime")
        else:
            self.tab_bar.say("Entrée enregistre les PDF : pas d'imprimante sur cette machine")

    async def _find_printers(self) -> list[str]:
        if self.printers is None:
            own = print_choices.own_printer(self.context)
            self.printers = await asyncio.to_thread(print_choices.printers, own)
            self._show_place()
        return self.printers

    # where they go -----------------------------------------------------------------------------

    async def print_all(self) -> None:
        """Enter: the user's printer, else the PDFs in the export folder."""
        names = await self._find_printers()
        if names:
            print_choices.choose_printer(self.context, names[0])
            self._ask_and_start(lambda one: ToPrinter(names[0]))
        else:
            self.save_all()

    async def next_printer(self) -> None:
        names = await self._find_printers()
        if len(names) < 2:
            raise refuse("printer.only", "Pas d'autre imprimante sur cette machine")
        self.printers = [*names[1:], names[0]]
        self._show_place()

    def mail_all(self) -> None:
        if not settings.company(self.context).get("email"):
            raise refuse(
                "mail.sender", "La société n'a pas d'adresse de courriel", "complétez sa fiche"
            )
        self._ask_and_start(print_choices.by_mail)

    def save_all(self) -> None:
        there = sum(one.file.exists() for one in self._left())

        def then(letter: str) -> None:
            if letter:
                self._ask_and_start(partial(print_choices.to_file, replace=letter == "O"))

        if there:
            plural = "s existent" if there > 1 else " existe"
            question = f"{there} fichier{plural} déjà : O remplacer  N imprimer les autres"
            self.reading.ask(question, then, letters="ON", final=True)
        else:
            then("N")

    def _left(self) -> list[Waiting]:
        return [one for one in self.documents if one.id not in self.printed and not one.wrong]

    def _ask_and_start(self, where: Callable[[Waiting], Destination]) -> None:
        """Print them; where that is final it takes O."""
        left = self._left()
        if not left:
            raise refuse("print.none", "Plus rien à imprimer ici", "Échap revient à la liste")
        if not print_choices.is_final(self.kind):
            self._next(left, where, len(left))
            return

        def then(letter: str) -> None:
            if letter == "O":
                self._next(left, where, len(left))

        question = f"Imprimer {self._named(len(left))} est définitif, continuer ? O/N"
        self.reading.ask(question, then, letters="ON", final=True)

    # one after the other -----------------------------------------------------------------------

    def _next(
        self, left: list[Waiting], where: Callable[[Waiting], Destination], count: int
    ) -> None:
        """Make the next one beside the keys; the end when none is left."""
        while left:
            one, left = left[0], left[1:]
            try:
                prepared = printing.prepare(self.context, one.id, where(one))
            except (CodialError, Invalid) as error:
                self._note(one, error)
                continue
            self.work.start(
                f"Impression de {one.ref}, {count - len(left)} sur {count}",
                partial(_carry_out, prepared),
                partial(self._made, one, prepared, left, where, count),
                unit="pages",
            )
            return
        self._end()

    def _made(
        self,
        one: Waiting,
        prepared: printing.Prepared,
        left: list[Waiting],
        where: Callable[[Waiting], Destination],
        count: int,
        made: tuple[bytes, str] | CodialError,
    ) -> None:
        """Its effects, at once; then the next."""
        try:
            if isinstance(made, CodialError):
                raise made
            printing.finish(self.context, one.id, prepared, *made)
        except (CodialError, Invalid) as error:
            self._note(one, error)
        else:
            self.printed.add(one.id)
            self.outcomes[one.id] = f"√ {made[1]}"
            self._show(one.id)
        if self.work.stopped:
            self._end()
        else:
            self._next(left, where, count)

    def _note(self, one: Waiting, error: CodialError | Invalid) -> None:
        said = error.text if isinstance(error, CodialError) else error.problems[0].text
        self.outcomes[one.id] = f"× {said}"
        self._show(one.id)

    def _end(self) -> None:
        """Say what came of it; back to the list when nothing is left to be read."""
        rest = len(self.documents) - len(self.printed)
        done = len(self.printed)
        said = f"{done} imprimé{'s' if done > 1 else ''}"
        if not rest:
            self.dismiss(Outcome(said, frozenset(self.printed)))
            return
        self.reading.done(f"{said}, {rest} non : la raison est à droite · Échap revient à la liste")

    async def press(self, press: Press) -> bool:
        if self.work.running and self.reading.question is None:
            if press.key == "escape":
                self.reading.ask("Interrompre l'impression ? O/N", self._stop, letters="ON")
            elif not await self.table.press(press):
                self.app.bell()
            return True
        return await super().press(press)

    def _stop(self, letter: str) -> None:
        if letter == "O":
            self.work.stop()

    async def back(self) -> None:
        done = len(self.printed)
        said = f"{done} imprimé{'s' if done > 1 else ''}"
        self.dismiss(Outcome(said, frozenset(self.printed)) if done else None)

    def help_text(self) -> list[str]:
        return [
            "Chaque document est imprimé pour lui-même : son fichier ou son travail d'impression, "
            "son courriel à l'adresse de son client.",
            "Ce qui ne l'a pas été dit pourquoi.",
        ]


def _carry_out(
    prepared: printing.Prepared,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> tuple[bytes, str] | CodialError:
    """A failure is an outcome like another: the next document is not to wait for it."""
    try:
        return printing.carry_out(prepared, progress, cancelled)
    except CodialError as error:
        return error

"""Aperçu: the paper as text, page by page, and where it goes from here.

Looking has no effect; printing, mailing and saving the PDF do (domain.md §2 "Printed"). The text
is there at once; what needs fpdf2 or CUPS (sheets, printers) comes when it has been found out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from textual import events

from codial_tui.domain.spec import Column
from codial_tui.domain.text import display
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.by_letter import ByLetter
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.services.documents.editing import Editor
from codial_tui.services.paper import print_choices, printing
from codial_tui.services.paper.printing import Destination, ToFile, ToMail, ToPrinter
from codial_tui.services.records import settings
from codial_tui.widgets.press import Press
from codial_tui.widgets.row_source import Row
from codial_tui.widgets.rows import Text, TextRows

from .print_work import PrintWork

FRAME_ROWS = 6
"""rows 1, 2, 21 to 24"""
MAX_COPIES = 99
TURNS = {"pagedown": 1, "space": 1, "down": 1, "pageup": -1, "up": -1}
APPROXIMATE = "texte du PDF, mise en page approchée · Échap ferme"


class PreviewScreen(BaseScreen[str]):
    """Answers what was done, in a French sentence; None when it was only looked at."""

    where = "l'aperçu"

    def __init__(self, editor: Editor, *, sure: bool = False) -> None:
        """sure: it was asked before whether what is final is meant."""
        super().__init__()
        self.sure = sure
        self.editor = editor
        self.document = editor.document
        self.paper_text = TextRows()
        self.rule = TextRows(Text(rule=True))
        self.pages: tuple[tuple[str, ...], ...] = ()
        self.page = 0
        self.copies = 1
        self.printers: list[str] | None = None
        self.sheets = 0
        self.work = PrintWork(self)
        self.letters = ByLetter(
            {
                "enter": self.print_it,
                "I": self.choose_printer,
                "E": self.ask_address,
                "P": self.save_pdf,
                "M": self.next_layout,
                "C": self.ask_copies,
                **{key: partial(self.turn, step) for key, step in TURNS.items()},
                "home": lambda: self.turn(-len(self.pages)),
                "end": lambda: self.turn(len(self.pages)),
            }
        )

    def compose_body(self) -> Iterable[TextRows]:
        yield self.paper_text
        yield self.rule

    async def on_mount(self) -> None:
        self.layouts = printing.layouts(self.editor.context, self.editor.kind, self.document)
        self.show_commands()
        self.resume_route()
        await self.guarded(self._lay_out)
        problems = printing.problems(self.editor.context, self.document)
        problems += self.paper.problems
        if problems:
            others = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
            self.reading.warn(problems[0].text + others)
        self._find_out()

    def on_resize(self, event: events.Resize) -> None:  # the frame's own is called as well
        if self.pages:
            self._lay_out()

    async def press(self, press: Press) -> bool:
        return self.work.press(press) or await super().press(press)

    def resume_route(self) -> None:
        self.direct(self.letters)
        self._show_choices()

    # the text ----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        context, size = self.editor.context, self.app.size
        name = self.layouts[0].name
        self.paper = printing.paper(context, self.document, layout_name=name)
        self.pages = printing.preview(
            context,
            self.document,
            layout_name=name,
            width=size.width - 2,
            height=max(1, size.height - FRAME_ROWS),
        )
        self.turn(0)

    def turn(self, step: int) -> None:
        """Another page of text, as far as there is one."""
        count = len(self.pages)
        self.page = max(0, min(count - 1, self.page + step))
        rows = list(self.pages[self.page]) if self.pages else []
        rows += [""] * (self.app.size.height - FRAME_ROWS - len(rows))
        self.paper_text.show(*rows)
        more = self.page + 1 < count
        self.rule.show(Text(f"suite : écran {self.page + 2}" if more else "fin", rule=True))
        self.reading.context(("Suite PgSuiv · " if more else "") + APPROXIMATE)
        self._show_title()

    def _show_title(self) -> None:
        place = f"écran {self.page + 1} sur {len(self.pages)}"
        if self.sheets:
            place += f" · {self.sheets} page{'s' if self.sheets > 1 else ''} A4"
        self.title_bar.show(f"Aperçu · {self.editor.kind.title} {self.document.ref}", place)

    def _show_choices(self) -> None:
        """Row 22: the letters; row 2: where Enter sends it."""
        self.typing_line.show(
            "I imprimer  E courriel  P PDF  "
            f"M modèle : {self.layouts[0].label}  C copies : {self.copies}"
        )
        if self.printers is None:
            self.tab_bar.say("Entrée imprime")
        elif self.printers:
            self.tab_bar.say(f"Entrée imprime sur {self.printers[0]}")
        else:
            self.tab_bar.say("Entrée enregistre le PDF : pas d'imprimante sur cette machine")

    def _find_out(self) -> None:
        """Sheets and printers, while the text is being read."""
        self.run_worker(self._count(), group="sheets", exclusive=True, exit_on_error=False)
        if self.printers is None:
            self.run_worker(self._find_printers(), group="printers", exit_on_error=False)

    async def _count(self) -> None:
        self.sheets = await asyncio.to_thread(print_choices.sheets, self.paper)
        self._show_title()

    async def _find_printers(self) -> list[str]:
        if self.printers is None:
            own = print_choices.own_printer(self.editor.context)
            self.printers = await asyncio.to_thread(print_choices.printers, own)
            if self._asked is None:
                self._show_choices()
        return self.printers

    # where it goes -----------------------------------------------------------------------------

    async def print_it(self) -> None:
        """Enter: the user's printer, else the PDF in the export folder."""
        self._check()
        names = await self._find_printers()
        if names:
            await self._ask_and_send(ToPrinter(names[0], self.copies))
        else:
            await self.save_pdf()

    async def choose_printer(self) -> None:
        self._check()
        names = await self._find_printers()
        if not names:
            raise refuse(
                "printer.none", "Pas d'imprimante sur cette machine", "P enregistre le PDF"
            )
        if len(names) == 1:
            await self._ask_and_send(ToPrinter(names[0], self.copies))
        else:
            rows = [Row(name, (name,)) for name in names]
            columns = (Column("name", "Imprimante"),)
            help = "Entrée imprime et la garde pour la prochaine fois, Échap revient."
            await self.app.push_screen(
                ChooseScreen("Imprimantes", help, columns, rows), self._printer_chosen
            )

    async def _printer_chosen(self, name: str | None) -> None:
        if name:
            await self.guarded(lambda: self._ask_and_send(ToPrinter(name, self.copies)))

    async def save_pdf(self) -> None:
        self._check()
        path = print_choices.pdf_path(self.editor.context, self.document)
        if not path.exists():
            await self._ask_and_send(ToFile(path))
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._ask_and_send(ToFile(path, replace=True))

        question = f"{path.name} existe déjà dans le dossier d'export, le remplacer ? O/N"
        self.reading.ask(question, then, letters="ON", final=True)

    def ask_address(self) -> None:
        self._check()
        if not settings.company(self.editor.context).get("email"):
            raise refuse(
                "mail.sender", "La société n'a pas d'adresse de courriel", "complétez sa fiche"
            )

        async def then(text: str) -> None:
            found = [one.strip() for one in text.replace(";", ",").split(",")]
            await self._ask_and_send(ToMail(tuple(one for one in found if one)))

        self._ask("Destinataire", then, self.document.text("party_email"))

    def ask_copies(self) -> None:
        def then(text: str) -> None:
            typed = text.strip()
            if not typed.isdecimal() or not 1 <= int(typed[:4]) <= MAX_COPIES:
                raise refuse("copies", f"« {display(typed)} » copies", f"de 1 à {MAX_COPIES}")
            self.copies = int(typed)

        self._ask("Copies", then, str(self.copies))

    def _ask(self, prompt: str, then: Callable[[str], object], text: str) -> None:
        self.typing_line.show("")
        self.ask_text(prompt, then, text)

    def next_layout(self) -> None:
        if len(self.layouts) == 1:
            raise refuse("layout.only", "Il n'y a qu'un modèle pour ce document")
        self.layouts = (*self.layouts[1:], self.layouts[0])
        self.sheets = 0
        self._show_choices()
        self._lay_out()
        self._find_out()

    def _check(self) -> None:
        """What must be mended before anything leaves."""
        problems = printing.problems(self.editor.context, self.document)
        wrong = [one for one in problems if one.level == "error"]
        if wrong:
            raise refuse(wrong[0].code, wrong[0].message, wrong[0].remedy, wrong[0].field)

    async def _ask_and_send(self, where: Destination) -> None:
        """Print; where that is final it takes O."""
        if self.sure or not print_choices.is_final(self.editor.kind):
            self._send(where)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                self._send(where)

        question = f"Imprimer {self.document.ref} est définitif, continuer ? O/N"
        self.reading.ask(question, then, letters="ON", final=True)

    def _send(self, where: Destination) -> None:
        """The official print: made and handed over beside the keys, its effects then at once."""
        context, name = self.editor.context, self.layouts[0].name
        prepared = printing.prepare(context, self.editor, where, layout_name=name)

        def done(made: tuple[bytes, str]) -> None:
            printing.finish(context, self.editor, prepared, *made)
            self._leave(where)

        self.work.start(
            f"Impression de {self.document.ref}",
            lambda progress, cancelled: printing.carry_out(prepared, progress, cancelled),
            done,
        )

    def _leave(self, where: Destination) -> None:
        """Say what was done; what was typed ahead goes to the screen below."""
        if isinstance(where, ToPrinter):
            print_choices.choose_printer(self.editor.context, where.name)
            copies = f", {where.copies} copies" if where.copies > 1 else ""
            self.dismiss(f"Imprimé sur {where.name}{copies}")
        elif isinstance(where, ToMail):
            self.dismiss(f"Courriel à {', '.join(where.recipients)} mis en file d'envoi")
        else:
            self.dismiss(f"PDF enregistré dans le dossier d'export : {where.path.name}")
        self.work.give_back()

    def help_text(self) -> list[str]:
        return [
            "L'aperçu n'a aucun effet. Imprimer, envoyer ou enregistrer le PDF en a : "
            "le document est alors imprimé, et son original gardé dans la GED.",
            "PgSuiv PgPréc tournent les pages.",
        ]

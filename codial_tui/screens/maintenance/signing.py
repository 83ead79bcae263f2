"""The customer signs a work order: a name is typed, then its time is the signature, or it is drawn
with the mouse, which the terminal reports for as long as the drawing is on screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.widget import Widget

from codial_tui.commands import VALIDATE, Command
from codial_tui.domain.maintenance.strokes import HEIGHT, WIDTH
from codial_tui.domain.maintenance.times import times
from codial_tui.domain.paper.report_blocks import duration
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.text import clean
from codial_tui.errors import Refused, refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.by_letter import ByLetter
from codial_tui.screens.wording import counted
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import report_photos, reports, returning
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.rows import Text, TextRows

from .canvas import COLUMNS, ROWS, Canvas

TAKE = VALIDATE._replace(label="Signer", help="Prend la signature dessinée", short="Signer")
BACK = Command("rub_out", "Effacer le dernier trait", "Suppr et Retour arrière font de même")
CLEAR = Command("clear_all", "Effacer tout", "Recommence la signature")
HOW = "« {name} » signe : N nom et heure  D dessine à la souris"
NO_DRAWING = "Ce terminal ne montre pas de dessin"


class SignScreen(BaseScreen[str]):
    """What is signed, and row 22 for the name; answers what was done in words, None on Esc."""

    where = "la signature"

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self.texts = TextRows(*[""] * 8)

    def compose_body(self) -> Iterable[Widget]:
        yield self.texts

    async def on_mount(self) -> None:
        document = self.editor.document
        sums = self.editor.totals
        self.title_bar.show(
            f"Signature · {self.editor.kind.title} {document.ref} · {document.text('party_name')}",
            f"TTC {format_cents(sums.gross)} €",
        )
        self.tab_bar.say("Entrée : le nom de qui signe, puis comment. Échap revient sans rien.")
        self.show_commands()
        await self.guarded(self._show)

    def _show(self) -> None:
        context, document = self.context, self.editor.document
        spent = times(document.visits)
        photos = len(report_photos.named(context, document))
        before = reports.of(context, document)
        self.texts.show(
            Text("Ce que le client signe", rule=True),
            f"{counted(len(document.visits), 'visite')} : trajet {duration(spent.travel)}, "
            f"travail {duration(spent.work)}",
            f"{counted(len(document.machines), 'machine')} · "
            f"{counted(len(document.lines), 'ligne')} · {counted(photos, 'photo')}",
            f"HT {format_cents(self.editor.totals.net)} € · "
            f"TTC {format_cents(self.editor.totals.gross)} €",
            "",
            "Le rapport est alors gardé tel quel, avec son empreinte ; il se réimprime à",
            "l'identique. Le bon reste modifiable tant qu'il est ouvert : c'est alors dit.",
            reports.words(context, before) if before else "",
        )
        self.typing_line.label(prompt="Nom de qui signe : ")
        self.typing_line.put(before.signer if before else document.text("contact_name"))
        self.direct(self.typing_line)
        if wrong := reports.check(context, document, "x"):
            self.reading.warn(wrong[0].text)

    async def accepted(self, text: str) -> None:
        """Enter on the name: how it is signed."""
        name = clean(text)
        if problems := reports.check(self.context, self.editor.document, name):
            raise Refused(*problems)

        async def then(letter: str) -> None:
            if letter == "N":
                await self.guarded(lambda: self._sign(name, None))
            elif letter == "D":
                await self.guarded(lambda: self._draw(name))

        self.reading.ask(HOW.format(name=name[:30]), then, letters="ND", final=True)

    async def _draw(self, name: str) -> None:
        if self.codial.look.plain:
            raise refuse("sign.plain", NO_DRAWING, "N : nom et heure")

        async def then(strokes: list[list[list[int]]] | None) -> None:
            if strokes:
                self._sign(name, strokes)

        await self.app.push_screen(DrawScreen(name), then)

    def _sign(self, name: str, strokes: Any) -> None:
        report = reports.sign(self.context, self.editor, name, strokes=strokes)
        at = self.context.local(report.signed_at)
        said = f"Signé par {report.signer} à {at:%H:%M}"
        outcome = returning.check(self.context, self.editor)
        if outcome.closed:
            said += f" · {self.editor.document.ref} est terminé"
        elif outcome.reasons:
            said += f" · retenu : {outcome.reasons[0]}"
        self.dismiss(f"{said} · F3 l'imprime")

    def help_text(self) -> list[str]:
        return [
            "Tapez le nom de qui signe, Entrée. N : son nom et l'heure font la signature. "
            "D : il dessine à la souris ou au stylet ; elle n'est suivie que le temps du dessin.",
        ]


class DrawScreen(BaseScreen[list[list[list[int]]]]):
    """The frame to draw in; answers the strokes as JSON has them, None on Esc."""

    where = "le dessin de la signature"
    remedy = "dessinez à la souris, Entrée signe"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.signer = name
        self.canvas = Canvas(self._told)
        self.letters = ByLetter(
            {
                "enter": self.action_validate,
                "backspace": self.action_rub_out,
                "delete": self.action_rub_out,
            }
        )

    def compose_body(self) -> Iterable[Widget]:
        yield TextRows(Text("Signez dans le cadre", rule=True))
        yield self.canvas
        yield TextRows(Text(rule=True))

    def on_mount(self) -> None:
        self.title_bar.show(f"Signature de {self.signer}")
        self.tab_bar.say("Bouton gauche tenu : le trait. Entrée signe, Suppr efface un trait.")
        self.typing_line.show("Rien ne se dessine ? Échap, puis N : nom et heure")
        self.direct(self.letters)
        self.show_commands()
        self.codial.track_mouse(True)

    def on_unmount(self) -> None:
        self.codial.track_mouse(False)

    def commands(self) -> list[Offer]:
        return [Offer(TAKE), Offer(BACK), Offer(CLEAR)]

    def _told(self, problem: str) -> None:
        """After each stroke: how many, or why no more. No key has taken the last error away."""
        self.reading.forget()
        if problem:
            self.reading.refuse(f"{problem} · Entrée la prend ainsi, Suppr efface un trait")
        else:
            self.reading.say(f"{counted(len(self.canvas.strokes), 'trait')} · Entrée signe")

    def action_validate(self) -> None:
        """Take the signature."""
        if not self.canvas.strokes:
            raise refuse("strokes.none", "Rien n'est dessiné", "signez, ou Échap puis N")
        self.dismiss([[[x, y] for x, y in stroke] for stroke in self.canvas.strokes])

    def action_rub_out(self) -> None:
        self.canvas.rub_out()

    def action_clear_all(self) -> None:
        self.canvas.clear()

    def help_text(self) -> list[str]:
        return [
            f"Le cadre a {COLUMNS} × {ROWS} cases de huit points ({WIDTH} × {HEIGHT} au plus fin).",
            "Un terminal qui ne suit pas la souris : Échap, puis N.",
        ]

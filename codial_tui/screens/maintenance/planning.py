"""The planning by keys: looking, taking and putting, typing appointments and absences."""

from __future__ import annotations

from codial_tui.commands import EDIT, LOOK, NEW, PRINT, TOOLS, Command
from codial_tui.domain.dates import parse_date
from codial_tui.domain.entry.entry_signs import read_command
from codial_tui.domain.maintenance import planning_entry, planning_grid
from codial_tui.domain.maintenance.planning_rules import KINDS
from codial_tui.domain.problems import Invalid
from codial_tui.domain.spec import Column
from codial_tui.errors import CodialError, Refused, refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.opening import open_document
from codial_tui.services.maintenance import planning, planning_views
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.grid import Grid
from codial_tui.widgets.row_source import Row

from .planning_holding import PlanningHolding

WAITING = (
    Column("ref", "N°", width=11),
    Column("customer", "Client", width=22),
    Column("subject", "Objet", min_width=16, shrinks=True),
    Column("wanted", "Souhaité", width=10),
)
VIEW = Command("other_view", "Semaine ou jour", "Tab : l'autre vue", short="Vue")


class PlanningScreen(PlanningHolding):
    """document_id: a work order that is to be put on it at once."""

    where = "le planning"

    def _begun(self) -> None:
        if self.people and self.placing:
            self._hold_order(self.placing)

    # keys --------------------------------------------------------------------------------------

    async def on_grid_key(self, notice: Grid.Key) -> None:
        notice.stop()
        if self.held is not None:
            await self._held_key(notice.key)
        else:
            await self._key(notice.key)

    async def _key(self, key: str) -> None:
        steps = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
        if key in steps:
            self._step(*steps[key])
        elif key in ("pageup", "pagedown"):
            self._turn(-1 if key == "pageup" else 1)
        elif key in ("home", "end"):
            place = 0 if key == "home" else -1
            if self.by_day:
                self._bring(self.people[place].id)
            else:
                self.column = place % len(self.days)
            self._show()
        elif key in ("tab", "shift+tab"):
            self.action_other_view()
        elif key == "space":
            self._take()
        elif key == "delete":
            await self._remove()
        elif key == "enter":
            await self.action_look()

    def _step(self, down: int, right: int) -> None:
        """One cell on; over the edge of a week to the next one, of a day to who is beside."""
        self.row += down
        column = self.column + right
        if self.by_day:
            self._bring(self.people[max(0, min(len(self.people) - 1, self.first + column))].id)
        elif 0 <= column < len(self.days):
            self.column = column
        else:
            self._turn(right)
            self.column = 0 if right > 0 else len(self.days) - 1
        self._show()

    async def _remove(self) -> None:
        item = self._current()
        if item is None:
            raise refuse("planning.nothing", "Rien à ôter ici", "")
        seen = next(one for one in self.found if one.id == item.id)

        def then(letter: str) -> None:
            if letter == "O":
                planning.remove(self.context, seen.id, seen.version)
                self._again()
                self.reading.done(f"{seen.label or seen.ref} ôté du planning")

        self.reading.ask(f"Ôter « {seen.label or seen.ref} » du planning ?", then)

    # row 22 ------------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        if not text:  # all of it was taken back: keys are the grid's again
            self.resume_route()
        if not text.strip() or read_command(text) is not None:
            self.reading.say("")
            return
        try:
            self.reading.say(f"= {self._read_words(self._parsed(text))}")
        except (CodialError, Invalid) as error:
            self.reading.say(
                f"× {error.problems[0].text}" if isinstance(error, (Refused, Invalid)) else ""
            )

    def _parsed(self, text: str) -> planning_entry.Typed:
        return planning_entry.parse(text, self._place()[1], self.context.today)

    def _read_words(self, found: planning_entry.Typed) -> str:
        code = next(one.code for one in self.people if one.id == self._place()[0])
        what = dict(KINDS)[found.kind]
        return (
            f"{what} {code} {planning_grid.words(found.starts, found.ends)} {found.label}".rstrip()
        )

    async def accepted(self, text: str) -> None:
        command = read_command(text)
        if command is not None:
            self.typing_line.clear()
            await self.action_menu(command.text)
            return
        if not text.strip():
            await self._key("enter")
            return
        found, owner = self._parsed(text), self._place()[0]
        done = planning.appoint(
            self.context, owner, found.kind, found.starts, found.ends, label=found.label
        )
        told = self._read_words(found)
        self.typing_line.clear()
        self.resume_route()
        self.day = found.starts.date()
        self._find(done.id)
        if done.conflicts:
            self.reading.warn(f"{told} · {done.conflicts[0].message}")
        else:
            self.reading.done(told)

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        if self.held is not None:  # nothing else before it is put or let go
            return []
        return [Offer(EDIT), Offer(PRINT), Offer(NEW), Offer(TOOLS), Offer(LOOK), Offer(VIEW)]

    async def action_look(self) -> None:
        """Enter, F9: the work order."""
        item = self._current()
        one = next((it for it in self.found if item and it.id == item.id), None)
        if one is None or one.document_id is None:
            raise refuse("planning.nothing", "Pas de bon ici", "F5 en met un, Espace le prend")
        await open_document(self, one.document_id)

    async def action_new(self) -> None:
        """F5: a work order that waits, held to be put."""
        found = planning_views.waiting(self.context)
        if not found:
            raise refuse("planning.waiting", "Aucun bon à planifier", "F5 I à l'accueil en fait un")
        rows = [
            Row(str(one.document_id), (one.ref, one.customer, one.subject, _day(one.wanted)))
            for one in found
        ]

        async def then(key: str | None) -> None:
            if key is not None:
                await self.guarded(lambda: self._hold_order(int(key)))

        title = "Bons d'intervention à planifier"
        await self.app.push_screen(
            ChooseScreen(title, "Entrée le prend, Échap revient", WAITING, rows), then
        )

    def action_edit(self) -> None:
        """F2: other words for what is under the cursor."""
        item = self._current()
        seen = next((it for it in self.found if item and it.id == item.id), None)
        if seen is None:
            raise refuse("planning.nothing", "Rien ici", "Espace prend, F5 ajoute")

        def then(text: str) -> None:
            planning.move(self.context, seen.id, seen.version, label=text)
            self.end_asking()
            self._again()

        self.ask_text("Objet", then, seen.label)

    def action_other_view(self) -> None:
        """A week or a day; the cursor stays where it was."""
        if not self.people:
            return
        item, (owner, day) = self._current(), self._place()
        self.by_day = not self.by_day
        self.day = day
        if self.by_day:
            self._bring(owner)
            self.row = 0
        else:
            self.column = self.days.index(day)
            self.row = next(
                at for at, line in enumerate(self._lines()) if line.resource_id == owner
            )
        if item is not None:
            self._stand_on(item)
        self._show()

    def action_tools(self) -> None:
        self.reading.ask(
            "Planning : V semaine ou jour  A aujourd'hui  D date  B bon d'intervention",
            self._tool,
            letters="VADB",
        )

    async def _tool(self, letter: str) -> None:
        if letter == "V":
            self.action_other_view()
        elif letter == "A":
            self._go_on(self.context.today)
        elif letter == "B":
            await self.action_new()
        elif letter == "D":
            self.ask_text("Aller au", self._go_to)

    def _go_to(self, text: str) -> None:
        day = parse_date(text, self.context.today)
        self.end_asking()
        self._go_on(day)

    async def action_print(self) -> None:
        """F3: the week on paper."""
        from codial_tui.services.maintenance import planning_paper

        path = planning_paper.write(self.context, planning_grid.monday(self.day))
        self.reading.done(f"{path.name} · {path.parent}")

    def help_text(self) -> list[str]:
        return [
            "↑ ↓ ← → parcourent, PgPréc PgSuiv la semaine d'avant et d'après, Tab le jour ou la "
            "semaine. Entrée ouvre le bon.",
            "Espace prend ce qui est là : ← → le change de jour, ↑ ↓ de personne, - + de 15 min, "
            "< > de durée ; Entrée le pose, Échap le lâche. F5 prend un bon qui attend.",
            "Ligne 22 : 0830 1000 Réunion note un rendez-vous là où l'on est ; abs congé, ou "
            "abs 24/11 28/11, une absence. Suppr ôte. ! : ne va pas avec autre chose.",
        ]

    async def back(self) -> None:
        if self.held is not None:
            self._let_go(self.held.id)
        elif self.typing_line.text:  # first what is typed, then the screen
            self.typing_line.clear()
            self.reading.say("")
            self.resume_route()
        else:
            self.dismiss()


def _day(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}" if day else ""

"""The one question of a fresh database (ux.md §5), and the company made from its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

from textual import events
from textual.containers import Container

from codial_tui.domain.spec import Field, FieldType, RecordType
from codial_tui.services.context import Context
from codial_tui.services.lists import lists
from codial_tui.services.lists.home import EDITIONS
from codial_tui.services.records import company, settings
from codial_tui.widgets.rows import Rows, Text, TextRows

from .base import BaseScreen
from .records.quick_create import QuickCreate
from .start import HALF_LOADED, first_screens

CUSTOMERS, ITEMS = "party", "item"
PROGRESS_SECONDS = 0.4

COMPANY = RecordType(
    name="company",
    title="Société",
    plural="Sociétés",
    gender="f",
    code="",
    table="company",
    key="name",
    label="name",
    fields=(
        Field("name", "Raison sociale", required=True, max_length=120),
        Field("siren", "SIREN", width=14, max_length=14, help="9 chiffres ; la clé est vérifiée."),
        Field("street", "Adresse", max_length=120),
        Field("postcode", "Code postal", width=8, max_length=12, help="Donne la ville."),
        Field("city", "Ville", max_length=80),
        Field(
            "vat_regime",
            "TVA",
            FieldType.CHOICE,
            choices=(("normal", "Normale"), ("franchise", "Franchise en base (art. 293 B)")),
            width=32,
            help="N vous facturez la TVA, F vous ne la facturez pas.",
        ),
        Field(
            "edition",
            "Métier",
            FieldType.CHOICE,
            choices=tuple(EDITIONS.items()),
            width=14,
            help="N négoce, S services, B bâtiment.",
        ),
    ),
    tabs=(),
    list_columns=(),
    quick=("name", "siren", "street", "postcode", "city", "vat_regime", "edition"),
)


class FirstStart(BaseScreen[None]):
    """Asks one thing, by letter. Keys typed while the demo is built wait for home."""

    where = "le premier démarrage"

    def __init__(self) -> None:
        super().__init__()
        self._loading = False
        self._waiting: list[events.Key] = []
        self._company: dict[str, Any] = {"vat_regime": "normal", "edition": "trade"}
        self.text = TextRows(
            "",
            Text("Bienvenue. Cette base est neuve.", role="chapter"),
            "",
            "D   Société de démonstration : tout y est inventé, pour essayer",
            "",
            "C   Créer ma société : son nom, son SIREN, son adresse, sa TVA",
            "",
            "O   Ouvrir un fichier : une base qui existe déjà",
        )

    def compose_body(self) -> Iterable[Rows | Container]:
        return (self.text,)

    def on_mount(self) -> None:
        self.title_bar.show("codial · premier démarrage")
        self.show_commands()
        self.typing_line.show("D, C ou O · Échap quitte")
        if settings.value(self.context, HALF_LOADED) is False:
            self.load_demo()
        else:
            self.ask()

    def ask(self) -> None:
        self.reading.ask(
            "Que voulez-vous faire ? D démonstration  C créer  O ouvrir  D/C/O",
            self._answer,
            letters="DCO",
            final=True,
        )

    async def _answer(self, letter: str) -> None:
        if letter == "D":
            self.load_demo()
        elif letter == "C":
            self.run_worker(in_thread(self.context, lambda: company.load_communes(self.context)))
            await self.app.push_screen(CompanyCreate(COMPANY, self._company), self._created)
        elif letter == "O":
            self.typing_line.show("")
            self.ask_text("Fichier", self.open_file)
        else:
            self.reading.ask("Quitter ?", self._quit)

    async def _quit(self, letter: str) -> None:
        if letter == "O":
            await self.codial.command_quit_program()
        else:
            self.ask()

    def resume_route(self) -> None:
        """After the file name: Esc asks again."""
        super().resume_route()
        self.typing_line.show("D, C ou O · Échap quitte")
        self.ask()

    # the demo ----------------------------------------------------------------------------------

    def load_demo(self) -> None:
        """Build the demo company beside the screen, counting on row 23."""
        self._loading = True
        self.reading.say("Création de la société de démonstration…")
        self._counting = self.set_interval(PROGRESS_SECONDS, self._count)
        self.run_worker(self._load())

    async def _load(self) -> None:
        from codial_tui.services.demo import demo

        async def load() -> None:
            await in_thread(self.context, lambda: demo.load(self.context))
            self.context.cache.clear()
            self.go_home()

        await self.guarded(load)
        self._counting.stop()
        self._loading = False
        if self.reading.error:
            self.ask()

    def _count(self) -> None:
        found = lists.capped(self.context, "FROM document").rows
        if found:
            self.reading.say(f"Création de la société de démonstration : {found} devis")

    async def on_key(self, event: events.Key) -> None:
        if self._loading:
            event.stop()
            self._waiting.append(event)
        else:
            await super().on_key(event)

    # leaving -----------------------------------------------------------------------------------

    async def _created(self, made: int | None) -> None:
        if made is None:
            self.ask()
        else:
            self.go_home()

    async def open_file(self, path: str) -> None:
        """Another database in place of the fresh one. Raises DatabaseRefused with the remedy."""
        from pathlib import Path

        from codial_tui.bootstrap import open_program
        from codial_tui.errors import refuse

        if self.context.confined:
            raise refuse("path.not_allowed", "Pas d'autre base depuis cette connexion")
        found = open_program(str(Path(path.strip()).expanduser()), clock=self.context.clock)
        program = self.codial.program  # whoever started us closes this one
        program.close()
        program.database, program.context = found.database, found.context
        self.go_home()

    def go_home(self) -> None:
        """What the database opens with, in place of this screen; waiting keys go there."""
        first = first_screens(self.context)[0]
        self.reading.withdraw()
        self.app.switch_screen(first)
        for event in self._waiting:
            first.post_message(events.Key(event.key, event.character))


class CompanyCreate(QuickCreate):
    """The few fields of a company."""

    def make(self, values: dict[str, Any]) -> int:
        name = values.pop("name", "")
        company.init(self.context, name, **values)
        return 1


async def in_thread(context: Context, work: Callable[[], Any]) -> Any:
    """Run database work in a thread of its own, with a connection of its own."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def run() -> None:
        try:
            with context.database.thread():
                result = work()
        except Exception as error:
            loop.call_soon_threadsafe(settle, None, error)
        else:
            loop.call_soon_threadsafe(settle, result, None)

    Thread(target=run, daemon=True).start()
    return await done

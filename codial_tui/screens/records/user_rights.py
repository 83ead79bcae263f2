"""The role and rights of one user: Enter turns one on or off."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import EDIT
from codial_tui.domain.records.records import record_type
from codial_tui.domain.rights import RIGHTS
from codial_tui.domain.spec import Column
from codial_tui.screens.base import BaseScreen
from codial_tui.services.records import records, rights
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("label", "Droit", width=16),
    Column("given", "", width=5),
    Column("help", "Ce qu'il permet", min_width=30, shrinks=True),
)
ROLE = "role"
TURN = EDIT._replace(label="Changer", help="Donne ou retire ce droit")


class UserRightsScreen(BaseScreen[None]):
    """Who is administrator has every right, given or not."""

    where = "les droits"

    def __init__(self, user_id: int) -> None:
        super().__init__()
        self.user_id = user_id
        self.table = RecordTable(COLUMNS)
        self.table.markable = False

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.tab_bar.say("Pris en compte dès que cette personne rouvre le programme")
        self.typing_line.show("Entrée donne ou retire · Échap revient")
        self.direct(self.table)
        self.show_commands()
        self._fill()

    def _fill(self, key: str = "") -> None:
        user = records.load(self.context, "app_user", self.user_id)
        self.administers = user["role"] == "admin"
        self.given = rights.of(self.context, self.user_id)
        self.title_bar.show(f"Droits de {user['login']} · {user['name']}")
        words = {True: "oui", False: "non"}
        rows = [Row(ROLE, ("Administrateur", words[self.administers], "Tous les droits"))]
        rows += [
            Row(one.name, (one.label, words[self.administers or one.name in self.given], one.help))
            for one in RIGHTS
        ]
        self.table.show(ListSource(rows), key=key)

    def commands(self) -> list[Offer]:
        return [Offer(TURN)]

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        assert self.table.current is not None
        name = str(self.table.current.key)
        if name == ROLE:
            field = record_type("app_user").field(ROLE)
            role = "user" if self.administers else "admin"
            records.put(self.context, "app_user", self.user_id, field, role)
        elif self.administers:
            self.reading.refuse("Un administrateur a tous les droits · retirez-lui ce rôle d'abord")
            return
        else:
            rights.put(self.context, self.user_id, name, given=name not in self.given)
        self._fill(name)
        self.reading.say("Enregistré")

    async def back(self) -> None:
        self.dismiss()

    def help_text(self) -> list[str]:
        return [
            "Un utilisateur n'a que les droits marqués oui ; un administrateur les a tous.",
            "Les utilisateurs et leurs droits ne se changent que par un administrateur.",
        ]

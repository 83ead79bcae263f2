"""Fournisseurs: who is asked for prices, what they answer, line by line and side by side."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.commands import PICK, TOOLS, Command
from codial_tui.domain.buying.price_answers import EXAMPLE, Said, read
from codial_tui.domain.document import Line
from codial_tui.domain.entry.entry_signs import read_command
from codial_tui.domain.problems import Invalid
from codial_tui.domain.spec import Column, Tab
from codial_tui.errors import CodialError, refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.pane import Pane
from codial_tui.screens.wording import counted
from codial_tui.services.buying import price_choices, price_requests
from codial_tui.services.buying.price_requests import Asked, Comparison
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from . import price_grid
from .price_grid import AnswerGrid

HINT = "un prix, ou un fournisseur"
SUPPLIERS = Command("pick", "Fournisseurs", "Propose qui vend ces articles", PICK.slot, "Fourn.")
CHOICES = Command(
    "tools", "Retenir", "Retenir un fournisseur, les moins chers, ou rien", TOOLS.slot, "Retenr"
)
PROPOSED = (
    Column("code", "Code", width=10),
    Column("name", "Fournisseur", min_width=20, shrinks=True),
    Column("known", "Connaît", width=12),
)


class SuppliersPane(Pane):
    """What begins with a figure is an answer of the supplier in view to the line of the cursor;
    `non` says that they do not supply it; other words ask one more supplier."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.table = AnswerGrid(host.typing_line, self.turn)
        self.legend = TextRows(Text(), Text(), Text())
        self.seen: Comparison | None = None
        self.at = 0
        """which supplier answers: index among those asked"""
        self.done: list[tuple[int, str, Said | None]] = []
        """supplier, line and what stood there before each answer of this session"""

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.legend

    async def arrive(self) -> None:
        line = self.host.typing_line
        line.show("")
        line.label(hint=HINT)
        self.host.reading.say("")
        self._explain()
        self.aim()

    def aim(self) -> None:
        self.host.direct(self.table, self.host.typing_line)

    # what is shown -----------------------------------------------------------------------------

    async def changed(self) -> None:
        self._look()

    def _look(self, *, down: bool = False) -> None:
        """Read it again; down: the cursor on the next line."""
        self.seen = seen = price_requests.compared(self.host.context, self.editor.document.id)
        self.at = max(0, min(self.at, len(seen.asked) - 1))
        asked = price_grid.shown(self.app.size.width, seen.asked, self.at)
        current = self.supplier.supplier_id if self.supplier else None
        rows = [price_grid.row_of(seen, line, asked) for line in seen.lines]
        key = self.table.current and self.table.current.key
        keys = [row.key for row in rows]
        if down and key in keys:
            key = keys[min(keys.index(key) + 1, len(keys) - 1)]
        columns = price_grid.columns(asked, current)
        self.table.show(ListSource(rows), columns=columns, key=key)
        sums, less, taken = price_grid.totals(seen, asked, self.app.size.width)
        hidden = len(seen.asked) - len(asked)
        more = f" · ← → {counted(hidden, 'autre')}" if hidden else ""
        if not seen.asked:
            sums, taken = "Personne n'est interrogé : tapez un nom, F4 propose.", ""
        self.legend.show(Text(sums), Text(less), Text(taken + more))
        self._explain()
        self.host.show_commands()

    def on_resize(self) -> None:
        if self.seen is not None:
            self._look()

    @property
    def supplier(self) -> Asked | None:
        """Who answers now."""
        return self.seen.asked[self.at] if self.seen and self.seen.asked else None

    @property
    def line(self) -> Line | None:
        row = self.table.current
        if row is None or self.seen is None:
            return None
        return next((one for one in self.seen.lines if one.uid == row.key), None)

    def _explain(self) -> None:
        said = ""
        if self.seen is not None and self.line is not None and self.supplier is not None:
            said = price_grid.explained(self.seen, self.line, self.supplier)
        self.host.reading.context(said)

    async def turn(self, step: int) -> None:
        """Another supplier answers."""
        count = len(self.seen.asked) if self.seen else 0
        if count:
            self.at = max(0, min(count - 1, self.at + step))
            self._look()

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._explain()

    # typing ------------------------------------------------------------------------------------

    async def typed(self, text: str) -> None:
        if not text.strip() or read_command(text):
            self.host.reading.say("")
            if not text:
                self.aim()
            return
        try:
            said = self._said(text)
        except CodialError as error:
            self.host.reading.say(f"× {error.text}")
            return
        except Invalid as error:
            self.host.reading.say(f"× {error.problems[0].text}")
            return
        if said is None:
            self.host.reading.say(f"= demander aussi à « {text.strip()[:40]} »")
        else:
            name = self.supplier.name if self.supplier else ""
            self.host.reading.say(f"= {name} : {price_grid.words(said)}")

    def _said(self, text: str) -> Said | None:
        """The answer that a text is, None when it names a supplier. Raises Refused or Invalid."""
        first = text.strip()[:1]
        if not (first.isdigit() or first in "-,.+") and text.strip().lower() not in ("non", "nf"):
            return None
        if self.supplier is None:
            raise refuse("price.nobody", "Personne n'est interrogé", "tapez d'abord un fournisseur")
        if self.line is None:
            raise refuse("price.line", "Aucune ligne", "onglet Lignes (L)")
        return read(text, self.editor.document.price_decimals)

    async def accepted(self, text: str) -> None:
        if command := read_command(text):
            self.host.typing_line.clear()
            await self.host.action_menu(command.text)
            return
        said = self._said(text)
        if said is None:
            await self._ask(text)
            return
        assert self.line is not None and self.supplier is not None
        name = self.supplier.name
        self._record(self.supplier.supplier_id, self.line.uid, said)
        self._taken(f"{name} : {price_grid.words(said)}", down=True)

    def _record(self, supplier_id: int, uid: str, said: Said | None) -> None:
        """Write an answer, and remember what was there for Ctrl+R."""
        self._check_mine()
        before = self.seen.answer(uid, supplier_id) if self.seen else None
        context, request_id = self.host.context, self.editor.document.id
        price_requests.answer(context, request_id, supplier_id, {uid: said})
        self.done.append((supplier_id, uid, before.said if before else None))

    def _taken(self, words: str, *, down: bool = False) -> None:
        self.host.typing_line.clear()
        self.host.line_taken()
        self.aim()
        self._look(down=down)
        if words:
            self.host.reading.done(words)

    async def _ask(self, text: str) -> None:
        self._check_mine()
        supplier_id = price_requests.supplier_of(self.host.context, text)
        self._add(supplier_id)

    def _add(self, supplier_id: int) -> None:
        """Ask this supplier too; one who is asked already is who answers now."""
        here = [one.supplier_id for one in self.seen.asked] if self.seen else []
        if supplier_id in here:
            self.at = here.index(supplier_id)
            self._taken("")
            return
        asked = price_requests.ask(self.host.context, self.editor.document.id, [supplier_id])
        self.at = len(asked) - 1
        self._taken(f"Prix à demander à {asked[-1].name} · F3 envoie les demandes")

    def _check_mine(self) -> None:
        if self.editor.reason:
            raise refuse("document.locked", self.editor.reason, "demandez-lui de la fermer")

    # choosing ----------------------------------------------------------------------------------

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        """Enter on the empty line: this price is taken, or no longer."""
        notice.stop()
        await self.host.guarded(self._toggle)

    def _toggle(self) -> None:
        if self.supplier is None or self.line is None or self.seen is None:
            raise refuse("price.nobody", "Personne n'est interrogé", "tapez un fournisseur")
        self._check_mine()
        supplier, line = self.supplier, self.line
        mine = self.seen.chosen(line.uid) == supplier.supplier_id
        wanted = None if mine else supplier.supplier_id
        price_choices.choose(self.host.context, self.editor.document.id, {line.uid: wanted})
        self._look()
        self.host.reading.done(
            f"{line.label} : {'plus retenue' if mine else 'retenue'} chez {supplier.name}"
        )

    async def on_record_table_deleting(self, notice: RecordTable.Deleting) -> None:
        notice.stop()
        await self.host.guarded(self._delete)

    def _delete(self) -> None:
        """Take an answer back; where there is none, ask this supplier no more."""
        if self.supplier is None or self.seen is None:
            return
        self._check_mine()
        request_id, supplier, line = self.editor.document.id, self.supplier, self.line
        if line is not None and self.seen.answer(line.uid, supplier.supplier_id):
            self._record(supplier.supplier_id, line.uid, None)
            self._taken(f"Réponse de {supplier.name} effacée")
        else:
            price_requests.withdraw(self.host.context, request_id, supplier.supplier_id)
            self._taken(f"{supplier.name} n'est plus interrogé")

    async def action_undo(self) -> None:
        """Ctrl+R: the answer typed last is as it was; lines are taken back in their own tab."""
        if not self.done:
            said = "Aucune réponse à annuler ici"
            raise refuse("undo.nothing", said, "Suppr efface celle de la ligne")
        supplier_id, uid, before = self.done[-1]
        self._check_mine()
        context, request_id = self.host.context, self.editor.document.id
        price_requests.answer(context, request_id, supplier_id, {uid: before})
        self.done.pop()
        self._taken("Réponse annulée")

    async def action_redo(self) -> None:
        raise refuse("redo.nothing", "Rien à rétablir ici", "retapez la réponse")

    def commands(self) -> list[Offer]:
        return [Offer(SUPPLIERS), Offer(CHOICES, "" if self.supplier else "personne n'a répondu")]

    async def action_pick(self) -> None:
        """F4: who sells these items, then anybody."""
        self._check_mine()
        context, request_id = self.host.context, self.editor.document.id
        rows = [
            Row(str(supplier_id), (code, name, counted(lines, "ligne")))
            for supplier_id, code, name, lines in price_requests.proposed(context, request_id)
        ]

        async def then(answer: str | None) -> None:
            if answer is not None:
                known = {str(row.key) for row in rows}
                found = int(answer) if answer in known else None
                self._add(found or price_requests.supplier_of(context, answer))

        async def chosen(answer: str | None) -> None:
            await self.host.guarded(lambda: then(answer))

        title = f"À qui demander les prix de {self.editor.document.ref} ?"
        await self.app.push_screen(
            ChooseScreen(
                title,
                "Ceux qui vendent ces articles ; un autre nom s'ajoute en le tapant",
                PROPOSED,
                rows,
                empty="Personne d'autre n'a de tarif pour ces articles : tapez un nom.",
                free=True,
            ),
            chosen,
        )

    async def action_tools(self) -> None:
        name = self.supplier.name[:20] if self.supplier else ""
        self.host.reading.ask(
            f"Retenir : T tout chez {name}  M les moins chers  R rien", self._choose, letters="TMR"
        )

    def _choose(self, letter: str) -> None:
        if not letter or self.seen is None or self.supplier is None:
            return
        self._check_mine()
        context, request_id = self.host.context, self.editor.document.id
        if letter == "T":
            count = price_choices.choose_supplier(context, request_id, self.supplier.supplier_id)
        elif letter == "M":
            count = price_choices.choose_cheapest(context, request_id)
        else:
            free = [one.uid for one in self.seen.lines if one.uid not in self.seen.ordered]
            price_choices.choose(context, request_id, dict.fromkeys(free))
            count = 0
        self._look()
        said = f"{counted(count, 'ligne')} retenue{'s' if count > 1 else ''} · F6 commande"
        self.host.reading.done(said if count else "Rien n'est retenu")

    def place(self) -> str:
        return str(self.table.current.key) if self.table.current else ""

    def help_text(self) -> list[str]:
        return [
            "Tapez un fournisseur pour lui demander les prix ; F4 propose ceux qui vendent ces "
            "articles. F3 envoie une lettre à chacun, sans prix.",
            f"← → choisit qui répond ; tapez alors sa réponse à la ligne : {EXAMPLE}.",
            "* est le moins cher de la ligne, √ ce qui est retenu, non ne fournit pas, – pas de "
            "réponse. Un minimum plus grand que la quantité compte dans le montant.",
            "Entrée retient le prix ou non, F7 tout un fournisseur ou les moins chers ; F6 fait "
            "une commande par fournisseur retenu. Suppr efface une réponse, Ctrl+R la rend.",
        ]

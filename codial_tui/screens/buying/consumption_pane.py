"""Consommation: what an order costs beside what was planned, and recording what it consumes."""

from __future__ import annotations

from textual.app import ComposeResult

from codial_tui.domain.entry import entry_kinds as said
from codial_tui.domain.quantity import (
    format_price,
    format_quantity,
    parse_price,
    parse_quantity,
)
from codial_tui.domain.spec import Tab
from codial_tui.errors import refuse
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.buying import consumption, consumption_records
from codial_tui.services.buying.consumption import Tracking
from codial_tui.services.documents import entering
from codial_tui.services.records import catalogue, rights
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from . import consumption_rows as drawn
from .consumption_tools import ConsumptionTools

HINT = "Entrée ou un chiffre : quantité · référence : non prévu"


class ConsumptionPane(ConsumptionTools):
    """Two pages: SYNTHÈSE, computed, and LIGNES, where quantities, costs and hours are typed. The
    records are not steps of the order: what one has just recorded, Ctrl+R reverses."""

    def __init__(self, host: DocumentScreen, tab: Tab) -> None:
        super().__init__(host, tab)
        self.sums = RecordTable(drawn.SUMS, empty="Rien de prévu, rien de saisi.")
        self.sums.markable = False
        self.legend = TextRows(Text(), Text())

    def compose(self) -> ComposeResult:
        yield self.sums
        yield self.table
        yield self.legend

    # pages ---------------------------------------------------------------------------------------

    async def arrive(self) -> None:
        self._turn()

    async def again(self) -> None:
        self.at_lines = not (self.at_lines and self.costs)
        self._turn()
        self.host.show_commands()

    def _turn(self) -> None:
        self.sums.display, self.table.display = not self.at_lines, self.at_lines
        self.counter = "" if not self.costs else "2/2" if self.at_lines else "1/2"
        line = self.host.typing_line
        line.show("" if self.at_lines else "SYNTHÈSE, toute calculée · Ctrl+G C : les lignes")
        line.label(hint=HINT if self.at_lines else "")
        self.host.show_tabs()
        self.aim()
        self._say()

    def aim(self) -> None:
        line = self.host.typing_line
        if not self.at_lines:
            self.host.direct(self.sums)
        elif line.text:
            self.host.direct(line, self.table)
        else:  # a digit goes into the quantity
            self.host.direct(self.table, line)

    async def changed(self) -> None:
        if consumption.is_followed(self.editor.document):
            self.show(consumption.look(self.host.context, self.editor.document.id))

    def show(self, found: Tracking) -> None:
        self.tracking = found
        self.sums.show(ListSource(drawn.sum_rows(found.summary)))
        key = self.table.current and self.table.current.key
        self.table.show(
            ListSource([drawn.line_row(one, self.costs) for one in found.lines]), key=key
        )
        if self.costs:
            self.legend.show(*drawn.margins(found.summary))
        self._say()

    def _say(self) -> None:
        row = self.table.current
        known = self.at_lines and row is not None and self.tracking is not None
        self.host.reading.context(drawn.facts(self.current, self.costs) if known else "")

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        notice.stop()
        self._say()

    # recording -----------------------------------------------------------------------------------

    def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        notice.stop()
        if self.at_lines:
            self._ask_quantity("")

    async def on_record_table_figure(self, notice: RecordTable.Figure) -> None:
        notice.stop()
        if notice.character.isdecimal():
            self._ask_quantity(notice.character)
        else:  # a free text begins with a point
            self.host.typing_line.put(notice.character)
            await self.typed(notice.character)

    def _ask_quantity(self, typed: str) -> None:
        one = self.current
        name = consumption.name_of(one)

        def then(text: str) -> None:
            total = parse_quantity(text)
            self.carry_out(
                lambda: consumption_records.set_quantity(
                    self.host.context, self.order_id, one.what, total, one.consumed
                ),
                f"{name} : {format_quantity(total, 0)} {one.unit}".rstrip() + " consommé",
            )

        unit = f" ({one.unit})" if one.unit else ""
        usual = one.consumed or one.quantity
        self.host.ask_text(
            f"{name} consommé{unit}", then, typed or format_quantity(usual, 0).replace(" ", "")
        )

    def action_consumption_cost(self) -> None:
        rights.require(self.host.context, "see_costs")
        one = self.current
        per = "" if one.price_per == 10_000 else f" pour {format_quantity(one.price_per, 0)}"

        def then(text: str) -> None:
            cost = parse_price(text)
            self.carry_out(
                lambda: consumption_records.set_cost(
                    self.host.context, self.order_id, one.what, cost
                ),
                f"{consumption.name_of(one)} : coût réel {format_price(cost)}{per}",
            )

        shown = format_price(one.own_cost).replace(" ", "")
        self.host.ask_text(f"{consumption.name_of(one)} coût réel{per}", then, shown)

    async def typed(self, text: str) -> None:
        self.aim()
        if not text.strip():
            self.host.reading.say("")
            return
        reading = entering.read(self.editor, text, None)
        if reading.line is None and not isinstance(reading.entry, said.Search):
            self.host.reading.say("× Une référence, ou .texte;quantité xcoût")
        elif reading.line is not None:
            own = self.tracking and consumption.known(self.tracking, reading.line)
            word = "de plus" if own else "non prévu"
            count = format_quantity(reading.line.quantity, 0)
            self.host.reading.say(f"= {word} : {count} × {reading.line.label}")
        else:
            self.host.reading.say("Entrée cherche l'article")

    async def accepted(self, text: str) -> None:
        if not text.strip():
            return
        reading = entering.read(self.editor, text, None)
        entry = reading.entry
        if isinstance(entry, said.Command):
            self.host.typing_line.clear()
            await self.host.action_menu(entry.text)
        elif isinstance(entry, said.Search):
            await self._search(" ".join(entry.words))
        elif reading.error or reading.line is None:
            raise refuse("consumption.entry", "Une référence, ou .texte;quantité xcoût")
        else:
            line, cost = reading.line, getattr(entry, "unit_price", None)
            self.host.typing_line.clear()
            self.host.line_taken()
            self.carry_out(
                lambda: consumption_records.add(self.host.context, self.order_id, line, cost),
                f"Ajouté : {format_quantity(line.quantity, 0)} × {line.label}",
            )
            self.aim()

    async def _search(self, text: str) -> None:
        """Choose among the items that are meant; its reference is then in the line."""
        hits = catalogue.search(self.host.context.database, text)
        if not hits:
            raise refuse("item.none", f"Aucun article pour « {text} »", ".texte pour un libre")
        rows = [Row(one.reference, (one.reference, one.label, one.unit)) for one in hits]

        def then(reference: str | None) -> None:
            if reference is not None:
                self.host.typing_line.put(f"{reference} ")
                self.aim()

        title = "Quel article a été consommé ?"
        help = "Entrée prend, puis la quantité · Échap renonce"
        await self.host.app.push_screen(ChooseScreen(title, help, drawn.ITEMS, rows), then)

    def help_text(self) -> list[str]:
        return HELP


HELP = [
    "SYNTHÈSE : prévu, déboursé et écart par rubrique ; un écart négatif coûte plus que prévu. "
    "La barre dit le déboursé, │ le prévu. Ctrl+G C passe aux lignes.",
    "LIGNES : un chiffre ou Entrée tape la quantité consommée en tout, F2 son coût réel ; une "
    "référence ou .texte;quantité xcoût ajoute ce qui n'était pas prévu.",
    "F7 P non posé, H heures de quelqu'un, F facture fournisseur, S saisies (Entrée contre-passe). "
    "Rien ne s'efface ; Ctrl+R contre-passe ce que vous venez de saisir.",
    "F6 B fait le bon de livraison du consommé, jamais facturé, dont l'impression sort le stock ; "
    "F6 C commande ce qui manque.",
]

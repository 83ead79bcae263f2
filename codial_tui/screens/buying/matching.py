"""Rapprochement: the lines of a supplier's invoice beside what came, and what differs."""

from __future__ import annotations

from collections.abc import Iterable

from codial_tui.commands import TOOLS, VALIDATE, Command
from codial_tui.domain.buying.matching import Difference, unit_price
from codial_tui.domain.quantity import format_cents, format_price, format_quantity
from codial_tui.domain.spec import Column, FieldType
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.wording import counted
from codial_tui.services.buying import matching
from codial_tui.services.documents.editing import Editor
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("sign", "", width=1),
    Column("label", "Désignation", min_width=14, shrinks=True),
    Column("quantity", "Facturé", FieldType.QUANTITY, width=8, width_from_data=True),
    Column("came", "Reçu", FieldType.QUANTITY, width=8, width_from_data=True),
    Column("price", "Leur prix", FieldType.PRICE, width=8, width_from_data=True),
    Column("agreed", "Convenu", FieldType.PRICE, width=8, width_from_data=True),
    Column("gap", "Écart HT", FieldType.CENTS, width=8, width_from_data=True),
    Column("refs", "Répond à", width=10, shrinks=True),
)
MATCH = Command("validate", "Rapprocher", "Relie les lignes à ce qui est venu", 8, "Rappr.")
UNMATCH = Command("tools", "Défaire", "Défait le rapprochement de la ligne", 7, "Défaire")


class MatchingScreen(BaseScreen[None]):
    """F8 links what answers; each is a step of the invoice, which Ctrl+R takes back there."""

    where = "le rapprochement"

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self.table = RecordTable(COLUMNS, empty="Aucune ligne sur cette facture.")
        self.table.markable = False
        self.found: dict[str, Difference] = {}

    def compose_body(self) -> Iterable[RecordTable]:
        yield self.table

    def on_mount(self) -> None:
        self.tab_bar.say("Facturé à côté de reçu, leur prix à côté du prix convenu")
        self.typing_line.label(hint="F8 rapproche · F7 défait la ligne · Échap revient")
        self.show_commands()
        self.direct(self.table, self.typing_line)
        self._look()

    def commands(self) -> list[Offer]:
        return [
            Offer(MATCH._replace(slot=VALIDATE.slot, second=VALIDATE.second), self.editor.reason),
            Offer(UNMATCH._replace(slot=TOOLS.slot, second=TOOLS.second), self.editor.reason),
        ]

    def _look(self) -> None:
        found = matching.seen(self.editor.context, self.editor.document)
        self.found = {one.uid: one for one in found}
        done = sum(one.is_matched for one in found)
        total = f"écart {format_cents(matching.gap_of(found))} €"
        self.title_bar.show(
            f"Rapprocher {self.editor.document.ref} · {counted(done, 'ligne')} sur {len(found)}",
            total,
        )
        key = self.table.current and self.table.current.key
        self.table.show(ListSource([_row(one) for one in found]), key=key)

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        one = self.found.get(str(notice.row.key)) if notice.row else None
        self.reading.context(explained(one) if one else "")

    def action_validate(self) -> None:
        number = matching.match(self.editor)
        self._look()
        done = "rapprochée" if number == 1 else "rapprochées"
        self.reading.done(f"{counted(number, 'ligne')} {done}")

    def action_tools(self) -> None:
        row = self.table.current
        if row is not None:
            matching.unmatch(self.editor, str(row.key))
            self._look()
            self.reading.done("Ligne à rapprocher de nouveau")

    def help_text(self) -> list[str]:
        return [
            "Chaque ligne facturée est mise en face de ce qui a été reçu et pas encore facturé : "
            "même article, sinon même référence, sinon mêmes mots.",
            "≠ signale un écart de quantité ou de prix ; rien n'est corrigé à votre place : "
            "discutez-le avec le fournisseur, ou corrigez la ligne.",
        ]

    async def back(self) -> None:
        self.dismiss()


def _row(one: Difference) -> Row:
    matched = one.is_matched
    differs = matched and (one.more or one.gap)
    cells = (
        "≠" if differs else "√" if matched else "",
        one.label,
        format_quantity(one.quantity, 2),
        format_quantity(one.came, 2) if matched else "",
        format_price(unit_price(one.net, one.quantity), 2),
        format_price(unit_price(one.expected, one.came), 2) if matched else "",
        format_cents(one.gap) if matched else "",
        one.refs,
    )
    return Row(one.uid, cells)


def explained(one: Difference) -> str:
    """What differs on a line, in words."""
    if not one.is_matched:
        return "Ne répond à rien de reçu"
    said = []
    if one.more:
        word = "de plus" if one.more > 0 else "de moins"
        said.append(f"{format_quantity(abs(one.more), 2)} {word} que reçu")
    agreed, theirs = unit_price(one.expected, one.came), unit_price(one.net, one.quantity)
    if agreed != theirs:
        said.append(f"prix {format_price(theirs, 2)} au lieu de {format_price(agreed, 2)}")
    if not said:
        return f"Conforme à {one.refs}"
    return f"{one.refs} : {', '.join(said)} · écart {format_cents(one.gap)} €"

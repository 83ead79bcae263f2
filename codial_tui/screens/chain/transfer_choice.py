"""F6: what goes over and how much of it, before anything is written (ux.md §5, transfer)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from textual.widget import Widget

from codial_tui.commands import LOOK, TOOLS, VALIDATE
from codial_tui.domain.chain.transfer import is_carried, same_side
from codial_tui.domain.document import HEADINGS, Document, Line
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.money import div_round
from codial_tui.domain.quantity import format_cents, format_quantity, parse_quantity
from codial_tui.domain.spec import FieldType
from codial_tui.domain.structure import numbers, span_of
from codial_tui.errors import Refused, refuse
from codial_tui.screens.cells import cell
from codial_tui.services.chain import transfer_targets
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfer_plan import plan
from codial_tui.services.chain.transfer_targets import Target
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from .transfer_carry import DEPOSIT, Transferring
from .transfer_table import COLUMNS, TakeTable

LEGEND = "■ pris   √ soldée   Espace coche   F7 T tout   F7 R rien   chiffres : quantité"
READING = "Entrée ligne suivante · F8 {} · Échap abandonner (rien n'est écrit)"
LEAVES = {"delivery_note": "livrer", "invoice": "facturer", "order": "commander"}

Then = Callable[[], Awaitable[Any]]


class TransferScreen(Transferring):
    """One source: a letter changes the target, digits the quantity, F8 does it."""

    where = "le transfert"
    does = "Transférer"
    """what F8 does"""

    def __init__(self, document_id: int) -> None:
        super().__init__()
        self.document_id = document_id
        self.table = TakeTable(COLUMNS, signs=True, empty="Aucune ligne à transférer.")
        self.table.markable = False
        self.table.input_column = "take"
        self.legend = TextRows(Text(rule=True), LEGEND, "")
        self.warned: list[str] = []

    def looked_at(self) -> tuple[Document, list[Target]]:
        """The source and what it can become."""
        return transfer_targets.of(self.context, self.document_id)

    def compose_body(self) -> Iterable[Widget]:
        return (self.table, self.peek, self.legend)

    def on_mount(self) -> None:
        self.source, self.targets = self.looked_at()
        self.numbers = numbers(self.source)
        self.lines = {line.uid: line for line in self.source.lines if is_carried(line)}
        self.show_commands()
        self.direct(self.typing_line, self.table)
        self._toward(transfer_targets.usual_of(self.targets))

    def _toward(self, target: Target) -> None:
        """Towards a target, with what is usual taken."""
        self.target, self.takes = target, dict(target.takes)
        tabs = [TabItem(one.title, one.title, one.inbound.letter) for one in self.targets]
        if doc_type(self.source.kind).deposits:
            tabs.append(TabItem("deposit", "Acompte", "A"))
        self.tab_bar.show(tabs, target.title)
        self.typing_line.clear()
        self._show(next((uid for uid in self.lines if self.takes.get(uid)), None))
        if target.reason:
            self.reading.refuse(target.reason)

    # what it shows -----------------------------------------------------------------------------

    def _show(self, key: str | None = None) -> None:
        rows = []
        for line in self.source.lines:
            if line.uid in self.lines:
                rows.append(self._row(line))
            elif line.type in HEADINGS:
                cells = (self.numbers.get(line.uid, ""), line.label)
                rows.append(Row(line.uid, cells, "chapter"))
        current = self.table.current
        self.table.show(ListSource(rows), key=key or (current.key if current else None))
        self._preview()
        self._show_place()

    def _row(self, line: Line) -> Row:
        left, take = self._left(line.uid), self.takes.get(line.uid, 0)
        settled = not left and not take
        amount = div_round(line.amount * take, line.quantity) if take and line.quantity else 0
        cells = (
            line.reference,
            line.label,
            format_quantity(line.quantity),
            format_quantity(line.quantity - left),
            format_quantity(left),
            format_quantity(take) if take else "",
            line.unit,
            cell(FieldType.PRICE, line.unit_price, self.source.price_decimals),
            cell(FieldType.PERCENT, line.vat_rate),
            cell(FieldType.DATE, line.delivery_date),
            format_cents(amount) if take else "",
        )
        sign = "■" if take else "√" if settled else ""
        return Row(line.uid, cells, sign=sign, sign_role="settled" if settled else "")

    def _left(self, uid: str) -> int:
        have = self.target.left.get(uid)
        return have.quantity if have is not None else 0

    def _preview(self) -> None:
        """The amount on row 1 and the sums of row 21, as the transfer would write them."""
        amount, self.warned = 0, []
        mode = "TTC" if self.source.gross_mode else "HT"
        try:
            found = totals(self.planned())
            amount = found.gross if self.source.gross_mode else found.net
        except Refused:
            pass  # said when it is asked for
        said = " · ".join(filter(None, (self.headline(), self.source.text("party_name"))))
        self.title_bar.show(said, f"{mode} {format_cents(amount)} €")
        taken = sum(1 for uid in self.lines if self.takes.get(uid))
        said = f"{taken} ligne{'s' if taken > 1 else ''} sur {len(self.lines)}"
        said += f" · {mode} {format_cents(amount)}"
        if self.target.inbound.pools:
            rest = sum(self._rest(line) for line in self.lines.values())
            verb = LEAVES.get(self.target.kind.kind, "prendre")
            said += f" · restera à {verb} {format_cents(rest)}"
        self.legend.show(Text(rule=True), LEGEND, said)
        self.reading.context(READING.format(self.does.lower()))
        self.reading.say("")
        if self.warned:
            self.reading.warn(self.warned[0])

    def planned(self) -> Document:
        """What would be written. Raises Refused."""
        made = plan(self.context, self._request())
        self.warned = transfer_targets.warnings(self.context, made)
        return made.target

    def headline(self) -> str:
        kind = doc_type(self.source.kind)
        worded = "la" if kind.gender == "f" else "le"
        return f"Transférer {worded} {kind.title.lower()} {self.source.ref}"

    def _rest(self, line: Line) -> int:
        """Cents of a line that stay behind."""
        left = self._left(line.uid)
        stays = left - same_side(self.takes.get(line.uid, 0), left)
        return div_round(line.amount * stays, line.quantity) if line.quantity else 0

    def _show_place(self) -> None:
        line = self._line
        if line is not None:
            self.typing_line.label(
                prompt=f"{(line.reference or line.label)[:24]} à prendre : ",
                hint=f"reste {format_quantity(self._left(line.uid))} {line.unit}".rstrip(),
            )

    @property
    def _line(self) -> Line | None:
        row = self.table.current
        return self.lines.get(str(row.key)) if row is not None else None

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self.peek.display = False
        self._show_place()

    # keys --------------------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        if self.reading.question is None:
            letter = press.printable
            if letter.isalpha() or press.key == "space":
                await self.guarded(lambda: self._letter(letter.upper()))
                return True
            if press.key in ("up", "down", "pageup", "pagedown") and self.typing_line.text:
                await self.guarded(lambda: self._take(lambda: self.table.press(press)))
                return True
            if press.key == "escape" and self.typing_line.text and not self.peek.display:
                self._forget_typed()
                return True
        return await super().press(press)

    async def _letter(self, letter: str) -> None:
        self.reading.forget()
        if not letter.strip():
            await self._toggle()
            return
        if letter == "A" and doc_type(self.source.kind).deposits:
            self.dismiss(DEPOSIT)
            return
        found = next((one for one in self.targets if one.inbound.letter == letter), None)
        if found is None:
            names = "  ".join(f"{one.inbound.letter} {one.title.lower()}" for one in self.targets)
            names += "  A acompte" if doc_type(self.source.kind).deposits else ""
            raise refuse("transfer.letter", f"{letter} : pas de cible ici", names)
        self._toward(found)

    async def go_tab(self, name: str) -> None:
        if name == "deposit":
            self.dismiss(DEPOSIT)
            return
        self._toward(next(one for one in self.targets if one.title == name))

    async def _toggle(self) -> None:
        """Space: all that is left of the line, or nothing of it; what was typed for it is gone."""
        line = self._line
        self._forget_typed()
        if line is not None:
            self.takes[line.uid] = 0 if self.takes.get(line.uid) else self._left(line.uid)
            self._show(line.uid)
            await self.table.move(1)

    def _forget_typed(self) -> None:
        self.typing_line.clear()
        self.table.preview(None)

    async def typed(self, text: str) -> None:
        self.table.preview(text or None)

    async def accepted(self, text: str) -> None:
        if text.strip():
            await self._take(lambda: self.table.move(1))
        else:
            await self.table.move(1)

    async def _take(self, then: Then) -> None:
        """The typed quantity of the current line; above what is left it is refused, or asked."""
        line = self._line
        if line is None:
            return
        wanted, left = parse_quantity(self.typing_line.text), self._left(line.uid)
        name = line.reference or line.label[:20]

        async def put(letter: str = "O") -> None:
            self.typing_line.clear()
            if letter == "O":
                self.takes[line.uid] = wanted
            self._show(line.uid)
            await then()

        limited = self.target.inbound.pools or self.refused_above()
        if not limited or same_side(wanted, left) == wanted:
            await put()
        elif self.target.inbound.excess and wanted * line.quantity > 0:
            more = format_quantity(wanted - left)
            does = "recevoir" if self.target.kind.side == "purchase" else "livrer"
            self.reading.ask(f"{name} : {more} au-delà du reste, le {does} aussi ? O/N", put)
        else:
            rest = f"reste {format_quantity(left)} {line.unit}".rstrip()
            raise refuse("quantity.left", f"{name} : {rest}", "tapez moins, Espace prend tout")

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        does = VALIDATE._replace(label=self.does, short=self.does[:6])
        return [Offer(TOOLS), Offer(LOOK), Offer(does)]

    async def action_look(self) -> None:
        """F9: stock, cost and last prices of the line; again the record of its item."""
        if self._line is not None:
            await self.look_at(self.source, self._line)

    def action_tools(self) -> None:
        self.reading.ask(
            "Outils : T tout prendre  R ne rien prendre  C ce chapitre seul",
            self._tool,
            letters="TRC",
        )

    def _tool(self, letter: str) -> None:
        if letter:
            self._forget_typed()
        if letter == "R":
            self.takes = {}
        elif letter in ("T", "C"):
            uids = set(self.lines) if letter == "T" else self._chapter() & set(self.lines)
            self.takes = {uid: self._left(uid) for uid in uids}
        self._show()

    def _chapter(self) -> set[str]:
        """The lines of the chapter around the current one, else that one alone."""
        line = self._line
        index = self.source.index_of(line.uid) if line is not None else -1
        for at in range(index, -1, -1):
            heading = self.source.lines[at]
            if heading.type in HEADINGS and index in (span := span_of(self.source, heading.uid)):
                return {self.source.lines[one].uid for one in span}
        return {line.uid} if line is not None else set()

    async def action_validate(self) -> None:
        if self.target.reason:
            raise refuse("transfer.not_ready", self.target.reason)
        if self.typing_line.text.strip():
            await self._take(self.action_validate)
            return
        if not any(self.takes.values()):
            nothing = f"Rien à {self.does.lower()}"
            raise refuse("transfer.nothing", nothing, "F7 T prend tout ce qui reste")
        await self.do()

    async def do(self) -> None:
        """F8, once something is taken."""
        if not transfer_targets.asks_goods(self.source, self.target, self.takes):
            await self.begin(self._request())
            return

        async def then(letter: str) -> None:
            await self.begin(self._request(goods_taken=letter == "O"))

        self.reading.ask("Marchandise emportée ? O/N", then, final=True)

    def refused_above(self) -> bool:
        """Whether more than is left is refused even where nothing is taken from a pool."""
        return False

    def wanted(self) -> dict[str, int]:
        """Quantities by line uid."""
        return {uid: take for uid, take in self.takes.items() if take}

    def _request(self, goods_taken: bool | None = None) -> Request:
        takes = self.wanted() or {"": 0}
        return Request(
            (self.document_id,),
            self.target.kind.kind,
            takes={self.document_id: takes},
            goods_taken=goods_taken,
        )

    def help_text(self) -> list[str]:
        return [
            "La lettre soulignée choisit la cible, les chiffres la quantité de la ligne.",
            "Espace prend la ligne ou la laisse ; F7 T prend tout, R rien, C ce chapitre seul.",
            "F8 transfère en un geste, que Ctrl+R annule tant que la cible est ouverte.",
            *self.warned,
        ]

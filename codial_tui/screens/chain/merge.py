"""Into an open document, or a new one: three groups, and why the refused ones refuse (ux.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from textual.widget import Widget

from codial_tui.commands import LOOK
from codial_tui.domain.chain.merge import Criterion
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import CodialError
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.cells import short_date
from codial_tui.screens.lines.line_source import LineSource
from codial_tui.screens.lines.lines import column_titled
from codial_tui.screens.wording import counted
from codial_tui.services.chain import transfer_targets
from codial_tui.services.chain.merging import Candidate
from codial_tui.services.chain.transfer_merge import titled
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.chain.transfer_plan import plan
from codial_tui.services.documents.rows import load
from codial_tui.widgets.drawing import fit
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows

from .transfer_carry import said, why, with_choices

COLUMNS = (
    Column("ref", "Document", width=12),
    Column("date", "Date", FieldType.DATE, width=8),
    Column("branch", "Agence", width=10, shrinks=True),
    Column("subject", "Objet", min_width=12, shrinks=True),
    Column("net", "HT", FieldType.CENTS, width=11),
    Column("lines", "Lignes", FieldType.INTEGER, width=6),
)
PREVIEW = ("line_number", "reference", "label", "quantity", "unit", "unit_price", "amount")
LOCKED = ("price_mode", "price_decimals", "currency", "customer", "rounding")
KEYS = "Entrée SÉLECTIONNER   C CRÉER   F9 ouvrir   Échap revenir aux lignes"


class MergeScreen(BaseScreen[Request]):
    """Answers the request with its target and choices, or for a new document; None for Esc."""

    where = "le regroupement"

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request
        self.kind = doc_type(request.kind)
        self.table = RecordTable(COLUMNS)
        self.table.markable = False
        self.heading = TextRows(Text(rule=True))
        self.preview = RecordTable(())
        self.preview.show_cursor = False
        self.after = TextRows("", "")
        self.found: dict[int, Candidate] = {}
        self.brings = (0, 0)

    def compose_body(self) -> Iterable[Widget]:
        self.table.styles.height = 8
        return (self.table, self.heading, self.preview, self.after)

    def on_mount(self) -> None:
        mine = [one for one in self.kind.tab("lines").columns if one.name in PREVIEW]
        self.columns = tuple(one._replace(hidden_below=0) for one in mine)
        self.typing_line.show(KEYS)
        self.show_commands()
        self.direct(self.table)
        self._look_again()

    def _look_again(self, key: int | None = None) -> None:
        """The candidates as they stand now."""
        found = self.candidates()
        self.found = {one.id: one for one in found}
        self.brings = self.worth()
        refused = sum(one.group == "refused" for one in found)
        self.title_bar.show(
            self.headline(),
            f"{counted(len(found) - refused, 'possible')} · {counted(refused, 'refusée')}",
        )
        rows = [*self._rows("mergeable", ""), *self._rows("choice", "avec un choix")]
        rows += self._rows("refused", "refusées")
        self.table.styles.height = max(4, min(len(rows) + 1, 9))
        width = max([12, *(len(one.ref) for one in found)])
        columns = (COLUMNS[0]._replace(width=width), *COLUMNS[1:])
        self.table.show(ListSource(rows), columns=columns, key=key)
        self._show_current()

    # what comes, and into what -------------------------------------------------------------------

    def candidates(self) -> list[Candidate]:
        """The documents that could take it."""
        return transfer_targets.candidates(self.context, self.request.sources, self.kind)

    def headline(self) -> str:
        """What comes, for whom."""
        sources = self.request.sources
        source = load(self.context.database, sources[0])
        assert source is not None
        ref = source.ref if len(sources) == 1 else f"{len(sources)} documents"
        said = f"{ref} vers {self.kind.title}"
        return " · ".join(filter(None, (said, source.text("party_name"))))

    def worth(self) -> tuple[int, int]:
        """Cents HT and articles that a new document would have."""
        try:
            target = plan(self.context, self.request).target
        except CodialError:
            return 0, 0
        return totals(target).net, sum(line.is_priced for line in target.top_lines())

    async def take(self, one: Candidate) -> None:
        """Into this one."""

        async def then(request: Request) -> None:
            self.dismiss(request)

        await with_choices(self, replace(self.request, into=one.id), then)

    def under(self) -> str:
        """The title that will stand above what comes."""
        if not titled(self.context):
            return ""
        first = load(self.context.database, self.request.sources[0])
        assert first is not None
        others = len(self.request.sources) - 1
        more = f" et {counted(others, 'autre')}" if others else ""
        return f" sous « Selon {doc_type(first.kind).title.lower()} {first.ref} »{more}"

    # what is shown -------------------------------------------------------------------------------

    def _rows(self, group: str, title: str) -> list[Row]:
        own = [one for one in self.found.values() if one.group == group]
        rows = [Row(f"rule {group}", (title,), "rule")] if own and title else []
        for one in own:
            if group == "refused":
                rows.append(Row(one.id, (self._refusal(one),), "wide", "×", "danger"))
                continue
            cells = (
                one.ref,
                short_date(one.date),
                one.branch,
                one.subject,
                format_cents(one.net),
                str(one.lines),
            )
            sign = "≠" if group == "choice" else ""
            rows.append(Row(one.id, cells, "", sign, "question" if sign else ""))
        return rows

    def _refusal(self, one: Candidate) -> str:
        """`FA-P118 04/11/26 agence Villeurbanne, ici Lyon → F9 changer`, on one row."""
        width = max([12, *(len(each.ref) for each in self.found.values())])
        first = next(each for each in one.criteria if each.level == "blocking")
        reason = _values(first)
        if not first.field or first.code in LOCKED:
            remedy = "C en créer une" if self.kind.gender == "f" else "C en créer un"
        else:
            remedy = "F9 la changer"
        room = self.app.size.width - width - 8 - 2 - 18 - 3
        return f"{one.ref:<{width}} {short_date(one.date)} {fit(reason, room)} → {remedy}"

    @property
    def _current(self) -> Candidate | None:
        row = self.table.current
        return self.found.get(int(str(row.key))) if row is not None else None

    def _show_current(self) -> None:
        one = self._current
        if one is None:
            return
        amount, count = self.brings
        article = "une" if self.kind.gender == "f" else "un"
        new = f"Ajouter à un document ouvert, ou créer {article} {self.kind.title.lower()} ?"
        self.tab_bar.say(f"{new} HT {format_cents(amount)}")
        title = f"{one.ref} · {counted(one.lines, 'ligne')} · HT {format_cents(one.net)}"
        self.heading.show(Text(title, rule=True))
        target = load(self.context.database, one.id)
        if target is not None:
            mode = "TTC" if target.gross_mode else "HT"
            columns = tuple(column_titled(each, mode) for each in self.columns)
            self.preview.show(LineSource(target, columns), columns=columns)
        if one.group == "refused":
            self.after.show("Ne peut pas le recevoir : F1 dit tout, F9 l'ouvre.", "")
            self.reading.context(" ; ".join(said(each) for each in one.criteria))
            return
        total = f"Après ajout : HT {format_cents(one.net + amount)}"
        self.after.show(
            f"{total}, {counted(count, 'article')}{self.under()}",
            f"Réversible tant que {one.ref} est {self.kind.state(self.kind.initial).label.lower()}"
            " et que rien n'en part.",
        )
        differ = " ; ".join(
            f"{each.label.lower()} « {each.target} » ou « {each.source} »" for each in one.criteria
        )
        self.reading.context(f"{one.ref} demande un choix : {differ}" if differ else "")

    def on_record_table_highlighted(self, notice: RecordTable.Highlighted) -> None:
        self._show_current()

    # what one decides --------------------------------------------------------------------------

    async def press(self, press: Press) -> bool:
        if self.reading.question is None and press.printable.upper() == "C":
            self.dismiss(self.request)
            return True
        return await super().press(press)

    async def on_record_table_chosen(self, notice: RecordTable.Chosen) -> None:
        one = self._current
        if one is None:
            return
        if one.group == "refused":
            self.reading.refuse(why(one))
            return
        await self.take(one)

    def commands(self) -> list[Offer]:
        return [Offer(LOOK)]

    async def action_look(self) -> None:
        """F9: the document, on the field to mend where there is one; then look again."""
        from codial_tui.screens.document.document import DocumentScreen

        one = self._current
        if one is None:
            return
        first = next((each for each in one.criteria if each.field), None)
        screen = DocumentScreen(
            one.id,
            field=first.field if first else "",
            said=f"{_values(first)} · Échap revient au regroupement" if first else "",
        )
        await self.app.push_screen(screen, lambda _: self._look_again(one.id))

    def help_text(self) -> list[str]:
        refused = [why(one) for one in self.found.values() if one.group == "refused"]
        return [
            "Entrée ajoute au document du curseur, C en crée un, F9 l'ouvre pour le corriger.",
            "≠ : les deux pièces diffèrent, la rangée 23 demande quelle valeur garder.",
            *refused,
        ]


def _values(one: Criterion) -> str:
    """`agence Villeurbanne, ici Lyon`."""
    return f"{one.label.lower()} {one.target}, ici {one.source}" if one.source else one.target

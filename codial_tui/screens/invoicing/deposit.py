"""Acomptes of an order: those there are, and the form that issues one more (ux.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.widget import Widget

from codial_tui.commands import PICK, VALIDATE
from codial_tui.domain.document import Document
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.quantity import format_cents, format_percent
from codial_tui.domain.spec import YES_NO, Field, FieldType, Page
from codial_tui.errors import Refused
from codial_tui.screens.document.document_validate import Examination
from codial_tui.screens.form_screen import FormScreen
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.invoicing import deposit_facts, deposit_issue, einvoices
from codial_tui.services.invoicing.deposit_issue import Ask
from codial_tui.services.payments import payment_facts
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.rows import Text, TextRows

ISSUE = VALIDATE._replace(label="Émettre", help="Émet la facture d'acompte", short="Émet.")
ROW = "{:<11}{:<8}{:>12}{:>12}{:>12}{:>11}{:>12}"
HEAD = ROW.format("Acompte", "", "Montant", "Réglé", "Déduit", "Avoir", "Reste")
WORDS = {"request": "demandé", "receipt": "reçu"}
PAGE = Page("Acompte", ("percent", "amount"), ("received", "on_receipts", "mode", "reference"))


class DepositScreen(FormScreen[int | None]):
    """Answers the id of the deposit invoice, None on Esc."""

    where = "l'acompte"

    def __init__(self, order_id: int) -> None:
        self.order_id = order_id
        self.values: dict[str, Any] = {"received": 0}
        super().__init__(PAGE, [])
        self.there = TextRows(Text(), Text())
        self.examining = Examination(self)

    def compose_body(self) -> Iterable[Widget]:
        order = rows.load(self.context.database, self.order_id)
        assert order is not None
        self.order: Document = order
        modes = tuple((one.code, one.label) for one in payment_facts.modes(self.context))
        self.values["mode"] = modes[0][0] if modes else ""
        self.values["on_receipts"] = int(deposit_issue.on_receipts(self.context))
        self._declared = (
            Field(
                "percent",
                "Pourcentage",
                FieldType.PERCENT,
                width=8,
                help="Du TTC de la commande ; ou tapez le montant.",
            ),
            Field("amount", "Montant TTC", FieldType.CENTS, width=12, help="TTC, au centime."),
            Field(
                "received",
                "Acompte perçu",
                FieldType.BOOL,
                choices=YES_NO,
                width=4,
                help="O : reçu, son règlement est enregistré. N : demandé.",
            ),
            Field(
                "on_receipts",
                "TVA encaissement",
                FieldType.BOOL,
                choices=YES_NO,
                width=4,
                help="N : la TVA est due à la facture (débits).",
            ),
            Field("mode", "Mode", FieldType.CHOICE, choices=modes, width=16),
            Field("reference", "Référence", width=18, max_length=60, help="Du chèque, du virement"),
        )
        yield from super().compose_body()
        yield self.there

    async def on_mount(self) -> None:
        order = self.order
        left = deposit_facts.remaining(self.context, order)
        self.title_bar.show(
            f"Acompte sur {order.ref} · {order.text('party_name')}",
            f"reste {format_cents(sum(left.values()))} € TTC",
        )
        self.tab_bar.say("F8 émet la facture d'acompte ; Échap revient sans rien faire.")
        self.show_commands()
        self._show_there()
        self.resume_route()

    def _show_there(self) -> None:
        found = deposit_facts.of_order(self.context, self.order_id)
        if not found:
            self.there.show(Text(rule=True), "Aucun acompte encore sur cette commande.")
            return
        self.there.show(
            Text(rule=True),
            HEAD,
            *(
                ROW.format(
                    one.number,
                    WORDS[one.kind],
                    *map(format_cents, (one.asked, one.paid, one.deducted, one.credited, one.left)),
                )
                for one in found[-8:]
            ),
        )

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(ISSUE)]

    def value_of(self, name: str) -> Any:
        return self.values.get(name)

    async def put(self, field: Field, value: Any) -> None:
        if field.name == "percent" and value:
            self.values["amount"] = None
        if field.name == "amount" and value:
            self.values["percent"] = None
        self.values[field.name] = value
        self._read()

    def _read(self) -> None:
        """Row 23: what F8 would issue."""
        if not (self.values.get("percent") or self.values.get("amount")):
            return
        try:
            made = deposit_issue.proposed(self.context, self.order_id, self._ask())
        except (Refused, Invalid):
            return  # said when it is asked for
        self.reading.context(_words(made))

    def _ask(self) -> Ask:
        values = self.values
        return Ask(
            "receipt" if values.get("received") else "request",
            values.get("percent") or None,
            values.get("amount") or None,
            bool(values.get("on_receipts")),
            str(values.get("mode") or deposit_issue.MODE),
            str(values.get("reference") or ""),
        )

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        await self._issue()

    async def action_validate(self) -> None:
        if await self.form.leave():
            await self._issue()

    async def _issue(self) -> None:
        try:
            made = deposit_issue.proposed(self.context, self.order_id, self._ask())
        except Refused as refused:
            self.reading.refuse(refused.text)
            if refused.problems[0].field in self.fields:
                await self.form.enter(refused.problems[0].field)
            return

        async def then(letter: str) -> None:
            if letter == "O":
                await self._examine(made)

        word = "reçu" if self.values.get("received") else "demandé"
        self.reading.ask(f"Émettre : {_words(made)}, {word} ? O/N", then, final=True)

    async def _examine(self, made: Document) -> None:
        """The official rules, beside the keys, before a number is taken."""
        if not einvoices.has_official_rules():
            await self.guarded(self._issued)
            return

        async def then(wrong: Sequence[Problem]) -> None:
            if self.examining.stopped:
                self.reading.say("Pas émis")
            elif wrong:
                self.reading.refuse(wrong[0].text)
            else:
                await self._issued()
                self.examining.give_back()

        self.examining.start(
            "Contrôle de l'acompte",
            lambda progress, cancelled: einvoices.official_problems(self.context, made),
            then,
        )

    async def press(self, press: Press) -> bool:
        return self.examining.press(press) or await super().press(press)

    async def _issued(self) -> None:
        """Numbered and sealed; then its paper, Enter prints it."""
        from codial_tui.screens.document.preview import PreviewScreen

        made = deposit_issue.issue(self.context, self.order_id, self._ask())
        editor = Editor(self.context, made.id)

        def printed(said: str | None) -> None:
            editor.close()
            self.dismiss(made.id)

        await self.app.push_screen(PreviewScreen(editor, sure=True), printed)

    async def back(self) -> None:
        self.dismiss(None)

    def help_text(self) -> list[str]:
        return [
            "Un acompte est une facture : il a un numéro et ne change plus, sauf par un avoir.",
            "Il est déduit des factures de la commande, des plus anciennes aux plus récentes.",
        ]


def issued(context: Context, invoice_id: int) -> str:
    """What was done, for the screen below."""
    made = rows.load(context.database, invoice_id)
    return f"Acompte {made.ref if made else ''} émis · déduit des factures de la commande"


def _words(made: Document) -> str:
    """`acompte 525,00 TTC (20 % 360,00, 10 % 165,00)`."""
    found = totals(made)
    parts = ", ".join(
        f"{format_percent(row.rate)} {format_cents(row.base + row.amount)}" for row in found.vat
    )
    return f"acompte {format_cents(found.gross)} TTC ({parts})"

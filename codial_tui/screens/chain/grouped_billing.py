"""Facturation groupée: a month's delivery notes as the invoices they make, then made at once."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from codial_tui.commands import LOOK, VALIDATE
from codial_tui.domain.dates import parse_month
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.screens.batch import BatchScreen
from codial_tui.screens.opening import open_document
from codial_tui.screens.wording import counted
from codial_tui.services.chain import grouped_billing
from codial_tui.services.chain.grouped_billing import Group, Outcome
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("party", "Client", min_width=16, shrinks=True),
    Column("address", "Livré à", width=22, shrinks=True),
    Column("notes", "BL", FieldType.INTEGER, width=4, width_from_data=True),
    Column("net", "HT", FieldType.CENTS, width=11, width_from_data=True),
    Column("invoice", "Facture", width=11),
)


class GroupedBilling(BatchScreen):
    """Row 22 takes the month; Space marks some invoices, F8 makes them, or all of them."""

    where = "la facturation groupée"

    row_columns = COLUMNS
    nothing = "Aucun bon de livraison imprimé à facturer."
    typing_hint = "un mois : 11/26 · Espace marque · F8 facture"
    question = "Arrêter la facturation ? Ce qui est créé reste. O/N"

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[Group] = []
        self.outcomes: dict[int, Outcome] = {}
        self.first, self.last = date.min, date.min

    def arrive(self) -> None:
        last = self.context.today.replace(day=1) - timedelta(days=1)
        self._look(last.year, last.month)

    def commands(self) -> list[Offer]:
        return [Offer(VALIDATE), Offer(LOOK)]

    def _look(self, year: int, month: int) -> None:
        """The notes of a month."""
        self.first = date(year, month, 1)
        self.last = date(year, month, monthrange(year, month)[1])
        self.groups = grouped_billing.groups(self.context, self.first, self.last)
        self.outcomes = {}
        self._fill()

    def _fill(self) -> None:
        net = sum(one.net for one in self.groups)
        self.title_bar.show(
            f"Facturation groupée · {self.first:%m/%Y}",
            f"{counted(len(self.groups), 'facture')} · HT {format_cents(net)} €",
        )
        self.table.show(ListSource([self._row(key, one) for key, one in enumerate(self.groups)]))
        self.say_row(self.table.current)

    def _row(self, key: int, group: Group) -> Row:
        outcome = self.outcomes.get(key)
        made = outcome.ref if outcome else ""
        sign, role = ("≠", "question") if group.reason else ("", "")
        if outcome is not None:
            sign, role = ("×", "danger") if outcome.refusal else ("√", "settled")
        cells = (group.party, group.address, str(len(group.notes)), format_cents(group.net), made)
        return Row(key, cells, sign=sign, sign_role=role)

    def told_of(self, key: int) -> str:
        """Which notes, and why they are apart or were refused."""
        group, outcome = self.groups[key], self.outcomes.get(key)
        refs = ", ".join(group.refs)
        if outcome is not None and outcome.refusal:
            return f"× {outcome.refusal}"
        return f"À part : {group.reason} · {refs}" if group.reason else refs

    def asked(self, text: str) -> None:
        found = parse_month(text)
        if found is None:
            raise refuse("month.unreadable", f"« {text} » n'est pas un mois", "tapez 11/26")
        self.typing_line.put("")
        self._look(*found)

    async def open_row(self, key: int) -> None:
        """The invoice that was made, else the first note."""
        outcome = self.outcomes.get(key)
        made = outcome.document_id if outcome else None
        await open_document(self, made or self.groups[key].notes[0])

    def action_validate(self) -> None:
        self.work.idle()
        wanted = [key for key in self.keys(len(self.groups)) if not self._made(key)]
        if not wanted:
            raise refuse("billing.nothing", "Rien à facturer ici", "choisissez un autre mois")
        net = format_cents(sum(self.groups[key].net for key in wanted))
        self.reading.ask(
            f"Créer {counted(len(wanted), 'facture provisoire')}, HT {net} € ? O/N",
            lambda letter: self._bill(wanted) if letter == "O" else None,
        )

    def _made(self, key: int) -> bool:
        outcome = self.outcomes.get(key)
        return outcome is not None and not outcome.refusal

    def _bill(self, wanted: list[int]) -> None:
        context, groups = self.context, [self.groups[key] for key in wanted]

        def then(found: list[Outcome]) -> None:
            self.outcomes |= dict(zip(wanted, found))
            self._fill()
            made = sum(1 for one in found if one.ref)
            refused, left = len(found) - made, len(wanted) - len(found)
            words = [counted(made, "facture provisoire créée")]
            words += (
                [f"{counted(refused, 'refusée')} (×, la ligne dit pourquoi)"] if refused else []
            )
            words += [f"{left} à faire encore"] if left else []
            self.reading.say(" · ".join(words))

        self.work.each(
            "Facturation", lambda: grouped_billing.bill(context, groups), len(groups), then
        )

    def help_text(self) -> list[str]:
        return [
            "Une facture par client et par adresse de livraison ; ≠ : une autre raison la sépare.",
            "Sans marque, F8 les crée toutes ; elles restent provisoires et se corrigent.",
            "Un bon de livraison se facture une fois imprimé ; un bon interne, jamais.",
        ]

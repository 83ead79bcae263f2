"""Abonnements à facturer: what falls due until a day, looked at first, then made."""

from __future__ import annotations

from datetime import date

from codial_tui.commands import LOOK, TOOLS, VALIDATE
from codial_tui.domain.dates import format_date, parse_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.screens.batch import BatchScreen
from codial_tui.screens.opening import open_document, open_list, open_record
from codial_tui.screens.wording import counted
from codial_tui.services.invoicing import subscriptions
from codial_tui.services.invoicing.subscriptions import Due, Outcome
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("day", "Pour le", FieldType.DATE, width=8),
    Column("label", "Abonnement", min_width=14, shrinks=True),
    Column("party", "Client", width=18, shrinks=True),
    Column("model", "Modèle", width=10),
    Column("net", "HT", FieldType.CENTS, width=11, width_from_data=True),
    Column("invoice", "Facture", width=10),
)


BILL = VALIDATE._replace(label="Facturer", help="Fait les factures dues", short="Factur")


class SubscriptionDue(BatchScreen):
    """Row 22 takes the day; Space marks some, F8 makes them, or all of them."""

    where = "les abonnements à facturer"

    row_columns = COLUMNS
    nothing = "Aucun abonnement à facturer. F7 A les montre."
    typing_hint = "jusqu'au : 31/12/26 · Espace marque · F8 facture"
    question = "Arrêter la facturation ? Ce qui est créé reste. O/N"

    def __init__(self, only: int | None = None) -> None:
        """only: of one subscription."""
        super().__init__()
        self.only = only
        self.due: list[Due] = []
        self.outcomes: dict[int, Outcome] = {}
        self.until = date.min

    def arrive(self) -> None:
        self.until = self.context.today
        self._look()

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.until != date.min and not self.outcomes:
            self._look()

    def commands(self) -> list[Offer]:
        return [Offer(BILL), Offer(TOOLS), Offer(LOOK)]

    def _look(self) -> None:
        self.due = subscriptions.plan(self.context, self.until, self.only)
        self.outcomes = {}
        self._fill()

    def _fill(self) -> None:
        net = sum(one.net for one in self.due)
        self.title_bar.show(
            f"Abonnements à facturer · jusqu'au {format_date(self.until)}",
            f"{counted(len(self.due), 'facture')} · HT {format_cents(net)} €",
        )
        self.table.show(ListSource([self._row(key, one) for key, one in enumerate(self.due)]))
        self.say_row(self.table.current)

    def _row(self, key: int, due: Due) -> Row:
        outcome = self.outcomes.get(key)
        sign, role = ("×", "danger") if due.reason else ("", "")
        if outcome is not None:
            sign, role = ("!", "question") if outcome.ref else ("×", "danger")
            if not outcome.refusal:
                sign, role = "√", "settled"
        net = "" if due.reason else format_cents(due.net)
        made = outcome.ref if outcome else ""
        cells = (format_date(date.fromisoformat(due.day)), due.label, due.party, due.model, net)
        return Row(key, (*cells, made), sign=sign, sign_role=role)

    def told_of(self, key: int) -> str:
        """Why it cannot be made, or how it will be dated."""
        outcome = self.outcomes.get(key)
        reason = outcome.refusal if outcome else self.due[key].reason
        if reason:
            return f"× {reason}"
        past = self.due[key].day < self.context.today.isoformat()
        return "Jour passé : la facture sera datée d'aujourd'hui" if past else ""

    def asked(self, text: str) -> None:
        self.until = parse_date(text, self.context.today)
        self.typing_line.put("")
        self._look()

    async def open_row(self, key: int) -> None:
        """The invoice that was made, else the subscription."""
        outcome = self.outcomes.get(key)
        if outcome is not None and outcome.document_id:
            await open_document(self, outcome.document_id)
        else:
            await open_record(self, "subscription", self.due[key].subscription_id)

    def action_tools(self) -> None:
        self.reading.ask("Outils : A tous les abonnements", self._tool, letters="A")

    async def _tool(self, letter: str) -> None:
        if letter == "A":
            await open_list(self, "subscription")

    def action_validate(self) -> None:
        self.work.idle()
        marked = self.keys(len(self.due))
        wanted = [key for key in marked if key not in self.outcomes and not self.due[key].reason]
        if not wanted:
            raise refuse(
                "subscription.nothing", "Rien à facturer ici", "tapez une date plus lointaine"
            )
        net = format_cents(sum(self.due[key].net for key in wanted))
        what = f"{counted(len(wanted), 'facture')}, HT {net} €"
        self.reading.ask(
            f"{what} : P provisoires  V validées, numéro définitif",
            lambda letter: self._make(wanted, letter == "V") if letter else None,
            letters="PV",
        )

    def _make(self, wanted: list[int], validate: bool) -> None:
        context, due = self.context, [self.due[key] for key in wanted]

        def then(found: list[Outcome]) -> None:
            self.outcomes |= dict(zip(wanted, found))
            self._fill()
            self.reading.done(told(found, len(wanted), validate))

        self.work.each(
            "Facturation",
            lambda: subscriptions.run(context, due, validate=validate),
            len(due),
            then,
        )

    def help_text(self) -> list[str]:
        return [
            "Une facture par jour échu, copiée de la dernière émise, aux prix révisés.",
            "Sans marque, F8 les fait toutes ; × : la ligne 23 dit pourquoi pas.",
            "Un brouillon qu'on supprime rend son jour. F7 A montre tous les abonnements.",
        ]


def told(found: list[Outcome], asked: int, validated: bool) -> str:
    """What was made, in a sentence."""
    made = sum(1 for one in found if one.ref)
    kept = sum(1 for one in found if one.ref and one.refusal)
    word = "facture validée" if validated and not kept else "facture créée"
    words = [counted(made, word)]
    words += [f"{counted(kept, 'restée provisoire')} (!)"] if kept else []
    words += [f"{counted(len(found) - made, 'refusée')} (×)"] if made < len(found) else []
    words += [f"{asked - len(found)} pas commencées"] if len(found) < asked else []
    return " · ".join(words)

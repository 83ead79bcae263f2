"""Contrats à traiter: visits, invoices, renewals, letters and ends that fall due until a day,
looked at first, then made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from codial_tui.commands import LOOK, TOOLS, VALIDATE
from codial_tui.domain.dates import format_date, parse_date
from codial_tui.domain.quantity import format_cents
from codial_tui.domain.spec import Column, FieldType
from codial_tui.errors import refuse
from codial_tui.screens.batch import BatchScreen
from codial_tui.screens.opening import open_document, open_list, open_record
from codial_tui.screens.wording import counted
from codial_tui.services.documents import attachments
from codial_tui.services.maintenance import (
    contract_letters,
    contract_plan,
    contract_preview,
    contract_profit,
    contract_run,
    contract_show,
    contracts,
)
from codial_tui.services.maintenance.contract_plan import Due
from codial_tui.services.maintenance.contract_run import NAMES, Outcome
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.row_source import ListSource, Row

COLUMNS = (
    Column("day", "Pour le", FieldType.DATE, width=8),
    Column("what", "À faire", width=14),
    Column("number", "Contrat", width=9, width_from_data=True),
    Column("party", "Client", min_width=12, shrinks=True),
    Column("label", "Objet", width=24, hidden_below=100),
    Column("net", "HT", FieldType.CENTS, width=9, width_from_data=True),
    Column("made", "Fait", width=11),
)
KINDS = {
    "V": ("visites", ("visit",), "visites"),
    "F": ("factures", ("invoice",), "fact."),
    "R": ("reconductions", ("renewal", "end"), "recond."),
    "L": ("lettres", tuple(contract_letters.KINDS), "lettres"),
}
"""What F7 shows alone; its name there, where 80 cells hold all of them."""
PRICED = ("invoice", "renewal")
DO = VALIDATE._replace(label="Faire", help="Fait ce qui est dû", short="Faire")


class ContractDue(BatchScreen):
    """Row 22 takes the day; Space marks some, F8 makes them, or all of them."""

    where = "les contrats à traiter"

    row_columns = COLUMNS
    nothing = "Rien à faire pour les contrats jusqu'à ce jour. Tapez-en un plus lointain."
    typing_hint = "jusqu'au : 31/12/26 · Espace marque · F8 fait · F9 aperçu"
    question = "Arrêter là ? Ce qui est fait reste. O/N"

    def __init__(self, only: int | None = None) -> None:
        """only: of one contract, and of the invoice it is on."""
        super().__init__()
        self.only = only
        self.kinds = ""
        """a key of KINDS, "" for all"""
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
        return [Offer(DO), Offer(TOOLS), Offer(LOOK)]

    def _look(self) -> None:
        found = contract_plan.plan(self.context, self.until, self.only)
        wanted = KINDS[self.kinds][1] if self.kinds else contract_plan.ORDER
        self.due = [one for one in found if one.kind in wanted]
        self.outcomes = {}
        self._fill()

    def _fill(self) -> None:
        badge = self.title_bar.look.badge
        room = self.app.size.width - (len(badge) + 3 if badge else 0)
        words = KINDS[self.kinds][0] if self.kinds else ""
        self.title_bar.show(*titled(self.due, words, self.until, room))
        self.tab_bar.say(contract_show.summary(self.context, self.only) if self.only else "")
        rows = [self._row(key, one) for key, one in enumerate(self.due)]
        current = self.table.current and self.table.current.key
        self.table.show(ListSource(rows), key=current)
        self.say_row(self.table.current)

    def _row(self, key: int, due: Due) -> Row:
        outcome = self.outcomes.get(key)
        sign, role = ("×", "danger") if due.reason else ("", "")
        if outcome is not None:
            sign, role = ("!", "question") if outcome.made else ("×", "danger")
            if not outcome.refusal:
                sign, role = "√", "settled"
        net = format_cents(due.amount) if due.kind in PRICED and not due.reason else ""
        made = outcome.ref if outcome and outcome.document_id else ""
        made = made or ("fait" if outcome and outcome.made else "")
        day = format_date(date.fromisoformat(due.day))
        cells = (day, NAMES[due.kind], due.number, due.party, due.label, net, made)
        return Row(key, cells, sign=sign, sign_role=role)

    def told_of(self, key: int) -> str:
        """Why it cannot be made, what became of it, else what it is about."""
        due, outcome = self.due[key], self.outcomes.get(key)
        reason = outcome.refusal if outcome else due.reason
        if reason:
            return f"{'!' if outcome and outcome.made else '×'} {reason}"
        if outcome is not None and not outcome.document_id:
            return outcome.ref
        return " · ".join(filter(None, (due.label, self._about(due))))

    def _about(self, due: Due) -> str:
        past = due.day < self.context.today.isoformat()
        if due.kind == "renewal":
            price = contracts.load(self.context, due.contract_id)["price"]
            same = " : prix inchangé" if price == due.amount else ""
            return f"nouveau terme, {format_cents(price)} → {format_cents(due.amount)} € HT{same}"
        if due.kind == "end":
            return "rien ne sera plus fait de ce contrat"
        if due.kind in contract_letters.KINDS:
            what = "la visite" if due.kind == "visit_letter" else "le terme"
            return f"pour {what} du {format_date(date.fromisoformat(due.due_on))}"
        if due.kind == "visit":
            return "jour passé : planifiée aujourd'hui" if past else ""
        several = f"{len(due.shares)} contrats groupés" if len(due.shares) > 1 else ""
        period = next((one.period.words for one in due.shares if one.period), "")
        late = "datée d'aujourd'hui" if past else ""
        return ", ".join(filter(None, (several or period, late)))

    def asked(self, text: str) -> None:
        self.until = parse_date(text, self.context.today)
        self.typing_line.put("")
        self._look()

    async def open_row(self, key: int) -> None:
        """The document that was made; before, its paper as it would be, else the contract."""
        due, outcome = self.due[key], self.outcomes.get(key)
        if outcome is not None and outcome.document_id:
            await open_document(self, outcome.document_id)
        elif due.kind not in contract_preview.PAPERS or (outcome is not None and outcome.made):
            await open_record(self, "contract", due.contract_id)
        else:
            from codial_tui.screens.document.attachments import TextScreen

            rows = contract_preview.rows(self.context, due)
            title = f"Aperçu · {NAMES[due.kind]} · {due.number}"
            await self.app.push_screen(TextScreen(title, rows))

    # tools -------------------------------------------------------------------------------------

    def action_tools(self) -> None:
        alone = "  ".join(f"{letter} {words}" for letter, (_, _, words) in KINDS.items())
        self.reading.ask(
            f"{alone}  T tout  C fiche  A tous  M marge",
            self._tool,
            letters=f"{''.join(KINDS)}TCAM",
        )

    async def _tool(self, letter: str) -> None:
        if letter in KINDS or letter == "T":
            self.kinds = letter if letter in KINDS else ""
            self._look()
        elif letter == "A":
            await open_list(self, "contract")
        elif letter == "C":
            await open_record(self, "contract", self._contract())
        elif letter == "M":
            await self._profit(self._contract())

    def _contract(self) -> int:
        """The contract of the cursor. Raises Refused."""
        row = self.table.current
        if row is not None:
            return self.due[int(str(row.key))].contract_id
        if self.only is None:
            raise refuse("contract.none", self.table.empty)
        return self.only

    async def _profit(self, contract_id: int) -> None:
        """What each of its terms earned."""
        from codial_tui.screens.report import ReportScreen

        number = contracts.load(self.context, contract_id)["number"]
        report = contract_profit.terms_report(self.context, contract_id)
        await self.app.push_screen(ReportScreen(f"Rentabilité de {number}", report))

    # making ------------------------------------------------------------------------------------

    def action_validate(self) -> None:
        self.work.idle()
        marked = self.keys(len(self.due))
        wanted = [key for key in marked if key not in self.outcomes and not self.due[key].reason]
        if not wanted:
            raise refuse("contract.nothing", "Rien à faire ici", "tapez une date plus lointaine")
        several = [self.due[key] for key in wanted]
        if any(one.kind == "invoice" for one in several):
            self.reading.ask(
                self._question(
                    several,
                    " · factures : P provisoires  V validées",
                    " · P provisoires  V validées",
                ),
                lambda letter: self._make(wanted, letter == "V") if letter else None,
                letters="PV",
            )
        else:
            self.reading.ask(
                self._question(several, " ? O/N"),
                lambda letter: self._make(wanted, False) if letter == "O" else None,
            )

    def _question(self, several: list[Due], *choices: str) -> str:
        """A question about several that row 23 holds to its last choice; choices: the words for
        them, shorter and shorter."""
        *priced, bare = counts_of(several)
        asked = [f"{said}{one}" for one in choices for said in priced]
        asked += [f"{bare}{one}" for one in choices]
        last = f"{len(several)} à faire{choices[0]}"
        return fitting([*asked, last], self.app.size.width - len("? ") - 2)

    def _make(self, wanted: list[int], validate: bool) -> None:
        context, due = self.context, [self.due[key] for key in wanted]
        letters = any(one.kind in contract_letters.KINDS for one in due)
        folder = attachments.folder(context, "export") if letters else None

        def then(found: list[Outcome]) -> None:
            self.outcomes |= dict(zip(wanted, found))
            self.table.unmark()
            self._fill()
            self.reading.done(told(found, len(wanted), self.app.size.width - 2))

        self.work.each(
            "Contrats",
            lambda: contract_run.run(context, due, validate=validate, folder=folder),
            len(due),
            then,
            unit="choses",
        )

    def help_text(self) -> list[str]:
        return [
            "Visites (bons d'intervention), factures, reconductions, lettres et fins, au jour dit.",
            "Sans marque, F8 fait tout, dans l'ordre ; × : la ligne 23 dit pourquoi pas.",
            "Une reconduction passe avant ce qui tombe dans le terme qu'elle ouvre.",
            "F7 V F R L : cela seul, T tout ; C le contrat, A leur liste, M ce qu'il rapporte.",
            "Les lettres vont dans le dossier d'export et dans la GED du client.",
            "Un bon ou un brouillon qu'on supprime rend son jour.",
        ]


SHORT = {"visite": "vis.", "facture": "fact.", "reconduction": "recond."}


def summed(several: list[Due], *, short: bool = False, priced: bool = True) -> str:
    """`3 visites, 1 facture 480,00 €`; short: `3 vis., 1 fact. 480,00 €`."""
    words = {"visit_letter": "lettre", "end_letter": "lettre"}
    counts = Counter(words.get(one.kind, NAMES[one.kind]) for one in several)
    parts = []
    for word, count in counts.items():
        said = f"{count} {SHORT[word]}" if short and word in SHORT else counted(count, word)
        if word == "facture" and priced:
            net = sum(one.amount for one in several if one.kind == "invoice" and not one.reason)
            said += f" {format_cents(net)} €"
        parts.append(said)
    return ", ".join(parts)


def counts_of(several: list[Due]) -> list[str]:
    """The same counts, shorter and shorter."""
    return [summed(several), summed(several, short=True), summed(several, short=True, priced=False)]


def fitting(texts: Sequence[str], room: int) -> str:
    """The first text that takes at most so many cells, else the last."""
    return next((one for one in texts if len(one) <= room), texts[-1])


def titled(several: list[Due], kind: str, until: date, width: int) -> tuple[str, str]:
    """Both texts of row 1, so short that the day is never cut."""
    day, alone = format_date(until), f" · {kind}" if kind else ""
    full = f"Contrats à traiter{alone} · jusqu'au {day}"
    lefts = (full, f"Contrats{alone} · jusqu'au {day}", f"Contrats · {day}")
    found = [(left, right) for right in counts_of(several) for left in lefts]
    room = width - 3  # a cell on each side and between
    return next((one for one in found if len(one[0]) + len(one[1]) <= room), found[-1])


def told(found: list[Outcome], asked: int, room: int) -> str:
    """What was made, in a sentence."""
    made = [one for one in found if one.made]
    odd = Counter(one.due.kind == "invoice" for one in made if one.refusal)
    words = [f"{counted(odd[True], 'restée provisoire')} (!)"] if odd[True] else []
    words += [f"{counted(odd[False], 'lettre')} sans fichier (!)"] if odd[False] else []
    words += [f"{counted(len(found) - len(made), 'refusé')} (×)"] if len(made) < len(found) else []
    words += [f"{asked - len(found)} pas commencés"] if len(found) < asked else []
    left = room - sum(len(one) + len(" · ") for one in words)
    counts = counts_of([one.due for one in made]) if made else ["Rien de fait"]
    return " · ".join([fitting(counts, left), *words])

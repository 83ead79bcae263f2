"""What the Besoins tab and the screen of all needs share: a table, from whom, and F6."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from codial_tui.commands import LOOK, PICK, TOOLS, TRANSFER, Command
from codial_tui.domain.buying.needs import Need
from codial_tui.domain.buying.supplier_choice import CHOICES, Offer
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.quantity import (
    format_cents,
    format_price,
    format_quantity,
    parse_quantity,
)
from codial_tui.domain.spec import Column, FieldType, Side
from codial_tui.errors import refuse
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.chain.transfer_carry import why
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.opening import open_document
from codial_tui.screens.wording import counted
from codial_tui.services.buying import asking, joining, needs, ordering
from codial_tui.services.buying.ordering import Ordered, Wanted
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.records import customers
from codial_tui.services.stock import coming
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row

from .supplier_merge import SupplierMerge

COLUMNS = (
    Column("reference", "Référence", width=9, min_width=9, shrinks=True, width_from_data=True),
    Column("label", "Désignation", min_width=12, shrinks=True),
    Column("needed", "Besoin", FieldType.QUANTITY, width=7, width_from_data=True),
    Column("on_hand", "Stock", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("reserved", "Réserv.", FieldType.QUANTITY, width=7, width_from_data=True),
    Column("ordered", "Cdé", FieldType.QUANTITY, width=6, width_from_data=True),
    Column("to_order", "À cder", FieldType.QUANTITY, width=7, width_from_data=True),
    Column("unit", "U", width=3, width_from_data=True),
    Column("supplier", "Fourn.", width=7, shrinks=True),
)
OFFERS = (
    Column("name", "Fournisseur", min_width=16, shrinks=True),
    Column("price", "Prix", FieldType.PRICE, width=9),
    Column("cost", "Total HT", FieldType.CENTS, width=10),
    Column("delay", "Délai", width=6),
    Column("pack", "Minimum", width=10),
    Column("usual", "", width=9),
)
ORDER = Command("order_needs", "Commander", "Fait les commandes fournisseur", TRANSFER.slot, "Cder")
SUPPLIER = Command("needs_supplier", "Fournisseur", "À qui le commander", PICK.slot, "Fourn.")
CHOOSE = Command(
    "needs_tools", "Choix", "Habituel, moins cher, rapide ; stock", TOOLS.slot, "Choix"
)
PEEK = Command("needs_look", "Voir", "D'où vient ce besoin, ce qui arrive", LOOK.slot, "Voir")
COMMANDS = (
    ORDER._replace(second=TRANSFER.second),
    SUPPLIER._replace(second=PICK.second),
    CHOOSE._replace(second=TOOLS.second),
    PEEK._replace(second=LOOK.second),
)
MOST = 100
"""suppliers offered beside those who sell an item"""
REQUESTS = {"P": "price_request", "N": "purchase_request"}
HOW = {"U": "usual", "M": "cheapest", "R": "fastest"}
HOW_WORDS = {"usual": "habituel", "cheapest": "le moins cher", "fastest": "le plus rapide"}
Read = Callable[[bool], list[Need]]
"""The needs; whether stock is taken first."""


class NeedsWork:
    """The needs in view, from whom each is bought, and ordering them. screen: whose rows 22 and 23
    are used; tell: shows what the choices are; again: reads what is stored anew, where that is
    not what `read` does."""

    def __init__(
        self,
        screen: BaseScreen[Any],
        read: Read,
        tell: Callable[[str], None],
        again: Callable[[], None] | None = None,
    ) -> None:
        self.screen, self.read, self.tell = screen, read, tell
        self.again = again or self.look
        self.table = RecordTable(COLUMNS, empty="Rien à commander.", signs=True)
        self.needs: dict[int, Need] = {}
        self.offers: dict[int, list[Offer]] = {}
        self.how = "usual"
        self.from_stock = True
        self.chosen: dict[int, int] = {}
        self.quantities: dict[int, int] = {}
        self.table.input_column = "to_order"

    # what is shown -------------------------------------------------------------------------------

    def look(self) -> None:
        """The needs as they stand."""
        context = self.screen.context
        found = self.read(self.from_stock)
        self.needs = {one.item_id: one for one in found}
        self.offers = needs.offers(context, list(self.needs))
        for kept in (self.chosen, self.quantities):
            for item_id in [one for one in kept if one not in self.needs]:
                del kept[item_id]
        key = self.table.current and self.table.current.key
        self.table.show(ListSource([self._row(one) for one in found]), key=key)
        self.say()

    def quantity(self, need: Need) -> int:
        """What is ordered of it."""
        return self.quantities.get(need.item_id, need.to_order)

    def offer(self, need: Need) -> Offer | None:
        """From whom."""
        several = self.offers.get(need.item_id, [])
        if (wanted := self.chosen.get(need.item_id)) is not None:
            known = [one for one in several if one.supplier_id == wanted]
            return known[0] if known else Offer(wanted, self._code(wanted), "")
        return CHOICES[self.how](several, self.quantity(need))

    def _code(self, party_id: int) -> str:
        return str(
            self.screen.context.database.value("SELECT code FROM party WHERE id = ?", (party_id,))
        )

    def _row(self, one: Need) -> Row:
        offer = self.offer(one)
        figures = (one.needed, one.on_hand, one.reserved, one.ordered, self.quantity(one))
        cells = (
            one.reference,
            one.label,
            *(format_quantity(value, 2) for value in figures),
            one.unit,
            offer.code if offer else "?",
        )
        return Row(one.item_id, cells, "", "" if offer else "?", "" if offer else "danger")

    @property
    def current(self) -> Need | None:
        row = self.table.current
        return self.needs.get(int(str(row.key))) if row is not None else None

    def say(self) -> None:
        """Row 23 about the current need: who orders it where, what is coming and when."""
        one = self.current
        if one is None:
            self.screen.reading.context("")
            return
        coming_in = [
            f"{each.ref} {format_quantity(each.quantity, 0)}"
            + (f" le {each.due[8:10]}/{each.due[5:7]}" if each.due else "")
            for each in coming.coming(self.screen.context.database, [one.item_id])[:3]
        ]
        offer = self.offer(one)
        who = "aucun fournisseur : F4" if offer is None else offer.name or offer.code
        if offer is not None and offer.price:
            who += f" {format_price(offer.price_for(self.quantity(one)), 2)}"
        arrives = f" · attendu {', '.join(coming_in)}" if coming_in else ""
        self.screen.reading.context(f"{one.reference} : {who}{arrives}")

    def says(self) -> str:
        """What the choices are, for the tab row."""
        stock = "stock pris d'abord" if self.from_stock else "sans prendre le stock"
        return f"Fournisseur {HOW_WORDS[self.how]}, {stock} · F7 change · Entrée : quantité"

    # what one decides ----------------------------------------------------------------------------

    def ask_quantity(self, first: str = "") -> None:
        """Enter or a digit on a row: how much of it is ordered."""
        one = self.current
        if one is None:
            self.screen.reading.refuse(self.table.empty)
            return

        def then(text: str) -> None:
            if not text.strip():
                return
            value = parse_quantity(text)
            if value < 0:
                raise refuse("quantity.negative", "Pas moins que zéro", "0 : n'en commande pas")
            self.quantities[one.item_id] = value
            self.look()

        now = f"{format_quantity(self.quantity(one), 0)} {one.unit}".strip()
        self.screen.ask_text(f"{one.reference} à commander ({now})", then, first)

    async def ask_supplier(self) -> None:
        """F4: who sells it, with what it would cost; any other supplier by typing."""
        one = self.current
        if one is None:
            self.screen.reading.refuse(self.table.empty)
            return
        quantity = self.quantity(one)
        known = self.offers.get(one.item_id, [])
        rows = [
            Row(
                str(each.supplier_id),
                (
                    f"{each.name} ({each.code})",
                    format_price(each.price_for(quantity), 2),
                    format_cents(each.cost_for(quantity)),
                    f"{each.delay} j" if each.delay else "",
                    format_quantity(max(each.minimum, each.multiple), 0)
                    if each.minimum or each.multiple
                    else "",
                    "habituel" if each.is_main else "",
                ),
            )
            for each in sorted(known, key=lambda each: each.cost_for(quantity))
        ]
        there = {each.supplier_id for each in known}
        rows += [
            Row(str(hit.id), (f"{hit.name} ({hit.code})", "", "", "", "", "sans prix"))
            for hit in customers.recent(self.screen.context, MOST, Side.PURCHASE)
            if hit.id not in there
        ]
        title = f"{one.reference} · {format_quantity(quantity, 0)} {one.unit} : chez qui ?"
        said = "Prix d'une unité d'achat, total pour la quantité · Entrée prend"
        screen = ChooseScreen(title, said, OFFERS, rows, empty="Aucun fournisseur. Créez-en un.")
        await self.screen.app.push_screen(screen, lambda key: self._chose(one.item_id, key))

    def _chose(self, item_id: int, key: str | None) -> None:
        if key is not None:
            self.chosen[item_id] = int(key)
            self.look()

    def ask_how(self, more: Callable[[str], Any] | None = None, words: str = "") -> None:
        """F7: usual, cheapest, fastest; with or without the stock. more: other letters."""

        async def then(letter: str) -> None:
            if letter in REQUESTS:
                await self.ask_for(REQUESTS[letter])
                return
            if letter in HOW:
                self.how = HOW[letter]
                self.chosen.clear()
            elif letter == "S":
                self.from_stock = not self.from_stock
                self.quantities.clear()
                self.again()
            elif letter and more is not None:
                done = more(letter)
                if done is not None:
                    await done
                return
            self.look()
            self.tell(self.says())

        stock = "S sans stock" if self.from_stock else "S avec stock"
        text = f"U habituel  M moins cher  R rapide  {stock}  P prix  N demande{words}"
        letters = "UMRSPN" + "".join(one for one in words if one.isupper())
        self.screen.reading.ask(text, then, letters=letters)

    async def ask_for(self, kind: str) -> None:
        """F7 P or N: a request of what is marked, else of all, which then opens."""
        made = asking.request(self.screen.context, self.marked(), kind, self.quantities)
        await open_document(self.screen, made.id)

    # ordering ------------------------------------------------------------------------------------

    def marked(self) -> list[Need]:
        """The marked needs, else all of them."""
        keys = {int(str(key)) for key in self.table.marks}
        return [one for one in self.needs.values() if not keys or one.item_id in keys]

    async def order(self, then: Callable[[list[Ordered]], Any]) -> None:
        """F6: one order a supplier, after the dialog where an open one could take the lines."""
        context = self.screen.context
        wanted = ordering.propose(
            context,
            self.marked(),
            self.offers,
            how=self.how,
            chosen=self.chosen,
            quantities=self.quantities,
        )
        if not wanted:
            raise refuse("needs.nothing", "Rien à commander", "tout est commandé ou en stock")

        def done(made: list[Ordered]) -> Any:
            self.quantities.clear()
            return then(made)

        await order_each(self.screen, "purchase_order", wanted, done)


async def order_each(
    screen: BaseScreen[Any],
    kind: str,
    wanted: Sequence[Wanted],
    then: Callable[[list[Ordered]], Any],
) -> None:
    """Ask for every supplier whether an open order takes the lines, then order all of it."""
    context = screen.context
    suppliers = list(dict.fromkeys(one.supplier_id for one in wanted))
    into: dict[int, int] = {}
    choices: dict[str, str] = {}
    reasons: dict[int, tuple[str, ...]] = {}

    async def step(left: list[int]) -> None:
        if not left:
            done = [
                one._replace(refused=reasons.get(one.supplier_id, ()))
                for one in ordering.order(context, wanted, kind=kind, into=into, choices=choices)
            ]
            screen.explained = tuple(why for one in done for why in one.refused)
            made = then(done)
            if made is not None:
                await made
            return
        first, rest = left[0], left[1:]
        found = joining.candidates(context, kind, first)
        if all(one.group == "refused" for one in found):
            reasons[first] = tuple(why(one) for one in found)
            await step(rest)
            return
        own = [one for one in wanted if one.supplier_id == first]
        name = str(context.database.value("SELECT name FROM party WHERE id = ?", (first,)))

        async def answered(request: Request | None) -> None:
            if request is None:
                screen.reading.say("Rien n'a été commandé")
                return
            if request.into is not None:
                into[first] = request.into
                choices.update(request.choices)
            await screen.guarded(lambda: step(rest))

        await screen.app.push_screen(SupplierMerge(kind, name, own), answered)

    await step(suppliers)


def told(done: Sequence[Ordered], kind: str) -> str:
    """`CF26-00004 créée (3 lignes), 2 lignes ajoutées à CF26-00001`."""
    made = "créée" if doc_type(kind).gender == "f" else "créé"
    words = [
        f"{one.ref} {made} ({counted(one.lines, 'ligne')})"
        if one.created
        else f"{one.ref} : {counted(one.lines, 'ligne')} de plus"
        for one in done
    ]
    count = sum(len(one.refused) for one in done)
    if count:
        words.append(f"{counted(count, 'refusée')} : F1 pourquoi")
    return " · ".join(words)

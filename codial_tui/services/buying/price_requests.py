"""Price requests: whom they are sent to, what came back, and which answer is taken (domain.md §7).

Answers are no part of the document's steps: each is one short transaction, typed again to be
corrected. Who has the document open is the only one who records: two never answer at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from codial_tui.domain.buying.price_answers import (
    Answer,
    Offered,
    Said,
    Summary,
    compare,
    ordered,
    summary,
)
from codial_tui.domain.chain.transfer import is_carried
from codial_tui.domain.document import Document, Line
from codial_tui.domain.problems import Invalid
from codial_tui.domain.structure import numbers
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, locks, rows

KIND, ORDER = "price_request", "purchase_order"


class Asked(NamedTuple):
    """A supplier that was asked. sent_at: when the letter left, "" when it has not."""

    id: int
    supplier_id: int
    code: str
    name: str
    email: str
    sent_at: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A request, side by side. lines: those that are asked for; ordered: line uid → ref of the
    order it is on already; offers: by line uid and supplier."""

    document: Document
    lines: list[Line]
    asked: list[Asked]
    answers: list[Answer]
    offers: dict[str, dict[int, Offered]]
    ordered: dict[str, str]

    def answer(self, uid: str, supplier_id: int) -> Answer | None:
        return next(
            (one for one in self.answers if one.line_uid == uid and one.supplier_id == supplier_id),
            None,
        )

    def chosen(self, uid: str) -> int | None:
        """The supplier a line is taken from, None when nobody chose yet."""
        return next(
            (one.supplier_id for one in self.answers if one.line_uid == uid and one.chosen), None
        )

    def summary(self, supplier_id: int) -> Summary:
        return summary(self.lines, self.answers, supplier_id)

    @property
    def numbers(self) -> dict[str, str]:
        return numbers(self.document)


def load(context: Context, request_id: int) -> Document:
    """A price request. Raises Refused for another document."""
    document = rows.load(context.database, request_id)
    if document is None:
        raise refuse("document.unknown", f"Document {request_id} introuvable")
    if document.kind != KIND:
        raise refuse("price.kind", f"{document.ref} n'est pas une demande de prix")
    return document


def create(context: Context, supplier_id: int) -> int:
    """A new request that asks this supplier first; its id."""
    request_id = documents.create(context, KIND, None)
    ask(context, request_id, [supplier_id])
    return request_id


def compared(context: Context, request_id: int) -> Comparison:
    """A request with every answer, line by line."""
    document = load(context, request_id)
    lines = [one for one in document.lines if is_carried(one)]
    answers = answers_of(context, request_id)
    return Comparison(
        document,
        lines,
        asked(context, request_id),
        answers,
        compare(lines, answers),
        ordered_of(context, request_id),
    )


def asked(context: Context, request_id: int) -> list[Asked]:
    """The suppliers asked, in the order they were."""
    found = context.database.rows(
        "SELECT a.id, a.supplier_id, p.code, p.name, p.email, COALESCE(a.sent_at, '') "
        "FROM price_asked a JOIN party p ON p.id = a.supplier_id "
        "WHERE a.request_id = ? ORDER BY a.id",
        (request_id,),
    )
    return [Asked(*row) for row in found]


def answers_of(context: Context, request_id: int) -> list[Answer]:
    """Every answer to a request, in the order its suppliers were asked."""
    found = context.database.rows(
        "SELECT a.supplier_id, w.line_uid, w.price, w.discount, w.minimum, w.delay_days, "
        "w.declined, w.chosen FROM price_answer w JOIN price_asked a ON a.id = w.asked_id "
        "WHERE a.request_id = ? ORDER BY a.id, w.id",
        (request_id,),
    )
    return [
        Answer(who, uid, Said(price, discount, minimum, delay, bool(declined)), bool(chosen))
        for who, uid, price, discount, minimum, delay, declined, chosen in found
    ]


def ordered_of(context: Context, request_id: int) -> dict[str, str]:
    """By line uid, the order that has the line."""
    return dict(
        context.database.rows(
            "SELECT l.uid, d.number FROM document_line l "
            "JOIN line_link k ON k.source_line_id = l.id "
            "JOIN document_line t ON t.id = k.target_line_id JOIN document d "
            "ON d.id = t.document_id WHERE l.document_id = ? AND d.kind = ? ORDER BY d.id DESC",
            (request_id, ORDER),
        )
    )


# -- whom ---------------------------------------------------------------------------------------


def supplier_of(context: Context, text: str) -> int:
    """The supplier that a code, or words of one name only, say. Raises Refused."""
    from codial_tui.domain.text import fold
    from codial_tui.services.records import parties

    code = context.database.value(
        "SELECT id FROM party WHERE code_fold = ? AND is_supplier = 1", (fold(text),)
    )
    if code is not None:
        return int(code)
    found = parties.search(context, text, role="supplier", limit=6) if text.strip() else []
    if len(found) == 1:
        return found[0].id
    if found:
        names = ", ".join(f"{one.name} ({one.code})" for one in found[:5])
        raise refuse("supplier.several", f"Plusieurs fournisseurs : {names}", "tapez le code")
    raise refuse("supplier.unknown", f"Fournisseur « {text} » introuvable", "son code : F00012")


def proposed(context: Context, request_id: int) -> list[tuple[int, str, str, int]]:
    """Suppliers who have a price of an item of the request and were not asked yet: id, code, name
    and of how many lines; who knows most first."""
    found = context.database.rows(
        "SELECT p.id, p.code, p.name, COUNT(DISTINCT l.id) FROM document_line l "
        "JOIN item_supplier s ON s.item_id = l.item_id JOIN party p ON p.id = s.supplier_id "
        "WHERE l.document_id = ? AND p.blocked = 0 AND NOT EXISTS (SELECT 1 FROM price_asked a "
        "WHERE a.request_id = l.document_id AND a.supplier_id = p.id) "
        "GROUP BY p.id, p.code, p.name ORDER BY 4 DESC, p.name, p.id",
        (request_id,),
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


def ask(context: Context, request_id: int, suppliers: Sequence[int]) -> list[Asked]:
    """Send the request to these suppliers too. Raises Refused for one who is asked already or is
    no supplier; nobody is then added."""
    with writing(context, request_id) as document:
        known = {one.supplier_id for one in asked(context, request_id)}
        for supplier_id in suppliers:
            party = context.database.row(
                "SELECT name, is_supplier, blocked FROM party WHERE id = ?", (supplier_id,)
            )
            if party is None or not party[1]:
                raise refuse("supplier.unknown", "Ce n'est pas un fournisseur", "F4 les propose")
            if party[2]:
                raise refuse("supplier.blocked", f"{party[0]} est bloqué", "débloquez sa fiche")
            if supplier_id in known:
                raise refuse("supplier.asked", f"{party[0]} est déjà interrogé")
            known.add(supplier_id)
            context.database.insert(
                "price_asked",
                {"uid": context.uid(), "request_id": request_id, "supplier_id": supplier_id},
            )
            documents.log_event(context, document, "note", f"Prix demandés à {party[0]}")
    return asked(context, request_id)


def withdraw(context: Context, request_id: int, supplier_id: int) -> None:
    """Ask a supplier no more. Raises Refused when the letter left or an answer came."""
    with writing(context, request_id):
        one = one_asked(context, request_id, supplier_id)
        if one.sent_at or _of_supplier(context, one.id):
            what = "a répondu" if _of_supplier(context, one.id) else "a reçu sa demande"
            raise refuse("supplier.sent", f"{one.name} {what}", "« non » sur ses lignes")
        context.database.execute("DELETE FROM price_asked WHERE id = ?", (one.id,))


def _of_supplier(context: Context, asked_id: int) -> bool:
    return bool(
        context.database.row("SELECT 1 FROM price_answer WHERE asked_id = ? LIMIT 1", (asked_id,))
    )


def one_asked(context: Context, request_id: int, supplier_id: int) -> Asked:
    """A supplier as asked. Raises Refused for one that was not."""
    for one in asked(context, request_id):
        if one.supplier_id == supplier_id:
            return one
    name = context.database.value("SELECT name FROM party WHERE id = ?", (supplier_id,), "?")
    raise refuse(
        "supplier.not_asked",
        f"Aucun prix n'a été demandé à {name}",
        "ajoutez-le d'abord : onglet Fournisseurs",
        "supplier",
    )


def not_chosen(context: Context, request_id: int, supplier_id: int) -> NoReturn:
    """Refuse a supplier from whom nothing is to be ordered."""
    one = one_asked(context, request_id, supplier_id)
    raise refuse("price.none", f"Rien n'est retenu chez {one.name}", "choisissez d'abord", "into")


# -- what they answer ---------------------------------------------------------------------------


def answer(
    context: Context, request_id: int, supplier_id: int, said: Mapping[str, Said | None]
) -> None:
    """Record what a supplier says of lines, by uid; None takes an answer back. An answer that was
    taken stays chosen while there is a price. Raises Refused for a supplier that was not asked, a
    line that is not there or is ordered already; nothing is then recorded."""
    if not said:
        raise refuse("answer.empty", "Aucune réponse", "--lines 1:12.50,2:3.10", "lines")
    with writing(context, request_id) as document:
        one = one_asked(context, request_id, supplier_id)
        lines = {line.uid: line for line in document.lines if is_carried(line)}
        for uid, what in said.items():
            check_open(context, document, lines, uid)
            if what is not None and not what.declined:
                try:
                    ordered(lines[uid], what)
                except Invalid as error:
                    raise Refused(*error.problems) from error
            _put(context, one, uid, what)
        text = f"Réponse de {one.name} : {len(said)} ligne{'s' if len(said) > 1 else ''}"
        documents.log_event(context, document, "note", text)


def check_open(context: Context, document: Document, lines: Mapping[str, Line], uid: str) -> None:
    """Raises Refused for a line that is not there, or is ordered already."""
    if uid not in lines:
        raise refuse("line.unknown", f"Cette ligne n'est pas dans {document.ref}", "", "lines")
    if ref := ordered_of(context, document.id).get(uid):
        raise refuse("line.ordered", f"« {lines[uid].label} » est commandée : {ref}")


def _put(context: Context, one: Asked, uid: str, said: Said | None) -> None:
    where = (one.id, uid)
    if said is None:
        context.database.execute(
            "DELETE FROM price_answer WHERE asked_id = ? AND line_uid = ?", where
        )
        return
    context.database.execute(
        "INSERT INTO price_answer (asked_id, line_uid, price, discount, minimum, delay_days, "
        "declined, chosen, answered_at, answered_by) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) "
        "ON CONFLICT (asked_id, line_uid) DO UPDATE SET price = excluded.price, "
        "discount = excluded.discount, minimum = excluded.minimum, "
        "delay_days = excluded.delay_days, declined = excluded.declined, "
        "chosen = CASE WHEN excluded.declined = 1 THEN 0 ELSE price_answer.chosen END, "
        "answered_at = excluded.answered_at, answered_by = excluded.answered_by",
        (*where, *said[:4], int(said.declined), context.now, context.user.name),
    )


# -- writing ------------------------------------------------------------------------------------


@contextmanager
def writing(context: Context, request_id: int) -> Iterator[Document]:
    """One transaction on a request that is open and that nobody else has. Raises Refused."""
    with context.database.write():
        context.database.lock_rows("document", [request_id])
        document = load(context, request_id)
        if who := locks.elsewhere(context, request_id):
            raise refuse("document.locked", f"{document.ref} : {who}", "demandez-lui de la fermer")
        if document.state == "closed":
            remedy = "Ctrl+R sur sa commande la rouvre"
            raise refuse("price.closed", f"{document.ref} est close", remedy)
        yield document

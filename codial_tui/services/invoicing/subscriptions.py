"""Subscriptions: what is due until a day, looked at first, then made, one invoice a transaction.

The last issued invoice is the model (domain.md §6): its lines, at prices brought from its
coefficient to the one that holds on the new day. Each missed day makes an invoice of its own,
dated that day or, when it is past, today: an invoice never precedes those validated already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from codial_tui.domain.changes import apply
from codial_tui.domain.dates import format_date
from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.subscriptions import (
    Revision,
    Rhythm,
    anchored,
    due_days,
    following,
    repriced,
    subject,
    unfit,
)
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.money import SCALE6
from codial_tui.domain.problems import Problem
from codial_tui.errors import CodialError, Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, duplicating, rows
from codial_tui.services.records import parties

from . import einvoices, validating

IDENTITY = (
    *("party_code", "party_name", "party_name_fold", "party_siren", "party_siret"),
    *("party_vat_number", "party_phone", "party_email", "party_is_consumer"),
    *(f"billing_{part}" for part in parties.ADDRESS_PARTS),
)
"""What is read anew from the customer's record; all else is the model's."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """One invoice to make: of which subscription, for which day (ISO), from which model.

    net: cents HT; reason: why it cannot be made, "" when it can.
    """

    subscription_id: int
    label: str
    party: str
    day: str
    model: str = ""
    net: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: the invoice; refusal: why there is none, or why it stays provisional."""

    due: Due
    ref: str = ""
    document_id: int | None = None
    refusal: str = ""


class Model(NamedTuple):
    """The invoice to copy, and the coefficient (10⁻⁶) its prices bear already."""

    document: Document
    coefficient: int


def plan(context: Context, until: date, only: int | None = None) -> list[Due]:
    """Everything that falls due until a day, in order of day; only: of one subscription."""
    one, params = (" AND s.id = ?", [only]) if only else ("", [])
    found = []
    for row in context.database.mappings(
        "SELECT s.*, p.name AS party_name FROM subscription s JOIN party p ON p.id = s.party_id "
        f"WHERE s.active = 1 AND s.next_date <= ?{one} ORDER BY s.next_date, s.id",
        [until.isoformat(), *params],
    ):
        found += _due_of(context, row, until)
    return sorted(found, key=lambda one: (one.day, one.subscription_id))


def run(context: Context, wanted: list[Due], *, validate: bool = False) -> Iterator[Outcome]:
    """Make the invoices, one a transaction, so that stopping half-way leaves whole invoices.
    validate: give each its number at once; what validation refuses stays provisional, and so does
    a day to come: no invoice of an earlier day could follow it."""
    for due in wanted:
        try:
            made = _make(context, due)
        except CodialError as error:
            yield Outcome(due, refusal=error.text)
            continue
        refusal = ""
        if validate and due.day > context.today.isoformat():
            refusal = "reste provisoire : sa date est à venir · validez-la ce jour-là"
        elif validate:
            try:
                made = _validated(context, made)
            except CodialError as error:
                refusal = f"reste provisoire : {error.text}"
        yield Outcome(due, made.ref, made.id, refusal)


def _validated(context: Context, made: Document) -> Document:
    """With its number, once the official rules find nothing either. Raises Refused."""
    stored = rows.load(context.database, made.id)
    assert stored is not None
    if wrong := einvoices.official_problems(context, stored):
        raise Refused(*wrong)
    return validating.validate(context, made.id)


def create(context: Context, values: Mapping[str, Any]) -> int:
    """A new subscription from an invoice (`model_id`); its id. Unless told: every month, from one
    period after the invoice's date. Raises Refused."""
    model = rows.load(context.database, int(values.get("model_id") or 0))
    if model is None:
        raise refuse("model.missing", "Facture modèle : laquelle ?", "F4 les montre", "model_id")
    if problems := unfit(model):
        raise Refused(*problems)
    row: Row = {"every": 1, "unit": "month", "label": model.text("subject") or "Abonnement"}
    row.update({name: one for name, one in values.items() if one not in (None, "")})
    first = date.fromisoformat(model.text("date"))
    row.setdefault("anchor_day", first.day)
    given = Rhythm(row["every"] or 1, row["unit"], row["anchor_day"])
    row.setdefault("next_date", following(first, given).isoformat())
    row["anchor_day"] = anchored(date.fromisoformat(row["next_date"]), row["anchor_day"])
    row["party_id"] = model.number("party_id")
    problems = check(context, row)
    if row.get("stop_date") and row["stop_date"] < row["next_date"]:
        said, remedy = "La fin précède la prochaine facture", "une date plus tard, ou rien"
        problems.append(Problem("subscription.stop_date", "stop_date", said, remedy))
    if problems:
        raise Refused(*problems)
    row.update(uid=context.uid(), created_at=context.now, created_by=context.user.id)
    with context.database.write():
        return context.database.insert("subscription", row)


def check(context: Context, row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a subscription, field by field."""
    problems = []

    def wrong(field: str, message: str, remedy: str = "") -> None:
        problems.append(Problem(f"subscription.{field}", field, message, remedy))

    if not 1 <= (row.get("every") or 0) <= 3660:
        wrong("every", "De 1 à 3660", "jours ou mois")
    for name in ("coefficient", "index_base", "index_now"):
        value = row.get(name)
        if value is not None and not 0 < value <= 1000 * SCALE6:
            wrong(name, "Au-dessus de 0, 1000 au plus")
    if not row.get("next_date"):
        wrong("next_date", "Prochaine date : quand ?", "31/01/28")
    elif row["next_date"] < (begun := _begun(context, row)):
        said = f"La facture modèle est du {format_date(date.fromisoformat(begun))}"
        wrong("next_date", said, "la prochaine vient après")
    elif row.get("unit") != "day" and row.get("anchor_day"):
        day = date.fromisoformat(row["next_date"])
        if anchored(day, row["anchor_day"]) != row["anchor_day"]:
            wrong("anchor_day", "Le jour ne va pas avec la prochaine date", "changez la date")
    if row.get("id"):
        problems += _once_begun(context, row)
    return problems


def _begun(context: Context, row: Mapping[str, Any]) -> str:
    """The day of the first model, ISO."""
    sql = "SELECT date FROM document WHERE id = ?"
    return str(context.database.value(sql, (row.get("model_id"),), ""))


def _once_begun(context: Context, row: Mapping[str, Any]) -> list[Problem]:
    """The model follows what is issued; a day that has its invoice gets no other."""
    database = context.database
    before = database.mapping(
        "SELECT model_id, party_id FROM subscription WHERE id = ?", (row["id"],)
    )
    problems = []
    if before and row.get("party_id") != before["party_id"]:
        said = "Le client est celui de la facture modèle"
        problems.append(
            Problem("subscription.party", "party_id", said, "abonnez une autre facture")
        )
    if before and row.get("model_id") != before["model_id"]:
        said = "La dernière facture émise est le modèle"
        remedy = "corrigez la prochaine, ou abonnez-en une autre"
        problems.append(Problem("subscription.model", "model_id", said, remedy))
    return problems


def changed(context: Context, row: Mapping[str, Any]) -> None:
    """The day that was chosen becomes the day it comes back to; inside the caller's transaction."""
    day = anchored(date.fromisoformat(row["next_date"]), row["anchor_day"])
    context.database.update("subscription", row["id"], {"anchor_day": day})


def _rhythm(row: Row) -> Rhythm:
    return Rhythm(row["every"], row["unit"], row["anchor_day"])


def _made(context: Context, row: Row) -> set[str]:
    """The days that have their invoice."""
    found = context.database.rows(
        "SELECT due_date FROM subscription_run WHERE subscription_id = ?", (row["id"],)
    )
    return {one[0] for one in found}


def _first_free(context: Context, row: Row) -> str:
    """The first day from the next one on that has no invoice."""
    made, day = _made(context, row), date.fromisoformat(row["next_date"])
    while day.isoformat() in made:
        day = following(day, _rhythm(row))
    return day.isoformat()


def _days(context: Context, row: Row, until: date) -> list[date]:
    """The days until one that have no invoice yet."""
    made = _made(context, row)
    stop = date.fromisoformat(row["stop_date"]) if row["stop_date"] else None
    days = due_days(date.fromisoformat(row["next_date"]), _rhythm(row), until, stop)
    return [one for one in days if one.isoformat() not in made]


def _due_of(context: Context, row: Row, until: date) -> list[Due]:
    days = _days(context, row, until)
    found = []
    reason, model = "", None
    if days:
        try:
            model = _model(context, row)
        except CodialError as error:
            reason = error.text
    for day in days:
        due = Due(row["id"], row["label"], row["party_name"], day.isoformat(), reason=reason)
        if model is not None:
            copy = _copy(context, row, model, day)
            ref, net = model.document.ref, copy.number("net_total")
            due = Due(row["id"], row["label"], row["party_name"], due.day, ref, net)
        found.append(due)
    return found


def _model(context: Context, row: Row) -> Model:
    """The last issued invoice. Raises Refused with what keeps it from being copied."""
    found = context.database.row(
        "SELECT r.document_id, r.coefficient FROM subscription_run r "
        "JOIN document d ON d.id = r.document_id JOIN document_invoice i ON i.document_id = d.id "
        "WHERE r.subscription_id = ? AND d.state <> 'provisional' AND i.is_credit = 0 "
        "ORDER BY r.due_date DESC LIMIT 1",
        (row["id"],),
    ) or (row["model_id"], SCALE6)
    document = rows.load(context.database, int(found[0]))
    if document is None:
        raise refuse("model.missing", "La facture modèle n'existe plus", "abonnez-en une autre")
    if problems := unfit(document):
        raise Refused(*problems)
    if document.state == "provisional":
        raise refuse("model.provisional", f"{document.ref} n'est pas validée", "validez-la : F8")
    blocked = context.database.row(
        "SELECT name, blocked_reason FROM party WHERE id = ? AND blocked = 1",
        (document.header.get("party_id"),),
    )
    if blocked:
        why = f" ({blocked[1]})" if blocked[1] else ""
        raise refuse("party.blocked", f"{blocked[0]} est bloqué{why}", "débloquez sa fiche")
    return Model(document, int(found[1]))


def _coefficient(row: Row, day: date) -> int:
    kind = (row["revision"], row["coefficient"], row["index_base"], row["index_now"])
    return Revision(*kind, row["revised_from"] or "").on(day.isoformat())


def _copy(context: Context, row: Row, model: Model, day: date) -> Document:
    """The invoice of a day, in memory."""
    source = model.document
    copy = duplicating.copied(context, source, "invoice")
    fresh = parties.snapshot(context, source.number("party_id"))
    copy.header.update({name: fresh.get(name) for name in IDENTITY})
    copy.header.update(
        date=max(context.today, day).isoformat(),
        subject=subject(row["label"], day, _rhythm(row)),
        vat_on_debits=source.header.get("vat_on_debits"),
    )
    new = _coefficient(row, day)
    decimals = copy.price_decimals
    copy.lines = [repriced(line, new, model.coefficient, decimals) for line in copy.lines]
    for line in copy.lines:
        line.delivery_date = None
    apply(copy, recompute(copy))
    documents.prepare(copy)
    return copy


def _make(context: Context, due: Due) -> Document:
    """Write one invoice, unless somebody did meanwhile. Raises Refused."""
    database = context.database
    with database.write():
        database.lock_rows("subscription", [due.subscription_id])
        row = database.mapping("SELECT * FROM subscription WHERE id = ?", (due.subscription_id,))
        day = date.fromisoformat(due.day)
        if row is None or not row["active"] or day not in _days(context, row, day):
            raise refuse("subscription.done", _why_not(context, due), "regardez à nouveau")
        model = _model(context, row)
        copy = _copy(context, row, model, day)
        documents.write_new(
            context, copy, f"Abonnement {row['label']}, d'après {model.document.ref}"
        )
        values = {
            "subscription_id": row["id"],
            "due_date": due.day,
            "document_id": copy.id,
            "model_id": model.document.id,
            "coefficient": _coefficient(row, day),
            "made_at": context.now,
            "made_by": context.user.id,
        }
        database.insert("subscription_run", values)
        database.update("subscription", row["id"], {"next_date": _first_free(context, row)})
    copy.version = 1
    return copy


def _why_not(context: Context, due: Due) -> str:
    """What became of a day that was still to be made a moment ago."""
    made = context.database.row(
        "SELECT document_id FROM subscription_run WHERE subscription_id = ? AND due_date = ?",
        (due.subscription_id, due.day),
    )
    found = rows.load(context.database, int(made[0])) if made else None
    if found is None:
        return f"{due.label} : abonnement changé entre-temps"
    return f"{due.label} : déjà faite, {found.ref}"

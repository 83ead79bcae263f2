"""Credit notes: what their lines may say, and the invoices they name (domain.md §6). Pure.

On entry a credit line has a negative quantity at a positive price (goods come back) or a positive
quantity at a negative price (the price is corrected); both negative would be an invoice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from codial_tui.domain.changes import Change
from codial_tui.domain.dates import parse_date
from codial_tui.domain.document import Document, Line, Reference
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Invalid, Problem, invalid

CORRECTED = "corrected"
NUMBER = re.compile(r"[A-Za-z0-9+\-_/]{1,35}")
"""what an invoice number may be (legal.md §3)"""
MOST = 50


def is_credit(document: Document) -> bool:
    """Whether an invoice is a credit note, or will be one when it is validated."""
    return bool(document.number("is_credit")) or totals(document).gross < 0


def signs(line: Line) -> Problem | None:
    """Why a line's signs are refused."""
    if not line.is_priced or line.quantity >= 0 or line.unit_price >= 0:
        return None
    return Problem(
        "line.signs",
        line.uid,
        "Quantité et prix négatifs font une facture",
        "un seul des deux pour un avoir",
    )


def refused(document: Document, changes: Sequence[Change]) -> list[Problem]:
    """Why lines cannot be typed so into an invoice."""
    if not doc_type(document.kind).bills:
        return []
    lines: dict[str, Line] = {}
    for change in changes:
        names = change.after or {}
        if change.target != "line" or change.op not in ("insert", "set"):
            continue
        if names.keys().isdisjoint({"quantity", "unit_price"}):
            continue
        if not lines:
            lines = {line.uid: line for line in document.lines}
        there = lines.get(change.uid)
        quantity = names.get("quantity", there.quantity if there else 0)
        price = names.get("unit_price", there.unit_price if there else 0)
        if quantity < 0 and price < 0:
            found = signs(Line(change.uid, quantity=quantity, unit_price=price))
            return [found] if found is not None else []
    return []


def problems(document: Document) -> list[Problem]:
    """Why a credit note, or what would be one, cannot be validated."""
    if not doc_type(document.kind).bills:
        return []
    wrong = [
        found._replace(field=f"lines.{number}")
        for number, line in enumerate(document.lines, 1)
        for found in [signs(line)]
        if found is not None
    ]
    if not is_credit(document):
        return wrong
    if totals(document).gross > 0:
        wrong.append(
            Problem("credit.positive", "lines", "Avoir de montant positif", "faites une facture")
        )
    named = [one for one in document.references if one.type == CORRECTED]
    if not named:
        wrong.append(
            Problem(
                "credit.reference",
                "corrected",
                "Facture corrigée : laquelle ?",
                "Entête : numéro et date",
            )
        )
    for one in named:
        if not one.date or one.date > document.text("date"):
            wrong.append(
                Problem(
                    "credit.date",
                    "corrected",
                    f"{one.number} : date manquante ou à venir",
                    "tapez numéro et date",
                )
            )
    return wrong


def written(document: Document) -> str:
    """The invoices that are corrected as they are typed: `FA26-00012 03/11/26, …`."""
    return ", ".join(
        f"{one.number} {date.fromisoformat(one.date).strftime('%d/%m/%y')}"
        if one.date
        else one.number
        for one in document.references
        if one.type == CORRECTED
    )


Known = Callable[[str], tuple[int, str] | None]
"""Id and date of a validated invoice of ours by its number."""


def parse(text: str, today: date, known: Known) -> list[Reference]:
    """The references of `FA26-00012, F1234 03/11/25`: what we do not know needs its date. Their
    uids are empty. Raises Invalid."""
    found: list[Reference] = []
    for typed in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        number, _, day = typed.partition(" ")
        if not NUMBER.fullmatch(number):
            raise invalid(
                "reference.number", f"« {number} » n'est pas un numéro", "35 signes", CORRECTED
            )
        ours = known(number)
        if ours is not None:
            found.append(Reference("", CORRECTED, number, ours[1], ours[0]))
            continue
        if not day.strip():
            raise invalid(
                "reference.date",
                f"{number} n'est pas ici : sa date manque",
                f"{number} 03/11/25",
                CORRECTED,
            )
        try:
            when = parse_date(day.strip().removeprefix("du "), today)
        except Invalid as error:
            problem = error.problems[0]._replace(field=CORRECTED)
            raise Invalid(problem) from error
        found.append(Reference("", CORRECTED, number, when.isoformat()))
    if len(found) > MOST:
        raise invalid("reference.many", f"{MOST} factures au plus", "", CORRECTED)
    numbers = [one.number for one in found]
    if len(set(numbers)) < len(numbers):
        raise invalid("reference.twice", "La même facture deux fois", "", CORRECTED)
    for place, one in enumerate(found):
        one.position = place
    return found

"""The letters of contracts that a company starts with: before a visit, before the end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from .contracts import Terms, end_sent, over, term_at


class Letter(NamedTuple):
    """title: of the paper; body: with `{fields}`."""

    title: str
    body: str


LETTERS = {
    "contract_visit": Letter(
        "AVIS DE VISITE",
        "Madame, Monsieur,\n\nDans le cadre de votre contrat **{contrat.numero}** "
        "({contrat.objet}), nous prévoyons notre prochaine visite d'entretien le "
        "**{visite.date}**.\n\nMatériel concerné : {contrat.materiels}.\n\nMerci de nous dire si "
        "cette date vous convient, et de laisser l'accès libre ce jour-là.\n\nVeuillez agréer, "
        "Madame, Monsieur, nos salutations distinguées.",
    ),
    "contract_end": Letter(
        "CONTRAT ARRIVANT À TERME",
        "Madame, Monsieur,\n\nVotre contrat **{contrat.numero}** ({contrat.objet}) arrive à son "
        "terme le **{contrat.fin}**.\n\n{contrat.reconduction}\n\nVeuillez agréer, Madame, "
        "Monsieur, nos salutations distinguées.",
    ),
}
TACIT = (
    "Il sera reconduit tacitement, au prix de {price} hors taxes, sauf si vous nous dites avant "
    "cette date que vous n'en voulez plus."
)
OVER = "Il ne sera pas reconduit. Nous vous proposons de convenir ensemble de sa suite."


class Said(NamedTuple):
    """What a letter says of its contract. term: the one whose price it gives; last: the end;
    renewal: a sentence with `{price}`, "" for none."""

    term: int
    last: date
    renewal: str = ""


def said_of_visit(terms: Terms, day: date) -> Said:
    """The term that a visit lies in. Whether it is renewed is no matter of a visit."""
    term = term_at(terms, day)
    return Said(term, end_sent(terms, term, "renewal"))


def said_of_end(terms: Terms, day: date) -> Said:
    """The term that ends before a day: the next one's price, unless there is none."""
    eve = day - timedelta(days=1)
    ending = term_at(terms, eve)
    return Said(ending, eve, OVER) if day >= over(terms) else Said(ending + 1, eve, TACIT)

"""What a database can refuse, in French, whatever the back end."""

from __future__ import annotations

from typing import Literal

from ..domain.problems import Problem
from ..errors import DatabaseRefused, Refused


class Interrupted(Exception):
    """A query of a Reader was stopped because nobody waits for its answer."""


class DatabaseBusy(DatabaseRefused):
    """Another program kept the database to itself for longer than we wait."""

    def __init__(self) -> None:
        super().__init__("La base est occupée par un autre poste", "réessayez dans un instant")


def newer(version: int, newest: int) -> DatabaseRefused:
    """The refusal of a schema made by a later program."""
    return DatabaseRefused(
        f"La base vient d'une version plus récente (schéma {version}, ici {newest})",
        "mettez codial-tui à jour sur ce poste",
    )


Violation = Literal["check", "unique", "reference", "missing", "type"]

_VIOLATIONS: dict[Violation, tuple[str, str]] = {
    "check": ("Valeur refusée pour « {field} »", "elle sort de ce qui peut être enregistré"),
    "unique": ("« {field} » existe déjà", "choisissez-en un autre"),
    "reference": ("Encore utilisé ailleurs, ou inconnu", "rien n'a été changé"),
    "missing": ("« {field} » manque", "remplissez ce champ"),
    "type": ("Valeur d'un autre type que « {field} »", "corrigez la saisie"),
}


_NAMED = {
    "taken_within": "pool.taken|Quantité déjà prise par une autre pièce|onglet Transfert : où ?",
    "used_within": "pool.taken|Acompte déjà déduit par une autre facture|rouvrez celle-ci",
    "supplier_key": "supplier_invoice.twice|Cette facture est déjà enregistrée"
    "|cherchez son numéro dans les factures fournisseur",
}
"""Constraints whose name says more than their column."""


def violation(kind: Violation, field: str) -> Refused:
    """The Refused of a broken constraint; code `constraint.KIND`."""
    if field in _NAMED:
        return refusal(_NAMED[field])
    message, remedy = _VIOLATIONS[kind]
    return Refused(Problem(f"constraint.{kind}", field, message.format(field=field), remedy))


def refusal(text: str) -> Refused:
    """The Refused of a trigger's "code|message|remedy"."""
    code, message, remedy = (*text.split("|"), "", "")[:3]
    return Refused(Problem(code, "", message, remedy))

"""The letters of reminder that a company starts with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """A letter. position: first, second…; days: after the due date; body: with `{fields}`."""

    position: int
    label: str
    days: int
    body: str


LEVELS = (
    Level(
        1,
        "Rappel",
        7,
        "Madame, Monsieur,\n\nSauf erreur ou omission de notre part, nous n'avons pas encore reçu "
        "le règlement des factures ci-dessous, soit {relance.total}.\n\nSi votre paiement est en "
        "route, merci de ne pas tenir compte de ce rappel. Sinon, nous vous remercions de régler "
        "sous huit jours.",
    ),
    Level(
        2,
        "Relance",
        21,
        "Madame, Monsieur,\n\nMalgré notre rappel, {relance.total} restent dus au "
        "{relance.date}.\n\nNous vous demandons de régler sous huit jours. Tout retard entraîne "
        "des pénalités, soit {relance.penalites} à ce jour.",
    ),
    Level(
        3,
        "Mise en demeure",
        45,
        "Madame, Monsieur,\n\nNos relances sont restées sans effet. **Nous vous mettons en "
        "demeure** de régler sous huit jours la somme de {relance.total}, augmentée de "
        "{relance.penalites} de pénalités et d'indemnités de recouvrement.\n\nÀ défaut, nous "
        "confierons ce dossier au recouvrement, sans autre avis.",
    ),
)
"""What a company has until it writes its own."""

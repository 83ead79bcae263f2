"""Life-cycle statuses of electronic invoices (CDAR codes of XP Z12-012), and their reasons.

Sending them to the platform is not done here: they are recorded, by hand or from a file. A status
never changes an invoice; a refused one is kept (legal.md §3.2).
"""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.problems import Problem


class Status(NamedTuple):
    """One status: its label, the letter that picks it, whether it says why, whether it ends."""

    label: str
    letter: str
    needs_reason: bool = False
    ends: bool = False


STATUSES = {
    "200": Status("Déposée", "D"),
    "201": Status("Émise", "E"),
    "202": Status("Reçue", "R"),
    "203": Status("Mise à disposition", "M"),
    "204": Status("Prise en charge", "C"),
    "205": Status("Approuvée", "A"),
    "206": Status("Approuvée en partie", "P", needs_reason=True),
    "207": Status("En litige", "L", needs_reason=True),
    "208": Status("Suspendue", "S", needs_reason=True),
    "209": Status("Complétée", "K"),
    "210": Status("Refusée", "F", needs_reason=True, ends=True),
    "211": Status("Paiement transmis", "T"),
    "212": Status("Encaissée", "N"),
    "213": Status("Rejetée", "J", needs_reason=True, ends=True),
    "220": Status("Annulée", "U", ends=True),
    "221": Status("Erreur de routage", "G"),
    "501": Status("Irrecevable", "I", needs_reason=True, ends=True),
}
CANCELLED, RECEIVED = "220", "212"

REASONS = {
    "TX_TVA_ERR": "Taux de TVA erroné",
    "MONTANTTOTAL_ERR": "Montant total erroné",
    "CALCUL_ERR": "Erreur de calcul",
    "NON_CONFORME": "Mention légale manquante ou non conforme",
    "DOUBLON": "Doublon",
    "DEST_INC": "Destinataire inconnu",
    "DEST_ERR": "Erreur de destinataire",
    "TRANSAC_INC": "Transaction inconnue",
    "EMMET_INC": "Émetteur inconnu",
    "CONTRAT_TERM": "Contrat terminé",
    "DOUBLE_FACT": "Double facturation",
    "CMD_ERR": "Numéro de commande absent ou erroné",
    "ADR_ERR": "Adresse électronique erronée",
    "REF_CT_ABSENT": "Référence contractuelle absente",
    "REJ_SEMAN": "Contrôle sémantique",
    "REJ_UNI": "Contrôle d'unicité",
    "REJ_COH": "Contrôle de cohérence",
}
"""Reason codes by what they mean."""

ALLOWED = {
    "210": (
        *("TX_TVA_ERR", "MONTANTTOTAL_ERR", "CALCUL_ERR", "NON_CONFORME", "DOUBLON", "DEST_ERR"),
        *("TRANSAC_INC", "EMMET_INC", "CONTRAT_TERM", "DOUBLE_FACT", "CMD_ERR", "ADR_ERR"),
        "REF_CT_ABSENT",
    ),
    "213": (
        *("MONTANTTOTAL_ERR", "CALCUL_ERR", "DOUBLON", "DEST_INC", "ADR_ERR"),
        *("REJ_SEMAN", "REJ_UNI", "REJ_COH"),
    ),
}
"""Reasons that a person may choose for a status; of others, any."""


class Given(NamedTuple):
    """A status to record. rate: 10⁻⁶ and amount: cents TTC, of what was received (212)."""

    code: str
    reason: str = ""
    note: str = ""
    rate: int | None = None
    amount: int | None = None


def reasons_of(code: str) -> tuple[str, ...]:
    """The reasons to choose from for a status; none where it says nothing."""
    status = STATUSES.get(code)
    if status is None or not status.needs_reason:
        return ()
    return ALLOWED.get(code, tuple(REASONS))


def problems(given: Given, last: str = "", *, from_file: bool = False) -> list[Problem]:
    """What is wrong with a status. last: the code before it, "" for none. from_file: a platform
    says it, so that a reason code of a newer list is taken as it is."""
    status = STATUSES.get(given.code)
    if status is None:
        return [Problem("status.unknown", "code", f"Statut {given.code} inconnu", "200 à 213…")]
    found = []
    if status.needs_reason and not given.reason:
        said = f"{status.label} : pour quel motif ?"
        found.append(Problem("status.reason", "reason", said, ", ".join(reasons_of(given.code))))
    elif given.reason and not from_file and given.reason not in reasons_of(given.code):
        choices = ", ".join(reasons_of(given.code)) or "aucun"
        said = f"{status.label} : motif {given.reason} impossible"
        found.append(Problem("status.reason", "reason", said, choices))
    if given.code == RECEIVED and (given.amount is None or given.rate is None):
        said = "Encaissée : quel montant, à quel taux de TVA ?"
        found.append(Problem("status.amount", "amount", said, "un statut par taux"))
    before = STATUSES.get(last)
    if not from_file and before and before.ends and given.code != CANCELLED:
        said = f"La facture est {before.label.lower()} : plus rien ne suit"
        found.append(Problem("status.ended", "code", said, "seule une annulation (220)"))
    if not from_file and last == CANCELLED and given.code == CANCELLED:
        found.append(Problem("status.ended", "code", "La facture est déjà annulée", "rien à faire"))
    return found

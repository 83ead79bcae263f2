"""What a user may be allowed beyond the role: each right that declarations and services name."""

from __future__ import annotations

from typing import NamedTuple


class Right(NamedTuple):
    """One right: the name in declarations, a short label, what it allows."""

    name: str
    label: str
    help: str


RIGHTS = (
    Right("see_costs", "Coûts", "Voit les prix d'achat et de revient, les marges"),
    Right("settings", "Paramètres", "Change les paramètres, sauf les utilisateurs"),
    Right("move_stock", "Stock", "Corrige le stock et fait l'inventaire"),
    Right("define_forms", "Fiches perso", "Ajoute, renomme et retire les champs de la fiche"),
)
"""An administrator has them all."""

ADMINISTER = "administer"
"""No right one can be given: users and their rights are for administrators alone, or whoever may
change settings would make himself one."""

LABELS = {one.name: one.label for one in RIGHTS}

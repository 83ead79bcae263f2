"""What À FAIRE holds: an import that was cut, the marks that are work to do, or first steps."""

from __future__ import annotations

from functools import partial
from typing import Any

from codial_tui.domain.kinds import doc_types
from codial_tui.domain.spec import Side
from codial_tui.screens.base import BaseScreen
from codial_tui.screens.board import Run, Spot
from codial_tui.screens.cells import grouped
from codial_tui.screens.opening import create, open_list
from codial_tui.services.lists import home


def todos(screen: BaseScreen[Any], side: str) -> list[Spot]:
    """The work that waits on a side of the house; each opens the list of its documents."""
    marks = [
        Spot(
            one.label,
            grouped(one.rows) + ("" if one.exact else "+"),
            one.urgent and one.rows > 0,
            f"Entrée ouvre la liste : {one.label}",
            partial(open_list, screen, one.kind, one.mark),
        )
        for one in home.todos(screen.context, side)
    ]
    due = [*subscriptions_due(screen), *contracts_due(screen)]
    if side != Side.SALE:
        return [*marks, *(due if side == "maintenance" else [])]
    return [*cut_import(screen), *marks, *due, *closing_due(screen)]


def subscriptions_due(screen: BaseScreen[Any]) -> list[Spot]:
    """How many subscriptions wait, where there are any."""
    count = home.subscriptions_due(screen.context)
    if count is None:
        return []
    says = "Entrée montre ce qui est à facturer"
    run = partial(screen.codial.run_command, "subscription_due")
    return [Spot("Abonnements dus", grouped(count), False, says, run)]


def contracts_due(screen: BaseScreen[Any]) -> list[Spot]:
    """How many visits, invoices and the like contracts wait for, where there are contracts."""
    count = home.contracts_due(screen.context)
    if count is None:
        return []
    says = "Entrée montre les visites, factures et lettres des contrats à faire"
    run = partial(screen.codial.run_command, "contract_due")
    figure = grouped(count) if count >= 0 else "?"
    return [Spot("Contrats à traiter", figure, False, says, run)]


def closing_due(screen: BaseScreen[Any]) -> list[Spot]:
    """The first day that waits to be closed."""
    day = home.closing_due(screen.context)
    if not day:
        return []
    label = f"Clôture du {day[8:10]}/{day[5:7]}/{day[2:4]}"
    run = partial(screen.codial.run_command, "closings")
    return [Spot(label, "1", False, f"Entrée montre les clôtures, F8 fait la {label.lower()}", run)]


def cut_import(screen: BaseScreen[Any]) -> list[Spot]:
    """An import that was cut comes first: Reprendre or Annuler."""
    file_name = home.cut_import(screen.context)
    if not file_name:
        return []
    says = f"Entrée reprend ou annule l'import de {file_name[:40]}"
    resume = partial(screen.codial.run_command, "import_items")
    return [Spot("Import interrompu", "1", True, says, resume)]


def first_steps(screen: BaseScreen[Any]) -> list[Spot]:
    """What a company that has sold nothing yet does first (ux.md §5)."""
    first = next(iter(doc_types(screen.context.editions)))
    steps: tuple[tuple[str, Run], ...] = (
        ("Importer un tarif", lambda: screen.codial.run_command("import_items")),
        ("Créer un client", lambda: create(screen, "party")),
        (f"Faire un premier {first.title.lower()}", lambda: create(screen, first.kind)),
    )
    return cut_import(screen) + [
        Spot(label, "", False, f"Entrée : {label}", run) for label, run in steps
    ]

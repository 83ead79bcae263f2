"""What F7 opens from a record, by the name that its declaration gives (`RecordType.tool`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from codial_tui.commands import Command
from codial_tui.screens.base import BaseScreen


class RecordTool(NamedTuple):
    """The command of F7, and the screen for a record's id and values. makes: the kind of record
    whose id the screen answers; it is opened."""

    command: Command
    screen: Callable[[int, dict[str, Any]], BaseScreen[Any]]
    makes: str = ""


def _rights(record_id: int, values: dict[str, Any]) -> BaseScreen[None]:
    from .user_rights import UserRightsScreen

    return UserRightsScreen(record_id)


def _moves(record_id: int, values: dict[str, Any]) -> BaseScreen[None]:
    from codial_tui.screens.stock.stock_history import StockHistory

    return StockHistory(record_id, values["reference"], values["label"])


def _due(record_id: int, values: dict[str, Any]) -> BaseScreen[None]:
    from codial_tui.screens.invoicing.subscription_due import SubscriptionDue

    return SubscriptionDue(record_id)


def _machine(record_id: int, values: dict[str, Any]) -> BaseScreen[None]:
    from codial_tui.screens.maintenance.equipment_history import EquipmentHistory

    return EquipmentHistory(record_id)


def _contract(record_id: int, values: dict[str, Any]) -> BaseScreen[None]:
    from codial_tui.screens.maintenance.contract_due import ContractDue

    return ContractDue(record_id)


def _from_model(record_id: int, values: dict[str, Any]) -> BaseScreen[int | None]:
    from .quick_create import QuickCreate

    return QuickCreate("contract", {"model_id": record_id, "label": values["name"]})


TOOLS = {
    "contract": RecordTool(
        Command(
            "tool", "À traiter", "Ses visites, factures, lettres ; sa rentabilité", 7, "À fair"
        ),
        _contract,
    ),
    "contract_new": RecordTool(
        Command("tool", "Faire un contrat", "Un contrat d'après ce modèle", 7, "Contr."),
        _from_model,
        "contract",
    ),
    "equipment_history": RecordTool(
        Command(
            "tool", "Histoire", "Ses interventions, ses contrats, ce qui est dedans", 7, "Hist."
        ),
        _machine,
    ),
    "rights": RecordTool(
        Command("tool", "Droits", "Le rôle et les droits de cette personne", 7, "Droits"), _rights
    ),
    "stock_history": RecordTool(
        Command("tool", "Mouvements de stock", "D'où il vient et où il est parti", 7, "Stock"),
        _moves,
    ),
    "subscription_due": RecordTool(
        Command("tool", "Ce qui est dû", "Les factures de cet abonnement à faire", 7, "Dû"), _due
    ),
}

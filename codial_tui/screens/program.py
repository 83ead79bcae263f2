"""Commands of the whole program, in the menu of every screen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from codial_tui.commands import Command

if TYPE_CHECKING:
    from .base import BaseScreen

HOME = Command("home", "Accueil", "Revient à l'accueil")
IMPORT = Command("import_items", "Importer des articles", "Lit le tarif d'un fournisseur")
RECEIVED = Command(
    "received_invoices", "Factures reçues", "Enregistre la facture électronique d'un fournisseur"
)
FORMS = Command("define_forms", "Champs de la fiche perso", "Ajoute un champ à la fiche des devis")
COUNT = Command("stock_count", "Inventaire", "Compte le stock, au lecteur de codes-barres aussi")
MOVING = Command(
    "stock_transfer", "Transfert entre dépôts", "Plusieurs articles d'un dépôt à un autre"
)
REORDER = Command(
    "stock_reorder", "Réapprovisionnement", "Ce qui passe sous son stock minimum ; F8 commande"
)
BILLING = Command(
    "grouped_billing", "Facturation groupée", "Les bons de livraison d'un mois, en factures"
)
SUBSCRIPTIONS = Command(
    "subscription_due", "Abonnements à facturer", "Ce qui est dû, en factures ; F7 A : tous"
)
PLANNING = Command("planning", "Planning", "Qui est où, quand : interventions, absences")
CONTRACTS = Command(
    "contract_due", "Contrats à traiter", "Visites, factures, reconductions et lettres dues"
)
BANK = Command("bank_review", "Relevé de banque", "Lit un relevé et rapproche les règlements")
COLLECTING = Command(
    "collecting", "Encaissements", "Balance âgée, relances, relevés, règlements d'un client"
)
OUTBOX = Command(
    "outbox", "Factures électroniques", "Dépose celles qui ne le sont pas, lit les statuts reçus"
)
ACCOUNTING = Command(
    "accounting", "Comptabilité", "Écritures à exporter (FEC), TVA, analyse, e-reporting"
)
CLOSINGS = Command(
    "closings", "Clôtures", "Jour, mois, année ; journal, archive fiscale, clé, copie ÉCOLE"
)
NEEDS = Command("all_needs", "Besoins", "Ce que toutes les commandes ont à faire acheter")
REPORTS = Command("reports", "Rapports", "Commandes fournisseur, retards, prix d'achat, marges")
SETTINGS = Command(
    "settings", "Paramètres", "Société, utilisateurs, taux, tarifs, modèles, numéros, ressources"
)
PREFERENCES = Command(
    "preferences", "Préférences", "Ce que vous seul réglez : couleurs, défilement"
)
REPAINT = Command("repaint", "Redessiner l'écran", "Ctrl+L", second=("ctrl+l",))
SUSPEND = Command("suspend", "Suspendre", "Rend la main au shell ; la commande fg revient ici")
QUIT = Command("quit_program", "Quitter", "Ferme le programme ; on y revient au même endroit")

PROGRAM_COMMANDS = (
    HOME,
    IMPORT,
    BILLING,
    SUBSCRIPTIONS,
    PLANNING,
    CONTRACTS,
    COLLECTING,
    BANK,
    ACCOUNTING,
    OUTBOX,
    RECEIVED,
    CLOSINGS,
    COUNT,
    MOVING,
    REORDER,
    NEEDS,
    REPORTS,
    FORMS,
    SETTINGS,
    PREFERENCES,
    REPAINT,
    SUSPEND,
    QUIT,
)

SCREENS = {
    "import_items": "imports.import_preview.ImportScreen",
    "grouped_billing": "chain.grouped_billing.GroupedBilling",
    "subscription_due": "invoicing.subscription_due.SubscriptionDue",
    "planning": "maintenance.planning.PlanningScreen",
    "contract_due": "maintenance.contract_due.ContractDue",
    "bank_review": "payments.bank.BankScreen",
    "collecting": "payments.collecting.CollectingScreen",
    "outbox": "invoicing.outbox.OutboxScreen",
    "accounting": "accounting.accounting.AccountingScreen",
    "received_invoices": "invoicing.received_invoices.ReceivedInvoices",
    "closings": "accounting.closings.ClosingsScreen",
    "all_needs": "buying.needs.NeedsScreen",
    "reports": "buying.reports.ReportsScreen",
    "stock_count": "stock.stock_count.StockCount",
    "stock_transfer": "stock.stock_transfer.StockTransfer",
    "stock_reorder": "stock.reorder.ReorderScreen",
    "define_forms": "document.custom.DefineScreen",
    "settings": "records.settings.SettingsScreen",
    "preferences": "records.preferences.PreferencesScreen",
}
"""Commands that open a screen, loaded when asked for."""


def screen_of(name: str) -> BaseScreen[Any] | None:
    """A new screen for a command; None when the command does something else."""
    if name not in SCREENS:
        return None
    module, _, made = SCREENS[name].rpartition(".")
    screen: BaseScreen[Any] = getattr(import_module(f"{__package__}.{module}"), made)()
    return screen

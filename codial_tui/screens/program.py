"""Commands of the whole program, in the menu of every screen."""

from __future__ import annotations

from codial_tui.commands import Command

HOME = Command("home", "Accueil", "Revient à l'accueil")
IMPORT = Command("import_items", "Importer des articles", "Lit le tarif d'un fournisseur")
FORMS = Command("define_forms", "Champs de la fiche perso", "Ajoute un champ à la fiche des devis")
SETTINGS = Command("settings", "Paramètres", "Société, lieux, utilisateurs, taux, tarifs, modèles")
PREFERENCES = Command("preferences", "Préférences", "Ce que vous seul réglez : le défilement")
REPAINT = Command("repaint", "Redessiner l'écran", "Ctrl+L", second=("ctrl+l",))
SUSPEND = Command("suspend", "Suspendre", "Rend la main au shell ; la commande fg revient ici")
QUIT = Command("quit_program", "Quitter", "Ferme le programme ; on y revient au même endroit")

PROGRAM_COMMANDS = (HOME, IMPORT, FORMS, SETTINGS, PREFERENCES, REPAINT, SUSPEND, QUIT)

"""Commands: one declaration from which key bar, menu (F10) and help (F1) derive.

A command names an action of the screen in view; the screen says which ones it offers and why
one is greyed. Keys are Textual key names; `second` are the other ways that reach it.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One thing a person can do. slot: the function key number (1-10) it sits on, 0 for none.

    name: action name (`action_NAME` of the screen). short: at most 6 cells, for the key bar.
    """

    name: str
    label: str
    help: str
    slot: int = 0
    short: str = ""
    second: tuple[str, ...] = ()
    letter: str = ""
    """letter of the tool inside F7, empty elsewhere"""


def fkeys(*commands: Command) -> dict[int, Command]:
    """The commands by function key."""
    return {command.slot: command for command in commands if command.slot}


HELP = Command("help", "Aide", "Aide sur l'endroit où l'on est", 1, "Aide")
EDIT = Command("edit", "Modifier", "Modifier la ligne ou le champ en entier", 2, "Modif")
PRINT = Command("print", "Imprimer", "Ouvre l'aperçu ; Entrée imprime", 3, "Impr.", ("ctrl+p",))
PICK = Command("pick", "Liste du champ", "Ouvre la liste de ce champ", 4, "Liste")
NEW = Command("new", "Nouveau", "Crée un document ou une fiche", 5, "Nouv.", ("ctrl+n",))
TRANSFER = Command("transfer", "Transférer", "Vers un autre document", 6, "Transf", ("ctrl+t",))
TOOLS = Command("tools", "Outils", "Outils de cet écran, chacun par une lettre", 7, "Outils")
VALIDATE = Command("validate", "Valider", "Valide ce que montre l'écran", 8, "Valid.")
LOOK = Command("look", "Voir", "Regarde ce qui est sous le curseur", 9, "Voir", ("ctrl+o",))
MENU = Command("menu", "Menu", "Toutes les commandes, avec recherche", 10, "Menu")

FUNCTION_KEYS = (HELP, EDIT, PRINT, PICK, NEW, TRANSFER, TOOLS, VALIDATE, LOOK, MENU)

"""Letter and text models: what a new company is offered (assets/letters)."""

from __future__ import annotations

import tomllib

from codial_tui.config import asset
from codial_tui.domain.changes import set_header
from codial_tui.domain.text import clean
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.documents.editing import Editor

from . import rights


def insert(context: Context) -> None:
    """Store the models that ship with the program, inside the caller's transaction; those whose
    name is there already are left as they are."""
    content = tomllib.loads(asset("letters/models.toml").read_text(encoding="utf-8"))
    for place, model in enumerate(content["model"]):
        values = {
            "uid": context.uid(),
            "name": model["name"],
            "kind": model["kind"],
            "body": model["body"].strip(),
            "position": place,
        }
        table, key = "letter_model", "name"
        if model["place"] != "letter":
            table, key = "text_model", "place, name"
            values["place"] = model["place"]
        context.database.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) "
            f"ON CONFLICT ({key}) DO NOTHING",
            list(values.values()),
        )


LETTER = "letter"
NAME, MODEL = 120, 8000
"""characters of the name and text of a model"""
_PLACES = {"opening_text": "opening", "closing_text": "closing", "work_done": "line"}


def models(context: Context, field: str, kind: str) -> list[tuple[str, str]]:
    """Name and body of the models a text field of a kind can start from: opening and closing
    texts, or letters."""
    database = context.database
    place = _PLACES.get(field)
    if place is None:
        found = database.rows(
            "SELECT name, body FROM letter_model WHERE active = 1 AND kind IN ('', ?) "
            "ORDER BY position, id",
            (kind,),
        )
    else:
        found = database.rows(
            "SELECT name, body FROM text_model WHERE active = 1 AND place = ? "
            "AND kind IN ('', ?) ORDER BY position, id",
            (place, kind),
        )
    return [(str(name), str(body)) for name, body in found]


def word_files(context: Context) -> list[str]:
    """Names of the Word letters that wait in the user's inbox."""
    return [path.name for path in attachments.inbox(context) if path.suffix.lower() == ".docx"]


def load_word(editor: Editor, name: str) -> tuple[str, ...]:
    """Make a .docx of the inbox the cover letter, as one step; returns what was left out of it.

    Raises Unreadable for a damaged or huge file.
    """
    from codial_tui.printing.letter import load_docx

    path = next((one for one in attachments.inbox(editor.context) if one.name == name), None)
    if path is None:
        raise refuse("inbox.missing", f"« {name} » n'est pas dans la boîte de dépôt")
    loaded = load_docx(path)
    editor.commit([set_header(editor.document, letter=loaded.text)], f"Lettre {name}")
    return tuple(loaded.notes)


def save_model(
    context: Context, field: str, kind: str, name: str, body: str, *, replace: bool = False
) -> bool:
    """Keep a text of a document as a model of its kind: a letter model, or an opening or closing
    text. False, and nothing is written, when there is one of this name and it is not to be
    replaced; one that was retired serves again. Raises Refused."""
    rights.require(context, "settings")
    name, body = clean(name), clean(body, multiline=True)
    if field not in (LETTER, *_PLACES):
        raise refuse("model.field", "Ce champ n'a pas de modèles", "lettre, texte de début ou fin")
    if not body.strip():
        raise refuse("model.empty", "Le texte est vide", "tapez-le d'abord")
    if len(body) > MODEL:
        raise refuse("model.too_long", f"{MODEL} signes au plus dans un modèle", "raccourcissez")
    if not name or len(name) > NAME:
        raise refuse("model.name", f"Un nom de {NAME} signes au plus", "Devis chauffage", "name")
    database, place = context.database, _PLACES.get(field)
    table = "text_model" if place else "letter_model"
    same, params = "(name = ? OR LOWER(name) = ?)", [name, name.lower()]
    if place:
        same, params = f"{same} AND place = ?", [*params, place]
    with database.write():
        found = database.row(f"SELECT id, active FROM {table} WHERE {same}", params)
        if found and found[1] and not replace:
            return False
        values = {"name": name, "kind": kind, "body": body, "active": 1}
        if found:
            database.update(table, found[0], values)
            return True
        position = database.value(f"SELECT COALESCE(MAX(position), -1) + 1 FROM {table}")
        own = {"place": place} if place else {}
        database.insert(table, {"uid": context.uid(), **own, **values, "position": position})
    return True

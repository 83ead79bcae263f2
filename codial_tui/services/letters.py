"""Letter and text models: what a new company is offered (assets/letters)."""

from __future__ import annotations

import tomllib

from codial_tui.config import asset

from .context import Context


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

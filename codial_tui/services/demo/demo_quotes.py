"""The quotes of the demo company, each with its state, follow-up and log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from codial_tui.domain.document import Document, Value
from codial_tui.domain.quantity import parse_percent
from codial_tui.exchange.documents import parse_document
from codial_tui.services.context import Context, User
from codial_tui.services.documents import documents, requests
from codial_tui.services.records import parties, settings

from . import demo_files
from .demo_chain import Story

_TABLES = {
    "salesperson": ("salesperson_id", "app_user", "initials"),
    "branch": ("branch_id", "branch", "code"),
    "payment_terms": ("payment_terms_id", "payment_terms", "code"),
    "price_list": ("price_list_id", "price_list", "code"),
    "letter_model": ("letter_model", "letter_model", "name"),
    "next_action_by": ("next_action_by", "app_user", "initials"),
    "invoice_party": ("invoice_party_id", "party", "code"),
}
"""Keys of a quote that name a row: header field, table and the column of the code."""


def load(context: Context) -> None:
    """Create the quotes that are not there yet, each as on its day, by who wrote it, and between
    them what they became."""
    there = {row[0] for row in context.database.rows("SELECT external_id FROM document")}
    users = {
        row[3]: User(*row)
        for row in context.database.rows("SELECT id, login, name, initials, role FROM app_user")
    }
    story = Story(context, users)
    for quote in demo_files.quotes():
        story.until(datetime.fromisoformat(quote["log"][0]["at"]))
        if quote["document"]["external_id"] not in there:
            _create(context, quote, users)
    story.until()


def _create(context: Context, quote: Mapping[str, Any], users: Mapping[str, User]) -> None:
    created, *later = quote["log"]
    own = _at(context, created["at"], users[quote["created_by"]])
    document = _document(own, quote)
    documents.insert(own, document, created["text"])
    with context.database.write():
        for event in later:
            then = _at(context, event["at"], users[event["by"]])
            documents.log_event(then, document, event["type"], event["text"])


def _at(context: Context, moment: str, user: User) -> Context:
    """The context of somebody on a day of the story."""
    at = datetime.fromisoformat(moment)
    return replace(context, clock=lambda: at, user=user)


def _document(context: Context, quote: Mapping[str, Any]) -> Document:
    flat, assemblies = _flattened(quote["document"])
    request = parse_document(json.dumps(flat))
    document = requests.build(context, request, assemblies)
    header: dict[str, Value] = {"state": quote["state"]}
    for name, value in {**quote["header"], **quote["follow_up"]}.items():
        header.update(_values(context, document, name, value))
    for event in quote["log"]:
        at = _at(context, event["at"], context.user).now
        if event["type"] == "printed":
            header.setdefault("printed_at", at)
        elif event["type"] == "sent":
            header.setdefault("sent_at", at)
    document.header.update(header)
    return document


def _values(context: Context, document: Document, name: str, value: str) -> dict[str, Value]:
    """The header fields that one key of a quote gives."""
    database = context.database
    party_id = document.number("party_id")
    if name in _TABLES:
        field, table, key = _TABLES[name]
        found = database.value(f"SELECT id FROM {table} WHERE {key} = ?", (value,))
        values: dict[str, Value] = {field: found}
        if name == "salesperson":
            values["salesperson_name"] = parties.user_name(context, found)
        elif name == "payment_terms":
            values["payment_terms_label"] = database.value(
                "SELECT label FROM payment_terms WHERE id = ?", (found,)
            )
        return values
    if name in ("vat_rate", "probability"):
        return {name: parse_percent(value)}
    if name == "vat_regime":
        rate = document.number("vat_rate")
        return {name: value, **settings.regime_values(context, value, rate)}
    if name == "contact":
        row = database.row(
            "SELECT id, name, COALESCE(NULLIF(mobile, ''), phone), email FROM contact "
            "WHERE party_id = ? AND name = ?",
            (party_id, value),
        )
        fields = ("contact_id", "contact_name", "contact_phone", "contact_email")
        return dict(zip(fields, row or ()))
    if name == "works_address":
        row = database.row(
            "SELECT street, street2, postcode, city, country, label FROM address "
            "WHERE party_id = ? AND label = ?",
            (party_id, value),
        )
        parts = ("street", "street2", "postcode", "city", "country", "name")
        return dict(zip((f"delivery_{part}" for part in parts), row or ()))
    return {name: value}


def _flattened(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[int, int]]:
    """What `document create` takes, with ad hoc assemblies as plain items and their components
    behind them; and where those are."""
    lines: list[dict[str, Any]] = []
    assemblies = {}
    for line in document["lines"]:
        if line["type"] == "ad_hoc_assembly":
            assemblies[len(lines)] = len(line["components"])
            plain = {key: value for key, value in line.items() if key != "components"}
            lines += [{**plain, "type": "item"}, *line["components"]]
        else:
            lines.append(line)
    return {**document, "lines": lines}, assemblies

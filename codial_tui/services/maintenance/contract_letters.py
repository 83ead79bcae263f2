"""Letters of contracts: before a visit and before the end, kept with the customer as PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.maintenance.contract_letters import (
    LETTERS,
    Letter,
    said_of_end,
    said_of_visit,
)
from codial_tui.domain.paper.paper import Paper, Text
from codial_tui.domain.paper.richtext import fill, parse
from codial_tui.domain.quantity import format_cents
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments

from . import contract_facts, contract_machines
from .contract_plan import Due

KINDS = {"visit_letter": "contract_visit", "end_letter": "contract_end"}
"""What falls due → the kind of the letter model."""
PDF = "application/pdf"


def model(context: Context, kind: str) -> Letter:
    """The company's own letter of a kind, else the one it starts with."""
    row = context.database.row(
        "SELECT subject, body FROM letter_model WHERE kind = ? AND active = 1 "
        "ORDER BY position, id LIMIT 1",
        (kind,),
    )
    return Letter(row[0] or LETTERS[kind].title, row[1]) if row else LETTERS[kind]


def paper(context: Context, row: dict[str, Any], due: Due) -> Paper:
    """The letter of a visit or an end. Raises Refused for a field that its model does not know."""
    from codial_tui.services.payments import collecting_papers

    letter = model(context, KINDS[due.kind])
    body, problems = fill(parse(letter.body), _fields(context, row, due))
    if problems:
        raise Refused(*problems)
    found = collecting_papers.addressed(context, row["party_id"], letter.title, [Text(body)])
    return replace(found, facts=(*found.facts, f"Votre contrat : {row['number']}"))


def _fields(context: Context, row: dict[str, Any], due: Due) -> dict[str, str]:
    day = date.fromisoformat(due.due_on)
    (facts,) = contract_facts.load(context, [row])
    said = (said_of_visit if due.kind == "visit_letter" else said_of_end)(facts.terms, day)
    price = f"{format_cents(facts.price(said.term))} €"
    party = context.database.row("SELECT code, name FROM party WHERE id = ?", (row["party_id"],))
    code, name = party or ("", "")
    machines = contract_machines.machines(context, row["id"], day.isoformat())
    return {
        "client.nom": name,
        "client.code": code,
        "contrat.numero": row["number"],
        "contrat.objet": row["label"],
        "contrat.debut": format_date(date.fromisoformat(row["starts_on"])),
        "contrat.fin": format_date(said.last),
        "contrat.prix": price,
        "contrat.reconduction": said.renewal.format(price=price),
        "contrat.materiels": ", ".join(_machine(one) for one in machines) or "votre installation",
        "visite.date": format_date(_planned(context, row["id"], day)),
    }


def _planned(context: Context, contract_id: int, day: date) -> date:
    """When a visit is: the day its work order is planned on, where it is made already."""
    found = context.database.value(
        "SELECT d.planned_date FROM contract_due x JOIN document d ON d.id = x.document_id "
        "WHERE x.contract_id = ? AND x.kind = 'visit' AND x.due_on = ?",
        (contract_id, day.isoformat()),
    )
    return date.fromisoformat(found) if found else day


def _machine(row: dict[str, Any]) -> str:
    serial = f"n° {row['serial']}" if row["serial"] else ""
    return " ".join(filter(None, (row["brand"], row["type"], row["model"], serial))) or row["code"]


def write(context: Context, row: dict[str, Any], due: Due) -> str:
    """Draw a letter and keep it with its customer, inside the caller's transaction; its file
    name."""
    from codial_tui.services.payments import collecting_papers

    words = "Avis de visite" if due.kind == "visit_letter" else "Avis de terme"
    name = f"{words} {row['number']} {due.due_on}.pdf".replace("/", "-")
    pdf = collecting_papers.drawn(context, paper(context, row, due))
    attachments.insert(context, "party", _party_uid(context, row["id"]), name, PDF, pdf, "printed")
    return name


def _party_uid(context: Context, contract_id: int) -> str:
    return str(
        context.database.value(
            "SELECT p.uid FROM party p JOIN contract c ON c.party_id = p.id WHERE c.id = ?",
            (contract_id,),
        )
    )


def copy_out(context: Context, name: str, contract_id: int, folder: Path) -> Path:
    """Put a letter that was made into a folder; its path. Raises PrintFailed, Refused."""
    from codial_tui.printing.output import write_pdf

    found = context.database.value(
        "SELECT id FROM attachment WHERE owner_uid = ? AND name = ? ORDER BY id DESC LIMIT 1",
        (_party_uid(context, contract_id), name),
    )
    if found is None:
        raise refuse("letter.missing", f"{name} introuvable", "regardez la fiche du client")
    write_pdf(folder / name, attachments.content(context, int(found)), replace=True)
    return folder / name

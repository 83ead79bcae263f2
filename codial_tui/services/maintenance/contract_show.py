"""A contract as scripts see it: names in English, decimals as text."""

from __future__ import annotations

from datetime import date
from typing import Any

from codial_tui.domain.dates import format_date
from codial_tui.domain.kinds import ref_of
from codial_tui.domain.maintenance.contract_record import KINDS
from codial_tui.domain.maintenance.contracts import term_start
from codial_tui.domain.money import SCALE4, SCALE6
from codial_tui.domain.quantity import decimal_text, format_quantity
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context

from . import contract_cover, contract_facts, contract_machines, contract_rest, contracts

_NAMES = (
    *("number", "label", "kind", "state", "starts_on", "term_on", "final_on", "due_from"),
    *("ended_on", "end_reason", "duration", "duration_unit", "renewal", "renewed", "revision"),
    *("billing_every", "billing_when", "visit_rule", "visits", "letter_visit", "letter_end"),
)


def every(context: Context) -> list[dict[str, Any]]:
    """All contracts by column name, in order of number, with their customer's code."""
    return context.database.mappings(
        "SELECT c.*, p.code AS customer FROM contract c JOIN party p ON p.id = c.party_id "
        "ORDER BY c.number, c.id"
    )


def of(context: Context, number: str) -> dict[str, Any]:
    """A contract, its machines, and what was made of it, in order. Raises Refused."""
    row = contracts.get(context, number)
    database, today = context.database, context.today.isoformat()
    (facts,) = contract_facts.load(context, [row])
    first, until = (term_start(facts.terms, row["renewed"] + one) for one in (0, 1))
    parent = database.value("SELECT number FROM contract WHERE id = ?", (row["parent_id"],))
    return {
        **{name: row[name] for name in _NAMES},
        "customer": database.value("SELECT code FROM party WHERE id = ?", (row["party_id"],)),
        "parent": parent,
        "ends_on": contracts.ends(context, row).isoformat(),
        "price": decimal_text(row["price"], 100, minimum=2),
        "vat_rate": decimal_text(row["vat_rate"] * 100, SCALE6),
        "coefficient": decimal_text(row["coefficient"], SCALE6),
        "quota": decimal_text(row["quota"], SCALE4),
        "used": decimal_text(facts.used(first, until), SCALE4),
        "extra_price": decimal_text(row["extra_price"], SCALE4, minimum=2),
        **{
            f"{use}_includes": [
                name for name in contract_cover.CLASSES.values() if row[f"{use}_{name}"]
            ]
            for use in ("visit", "repair")
        },
        "site": database.value(
            "SELECT CASE WHEN label <> '' THEN label ELSE street END FROM address WHERE id = ?",
            (row["address_id"],),
        ),
        "machines": [one["code"] for one in contract_machines.machines(context, row["id"], today)],
        "covered": contract_machines.every(context, row["id"]),
        "made": _made(context, row["id"]),
        "warnings": contract_rest.told(context, row),
    }


def summary(context: Context, contract_id: int) -> str:
    """A contract on one row: its term, the end that is sent, what its term used."""
    row = contracts.load(context, contract_id)
    words = [f"{row['number']} {row['label']}".rstrip()]
    if rest := contract_rest.told(context, row):
        words.append(f"! {' · '.join(rest)}")
    words.append(f"échéance {format_date(date.fromisoformat(row['term_on']))}")
    words.append(f"fin {format_date(contracts.ends(context, row))}")
    if row["kind"] != "flat":
        (facts,) = contract_facts.load(context, [row])
        first, until = (term_start(facts.terms, row["renewed"] + one) for one in (0, 1))
        used, quota = (format_quantity(one, 0) for one in (facts.used(first, until), row["quota"]))
        words.append(f"{used} de {quota} {dict(KINDS)[row['kind']].lower()}")
    return " · ".join(words)


def _made(context: Context, contract_id: int) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "due": due_on,
            "ref": (number or ref_of(document_kind, document_id)) if document_id else None,
            "amount": decimal_text(amount, 100, minimum=2),
            "detail": detail,
        }
        for kind, due_on, amount, detail, document_id, document_kind, number in (
            context.database.rows(
                "SELECT x.kind, x.due_on, x.amount, x.detail, d.id, d.kind, d.number "
                "FROM contract_due x LEFT JOIN document d ON d.id = x.document_id "
                "WHERE x.contract_id = ? ORDER BY x.due_on, x.id",
                (contract_id,),
            )
        )
    ]


def machine(context: Context, text: str) -> int:
    """The machine of a code or serial number. Raises Refused for none, or several of a serial."""
    found = context.database.rows(
        "SELECT id FROM equipment WHERE code_fold = ? AND code <> ''", (fold(text),)
    ) or context.database.rows(
        "SELECT id FROM equipment WHERE serial_fold = ? AND serial <> ''", (fold(text),)
    )
    if len(found) != 1:
        said = f"Machine {text} introuvable" if not found else f"Plusieurs machines n° {text}"
        remedy = "codial-tui equipment list" if not found else "donnez son code"
        raise refuse("equipment.unknown", said, remedy, "machine")
    return int(found[0][0])


def site(context: Context, party_id: int, text: str) -> int:
    """The address of a customer by its name or street. Raises Refused for none or several."""
    found = [
        row[0]
        for row in context.database.rows(
            "SELECT id, label, street FROM address WHERE party_id = ? AND active = 1", (party_id,)
        )
        if fold(text) in (fold(row[1]), fold(row[2]))
    ]
    if len(found) != 1:
        said = f"Plusieurs sites « {text} »" if found else f"Site « {text} » introuvable"
        raise refuse("address.unknown", said, "le nom ou la rue d'une adresse du client", "site")
    return int(found[0])


def technician(context: Context, login: str) -> int:
    """The person of a login. Raises Refused."""
    found = context.database.value(
        "SELECT id FROM app_user WHERE login = ? AND active = 1", (login,)
    )
    if found is None:
        raise refuse("user.unknown", f"{login} introuvable", "codial-tui users list", "technician")
    return int(found)

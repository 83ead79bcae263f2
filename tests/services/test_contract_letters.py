"""Letters of contracts: what they say, where they are kept, and the outcome when their file cannot
be written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from contract_desk import ContractDesk

from codial_tui.domain.maintenance.contract_letters import (
    OVER,
    TACIT,
    Said,
    said_of_end,
    said_of_visit,
)
from codial_tui.domain.maintenance.contracts import Terms
from codial_tui.services.context import Context
from codial_tui.services.maintenance import contract_preview, contract_run

BODY = "Prix {contrat.prix}.\n\nFin {contrat.fin}.\n\n{contrat.reconduction}\n\nFormules."


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> ContractDesk:
    found = ContractDesk(context, tmp_path)
    found.at("2026-12-20")
    return found


@pytest.fixture
def contract(desk: ContractDesk) -> int:
    """Of 1 050,00 € until 19/12/27, renewed at 5 % more."""
    return desk.contract(
        desk.customer("MARTIN"),
        starts_on="2026-12-20",
        price=105_000,
        revision="coefficient",
        coefficient=1_050_000,
        visit_rule="tous les 3 mois",
        letter_visit=15,
        letter_end=30,
    )


def letter(desk: ContractDesk, kind: str, due_on: str) -> str:
    """A letter that is due by the end of 2028, as text."""
    day = date.fromisoformat(due_on)
    (due,) = [one for one in desk.due(due_on) if (one.kind, one.due_on) == (kind, day.isoformat())]
    return "\n".join(contract_preview.rows(desk.context, due))


def own_model(desk: ContractDesk, kind: str) -> None:
    with desk.context.database.write():
        values = {"name": "Nôtre", "kind": kind, "subject": "LETTRE", "body": BODY}
        desk.context.database.insert("letter_model", {"uid": desk.context.uid(), **values})


def test_a_visit_letter_tells_the_term_that_the_visit_lies_in(
    desk: ContractDesk, contract: int
) -> None:
    own_model(desk, "contract_visit")
    said = letter(desk, "visit_letter", "2027-03-20")
    assert "Prix 1 050,00 €." in said
    assert "Fin 19/12/27." in said
    assert "reconduit" not in said and "Formules." in said
    said = letter(desk, "visit_letter", "2028-03-20")
    assert "Prix 1 102,50 €." in said and "Fin 19/12/28." in said


def test_an_end_letter_tells_the_next_price(desk: ContractDesk, contract: int) -> None:
    own_model(desk, "contract_end")
    said = letter(desk, "end_letter", "2027-12-20")
    assert "Prix 1 102,50 €." in said and "Fin 19/12/27." in said
    assert "reconduit tacitement, au prix de 1 102,50 €" in said.replace("\n", " ")


TERMS = Terms(date(2026, 12, 20))


@pytest.mark.parametrize(
    ("terms", "day", "said"),
    [
        (TERMS, date(2027, 3, 20), Said(0, date(2027, 12, 19))),
        (TERMS, date(2027, 12, 20), Said(1, date(2028, 12, 19))),
        (TERMS._replace(final=date(2027, 6, 1)), date(2027, 3, 20), Said(0, date(2027, 5, 31))),
        (TERMS._replace(ended=date(2027, 6, 1)), date(2027, 3, 20), Said(0, date(2027, 5, 31))),
        (TERMS._replace(renewal="open"), date(2027, 3, 20), Said(0, date(2027, 12, 20))),
    ],
)
def test_what_a_visit_letter_says(terms: Terms, day: date, said: Said) -> None:
    assert said_of_visit(terms, day) == said


@pytest.mark.parametrize(
    ("terms", "day", "said"),
    [
        (TERMS, date(2027, 12, 20), Said(1, date(2027, 12, 19), TACIT)),
        (TERMS._replace(renewal="none"), date(2027, 12, 20), Said(0, date(2027, 12, 19), OVER)),
        (
            TERMS._replace(final=date(2028, 12, 20)),
            date(2028, 12, 20),
            Said(1, date(2028, 12, 19), OVER),
        ),
    ],
)
def test_what_an_end_letter_says(terms: Terms, day: date, said: Said) -> None:
    assert said_of_end(terms, day) == said


def test_a_letter_whose_file_cannot_be_written_is_made(
    desk: ContractDesk, contract: int, tmp_path: Path
) -> None:
    name = "Avis de visite CT26-0001 2027-03-20.pdf"
    (tmp_path / name).mkdir()
    desk.at("2027-03-05")
    due = [one for one in desk.due("2027-03-05") if one.kind == "visit_letter"]
    (made,) = contract_run.run(desk.context, due, folder=tmp_path)
    assert made.made and made.ref == name
    assert made.refusal.startswith("faite, gardée dans la GED de Martin · PDF non écrit : ")
    rows = desk.context.database.rows
    assert rows("SELECT detail FROM contract_due WHERE kind = 'visit_letter'") == [(name,)]
    assert rows("SELECT name FROM attachment WHERE owner = 'party'") == [(name,)]
    assert [one for one in desk.due("2027-03-05") if one.kind == "visit_letter"] == []

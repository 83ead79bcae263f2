"""`document list` and `export documents`: the filters of the lists, without a screen."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from command_line import PARTY, CommandLine, request
from python_calamine import CalamineWorkbook


@pytest.fixture
def made(tmp_path: Path) -> CommandLine:
    """Three quotes: two of MARTIN, a week apart, one of =DUVAL."""
    cli = CommandLine(tmp_path / "codial.sqlite3", dict(os.environ))
    cli("init", "--name", "Essai")
    people = ({**PARTY, "save": True}, "C00001", {**PARTY, "name": "=DUVAL", "save": True})
    for day, who, quantity in zip(("2099-11-01", "2099-11-08", "2099-11-20"), people, "123"):
        line = {"type": "item", "label": "Pose", "quantity": quantity, "unit_price": "48.05"}
        content = json.dumps(request(customer=who, date=day, lines=[line]))
        cli("document", "create", "-", stdin=content)
    return cli


def listed(cli: CommandLine, *options: str) -> list[str]:
    found = cli("document", "list", *options, "--json").json["documents"]
    return [one["ref"][-1] for one in found]


def test_each_filter_and_order(made: CommandLine) -> None:
    assert listed(made) == ["3", "2", "1"]
    assert listed(made, "--customer", "C00001") == ["2", "1"]
    assert listed(made, "--customer", "=duval") == ["3"]
    assert listed(made, "--from", "2099-11-02") == ["3", "2"]
    assert listed(made, "--from", "2099-11-02", "--to", "2099-11-10") == ["2"]
    assert listed(made, "--search", "martin 01/11/99-05/11/99") == ["1"]
    assert listed(made, "--search", ">50 <100") == ["2"]
    assert listed(made, "--sort", "net_total", "--ascending") == ["1", "2", "3"]
    assert listed(made, "--mark", "expired") == []
    assert listed(made, "--kind", "order", "--mark", "to_deliver") == []


def test_names_that_are_none_are_wrong_usage(made: CommandLine) -> None:
    for wrong in (
        ("--customer", "personne"),
        ("--salesperson", "personne"),
        ("--branch", "nulle-part"),
        ("--mark", "to_deliver"),  # quotes have none
        ("--state", "open"),
        ("--sort", "password"),
        ("--kind", "planet"),
    ):
        answer = made("document", "list", *wrong, code=2)
        assert answer.problems == [("input.unreadable", "")], wrong
        assert made("export", "documents", *wrong, code=2).problems == answer.problems
    assert "AAAA-MM-JJ" in made("document", "list", "--from", "hier", code=2).err


def test_documents_as_tables(made: CommandLine, tmp_path: Path) -> None:
    target, book = tmp_path / "devis.csv", tmp_path / "devis.xlsx"
    options = ("--sort", "net_total", "--ascending", "--from", "2099-11-02")
    said = made("export", "documents", *options, "-o", str(target), "--json").json
    assert said == {"file": str(target), "rows": 2}
    rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [(row["Date"], row["Tiers"], row["HT"], row["TTC"]) for row in rows] == [
        ("08/11/2099", "MARTIN", "96,10", "115,32"),
        ("20/11/2099", "'=DUVAL", "144,15", "172,98"),
    ]
    made("export", "documents", *options, "-o", str(book))
    cells = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    price, name = cells[0].index("HT"), cells[0].index("Tiers")
    assert [(row[name], row[price]) for row in cells[1:]] == [("MARTIN", 96.1), ("=DUVAL", 144.15)]
    assert made("export", "documents", "-o", str(book), code=2).problems == [
        ("input.unreadable", "")
    ]
    assert made("export", "documents", "--state", "refused").out.splitlines() == [
        "Numéro;Date;Code tiers;Tiers;Objet;HT;Commercial;État;Validité;Prob.;Agence;TTC"
    ]

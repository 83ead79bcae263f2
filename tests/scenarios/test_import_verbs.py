"""`import` and `vat` on the command line: exit codes and JSON of cli.md, and the files left."""

import json
from pathlib import Path
from typing import Any

import pytest

from codial_tui.bootstrap import open_program
from codial_tui.cli.faults import guarded
from codial_tui.cli.parser import parse
from codial_tui.services.records import company, parties

HEAD = "référence;désignation;prix"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    url = str(tmp_path / "c.sqlite3")
    program = open_program(url, create=True, login="essai")
    company.init(program.context, "Essai")
    parties.create(program.context, {"code": "REXO", "name": "REXO", "is_supplier": 1})
    program.close()
    return url


class Cli:
    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.capsys = url, capsys

    def text(self, *words: str) -> tuple[int, str]:
        options = parse(["--database", self.url, *words])
        code = guarded(options, options.run)
        return code, self.capsys.readouterr().out

    def __call__(self, *words: str) -> tuple[int, Any]:
        code, out = self.text(*words, "--json")
        return code, json.loads(out)


@pytest.fixture
def cli(url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(url, capsys)


def write(*lines: str) -> str:
    Path("tarif.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return "tarif.csv"


def test_the_report_of_an_import(cli: Cli) -> None:
    file = write(HEAD, "A1;Tube;8,45", "A2;Té;2,849,83", "A3;Coude;1,10")
    code, found = cli("import", "items", file)
    names = ("added", "changed", "unchanged", "refused", "complete", "id")
    assert (code, [found[name] for name in names]) == (0, [2, 0, 0, 1, True, 1])
    assert found["rows"] == [
        {"row": 3, "code": "price.unreadable", "message": "prix : deux virgules"}
    ]
    assert found["rejects"] == "tarif.rejets.csv"
    lines = Path("tarif.rejets.csv").read_text("utf-8-sig").splitlines()
    assert lines[1] == "3;A2;Té;price;2,849,83;price.unreadable;prix : deux virgules"
    code, found = cli("import", "items", file)
    assert (code, found["added"], found["unchanged"]) == (0, 0, 2)
    assert cli("import", "undo", "1")[1] == {"id": 1, "undone": 2, "skipped": []}
    assert cli("import", "undo", "1")[0] == 1
    assert cli("import", "undo", "77")[1]["problems"][0]["code"] == "import.unknown"


def test_a_dry_run_says_everything_and_writes_nothing(cli: Cli) -> None:
    write(HEAD, "A1;Tube;8,45")
    cli("import", "items", "tarif.csv")
    before = sorted(path.name for path in Path().iterdir())
    file = write(HEAD, "A1;Tube;9,00", "A2;Té;1", "A3;\x1b[31mCoude;x")
    code, found = cli("import", "items", file, "--dry-run")
    assert (code, found["added"], found["changed"], found["refused"]) == (0, 1, 1, 1)
    assert [(row["row"], row["action"], row["key"]) for row in found["plan"]] == [
        (2, "changed", "A1"), (3, "added", "A2"), (4, "refused", "A3")
    ]  # fmt: skip
    assert found["plan"][0]["changes"] == [{"field": "sale_price", "old": 84_500, "new": 90_000}]
    assert sorted(path.name for path in Path().iterdir()) == before
    code, said = cli.text("import", "items", file, "--dry-run")
    assert "ligne 3 créée : A2 Té" in said and "ligne 4 refusée : A3 Coude · prix illisible" in said
    assert "\x1b" not in said
    assert cli("import", "items", file)[1]["added"] == 1


def test_exit_codes(cli: Cli) -> None:
    assert cli("import", "items", "absent.csv")[0] == 2
    Path("bad.csv").write_bytes(b"\x00\x01\x02" * 50)
    assert cli("import", "items", "bad.csv")[0] == 2
    assert cli("import", "items", write("A1;Tube;8,45", "A2;Té;1,10"))[0] == 2  # no header
    code, found = cli("import", "items", write(HEAD, "A1;Tube;x", "A2;Té;y"))
    assert (code, found["refused"], found["problems"][0]["code"]) == (1, 2, "import.nothing")
    code, found = cli("import", "items", write(HEAD, "A1;Tube;1"), "--supplier", "NOBODY")
    assert (code, found["problems"][0]["code"]) == (1, "supplier.unknown")
    assert cli("import", "items", "tarif.csv", "--format", "datanorm")[0] == 2
    for words in (["import"], ["import", "items"], ["import", "undo", "x"], ["vat", "add"]):
        with pytest.raises(SystemExit) as stopped:
            parse(words)
        assert stopped.value.code == 2


def test_parties_and_suppliers_prices(cli: Cli, url: str) -> None:
    people = write("code;nom;adresse;code postal;ville;siren", "C1;Élan;;69003;LYON;732829320")
    assert cli("import", "customers", people)[1]["added"] == 1
    assert cli("import", "suppliers", write("nom;code", "Élec;E1"))[1]["added"] == 1
    prices = write(HEAD, "A1;Tube;5,10")
    assert cli("import", "items", prices, "--supplier", "REXO")[1]["added"] == 1
    program = open_program(url, login="essai")
    item = program.context.database.row("SELECT sale_price, purchase_price FROM item")
    program.close()
    assert item == (0, 51_000)


def test_a_mapping_is_kept_and_used_again(cli: Cli) -> None:
    file = write(HEAD, "A1;Tube;8,45")
    cli("import", "items", file, "--save-mapping", "mine.toml", "--dry-run")
    bare = write("x;y;z", "A1;Tube;8,45")
    assert cli("import", "items", bare)[0] == 2
    mapping = Path("mine.toml").read_text("utf-8")
    for column, position in (("référence", 1), ("désignation", 2), ("prix", 3)):
        mapping = mapping.replace(f'"{column}"', str(position))
    Path("mine.toml").write_text(mapping, "utf-8")
    assert cli("import", "items", bare, "--mapping", "mine.toml")[1]["added"] >= 1


def test_nothing_to_resume(cli: Cli) -> None:
    assert cli("import", "resume")[1] == {"imports": []}
    assert cli("import", "resume", "5")[0] == 1


def test_rates_are_data(cli: Cli) -> None:
    file = write("ref;libelle;tva", "A1;Tube;8,5")
    assert cli("import", "items", file)[1]["rows"][0]["code"] == "vat_rate.unknown"
    assert cli("vat", "add", "8.5", "--label", "DOM")[1] == {"rate": "8.5", "label": "DOM"}
    assert cli("import", "items", file)[1]["added"] == 1
    assert cli("vat", "add", "8,5")[0] == 1
    assert cli("vat", "add", "101")[0] == 1
    assert cli("vat", "add", "douze")[0] == 2

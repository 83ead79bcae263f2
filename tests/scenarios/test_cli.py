"""Stories told to the real program without a screen (cli.md): answers, exit codes, effects."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from command_line import LINE, PARTY, CommandLine, request

from codial_tui.bootstrap import open_program
from codial_tui.cli.completion import words_of
from codial_tui.cli.parser import VERBS, build


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "codial.sqlite3", dict(os.environ))


@pytest.mark.long
def test_from_nothing_to_a_printed_quote(cli: CommandLine, tmp_path: Path) -> None:
    assert cli("document", "list", code=1).problems == [("database.refused", "")]
    assert not cli.database.exists()
    made = cli("init", "--name", "Essai SARL", "--siren", "123456782", "--json").json
    assert made["company"]["vat_number"] == "FR11123456782"
    assert cli("init", "--name", "Autre", code=1).problems == [("company.exists", "")]

    asked = request(
        subject="Chaudière",
        external_id="shop-1",
        lines=[
            {"type": "chapter", "label": "Plomberie", "level": 1},
            {**LINE, "discounts": ["10"], "vat_rate": "20.00"},
            {**LINE, "tags": ["option"]},
        ],
        adjustments=[{"type": "shipping", "amount": "10.00", "vat_rate": "20"}],
    )
    file = tmp_path / "quote.json"
    file.write_text(json.dumps(asked))
    made = cli("document", "create", str(file), "--json").json
    assert (made["ref"], made["number"], made["kind"]) == ("DE99-00001", "DE99-00001", "quote")
    assert (made["state"], made["marks"], made["version"]) == ("pending", [], 1)
    assert [line["number"] for line in made["lines"]] == ["1", "1.1", "1.2"]
    assert all(isinstance(line["id"], int) for line in made["lines"])
    assert made["totals"] == {
        "lines_net": "86.40",
        "adjustments": "10.00",
        "net": "96.40",
        "vat": [{"category": "S", "rate": "20", "base": "96.40", "amount": "19.28"}],
        "vat_total": "19.28",
        "gross": "115.68",
        "payable": "115.68",
        "cost": "0.00",
        "margin": "96.40",
    }
    again = cli("document", "create", "-", "--json", stdin=file.read_bytes()).json
    assert again == made
    assert cli("--json", "document", "show", made["ref"]).json == made
    assert "HT 96,40 · TVA 19,28 · TTC 115,68" in cli("document", "show", "DE99-00001").out
    assert cli("document", "validate", "DE99-00001", "--json").json == made

    text = cli("document", "print", "DE99-00001", "--preview").out
    assert "DEVIS DE99-00001" in text and "Objet : Chaudière" in text
    assert max(map(len, text.splitlines())) <= 80
    draft = tmp_path / "draft.pdf"
    cli("document", "print", "DE99-00001", "--preview", "-o", str(draft))
    assert draft.read_bytes().startswith(b"%PDF")
    assert cli("document", "show", "DE99-00001", "--json").json["printed_at"] is None

    official = tmp_path / "quote.pdf"
    done = cli("document", "print", "DE99-00001", "-o", str(official), "--json").json
    assert done["bytes"] == official.stat().st_size
    assert cli("document", "show", "DE99-00001", "--json").json["printed_at"]
    taken = cli("document", "print", "DE99-00001", "-o", str(official), code=1)
    assert taken.problems == [("print.failed", "")]
    cli("document", "print", "DE99-00001", "-o", str(official), "--force")
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", str(official), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "Total TTC" in text and "115,68 €" in text

    found = cli("document", "list", "--json").json["documents"]
    assert [(one["ref"], one["net"], one["gross"]) for one in found] == [
        ("DE99-00001", "96.40", "115.68")
    ]
    assert cli("document", "list", "--search", "absent", "--json").json == {"documents": []}
    deleted = cli("document", "delete", "DE99-00001", code=1)
    assert deleted.problems == [("document.printed", "")]
    assert cli("verify", "--json").json == {"documents": 1, "problems": []}


def test_wrong_usage_speaks_french_and_exits_2(cli: CommandLine) -> None:
    assert "il manque" in cli("document", "show", code=2).err
    assert "je ne comprends pas : --magie" in cli("doctor", "--magie", code=2).err
    assert "choix" in cli("export", "planets", code=2).err
    assert "usage :" in cli("nonsense", code=2).err
    assert cli("init", code=2).problems == [("input.unreadable", "")]
    assert cli(code=2).problems == [("input.unreadable", "")]  # no terminal here
    assert cli("open", "DE99-00001", code=2).problems == [("input.unreadable", "")]
    assert not cli.database.exists()
    assert cli("--version").out.startswith("codial-tui ")
    assert "verbes" in cli("--help").out


@pytest.mark.long
def test_two_programs_ask_for_the_same_document_at_once(cli: CommandLine) -> None:
    cli("init", "--name", "Essai")
    content = json.dumps(request(external_id="shop-1"))
    answers: list[str] = []

    def ask() -> None:
        answers.append(cli("document", "create", "-", "--json", stdin=content).out)

    both = [threading.Thread(target=ask) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert json.loads(answers[0])["id"] == json.loads(answers[1])["id"]
    assert len(cli("document", "list", "--json").json["documents"]) == 1


def test_a_reader_that_goes_away_is_no_fault(cli: CommandLine) -> None:
    cli("init", "--name", "Essai")
    lines = [{"type": "comment", "label": "x" * 2000}] * 200
    content = json.dumps(request(lines=lines)).encode()
    with subprocess.Popen(
        cli.command("document", "create", "-", "--json"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(content)
        process.stdin.close()
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.long
def test_a_locale_without_accents_loses_no_data(cli: CommandLine) -> None:
    cli("init", "--name", "Éric & Zoé")
    plain = {**cli.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ascii_only = CommandLine(cli.database, plain)
    content = json.dumps(request(customer={**PARTY, "name": "Œuvré", "save": True}))
    made = ascii_only("document", "create", "-", "--json", stdin=content)
    assert made.out.isascii()
    assert made.json["party"]["name"] == "Œuvré"
    assert "?uvr?" in ascii_only("document", "list").out
    assert "Œuvré" in ascii_only("export", "customers").out
    assert ascii_only("document", "show", "Œ", code=1).problems == [("document.unknown", "")]


def test_the_demo_is_made_once(cli: CommandLine) -> None:
    where = cli("demo", "--no-open", "--json").json["database"]
    assert where == str(cli.database)
    shown = cli("document", "show", "DE26-00042", "--json").json
    assert (shown["totals"]["net"], shown["totals"]["gross"]) == ("12340.50", "14808.60")
    for kind, count in (("items", 378), ("customers", 39)):  # what went out comes in unchanged
        file = str(cli.database.with_name(f"{kind}.csv"))
        assert cli("export", kind, "-o", file, "--json").json["rows"] == count
        report = cli("import", kind, file, "--json").json
        counts = [report[name] for name in ("added", "changed", "unchanged", "refused")]
        assert counts == [0, 0, count, 0]
    assert cli("stock", "show", "TUB12", "--json").json["stock"][0]["quantity"] == "140"
    cli("demo", "--no-open")
    assert len(cli("document", "list", "--json").json["documents"]) == 45
    assert sorted(path.name for path in cli.database.parent.glob(".codial*")) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root écrit partout")
def test_a_read_only_database_is_refused_and_untouched(cli: CommandLine) -> None:
    cli("init", "--name", "Essai")
    before = cli.database.read_bytes()
    cli.database.chmod(0o444)
    answer = cli("document", "create", "-", stdin=json.dumps(request()), code=1)
    assert answer.problems == [("database.refused", "")]
    assert cli.database.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_untouched(cli: CommandLine) -> None:
    cli.database.write_text("bonjour" * 100)
    assert cli("document", "list", code=1).problems == [("database.refused", "")]
    assert cli("init", "--name", "Essai", code=1).problems == [("database.refused", "")]
    assert cli.database.read_text() == "bonjour" * 100
    found = cli("doctor", "--json", code=1)
    assert ("doctor.database", "database") in found.problems


def test_backup_and_restore(cli: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    cli("init", "--name", "Essai")
    cli("document", "create", "-", stdin=json.dumps(request()))
    assert cli("backup", str(copy), "--json").json["bytes"] == copy.stat().st_size
    assert cli("backup", str(copy), code=1).problems == [("database.refused", "")]
    cli("document", "create", "-", stdin=json.dumps(request()))

    program = open_program(str(cli.database))
    try:
        answer = cli("restore", str(copy), code=1)
        assert "1 programme ouvert" in answer.err
    finally:
        program.close()
    assert len(cli("document", "list", "--json").json["documents"]) == 2

    kept = Path(cli("restore", str(copy), "--json").json["kept"])
    assert len(cli("document", "list", "--json").json["documents"]) == 1
    assert len(CommandLine(kept, cli.environ)("document", "list", "--json").json["documents"]) == 2
    program = open_program(str(cli.database))
    try:
        row = program.context.database.row("SELECT action, detail FROM audit_log ORDER BY id DESC")
        assert row is not None
        assert (row[0], json.loads(row[1])["kept"]) == ("database.restore", str(kept))
    finally:
        program.close()

    damaged = copy.read_bytes()[:-5000]
    copy.write_bytes(damaged)
    assert cli("restore", str(copy), code=1).problems == [("database.refused", "")]
    assert len(cli("document", "list", "--json").json["documents"]) == 1
    assert [one.name for one in tmp_path.glob("*.restore*")] == []


def test_a_damaged_database_can_be_restored(cli: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    cli("init", "--name", "Essai")
    cli("backup", str(copy))
    cli.database.write_bytes(b"\0" * 10_000)
    kept = Path(cli("restore", str(copy), "--json").json["kept"])
    assert kept.read_bytes() == b"\0" * 10_000
    assert cli("verify", "--json").json == {"documents": 0, "problems": []}


def test_verify_finds_a_cent(cli: CommandLine) -> None:
    cli("init", "--name", "Essai")
    cli("document", "create", "-", stdin=json.dumps(request()))
    program = open_program(str(cli.database))
    with program.context.database.write():
        program.context.database.execute("UPDATE document SET net_total = net_total + 1")
        program.context.database.execute("UPDATE document_line SET amount = amount - 1")
    program.close()
    answer = cli("verify", "--json", code=1)
    assert set(answer.problems) == {
        (code, "DE99-00001") for code in ("total.net", "total.gross", "line.amount")
    }


def test_every_verb_is_found_in_the_module_that_is_loaded_for_it() -> None:
    found = {path[0] for path, _ in words_of(build()) if path}
    assert found == set(VERBS)
    for verb, module in VERBS.items():
        assert verb in {path[0] for path, _ in words_of(build([module])) if path}


def test_completion_knows_every_verb(cli: CommandLine, tmp_path: Path) -> None:
    if not shutil.which("bash"):
        pytest.skip("bash absent")
    script = tmp_path / "completion"
    script.write_text(cli("completion", "bash").out)
    asked = 'COMP_WORDS=(codial-tui {}); COMP_CWORD={}; _codial_tui; echo "${{COMPREPLY[@]}}"'
    words = [("document s", 2), ("do", 1), ("document print DE26-00001 --p", 4), ("users ", 2)]
    told = subprocess.run(
        ["bash", "-c", "\n".join([f"source {script}", *(asked.format(*one) for one in words)])],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    ).stdout.splitlines()
    assert told[0] == "show sign"
    assert told[1] == "document doctor"
    assert told[2] == "--printer --preview"
    assert {"list", "add", "role"} <= set(told[3].split())
    assert "complete -c codial-tui" in cli("completion", "fish").out
    assert cli("completion", "zsh").out.startswith("#compdef codial-tui")

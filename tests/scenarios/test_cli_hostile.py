"""What web shops, scripts and enemies send: refused in words, nothing stored."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import LINE, PARTY, Answer, request

from codial_tui.__main__ import main
from codial_tui.bootstrap import open_program
from codial_tui.config import data_dir
from codial_tui.domain.kinds import register, unregister
from codial_tui.domain.kinds.quote import QUOTE
from codial_tui.domain.spec import Mark, Numbering, State
from codial_tui.services import doctor
from codial_tui.services.documents import documents
from codial_tui.services.records import company

Run = Callable[..., Answer]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "codial.sqlite3"
    monkeypatch.setenv("CODIAL_TUI_DATABASE", str(path))
    program = open_program(str(path), create=True)
    company.init(program.context, "Essai")
    program.close()
    return path


@pytest.fixture
def run(database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program in this process: no start-up, the same answers."""

    def call(*arguments: str, stdin: str | bytes = b"") -> Answer:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        code = main(arguments)
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return call


def stored(database: Path) -> tuple[int, int, int]:
    """Documents, parties and number series in the database."""
    program = open_program(str(database))
    value = program.context.database.value
    counts = [value(f"SELECT COUNT(*) FROM {t}") for t in ("document", "party", "number_series")]
    program.close()
    return (counts[0], counts[1], counts[2])


def with_line(**values: Any) -> str:
    return json.dumps(request(lines=[{**LINE, **values}]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bonjour",
        "{",
        "[" * 100_000,
        "[" + "9" * 10_000 + "]",
        '{"kind": NaN}',
        '{"kind": "quote", "kind": "quote"}',
        b"\xff\xfe{}",
        b"\x00" * 100,
    ],
    ids=repr,
)
def test_what_is_no_json_exits_2(run: Run, database: Path, text: str | bytes) -> None:
    answer = run("document", "create", "-", stdin=text)
    assert (answer.code, answer.problems) == (2, [("json.unreadable", "")])
    assert stored(database) == (0, 0, 0)


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (json.dumps(request(magic=1)), "json.unknown_key", "magic"),
        (json.dumps(request(lines={})), "json.type", "lines"),
        (json.dumps(request(customer=7)), "json.type", "customer"),
        (json.dumps(request(date="2026-02-30")), "date.unreadable", "date"),
        (json.dumps(request(subject="x" * 300)), "text.too_long", "subject"),
        (json.dumps(request(price_mode="free")), "json.choice", "price_mode"),
        (json.dumps(request(kind="../../etc")), "json.choice", "kind"),
        (json.dumps(request(kind="invoice_")), "kind.unknown", "kind"),
        (json.dumps([1]), "json.type", ""),
        (with_line(quantity=1.5), "json.type", "lines.0.quantity"),
        (with_line(quantity="NaN"), "number.unreadable", "lines.0.quantity"),
        (with_line(quantity="1e9"), "number.unreadable", "lines.0.quantity"),
        (with_line(quantity="1,5"), "number.unreadable", "lines.0.quantity"),
        (with_line(quantity="1.00001"), "number.decimals", "lines.0.quantity"),
        (with_line(quantity="9" * 30), "number.too_big", "lines.0.quantity"),
        (with_line(quantity="1000000000", unit_price="1000000000"), "amount.too_big", None),
        (with_line(unit_price="-1" + "0" * 10, quantity="-1" + "0" * 10), "amount.too_big", None),
        (with_line(discounts=["101"]), "percent.out_of_range", "lines.0.discounts.0"),
        (with_line(vat_rate="19.6"), "vat_rate.unknown", "lines.0.vat_rate"),
        (with_line(price_per="0"), "number.out_of_range", "lines.0.price_per"),
        (with_line(type="bomb"), "json.choice", "lines.0.type"),
        (with_line(reference="' OR 1=1 --"), "item.unknown", "lines.0.reference"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_wrong_value_exits_1_with_its_place(
    run: Run, database: Path, text: str, code: str, field: str | None
) -> None:
    answer = run("document", "create", "-", "--json", stdin=text)
    assert answer.code == 1
    found = answer.problems
    assert code in [one for one, _ in found]
    assert field is None or (code, field) in found
    assert stored(database) == (0, 0, 0)


ESCAPES = "\x1b]52;c;aGVsbG8=\x07\x1b[2J\x9b31m"


def test_escapes_never_come_out_again(run: Run, tmp_path: Path) -> None:
    """Neither of a document, nor of an error that quotes what was typed."""
    evil = f"Tube{ESCAPES} [bold]fin[/] \u202egnp"
    content = json.dumps(
        request(
            subject=evil,
            customer={**PARTY, "name": evil, "save": True},
            lines=[{**LINE, "label": evil}, {"type": "comment", "label": evil}],
        )
    )
    answers = [
        run("document", "create", "-", stdin=content),
        run("document", "show", "DE99-00001"),
        run("document", "show", "DE99-00001", "--json"),
        run("document", "list"),
        run("document", "print", "DE99-00001", "--preview"),
        run("export", "customers"),
        run("document", "show", f"DE{ESCAPES}"),
        run("document", "create", f"{ESCAPES}.json"),
        run("stock", "show", f"X{ESCAPES}"),
        run("users", "add", f"zoe{ESCAPES}"),
        run("nonsense", ESCAPES),
        run("document", "create", "-", stdin=json.dumps({ESCAPES: 1})),
    ]
    assert [one.code for one in answers] == [0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 2, 1]
    for answer in answers:
        assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", answer.out + answer.err)
    assert "\u202e" not in "".join(one.out for one in (answers[1], answers[3], answers[4]))
    assert "[bold]fin[/]" in answers[1].out


def test_a_file_that_cannot_be_read_exits_2(run: Run, tmp_path: Path) -> None:
    for name in ("absent.json", "", "nul\0.json", "a" * 5000, "."):
        answer = run("document", "create", name)
        assert (answer.code, answer.problems) == (2, [("input.unreadable", "")])


def test_a_text_over_the_limit_is_refused(run: Run) -> None:
    answer = run("document", "create", "-", stdin=b" " * (21 << 20))
    assert (answer.code, answer.problems) == (2, [("json.unreadable", "")])


def test_two_thousand_lines(run: Run) -> None:
    content = json.dumps(request(lines=[LINE] * 2000))
    answer = run("document", "create", "-", "--json", stdin=content)
    assert answer.json["totals"]["net"] == "192000.00"
    content = json.dumps(request(lines=[LINE] * 20_001))
    answer = run("document", "create", "-", stdin=content)
    assert answer.problems == [("json.too_many", "lines")]


REFERENCES = ("", "DE26-99999", "quote-0", f"quote-{'9' * 20}", "quote-²", "%", "é" * 500)


@pytest.mark.long
@pytest.mark.parametrize("ref", REFERENCES)
def test_a_reference_that_is_none(run: Run, ref: str) -> None:
    for words in (("show", ref), ("print", ref, "--preview"), ("validate", ref), ("delete", ref)):
        answer = run("document", *words)
        assert (answer.code, answer.problems) == (1, [("document.unknown", "")])


def test_a_fault_of_ours_is_told_without_its_trace(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(documents, "get", broken)
    answer = run("document", "show", "DE26-00001")
    assert answer.code == 70
    assert answer.out == ""
    said = re.fullmatch(
        r"Il y a eu un problème pendant « document show » · référence (\S+), détails dans (.*)\n",
        answer.err,
    )
    assert said
    log = data_dir() / "faults.log"
    assert Path(said.group(2)) == log
    text = log.read_text(encoding="utf-8")
    assert said.group(1) in text and "ZeroDivisionError: secret" in text
    monkeypatch.setenv("CODIAL_TUI_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["document", "show", "DE26-00001"])


def test_an_interruption_is_no_fault(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(documents, "get", stop)
    assert run("document", "show", "DE26-00001").code == 130


def test_init_takes_the_edition_in_french_and_a_file_called_postgres(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("--database", "postgres.db", "init", "--name", "Bâti", "--edition", "bâtiment")
    assert run(*words, "--json").json["company"]["edition"] == "building"
    assert run("--database", "postgres.db", "doctor").code == 0
    assert run("--database", "postgres.db", "backup", "copy.db").code == 0
    assert run("--database", "postgres.db", "restore", "copy.db").code == 0
    assert run("init", "--name", "X", "--edition", "magie").code == 2


def test_users_and_their_roles(run: Run) -> None:
    assert run("users", "add", "zoe", "--name", "Zoé D.", "--json").json == {
        "login": "zoe",
        "role": "user",
    }
    assert run("users", "add", "zoe").problems == [("user.exists", "login")]
    assert run("users", "add", "a b").problems == [("user.login", "login")]
    assert run("users", "add", "max", "--role", "king").problems == [("user.role", "role")]
    assert run("users", "role", "nobody", "admin").problems == [("user.unknown", "login")]
    found = run("users", "list", "--json").json["users"]
    me = next(one["login"] for one in found if one["role"] == "admin")
    assert run("users", "role", me, "user").problems == [("user.last_admin", "")]
    assert run("users", "role", "zoe", "admin").code == 0
    assert run("users", "role", me, "user").code == 0
    assert run("users", "role", "zoe", "user").problems == [("right.missing", "")]


def test_doctor_does_not_die_of_what_it_finds(
    run: Run, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("doctor").code == 0
    seen = {one["subject"] for one in run("doctor", "--json").json["checks"]}
    assert seen == {
        "program", "terminal", "fonts", "database", "locks", "disk", "printers", "extras"
    }  # fmt: skip

    def broken(*arguments: object) -> Iterator[doctor.Finding]:
        raise OSError("le disque brûle")

    monkeypatch.setattr(doctor, "disk", broken)
    answer = run("doctor", "--json")
    assert answer.code == 1
    assert "le disque brûle" in answer.json["problems"][0]["message"]
    for url in ("", "/proc/absent/x.sqlite3", "ftp://x", "sqlite:///", "\0"):
        assert all(isinstance(one, doctor.Finding) for one in doctor.examine(url, {}))


OFFER = QUOTE._replace(
    kind="offer",
    title="Offre",
    plural="Offres",
    key="Z",
    code="of",
    numbering=Numbering("OF", "OF{yy}{mm}-{n:03}", "month"),
    tabs=tuple(tab for tab in QUOTE.tabs if tab.name in ("lines", "transfer")),
    fields=tuple(one for one in QUOTE.fields if one.store == "header" and one.name != "state"),
    states=(State("open", "Ouverte"),),
    initial="open",
    moves=(),
    marks=(Mark("late", "En retard", "quote_expired"),),
    list_columns=tuple(one for one in QUOTE.list_columns if one.source != "side"),
    side_table="",
)


def test_a_kind_that_was_just_declared_has_all_its_verbs(
    run: Run, database: Path, tmp_path: Path
) -> None:
    register(OFFER)
    try:
        made = run(
            "document", "create", "-", "--json", stdin=json.dumps(request(kind="offer"))
        ).json
        assert (made["ref"], made["state"]) == ("OF9911-001", "open")
        assert made["totals"]["gross"] == "115.20"
        assert run("document", "show", "OF9911-001").code == 0
        found = run("document", "list", "--kind", "offer", "--json").json["documents"]
        assert [one["ref"] for one in found] == ["OF9911-001"]
        assert "OFFRE OF9911-001" in run("document", "print", "OF9911-001", "--preview").out
        target = tmp_path / "offer.pdf"
        assert run("document", "print", "OF9911-001", "-o", str(target)).code == 0
        assert run("document", "validate", "OF9911-001").code == 0
        assert run("document", "delete", "OF9911-001").problems == [("document.printed", "")]
        assert run("verify").code == 0
    finally:
        unregister("offer")
    assert run("document", "list", "--kind", "offer").code == 2


def test_exports_are_read_back_by_the_import(run: Run, tmp_path: Path) -> None:
    content = json.dumps(request(customer={**PARTY, "name": '=A1;"B"', "save": True}))
    run("document", "create", "-", stdin=content)
    target = tmp_path / "customers.csv"
    assert run("export", "customers", "-o", str(target), "--json").json["rows"] == 1
    text = target.read_bytes().decode("utf-8-sig")
    assert text.startswith("code;nom;adresse;")
    assert '"=A1;""B"""' in text
    assert run("export", "customers", "-o", str(target)).problems == [("input.unreadable", "")]
    assert run("export", "customers", "-o", str(tmp_path / "a.doc")).code == 2
    assert run("export", "items", "-o", str(tmp_path / "absent" / "a.csv")).code == 2
    book = tmp_path / "customers.xlsx"
    assert run("export", "customers", "-o", str(book)).code == 0
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    assert rows[1][:2] == ["C00001", '=A1;"B"']
    assert rows[1][4] == "69001"

"""A work order signed and its report written, without a screen."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from command_line import PARTY, CommandLine

pytestmark = pytest.mark.long

DAY = ("2025-11-21", "21:50", "22:10", "23:20", "23:35")
NAMES = ("date", "departure", "arrival", "end", "return")
LINE = {"type": "item", "label": "Joint", "quantity": "2", "unit": "u", "unit_price": "6.50"}
DRAWN = [[[100, 100], [700, 300], [1300, 120]]]


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


def made(run: CommandLine, **values: Any) -> Any:
    asked = {
        "kind": "work_order",
        "customer": PARTY,
        "date": "2025-11-21",
        "visits": [dict(zip(NAMES, DAY, strict=True))],
        "lines": [LINE],
        **values,
    }
    return run("document", "create", "-", "--json", stdin=json.dumps(asked)).json


def test_signed_written_and_shown(run: CommandLine, tmp_path: Path) -> None:
    ref = made(run)["ref"]
    assert run("document", "show", ref, "--json").json["report"] is None
    strokes = tmp_path / "s.json"
    strokes.write_text(json.dumps(DRAWN))
    options = ("--name", "Mme Dupont", "--strokes", str(strokes))
    signed = run("document", "sign", ref, *options, "--at", "2026-01-15T14:05", "--json").json
    assert (signed["ref"], signed["signer"], signed["strokes"]) == (ref, "Mme Dupont", 1)
    assert signed["signed_at"] == "2026-01-15T13:05:00Z"  # in Paris, wherever the program runs
    shown = run("document", "show", ref, "--json").json
    assert shown["marks"] == ["signed"]
    assert shown["report"] == {
        "signed_at": "2026-01-15T13:05:00Z",
        "signer": "Mme Dupont",
        "hash": signed["hash"],
        "drawn": True,
        "changed_since": False,
        "changes": [],
    }
    original, preview, printed = (tmp_path / f"{name}.pdf" for name in ("o", "p", "i"))
    said = run("document", "report", ref, "-o", str(original), "--signed").out
    assert "Signé le 15/01/2026 à 14:05 par Mme Dupont" in said
    run("document", "report", ref, "-o", str(preview), "--layout", "work_order_plain")
    run("document", "print", ref, "-o", str(printed))
    assert original.read_bytes() == printed.read_bytes()
    assert preview.read_bytes().startswith(b"%PDF")
    assert preview.read_bytes() != original.read_bytes()
    assert run("verify", "--json").json["problems"] == []
    with sqlite3.connect(run.database) as direct:  # somebody with a tool
        names = direct.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            direct.execute(f"DROP TRIGGER {name}")
        direct.execute("UPDATE work_report SET signer = 'M. Martin'")
    direct.close()
    codes = {code for code, _ in run("verify", "--json", code=1).problems}
    assert {"report.rows", "chain.rows"} <= codes


def test_what_is_refused(run: CommandLine, tmp_path: Path) -> None:
    ref = made(run)["ref"]
    pdf = str(tmp_path / "r.pdf")
    wrong = tmp_path / "w.json"
    wrong.write_text("[[[1, 99999]]]")
    for options, code, problem in (
        (("sign", ref, "--name", " "), 1, "report.signer"),
        (("sign", ref, "--name", "X", "--at", "demain"), 2, ""),
        (("sign", ref, "--name", "X", "--at", "2026-03-29T02:30"), 1, "time.missing"),
        (("sign", ref, "--name", "X", "--at", "2199-03-29T02:30"), 1, "report.at"),
        (("sign", ref, "--name", "X", "--strokes", str(wrong)), 1, "strokes.wrong"),
        (("sign", ref, "--name", "X", "--strokes", str(tmp_path / "no.json")), 2, ""),
        (("sign", ref, "--name", "X", "--layout", "quote"), 2, ""),
        (("report", ref, "-o", pdf, "--signed"), 1, "report.unsigned"),
        (("report", ref, "-o", str(tmp_path / "r.txt")), 2, ""),
    ):
        answer = run("document", *options, "--json", code=code)
        if problem:
            assert [one[0] for one in answer.problems] == [problem], options
    assert not Path(pdf).exists()
    assert run("document", "show", ref, "--json").json["report"] is None

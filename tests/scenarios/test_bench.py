"""`python -m bench`: one JSON object, honest about what did not run; the invented catalogue."""

import json
import sqlite3
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from stdnum import ean

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bench import __main__ as bench  # noqa: E402
from bench import catalogue, search  # noqa: E402
from bench.results import Options, Skipped, limit, passed, percentile, ratio  # noqa: E402


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(quick=True, python=Path(sys.executable), folder=tmp_path)


def test_prints_one_object_with_targets_and_flags() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "keystrokes", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    worst = report["keystrokes"]["beyond_reference_and_label"]
    assert worst["value"] <= worst["target"] == 8 and worst["pass"] is True
    paid = report["keystrokes"]["stories"][
        "order delivered, invoiced and paid in cash at the counter"
    ]
    assert paid == {"value": 12, "target": 12, "pass": True}
    assert report["pass"] is True and report["skipped"] == []


def test_an_unknown_subject_is_wrong_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "stort"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "stort" in done.stderr


def test_what_cannot_run_says_why_and_is_no_pass(
    monkeypatch: pytest.MonkeyPatch, options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(name: str, options: Options) -> dict[str, object]:
        raise Skipped("no terminal")

    monkeypatch.setattr(bench, "measure", nothing)
    assert bench.main(["start", "--quick"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["start"] == {"skipped": "no terminal"}
    assert report["skipped"] == ["start"] and report["pass"] is False


def test_a_measurement_that_breaks_is_told_and_fails(
    monkeypatch: pytest.MonkeyPatch, options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(name: str, options: Options) -> dict[str, object]:
        raise ValueError("no figure")

    monkeypatch.setattr(bench, "measure", broken)
    assert bench.main(["start", "--quick"]) == 1
    assert json.loads(capsys.readouterr().out)["start"]["error"] == "ValueError: no figure"


def test_targets() -> None:
    assert ratio(3, 2, 1.5) == {"ratio": 1.5, "target": 1.5, "pass": True}
    assert limit(8.001, 8)["pass"] is False
    assert passed({"a": [{"pass": True}], "b": 1}) and not passed({"a": [{"pass": False}]})
    assert percentile([5, 1, 4, 2, 3], 95) == 5 and percentile([5, 1, 4, 2, 3], 50) == 3


def test_the_catalogue_is_the_same_each_time_and_has_no_twins() -> None:
    first, again = list(catalogue.articles(3000)), list(islice(catalogue.articles(9000), 3000))
    assert first == again
    assert len({one.reference for one in first}) == len({one.ean for one in first}) == 3000
    assert all(one.sale_price > one.purchase_price > 0 for one in first)
    assert all(ean.is_valid(one.ean) for one in first)


@pytest.mark.long
def test_the_built_catalogue_is_made_once_and_searched_alike_by_both(options: Options) -> None:
    path = catalogue.built(options.folder, 2000)
    made = path.stat().st_mtime_ns
    assert catalogue.built(options.folder, 2000) == path and path.stat().st_mtime_ns == made
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT COUNT(*) FROM item").fetchone() == (2000,)
    connection.close()
    found = search.measure_size(path, 2000, options)
    assert found["queries"] > 300 and found["different_answers"] == 0

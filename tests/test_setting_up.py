"""Setting up on difficult machines: finding Python, building environments, `.ci/run`."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


# Finding Python

REAL = f'exec "{sys.executable}" "$@"'
SHIM = 'echo "pyenv: command not found" >&2; exit 127'
OLD = "exit 1"


def find_python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    shell = shutil.which("sh")
    assert shell is not None
    return subprocess.run(
        [shell, ROOT / ".ci" / "find-python", *arguments],
        env={"PATH": f"{folder}"},
        capture_output=True,
        text=True,
    )


def test_a_python_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    script(tmp_path / "python3.13", SHIM)
    script(tmp_path / "python3.12", REAL)
    script(tmp_path / "python3.11", REAL)
    assert find_python(tmp_path).stdout == "python3.12\n"


def test_a_plain_python3_will_do(tmp_path: Path) -> None:
    script(tmp_path / "python3", REAL)
    assert find_python(tmp_path, "").stdout == "python3\n"


def test_no_python_says_how_to_get_one(tmp_path: Path) -> None:
    script(tmp_path / "python3", OLD)
    script(tmp_path / "cat", f'exec {shutil.which("cat")} "$@"')
    done = find_python(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Python 3.11 or newer" in done.stderr
    assert "sudo apt install python3" in done.stderr


def test_the_python_asked_for_is_taken_or_refused_never_replaced(tmp_path: Path) -> None:
    script(tmp_path / "python3.13", REAL)
    chosen = script(tmp_path / "my python", REAL)
    assert find_python(tmp_path, str(chosen)).stdout == f"{chosen}\n"
    refused = find_python(tmp_path, str(script(tmp_path / "old", OLD)))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert str(tmp_path / "old") in refused.stderr


# Building an environment


@pytest.fixture
def venv() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ci_venv", ROOT / ".ci" / "venv.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def python_that(folder: Path, refusals: str) -> str:
    """A Python that works but for the commands matching the shell patterns of `refusals`."""
    body = f'case "$*" in {refusals}) exit 1;; esac\n{REAL}'
    return str(script(folder / "python", body))


WITHOUT_ENSUREPIP = '*"-m venv --clear /"*'


def test_without_ensurepip_the_pip_outside_installs(
    venv: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if importlib.util.find_spec("pip") is None:
        pytest.skip("no pip in this environment: installing from outside was not tried")
    monkeypatch.setattr(sys, "executable", python_that(tmp_path, WITHOUT_ENSUREPIP))
    folder = tmp_path / "environment"
    assert venv.with_pip(folder) is None
    installer = venv.with_pip_from_outside(folder)
    assert installer[1:] == ["-m", "pip", "--python", f"{folder}/bin/python", "install", "--quiet"]
    assert subprocess.run([folder / "bin" / "python", "-c", ""]).returncode == 0


def test_without_any_pip_uv_installs(
    venv: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", python_that(tmp_path, '*"-m venv"*'))
    script(tmp_path / "bin" / "uv", f'echo "$@" >> "{tmp_path}/said"')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    folder = tmp_path / "environment"
    installer = venv.with_uv(folder)
    assert installer[0] == f"{tmp_path}/bin/uv"
    assert installer[-2:] == ["--python", f"{folder}/bin/python"]
    said = (tmp_path / "said").read_text()
    assert said == f"venv --quiet --python {tmp_path}/python {folder}\n"


def test_with_nothing_it_says_what_to_install_and_leaves_nothing(
    venv: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "executable", python_that(tmp_path, '*"-m venv"*|*"-m pip"*'))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    folder = tmp_path / "environment"
    assert venv.build(folder, ["dev"]) == 1
    assert not folder.exists()
    said = capsys.readouterr()
    assert "sudo apt install python3-venv" in said.err
    assert said.out == ""


def test_a_failed_installation_leaves_no_stamp(
    venv: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "environment"
    folder.mkdir()
    (folder / "stamp").touch()
    monkeypatch.setattr(
        venv, "WAYS", [lambda folder: [sys.executable, "-c", "raise SystemExit(1)"]]
    )
    assert venv.build(folder, []) == 1
    assert not (folder / "stamp").exists()


def test_the_stamp_comes_after_the_installation(
    venv: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "environment"
    script(folder / "bin" / "python", "exit 0")
    installer = script(
        tmp_path / "installer", f'test ! -e "{folder}/stamp" && echo "$@" > "{tmp_path}/said"'
    )
    monkeypatch.setattr(venv, "WAYS", [lambda folder: None, lambda folder: [str(installer)]])
    assert venv.build(folder, ["dev"]) == 0
    assert (folder / "stamp").exists()
    assert (tmp_path / "said").read_text() == "--editable .[dev]\n"


def test_our_code_is_compiled_when_it_is_installed(
    venv: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A start without .pyc takes four times as long (measurements.md §1)."""
    (tmp_path / "codial_tui" / "inner").mkdir(parents=True)
    for name in ("one.py", "inner/two.py"):
        (tmp_path / "codial_tui" / name).write_text("VALUE = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    folder = tmp_path / "environment"
    script(folder / "bin" / "python", REAL)
    monkeypatch.setattr(venv, "WAYS", [lambda folder: ["true"]])
    assert venv.build(folder, []) == 0
    compiled = {path.name.split(".")[0] for path in (tmp_path / "codial_tui").rglob("*.pyc")}
    assert compiled == {"one", "two"}


# The whole run


def ci_run(folder: Path, make: str) -> subprocess.CompletedProcess[str]:
    """`.ci/run` on a machine that has every program, where make is the script given."""
    script(folder / "make", make)
    script(folder / "python3.13", REAL)
    for program in ("tmux", "pdftotext", "pdftoppm"):
        script(folder / program, "exit 0")
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run([ROOT / ".ci" / "run"], env=environment, capture_output=True, text=True)


SKIPPED = "SKIPPED [1] tests/test_x.py:1: no server"


@pytest.mark.long
def test_the_run_ends_with_every_skip_once(tmp_path: Path) -> None:
    done = ci_run(tmp_path, f'echo "{SKIPPED} for $2"; echo "{SKIPPED} at all"')
    assert done.returncode == 0, done.stderr
    assert done.stdout.partition("== Skips\n")[2].splitlines() == [
        "[1] tests/test_x.py:1: no server at all",
        "[1] tests/test_x.py:1: no server for check",
        "[1] tests/test_x.py:1: no server for check-long",
    ]


@pytest.mark.long
def test_the_run_says_when_nothing_was_skipped(tmp_path: Path) -> None:
    done = ci_run(tmp_path, "exit 0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("== Skips\naucun saut / no skips\n")


@pytest.mark.long
def test_a_failed_check_fails_the_run_but_does_not_stop_it(tmp_path: Path) -> None:
    done = ci_run(tmp_path, f'echo "{SKIPPED} for $2"; test "$2" != check')
    assert done.returncode == 1
    assert "no server for check-long" in done.stdout
    assert done.stdout.endswith("== Failed: check\n")


@pytest.mark.long
def test_a_run_without_tests_fails(tmp_path: Path) -> None:
    done = ci_run(tmp_path, 'test "$2" = check || exit 5')
    assert done.returncode == 1
    assert done.stdout.endswith("== Failed: check-long\n")

"""What ships, where it is found, and how the environments are built on difficult machines."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

import codial_tui
from codial_tui.config import asset, data_dir, default_database_url

ROOT = Path(__file__).parents[1]


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


# Assets and data


@pytest.mark.parametrize("style", ["", "-Bold", "-Oblique", "-BoldOblique"])
def test_fonts_hold_what_french_paper_needs(style: str) -> None:
    cmap = TTFont(asset(f"fonts/DejaVuSans{style}.ttf")).getBestCmap()
    assert [
        c for c in "éèêëàâçîïôùûüÿœŒæÆÉÀÇ€«»’–—…×Ø°²³½№\u00a0\u202f→√■□☐☑" if ord(c) not in cmap
    ] == []


def test_fonts_come_with_their_licence() -> None:
    licence = asset("fonts/LICENSE.txt").read_text()
    assert "Bitstream" in licence
    assert "Tavmjong Bah" in licence


@pytest.mark.parametrize(
    "name",
    [
        "absent.toml",
        "../pyproject.toml",
        "fonts/../../README.md",
        "/etc/passwd",
        "a\0b",
        "a" * 5000,
    ],
)
def test_asset_refuses_what_is_not_one(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        asset(name)


def test_database_is_in_the_data_folder_unless_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_database_url() == str(data_dir() / "codial.sqlite3")
    monkeypatch.setenv("CODIAL_TUI_DATABASE", "")
    assert default_database_url() == str(data_dir() / "codial.sqlite3")
    monkeypatch.setenv("CODIAL_TUI_DATABASE", "postgresql://user@server/codial")
    assert default_database_url() == "postgresql://user@server/codial"


def test_tests_never_see_the_users_data(tmp_path: Path) -> None:
    assert data_dir().is_relative_to(tmp_path)
    assert not data_dir().exists()


# The wheel


def test_every_package_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"][
        "packages"
    ]
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "codial_tui").rglob("*.py")
    }
    assert sorted(declared) == sorted(found | {"codial_tui.assets"})


def test_version_is_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "codial_tui.__version__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: setuptools leaves a build folder that would go stale here."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("no pip in this environment: the wheel was not built")
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("codial_tui", "assets"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, source],
        capture_output=True,
        text=True,
    )
    if "No matching distribution found for setuptools" in done.stderr:
        pytest.skip("no package index can be reached: the wheel was not built")
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment that holds the wheel; its dependencies are lent."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--quiet", wheel], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    lent = Path(pytest.__file__).parents[1]
    # A plain path line: the editable hook of the lending environment stays asleep.
    (site / "lent.pth").write_text(f"{lent}\n")
    return folder / "bin"


@pytest.mark.long
def test_wheel_carries_all_code_and_all_assets(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    expected = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "codial_tui").rglob("*.py")
    } | {
        f"codial_tui/{path.relative_to(ROOT).as_posix()}": path.read_bytes()
        for path in (ROOT / "assets").rglob("*")
        if path.is_file()
    }
    ours = {name: data for name, data in content.items() if ".dist-info/" not in name}
    assert ours == expected


@pytest.mark.long
def test_installed_program_finds_its_assets(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from codial_tui.config import asset;"
        "sys.stdout.write(str(asset('fonts/DejaVuSans.ttf')))"
    )
    done = subprocess.run(
        [installed / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    font = Path(done.stdout)
    assert font.is_relative_to(installed.parent.resolve())
    assert font.read_bytes() == asset("fonts/DejaVuSans.ttf").read_bytes()


@pytest.mark.long
def test_installed_command_tells_its_version(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "codial-tui", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert codial_tui.__version__ in done.stdout


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
    monkeypatch.setattr(venv, "WAYS", [lambda folder: ["false"]])
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

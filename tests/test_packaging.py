"""What ships, and where the program finds it."""

import importlib.util
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import codial_tui
from codial_tui.config import asset, data_dir, default_database_url

ROOT = Path(__file__).parents[1]


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
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, "--quiet", str(wheel)], check=True)
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


@pytest.mark.long
def test_the_installed_program_is_compiled(installed: Path) -> None:
    """Else each start in a folder one cannot write to compiles everything again."""
    (package,) = installed.parent.glob("lib/python3*/site-packages/codial_tui")
    modules = {path.relative_to(package).with_suffix("") for path in package.rglob("*.py")}
    compiled = {
        (path.parent.parent / path.name.split(".")[0]).relative_to(package)
        for path in package.rglob("__pycache__/*.pyc")
    }
    assert compiled == modules

"""The house rules a machine can check: who imports whom, what a start loads, file sizes, words."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "codial_tui"
SOURCES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"fpdf", "PIL", "docx", "lxml", "xlsxwriter", "python_calamine", "psycopg"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_by(*modules: str) -> set[str]:
    """The modules a fresh interpreter holds after importing these."""
    code = f"import sys, {', '.join(modules)}; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every call of a plain name in a file, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_domain_loads_the_standard_library_only() -> None:
    domain = [module_name(path) for path in SOURCES if "domain" in path.parts]
    tops = {name.partition(".")[0] for name in loaded_by(*domain) - loaded_by("sys")}
    assert tops - set(sys.stdlib_module_names) == {"codial_tui"}
    ours = {name for name in loaded_by(*domain) if name.startswith("codial_tui.")}
    assert {name.split(".")[1] for name in ours} == {"domain"}


def test_config_loads_nothing_heavy() -> None:
    assert not loaded_by("codial_tui.config") & {"platformdirs", "importlib.resources", "textual"}


@pytest.mark.parametrize(
    "module", [m for m in ("__main__", "app", "bootstrap", "cli") if (PACKAGE / f"{m}.py").exists()]
)
def test_a_start_loads_no_printer_and_no_file_format(module: str) -> None:
    tops = {name.partition(".")[0] for name in loaded_by(f"codial_tui.{module}")}
    assert not tops & HEAVY


def test_the_door_and_the_command_line_load_no_screen() -> None:
    for module in ("__main__", "cli"):
        if (PACKAGE / f"{module}.py").exists():
            assert "textual" not in loaded_by(f"codial_tui.{module}"), module


def test_the_way_to_the_first_frame_is_short() -> None:
    """What home alone loads. Each of these once cost the start 2 to 40 ms of CPU."""
    late = {
        "argparse", "csv", "gettext", "hashlib", "importlib.resources", "peewee", "platformdirs",
        "tomllib", "codial_tui.cli.parser", "codial_tui.domain.document",
        "codial_tui.domain.entry.entry_kinds", "codial_tui.domain.rules",
        "codial_tui.domain.lines.totals", "codial_tui.domain.entry.typing_lines",
        "codial_tui.models.tables", "codial_tui.services.records.catalogue",
        "codial_tui.services.records.company", "codial_tui.services.documents.editing",
        "codial_tui.services.lists.home_search", "codial_tui.services.documents.rows",
        "codial_tui.widgets.form",
    }  # fmt: skip
    blank = loaded_by("textual.app", "textual.widget", "textual.screen", "textual.containers")
    start = ("codial_tui.__main__", "codial_tui.bootstrap", "codial_tui.models.sqlite")
    home = ("codial_tui.screens.start", "codial_tui.services.maintenance.contract_plan")
    loaded = loaded_by(*start, "codial_tui.app", *home)
    assert loaded & late - blank == set()


def test_files_stay_small() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {str(path): count for path, count in lines.items() if count > 350} == {}
    assert lines.get(PACKAGE / "app.py", 0) < 150


def test_files_are_named_after_their_subject() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common"}
    everything = [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*"), *(ROOT / "bench").rglob("*")]
    assert [path for path in everything if path.stem.lower() in vague] == []


def test_only_the_command_line_prints() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if not path.name.startswith("cli") and "cli" not in path.relative_to(PACKAGE).parts
        for name, line in calls(path)
        if name == "print"
    ]
    assert found == []


def test_no_float_near_money() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for folder in ("domain", "models", "services")
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        if path != PACKAGE / "domain" / "money.py"
        for name, line in calls(path)
        if name in {"float", "round"}
    ]
    assert found == []

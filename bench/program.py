"""The program and a blank Textual in ptys, as the measurements start them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pty_session import PtySession

from . import ROOT, catalogue
from .blank import READY
from .results import Options, Skipped

ITEMS = 100_000
HOME = (b"10Menu",)
"""The end of the last row: it is there when the whole first frame is."""


def demo_company(options: Options) -> Path:
    """A database with the demo company, made once; copy it to write in. Raises Skipped."""
    if not (ROOT / "codial_tui" / "__main__.py").exists():
        raise Skipped("codial_tui/__main__.py does not exist yet")
    path = options.folder / f"demo-{catalogue.stamp()}.sqlite3"
    if not path.exists():
        part = catalogue.fresh(options.folder / "demo.part")
        make_demo(options, part)
        catalogue.fold_log(part)
        part.rename(path)
    return path


def make_demo(options: Options, path: Path) -> None:
    """Fill a new file with the demo company, as a person would."""
    command: list[str | Path] = [options.python, "-m", "codial_tui", "--database", path]
    done = subprocess.run(
        [*command, "demo", "--no-open"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Skipped(f"no demo company: {(done.stderr or done.stdout).strip()[-200:]}")


def big_company(options: Options) -> Path:
    """The demo company with 100 000 items more; the program is compiled, as it is shipped (a
    start without .pyc takes four times as long, measurements.md §1)."""
    compiled = [str(options.python), "-m", "compileall", "-q", str(ROOT / "codial_tui")]
    subprocess.run(compiled, check=True, env=_compiling(), stdout=sys.stderr)
    return catalogue.built(options.folder, ITEMS, demo_company(options))


@contextmanager
def ours(options: Options, database: Path, *arguments: str) -> Iterator[PtySession]:
    """The program on a database."""
    command: list[str | Path] = [
        options.python,
        "-m",
        "codial_tui",
        "--database",
        database,
        *arguments,
    ]
    with PtySession(command, cwd=ROOT, env=ENVIRONMENT) as session:
        yield session


@contextmanager
def blank(options: Options, *arguments: str) -> Iterator[PtySession]:
    """Textual with nothing in it, started from compiled code as ours is."""
    command: list[str | Path] = [options.python, "-c", BLANK, *arguments]
    with PtySession(command, cwd=ROOT, env=ENVIRONMENT) as session:
        yield session


BLANK = f"import runpy; runpy.run_path({str(ROOT / 'bench' / 'blank.py')!r}, run_name='__main__')"
BLANK_READY = (READY.encode(),)
ENVIRONMENT = {"CODIAL_TUI_DATABASE": None, "PYTHONDONTWRITEBYTECODE": None}


def _compiling() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}

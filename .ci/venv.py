"""Build one environment of the Makefile: `python .ci/venv.py FOLDER [EXTRA…]`.

Standard library only: it runs before anything is installed. Everything said goes to standard
error, because `make bench` keeps standard output for its JSON. The stamp is written last, so
that a broken installation is taken up again by the next `make`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

MISSING = """\
This Python can neither build an environment with pip nor find uv.
  Debian, Ubuntu   sudo apt install python3-venv
  elsewhere        https://docs.astral.sh/uv/
then run make again."""

# A user's pip settings and Python paths must not lead the installation out of the folder.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"}
} | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

Installer = list[str]


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def run(*command: str | Path, quiet: bool = False) -> bool:
    """Run a command; True when it succeeded. Quiet for an attempt that may fail."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    done = subprocess.run(command, env=ENVIRONMENT, stdout=output, stderr=output)
    return done.returncode == 0


def with_pip(folder: Path) -> Installer | None:
    if not run(sys.executable, "-m", "venv", "--clear", folder, quiet=True):
        return None
    return [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]


def with_pip_from_outside(folder: Path) -> Installer | None:
    """Debian without python3-venv has no ensurepip; a pip beside it can still install."""
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    if not run(sys.executable, "-m", "venv", "--clear", "--without-pip", folder, quiet=True):
        return None
    if not run(*pip, "--version", quiet=True):
        return None
    return [*pip, "install", "--quiet"]


def with_uv(folder: Path) -> Installer | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    if not run(uv, "venv", "--quiet", "--python", sys.executable, folder):
        return None
    python = str(folder / "bin" / "python")
    return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]


WAYS: list[Callable[[Path], Installer | None]] = [with_pip, with_pip_from_outside, with_uv]


def build(folder: Path, extras: list[str]) -> int:
    (folder / "stamp").unlink(missing_ok=True)
    say(f"Installing into {folder} (a minute or two the first time)…")
    installer = next((found for way in WAYS if (found := way(folder))), None)
    if installer is None:
        shutil.rmtree(folder, ignore_errors=True)
        say(MISSING)
        return 1
    target = f".[{','.join(extras)}]" if extras else "."
    if not run(*installer, "--editable", target):
        say("The installation failed, for the reason above. Put it right and run make again.")
        return 1
    # Dependencies are compiled by the installer; ours too, or the first start pays for it.
    run(folder / "bin" / "python", "-m", "compileall", "-q", "codial_tui")
    (folder / "stamp").touch()
    return 0


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]), sys.argv[2:]))

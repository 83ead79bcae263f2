"""`python -m bench [SUBJECT…] [--quick]`: one JSON object on standard output, progress on the
other. Ends with 1 when a measurement broke; a missed target is said in the object, not by it.

BENCH_PYTHON: a Python in an environment without extras, for start, memory, many and wire.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from .results import Options, Result, Skipped, limit, machine, passed

SUBJECTS = (
    "start", "memory", "many", "wire", "search", "entry", "lists", "imports", "pdf", "keystrokes",
    "ssh", "chain", "verify", "invoices",
)  # fmt: skip
PDF_TARGET = 1.5


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no million items")
    given = parser.parse_args(arguments)
    unknown = set(given.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))} (one of {', '.join(SUBJECTS)})")
    options = Options(
        quick=given.quick,
        python=Path(os.environ.get("BENCH_PYTHON") or sys.executable),
        folder=Path(tempfile.gettempdir()) / f"codial-bench-{os.getuid()}",
    )
    options.folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["CODIAL_TUI_KEYS"] = str(options.folder / "keys")  # not with the user's own
    report: Result = {"machine": machine(), "quick": given.quick}
    broken = False
    for name in given.subjects or SUBJECTS:
        report[name], fine = run(name, options)
        broken |= not fine
    measured = [report[name] for name in given.subjects or SUBJECTS]
    report["skipped"] = [name for name in given.subjects or SUBJECTS if "skipped" in report[name]]
    report["pass"] = not broken and not report["skipped"] and passed(measured)
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return int(broken)


def run(name: str, options: Options) -> tuple[Result, bool]:
    """One subject's result, and whether it ran without a fault."""
    sys.stderr.write(f"bench: {name}…\n")
    begin = time.perf_counter()
    try:
        result = measure(name, options)
    except Skipped as reason:
        return {"skipped": str(reason)}, True
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"[:300], "pass": False}, False
    result["seconds"] = round(time.perf_counter() - begin, 1)
    return result, True


def measure(name: str, options: Options) -> Result:
    try:
        module = importlib.import_module(f"bench.{name}")
    except ModuleNotFoundError as error:
        raise Skipped(f"{error.name} does not exist yet") from error
    if name == "pdf":  # takes no options: it compares two ways of making the same pages
        found = dict(module.measure())
        return found | {"pdf": limit(found["pdf_ratio"], PDF_TARGET)}
    result: Result = module.measure(options)
    return result


if __name__ == "__main__":
    sys.exit(main())

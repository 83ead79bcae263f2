"""The door: command line, environment of the terminal, then late imports.

`main` is what `codial-tui` runs. Without a verb it opens the screens; every verb is in
`codial_tui.cli`. Nothing here loads Textual or the database before it is needed.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any

from codial_tui.cli.bare import bare
from codial_tui.cli.faults import guarded


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0 done, 1 refused by a rule, 2 wrong usage or
    unreadable input (cli.md), 70 a fault of ours, 130 interrupted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a locale without é is no reason to fail
    arguments = sys.argv[1:] if argv is None else argv
    try:
        options = bare(arguments) or _parse(arguments)
    except SystemExit as end:  # --help, --version, wrong usage
        code = end.code if isinstance(end.code, int) else 2
    else:
        code = guarded(options, options.run)
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `codial-tui document list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _parse(arguments: Sequence[str]) -> Any:
    from codial_tui.cli.parser import parse

    return parse(arguments)


if __name__ == "__main__":
    sys.exit(main())

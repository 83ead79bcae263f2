"""The error boundary: what a person or a script sees when something goes wrong.

Rules and databases that refuse: exit code 1 and `{"problems": […]}` on standard output. Input
that is none: 2. A fault of ours: « Il y a eu un problème », a reference into a log file, 70.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from codial_tui import faults
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.text import display
from codial_tui.errors import CodialError, DatabaseRefused, Refused, Unreadable

if TYPE_CHECKING:
    import argparse

REFUSED, USAGE, FAULT, INTERRUPTED = 1, 2, 70, 130
DEBUG = "CODIAL_TUI_DEBUG"
"""Environment variable: show a fault's trace instead of hiding it in the log."""

UNREADABLE = "json.unreadable"
CODES = {
    "PrintFailed": "print.failed",
    "MailFailed": "mail.failed",
    "LockLost": "document.locked",
}
"""Codes of the errors that carry no problems."""


def guarded(options: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    """Run a verb; its exit code, whatever happens."""
    try:
        return run(options)
    except Invalid as error:
        unreadable = any(one.code == UNREADABLE for one in error.problems)
        return _refused(error.problems, USAGE if unreadable else REFUSED)
    except Refused as error:
        return _refused(error.problems, REFUSED)
    except Unreadable as error:
        return _refused([_problem(error, "input.unreadable")], USAGE)
    except DatabaseRefused as error:
        return _refused([_problem(error, "database.refused")], REFUSED)
    except CodialError as error:
        return _refused([_problem(error, CODES.get(type(error).__name__, "refused"))], REFUSED)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrompu : rien d'autre n'est écrit.\n")
        return INTERRUPTED
    except BrokenPipeError:  # who read us has gone: `… | head`
        return 0
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _fault(error, options)


def _problem(error: CodialError, code: str) -> Problem:
    return Problem(code, "", error.title, error.remedy)


def _refused(problems: Iterable[Problem], code: int) -> int:
    from .verb import write_json

    found = list(problems)
    write_json(
        {
            "problems": [
                {"code": one.code, "field": display(one.field), "message": display(one.text)}
                for one in found
            ]
        }
    )
    for one in found:
        where = f"{one.field} : " if one.field else ""
        sys.stderr.write(f"{display(where + one.text)}\n")
    return code


def _fault(error: Exception, options: argparse.Namespace) -> int:
    """Keep the trace in the log of the data folder; tell where."""
    what = " ".join(
        str(word) for word in (options.verb, getattr(options, f"{options.verb}_verb", "")) if word
    )
    said = f"Il y a eu un problème pendant « {what or 'l’ouverture'} »"
    try:
        reference = faults.keep(error, what)
        said += f" · référence {reference}, détails dans {faults.log_file()}"
    except OSError:
        said += f" · journal impossible à écrire : {type(error).__name__}"
    sys.stderr.write(f"{display(said)}\n")
    return FAULT

"""The program as a script runs it: a process of its own, its answers and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warm_command import warm_command

ROOT = Path(__file__).parents[2]
DATE = "2099-11-20"
"""Of every document: so late that none is ever past its validity."""

LINE = {"type": "item", "label": "Pose", "quantity": "2", "unit": "h", "unit_price": "48"}
PARTY = {"name": "MARTIN", "street": "1 rue X", "postcode": "69001", "city": "LYON"}


def request(**values: Any) -> dict[str, Any]:
    """A quote of one line, as a web shop sends it."""
    return {"kind": "quote", "customer": PARTY, "date": DATE, "lines": [LINE], **values}


@dataclass(frozen=True)
class Answer:
    """What a run said. code: exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Code and field of each problem."""
        found = self.json["problems"]
        assert all(set(one) == {"code", "field", "message"} for one in found)
        return [(one["code"], one["field"]) for one in found]


@dataclass(frozen=True)
class CommandLine:
    """`python -m codial_tui` on one database."""

    database: Path
    environ: Mapping[str, str]

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "codial_tui", "--database", str(self.database), *arguments]

    def __call__(self, *arguments: str, stdin: str | bytes = b"", code: int = 0) -> Answer:
        """Run a verb; the exit code must be the one expected."""
        words = ["--database", str(self.database), *arguments]
        given = stdin.encode() if isinstance(stdin, str) else stdin
        if self._is_usual():
            ended, out, err = warm_command().run(words, self.environ, given)
        else:
            ended, out, err = self._cold(arguments, given)
        answer = Answer(ended, out.decode(), err.decode())
        assert answer.code == code, (arguments, answer)
        assert "Traceback" not in answer.err
        return answer

    def _is_usual(self) -> bool:
        """One call at a time, in the usual locale: how texts leave is settled at a start."""
        alone = threading.current_thread() is threading.main_thread()
        return alone and self.environ.get("LANG") == "C.UTF-8" and "LC_ALL" not in self.environ

    def _cold(self, arguments: tuple[str, ...], stdin: bytes) -> tuple[int, bytes, bytes]:
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            cwd=ROOT,
            env=dict(self.environ),
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

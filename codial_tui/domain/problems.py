"""What a rule answers: problems are values, only services raise them."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["error", "warning"]


class Problem(NamedTuple):
    """One thing that is wrong, where, and what mends it.

    code: stable English identifier for scripts ("vat_rate.unknown").
    field: name of the field to mend ("lines.3.quantity"), "" when the whole is meant.
    message, remedy: French, shown as "message · remedy".
    """

    code: str
    field: str
    message: str
    remedy: str = ""
    level: Level = "error"

    @property
    def text(self) -> str:
        return f"{self.message} · {self.remedy}" if self.remedy else self.message


class Invalid(ValueError):
    """A pure parser or rule could not take its input; carries the problems, first one foremost."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def invalid(code: str, message: str, remedy: str = "", field: str = "") -> Invalid:
    """An `Invalid` with one problem, ready to raise."""
    return Invalid(Problem(code, field, message, remedy))

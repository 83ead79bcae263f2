"""What a measurement returns: figures, the target of each, and whether it was met."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

Result = dict[str, Any]


class Skipped(Exception):
    """A measurement that cannot run here, and why."""


@dataclass(frozen=True, slots=True)
class Options:
    """quick: fewer rounds and the small catalogue only. python: one without extras, for start and
    memory. folder: where built databases are kept between runs."""

    quick: bool
    python: Path
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    def rounds(self, full: int) -> int:
        """How often to repeat: a third when quick, 3 at least."""
        return max(3, full // 3) if self.quick else full


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def spread(values: Sequence[float], digits: int = 3) -> Result:
    """Median, p95 and number of some milliseconds."""
    return {
        "p50_ms": round(median(values), digits),
        "p95_ms": round(percentile(values, 95), digits),
        "n": len(values),
    }


def ratio(ours: float, theirs: float, target: float) -> Result:
    """Ours ÷ theirs, against the most it may be."""
    value = ours / theirs
    return {"ratio": round(value, 3), "target": target, "pass": value <= target}


def limit(value: float, target: float) -> Result:
    """A figure against the most it may be."""
    return {"value": round(value, 3), "target": target, "pass": value <= target}


def passed(result: Any) -> bool:
    """Whether no `pass` anywhere in a result is false."""
    if isinstance(result, dict):
        return result.get("pass") is not False and all(map(passed, result.values()))
    return all(map(passed, result)) if isinstance(result, list) else True


def machine() -> Result:
    """What the figures were taken on; ratios compare across machines, milliseconds do not."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }

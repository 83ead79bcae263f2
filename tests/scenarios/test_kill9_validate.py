"""kill -9 while invoices are validated: no gap, no half invoice, no number without its invoice."""

import os
import random
import shutil
from functools import partial
from pathlib import Path

import crash
import crash_validate
import pytest

SEED = 20261123
FRESH = 20
"""Kills on one database before a new one: what is verified after each grows."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("validate") / "codial.sqlite3"
    crash_validate.build(path)
    return path


def kill_while_validating(template: Path, folder: Path, kills: int, seed: int) -> tuple[int, int]:
    """Kill so many programs, most of them between a draft and its number; returns the numbers
    given, and how many kills found a draft that never got one."""
    rng, keys = random.Random(seed), os.environ["CODIAL_TUI_KEYS"]
    given = cut = 0
    for start in range(0, kills, FRESH):
        path = Path(shutil.copy(template, folder / f"{start}.sqlite3"))
        os.environ["CODIAL_TUI_KEYS"] = str(shutil.copytree(keys, folder / f"{start}-keys"))
        for number in range(start, min(start + FRESH, kills)):
            said_before, microseconds = 2 * rng.randrange(0, 3) + 1, rng.randrange(7000)
            work = partial(crash_validate.validate_for_ever, path)
            with crash.forked(work) as (pid, pipe):
                said = crash.kill_after(pid, pipe, said_before, microseconds)
            problems = crash_validate.broken(path, said)
            assert not problems, (number, said, problems)
            cut += said.count("draft") > said.count("number")
        given += crash_validate.numbers(path)
    return given, cut


@pytest.mark.long
def test_kills_while_validating(template: Path, tmp_path: Path) -> None:
    given, cut = kill_while_validating(template, tmp_path, 12, SEED)
    assert given >= 6 and cut >= 1


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(5))
def test_five_hundred_kills_while_validating(template: Path, tmp_path: Path, part: int) -> None:
    given, cut = kill_while_validating(template, tmp_path, 100, SEED + 1 + part)
    assert given >= 75 and cut >= 15

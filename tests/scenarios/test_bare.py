"""The command line of every day is read without argparse, and means the same."""

from __future__ import annotations

import pytest

from codial_tui.cli.bare import bare
from codial_tui.cli.parser import parse


@pytest.mark.parametrize("line", [(), ("--database", "x.sqlite3"), ("--database", "")])
def test_the_bare_command_line_means_what_argparse_says(line: tuple[str, ...]) -> None:
    assert vars(bare(line)) == vars(parse(line))


@pytest.mark.parametrize(
    "line", [("--help",), ("demo",), ("--database",), ("--database", "--json"), ("--database=x",)]
)
def test_any_other_command_line_is_for_argparse(line: tuple[str, ...]) -> None:
    assert bare(line) is None

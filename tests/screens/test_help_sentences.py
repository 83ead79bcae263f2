"""The lines of help are paragraphs that the screen wraps: none is the half of a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import codial_tui

SCREENS = Path(codial_tui.__file__).parent / "screens"


def paragraphs() -> Iterator[tuple[str, str]]:
    """File and text of every line that a `help_text` answers."""
    for path in SCREENS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "help_text":
                for found in ast.walk(node):
                    if isinstance(found, ast.List):
                        for one in found.elts:
                            if isinstance(one, ast.Constant):
                                yield path.name, str(one.value)


def test_every_line_of_help_is_a_whole_sentence() -> None:
    found = list(paragraphs())
    assert len(found) > 80
    cut = [one for one in found if one[1][-1] in ",;:"]
    assert cut == []

"""Which private names of Textual ours meet, to use them or by accident: these and no others.

When Textual's version changes, this fails first: look at each name again, then change VERSION.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import textual

import codial_tui

PACKAGE = Path(codial_tui.__file__).parent
VERSION = "8.2.8"
USED = {
    "terminal.wire": {"_app", "_auto_restart", "_file", "_mouse", "_writer_thread"},
    "terminal.keys": {"_driver", "_handle_exception", "_sequence_to_key_events"},
}
"""by module; the reasons stand there and in ARCHITECTURE.md"""


@cache
def private_names(one: type) -> frozenset[str]:
    """Names with one underscore that a class defines, or that its methods use of `self`."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "super()"):
            found.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return frozenset(
        name for name in found if name[0] == "_" and name.strip("_") and name[:2] != "__"
    )


def our_classes() -> Iterator[type]:
    for found in pkgutil.walk_packages(codial_tui.__path__, "codial_tui."):
        if found.name.split(".")[1] in ("app", "screens", "terminal", "widgets"):
            module = importlib.import_module(found.name)
            for one in vars(module).values():
                if inspect.isclass(one) and one.__module__ == found.name:
                    yield one


def test_the_version_is_the_one_that_was_looked_at() -> None:
    assert textual.__version__ == VERSION, "look at each name of USED in the new version"


def test_ours_meet_only_these_private_names() -> None:
    met: dict[str, set[str]] = {}
    for one in our_classes():
        toolkit = [base for base in one.__mro__ if base.__module__.startswith("textual.")]
        theirs = frozenset().union(*map(private_names, toolkit))
        if shared := private_names(one) & theirs:
            met.setdefault(one.__module__.removeprefix("codial_tui."), set()).update(shared)
    assert met == USED


def test_private_modules_are_asked_by_one_of_ours() -> None:
    asking = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            if name and name.startswith("textual.") and "._" in name:
                asking.add((str(path.relative_to(PACKAGE)), name))
    assert asking == {("terminal/keys.py", "textual._xterm_parser")}

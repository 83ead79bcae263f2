"""What the chain costs beside bare peewee (`make bench` says it with more rounds)."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench import chain


@pytest.mark.long
def test_the_chain_costs_little_more_than_its_rows(tmp_path: Path) -> None:
    template = chain.company(tmp_path / "template.sqlite3")
    found = chain.compared(template, tmp_path, 100, 7)
    assert found["ours_ms"] / found["bare_ms"] <= chain.BARE_TARGET
    many = chain.compared(template, tmp_path, 2000, 2)
    assert many["ours_ms"] / found["ours_ms"] <= chain.MANY_TARGET


@pytest.mark.long
def test_the_rows_that_are_compared_are_those_of_the_chain(tmp_path: Path) -> None:
    template = chain.company(tmp_path / "template.sqlite3")
    own = tmp_path / "own.sqlite3"
    own.write_bytes(template.read_bytes())
    _, _, phases = chain.chain(own, 3)
    assert [len(one.get("document_line", ())) for one in phases] == [0, 3, 3, 0, 3]
    assert [len(one.get("line_link", ())) for one in phases] == [0, 0, 3, 0, 6]
    assert [len(one.get("stock_move", ())) for one in phases] == [0, 0, 0, 3, 0]
    assert [len(one.get("attachment_content", ())) for one in phases] == [0, 0, 0, 1, 0]
    assert chain.inserted(template, phases) > 0
    from codial_tui.bootstrap import open_program

    program = open_program(str(template), program="test", login="bench")
    taken = program.context.database.rows("SELECT pool, SUM(taken) FROM line_pool GROUP BY pool")
    program.close()
    assert sorted(taken) == [("bill", 180_000), ("deliver", 90_000)]

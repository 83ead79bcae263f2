"""Eight programs that transfer, merge, print and undo on the same documents, on both back ends."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench import chain


@pytest.mark.long
@pytest.mark.both
@pytest.mark.timeout(300)
def test_eight_programs_on_the_same_documents(database_url: str) -> None:
    """Nothing taken twice, no number twice, no deadlock: only refusals in words."""
    found = chain.together(database_url, 10)
    assert found["wrong"] == []
    assert found["done"]["merge"] > 0 and found["done"]["undo"] > 0 and found["done"]["print"] > 0

"""Number series on both back ends."""

import pytest

from codial_tui.models.database import Database


@pytest.mark.both
def test_a_series_counts_and_keeps_its_pattern(database: Database) -> None:
    d = database.dialect
    with d.write():
        place = d.insert("establishment", {"uid": "a" * 32, "code": "P"})
        assert d.next_number(place, "DE", "2026", "DE{yy}-{n:05}") == (1, "DE{yy}-{n:05}")
        assert d.next_number(place, "DE", "2026", "other") == (2, "DE{yy}-{n:05}")
        d.execute("UPDATE number_series SET pattern = 'D{n}'")
    with d.write():
        assert d.next_number(place, "DE", "2027", "other") == (1, "D{n}")
        assert d.next_number(place, "FA", "2027", "F{n}") == (1, "F{n}")


@pytest.mark.both
def test_a_rollback_gives_the_number_back(database: Database) -> None:
    d = database.dialect
    with d.write():
        place = d.insert("establishment", {"uid": "a" * 32, "code": "P"})
    with pytest.raises(KeyError), d.write():
        assert d.next_number(place, "DE", "", "D{n}")[0] == 1
        raise KeyError
    with d.write():
        assert d.next_number(place, "DE", "", "D{n}")[0] == 1

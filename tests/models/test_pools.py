"""A quantity cannot be taken twice: the database keeps `taken` from the links."""

import pytest

from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.models.dialect import Dialect
from codial_tui.models.uid import new_uid

AT = "2026-11-22T08:00:00Z"
pytestmark = pytest.mark.both


def two_lines(d: Dialect, quantity: int) -> tuple[int, int]:
    """A source line with that much in `order` and `bill`, and a target line."""
    lines = []
    for kind in ("quote", "order"):
        owner = d.insert(
            "document", {"uid": new_uid(), "kind": kind, "date": AT[:10], "created_at": AT}
        )
        lines.append(d.insert("document_line", {"uid": new_uid(), "document_id": owner}))
    for pool in ("order", "bill"):
        d.execute(
            "INSERT INTO line_pool (line_id, pool, quantity) VALUES (?, ?, ?)",
            [lines[0], pool, quantity],
        )
    return lines[0], lines[1]


def link(d: Dialect, source: int, target: int, quantity: int, **values: str) -> int:
    row = {
        "uid": new_uid(),
        "source_line_id": source,
        "target_line_id": target,
        "pool": "order",
        "quantity": quantity,
        **values,
    }
    return d.insert("line_link", row)


def taken(d: Dialect) -> dict[str, int]:
    return dict(d.rows("SELECT pool, taken FROM line_pool"))


def test_links_take_and_give_back(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, 100)
        first = link(d, source, target, 60)
        link(d, source, target, 40, relation="bill", pool="bill")
    assert taken(d) == {"order": 60, "bill": 40}
    with d.write():
        d.update("line_link", first, {"quantity": 25})
    assert taken(d)["order"] == 25
    with d.write():
        d.update("line_link", first, {"pool": "bill"})
    assert taken(d) == {"order": 0, "bill": 65}
    with d.write():
        d.execute("DELETE FROM document_line WHERE id = ?", [target])
    assert taken(d) == {"order": 0, "bill": 0}


@pytest.mark.parametrize(("quantity", "takes"), [(100, (60, 41)), (100, (-1,)), (-100, (-101,))])
@pytest.mark.parametrize("sign", [1])
def test_more_than_there_is_cannot_be_taken(
    database: Database, quantity: int, takes: tuple[int, ...], sign: int
) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, quantity)
    with pytest.raises(Refused) as caught, d.write():
        for index, take in enumerate(takes):
            link(d, source, target, take, relation=("transfer", "fulfil")[index])
    assert caught.value.problems[0].code == "pool.taken"
    assert taken(d) == {"order": 0, "bill": 0}
    assert d.value("SELECT count(*) FROM line_link") == 0


def test_a_return_takes_from_a_negative_pool(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, -100)
        link(d, source, target, -100)
    assert taken(d)["order"] == -100


def test_the_pool_cannot_shrink_below_what_was_taken(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, 100)
        link(d, source, target, 60)
    with pytest.raises(Refused), d.write():
        d.execute("UPDATE line_pool SET quantity = 59 WHERE pool = 'order'")


def test_nothing_is_taken_from_a_pool_that_does_not_exist(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, 100)
    with pytest.raises(Refused) as caught, d.write():
        link(d, source, target, 1, pool="deliver")
    assert caught.value.problems[0].code == "pool.missing"


def test_relations_without_a_pool_take_nothing(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, 100)
        link(d, source, target, 70, relation="consume", pool="")
    assert taken(d) == {"order": 0, "bill": 0}


def test_the_same_link_twice_is_refused(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, 100)
        link(d, source, target, 10)
    with pytest.raises(Refused) as caught, d.write():
        link(d, source, target, 10)
    assert caught.value.problems[0].code == "constraint.unique"


def test_a_source_line_with_links_stays(database: Database) -> None:
    d = database.dialect
    with d.write():
        source, target = two_lines(d, 100)
        link(d, source, target, 10)
    with pytest.raises(Refused), d.write():
        d.execute("DELETE FROM document_line WHERE id = ?", [source])

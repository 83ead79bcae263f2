"""Chained journals: what is appended is chained, kept, and recomputed by `verify`."""

import threading

import pytest
from sessions import session

from codial_tui.domain.law import chain_text
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.law import chain_links

ALL = (
    "SELECT position, subject, previous_hash, hash, canonical FROM chain_link "
    "WHERE chain = ? ORDER BY position"
)


def append(context: Context, chain: str, *subjects: str) -> None:
    for one in subjects:
        with context.database.write():
            chain_links.append(
                context, chain, one, {"amount": 120_000, "word": "é « x »", "no": None}
            )


@pytest.mark.both
def test_links_follow_each_other_in_each_journal(context: Context) -> None:
    start = chain_links.last(context.database, "events")[0]
    append(context, "events", "a", "b")
    append(context, "payments", "c")
    rows = context.database.rows(ALL, ("payments",))
    assert [row[:3] for row in rows] == [(1, "c", chain_text.FIRST)]
    one, two = context.database.rows(ALL, ("events",))[-2:]
    assert (one[0], two[0]) == (start + 1, start + 2)
    assert two[2] == one[3] == chain_text.chained(one[2], one[4])
    assert one[4] == (
        '{"at":"2026-11-22T11:00:00.000Z","body":{"amount":120000,"no":null,"word":"é « x »"},'
        f'"by":"Claire","chain":"events","format":1,"position":{one[0]},"subject":"a"}}'
    )
    for chain in chain_links.CHAINS:
        assert list(chain_links.verify(context, chain)) == []


@pytest.mark.both
def test_the_database_refuses_what_changes_a_journal(context: Context) -> None:
    append(context, "events", "a", "b")
    for sql in (
        "UPDATE chain_link SET subject = 'x'",
        "UPDATE chain_link SET hash = 'x' WHERE position = 1",
        "DELETE FROM chain_link",
        "INSERT INTO chain_link (chain, position, subject, canonical, previous_hash, hash, at, by) "
        "VALUES ('events', 1, 'z', '', 'q', 'w', '2026-11-22T11:00:00.000Z', 'x')",
    ):
        with pytest.raises(Refused) as refused, context.database.write():
            context.database.execute(sql)
        assert refused.value.problems[0].code == "chain.closed"


def test_a_number_that_is_no_integer_is_refused(context: Context) -> None:
    for value in (1.5, [1.0], {"x": float("nan")}):
        with pytest.raises(ValueError, match="float"), context.database.write():
            chain_links.append(context, "events", "a", {"value": value})


@pytest.mark.both
def test_two_programs_at_once_make_one_chain(context: Context, database_url: str) -> None:
    before = chain_links.last(context.database, "events")[0]
    start = threading.Barrier(2)

    def work() -> None:
        opened = open_database(database_url, create=False)
        try:
            mine = session(opened)
            start.wait(10)
            append(mine, "events", *"abcdefgh")
        finally:
            opened.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert chain_links.last(context.database, "events")[0] == before + 16
    assert list(chain_links.verify(context, "events")) == []

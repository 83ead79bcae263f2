"""Patterns and next numbers of the series, down to the number of the next document."""

from __future__ import annotations

import pytest

from codial_tui.domain.numbering import check_pattern
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.records import number_series, parties, records


def place(context: Context) -> int:
    return int(context.database.value("SELECT id FROM establishment"))


def number(context: Context) -> str:
    """The number of a new quote."""
    party = context.database.value("SELECT id FROM party") or parties.create(
        context, {"name": "MARTIN"}
    )
    made = documents.create(context, "quote", party)
    return str(context.database.value("SELECT number FROM document WHERE id = ?", (made,)))


@pytest.mark.parametrize(
    ("pattern", "invoice", "period", "code"),
    [
        ("DE{yy}", False, "year", "series.pattern"),
        ("DE{yy}-{n}{n}", False, "year", "series.pattern"),
        ("DE{yy}-{n}{x}", False, "year", "series.pattern"),
        ("DE{n:05}", False, "year", "series.period"),
        ("DE{yy}-{n}", False, "month", "series.period"),
        ("DE {yy} {n}", False, "year", "series.length"),
        ("D" * 30 + "{yy}{n}", False, "year", "series.length"),
        ("DE{yy}{n:99}", False, "year", "series.length"),
        ("FÀ{yy}-{n}", True, "year", "series.characters"),
        ("FA{yy}.{n}", True, "year", "series.characters"),
    ],
)
def test_a_pattern_that_makes_no_numbers_is_refused(
    pattern: str, invoice: bool, period: str, code: str
) -> None:
    found = check_pattern(pattern, invoice=invoice, period=period)
    assert code in [one.code for one in found]


@pytest.mark.parametrize("pattern", ["DE{yy}-{n:05}", "{yyyy}/{mm}/{n}", "a+b_{yy}{n:10}"])
def test_a_good_pattern_has_no_problems(pattern: str) -> None:
    assert check_pattern(pattern, invoice=True, period="year") == []


def test_the_next_document_follows_the_setting(context: Context) -> None:
    first, year = number(context), context.today.strftime("%y")
    assert first == f"DE{year}-00001"
    number_series.put(context, place(context), "DE", "LY-{yyyy}/{n:04}", 120)
    assert number(context) == f"LY-{context.today.year}/0120"
    number_series.put(context, place(context), "DE", "Q{yy}{n}")
    assert number(context) == f"Q{year}121"
    row = context.database.row("SELECT pattern, last FROM number_series WHERE code = 'DE'")
    assert row == ("Q{yy}{n}", 121)


@pytest.mark.parametrize(
    ("following", "code"),
    [
        (1, "series.backward"),
        (0, "series.backward"),
        (-3, "series.backward"),
        (10**10, "series.too_big"),
    ],
)
def test_a_number_given_is_never_given_again(context: Context, following: int, code: str) -> None:
    number(context)
    with pytest.raises(Refused) as refused:
        number_series.put(context, place(context), "DE", "DE{yy}-{n:05}", following)
    assert refused.value.problems[0].code == code
    assert context.database.value("SELECT last FROM number_series") == 1


def test_before_the_first_number_a_series_starts_anywhere(context: Context) -> None:
    number_series.put(context, place(context), "DE", "DE{yy}-{n:05}", 500)
    assert number(context).endswith("-00500")


def test_two_establishments_need_two_patterns(context: Context) -> None:
    """What one establishment gave, the other's series may not be set to give."""
    given = number(context)
    other = context.database.insert(
        "establishment", {"uid": context.uid(), "code": "2", "name": "Valence"}
    )
    with pytest.raises(Refused, match="existe déjà"):
        number_series.put(context, other, "DE", "DE{yy}-{n:05}")
    number_series.put(context, other, "DE", "VA{yy}-{n:05}")
    found = {
        one.establishment_id: one.example
        for one in number_series.listed(context)
        if one.code == "DE"
    }
    assert found[place(context)] == f"{given[:-1]}2"
    assert found[other].startswith("VA")


def test_who_has_not_the_right_changes_no_number(context: Context) -> None:
    context.user = context.user._replace(role="user")
    with pytest.raises(Refused, match="Réservé aux administrateurs"):
        number_series.put(context, place(context), "DE", "X{yy}{n}")
    assert context.database.value("SELECT COUNT(*) FROM number_series") == 0


def test_a_number_is_found_as_it_was_given(context: Context) -> None:
    number_series.put(context, place(context), "DE", "dev-{yy}-{n:03}", 42)
    given = number(context)
    for typed in (given, "42", "DE42", "de42"):
        found = documents.find(context, typed)
        assert found == context.database.value("SELECT id FROM document"), typed


def test_an_invoice_series_keeps_its_letters_and_has_no_gap(context: Context) -> None:
    own, year = place(context), str(context.today.year)
    number_series.put(context, own, "FA", "FA{yy}-{n:05}", 800)
    with context.database.write():
        context.database.next_number(own, "FA", year, "")
    for pattern, following, code in (
        ("FÀ{yy}-{n}", None, "series.characters"),
        ("FA{yy}-{n:05}", 900, "series.gap"),
        ("FA{yy}-{n:05}", 800, "series.backward"),
    ):
        with pytest.raises(Refused) as refused:
            number_series.put(context, own, "FA", pattern, following)
        assert refused.value.problems[0].code == code
    number_series.put(context, own, "FA", "F{yyyy}/{n}", 801)
    row = context.database.row("SELECT pattern, last FROM number_series WHERE code = 'FA'")
    assert row == ("F{yyyy}/{n}", 800)


def test_the_series_of_two_establishments_are_told_apart(context: Context) -> None:
    values = {"uid": context.uid(), "code": "2", "name": "Valence"}
    other = context.database.insert("establishment", values)
    name = context.database.value("SELECT name FROM establishment WHERE id <> ?", (other,))
    assert number_series.find(context, other, "DE").twin == name
    assert number_series.find(context, place(context), "DE").twin == ""
    number_series.put(context, other, "DE", "VA{yy}-{n:05}")
    assert number_series.find(context, other, "DE").twin == ""


def test_machines_contracts_and_calls_have_series_too(context: Context) -> None:
    year = context.today.strftime("%y")
    examples = {one.code: (one.kinds, one.example) for one in number_series.listed(context)}
    assert examples["EQ"] == ("Machines", f"EQ{year}-00001")
    assert examples["CT"] == ("Contrats", f"CT{year}-0001")
    assert examples["AP"] == ("Appels", f"AP{year}-00001")
    party = parties.create(context, {"name": "MARTIN", "is_customer": 1})
    number_series.put(context, place(context), "EQ", "PARC-{yyyy}-{n:03}", 40)
    made = records.create(context, "equipment", {"party_id": party, "brand": "RICOH"})
    taken = f"PARC-{context.today.year}-040"
    assert records.load(context, "equipment", made)["code"] == taken
    with pytest.raises(Refused, match="déjà donné"):
        number_series.put(context, place(context), "EQ", "PARC-{yyyy}-{n:03}", 40)
    records.create(context, "equipment", {"party_id": party, "code": taken.replace("40", "41")})
    with pytest.raises(Refused, match="041 existe déjà"):
        number_series.put(context, place(context), "EQ", "PARC-{yyyy}-{n:03}")

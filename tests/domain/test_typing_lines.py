"""Home, list filter and Suivi (ux.md §3, rule 9)."""

from __future__ import annotations

from datetime import date

import pytest

from codial_tui.domain.entry.entry_kinds import Command, Empty, Refused, Search
from codial_tui.domain.entry.typing_lines import (
    DocumentNumber,
    HomeLine,
    ListCode,
    ListFilter,
    Note,
    PlannedAction,
    parse_filter,
    parse_followup,
    period_of,
    read_home,
    with_period,
)

TODAY = date(2026, 11, 28)
EAN = "3760123456784"


def home(text: str) -> HomeLine:
    return read_home(text, codes={"de", "cc"}, prefixes={"DE", "CC"})


class TestHome:
    def test_document_numbers(self) -> None:
        assert home("42") == DocumentNumber("42", "", None, 42)
        assert home("DE42") == home(" de42 ") == DocumentNumber("DE42", "DE", None, 42)
        assert home("DE26-00042") == DocumentNumber("DE26-00042", "DE", 2026, 42)
        assert home("de26-42") == DocumentNumber("DE26-42", "DE", 2026, 42)
        assert home("26-42") == DocumentNumber("26-42", "", 2026, 42)
        assert home("CC2026/42") == DocumentNumber("CC2026/42", "CC", 2026, 42)

    def test_a_document_without_a_number_yet(self) -> None:
        assert home("cc-p117") == DocumentNumber("CC-P117", "CC", None, 117)
        assert home("ZZ-P117") == Search(("ZZ-P117",))

    def test_an_item_is_no_document(self) -> None:
        assert home("TUB12") == Search(("TUB12",))
        assert read_home("TUB12") == DocumentNumber("TUB12", "TUB", None, 12)

    def test_the_code_of_a_list(self) -> None:
        assert home("de") == home("DE") == ListCode("de")
        assert home("zz") == Search(("zz",))

    def test_customer_or_item(self) -> None:
        assert home("martin sarl 69") == Search(("martin", "sarl", "69"))
        assert home(EAN) == Search((EAN,))
        keys = EAN.translate(str.maketrans("1234567890", "&é\"'(-è_çà"))
        assert home(keys) == Search((EAN,), notes=("scanner en QWERTY",))

    def test_command_and_nothing(self) -> None:
        assert home(":importer") == Command("importer")
        assert home(" ") == Empty()


class TestFilter:
    def test_words_amounts_and_month(self) -> None:
        assert parse_filter("martin >1000") == ListFilter(("martin",), above=100_000)
        assert parse_filter("<500 11/26 salle d'eau") == ListFilter(
            ("salle", "d'eau"), below=50_000, since="2026-11-01", until="2026-11-30"
        )
        assert parse_filter("DE26-00042") == ListFilter(("DE26-00042",))
        assert parse_filter("") == ListFilter()

    def test_cents_and_pasted_numbers(self) -> None:
        assert parse_filter(">1000,5 <1\u00a0234,56") == ListFilter((), 100_050, 123_456)

    @pytest.mark.parametrize(
        ("text", "since", "until"),
        [
            ("2026", "2026-01-01", "2026-12-31"),
            ("02/24", "2024-02-01", "2024-02-29"),
            ("12/26", "2026-12-01", "2026-12-31"),
            ("10/26-11/26", "2026-10-01", "2026-11-30"),
            ("2025-2026", "2025-01-01", "2026-12-31"),
            ("05/11/26", "2026-11-05", "2026-11-05"),
            ("05/11/26-20/11/2026", "2026-11-05", "2026-11-20"),
            ("11/26-", "2026-11-01", ""),
            ("-11/26", "", "2026-11-30"),
        ],
    )
    def test_periods(self, text: str, since: str, until: str) -> None:
        assert parse_filter(f"a {text}") == ListFilter(("a",), since=since, until=until)
        assert period_of(f"a {text} b") == text
        assert with_period(f"a {text} b", "2027") == "a b 2027"
        assert with_period(f"a {text} b", "") == "a b"

    @pytest.mark.parametrize(
        "text",
        ["11/26-10/26", "31/02/26", "13/26", "1999", "02026", "-", "26-00042", "2026-x", "-5"],
    )
    def test_what_is_no_period_is_a_word(self, text: str) -> None:
        assert parse_filter(text) == ListFilter((text,))
        assert period_of(text) == ""

    def test_the_narrowest_bounds_and_the_last_month(self) -> None:
        assert parse_filter(">10 >20 >15 <90 <80 10/26 11/26") == ListFilter(
            (), 2_000, 8_000, "2026-11-01", "2026-11-30"
        )

    @pytest.mark.parametrize("word", [">", "<abc", ">1,2,3", ">1,005", "13/26", "=5", ">-5"])
    def test_what_is_neither_is_a_word(self, word: str) -> None:
        assert parse_filter(word) == ListFilter((word,))


class TestFollowUp:
    def test_a_note(self) -> None:
        assert parse_followup("Veut la borne 7 kW", TODAY) == Note("Veut la borne 7 kW")
        assert parse_followup("+33 4 72 00 11 22 rappeler", TODAY) == Note(
            "+33 4 72 00 11 22 rappeler"
        )
        assert parse_followup("a\x1b[31mb", TODAY) == Note("ab")

    def test_an_action(self) -> None:
        expected = PlannedAction(date(2026, 12, 1), "Rappeler M. MARTIN")
        assert parse_followup("+3j Rappeler M. MARTIN", TODAY) == expected
        assert parse_followup("+3J  Rappeler M. MARTIN", TODAY) == expected

    def test_refused_with_the_wrong_part(self) -> None:
        entry = parse_followup(" +999999j Rappeler", TODAY)
        assert isinstance(entry, Refused)
        assert (entry.problem.code, entry.problem.field) == ("date.out_of_range", "+999999j")
        assert (entry.start, entry.end) == (1, 9)
        empty = parse_followup("+3j", TODAY)
        assert isinstance(empty, Refused)
        assert empty.problem.text == "action sans texte · +3j Rappeler M. MARTIN"

    def test_command_and_nothing(self) -> None:
        assert parse_followup(":relances", TODAY) == Command("relances")
        assert parse_followup("", TODAY) == Empty()

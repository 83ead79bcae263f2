"""Free items, references with parameters, searches and numbers (ux.md §3, rules 5 to 8)."""

from __future__ import annotations

import pytest
from entry_catalogue import KNOWN, Catalogue, read, refused

from codial_tui.domain.entry.entry import parse_entry, search_entry
from codial_tui.domain.entry.entry_kinds import FreeItem, Item, Refused, Repeat, Search


class TestRule5FreeItem:
    def test_without_semicolon_quantity_1_and_no_price(self) -> None:
        assert read(".Pose tube 12 x45") == FreeItem("Pose tube 12 x45", 10_000)
        assert read("-2*.Reprise") == FreeItem("Reprise", -20_000, notes=("! retour",))

    def test_all_up_to_the_last_semicolon(self) -> None:
        assert read(".a;2 x3;4") == FreeItem("a;2 x3", 40_000)
        assert read(".Pose; posé;") == FreeItem("Pose; posé", 10_000)
        assert read(".Pose;x45") == FreeItem("Pose", 10_000, "", 450_000)

    def test_discounts_and_order(self) -> None:
        assert read(".Pose;-10%-5% x45 2 m²") == FreeItem(
            "Pose", 20_000, "m²", 450_000, (100_000, 50_000)
        )

    def test_a_unit_stands_behind_the_quantity_only(self) -> None:
        assert refused(".Pose;x48 h")[1] == "h"
        assert refused(".Pose;2 h jour")[1] == "jour"
        assert refused(".Pose;16h") == (
            "« 16h » n'est ni quantité ni prix ; finissez par ;",
            "16h",
        )

    def test_numbers_once(self) -> None:
        assert refused(".Pose;1 234 x5")[1] == "234"
        assert refused("3*.Pose;2 x5") == ("quantité donnée deux fois", "2")

    def test_without_designation(self) -> None:
        assert refused(".")[0] == refused(".;2 x45")[0] == "article libre sans désignation"


class TestRule6Reference:
    def test_the_longest_run_of_words(self) -> None:
        assert read("ce 200 s 3", "CE", "CE 200") == Item("CE 200 S", 30_000)
        assert read("ce 200 3", "CE", "CE 200") == Item("CE 200", 30_000)
        assert read("ce 200", "CE") == Item("CE", 2_000_000)

    def test_parameters_in_any_order(self) -> None:
        expected = Item("TUB12", 120_000, 84_500, (100_000, 50_000))
        for text in ("12 x8,45 -10%-5%", "-10%-5% 12 x8,45", "X8.45 -10%-5% 12"):
            assert read(f"tub12 {text}") == expected

    def test_each_once(self) -> None:
        assert refused("tub12 x8 x9") == ("prix donné deux fois", "x9")
        assert refused("tub12 -5% -3%") == ("remise donnée deux fois", "-3%")
        assert refused("tub12 12 x8 12")[0].startswith("quantité déjà donnée (12)")

    def test_the_second_of_two_equal_words_is_the_wrong_one(self) -> None:
        entry = read("  tub12 12 12")
        assert isinstance(entry, Refused)
        assert (entry.start, entry.end) == (11, 13)

    def test_a_discount_without_its_sign_is_a_quantity(self) -> None:
        assert read("tub12 -10") == Item("TUB12", -100_000, notes=("! retour",))
        entry = read("tub12 2 -10")
        assert isinstance(entry, Refused)
        assert entry.problem.text == "quantité déjà donnée (2) · une remise s'écrit -10%"

    def test_discounts_go_from_0_to_100(self) -> None:
        assert read("tub12 -100%") == Item("TUB12", None, None, (1_000_000,))
        assert read("tub12 -33,3333%") == Item("TUB12", None, None, (333_333,))
        assert refused("tub12 -100,1%")[0] == "une remise va de 0 à 100 %"
        assert refused("tub12 -33,33333%")[0] == "« 33,33333 » : 4 décimales au plus"

    @pytest.mark.parametrize("word", ["12a", "-", "-a", "--2", "x8a", "X8x", "3/4", "1-2", "10%"])
    def test_a_word_that_looks_like_a_parameter_is_refused(self, word: str) -> None:
        assert refused(f"tub12 {word}") == (f"« {word} » n'est ni quantité ni prix", word)

    def test_it_says_what_to_do(self) -> None:
        for text, remedy in (("tub12 12a", "F4 cherche"), ("tub12 10%", "une remise s'écrit")):
            entry = read(text)
            assert isinstance(entry, Refused)
            assert entry.problem.remedy.startswith(remedy)

    @pytest.mark.parametrize("word", ["cui", "x", "x,5", "x-5", "+3", "%", "é"])
    def test_any_other_word_makes_the_whole_a_search(self, word: str) -> None:
        assert read(f"tub12 {word}") == Search(("tub12", word))
        assert read(f"tub12 12a {word}") == Search(("tub12", "12a", word))

    def test_the_price_sign_stands_directly_before_its_digit(self) -> None:
        assert read("tub12 x 45") == Search(("tub12", "x", "45"))

    def test_no_reference_no_parameter(self) -> None:
        assert read("12 tub12") == Search(("12", "tub12"))
        assert read("tube 12a x5 -3%") == Search(("tube", "12a", "x5", "-3%"))

    def test_a_page_costs_few_questions(self) -> None:
        known = Catalogue("TUB12")
        assert isinstance(parse_entry("a " * 30_000, known), Search)
        assert isinstance(parse_entry("2*" * 30_000, known), Refused)
        assert known.asked < 200


class TestRule7Search:
    def test_every_word_digits_too(self) -> None:
        assert read("cuivre 12 barre") == Search(("cuivre", "12", "barre"))
        assert read("cuivre 12 barre").text == "cuivre 12 barre"  # type: ignore[union-attr]

    def test_f4_searches_whatever_the_line_is(self) -> None:
        assert search_entry("tub12 12a", KNOWN) == Search(("tub12", "12a"))
        assert search_entry("3*+tub12", KNOWN) == Search(("tub12",), 30_000, "option")
        assert isinstance(search_entry("1,2,3*tub12", KNOWN), Refused)


class TestRule8Numbers:
    def test_comma_or_point(self) -> None:
        assert read("tub12 2,5") == read("tub12 2.5") == Item("TUB12", 25_000)

    @pytest.mark.parametrize("blank", ["\u00a0", "\u202f"])
    def test_a_pasted_no_break_space_is_dropped(self, blank: str) -> None:
        assert read(f"tub12 1{blank}234,5") == Item("TUB12", 12_345_000)
        assert read(f"tub12 x1{blank}234,50 -10{blank}%") == Item(
            "TUB12", None, 12_345_000, (100_000,)
        )
        assert read(f"1{blank}000*tub12") == Item("TUB12", 10_000_000)
        assert read(f".Pose{blank}: dalle;1{blank}000 x5") == FreeItem(
            f"Pose{blank}: dalle", 10_000_000, "", 50_000
        )

    def test_elsewhere_it_is_a_blank(self) -> None:
        assert read("tub12\u00a012\u00a0x5") == Item("TUB12", 120_000, 50_000)

    def test_quantity_4_decimals(self) -> None:
        assert read("tub12 0,0001") == Item("TUB12", 1)
        assert read("tub12 1,50000") == Item("TUB12", 15_000)
        assert refused("tub12 0,00001") == ("« 0,00001 » : 4 décimales au plus", "0,00001")

    def test_price_as_the_document(self) -> None:
        assert refused("tub12 x0,123") == ("« 0,123 » : 2 décimales au plus", "x0,123")
        assert read("tub12 x0,123", price_decimals=3) == Item("TUB12", None, 1_230)
        assert read(".. x0,1234", price_decimals=4) == Repeat(None, 1_234)

    def test_bounds(self) -> None:
        unusual = ("! quantité inhabituelle",)
        assert read("tub12 1000000000 x1000000000") == Item("TUB12", 10**13, 10**13, notes=unusual)
        assert read("tub12 1000000").notes == unusual and read("tub12 999999").notes == ()
        assert read(".vis;-1000000").notes == ("! retour", *unusual)
        for text in ("tub12 1000000000,0001", "tub12 -1000000001", ".a;9999999999"):
            assert refused(text)[0] == "quantité trop grande"
        assert refused("tub12 x1000000000,01")[0] == "prix trop grand"
        assert "nombre trop grand" in refused("tub12 " + "9" * 40)[0]

    def test_only_plain_digits_are_digits(self) -> None:
        assert read("tub12 ٣") == Search(("tub12", "٣"))
        assert read("tub12 ²") == Search(("tub12", "²"))

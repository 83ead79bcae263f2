"""The typing line of Lignes: every row of the table and every sentence of ux.md §3."""

from __future__ import annotations

import pytest
from entry_catalogue import EAN, KNOWN, Catalogue, read, refused

from codial_tui.domain.entry.entry import parse_entry, search_entry
from codial_tui.domain.entry.entry_kinds import (
    Chapter,
    CloseAssembly,
    Command,
    Comment,
    Empty,
    Favourite,
    FreeItem,
    Increment,
    Item,
    LastLine,
    OpenAssembly,
    PageBreak,
    Refused,
    Repeat,
    Search,
    Signs,
    Subtitle,
    Title,
)
from codial_tui.domain.problems import Invalid

UPC = "036000291452"


class TestTable:
    """The table, row by row."""

    def test_quantity_price_discount(self) -> None:
        expected = Item("TUB12", 120_000, 84_500, (100_000,))
        assert read("tub12 12 x8,45 -10%") == expected
        assert read("12*tub12 x8.45 -10%") == expected

    def test_return(self) -> None:
        expected = Item("TUB12", -20_000, notes=("! retour",))
        assert read("tub12 -2") == expected
        assert read("-2*tub12") == expected

    def test_an_x_inside_or_before_a_reference_is_no_price(self) -> None:
        assert read("vis4x40 100 x0,12") == Item("VIS4X40", 1_000_000, 1_200)
        assert read("x45 2") == Item("X45", 20_000)

    def test_count_before_a_search(self) -> None:
        assert read("12*tub cui") == Search(("tub", "cui"), 120_000)
        assert read("12*tub cui", "TUB") == Search(("tub", "cui"), 120_000)

    def test_a_number_behind_a_word(self) -> None:
        assert read("tub 12", "TUB") == Item("TUB", 120_000)
        assert read("tub 12") == Search(("tub", "12"))
        assert search_entry("tub 12", Catalogue("TUB")) == Search(("tub", "12"))

    def test_kinds(self) -> None:
        assert read("+born7") == Item("BORN7", tag="option")
        assert read("/born11") == Item("BORN11", tag="variant")
        assert read("3**clois") == Item("CLOIS", 30_000, assembly_only=True)

    def test_free_items(self) -> None:
        assert read(".Pose tube Ø12 barre 5 m;2 x45") == FreeItem(
            "Pose tube Ø12 barre 5 m", 20_000, "", 450_000
        )
        assert read(".Pose réseau;16 h x48") == FreeItem("Pose réseau", 160_000, "h", 480_000)

    def test_refusals(self) -> None:
        assert refused(".Pose; posé") == (
            "« posé » n'est ni quantité ni prix ; finissez par ;",
            "posé",
        )
        assert refused("tub12 1 234") == (
            "quantité déjà donnée (1), un nombre s'écrit sans espace",
            "234",
        )
        assert refused("tub12 2,849,83") == ("deux virgules", "2,849,83")
        assert refused("12*tub12 5") == ("quantité donnée deux fois", "5")


class TestRule1WholeText:
    def test_a_known_reference_whatever_the_case(self) -> None:
        assert read("tub12") == read("TUB12") == read("  Tub12 ") == Item("TUB12")

    def test_before_any_sign(self) -> None:
        assert read("=a", "=A") == Item("=A")
        assert read("+born7", "+BORN7") == Item("+BORN7")
        assert read("---", "---") == Item("---")
        assert read("4*40", "4*40") == Item("4*40")

    def test_blanks_inside_count_as_one(self) -> None:
        assert read("ce  200   s") == Item("CE 200 S")

    def test_a_barcode(self) -> None:
        assert read(EAN) == Item("TUB12")

    @pytest.mark.parametrize("text", ["96385074", UPC, EAN, "13760123456781"])
    def test_of_8_12_13_and_14_digits(self, text: str) -> None:
        known = Catalogue(barcodes={text: "A1"})
        assert parse_entry(text, known) == Item("A1")

    def test_with_a_wrong_check_digit_is_a_search(self) -> None:
        wrong = EAN[:-1] + "5"
        assert parse_entry(wrong, Catalogue(barcodes={wrong: "A1"})) == Search((wrong,))

    def test_not_on_file_is_a_search(self) -> None:
        assert read("96385074") == Search(("96385074",))

    def test_a_upc_is_found_under_its_13_digits_and_the_reverse(self) -> None:
        assert parse_entry(UPC, Catalogue(barcodes={"0" + UPC: "A1"})) == Item("A1")
        assert parse_entry("0" + UPC, Catalogue(barcodes={UPC: "A1"})) == Item("A1")
        assert parse_entry("00" + UPC, Catalogue(barcodes={UPC: "A1"})) == Item("A1")

    def test_one_more_when_the_last_line_is_the_same_item_at_the_same_price(self) -> None:
        assert read(EAN, last=LastLine("TUB12")) == Increment("TUB12")
        assert read(EAN, last=LastLine("TUB12", usual_price=False)) == Item("TUB12")
        assert read(EAN, last=LastLine("BORN7")) == Item("TUB12")
        assert read(EAN, last=None) == Item("TUB12")

    def test_a_typed_reference_is_a_new_line(self) -> None:
        assert read("tub12", last=LastLine("TUB12")) == Item("TUB12")

    def test_an_item_whose_reference_is_its_barcode_is_counted_too(self) -> None:
        assert read(EAN, EAN, last=LastLine(EAN)) == Increment(EAN)

    def test_a_scanner_set_to_qwerty(self) -> None:
        keys = EAN.translate(str.maketrans("1234567890", "&é\"'(-è_çà"))
        expected = Item("TUB12", notes=("scanner en QWERTY",))
        assert read(keys) == expected
        assert read(keys.upper()) == expected
        assert read(keys, last=LastLine("TUB12")) == Increment("TUB12", notes=expected.notes)
        assert parse_entry(keys, Catalogue()) == Search((EAN,), notes=expected.notes)

    def test_the_same_signs_that_make_no_barcode_are_read_as_signs(self) -> None:
        assert read("(" * 9) == OpenAssembly("((((((((")

    def test_a_scan_may_stand_for_the_reference(self) -> None:
        assert read(f"3*{EAN}") == Item("TUB12", 30_000)
        assert read(f"+{EAN} 2 x9") == Item("TUB12", 20_000, 90_000, tag="option")


class TestRule2FirstSign:
    def test_chapters(self) -> None:
        assert read("=PLOMBERIE") == read("= PLOMBERIE ") == Chapter(1, "PLOMBERIE")
        assert read("==Cuivre 12") == Chapter(2, "Cuivre 12")
        assert read("===tub12") == Chapter(3, "tub12")
        assert refused("====a")[0] == "trois niveaux de chapitre au plus"
        assert refused("=")[0] == "chapitre sans titre"

    def test_texts(self) -> None:
        assert read(";Fixations comprises") == Comment("Fixations comprises")
        assert read(";; Titre") == Title("Titre")
        assert read(";;;Sous-titre; suite") == Subtitle("Sous-titre; suite")

    def test_empty_opens_the_long_text(self) -> None:
        assert [read(sign) for sign in (";", ";;", ";;;")] == [Comment(""), Title(""), Subtitle("")]

    def test_ad_hoc_assembly(self) -> None:
        assert read("(Tableau complet (3 rangées)") == OpenAssembly("Tableau complet (3 rangées)")
        assert read(")") == CloseAssembly()
        assert refused("(")[0] == "ensemble sans désignation"
        assert refused(") fin") == ("rien ne suit )", "fin")

    def test_page_break(self) -> None:
        assert read("---") == PageBreak()

    def test_favourite(self) -> None:
        assert read("!b") == read("!B") == Favourite("b")
        assert refused("!")[0] == refused("!bc")[0] == "un favori est sur une touche"

    def test_repeat(self) -> None:
        assert read("..") == Repeat()
        assert read(".. 3 x9") == read("..3 x9") == Repeat(30_000, 90_000)
        assert read(".. -10%-5% -1") == Repeat(
            -10_000, None, (100_000, 50_000), notes=("! retour",)
        )
        assert refused(".. rouge") == ("« rouge » n'est ni quantité ni prix", "rouge")

    def test_command(self) -> None:
        assert read(":importer articles") == Command("importer articles")
        assert read(":") == Command("")


class TestRule3Count:
    def test_numbers_are_multiplied(self) -> None:
        assert read("12*tub12") == Item("TUB12", 120_000)
        assert read("4*2,5*tub12") == Item("TUB12", 100_000)
        assert read("-2*3* tub12") == Item("TUB12", -60_000, notes=("! retour",))

    def test_exactly(self) -> None:
        assert read("0,01*0,01*tub12") == Item("TUB12", 1)
        assert read("0,001*0,01*10*tub12") == Item("TUB12", 1)
        assert refused("0,001*0,01*tub12")[0] == "« 0,001*0,01 » : 4 décimales au plus"
        assert refused("1,23456*tub12") == ("« 1,23456 » : 4 décimales au plus", "1,23456")

    def test_stopping_when_the_rest_is_itself_a_reference(self) -> None:
        assert read("2*4*40", "4*40") == Item("4*40", 20_000)
        assert read("2*4*40 x5", "4*40") == Item("4*40", 20_000, 50_000)
        assert read("4*40 x5", "4*40") == Item("4*40", None, 50_000)
        assert read("4*40", "40") == Item("40", 40_000)

    def test_a_bad_number_is_refused(self) -> None:
        assert refused("1,2,3*tub12") == ("deux virgules", "1,2,3")

    def test_nothing_behind_it(self) -> None:
        assert refused("12*") == ("il manque l'article", "12*")

    def test_bounds(self) -> None:
        assert read("100000*10000*tub12") == Item(
            "TUB12", 10**13, notes=("! quantité inhabituelle",)
        )
        assert refused("100000*10001*tub12")[0] == "quantité trop grande"
        assert refused("2*" * 13 + "tub12")[0] == "12 nombres au plus avant la référence"


class TestRule4Kind:
    def test_after_the_count(self) -> None:
        assert read("2*+born7 x9") == Item("BORN7", 20_000, 90_000, tag="option")
        assert read("2*/born11") == Item("BORN11", 20_000, tag="variant")
        assert read("3*.Pose;x45") == FreeItem("Pose", 30_000, "", 450_000)

    def test_kept_by_a_search(self) -> None:
        assert read("+borne 7") == Search(("borne", "7"), tag="option")
        assert read("2*/borne") == Search(("borne",), 20_000, "variant")
        assert read("*salle") == Search(("salle",), assembly_only=True)

    def test_a_free_item_or_an_assembly_may_be_an_option(self) -> None:
        assert read("+.Borne;x980") == FreeItem("Borne", 10_000, "", 9_800_000, (), "option")
        assert read("/*clois") == Item("CLOIS", tag="variant", assembly_only=True)

    def test_settings_can_change_the_signs(self) -> None:
        signs = Signs(free=",", option="?", variant="%", assembly="#")
        assert read(",Pose;2 x45", signs=signs) == FreeItem("Pose", 20_000, "", 450_000)
        assert read("?born7", signs=signs) == Item("BORN7", tag="option")
        assert read("%born7", signs=signs) == Item("BORN7", tag="variant")
        assert read("3*#clois", signs=signs) == Item("CLOIS", 30_000, assembly_only=True)
        assert read("+born7", signs=signs) == Search(("+born7",))

    @pytest.mark.parametrize("sign", ["", "++", "a", "4", " ", "=", ";", "(", ")", "!", ":", "-"])
    def test_not_to_a_sign_that_means_something_else(self, sign: str) -> None:
        with pytest.raises(Invalid, match="ne peut pas servir de signe"):
            Signs(option=sign)
        with pytest.raises(Invalid, match="deux fois"):
            Signs(option="/")

    def test_nothing_behind_it(self) -> None:
        assert refused("+") == ("il manque l'article", "+")
        assert search_entry("*", KNOWN) == Search((), assembly_only=True)


def test_nothing() -> None:
    assert read("") == read("   ") == read("\x1b[2J\x00") == Empty()


def test_control_characters_never_get_in() -> None:
    assert read(".Po\x1b]52;c;AAAA\x07se;2 x45") == FreeItem("Pose", 20_000, "", 450_000)
    assert read("tub12\t12\r\n") == Item("TUB12", 120_000)


def test_a_long_wrong_word_is_shortened_in_the_message() -> None:
    entry = read("tub12 1" + "a" * 500)
    assert isinstance(entry, Refused)
    assert len(entry.problem.message) < 60


def test_the_place_of_the_wrong_part_stays_inside_what_was_typed() -> None:
    decomposed = read("=" * 4 + "\ufb1d" * 3)  # one code point that NFC makes two
    assert isinstance(decomposed, Refused)
    assert (decomposed.start, decomposed.end) == (0, 7)

"""Placing, copying, moving and choosing lines."""

from __future__ import annotations

import pytest
from document_strategies import document, documents, heading, line, uids
from hypothesis import given

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.draft import Plan
from codial_tui.domain.lines import arrange, choices
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Invalid
from codial_tui.domain.structure import numbers, subtotals


def done(made: Document, plan: Plan) -> Document:
    apply(made, plan.changes)
    return made


def names(made: Document) -> str:
    return " ".join(one.uid for one in made.lines)


def house() -> Document:
    return document(
        heading("C"),
        line("a", "1", "10"),
        line("b", "2", "20"),
        line("E", "2", "100", type=LineType.ASSEMBLY),
        line("x", "2", "5", parent_uid="E", ratio=1_000_000),
        line("y", "4", "5", parent_uid="E", ratio=2_000_000),
        heading("D"),
        line("d", "1", "40"),
    )


def test_lines_never_separate_an_assembly_from_its_components() -> None:
    for after in ("E", "x", "y"):
        made = house()
        apply(made, arrange.insert_lines(made, [line("n"), line("m")], after))
        assert names(made) == "C a b E x y n m D d"
    made = house()
    apply(made, arrange.insert_lines(made, [line("n")], "x", inside="E"))
    assert names(made) == "C a b E x n y D d"
    assert made.line("n").parent_uid == "E"
    apply(made, arrange.insert_lines(made, [line("first")], "E", inside="E"))
    apply(made, arrange.insert_lines(made, [line("last")], None, inside="E"))
    assert names(made) == "C a b E first x n y last D d"


def test_lines_go_into_a_chapter_after_its_heading_and_at_the_end() -> None:
    made = house()
    apply(made, arrange.insert_lines(made, [line("n")], "D"))
    apply(made, arrange.insert_lines(made, [line("z")], None))
    assert names(made) == "C a b E x y D n d z"
    assert arrange.insert_lines(made, [], None) == []


def test_deleting_a_chapter_with_or_without_what_it_holds() -> None:
    assert names(done(house(), arrange.delete(house(), ["C"]))) == "D d"
    assert names(done(house(), arrange.delete(house(), ["C"], with_content=False))) == (
        "a b E x y D d"
    )
    assert names(done(house(), arrange.delete(house(), ["a", "E"]))) == "C b D d"


def test_deleting_a_component_lowers_its_ad_hoc_assembly() -> None:
    made = document(
        line("E", "2", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("x", "2", "5", parent_uid="E", ratio=1_000_000),
        line("y", "4", "5", parent_uid="E", ratio=2_000_000),
    )
    assert made.line("E").amount == 30_00
    assert done(made, arrange.delete(made, ["y"])).line("E").amount == 10_00


def test_copies_are_new_lines_with_their_components() -> None:
    made = house()
    done(made, arrange.paste(made, arrange.copy(made, ["E", "a"]), "d", uids()))
    assert names(made) == "C a b E x y D d new-1 new-2 new-3 new-4"
    assert [one.parent_uid for one in made.lines[-4:]] == [None, None, "new-2", "new-2"]
    assert made.line("new-2").amount == 200_00
    done(made, arrange.duplicate(made, ["b"], iter(["copy"]).__next__))
    assert names(made).startswith("C a b copy E")


def test_cut_and_paste_moves_a_chapter() -> None:
    made = house()
    clip, plan = arrange.cut(made, ["C"])
    done(made, plan)
    done(made, arrange.paste(made, clip, None, uids()))
    assert [numbers(made)[one.uid] for one in made.lines] == [
        "1", "1.1", "2", "2.1", "2.2", "2.3", "2.3.1", "2.3.2",
    ]  # fmt: skip
    assert totals(made).net == totals(house()).net


def test_a_component_alone_is_pasted_as_a_normal_line() -> None:
    made = house()
    done(made, arrange.paste(made, arrange.copy(made, ["y"]), "d", uids()))
    assert (made.line("new-1").parent_uid, made.line("new-1").ratio) == (None, 0)
    assert made.line("new-1").amount == 20_00


def test_prices_follow_the_mode_and_decimals_of_the_other_document() -> None:
    clip = arrange.copy(document(line("a", "2", "10.1234", discount_amount=100)), ["a"])
    ttc = document(price_mode="gross")
    done(ttc, arrange.paste(ttc, clip, None, uids()))
    assert ttc.line("new-1").unit_price == 121_500
    assert ttc.line("new-1").amount == 24_30 - 1_20
    back = document(price_decimals=4)
    done(back, arrange.paste(back, arrange.copy(ttc, ["new-1"]), None, uids()))
    assert (back.line("new-1").unit_price, back.line("new-1").discount_amount) == (101_250, 100)


def test_indent_takes_the_chapters_inside_along_and_stops_at_three() -> None:
    made = document(heading("A"), heading("B", 2), line("b"), heading("C", 3), line("c"))
    done(made, arrange.indent(made, ["B", "C"], -1))
    assert [one.level for one in made.lines if one.type is LineType.CHAPTER] == [1, 1, 2]
    done(made, arrange.indent(made, ["B"]))
    plan = arrange.indent(made, ["B"])
    assert (plan.changes, plan.problems[0].message) == ([], "« B » reste au niveau 2")


@pytest.mark.parametrize(
    ("chosen", "down", "expected"),
    [
        (["b"], False, "C b a E x y D d"),
        (["b"], True, "C a E x y b D d"),
        (["E"], True, "C a b D E x y d"),
        (["E"], False, "C a E x y b D d"),
        (["d"], False, "C a b E x y d D"),
        (["a"], False, "a C b E x y D d"),
        (["a", "b"], True, "C E x y a b D d"),
        (["a", "b"], False, "a b C E x y D d"),
        (["x"], True, "C a b E y x D d"),
        (["y"], False, "C a b E y x D d"),
        (["x"], False, "C a b E x y D d"),
        (["y"], True, "C a b E x y D d"),
        (["D"], False, "D d C a b E x y"),
        (["C"], True, "D d C a b E x y"),
        (["C"], False, "C a b E x y D d"),
        (["D"], True, "C a b E x y D d"),
        (["d"], True, "C a b E x y D d"),
        (["C", "d"], False, "C a b E x y d D"),
    ],
)
def test_moving(chosen: list[str], down: bool, expected: str) -> None:
    made = house()
    assert names(done(made, arrange.move(made, chosen, down=down))) == expected


def test_a_subchapter_leaves_its_chapter() -> None:
    made = document(heading("A"), heading("A1", 2), line("a"), heading("B"), line("b"))
    assert names(done(made, arrange.move(made, ["A1"], down=True))) == "A B b A1 a"
    assert names(done(made, arrange.move(made, ["A1"], down=False))) == "A A1 a B b"


def test_a_selection_at_the_edge_keeps_its_order() -> None:
    made = document(line("a"), line("b"), line("c"))
    assert arrange.move(made, ["a", "b"], down=False).changes == []
    assert arrange.move(made, ["b", "c"], down=True).changes == []


@given(documents(max_lines=10))
def test_moving_keeps_every_line_and_the_total(made: Document) -> None:
    before, net = sorted(one.uid for one in made.lines), totals(made)
    for one in list(made.lines):
        for down in (False, True):
            done(made, arrange.move(made, [one.uid], down=down))
    assert sorted(one.uid for one in made.lines) == before
    assert totals(made) == net


# -- options, variants, assemblies -----------------------------------------------------------


def test_choosing_an_option_makes_it_count() -> None:
    made = document(line("a", "1", "10"), line("o", "1", "5", tag="option"))
    assert totals(done(made, choices.choose_options(made, ["o", "a"]))).net == 15_00


def test_choosing_a_variant_swaps_it_with_its_base_as_often_as_one_likes() -> None:
    made = document(
        heading("c"),
        line("other", "1", "1"),
        line("base", "1", "10"),
        line("v1", "1", "12", tag="variant"),
        line("v2", "1", "15", tag="variant"),
    )
    done(made, choices.choose_variant(made, "v2"))
    assert names(made) == "c other v2 base v1"
    assert totals(made).net == 16_00
    done(made, choices.choose_variant(made, "v1"))
    assert (names(made), totals(made).net) == ("c other v1 v2 base", 13_00)
    done(made, choices.choose_variant(made, "base"))
    assert (names(made), totals(made).net) == ("c other base v1 v2", 11_00)


def test_a_variant_of_an_option_stays_an_option() -> None:
    """2.3 + BORN7 and 2.4 / BORN11 on the drawing."""
    made = document(
        line("born7", "1", "980", tag="option"), line("born11", "1", "1240", tag="variant")
    )
    done(made, choices.choose_variant(made, "born11"))
    assert (made.line("born11").tag, made.line("born7").tag) == ("option", "variant")


def test_a_variant_may_replace_several_lines() -> None:
    made = document(line("a", "1", "1"), line("b", "1", "2"), line("v", "1", "5", tag="variant"))
    done(made, choices.choose_variant(made, "v", ["a", "b"]))
    assert (names(made), totals(made).net) == ("v a b", 5_00)


def test_what_is_no_variant_or_has_no_base_is_refused() -> None:
    made = document(line("a", "1", "1"), heading("c"), line("v", "1", "5", tag="variant"))
    for uid, code in (("a", "variant.none"), ("v", "variant.base")):
        with pytest.raises(Invalid) as caught:
            choices.choose_variant(made, uid)
        assert caught.value.problems[0].code == code


def subtitled() -> Document:
    return document(
        heading("C"),
        Line("S", LineType.SUBTITLE, label="Tableau complet"),
        line("x", "12", "9.80", discounts=(100_000,), vat_rate=100_000),
        Line("note", LineType.COMMENT),
        line("y", "2.5", "0.33", vat_rate=100_000, eco_contribution=7, discount_amount=11),
        line("o", "1", "50", tag="option"),
        Line("T", LineType.SUBTITLE),
        line("z", "1", "1"),
    )


def test_somme_st_closes_a_subtitle_into_an_assembly_of_the_same_total() -> None:
    made = subtitled()
    before = totals(made)
    plan = choices.close_subtitle(made, "S")
    assert plan.problems == []
    done(made, plan)
    assembly = made.line("S")
    assert (assembly.type, assembly.quantity, assembly.vat_rate) == (
        LineType.AD_HOC_ASSEMBLY,
        10_000,
        100_000,
    )
    assert [one.uid for one in made.components("S")] == ["x", "note", "y", "o"]
    assert assembly.amount == 105_84 + 83 + 18 - 11
    assert (totals(made).net, totals(made).vat) == (before.net, before.vat)
    assert subtotals(made)["C"] == before.net


def test_an_exploded_assembly_is_a_subtitle_again() -> None:
    made = done(subtitled(), choices.close_subtitle(subtitled(), "S"))
    net = totals(made).net
    plan = choices.explode(made, "S")
    assert plan.problems == []
    done(made, plan)
    assert made.line("S").type is LineType.SUBTITLE
    assert [one.parent_uid for one in made.lines] == [None] * 8
    assert totals(made).net == net
    assert made.line("x").amount == 105_84


def test_exploding_a_referenced_assembly_brings_its_price_down_to_the_components() -> None:
    made = document(
        line("E", "2", "100", type=LineType.ASSEMBLY, vat_rate=55_000),
        line("x", "6", "10", parent_uid="E", ratio=3_000_000),
        line("y", "2", "50", parent_uid="E", ratio=1_000_000),
    )
    done(made, choices.explode(made, "E"))
    assert sum(one.amount for one in made.lines if one.counts) == 200_00
    assert {one.vat_rate for one in made.lines if one.counts} == {55_000}
    assert made.line("x").amount == 75_00


def test_cents_that_an_exploded_assembly_cannot_express_are_taken_off_and_said() -> None:
    made = document(
        line("E", "1", "100.01", type=LineType.ASSEMBLY),
        line("x", "2", "10", parent_uid="E", ratio=2_000_000),
        line("y", "4", "50", parent_uid="E", ratio=4_000_000),
    )
    plan = choices.explode(made, "E")
    assert [problem.code for problem in plan.problems] == ["tool.cents"]
    done(made, plan)
    assert sum(one.amount for one in made.lines if one.counts) == 100_01


def test_an_exploded_option_leaves_options() -> None:
    made = document(
        line("E", "1", "100", type=LineType.ASSEMBLY, tag="option"),
        line("x", "1", "10", parent_uid="E", ratio=1_000_000),
    )
    done(made, choices.explode(made, "E"))
    assert (made.line("x").tag, made.line("x").amount, totals(made).net) == ("option", 100_00, 0)


def test_subtitles_that_cannot_close() -> None:
    mixed = document(
        Line("S", LineType.SUBTITLE), line("a", "1", "1"), line("b", "1", "1", vat_rate=0)
    )
    empty = document(Line("S", LineType.SUBTITLE), heading("C"), line("a", "1", "1"))
    for made, uid, code in (
        (mixed, "S", "subtitle.vat"),
        (empty, "S", "subtitle.empty"),
        (empty, "a", "subtitle.none"),
    ):
        with pytest.raises(Invalid) as caught:
            choices.close_subtitle(made, uid)
        assert caught.value.problems[0].code == code
    done(mixed, choices.close_subtitle(mixed, "S", last="a"))
    assert mixed.line("b").parent_uid is None
    with pytest.raises(Invalid):
        choices.explode(mixed, "b")

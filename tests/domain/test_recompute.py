"""What follows from an edit: amounts, components, assemblies, HT."""

from __future__ import annotations

from typing import Any

import pytest
from document_strategies import document, documents, line
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.changes import apply, delete, insert_after, set_header, set_line
from codial_tui.domain.document import Document, Line, LineType
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.problems import Invalid


def edit(made: Document, uid: str, **values: Any) -> Document:
    """As services do it: the edit, then what follows from it."""
    change = set_line(made.line(uid), **values)
    assert change is not None
    apply(made, [change])
    apply(made, recompute(made, [uid]))
    return made


def assembly() -> Document:
    return document(
        line("E", "2", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("x", "6", "10", parent_uid="E", ratio=3_000_000),
        line("S", "2", "0", parent_uid="E", ratio=1_000_000, type=LineType.AD_HOC_ASSEMBLY),
        line("y", "8", "2.50", parent_uid="S", ratio=4_000_000),
        line("other", "1", "7"),
    )


def test_assemblies_in_assemblies_add_up() -> None:
    made = assembly()
    assert (made.line("S").unit_price, made.line("E").unit_price) == (100_000, 400_000)
    assert made.line("E").amount == 80_00


def test_components_follow_the_quantity_of_their_assembly() -> None:
    made = edit(assembly(), "E", quantity=50_000)
    assert [made.line(uid).quantity for uid in "xSy"] == [150_000, 50_000, 200_000]
    assert (made.line("E").amount, made.line("y").amount) == (200_00, 50_00)


def test_a_typed_component_quantity_becomes_its_ratio() -> None:
    made = edit(assembly(), "y", quantity=160_000)
    assert (made.line("y").ratio, made.line("S").unit_price) == (8_000_000, 200_000)
    assert made.line("E").amount == 100_00
    assert recompute(made) == []


def test_a_quantity_that_no_ratio_says_exactly_is_kept_as_typed() -> None:
    made = document(
        line("E", "10000", "0", type=LineType.AD_HOC_ASSEMBLY),
        line("x", "10000", "1", parent_uid="E", ratio=1_000_000),
    )
    edit(made, "x", quantity=4_999)
    assert made.line("x").quantity == 4_999
    assert recompute(made) == []


def test_an_assembly_of_quantity_zero_forgets_nothing() -> None:
    made = edit(assembly(), "E", quantity=0)
    assert made.line("E").amount == 0
    edit(made, "E", quantity=10_000)
    assert [made.line(uid).quantity for uid in "xSy"] == [30_000, 10_000, 40_000]


def test_a_forced_assembly_price_stays() -> None:
    made = edit(assembly(), "E", price_forced=1, unit_price=550_000)
    edit(made, "x", unit_price=10_000)
    assert (made.line("E").unit_price, made.line("E").amount) == (550_000, 110_00)


def test_a_referenced_assembly_keeps_its_own_price() -> None:
    made = document(
        line("E", "2", "99", type=LineType.ASSEMBLY),
        line("x", "2", "10", parent_uid="E", ratio=1_000_000),
    )
    assert edit(made, "x", unit_price=10_000).line("E").amount == 198_00


def test_a_new_component_counts_at_once() -> None:
    made = assembly()
    apply(made, insert_after(made, [line("n", "2", "1", parent_uid="E")], "x"))
    apply(made, recompute(made, ["n"]))
    assert (made.line("n").ratio, made.line("E").amount) == (1_000_000, 82_00)


def test_a_deleted_component_is_missed_at_once() -> None:
    made = assembly()
    apply(made, [delete(made.line("x"))])
    apply(made, recompute(made, ["x"]))
    assert made.line("E").amount == 20_00


def test_only_the_lines_touched_and_their_families_move() -> None:
    made = assembly()
    made.line("other").amount = 1  # imported so
    made.line("other").net_amount = 1
    assert recompute(made, ["x"]) == []
    assert [change.uid for change in recompute(made)] == ["other"]


def test_ht_follows_in_ttc_mode_on_the_neighbours_too() -> None:
    made = document(*(line(name, "1", "10") for name in "abc"), price_mode="gross")
    edit(made, "a", unit_price=100_100)
    assert sum(one.net_amount for one in made.lines) == totals(made).net == 25_01


def test_changing_the_price_mode_moves_the_ht_only() -> None:
    made = document(line("a", "1", "120"))
    change = set_header(made, price_mode="gross")
    assert change is not None
    apply(made, [change])
    apply(made, recompute(made, ()))
    assert (made.line("a").amount, made.line("a").net_amount) == (120_00, 100_00)


def test_a_line_that_stops_being_priced_loses_its_amount() -> None:
    made = edit(document(line("a", "1", "5")), "a", type=LineType.COMMENT)
    assert (made.line("a").amount, made.line("a").net_amount) == (0, 0)


def test_an_amount_beyond_the_schema_is_refused_and_nothing_changes() -> None:
    made = document(line("a", "1", "5"))
    made.line("a").quantity = made.line("a").unit_price = 9 * 10**15
    with pytest.raises(Invalid):
        recompute(made, ["a"])
    assert made.line("a").amount == 5_00


def test_a_component_without_its_assembly_hurts_nobody() -> None:
    made = document(Line("lost", parent_uid="gone", quantity=10_000, unit_price=10_000))
    assert (recompute(made), totals(made).net) == ([], 0)


@given(documents(max_lines=8), st.data())
def test_recomputing_what_was_touched_is_recomputing_all(
    made: Document, data: st.DataObject
) -> None:
    if not made.lines:
        return
    uid = data.draw(st.sampled_from([one.uid for one in made.lines]))
    values: dict[str, int] = {
        data.draw(st.sampled_from(("quantity", "unit_price", "cost_price"))): data.draw(
            st.integers(-(10**7), 10**7)
        )
    }
    change = set_line(made.line(uid), **values)
    if change is not None:
        apply(made, [change])
        apply(made, recompute(made, [uid]))
    assert recompute(made) == []

"""Lignes at 80×24, keys only: the grammar of the entry line, the search list, the grid."""

from __future__ import annotations

import pytest
from demo_program import running
from lines_session import quoting
from screen_dump import assert_snapshot

from codial_tui.bootstrap import Program
from codial_tui.domain.document import LineType
from codial_tui.domain.quantity import format_cents
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.records.record import RecordScreen


async def test_an_empty_quote_says_how_to_begin(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        rows = session.rows()
        assert rows[1].startswith(" Entête ►Lignes  Suivi")
        assert any("Tapez une référence, trois lettres pour chercher" in row for row in rows)
        assert rows[21].startswith("► _")
        await session.press("f4")
        assert session.said == "× Rien à chercher · tapez une référence ou quelques lettres"
        assert rows[23] == (
            "1Aide   2Modif  3Impr.  4Liste  5Nouv.  6Transf 7Outils 8Valid. 9Voir   10Menu"
        )


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("=Plomberie", ("chapter", "Plomberie", 1, 0, 0)),
        ("==Cuisine", ("chapter", "Cuisine", 2, 0, 0)),
        ("===Évier", ("chapter", "Évier", 3, 0, 0)),
        (";Pose non comprise", ("comment", "Pose non comprise", 1, 0, 0)),
        (";;Réseau", ("title", "Réseau", 1, 0, 0)),
        (";;;Tubes", ("subtitle", "Tubes", 1, 0, 0)),
        ("---", ("page_break", "", 1, 0, 0)),
        ("tub12", ("item", "Tube cuivre Ø12 barre 5 m", 1, 10_000, 84_500)),
        ("tub12 12 x8,40", ("item", "Tube cuivre Ø12 barre 5 m", 1, 120_000, 84_000)),
        ("12*tub12 x8.40", ("item", "Tube cuivre Ø12 barre 5 m", 1, 120_000, 84_000)),
        ("4*2,5*tub12", ("item", "Tube cuivre Ø12 barre 5 m", 1, 100_000, 84_500)),
        ("tub12 -2", ("item", "Tube cuivre Ø12 barre 5 m", 1, -20_000, 84_500)),
        ("2000000010144", ("item", "Tube cuivre Ø12 barre 5 m", 1, 10_000, 84_500)),
        (".Pose tube Ø12;16 h x48", ("item", "Pose tube Ø12", 1, 160_000, 480_000)),
        ("(Réseau cuivre", ("ad_hoc_assembly", "Réseau cuivre", 1, 10_000, 0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_sign_makes_its_line(
    typed: str,
    made: tuple[str, str, int, int, int],
    demo: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter(typed)
        line = session.lines[0]
        assert (line.type, line.label, line.level, line.quantity, line.unit_price) == made
        assert session.line == ""
        assert session.steps == 2
        assert session.pane.place() == line.uid
        session.rows()


async def test_kinds_discounts_and_repeats(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter("tub12 10 -10%-5%", "+born7", "/born11", ".. 3 x9", "2*clois")
        found = [
            (one.reference, one.tag, one.quantity, one.discounts, one.amount)
            for one in session.document.top_lines()
        ]
        assert found[0] == ("TUB12", "", 100_000, (100_000, 50_000), 72_25)
        assert [one[:3] for one in found[1:3]] == [
            ("BORN7", "option", 10_000),
            ("BORN11", "variant", 10_000),
        ]
        assert found[3][:3] == ("BORN11", "variant", 30_000)
        assert session.document.lines[3].unit_price == 90_000
        assert found[4][0] == "CLOIS"
        assert session.document.lines[4].type is LineType.ASSEMBLY
        assert len(list(session.document.components(session.lines[4].uid))) > 1
        grid = session.rows()
        assert any(" + BORN7" in row and row.endswith(")") for row in grid)
        assert any(" / BORN11" in row for row in grid)


async def test_a_scan_again_adds_one_to_the_line(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter("2000000010144", "2000000010144", "2000000014135", "2000000010144")
        assert [(one.reference, one.quantity) for one in session.lines] == [
            ("TUB12", 20_000),
            ("GRSEC", 10_000),
            ("TUB12", 10_000),
        ]


async def test_what_enter_will_do_is_said_before(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("tub12 12 x8,45 -10%")
        assert session.said.startswith("= 12 ml TUB12 × 8,45 -10% = 91,26 · stock 140")
        assert session.document.lines == []


async def test_a_free_item_without_price_asks_it(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter(".Dépose")
        assert session.rows()[21].startswith("► Prix de « Dépose » : _")
        await session.enter("125")
        assert [(one.label, one.unit_price) for one in session.lines] == [("Dépose", 1_250_000)]
        assert session.rows()[21].startswith("► _")
        await session.enter(".Repose")
        await session.press("escape")
        assert session.line == ".Repose"
        assert len(session.lines) == 1


async def test_an_ad_hoc_assembly_takes_lines_until_it_is_closed(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter("(Réseau", "tub12 10 x8", ".Pose;2 h x48", ")", "grsec")
        lines = session.lines
        assert [one.parent_uid == lines[0].uid for one in lines] == [False, True, True, False]
        assert lines[0].amount == 176_00
        assert session.screen.editor.totals.net == 176_00 + lines[3].amount
        await session.type(")")
        await session.press("enter")
        assert session.said == "× Aucun ensemble ouvert · (texte en ouvre un"
        assert session.line == ")"


# the search list --------------------------------------------------------------------------------


async def test_three_letters_open_the_list_two_do_not(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12", "grsec") as session:
        await session.type("ca")
        assert not session.pane.hits.opened
        await session.type("b 3g")
        assert session.pane.hits.opened
        rows = session.rows()
        assert any("articles pour « cab 3g »" in row for row in rows)
        assert any("CAB315" in row for row in rows)
        assert sum(row.startswith("►") for row in rows[2:20]) == 1
        assert session.said == "Entrée ou ↓ entre dans la liste"
        await session.press("escape")
        assert sum(row.startswith("►") for row in session.rows()[2:20]) == 1


async def test_enter_twice_adds_the_first_hit(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("12*cab 3g")
        await session.press("enter")
        assert session.said.startswith("= 12 ml CAB315 ×")
        await session.press("enter")
        assert [(one.reference, one.quantity) for one in session.lines] == [("CAB315", 120_000)]
        assert session.line == "" and not session.pane.hits.opened


async def test_arrows_choose_tab_only_completes(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("+cab 3g")
        await session.press("down", "down")
        assert "CAB325" in session.said
        await session.press("tab")
        assert session.line == "+CAB325 "
        assert session.lines == []
        await session.enter("20 x1,10")
        line = session.lines[0]
        assert (line.reference, line.tag, line.quantity, line.unit_price) == (
            "CAB325",
            "option",
            200_000,
            11_000,
        )


async def test_escape_closes_the_list_and_keeps_the_text(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("cab 3g")
        await session.press("down", "escape")
        assert session.line == "cab 3g"
        await session.type("2")
        assert session.line == "cab 3g2"


async def test_f4_searches_what_would_be_a_reference(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("tub12")
        assert session.said.startswith("= 1 ml TUB12")
        await session.press("f4")
        assert session.pane.hits.opened
        await session.press("enter")
        assert [one.reference for one in session.lines] == ["TUB12"]


async def test_nothing_found_is_said_and_enter_refuses(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("zzzz")
        assert session.said == "Aucun article pour « zzzz » · . pour un article libre"
        await session.press("enter")
        assert session.said.startswith("× Aucun article pour « zzzz »")
        assert session.line == "zzzz"
        assert session.lines == []


# the grid ---------------------------------------------------------------------------------------

THREE = ("tub12 10", "racc12 4", "grsec")


async def test_a_new_line_goes_after_the_current_one(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *THREE) as session:
        await session.press("up")
        await session.type("di")
        await session.press("up")
        assert session.line == "di"
        assert "après 1" in session.rows()[21]
        await session.type("sj16")
        await session.press("enter")
        assert session.brief == ["TUB12", "DISJ16", "RACC12", "GRSEC"]


async def test_delete_and_bring_back(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, *THREE) as session:
        whole = session.lines
        await session.to("RACC12")
        await session.press("delete")
        assert session.brief == ["TUB12", "GRSEC"]
        assert session.said.endswith("· Ctrl+R")
        await session.press("ctrl+r")
        assert session.said.startswith("Annulé : Supprimé")
        assert [one.uid for one in session.lines] == [one.uid for one in whole]
        await session.press("ctrl+y")
        assert session.brief == ["TUB12", "GRSEC"]
        await session.press("ctrl+z")
        assert session.brief == ["TUB12", "RACC12", "GRSEC"]


async def test_undoing_a_line_leaves_the_cursor_where_one_types(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *THREE) as session:
        await session.press("ctrl+r")
        assert session.brief == ["TUB12", "RACC12"]
        assert session.rows()[21].endswith("2 lignes"), "at the end, not after the first"
        await session.type("disj16")
        await session.press("enter")
        assert session.brief == ["TUB12", "RACC12", "DISJ16"]
        await session.press("ctrl+r", "ctrl+r", "ctrl+r", "ctrl+r")
        assert session.brief == []


async def test_totals_too_long_for_their_row_lose_whole_parts(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 1000000000", "grsec") as session:
        for tool, typed in (("d", "500000"), ("p", "12345,67")):
            await session.press("f7", tool)
            await session.type(typed)
            await session.press("enter")
        sums = session.rows()[20]
        assert "…" not in sums and len(sums) <= 80
        assert sums.endswith(f"TTC {format_cents(session.document.header['gross_total'])}")


async def test_undo_takes_the_text_first(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12 10") as session:
        await session.type("grsec")
        await session.press("ctrl+r")
        assert session.line == "" and session.brief == ["TUB12"]
        await session.press("ctrl+r")
        assert session.brief == []
        await session.press("ctrl+r")
        assert session.said.startswith("× ")
        assert session.brief == []


async def test_marked_lines_are_counted_deleted_at_once(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, *THREE) as session:
        await session.to("TUB12")
        await session.press("space", "space")
        assert session.said.startswith("2 marquées · ")
        await session.press("delete")
        assert session.said == "? Supprimer 2 lignes ? O/N"
        await session.press("n")
        assert len(session.lines) == 3
        await session.press("delete", "o")
        assert session.brief == ["GRSEC"]
        assert session.steps == 5
        await session.press("ctrl+r")
        assert session.brief == ["TUB12", "RACC12", "GRSEC"]


async def test_copy_cut_and_paste(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, *THREE) as session:
        await session.to("TUB12")
        await session.press("ctrl+c")
        assert session.said == "1 ligne copiée · Ctrl+V colle"
        await session.to("GRSEC")
        await session.press("ctrl+v")
        assert session.brief == ["TUB12", "RACC12", "GRSEC", "TUB12"]
        assert len({one.uid for one in session.lines}) == 4
        await session.to("RACC12")
        await session.press("ctrl+x")
        assert session.brief == ["TUB12", "GRSEC", "TUB12"]
        await session.to("GRSEC")
        await session.press("ctrl+v")
        assert session.brief == ["TUB12", "GRSEC", "RACC12", "TUB12"]
        await session.press("ctrl+r")
        assert session.brief == ["TUB12", "GRSEC", "TUB12"]


async def test_text_is_copied_and_pasted_while_one_types(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.press("ctrl+c")
        await session.type("grs")
        await session.press("shift+home", "ctrl+x", "ctrl+v", "ctrl+v")
        assert session.line == "grsgrs"
        assert session.brief == ["TUB12"]


async def test_f9_opens_and_folds_an_assembly(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "2*clois", "tub12") as session:
        await session.to("CLOIS")
        inside = next(session.document.components(session.lines[0].uid))
        assert not any(inside.reference in row for row in session.rows()[3:20])
        await session.press("f9")
        assert any(inside.reference in row for row in session.rows()[3:20])
        await session.press("f9")
        assert not any(inside.reference in row for row in session.rows()[3:20])


async def test_f9_looks_then_opens_the_item(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12", ";Rien") as session:
        await session.press("f9")
        assert session.said.startswith("× Rien de plus à voir ici")
        await session.press("up")
        await session.type("rac")
        await session.press("escape", "f9")
        assert session.pane.peek.display
        assert session.line == "rac"
        await session.press("escape")
        assert not session.pane.peek.display
        await session.press("f9", "f9")
        assert isinstance(session.screen, RecordScreen)
        await session.press("escape")
        assert session.line == "rac"


async def test_f2_shows_all_fields_of_the_line(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10") as session:
        await session.press("f2")
        assert "TUB12" in session.rows()[0]
        await session.press("down", "down")
        await session.type("12")
        await session.press("enter")
        assert session.lines[0].quantity == 120_000
        assert session.lines[0].amount == 91_26
        await session.press("escape")
        assert any("91,26" in row for row in session.rows()[3:20])
        await session.press("ctrl+r")
        assert session.lines[0].quantity == 100_000


async def test_enter_on_a_row_that_an_arrow_reached_is_f2(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10", "racc12 2") as session:
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen)
        await session.press("up", "enter")
        assert "TUB12" in session.rows()[0]
        assert not isinstance(session.screen, DocumentScreen)
        await session.press("escape", "up", "x", "backspace", "enter")
        assert isinstance(session.screen, DocumentScreen)


async def test_an_empty_sign_opens_the_long_text(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter(";")
        await session.type("Fixations")
        await session.press("enter")
        await session.type("non comprises")
        await session.press("f8")
        line = session.lines[0]
        assert (line.type, line.label, line.long_text) == (
            "comment",
            "Fixations",
            "non comprises",
        )
        assert session.steps == 2
        await session.press("ctrl+r")
        assert session.lines == []


async def test_joined_discounts_are_shown_whole(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter("tub12")
        await session.enter("tub12 3 -10%-5%")
        assert session.rows()[4].split()[-2:] == ["10%-5%", "21,67"]


async def test_a_long_quote_stays_within_the_frame(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f".Fourniture n° {number};{number} x1,50" for number in range(1, 60)]
    async with quoting(demo, monkeypatch, *texts) as session:
        assert session.rows()[19].split()[-1] == "88,50"
        await session.press("pageup", "pageup", "pageup", "pageup")
        assert session.rows()[3].split()[1] == "1" or " 1 " in session.rows()[3]
        await session.enter("tub12")
        assert session.brief[1] == "TUB12"


async def test_the_drawn_quote(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo quote that ux.md draws, row by row: grid, search list, tools, header, follow-up."""
    async with running(demo, monkeypatch, ref="DE26-00042") as session:
        assert_snapshot(session.app, "quote-lines")
        await session.type("12*tub cui")
        await session.press("down", "down")
        assert_snapshot(session.app, "quote-lines-searching")
        await session.press("escape", "ctrl+u", "f7")
        assert_snapshot(session.app, "quote-tools")
        await session.press("escape", "ctrl+g", "e")
        assert_snapshot(session.app, "quote-header")
        await session.press("ctrl+g", "s")
        assert_snapshot(session.app, "quote-follow-up")


async def test_margins_are_known_costs_only(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """An assembly costs what its components cost; of labour nothing is known."""
    texts = ("clois x60", ".Pose;2 h x48", "tub12 x8,50")
    async with quoting(demo, monkeypatch, *texts, size=(120, 40)) as session:
        header = session.rows()[2]
        at = header.index("Marque")
        margins = [row[at : at + 7].strip() for row in session.rows()[3:6]]
        inside = session.document.components(session.lines[0].uid)
        cost = sum(one.cost_price * one.quantity / one.price_per / 100 for one in inside)
        assert margins[0] == f"{int((6000 - cost) / 6) / 10} %".replace(".", ",")  # cut
        assert margins[1:] == ["", "40 %"]


async def test_the_drawn_quote_on_a_wide_terminal(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, ref="DE26-00042", size=(120, 40)) as session:
        assert_snapshot(session.app, "quote-lines-120")

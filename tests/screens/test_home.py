"""Home at 80×24, keys only: what it shows, what its line finds, where Enter goes."""

from __future__ import annotations

from datetime import date

import pytest
from demo_program import running
from screen_dump import burst, style_at

from codial_tui.bootstrap import Program
from codial_tui.screens.board import long_date
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.home.home_rows import new_letters
from codial_tui.screens.lists.list import ListScreen
from codial_tui.screens.records.record import RecordScreen
from codial_tui.services.documents import documents, resume
from codial_tui.services.documents.editing import Editor


async def test_the_24_rows(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        rows = session.rows()
        assert rows[0].startswith(" DÉMO SARL · Négoce et bâtiment ")
        assert rows[0].endswith(" lundi 9 novembre 2026 · Claire")
        assert rows[1] == ""
        assert rows[2] == " À FAIRE                                 OUVRIR"
        assert rows[3:13] == [
            "  Devis expirés               !      4   de Devis                            45",
            "  Devis à relancer                   4   cc Commandes                        11",
            "  Commandes à livrer                 8   bi Bons d'intervention               0",
            "  BL à facturer                      5   bl Bons de livraison                11",
            "  Factures à valider                 5   fa Factures                          5",
            "  Factures échues                    0   dx Devis d'exécution                 0",
            "                                         ac Achats                            0",
            "                                         ma Maintenance, abonnements          0",
            "                                         ti Tiers                            49",
            "                                         ar Articles                        378",
        ]
        assert rows[13] == " RÉCENTS"
        assert rows[14] == (
            "  Document     Tiers            Objet                     État              TTC"
        )
        assert rows[15] == (
            "  DE26-00042   MARTIN SARL      Rénovation salle de bains En attente  14 808,60"
        )
        assert rows[21] == "► _ n° de document, client, article, code de liste, :commande"
        assert rows[23] == (
            "1Aide   2       3       4Liste  5Nouv.  6       7Outils 8       9Voir   10Menu"
        )
        assert style_at(session.app, 30, 3) == "bold white on red"
        assert style_at(session.app, 41, 3) == "bold"


async def test_an_empty_line_goes_back_to_the_line_one_was_on(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    quote = documents.find(context, "DE26-00042")
    assert quote is not None
    editor = Editor(context, quote)
    line = next(one for one in editor.document.lines if one.is_priced)
    editor.close()
    resume.remember(context, quote, "DE26-00042", "lines", line.uid, still_there=False)
    async with running(demo, monkeypatch) as session:
        said = session.rows()[22]
        assert said.startswith(" Aujourd'hui ") and " vous étiez dans DE26-00042, ligne 1" in said
        assert said.endswith(" : Entrée y retourne")
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen)
        assert session.screen.document_id == quote
        assert session.screen.pane.place() == line.uid


async def test_nowhere_to_go_back_to_is_said(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("enter")
        assert session.rows()[22].startswith(" × Rien à reprendre")


@pytest.mark.parametrize("typed", ["42", "de42", "DE26-00042"])
async def test_a_number_opens_its_document(
    typed: str, demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type(typed)
        assert "Entrée ouvre DE26-00042 MARTIN SARL" in session.rows()[22]
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen)
        assert session.rows()[0].startswith(" Devis DE26-00042 · MARTIN SARL")
        await session.press("escape")
        rows = session.rows()
        assert rows[21].startswith("► _ n° de document")
        assert "DE26-00042, ligne" in rows[22] or "DE26-00042" in rows[22]


async def test_a_list_code_opens_its_list(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("t", "i")
        assert session.rows()[22] == " Entrée ouvre la liste : Tiers"
        await session.press("enter")
        assert isinstance(session.screen, ListScreen)
        assert session.rows()[0].split() == ["Tiers", "49"]


async def test_three_letters_show_what_is_found_in_place_of_recents(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("m", "a")
        assert session.rows()[13] == " RÉCENTS"
        await session.press("r", "t")
        rows = session.rows()
        assert rows[13].startswith(" 8 pour « mart »")
        assert rows[15].startswith("  Tiers      C00128")
        assert "MARTIN SARL" in rows[15]
        assert rows[19].startswith("  Devis      DE26-00042")
        assert rows[22] == " Entrée ouvre C00128 MARTIN SARL"
        await session.press("down", "down")
        assert session.rows()[16].startswith("► Tiers")
        await session.press("enter")
        assert isinstance(session.screen, RecordScreen)
        assert "MARTINEZ Toitures" in session.rows()[0]
        await session.press("escape")
        assert session.rows()[13] == " RÉCENTS"


async def test_what_nobody_bears_is_refused_and_stays(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("zzzz")
        await session.press("enter")
        rows = session.rows()
        assert rows[21] == "► zzzz_"
        assert rows[22].startswith(" × « zzzz » introuvable")
        assert isinstance(session.screen, HomeScreen)


async def test_arrows_walk_through_what_is_to_do_and_recents(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.create(demo.context, "quote", 1)
    async with running(demo, monkeypatch) as session:
        await session.press("down")
        assert session.rows()[3].startswith("► Devis expirés")
        await session.press("down", "down", "down", "down", "down", "down")
        assert session.rows()[15].startswith("► DE26-000")
        assert session.rows()[22].startswith(" Entrée ouvre DE26-000")
        await session.press("down")
        assert session.rows()[15].startswith("  DE26-000")
        await session.press("up", "up", "up", "up", "up", "up", "enter")
        assert isinstance(session.screen, ListScreen)
        rows = session.rows()
        assert rows[1].startswith("►Devis à relancer  En attente 1")
        assert [row[67] for row in rows[3:7]] == ["R", "R", "R", "!"]
        await session.press("escape")
        assert isinstance(session.screen, HomeScreen)


async def test_an_arrow_where_nothing_was_found(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("zzqzz")
        await session.press("down", "up", "down")
        assert "Rien pour « zzqzz »" in session.text
        assert "Ni numéro, ni client, ni article. Ctrl+U efface" in session.text
        assert "Aucun document" not in session.text  # there are some
        assert session.rows()[21].startswith("► zzqzz_")


async def test_f5_takes_a_letter_of_the_registry(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert new_letters("trade") == {
        "D": "quote",
        "C": "order",
        "I": "work_order",
        "B": "delivery_note",
        "F": "invoice",
        "H": "purchase",
        "M": "maintenance",
        "T": "party",
        "A": "item",
    }
    async with running(demo, monkeypatch) as session:
        await session.press("f5")
        assert session.rows()[22].startswith(" ? D devis C command I BI B BL F facture H ac")
        await session.press("x")  # no answer: the question stays
        assert session.rows()[22].startswith(" × « x » ne répond pas à la question · tapez D, C, ")
        await session.press("a")
        assert session.rows()[0] == " Nouvel article"


@pytest.mark.long
async def test_escape_gives_the_text_back_and_then_asks(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("tub")
        await session.press("escape")
        assert session.rows()[21].startswith("► _ n°")
        await session.press("ctrl+r")
        assert session.rows()[21] == "► tub_"
        await session.press("escape", "escape")
        assert session.rows()[22] == " ? Quitter ? O/N"
        await session.press("escape")
        assert session.app.is_running
        await session.press("escape", "o")
    assert session.app.return_code == 0


async def test_the_half_typed_line_is_there_the_next_time(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("tub")
        session.screen.keep_draft()
    async with running(demo, monkeypatch) as session:
        assert session.rows()[21] == "► tub_"


@pytest.mark.long
async def test_keys_typed_ahead_reach_the_list_in_order(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await burst(session.app, "d", "e", "enter", *"martin")
        await session.pilot.pause()
        assert session.rows()[21].startswith("► martin_")
        assert session.rows()[0].startswith(" Devis")


def test_dates_in_words() -> None:
    assert long_date(date(2026, 11, 9)) == "lundi 9 novembre 2026"
    assert long_date(date(2027, 5, 1)) == "samedi 1er mai 2027"


async def test_an_import_that_was_cut_waits_at_home(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codial_tui.services.lists import home

    monkeypatch.setattr(home, "cut_import", lambda context: "tarif.csv")
    async with running(demo, monkeypatch) as session:
        assert "Import interrompu" in session.text
        await session.press("down")
        assert "l'import de tarif.csv" in session.rows()[22]
        await session.press("enter")
        assert "Import" in session.rows()[0]


async def test_type_ahead_passes_the_question_whether_to_quit(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("escape")
        assert "Quitter" in session.rows()[22]
        await session.press("t", "i", "enter")
        assert session.rows()[0].startswith(" Tiers")


async def test_what_is_bought_lies_behind_one_door(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.type("ac")
        assert session.rows()[22] == " Entrée montre : Achats"
        await session.press("enter")
        rows = session.rows()
        assert rows[2] == " À FAIRE                                 OUVRIR · ACHATS"
        assert [row[41:43] for row in rows[3:10]] == ["da", "dp", "cf", "cs", "br", "rf", "ff"]
        waits = {row[2:24].rstrip() for row in rows[3:11]}
        assert {"Prix demandés", "Commandes à recevoir", "Réceptions à valider"} <= waits
        await session.press("f5")
        assert session.rows()[22].startswith(" ? A demande P prix C commande S sous-trait R ")
        await session.press("c")
        assert session.rows()[0] == " Nouvelle commande fournisseur"
        await session.press("escape", "escape")
        assert session.rows()[2] == " À FAIRE                                 OUVRIR"
        await session.press("f5", "h", "r")  # from the front
        assert session.rows()[0] == " Nouveau bon de réception"
        await session.press("escape")
        await session.type("cf")  # a code opens its list wherever one is
        await session.press("enter")
        assert session.rows()[0].startswith(" Commandes fournisseur")

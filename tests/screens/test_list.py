"""The one list screen at 80×24, keys only."""

from __future__ import annotations

import pytest
from demo_program import running
from screen_dump import burst, style_at

from codial_tui.bootstrap import Program
from codial_tui.domain import kinds
from codial_tui.domain.kinds.quote import QUOTE
from codial_tui.domain.records.records import ITEM, PARTY
from codial_tui.domain.spec import Numbering
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.home.home import HomeScreen
from codial_tui.screens.lists.list_rows import sort_letters
from codial_tui.services.documents import documents
from codial_tui.services.lists import lists
from codial_tui.services.lists.lists import DocumentList


async def test_the_24_rows_of_the_quotes(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.type("martin >1000")
        rows = session.rows()
        assert rows[0] == (
            " Devis                                                9 sur 16 · HT 31 204,20 €"
        )
        assert rows[1] == "►En attente 16  Acceptés 19  Refusés 6  Sans suite 4  Tous 45"
        assert rows[2].split() == ["Numéro", "Date", "Tiers", "Objet", "HT"]
        assert rows[3].startswith("►  DE26-00042 09/11/26 MARTIN SARL        Rénovation salle de")
        assert rows[3].endswith(" 12 340,50")
        assert len(rows[3]) == 79
        assert [row[3:13] for row in rows[3:12]] == [
            f"DE26-000{number}" for number in (42, 39, 37, 31, 28, 22, 19, 15, 11)
        ]
        assert rows[12] == ""
        assert rows[19] == " ! validité dépassée   R relance prévue"
        assert rows[20] == ""
        assert rows[21] == (
            "► martin >1000_                                                    tri : date ▼"
        )
        assert rows[22].startswith(" MARTIN SARL · 04 78 11 22 33 · contact 09/11, ")
        assert rows[23].startswith("1Aide   2Modif  3Impr.  4       5Nouv.  6Transf 7Outils 8")
        assert style_at(session.app, 67, 9) == "bold white on red"


async def test_marks_show_how_many_and_their_sum(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.type("martin >1000")
        await session.press("enter", "space", "space")
        rows = session.rows()
        assert rows[3].startswith(" ■ DE26-00042") and rows[4].startswith(" ■ DE26-00039")
        assert rows[5].startswith("►  DE26-00037")
        assert rows[19] == " ■ 2 marqués, HT 20 460,50, TTC 24 552,60"
        await session.press("f3")
        assert session.rows()[0].startswith(" Imprimer · 2 devis")
        await session.press("escape", "f7", "a")
        assert session.rows()[19].startswith(" ! validité dépassée")


async def test_coming_back_finds_filter_sort_state_and_cursor(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("d", "e", "enter", "ctrl+g t", "f7", "t", "h")
        await session.type("martin")
        await session.press("down", "down", "enter")
        assert isinstance(session.screen, DocumentScreen)
        opened = session.screen.document_id
        await session.press("escape")
        before = session.rows()
        assert before[21].startswith("► martin") and before[21].endswith("tri : ht ▼")
        assert "►Tous 45" in before[1]
        current = [row for row in before[3:19] if row.startswith("►")]
        number = demo.context.database.value("SELECT number FROM document WHERE id = ?", (opened,))
        assert number in current[0]
        await session.press("escape", "escape")
        assert isinstance(session.screen, HomeScreen)
        await session.press("d", "e", "enter")
        assert session.rows()[:20] == before[:20]


async def test_left_and_right_change_the_state(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("right")
        assert "►Acceptés 19" in session.rows()[1]
        assert session.rows()[0].split()[1] == "19"
        await session.press("left", "left")
        assert "►Tous 45" in session.rows()[1]
        await session.press("ctrl+g r")
        assert "►Refusés 6" in session.rows()[1]
        await session.type("ab")  # ← now belongs to the text
        await session.press("left")
        assert "►Refusés 6" in session.rows()[1]


async def test_an_empty_list_says_one_sentence_and_the_key(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.context.database.execute("UPDATE document SET state = 'accepted' WHERE kind = 'quote'")
    async with running(demo, monkeypatch, screen="quotes") as session:
        assert session.rows()[3] == (
            " Aucun devis en attente. F5 en crée un, Ctrl+G T montre tout."
        )
        await session.type("zzz")
        assert session.rows()[3] == " Rien pour « zzz ». Ctrl+U efface le filtre."
        await session.press("enter")
        assert session.rows()[22].startswith(" × Rien pour « zzz »")


async def test_delete_asks_and_refuses_what_was_printed(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = demo.context
    made = documents.create(context, "quote", 1)
    number = context.database.value("SELECT number FROM document WHERE id = ?", (made,))
    async with running(demo, monkeypatch, screen="quotes") as session:
        assert number in session.rows()[3]
        await session.press("delete")
        assert session.rows()[22] == " ? Supprimer ce devis définitivement ? O/N"
        await session.press("enter", "n")  # Enter never answers what is final
        assert number in session.rows()[3]
        await session.press("delete", "o")
        assert session.rows()[22] == " Supprimé"
        assert number not in session.text
        assert not context.database.row("SELECT 1 FROM document WHERE id = ?", (made,))
        kept = context.database.value("SELECT id FROM document WHERE number = 'DE26-00042'")
        context.database.execute(
            "UPDATE document SET printed_at = '2026-11-09T10:00:00.000Z' WHERE id = ?", (kept,)
        )
        await session.press("delete", "o")
        assert session.rows()[22] == " × DE26-00042 a été imprimé · classez-le sans suite"
        assert context.database.row("SELECT 1 FROM document WHERE id = ?", (kept,))


async def test_a_document_gone_meanwhile_is_refused(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = documents.create(demo.context, "quote", 1)
    async with running(demo, monkeypatch, screen="quotes") as session:
        documents.delete(demo.context, made)
        await session.press("enter")
        assert session.rows()[22].startswith(" × ")
        assert "n'existe plus" in session.rows()[22]
        for key in ("f6", "f3"):
            await session.press(key)
            assert session.rows()[0].startswith(" Devis"), session.text
            assert session.rows()[22].startswith(" × Document"), session.text


async def test_items_are_listed_and_found(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, screen="items") as session:
        assert session.rows()[0].split() == ["Articles", "378"]
        await session.type("tube cui")
        rows = session.rows()
        assert rows[0].split()[-2:] == ["sur", "378"]
        assert all("cuivre" in row for row in rows[3:5])
        assert rows[21].endswith("tri : référence ▲")
        await session.press("f7", "t", "d")
        assert session.rows()[21].endswith("tri : désignation ▲")


async def test_a_kind_invented_by_a_test_has_its_list(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = QUOTE._replace(
        kind="estimate",
        title="Estimation",
        plural="Estimations",
        gender="f",
        key="E",
        code="es",
        numbering=Numbering("ES", "ES{yy}-{n:05}"),
        side_table="",
        fields=tuple(one for one in QUOTE.fields if one.store != "side"),
        list_columns=tuple(one for one in QUOTE.list_columns if one.source != "side"),
        marks=(),
    )
    kinds.register(invented)
    try:
        documents.create(demo.context, "estimate", 1)
        async with running(demo, monkeypatch) as session:
            assert "es Estimations" in session.text
            await session.press("e", "s", "enter")
            rows = session.rows()
            assert rows[0].startswith(" Estimations")
            assert rows[1].startswith("►En attente 1") and "Toutes 1" in rows[1]
            assert "ES26-00001" in rows[3]
            await session.press("right")
            assert session.rows()[3].startswith(" Aucune estimation accepté")
    finally:
        kinds.unregister("estimate")


async def test_wider_terminals_get_more_columns(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes", size=(120, 40)) as session:
        head = session.rows()[2]
        assert head.split() == (
            [
                "Numéro",
                "Date",
                "Tiers",
                "Objet",
                "HT",
                "Commercial",
                "État",
                "Validité",
                "Prob.",
                "Agence",
                "TTC",
            ]
        )
        assert "En attente" in session.rows()[3]


async def test_typed_ahead_filter_and_opening(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await burst(session.app, *"de", "enter", *"zinguerie", "enter")
        await session.pilot.pause()
        assert isinstance(session.screen, DocumentScreen)
        assert "DE26-00037" in session.rows()[0]


def test_sort_letters_never_take_n() -> None:
    letters = sort_letters(QUOTE.list_columns, tuple(DocumentList.SORTS))
    assert letters == {
        "U": "number",
        "D": "date",
        "T": "party_name",
        "H": "net_total",
        "E": "state_label",
        "C": "gross_total",
    }
    assert sort_letters(PARTY.list_columns, ("code", "name")) == {"C": "code", "O": "name"}
    assert sort_letters(ITEM.list_columns, ("reference", "label")) == {
        "R": "reference",
        "D": "label",
    }


async def test_a_big_list_is_read_beside_the_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "EXACT", 20)
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("ctrl+g t")
        assert session.rows()[0].split() == ["Devis", "20+"]
        await session.type("zinguerie")
        await session.until(lambda: "►  DE26-00037" in session.text)
        assert session.rows()[0].split()[1:4] == ["1", "sur", "20+"]
        for _ in "zinguerie":
            await session.press("backspace")
        await burst(
            session.app, *"chauff", "space", *"martin", "enter"
        )  # Enter waits for what was typed
        await session.until(lambda: isinstance(session.screen, DocumentScreen))
        assert "DE26-00039" in session.rows()[0]
        await session.press("escape")
        await session.until(lambda: "►  DE26-00039" in session.text)
        await session.press("escape", "escape")
        assert isinstance(session.screen, HomeScreen)

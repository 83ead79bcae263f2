"""Filters, kept filters, orders, sums and exports of the one list screen, keys only at 80×24."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from demo_program import running
from opened_program import Session
from python_calamine import CalamineWorkbook

from codial_tui.bootstrap import Program
from codial_tui.domain.kinds.invoice import INVOICE
from codial_tui.domain.kinds.order import ORDER
from codial_tui.domain.kinds.quote import QUOTE
from codial_tui.screens.lists.list_rows import ListState, tab_letters
from codial_tui.services.documents import attachments
from codial_tui.services.lists import list_saved
from codial_tui.services.lists.lists import DocumentList
from codial_tui.services.records import settings

MARTIN = "C00128"


def numbers(session: Session) -> list[str]:
    """The numbers in the rows shown, top down."""
    rows = [row[3:13] for row in session.rows()[3:19]]
    return [row for row in rows if row[4:5] == "-"]


def stored(program: Program, where: str, *values: object, kind: str = "quote") -> list[str]:
    """The same from the database, newest first."""
    rows = program.context.database.rows(
        f"SELECT number FROM document d WHERE kind = ? AND {where} ORDER BY date DESC, id DESC",
        (kind, *values),
    )
    return [row[0] for row in rows]


def party(program: Program) -> int:
    return int(program.context.database.value("SELECT id FROM party WHERE code = ?", (MARTIN,)))


@pytest.fixture
def folder(demo: Program, tmp_path: Path) -> Path:
    """The user's export folder."""
    settings.store(demo.context, "folder.export", str(tmp_path / "sorties"))
    return attachments.folder(demo.context, "export")


async def choose_martin(session: Session) -> None:
    await session.press("f7", "f")
    await session.type("martin sarl")
    await session.press("enter", "f8")


async def test_a_customer_is_chosen_and_one_key_clears_all(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("f7", "f")
        rows = session.rows()
        assert rows[0] == " Devis · filtrer"
        assert [row[1:12].strip() for row in rows[3:8]] == [
            "Client",
            "Commercial",
            "Agence",
            "Période",
            "Seulement",
        ]
        await session.type("martin")
        assert "MARTIN SARL" in session.text and "Créer" not in session.text
        await session.press("escape", "escape")  # the list of the field, the form
        assert session.rows()[21].endswith("tri : date ▼")
        await choose_martin(session)
        wanted = stored(demo, "state = 'pending' AND party_id = ?", party(demo))
        assert numbers(session) == wanted != []
        rows = session.rows()
        assert rows[0].split()[1:4] == [str(len(wanted)), "sur", "16"]
        assert rows[21].endswith(f"{MARTIN} MARTIN SARL · tri : date ▼")
        await session.type("chauff")
        assert numbers(session) == ["DE26-00039"]
        await session.press("ctrl+u")
        assert session.rows()[21] == f"► _{'tri : date ▼':>76}"
        assert len(numbers(session)) == 16


async def test_salesperson_branch_and_period_narrow_together(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = demo.context.database
    who, name = database.row("SELECT id, name FROM app_user WHERE name LIKE 'Jean%'") or (0, "")
    where, town = database.row("SELECT id, name FROM branch WHERE name LIKE 'Villeu%'") or (0, "")
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("ctrl+g t", "f7", "f", "down")
        await session.type(str(name)[:5])
        await session.press("down", "enter")
        await session.type(str(town)[:5])
        await session.press("down", "enter")
        await session.type("2/13/26")
        await session.press("enter")
        assert session.rows()[22].startswith(" × « 2/13/26 » n'est pas une période")
        await session.press("ctrl+u")
        await session.type("09/26-10/26")
        await session.press("f8")
        expected = stored(
            demo,
            "salesperson_id = ? AND branch_id = ? AND date BETWEEN '2026-09-01' AND '2026-10-31'",
            who,
            where,
        )
        assert numbers(session) == expected != []
        assert session.rows()[21].startswith("► 09/26-10/26_ ")
        assert f"{name} · {town} · tri" in session.rows()[21]
        await session.press("f7", "f")  # the form has it all
        assert "09/26-10/26" in session.text and str(town) in session.text


async def test_marks_have_tabs_letters_and_a_place_in_the_form(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = "delivery IN ('none', 'part')"
    given_up = "id IN (SELECT document_id FROM document_order WHERE given_up_at IS NOT NULL)"
    async with running(demo, monkeypatch, screen="orders") as session:
        await session.press("ctrl+g l")
        assert session.rows()[1].endswith("►À livrer  À facturer")
        assert numbers(session) == stored(demo, f"{left} AND NOT {given_up}", kind="order") != []
        await session.press("ctrl+g f")
        assert "►À facturer" in session.rows()[1]
        assert numbers(session) == stored(demo, "billing IN ('none', 'part')", kind="order")
        await session.press("ctrl+g u")  # T is Traitées here
        assert "►Toutes" in session.rows()[1]
        assert len(numbers(session)) == len(stored(demo, "1 = 1", kind="order"))
        await session.press("escape")
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("f7", "f", "up", "down", "down", "down", "down", "v", "f8")
        assert session.rows()[1].startswith("►Devis expirés")
        until = "id IN (SELECT document_id FROM document_quote WHERE valid_until < '2026-11-09')"
        assert numbers(session) == stored(demo, f"state = 'pending' AND {until}") != []
        await session.press("ctrl+g e")
        assert "►En attente 16" in session.rows()[1]
        assert "Devis expirés" not in session.text


def test_every_tab_of_a_list_has_a_letter_of_its_own() -> None:
    assert tab_letters(QUOTE) == {
        "pending": "E",
        "accepted": "A",
        "refused": "R",
        "dropped": "S",
        "*": "T",
        "mark expired": "V",
        "mark follow_up": "L",
    }
    assert tab_letters(ORDER)["*"] == "U"
    for kind in (ORDER, INVOICE):
        letters = list(tab_letters(kind).values())
        assert len(set(letters)) == len(letters) and all(letters)


async def test_a_filter_is_kept_found_again_and_forgotten(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await choose_martin(session)
        await session.press("ctrl+g a", "f7", "t", "h")
        await session.type(">1000")
        before = session.rows()
        await session.press("f7", "s")
        await session.type("Gros Martin")
        await session.press("enter")
        assert session.rows()[22] == " Filtre gardé : « Gros Martin » · F7 L le retrouve"
        assert session.rows()[21].startswith("► >1000_")
        await session.press("ctrl+u", "ctrl+g e", "f7", "t", "d")
        assert session.rows()[3] != before[3]
        await session.press("f7", "l")
        assert session.rows()[3] == (f"► Gros Martin Acceptés · {MARTIN} MARTIN SARL · >1000")
        await session.press("enter")
        assert session.rows()[:22] == before[:22]
        kept = list_saved.saved(demo.context, "quote")
        assert kept == {
            "Gros Martin": list_saved.Kept(
                "accepted", "", ">1000", "net_total", True, party_id=party(demo)
            )
        }
        await session.press("f7", "s")
        await session.press("enter")
        assert session.rows()[22].startswith(" × Un filtre se garde sous un nom")
        await session.press("escape", "f7", "l", "down", "delete", "o")
        assert list_saved.saved(demo.context, "quote") == {}
        assert "Aucun filtre gardé" in session.text


async def test_a_kept_filter_is_opened_from_home_by_its_name(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = list_saved.Kept("accepted", "", ">1000", "net_total", True, party_id=party(demo))
    list_saved.keep(demo.context, "quote", "Échus Gros", kept)
    list_saved.keep(demo.context, "planet", "Ailleurs", kept)
    async with running(demo, monkeypatch) as session:
        await session.type("echus gros")
        assert session.rows()[22] == " Entrée ouvre Échus Gros Devis"
        await session.press("enter")
        rows = session.rows()
        assert "►Acceptés" in rows[1] and rows[21].startswith("► >1000_")
        assert rows[21].endswith(f"{MARTIN} MARTIN SARL · tri : ht ▼")
        assert len(numbers(session)) == len(
            stored(
                demo,
                "state = 'accepted' AND net_total > 100000 AND party_id = ?",
                party(demo),
            )
        )
        await session.press("escape")
        await session.type("ailleurs")
        assert "Entrée ouvre" not in session.rows()[22]


async def test_what_settings_of_another_version_hold_is_left_out(demo: Program) -> None:
    good = list_saved.Kept("gone", "gone", "x", "gone")
    for stored_filters in (
        {"a": 1, "b": {"text": 7}, "c": {"party_id": True}, "d": good._asdict(), "e": None},
    ):
        settings.store(demo.context, list_saved.SETTING, {"quote": stored_filters})
        assert list_saved.saved(demo.context, "quote") == {"d": good}
    state = ListState(state="pending", sort="date")
    state.recall(good, QUOTE, ("date",))
    assert (state.state, state.mark, state.text, state.sort) == ("", "", "x", "date")
    for broken in ([], "x", {"quote": []}):
        settings.store(demo.context, list_saved.SETTING, broken)
        assert list_saved.saved(demo.context, "quote") == {}
        assert list_saved.named(demo.context, "d") is None
    list_saved.keep(demo.context, "quote", "d", good)
    assert list_saved.keep(demo.context, "quote", "D", good) == "D"
    assert list(list_saved.saved(demo.context, "quote")) == ["D"]


async def test_every_order_both_ways(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        for letter, column, label in (
            ("u", "number", "numéro"),
            ("h", "net_total", "ht"),
            ("c", "gross_total", "ttc"),
        ):
            await session.press("f7", "t", letter)
            assert session.rows()[21].endswith(f"tri : {label} ▼")
            pending = [
                row[0]
                for row in demo.context.database.rows(
                    "SELECT number FROM document WHERE kind = 'quote' AND state = 'pending' "
                    f"ORDER BY {column}, id"
                )
            ]
            assert numbers(session) == pending[::-1]
            await session.press("f7", "t", letter)
            assert session.rows()[21].endswith(f"tri : {label} ▲")
            assert numbers(session) == pending


async def test_sums_of_marks_hold_in_another_state(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("down", "up", "space", "ctrl+g a")
        assert session.rows()[19] == " ■ 1 marqué, HT 12 340,50, TTC 14 808,60"


async def test_the_list_is_exported_as_filtered_and_sorted(
    demo: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = '=HYPERLINK("http://x";"y")'
    demo.context.database.execute(
        "UPDATE document SET subject = ? WHERE number = 'DE26-00037'", (hostile,)
    )
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.type("martin >1000")
        await session.press("f7", "t", "h", "f7", "x")
        assert session.rows()[22] == " ? Exporter 9 lignes : X classeur XLSX  C texte CSV"
        await session.press("c")
        await session.settled()
        assert session.rows()[22].startswith(" devis-2026-11-09.csv · 9 lignes · ")
        await session.press("f7", "x", "x")
        await session.settled()
        shown = numbers(session)
        assert sorted(one.name for one in folder.iterdir()) == [
            "devis-2026-11-09.csv",
            "devis-2026-11-09.xlsx",
        ]
    content = (folder / "devis-2026-11-09.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfNum\xc3\xa9ro;Date;Code tiers;Tiers;Objet;HT;")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["Numéro"] for row in rows] == shown
    first = {"HT": "12340,50", "TTC": "14808,60", "Date": "09/11/2026", "Code tiers": MARTIN}
    assert rows[0].items() >= first.items()
    dangerous = next(row for row in rows if row["Numéro"] == "DE26-00037")
    assert dangerous["Objet"] == f"'{hostile}"
    book = CalamineWorkbook.from_path(folder / "devis-2026-11-09.xlsx")
    cells = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in cells[1:]] == shown
    assert [row[cells[0].index("HT")] for row in cells[1:3]] == [12340.5, 8120]
    assert cells[1][1].isoformat() == "2026-11-09"
    assert hostile in [row[cells[0].index("Objet")] for row in cells[1:]]


async def test_the_marked_rows_alone_are_exported(
    demo: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("down", "space", "space", "ctrl+g a")
        await session.press("f7", "x")
        assert "Exporter 2 marqués" in session.rows()[22]
        await session.press("c")
        await session.settled()
        await session.press("f7", "x", "c")
        await session.settled()
    texts = [one.read_text("utf-8-sig") for one in sorted(folder.iterdir())]
    assert len(texts) == 2  # the second never over the first
    assert [row.split(";")[0] for row in texts[0].splitlines()] == [
        "Numéro",
        "DE26-00040",
        "DE26-00039",
    ]
    assert texts[0] == texts[1]


async def test_records_are_filtered_kept_and_exported_too(
    demo: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch, screen="items") as session:
        await session.type("tube cui")
        count = int(session.rows()[0].split()[1])
        await session.press("f7", "x", "c")
        await session.settled()
        assert f"articles-2026-11-09.csv · {count} lignes" in session.rows()[22]
        await session.press("f7", "f")
        assert session.rows()[0].startswith(" Articles")  # no letter: still the question
    rows = (folder / "articles-2026-11-09.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == count + 1 and all("cuivre" in row.casefold() for row in rows[1:])


async def test_what_cannot_be_written_is_said(
    demo: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("codial_tui.services.lists.list_export.write_csv", full)
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("f7", "x", "c")
        await session.settled()
        assert session.rows()[22].startswith(" × devis-2026-11-09.csv non écrit : ")
    assert list(folder.iterdir()) == []


@pytest.mark.long
async def test_esc_interrupts_an_export_and_leaves_no_file(
    demo: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go = Event(), Event()

    def slow(self: DocumentList) -> Iterator[dict[str, object]]:
        rows = self.rows(0, 45)
        for _ in range(100):
            reached.set()
            go.wait(20)
            yield from rows

    monkeypatch.setattr(DocumentList, "every", slow)
    async with running(demo, monkeypatch, screen="quotes") as session:
        await session.press("ctrl+g t", "f7", "x", "x")
        await session.until(reached.is_set)
        await session.press("f7", "x")
        assert session.rows()[22].startswith(" × Export en cours")
        await session.type("zinguerie")  # the list stays usable
        assert numbers(session) == ["DE26-00037"]
        await session.press("escape", "o")
        go.set()
        await session.settled()
        assert session.rows()[22] == " Export interrompu, rien n'est écrit"
    assert list(folder.iterdir()) == []

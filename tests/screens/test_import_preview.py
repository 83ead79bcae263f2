"""Import through the preview: choose, look, mend, F8, undo; keys only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opened_program import Session, make_program, make_quote, opened

from codial_tui.bootstrap import Program
from codial_tui.errors import DatabaseRefused
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.imports.import_preview import ImportScreen
from codial_tui.services.documents import attachments
from codial_tui.services.imports.importing import plan_import
from codial_tui.services.records import parties

HEADER = "Référence;Désignation;Prix HT;EAN\n"
LIST = HEADER + (
    "TUB12;Tube cuivre Ø12;8,45;\n"
    "BOITE;Boîte dérivation étanche;2,849,83;\n"
    "COUDE;Coude 90°;1,35;\n"
    "PER16;Tube PER 16 rouge;4A,10;\n"
    "TUB12;Tube cuivre Ø12 encore;9,00;\n"
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = make_program(tmp_path)
    yield made
    made.close()


def drop(program: Program, name: str, text: str | bytes = LIST) -> Path:
    """A file in the user's inbox."""
    path = attachments.folder(program.context, "inbox") / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def items(program: Program) -> list[tuple[Any, ...]]:
    return program.context.database.rows(
        "SELECT reference, label, sale_price, purchase_price FROM item ORDER BY reference"
    )


async def idle(session: Session) -> None:
    await session.until(
        lambda: not (isinstance(session.screen, ImportScreen) and session.screen.work.running)
    )


async def choose(session: Session, *after: str) -> None:
    """The first file of the inbox, articles, no supplier."""
    await session.press("enter")
    await idle(session)
    await session.press("a", "enter", *after)
    await idle(session)


async def test_a_format_without_column_names_shows_french_ones(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = Path(__file__).parents[1] / "data" / "datanorm-sample.001"
    drop(program, "DATANORM.001", sample.read_bytes())
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session)
        assert "Référence, Désignation, " in session.text
        assert "Prix HT" in session.text
        for word in ("reference", "label", "price", "F7 C"):
            assert word not in session.text


async def test_look_mend_import_undo(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(program, "tarif-rexo-2026.csv")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        assert "tarif-rexo-2026.csv" in session.text
        await choose(session)
        rows = session.rows()
        assert rows[0].startswith(" Import d'articles · tarif-rexo-2026.csv")
        assert rows[0].endswith("5 lignes lues")
        assert rows[1].startswith(" Créer 2  Modifier 0  Inchangés 0 ►Revoir 3")
        assert "2,849,83" in rows[3] and "deux virgules" in rows[3]
        assert "Référence        → Référence" in session.text
        assert "UTF-8, point-virgule · avec entête" in session.text
        assert "tarif-rexo-2026.rejets.csv" in session.text
        assert "corriger Prix" in rows[21] and rows[21].endswith("ligne 3")
        assert rows[22].startswith(" F8 importer 2 articles")
        assert items(program) == []

        await session.press("f9")
        assert "« 2,849,83 » dans le fichier" in session.text
        await session.press("escape", "enter")
        assert "► 2,849,83_" in session.rows()[21]
        await session.press("enter")
        assert "×" in session.rows()[22], "the same wrong value is refused again"
        await session.press("ctrl+u")
        await session.type("2849,83")
        await session.press("enter")
        assert "La ligne 3 sera créée" in session.rows()[22]
        assert "Créer 3" in session.rows()[1] and "Revoir 2" in session.rows()[1]
        await session.press("down", "delete")
        assert "Revoir 1" in session.rows()[1]
        assert "1 ignorées" in session.text

        await session.press("f8")
        await idle(session)
        assert "Importé : 3 créés, 2 écartés · F7 U annule" in session.rows()[22]
        assert "Rien n'est écrit" not in session.text
        assert items(program) == [
            ("BOITE", "Boîte dérivation étanche", 28_498_300, 0),
            ("COUDE", "Coude 90°", 13_500, 0),
            ("TUB12", "Tube cuivre Ø12", 84_500, 0),
        ]
        rejects = attachments.folder(program.context, "export") / "tarif-rexo-2026.rejets.csv"
        assert "4A,10" in rejects.read_text("utf-8-sig")
        await session.press("f8")
        assert "× Cet import est fait" in session.rows()[22]

        await session.press("f7", "u", "enter")
        assert len(items(program)) == 3, "Enter does not undo an import"
        await session.press("o")
        await idle(session)
        assert "Import annulé : 3 fiches remises en état" in session.rows()[22]
        assert items(program) == []
        await session.press("escape")


async def test_a_supplier_gives_purchase_prices(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties.create(program.context, {"name": "REXO", "code": "F00001", "is_supplier": 1})
    parties.create(program.context, {"name": "REXOR", "code": "F00002", "is_supplier": 1})
    drop(program, "tarif.csv")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("enter")
        await idle(session)
        assert "A articles  C clients  F fournisseurs" in session.rows()[22]
        await session.press("a")
        for wrong, why in (("rexo", "2 fournisseurs"), ("zzz", "Aucun fournisseur")):
            await session.type(wrong)
            await session.press("enter")
            assert why in session.rows()[22]
            await session.press("ctrl+u")
        await session.type("f00001")
        await session.press("enter")
        await idle(session)
        assert "de REXO · tarif.csv" in session.rows()[0]
        await session.press("f8")
        await idle(session)
    assert [row[2:] for row in items(program)] == [(0, 13_500), (0, 84_500)]


async def test_tabs_show_what_changes(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(program, "t.csv", HEADER + "A1;Clou;2,00;\nB1;Vis;3,00;\nC1;Rondelle;4,00;\n")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session, "f8")
    drop(program, "t.csv", HEADER + "A1;Clou;2,50;\nB1;Vis;0,30;\nC1;Rondelle;4,00;\nD1;X;1;\n")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session)
        assert session.rows()[1].startswith(" Créer 1  Modifier 1  Inchangés 1 ►Revoir 1")
        assert "prix -90 % (3,00)" in session.text
        await session.press("ctrl+g", "m")
        assert "Prix de vente HT 2,00 → 2,50 · Clou" in session.rows()[22]
        assert session.rows()[3].endswith("2,50 2,00 → 2,50")
        await session.press("ctrl+g", "r")
        await session.press("enter")
        assert "prendre cette ligne ? O/N" in session.rows()[22]
        await session.press("o")
        assert "sera modifiée" in session.rows()[22]
        await session.press("f8")
        await idle(session)
    assert [row[2] for row in items(program)] == [25_000, 3_000, 40_000, 10_000]


async def test_a_file_without_header_asks_its_columns_and_keeps_them(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(f"X{n}\tArticle {n}\t{n},50" for n in range(1, 9))
    drop(program, "rexo-2026.txt", text)
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session)
        assert "Colonnes · rexo-2026.txt" in session.rows()[0]
        assert "aucune colonne reconnue pour : Référence" in session.rows()[22]
        await session.press("f8")
        assert "× aucune colonne reconnue" in session.rows()[22]
        for name in ("reference", "designation", "prix ht"):
            await session.press("enter")
            await session.type(name)
            await session.press("enter", "down")
        assert "Article 1" in session.text
        await session.press("f8")
        await idle(session)
        assert "Créer 8" in session.rows()[1]
        assert "Windows" in session.text or "UTF-8" in session.text
        await session.press("f7", "s", "enter")
        assert "Correspondance gardée : rexo" in session.rows()[22]
        await session.press("f8")
        await idle(session)
    assert len(items(program)) == 8
    drop(program, "rexo-2027.txt", text.replace("50", "75"))
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("down")
        await choose(session)
        assert "Modifier 8" in session.rows()[1], "the saved mapping was found by the file's name"
        await session.press("f7", "m", "enter")
        await idle(session)


async def test_columns_are_changed_and_header_turned(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, "t.csv", "Référence;Désignation;Prix HT;Autre\nA1;Clou;2,00;5,00\nA2;Vis;1;6\n")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session, "f7", "c")
        await session.press("end", "enter")
        await session.type("prix de vente")
        await session.press("enter")
        await session.press("up", "delete", "f8")
        await idle(session)
        await session.press("f7", "c", "h")
        assert "H entête : non" in session.rows()[21]
        await session.press("h", "f8")
        await idle(session)
        await session.press("f8")
        await idle(session)
    assert [(row[0], row[2]) for row in items(program)] == [("A1", 50_000), ("A2", 60_000)]


async def test_escape_at_the_kind_goes_back_to_the_files(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, "tarif.csv")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("enter")
        await idle(session)
        assert "A articles  C clients" in session.rows()[22]
        await session.press("escape")
        await session.pilot.pause()
        assert isinstance(session.screen, ChooseScreen)
        await choose(session)
        assert session.rows()[0].startswith(" Import d'articles · tarif.csv")


async def test_escape_twice_at_the_kind_leaves(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, "tarif.csv")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("enter")
        await idle(session)
        await session.press("escape", "escape")
        await session.pilot.pause()
        assert not isinstance(session.screen, ImportScreen | ChooseScreen)


async def test_customers(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(program, "clients.csv", "code;nom;code postal;ville\nC9;DUVAL;69003;LYON\n")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("enter")
        await idle(session)
        await session.press("c")
        await session.pilot.pause()
        await idle(session)
        assert session.rows()[0].startswith(" Import de clients · clients.csv")
        await session.press("f8")
        await idle(session)
    names = program.context.database.rows("SELECT code, name, city FROM party")
    assert names == [("C9", "DUVAL", "LYON")]


async def test_a_cut_import_is_offered_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"R{n:04};Article {n};1,00;\n" for n in range(600))
    path = drop(program, "gros.csv", HEADER + lines)
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session)
        stop = iter([False, False])
        work = session.screen.work
        monkeypatch.setattr(work._stop, "is_set", lambda: next(stop, True))
        await session.press("f8")
        await idle(session)
        assert "Interrompu" in session.rows()[22]
        done = len(items(program))
        assert 0 < done < 600
        await session.press("escape")
        assert "au prochain import" in session.rows()[22]
    path.unlink()
    async with opened(program, ImportScreen(), monkeypatch) as session:
        assert "« gros.csv » coupé" in session.rows()[22]
        await session.press("r")
        await idle(session)
        assert "Importé" in session.rows()[22]
    assert len(items(program)) == 600


async def test_a_cut_import_is_cancelled(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"R{n:04};Article {n};1,00;\n" for n in range(600))
    drop(program, "gros.csv", HEADER + lines)
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session)
        stop = iter([False, False])
        monkeypatch.setattr(session.screen.work._stop, "is_set", lambda: next(stop, True))
        await session.press("f8")
        await idle(session)
        await session.press("a")
        await idle(session)
        assert "Import annulé" in session.rows()[22]
    assert items(program) == []
    assert program.context.database.rows("SELECT state FROM import_batch") == [("cancelled",)]


async def test_an_import_that_fails_goes_on_where_it_was(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codial_tui.services.imports import import_apply

    whole = import_apply._Application._apply
    calls = iter([whole, whole])

    def failing(*args: Any) -> float:
        doing = next(calls, None)
        if doing is None:
            raise DatabaseRefused("Le disque est plein", "libérez de la place")
        return doing(*args)

    monkeypatch.setattr(import_apply._Application, "_apply", failing)
    lines = "".join(f"R{n:04};Article {n};1,00;\n" for n in range(600))
    drop(program, "gros.csv", HEADER + lines)
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session, "f8")
        assert "× Le disque est plein" in session.rows()[22]
        assert 0 < len(items(program)) < 600
        monkeypatch.setattr(import_apply._Application, "_apply", whole)
        await session.press("f8")
        assert "« gros.csv » coupé" in session.rows()[22]
        await session.press("r")
        await idle(session)
        assert "Importé" in session.rows()[22]
    assert len(items(program)) == 600
    states = program.context.database.rows("SELECT state FROM import_batch")
    assert states == [("done",)]


async def test_corrections_are_not_lost_without_a_question(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, "t.csv")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session, "delete", "escape")
        assert "Abandonner votre correction ? O/N" in session.rows()[22]
        await session.press("enter", "n")
        assert isinstance(session.screen, ImportScreen)


@pytest.mark.long
async def test_keys_stay_live_while_it_reads(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    go = threading.Event()

    def slow(*args: Any, **how: Any) -> Any:
        how["progress"](500, 20_000)
        go.wait(20)
        return plan_import(*args, **how)

    monkeypatch.setattr("codial_tui.services.imports.importing.plan_import", slow)
    drop(program, "t.csv")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("enter")
        await idle(session)
        await session.press("a", "enter")
        await session.until(lambda: "500 sur 20 000 lignes" in session.rows()[22])
        await session.type("abc")
        assert "► abc" in session.rows()[21]
        await session.press("f8")
        assert "× Lecture en cours" in session.rows()[22]
        await session.press("escape")
        assert "interrompre ? O/N" in session.rows()[22]
        await session.press("o")
        go.set()
        await idle(session)
        assert "rien n'a été écrit" in session.rows()[22]
    assert items(program) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\x00\x01\x02" * 5000, "×"),
        (b"PK\x03\x04 cut", "×"),
        (b"juste du texte", "×"),
    ],
)
async def test_files_that_are_no_list(
    program: Program, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    drop(program, "x.csv", content)
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.press("enter")
        await idle(session)
        assert session.rows()[22].startswith(" ×")
        assert said in session.rows()[22]
        await session.press("f5")
        assert "Importer un fichier" in session.rows()[0]


async def test_hostile_cells_never_reach_the_terminal(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = "\x1b]52;c;QUJD\x07\x1b[31m[red]漢字\u202e"
    wide = "9" * 5000
    drop(program, "a\x1b[2J.csv", HEADER + f"{bad};{bad};2,,{bad};\nB;{'é' * 3000};{wide}x,1,;\n")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session)
        session.rows()
        for key in ("down", "enter", "ctrl+g", "a", "ctrl+g", "c", "f7", "c", "enter", "f1"):
            await session.press(key)
            session.rows()


async def test_a_path_is_for_administrators(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "ailleurs.csv"
    outside.write_text(LIST, encoding="utf-8")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.type(str(outside))
        await session.press("enter")
        await idle(session)
        assert "A articles" in session.rows()[22]
    program.context.user = program.context.user._replace(role="user")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await session.type(str(outside))
        await session.press("enter")
        assert "× Un chemin est réservé à l'administrateur" in session.rows()[22]


async def test_an_undo_lists_what_it_leaves(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, "t.csv", HEADER + "A1;Clou;2,00;\nB1;Vis;3,00;\n")
    async with opened(program, ImportScreen(), monkeypatch) as session:
        await choose(session, "f8")
        with program.context.database.write():
            program.context.database.execute(
                "UPDATE item SET label = 'Clou doré' WHERE reference = 'A1'"
            )
        await session.press("f7", "u", "o")
        await session.until(lambda: "laissées" in session.rows()[0])
        assert "A1 : modifié depuis" in session.text
        await session.press("escape")
        assert "1 laissées" in session.rows()[22]
    assert [row[0] for row in items(program)] == ["A1"]


async def test_the_menu_opens_it_and_escape_comes_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, "t.csv")
    document = DocumentScreen(make_quote(program.context))
    async with opened(program, document, monkeypatch) as session:
        await session.press("f10")
        await session.type("importer des art")
        await session.press("enter")
        assert "t.csv" in session.text
        await choose(session)
        assert "Import d'articles" in session.rows()[0]
        await session.press("escape")
        assert session.screen is document
        await session.press("f10")
        await session.type("importer des art")
        await session.press("enter", "escape")
        assert session.screen is document


@pytest.mark.parametrize("size", [(100, 30), (132, 50)])
async def test_wider_terminals(
    program: Program, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    drop(program, "tarif-" + "x" * 150 + ".csv")
    async with opened(program, ImportScreen(), monkeypatch, size) as session:
        await choose(session)
        session.rows()
        await session.press("f8")
        await idle(session)
        assert "Importé" in session.rows()[-2]

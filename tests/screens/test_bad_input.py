"""What nobody should type, at 80×24: a clear French message, the text stays, nothing is lost."""

from __future__ import annotations

import pytest
from lines_session import Lines, quoting
from textual import events

from codial_tui.bootstrap import Program
from codial_tui.domain.document import Line
from codial_tui.services.documents import entering, pasting
from codial_tui.services.documents.editing import Editor

HOSTILE = "\x1b]52;c;aGVsbG8=\x07Tube\x1b[31m rouge\x9b2J\x00\x85"


async def paste(session: Lines, text: str) -> None:
    """A bracketed paste, as the terminal tells it."""
    session.app.post_message(events.Paste(text))
    await session.pilot.pause()


def strips(session: Lines) -> str:
    """Every character of the rendered rows, as they go to the driver."""
    return "".join(
        segment.text
        for strip in session.screen._compositor.render_strips()
        for segment in strip
        if not segment.control
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tub12 abc 3x", None),  # words: a search
        ("tub12 1 234", "quantité déjà donnée (1), un nombre s'écrit sans espace"),
        ("tub12 2,849,83", "deux virgules"),
        ("tub12 12 x8,456", "décimale"),
        ("tub12 1,23456", "décimale"),
        ("tub12 -150%", "remise"),
        ("tub12 99999999999999999999", "trop grand"),
        ("99999999*99999999*tub12", "trop grand"),
        ("tub12 1000000000 x99999999", "rop grand"),
        (".Pose; posé", "« posé » n'est ni quantité ni prix"),
        ("12*tub12 5", "quantité donnée deux fois"),
        ("=", "chapitre sans titre"),
        ("====Plomberie", "trois niveaux de chapitre au plus"),
        ("!zz", "un favori est sur une touche"),
        ("!z", "Aucun favori sur la touche z"),
        ("..", "Rien à répéter"),
        ("+", "il manque l'article"),
        ("3**tub12", "n'est pas un ouvrage"),
        ("zz45", "Aucun article"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_stays(
    typed: str, said: str | None, demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type(typed)
        session.rows()
        await session.press("enter")
        assert session.said.startswith("× ") or said is None, session.said
        assert (said or "") in session.said
        assert session.line == typed
        assert session.lines == []
        assert session.steps == 1
        await session.press("backspace")
        assert not session.said.startswith("× ") or "Aucun" not in session.said


async def test_a_billion_of_something_is_no_problem(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter("tub12 1000000000")
        line = session.lines[0]
        assert (line.quantity, line.amount) == (10**13, 8_450_000_000_00 * 9 // 10)
        assert session.rows()[0].endswith("HT 7 605 000 000,00 €")
        assert any("7 605 000 000,00" in row for row in session.rows()[3:20])


async def test_totals_beyond_the_bounds_are_refused_whole(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, ".Lot;700000000 x90000", "tub12") as session:
        before = session.lines
        await session.type(".Lot;900000000 x90000")
        await session.press("enter")
        assert session.said.startswith("× ") and "trop grand" in session.said
        assert session.line == ".Lot;900000000 x90000"
        assert session.lines == before


@pytest.mark.parametrize(
    ("field_downs", "typed", "said"),
    [
        (2, "douze", "ombre"),
        (2, "1e9", "ombre"),
        (2, "1,23456", "écimale"),
        (4, "8,456", "écimale"),
        (6, "150", "Remise de 0 à 100"),
    ],
)
async def test_a_wrong_type_in_a_field_keeps_its_text(
    field_downs: int,
    typed: str,
    said: str,
    demo: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10") as session:
        before = session.lines
        await session.press("f2", *["down"] * field_downs)
        await session.type(typed)
        await session.press("enter")
        assert session.said.startswith("× ") and said in session.said, session.text
        assert any(typed in row for row in session.rows()[2:21]), session.text
        assert session.document.lines == before


async def test_an_unknown_vat_rate_is_refused(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12 10") as session:
        await session.press("f7", "v", "t")
        await session.type("19,6")
        await session.press("enter")
        assert session.said == "× TVA 19,6 % inconnue · codial-tui vat add"
        assert session.line == "19,6"
        assert session.lines[0].vat_rate == 200_000
        await session.press("escape")
        assert session.line == ""


# controls, escapes, markup, bidi ----------------------------------------------------------------


async def test_pasted_escapes_are_taken_off(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch) as session:
        await paste(session, f".{HOSTILE};2 x3")
        assert session.line == ".Tube rouge2J;2 x3"
        await session.press("enter")
        assert [one.label for one in session.lines] == ["Tube rouge2J"]


async def test_stored_escapes_never_reach_the_rows(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in some other way (an older database, a hand): shown harmless, everywhere."""
    async with quoting(demo, monkeypatch, "tub12", ".Pose;2 x3") as session:
        with demo.context.database.write():
            demo.context.database.execute("UPDATE document_line SET label = ?", (HOSTILE,))
            demo.context.database.execute("UPDATE item SET label = ?", (HOSTILE + " cab",))
            demo.context.database.execute(
                "UPDATE document SET party_name = ?, subject = ?", (HOSTILE, HOSTILE)
            )
        quote = session.document_id
        await session.press("escape")
        number = demo.context.database.value("SELECT number FROM document WHERE id = ?", (quote,))
        await session.type(number)
        assert_harmless(session)
        await session.press("enter")
        assert_harmless(session)
        for keys in (
            ("t", "u", "b"),
            ("down",),
            ("escape",),
            ("ctrl+u", "f2"),
            ("escape", "f7"),
            ("escape", "f1"),
            ("escape", "f10"),
            ("escape", "ctrl+g", "e"),
            ("ctrl+g", "s"),
            ("ctrl+g", "l", "f3"),
            ("escape", "escape"),
        ):
            await session.press(*keys)
            assert_harmless(session)


def assert_harmless(session: Lines) -> None:
    shown = strips(session)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown), session.text
    session.rows()


@pytest.mark.parametrize(
    "label",
    [
        "[bold red]Tube[/bold red] [link=http://x]ici[/link]",
        "[@click=app.quit]clic[/]",
        "[[[ ]]] \\[ok] [",
    ],
)
async def test_markup_is_only_text(
    label: str, demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.enter(f".{label};2 x3")
        assert session.lines[0].label == label
        assert any(label[:20] in row for row in session.rows()[3:20])
        await session.press("f2")
        assert label in session.rows()[0]


@pytest.mark.long
@pytest.mark.parametrize(
    "label",
    [
        "abc\u202edef\u2066ghi",  # bidi overrides
        "e\u0301te\u0301 a\u0308\u0323\u0327",  # combining
        "漢字かな交じり文" * 6,  # wide
        "👩\u200d👩\u200d👧 famille ❤\ufe0f",  # joined, variation selector
        "\u200f\u200eשלום عربي",
        "\u0301\u0301\u0301 début",
        "Z" + "\u0336" * 300,
    ],
)
async def test_strange_characters_keep_the_rows_in_80_cells(
    label: str, demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await paste(session, f".{label};2 x3")
        session.rows()
        await session.press("enter")
        assert len(session.lines) == 1
        for keys in (("f2",), ("escape", "f3"), ("escape", "ctrl+g", "e")):
            await session.press(*keys)
            session.rows()
            shown = strips(session)
            assert not set(shown) & set("\u202e\u2066\u200f\u200e\u200d\ufe0f")


# too much ---------------------------------------------------------------------------------------


async def test_more_than_64_kb_in_a_line_is_refused(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.type("tub")
        await paste(session, "x" * (64 * 1024 + 1))
        assert session.said == "× collage de 64 Ko refusé · 64 Ko par champ, 5 Mo de lignes au plus"
        assert session.line == "tub"
        await paste(session, "y" * 5000)
        assert session.said == "× ligne trop longue · raccourcissez-la"
        assert session.line == "tub"


async def test_fifty_megabytes_are_refused(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch, "tub12") as session:
        await session.type("tub")
        await paste(session, "tub12 1\n" * (50 * 1024 * 1024 // 8))
        assert session.said == (
            "× collage de plus de 5 Mo refusé · 64 Ko par champ, 5 Mo de lignes au plus"
        )
        assert (session.line, len(session.lines)) == ("tub", 1)
        await session.press("ctrl+u", "f2")
        await paste(session, "z" * (50 * 1024 * 1024))
        assert "collage de plus de 5 Mo refusé" in session.said
        await session.press("escape")
        assert len(session.lines) == 1


async def test_pasted_lines_are_one_gesture(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "=Plomberie\r\ntub12 12 -10%\r\n\r\n(Réseau\n.Pose;2 h x48\nracc12 4\n)\n+born7\n"
    async with quoting(demo, monkeypatch, "grsec", "disj16") as session:
        await session.press("up")
        await session.type("di")
        await paste(session, text)
        assert session.said == "7 lignes collées · Ctrl+R revient"
        assert session.brief == [
            "GRSEC",
            "=Plomberie",
            "TUB12",
            "(Réseau",
            ".Pose",
            "RACC12",
            "+BORN7",
            "DISJ16",
        ]
        lines = session.lines
        assert [one.parent_uid for one in lines[4:6]] == [lines[3].uid] * 2
        assert lines[3].amount == sum(one.amount for one in lines[4:6])
        assert not lines[3].is_open
        assert session.line == "di"
        assert session.steps == 4
        await session.press("ctrl+r", "ctrl+r")
        assert session.brief == ["GRSEC", "DISJ16"]
        await session.press("ctrl+y", "ctrl+y")
        assert session.line == "di" and len(session.lines) == 8


async def test_one_bad_line_refuses_the_whole_paste(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "grsec") as session:
        await paste(session, "tub12 1\nracc12 2\nnimporte quoi\ndisj16")
        assert session.said == (
            "× Ligne 3 « nimporte quoi » : article inconnu · rien n'a été ajouté"
        )
        assert session.brief == ["GRSEC"]
        await paste(session, "tub12 1\n.Pose\n")
        assert "Ligne 2 « .Pose » : il manque le prix" in session.said
        await paste(session, "tub12 1\n.Lot;900000000 x90000\n.Lot;900000000 x90000")
        assert "trop grand" in session.said
        assert session.brief == ["GRSEC"] and session.steps == 2


async def test_more_than_2000_lines_ask(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with quoting(demo, monkeypatch) as session:
        text = ";texte\n" * 2001
        await paste(session, text)
        assert session.said == "? Coller 2001 lignes ? O/N"
        await session.press("enter")
        assert session.lines == []
        await session.press("n")
        assert session.lines == [] and not session.said.startswith("?")
        await paste(session, text)
        await session.press("o")
        assert len(session.lines) == 2001
        assert session.steps == 2
        await session.press("ctrl+r")
        assert session.lines == []


async def test_pasted_lines_elsewhere_are_one_line_of_text(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch) as session:
        await session.press("ctrl+g", "s")
        await paste(session, "Appelé M. MARTIN\nrappeler lundi\n")
        assert session.line == "Appelé M. MARTIN rappeler lundi"
        await session.press("ctrl+u", "escape")
        await paste(session, "martin\n\nlyon")
        assert session.line == "martin lyon"


async def test_a_paste_does_not_answer_a_question(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with quoting(demo, monkeypatch, "tub12", "grsec") as session:
        await session.press("space", "up", "space", "delete")
        assert session.said.startswith("? Supprimer")
        await paste(session, "ooooo")
        assert session.said.startswith("? Supprimer")
        assert len(session.lines) == 2


def test_a_paste_of_lines_is_read_on_a_copy(demo: Program) -> None:
    """Without a screen: what is refused in the middle leaves the open document as it was."""
    from codial_tui.errors import Refused
    from codial_tui.services.documents import documents
    from codial_tui.services.records import parties

    context = demo.context
    editor = Editor(context, documents.create(context, "quote", parties.counter(context)))
    entering.enter(editor, entering.read(editor, "tub12 2", None), None)
    before: list[Line] = list(editor.document.lines)
    version = editor.document.version
    with pytest.raises(Refused, match="Ligne 2"):
        pasting.enter_lines(editor, ["2000000010144", ")"], before[0].uid)
    assert editor.document.lines == before
    assert (editor.document.lines[0].quantity, editor.document.version) == (20_000, version)
    uid = pasting.enter_lines(editor, ["2000000010144", "grsec", ".. 3"], before[0].uid)
    assert [(one.reference, one.quantity) for one in editor.document.lines] == [
        ("TUB12", 30_000),
        ("GRSEC", 10_000),
        ("GRSEC", 30_000),
    ]
    assert uid == editor.document.lines[2].uid
    editor.close()

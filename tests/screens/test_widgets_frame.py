"""The frame: its 24 rows, the typing line, questions, errors, keys typed ahead."""

from typing import Any

import pytest
from screen_dump import Heard, Host, assert_snapshot, burst, screen_text, style_at

from codial_tui.commands import EDIT, HELP, MENU, PRINT, Command
from codial_tui.domain.spec import Column, FieldType
from codial_tui.widgets.bars import TabItem
from codial_tui.widgets.frame import FrameScreen, Offer
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import Text, TextRows
from codial_tui.widgets.typing_line import Draft, TypingLine

TABS = (
    TabItem("header", "Entête", "E"),
    TabItem("lines", "Lignes", "L"),
    TabItem("follow", "Suivi", "S"),
    TabItem("needs", "Besoins", "B"),
    TabItem("sub", "Sous-traitance", "U", "S-trait."),
    TabItem("transfer", "Transfert", "T"),
    TabItem("ged", "GED", "G"),
    TabItem("card", "Fiche perso", "F", "Fiche"),
)
COLUMNS = (
    Column("number", "N°", width=4),
    Column("sign", "T", width=1),
    Column("reference", "Référence", width=9),
    Column("label", "Désignation", shrinks=True, min_width=12),
    Column("quantity", "Qté", FieldType.QUANTITY, width=6),
    Column("unit", "U", width=3),
    Column("price", "P.U. HT", FieldType.PRICE, width=8),
    Column("discount", "Rem", width=3),
    Column("amount", "Montant", FieldType.CENTS, width=9),
)
ROWS = [
    Row(1, ("1", "=", "", "PLOMBERIE", "", "", "", "", "5 300,00"), role="chapter"),
    Row(
        2, ("1.1", "", "TUB12", "Tube cuivre Ø12 barre 5 m", "12,00", "ml", "8,45", "10%", "91,26")
    ),
    Row(3, ("1.2", "", "RACC12", "Coude 90° Ø12 à souder", "24,00", "u", "1,35", "", "32,40")),
    Row(4, ("1.3", "+", "BORN7", "Borne 7 kW", "1,00", "u", "980,00", "", "(980,00)")),
]


class Quote(FrameScreen[None], Heard):
    """A quote-like screen with nothing behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(COLUMNS, ListSource(ROWS))
        self.totals = TextRows(Text("Brut 12 900,00  TVA 20 % 2 468,10", "Marque 31,2 %"))
        self.accepted: list[str] = []
        self.runs: list[str] = []

    def compose_body(self) -> Any:
        return (self.table, self.totals)

    def on_mount(self) -> None:
        self.title_bar.show(
            "Devis DE26-00042 · MARTIN SARL (C00128) · En attente", "HT 12 340,50 €"
        )
        self.tab_bar.show(TABS, "lines")
        self.typing_line.label(hint="15 lignes")
        self.reading.context("Tube cuivre Ø12 · stock 140 · achat 5,10")
        self.offer_commands(
            [Offer(HELP), Offer(EDIT), Offer(PRINT, "rien à imprimer"), Offer(MENU)]
        )
        self.direct(self.typing_line, self.table)

    def on_typing_line_typed(self, notice: TypingLine.Typed) -> None:
        self.keep(notice)

    async def on_typing_line_accepted(self, notice: TypingLine.Accepted) -> None:
        self.accepted.append(notice.text)
        if notice.text != "faux":
            self.typing_line.clear()
        else:
            self.reading.refuse("« faux » inconnu · F4 cherche")

    def on_typing_line_pasted_lines(self, notice: TypingLine.PastedLines) -> None:
        self.keep(notice)

    async def go_tab(self, name: str) -> None:
        self.tab_bar.show(TABS, name)

    def action_edit(self) -> None:
        self.runs.append("edit")

    async def action_help(self) -> None:
        self.runs.append("help")


async def test_the_24_rows() -> None:
    app = Host(Quote())
    async with app.run_test(size=(80, 24)):
        rows = screen_text(app)
    assert rows[0] == (
        " Devis DE26-00042 · MARTIN SARL (C00128) · En attente            HT 12 340,50 €"
    )
    assert rows[1] == (
        " Entête ►Lignes  Suivi  Besoins  Sous-traitance  Transfert  GED  Fiche perso"
    )
    assert rows[2] == (
        "  N°   T Référence Désignation                   Qté U    P.U. HT Rem   Montant"
    )
    assert rows[3] == (
        "► 1    =           PLOMBERIE                                           5 300,00"
    )
    assert rows[4] == (
        "  1.1    TUB12     Tube cuivre Ø12 barre 5 m   12,00 ml      8,45 10%     91,26"
    )
    assert rows[6] == (
        "  1.3  + BORN7     Borne 7 kW                   1,00 u     980,00       (980,00)"
    )
    assert rows[7:20] == [""] * 13
    assert rows[20] == " Brut 12 900,00  TVA 20 % 2 468,10" + "Marque 31,2 %".rjust(45)
    assert (
        rows[21]
        == "► _                                                                   15 lignes"
    )
    assert rows[22] == " Tube cuivre Ø12 · stock 140 · achat 5,10"
    assert (
        rows[23] == "1Aide   2Modif  3       4       5       6       7       8       9       10Menu"
    )
    assert len(rows) == 24


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_whole_picture(size: tuple[int, int]) -> None:
    app = Host(Quote())
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"12*tub cui", "down", "down")
        assert_snapshot(app, f"frame-{size[0]}x{size[1]}")


async def test_colours_are_pairs_and_data_is_plain() -> None:
    app = Host(Quote())
    async with app.run_test(size=(80, 24)):
        assert style_at(app, 1, 0) == "bold white on blue"
        assert style_at(app, 8, 1) == "black on cyan"
        assert style_at(app, 1, 1) == "underline"
        assert style_at(app, 30, 2) == "underline"
        assert style_at(app, 30, 3) == "black on cyan"
        assert style_at(app, 30, 4) in ("", "none")


async def test_two_scans_in_one_write_are_two_lines() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, *"3401234567890", "enter", *"42", "enter", *"tub")
        await pilot.pause()
        assert screen.accepted == ["3401234567890", "42"]
        assert screen.typing_line.text == "tub"


async def test_an_error_keeps_the_text_and_goes_with_the_next_key() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"faux", "enter")
        assert screen_text(app)[22] == " × « faux » inconnu · F4 cherche"
        assert style_at(app, 79, 22) == "bold white on red"
        assert app.bells == 1
        await pilot.press("x")
        assert screen_text(app)[22] == " Tube cuivre Ø12 · stock 140 · achat 5,10"
        assert screen.typing_line.text == "fauxx"


async def test_a_message_cut_by_the_row_says_that_f1_has_the_rest() -> None:
    screen = Quote()
    app = Host(screen)
    whole = "La base est sur un disque réseau (nfs4), où les verrous ne tiennent pas · déplacez-la"
    async with app.run_test(size=(80, 24)) as pilot:
        screen.reading.refuse(whole)
        await pilot.pause()
        cut = " × La base est sur un disque réseau (nfs4), où les verrous ne tiennent pas…  F1"
        assert screen_text(app)[22] == cut
        await pilot.press("x")
        assert screen.reading.too_long == f"× {whole}"
        await pilot.press("x")
        assert screen.reading.too_long == ""
        screen.reading.say("Entrée ajoute " + "x" * 64)  # 78 cells: to the last one
        await pilot.pause()
        assert screen_text(app)[22] == " Entrée ajoute " + "x" * 64


async def test_arrows_move_in_the_grid_and_the_text_stays() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"tub", "down", "down")
        rows = screen_text(app)
        assert rows[5].startswith("► 1.2") and rows[3].startswith("  1 ")
        assert rows[21].startswith("► tub_")


async def test_blank_and_delete_are_the_grids_only_when_nothing_is_typed() -> None:
    screen = Quote()
    app = Host(screen)
    deleted = []
    screen.on_record_table_deleting = lambda notice: deleted.append(notice.keys)  # type: ignore[attr-defined]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "u", "b", "home", "delete", "delete", "delete", "delete", "delete")
        assert deleted == [], "a held key that emptied the line deleted a row"
        await pilot.press("down", "delete", "space")
        assert deleted == [(2,)]
        assert screen.table.marks == {2}
        assert screen.typing_line.text == ""


async def test_typed_text_is_undone_first() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"tub 12")
        await pilot.press("ctrl+r")
        assert screen.typing_line.text == "tub "
        await pilot.press("ctrl+r", "ctrl+r")
        assert screen.typing_line.text == ""
        await pilot.press("ctrl+y", "ctrl+y", "ctrl+y")
        assert screen.typing_line.text == "tub 12"


async def test_commands_run_or_say_why_not() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2", "f1")
        assert screen.runs == ["edit", "help"]
        await pilot.press("ctrl+p")
        assert screen_text(app)[22] == " × Imprimer : rien à imprimer"
        await pilot.press("f6")
        assert screen_text(app)[22].startswith(" × F6 ne fait rien ici")


async def test_a_question_takes_its_letters_only() -> None:
    screen = Quote()
    app = Host(screen)
    answers: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        screen.reading.ask("Supprimer 3 lignes ? O/N", answers.append)
        await pilot.press("x", "f2", "down")
        assert answers == [] and screen.typing_line.text == "" and screen.runs == []
        said = " × Cette touche ne répond pas à la question · tapez O ou N, ou Échap"
        assert screen_text(app)[22] == said
        await pilot.press("x")
        assert screen_text(app)[22] == said.replace("Cette touche", "« x »")
        await pilot.press("f1")  # help does not answer it either; it is there again
        assert screen.runs == ["help"]
        assert screen_text(app)[22] == " ? Supprimer 3 lignes ? O/N"
        assert style_at(app, 3, 22) == "black on yellow"
        await pilot.press("o")
        assert answers == ["O"]
        screen.reading.ask("Supprimer ? O/N", answers.append)
        await pilot.press("escape")
        assert answers == ["O", "N"]
        screen.reading.ask("Supprimer ? O/N", answers.append)
        await pilot.press("enter")
        assert answers == ["O", "N", "O"]


async def test_enter_answers_nothing_final() -> None:
    screen = Quote()
    app = Host(screen)
    answers: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        screen.reading.ask("Valider la facture ?", answers.append, final=True)
        await pilot.press("enter", "enter")
        assert answers == []
        said = " × Entrée ne répond pas à la question · tapez O ou N, ou Échap"
        assert screen_text(app)[22] == said
        await pilot.press("O")
        assert answers == ["O"]


async def test_a_long_question_is_told_whole_by_help() -> None:
    screen = Quote()
    app = Host(screen)
    question = f"{'Clôturer sans retour '.strip()} {'jour ' * 14}: H hier  J aujourd'hui"
    async with app.run_test(size=(80, 24)) as pilot:
        screen.reading.ask(question, lambda letter: None, letters="HJ", final=True)
        await pilot.pause()
        assert screen_text(app)[22].endswith("… F1")
        await pilot.press("f1")
        assert screen.reading.too_long == f"? {question}"


async def test_keys_of_the_bar_stand_apart() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.key_bar.show({8: "Prendre", 9: "Voir"})
        await pilot.pause()
        assert screen_text(app)[23].split("7")[1] == "       8Prendr 9Voir   10"


async def test_a_letter_that_nothing_takes_is_told_so() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.direct()  # a screen of letters: nowhere to type
        await pilot.press("z")
        assert screen_text(app)[22] == " × « z » ne fait rien ici · F10 montre ce qu'on peut faire"


async def test_tabs_by_letter_and_neighbours() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, "ctrl+g s")
        await pilot.pause()
        assert screen.tab_bar.current == "follow"
        await burst(app, "ctrl+g u", "ctrl+g left")
        await pilot.pause()
        assert screen.tab_bar.current == "needs"
        await burst(app, "ctrl+g z")
        await pilot.pause()
        assert "pas d'onglet « z » ici" in screen_text(app)[22]


async def test_pastes() -> None:
    screen = Quote()
    app = Host(screen)
    from textual.events import Paste

    async def paste(text: str) -> None:
        app.post_message(Paste(text))
        await pilot.pause()

    async with app.run_test(size=(80, 24)) as pilot:
        await paste("TUB12\x1b]52;c;AAAA\x07 12\n")
        assert screen.typing_line.text == "TUB12 12"
        await paste("A;1\r\nB;2\r\n")
        assert [n.lines for n in screen.heard if isinstance(n, TypingLine.PastedLines)] == [
            ["A;1", "B;2"]
        ]
        await paste("x" * 70_000)
        assert screen_text(app)[22].startswith(" × collage de 68 Ko refusé")
        await paste("x\n" * 3_000_000)
        assert screen_text(app)[22].startswith(" × collage de plus de 5 Mo refusé")
        assert screen.typing_line.text == "TUB12 12"


async def test_hostile_text_is_shown_as_text() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        hostile = "[red]\x1b]52;c;AA\x07[/] a\u202eb e\u0301 漢字"
        screen.title_bar.show(hostile, "HT 1,00")
        screen.reading.context(hostile)
        row = Row(9, ("1", "", "", hostile, "1,00", "u", "1,00", "", "1,00"))
        screen.table.show(ListSource([row]))
        screen.typing_line.put(hostile)
        await pilot.pause()
        rows = screen_text(app)
        text = "\n".join(rows)
        assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
        assert rows[0].startswith(" [red]·]52;c;AA·[/] ab é 漢字".replace("é", "e\u0301"))
        assert rows[3].endswith("1,00 u       1,00          1,00")


async def test_too_small_a_terminal_says_so_and_keeps_the_text() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"tub")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        rows = screen_text(app)
        assert rows[0] == "Terminal de 60 × 20" and "Il faut 80 × 24" in rows[1]
        await pilot.press("x", "enter")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        rows = screen_text(app)
        assert screen.accepted == []
        assert rows[37].startswith("► tub_")
        assert rows[3].endswith("5 300,00") and len(rows[3]) == 119


async def test_a_draft_comes_back_with_its_caret() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"12*tub", "left", "left")
        kept = screen.typing_line.draft
        assert kept == Draft("12*tub", 4)
        screen.typing_line.clear()
        screen.typing_line.draft = kept
        await pilot.press("X")
        assert screen.typing_line.text == "12*tXub"


async def test_a_long_line_scrolls_with_its_caret() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.typing_line.put("début " + "x" * 100 + " fin")
        await pilot.pause()
        row = screen_text(app)[21]
        assert row.endswith("x fin_ 15 lignes") and "début" not in row
        await pilot.press("home")
        assert screen_text(app)[21].startswith("► début xxx")


async def test_keys_typed_ahead_reach_the_screen_that_opens() -> None:
    class Opener(Quote):
        def action_edit(self) -> None:
            self.app.push_screen(second)

    second = Quote()
    app = Host(Opener())
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, "f2", *"abc", "enter", *"de")
        await pilot.pause()
        await pilot.pause()
        assert second.accepted == ["abc"]
        assert second.typing_line.text == "de"


async def test_labels_that_do_not_fit_shorten() -> None:
    screen = Quote()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.tab_bar.show(TABS, "header", counter="2/3", right="lecture")
        await pilot.pause()
        row = screen_text(app)[1]
        assert row == (
            "►Entête 2/3  Lignes  Suivi  Besoins  S-trait.  Transfert  GED  Fiche     lecture"
        ).replace("     lecture", "    lecture")
        at = row.index("S-trait.")
        assert "underline" not in style_at(app, at, 1)


def test_commands_have_labels_that_fit() -> None:
    assert all(len(command.short) <= 7 for command in (HELP, EDIT, PRINT, MENU))
    assert isinstance(HELP, Command)

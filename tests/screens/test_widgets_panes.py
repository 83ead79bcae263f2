"""Pickers, panes, the menu, help and long texts."""

from typing import Any

import pytest
from screen_dump import Heard, Host, burst, screen_text, style_at
from textual.events import Paste

from codial_tui.config import asset
from codial_tui.domain.spec import Column, FieldType
from codial_tui.widgets.drawing import wrap
from codial_tui.widgets.frame import FrameScreen
from codial_tui.widgets.help import HelpScreen, help_rows
from codial_tui.widgets.long_text import LongTextScreen
from codial_tui.widgets.menu import Entry, MenuScreen
from codial_tui.widgets.panes import PaneSwitcher
from codial_tui.widgets.picker import CREATE, Picker
from codial_tui.widgets.record_table import RecordTable
from codial_tui.widgets.row_source import ListSource, Row
from codial_tui.widgets.rows import TextRows
from codial_tui.widgets.theme import Look
from codial_tui.widgets.typing_line import TypingLine

ITEMS = (
    Column("reference", "Référence", width=9),
    Column("label", "Désignation", shrinks=True, min_width=12),
    Column("price", "Votre prix", FieldType.PRICE, width=10),
)
HITS = [Row(n, (f"TUB{n}", f"Tube cuivre Ø{n} barre 5 m", f"{n},45")) for n in range(12, 24)]


class Searching(FrameScreen[None], Heard):
    def __init__(self) -> None:
        super().__init__()
        self.table = RecordTable(
            (Column("label", "Désignation"),), ListSource([Row(1, ("ligne",))])
        )
        self.picker = Picker()
        self.totals = TextRows("Brut 12 900,00")

    def compose_body(self) -> Any:
        return (self.table, self.picker, self.totals)

    def on_mount(self) -> None:
        self.direct(self.picker, self.typing_line, self.table)

    def search(self, typed: str, hits: list[Row], **options: Any) -> None:
        title = f"{len(hits)} articles pour « {typed} »"
        self.picker.open(title, ITEMS, ListSource(hits), typed=typed, **options)

    on_picker_picked = Heard.keep
    on_picker_completed = Heard.keep
    on_picker_creating = Heard.keep
    on_picker_closed = Heard.keep
    on_typing_line_accepted = Heard.keep

    @property
    def names(self) -> list[str]:
        return [type(notice).__name__ for notice in getattr(self, "heard", [])]


async def test_a_picker_opens_above_row_22() -> None:
    screen = Searching()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.search("tub cui", HITS)
        await pilot.pause()
        rows = screen_text(app)
        assert rows[12] == "─ 12 articles pour « tub cui » " + "─" * 49
        assert rows[13].split() == ["Référence", "Désignation", "Votre", "prix"]
        assert rows[14].startswith("► TUB12") and rows[14].endswith("12,45")
        assert rows[19].startswith("  TUB17") and rows[20] == " Brut 12 900,00"
        screen.picker.close()
        await pilot.pause()
        assert screen_text(app)[12] == ""


async def test_several_hits_are_entered_first_one_is_taken_at_once() -> None:
    screen = Searching()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.search("tub", HITS)
        await pilot.press("enter", "enter")
        assert screen.names == ["Picked"] and screen.heard[0].row.key == 12  # type: ignore[attr-defined]
        screen.search("tub12", HITS[:1])
        await pilot.press("enter")
        assert screen.names == ["Picked", "Picked"]
        screen.search("tub", HITS)
        await pilot.press("down", "down", "tab")
        assert screen.heard[-1].row.key == 13  # type: ignore[attr-defined]
        await pilot.press("escape")
        assert screen.names[-2:] == ["Completed", "Closed"]
        assert not screen.picker.opened


async def test_letters_go_on_typing_while_the_list_is_open() -> None:
    screen = Searching()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"tub")
        screen.search("tub", HITS)
        await pilot.press("down", "down", "1", "2")
        assert screen.typing_line.text == "tub12"


async def test_the_last_entry_creates() -> None:
    screen = Searching()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.search("dupont elec", HITS[:2], create=True)
        await pilot.press("down", "pagedown")
        assert screen.picker.current is not None and screen.picker.current.key is CREATE
        assert "► Créer « dupont elec »" in screen_text(app)
        await pilot.press("enter")
        assert screen.heard[-1].typed == "dupont elec"  # type: ignore[attr-defined]
        screen.search("tub12", HITS[:1], create=True)
        await pilot.press("enter")
        assert screen.names[-1] == "Picked", "one hit is taken at once, Créer or not"
        screen.search("neuf", [], create=True)
        await pilot.press("enter")
        assert screen.heard[-1].typed == "neuf"  # type: ignore[attr-defined]


async def test_panes_are_built_when_first_seen_and_keep_what_they_hold() -> None:
    built: list[str] = []

    def pane(name: str) -> Any:
        def build() -> TextRows:
            built.append(name)
            return TextRows(f"volet {name}")

        return build

    class Tabs(FrameScreen[None]):
        def __init__(self) -> None:
            super().__init__()
            self.panes = PaneSwitcher({name: pane(name) for name in ("a", "b", "c")})

        def compose_body(self) -> Any:
            return (self.panes,)

        async def go_tab(self, name: str) -> None:
            await self.panes.show(name)

    screen = Tabs()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen.go_tab("a")
        await screen.go_tab("b")
        first = screen.panes.built["a"]
        await screen.go_tab("a")
        await pilot.pause()
        assert built == ["a", "b"] and screen.panes.pane is first
        assert screen_text(app)[2] == " volet a"
        await screen.panes.forget("b")
        await screen.go_tab("b")
        await pilot.pause()
        assert built == ["a", "b", "b"] and screen_text(app)[2] == " volet b"
        with pytest.raises(KeyError):
            await screen.panes.show("zzz")
        assert screen.panes.current == "b"


ENTRIES = (
    Entry("print", "F3", "Imprimer", "Ouvre l'aperçu"),
    Entry("transfer", "F6", "Transférer", "Vers un autre document", "le devis est refusé"),
    Entry("renumber", "F7 N", "Renuméroter", "Recompte les numéros des lignes"),
    Entry("quit", "F10 Q", "Quitter", "Quitte le programme"),
)


class Opening(FrameScreen[None]):
    def __init__(self, screen: Any) -> None:
        super().__init__()
        self.over = screen
        self.results: list[Any] = []

    def on_mount(self) -> None:
        self.app.push_screen(self.over, self.results.append)


async def test_the_menu_searches_runs_and_says_why_not() -> None:
    first = Opening(MenuScreen(ENTRIES))
    app = Host(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = screen_text(app)
        assert rows[0].startswith(" Menu") and rows[0].endswith("4 commandes")
        assert rows[3].split()[:3] == ["►", "F3", "Imprimer"]
        assert rows[6].split()[:3] == ["×", "F6", "Transférer"], "greyed ones come last"
        await pilot.press(*"transf")
        assert screen_text(app)[22] == " le devis est refusé"
        await pilot.press("enter")
        assert screen_text(app)[22] == " × Transférer : le devis est refusé"
        assert first.results == []
        await pilot.press("ctrl+u", *"renum", "enter")
        assert first.results == ["renumber"]


async def test_the_menu_finds_without_accents_and_closes_with_escape() -> None:
    first = Opening(MenuScreen(ENTRIES, initial="numero"))
    app = Host(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Renuméroter" in screen_text(app)[3] and screen_text(app)[4] == ""
        await pilot.press(*"zzz", "enter")
        assert "Aucune commande" in screen_text(app)[3]
        await pilot.press("escape")
        assert first.results == [None]


async def test_help_is_read_and_left() -> None:
    paragraphs = ["Chaque ligne se tape sur la rangée 22. " * 30]
    first = Opening(HelpScreen("Lignes", ENTRIES, paragraphs))
    app = Host(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert screen_text(app)[0] == " Aide · Lignes"
        await pilot.press("end")
        rows = screen_text(app)
        assert any(row.startswith(" F6     Vers un autre document (pas ici") for row in rows)
        await pilot.press("escape")
        assert first.results == [None]


def test_help_rows_fit() -> None:
    rows = help_rows(ENTRIES, ["mot " * 100 + "x" * 200])
    assert max(len(row.left) for row in rows) <= 78
    assert "".join(wrap("a" * 25, 10)) == "a" * 25
    assert wrap("", 10) == [] and wrap("un deux trois", 7) == ["un deux", "trois"]
    assert wrap("une fois ; dit « oui »", 8) == ["une", "fois ;", "dit", "« oui »"]


def test_a_command_without_a_key_is_named() -> None:
    rows = help_rows((*ENTRIES, Entry("bounced", "", "Impayé", "Revenu de la banque")), [])
    assert rows[-1].left.split() == ["Impayé", ":", "Revenu", "de", "la", "banque"]


class Styled(Host):
    CSS_PATH = asset("codial.tcss")


async def test_a_long_text_is_edited_and_comes_back() -> None:
    first = Opening(LongTextScreen("Texte début", "Suite à votre demande,\nvoici."))
    app = Styled(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = screen_text(app)
        assert rows[0] == " Texte début" and rows[2].strip() == "Suite à votre demande,"
        await pilot.press("enter", *"Cordialement", "f6", "f7", "escape")
        assert first.results == ["Suite à votre demande,\nvoici.\nCordialement"]


async def test_a_long_text_is_undone_refused_and_kept() -> None:
    first = Opening(LongTextScreen("Texte", "abc", limit=8))
    app = Styled(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.post_message(Paste("x" * 100_000))
        await pilot.pause()
        assert "collage de 97 Ko refusé" in screen_text(app)[22]
        app.post_message(Paste("d\x1b]52;c;A\x07\nefghijkl"))
        await pilot.pause()
        await pilot.press("escape")
        assert screen_text(app)[22].startswith(" × 13 caractères · 8 au plus")
        await pilot.press("ctrl+r", "f8")
        assert first.results == ["abc"]


async def test_unchanged_text_comes_back_as_it_was() -> None:
    text = "a\u202eb\u200dc\n"
    first = Opening(LongTextScreen("Texte", text))
    app = Styled(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "\u202e" not in "".join(screen_text(app))
        await pilot.press("escape")
        assert first.results == [text]


async def test_keys_typed_before_the_editor_is_there() -> None:
    class Opener(FrameScreen[None]):
        results: list[Any] = []

        async def press(self, press: Any) -> bool:
            self.app.push_screen(LongTextScreen("Texte", ""), self.results.append)
            return True

    first = Opener()
    app = Styled(first)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, "f2", *"un", "enter", *"deux")
        await pilot.pause()
        await pilot.pause()
        await pilot.press("escape")
        assert first.results == ["un\ndeux"]


async def test_the_plain_look_has_one_cell_per_sign() -> None:
    screen = Searching()
    app = Host(screen, Look(colour=False, plain=True))
    async with app.run_test(size=(80, 24)) as pilot:
        screen.search("tub", HITS)
        screen.typing_line.put("Ø12 漢 œ €")
        await pilot.pause()
        rows = screen_text(app)
        assert all(row.isascii() for row in rows)
        assert rows[14].startswith("> TUB12     Tube cuivre O12 barre 5 m")
        assert rows[21].startswith("> O12 ?? o E_")
        assert style_at(app, 3, 14) == "reverse"
        assert style_at(app, 3, 13) == "underline"


async def test_nothing_moves_or_blinks_by_itself() -> None:
    app = Styled(Opening(LongTextScreen("Texte", "abc")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"tub")
        for screen in app.screen_stack:
            for node in screen.walk_children(with_self=True):
                running = [timer for timer in node._timers if timer._active.is_set()]
                assert running == [], f"{node} has a timer"


def test_a_typing_line_has_its_notices() -> None:
    assert TypingLine.Typed.handler_name == "on_typing_line_typed"
    assert RecordTable.Chosen.handler_name == "on_record_table_chosen"

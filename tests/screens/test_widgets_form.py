"""The form: moving, typing, choosing, refusing; values are told only when they changed."""

from datetime import date
from typing import Any

import pytest
from screen_dump import Heard, Host, burst, screen_text, style_at
from textual.events import Paste

from codial_tui.domain.problems import Invalid
from codial_tui.domain.spec import Column, Field, FieldType, Page
from codial_tui.widgets.field_text import read, summary, write
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.frame import FrameScreen
from codial_tui.widgets.picker import Picker
from codial_tui.widgets.row_source import ListSource, Row

TODAY = date(2026, 11, 9)
FIELDS = {
    field.name: field
    for field in (
        Field("party", "Client", FieldType.REFERENCE, required=True, picks="party"),
        Field("phone", "Téléphone", store="computed"),
        Field("subject", "Objet", max_length=40),
        Field("opening", "Texte début", FieldType.LONG_TEXT),
        Field("date", "Date", FieldType.DATE, width=10, required=True),
        Field("mode", "Prix", FieldType.CHOICE, width=4, choices=(("net", "HT"), ("gross", "TTC"))),
        Field("discount", "Remise pied", FieldType.CENTS, width=9),
        Field("proforma", "Proforma", FieldType.BOOL, width=4),
    )
}
PAGE = Page(
    "Entête",
    ("party", "phone", "", "subject", "opening"),
    ("date", "", "mode", "discount", "proforma"),
)


class Header(FrameScreen[None], Heard):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, FieldView] = {
            "party": FieldView(128, "C00128 MARTIN SARL"),
            "phone": FieldView("04 78 11 22 33"),
            "subject": FieldView("Rénovation salle de bains"),
            "opening": FieldView("Suite à votre demande,\nvoici notre offre."),
            "date": FieldView("2026-11-09"),
            "mode": FieldView("net"),
            "discount": FieldView(55950, note="4,34 %"),
            "proforma": FieldView(False),
        }
        self.form = FormPane(PAGE, FIELDS, self.values.__getitem__, lambda: TODAY)
        self.refuse_next = False

    def compose_body(self) -> Any:
        return (self.form,)

    def on_mount(self) -> None:
        self.direct(*self.keys())

    def keys(self) -> Any:
        return (self.form,)

    def on_form_pane_field_edited(self, notice: FormPane.FieldEdited) -> None:
        if self.refuse_next:
            notice.refuse()
            self.reading.refuse("refusé par un service")
            return
        self.keep(notice)
        self.values[notice.name] = FieldView(notice.value)

    on_form_pane_picking = Heard.keep
    on_form_pane_opening = Heard.keep
    on_form_pane_finished = Heard.keep

    @property
    def edits(self) -> list[tuple[str, object]]:
        kept = getattr(self, "heard", [])
        return [(n.name, n.value) for n in kept if isinstance(n, FormPane.FieldEdited)]


async def test_the_page() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)):
        rows = screen_text(app)
        assert rows[3:8] == [
            "►Client         C00128 MARTIN SARL          ▼  Date           09/11/26",
            " Téléphone      04 78 11 22 33",
            "                                               Prix           HT   ▼",
            " Objet          Rénovation salle de bains      Remise pied    559,50    4,34 %",
            " Texte début    2 lignes : Suite à votre d…    Proforma       non",
        ]
        assert style_at(app, 16, 3) == "black on cyan"
        assert style_at(app, 16, 6) == "underline"
        assert style_at(app, 16, 4) in ("", "none"), "a computed field is plain"


async def test_enter_goes_through_the_fields_and_tells_nothing_unchanged() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        seen = []
        for _ in range(7):
            assert screen.form.current is not None
            seen.append(screen.form.current.name)
            await pilot.press("enter")
        assert seen == ["party", "subject", "opening", "date", "mode", "discount", "proforma"]
        assert screen.edits == []
        assert isinstance(screen.heard[-1], FormPane.Finished)


async def test_typing_replaces_moving_the_caret_edits() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", *"Garage", "down")
        await pilot.press("up", "end", *" nord", "tab")
        assert screen.edits == [("subject", "Garage"), ("subject", "Garage nord")]
        assert screen.form.current is not None and screen.form.current.name == "opening"


async def test_values_by_type() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "enter", "enter", *"1512", "enter")
        await pilot.press("t", "enter", *"1 234,5", "enter", "o")
        assert screen.edits == [
            ("date", "2026-12-15"),
            ("mode", "gross"),
            ("discount", 123450),
            ("proforma", True),
        ]
        rows = screen_text(app)
        assert rows[3].endswith("15/12/26") and "TTC" in rows[5] and "oui" in rows[7]


async def test_wrong_text_stays_with_its_reason() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen.form.enter("discount")
        await pilot.press(*"1,2,3", "enter")
        assert screen_text(app)[22].startswith(" × « 1,2,3 » : deux virgules")
        assert screen.form.current is not None and screen.form.current.name == "discount"
        assert "1,2,3" in screen_text(app)[6]
        await pilot.press("backspace", "backspace", "enter")
        assert screen.edits == [("discount", 120)]


async def test_a_required_field_is_not_emptied() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen.form.enter("date")
        await pilot.press("backspace", "tab")
        assert screen_text(app)[22] == " × Date : à remplir · Échap revient"
        await pilot.press("escape", "escape")
        assert screen.edits == []
        assert "09/11/26" in screen_text(app)[3]


async def test_what_a_service_refuses_stays_in_the_field() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        screen.refuse_next = True
        await pilot.press("down", *"Garage", "down")
        assert screen.form.current is not None and screen.form.current.name == "subject"
        assert screen.form.editor.text == "Garage" and screen.form.changed
        screen.form.reload()
        assert screen.form.editor.text == "Garage", "typed text stays when values come again"


async def test_typing_in_a_reference_asks_for_a_picker() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"dup", "enter")
        picks = [(n.text, n.accept) for n in screen.heard if isinstance(n, FormPane.Picking)]
        assert picks == [("d", False), ("du", False), ("dup", False), ("dup", True)]
        screen.values["party"] = FieldView(4, "C00004 DUPONT")
        screen.form.settle()
        await pilot.press("down", "up")
        assert "C00004 DUPONT" in screen_text(app)[3]
        await pilot.press("x", "tab")
        assert screen.edits == [] and "C00004 DUPONT" in screen_text(app)[3]


class Picking(Header):
    """A form with its picker, as screens put them together."""

    def __init__(self) -> None:
        super().__init__()
        self.picker = Picker()

    def compose_body(self) -> Any:
        return (self.form, self.picker)

    def keys(self) -> Any:
        return (self.picker, self.form)

    def on_form_pane_picking(self, notice: FormPane.Picking) -> None:  # type: ignore[override]
        names = [name for name in ("DUPONT", "DUPUIS", "MARTIN") if notice.text.upper() in name]
        rows = ListSource([Row(name, (name,)) for name in names])
        columns = (Column("name", "Nom"),)
        self.picker.open("clients", columns, rows, typed=notice.text, create=True)

    async def on_picker_picked(self, notice: Picker.Picked) -> None:
        self.picker.close()
        self.values["party"] = FieldView(notice.row.key, str(notice.row.key))
        self.form.settle()
        await self.form.step(1)

    def on_picker_closed(self, notice: Picker.Closed) -> None:
        self.form.settle()


async def test_a_picker_over_a_form() -> None:
    screen = Picking()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, *"dup", "down", "down", "enter", *"Garage", "enter")
        await pilot.pause()
        assert screen.values["party"].value == "DUPUIS"
        assert screen.edits == [("subject", "Garage")]
        await screen.form.enter("party")
        await burst(app, *"mart", "enter")
        await pilot.pause()
        assert screen.values["party"].value == "MARTIN"
        await screen.form.enter("party")
        await burst(app, "z", "escape", "down")
        await pilot.pause()
        assert screen.values["party"].value == "MARTIN"
        assert "MARTIN" in screen_text(app)[3] and not screen.picker.opened


async def test_enter_on_an_empty_required_reference_leaves_it_to_the_screen() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("backspace", "enter")
        assert [(n.text, n.accept) for n in screen.heard] == [("", False), ("", True)]  # type: ignore[attr-defined]
        assert screen.edits == []


async def test_a_long_text_opens_its_editor() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen.form.enter("opening")
        await pilot.press("B")
        app.post_message(Paste("une\nautre"))
        await pilot.pause()
        assert [n.typed for n in screen.heard if isinstance(n, FormPane.Opening)] == [
            "B",
            "une\nautre",
        ]


async def test_no_choice_has_that_letter() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen.form.enter("mode")
        await pilot.press("z")
        assert screen_text(app)[22] == " × Prix : « z » n'est pas un choix · H T"
        assert screen.edits == []


async def test_a_flood_of_keys_lands_in_the_right_fields() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(
            app, "tab", *"Un", "enter", "enter", *"1012", "enter", "t", "enter", *"7", "enter"
        )
        await pilot.pause()
        assert screen.edits == [
            ("subject", "Un"),
            ("date", "2026-12-10"),
            ("mode", "gross"),
            ("discount", 700),
        ]


async def test_too_long_a_text_and_too_big_a_paste() -> None:
    screen = Header()
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen.form.enter("subject")
        await pilot.press(*"x" * 41)
        assert screen_text(app)[22] == " × Objet : 40 caractères au plus"
        app.post_message(Paste("y" * 100_000))
        await pilot.pause()
        assert "collage de 97 Ko refusé" in screen_text(app)[22]
        assert screen.form.editor.text == "x" * 40


async def test_locked_fields_are_plain_and_passed_over() -> None:
    screen = Header()
    screen.values["subject"] = FieldView("Figé", locked="devis accepté")
    screen.values["party"] = FieldView(1, "C1", locked="devis accepté")
    screen.form = FormPane(PAGE, FIELDS, screen.values.__getitem__, lambda: TODAY)
    app = Host(screen)
    async with app.run_test(size=(80, 24)):
        assert screen.form.current is not None and screen.form.current.name == "opening"
        assert "▼" not in screen_text(app)[3]
        assert not await screen.form.enter("subject")


async def test_a_wider_terminal_widens_the_texts() -> None:
    app = Host(Header())
    async with app.run_test(size=(120, 30)):
        rows = screen_text(app)
        assert rows[3].index("Date") == 70
        assert "2 lignes : Suite à votre demande," in rows[7]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("date", "9", "2026-11-09"),
        ("date", "+30", "2026-12-09"),
        ("discount", "-3", -300),
        ("subject", "  a\tb ", "a b"),
        ("subject", "", ""),
        ("discount", "", None),
        ("proforma", "Non", False),
    ],
)
def test_reading(name: str, text: str, value: object) -> None:
    assert read(FIELDS[name], text, TODAY) == value


@pytest.mark.parametrize("text", ["1,234", "9" * 30, "1e5", "12a", "½"])
def test_no_amount(text: str) -> None:
    with pytest.raises(Invalid):
        read(FIELDS["discount"], text, TODAY)


def test_moments() -> None:
    field = Field("next", "Le", FieldType.DATETIME)
    assert read(field, "16/11/26 9:30", TODAY) == "2026-11-16T09:30"
    assert read(field, "1611 14h", TODAY) == "2026-11-16T14:00"
    assert write(field, "2026-11-16T09:30") == "16/11/26 09:30"
    with pytest.raises(Invalid):
        read(field, "1611 25:00", TODAY)


def test_a_summary_is_one_line() -> None:
    assert summary("\n\nune\nautre\n") == "2 lignes : une"
    assert summary("une") == "une"

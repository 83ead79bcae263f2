"""Order lines at 80×24: Livré, Reste, À livrer typed in the grid, and what row 23 says of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from demo_program import running
from lines_session import Lines
from screen_dump import style_at

from codial_tui.bootstrap import Program
from codial_tui.domain.money import SCALE4
from codial_tui.screens.lines.line_delivery import LEGEND
from codial_tui.services.chain import transfers
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.documents import documents, entering, headers
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load
from codial_tui.services.paper import printing
from codial_tui.services.paper.destinations import ToFile

ENTRIES = ("=PLOMBERIE", "tub12 12", "racc12 24", "ce200s 1", "grsec 1", ".Mise en service;1 x90")


def make_order(program: Program, *entries: str, **values: str) -> int:
    """An order of MARTIN SARL with these entry lines; its id."""
    context = program.context
    party = context.database.value("SELECT id FROM party WHERE code = 'C00128'")
    made = documents.create(context, "order", party, **values)
    editor = Editor(context, made)
    after: str | None = None
    for text in entries:
        reading = entering.read(editor, text, after)
        assert not reading.error, (text, reading.text)
        after = entering.enter(editor, reading, after)
    editor.close()
    return made


def deliver(program: Program, order: int, **units: int) -> int:
    """A delivery note, still open, of so many units by reference."""
    source = load(program.context.database, order)
    assert source is not None
    takes = {
        line.uid: units[line.reference] * SCALE4 for line in source.lines if line.reference in units
    }
    request = Request((order,), "delivery_note", takes={order: takes})
    return transfers.transfer(program.context, request).target_id


@asynccontextmanager
async def ordering(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    order: int,
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Lines]:
    """The program, open on Lignes of an order."""
    ref = documents_ref(program, order)
    async with running(program, monkeypatch, ref=ref, size=size) as session:
        lines = Lines(session.app, session.pilot)
        lines.document_id = order
        yield lines


def documents_ref(program: Program, document_id: int) -> str:
    found = load(program.context.database, document_id)
    assert found is not None
    return found.ref


def told(program: Program, order: int) -> list[int]:
    """À livrer of every line, in units."""
    found = load(program.context.database, order)
    assert found is not None
    return [line.to_deliver // SCALE4 for line in found.lines]


async def test_what_went_is_left_and_held_at_80_columns(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = make_order(demo, *ENTRIES)
    note = deliver(demo, order, TUB12=4, CE200S=1)
    printing.print_document(demo.context, note, ToFile(tmp_path / "bl.pdf"))
    held = documents_ref(demo, deliver(demo, order, RACC12=3))
    async with ordering(demo, monkeypatch, order) as session:
        rows = session.rows()
        assert rows[2:9] == [
            "   N°  T Référence Désignation                    Qté  Livré  Reste À livrer U",
            "   1   =           PLOMBERIE",
            " ~ 1.1   TUB12     Tube cuivre Ø12 barre 5 m    12,00   4,00   8,00          ml",
            "   1.2   RACC12    Coude 90° Ø12 à souder       24,00   0,00  24,00          u",
            " √ 1.3   CE200S    Chauffe-eau 200 L stéatite    1,00   1,00   0,00          u",
            "   1.4   GRSEC     Groupe de sécurité 3/4        1,00   0,00   1,00          u",
            "►  1.5 .           Mise en service               1,00   0,00   1,00",
        ]
        assert rows[19] == f" {LEGEND}"
        assert rows[20] == " HT 823,96  TVA 20 % 164,79  TTC 988,75  livré 611,82"
        assert style_at(session.app, 1, 6) == "bold white on magenta"
        assert style_at(session.app, 1, 4) == style_at(session.app, 10, 4)
        assert style_at(session.app, 10, 8) == "black on cyan"
        await session.press("up", "up", "up")
        assert f"stock 31 · 3 dans {held} ouvert" in session.said
        await session.press("2", "2")
        assert session.rows()[21].startswith("► RACC12 à livrer : 22_")
        assert session.rows()[21].endswith("reste 21,00 u")
        await session.press("enter")  # more than is left: asks
        assert session.said.startswith(f"? 1 de plus que le reste (3 dans {held} ouvert)")
        await session.press("n")
        assert told(demo, order) == [0] * 6


async def test_quantities_are_typed_in_the_grid_each_one_step(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(demo, *ENTRIES)
    async with ordering(demo, monkeypatch, order) as session:
        steps = session.steps
        await session.press("up", "up", "up", "up")  # in the rows, on TUB12
        assert style_at(session.app, 70, 4) == "black on white"
        await session.press("4", "enter", "2", "0", "enter", "enter", "1", "enter")
        assert told(demo, order) == [0, 4, 20, 0, 1, 0]
        assert session.steps == steps + 3
        await session.press("ctrl+r")
        assert told(demo, order) == [0, 4, 20, 0, 0, 0]
        assert session.pane.place() == session.lines[5].uid
        await session.press("up", "up", "up", "backspace")  # empties it
        assert told(demo, order) == [0, 4, 0, 0, 0, 0]
        await session.press("1", "escape")  # nothing taken
        assert told(demo, order) == [0, 4, 0, 0, 0, 0]


async def test_letters_and_codes_stay_entry_lines(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(demo, *ENTRIES)
    code = demo.context.database.value("SELECT ean FROM item WHERE reference = 'TUB12'")
    async with ordering(demo, monkeypatch, order) as session:
        await session.type("3*racc12")  # on row 22: a digit is text
        await session.press("enter")
        assert session.lines[-1].quantity == 3 * SCALE4
        await session.press("up")
        await session.type("grsec 2")  # a letter in the rows goes back there
        await session.press("enter")
        assert session.brief.count("GRSEC") == 2
        await session.press("up")
        await session.type(code)  # a scanner types digits into the rows
        await session.press("enter")
        assert session.brief.count("TUB12") == 2
        assert set(told(demo, order)) == {0}


async def test_headings_take_no_quantity(demo: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    order = make_order(demo, *ENTRIES)
    async with ordering(demo, monkeypatch, order) as session:
        await session.press("up", "up", "up", "up", "up", "3")
        assert session.said.startswith("× Cette ligne ne se livre pas")
        await session.press("down", "-", "1", "enter")
        assert session.said.startswith("× Quantité de l'autre sens")
        assert set(told(demo, order)) == {0}


async def test_f7_l_takes_what_is_left_and_in_stock(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(demo, "tub12 12", "racc12 40", "racc12 5", ".Pose;3 x45")
    deliver(demo, order, TUB12=2)
    async with ordering(demo, monkeypatch, order) as session:
        steps = session.steps
        await session.press("f7", "l")
        assert told(demo, order) == [10, 31, 0, 3]
        assert session.steps == steps + 1
        assert session.said == "! Stock court : RACC12 31 sur 40, RACC12 0 sur 5"
        await session.press("ctrl+r")
        assert told(demo, order) == [0, 0, 0, 0]


async def test_the_planned_date_goes_to_the_lines_that_have_no_other(demo: Program) -> None:
    order = make_order(demo, "tub12 12", "racc12 4")
    editor = Editor(demo.context, order)
    field = editor.kind.field("planned_date")
    headers.edit(editor, field, "2026-11-16")
    entering.edit_line(editor, editor.document.lines[1].uid, delivery_date="2026-11-20")
    headers.edit(editor, field, "2026-11-18")
    reading = entering.read(editor, "grsec", None)
    entering.enter(editor, reading, None)
    editor.close()
    found = load(demo.context.database, order)
    assert found is not None
    days = {line.reference: line.delivery_date for line in found.lines}
    assert days == {"TUB12": "2026-11-18", "RACC12": "2026-11-20", "GRSEC": "2026-11-18"}


async def test_wider_terminals_get_more_columns(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(demo, *ENTRIES)
    async with ordering(demo, monkeypatch, order, size=(100, 24)) as session:
        assert "P.U. HT" in session.rows()[2] and "Montant" not in session.rows()[2]
    async with ordering(demo, monkeypatch, order, size=(120, 24)) as session:
        assert {"Montant", "Livraison"} <= set(session.rows()[2].split())


async def test_the_rest_is_given_up_and_taken_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = make_order(demo, *ENTRIES)
    note = deliver(demo, order, TUB12=4)
    printing.print_document(demo.context, note, ToFile(tmp_path / "bl.pdf"))
    given_up = "SELECT given_up_at IS NOT NULL FROM document_order WHERE document_id = ?"
    async with ordering(demo, monkeypatch, order) as session:
        await session.press("f7", "w")
        assert session.said.startswith("? Abandonner le reste de CC26-000")
        await session.press("n", "f7", "w", "o")
        assert session.said.endswith("terminée, reste abandonné · Ctrl+R annule")
        assert " · Ouverte · Terminée " in session.rows()[0]
        assert demo.context.database.value(given_up, (order,)) == 1
        await session.press("f7", "l")
        assert session.said == "× Reste abandonné · rouvrez la commande : F7 W"
        await session.press("f7", "w")
        assert session.said.endswith("rouverte · Ctrl+R annule")
        assert demo.context.database.value(given_up, (order,)) == 0


async def test_what_no_longer_changes_says_why(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line below its floor, the customer of an order that went, figures of a printed note."""
    order = documents.get(demo.context, "CC26-00009").id
    async with ordering(demo, monkeypatch, order) as session:
        await session.to("TUB14")
        await session.press("delete")
        assert session.said == (
            "× 10 déjà livré, facturé ou transféré · annulez l'autre pièce (Ctrl+G T)"
        )
        await session.press("ctrl+g", "e")
        assert session.said == "Client, Prix, Décimales : déjà livré, facturé ou transféré"
    note = documents.get(demo.context, "BL26-00009").id
    async with ordering(demo, monkeypatch, note) as session:
        await session.type("tub12 2")
        await session.press("enter")
        assert session.said.startswith("× Bon de livraison imprimé : quantités et prix ne changent")
        await session.press("ctrl+g", "e")
        assert session.said == "Client, Prix, Décimales, Nature : document imprimé"
        await session.press("ctrl+g", "e")
        assert session.said == "Dépôt, À relivrer : document imprimé"

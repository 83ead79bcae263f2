"""Several documents into one by keys: F6 on marked ones, everything a customer was not billed."""

from __future__ import annotations

import pytest
from demo_program import running
from opened_program import opened
from test_transfer_screens import at, made, moved, party_of, quantities

from codial_tui.bootstrap import Program
from codial_tui.domain.document import Document
from codial_tui.screens.chain.merge import MergeScreen
from codial_tui.screens.lists.list import ListScreen
from codial_tui.services.documents.rows import load


def note(program: Program, text: str, party: int = 0, **header: object) -> int:
    """A printed delivery note."""
    found = made(program, text, kind="delivery_note", party=party)
    stored = {"state": "printed", **header}
    with program.context.database.write():
        for name, value in stored.items():
            program.context.database.execute(
                f"UPDATE document SET {name} = ? WHERE id = ?", (value, found)
            )
    return found


def billing(program: Program, *ids: int) -> list[str]:
    value = program.context.database.value
    return [str(value("SELECT billing FROM document WHERE id = ?", (one,))) for one in ids]


async def test_everything_unbilled_goes_into_one_invoice_and_comes_back_at_once(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = note(demo, "tub12 2 x10")
    party = party_of(demo, first)
    order = made(demo, "racc12 3 x10", kind="order", party=party)
    uid = next(one.uid for one in _document(demo, order).lines)
    second = moved(demo, order, "delivery_note", takes={order: {uid: 10_000}})
    with demo.context.database.write():
        demo.context.database.execute(
            "UPDATE document SET state = 'printed' WHERE id = ?", (second,)
        )
    invoice = made(demo, "grsec x10", kind="invoice", party=party)
    before = _document(demo, invoice)
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f7", "z")
        assert (
            "Ajouter 2 BL et 1 commande, HT 50,00 € ? O tout  B les BL seuls"
            in (session.rows()[22])
        ), session.rows()[22]
        assert _document(demo, invoice).version == before.version
        assert billing(demo, first, second, order) == ["none", "none", "none"]
        await session.press("b")
        assert "Ajouter 2 BL, HT 30,00 € ? O/N" in session.rows()[22]
        await session.press("n")
        assert billing(demo, first) == ["none"]
        await session.press("f7", "z", "o")
        assert "2 BL et 1 commande : dans FA-P" in session.rows()[22]
        document = _document(demo, invoice)
        assert document.number("net_total") == 6_000
        assert billing(demo, first, second, order) == ["full", "full", "full"]
        batches = demo.context.database.rows(
            "SELECT DISTINCT batch FROM transfer WHERE target_id = ?", (invoice,)
        )
        assert len(batches) == 1
        await session.press("f7", "z")
        assert "Rien d'autre à facturer à ce client" in session.rows()[22]
        await session.press("ctrl+r")
        assert "annulé" in session.rows()[22]
        assert quantities(demo, invoice) == {"GRSEC": 1}
        assert [one.label for one in _document(demo, invoice).lines] == [
            one.label for one in before.lines
        ]
        assert billing(demo, first, second, order) == ["none", "none", "none"]


async def test_what_refuses_is_told_and_left_out(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = note(demo, "tub12 2 x10")
    party = party_of(demo, first)
    branch = demo.context.database.value("SELECT MAX(id) FROM branch")
    other = note(demo, "racc12 3 x10", party, branch_id=branch)
    invoice = made(demo, "grsec x10", kind="invoice", party=party)
    async with at(demo, monkeypatch, invoice) as session:
        await session.press("f7", "z", "o")
        ref = _document(demo, other).ref
        assert f"{ref} refuse : O continuer sans elle  P pourquoi  N non" in session.rows()[22]
        await session.press("p")
        assert "Agence" in session.text and ref in session.text
        await session.press("escape", "n")
        assert billing(demo, first, other) == ["none", "none"]
        await session.press("f7", "z", "o", "o")
        assert "1 BL : dans FA-P" in session.rows()[22], session.rows()[22]
    assert billing(demo, first, other) == ["full", "none"]
    assert quantities(demo, invoice) == {"GRSEC": 1, "TUB12": 2}


async def test_two_notes_of_an_order_never_bill_more_than_it_has_left(demo: Program) -> None:
    """What was billed of the order directly is not billed again with the second note."""
    from codial_tui.services.chain import gathering
    from codial_tui.services.chain.transfer_parts import Request

    order = made(demo, "racc12 10 x10", kind="order")
    uid = next(one.uid for one in _document(demo, order).lines)
    notes = [moved(demo, order, "delivery_note", takes={order: {uid: 60_000}})]
    notes.append(moved(demo, order, "delivery_note"))
    moved(demo, order, "invoice", takes={order: {uid: 40_000}})
    with demo.context.database.write():
        for one in notes:
            demo.context.database.execute(
                "UPDATE document SET state = 'printed' WHERE id = ?", (one,)
            )
    request = Request(tuple(notes), "invoice")
    looked = gathering.look(demo.context, request)
    assert looked.sources == (notes[0],)
    assert looked.net == 6_000
    assert len(looked.refusals) == 1 and "plus rien à transférer" in looked.refusals[0]
    count = demo.context.database.value("SELECT COUNT(*) FROM document")
    done = gathering.gather(demo.context, Request(looked.sources, "invoice"))
    assert demo.context.database.value("SELECT COUNT(*) FROM document") == count + 1
    assert quantities(demo, done.target_id) == {"RACC12": 6}


async def test_f6_on_marked_quotes_makes_one_order(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(demo, "tub12 2 x10")
    party = party_of(demo, first)
    second = made(demo, "racc12 3 x10", party=party)
    stranger = made(demo, "grsec x10")
    branch = demo.context.database.value("SELECT MAX(id) FROM branch")
    made(demo, "disj16 1", kind="order", party=party, branch_id=branch)
    states = "SELECT state FROM document WHERE id = ?"
    value = demo.context.database.value
    async with opened(demo, ListScreen("quote"), monkeypatch) as session:
        await session.press("down", "up", "space", "space", "space", "f6")
        assert "3 devis vers : C commande  I bon d'intervention  F facture" in session.rows()[22], (
            session.text
        )
        await session.press("c")
        ref = _document(demo, stranger).ref
        assert f"{ref} refuse : O continuer sans elle" in session.rows()[22]
        await session.press("n")
        assert value(states, (first,)) == "pending"
        await session.press("f6", "c", "o")
        order = session.screen.document_id
        assert session.screen.editor.kind.kind == "order", session.text
        assert "depuis 2 documents · Ctrl+R annule" in session.rows()[22]
        assert quantities(demo, order) == {"TUB12": 2, "RACC12": 3}
        assert [value(states, (one,)) for one in (first, second, stranger)] == [
            *("accepted", "accepted", "pending")
        ]
        labels = [one.label for one in _document(demo, order).lines if not one.is_priced]
        assert len(labels) == 2 and all(one.startswith("Selon devis DE26-") for one in labels)
        await session.press("ctrl+r")
        assert isinstance(session.screen, ListScreen)
        assert "annulé" in session.rows()[22], session.rows()[22]
        assert value("SELECT 1 FROM document WHERE id = ?", (order,)) is None
        assert value(states, (second,)) == "pending"


async def test_f6_on_marked_quotes_joins_an_open_order(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(demo, "tub12 2 x10")
    party = party_of(demo, first)
    made(demo, "racc12 3 x10", party=party, subject="Local technique")
    there = made(demo, "grsec x10", kind="order", party=party, subject="Chantier Duval")
    async with opened(demo, ListScreen("quote"), monkeypatch) as session:
        await session.press("down", "up", "space", "space", "f6", "c")
        assert isinstance(session.screen, MergeScreen), session.text
        await session.press("enter", "c")
        assert session.screen.document_id == there, session.text
    assert quantities(demo, there) == {"GRSEC": 1, "TUB12": 2, "RACC12": 3}
    assert _document(demo, there).text("subject") == "Chantier Duval"


async def test_f6_in_a_list_without_marks_transfers_the_row(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = made(demo, "tub12 2 x10")
    async with opened(demo, ListScreen("quote"), monkeypatch) as session:
        await session.press("down", "up", "f6", "f8")
        assert session.screen.editor.kind.kind == "order", session.text
        assert quantities(demo, session.screen.document_id) == {"TUB12": 2}
    value = demo.context.database.value
    assert value("SELECT state FROM document WHERE id = ?", (quote,)) == "accepted"


async def test_a_transfer_of_another_day_is_taken_back_after_a_question(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = moved(demo, made(demo, "tub12 2"), "order")
    database = demo.context.database
    with database.write():
        database.execute(
            "UPDATE transfer SET at = '2026-11-03T10:00:00+00:00' WHERE target_id = ?", (order,)
        )
    async with running(demo, monkeypatch, ref=_document(demo, order).ref) as session:
        await session.press("ctrl+r")
        assert "Annuler le transfert du 03/11/26 par" in session.rows()[22]
        await session.press("enter", "escape")
        assert database.value("SELECT 1 FROM document WHERE id = ?", (order,)) == 1
        await session.press("ctrl+r", "o")
        assert database.value("SELECT 1 FROM document WHERE id = ?", (order,)) is None
        assert "annulé" in session.rows()[22], session.text


async def test_what_cannot_be_taken_back_says_why(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = moved(demo, made(demo, "tub12 2"), "order")
    later = moved(demo, order, "delivery_note")
    async with at(demo, monkeypatch, order) as session:
        for keys in (("ctrl+r",), ("f7", "y")):
            await session.press(*keys)
            assert f"est devenu {_document(demo, later).ref}" in session.rows()[22]
            assert session.screen.document_id == order
        await session.press("escape")
    count = demo.context.database.value("SELECT COUNT(*) FROM transfer WHERE undone_at IS NULL")
    assert count == demo.context.database.value("SELECT COUNT(*) FROM transfer")


async def test_a_source_below_shows_what_was_taken_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = moved(demo, made(demo, "tub12 12"), "order")
    async with at(demo, monkeypatch, order) as session:
        await session.press("f6", "5", "f8", "escape")
        assert session.screen.document_id == order
        assert "bill" not in str(session.screen.editor.taken)
        assert [*session.screen.editor.taken.values()] == [{"deliver": 50_000}]
        await session.press("f6", "f8", "c")
        await session.press("ctrl+r")
        assert session.screen.document_id == order, session.text
        assert [*session.screen.editor.taken.values()] == [{"deliver": 50_000}]


def _document(program: Program, document_id: int) -> Document:
    found = load(program.context.database, document_id)
    assert found is not None
    return found

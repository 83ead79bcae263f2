"""Deleting a document: what forbids it, said with what to do in its place (domain.md §2)."""

from pathlib import Path

import pytest
from chain_desk import Desk
from sessions import session

from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor

pytestmark = pytest.mark.both


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    return desk


def refused(desk: Desk, document_id: int) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        documents.delete(desk.context, document_id)
    (problem,) = caught.value.problems
    return problem.code, problem.text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("quote", "DE26-00001 a été imprimé · classez-le sans suite"),
        ("order", "CC26-00001 a été imprimée · abandonnez son reste : F7 W"),
        ("delivery_note", "BL26-00001 a été imprimé · faites un retour : F6 R"),
    ],
)
def test_what_was_printed_stays(desk: Desk, kind: str, said: str) -> None:
    made = desk.make(kind, ("TUBE", 3))
    desk.print(made)
    assert refused(desk, made.id) == ("document.printed", said)


def test_what_something_was_made_of_stays_until_that_is_gone(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 3))
    note = desk.move(order, "delivery_note")
    said = "CC26-00001 est transférée · annulez d'abord le transfert"
    assert refused(desk, order.id) == ("document.linked", said)
    documents.delete(desk.context, note.id)
    assert desk.pool(order, "deliver") == [(3, 0)] and desk.progress(order) == ("none", "none")
    documents.delete(desk.context, order.id)


def test_what_somebody_else_writes_stays(desk: Desk, database_url: str) -> None:
    order = desk.make("order", ("TUBE", 3))
    theirs = open_database(database_url, create=False)
    editor = Editor(session(theirs, "jean"), order.id)
    assert not editor.reason
    code, said = refused(desk, order.id)
    assert code == "document.locked" and "CC26-00001 : Ouvert par" in said
    assert editor.document.ref == desk.again(order).ref
    editor.close()
    theirs.close()
    documents.delete(desk.context, order.id)
    assert desk.context.database.row("SELECT 1 FROM document") is None

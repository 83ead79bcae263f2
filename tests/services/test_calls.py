"""Calls: taken down, found by a serial number, told when two people answer, turned into one BI."""

from __future__ import annotations

from typing import Any

import pytest

from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import calls
from codial_tui.services.records import parties


@pytest.fixture
def party(context: Context) -> int:
    values = {"name": "SCI Les Tilleuls", "is_customer": 1, "phone": "04 78 00 11 22"}
    return parties.create(context, values)


@pytest.fixture
def boiler(context: Context, party: int) -> int:
    row = {
        "uid": context.uid(),
        "code": "EQ1",
        "code_fold": "eq1",
        "party_id": party,
        "brand": "VIESSEL",
        "serial": "VX-2231",
        "serial_fold": "vx-2231",
        "warranty_until": "2099-12-31",
        "created_at": context.now,
    }
    with context.database.write():
        return context.database.insert("equipment", row)


@pytest.mark.both
def test_a_serial_number_finds_machine_and_customer(
    context: Context, party: int, boiler: int
) -> None:
    call = calls.load(context, calls.take(context, serial=" vx-2231 ", question="Code F28"))
    assert call["number"] == f"AP{context.today:%y}-00001"
    assert (call["equipment_id"], call["party_id"], call["serial"]) == (boiler, party, "VX-2231")
    assert (call["party_name"], call["phone"]) == ("SCI Les Tilleuls", "04 78 00 11 22")
    assert call["state"] == "open"


@pytest.mark.both
def test_a_call_becomes_one_work_order_with_its_content(
    context: Context, party: int, boiler: int
) -> None:
    values: dict[str, Any] = {"equipment_id": boiler, "subject": "Chaudière en panne"}
    call = calls.take(context, **values, question="Code F28\ndepuis samedi", priority="urgent")
    made = calls.order(context, call, planned_date="2026-11-24")
    document = Editor(context, made, lock=False).document
    assert document.text("subject") == "Chaudière en panne"
    assert document.text("planned_date") == "2026-11-24"
    (machine,) = document.machines
    assert (machine.serial, machine.fault) == ("VX-2231", "Code F28\ndepuis samedi")
    assert machine.coverage == "warranty"
    number = calls.load(context, call)["number"]
    assert "Priorité urgente" in document.text("notes") and number in document.text("notes")
    assert calls.of_document(context, made) == number
    with pytest.raises(Refused, match=f"est déjà {document.ref}"):
        calls.order(context, call)
    documents.delete(context, made)  # a work order that is deleted gives its call back
    assert calls.load(context, call)["document_id"] is None
    assert calls.order(context, call) != made


def test_who_is_not_known_needs_a_customer_first(context: Context, party: int) -> None:
    call = calls.take(context, caller="Mme Petit", phone="06 01", subject="Fuite")
    with pytest.raises(Refused, match="Chez qui"):
        calls.order(context, call)
    before = calls.load(context, call)
    assert calls.change(context, call, before, party_id=party)["party_name"] == "SCI Les Tilleuls"
    assert calls.order(context, call)


def test_two_people_answer_one_call(context: Context) -> None:
    call = calls.take(context, subject="Fuite")
    seen = calls.load(context, call)
    calls.change(context, call, seen, answer="On rappelle")
    with pytest.raises(Refused, match=r"Réponse : déjà changé par .+, \d\d:\d\d"):
        calls.change(context, call, seen, answer="On passe demain")
    calls.change(context, call, seen, priority="high")  # another field is nobody's loss
    found = calls.load(context, call)
    assert (found["answer"], found["priority"]) == ("On rappelle", "high")


def test_it_is_closed_once_and_opened_again(context: Context) -> None:
    with pytest.raises(Refused, match="Rien à noter"):
        calls.take(context)
    call = calls.take(context, caller="Mme Petit")
    with pytest.raises(Refused, match="De quoi s'agit-il"):
        calls.close(context, call)
    calls.change(context, call, calls.load(context, call), subject="Fuite")
    closed = calls.close(context, call, "Joint à resserrer, fait au téléphone")
    assert (closed["state"], closed["closed_at"] is not None) == ("closed", True)
    with pytest.raises(Refused, match="déjà clos"):
        calls.close(context, call)
    again = calls.change(context, call, closed, state="open")
    assert (again["state"], again["closed_at"]) == ("open", None)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"priority": "hier"}, "Priorité : hier"),
        ({"state": "x"}, "État : x"),
        ({"subject": "x" * 200}, "Objet : 120 signes"),
        ({"question": "x" * 9_000}, "Demande : 4000 signes"),
    ],
)
def test_bad_values_write_nothing(context: Context, values: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        calls.take(context, **values)
    assert context.database.value("SELECT COUNT(*) FROM phone_call", ()) == 0


def test_time_on_the_phone_adds_up(context: Context) -> None:
    call = calls.take(context, subject="Fuite")
    calls.spend(context, call, 90)
    assert calls.spend(context, call, -5) == 90
    assert calls.spend(context, call, 10**12) == 90 + 86_400

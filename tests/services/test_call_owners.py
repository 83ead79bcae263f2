"""Whose machine a call is about, whose phone it has, and who is found by a phone number."""

from __future__ import annotations

import pytest

from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.lists import home_search
from codial_tui.services.maintenance import callers, calls, equipment, work_orders
from codial_tui.services.records import parties, record_parts

pytestmark = pytest.mark.both


@pytest.fixture
def tilleuls(context: Context) -> int:
    values = {"code": "C1", "name": "SCI Les Tilleuls", "is_customer": 1, "phone": "04 65 71 28 00"}
    return parties.create(context, values)


@pytest.fixture
def garage(context: Context) -> int:
    values = {
        "code": "C2",
        "name": "Garage du Parc",
        "is_customer": 1,
        "phone": "+33 4 78 11 22 33",
    }
    return parties.create(context, values)


@pytest.fixture
def boiler(context: Context, tilleuls: int) -> int:
    values = {"party_id": tilleuls, "serial": "VX-2231", "brand": "VIESSEL"}
    return equipment.create(context, values)


def change(context: Context, call: int, **values: object) -> calls.Call:
    return calls.change(context, call, calls.load(context, call), **values)


def machine_of(call: calls.Call) -> tuple[object, object, object]:
    return call["party_id"], call["equipment_id"], call["serial"]


def test_another_customer_leaves_the_machine(
    context: Context, tilleuls: int, garage: int, boiler: int
) -> None:
    call = calls.take(context, equipment_id=boiler, subject="Panne")
    assert machine_of(calls.load(context, call)) == (tilleuls, boiler, "VX-2231")
    assert machine_of(change(context, call, party_id=garage)) == (garage, None, "")
    made = rows.load(context.database, calls.order(context, call))
    assert made is not None
    assert (made.header["party_id"], made.machines, made.header["address_id"]) == (garage, [], None)


def test_a_number_that_is_unknown_leaves_the_machine(
    context: Context, tilleuls: int, garage: int, boiler: int
) -> None:
    call = calls.take(context, equipment_id=boiler, subject="Panne")
    assert machine_of(change(context, call, serial="ZZ-9")) == (tilleuls, None, "ZZ-9")
    assert machine_of(change(context, call, serial="vx-2231")) == (tilleuls, boiler, "VX-2231")
    assert machine_of(change(context, call, serial="")) == (tilleuls, None, "")
    other = calls.take(context, party_id=garage, subject="Panne")
    with pytest.raises(Refused, match=r"VX-2231 est chez SCI Les Tilleuls \(C1\)"):
        change(context, other, serial="VX-2231")
    assert machine_of(calls.load(context, other)) == (garage, None, "")
    own = {"party_id": garage, "serial": "VX-2231", "brand": "RIELLO"}
    second = equipment.create(context, own)
    assert machine_of(change(context, other, serial="VX-2231")) == (garage, second, "VX-2231")


def test_a_machine_without_an_owner_goes_along(
    context: Context, tilleuls: int, garage: int
) -> None:
    loose = equipment.create(context, {"party_id": garage, "serial": "N-1", "brand": "RIELLO"})
    with context.database.write():
        context.database.update("equipment", loose, {"party_id": None})
    call = calls.take(context, equipment_id=loose)
    assert machine_of(change(context, call, party_id=tilleuls)) == (tilleuls, loose, "N-1")


def test_no_work_order_has_somebody_elses_machine(
    context: Context, tilleuls: int, garage: int, boiler: int
) -> None:
    call = calls.take(context, equipment_id=boiler, subject="Panne")
    with context.database.write():  # sold meanwhile
        context.database.update("equipment", boiler, {"party_id": garage})
    for doing in (
        lambda: calls.order(context, call),
        lambda: work_orders.new(context, tilleuls, equipment=[boiler]),
    ):
        with pytest.raises(Refused, match="est chez Garage du Parc"):
            doing()
    assert context.database.value("SELECT COUNT(*) FROM document") == 0
    assert calls.load(context, call)["document_id"] is None


def test_a_phone_that_was_typed_stays(context: Context, tilleuls: int, garage: int) -> None:
    call = calls.take(context, phone="06 12 34 56 78", caller="Mme Roux")
    found = change(context, call, party_id=tilleuls)
    assert (found["phone"], found["caller"]) == ("06 12 34 56 78", "Mme Roux")
    other = calls.take(context, party_id=tilleuls)
    assert calls.load(context, other)["phone"] == "04 65 71 28 00"
    assert change(context, other, party_id=garage)["phone"] == "+33 4 78 11 22 33"


def test_the_phone_of_another_customer_goes_with_him(
    context: Context, tilleuls: int, garage: int
) -> None:
    mute = parties.create(context, {"code": "411-0012", "name": "Sans téléphone", "is_customer": 1})
    call = calls.take(context, party_id=tilleuls)
    assert change(context, call, party_id=mute)["phone"] == ""
    assert change(context, call, party_id=garage)["phone"] == "+33 4 78 11 22 33"
    assert change(context, call, party_id=None)["phone"] == ""
    assert [one.id for one in parties.search(context, "411-0012")] == [mute]  # a code, no phone


def test_what_notes_do_not_hold_is_told(context: Context, tilleuls: int) -> None:
    values = {"party_id": tilleuls, "question": "q" * 3_000, "answer": "r" * 1_900}
    call = calls.take(context, **values)
    made = rows.load(context.database, calls.order(context, call))
    assert made is not None
    assert len(made.text("notes")) == 2_000
    assert made.text("notes").endswith(f"la suite : appel AP{context.today:%y}-00001")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("04 65 71 28 00", ["SCI Les Tilleuls"]),
        ("04.65.71", ["SCI Les Tilleuls"]),
        ("+33 4 65 71 28 00", ["SCI Les Tilleuls"]),
        ("0465712800", ["SCI Les Tilleuls"]),
        ("04 78 11 22 33", ["Garage du Parc"]),
        ("0478112233", ["Garage du Parc"]),
        ("06 98 76 54", ["Garage du Parc"]),  # of somebody there
        ("06 98 76 54 33", []),
    ],
)
def test_a_phone_number_however_it_is_written(
    context: Context, tilleuls: int, garage: int, typed: str, names: list[str]
) -> None:
    values = {"name": "Paul Petit", "mobile": "06.98.76.54.32"}
    record_parts.create(context, "contact", garage, values)
    found = callers.offered(context, typed)
    assert [one.label for one in found] == names
    assert {one.value for one in found} <= {f"party:{tilleuls}", f"party:{garage}"}


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("04 78", "478"),
        ("69002", ""),
        ("552081317", "552081317"),
        ("12/11", "1211"),
        ("VX-2231", ""),
        ("+33 (0)4 78 00", "47800"),
    ],
)
def test_what_is_a_phone_number(typed: str, digits: str) -> None:
    assert parties.phone_digits(typed) == digits


def test_home_opens_a_call_by_its_number(context: Context, tilleuls: int) -> None:
    calls.take(context, party_id=tilleuls, subject="Fuite")
    number = f"AP{context.today:%y}-00001"
    (hit,) = [one for one in home_search.search(context, number) if one.what == "call"]
    assert (hit.key, hit.label, hit.detail) == (number, "Fuite", "SCI Les Tilleuls")

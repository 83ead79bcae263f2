"""The planning: work orders put on it, moved, taken off; what clashes; two people at once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sessions import session

from codial_tui.domain.document import Document
from codial_tui.domain.records.reference_work import RESOURCE
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.lists import marks
from codial_tui.services.maintenance import (
    closing,
    holidays,
    planning,
    planning_paper,
    planning_views,
    resources,
    work_orders,
)
from codial_tui.services.records import company_settings, parties, records, users

pytestmark = pytest.mark.both


def load(context: Context, document_id: int) -> Document:
    found = rows.load(context.database, document_id)
    assert found is not None
    return found


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02d}T{hour:02d}:{minute:02d}")


@pytest.fixture
def lea(context: Context) -> int:
    """Léa, a technician who is on the planning."""
    users.add(context, "lea", "Léa Martin")
    with context.database.write():
        context.database.execute("UPDATE app_user SET is_technician = 1 WHERE login = 'lea'")
    (one,) = resources.resources(context)
    return one.id


@pytest.fixture
def order(context: Context) -> int:
    party = parties.create(context, {"name": "SCI Tilleuls", "city": "LYON", "is_customer": 1})
    return work_orders.new(context, party, subject="Chaudière en panne")


def test_technicians_are_resources_at_first(context: Context, lea: int) -> None:
    (one,) = resources.resources(context)
    assert (one.code, one.name, one.kind) == ("LM", "Léa Martin", "person")
    van = records.create(
        context, "resource", {"code": "VAN1", "name": "Fourgon", "kind": "vehicle"}
    )
    assert [one.code for one in resources.resources(context)] == ["LM", "VAN1"]
    assert resources.find(context, "mart").id == lea
    assert resources.find(context, "van1").id == van
    with pytest.raises(Refused, match="n'est pas au planning"):
        resources.find(context, "zoé")
    (active,) = [one for one in RESOURCE.fields if one.name == "active"]
    records.put(context, "resource", van, active, 0)
    assert [one.code for one in resources.resources(context)] == ["LM"]
    with pytest.raises(Refused, match="n'est plus au planning") as refused:
        planning.appoint(context, van, "absence", at(24, 8), at(24, 9))
    assert refused.value.problems[0].remedy == "choisissez quelqu'un d'autre"


def test_a_work_order_goes_on_the_planning(context: Context, lea: int, order: int) -> None:
    assert [one.document_id for one in planning_views.waiting(context)] == [order]
    made = planning.plan(context, order, lea, at(24, 8), at(24, 10))
    assert made.conflicts == []
    document = load(context, order)
    assert document.text("planned_date") == "2026-11-24"
    assert document.header["technician_id"] == resources.get(context, lea).user_id
    assert "planned" in [one.name for one in marks.of(context, document)]
    assert planning_views.waiting(context) == []
    (one,) = planning_views.between(context, date(2026, 11, 24), date(2026, 11, 24))
    assert (one.starts, one.ends, one.ref, one.customer, one.label) == (
        *(at(24, 8), at(24, 10), document.ref, "SCI Tilleuls", "Chaudière en panne"),
    )
    assert planning_views.between(context, date(2026, 11, 25), date(2026, 11, 30)) == []

    planning.move(context, made.id, 1, starts=at(26, 8), ends=at(26, 9, 30))
    assert load(context, order).text("planned_date") == "2026-11-26"
    planning.remove(context, made.id, 2)
    assert [one.document_id for one in planning_views.waiting(context)] == [order]
    labels = [row[0] for row in context.database.rows("SELECT label FROM step ORDER BY id")][-3:]
    assert labels == [
        "Planifié : LM ma 24/11 08:00–10:00",
        "Déplacé : LM je 26/11 08:00–09:30",
        "Ôté du planning",
    ]


def test_several_days_and_people(context: Context, lea: int, order: int) -> None:
    van = records.create(context, "resource", {"code": "VAN", "name": "Fourgon", "kind": "vehicle"})
    planning.plan(context, order, lea, at(26, 8), at(26, 10))
    planning.plan(context, order, van, at(25, 8), at(25, 10))
    found = planning_views.of_document(context, order)
    assert [one.resource for one in found] == ["VAN", "LM"]
    document = load(context, order)
    assert document.text("planned_date") == "2026-11-25"
    assert document.header["technician_id"] == resources.get(context, lea).user_id


def test_what_clashes_is_written_and_said(context: Context, lea: int, order: int) -> None:
    away = planning.appoint(context, lea, "absence", at(24, 0), at(25, 0), label="Congé")
    assert away.conflicts == []
    made = planning.plan(context, order, lea, at(24, 8), at(24, 10))
    assert [one.message for one in made.conflicts] == [
        "LM est pris : absence ma 24/11 00:00–25/11 00:00 Congé"
    ]
    found = planning_views.between(context, date(2026, 11, 24), date(2026, 11, 24))
    assert [one.clashes for one in found] == [(made.id,), (away.id,)]
    assert planning.told_of(context, lea, "work", at(25, 8), at(25, 9)) == []
    told = planning.told_of(context, lea, "work", at(24, 9), at(24, 11), made.id)
    assert [one.code for one in told] == ["planning.conflict"]  # not with itself
    planning.move(context, away.id, 1, starts=at(26, 0), ends=at(27, 0))
    found = planning_views.between(context, date(2026, 11, 24), date(2026, 11, 26))
    assert [one.clashes for one in found] == [(), ()]


def test_holidays_and_hours(context: Context, lea: int) -> None:
    told = planning.told_of(context, lea, "work", at(11, 9), at(11, 10))
    assert [one.message for one in told] == ["Le 11/11 est férié : Armistice"]
    told = planning.told_of(context, lea, "work", at(28, 9), at(28, 10))
    assert [one.message for one in told] == ["Le 28/11 n'est pas un jour ouvré"]
    company_settings.put(context, "planning.saturday", 1)
    company_settings.put(context, "planning.day_start", 9)
    assert planning.told_of(context, lea, "work", at(28, 9), at(28, 10)) == []
    told = planning.told_of(context, lea, "work", at(28, 8), at(28, 10))
    assert [one.message for one in told] == ["Hors des heures : 09:00 à 18:00"]


def test_public_holidays_are_those_of_a_place(context: Context) -> None:
    first, last = date(2026, 12, 1), date(2026, 12, 31)
    assert holidays.between(context, first, last) == {date(2026, 12, 25): "Noël"}
    company_settings.put(context, holidays.REGION, "57")
    assert len(holidays.between(context, first, last)) == 2
    company_settings.put(context, holidays.REGION, "974")
    assert date(2026, 12, 20) in holidays.between(context, first, last)
    company_settings.put(context, holidays.REGION, "none")
    assert holidays.between(context, first, last) == {}


def test_only_an_open_work_order_is_planned(context: Context, lea: int, order: int) -> None:
    made = planning.plan(context, order, lea, at(24, 8), at(24, 10))
    closing.close(context, order)
    for act in (
        lambda: planning.plan(context, order, lea, at(25, 8), at(25, 10)),
        lambda: planning.move(context, made.id, 1, starts=at(24, 9)),
        lambda: planning.remove(context, made.id, 1),
    ):
        with pytest.raises(Refused, match="est terminé"):
            act()
    assert len(planning_views.of_document(context, order)) == 1
    closing.reopen(context, order)
    closing.drop(context, order)
    assert planning_views.of_document(context, order) == []
    quote = documents.create(context, "quote", load(context, order).header["party_id"])
    with pytest.raises(Refused, match="Seul un bon d'intervention"):
        planning.plan(context, quote, lea, at(24, 8), at(24, 10))


def test_two_people_at_once(context: Context, lea: int, order: int, database_url: str) -> None:
    made = planning.plan(context, order, lea, at(24, 8), at(24, 10))
    database = open_database(database_url, create=False)
    other = session(database, "paul")
    planning.move(other, made.id, 1, starts=at(24, 9))
    with pytest.raises(Refused, match="Quelqu'un l'a déplacé"):
        planning.move(context, made.id, 1, starts=at(24, 7))
    with pytest.raises(Refused, match="Quelqu'un l'a déplacé"):
        planning.remove(context, made.id, 1)
    assert Editor(other, order).reason == ""
    with pytest.raises(Refused, match="Ouvert par Paul"):
        planning.remove(context, made.id, 2)
    assert [one.starts for one in planning_views.of_document(context, order)] == [at(24, 9)]
    database.close()


def test_the_night_the_clock_changes(context: Context, lea: int) -> None:
    made = planning.appoint(
        context,
        lea,
        "appointment",
        datetime.fromisoformat("2026-10-24T22:00"),
        datetime.fromisoformat("2026-10-25T04:00"),
    )
    one = planning_views.get(context, made.id)
    assert (one.slot.begin, one.slot.end) == ("2026-10-24T20:00:00Z", "2026-10-25T03:00:00Z")
    assert (one.starts, one.ends) == (
        datetime.fromisoformat("2026-10-24T22:00"),
        datetime.fromisoformat("2026-10-25T04:00"),
    )
    missing = datetime.fromisoformat("2026-03-29T02:30")
    with pytest.raises(Refused, match="n'existe pas"):
        planning.appoint(
            context, lea, "appointment", missing, datetime.fromisoformat("2026-03-29T05:00")
        )


def test_what_nobody_can_write(context: Context, lea: int, order: int) -> None:
    with pytest.raises(Refused, match="La fin n'est pas après"):
        planning.plan(context, order, lea, at(24, 8), at(24, 8))
    with pytest.raises(Refused, match="introuvable"):
        planning.plan(context, order, 9_999, at(24, 8), at(24, 9))
    with pytest.raises(Refused, match="ne se note pas"):
        planning.appoint(context, lea, "work", at(24, 8), at(24, 9))
    with pytest.raises(Refused, match="n'est plus au planning"):
        planning.move(context, 9_999, 1, starts=at(24, 8))
    with pytest.raises(Refused, match="121 signes : 120 au plus"):
        planning.appoint(context, lea, "absence", at(24, 8), at(24, 9), label="x" * 121)
    made = planning.appoint(context, lea, "absence", at(24, 8), at(24, 9), label="x" * 120 + "\x1b")
    assert planning_views.get(context, made.id).label == "x" * 120
    planning.plan(context, order, lea, at(25, 8), at(25, 9))
    with pytest.raises(Refused, match="y est déjà, à ces heures"):
        planning.plan(context, order, lea, at(25, 8), at(25, 9))
    assert context.database.value("SELECT COUNT(*) FROM appointment") == 2


def test_the_technician_is_whom_it_is_first_planned_for(
    context: Context, lea: int, order: int
) -> None:
    users.add(context, "tom", "Tom")
    tom = context.database.value("SELECT id FROM app_user WHERE login = 'tom'")
    values = {"code": "TO", "name": "Tom", "kind": "person", "user_id": tom}
    second = records.create(context, "resource", values)
    with pytest.raises(Refused, match="Tom est déjà la ressource TO"):
        records.create(context, "resource", {**values, "code": "T2"})

    def technician() -> object:
        return load(context, order).header["technician_id"]

    early = planning.plan(context, order, lea, at(24, 8), at(24, 10))
    late = planning.plan(context, order, second, at(25, 8), at(25, 10))
    own = resources.get(context, lea).user_id
    assert technician() == own
    planning.move(context, early.id, 1, starts=at(26, 8))  # only the time
    assert technician() == tom
    planning.remove(context, late.id, 1)
    assert technician() == own
    with context.database.write():  # somebody else goes after all
        context.database.execute(
            "UPDATE document_work_order SET technician_id = ? WHERE document_id = ?", (tom, order)
        )
    planning.move(context, early.id, 2, label="Autres mots")
    assert technician() == tom
    last = context.database.value("SELECT label FROM step ORDER BY id DESC LIMIT 1")
    assert last == "Autres mots : LM je 26/11 08:00–10:00"  # nothing was moved
    with context.database.write():
        context.database.execute("UPDATE document_work_order SET technician_id = NULL")
    planning.move(context, early.id, 3, starts=at(27, 8))  # it has none: it follows again
    assert technician() == own
    planning.remove(context, early.id, 4)
    document = load(context, order)  # off the planning it keeps what it had
    assert (document.text("planned_date"), technician()) == ("2026-11-27", own)


def test_a_work_order_is_not_twice_in_one_place(context: Context, lea: int, order: int) -> None:
    first = planning.plan(context, order, lea, at(24, 8), at(24, 10))
    second = planning.plan(context, order, lea, at(25, 8), at(25, 10))
    ref = load(context, order).ref
    with pytest.raises(Refused, match=f"{ref} y est déjà, à ces heures"):
        planning.move(context, second.id, 1, starts=at(24, 8))
    assert planning_views.get(context, second.id).starts == at(25, 8)
    planning.move(context, first.id, 1, label="Matin")  # where it stands itself
    assert planning_views.get(context, first.id).label == "Matin"


def test_deleting_a_work_order_frees_its_place(context: Context, lea: int, order: int) -> None:
    planning.plan(context, order, lea, at(24, 8), at(24, 10))
    documents.delete(context, order)
    day = context.local("2026-11-24T12:00:00Z").date()
    assert planning_views.between(context, day, day) == []


def test_a_week_on_paper(context: Context, lea: int, order: int) -> None:
    planning.plan(context, order, lea, at(24, 8), at(24, 10))
    planning.appoint(context, lea, "absence", at(25, 0), at(27, 0), label="Congé")
    planning.appoint(context, lea, "appointment", at(26, 22), at(27, 2), label="Astreinte")
    made = planning_paper.paper(context, date(2026, 11, 23))
    assert made.title == "Planning du 23/11/2026 au 29/11/2026"
    (table,) = made.tables()
    assert table.title == "Léa Martin (LM)"
    ref = load(context, order).ref
    assert [row.cells for row in table.rows] == [
        ("ma 24/11", "08:00 – 10:00", ref, "SCI Tilleuls · Chaudière en panne", "LYON"),
        ("me 25/11", "au je 26/11", "", "Congé · En conflit !", ""),
        ("je 26/11", "22:00 – ve 27/11", "", "Astreinte · En conflit !", ""),
    ]
    assert planning_paper.paper(context, date(2026, 11, 9)).facts == ("me 11/11 férié : Armistice",)

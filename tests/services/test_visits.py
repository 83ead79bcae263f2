"""Visits of work orders: typed, stamped, changed with undo, refused; the lines they make."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sessions import session

from codial_tui.domain import clock
from codial_tui.domain.changes import insert, set_line
from codial_tui.domain.document import Line
from codial_tui.domain.records.setting_fields import ALL_SETTINGS
from codial_tui.errors import CodialError, LockLost, Refused
from codial_tui.models.database import Database, open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, duplicating
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import (
    time_lines,
    visit_rows,
    visits,
    work_orders,
)
from codial_tui.services.records import company_settings, parties, records, settings


@pytest.fixture
def editor(context: Context) -> Editor:
    """An open work order of Claire, who works in it on 22 November 2026 at noon."""
    party = parties.create(context, {"name": "SCI Les Tilleuls", "is_customer": 1})
    return Editor(context, work_orders.new(context, party))


def type_in(editor: Editor, *lines: str) -> list[str]:
    """Type visits; what row 23 says of each."""
    said = []
    for line in lines:
        found = visits.read(editor, line)
        visits.put(editor, found.visit)
        said.append(" · ".join(filter(None, (found.warning, found.words))))
    return said


def stored(editor: Editor) -> Editor:
    return Editor(editor.context, editor.document.id, lock=False)


def person(context: Context, login: str, name: str) -> int:
    values = {"login": login, "name": name, "initials": login[:2] + "x"}
    return records.create(context, "app_user", values)


MIDNIGHT = ("2150 2210 2320 2335", "2340 0005 0125 0140")


@pytest.mark.both
def test_two_visits_over_midnight(editor: Editor) -> None:
    said = type_in(editor, *MIDNIGHT)
    assert said == [
        "Claire 22/11/26 21:50 22:10 23:20 23:35 → trajet 0:35 travail 1:10",
        "Claire 22/11/26 23:40 00:05 01:25 01:40 → trajet 0:40 travail 1:20",
    ]
    kept = stored(editor).document
    assert visits.total(editor.context, kept) == "trajet 1:15 · travail 2:30"
    assert [one.arrival for one in kept.visits] == [
        "2026-11-22T21:10:00Z",
        "2026-11-22T23:05:00Z",
    ]
    assert visit_rows.rows(editor.context, kept)[1].cells == (
        *("Claire", "22/11/26", "23:40", "00:05+", "01:25+", "01:40+"),
        *("", "", "0:40", "1:20"),
    )
    editor.undo()
    assert visits.total(editor.context, stored(editor).document) == "trajet 0:35 · travail 1:10"
    editor.redo()
    assert len(stored(editor).document.visits) == 2


def test_the_day_follows_the_last_visit_or_is_typed(editor: Editor) -> None:
    editor.set_header("Prévue", planned_date="2026-11-20")
    said = type_in(
        editor, "0800 0835", "2350 0010", "0100 0130", "22/11 0800", "2111 8h 9h 10h 11h"
    )
    assert [re.findall(r"\d\d/11", one)[0] for one in said] == [
        *("20/11", "20/11", "21/11", "22/11", "21/11"),
    ]
    editor.set_header("Prévue", planned_date="2026-12-20")  # it has not come yet
    visits.remove(editor, [one.uid for one in editor.document.visits])
    assert "22/11/26" in type_in(editor, "0800 0835")[0]


def test_a_technician_is_picked_or_named(context: Context, editor: Editor) -> None:
    lea, leo = person(context, "lpetit", "Léa Petit"), person(context, "leo", "Léo Grand")
    assert visits.technician(context, "lpetit") == (lea, "Léa Petit")
    assert visits.technician(context, "léa") == (lea, "Léa Petit")
    assert visits.technician(context, "grand") == (leo, "Léo Grand")
    assert visits.technician(context, "leo") == (leo, "Léo Grand")
    assert visits.technician(context, "Intérim  Sud") == (None, "Intérim Sud")
    with pytest.raises(Refused, match="Plusieurs techniciens : Léa Petit, Léo Grand"):
        visits.technician(context, "le")
    type_in(editor, "petit 0800 0835 1105 1145", "1150 1200", "Intérim 0800 0835")
    kept = stored(editor).document.visits
    assert [(one.technician_id, one.technician_name) for one in kept] == [
        *((lea, "Léa Petit"), (lea, "Léa Petit"), (None, "Intérim")),
    ]


def test_a_visit_is_changed_by_its_line_and_deleted(editor: Editor) -> None:
    type_in(editor, "0800 0835 1105 1145 12,5 a")
    uid = editor.document.visits[0].uid
    found = visits.read(editor, "23/11 0800 0835 1105 1200", uid)
    visits.put(editor, found.visit)
    (one,) = stored(editor).document.visits
    assert (one.uid, one.departure, one.returned, one.distance, one.zone) == (
        *(uid, "2026-11-23T07:00:00Z", "2026-11-23T11:00:00Z", 0, ""),
    )
    assert visits.remove(editor, [uid]) == 1
    assert stored(editor).document.visits == []
    editor.undo()
    editor.undo()
    (one,) = stored(editor).document.visits
    assert (one.departure, one.distance, one.zone) == ("2026-11-22T07:00:00Z", 12_5000, "A")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0835 0800 1105 1145", "Plus de 24 heures pour une visite"),
        ("0800 0875", "« 0875 » : 00:00 à 23:59"),
        ("2903 0130 0230 0330 0400", "02:30 n'existe pas le 29/03/2026 : on passe à l'heure d'été"),
        ("claire", "Aucune heure"),
        ("22/11", "Aucune heure"),
        ("0800 0835 1105 1145 12 A trop", "« A » en trop"),
        ("0800 0835 1105 1145 99999999999999999km", "nombre trop grand"),
    ],
)
def test_what_is_refused_changes_nothing(editor: Editor, line: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        visits.read(editor, line)
    assert editor.document.visits == []


def test_the_hour_that_comes_twice(editor: Editor) -> None:
    type_in(editor, "25/10/26 0130 0230 0215 0315")
    assert visits.total(editor.context, editor.document) == "trajet 2:00 · travail 0:45"
    (shown,) = visit_rows.shown(editor.context, editor.document)["visits"]
    assert (shown["arrival"], shown["end"]) == ("2026-10-25T02:30+02:00", "2026-10-25T02:15+01:00")


def test_a_time_that_is_not_touched_stays_the_moment_it_was(editor: Editor) -> None:
    """The second 02:30 of the night on which clocks go back looks as the first one does."""
    type_in(editor, "25/10/26 0230 0315 0400 0410")
    uid = editor.document.visits[0].uid
    visits.change(editor, uid, departure="2026-10-25T01:30:00Z")
    visit, values = visits.form_values(editor, uid)
    visits.put(editor, visits.of_form(editor, visit, {**values, "note": "Clé au gardien"}).visit)
    (one,) = stored(editor).document.visits
    assert (one.departure, one.note) == ("2026-10-25T01:30:00Z", "Clé au gardien")
    line = visits.words(editor.context, one).partition(" →")[0]
    visits.put(editor, visits.read(editor, f"{line} 12km", uid).visit)
    (one,) = stored(editor).document.visits
    assert (one.departure, one.distance) == ("2026-10-25T01:30:00Z", 12_0000)
    visits.put(editor, visits.read(editor, line.replace("02:30", "02:20"), uid).visit)
    assert stored(editor).document.visits[0].departure == "2026-10-25T00:20:00Z"


def test_a_name_with_figures_is_typed_again_as_it_is_written(editor: Editor) -> None:
    type_in(editor, '"Intérim 2" 0800 0835 1105 1145')
    one = editor.document.visits[0]
    assert (one.technician_id, one.technician_name) == (None, "Intérim 2")
    line = visits.words(editor.context, one).partition(" →")[0]
    assert line.startswith('"Intérim 2" 22/11/26')
    assert visits.read(editor, line, one.uid).visit == one


@pytest.mark.both
def test_one_is_not_at_two_places(context: Context, editor: Editor) -> None:
    type_in(editor, "0800 0835 1105 1145")
    warned = visits.read(editor, "1100 1130 1200 1215").warning
    assert warned == "Claire a déjà une visite à ces heures"
    assert visits.read(editor, "Intérim 1100 1130 1200 1215").warning == ""
    assert visits.read(editor, "1145 1200 1230 1300").warning == ""
    party = parties.create(context, {"name": "Autre", "is_customer": 1})
    other = Editor(context, work_orders.new(context, party))
    warned = visits.read(other, "0900 1000").warning
    assert warned == f"Claire est aussi sur {editor.document.ref} à ces heures"
    assert visits.read(other, "0400 0000").warning.startswith("Une visite de 20 h 00")


def test_times_are_stamped_as_they_come(database: Database, editor: Editor) -> None:
    context = editor.context
    clock = [datetime(2026, 11, 22, 20, 50, 41, 7, tzinfo=UTC)]
    context.clock = lambda: clock[0]
    with pytest.raises(Refused, match="Pas de visite en cours pour l'heure de fin"):
        visits.stamp(editor, "ended")
    for name, hour, minute in (("departure", 20, 50), ("arrival", 21, 10), ("ended", 23, 20)):
        clock[0] = clock[0].replace(hour=hour, minute=minute)
        visits.stamp(editor, name)
    clock[0] = clock[0].replace(day=23, hour=0, minute=5)
    assert visits.stamp(editor, "returned").words == (
        "Claire 22/11/26 21:50 22:10 00:20 01:05 → trajet 1:05 travail 2:10"
    )
    clock[0] = clock[0].replace(minute=6)
    visits.stamp(editor, "departure")
    with pytest.raises(Refused, match="Déjà parti à 01:06"):
        visits.stamp(editor, "departure")
    visits.remove(editor, [visits.in_order(editor.document.visits)[-1].uid])
    clock[0] = clock[0].replace(minute=5)
    visits.stamp(editor, "arrival")  # that one is over: another begins
    kept = stored(editor).document.visits
    assert [one.departure for one in kept] == ["2026-11-22T20:50:00Z", None]
    assert kept[1].arrival == "2026-11-23T00:05:00Z"


def test_who_only_reads_writes_nothing(database_url: str, editor: Editor) -> None:
    type_in(editor, "0800 0835 1105 1145")
    opened = open_database(database_url, create=False)
    try:
        second = Editor(session(opened, "paul"), editor.document.id)
        assert second.reason
        visit = visits.read(second, "1200 1230").visit
        with pytest.raises(LockLost):
            visits.put(second, visit)
        with pytest.raises(LockLost):
            visits.remove(second, [second.document.visits[0].uid])
        with pytest.raises(CodialError):
            visits.stamp(second, "departure")
        assert len(stored(editor).document.visits) == 1
    finally:
        opened.close()


def test_a_quote_has_no_times(context: Context) -> None:
    party = parties.create(context, {"name": "Client", "is_customer": 1})
    quote = Editor(context, documents.create(context, "quote", party))
    with pytest.raises(Refused, match="Cette pièce n'a pas d'horaires"):
        visits.put(quote, visits.read(quote, "0800 0835").visit)


# -- lines ---------------------------------------------------------------------------------------


def bill_with(context: Context, reference: str, unit: str, price: int, setting: str = "") -> int:
    """An item of the catalogue, named by a setting."""
    values = {"reference": reference, "label": reference, "unit": unit, "sale_price": price}
    item = records.create(context, "item", values)
    if setting:
        settings.store(context, f"work.{setting}", item, own=False)
    return item


def billed(editor: Editor) -> list[tuple[str, int, str, int, str]]:
    return [
        (one.reference or one.label, one.quantity, one.unit, one.amount, one.billing_class)
        for one in stored(editor).document.lines
    ]


@pytest.mark.both
def test_times_become_lines_that_follow_the_visits(context: Context, editor: Editor) -> None:
    bill_with(context, "MO", "h", 48_0000, "labour_item")
    bill_with(context, "TRAJET", "min", 5000, "travel_item")
    type_in(editor, *MIDNIGHT)
    assert time_lines.run(editor) == []
    both = [("MO", 2_5000, "h", 120_00, "labour"), ("TRAJET", 75_0000, "min", 37_50, "travel")]
    assert billed(editor) == both
    with pytest.raises(Refused, match="Les lignes sont déjà celles des visites"):
        time_lines.run(editor)
    line = editor.document.lines[0]
    editor.commit([set_line(line, unit_price=60_0000, label="Nuit")], "Prix de nuit")
    type_in(editor, "0200 0200 0300 0310")
    time_lines.run(editor)
    assert billed(editor) == [
        *(("MO", 3_5000, "h", 210_00, "labour"), ("TRAJET", 85_0000, "min", 42_50, "travel")),
    ]
    assert editor.document.lines[0].label == "Nuit"
    visits.remove(editor, [one.uid for one in editor.document.visits[1:]])
    time_lines.run(editor)
    assert [one[1] for one in billed(editor)] == [1_1667, 35_0000]
    editor.undo()
    editor.undo()
    assert [one[1] for one in billed(editor)] == [3_5000, 85_0000]


def test_kilometres_and_zones_replace_the_time_of_travel(context: Context, editor: Editor) -> None:
    bill_with(context, "TRAJET", "h", 30_0000, "travel_item")
    bill_with(context, "KM", "km", 6000, "km_item")
    forfait = bill_with(context, "DEP", "u", 40_0000)
    zone = {"code": "A", "label": "Ville", "price": 25_0000}
    records.create(context, "travel_zone", zone)
    records.create(context, "travel_zone", {"code": "B", "label": "Loin", "item_id": forfait})
    type_in(
        editor,
        *("0800 0830 0830 0900 a", "0900 0930 0930 1000 A", "1000 1030 1030 1100 40 B"),
        *("1100 1130 1130 1200 12,5", "1200 1230 1230 1300"),
    )
    assert time_lines.run(editor) == []  # nobody worked: no labour to miss
    assert billed(editor) == [
        ("Déplacement Ville", 2_0000, "", 50_00, "travel"),
        ("DEP", 1_0000, "u", 40_00, "travel"),
        ("KM", 12_5000, "km", 7_50, "travel"),
        ("TRAJET", 1_0000, "h", 30_00, "travel"),
    ]
    type_in(editor, "1300 1300 1400 1400 C")
    warned = time_lines.plan(context, editor.document)
    assert [one.message for one in warned.problems] == [
        "Main d'œuvre non facturée : aucun article",
        "Zone C inconnue",
    ]
    visits.remove(editor, [one.uid for one in editor.document.visits[:2]])
    time_lines.run(editor)
    assert [one[0] for one in billed(editor)] == ["DEP", "KM", "TRAJET"]
    visits.remove(editor, [one.uid for one in editor.document.visits])
    time_lines.run(editor)
    assert billed(editor) == []


def test_billed_time_is_rounded_and_counted_as_the_company_says(
    context: Context, editor: Editor
) -> None:
    bill_with(context, "MO", "", 1_0000, "labour_item")
    type_in(editor, "0800 0800 0921 0921")
    time_lines.run(editor)
    assert billed(editor)[0][:3] == ("MO", 1_3500, "h")
    settings.store(context, "work.time_step", 15, own=False)
    time_lines.run(editor)
    assert billed(editor)[0][:3] == ("MO", 1_5000, "h")
    settings.store(context, "work.time_unit", "minutes", own=False)
    time_lines.run(editor)
    assert billed(editor)[0][:3] == ("MO", 90_0000, "min")
    assert visits.total(context, editor.document) == "trajet 0 min · travail 81 min"
    settings.store(context, "work.time_unit", "hundredths", own=False)
    assert visits.total(context, editor.document) == "trajet 0,00 h · travail 1,35 h"


def test_nothing_to_bill_says_what_is_missing(context: Context, editor: Editor) -> None:
    with pytest.raises(Refused, match="Aucune visite"):
        time_lines.run(editor)
    type_in(editor, "0800 0835 1105 1145")
    with pytest.raises(Refused, match="Main d'œuvre non facturée : aucun article"):
        time_lines.run(editor)
    assert editor.document.lines == []
    bill_with(context, "MO", "h", 48_0000, "labour_item")
    type_in(editor, "1300 1320 1400 1420 12,5")
    (warned,) = time_lines.run(editor)
    assert warned.message == "Kilomètres non facturés : aucun article"


def test_a_line_of_another_tab_sums_them_up(context: Context, editor: Editor) -> None:
    assert visit_rows.summary(context, editor.document) == ""
    type_in(editor, "0800 0835 1105 1145")
    assert visit_rows.summary(context, editor.document) == (
        "Départ 08:00 Arrivée 08:35 Fin 11:05 Retour 11:45  trajet 1:15 · travail 2:30"
    )
    type_in(editor, "1200 - 1300")
    said = visit_rows.summary(context, editor.document)
    assert said == "2 visites  trajet 1:15 · travail 2:30"


def test_labour_that_was_quoted_is_not_billed_twice_unnoticed(
    context: Context, editor: Editor
) -> None:
    bill_with(context, "MO", "h", 48_0000, "labour_item")
    quoted = Line(context.uid(), label="Pose", quantity=1_0000, billing_class="labour")
    editor.commit([insert(quoted)], "Ligne")
    type_in(editor, "0800 0800 0900 0900")
    (warned,) = time_lines.run(editor)
    assert warned.text == (
        "Main d'œuvre déjà en ligne : Pose · vérifiez qu'elle ne compte pas double"
    )
    assert [one[0] for one in billed(editor)] == ["Pose", "MO"]
    type_in(editor, "1000 1000 1100 1100")
    assert time_lines.run(editor) == []  # said once


def test_a_copy_has_no_times(context: Context, editor: Editor) -> None:
    bill_with(context, "MO", "h", 48_0000, "labour_item")
    type_in(editor, "0800 0835 1105 1145")
    time_lines.run(editor)
    copy = duplicating.duplicate(context, editor.document.id, "work_order")
    assert copy.visits == []
    assert [one.reference for one in copy.lines] == ["MO"]
    assert time_lines.uid_of(copy, "labour") not in {one.uid for one in copy.lines}


def test_hours_are_those_of_where_the_company_is(context: Context, editor: Editor) -> None:
    (one,) = [one for one in ALL_SETTINGS if one.field.name == "company.timezone"]
    assert one.default == clock.DEFAULT_ZONE
    letters = [label[0] for _, label in one.field.choices]
    assert len({*letters}) == len(letters)
    for name, _ in one.field.choices:
        assert str(ZoneInfo(name)) == name
    company_settings.put(context, "company.timezone", "Indian/Reunion")
    type_in(editor, "0800 0835 1105 1145")
    assert editor.document.visits[0].departure == "2026-11-22T04:00:00Z"


def test_what_a_contract_includes_costs_nothing(context: Context, editor: Editor) -> None:
    """Labour is the contract's, travel is not (domain.md §8)."""
    bill_with(context, "MO", "h", 48_0000, "labour_item")
    bill_with(context, "KM", "km", 6000, "km_item")
    editor.set_header("Couverture", coverage="contract", bill_labour=0)
    type_in(editor, "0800 0835 1105 1145 20")
    time_lines.run(editor)
    kept = stored(editor).document.lines
    assert [(one.reference, one.covered, one.amount) for one in kept] == [
        ("MO", "contract", 0),
        ("KM", "", 12_00),
    ]
    editor.undo()
    assert stored(editor).document.lines == []

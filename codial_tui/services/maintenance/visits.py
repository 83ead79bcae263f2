"""Horaires of a work order: visits typed, stamped, changed and deleted, each as one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from codial_tui.domain import clock
from codial_tui.domain.changes import delete, insert, set_part
from codial_tui.domain.document import Document, Visit
from codial_tui.domain.maintenance import time_units, times, visit_entry
from codial_tui.domain.maintenance.times import MOMENTS, WORDS, Times
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company_settings, parties

from . import time_lines

NAME_LIMIT = 60


class Reading(NamedTuple):
    """What a line would make of a visit, in words. warning: what to know before."""

    visit: Visit
    words: str
    warning: str = ""


def read(editor: Editor, text: str, uid: str = "") -> Reading:
    """What a typed line would add, or make of the visit `uid`. Raises Refused."""
    context, document = editor.context, editor.document
    try:
        typed = visit_entry.parse(text, context.today)
        base = find(document, uid) if uid else _blank(editor)
        zone = context.zone
        day = typed.day or (_day_of(base, zone) if uid else None) or _usual_day(editor, zone)
        if not typed.clocks:
            raise invalid("visit.no_time", "Aucune heure", visit_entry.EXAMPLE)
        placed = visit_entry.place(day, typed.clocks, zone)
        visit = replace(base, **visit_entry.kept(base, placed, zone))
        visit.distance, visit.zone = typed.distance or 0, typed.zone
    except Invalid as error:
        raise Refused(*error.problems) from error
    if typed.technician:
        visit.technician_id, visit.technician_name = technician(context, typed.technician)
    problems = check(editor, visit)
    return Reading(visit, words(context, visit), " · ".join(one.message for one in problems))


def form_values(editor: Editor, uid: str) -> tuple[Visit, dict[str, Any]]:
    """A visit, a new one for "", and what its form shows: day, times of the wall, the rest."""
    visit = find(editor.document, uid) if uid else _blank(editor)
    zone = editor.context.zone
    values: dict[str, Any] = {
        name: getattr(visit, name)
        for name in ("technician_id", "technician_name", "distance", "zone", "note")
    }
    for name in MOMENTS:
        known = getattr(visit, name)
        values[name] = f"{clock.local(known, zone):%H:%M}" if known else ""
    values["day"] = (_day_of(visit, zone) or _usual_day(editor, zone)).isoformat()
    if visit.technician_id:
        values["technician_name"] = ""
    return visit, values


def of_form(editor: Editor, visit: Visit, values: Mapping[str, Any]) -> Reading:
    """The visit that a form's values make. Raises Refused, naming the field."""
    context = editor.context
    try:
        clocks = [visit_entry.parse_clock(str(values[name] or "")) for name in MOMENTS]
        if not values["day"] or not any(clocks):
            name, said = ("day", "Date manque") if any(clocks) else ("departure", "Aucune heure")
            raise invalid("visit.no_time", said, "tapez-la", name)
        day = date.fromisoformat(str(values["day"]))
        placed = visit_entry.place(day, clocks, context.zone)
        made = replace(visit, **visit_entry.kept(visit, placed, context.zone))
    except Invalid as error:
        raise Refused(*error.problems) from error
    made.technician_id = values["technician_id"] or None
    name = str(values["technician_name"] or "")
    made.technician_name = (
        parties.user_name(context, made.technician_id) if made.technician_id else clean(name)
    )
    made.distance = int(values["distance"] or 0)
    made.zone, made.note = (
        clean(str(values["zone"] or "")).upper(),
        clean(str(values["note"] or "")),
    )
    problems = check(editor, made)
    return Reading(made, words(context, made), " · ".join(one.message for one in problems))


def technician(context: Context, text: str) -> tuple[int | None, str]:
    """Who is meant by a login, initials or the beginning of a name: id and name; a name that is
    nobody's here is free. Raises Refused when several are meant."""
    wanted = fold(clean(text))
    rows = context.database.rows(
        "SELECT id, login, initials, name FROM app_user WHERE active = 1 ORDER BY id"
    )
    exact = [one for one in rows if wanted in map(fold, one[1:])]
    begins = [one for one in rows if any(part.startswith(wanted) for part in _parts(one))]
    found = exact or begins
    if len(found) > 1:
        names = ", ".join(str(one[3]) for one in found[:4])
        said = f"Plusieurs techniciens : {names}"
        raise refuse("visit.technician", said, "tapez-en plus", "technician")
    if found:
        return int(found[0][0]), str(found[0][3])
    return None, " ".join(clean(text).split())[:NAME_LIMIT]


def name_technician(context: Context, document: Document, visit: Visit, text: str) -> None:
    """Give a visit its technician: who is meant by a text, else the work order's, else the user.
    Raises Refused."""
    if text:
        visit.technician_id, visit.technician_name = technician(context, text)
        return
    visit.technician_id = document.number("technician_id") or context.user.id
    visit.technician_name = parties.user_name(context, visit.technician_id)


def _parts(row: Sequence[Any]) -> list[str]:
    """What the beginning of a user's login, name or family name may be."""
    name = fold(str(row[3]))
    return [fold(str(row[1])), name, *name.split()]


def check(editor: Editor, visit: Visit) -> list[Problem]:
    """What to know of a visit before it is stored: its length, another one at the same time.
    Raises Refused where its times are wrong."""
    found = times.problems(visit)
    wrong = [one for one in found if one.level == "error"]
    if too_far := times.distance_problem(visit):
        wrong.append(too_far)
    if wrong:
        raise Refused(*wrong)
    if unknown := time_lines.unknown_zone(editor.context, visit):
        found.append(unknown._replace(level="warning"))
    if elsewhere := _elsewhere(editor.context, editor.document, visit):
        found.append(Problem("visit.elsewhere", "", elsewhere, "", "warning"))
    return found


def warnings(context: Context, document: Document) -> list[str]:
    """What to know of the visits of a work order: long ones, somebody at two places at once."""
    found: list[str] = []
    for one in document.visits:
        found += [each.text for each in times.problems(one) if each.level == "warning"]
        found += filter(None, [_elsewhere(context, document, one)])
    return list(dict.fromkeys(found))


def add(editor: Editor, visit: Visit) -> None:
    """Add a visit behind the others. Raises Refused."""
    check(editor, visit)
    if "visit" not in editor.kind.parts:
        raise refuse("visit.kind", "Cette pièce n'a pas d'horaires", "sur un bon d'intervention")
    last = max((one.position for one in editor.document.visits), default=-1)
    visit.position = last + 1
    editor.commit([insert(visit)], "Visite ajoutée")


def change(editor: Editor, uid: str, **values: Any) -> None:
    """Give a visit other values. Raises Refused."""
    visit = find(editor.document, uid)
    check(editor, replace(visit, **values))
    editor.commit([set_part(visit, **values)], "Visite modifiée")


def put(editor: Editor, visit: Visit) -> None:
    """Store a visit that was read: a new one, or another state of one that is there."""
    if all(one.uid != visit.uid for one in editor.document.visits):
        add(editor, visit)
        return
    values = {name: getattr(visit, name) for name in _TYPED}
    change(editor, visit.uid, **values)


_TYPED = ("technician_id", "technician_name", *MOMENTS, "distance", "zone", "note")


def remove(editor: Editor, uids: Iterable[str]) -> int:
    """Delete visits as one step; how many."""
    gone = [find(editor.document, uid) for uid in uids]
    label = "Visite supprimée" if len(gone) == 1 else f"{len(gone)} visites supprimées"
    editor.commit([delete(one) for one in gone], label)
    return len(gone)


def stamp(editor: Editor, name: str) -> Reading:
    """Note a time (one of MOMENTS) as now, to the minute, for whoever works here: on their last
    visit that awaits it, else on a new one. Raises Refused."""
    context, document = editor.context, editor.document
    now = clock.utc(context.clock().replace(second=0, microsecond=0))
    awaiting = MOMENTS[MOMENTS.index(name) :]
    own = [
        one
        for one in in_order(document.visits)
        if one.technician_id == context.user.id
        and any(getattr(one, known) for known in MOMENTS)
        and not any(getattr(one, later) for later in awaiting)
    ]
    if name in ("ended", "returned") and not own:
        said = f"Pas de visite en cours pour l'heure de {WORDS[name]}"
        raise refuse("visit.none_open", said, "tapez les heures, ou F7 A l'arrivée")
    fresh = name == "departure" or not own
    if fresh and (since := _on_the_road(document, context.user.id)):
        said = f"Déjà parti à {context.local(since):%H:%M}"
        raise refuse("visit.on_the_road", said, "F7 A à l'arrivée, F2 corrige")
    base = _blank(editor, context.user.id) if fresh else own[-1]
    values: dict[str, Any] = {name: now}
    visit = replace(base, **values)
    put(editor, visit)
    return Reading(visit, words(context, visit))


def _on_the_road(document: Document, technician_id: int) -> str:
    """When somebody left on a visit that says nothing more yet, "" when they did not."""
    own = [one for one in in_order(document.visits) if one.technician_id == technician_id]
    last = own[-1] if own else Visit("")
    return "" if last.arrival or last.ended or last.returned else last.departure or ""


def find(document: Document, uid: str) -> Visit:
    """A visit by uid. Raises Refused."""
    for one in document.visits:
        if one.uid == uid:
            return one
    raise refuse("visit.gone", "Cette visite n'est plus là", "choisissez-en une autre")


def in_order(visits: Iterable[Visit]) -> list[Visit]:
    """By their first known time; those without any come last."""
    return sorted(visits, key=lambda one: (_first(one) or "~", one.position))


def words(context: Context, visit: Visit) -> str:
    """`Léa Petit 22/11/26 23:40 00:05 01:25 01:40 → trajet 0:40 travail 1:20`."""
    found = times.of_visit(visit)
    line = visit_entry.written(visit, context.zone)
    spent = f"trajet {said(context, found.travel)} travail {said(context, found.work)}"
    return f"{line} → {spent}"


def said(context: Context, minutes: int) -> str:
    """How long, in the company's unit of time."""
    return time_units.words(minutes, str(company_settings.value(context, "work.time_unit")))


def total(context: Context, document: Document) -> str:
    """`trajet 1:15 · travail 2:30`, "" without visits."""
    if not document.visits:
        return ""
    found: Times = times.times(document.visits)
    return f"trajet {said(context, found.travel)} · travail {said(context, found.work)}"


def _blank(editor: Editor, technician_id: int | None = None) -> Visit:
    """A new visit: of the technician of the last one, of the work order, else of the user."""
    context, document = editor.context, editor.document
    visit = Visit(context.uid())
    if technician_id is None and document.visits:
        last = in_order(document.visits)[-1]
        visit.technician_id, visit.technician_name = last.technician_id, last.technician_name
        return visit
    if technician_id is None:
        name_technician(context, document, visit, "")
        return visit
    visit.technician_id = technician_id
    visit.technician_name = parties.user_name(context, technician_id)
    return visit


def _first(visit: Visit) -> str:
    return next((str(getattr(visit, one)) for one in MOMENTS if getattr(visit, one)), "")


def _day_of(visit: Visit, zone: ZoneInfo) -> date | None:
    first = _first(visit)
    return clock.local(first, zone).date() if first else None


def _usual_day(editor: Editor, zone: ZoneInfo) -> date:
    """Where no day is typed: that on which the last visit ended, the planned one once it came,
    today."""
    known = [
        str(getattr(one, name))
        for one in editor.document.visits
        for name in MOMENTS
        if getattr(one, name)
    ]
    if known:
        return clock.local(max(known), zone).date()
    planned, today = editor.document.text("planned_date"), editor.context.today
    return min(date.fromisoformat(planned), today) if planned else today


def _elsewhere(context: Context, document: Document, visit: Visit) -> str:
    """Who is already somewhere else at that time, "" when nobody is."""
    known = [str(getattr(visit, one)) for one in MOMENTS if getattr(visit, one)]
    if len(known) < 2:
        return ""
    name = visit.technician_name
    for one in document.visits:
        same = (one.technician_id, one.technician_name) == (visit.technician_id, name)
        other = [str(getattr(one, moment)) for moment in MOMENTS if getattr(one, moment)]
        if same and one.uid != visit.uid and other and _meet(known, other):
            return f"{name} a déjà une visite à ces heures"
    if visit.technician_id is None:
        return ""
    begins = "COALESCE(v.departure, v.arrival, v.ended, v.returned)"
    ends = "COALESCE(v.returned, v.ended, v.arrival, v.departure)"
    row = context.database.row(
        "SELECT d.number FROM work_visit v JOIN document d ON d.id = v.document_id "
        f"WHERE v.technician_id = ? AND v.document_id <> ? AND {begins} < ? AND {ends} > ? "
        "ORDER BY d.id LIMIT 1",
        (visit.technician_id, document.id, known[-1], known[0]),
    )
    return f"{name} est aussi sur {row[0]} à ces heures" if row else ""


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    return one[0] < other[-1] and other[0] < one[-1]

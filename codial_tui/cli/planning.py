"""`planning`: who is where, when; what clashes; the file for other calendars."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import verb

if TYPE_CHECKING:
    from datetime import date, datetime

    from codial_tui.services.context import Context
    from codial_tui.services.maintenance.planning import Planned
    from codial_tui.services.maintenance.planning_views import Appointment

WEEK = 7


def register(verbs: verb.Verbs) -> None:
    own = verb.group(verbs, "planning", "le planning : interventions, rendez-vous, absences")
    one = verb.add(own, "list", listing, "montre le planning, cette semaine et la suivante")
    _register_span(one)
    one = verb.add(own, "conflicts", conflicts, "montre ce qui ne va pas ensemble")
    _register_span(one)
    verb.add(own, "waiting", waiting, "montre les bons d'intervention à planifier")
    one = verb.add(own, "plan", plan, "planifie un bon d'intervention")
    one.add_argument("ref", type=verb.typed, metavar="BI")
    one.add_argument("resource", type=verb.typed, metavar="RESSOURCE")
    _register_times(one)
    for name, words in (("appoint", "note un rendez-vous"), ("absence", "note une absence")):
        one = verb.add(own, name, appoint, words)
        one.add_argument("resource", type=verb.typed, metavar="RESSOURCE")
        _register_times(one)
        one.add_argument("--label", type=verb.typed, default="", metavar="OBJET")
        one.add_argument("--customer", type=verb.typed, metavar="CODE")
        one.set_defaults(kind="appointment" if name == "appoint" else name)
    one = verb.add(own, "move", move, "déplace ce qui est au planning")
    one.add_argument("id", type=int, metavar="N°", help="celui que montre planning list")
    one.add_argument("--start", type=verb.typed, metavar="AAAA-MM-JJTHH:MM")
    one.add_argument("--end", type=verb.typed, metavar="AAAA-MM-JJTHH:MM")
    one.add_argument("--resource", type=verb.typed, metavar="RESSOURCE")
    one = verb.add(own, "remove", remove, "ôte du planning")
    one.add_argument("id", type=int, metavar="N°")
    one = verb.add(own, "export", export, "écrit un fichier iCalendar")
    one.add_argument("output", metavar="FICHIER.ics")
    _register_span(one)
    one.add_argument("--force", action="store_true", help="remplace le fichier")


def _register_span(one: argparse.ArgumentParser) -> None:
    one.add_argument("--from", dest="first", type=verb.day, metavar="AAAA-MM-JJ")
    one.add_argument("--to", dest="last", type=verb.day, metavar="AAAA-MM-JJ")
    one.add_argument("--resource", type=verb.typed, metavar="RESSOURCE", help="une seule")


def _register_times(one: argparse.ArgumentParser) -> None:
    one.add_argument("start", type=verb.typed, metavar="DÉBUT", help="AAAA-MM-JJTHH:MM")
    one.add_argument("end", type=verb.typed, metavar="FIN", help="AAAA-MM-JJTHH:MM, ou HH:MM")


def listing(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import holidays

    with verb.database(options) as context:
        first, last = _days(context, options)
        found = _found(context, options)
        free = holidays.between(context, first, last)
    result = {
        "appointments": [_shown(one) for one in found],
        "holidays": {day.isoformat(): name for day, name in free.items()},
    }
    days = [f"{day:%d/%m/%Y} férié : {name}" for day, name in free.items()]
    verb.say(options, result, *(_table(found) or ["Rien au planning."]), *days)
    return 0


def conflicts(options: argparse.Namespace) -> int:
    with verb.database(options) as context:
        found = [one for one in _found(context, options) if one.clashes]
    result = {"conflicts": [_shown(one) for one in found]}
    verb.say(options, result, *(_table(found) or ["Aucun conflit."]))
    return 0


def waiting(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import planning_views

    with verb.database(options) as context:
        found = planning_views.waiting(context)
    head = ("BI", "Client", "Lieu", "Objet", "Souhaité")
    rows = [(one.ref, one.customer, one.place, one.subject, one.wanted) for one in found]
    keys = ("ref", "customer_name", "place", "subject", "wanted")
    result = {"waiting": [dict(zip(keys, row)) for row in rows]}
    verb.say(options, result, *(verb.table([head, *rows]) if rows else ["Rien à planifier."]))
    return 0


def plan(options: argparse.Namespace) -> int:
    from codial_tui.services.documents import documents
    from codial_tui.services.maintenance import planning, resources

    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        resource = resources.find(context, options.resource)
        starts, ends = _times(options.start, options.end)
        made = planning.plan(context, document.id, resource.id, starts, ends)
        return _say(options, context, made)


def appoint(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import planning, resources
    from codial_tui.services.records import parties

    with verb.database(options) as context:
        resource = resources.find(context, options.resource)
        starts, ends = _times(options.start, options.end)
        party = parties.by_code(context, options.customer) if options.customer else None
        made = planning.appoint(
            context, resource.id, options.kind, starts, ends, party_id=party, label=options.label
        )
        return _say(options, context, made)


def move(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import planning, planning_views, resources

    with verb.database(options) as context:
        one = planning_views.get(context, options.id)
        starts = _moment(options.start, "start") if options.start else one.starts
        ends = starts + (one.ends - one.starts)
        if options.end:
            ends = _times(starts.isoformat(), options.end)[1]
        who = resources.find(context, options.resource).id if options.resource else None
        made = planning.move(
            context, one.id, one.version, starts=starts, ends=ends, resource_id=who
        )
        return _say(options, context, made)


def remove(options: argparse.Namespace) -> int:
    from codial_tui.services.maintenance import planning, planning_views

    with verb.database(options) as context:
        one = planning_views.get(context, options.id)
        planning.remove(context, one.id, one.version)
    verb.say(options, {"removed": one.id}, f"{_words(one)} ôté du planning")
    return 0


def export(options: argparse.Namespace) -> int:
    from codial_tui.errors import Unreadable, system_words
    from codial_tui.services.maintenance import planning_calendar, resources

    path = verb.new_file(options.output, options.force, ".ics")
    with verb.database(options) as context:
        who = (
            {resources.find(context, options.resource, retired=True).id}
            if options.resource
            else None
        )
        content, count = planning_calendar.file(context, *_days(context, options), who)
    try:
        path.write_bytes(content)
    except OSError as error:
        said = f"{path} non écrit : {system_words(error)}"
        raise Unreadable(said, "vérifiez le dossier") from error
    words = f"{count} rendez-vous dans {path}"
    verb.say(options, {"file": str(path), "appointments": count}, words)
    return 0


# reading and saying -------------------------------------------------------------------------------


def _days(context: Context, options: argparse.Namespace) -> tuple[date, date]:
    """From Monday of this week, two weeks, unless told."""
    from datetime import date, timedelta

    today = context.today
    monday = today - timedelta(days=today.weekday())
    first = date.fromisoformat(options.first) if options.first else monday
    until = timedelta(days=2 * WEEK - 1)
    return first, date.fromisoformat(options.last) if options.last else first + until


def _found(context: Context, options: argparse.Namespace) -> list[Appointment]:
    from codial_tui.services.maintenance import planning_views, resources

    who = {resources.find(context, options.resource, retired=True).id} if options.resource else None
    return planning_views.between(context, *_days(context, options), who)


def _times(start: str, end: str) -> tuple[datetime, datetime]:
    """An end that is only a time is of the first day, or of the next when it comes before."""
    from datetime import timedelta

    starts = _moment(start, "start")
    if ":" not in end or "T" in end or " " in end:
        return starts, _moment(end, "end")
    ends = _moment(f"{starts:%Y-%m-%d}T{end.zfill(5)}", "end")
    return starts, ends if ends > starts else ends + timedelta(days=1)


def _moment(text: str, field: str) -> datetime:
    """A time of the wall. Raises Invalid, naming the field."""
    from datetime import datetime

    from codial_tui.domain.dates import FIRST, LAST
    from codial_tui.domain.problems import invalid

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or not FIRST <= found.date() <= LAST:
        raise invalid("time.unreadable", f"« {text[:24]} » : AAAA-MM-JJTHH:MM", "", field)
    return found.replace(second=0, microsecond=0)


def _say(options: argparse.Namespace, context: Context, made: Planned) -> int:
    from codial_tui.services.maintenance import planning_views

    one = planning_views.get(context, made.id)
    told = [{"code": it.code, "message": it.message} for it in made.conflicts]
    lines = [_words(one), *(f"! {it.message}" for it in made.conflicts)]
    verb.say(options, {**_shown(one), "warnings": told}, *lines)
    return 0


def _words(one: Appointment) -> str:
    from codial_tui.domain.maintenance import planning_grid

    what = " ".join(filter(None, (one.ref, one.customer, one.label)))
    return f"{one.resource} {planning_grid.words(one.starts, one.ends)} {what}".rstrip()


def _shown(one: Appointment) -> dict[str, Any]:
    return {
        "id": one.id,
        "resource": one.resource,
        "kind": one.kind,
        "start": one.starts.isoformat(timespec="minutes"),
        "end": one.ends.isoformat(timespec="minutes"),
        "ref": one.ref or None,
        "customer_name": one.customer,
        "place": one.place,
        "label": one.label,
        "conflicts_with": list(one.clashes),
    }


def _table(found: list[Appointment]) -> list[str]:
    if not found:
        return []
    head = ("N°", "Qui", "Début", "Fin", "BI", "Client", "Lieu", "Objet", "")
    lines = [
        (
            *(str(one.id), one.resource, f"{one.starts:%d/%m/%y %H:%M}", f"{one.ends:%d/%m %H:%M}"),
            *(one.ref, one.customer, one.place, one.label),
            f"conflit avec {', '.join(map(str, one.clashes))}" if one.clashes else "",
        )
        for one in found
    ]
    return verb.table([head, *lines])

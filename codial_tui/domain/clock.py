"""Local times of visits and appointments, and the moments they stand for (UTC, ISO).

People type the time on the wall. When clocks go back the same hour comes twice: the first one is
meant, unless it would come before what was typed just before it. When they go forward an hour is
missing: nobody worked at half past two that night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from codial_tui.domain.problems import invalid

DEFAULT_ZONE = "Europe/Paris"


def moment(local: datetime, zone: tzinfo, after: str = "") -> str:
    """The moment of a local time, `2026-11-22T20:50:00Z`. after: the moment it cannot precede, of
    the two that a repeated hour has. Raises Invalid for an hour that does not exist."""
    first = local.replace(tzinfo=zone, fold=0)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        said = f"{local:%H:%M} n'existe pas le {local:%d/%m/%Y} : on passe à l'heure d'été"
        raise invalid("time.missing", said, "ajoutez une heure", "time")
    found = utc(first)
    if after and found < after:
        again = utc(local.replace(tzinfo=zone, fold=1))
        return again if again >= after else found
    return found


def local(moment: str, zone: tzinfo) -> datetime:
    """The time on the wall at a moment, without a zone."""
    return _in(moment, zone).replace(tzinfo=None)


def midnight(day: date, zone: tzinfo) -> str:
    """The moment at which a day begins, also where clocks go forward at midnight."""
    return utc(datetime.combine(day, time(), zone))


def at(moment: str, zone: tzinfo) -> str:
    """The time on the wall with its offset, to the minute: `2026-11-22T21:50+01:00`."""
    return _in(moment, zone).isoformat(timespec="minutes")


def _in(moment: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(zone)


def utc(at: datetime) -> str:
    """The moment of a time that has a zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The company's time zone: where its visits and appointments take place."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from codial_tui.domain.maintenance import clock
from codial_tui.services.context import Context
from codial_tui.services.records import settings

SETTING, DEFAULT = "company.timezone", "Europe/Paris"


def zone(context: Context) -> ZoneInfo:
    return ZoneInfo(str(settings.value(context, SETTING, DEFAULT)))


def moment(context: Context, local: datetime, after: str = "") -> str:
    """As `clock.moment`, in the company's zone. Raises Invalid."""
    return clock.moment(local, zone(context), after)


def local(context: Context, moment: str) -> datetime:
    """The time on the company's wall at a moment."""
    return clock.local(moment, zone(context))

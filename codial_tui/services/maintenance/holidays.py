"""Public holidays of where the company works (library `holidays`)."""

from __future__ import annotations

from datetime import date

from codial_tui.services.context import Context
from codial_tui.services.records import company_settings

REGION = "planning.holidays"
MOST_YEARS = 30


def between(context: Context, first: date, last: date) -> dict[date, str]:
    """The public holidays from a day to another, both included, by day; none when the company says
    so. The names are French."""
    region = str(company_settings.value(context, REGION))
    if region == "none" or last < first:
        return {}
    import holidays

    years = range(first.year, min(last.year, first.year + MOST_YEARS) + 1)
    found = holidays.country_holidays(
        "FR", subdiv=None if region == "FR" else region, years=years, language="fr"
    )
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}

"""What every service is given: the database, who is at the keyboard, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from codial_tui.domain import clock
from codial_tui.models.dialect import Dialect
from codial_tui.models.uid import new_uid


class User(NamedTuple):
    """The program user. rights: names such as `see_costs`; an administrator has them all."""

    id: int
    login: str
    name: str
    initials: str
    role: str = "user"
    rights: frozenset[str] = frozenset()

    def may(self, right: str) -> bool:
        return not right or self.role == "admin" or right in self.rights


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Context:
    """One running program on one database. session: token of this
    program's life sign, session_id its row; alive: whether the program of a token still runs.
    confined: a forced command, which no file leads out of but those of inbox and export."""

    database: Dialect
    user: User
    session: str
    session_id: int
    alive: Callable[[str], bool]
    clock: Callable[[], datetime] = utc_now
    edition: str = ""
    size: str = ""
    cache: dict[str, Any] = field(default_factory=dict)
    confined: bool = False

    @property
    def editions(self) -> str:
        """What `doc_types` takes: `building+enterprise`; "" while there is no company."""
        return f"{self.edition}+{self.size}" if self.size else self.edition

    @property
    def now(self) -> str:
        """UTC now as ISO text with milliseconds, as stored."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def uid(self) -> str:
        """A new unique id, in time order."""
        return new_uid()

    @property
    def today(self) -> date:
        """The company's date, which documents carry."""
        return self.local_now.date()

    @property
    def zone(self) -> ZoneInfo:
        """The company's: its wall says the time, wherever the program runs."""
        from codial_tui.services.records import settings

        return ZoneInfo(str(settings.value(self, "company.timezone", clock.DEFAULT_ZONE)))

    @property
    def local_now(self) -> datetime:
        return self.clock().astimezone(self.zone)

    def local(self, moment: str) -> datetime:
        """The time on the company's wall at a stored moment."""
        return clock.local(moment, self.zone)

"""The one seam for back ends (design.md §3): what a database must be able to do, as verbs.

Nothing outside `models` names SQLite or PostgreSQL. SQL text given to these verbs is the common
subset of both, with `?` for parameters (and no other question mark), NULL-safe defaults, and
`INSERT … ON CONFLICT … RETURNING`; folded columns make LIKE and ORDER BY mean the same on both.
"""

from __future__ import annotations

import sys
import threading
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from . import columns
from .liveness import Liveness
from .queries import Params, Queries, Reader
from .refusals import DatabaseBusy, Interrupted

__all__ = ["DatabaseBusy", "Dialect", "Interrupted", "Queries", "Reader"]


class Dialect(Queries):
    """Reading, writing and changing the schema of one database."""

    name: str
    types: columns.Types
    peewee: Any
    """the peewee database that the table classes are bound to; one connection per thread"""
    last: ClassVar[Dialect | None] = None
    """what was opened, or written to, last: the table classes stand for it"""
    _later: ClassVar[dict[tuple[int, int], dict[str, Callable[[], None]]]] = {}
    """what each open transaction, by database and thread, does once it is committed"""

    # writing ---------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction, in turn with every other writer. Not reentrant.

        Raises Refused for a constraint, DatabaseBusy and DatabaseRefused for the rest; nothing
        is then written. Keep it under 20 ms: the others wait.
        """
        if self.in_transaction:
            raise RuntimeError("write() inside write(): one gesture is one transaction")
        self.activate()
        me = (id(self), threading.get_ident())
        later = self._later[me] = {}
        try:
            with self._transaction():
                yield
        except Exception as error:
            french = self._french(error)
            if french is error:
                raise
            raise french from error
        finally:
            del self._later[me]
        for action in later.values():
            action()

    def after_commit(self, name: str, action: Callable[[], None]) -> None:
        """Inside write(): do this once the transaction is committed, once for a name; never when
        it is taken back. It must not raise: what was written stays written."""
        self._later[id(self), threading.get_ident()][name] = action

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[None]: ...

    def activate(self) -> None:
        """Bind the peewee table classes, once loaded, to this database (the last wins)."""
        Dialect.last = self
        tables = sys.modules.get(f"{__package__}.tables")
        if tables is not None and tables.proxy.obj is not self.peewee:
            tables.proxy.initialize(self.peewee)

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether this thread is inside write()."""

    def execute(self, sql: str, params: Params = ()) -> int:
        """Execute one statement and return the number of rows it touched."""
        try:
            return int(self.run(sql, params).rowcount)
        except Exception as error:
            raise self._french(error) from error

    @abstractmethod
    def executemany(self, sql: str, rows: Iterable[Params]) -> None:
        """Execute one statement for each row of parameters."""

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """Insert one row and return its id."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"
        return int(self.value(sql, list(values.values())))

    def insert_many(self, table: str, names: Sequence[str], rows: Iterable[Params]) -> None:
        """Insert rows of values in the order of `names`."""
        marks = ", ".join("?" * len(names))
        self.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)

    def update(self, table: str, key: int, values: Mapping[str, Any]) -> int:
        """Change columns of the row with this id; returns the number of rows touched."""
        if not values:
            return 0
        sets = ", ".join(f"{name} = ?" for name in values)
        return self.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [*values.values(), key])

    def next_number(
        self, establishment_id: int, code: str, period: str, pattern: str
    ) -> tuple[int, str]:
        """Take the next number of a series: (count, the series' own pattern).

        A new period inherits the pattern of the last one, `pattern` is for a series without any.
        Call it inside write(), last before the commit: others wait for the row from here on, and
        a rollback gives the number back, which is what keeps the series gapless.
        """
        row = self.row(
            "INSERT INTO number_series (establishment_id, code, period, pattern, last) "
            "VALUES (?, ?, ?, COALESCE((SELECT pattern FROM number_series "
            "WHERE establishment_id = ? AND code = ? ORDER BY period DESC LIMIT 1), ?), 1) "
            "ON CONFLICT (establishment_id, code, period) "
            "DO UPDATE SET last = number_series.last + 1 RETURNING last, pattern",
            [establishment_id, code, period, establishment_id, code, pattern],
        )
        assert row is not None
        return int(row[0]), str(row[1])

    @abstractmethod
    def lock_rows(self, table: str, ids: Iterable[int]) -> None:
        """Keep other writers off these rows until the transaction ends, in id order."""

    def queue_up(self, name: str) -> None:
        """Inside write(): wait for every other writer who queues under this name, and see what
        they wrote. For rows that two writers would both find missing and both add."""
        return

    def take_turn(self, name: str) -> None:
        """Wait, inside write(), until no other transaction has this turn; kept to the commit.
        For work whose rows are known only on the way, which could else wait in a circle."""
        return

    @abstractmethod
    def reader(self) -> Reader:
        """A second, read-only connection, to be used in one other thread and closed there."""

    @abstractmethod
    def liveness(self, token: str) -> Liveness:
        """Start this program's life sign under a token."""

    @contextmanager
    def thread(self) -> Iterator[None]:
        """Give the current (worker) thread its own connection for the length of the block."""
        try:
            yield
        finally:
            self.close()

    # upkeep ----------------------------------------------------------------------------------

    def relieve(self) -> None:
        """Between the transactions of long work: do now, while nobody waits, what would else
        fall on whoever commits next."""
        return

    @contextmanager
    def many_writes(self) -> Iterator[None]:
        """Around hundreds of transactions in a row: put off the upkeep of search indexes, which
        small writes do as they go. A program killed inside leaves them only a little slower."""
        yield

    @abstractmethod
    def backup(self, path: Path) -> None:
        """Copy the database, as it is now, to a new file. Raises DatabaseRefused if it exists."""

    @abstractmethod
    def engine(self) -> dict[str, str]:
        """What runs underneath: French words and values, for `doctor`."""

    @abstractmethod
    def check(self) -> list[str]:
        """What is wrong with the stored data, in words; empty when nothing is."""

    @abstractmethod
    def rebuild_index(self, table: str) -> None:
        """Make the search index of `item` or `party` anew (inside write())."""

    @abstractmethod
    def schema_version(self) -> int:
        """Number of the last migration applied, 0 for an empty database."""

    @abstractmethod
    def record_version(self, version: int, name: str) -> None:
        """Note inside a migration's transaction that it has been applied."""

    # schema, for migrations ------------------------------------------------------------------

    def lock_schema(self) -> None:
        """Keep other programs from migrating until the transaction ends."""
        return

    @abstractmethod
    def create_table(
        self, table: str, text: str, constraints: Mapping[str, str] | None = None
    ) -> None:
        """Create a table from its column text (`models.columns`) and named constraints."""

    @abstractmethod
    def add_column(self, table: str, text: str) -> None:
        """Add the one column of a column text."""

    def create_index(
        self, table: str, on: str, *, where: str = "", unique: bool = False, name: str = ""
    ) -> None:
        """Index `on` (a column list), perhaps partial, perhaps unique."""
        name = name or f"{table}__{'_'.join(part.strip() for part in on.split(','))}"
        condition = f" WHERE {where}" if where else ""
        kind = "UNIQUE INDEX" if unique else "INDEX"
        self.run(f"CREATE {kind} {name} ON {table} ({on}){condition}")

    def drop_index(self, name: str) -> None:
        """Drop what `create_index` made."""
        self.run(f"DROP INDEX {name}")

    @abstractmethod
    def drop_trigger(self, name: str, table: str) -> None:
        """Drop what `trigger` or `refuse` made."""

    @abstractmethod
    def trigger(self, name: str, table: str, event: str, body: str, when: str = "") -> None:
        """Run `body` (statements ending in `;`) for each row AFTER an event that passes `when`."""

    @abstractmethod
    def refuse(self, name: str, table: str, event: str, refusal: str, when: str = "") -> None:
        """Refuse an event BEFORE it touches a row that passes `when`.

        refusal: "code|French message|remedy", which translate() turns into a Refused.
        """

    @abstractmethod
    def append_only(self, table: str, refusal: str) -> None:
        """Refuse every change and deletion of a table's rows."""

    @abstractmethod
    def search_index(self, table: str) -> None:
        """Keep an index over `search_text` of a table, kept up to date by the database."""

    @abstractmethod
    def describe(self) -> dict[str, dict[str, bool]]:
        """Tables → columns → whether NULL is allowed; for comparing schemas."""

    @abstractmethod
    def close(self) -> None: ...

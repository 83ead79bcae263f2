"""Backups: a copy of the database as it is now, and putting one back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from codial_tui.errors import DatabaseRefused
from codial_tui.models import sqlite_restore
from codial_tui.models.database import Database, is_server, sqlite_path

from .context import Context, User
from .documents.documents import log_audit
from .law import signed_count
from .records import rights


def backup(context: Context, path: Path) -> int:
    """Copy the database to a new file while others go on working; its size in bytes.

    Raises DatabaseRefused when the file exists or cannot be written.
    """
    context.database.backup(path.expanduser())
    with context.database.write():
        log_audit(context, "database.backup", {"file": str(path)})
    return path.expanduser().stat().st_size


def restore(url: str, path: Path, *, login: str, now: datetime) -> Path:
    """Put a backup in the place of a database nobody has open; where the old one is kept.

    Logged in the restored database. Raises DatabaseRefused; both are then as they were.
    """
    if is_server(url):
        raise DatabaseRefused("Une base PostgreSQL ne se restaure pas d'ici", "pg_restore -d …")
    target, source = sqlite_path(url), path.expanduser().absolute()
    if target == source:
        raise DatabaseRefused("La sauvegarde est la base elle-même", "donnez un autre fichier")
    kept = target.with_name(f"{target.name}.avant-{now:%Y%m%d-%H%M%S}")

    def record(database: Database) -> None:
        dialect = database.dialect
        row = dialect.row("SELECT id, name FROM app_user WHERE login = ?", (login,)) or (0, login)
        user = User(int(row[0]), login, str(row[1]), login[:2].upper())
        context = Context(dialect, user, "", 0, lambda _: True, lambda: now)
        context.cache[signed_count.LATER] = True  # the count at hand is of the database in place
        with dialect.write():
            log_audit(context, "database.restore", _detail(context, str(source), str(kept)))

    sqlite_restore.restore(source, target, kept, record)
    return kept


def declare(context: Context, what: str) -> None:
    """Write into the journal that this database was put back by other means (pg_restore, a copy of
    the file): without that word a database older than its signed count validates nothing."""
    rights.require(context, "settings")
    with context.database.write():
        log_audit(context, "database.restore", _detail(context, what, ""))


def _detail(context: Context, file: str, kept: str) -> dict[str, Any]:
    """What the journal says of a restoration: which count it found, and what that says beyond."""
    count = signed_count.read(context)
    signature = count.signature if count else ""
    return {"file": file, "kept": kept, "count": signature, "lost": signed_count.lost(context)}

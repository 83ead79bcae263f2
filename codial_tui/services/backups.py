"""Backups: a copy of the database as it is now, and putting one back."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from codial_tui.errors import DatabaseRefused
from codial_tui.models import sqlite_restore
from codial_tui.models.database import Database, is_server, sqlite_path

from .context import Context
from .documents import log_audit


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
        at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        detail = json.dumps({"file": str(source), "kept": str(kept)}, ensure_ascii=False)
        with database.dialect.write():
            database.dialect.insert(
                "audit_log",
                {"at": at, "user_name": login, "action": "database.restore", "detail": detail},
            )

    sqlite_restore.restore(source, target, kept, record)
    return kept

"""Putting a backup in the place of an SQLite database, while nobody uses it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ..errors import DatabaseRefused, system_words
from . import schema, sqlite_file
from .database import Database, open_database
from .liveness import FileLiveness
from .turn import TurnTimeout, turn
from .uid import new_uid

WAIT = 10
"""Seconds to wait for a writer to end."""


def restore(backup: Path, target: Path, kept: Path, record: Callable[[Database], None]) -> None:
    """Put a copy of `backup` in the place of `target`, whose old files go to `kept`.

    The copy is checked, brought to this program's schema and given to `record` first, so that
    what is named in the end is whole. A target too damaged to be opened is replaced as well.
    Raises DatabaseRefused when a program is alive on the target or the backup is none; both
    files are then as they were.
    """
    sqlite_file.check_file(backup, create=False, newest=schema.NEWEST)
    refuse_alive(target)
    part = target.with_name(f"{target.name}.restore")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove(part)
        sqlite_file.make_private(part)
        shutil.copyfile(backup, part)
        if target.exists():
            shutil.copymode(target, part)
        _prepare(part, record)
        with turn(target.with_name(f"{target.name}-turn"), WAIT):
            refuse_alive(target)
            _keep(target, kept)
            part.replace(target)
    except TurnTimeout as error:
        raise DatabaseRefused("La base est occupée", "réessayez dans un instant") from error
    except OSError as error:
        raise DatabaseRefused(
            f"Restauration impossible : {system_words(error)}", f"vérifiez {target.parent}"
        ) from error
    finally:
        _remove(part)


def _prepare(part: Path, record: Callable[[Database], None]) -> None:
    database = open_database(str(part), create=False)
    try:
        wrong = database.dialect.check()
        if wrong:
            raise DatabaseRefused(f"La sauvegarde est abîmée ({wrong[0]})", "prenez-en une autre")
        record(database)
    finally:
        database.close()


def _keep(target: Path, kept: Path) -> None:
    """Give the old files other names; the main one keeps its own until it is replaced."""
    if target.exists():
        try:
            kept.hardlink_to(target)
        except FileExistsError:
            raise
        except OSError:  # no hard links on this file system
            shutil.copyfile(target, kept)
    for suffix in ("-wal", "-shm"):  # of the old file: they would spoil the new one
        log = target.with_name(target.name + suffix)
        if log.exists():
            log.rename(kept.with_name(kept.name + suffix))


def _remove(part: Path) -> None:
    """Take away a working copy and what SQLite and the life signs left beside it."""
    for suffix in ("", "-wal", "-shm", "-turn"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    shutil.rmtree(part.with_name(f"{part.name}-sessions"), ignore_errors=True)


def refuse_alive(target: Path) -> None:
    """Raise DatabaseRefused when a program runs on this database; told by the operating system,
    so that a damaged database can be asked too."""
    folder = target.with_name(f"{target.name}-sessions")
    if not folder.is_dir():
        return
    own = FileLiveness(folder, new_uid())
    try:
        others = [one.name for one in folder.iterdir() if not one.name.startswith(".")]
        alive = [token for token in others if token != own.token and own.alive(token)]
    finally:
        own.close()
    if alive:
        plural = "s" if len(alive) > 1 else ""
        raise DatabaseRefused(
            f"{len(alive)} programme{plural} ouvert{plural} sur cette base", "fermez-les d'abord"
        )

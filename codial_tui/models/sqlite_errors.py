"""SQLite's errors in French, for `sqlite`."""

from __future__ import annotations

import sqlite3

from ..domain.problems import Problem
from ..errors import DatabaseRefused, Refused
from . import columns
from .refusals import DatabaseBusy, Interrupted, refusal, violation
from .turn import TurnTimeout

_BUSY, _LOCKED, _READONLY, _INTERRUPT, _IOERR, _CORRUPT = 5, 6, 8, 9, 10, 11
_FULL, _CANTOPEN, _TOOBIG, _CONSTRAINT, _MISMATCH, _NOTADB = 13, 14, 18, 19, 20, 26

_VIOLATIONS = {275: "check", 1299: "missing", 1555: "unique", 2067: "unique", 3091: "type"}


def translate(error: BaseException) -> Exception | None:
    """The French error for an error of sqlite3, peewee or the turn file."""
    if isinstance(error, TurnTimeout):
        return DatabaseBusy()
    if isinstance(error, OverflowError):
        return Refused(
            Problem("constraint.check", "", "Nombre trop grand", "9 000 000 000 000 000 au plus")
        )
    if not isinstance(error, sqlite3.Error):
        inner = getattr(error, "orig", None)  # peewee's own errors wrap the driver's
        return translate(inner) if isinstance(inner, sqlite3.Error) else None
    code, text = getattr(error, "sqlite_errorcode", 0), str(error)
    primary = code & 0xFF
    if primary in {_CONSTRAINT, _MISMATCH}:
        return _constraint(code, text)
    if primary in {_BUSY, _LOCKED}:
        return DatabaseBusy()
    if primary == _INTERRUPT:
        return Interrupted()
    told = {
        _FULL: ("Le disque est plein", "libérez de la place ; rien n'a été enregistré"),
        _READONLY: ("La base est en lecture seule", "vérifiez les droits du fichier"),
        _CANTOPEN: ("La base ne peut pas être ouverte", "vérifiez le chemin et les droits"),
        _IOERR: ("Le disque ne répond pas", "vérifiez-le ; rien n'a été enregistré"),
        _CORRUPT: ("La base est abîmée", "reprenez une sauvegarde ; `doctor` en dit plus"),
        _NOTADB: ("Ce fichier n'est pas une base", "vérifiez le chemin"),
        _TOOBIG: ("Texte trop long", "raccourcissez-le"),
    }.get(primary)
    return DatabaseRefused(*told) if told else None


def _constraint(code: int, text: str) -> Exception:
    """sqlite says "CHECK constraint failed: table__column" or "UNIQUE …: table.a, table.b"."""
    if code == 787:
        return violation("reference", "")
    if code == 1811:
        return refusal(text)
    kind = _VIOLATIONS.get(code, "check")
    subject = text.rpartition(": ")[2]
    if kind == "type":
        subject = text.rpartition(" ")[2]
    field = columns.field_of(subject.rpartition(".")[2])
    return violation(kind, field)  # type: ignore[arg-type]

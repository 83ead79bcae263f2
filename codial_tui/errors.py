"""Errors shown to people: a title, what to do about it, in French.

Low-level errors are translated into these at the layer border (models/dialect.py, exchange,
printing); screens show `text` on the reading row, the command line prints it and exits.
"""

from __future__ import annotations

import errno

from .domain.problems import Problem

_SYSTEM = {
    errno.ENOENT: "introuvable",
    errno.EACCES: "accès interdit",
    errno.EPERM: "accès interdit",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota dépassé",
    errno.EEXIST: "existe déjà",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "liens qui tournent en rond",
    errno.EIO: "le disque ne répond pas",
    errno.EFBIG: "fichier trop gros",
    errno.EBUSY: "occupé par un autre programme",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.ENFILE: "trop de fichiers ouverts",
    errno.EPIPE: "liaison coupée",
    errno.ECONNREFUSED: "connexion refusée",
    errno.ECONNRESET: "liaison coupée",
    errno.EHOSTUNREACH: "machine injoignable",
    errno.ENETUNREACH: "réseau injoignable",
    errno.ETIMEDOUT: "pas de réponse",
    errno.ENOEXEC: "ce n'est pas un programme",
}


class CodialError(Exception):
    """Something a person must know. title: what happened · remedy: what to do."""

    def __init__(self, title: str, remedy: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.remedy = remedy

    @property
    def text(self) -> str:
        return f"{self.title} · {self.remedy}" if self.remedy else self.title


class Refused(CodialError):
    """A rule said no. Carries every problem; nothing was written. Exit code 1."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message, problems[0].remedy)
        self.problems = problems


class DatabaseRefused(CodialError):
    """The database cannot be opened or used; the file was not touched."""


class Unreadable(CodialError):
    """Input that is no input: wrong usage, unreadable file. Exit code 2."""


class LockLost(CodialError):
    """The document is no longer ours to write: somebody took it over, or it changed."""


def system_words(error: OSError) -> str:
    """What the system answered, in French; its own words are English, or in any language."""
    if isinstance(error, TimeoutError):
        return "pas de réponse"
    number = error.errno
    return _SYSTEM.get(number or 0) or (f"erreur système {number}" if number else "erreur système")


def refuse(code: str, message: str, remedy: str = "", field: str = "") -> Refused:
    """A `Refused` with one problem, ready to raise."""
    return Refused(Problem(code, field, message, remedy))

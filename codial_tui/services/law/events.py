"""The chained journal of events: what was done with legal data beside the data itself (prints,
exports, backups, keys, a clock set back, a check that failed), for good (legal.md §3.1).

`documents.log_audit` writes into it inside a transaction; here is what stands by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from codial_tui.services.context import Context

NAMES = {
    "invoice.printed": "Original imprimé",
    "invoice.reprinted": "Duplicata",
    "invoice.sent": "Original envoyé",
    "invoice.paper": "Papier gardé",
    "invoice.exported": "Original exporté",
    "data.export": "Export",
    "data.archive": "Archive",
    "database.backup": "Sauvegarde",
    "database.restore": "Restauration",
    "clock.back": "Horloge reculée",
    "verify.failed": "Contrôle échoué",
    "key.created": "Clé de signature",
    "training.created": "Copie ÉCOLE",
    "document.deleted": "Document supprimé",
    "transfer.undone": "Transfert annulé",
    "series.changed": "Numéros changés",
    "user.added": "Utilisateur ajouté",
    "user.changed": "Utilisateur changé",
    "user.role": "Rôle changé",
    "user.right": "Droit changé",
    "user.key": "Clé SSH",
    "work_report": "Rapport signé",
}
"""What an event is called in French."""

TOLERANCE = timedelta(minutes=2)
"""By how much clocks of several machines on one database may differ."""


class Event(NamedTuple):
    """One entry, as the journal shows it. at: UTC ISO text."""

    position: int
    at: str
    by: str
    label: str
    detail: str


def record(context: Context, what: str, **detail: Any) -> None:
    """One entry in a transaction of its own: for what changes nothing else."""
    from codial_tui.services.documents import documents

    with context.database.write():
        documents.log_audit(context, what, detail)


def check_clock(context: Context) -> None:
    """At a start: whether the clock stands before what was written last."""
    if last := _ahead(context):
        record(context, "clock.back", last=last, now=context.now)


def note_clock(context: Context) -> None:
    """The same before something is sealed, inside the caller's transaction: a clock is set back
    while programs are open, too."""
    from codial_tui.services.documents import documents

    if last := _ahead(context):
        documents.log_audit(context, "clock.back", {"last": last, "now": context.now})


def _ahead(context: Context) -> str:
    """The moment of what was written last when the clock stands before it, "" else."""
    database = context.database
    last = max(
        str(database.value(sql) or "")
        for sql in (
            "SELECT at FROM chain_link WHERE chain = 'events' ORDER BY position DESC LIMIT 1",
            "SELECT validated_at FROM invoice_seal ORDER BY position DESC LIMIT 1",
        )
    )
    return last if last and context.clock() < _moment(last) - TOLERANCE else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def newest(context: Context, count: int) -> list[Event]:
    """The last entries, newest first."""
    from codial_tui.domain.law.chain_text import read

    rows = context.database.rows(
        "SELECT position, at, by, subject, canonical FROM chain_link WHERE chain = 'events' "
        "ORDER BY position DESC LIMIT ?",
        (count,),
    )
    return [
        Event(
            position,
            at,
            by,
            NAMES.get(str(subject).split()[0]) or str(subject),
            ", ".join(_words(str(subject), read(text)[1])),
        )
        for position, at, by, subject, text in rows
    ]


TELLING = (
    *("number", "ref", "signer", "name", "mark", "words", "login", "role", "right", "given"),
    *("before", "after"),
    *("file", "year", "invoices", "reason", "public_key", "fingerprint", "last", "now"),
    *("found", "first", "sha256", "kept"),
)
"""What of the body of an event is shown, in this order."""
SPOKEN = frozenset({"reason", "role", "right", "before", "after"})
"""What of an event may be a word of the program, said in French."""
GIVEN = {True: "donné", False: "retiré"}
KEYS = {
    "first": "la première",
    "rotation": "à la place de la précédente",
    "lost": "la précédente est perdue",
}
"""Why a key was made."""
WHOSE = "user."
"""Events about a user, whose login they show; of the others it is who did it."""


def _words(what: str, body: Mapping[str, Any]) -> Iterator[str]:
    from codial_tui.domain.rights import LABELS
    from codial_tui.services.records.users import ROLES

    french = {**KEYS, **LABELS, **ROLES}
    hidden = {"sha256"} if what.startswith("invoice.paper") else set()
    if not what.startswith(WHOSE):
        hidden.add("login")
    for name in TELLING:
        if name not in hidden and body.get(name) not in (None, ""):
            value = str(body[name])
            if name in SPOKEN:
                value = french.get(value, value)
            yield GIVEN[bool(body[name])] if name == "given" else value

"""Sending what waits in the mail queue, by SMTP: `codial-tui mail send`, from a scheduler.

A message is claimed before it is sent, so that two senders never send it both; what fails is tried
again later, and given up after a day of trying. The password is never stored: it comes from the
environment of whoever sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal

from codial_tui.domain.paper.richtext import Run
from codial_tui.domain.problems import Invalid
from codial_tui.domain.text import clean
from codial_tui.errors import CodialError, refuse, system_words
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.law import training
from codial_tui.services.records import settings

if TYPE_CHECKING:
    from smtplib import SMTP

PASSWORD = "CODIAL_TUI_SMTP_PASSWORD"
"""Environment variable."""

SETTING = "mail.smtp"
TIMEOUT = 30
CLAIM = timedelta(minutes=10)
"""How long a message is its sender's alone."""

MOST_TRIES = 10
Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}


class MailFailed(CodialError):
    """The mail server cannot be used; nothing was sent, everything waits."""


@dataclass(frozen=True, slots=True)
class Queued:
    """One message of the queue. at: UTC ISO text."""

    id: int
    recipient: str
    subject: str
    state: str
    tries: int
    error: str
    at: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of the sender did."""

    sent: int = 0
    failed: int = 0


def configure(
    context: Context, host: str, security: Security = "starttls", port: int = 0, user: str = ""
) -> None:
    """Tell the company's mail server. port 0: the usual one. Raises Refused."""
    host = clean(host)
    if not host or any(char in host for char in " /@"):
        raise refuse("mail.host", "Nom du serveur attendu", "par exemple smtp.fournisseur.fr")
    if context.user.role != "admin":
        raise refuse("right.missing", "Réservé aux administrateurs", "demandez à l'un d'eux")
    if security not in SECURITIES or not 0 <= port < 65_536:
        raise refuse("mail.port", "Sécurité ou port impossible", ", ".join(SECURITIES))
    server = {"host": host, "security": security, "port": port or PORTS[security], "user": user}
    settings.store(context, SETTING, server, own=False)


def queue(context: Context) -> list[Queued]:
    """The messages of the queue, newest last."""
    rows = context.database.rows(
        "SELECT id, recipient, subject, state, tries, error, created_at FROM mail_queue ORDER BY id"
    )
    return [Queued(*row) for row in rows]


def send(context: Context, password: str = "") -> Outcome:
    """Send what is due. Raises MailFailed when the server cannot be reached."""
    training.forbid(context, "Envoi")
    server = settings.value(context, SETTING)
    if not server:
        raise MailFailed("Aucun serveur de courriel", "codial-tui mail setup --host …")
    due = context.database.rows(
        "SELECT id FROM mail_queue WHERE state = 'queued' "
        "AND (next_try_at IS NULL OR next_try_at <= ?) ORDER BY id",
        (context.now,),
    )
    if not due:
        return Outcome()
    sent = failed = 0
    with _connected(server, password) as connection:
        for (key,) in due:
            if not _claim(context, key):
                continue
            error = _send_one(context, connection, key)
            sent, failed = (sent, failed + 1) if error else (sent + 1, failed)
            _settle(context, key, error)
    return Outcome(sent, failed)


@contextmanager
def _connected(server: Mapping[str, Any], password: str) -> Iterator[SMTP]:
    import smtplib
    import ssl

    try:
        if server["security"] == "tls":
            safe = ssl.create_default_context()
            connection: SMTP = smtplib.SMTP_SSL(
                server["host"], server["port"], timeout=TIMEOUT, context=safe
            )
        else:
            connection = smtplib.SMTP(server["host"], server["port"], timeout=TIMEOUT)
        if server["security"] == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server["user"]:
            connection.login(server["user"], password)
    except smtplib.SMTPAuthenticationError as error:
        raise MailFailed("Le serveur refuse l'utilisateur", f"vérifiez {PASSWORD}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(
            f"Le serveur {server['host']} ne répond pas : {_why(error)[:100]}",
            "les messages attendent",
        ) from error
    try:
        yield connection
    finally:
        connection.close()


def _claim(context: Context, key: int) -> bool:
    """Take a message for this run; False when another sender has it."""
    now = context.now
    with context.database.write():
        taken = context.database.execute(
            "UPDATE mail_queue SET next_try_at = ?, tries = tries + 1 WHERE id = ? "
            "AND state = 'queued' AND (next_try_at IS NULL OR next_try_at <= ?)",
            (_later(context, CLAIM), key, now),
        )
    return taken == 1


def _later(context: Context, delay: timedelta) -> str:
    now = datetime.fromisoformat(context.now)
    return (now + delay).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _why(error: Exception) -> str:
    """What went wrong: the server's own words, or the system's in French."""
    import smtplib
    import socket
    import ssl

    if isinstance(error, socket.gaierror):
        return "machine inconnue"
    if isinstance(error, ssl.SSLError):
        return "liaison chiffrée refusée"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "liaison coupée"
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return system_words(error)
    return clean(str(error)) or type(error).__name__


def _send_one(context: Context, connection: SMTP, key: int) -> str:
    """Send one message; what went wrong, "" when nothing did."""
    import smtplib

    try:
        refused = connection.send_message(_message(context, key))
    except (Invalid, CodialError, OSError, smtplib.SMTPException) as error:
        return _why(error)[:500]
    return f"refusé pour {', '.join(refused)}" if refused else ""


def _message(context: Context, key: int) -> EmailMessage:
    from codial_tui.printing.output import message

    row = context.database.mapping(
        "SELECT q.uid, q.recipient, q.copy_to, q.subject, q.body, q.attachment_id, a.name "
        "FROM mail_queue q JOIN attachment a ON a.id = q.attachment_id WHERE q.id = ?",
        (key,),
    )
    if row is None:
        raise refuse("mail.unknown", "La pièce jointe a disparu")
    sender = str(settings.company(context).get("email") or "")
    mail = message(
        attachments.content(context, row["attachment_id"]),
        row["name"],
        sender=sender,
        recipients=_addresses(row["recipient"]),
        subject=row["subject"],
        body=[(Run(row["body"]),)],
        copies_to=_addresses(row["copy_to"]),
    )
    mail["Date"] = format_datetime(context.clock())
    # the same at every try: a server that got it before the line broke knows it again
    mail["Message-ID"] = f"<{row['uid']}@{sender.rpartition('@')[2]}>"
    return mail


def _addresses(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _settle(context: Context, key: int, error: str) -> None:
    """Note what became of a message; a failed one waits twice as long each time."""
    database = context.database
    with database.write():
        if not error:
            database.update(
                "mail_queue", key, {"state": "sent", "sent_at": context.now, "error": ""}
            )
            return
        tries = int(database.value("SELECT tries FROM mail_queue WHERE id = ?", (key,)))
        state = "failed" if tries >= MOST_TRIES else "queued"
        wait = _later(context, timedelta(minutes=2**tries))
        database.update("mail_queue", key, {"state": state, "error": error, "next_try_at": wait})

"""Where an official print goes: a printer, a file, a mail to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.text import clean
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.records import settings


@dataclass(frozen=True, slots=True)
class ToPrinter:
    """A CUPS queue; "" is the user's own printer (setting `print.printer`), else the default."""

    name: str = ""
    copies: int = 1


@dataclass(frozen=True, slots=True)
class ToFile:
    """A PDF file; an existing one is refused unless it is to be replaced."""

    path: Path
    replace: bool = False


@dataclass(frozen=True, slots=True)
class ToMail:
    """A message put into the queue, sent by the next run of the mail sender."""

    recipients: tuple[str, ...]
    subject: str = ""
    body: str = ""
    copies_to: tuple[str, ...] = ()


Destination = ToPrinter | ToFile | ToMail


def queued_mail(context: Context, document: Document, destination: Destination) -> dict[str, Any]:
    """The row of the mail queue, {} for another destination. Raises Refused for an address."""
    if not isinstance(destination, ToMail):
        return {}
    company = str(settings.company(context).get("name") or "")
    title = f"{doc_type(document.kind).title} {document.ref}"
    written = mail_row(context, destination)
    return {
        **written,
        "document_uid": document.uid,
        "subject": written["subject"] or clean(f"{title} {document.text('subject')}"),
        "body": written["body"]
        or f"Bonjour,\n\nVeuillez trouver ci-joint notre document {document.ref}.\n\n{company}",
    }


def mail_row(context: Context, mail: ToMail) -> dict[str, Any]:
    """The row of the mail queue of a message. Raises Refused for an address."""
    from codial_tui.printing.output import mail_problems

    sender = str(settings.company(context).get("email") or "")
    if not sender:
        raise refuse("mail.sender", "La société n'a pas d'adresse de courriel", "donnez-lui-en une")
    wrong = mail_problems(sender, [*mail.recipients, *mail.copies_to])
    if wrong:
        raise Refused(*wrong)
    return {
        "uid": context.uid(),
        "recipient": ", ".join(mail.recipients),
        "copy_to": ", ".join(mail.copies_to),
        "subject": clean(mail.subject),
        "body": clean(mail.body, multiline=True),
        "created_at": context.now,
        "user_id": context.user.id,
    }

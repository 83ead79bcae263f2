"""Reminders going out: on paper into a folder, or by mail to who has an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codial_tui.domain.paper.richtext import fill, parse, plain
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.paper.destinations import ToMail, mail_row

from . import collecting_papers, reminders
from .reminders import Due

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out. letters: files of the folder; mailed: addresses, in the mail queue."""

    letters: tuple[Path, ...]
    mailed: tuple[str, ...]


def send(context: Context, several: Sequence[Due], folder: Path, *, by_mail: bool = False) -> Sent:
    """Make the letters, keep each with its customer and write down that they went out, all in one
    transaction. by_mail: who has an address gets it there, in the mail queue. Nothing is written
    down when a letter cannot be made, an address is wrong or somebody sent one meanwhile: raises
    PrintFailed or Refused."""
    letters, mailed, made = [], [], []
    for one in several:
        name = f"{one.level.label} {one.code} {context.today.isoformat()}.pdf".replace("/", "-")
        paper = collecting_papers.reminder(context, one)
        mail: dict[str, Any] = {}
        if by_mail and one.email:
            pdf, mail = collecting_papers.drawn(context, paper), _mail(context, one)
            mailed.append(one.email)
        else:
            pdf = collecting_papers.save(context, paper, folder / name, replace_it=True)
            letters.append(folder / name)
        made.append((one, name, pdf, mail))
    with context.database.write():
        for one, name, pdf, mail in made:
            reminders.write(context, one)
            uid = context.database.value("SELECT uid FROM party WHERE id = ?", (one.party_id,))
            kept = attachments.insert(context, "party", uid, name, PDF, pdf, "printed")
            if mail:
                context.database.insert("mail_queue", {**mail, "attachment_id": kept})
    return Sent(tuple(letters), tuple(mailed))


def _mail(context: Context, one: Due) -> dict[str, Any]:
    body, _ = fill(parse(one.level.body), reminders.fields(context, one))
    refs = ", ".join(dict.fromkeys(row.ref for row in one.rows))
    text = "\n".join(plain(body))
    return mail_row(context, ToMail((one.email,), f"{one.level.label} : {refs}", text))

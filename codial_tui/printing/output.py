"""Where a print goes: a CUPS printer, a PDF file, a mail message."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from secrets import token_hex
from time import monotonic

from codial_tui.domain.paper.richtext import Paragraph, plain
from codial_tui.domain.problems import Problem, invalid
from codial_tui.domain.text import clean
from codial_tui.errors import CodialError, system_words

TIMEOUT = 10.0
"""Seconds a printing command may take: it only queues the job."""

PATIENCE = 0.2
"""Seconds between two looks at whether somebody gave up waiting."""

MAX_COPIES = 99
_ADDRESS = re.compile(r"[^\s@<>\",;:\\()\[\]]+@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\]]+")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


class PrintFailed(CodialError):
    """The print did not leave: no printer, refused, no disk. The document is as before."""


@dataclass(frozen=True, slots=True)
class Printer:
    """A CUPS queue."""

    name: str
    is_default: bool = False


def printers(timeout: float = TIMEOUT) -> tuple[Printer, ...]:
    """The printers of this machine, the default one first. Raises PrintFailed without CUPS."""
    names = _run(["lpstat", "-e"], timeout).split()
    # lpstat -d fails when there is none; its wording is translated, the name stands last
    said = _run(["lpstat", "-d"], timeout, may_fail=True)
    default = said.rsplit(":", 1)[-1].strip() if ":" in said else ""
    found = [Printer(name, name == default) for name in dict.fromkeys(names)]
    return tuple(sorted(found, key=lambda one: (not one.is_default, one.name)))


def send_to_printer(
    pdf: bytes,
    printer: str,
    *,
    title: str,
    copies: int = 1,
    timeout: float = TIMEOUT,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Queue a PDF; answers the job as CUPS names it. printer "": the default one. cancelled:
    asked while CUPS keeps us waiting.

    Raises PrintFailed, in French, when nothing was queued.
    """
    if not 1 <= copies <= MAX_COPIES:
        raise PrintFailed(f"{copies} copies", f"de 1 à {MAX_COPIES}")
    command = ["lp", "-n", str(copies), "-t", clean(title)[:120]]
    if printer:
        if printer.startswith("-"):
            raise PrintFailed(f"Imprimante inconnue : {printer}", "F4 donne la liste")
        command += ["-d", printer]
    said = _run(command, timeout, pdf, cancelled=cancelled)
    job = re.search(r"\S+-\d+", said)
    return job.group(0) if job else said.strip()


def _run(
    command: Sequence[str],
    timeout: float,
    data: bytes = b"",
    *,
    may_fail: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except FileNotFoundError as error:
        raise PrintFailed(
            "Pas d'impression sur cette machine", "installez cups-client, ou enregistrez le PDF"
        ) from error
    except OSError as error:
        raise PrintFailed("Impression impossible", system_words(error)) from error
    with process:
        try:
            out, err = _answer(process, data, timeout, cancelled)
        finally:
            process.kill()  # nothing to do when it has ended
    if process.returncode and not may_fail:
        said = clean(err.decode(errors="replace") or out.decode(errors="replace"))
        raise PrintFailed(f"Impression refusée : {_french(said)}", "F4 choisit une imprimante")
    return out.decode(errors="replace")


def _answer(
    process: subprocess.Popen[bytes], data: bytes, timeout: float, cancelled: Callable[[], bool]
) -> tuple[bytes, bytes]:
    """What a command says, if it does so in time."""
    end = monotonic() + timeout
    rest: bytes | None = data
    while True:
        try:
            return process.communicate(rest, timeout=max(0.0, min(PATIENCE, end - monotonic())))
        except subprocess.TimeoutExpired as error:
            rest = None  # it was taken over by the first call
            if cancelled():
                raise PrintFailed(
                    "Impression interrompue", "le serveur d'impression ne répondait pas"
                ) from error
            if monotonic() >= end:
                raise PrintFailed(
                    f"Le serveur d'impression ne répond pas depuis {timeout:g} s",
                    "vérifiez CUPS, ou enregistrez le PDF",
                ) from error


def _french(said: str) -> str:
    known = (
        ("no default destination", "aucune imprimante par défaut"),
        ("does not exist", "imprimante inconnue"),
        ("no destinations added", "aucune imprimante installée"),
        ("not accepting", "l'imprimante n'accepte pas de travaux"),
        ("connection refused", "le service d'impression est arrêté"),
        ("unable to connect", "le service d'impression est arrêté"),
        ("scheduler is not running", "le service d'impression est arrêté"),
    )
    lowered = said.lower()
    return next((french for english, french in known if english in lowered), said or "sans raison")


def file_name(title: str) -> str:
    """`DEVIS DE26-00042` as a file name that every system takes: `DEVIS DE26-00042.pdf`."""
    name = _NOT_IN_NAMES.sub("-", clean(title)).strip(" .-")[:100]
    return f"{name or 'document'}.pdf"


def write_pdf(target: Path, pdf: bytes, *, replace: bool = False) -> None:
    """Write a PDF whole or not at all: beside the target, then renamed over it.

    Without `replace` an existing file is refused, even one that appears meanwhile. Raises
    PrintFailed.
    """
    scratch = target.with_name(f".{target.name[:40]}.{token_hex(6)}.tmp")
    try:
        with scratch.open("xb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            scratch.replace(target)
        else:
            _claim(scratch, target)
    except FileExistsError as error:
        raise PrintFailed(
            f"{target.name} existe déjà", "autre nom, ou --force le remplace"
        ) from error
    except OSError as error:
        raise PrintFailed(
            f"PDF non écrit : {system_words(error)}", f"vérifiez {target.parent}"
        ) from error
    finally:
        with suppress(OSError):
            scratch.unlink()


def _claim(scratch: Path, target: Path) -> None:
    """Give a new file its name without ever taking somebody else's."""
    try:
        target.hardlink_to(scratch)
    except FileExistsError:
        raise
    except OSError:  # no hard links on this file system: nearly as safe
        if target.exists():
            raise FileExistsError(str(target)) from None
        scratch.replace(target)


def mail_problems(sender: str, recipients: Sequence[str]) -> list[Problem]:
    """What is wrong with the addresses of a message."""
    problems = []
    if not recipients:
        problems.append(
            Problem("mail.no_recipient", "to", "Aucun destinataire", "adresse du client ou contact")
        )
    for name, address in (("from", sender), *(("to", one) for one in recipients)):
        if not _ADDRESS.fullmatch(address):
            problems.append(
                Problem(
                    "mail.address", name, f"« {address} » n'est pas une adresse", "nom@domaine.fr"
                )
            )
    return problems


def message(
    pdf: bytes,
    name: str,
    *,
    sender: str,
    recipients: Sequence[str],
    subject: str,
    body: Sequence[Paragraph],
    copies_to: Sequence[str] = (),
) -> EmailMessage:
    """The mail that carries a PDF, ready for the queue; date and id are given when it leaves.

    Raises Invalid for an address that is none. Header injection is impossible: texts are one line.
    """
    problems = mail_problems(sender, [*recipients, *copies_to])
    if problems:
        first = problems[0]
        raise invalid(first.code, first.message, first.remedy, first.field)
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    if copies_to:
        mail["Cc"] = ", ".join(copies_to)
    mail["Subject"] = clean(subject)
    mail.set_content("\n".join(plain(body)) + "\n")
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return mail

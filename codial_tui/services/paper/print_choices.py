"""What a person chooses before printing: the printer, the file, and what it will cost in sheets.

The printer that was used last is the user's own from then on (setting `print.printer`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from codial_tui.domain.document import Document
from codial_tui.domain.paper.paper import Paper
from codial_tui.domain.spec import DocType
from codial_tui.errors import CodialError, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.documents.rows import load
from codial_tui.services.records import settings

from . import printing
from .destinations import Destination, ToFile, ToMail

OWN_PRINTER = "print.printer"
HARMLESS = frozenset({"mark_printed", "log_event"})
"""Effects of a print that nobody has to be asked about."""


def is_final(kind: DocType) -> bool:
    """Whether printing does something that cannot be taken back, as declared (it moves stock)."""
    return not HARMLESS.issuperset(kind.effects.get("print", ()))


def own_printer(context: Context) -> str:
    """The printer the user printed on last, "" before."""
    return str(settings.value(context, OWN_PRINTER, ""))


def printers(own: str) -> list[str]:
    """The printers of this machine, the user's own first, then the default one; none without
    CUPS or when it does not answer. Asks CUPS and no database: made for another thread."""
    from codial_tui.printing.output import printers as installed

    try:
        names = [one.name for one in installed()]
    except CodialError:
        return []
    return sorted(names, key=lambda name: name != own)


def choose_printer(context: Context, name: str) -> None:
    """Make a printer the user's own."""
    if own_printer(context) != name:
        settings.store(context, OWN_PRINTER, name)


def pdf_path(context: Context, document: Document) -> Path:
    """Where P saves: `DE26-00042.pdf` in the user's export folder."""
    from codial_tui.printing.output import file_name

    return attachments.folder(context, "export") / file_name(document.ref)


def sheets(paper: Paper) -> int:
    """How many sheets the PDF has; loads fpdf2, so not before anything is on screen."""
    from codial_tui.printing.pdf import page_count

    return page_count(paper)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One document of several to be printed in one go. net: cents; wrong: why it cannot be."""

    id: int
    ref: str
    party: str
    email: str
    net: int
    file: Path
    wrong: str = ""


def waiting(context: Context, ids: Iterable[int]) -> list[Waiting]:
    """The documents of these ids, oldest first; what is gone is left out."""
    found = []
    for document_id in sorted(ids):
        document = load(context.database, document_id)
        if document is None:
            continue
        problems = printing.problems(context, document)
        wrong = next((one.text for one in problems if one.level == "error"), "")
        found.append(
            Waiting(
                document_id,
                document.ref,
                document.text("party_name"),
                document.text("party_email"),
                document.number("net_total"),
                pdf_path(context, document),
                wrong,
            )
        )
    return found


def by_mail(one: Waiting) -> Destination:
    """To the address of its customer. Raises Refused when there is none."""
    if not one.email:
        raise refuse("mail.no_recipient", "Pas d'adresse de courriel", "complétez son entête")
    return ToMail((one.email,))


def to_file(one: Waiting, *, replace: bool) -> Destination:
    """Its PDF in the export folder."""
    return ToFile(one.file, replace=replace)

"""`export factur-x`: the original of a validated invoice, with its XML or the XML alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import verb

OPTIONS = {"ref": "référence", "xml": "--xml"}
"""Names of what only this takes, as people know it."""


def add(parser: argparse.ArgumentParser) -> None:
    """What `export` asks for beside a file when it is an electronic invoice."""
    group = parser.add_argument_group("factur-x", "l'original d'une facture validée")
    group.add_argument("ref", nargs="?", metavar="REF", type=verb.typed, help="la facture")
    group.add_argument("--xml", action="store_true", help="le XML seul ; sans -o, affiché")


def export(options: argparse.Namespace) -> int:
    """The first PDF that leaves is the official print, with its effects; later ones are the same
    bytes. The XML alone has no effect but a line in the journal, as they have."""
    from codial_tui.errors import Unreadable
    from codial_tui.services.documents import documents
    from codial_tui.services.invoicing import einvoices
    from codial_tui.services.paper import printing

    if not options.ref:
        raise Unreadable("Quelle facture ?", "export factur-x FA26-00042 -o FICHIER.pdf")
    if not options.output and not options.xml:
        raise Unreadable("Dans quel fichier ?", "-o FICHIER.pdf, ou --xml")
    if options.output:
        verb.new_file(options.output, options.force)
    with verb.database(options) as context:
        document = documents.get(context, options.ref)
        original = einvoices.original(context, document)
        if options.xml:
            content = einvoices.xml_kept(original)
            einvoices.log_export(context, document, Path(options.output or "-").name)
            if not options.output:
                sys.stdout.buffer.write(content)
                return 0
            _write(Path(options.output), content, options.force)
        elif document.header.get("printed_at"):
            content = original
            einvoices.log_export(context, document, Path(options.output).name)
            _write(Path(options.output), content, options.force)
        else:
            where = printing.ToFile(Path(options.output), replace=options.force)
            content = printing.print_document(context, document.id, where).pdf
    result = {"ref": document.ref, "file": options.output, "bytes": len(content)}
    verb.say(options, result, f"Facture électronique {document.ref} : {options.output}")
    return 0


def _write(path: Path, content: bytes, replace: bool) -> None:
    from codial_tui.printing.output import write_pdf

    write_pdf(path, content, replace=replace)

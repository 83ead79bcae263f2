"""A Word letter becomes our marked text: paragraphs, bold, italic; the rest is said, not taken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codial_tui.domain.paper.richtext import Paragraph, Run, joined, to_markup
from codial_tui.domain.text import clean
from codial_tui.errors import Unreadable, system_words

MAX_FILE = 5_000_000
MAX_UNPACKED = 50_000_000
MAX_TEXT = 40_000
"""Characters a letter field holds."""

_OLD_WORD = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class LoadedLetter:
    """text: marked text (`domain.richtext`). notes: French, what of the file was left out."""

    text: str
    notes: tuple[str, ...] = ()


def load_docx(path: Path) -> LoadedLetter:
    """The letter in a .docx file. Raises Unreadable, in French, for anything else: no file, too
    big, an old .doc, a damaged or hostile archive, no text."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Unreadable(
                f"Lettre trop grosse : {size // 1_000_000} Mo",
                f"{MAX_FILE // 1_000_000} Mo au plus ; retirez les images",
            )
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"Lettre illisible : {path.name}", system_words(error)) from error
    return read_docx(data)


def read_docx(data: bytes) -> LoadedLetter:
    """The letter in the bytes of a .docx file. Raises Unreadable."""
    if data.startswith(_OLD_WORD):
        raise Unreadable(
            "Lettre à l'ancien format Word, ou protégée",
            "enregistrez-la en .docx sans mot de passe",
        )
    document = _opened(data)
    paragraphs = [_paragraph(one) for one in document.paragraphs]
    text = clean(to_markup([one for one in paragraphs if one]), multiline=True)
    if not text.strip():
        raise Unreadable("Lettre vide", "le fichier Word ne contient aucun paragraphe")
    if len(text) > MAX_TEXT:
        raise Unreadable(f"Lettre trop longue : {len(text)} signes", f"{MAX_TEXT} au plus")
    return LoadedLetter(text, tuple(_notes(document)))


def _opened(data: bytes) -> Any:
    """The python-docx document, after a look at how big the archive really is."""
    import docx

    damaged = Unreadable(
        "Lettre illisible : ce n'est pas un fichier Word .docx", "ouvrez-la dans Word"
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise Unreadable("Lettre refusée : archive démesurée", "enregistrez-la de nouveau")
        return docx.Document(io.BytesIO(data))
    except Unreadable:
        raise
    except Exception as error:  # python-docx lets zip, XML, key and value errors through
        raise damaged from error


def _paragraph(paragraph: Any) -> Paragraph:
    style = paragraph.style.font if paragraph.style is not None else None
    runs: list[Run] = []
    for run in _runs(paragraph):
        bold = run.bold if run.bold is not None else bool(style and style.bold)
        italic = run.italic if run.italic is not None else bool(style and style.italic)
        runs.append(Run(run.text.replace("\t", "    "), bold, italic))
    return joined(runs)


def _runs(paragraph: Any) -> Iterator[Any]:
    for inner in paragraph.iter_inner_content():
        yield from getattr(inner, "runs", None) or [inner]


def _notes(document: Any) -> Iterator[str]:
    tables, pictures = len(document.tables), len(document.inline_shapes)
    if tables:
        yield f"{tables} tableau{'x' if tables > 1 else ''} du fichier Word non repris"
    if pictures:
        plural = "s" if pictures > 1 else ""
        yield f"{pictures} image{plural} du fichier Word non reprise{plural}"

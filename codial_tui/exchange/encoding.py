"""Which characters a text file is written in, and whether it is text at all.

One pass over the bytes, chunk by chunk: memory does not grow with the file.
"""

from __future__ import annotations

import codecs
import stat
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from codial_tui.domain.problems import Invalid, invalid
from codial_tui.domain.text import clean
from codial_tui.errors import system_words

CHUNK = 1 << 18
LONGEST_LINE = 4 << 20
_ASCII = bytes(range(0x80))
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b")
_NOT_CONTROLS = bytes(byte for byte in range(0x100) if byte not in _CONTROLS)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNATURES = {
    b"%PDF": "un PDF",
    b"\x1f\x8b": "une archive",
    b"Rar!": "une archive",
    b"7z\xbc\xaf": "une archive",
    b"{\\rtf": "un document RTF",
    b"<": "du HTML ou du XML",
}
_CP1252_HOLES = frozenset(b"\x81\x8d\x8f\x90\x9d")
# the French and German letters of code page 850 that are no letters in Windows-1252
_CP850_LETTERS = frozenset("éèàçêâôûùëïîüäöÉÖÜÄ".encode("cp850")) - {0x80, 0x92}
_CP1252_LETTERS = frozenset(range(0xC0, 0x100))


@dataclass(frozen=True, slots=True)
class Text:
    """A text file: its encoding as Python names it, its number of lines."""

    encoding: str
    lines: int


def shown(path: Path | str) -> str:
    """A file's name as a message may show it: names come from outside too."""
    return clean(Path(path).name)[:80]


def open_error(path: Path, error: OSError) -> Invalid:
    """What the system answered, in words."""
    if isinstance(error, FileNotFoundError):
        return invalid("import.not_found", f"« {shown(path)} » : fichier introuvable")
    if isinstance(error, PermissionError):
        return invalid(
            "import.denied",
            f"« {shown(path)} » : lecture interdite",
            "vérifiez les droits du fichier",
        )
    return invalid(
        "import.unreadable", f"« {shown(path)} » : lecture impossible ({system_words(error)})"
    )


def opening(path: Path) -> bytes:
    """The first bytes of a regular file. Raises Invalid: not found, not a file, denied, empty."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "un dossier" if stat.S_ISDIR(status.st_mode) else "un fichier spécial"
            raise invalid(
                "import.not_a_file", f"« {shown(path)} » est {what}", "donnez un fichier de données"
            )
        with path.open("rb") as file:
            head = file.read(4096)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            raise open_error(path, error) from error
        if isinstance(error, Invalid):
            raise
        raise invalid("import.not_found", "nom de fichier impossible") from error
    if not head.strip(b" \t\r\n\x1a\xef\xbb\xbf") and status.st_size <= len(head):
        raise invalid("import.empty", f"« {shown(path)} » est vide")
    return head


def scan(path: Path) -> Text:
    """Encoding and number of lines. Raises Invalid when the file is no text we can read.

    UTF-8 when the whole file is valid UTF-8, else UTF-16 by its mark, else the 8-bit set its
    accented letters speak for (Windows-1252, ISO 8859-15, or the DOS page 850 of DATANORM).
    """
    head = opening(path)
    for signature, what in _SIGNATURES.items():
        if head.lstrip(codecs.BOM_UTF8 + b" \r\n\t").startswith(signature):
            raise _not_text(path, f"c'est {what}")
    wide = head.startswith(_UTF16)
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")()
    valid, lines, run, controls, size = True, 0, 0, 0, 0
    high: Counter[int] = Counter()
    last = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                last = chunk
                found = chunk.count(b"\n") or chunk.count(b"\r")
                lines += found
                run = 0 if found else run + len(chunk)
                if run > LONGEST_LINE:
                    raise _not_text(path, "une ligne dépasse 4 Mo")
                if not wide:
                    controls += len(chunk.translate(None, _NOT_CONTROLS))
                    high.update(chunk.translate(None, _ASCII))
                    if b"\0" in chunk or controls > 16 + size // 100:
                        raise _not_text(path, "il contient des octets binaires")
                if valid:
                    valid = _decodes(decoder, chunk)
    except OSError as error:
        raise open_error(path, error) from error
    valid = valid and _decodes(decoder, b"", final=True)
    if not last.endswith((b"\n", b"\r")):
        lines += 1
    if wide:
        if not valid:
            raise _not_text(path, "UTF-16 incomplet ou abîmé")
        return Text("utf-16", lines)
    if valid:
        return Text("utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", lines)
    return Text(_eight_bit(high), lines)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _eight_bit(high: Counter[int]) -> str:
    """The 8-bit set that makes letters of the bytes above 0x7f."""
    dos = sum(count for byte, count in high.items() if byte in _CP850_LETTERS)
    windows = sum(count for byte, count in high.items() if byte in _CP1252_LETTERS)
    if dos > windows:
        return "cp850"
    if any(0x80 <= byte < 0xA0 for byte in high):
        return "iso8859-1" if _CP1252_HOLES & high.keys() else "windows-1252"
    return "iso8859-15" if high[0xA4] else "windows-1252"  # 0xA4: a euro, nobody writes ¤


def _not_text(path: Path, why: str) -> Invalid:
    return invalid(
        "import.not_a_table",
        f"« {shown(path)} » n'est pas un tableau lisible : {why}",
        "donnez un CSV, un classeur, un FAB-DIS ou un DATANORM",
    )

"""CSV, TSV and their kin, one record at a time: separator, quotes and decimal sign guessed.

Lines without a quote are split, the others go through the csv module: most price lists hold no
quotes, and inch marks (`Tube 3/4"`) must not swallow the lines that follow.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from codial_tui.domain.problems import invalid

from .encoding import open_error, shown
from .fields import known_in

SEPARATORS = (";", "\t", ",", "|")
SAMPLE_RECORDS = 400
HEADER_DEPTH = 20
"""Titles and blank lines above a table: the header is looked for this far."""
RECORD_LINES = 60
"""A quoted field may hold line ends; past this many lines its quote was never closed."""

_QUOTED_FIELD = r'(?:^|{0})"(?:[^"]|"")*"(?:{0}|$)'
_DECIMALS = {
    ",": re.compile(r"[+-]?\d[\d \u00a0\u202f]*,\d{1,4}"),
    ".": re.compile(r"[+-]?\d[\d \u00a0\u202f]*\.\d{1,4}"),
}

Numbered = tuple[int, list[str] | None]


def lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a text file with their ends. Raises Invalid when it cannot be read (any
    more), or changed since its encoding was detected."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from file
    except OSError as error:
        raise open_error(path, error) from error
    except UnicodeError as error:
        raise invalid(
            "import.changed",
            f"« {shown(path)} » a changé pendant la lecture",
            "relancez l'import",
        ) from error


def records(source: Iterable[str], separator: str, *, quoted: bool = True) -> Iterator[Numbered]:
    """(line number, cells) of each record that is not blank; cells is None when a quoted field
    never ends, and reading goes on with the next line."""
    numbered = enumerate(source, 1)
    waiting: deque[tuple[int, str]] = deque(islice(numbered, 1))
    if waiting and re.fullmatch(r"sep=.\s*", waiting[0][1], re.IGNORECASE):
        waiting.clear()  # a word to Excel, not a record
    while True:
        item = waiting.popleft() if waiting else next(numbered, None)
        if item is None:
            return
        number, line = item
        if not quoted or '"' not in line:
            bare = line.rstrip("\r\n\x1a")
            if bare and not bare.isspace():
                yield number, bare.split(separator)
            continue
        yield number, _quoted(line, separator, numbered, waiting)


def _quoted(
    first: str,
    separator: str,
    numbered: Iterator[tuple[int, str]],
    waiting: deque[tuple[int, str]],
) -> list[str] | None:
    """The cells of the record that starts with `first`; lines pulled in vain go to `waiting`."""
    pulled: deque[tuple[int, str]] = deque()
    closed = True

    def feed() -> Iterator[str]:
        nonlocal closed
        yield first.rstrip("\x1a")
        while len(pulled) < RECORD_LINES:
            following = waiting.popleft() if waiting else next(numbered, None)
            if following is None:
                break
            pulled.append(following)
            yield following[1]
        closed = False

    try:
        cells = next(csv.reader(feed(), delimiter=separator), [])
    except csv.Error:  # a field over the csv module's limit
        closed = False
    if closed:
        return cells
    waiting.extendleft(reversed(pulled))
    return None


def sniff(path: Path, encoding: str) -> tuple[str, bool, list[tuple[int, list[str]]]]:
    """(separator, quoted, first records). The separator is the one under which the most headers
    are known; failing that the one that cuts most lines into the same number of fields, more
    than one; ";" when none does."""
    text = list(islice(lines(path, encoding), SAMPLE_RECORDS))
    candidates = []
    for rank, separator in enumerate(SEPARATORS):
        pattern = re.compile(_QUOTED_FIELD.format(re.escape(separator)), re.MULTILINE)
        quoted = separator != "\t" or any(pattern.search(line.rstrip("\r\n")) for line in text)
        cut = [
            (number, cells) for number, cells in records(text, separator, quoted=quoted) if cells
        ]
        widths = Counter(len(cells) for _, cells in cut)
        usual, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        named = max((known_in(cells) for _, cells in cut[:HEADER_DEPTH]), default=0)
        regular = round(10 * count / len(cut)) if usual > 1 else 0  # in tenths: titles are allowed
        score = (named if named > 1 else 0, regular, usual, -rank)
        candidates.append((score, (separator, quoted, cut)))
    return max(candidates, key=lambda candidate: candidate[0])[1]


def decimal_sign(rows: Iterable[Iterable[str]]) -> str:
    """ "," or ".": what most numbers of a sample use; a comma when there is no telling."""
    votes: Counter[str] = Counter()
    for cells in rows:
        for cell in cells:
            bare = cell.strip().rstrip("€ \u00a0\u202f")
            for sign, pattern in _DECIMALS.items():
                if sign in bare and pattern.fullmatch(bare):
                    votes[sign] += 1
    return "." if votes["."] > votes[","] else ","

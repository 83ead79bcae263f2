"""Letters and texts with a little form: `**gras**`, `_italique_`, blank line = new paragraph.

The markup belongs to the person who writes the text. Field values (`{client.nom}`) are put in
after the markup is read, so a customer called `**X**` stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codial_tui.domain.problems import Problem


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one weight; `\\n` in it is a line break inside the paragraph."""

    text: str
    bold: bool = False
    italic: bool = False


Paragraph = tuple[Run, ...]

_MARK = re.compile(r"\\(?P<plain>[\\*_{])|(?P<bold>\*\*)|(?P<italic>_)")
_OPENS = re.compile(r"(?<!\w)_(?=\S)")  # inside a word or an address `_` is a character
_CLOSES = re.compile(r"(?<=\S)_(?!\w)")
_FIELD = re.compile(r"\{([a-zà-ÿ][a-zà-ÿ0-9_]*(?:\.[a-zà-ÿ0-9_]+)*)\}")
_SPECIAL = re.compile(r"([\\*_])")
_ESCAPED_BRACE = "\x00"  # never in cleaned text: stands for a brace that opens no field


def parse(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a marked text. Nothing is an error: a mark without its partner stands
    for itself."""
    blocks = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip("\n"))
    return tuple(_runs(block) for block in blocks if block.strip())


def _runs(block: str) -> Paragraph:
    pieces: list[tuple[str, str]] = []  # kind ("", bold, italic), text
    last = 0
    is_italic = False
    for match in _MARK.finditer(block):
        kind = str(match.lastgroup)
        if kind == "italic" and not (_CLOSES if is_italic else _OPENS).match(block, match.start()):
            continue
        pieces.append(("", block[last : match.start()]))
        last = match.end()
        if kind == "plain":
            char = match.group("plain")
            pieces.append(("", _ESCAPED_BRACE if char == "{" else char))
        elif kind == "bold":
            pieces.append(("bold", "**"))
        else:
            is_italic = not is_italic
            pieces.append(("italic", "_"))
    pieces.append(("", block[last:]))
    for kind in ("bold", "italic"):
        marks = [index for index, piece in enumerate(pieces) if piece[0] == kind]
        if len(marks) % 2:
            pieces[marks[-1]] = ("", pieces[marks[-1]][1])
    runs: list[Run] = []
    bold = italic = False
    for kind, text in pieces:
        if kind == "bold":
            bold = not bold
        elif kind == "italic":
            italic = not italic
        elif text:
            runs.append(Run(text, bold, italic))
    return joined(runs)


def joined(runs: Sequence[Run]) -> Paragraph:
    """Runs with neighbours of the same weight put together and empty ones left out."""
    result: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if result and (result[-1].bold, result[-1].italic) == (run.bold, run.italic):
            result[-1] = replace(result[-1], text=result[-1].text + run.text)
        else:
            result.append(run)
    return tuple(result)


def to_markup(paragraphs: Sequence[Paragraph]) -> str:
    """The marked text that `parse` reads back as these paragraphs.

    Marks stand against letters, never against blanks; an italic stretch glued to a word on
    either side cannot be written and loses its slant.
    """
    return "\n\n".join(_paragraph_markup(paragraph) for paragraph in paragraphs)


def _paragraph_markup(paragraph: Paragraph) -> str:
    parts: list[str] = []
    for index, run in enumerate(paragraph):
        core = run.text.strip()
        if not core:
            parts.append(run.text)
            continue
        lead = run.text[: len(run.text) - len(run.text.lstrip())]
        tail = run.text[len(run.text.rstrip()) :]
        before = paragraph[index - 1].text[-1:] if index and not lead else ""
        after = paragraph[index + 1].text[:1] if index + 1 < len(paragraph) and not tail else ""
        marked = _SPECIAL.sub(r"\\\1", core)
        if run.italic and not re.match(r"\w", before) and not re.match(r"\w", after):
            marked = f"_{marked}_"
        if run.bold:
            marked = f"**{marked}**"
        parts.append(lead + marked + tail)
    return "".join(parts)


def fill(
    paragraphs: Sequence[Paragraph], values: Mapping[str, str]
) -> tuple[tuple[Paragraph, ...], list[Problem]]:
    """The paragraphs with every `{field}` replaced, and one Problem for each unknown name.

    An unknown field stays as it was typed, so that the proof shows where it is.
    """
    unknown: list[str] = []

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in values:
            return values[name]
        if name not in unknown:
            unknown.append(name)
        return match.group(0)

    filled = tuple(
        joined(
            [
                replace(run, text=_FIELD.sub(value_of, run.text).replace(_ESCAPED_BRACE, "{"))
                for run in paragraph
            ]
        )
        for paragraph in paragraphs
    )
    problems = [
        Problem(
            "letter.unknown_field",
            name,
            f"Champ inconnu dans le texte : {{{name}}}",
            _remedy(name, values),
        )
        for name in unknown
    ]
    return filled, problems


def _remedy(name: str, values: Mapping[str, str]) -> str:
    family = name.split(".")[0] + "."
    near = [f"{{{one}}}" for one in values if one.startswith(family)][:4]
    return f"champs connus : {', '.join(near)}" if near else "F1 donne la liste des champs"


def plain(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The text alone: its lines, an empty one between paragraphs."""
    lines: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        if index:
            lines.append("")
        lines.extend("".join(run.text for run in paragraph).split("\n"))
    return lines

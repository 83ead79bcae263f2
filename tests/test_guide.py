"""What the guide tells people to type reads as the guide says, on the demo catalogue."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from demo_files import catalogue

from codial_tui.cli.parser import VERBS, parse
from codial_tui.domain.entry.entry import parse_entry
from codial_tui.domain.entry.entry_kinds import Entry, FreeItem, Item, Refused, Search

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs/guide.md"


class Catalogue:
    """The demo's references, as the typing line looks them up."""

    def __init__(self) -> None:
        self.known = {reference.casefold(): reference for reference in catalogue()}

    def reference(self, text: str) -> str | None:
        return self.known.get(text.casefold())

    def barcode(self, digits: str) -> str | None:
        found = (ref for ref, row in catalogue().items() if row.get("ean") == digits)
        return next(found, None)


def read(text: str) -> Entry:
    return parse_entry(text, Catalogue())


def typed(heading: str, column: int = 0) -> list[tuple[str, str]]:
    """The code in one column of the table under a heading, with what the last column says."""
    section = GUIDE.read_text(encoding="utf-8").split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    found = []
    for row in section.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if row.startswith("|"):
            found += [(code, cells[-1]) for code in re.findall(r"`([^`]+)`", cells[column])]
    return found


@pytest.mark.parametrize(("text", "says"), typed("Un article"))
def test_items_read_as_items(text: str, says: str) -> None:
    entry = read(text)
    assert isinstance(entry, Item)
    figure = re.search(r"\d+", says)
    if figure and entry.quantity is not None and says[0].isdigit():
        assert entry.quantity == int(figure.group()) * 10_000
    assert bool(entry.notes) == ("retour" in says)


@pytest.mark.parametrize(("text", "says"), typed("Les signes", column=1))
def test_signs_read_as_lines(text: str, says: str) -> None:
    assert not isinstance(read(text), Refused | Search), says


@pytest.mark.parametrize(("text", "says"), typed("Quand c'est refusé"))
def test_what_the_guide_says_is_refused_is_refused(text: str, says: str) -> None:
    entry = read(text)
    assert isinstance(entry, Refused)
    assert entry.problem.text.split()[0] == says.split()[0]


def test_the_quote_of_the_guide_reads_line_by_line() -> None:
    block = GUIDE.read_text(encoding="utf-8").split("```\n")[1]
    names = [type(read(line)).__name__ for line in block.splitlines()]
    assert names == ["Chapter", "Item", "Item", "Comment", "FreeItem", "Item", "Item"]


def test_a_designation_keeps_its_digits() -> None:
    entry = read(".Pose tube Ø12 barre 5 m;2 x45")
    assert isinstance(entry, FreeItem)
    assert (entry.label, entry.quantity) == ("Pose tube Ø12 barre 5 m", 20_000)


@pytest.mark.parametrize("text", ["tub cui", "12*tub cui"])
def test_words_are_a_search(text: str) -> None:
    assert isinstance(read(text), Search)


def test_every_link_of_the_contents_leads_somewhere() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == anchors


def commands() -> list[str]:
    """What the documents give to type in a shell."""
    found = []
    for name in ("docs/guide.md", "docs/deploy-ssh.md", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        spans = [" ".join(one.split()) for one in re.findall(r"(?<!`)`([^`]+)`(?!`)", text)]
        spans = [one for one in spans if " " in one and one.split()[0] in {"codial-tui", *VERBS}]
        spans += re.findall(r"^ *(codial-tui [^#\n]+?)(?: {3}.*| *#.*)?$", text, re.MULTILINE)
        found += [one.removeprefix("codial-tui ").strip() for one in spans]
    return sorted(set(found))


@pytest.mark.parametrize("command", commands())
def test_the_commands_of_the_documents_are_understood(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As they stand; one that only names a verb may leave out what the verb works on."""
    try:
        parse(shlex.split(command))
    except SystemExit as ended:
        said = capsys.readouterr().err
        assert not ended.code or (" : il manque : " in said and " -" not in command), said


def test_the_documents_name_every_gesture_of_an_invoice() -> None:
    verbs = {command.split(" -")[0] for command in commands()}
    named = {" ".join(one.split()[:2]) for one in verbs} | {one.split()[0] for one in verbs if one}
    for wanted in (
        *("document validate", "export factur-x", "export fec", "payment record", "payment list"),
        *("statement", "subscription run", "closing run", "closing list", "archive", "verify"),
        *("deposit", "credit-note", "export vat", "export analysis", "export e-reporting"),
    ):
        assert wanted in named, wanted

"""The scripts of ux.md §8 stay within their counts, whatever they are changed to."""

from pathlib import Path

import pytest
from demo_program import running
from keystrokes import COUNTER, KNOWN_CUSTOMER, NEW_CUSTOMER, PER_LINE, STORIES, Story, typed

from codial_tui.bootstrap import Program, open_program
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.services.demo import demo as demo_company
from codial_tui.services.documents import documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load
from codial_tui.services.records import catalogue, parties

CUSTOMERS = {
    NEW_CUSTOMER.name: "durand toit",
    KNOWN_CUSTOMER.name: "MARTIN SARL",
    COUNTER.name: parties.COUNTER_NAME,
}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_takes_no_more_keys_than_promised(story: Story) -> None:
    assert story.count <= story.target


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_line_takes_at_most_eight_keys_beyond_its_reference_or_label(story: Story) -> None:
    assert [line.what for line in story.lines if line.beyond > PER_LINE] == []


def test_the_ten_lines_are_the_ones_of_the_story() -> None:
    assert len(COUNTER.lines) == 10
    assert sum(line.count for line in COUNTER.lines) <= 103
    assert sum(line.keys[0] == "=" for line in COUNTER.lines) == 2
    assert [line.what for line in COUNTER.lines if line.scan] == ["scan"]


def test_the_customers_differ_by_what_the_table_says() -> None:
    own = [sum(gesture.count for gesture in story.before) - 2 for story in STORIES]
    assert own == [42, 5, 1]
    assert NEW_CUSTOMER.lines == KNOWN_CUSTOMER.lines == COUNTER.lines


def test_a_scan_moves_no_finger_but_is_pressed() -> None:
    scan = typed("scan", "123", "enter", scan=True)
    assert (scan.count, scan.beyond, scan.keys) == (0, 0, ("1", "2", "3", "enter"))
    assert "3" in Story("s", 0, (scan,)).keys


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = open_program(str(tmp_path_factory.mktemp("demo") / "demo.sqlite3"), create=True)
    demo_company.load(program.context)
    return program


def test_the_lines_read_as_meant_in_the_demo_company(company: Program) -> None:
    """The texts typed, without a screen: each line is what the story says it is."""
    context = company.context
    editor = Editor(context, documents.create(context, "quote", parties.counter(context)))
    for gesture in COUNTER.lines:
        text = "".join(key for key in gesture.keys if key != "enter")
        reading = entering.read(editor, text, None)
        if gesture.what.startswith("search"):
            hits = catalogue.search(context.database, text)
            assert [hit.reference for hit in hits][:2] == ["CAB315", "CAB325"]
            reading = entering.read(editor, hits[0].reference, None)
        assert not reading.error, (text, reading.text)
        entering.enter(editor, reading, None)
    assert [
        (line.type, line.reference or line.label, line.tag) for line in editor.document.lines
    ] == [
        ("chapter", "Plomberie", ""),
        ("item", "TUB12", ""),
        ("item", "RACC12", ""),
        ("item", "CE200S", ""),
        ("item", "Pose", ""),
        ("chapter", "Courant fort", ""),
        ("item", "DISJ16", ""),
        ("item", "CAB315", ""),
        ("item", "BORN7", "option"),
        ("item", "GRSEC", ""),
    ]
    assert editor.document.lines[2].discounts == (50_000,)


def test_the_customers_of_the_stories(company: Program) -> None:
    new = "".join(key for key in NEW_CUSTOMER.before[1].keys if key != "enter")
    known = "".join(key for key in KNOWN_CUSTOMER.before[1].keys if key != "enter")
    assert parties.search(company.context, new) == []
    assert len(parties.search(company.context, known, role="customer")) > 0


@pytest.fixture
def no_printers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter in the preview saves the PDF where there is no printer."""
    empty = tmp_path / "nothing"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


def named(key: str) -> str:
    """A key of a script as the pilot names it."""
    return "space" if key == " " else key


@pytest.mark.long
@pytest.mark.usefixtures("no_printers")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_the_keys_of_a_story_make_the_quote_it_tells(
    story: Story, demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 80×24, from home: the quote, its ten lines, the PDF in the export folder."""
    value = demo.context.database.value
    before = value("SELECT COUNT(*) FROM document")
    parties_before = value("SELECT COUNT(*) FROM party")
    async with running(demo, monkeypatch) as session:
        for gesture in story:
            await session.pilot.press(*(named(key) for key in gesture.keys))
            assert not session.screen.reading.error, (gesture.what, session.text)
        await session.settled()
        assert isinstance(session.screen, DocumentScreen), session.text
        assert "PDF enregistré" in session.rows()[22]
    assert value("SELECT COUNT(*) FROM document") == before + 1
    assert value("SELECT COUNT(*) FROM party") == parties_before + (story is NEW_CUSTOMER)
    document = load(demo.context.database, value("SELECT MAX(id) FROM document"))
    assert document is not None
    assert [(line.type, line.reference or line.label) for line in document.top_lines()] == [
        ("chapter", "Plomberie"),
        ("item", "TUB12"),
        ("item", "RACC12"),
        ("item", "CE200S"),
        ("item", "Pose"),
        ("chapter", "Courant fort"),
        ("item", "DISJ16"),
        ("item", "CAB315"),
        ("item", "BORN7"),
        ("item", "GRSEC"),
    ]
    assert document.text("party_name") == CUSTOMERS[story.name]
    assert document.header["printed_at"]

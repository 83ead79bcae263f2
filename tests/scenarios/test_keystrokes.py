"""The scripts of ux.md §8 stay within their counts, whatever they are changed to."""

import pytest
from keystrokes import COUNTER, KNOWN_CUSTOMER, NEW_CUSTOMER, PER_LINE, STORIES, Story, typed


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

"""Keys of each story, counted from the very scripts that the screen tests press."""

from __future__ import annotations

from keystrokes import PAID_AT_THE_COUNTER, PER_LINE, STORIES

from .results import Options, Result, limit


def measure(options: Options) -> Result:
    """Keys per story and most keys of a line beyond reference and label. Nothing is run here: the
    screen tests prove that these keys do what the story says."""
    lines = [line for story in STORIES for line in story.lines]
    worst = max(lines, key=lambda line: line.beyond)
    return {
        "stories": {
            story.name: limit(story.count, story.target)
            for story in (*STORIES, PAID_AT_THE_COUNTER)
        },
        "beyond_reference_and_label": limit(worst.beyond, PER_LINE) | {"line": "".join(worst.keys)},
    }

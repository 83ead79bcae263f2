"""What the terminal is taken for, and what Textual is told."""

import pytest

from codial_tui.terminal.environment import Terminal, prepare, probe

UTF8 = {"TERM": "xterm-256color", "LANG": "fr_FR.UTF-8"}


@pytest.mark.parametrize(
    ("environ", "terminal"),
    [
        (UTF8, Terminal("16", "full")),
        ({**UTF8, "COLORTERM": "truecolor"}, Terminal("16", "full")),
        ({**UTF8, "NO_COLOR": "1"}, Terminal("none", "full")),
        ({**UTF8, "NO_COLOR": ""}, Terminal("16", "full")),
        ({"TERM": "xterm"}, Terminal("16", "full")),
        ({**UTF8, "LC_ALL": "fr_FR.ISO-8859-1"}, Terminal("16", "plain")),
        ({**UTF8, "LC_ALL": "fr_FR@euro"}, Terminal("16", "plain")),
        ({**UTF8, "TERM": "linux"}, Terminal("16", "plain")),
        ({**UTF8, "TERM": "vt220"}, Terminal("none", "plain")),
        ({}, Terminal("none", "plain")),
    ],
)
def test_probe(environ: dict[str, str], terminal: Terminal) -> None:
    assert probe(environ) == terminal


def test_settings_win_except_over_no_color() -> None:
    assert probe(UTF8, "true", "plain") == Terminal("true", "plain")
    assert probe({**UTF8, "NO_COLOR": "1"}, "true") == Terminal("none", "full")


def test_prepare_sets_what_nobody_set() -> None:
    environ = {**UTF8, "TEXTUAL_COLOR_SYSTEM": "256", "NO_COLOR": ""}
    assert prepare(environ) == Terminal("16", "full")
    assert environ == {
        **UTF8,
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_FPS": "250",
        "TEXTUAL_COLOR_SYSTEM": "256",
    }

"""What a user may turn on: the mouse, and the terminal's own cursor for a screen reader."""

import json
from pathlib import Path

import pytest
from test_wire import company as company
from test_wire import opened

from codial_tui.bootstrap import open_program
from codial_tui.services.records import preferences, settings

REPORTS, SHOWN, STEADY = "\x1b[?1000h", "\x1b[?25h", "\x1b[2 q"


@pytest.mark.long
@pytest.mark.parametrize("on", [False, True])
def test_mouse_and_cursor_are_off_until_a_user_wants_them(
    company: Path,
    tmp_path: Path,
    on: bool,
) -> None:
    own = tmp_path / "own.sqlite3"
    own.write_bytes(company.read_bytes())
    program = open_program(str(own))
    if on:
        settings.store(program.context, preferences.MOUSE.name, "on")
        settings.store(program.context, preferences.CURSOR.name, "shown")
    program.close()
    with opened(own, tmp_path / "home"):
        log = (tmp_path / "home" / "log").read_text().splitlines()
        records = map(json.loads, log)
        sent = "".join(record[1] for record in records if record[0] == "thin")
        assert (REPORTS in sent, SHOWN in sent, STEADY in sent) == (on, on, on)

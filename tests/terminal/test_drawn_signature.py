"""A signature drawn in a real terminal: the mouse is followed while the drawing is on screen, and
never longer, whatever ends it."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest
from pty_session import Gone, PtySession
from test_wire import company as company
from test_wire import opened

from codial_tui.bootstrap import open_program
from codial_tui.domain.changes import insert
from codial_tui.domain.document import Line
from codial_tui.services.documents.editing import Editor
from codial_tui.services.maintenance import work_orders

ON, OFF = "\x1b[?1002h", "\x1b[?1002l"


def sent(home: Path) -> str:
    """Every byte that the program wrote."""
    records = map(json.loads, (home / "log").read_text().splitlines())
    return "".join(record[1] for record in records if record[0] == "thin")


def mouse(session: PtySession, x: int, y: int, code: int = 0, end: str = "M") -> None:
    """A report as xterm sends it (SGR), cells counted from 1."""
    session.send(f"\x1b[<{code};{x};{y}{end}")


@pytest.fixture
def drawing(company: Path, tmp_path: Path) -> PtySession:
    """The program on the frame to draw in."""
    own = tmp_path / "own.sqlite3"
    own.write_bytes(company.read_bytes())
    program = open_program(str(own))
    context = program.context
    party = int(context.database.value("SELECT MIN(id) FROM party"))
    editor = Editor(context, work_orders.new(context, party, contact_name="Mme Dupont"))
    line = Line(context.uid(), label="Joint", quantity=1_0000, unit_price=10_0000)
    editor.commit([insert(line)], "Ligne")
    ref = editor.document.ref
    editor.close()
    program.close()
    session = opened(own, tmp_path / "home")
    session.send(ref)
    session.wait_for(ref)
    session.press("enter")
    session.wait_for("Lignes")
    session.wait_for("Joint")
    session.press("f7")
    session.wait_for("Faire signer")
    assert ON not in sent(tmp_path / "home")
    session.press("4", "enter", "d")
    session.wait_for("Signez dans le cadre")
    session.settle()
    assert sent(tmp_path / "home").count(ON) == 1
    return session


@pytest.mark.long
def test_strokes_of_a_real_mouse(drawing: PtySession, tmp_path: Path) -> None:
    with drawing as session:
        mouse(session, 6, 4)
        mouse(session, 40, 10, 32)
        mouse(session, 75, 17, 32)
        mouse(session, 75, 17, 0, "m")
        session.wait_for("1 trait")
        assert any("\u2800" < char <= "\u28ff" for char in session.text)
        session.press("enter")
        session.wait_for("Signé par Mme Dupont")
        session.settle()
        assert re.findall(r"\x1b\[\?1002[hl]", sent(tmp_path / "home")) == [ON, OFF]
    program = open_program(str(tmp_path / "home" / "demo.sqlite3"))
    row = program.context.database.row("SELECT signer, strokes FROM work_report ORDER BY id DESC")
    program.close()
    assert row is not None
    assert row[0] == "Mme Dupont"
    assert json.loads(row[1]) == [[[10, 20], [690, 260], [1390, 540]]]


@pytest.mark.long
@pytest.mark.parametrize("how", ["escape", "end", "stop"])
def test_the_mouse_is_given_back(drawing: PtySession, tmp_path: Path, how: str) -> None:
    with drawing as session:
        if how == "escape":
            session.press("escape")
            session.wait_for("Nom de qui signe")
            session.settle()
        elif how == "end":
            session.process.send_signal(signal.SIGTERM)
            with pytest.raises(Gone):
                session.wait_for("never", timeout=20)
        else:
            os.kill(session.pid, signal.SIGTSTP)
            stopped, status = os.waitpid(session.pid, os.WUNTRACED)
            assert stopped == session.pid
            assert os.WIFSTOPPED(status)
        found = re.findall(r"\x1b\[\?1002[hl]", sent(tmp_path / "home"))
        assert found == [ON, OFF]
        if how == "stop":
            os.kill(session.pid, signal.SIGCONT)
            session.wait_until(lambda: sent(tmp_path / "home").count(ON) == 2, "the mouse")

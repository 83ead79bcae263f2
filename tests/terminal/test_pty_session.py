"""The pty session itself: what it sends, reads, times and shows, against programs we know."""

import signal
import sys
from pathlib import Path

import pytest
from pty_session import Gone, PtySession, key, plain

ROOT = Path(__file__).parents[2]


def python(text: str) -> list[str]:
    return [sys.executable, "-c", text]


ECHO = """
import sys, tty
tty.setraw(0)
while True:
    key = sys.stdin.buffer.raw.read(1)
    sys.stdout.write("\\x1b[5;3H<" + format(key[0], "02x") + ">")
    sys.stdout.flush()
"""


def test_shows_what_the_program_draws_where_it_draws_it() -> None:
    draw = "print('\\x1b[2J\\x1b[3;10Hé€ \\x1b[1;31mrouge\\x1b[0m', end='', flush=True); input()"
    with PtySession(python(draw)) as session:
        session.wait_for("rouge")
        assert session.rows[2] == " " * 9 + "é€ rouge" + " " * 63
        assert session.cursor == (2, 17)
        assert len(session.rows) == 24 and {len(row) for row in session.rows} == {80}


def test_sequences_the_emulator_does_not_know_do_not_show() -> None:
    odd = r"\x1b[>1u\x1b[<u\x1b[?2026$p\x1bP+q544e\x1b\\\x1b[>4;1m\x1b]52;c;aGk=\x07vu"
    with PtySession(python(f"print('{odd}', end='', flush=True); input()")) as session:
        session.wait_for("vu")
        assert session.rows[0].strip() == "vu"


def test_a_sequence_cut_in_two_is_put_together() -> None:
    cut = (
        "import sys\n"
        "for part in ('\\x1b[>', '1u\\x1b[2;', '2Hx', '\\x1b]0;ti', 'tle\\x07', 'y'):\n"
        "    sys.stdout.write(part); sys.stdout.flush(); input()\n"
    )
    with PtySession(python(cut)) as session:
        for _ in range(5):
            session.wait_idle()
            assert ">" not in session.text.replace("\n", "") and "ti" not in session.text
            session.send("\n")
        session.wait_for("y")
        assert "x" in session.rows[1]


def test_counts_the_bytes_of_a_gesture() -> None:
    with PtySession(python(ECHO)) as session:
        session.wait_idle(200)
        answer = session.gesture("a")
        assert answer.bytes == len("\x1b[5;3H<61>")
        assert 0 < answer.first_ms <= answer.last_ms
        session.press("f5", "enter")
        session.wait_for("<0d>")


def test_no_colorterm_and_a_fixed_size() -> None:
    ask = (
        "import os; print(os.get_terminal_size(), os.environ.get('COLORTERM'), os.environ['TERM'])"
    )
    with PtySession(python(ask + "; input()")) as session:
        session.wait_for("columns=80, lines=24) None xterm-256color")
        session.resize(40, 120)
        assert len(session.rows) == 40


def test_what_does_not_come_is_said_with_the_screen() -> None:
    with PtySession(python("print('ici'); input()")) as session:
        session.wait_for("ici")
        with pytest.raises(Gone, match=r"(?s)'ailleurs' did not come.*ici"):
            session.wait_for("ailleurs", timeout=0.1)


def test_the_end_of_the_program_is_said() -> None:
    with (
        PtySession(python("raise SystemExit(3)")) as session,
        pytest.raises(Gone, match="ended with 3"),
    ):
        session.wait_for("rien")
    with PtySession(python("print('fin'); raise SystemExit(4)")) as session:
        assert session.wait_end() == 4
        assert "fin" in session.text


def test_a_hang_up_reaches_the_program() -> None:
    with PtySession(python("print('la', flush=True); input()")) as session:
        session.wait_for("la")
        session.hang_up()
        assert session.process.wait(10) == -signal.SIGHUP


def test_keys_by_name() -> None:
    assert [key(name) for name in ("enter", "f5", "ctrl+r", "down", "é")] == [
        "\r",
        "\x1b[15~",
        "\x12",
        "\x1b[B",
        "é",
    ]


def test_the_text_of_a_stream() -> None:
    assert plain("\x1b[?25l\x1b[1;2H\x1b[38;5;3mé\x1b[0m a\x1b]0;t\x07\x1b(Bb".encode()) == "é ab"


def test_a_textual_program_is_drawn_and_answers_keys() -> None:
    with PtySession([sys.executable, "-m", "bench.blank", "input"], cwd=ROOT) as session:
        ms = session.wait_for_bytes([b"PRET"])
        assert ms > 0
        session.wait_idle(150)
        answer = session.gesture("z")
        assert 10 < answer.bytes < 2000  # stock Textual draws the whole Input again
        assert any("PRETz" in row for row in session.rows)
        assert session.text.count("\n") == 23
        row = next(row for row in session.rows if "PRETz" in row)
        assert row.strip(" ▊▎").startswith("PRETz")


@pytest.mark.long
def test_settled_is_asleep_and_not_only_quiet() -> None:
    busy = """
import sys, time, tty
tty.setraw(0)
sys.stdin.buffer.raw.read(1)
print("avant", end="", flush=True)
end = time.process_time() + 0.25
while time.process_time() < end: pass
print("apres", end="", flush=True)
time.sleep(60)
"""
    with PtySession(python(busy)) as session:
        session.settle()
        answer = session.settle("a", quiet_ms=20)
        assert answer.bytes == len("avantapres") and answer.last_ms >= 250


def test_tells_where_the_cursor_is_when_it_answers() -> None:
    ask = r"""
import sys, tty
tty.setraw(0)
sys.stdout.write("\x1b[6n"); sys.stdout.flush()
answer = sys.stdin.buffer.raw.read(6)
sys.stdout.write(repr(answer)); sys.stdout.flush()
sys.stdin.read(1)
"""
    with PtySession(python(ask), answers=True) as session:
        session.wait_for(r"b'\x1b[1;1R'")
        assert session.total == len(r"b'\x1b[1;1R'") + len("\x1b[6n")
    with PtySession(python(ask)) as silent:
        assert silent.settle().bytes == len("\x1b[6n")

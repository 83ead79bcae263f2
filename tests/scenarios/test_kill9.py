"""kill -9 while typing and importing: the database opens, integrity holds, no step is by halves,
and at most what was being typed is missing (design.md §3, §8).

Children are forked from this process, which has everything loaded; a kill costs 30 ms so. What a
power cut loses is not tested here: `synchronous=FULL` is SQLite's own promise.
"""

import random
import shutil
from pathlib import Path

import crash
import pytest

SEED = 20261122
KILLS = 280


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kill9") / "codial.sqlite3"
    crash.build(path)
    return path


@pytest.fixture
def company(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "codial.sqlite3"))


def kill_while_typing(path: Path, times: int, seed: int) -> int:
    """Kill so many typists one after the other on one database; returns the steps committed."""
    rng = random.Random(seed)
    steps = 0
    for number in range(times):
        steps_before_the_kill, microseconds = rng.randrange(1, 7), rng.randrange(6000)
        with crash.forked(lambda say, n=number: crash.typing(path, seed + n, say)) as (pid, pipe):
            said = crash.kill_after(pid, pipe, steps_before_the_kill, microseconds)
        problems = crash.verify(path, said)
        assert not problems, (number, said, problems)
        steps += said.count("\n") - 1
    return steps


def test_a_database_nobody_killed_is_whole(company: Path) -> None:
    assert crash.verify(company) == []


def test_a_few_kills_while_typing(company: Path) -> None:
    assert kill_while_typing(company, 8, SEED) >= 8


@pytest.mark.long
def test_many_kills_while_typing(company: Path) -> None:
    assert kill_while_typing(company, KILLS // 2, SEED + 1000) >= KILLS // 2


def test_the_others_go_on_when_one_is_killed(company: Path) -> None:
    """The dead one may have held the turn of the writers, or been inside a transaction."""
    rng = random.Random(SEED)
    said = ""
    with crash.forked(lambda say: crash.typing(company, 1, say, 1)) as (_, survivor):
        said += crash.listen(survivor, 2).decode()
        for number in range(6):
            with crash.forked(lambda say, n=number: crash.typing(company, n, say, 2)) as (
                pid,
                pipe,
            ):
                killed = crash.kill_after(pid, pipe, 2, rng.randrange(4000))
            before = said.count("\n")
            said += crash.listen(survivor, 3).decode()
            assert said.count("\n") >= before + 3
    assert crash.verify(company, killed) == []
    assert int(said.split()[-1]) > 15


def break_it(path: Path, sql: str) -> list[str]:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()
    return crash.verify(path)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE document SET version = version + 1 WHERE id = 1", "steps [1"),
        ("UPDATE document SET net_total = net_total + 1 WHERE id = 1", "stored totals"),
        ("UPDATE document_line SET label = 'autre' WHERE id = 1", "of the log"),
        ("UPDATE document SET subject = 'autre' WHERE id = 1", "header subject"),
        ("DELETE FROM document_line WHERE id = 1", "of the log"),
        ("INSERT INTO item_search (rowid, search_text) VALUES (999, 'absent')", "search index"),
    ],
)
def test_the_check_itself_sees_what_is_broken(company: Path, sql: str, told: str) -> None:
    program = crash.open_program(str(company), login="essai")
    editor = crash.Editor(program.context, 1)
    reading = crash.entering.read(editor, ".Pose;2 x45", None)
    crash.entering.enter(editor, reading, None)
    editor.set_header("Objet", subject="Chantier")
    program.close()
    assert crash.verify(company) == []
    assert any(told in problem for problem in break_it(company, sql)), crash.verify(company)


def test_a_step_that_was_said_and_is_missing_is_seen(company: Path) -> None:
    assert any("the last step said" in one for one in crash.verify(company, "1 2\n"))
    assert crash.verify(company, "fault OSError: x\n") == ["child: OSError: x"]

"""kill -9 while typing and importing: the database opens, integrity holds, no step is by halves,
and at most what was being typed is missing (design.md §3, §8).

Children are forked from this process, which has everything loaded; a kill costs 30 ms so. What a
power cut loses is not tested here: `synchronous=FULL` is SQLite's own promise.
"""

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import crash
import crash_import
import pytest

SEED = 20261122
KILLS = 280
"""Half of them while typing, half while importing; 20 more in a terminal (test_pty_kill9)."""


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


def founding(path: Path, say: Callable[[str], None]) -> None:
    """Make a database and a company in it."""
    say("start")
    program = crash.open_program(str(path), create=True, login="essai")
    say("open")
    crash.company.init(program.context, "Essai SARL")
    say("company")
    program.close()


@pytest.mark.long
@pytest.mark.parametrize("number", range(8))
def test_a_kill_while_the_database_is_made(tmp_path: Path, number: int) -> None:
    """The next start goes on where the schema was left: there is a company, or there is none."""
    rng = random.Random(SEED + number)
    path = tmp_path / "codial.sqlite3"
    for _ in range(3):
        with crash.forked(partial(founding, path)) as (pid, pipe):
            said = crash.kill_after(pid, pipe, rng.randrange(1, 3), rng.randrange(20_000))
    program = crash.open_program(str(path), create=True, login="essai")
    exists = crash.company.exists(program.context)
    rates = program.context.database.value("SELECT COUNT(*) FROM vat_rate")
    assert (rates > 0) == exists and (exists or "company" not in said)
    if not exists:
        crash.company.init(program.context, "Essai SARL")
    program.close()
    assert crash.verify(path) == []


# Importing


@pytest.fixture(scope="module")
def price_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("list") / "tarif.csv"
    crash_import.write_list(path)
    return path


@pytest.fixture(scope="module")
def imported(
    template: Path, price_list: Path, tmp_path_factory: pytest.TempPathFactory
) -> crash_import.Items:
    """The items after an import that nobody killed."""
    path = Path(shutil.copy(template, tmp_path_factory.mktemp("whole") / "codial.sqlite3"))
    crash_import.run(path, price_list)
    found = crash_import.items(path)
    assert len(found) == crash_import.ROWS + 3
    return found


def kill_while_importing(
    template: Path, folder: Path, price_list: Path, imported: crash_import.Items, kills: int
) -> dict[str, int]:
    """Kill imports, and what goes on with them, until there were so many kills; each time the
    import is finished in the end, or cancelled, and nothing tells that it was ever cut."""
    rng = random.Random(SEED + kills)
    before = crash_import.items(template)
    seen = {"planning": 0, "applying": 0, "finished": 0}
    while kills > 0:
        path = Path(shutil.copy(template, folder / "codial.sqlite3"))
        how = rng.choice(("resume", "cancel"))
        work = [partial(crash_import.importing, path, price_list)]
        work += [partial(crash_import.go_on, path, how)] * rng.randrange(3)
        for one in work:
            count, microseconds = crash_import.moment(rng)
            with crash.forked(one) as (pid, pipe):
                said = crash.kill_after(pid, pipe, count, microseconds)
            kills -= 1
            assert crash.verify(path, said) == [], said
            assert crash_import.inconsistent(path) == [], said
        begun = crash_import.begun(path)
        crash_import.go_on(path, how, lambda text: None)
        assert crash.verify(path) == crash_import.inconsistent(path) == []
        done = crash_import.finished(path)
        assert crash_import.items(path) == (imported if done else before), (how, begun)
        seen["finished" if done else "applying" if begun else "planning"] += 1
        for rest in folder.iterdir():
            rest.unlink() if rest.is_file() else shutil.rmtree(rest)
    return seen


def test_a_few_kills_while_importing(
    template: Path, tmp_path: Path, price_list: Path, imported: crash_import.Items
) -> None:
    kill_while_importing(template, tmp_path, price_list, imported, 6)


@pytest.mark.long
def test_many_kills_while_importing(
    template: Path, tmp_path: Path, price_list: Path, imported: crash_import.Items
) -> None:
    seen = kill_while_importing(template, tmp_path, price_list, imported, KILLS // 2)
    assert min(seen.values()) > 0, seen


# The check itself


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

"""Applying in pieces: stopping, crashing, going on, taking back, two at once."""

import os
import signal
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from import_files import item, numbers, plan, run, write
from sessions import NOON, session

from codial_tui.bootstrap import open_program
from codial_tui.errors import Refused
from codial_tui.models.database import open_database
from codial_tui.models.staging import staging_place
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.imports.importing import (
    apply_import,
    cancel,
    plan_import,
    resume,
    undo_import,
    unfinished,
)
from codial_tui.services.records import parties

pytestmark = pytest.mark.both

HEAD = "référence;désignation;prix;famille"
ROWS = 1_000


def lines(price: str = "8,45", count: int = ROWS) -> list[str]:
    return [HEAD, *(f"R{n:05d};Tube n° {n};{price};F{n % 3}" for n in range(count))]


def items(context: Context) -> list[tuple[Any, ...]]:
    return context.database.rows(
        "SELECT reference, label, label_fold, search_text, sale_price, family_id, updated_at "
        "FROM item ORDER BY reference"
    )


def staging_files(context: Context) -> list[str]:
    folder, start = staging_place(context.database)
    return [one.name for one in folder.iterdir() if one.name.startswith(start)]


def stop_after(rows: int) -> tuple[Callable[[int, int], None], Callable[[], bool]]:
    """A progress that watches, and a cancelled that says so after some rows."""
    seen = [0]

    def progress(done: int, total: int) -> None:
        seen[0] = done

    return progress, lambda: seen[0] >= rows


def test_progress_counts_up_to_the_end(context: Context, tmp_path: Path) -> None:
    read: list[tuple[int, int]] = []
    path = write(tmp_path, *lines())
    with plan_import(context, path, "items", progress=lambda *at: read.append(at)) as made:
        applied: list[tuple[int, int]] = []
        apply_import(context, made, lambda *at: applied.append(at))
    assert read == [(500, 1000), (1000, 1000)]
    assert applied == sorted(applied) and applied[-1] == (1000, 1000)
    steps = [after[0] - before[0] for before, after in pairwise(applied)]
    assert max(steps) <= 200
    assert staging_files(context) == []


def test_stopped_then_gone_on_with(context: Context, tmp_path: Path) -> None:
    with plan(context, tmp_path, *lines()) as made:
        report = apply_import(context, made, *stop_after(300))
        assert not report.complete and 300 <= report.added < 600
        assert unfinished(context)[0].batch_id == report.batch_id
    assert context.database.value("SELECT count(*) FROM item") == report.added
    done = resume(context, report.batch_id)
    assert done.complete and numbers(done) == (ROWS, 0, 0, 0)
    assert len(items(context)) == ROWS
    assert unfinished(context) == [] and staging_files(context) == []
    with pytest.raises(Refused):
        resume(context, report.batch_id)


def upkeep(context: Context) -> list[tuple[Any, ...]]:
    return context.database.rows(
        "SELECT k, v FROM item_search_config WHERE k LIKE '%merge' ORDER BY k"
    )


def test_the_search_index_is_merged_seldom_only_during_an_import(
    context: Context, tmp_path: Path
) -> None:
    if context.database.name != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes up itself")
    seen = set()
    with plan(context, tmp_path, *lines(count=300)) as made:
        apply_import(context, made, lambda *_: seen.update(upkeep(context)))
    assert {("automerge", 8), ("crisismerge", 64)} <= seen
    assert upkeep(context) == [("automerge", 4), ("crisismerge", 16)]
    with plan(context, tmp_path, *lines("9,45", 300)) as stopped:
        apply_import(context, stopped, *stop_after(100))
    assert upkeep(context) == [("automerge", 4), ("crisismerge", 16)]

    def full(*_: int) -> None:
        raise OSError("disk")

    with plan(context, tmp_path, *lines("10,45", 300)) as cut, pytest.raises(OSError, match="disk"):
        apply_import(context, cut, full)
    assert upkeep(context) == [("automerge", 4), ("crisismerge", 16)]


def test_stopped_then_cancelled(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, *lines("1,00", 500))
    before = items(context)
    with plan(context, tmp_path, *lines("2,00")) as made:
        report = apply_import(context, made, *stop_after(700))
    assert not report.complete
    undone = cancel(context, report.batch_id)
    assert (undone.undone, undone.skipped) == (report.added + report.changed, [])
    assert items(context) == before
    assert context.database.value("SELECT state FROM import_batch ORDER BY id DESC") == "cancelled"
    assert context.database.check() == [] and staging_files(context) == []
    with pytest.raises(Refused):
        undo_import(context, report.batch_id)


def test_half_a_cancel_can_be_followed_by_going_on(context: Context, tmp_path: Path) -> None:
    with plan(context, tmp_path, *lines()) as made:
        report = apply_import(context, made, *stop_after(600))

    class Cut(Exception):
        pass

    def cut(done: int, total: int) -> None:
        if done > 200:
            raise Cut

    with pytest.raises(Cut):
        cancel(context, report.batch_id, cut)
    assert 0 < len(items(context)) < report.added
    assert resume(context, report.batch_id).complete
    assert len(items(context)) == ROWS
    assert undo_import(context, report.batch_id).skipped == []
    assert items(context) == []


def killed(url: str, path: Path, after: int) -> None:
    """An import in a forked program that is killed -9 once some rows are applied."""
    child = os.fork()
    if not child:
        program = open_program(url, program="import", login="claire")
        context = program.context

        def die(done: int, total: int) -> None:
            if done >= after:
                os.kill(os.getpid(), signal.SIGKILL)

        with plan_import(context, path, "items") as made:
            apply_import(context, made, die)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


@pytest.mark.long
@pytest.mark.parametrize("after", [50, 400, 950])
def test_killed_then_gone_on_with_or_cancelled(
    database_url: str, tmp_path: Path, after: int
) -> None:
    path = write(tmp_path, *lines())
    killed(database_url, path, after)
    database = open_database(database_url, create=False)
    context = session(database)
    assert context.database.check() == []
    (cut,) = unfinished(context)
    assert (cut.kind, cut.file_name, cut.rows) == ("items", "tarif.csv", ROWS)
    assert len(items(context)) == cut.done >= after
    assert numbers(resume(context, cut.batch_id)) == (ROWS, 0, 0, 0)
    assert undo_import(context, cut.batch_id).skipped == []
    assert items(context) == [] and context.database.check() == []
    assert context.database.value("SELECT count(*) FROM item_family") == 0
    killed(database_url, path, after)
    (cut,) = unfinished(context)
    path.unlink()  # what was read is kept
    assert cancel(context, cut.batch_id).skipped == []
    assert items(context) == [] and staging_files(context) == []
    database.close()


def test_a_staging_file_that_is_gone(database_url: str, tmp_path: Path) -> None:
    killed(database_url, write(tmp_path, *lines()), 300)
    database = open_database(database_url, create=False)
    context = session(database)
    folder, _ = staging_place(context.database)
    for name in staging_files(context):
        (folder / name).unlink()
    (cut,) = unfinished(context)
    with pytest.raises(Refused, match="fichier de travail"):
        resume(context, cut.batch_id)
    assert unfinished(context) == [cut]
    cancel(context, cut.batch_id)
    assert items(context) == []
    database.close()


def test_what_a_killed_plan_leaves_is_cleared_away(database_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, *lines())
    child = os.fork()
    if not child:
        program = open_program(database_url, login="claire")
        plan_import(program.context, path, "items")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    database = open_database(database_url, create=False)
    context = session(database)
    assert len(staging_files(context)) == 1
    with plan_import(context, path, "items"):
        assert len(staging_files(context)) == 1
    assert staging_files(context) == []
    database.close()


# taking back


def test_undo_skips_what_was_changed_or_used_since(context: Context, tmp_path: Path) -> None:
    run(context, tmp_path, HEAD, "OLD1;Vieux;1,00;F", "OLD2;Vieux;1,00;F", "OLD3;Vieux;1,00;F")
    before = {row[0]: row for row in items(context)}
    path = write(
        tmp_path, HEAD, "OLD1;Neuf;2,00;G", "OLD2;Neuf;2,00;G", "NEW1;N;1;G", "NEW2;N;1;H",
        "NEW3;N;1;H", "NEW4;N;1;H",
    )  # fmt: skip
    with plan_import(context, path, "items") as made:
        report = apply_import(context, made)
    assert numbers(report) == (4, 2, 0, 0)
    with context.database.write():
        context.database.execute("UPDATE item SET sale_price = 777 WHERE reference = 'OLD2'")
        context.database.execute("UPDATE item SET notes = 'n', user_columns = '[\"notes\"]' "
                                 "WHERE reference = 'NEW3'")  # fmt: skip
    party = parties.create(context, {"name": "MARTIN"})
    quote = documents.create(context, "quote", party)
    editor = Editor(context, quote)
    entering.enter(editor, entering.read(editor, "NEW1 2", None), None)
    undone = undo_import(context, report.batch_id)
    assert [(one.name, one.message) for one in undone.skipped] == [
        ("G", "contient des articles"),
        ("H", "contient des articles"),
        ("OLD2", "modifié depuis"),
        ("NEW1", "utilisé dans un document"),
        ("NEW3", "modifié depuis"),
    ]
    assert [row[0] for row in items(context)] == ["NEW1", "NEW3", "OLD1", "OLD2", "OLD3"]
    assert items(context)[2][:6] == before["OLD1"][:6]
    assert item(context, "OLD2", "label", "sale_price") == ("Neuf", 777)
    states: dict[str, int] = dict(
        context.database.rows("SELECT state, count(*) FROM import_row GROUP BY state")
    )
    assert states["skipped"] == 5
    assert context.database.check() == []


def test_imports_are_taken_back_in_order(context: Context, tmp_path: Path) -> None:
    first = run(context, tmp_path, *lines("1,00", 10))
    between = items(context)
    context.clock = lambda: NOON + timedelta(days=1)
    second = run(context, tmp_path, *lines("2,00", 12))
    assert undo_import(context, second.batch_id).undone == 12
    assert items(context) == between
    assert undo_import(context, first.batch_id).skipped == []
    assert items(context) == []
    with pytest.raises(Refused):
        undo_import(context, first.batch_id)
    with pytest.raises(Refused):
        undo_import(context, 99)


def test_the_older_of_two_imports_leaves_what_the_newer_changed(
    context: Context, tmp_path: Path
) -> None:
    first = run(context, tmp_path, *lines("1,00", 4))
    run(context, tmp_path, *lines("2,00", 2))
    undone = undo_import(context, first.batch_id)
    assert [one.name for one in undone.skipped if one.target == "item"] == ["R00000", "R00001"]
    assert len(items(context)) == 2


def test_steps_and_supplier_prices_come_back(context: Context, tmp_path: Path) -> None:
    parties.create(context, {"code": "REXO", "name": "REXO", "is_supplier": 1})
    sample = Path(__file__).parents[1] / "data" / "datanorm-sample.001"
    with plan_import(context, sample, "items", supplier="REXO") as made:
        report = apply_import(context, made)
    steps = "SELECT from_quantity, price FROM item_supplier_step ORDER BY item_supplier_id, 1"
    before = context.database.rows(steps)
    offers = context.database.rows("SELECT price, price_per FROM item_supplier ORDER BY id")
    assert len(before) > 3 and len(offers) == report.added
    path = tmp_path / "neu.001"
    path.write_bytes(sample.read_bytes().replace(b";894;", b";895;").replace(b";626;", b";627;"))
    with plan_import(context, path, "items", supplier="REXO") as made:
        second = apply_import(context, made)
    assert second.changed >= 1 and context.database.rows(steps) != before
    assert undo_import(context, second.batch_id).skipped == []
    assert context.database.rows(steps) == before
    assert context.database.rows("SELECT price, price_per FROM item_supplier ORDER BY id") == offers
    assert undo_import(context, report.batch_id).skipped == []
    assert items(context) == [] and context.database.rows(steps) == []


# together


def test_only_one_program_goes_on_with_a_batch(
    database_url: str, context: Context, tmp_path: Path
) -> None:
    killed(database_url, write(tmp_path, *lines()), 300)
    other = open_database(database_url, create=False)
    rival = session(other, "paul")
    (cut,) = unfinished(context)
    answers: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        if not answers:
            assert unfinished(rival) == []
            for act in (resume, cancel):
                with pytest.raises(Refused) as refused:
                    act(rival, cut.batch_id)
                answers.append(refused.value.problems[0].code)

    assert resume(context, cut.batch_id, meanwhile).complete
    other.close()
    assert answers == ["import.not_unfinished"] * 2
    assert len(items(context)) == ROWS


def _import(url: str, path: str, answers: Any) -> None:
    program = open_program(url, program="import", login="claire")
    with plan_import(program.context, path, "items") as made:
        answers.put(numbers(apply_import(program.context, made)))
    program.close()


def test_two_imports_at_once(database_url: str, context: Context, tmp_path: Path) -> None:
    path = write(tmp_path, *lines())
    spawn = get_context("spawn")
    answers = spawn.Queue()
    both = [spawn.Process(target=_import, args=(database_url, str(path), answers)) for _ in "ab"]
    for process in both:
        process.start()
    reports = [answers.get(timeout=60) for _ in both]
    for process in both:
        process.join()
    assert sum(report[0] for report in reports) == ROWS
    assert sum(report[2] for report in reports) == ROWS
    assert sum(report[1] for report in reports) == 0
    assert len(items(context)) == ROWS
    assert context.database.value("SELECT count(*) FROM item_family") == 3
    assert context.database.check() == []


def test_the_database_changed_since_the_preview(
    database_url: str, context: Context, tmp_path: Path
) -> None:
    made = plan(context, tmp_path, *lines(count=3))
    other = open_database(database_url, create=False)
    run(session(other, "paul"), tmp_path, HEAD, "r00001;Autre;3,00;F1", "X;X;1;F0")
    assert made.counts.added == 3
    other.close()
    assert numbers(apply_import(context, made)) == (2, 1, 0, 0)
    assert item(context, "r00001", "label", "sale_price") == ("Tube n° 1", 84_500)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_memory_stays_flat_as_the_file_grows(context: Context, tmp_path: Path) -> None:
    peaks = []
    for count, letter in ((6_000, "A"), (60_000, "B")):
        path = write(tmp_path, *(line.replace("R", letter, 1) for line in lines(count=count)))
        tracemalloc.start()
        with plan_import(context, path, "items") as made:
            apply_import(context, made)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert context.database.value("SELECT count(*) FROM item") == 66_000
    assert peaks[1] < peaks[0] + 2_000_000  # 54 000 more rows of 400 bytes would be 21 MB

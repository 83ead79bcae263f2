"""Archives checked by the standard library and `openssl` alone, restorations, training copies."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from chain_desk import Desk
from sessions import NOON

from codial_tui.bootstrap import start
from codial_tui.domain.document import Document
from codial_tui.errors import DatabaseRefused, Refused
from codial_tui.models.database import Database, open_database
from codial_tui.services import backups
from codial_tui.services.context import Context
from codial_tui.services.invoicing import einvoices, validating
from codial_tui.services.law import (
    archives,
    closings,
    events,
    signed_count,
    signing,
    training,
    verification,
)
from codial_tui.services.paper import mailing, originals, printing
from codial_tui.services.payments import debits

pytestmark = pytest.mark.long


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    return desk


def sell(desk: Desk, day: str) -> Document:
    made = validating.validate(desk.context, desk.make("invoice", ("Pose", 1, "100"), date=day).id)
    return desk.print(made)


@pytest.fixture
def sold(desk: Desk) -> Desk:
    """Two years of one invoice each, closed up to yesterday."""
    for day in ("2025-06-02", "2026-11-20", "2026-11-21"):
        sell(desk, day)
    closings.run(desk.context)
    return desk


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.problems]


# -- the archive -------------------------------------------------------------------------------


def unpacked(desk: Desk, name: str, year: int | None = None) -> Path:
    path = desk.folder / f"{name}.zip"
    archives.write(desk.context, path, year=year)
    folder = desk.folder / name
    with zipfile.ZipFile(path) as file:
        file.extractall(folder)
    return folder


def test_an_archive_is_checked_without_the_program(sold: Desk) -> None:
    folder = unpacked(sold, "tout")
    listed = (folder / "SHA256SUMS").read_text().splitlines()
    for line in listed:
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert files == {line.partition("  ")[2] for line in listed} | {"SHA256SUMS", "SHA256SUMS.sig"}
    key = signing.current(sold.context)
    assert key is not None
    for target in ("SHA256SUMS", "LISEZMOI.txt"):
        asked = [
            *("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", f"cles/{key.public[:16]}.pem"),
            *("-rawin", "-in", target, "-sigfile", "SHA256SUMS.sig"),
        ]
        done = subprocess.run(asked, cwd=folder, capture_output=True, check=False)
        assert (done.returncode == 0) == (target == "SHA256SUMS"), done.stderr
    for name, count in (("factures", 3), ("clotures", 5), ("evenements", None)):
        previous = "0" * 64
        lines = (folder / f"chaines/{name}.jsonl").read_text("utf-8").splitlines()
        for line in lines:
            link = json.loads(line)
            assert link["previous_hash"] == previous
            previous = hashlib.sha256((previous + link["text"]).encode()).hexdigest()
            assert link["hash"] == previous
        assert count is None or len(lines) == count
    sealed = {
        said["name"]: said["sha256"]
        for line in (folder / "chaines/evenements.jsonl").read_text("utf-8").splitlines()
        if json.loads(line)["subject"].startswith("invoice.paper ")
        for said in [json.loads(json.loads(line)["text"])["body"]]
    }
    papers = sorted((folder / "pdf").iterdir())
    hashes = [hashlib.sha256(one.read_bytes()).hexdigest() for one in papers]
    assert len(hashes) == 3 and sorted(hashes) == sorted(sealed.values())


def test_the_tables_of_an_archive_are_in_euros(sold: Desk) -> None:
    folder = unpacked(sold, "annee", 2026)
    rows = list(
        csv.DictReader(io.StringIO((folder / "factures.csv").read_text("utf-8")), delimiter=";")
    )
    assert [(one["numero"], one["date"], one["total_ttc"]) for one in rows] == [
        ("FA26-00001", "2026-11-20", "120.00"),
        ("FA26-00002", "2026-11-21", "120.00"),
    ]
    closed = (folder / "clotures.csv").read_text("utf-8").splitlines()
    assert [line.split(";")[0] for line in closed] == ["periode", "2026-11-20", "2026-11-21"]
    assert closed[2].split(";")[10] == "360.00"  # the perpetual total has 2025 in it
    guide = (folder / "LISEZMOI.txt").read_text("utf-8")
    assert "Année 2026." in guide and "Clôturé jusqu'au 2026-11-21" in guide


def test_two_archives_of_one_moment_have_the_same_data(sold: Desk) -> None:
    one, two = unpacked(sold, "un"), unpacked(sold, "deux")
    for path in one.rglob("*"):
        if path.is_file() and path.name not in ("evenements.jsonl", "SHA256SUMS", "SHA256SUMS.sig"):
            assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path


def test_an_archive_is_written_down_and_replaces_nothing(sold: Desk) -> None:
    path = sold.folder / "a.zip"
    made = archives.write(sold.context, path, year=2025)
    assert (made.invoices, made.papers) == (1, 1)
    newest = events.newest(sold.context, 1)[0]
    assert newest.label == "Archive" and made.sha256 in newest.detail
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DatabaseRefused, match="existe déjà"):
        archives.write(sold.context, path)
    with pytest.raises(DatabaseRefused, match="non écrit"):
        archives.write(sold.context, sold.folder / "missing" / "a.zip")
    assert not list(sold.folder.rglob("*.part"))


# -- backups and restorations ------------------------------------------------------------------


def again(url: str, moment: datetime = NOON) -> tuple[Database, Context]:
    opened = open_database(url, create=False)
    return opened, start(opened, program="test", clock=lambda: moment, login="claire")


def test_an_older_file_put_back_is_found_and_stops_the_counter(
    sold: Desk, database: Database, database_url: str
) -> None:
    old = sold.folder / "old.sqlite3"
    sold.context.database.backup(old)
    sell(sold, "2026-11-22")
    database.close()
    for log in Path(database_url).parent.glob("codial.sqlite3-wal"):
        log.unlink()
    shutil.copy(old, database_url)
    opened, context = again(database_url)
    found = verification.verify(context)[1]
    [cut] = [one for one in found if one.field == "factures"]
    assert cut.code == "count.cut" and cut.text.startswith("4 factures au compte signé du 2026-11")
    late = Desk(context, sold.folder).make("invoice", ("Pose", 1, "100"))
    with pytest.raises(Refused) as refused:
        validating.validate(context, late.id)
    assert codes(refused) == ["count.cut"]
    with pytest.raises(Refused) as refused:
        signing.rotate(context)
    assert codes(refused) == ["count.cut"]
    backups.declare(context, "pg_restore")
    validating.validate(context, late.id)
    opened.close()


def test_a_restoration_is_written_down_before_anybody_works(
    sold: Desk, database: Database, database_url: str
) -> None:
    old = sold.folder / "old.sqlite3"
    backups.backup(sold.context, old)
    assert events.newest(sold.context, 1)[0].label == "Sauvegarde"
    lost = sell(sold, "2026-11-22")
    database.close()
    backups.restore(database_url, old, login="claire", now=NOON)
    opened, context = again(database_url)
    newest = events.newest(context, 1)[0]
    assert newest.label == "Restauration" and str(old) in newest.detail and newest.by == "Claire"
    found = verification.verify(context)[1]
    assert [(one.code, one.level) for one in found] == [("count.restored", "warning")]
    assert found[0].text == "1 facture de moins qu'au compte signé (3 sur 4)"
    desk = Desk(context, sold.folder)
    given = validating.validate(context, desk.make("invoice", ("Pose", 1, "9")).id)
    assert given.ref == lost.ref  # the number that was lost is given again, and the log says why
    count = signed_count.read(context)
    assert count is not None and count.heads["invoices"][0] == 4
    assert len(list(signing.folder(context).glob("count-*.json"))) == 1
    assert [one.level for one in verification.verify(context)[1]] == ["warning"]
    opened.close()


# -- training ----------------------------------------------------------------------------------


def test_a_training_copy_says_so_for_ever(sold: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = validating.validate(  # never printed: its original must not leave the copy
        sold.context, sold.make("invoice", ("Pose", 1, "100"), date="2026-11-22").id
    )
    path = training.create(sold.context, sold.folder / "ecole.sqlite3")
    assert events.newest(sold.context, 1)[0].label == "Copie ÉCOLE"
    before = signed_count.path(sold.context).read_bytes()
    opened, context = again(str(path))
    assert training.is_training(context) and not training.is_training(sold.context)
    desk = Desk(context, sold.folder)
    made = validating.validate(context, desk.make("invoice", ("Pose", 1, "100")).id)
    assert made.ref == "ECOLE-FA26-00004"
    again_printed = desk.print(kept)
    marked = printing.paper(context, again_printed).watermark
    assert marked.startswith("ÉCOLE")
    assert originals.before(context, kept).mark.startswith("DUPLICATA")
    assert desk.make("quote", ("Pose", 1, "100")).ref.startswith("ECOLE-DE26-")
    assert printing.paper(context, made).watermark == "ÉCOLE"
    draft = desk.make("invoice", ("Pose", 1, "100"))
    assert printing.paper(context, draft).watermark == "ÉCOLE PROVISOIRE"
    assert signed_count.path(sold.context).read_bytes() == before
    for run in (
        lambda: closings.run(context),
        lambda: archives.write(context, sold.folder / "a.zip"),
        lambda: training.create(context, sold.folder / "b.sqlite3"),
        lambda: einvoices.original(context, made),
        lambda: mailing.send(context),
        lambda: debits.make(context, context.today + timedelta(days=5)),
    ):
        with pytest.raises(Refused) as refused:
            run()
        assert codes(refused)[0].startswith("training.")
    for sql in ("DELETE FROM training", "UPDATE training SET source = ''"):
        with pytest.raises(Refused) as refused, context.database.write():
            context.database.execute(sql)
        assert codes(refused) == ["chain.closed"]
    assert closings.waiting(context) == []
    opened.close()
    assert sell(sold, "2026-11-22").ref == "FA26-00004"
    assert verification.verify(sold.context)[1] == []


def test_a_training_copy_replaces_no_file(sold: Desk) -> None:
    path = sold.folder / "ecole.sqlite3"
    path.write_bytes(b"x")
    with pytest.raises(DatabaseRefused, match="existe déjà"):
        training.create(sold.context, path)
    assert path.read_bytes() == b"x" and not list(sold.folder.glob("*.part*"))

"""Files kept with a document: in from the inbox, out to the export folder, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from codial_tui.bootstrap import start
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services.context import Context, utc_now
from codial_tui.services.documents import attachments
from codial_tui.services.records import settings

UID = "0190a1b2-0000-7000-8000-000000000001"


@pytest.fixture
def context(database: Database) -> Iterator[Context]:
    yield start(database, program="test", clock=utc_now, login="marie")


def waiting(context: Context, name: str, data: bytes = b"x") -> Path:
    path = attachments.folder(context, "inbox") / name
    path.write_bytes(data)
    return path


def add(context: Context, name: str, data: bytes = b"x", origin: str = "added") -> int:
    return attachments.add(context, "document", UID, name, data, origin)


def test_folders_are_the_users_own_and_private(context: Context) -> None:
    inbox, export = (attachments.folder(context, which) for which in ("inbox", "export"))
    assert inbox != export
    assert inbox.name == export.name == "marie"
    assert inbox.stat().st_mode & 0o077 == 0


def test_a_folder_of_the_settings_is_taken(context: Context, tmp_path: Path) -> None:
    settings.store(context, "folder.export", str(tmp_path / "sorties"))
    assert attachments.folder(context, "export") == tmp_path / "sorties"


def test_a_folder_that_cannot_be_made_is_refused(context: Context, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.store(context, "folder.inbox", str(tmp_path / "file" / "inbox"))
    with pytest.raises(Refused) as refused:
        attachments.folder(context, "inbox")
    assert refused.value.problems[0].code == "folder.unusable"


def test_added_from_the_inbox_it_leaves_it(context: Context) -> None:
    path = waiting(context, "plan.txt", b"2 m")
    found = attachments.add_from_inbox(context, "document", UID, "plan.txt")
    assert not path.exists()
    assert attachments.content(context, found) == b"2 m"
    row = context.database.row("SELECT name, size, mime, origin, sha256 FROM attachment")
    assert row == ("plan.txt", 3, "text/plain", "added", hashlib.sha256(b"2 m").hexdigest())


@pytest.mark.parametrize("name", ["absent.txt", "../secret.txt", "/etc/passwd", "", "."])
def test_only_files_of_the_inbox_can_be_named(context: Context, name: str) -> None:
    (attachments.folder(context, "inbox").parent / "secret.txt").write_text("secret")
    with pytest.raises(Refused) as refused:
        attachments.add_from_inbox(context, "document", UID, name)
    assert refused.value.problems[0].code == "inbox.missing"


def test_links_and_folders_do_not_lead_out_of_the_inbox(context: Context, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    inbox = attachments.folder(context, "inbox")
    (inbox / "link.txt").symlink_to(secret)
    (inbox / "folder").mkdir()
    assert attachments.inbox(context) == []
    with pytest.raises(Refused):
        attachments.add_from_inbox(context, "document", UID, "link.txt")


def test_too_big_is_refused_without_being_read(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = waiting(context, "big.bin")
    with path.open("r+b") as file:
        file.truncate(attachments.LIMIT + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    with pytest.raises(Refused) as refused:
        attachments.add_from_inbox(context, "document", UID, "big.bin")
    assert refused.value.problems[0].code == "attachment.too_big"
    assert path.exists()


def test_names_are_cleaned_and_shortened(context: Context) -> None:
    add(context, "../../\x1b[31mrouge\x07\n.txt")
    add(context, "é" * 500)
    add(context, "\x1b[0m")
    names = [one.name for one in attachments.listed(context, UID)]
    assert names == ["rouge .txt", "é" * 200, "fichier"]


def test_an_export_never_overwrites(context: Context) -> None:
    found = add(context, "plan.tar.gz", b"new")
    folder = attachments.folder(context, "export")
    (folder / "plan.tar.gz").write_bytes(b"old")
    paths = [attachments.export(context, found) for _ in range(2)]
    assert [path.name for path in paths] == ["plan.tar-2.gz", "plan.tar-3.gz"]
    assert (folder / "plan.tar.gz").read_bytes() == b"old"
    assert paths[0].read_bytes() == b"new"


def test_an_export_that_fails_says_why(context: Context) -> None:
    found = add(context, "é" * 200)  # 400 bytes: no file system takes that name
    with pytest.raises(Refused) as refused:
        attachments.export(context, found)
    assert refused.value.problems[0].code == "export.failed"
    assert list(attachments.folder(context, "export").iterdir()) == []


def test_printed_originals_stay(context: Context) -> None:
    kept, gone = add(context, "a.pdf", origin="printed"), add(context, "b.pdf")
    attachments.delete(context, gone)
    with pytest.raises(Refused) as refused:
        attachments.delete(context, kept)
    assert refused.value.problems[0].code == "attachment.printed"
    assert [one.id for one in attachments.listed(context, UID)] == [kept]
    count = context.database.value("SELECT COUNT(*) FROM attachment_content")
    assert count == 1, "the content goes with its attachment"


def test_text_is_shown_and_nothing_else(context: Context) -> None:
    add(context, "a.txt", "un\ndeux é".encode())
    add(context, "b.txt", b"")
    add(context, "c.txt", b"\xff\xfe\x00")
    add(context, "d.pdf", b"%PDF")
    views = [attachments.text_view(context, one) for one in attachments.listed(context, UID)]
    assert views[0] == ["un", "deux é"]
    assert views[1] == ["(vide)"]
    assert len(views[2]) == 1
    assert "application/pdf" in views[3][0]


def test_an_unknown_attachment_is_refused(context: Context) -> None:
    with pytest.raises(Refused) as refused:
        attachments.content(context, 4711)
    assert refused.value.problems[0].code == "attachment.unknown"

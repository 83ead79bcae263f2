"""Printing: a preview changes nothing, an official print everything it entails, or nothing."""

import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain.kinds import doc_types
from codial_tui.errors import CodialError, Refused
from codial_tui.models.database import Database
from codial_tui.printing.output import PrintFailed
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import ToFile, ToMail, ToPrinter
from codial_tui.services.records import company, parties, settings

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
STORED = ("document", "document_event", "step", "attachment", "attachment_content", "mail_queue")


@pytest.fixture
def context(database: Database) -> Context:
    context = start(database, program="test", clock=lambda: NOON, login="claire")
    company.init(
        context, "Essai", siren="123456782", email="contact@essai.example", edition="building"
    )
    return context


@pytest.fixture
def editor(context: Context) -> Editor:
    party = parties.create(context, {"name": "MARTIN SARL", "postcode": "69003", "city": "LYON"})
    editor = Editor(context, documents.create(context, "quote", party, subject="Chaudière"))
    entering.enter(editor, entering.read(editor, ".Pose;2 h x48", None), None)
    return editor


def everything(context: Context) -> dict[str, list[Any]]:
    """All that a print may touch."""
    rows = context.database.rows
    return {table: rows(f"SELECT * FROM {table} ORDER BY 1") for table in STORED}


def log(context: Context) -> list[tuple[str, str]]:
    rows = context.database.rows("SELECT type, text FROM document_event ORDER BY id")
    return [(row[0], row[1]) for row in rows]


def printed_at(editor: Editor) -> object:
    return editor.context.database.value(
        "SELECT printed_at FROM document WHERE id = ?", (editor.document.id,)
    )


def test_a_preview_has_no_effect(context: Context, editor: Editor) -> None:
    before = everything(context)
    pages = printing.preview(context, editor.document)
    pdf = printing.pdf_bytes(context, editor.document, watermark="PROVISOIRE")
    text = [line.strip() for page in pages for line in page]
    assert any("DEVIS DE26-00001" in line for line in text)
    assert any(line.startswith("Total TTC") or "Total TTC" in line for line in text)
    assert max(len(line) for page in pages for line in page) <= 80
    assert pdf.startswith(b"%PDF")
    assert everything(context) == before


@pytest.mark.both
def test_an_official_print_does_all_at_once(
    context: Context, editor: Editor, tmp_path: Path
) -> None:
    target = tmp_path / "devis.pdf"
    version = editor.document.version
    done = printing.print_document(context, editor, ToFile(target))
    assert target.read_bytes() == done.pdf
    assert printed_at(editor) == editor.document.header["printed_at"] == "2026-11-22T11:00:00.000Z"
    assert log(context)[-1] == ("printed", "PDF devis.pdf")
    (kept,) = attachments.listed(context, editor.document.uid)
    assert (kept.name, kept.mime, kept.origin) == (
        "DEVIS DE26-00001.pdf",
        "application/pdf",
        "printed",
    )
    assert attachments.content(context, kept.id) == done.pdf
    sha = context.database.value("SELECT sha256 FROM attachment")
    assert sha == hashlib.sha256(done.pdf).hexdigest()
    stored = context.database.row("SELECT version, lock_token FROM document")
    assert stored == (version, context.session)
    with pytest.raises(Refused) as refused:
        editor.undo()
    assert refused.value.problems[0].code == "undo.barrier"
    entering.enter(editor, entering.read(editor, ".Dépose;1 x10", None), None)  # still ours
    assert editor.document.version == version + 1
    with pytest.raises(Refused):
        attachments.delete(context, kept.id)


def test_printing_again_keeps_the_first_moment(
    context: Context, editor: Editor, tmp_path: Path
) -> None:
    printing.print_document(context, editor.document.id, ToFile(tmp_path / "a.pdf"))
    context.clock = lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    printing.print_document(context, editor.document.id, ToFile(tmp_path / "b.pdf"))
    assert printed_at(editor) == "2026-11-22T11:00:00.000Z"
    assert [text for kind, text in log(context) if kind == "printed"] == ["PDF a.pdf", "PDF b.pdf"]
    assert len(attachments.listed(context, editor.document.uid)) == 2


def test_a_file_that_cannot_be_written_leaves_everything(
    context: Context, editor: Editor, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.pdf"
    taken.write_bytes(b"mine")
    before = everything(context)
    for target in (ToFile(taken), ToFile(tmp_path / "absent" / "a.pdf")):
        with pytest.raises(PrintFailed):
            printing.print_document(context, editor, target)
        assert everything(context) == before
    assert taken.read_bytes() == b"mine"
    assert editor.document.header.get("printed_at") is None
    done = printing.print_document(context, editor, ToFile(taken, replace=True))
    assert taken.read_bytes() == done.pdf


def test_a_document_against_the_rules_is_not_printed(context: Context, tmp_path: Path) -> None:
    party = parties.create(context, {"name": "VIDE"})
    empty = documents.create(context, "quote", party)
    with pytest.raises(Refused) as refused:
        printing.print_document(context, empty, ToFile(tmp_path / "a.pdf"))
    assert [one.code for one in refused.value.problems] == ["lines.missing"]
    assert list(tmp_path.glob("a.pdf")) == []


def test_what_somebody_else_changed_is_not_printed(
    context: Context, editor: Editor, tmp_path: Path
) -> None:
    with context.database.write():
        context.database.execute("UPDATE document SET version = version + 1")
    before = everything(context)
    with pytest.raises(Refused) as refused:
        printing.print_document(context, editor, ToFile(tmp_path / "a.pdf"))
    assert refused.value.problems[0].code == "document.changed"
    assert everything(context) == before
    assert not (tmp_path / "a.pdf").exists()


def test_an_unknown_document_is_not_printed(context: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        printing.print_document(context, 4711, ToFile(tmp_path / "a.pdf"))


def test_a_mail_waits_in_the_queue_with_its_pdf(context: Context, editor: Editor) -> None:
    done = printing.print_document(context, editor, ToMail(("p.martin@martin.example",)))
    row = context.database.row(
        "SELECT recipient, subject, state, attachment_id, document_uid FROM mail_queue"
    )
    assert row == (
        "p.martin@martin.example",
        "Devis DE26-00001 Chaudière",
        "queued",
        done.attachment_id,
        editor.document.uid,
    )
    assert log(context)[-1] == ("sent", "p.martin@martin.example, PDF joint")
    assert editor.document.header["sent_at"] == printed_at(editor)


@pytest.mark.parametrize("address", ["", "pas une adresse", "a@b.fr\nBcc: x@y.fr"])
def test_a_wrong_address_is_refused_before_anything(
    context: Context, editor: Editor, address: str
) -> None:
    before = everything(context)
    with pytest.raises(Refused) as refused:
        printing.print_document(context, editor, ToMail((address,)))
    assert refused.value.problems[0].code == "mail.address"
    assert everything(context) == before


def test_a_company_without_address_sends_nothing(context: Context, editor: Editor) -> None:
    with context.database.write():
        context.database.execute("UPDATE company SET email = ''")
    with pytest.raises(Refused) as refused:
        printing.print_document(context, editor, ToMail(("a@b.fr",)))
    assert refused.value.problems[0].code == "mail.sender"


def fake_lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A printing command that keeps what it was given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "lp"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "job.pdf"


def test_a_printer_gets_the_very_pdf(
    context: Context, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = fake_lp(tmp_path, monkeypatch, f"cat > {tmp_path}/job.pdf; echo request id is hp-12")
    settings.store(context, "print.printer", "hp")
    done = printing.print_document(context, editor, ToPrinter(copies=2))
    assert job.read_bytes() == done.pdf
    assert log(context)[-1] == ("printed", "hp, travail hp-12")
    assert printed_at(editor) is not None


def test_a_printer_that_refuses_leaves_everything(
    context: Context, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_lp(tmp_path, monkeypatch, "echo lp: no default destination >&2; exit 1")
    before = everything(context)
    with pytest.raises(CodialError):
        printing.print_document(context, editor, ToPrinter())
    assert everything(context) == before


def test_the_letter_comes_first_and_the_layout_follows_the_company(
    context: Context, editor: Editor, tmp_path: Path
) -> None:
    editor.set_header("Lettre", letter="Bonjour **{client.nom}**")
    paper = printing.paper(context, editor.document)
    assert "".join(run.text for run in paper.letter[0]) == "Bonjour MARTIN SARL"
    names = [one.name for one in printing.layouts(context, editor.kind)]
    assert names == ["quote_works", "quote"]
    settings.store(context, "print.layout.quote", "quote", own=False)
    assert printing.layouts(context, editor.kind)[0].name == "quote"
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext absent : apt install poppler-utils")
    target = tmp_path / "p.pdf"
    target.write_bytes(printing.pdf_bytes(context, editor.document))
    text = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, check=True).stdout
    pages = text.decode().split("\f")
    assert "Bonjour MARTIN SARL" in pages[0]
    assert "Pose" in pages[1]
    assert "Pose" not in pages[0]


def test_the_establishment_acts_with_its_own_address_and_bank(context: Context) -> None:
    with context.database.write():
        other = context.database.insert(
            "establishment",
            {
                "uid": context.uid(),
                "code": "V",
                "name": "Villeurbanne",
                "street": "52 rue des Ateliers",
                "city": "VILLEURBANNE",
                "siret": "12345678200028",
            },
        )
    own, seat = printing.issuer(context, other), printing.issuer(context)
    assert (own.name, own.street, own.siret) == ("Essai", "52 rue des Ateliers", "12345678200028")
    assert own.email == seat.email == "contact@essai.example"
    assert seat.street == ""


def test_every_declared_effect_of_a_print_resolves() -> None:
    named = {name for kind in doc_types() for name in kind.effects.get("print", ())}
    assert named <= set(printing.EFFECTS)


def test_a_works_quote_says_what_is_missing_until_it_is_there(
    context: Context, editor: Editor
) -> None:
    codes = {one.code for one in printing.warnings(context, editor.document)}
    assert "mention.waste" in codes
    editor.set_header("Déchets", waste_text="Gravats 0,5 t, triés, 42 € le m³")
    codes = {one.code for one in printing.warnings(context, editor.document)}
    assert "mention.waste" not in codes
    pages = "\n".join(row for page in printing.preview(context, editor.document) for row in page)
    assert "Gravats 0,5 t" in pages

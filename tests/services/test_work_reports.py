"""Signed reports of work orders: what is kept, what may change, and what `verify` finds."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sessions import session

from codial_tui.domain.changes import insert, set_line, set_part
from codial_tui.domain.document import Line, Visit
from codial_tui.domain.maintenance import report_text
from codial_tui.errors import LockLost, Refused
from codial_tui.models.database import open_database
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments, documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.law import verification
from codial_tui.services.maintenance import reports, work_orders
from codial_tui.services.paper import printing
from codial_tui.services.records import parties

DRAWN = [[[100, 100], [400, 300], [700, 90]], [[800, 200]]]
poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext absent : apt install poppler-utils"
)


@pytest.fixture
def editor(context: Context) -> Editor:
    """A work order over midnight, with a machine and two lines, open."""
    party = parties.create(context, {"name": "SCI Les Tilleuls", "is_customer": 1})
    editor = Editor(context, work_orders.new(context, party, subject="Panne"))
    visit = Visit(
        context.uid(),
        technician_name="Karim Belhadj",
        departure="2026-11-21T20:50:00Z",
        arrival="2026-11-21T21:10:00Z",
        ended="2026-11-21T22:20:00Z",
        returned="2026-11-21T22:35:00Z",
        distance=24_0000,
    )
    second = Visit(
        context.uid(),
        technician_name="Karim Belhadj",
        departure="2026-11-21T22:40:00Z",
        arrival="2026-11-21T23:05:00Z",
        ended="2026-11-22T00:25:00Z",
        returned="2026-11-22T00:40:00Z",
        position=1,
    )
    part = Line(context.uid(), label="Électrode", quantity=1_0000, unit_price=48_0000)
    labour = Line(context.uid(), label="Main d'œuvre", quantity=2_5000, unit_price=52_0000)
    editor.commit([insert(visit), insert(second), insert(part), insert(labour)], "Saisie")
    editor.commit([set_line(editor.document.lines[0], covered="warranty")], "Garantie")
    return editor


def problems(context: Context) -> list[tuple[str, str]]:
    found = verification.verify(context)[1]
    return [(one.code, one.message) for one in found if one.level == "error"]


def stored(context: Context) -> list[dict[str, Any]]:
    return context.database.mappings("SELECT * FROM work_report ORDER BY id")


@pytest.mark.both
def test_what_is_kept_of_a_signature(context: Context, editor: Editor) -> None:
    report = reports.sign(context, editor, "  Mme \x1b[31mDupont ", strokes=DRAWN)
    (row,) = stored(context)
    assert (row["signer"], row["signed_at"]) == ("Mme Dupont", "2026-11-22T11:00:00Z")
    assert json.loads(row["strokes"]) == DRAWN
    assert row["version"] == editor.document.version
    assert row["hash"] == hashlib.sha256(row["text"].encode()).hexdigest() == report.hash
    said = json.loads(row["text"])
    assert row["text"] == json.dumps(
        said, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert said["times"] == {"travel": 75, "work": 150}
    assert said["totals"]["net"] == 130_00
    assert [(one["label"], one["amount"], one["covered"]) for one in said["lines"]] == [
        ("Électrode", 0, "warranty"),
        ("Main d'œuvre", 130_00, ""),
    ]
    assert said["signature"] == {
        "signer": "Mme Dupont",
        "signed_at": "2026-11-22T11:00:00Z",
        "strokes": DRAWN,
        "version": editor.document.version,
        "layout": "work_order",
    }
    pdf = context.database.value("SELECT content FROM work_report_content")
    assert hashlib.sha256(bytes(pdf)).hexdigest() == row["pdf_hash"]
    assert bytes(pdf).startswith(b"%PDF")
    document = documents.get(context, editor.document.ref)
    assert document.header["signed_at"] == row["signed_at"]
    assert problems(context) == []


@pytest.mark.both
def test_changed_since_until_it_is_signed_again(context: Context, editor: Editor) -> None:
    reports.sign(context, editor, "Mme Dupont")
    first = reports.of(context, editor.document)
    assert first is not None
    assert first.changed == ()
    editor.commit([set_line(editor.document.lines[1], quantity=3_0000)], "Quantité")
    found = reports.of(context, editor.document)
    assert found is not None
    assert found.changed == ("lines.2.amount", "lines.2.quantity", "totals.gross", "totals.net",
                             "totals.vat_total")  # fmt: skip
    said = reports.words(context, found)
    assert said == "Signé le 22/11/2026 à 12:00 par Mme Dupont, modifié depuis"
    assert said in printing.paper(context, editor.document).facts
    editor.undo()
    same = reports.of(context, editor.document)
    assert same is not None
    assert same.changed == ()
    editor.redo()
    reports.sign(context, editor, "M. Martin")
    again = reports.of(context, editor.document)
    assert again is not None
    assert (again.signer, again.changed) == ("M. Martin", ())
    assert [row["signer"] for row in stored(context)] == ["Mme Dupont", "M. Martin"]
    assert problems(context) == []


def test_what_was_signed_is_not_undone_over_it(context: Context, editor: Editor) -> None:
    reports.sign(context, editor, "Mme Dupont")
    with pytest.raises(Refused):
        editor.undo()
    assert Editor(context, editor.document.id, lock=False).document.lines[0].covered == "warranty"


def test_a_time_or_a_machine_that_changes_is_seen(context: Context, editor: Editor) -> None:
    reports.sign(context, editor, "Mme Dupont")
    visit = editor.document.visits[0]
    editor.commit([set_part(visit, returned="2026-11-21T22:36:00Z")], "Retour")
    found = reports.of(context, editor.document)
    assert found is not None
    assert found.changed == ("times.travel", "visits.1.returned")


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [
        ("", "", "Qui signe"),
        (" \t", "", "Qui signe"),
        ("x" * 81, "", "Un nom de 81 caractères · 80 au plus"),
        ("Mme Dupont", "2026-11-22T13:00:00Z", "Une signature à venir"),
        ("Mme Dupont", "1999-12-01T07:00:00Z", "Signé avant l'intervention, commencée le 2"),
    ],
)
def test_who_cannot_sign(context: Context, editor: Editor, name: str, at: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        reports.sign(context, editor, name, at=at)
    assert said in refused.value.text
    assert stored(context) == []


def test_an_empty_one_a_quote_a_drawing_too_long(context: Context, editor: Editor) -> None:
    party = editor.document.number("party_id")
    empty = work_orders.new(context, party)
    with pytest.raises(Refused, match="Rien à signer"):
        reports.sign(context, empty, "Mme Dupont")
    quote = documents.create(context, "quote", party)
    with pytest.raises(Refused, match="n'est pas un bon d'intervention"):
        reports.sign(context, quote, "Mme Dupont")
    with pytest.raises(Refused, match="trop longue"):
        reports.sign(context, editor, "Mme Dupont", strokes=[[[1, 1]]] * 201)
    with pytest.raises(Refused, match="vide"):
        reports.sign(context, editor, "Mme Dupont", strokes=[])
    assert stored(context) == []


def test_two_people(context: Context, editor: Editor, database_url: str) -> None:
    """Nobody has signed what somebody else is writing, nor what changed meanwhile."""
    theirs = open_database(database_url, create=False)
    other = session(theirs, "paul")
    with pytest.raises(Refused, match="Ouvert par Claire"):
        reports.sign(other, editor.document.id, "Mme Dupont")
    editor.close()
    reader = Editor(other, editor.document.id)
    with pytest.raises(Refused, match="Ouvert par Paul"):
        reports.sign(context, editor, "Mme Dupont")
    reader.commit([set_line(reader.document.lines[1], quantity=3_0000)], "Quantité")
    reader.close()
    with pytest.raises(Refused, match="a changé entre-temps"):
        reports.sign(context, editor, "Mme Dupont")
    with pytest.raises(LockLost):
        editor.set_header("Objet", subject="Autre")
    assert stored(context) == []
    theirs.close()


def test_a_reprint_is_the_signed_file(context: Context, editor: Editor, tmp_path: Path) -> None:
    reports.sign(context, editor, "Mme Dupont", strokes=DRAWN)
    kept = bytes(context.database.value("SELECT content FROM work_report_content"))
    done = printing.print_document(context, editor, printing.ToFile(tmp_path / "a.pdf"))
    assert done.pdf == (tmp_path / "a.pdf").read_bytes() == kept
    plain = printing.ToFile(tmp_path / "b.pdf")
    other = printing.print_document(context, editor, plain, layout_name="work_order_plain")
    assert other.pdf != kept
    editor.commit([set_line(editor.document.lines[1], quantity=3_0000)], "Quantité")
    third = printing.print_document(context, editor, printing.ToFile(tmp_path / "c.pdf"))
    assert third.pdf != kept
    assert problems(context) == []


def test_a_signed_one_is_not_deleted(context: Context, editor: Editor) -> None:
    reports.sign(context, editor, "Mme Dupont")
    with pytest.raises(Refused, match="est signé"):
        documents.delete(context, editor.document.id)


def test_a_copy_is_not_signed(context: Context, editor: Editor) -> None:
    from codial_tui.services.documents import duplicating

    reports.sign(context, editor, "Mme Dupont")
    copy = duplicating.duplicate(context, editor.document.id, "work_order")
    assert copy.header.get("signed_at") is None
    assert reports.of(context, copy) is None


# ---- tampering


@contextmanager
def tampered(context: Context, sql: str) -> Iterator[None]:
    """Somebody with the file and a tool, past every trigger; put back afterwards."""
    database = context.database
    database.execute("SAVEPOINT tamper")
    try:
        for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'", ()):
            database.execute(f"DROP TRIGGER {name}")
        database.execute(sql)
        yield
    finally:
        database.execute("ROLLBACK TO tamper")
        database.execute("RELEASE tamper")


@pytest.mark.long
@pytest.mark.parametrize(
    ("sql", "codes"),
    [
        ("UPDATE work_report SET signer = 'X'", {"report.rows", "chain.rows"}),
        (
            "UPDATE work_report SET signed_at = '2026-11-20T11:00:00Z'",
            {"report.rows", "report.mark", "chain.rows"},
        ),
        ("UPDATE work_report SET strokes = '[[[1,2]]]'", {"report.rows", "chain.rows"}),
        ("UPDATE work_report SET version = 1", {"report.rows", "chain.rows"}),
        ("UPDATE work_report SET user_name = 'X'", {"chain.rows"}),
        ("UPDATE work_report SET at = '2020-01-01T00:00:00Z'", {"chain.rows"}),
        ("UPDATE work_report SET hash = '00'", {"report.hash", "chain.rows"}),
        ("UPDATE work_report SET pdf_hash = '00'", {"report.pdf", "chain.rows"}),
        (
            "UPDATE work_report SET text = replace(text, '13000', '23000')",
            {"report.hash", "report.document", "chain.rows"},
        ),
        ("UPDATE work_report SET text = '{}'", {"report.hash", "report.text", "chain.rows"}),
        ("UPDATE work_report_content SET content = x'25'", {"report.pdf"}),
        ("DELETE FROM work_report_content", {"report.pdf"}),
        ("DELETE FROM work_report", {"chain.gone", "report.mark"}),
        ("UPDATE document_work_order SET signed_at = NULL", {"report.mark"}),
        (
            "UPDATE work_visit SET arrival = '2026-11-21T21:00:00Z' WHERE position = 0",
            {"report.document"},
        ),
        ("UPDATE document_line SET label = 'X'", {"report.document"}),
        ("UPDATE document SET subject = 'X'", {"report.document"}),
    ],
)
def test_verify_finds_what_was_changed(
    context: Context, editor: Editor, sql: str, codes: set[str]
) -> None:
    reports.sign(context, editor, "Mme Dupont", strokes=DRAWN)
    database = context.database
    database.execute("PRAGMA foreign_keys = 0")
    with tampered(context, sql):
        found = {one.code for one in verification.findings(context, lambda done, all_: None)}
        assert codes <= found
        assert not {one for one in found if one.startswith("report.")} - codes
    assert database.value("SELECT COUNT(*) FROM work_report") == 1


def test_the_database_refuses_it(context: Context, editor: Editor) -> None:
    reports.sign(context, editor, "Mme Dupont")
    for sql in (
        "UPDATE work_report SET signer = 'X'",
        "DELETE FROM work_report_content",
        "UPDATE work_report_content SET content = x'25'",
        "DELETE FROM work_report",
    ):
        said = "Un rapport signé ne se modifie pas"
        with pytest.raises(Refused, match=said), context.database.write():
            context.database.execute(sql)


# ---- paper


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind)
    return target.getvalue()


def attach(context: Context, editor: Editor, name: str, data: bytes) -> None:
    attachments.add(context, "document", editor.document.uid, name, data)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    target = tmp_path / "p.pdf"
    target.write_bytes(pdf)
    run = subprocess.run(
        ["pdftotext", "-layout", str(target), "-"], capture_output=True, check=True
    )
    return run.stdout.decode()


@poppler
def test_the_signed_paper(context: Context, editor: Editor, tmp_path: Path) -> None:
    attach(context, editor, "avant.jpg", picture("JPEG"))
    attach(context, editor, "plaque.png", picture("PNG", "RGBA"))
    attach(context, editor, "notice.txt", b"texte")
    attach(context, editor, "faux.jpg", b"GIF89a")
    warned = [one.message for one in printing.warnings(context, editor.document)]
    assert "Photo « faux.jpg » illisible" in warned
    reports.sign(context, editor, "Mme Dupont", strokes=DRAWN)
    pdf = bytes(context.database.value("SELECT content FROM work_report_content"))
    text = text_of(pdf, tmp_path)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for wanted in (
        "21/11/2026 Karim Belhadj 21:50 22:10 23:20 23:35 35 min 1 h 10",
        "21/11/2026 Karim Belhadj 23:40 00:05 +1 01:25 +1 01:40 +1 40 min 1 h 20",
        "Total 1 h 15 2 h 30",
        "Mme Dupont",
        "le 22/11/2026 à 12:00",
        "2 photos",
    ):
        assert wanted in lines, wanted
    assert "RAPPORT D'INTERVENTION" in text
    assert "notice.txt" not in text
    assert b"/SMask" not in pdf
    assert pdf.count(b"/DCTDecode") == 2
    assert b"pdfaid:part>3" in pdf


def test_a_photo_that_comes_or_goes_is_seen(context: Context, editor: Editor) -> None:
    attach(context, editor, "avant.jpg", picture("JPEG"))
    reports.sign(context, editor, "Mme Dupont")
    attach(context, editor, "apres.jpg", picture("JPEG"))
    found = reports.of(context, editor.document)
    assert found is not None
    assert found.changed == ("photos",)
    assert problems(context) == []


@poppler
def test_huge_and_hostile_texts(context: Context, editor: Editor, tmp_path: Path) -> None:
    wild = "\u202e**X** {client.nom} <script> 🔥 " * 3
    for at in range(40):
        line = Line(context.uid(), label=f"Pièce {at} {wild}", quantity=1_0000, unit_price=1_0000)
        editor.commit([insert(line)], "Ligne")
    editor.set_header("Texte", closing_text="mot " * 2_000)
    visit = editor.document.visits[0]
    editor.commit([set_part(visit, technician_name="Y" * 80, note="Z" * 500)], "Note")
    reports.sign(context, editor, "\u202e<b>Dupont</b> {x} 🔥", strokes=DRAWN)
    pdf = bytes(context.database.value("SELECT content FROM work_report_content"))
    text = text_of(pdf, tmp_path)
    assert "<b>Dupont</b> {x}" in text
    assert text.count("Pièce 39") == 1
    assert 3 <= text.count("\f") <= 6
    assert problems(context) == []


def test_the_text_can_be_recomputed_without_the_program(context: Context, editor: Editor) -> None:
    """Only what the docstring of report_text says."""
    reports.sign(context, editor, "Mme Dupont", strokes=DRAWN)
    (row,) = stored(context)
    database = context.database
    header = database.mapping(
        "SELECT * FROM document d JOIN document_work_order s ON s.document_id = d.id", ()
    )
    assert header is not None
    said = json.loads(row["text"])
    for name in report_text.HEADER_1:
        assert said["header"][name] == (header[name] or None), name
    for table, key, names in (
        ("work_visit", "visits", report_text.VISIT_1),
        ("work_machine", "machines", report_text.MACHINE_1),
        ("document_adjustment", "adjustments", report_text.ADJUSTMENT_1),
    ):
        rows = database.mappings(f"SELECT * FROM {table} ORDER BY position, id")
        assert said[key] == [{name: one[name] for name in names} for one in rows]
    rows = database.mappings("SELECT * FROM document_line ORDER BY position, id")
    for one in rows:
        one["discounts"] = json.loads(one["discounts"] or "[]")
    assert said["lines"] == [{name: one[name] for name in report_text.LINE_1} for one in rows]

"""Word letters: what is taken, what is said, what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from codial_tui.domain.paper.richtext import Run, parse
from codial_tui.errors import Unreadable
from codial_tui.printing.letter import MAX_FILE, MAX_UNPACKED, load_docx, read_docx


def saved(document: docx.document.Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_paragraphs_bold_italic_and_fields() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Madame {client.nom}, le ")
    paragraph.add_run("devis").bold = True
    paragraph.add_run(" est ")
    paragraph.add_run("gratuit").italic = True
    paragraph.add_run(".")
    document.add_paragraph("")
    document.add_paragraph("2 * 3 _ok_\x07".replace("\x07", ""))
    loaded = read_docx(saved(document))
    assert loaded.notes == ()
    assert parse(loaded.text) == (
        (
            Run("Madame {client.nom}, le "),
            Run("devis", bold=True),
            Run(" est "),
            Run("gratuit", italic=True),
            Run("."),
        ),
        (Run("2 * 3 _ok_"),),
    )


def test_a_heading_is_bold_by_its_style_and_breaks_stay() -> None:
    document = docx.Document()
    document.add_heading("Titre", level=1)
    paragraph = document.add_paragraph("Une")
    paragraph.add_run().add_break()
    paragraph.add_run("deux\ttrois")
    assert parse(read_docx(saved(document)).text) == (
        (Run("Titre", bold=True),),
        (Run("Une\ndeux    trois"),),
    )


def test_tables_are_left_out_and_said() -> None:
    document = docx.Document()
    document.add_paragraph("Bonjour")
    document.add_table(1, 1).cell(0, 0).text = "perdu"
    loaded = read_docx(saved(document))
    assert loaded.text == "Bonjour"
    assert loaded.notes == ("1 tableau du fichier Word non repris",)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", "ce n'est pas un fichier Word"),
        (b"Bonjour", "ce n'est pas un fichier Word"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "ancien format Word"),
        (b"PK\x03\x04" + b"\x00" * 40, "ce n'est pas un fichier Word"),
    ],
)
def test_what_is_no_letter(data: bytes, wanted: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_docx(data)
    assert wanted in caught.value.text
    assert " · " in caught.value.text


def test_a_file_cut_at_any_place_is_refused_or_read() -> None:
    document = docx.Document()
    document.add_paragraph("Bonjour")
    data = saved(document)
    for cut in range(0, len(data), len(data) // 40):
        with pytest.raises(Unreadable):
            read_docx(data[:cut])


def test_another_zip_and_a_spreadsheet_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "bonjour")
    with pytest.raises(Unreadable, match="ce n'est pas un fichier Word"):
        read_docx(target.getvalue())


def test_a_bomb_is_refused_before_it_opens() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (MAX_UNPACKED + 1))
    assert len(target.getvalue()) < MAX_FILE
    with pytest.raises(Unreadable, match="démesurée"):
        read_docx(target.getvalue())


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("MOT-DE-PASSE")
    document = docx.Document()
    document.add_paragraph("AVANT")
    source = zipfile.ZipFile(io.BytesIO(saved(document)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for one in source.infolist():
            body = source.read(one)
            if one.filename == "word/document.xml":
                head, rest = body.split(b"?>", 1)
                kind = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
                body = head + b"?>" + kind + rest.replace(b"AVANT", b"AVANT&e;")
            archive.writestr(one, body)
    try:
        text = read_docx(target.getvalue()).text
    except Unreadable:
        return
    assert "MOT-DE-PASSE" not in text


def test_empty_long_missing_and_huge(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="vide"):
        read_docx(saved(docx.Document()))
    document = docx.Document()
    document.add_paragraph("mot " * 20_000)
    with pytest.raises(Unreadable, match="trop longue"):
        read_docx(saved(document))
    with pytest.raises(Unreadable, match="illisible"):
        load_docx(tmp_path / "absent.docx")
    with pytest.raises(Unreadable, match="illisible"):
        load_docx(tmp_path)
    huge = tmp_path / "huge.docx"
    with huge.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(Unreadable, match="trop grosse"):
        load_docx(huge)

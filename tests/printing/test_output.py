"""Printers, files and messages: what leaves, and what a failure leaves behind."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from codial_tui.domain.paper.richtext import parse
from codial_tui.domain.problems import Invalid
from codial_tui.printing.output import (
    Printer,
    PrintFailed,
    file_name,
    message,
    printers,
    send_to_printer,
    write_pdf,
)

PDF = b"%PDF-1.7 essai"


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of stand-in commands, alone on the PATH but for the shell's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")
    return folder


def command(folder: Path, name: str, script: str) -> None:
    target = folder / name
    target.write_text(f"#!/bin/sh\n{script}\n")
    target.chmod(0o755)


def test_printers_default_first(cups: Path) -> None:
    command(
        cups,
        "lpstat",
        'if [ "$1" = -e ]; then printf "atelier\\nbureau\\n"; '
        'else echo "system default destination: bureau"; fi',
    )
    assert printers() == (Printer("bureau", is_default=True), Printer("atelier"))


def test_no_default_printer(cups: Path) -> None:
    command(
        cups,
        "lpstat",
        'if [ "$1" = -e ]; then echo atelier; else echo "no default destination"; exit 1; fi',
    )
    assert printers() == (Printer("atelier"),)


def test_a_print_is_queued_with_its_bytes(cups: Path, tmp_path: Path) -> None:
    command(
        cups,
        "lp",
        f'cat > {tmp_path}/got; printf "%s|" "$@" > {tmp_path}/args; '
        'echo "request id is bureau-42 (1 file(s))"',
    )
    job = send_to_printer(PDF, "bureau", title="DEVIS\x1b[2J 42", copies=2)
    assert job == "bureau-42"
    assert (tmp_path / "got").read_bytes() == PDF
    assert (tmp_path / "args").read_text() == "-n|2|-t|DEVIS 42|-d|bureau|"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("lp: Error - no default destination available.", "aucune imprimante par défaut"),
        ("lp: The printer or class does not exist.", "imprimante inconnue"),
        ("lpstat: Connection refused", "le service d'impression est arrêté"),
        ("\x1b[31mmystère", "mystère"),
    ],
)
def test_refusals_are_french(cups: Path, said: str, wanted: str) -> None:
    command(cups, "lp", f"cat > /dev/null; printf '%s' '{said}' >&2; exit 1")
    with pytest.raises(PrintFailed) as caught:
        send_to_printer(PDF, "", title="x")
    assert caught.value.title == f"Impression refusée : {wanted}"
    assert caught.value.remedy


def test_no_cups_says_what_to_do(cups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(cups))
    with pytest.raises(PrintFailed, match="Pas d'impression"):
        printers()
    with pytest.raises(PrintFailed, match="Pas d'impression"):
        send_to_printer(PDF, "x", title="x")


def test_a_silent_server_is_not_waited_for(cups: Path) -> None:
    command(cups, "lp", "exec sleep 30")
    with pytest.raises(PrintFailed, match="ne répond pas"):
        send_to_printer(PDF, "x", title="x", timeout=0.2)


@pytest.mark.parametrize(("printer", "copies"), [("-oraw", 1), ("x", 0), ("x", 100)])
def test_what_is_never_asked_of_cups(printer: str, copies: int) -> None:
    with pytest.raises(PrintFailed):
        send_to_printer(PDF, printer, title="x", copies=copies)


def test_file_names() -> None:
    assert file_name("DEVIS DE26-00042") == "DEVIS DE26-00042.pdf"
    assert file_name("../../etc/pass\x00wd") == "etc-passwd.pdf"
    assert file_name("F/2026:1") == "F-2026-1.pdf"
    assert file_name(" .. ") == "document.pdf"
    assert len(file_name("x" * 500)) == 104


def test_a_file_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    target = tmp_path / "devis.pdf"
    write_pdf(target, PDF)
    assert target.read_bytes() == PDF
    with pytest.raises(PrintFailed, match="existe déjà"):
        write_pdf(target, b"autre")
    assert target.read_bytes() == PDF
    write_pdf(target, b"autre", replace=True)
    assert target.read_bytes() == b"autre"
    assert [one.name for one in tmp_path.iterdir()] == ["devis.pdf"]
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(PrintFailed, match="non écrit") as caught:
        write_pdf(tmp_path / "absent" / "a.pdf", PDF)
    assert str(tmp_path / "absent") in caught.value.remedy
    folder = tmp_path / "dossier.pdf"
    folder.mkdir()
    with pytest.raises(PrintFailed):
        write_pdf(folder, PDF, replace=True)
    assert [one.name for one in tmp_path.iterdir()] == ["dossier.pdf"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "devis.pdf"
    target.write_bytes(b"ancien")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PrintFailed, match="non écrit"):
        write_pdf(target, PDF, replace=True)
    assert target.read_bytes() == b"ancien"
    assert [one.name for one in tmp_path.iterdir()] == ["devis.pdf"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"garde")
    target = tmp_path / "devis.pdf"
    target.symlink_to(victim)
    write_pdf(target, PDF, replace=True)
    assert victim.read_bytes() == b"garde"
    assert target.read_bytes() == PDF


def test_a_message_carries_the_pdf() -> None:
    mail = message(
        PDF,
        "DEVIS é.pdf",
        sender="demo@exemple.fr",
        recipients=["a@exemple.fr", "b@exemple.fr"],
        subject="Devis\r\nBcc: pirate@exemple.fr",
        body=parse("Bonjour **Éric**,\n\nÀ bientôt"),
        copies_to=["c@exemple.fr"],
    )
    read = message_from_bytes(bytes(mail), policy=policy.default)
    assert read["To"] == "a@exemple.fr, b@exemple.fr"
    assert read["Cc"] == "c@exemple.fr"
    assert read["Bcc"] is None
    assert read["Subject"] == "Devis Bcc: pirate@exemple.fr"
    body = read.get_body()
    assert body is not None
    assert body.get_content() == "Bonjour Éric,\n\nÀ bientôt\n"
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "DEVIS é.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF


@pytest.mark.parametrize("bad", ["", "a", "a@b", "a@b.fr\nBcc: x@y.fr", "a b@c.fr", "<a@b.fr>"])
def test_bad_addresses(bad: str) -> None:
    with pytest.raises(Invalid):
        message(PDF, "x.pdf", sender="a@b.fr", recipients=[bad], subject="", body=())
    with pytest.raises(Invalid):
        message(PDF, "x.pdf", sender="a@b.fr", recipients=[], subject="", body=())

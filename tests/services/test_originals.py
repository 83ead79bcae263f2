"""The original of an invoice is kept for ever; what is printed later says DUPLICATA."""

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.invoicing import validating
from codial_tui.services.law import verification
from codial_tui.services.paper import printing
from codial_tui.services.paper.printing import Printed, ToFile, ToMail


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE")
    with context.database.write():
        context.database.execute("UPDATE company SET email = 'contact@essai.example'")
    return desk


def validated(desk: Desk) -> Document:
    return validating.validate(desk.context, desk.make("invoice", ("TUBE", 10)).id)


def to_file(desk: Desk, document: Document, name: str) -> Printed:
    return printing.print_document(desk.context, document.id, ToFile(desk.folder / name))


def kept(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.context.database.rows(
        "SELECT a.id, a.name, c.content FROM attachment a "
        "JOIN attachment_content c ON c.attachment_id = a.id ORDER BY a.id"
    )


def marks(desk: Desk, document: Document, where: Any) -> str:
    return printing.prepare(desk.context, document.id, where).paper.watermark


def test_the_first_print_is_the_original_the_next_are_duplicates(desk: Desk) -> None:
    invoice = validated(desk)
    where = ToFile(desk.folder / "x.pdf")
    assert marks(desk, invoice, where) == ""
    [(_, _, made)] = kept(desk)  # when it was validated, with the XML inside
    first = to_file(desk, invoice, "1.pdf")
    assert desk.again(invoice).state == "printed"
    original = first.pdf
    assert original == bytes(made) == (desk.folder / "1.pdf").read_bytes()
    assert b"factur-x.xml" in original
    assert marks(desk, invoice, where) == "DUPLICATA 1"
    second = to_file(desk, invoice, "2.pdf")
    assert marks(desk, invoice, where) == "DUPLICATA 2"
    assert second.pdf != original and (desk.folder / "2.pdf").read_bytes() == second.pdf
    assert b"factur-x.xml" not in second.pdf
    found = kept(desk)
    assert [row[1] for row in found] == [
        "FACTURE FA26-00001.pdf",
        "FACTURE FA26-00001 DUPLICATA 1.pdf",
    ]
    assert bytes(found[0][2]) == original
    assert desk.again(invoice).state == "printed"
    assert verification.verify(desk.context) == (1, [])


def test_by_mail_the_original_goes_again_as_it_is(desk: Desk) -> None:
    invoice = validated(desk)
    first = to_file(desk, invoice, "1.pdf")
    sent = printing.print_document(desk.context, invoice.id, ToMail(("a@b.example",)))
    assert sent.pdf == first.pdf and sent.attachment_id == first.attachment_id
    assert len(kept(desk)) == 1
    queued = desk.context.database.rows("SELECT attachment_id, recipient FROM mail_queue")
    assert queued == [(first.attachment_id, "a@b.example")]


def test_two_prints_at_once_are_not_both_the_original(desk: Desk) -> None:
    invoice = validated(desk)
    to_file(desk, invoice, "1.pdf")
    one = printing.prepare(desk.context, invoice.id, ToFile(desk.folder / "2.pdf"))
    to_file(desk, invoice, "3.pdf")
    with pytest.raises(Refused, match="a changé entre-temps"):
        printing.finish(desk.context, invoice.id, one, b"%PDF-", "essai")
    assert len(kept(desk)) == 2 and not (desk.folder / "2.pdf").exists()


def test_a_preview_of_a_validated_invoice_says_copie(desk: Desk) -> None:
    draft = desk.make("invoice", ("TUBE", 10))
    invoice = validating.validate(desk.context, draft.id)
    plain = printing.prepare(desk.context, invoice.id, ToFile(desk.folder / "1.pdf"))
    drawn, _ = printing.carry_out(plain)
    copy = printing.pdf_bytes(desk.context, invoice)
    again = printing.pdf_bytes(desk.context, invoice, watermark="COPIE")
    assert copy == again != drawn and [bytes(row[2]) for row in kept(desk)] == [drawn]
    assert b"factur-x.xml" in drawn and b"factur-x.xml" not in copy


@pytest.mark.both
def test_the_original_is_not_touched_by_sql(desk: Desk) -> None:
    invoice = desk.print(validated(desk))
    attached = attachments.add(desk.context, "document", invoice.uid, "note.txt", b"bonjour")
    [(original, *_), _] = kept(desk)
    for sql in (
        "DELETE FROM attachment WHERE id = {id}",
        "UPDATE attachment SET name = 'x' WHERE id = {id}",
        "UPDATE attachment_content SET text = 'x' WHERE attachment_id = {id}",
        "DELETE FROM attachment_content WHERE attachment_id = {id}",
    ):
        with pytest.raises(Refused) as caught, desk.context.database.write():
            desk.context.database.execute(sql.format(id=original))
        assert caught.value.problems[0].code == "attachment.original", sql
    attachments.delete(desk.context, attached)
    assert [row[0] for row in kept(desk)] == [original]

"""Statuses are recorded and never changed; invoices are handed over once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chain_desk import Desk

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing.statuses import Given
from codial_tui.errors import CodialError, Refused, Unreadable
from codial_tui.services.context import Context
from codial_tui.services.invoicing import einvoices, outbox, statuses, validating
from codial_tui.services.law import verification


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.customer("ANNE", is_consumer=1)
    desk.item("TUBE")
    return desk


def validated(desk: Desk, **values: Any) -> Document:
    return validating.validate(desk.context, desk.make("invoice", ("TUBE", 1), **values).id)


def codes(desk: Desk, document: Document) -> list[tuple[str, str, int | None]]:
    return [
        (one.code, one.reason, one.amount) for one in statuses.listed(desk.context, document.id)
    ]


@pytest.mark.both
def test_recorded_by_hand_with_its_reason(desk: Desk) -> None:
    one = validated(desk)
    with pytest.raises(Refused, match="pour quel motif"):
        statuses.record(desk.context, one.id, Given("210"))
    statuses.record(desk.context, one.id, Given("205"))
    statuses.record(desk.context, one.id, Given("210", "TX_TVA_ERR", "10 % et non 20 %"))
    with pytest.raises(Refused, match="plus rien ne suit"):
        statuses.record(desk.context, one.id, Given("205"))
    assert codes(desk, one) == [("205", "", None), ("210", "TX_TVA_ERR", None)]
    assert statuses.listed(desk.context, one.id)[1].label == "Refusée"
    log = desk.context.database.rows(
        "SELECT text FROM document_event WHERE document_id = ? AND text LIKE 'Statut%'", (one.id,)
    )
    assert log == [("Statut 205 Approuvée",), ("Statut 210 Refusée (TX_TVA_ERR)",)]
    database = desk.context.database
    for sql in ("UPDATE invoice_status SET code = '205'", "DELETE FROM invoice_status"):
        with pytest.raises(CodialError), database.write():
            database.execute(sql)
    assert verification.verify(desk.context)[1] == []  # the invoice itself did not change
    draft = desk.make("invoice", ("TUBE", 1))
    with pytest.raises(Refused, match="n'est pas validée"):
        statuses.record(desk.context, draft.id, Given("205"))


CDAR = (
    '<x:CrossDomainAcknowledgementAndResponse xmlns:x="u"><x:AcknowledgementDocument>'
    "{body}</x:AcknowledgementDocument></x:CrossDomainAcknowledgementAndResponse>"
)
ONE = (
    "<x:ReferenceReferencedDocument><x:IssuerAssignedID>{number}</x:IssuerAssignedID>"
    "<x:ProcessConditionCode>{code}</x:ProcessConditionCode>{more}</x:ReferenceReferencedDocument>"
)
PAID = (
    "<x:SpecifiedDocumentStatus><x:SpecifiedDocumentCharacteristic><x:TypeCode>MEN</x:TypeCode>"
    "<x:ValuePercent>20</x:ValuePercent><x:ValueAmount>12.00</x:ValueAmount>"
    "</x:SpecifiedDocumentCharacteristic></x:SpecifiedDocumentStatus>"
)


@pytest.mark.both
def test_a_file_is_read_once_and_says_what_it_could_not(desk: Desk, tmp_path: Path) -> None:
    one = validated(desk)
    body = (
        ONE.format(number=one.ref, code="200", more="")
        + ONE.format(number=one.ref, code="212", more=PAID)
        + ONE.format(number="FA99-1", code="200", more="")
        + ONE.format(number=one.ref, code="777", more="")
        + ONE.format(number=one.ref, code="213", more="")
    )
    path = tmp_path / "statuts.xml"
    path.write_text(CDAR.format(body=body))
    found = statuses.read_file(desk.context, path)
    assert [(each.code, each.refusal.partition(" ·")[0], each.known) for each in found] == [
        ("200", "", False),
        ("212", "", False),
        ("200", "Facture FA99-1 inconnue", False),
        ("777", "Statut 777 inconnu", False),
        ("213", "Rejetée : pour quel motif ?", False),
    ]
    assert codes(desk, one) == [("200", "", None), ("212", "", 1_200)]
    again = statuses.read_file(desk.context, path)
    assert [each.known for each in again[:2]] == [True, True]
    assert codes(desk, one) == [("200", "", None), ("212", "", 1_200)]
    with pytest.raises(Unreadable):
        statuses.read_file(desk.context, tmp_path / "absent.xml")


@pytest.mark.both
def test_each_invoice_is_handed_over_once(desk: Desk, tmp_path: Path) -> None:
    one, two = validated(desk), validated(desk)
    validated(desk, customer="ANNE")  # a consumer: e-reporting
    desk.customer("RUN", country="RE", siren="732829320")  # the reform is theirs too
    three = validated(desk, customer="RUN")
    folder = tmp_path / "sortie"
    wanted = [row[0] for row in outbox.waiting(desk.context)]
    assert wanted == [one.id, two.id, three.id]
    found = list(outbox.hand_over(desk.context, folder, wanted))
    assert [each.refusal for each in found] == ["", "", ""]
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["FA26-00001.pdf", "FA26-00002.pdf", "FA26-00004.pdf"]
    kept = (folder / "FA26-00001.pdf").read_bytes()
    assert kept == einvoices.original(desk.context, desk.load(one.id))
    assert b"CrossIndustryInvoice" in einvoices.xml_kept(kept)
    assert desk.load(one.id).state == "printed"
    assert outbox.waiting(desk.context) == []
    (folder / "FA26-00001.pdf").unlink()  # the platform took it
    [twice] = outbox.hand_over(desk.context, folder, [one.id])
    assert twice.refusal == "FA26-00001 est déjà déposée · rien à faire"
    assert not (folder / "FA26-00001.pdf").exists()


def test_what_was_cut_is_ended_and_another_file_stays(desk: Desk, tmp_path: Path) -> None:
    one, two = validated(desk), validated(desk)
    folder = tmp_path / "sortie"
    folder.mkdir()
    content = einvoices.original(desk.context, desk.load(one.id))
    (folder / "FA26-00001.pdf").write_bytes(content)  # killed before the row was written
    (folder / "FA26-00002.pdf").write_bytes(b"another")
    first, second = outbox.hand_over(desk.context, folder, [one.id, two.id])
    assert first.refusal == "" and "existe déjà" in second.refusal
    assert (folder / "FA26-00002.pdf").read_bytes() == b"another"
    assert [row[0] for row in outbox.waiting(desk.context)] == [two.id]

"""Status files of platforms: what they say, and what is refused of hostile ones."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from codial_tui.errors import Unreadable
from codial_tui.exchange import cdar
from codial_tui.exchange.cdar import read

PARIS = ZoneInfo("Europe/Paris")


def status_file(*statuses: str, at: str = "20261122101500") -> bytes:
    """A CDAR as XP Z12-012 has it."""
    body = "".join(statuses)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse
  xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocument>
  <ram:IssueDateTime><udt:DateTimeString format="204">{at}</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:AcknowledgementDocument>{body}</rsm:AcknowledgementDocument>
</rsm:CrossDomainAcknowledgementAndResponse>""".encode()


def one(number: str, code: str, more: str = "", siren: str = "123456782") -> str:
    return (
        "<ram:ReferenceReferencedDocument>"
        f"<ram:IssuerAssignedID>{number}</ram:IssuerAssignedID>"
        f"<ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>"
        f'<ram:IssuerTradeParty><ram:GlobalID schemeID="0002">{siren}</ram:GlobalID>'
        f"</ram:IssuerTradeParty>{more}</ram:ReferenceReferencedDocument>"
    )


def refused_for(reason: str, words: str) -> str:
    return (
        f"<ram:SpecifiedDocumentStatus><ram:ReasonCode>{reason}</ram:ReasonCode>"
        f"<ram:Reason>{words}</ram:Reason></ram:SpecifiedDocumentStatus>"
    )


def received(*parts: tuple[str, str]) -> str:
    inside = "".join(
        "<ram:SpecifiedDocumentCharacteristic><ram:TypeCode>MEN</ram:TypeCode>"
        f"<ram:ValuePercent>{rate}</ram:ValuePercent><ram:ValueAmount>{amount}</ram:ValueAmount>"
        "</ram:SpecifiedDocumentCharacteristic>"
        for rate, amount in parts
    )
    return f"<ram:SpecifiedDocumentStatus>{inside}</ram:SpecifiedDocumentStatus>"


def test_what_a_file_says() -> None:
    content = status_file(
        one("FA26-00001", "210", refused_for("TX_TVA_ERR", "Le taux est de 10 %")),
        one("FA26-00002", "212", received(("20.00", "120.00"), ("5.5", "10.55"))),
    )
    first, second = read(content, PARIS)
    assert (first.number, first.code, first.issuer) == ("FA26-00001", "210", "123456782")
    assert (first.reason, first.note) == ("TX_TVA_ERR", "Le taux est de 10 %")
    assert first.at.startswith("2026-11-22T") and first.at.endswith(":15:00.000Z")
    assert second.received == ((200_000, 12_000), (55_000, 1_055))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"%PDF-1.7",
        b"<a/>",
        status_file(),
        status_file(one("", "210")),
        status_file(one("FA1", "")),
        status_file(one("FA1", "212", received(("x", "1")))),
        status_file(one("FA1", "212", received(("20", "1e9")))),
        status_file(one("FA1", "200"))[:-20],
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + status_file(one("FA1", "200"))[39:],
        status_file(one("FA1", "200")).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        b"<?xml version='1.0' encoding='no-such'?><a/>",
        b" " * (cdar.LIMIT + 1),
        b"<a>" * 100_000,
    ],
)
def test_what_is_no_status_file_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content, PARIS)


def test_a_moment_that_is_none_is_left_out() -> None:
    [found] = read(status_file(one("FA1", "200"), at="20261399999999"), PARIS)
    assert found.at == ""
    [day] = read(status_file(one("FA1", "200"), at="20261122"), PARIS)
    assert day.at == "2026-11-21T23:00:00.000Z"

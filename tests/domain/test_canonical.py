"""The canonical text of a validated invoice: its bytes are fixed for ever, format by format."""

import hashlib
import json

import pytest

from codial_tui.domain.document import (
    Adjustment,
    Deduction,
    DepositUse,
    Document,
    Line,
    Reference,
)
from codial_tui.domain.law.canonical import (
    FIRST,
    HEADER_1,
    LINE_4,
    SIDE_2,
    Seal,
    body,
    canonical,
    chained,
    differences,
    parse,
    read,
)

SEAL = Seal(7, "2026-11-22T11:00:00.000Z", "Claire « C »")


def invoice(**values: object) -> Document:
    header = {"number": "FA26-00007", "date": "2026-11-22", "price_mode": "net", **values}
    line = Line("a" * 32, label='Tube Ø 12\n\t"x"', quantity=20_000, unit_price=105_000)
    line.discounts, line.amount, line.net_amount = (50_000,), 1_995, 1_995
    footer = Adjustment("b" * 32, percent=100_000)
    return Document(4, "c" * 32, "invoice", header, [line], [footer])  # type: ignore[arg-type]


def test_the_bytes_of_format_1_do_not_change() -> None:
    """Invoices sealed by any version must verify with every later one."""
    text = canonical(invoice(), SEAL, 1)
    assert text.startswith(
        '{"adjustments":[{"amount":0,"hidden":0,"label":"","percent":100000,"position":0,'
        '"type":"discount","uid":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","vat_category":null,'
        '"vat_rate":null}],"format":1,"header":{"assignment_id":null,'
    )
    assert '"label":"Tube Ø 12\\n\\t\\"x\\""' in text and '"discounts":[50000]' in text
    assert '"type":"item"' in text
    assert text.endswith(
        '"totals":{"adjustments":-200,"cost":0,"gross":2154,"lines_net":1995,"net":1795,'
        '"payable":2154,"vat":[{"amount":359,"base":1795,"category":"S","rate":200000}],'
        '"vat_total":359}}'
    )
    assert '"seal":{"at":"2026-11-22T11:00:00.000Z","by":"Claire « C »","position":7}' in text
    assert chained(FIRST, text) == hashlib.sha256(("0" * 64 + text).encode("utf-8")).hexdigest()
    assert chained(FIRST, text) == GOLDEN
    assert read(text) == (SEAL, "c" * 32, "FA26-00007", 1)


def test_the_bytes_of_format_2_do_not_change() -> None:
    """Format 2: what an invoice names, what is kept from it, what it takes of deposits."""
    document = invoice(deposits="auto", goods="")
    document.lines.append(Line("d" * 32, nature="deposit", quantity=-10_000, amount=-500))
    document.references = [Reference("e" * 32, "deposit", "FA26-00003", "2026-11-01", 3)]
    document.deductions = [Deduction("f" * 32, percent=50_000, amount=90, release_on="2027-11-22")]
    document.uses = [DepositUse("0" * 32, 1, "d" * 32, "S", 200_000, 500, 500, 100)]
    text = canonical(document, SEAL, 2)
    assert chained(FIRST, text) == GOLDEN_2
    assert read(text) == (SEAL, "c" * 32, "FA26-00007", 2)
    found = json.loads(text)
    assert [one["nature"] for one in found["lines"]] == ["", "deposit"]
    assert found["references"] == [
        {
            "uid": "e" * 32,
            "type": "deposit",
            "number": "FA26-00003",
            "date": "2026-11-01",
            "referenced_id": 3,
            "position": 0,
        }
    ]
    assert found["deductions"][0]["release_on"] == "2027-11-22"
    assert found["uses"][0]["net"] == 500
    for part in (document.references, document.deductions, document.uses):
        part.clear()
        assert canonical(document, SEAL, 2) != text


def test_the_bytes_of_format_3_do_not_change() -> None:
    """Format 3: the project of a line."""
    document = invoice(deposits="auto", goods="")
    document.lines[0].project_id = 12
    text = canonical(document, SEAL, 3)
    assert chained(FIRST, text) == GOLDEN_3
    assert read(text) == (SEAL, "c" * 32, "FA26-00007", 3)
    assert json.loads(text)["lines"][0]["project_id"] == 12


def test_the_bytes_of_format_4_do_not_change() -> None:
    """Format 4: why a line costs nothing."""
    document = invoice(deposits="auto", goods="")
    document.lines[0].covered = "warranty"
    text = canonical(document, SEAL)
    assert chained(FIRST, text) == GOLDEN_4
    assert read(text) == (SEAL, "c" * 32, "FA26-00007", 4)
    assert json.loads(text)["lines"][0]["covered"] == "warranty"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 5"):
        canonical(invoice(), SEAL, 5)
    with pytest.raises(ValueError, match="format 5"):
        read(canonical(invoice(), SEAL).replace('"format":4', '"format":5'))


GOLDEN_4 = "124209be5917d9be73ca44ce120e58d10c53b15eb359c8ced53f0f93c73af2a1"
GOLDEN_3 = "41962eb560693424469ef3dea5448d95ef572c6b7ba881d791995b9c61e3ef31"
GOLDEN_2 = "a540088492a2b1aed9730549b40d6b173f458db8b64d32d5f9d33fa85f4a756d"
GOLDEN = "8784600a341fb1d90cbd94a6e9439eb9df0dab8a1c8d3b48a1333a4817f35b90"


def test_the_text_has_sorted_keys_and_no_fraction() -> None:
    text = canonical(invoice(), SEAL)
    found = json.loads(text, parse_float=pytest.fail)
    assert json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    assert set(found["header"]) == {"uid", "kind", *HEADER_1, *SIDE_2}
    assert set(found["lines"][0]) == {*LINE_4}


def test_differences_are_paths() -> None:
    one = canonical(invoice(), SEAL)
    other = invoice(date="2026-11-23")
    other.lines[0].amount = 1_996
    found = differences(parse(one), body(other, SEAL))
    assert found[:2] == ["header.date", "lines.1.amount"] and "totals.gross" in found
    other.lines.append(Line("d" * 32))
    assert "lines" in differences(parse(one), body(other, SEAL))
    assert differences(parse(one), parse(one)) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format":2}', '{"format":1,"seal":{}}'])
def test_what_is_no_canonical_text_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)

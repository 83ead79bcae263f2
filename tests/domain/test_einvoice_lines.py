"""What an e-invoice tells of any document adds up to the cent, whatever its lines come from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from document_strategies import document, documents, heading, line
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.invoicing.einvoice import Around, invoice
from codial_tui.domain.invoicing.einvoice_lines import lines_of, plain
from codial_tui.domain.lines.totals import counting, totals
from codial_tui.domain.paper.issuer import Issuer

CENT = Decimal("0.01")
AROUND = Around(Issuer("Démo", siren="123456782"))


def told(line: dict[str, Any]) -> Decimal:
    """BT-131 as it follows from the rest of the line."""
    amount = Decimal(line["BT-129"]) * Decimal(line["BT-146"]) / Decimal(line.get("BT-149", "1"))
    amount = amount.quantize(CENT, ROUND_HALF_UP)
    amount -= sum(Decimal(one["amount"]) for one in line.get("BG-27", ()))
    return amount + sum(Decimal(one["amount"]) for one in line.get("BG-28", ()))


@given(documents(), st.booleans())
def test_any_document_adds_up(some: Document, credit: bool) -> None:
    some.header["is_credit"] = int(credit)
    sums = totals(some)
    sign = -1 if credit or sums.gross < 0 else 1
    data = invoice(some, AROUND)
    lines = data.get("BG-25", [])
    assert len(lines) == len(counting(some))
    for one in lines:
        price = Decimal(one["BT-146"])
        assert price >= 0 and -int(price.as_tuple().exponent) <= 6
        assert -int(Decimal(one["BT-129"]).as_tuple().exponent) <= 4
        assert told(one) == Decimal(one["BT-131"]), one
        pieces = [*one.get("BG-27", ()), *one.get("BG-28", ())]
        assert all(Decimal(piece["amount"]) > 0 for piece in pieces)
    net = sum(Decimal(one["BT-131"]) for one in lines)
    assert net == Decimal(data["BT-106"])
    net -= Decimal(data.get("BT-107", 0))
    net += Decimal(data.get("BT-108", 0))
    assert net == Decimal(data["BT-109"]) == Decimal(sign * sums.net) / 100
    by_key = {
        (row["BT-118"], row.get("BT-119", "0")): Decimal(row["BT-116"])
        for row in data.get("BG-23", [])
    }
    assert sum(by_key.values()) == net
    found = dict.fromkeys(by_key, Decimal(0))
    for one in lines:
        found[one["BT-151"], one.get("BT-152", "0")] += Decimal(one["BT-131"])
    for group, way in (("BG-20", -1), ("BG-21", 1)):
        for part in data.get(group, ()):
            assert Decimal(part["amount"]) > 0
            key = (part["vat_category_code"], part.get("vat_rate", "0"))
            found[key] += way * Decimal(part["amount"])
    assert found == by_key
    assert Decimal(data["BT-112"]) == Decimal(sign * sums.gross) / 100


def test_prices_as_short_as_they_can_be() -> None:
    """HT prices are those that were typed; with VAT, the shortest price that gives the amount."""
    net = document(line("a", "3", "0.3333"), line("b", "2", "10", price_per=30_000))
    assert [one["BT-146"] for one in lines_of(net, {}, 1)] == ["0.3333", "10.00"]
    assert lines_of(net, {}, 1)[1]["BT-149"] == "3"
    gross = document(line("a", "1", "12"), line("b", "7", "1.99"), price_mode="gross")
    assert [one["BT-146"] for one in lines_of(gross, {}, 1)] == ["10.00", "1.659"]
    many = document(line("a", "1000000", "0.01"), price_mode="gross")
    [only] = lines_of(many, {}, 1)
    assert told(only) == Decimal(only["BT-131"]) == Decimal("8333.33")


def test_forced_amounts_hidden_charges_and_nothing() -> None:
    forced = line("a", "3", "10", basis="forced")
    hidden = Adjustment("h", "charge", amount=100, hidden=1)
    some = document(forced, line("b", "0", "5"), adjustments=(hidden,))
    some.lines[0].amount = 1_000
    first, second = lines_of(some, {}, 1)
    assert (first["BT-129"], first["BT-146"], first["BT-131"]) == ("3", "3.667", "11.00")
    assert (second["BT-129"], second["BT-131"]) == ("0", "0.00")
    of_nothing = line("a", "0", "10", basis="forced")
    odd = document(of_nothing)
    odd.lines[0].amount = -700
    [only] = lines_of(odd, {}, 1)
    assert (only["BT-129"], only["BT-146"], only["BT-131"]) == ("-1", "7.00", "-7.00")


def test_where_lines_come_from_is_a_note() -> None:
    some = document(
        heading("Selon commande CC26-00012 du 03/11/2026", 1, LineType.TITLE),
        line("a", "1", "1"),
        heading("Électricité", 1, LineType.TITLE),
        line("b", "1", "1", unit="h"),
    )
    first, second = lines_of(some, {"h": "HUR"}, 1)
    assert first["BT-127-00"] == [{"BT-127": "Selon commande CC26-00012 du 03/11/2026"}]
    assert "BT-127-00" not in second
    assert (first["BT-130"], second["BT-130"]) == ("C62", "HUR")


def test_text_that_no_xml_can_hold_is_left_out() -> None:
    assert plain(" a\x00b\x1bc\ufffe\ud800 🔧<&> ") == "abc 🔧<&>"
    [only] = lines_of(document(Line("x", quantity=10_000)), {}, 1)
    assert only["BT-153"] == "Article"

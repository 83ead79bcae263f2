"""Invoices as e-invoices: what is told, what is refused and in which words, what is kept."""

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from chain_desk import Desk
from invoice_cases import HOSTILE, desk_of, item, named, valid, with_header

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import einvoice, einvoice_checks
from codial_tui.errors import Refused, Unreadable
from codial_tui.exchange import factur_x, schematron
from codial_tui.services.context import Context
from codial_tui.services.documents import attachments
from codial_tui.services.invoicing import einvoices, validating
from codial_tui.services.law import verification
from codial_tui.services.paper import papers, printing

CENT = Decimal("0.01")


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    return desk_of(context, tmp_path)


def told(desk: Desk, document: Document, **values: Any) -> dict[str, Any]:
    about = replace(einvoices.around(desk.context, document), **values)
    return einvoice.invoice(document, about)


def said(desk: Desk, document: Document, **values: Any) -> list[tuple[str, str]]:
    """Field and words of each problem."""
    about = replace(einvoices.around(desk.context, document), **values)
    return [(one.field, one.text) for one in einvoice_checks.problems(document, about)]


def test_every_case_is_written_adds_up_and_has_no_problem(desk: Desk) -> None:
    """BR-CO-10 to 16 and, line by line, quantity × price ÷ base − allowances + charges."""
    for name, document in valid(desk).items():
        assert said(desk, document) == [], name
        data = told(desk, document)
        figures = {key: Decimal(data.get(key) or 0) for key in ("BT-106", "BT-107", "BT-108")}
        lines = sum(Decimal(line["BT-131"]) for line in data["BG-25"])
        assert lines == figures["BT-106"], name
        net = figures["BT-106"] - figures["BT-107"] + figures["BT-108"]
        assert net == Decimal(data["BT-109"]), name
        assert sum(Decimal(row["BT-116"]) for row in data["BG-23"]) == net, name
        vat = sum(Decimal(row["BT-117"]) for row in data["BG-23"])
        assert net + vat == Decimal(data["BT-112"]) == Decimal(data["BT-115"]), name
        assert vat == Decimal(data["BT-110"]), name
        for line in data["BG-25"]:
            price = Decimal(line["BT-146"])
            assert price >= 0 and -price.as_tuple().exponent <= 6, (name, line)
            base = Decimal(line["BT-129"]) * price / Decimal(line.get("BT-149", "1"))
            base = base.quantize(CENT, ROUND_HALF_UP)
            base -= sum(Decimal(one["amount"]) for one in line.get("BG-27", ()))
            base += sum(Decimal(one["amount"]) for one in line.get("BG-28", ()))
            assert base == Decimal(line["BT-131"]), (name, line)
        assert factur_x.xml_bytes(data) == factur_x.xml_bytes(data), name


def test_types_and_frameworks(desk: Desk) -> None:
    wanted = {
        "plain": ("380", "B1"),
        "services": ("380", "S1"),
        "mixed": ("380", "M1"),
        "reverse charge": ("380", "S5"),
        "deposit": ("386", "B1"),
        "deposit credited": ("503", "B1"),
        "credit": ("381", "B1"),
        "consumer credit": ("381", "B1"),
        "final": ("380", "B4"),
        "wholly paid before": ("380", "B4"),
    }
    cases = valid(desk)
    for name, (kind, framework) in wanted.items():
        data = told(desk, cases[name])
        assert (data["BT-3"], data["BT-23"]) == (kind, framework), name
    paid = told(desk, cases["plain"], paid=12_558)
    assert (paid["BT-23"], paid["BT-113"], paid["BT-115"]) == ("B2", "125.58", "0.00")
    assert paid["BT-9"] == "2026-11-22"


def test_a_credit_note_reverses_signs_and_keeps_prices_positive(desk: Desk) -> None:
    cases = valid(desk)
    data = told(desk, cases["credit"])
    assert [(one["BT-129"], one["BT-146"], one["BT-131"]) for one in data["BG-25"]] == [
        ("2", "10.00", "20.00"),
        ("-1", "5.00", "-5.00"),
    ]
    assert (data["BT-109"], data["BT-115"]) == ("15.00", "18.00")
    assert data["BG-3"] == [{"BT-25": "FA26-00001", "BT-26": "2026-11-01"}]
    assert "BT-9" not in data and "BT-84" not in data
    [line] = told(desk, cases["credit by price"])["BG-25"]
    assert (line["BT-129"], line["BT-146"], line["BT-131"]) == ("2", "5.00", "10.00")


def test_notes_of_the_law_once_each_and_none_for_consumers(desk: Desk) -> None:
    cases = valid(desk)
    for name, document in cases.items():
        codes = [one.get("BT-21") for one in told(desk, document).get("BG-1", ())]
        wanted = 0 if "consumer" in name else 1
        assert [codes.count(code) for code in ("PMT", "PMD", "AAB")] == [wanted] * 3, name
        assert "TXD" not in codes, name  # members of a group only (assujetti unique)
    assert "40 €" not in str(told(desk, cases["consumer"]))
    debits = told(desk, cases["debits"])
    assert debits["BT-8"] == "5" and "d'après les débits" in str(debits["BG-1"])
    assert "BT-8" not in told(desk, cases["plain"])
    assert told(desk, cases["services"])["BT-8"] == "72"


def test_retention_is_said_and_never_paid(desk: Desk) -> None:
    data = told(desk, valid(desk)["retention"])
    assert data["BT-115"] == data["BT-112"] and "BT-113" not in data
    assert "Retenue de garantie 5 % : 6,26 €" in data["BT-20"]
    assert "remplacée par une caution" in data["BT-20"]
    notes = [one["BT-22"] for one in data["BG-1"] if one.get("BT-21") == "AAI"]
    assert "Paiement direct du sous-traitant : 10,00 €" in notes


def test_parties_of_an_invoice(desk: Desk) -> None:
    cases = valid(desk)
    data = told(desk, cases["delivered elsewhere"])
    seller, buyer, place = data["BG-4"], data["BG-7"], data["BG-13"]
    assert (seller["legal_identifier"], seller["einvoicing_addr"]) == ("123456782", "123456782")
    assert seller["identifiers"] == {"0009": "12345678200010"}
    assert "SARL au capital de 10 000 €" in seller["legal_info"]
    assert (buyer["legal_identifier"], buyer["einvoicing_addr_schemeid"]) == ("732829320", "0225")
    assert (place["name"], place["city"], data["BT-72"]) == ("Chantier", "GRENOBLE", "2026-11-22")
    assert (data["BT-9"], data["BT-13"], data["BT-84"]) == (
        "2026-12-22",
        "CDE 12",
        "FR7630006000011234567890189",
    )
    own = told(desk, cases["plain"], buyer_address="732829320_COMPTA")["BG-7"]
    assert own["einvoicing_addr"] == "732829320_COMPTA"
    assert "legal_identifier" not in told(desk, cases["consumer"])["BG-7"]
    free = told(desk, cases["out of scope"])
    assert "vat_identifier" not in free["BG-4"] and "vat_identifier" not in free["BG-7"]


def test_reasons_for_no_vat(desk: Desk) -> None:
    cases = valid(desk)
    codes = {
        name: told(desk, cases[name])["BG-23"][0].get("BT-121")
        for name in ("plain", "reverse charge", "exported", "sent within the Union", "zero")
    }
    assert codes == {
        "plain": None,
        "reverse charge": "VATEX-EU-AE",
        "exported": "VATEX-EU-G",
        "sent within the Union": "VATEX-EU-IC",
        "zero": None,
    }
    regime = with_header(
        cases["reverse charge"], vat_regime="reverse_charge", vat_category="AE", vat_mention="Moi"
    )
    assert told(desk, regime)["BG-23"][0]["BT-121"] == "VATEX-FR-AE"
    assert told(desk, regime)["BG-23"][0]["BT-120"] == "Moi"


def test_what_is_refused_and_where_to_mend_it(desk: Desk) -> None:
    cases = valid(desk)
    plain = cases["plain"]
    issuer = einvoices.around(desk.context, plain).issuer

    def first(document: Document, **values: Any) -> tuple[str, str]:
        return said(desk, document, **values)[0]

    assert first(with_header(plain, party_siren="", party_siret="", party_vat_number="")) == (
        "party_id",
        "SIREN de Martin absent · fiche du client (F4), SIREN ; ou Particulier : oui",
    )
    assert first(plain, buyer_address="111111111_X")[1].startswith(
        "Adresse de facture électronique de Martin : pas celle du SIREN 732829320"
    )
    assert first(plain, issuer=replace(issuer, siren="", siret=""))[1] == (
        "SIREN de la société absent · F10 Paramètres, Société"
    )
    assert first(plain, issuer=replace(issuer, vat_number=""))[1].startswith("N° de TVA de la soc")
    assert first(plain, number="FA 26-1")[1].startswith("Numéro FA 26-1 : lettres sans accent")
    assert first(with_header(plain, due_date="2026-11-21")) == (
        "due_date",
        "Échéance avant la date de la facture",
    )
    assert first(with_header(plain, date="1999-12-31"))[0] == "date"
    odd = desk.make("invoice", ("TUBE", 1), item())
    odd.lines[1].vat_rate = 123_400
    assert first(odd) == (
        "lines.2.vat_rate",
        "TVA 12,34 % : pas un taux français, refusé en facture électronique · F7 V le change",
    )
    assert said(desk, with_header(odd, party_is_consumer=1)) == []
    mixed = desk.make("invoice", item(vat_category="O"), item())
    assert first(mixed)[0] == "lines.1.vat_rate"
    sent = with_header(cases["sent within the Union"], party_vat_number="")
    assert "livraison intracommunautaire" in first(sent)[1]
    only = desk.make("invoice", item(tags=["option"]))
    assert first(only)[0] == "lines"
    assert first(with_header(plain, currency="USD"))[1] == "Facture en USD : en euros seulement"


def test_vat_rounded_line_by_line_is_refused_where_it_differs(desk: Desk) -> None:
    lines = [item(str(n), "1", "0.33") for n in range(3)]
    same = with_header(desk.make("invoice", item("A", "1", "10")), vat_rounding="line")
    assert said(desk, same) == []
    other = with_header(desk.make("invoice", *lines), vat_rounding="line")
    [(field, words)] = said(desk, other)
    assert field == "" and "TVA arrondie ligne par ligne : 0,21 € au lieu de 0,20 €" in words


def test_errors_of_deposits_that_the_official_rules_let_through(desk: Desk) -> None:
    cases = valid(desk)
    final = cases["final"]
    [(_, unnamed)] = said(desk, replace(final, references=[]))
    assert unnamed.startswith("Un acompte est déduit sans nommer sa facture")
    [(field, twice)] = said(desk, final, paid=36_000)
    assert field == "lines" and twice.startswith("Acompte déduit par une ligne et compté comme")
    again = replace(final.lines[-1], uid="other")
    doubled = replace(final, lines=[*final.lines, again])
    assert said(desk, doubled) == [
        ("lines.3", "« Acompte FA26-00001 » déduit deux fois · supprimez-en une")
    ]


def test_a_credit_note_names_what_it_corrects(desk: Desk) -> None:
    credit = desk.make("invoice", ("TUBE", -1))
    [problem] = validating.problems(desk.context, credit)
    assert (problem.code, problem.field) == ("credit.reference", "corrected")
    wrong = named(credit)
    wrong.references[0].number = "FA 1é"
    assert said(desk, wrong) == [
        (
            "corrected",
            "Facture FA 1é : lettres sans accent, chiffres et + - _ / seulement "
            "· corrigez le numéro",
        )
    ]
    older = desk.make("invoice", ("TUBE", -1), references=[{"number": "F1", "date": "2025-03-04"}])
    done = validating.validate(desk.context, older.id)
    assert (done.number("is_credit"), done.references[0].referenced_id) == (1, None)
    sold = validating.validate(desk.context, desk.make("invoice", ("TUBE", 1)).id)
    own = desk.make("invoice", ("TUBE", -1), references=[{"number": sold.ref}])
    [named_one] = own.references
    assert (named_one.referenced_id, named_one.date) == (sold.id, "2026-11-22")
    with pytest.raises(Refused, match="F2 n'est pas ici : sa date manque"):
        desk.make("invoice", ("TUBE", -1), references=[{"number": "F2"}])
    with pytest.raises(Refused, match="n'est pas pour cette pièce"):
        desk.make("quote", ("TUBE", 1), references=[{"number": "F2", "date": "2025-03-04"}])


def test_a_problem_takes_no_number(desk: Desk) -> None:
    desk.customer("ANON", siren="")
    document = desk.make("invoice", ("TUBE", 1), customer="ANON")
    with pytest.raises(Refused, match="SIREN de Anon absent"):
        validating.validate(desk.context, document.id)
    value = desk.context.database.value
    assert value("SELECT COUNT(*) FROM number_series WHERE code = 'FA'") == 0
    with desk.context.database.write():  # its record is mended, the invoice follows
        desk.context.database.execute("UPDATE party SET siren = '732829320' WHERE code = 'ANON'")
    done = validating.validate(desk.context, document.id)
    assert done.text("party_siren") == "732829320" and done.ref == "FA26-00001"


def test_the_original_holds_the_xml_of_what_was_sealed(desk: Desk) -> None:
    document = desk.make("invoice", item(HOSTILE), item("\ud7ff\ufffe x"), subject="<&>")
    done = validating.validate(desk.context, document.id)
    kept = einvoices.original(desk.context, done)
    xml = einvoices.xml_kept(kept)
    tree = ElementTree.fromstring(xml)
    texts = [one.text for one in tree.iter()]
    assert done.ref in texts and "48.00" in texts
    names = [one.text or "" for one in tree.iter() if one.tag.endswith("}Name")]
    assert any("🔧 <b>&amp; « ]]> »" in name for name in names)
    assert xml == einvoices.xml(desk.context, done)
    with pytest.raises(Unreadable, match="ne contient pas"):
        einvoices.xml_kept(printing.pdf_bytes(desk.context, done))
    with pytest.raises(Unreadable, match="ne se lit pas"):
        einvoices.xml_kept(b"%PDF-1.4 cut")


def test_no_original_of_what_is_not_validated(desk: Desk) -> None:
    draft = desk.make("invoice", ("TUBE", 1))
    with pytest.raises(Refused, match="n'est pas validée"):
        einvoices.original(desk.context, draft)
    with pytest.raises(Refused, match="pas une facture"):
        einvoices.original(desk.context, desk.make("quote", ("TUBE", 1)))
    assert attachments.listed(desk.context, draft.uid) == []


def test_what_is_no_xml_is_refused_in_french(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written when the XSD refuses what our own checks let through."""
    document = desk.make("invoice", ("TUBE", 1))
    monkeypatch.setattr(einvoice, "type_code", lambda *some: "")
    with pytest.raises(Refused, match="refusée par le format officiel"):
        validating.validate(desk.context, document.id)
    value = desk.context.database.value
    assert value("SELECT COUNT(*) FROM number_series WHERE code = 'FA'") == 0
    [problem] = einvoices.official_problems(desk.context, document)
    assert problem.code == "einvoice.xsd"


def test_silence_of_the_engine_is_not_validity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/true")
    with pytest.raises(Refused, match="n'a pas répondu"):
        schematron.failures([schematron.Invoice(b"<x/>")])


def test_messages_of_rules_have_no_english_where_it_matters() -> None:
    failure = schematron.Failure("BR-CO-16", False, "[BR-CO-16]-Amount due (BT-115) = …")
    problem = einvoices._problem(failure)
    assert problem.text == (
        "Norme EN 16931, règle BR-CO-16 : le net à payer n'est pas TTC − déjà payé"
    )
    french = schematron.Failure("BR-FR-CO-07_BT-9", False, "BR-FR-CO-07/BT-9 : La date d’échéance")
    assert einvoices._problem(french).field == "due_date"
    assert re.match("BR-FR-CO-07", einvoices._problem(french).message)


def test_the_paper_names_the_buyer_as_the_law_wants(desk: Desk) -> None:
    """SIREN on every invoice to a business, the VAT number where the buyer owes the tax."""
    cases = valid(desk)

    def facts(name: str) -> tuple[str, ...]:
        return papers.paper(desk.context, cases[name]).facts

    assert "SIREN du client : 732 829 320" in facts("plain")
    assert not any("TVA du client" in line for line in facts("plain"))
    assert "N° de TVA du client : FR44732829320" in facts("reverse charge")
    assert "N° de TVA du client : DE136695976" in facts("sent within the Union")
    assert not any("client :" in line for line in facts("consumer"))


def test_an_invoice_party_is_the_buyer(desk: Desk) -> None:
    """Its name, address and identifiers stand on the paper and in the XML, and are sealed; an
    address that was typed stays."""
    payer = desk.customer("SIEGE", siren="552100554", street="9 place Z", city="PARIS")
    draft = desk.set(desk.make("invoice", ("TUBE", 1)), invoice_party_id=payer)
    assert "Siege" in papers.paper(desk.context, draft).party
    typed = desk.set(desk.make("invoice", ("TUBE", 1)), invoice_party_id=payer)
    typed = desk.set(typed, billing_street="3 rue tapée")
    done = validating.validate(desk.context, draft.id)
    buyer = told(desk, done)["BG-7"]
    assert (buyer["name"], buyer["city"], buyer["einvoicing_addr"]) == (
        "Siege",
        "PARIS",
        "552100554",
    )
    paper = papers.paper(desk.context, done)
    assert "Siege" in paper.party and "SIREN du client : 552 100 554" in paper.facts
    assert (done.text("party_name"), done.text("party_siren")) == ("Martin", "552100554")
    own = validating.validate(desk.context, typed.id)
    assert own.text("billing_street") == "3 rue tapée" and own.text("party_siren") == "552100554"
    assert verification.verify(desk.context)[1] == []

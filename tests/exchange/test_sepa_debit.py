"""SEPA direct debits as pain.008: the elements in their order, sums to the cent, refusals first."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from codial_tui.exchange import sepa_debit
from codial_tui.exchange.sepa_debit import Creditor, Debit

CREDITOR = Creditor("DÉMO & Cie", "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", "FR72ZZZ123456")
DEBITS = [
    Debit(
        "FA26-00012",
        205_800,
        "2026-12-01",
        "DUPONT Élec",
        "FR14 2004 1010 0505 0001 3M02 606",
        "M-0001",
        "2026-01-05",
        "Facture FA26-00012",
    ),
    Debit(
        *("FA26-00013", 1_001, "2026-12-01", "Œuvre", "DE89370400440532013000", "M-2"),
        *("2026-11-30", "Facture n° 13 <b>", "COBADEFF", "FRST"),
    ),
]
NS = {"p": sepa_debit.NAMESPACE}


def _tree(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def test_the_file_is_what_a_bank_reads() -> None:
    assert sepa_debit.problems(CREDITOR, DEBITS) == []
    content = sepa_debit.write(CREDITOR, DEBITS, "PRLV-1", "2026-11-22T10:00:00")
    assert content == sepa_debit.write(CREDITOR, DEBITS, "PRLV-1", "2026-11-22T10:00:00")
    root = _tree(content)
    text = {one.tag.rpartition("}")[2]: one.text for one in root.iter()}
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", "", NS) == "2068.01"
    assert root.findtext(".//p:GrpHdr/p:NbOfTxs", "", NS) == "2"
    groups = root.findall(".//p:PmtInf", NS)
    assert [one.findtext("p:PmtTpInf/p:SeqTp", "", NS) for one in groups] == ["FRST", "RCUR"]
    assert [one.findtext("p:CtrlSum", "", NS) for one in groups] == ["10.01", "2058.00"]
    order = [one.tag.rpartition("}")[2] for one in groups[1]]
    assert order == [
        *("PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdColltnDt", "Cdtr"),
        *("CdtrAcct", "CdtrAgt", "ChrgBr", "CdtrSchmeId", "DrctDbtTxInf"),
    ]
    debit = groups[1].find("p:DrctDbtTxInf", NS)
    assert debit is not None
    assert [one.tag.rpartition("}")[2] for one in debit] == [
        *("PmtId", "InstdAmt", "DrctDbtTx", "DbtrAgt", "Dbtr", "DbtrAcct", "RmtInf"),
    ]
    assert debit.findtext("p:Dbtr/p:Nm", "", NS) == "DUPONT Elec"
    assert debit.findtext("p:DbtrAcct/p:Id/p:IBAN", "", NS) == "FR1420041010050500013M02606"
    assert debit.findtext(".//p:FinInstnId/p:Othr/p:Id", "", NS) == "NOTPROVIDED"
    first = groups[0].find("p:DrctDbtTxInf", NS)
    assert first is not None
    assert first.findtext("p:Dbtr/p:Nm", "", NS) == "OEuvre"
    assert first.findtext("p:RmtInf/p:Ustrd", "", NS) == "Facture n 13 b"
    assert text["Nm"] == "DUPONT Elec"
    assert root.findtext(".//p:CdtrSchmeId/p:Id/p:PrvtId/p:Othr/p:Id", "", NS) == "FR72ZZZ123456"


def test_what_a_bank_would_refuse_is_told_before() -> None:
    bad = replace(DEBITS[0], iban="FR00", mandate="", signed_on="2026-12-02", amount=0)
    found = sepa_debit.problems(replace(CREDITOR, identifier="FR73ZZZ123456", iban="x"), [bad])
    assert [one.code for one in found] == [
        *("sepa.iban", "sepa.ics", "sepa.iban", "sepa.mandate", "sepa.signed_on", "sepa.amount"),
    ]
    assert found[2].field == "1.iban" and "DUPONT" in found[2].message
    assert sepa_debit.problems(CREDITOR, [])[0].code == "sepa.empty"


@given(st.text(max_size=200))
def test_any_text_fits_the_sepa_set(text: str) -> None:
    found = sepa_debit.latin(text, 35)
    assert 0 < len(found) <= 35 and found.isascii() and not found.startswith("/")
    assert not set(found) & set('<>&"\\{}[]\n\t')

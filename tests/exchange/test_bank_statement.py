"""Bank statements: CAMT.053 and CSV, told alike; the same entry has the same key in any file."""

from __future__ import annotations

from pathlib import Path

import pytest

from codial_tui.errors import Unreadable
from codial_tui.exchange import bank_statement

HEAD = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
CAMT = (
    HEAD
    + """<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>R1</Id>
 <Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>
 <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt>
  <CdtDbtInd>CRDT</CdtDbtInd></Bal>
 <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">12.5</Amt>
  <CdtDbtInd>DBIT</CdtDbtInd></Bal>
 <Ntry><Amt Ccy="EUR">2058.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts>
  <BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>B77</AcctSvcrRef>
  <NtryDtls><TxDtls><Refs><EndToEndId>FA26-00012</EndToEndId></Refs>
   <RltdPties><Dbtr>{party}</Dbtr><DbtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id>
   </DbtrAcct></RltdPties><RmtInf><Ustrd>Facture FA26-00012</Ustrd><Ustrd>merci</Ustrd></RmtInf>
  </TxDtls></NtryDtls></Ntry>
 <Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts>
  <BookgDt><DtTm>2026-11-21T10:00:00</DtTm></BookgDt>
  <NtryDtls>
   <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls>
    <RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
   <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls></TxDtls>
  </NtryDtls></Ntry>
 <Ntry><Amt Ccy="EUR">44.10</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{status}</Sts>
  <BookgDt><Dt>2026-11-21</Dt></BookgDt><AddtlNtryInf>REJET PRLV</AddtlNtryInf>
  <NtryDtls><TxDtls><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
 <Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>
  <BookgDt><Dt>2026-11-22</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
)


def _camt(version: str = "02", **other: str) -> bytes:
    given = {"status": "BOOK", "party": "<Nm>DUPONT &amp; Fils</Nm>"} | other
    return CAMT.format(version=version, **given).encode()


def test_a_camt_statement_is_told_with_signs() -> None:
    (statement,) = bank_statement.camt(_camt())
    assert (statement.iban, statement.opening, statement.closing) == (
        "FR7630006000011234567890189",
        100_000,
        -1_250,
    )
    assert [
        (one.date, one.amount, one.label, one.reference, one.name, one.iban, one.returned)
        for one in statement.entries
    ] == [
        (
            *("2026-11-20", 205_800, "Facture FA26-00012 merci", "FA26-00012", "DUPONT & Fils"),
            *("FR1420041010050500013M02606", False),
        ),
        ("2026-11-21", 1_000, "RF18539007547034", "", "", "", False),
        ("2026-11-21", 2_000, "", "", "", "", False),
        ("2026-11-21", -4_410, "REJET PRLV", "", "", "", True),
    ]
    assert len({one.key for one in statement.entries}) == 4


def test_a_date_of_another_writing_is_told_as_ours() -> None:
    [one] = bank_statement.camt(_camt().replace(b"<Dt>2026-11-20</Dt>", b"<Dt>20-11-2026</Dt>"))
    assert one.entries[0].date == "2026-11-20"


def test_later_versions_say_the_same() -> None:
    (old,) = bank_statement.camt(_camt())
    (new,) = bank_statement.camt(
        _camt("08", status="<Cd>BOOK</Cd>", party="<Pty><Nm>DUPONT &amp; Fils</Nm></Pty>")
    )
    assert new == old


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<a/>", "pas un relev"),
        (b"<Document>", "ne se lit pas"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entit"),
        (_camt().replace(b">2058.00<", b">20,58.00<"), "montant"),
        (_camt().replace(b"2026-11-20", b"2026-31-31"), "montant"),
        (_camt().replace(b"<Dt>2026-11-20</Dt>", b""), "date"),
        (_camt().replace(b'"EUR">2058', b'"USD">2058'), "USD"),
    ],
    ids=["other", "cut", "entities", "amount", "date", "no date", "currency"],
)
def test_what_is_no_statement_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(bank_statement.camt(content))
    assert said in caught.value.text and caught.value.remedy


def test_csv_with_one_amount_or_two(tmp_path: Path) -> None:
    one = tmp_path / "un.csv"
    one.write_text(
        "Relevé du compte\n\nDate;Libellé;Montant;Référence\n"
        "20/11/2026;VIR DUPONT FA26-00012;2 058,00;X1\n"
        "20/11/2026;CB;-12,50;\n"
        "hier;VIR;1,00;\n"
        "21/11/2026;VIR;douze;\n",
        encoding="cp1252",
    )
    two = tmp_path / "deux.csv"
    two.write_text(
        "Date opération,Libellé,Débit,Crédit\n"
        '2026-11-20,"VIR DUPONT, FA26-00012",,2058.00\n'
        "2026-11-20,CB,12.50,\n",
        encoding="utf-8",
    )
    (first,) = bank_statement.read(one)
    (second,) = bank_statement.read(two)
    assert [(e.date, e.amount, e.reference) for e in first.entries] == [
        ("2026-11-20", 205_800, "X1"),
        ("2026-11-20", -1_250, ""),
    ]
    assert [row for row, _ in first.refused] == [6, 7]
    assert [(e.amount, e.label) for e in second.entries] == [
        (205_800, "VIR DUPONT, FA26-00012"),
        (-1_250, "CB"),
    ]
    bad = tmp_path / "autre.csv"
    bad.write_text("code;nom\n1;a\n")
    with pytest.raises(Unreadable):
        bank_statement.read(bad)


def test_the_same_entry_has_the_same_key_twice_the_same_two(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = "20/11/2026;VIR DUPONT;10,00\n"
    path.write_text("Date;Libellé;Montant\n" + row + row, encoding="utf-8")
    (both,) = bank_statement.read(path)
    path.write_text("Date;Libellé;Montant\n19/11/2026;CB;1,00\n" + row + row, encoding="utf-8")
    (again,) = bank_statement.read(path)
    keys = [one.key for one in both.entries]
    assert len(set(keys)) == 2
    assert keys == [one.key for one in again.entries][1:]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        bank_statement.read(tmp_path / "absent.xml")

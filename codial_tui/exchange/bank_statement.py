"""Bank statements: CAMT.053 (ISO 20022) and the CSV files banks offer, as entries of an account.

An entry is told with its sign: money that came is positive. `key` is the same for the same entry
of the same account, whichever file says it, so that reading a file twice adds nothing. Files come
from outside: no entity is expanded, amounts are never rounded or guessed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from codial_tui.domain import quantity
from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Invalid
from codial_tui.domain.text import clean, fold
from codial_tui.errors import Unreadable, system_words

from . import delimited, values
from .detection import detect

LIMIT = 50 << 20
"""bytes of a file"""
_REMEDY = "demandez à la banque un CAMT.053, ou un CSV avec date, libellé et montant"
_COLUMNS = {
    "date": ("date", "date operation", "date comptable", "date d operation", "date de l operation"),
    "label": ("libelle", "label", "description", "libelle operation", "nature de l operation"),
    "amount": ("montant", "amount", "montant eur", "montant en euros"),
    "debit": ("debit", "debit euros", "montant debit"),
    "credit": ("credit", "credit euros", "montant credit"),
    "reference": ("reference", "ref", "reference operation", "numero d operation"),
    "name": ("tiers", "contrepartie", "emetteur", "nom", "donneur d ordre"),
    "iban": ("iban", "iban tiers", "iban contrepartie"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. date: ISO; amount: cents, positive when it came in; label: what the payer
    wrote; reference: end to end, else the bank's; name, iban: the other side; key: what tells it
    from every other entry of the account."""

    date: str
    amount: int
    label: str = ""
    reference: str = ""
    name: str = ""
    iban: str = ""
    key: str = ""
    returned: bool = False
    """a payment that bounced"""


@dataclass(frozen=True, slots=True)
class Statement:
    """The entries of one account. iban: "" when the file does not say; opening, closing: cents,
    None where unknown; refused: (row, why) of what could not be read."""

    iban: str
    entries: tuple[Entry, ...]
    opening: int | None = None
    closing: int | None = None
    refused: tuple[tuple[int, str], ...] = ()


def read(path: Path) -> tuple[Statement, ...]:
    """The statements of a file. Raises Unreadable."""
    try:
        if path.stat().st_size > LIMIT:
            raise Unreadable(f"Fichier de plus de {LIMIT >> 20} Mo", "ce n'est pas un relevé")
        head = path.read_bytes()[:4096]
    except OSError as error:
        raise Unreadable(f"{path.name} illisible", system_words(error)) from error
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return tuple(camt(path.read_bytes()))
    try:
        return (table(path),)
    except Invalid as error:
        raise Unreadable(error.problems[0].message, error.problems[0].remedy) from error


# -- CAMT.053 ----------------------------------------------------------------------------------


def camt(content: bytes) -> Iterator[Statement]:
    """The statements of a CAMT.053 message, whichever version. Raises Unreadable."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable("Ce XML définit des entités", _REMEDY)
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise Unreadable("Ce relevé XML ne se lit pas", _REMEDY) from error
    for one in root.iter():
        one.tag = one.tag.rpartition("}")[2]
    found = root.findall(".//BkToCstmrStmt/Stmt")
    if not found:
        raise Unreadable("Ce XML n'est pas un relevé CAMT.053", _REMEDY)
    try:
        yield from (_statement(one) for one in found)
    except Invalid as error:
        raise Unreadable("Un montant ou une date ne se lit pas", _REMEDY) from error


def _statement(stmt: Element) -> Statement:
    iban = _text(stmt, "Acct/Id/IBAN")
    entries = [
        entry
        for one in stmt.findall("Ntry")
        if _text(one, "Sts/Cd", "Sts") in ("", "BOOK")
        for entry in _entries(one, iban)
    ]
    balances = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in stmt.findall("Bal")}
    return Statement(
        iban,
        _keyed(entries, iban),
        _balance(balances.get("OPBD")),
        _balance(balances.get("CLBD")),
    )


def _balance(one: Element | None) -> int | None:
    return None if one is None else _signed(one, _cents(one, "Amt"))


def _entries(entry: Element, iban: str) -> Iterator[Entry]:
    """A booking is one entry, or as many as it lists transactions with their amounts."""
    date = values.day(_text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt")[:10])
    if date is None:
        raise Unreadable("Un mouvement du relevé n'a pas de date", _REMEDY)
    whole = _signed(entry, _cents(entry, "Amt"))
    bank = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    parts = entry.findall("NtryDtls/TxDtls")
    amounts = [_own(part, entry) for part in parts]
    if len(parts) < 2 or None in amounts or sum(filter(None, amounts)) != whole:
        one = parts[0] if len(parts) == 1 else entry
        yield _entry(one, date, whole, bank, entry)
        return
    for part, amount in zip(parts, amounts):
        yield _entry(part, date, amount or 0, bank, entry)


def _own(part: Element, entry: Element) -> int | None:
    """The amount of one transaction of a booking, None where the bank does not give it."""
    where = next(
        (path for path in ("Amt", "AmtDtls/TxAmt/Amt") if part.find(path) is not None), None
    )
    if where is None:
        return None
    cents = _cents(part, where)
    return _signed(part if part.find("CdtDbtInd") is not None else entry, cents)


def _entry(part: Element, date: str, amount: int, bank: str, entry: Element) -> Entry:
    side = "Dbtr" if amount > 0 else "Cdtr"
    unstructured = [_clean(one.text) for one in part.iter("Ustrd")]
    structured = [_clean(one.text) for one in part.findall(".//Strd/CdtrRefInf/Ref")]
    label = " ".join(filter(None, [*unstructured, *structured])) or _text(entry, "AddtlNtryInf")
    end_to_end = _text(part, ".//Refs/EndToEndId")
    own = _text(part, ".//Refs/AcctSvcrRef") or bank
    return Entry(
        date=date,
        amount=amount,
        label=label[:400],
        reference=(own if end_to_end in ("", "NOTPROVIDED") else end_to_end)[:80],
        name=_text(part, f".//RltdPties/{side}/Nm", f".//RltdPties/{side}/Pty/Nm")[:120],
        iban=_text(part, f".//RltdPties/{side}Acct/Id/IBAN"),
        key=own,
        returned=part.find(".//RtrInf") is not None or _text(entry, "RvslInd") == "true",
    )


def _signed(one: Element, cents: int) -> int:
    return -cents if _text(one, "CdtDbtInd") == "DBIT" else cents


def _cents(one: Element, path: str) -> int:
    found = one.find(path)
    if found is not None and found.get("Ccy", "EUR") != "EUR":
        raise Unreadable(f"Relevé en {found.get('Ccy')}", "seul l'euro se rapproche ici")
    return quantity.parse_plain(_text(one, path), CENT, 2)


def _text(one: Element, *paths: str) -> str:
    """The first of these that holds text."""
    for path in paths:
        if text := _clean(one.findtext(path)):
            return text
    return ""


def _clean(text: str | None) -> str:
    return clean((text or "").replace("\n", " "))


# -- CSV ---------------------------------------------------------------------------------------


def table(path: Path) -> Statement:
    """A table with a date, a label and an amount, or a debit and a credit. Raises Invalid for
    what is no table, Unreadable when a column misses."""
    source = detect(path)
    if source.kind != "csv":
        raise Unreadable("Ce relevé n'est ni un CAMT.053 ni un CSV", _REMEDY)
    names = [_fold(name) for name in source.columns]
    at = {
        what: names.index(found)
        for what, known in _COLUMNS.items()
        if (found := next((name for name in known if name in names), None)) is not None
    }
    if not {"date", "label"} <= at.keys() or not ({"amount"} & at.keys() or {"credit"} & at.keys()):
        raise Unreadable("Date, libellé ou montant manque dans ce CSV", _REMEDY)
    entries: list[Entry] = []
    refused: list[tuple[int, str]] = []
    lines = delimited.lines(path, source.encoding)
    for number, cells in delimited.records(lines, source.separator, quoted=source.quoted):
        if number <= source.header_row or cells is None:
            continue
        try:
            found_entry = _row(cells, at, source.decimal)
        except Invalid as error:
            refused.append((number, error.problems[0].message))
            continue
        if found_entry is not None:
            entries.append(found_entry)
    return Statement("", _keyed(entries, ""), refused=tuple(refused))


def _fold(name: str) -> str:
    return " ".join(fold(name).replace("'", " ").replace("’", " ").replace("_", " ").split())


def _row(cells: list[str], at: dict[str, int], decimal: str) -> Entry | None:
    def cell(what: str) -> str:
        place = at.get(what, -1)
        return _clean(cells[place]) if 0 <= place < len(cells) else ""

    date = values.day(cell("date"))
    if "amount" in at and cell("amount"):
        amount = _amount(cell("amount"), decimal)
    else:
        amount = abs(_amount(cell("credit"), decimal)) - abs(_amount(cell("debit"), decimal))
    if date is None or not amount:
        return None
    return Entry(
        date,
        amount,
        cell("label")[:400],
        cell("reference")[:80],
        cell("name")[:120],
        cell("iban").replace(" ", ""),
    )


def _amount(text: str, decimal: str) -> int:
    """Cents of a cell written with the file's decimal sign; blank is nothing."""
    bare = text.replace("€", "").replace("EUR", "").strip()
    if not bare:
        return 0
    other = "." if decimal == "," else ","
    if other in bare and decimal in bare:
        bare = bare.replace(other, "")
    return quantity.parse(bare.replace(decimal, ","), CENT, 2)


# -- what tells entries apart ------------------------------------------------------------------


def _keyed(entries: list[Entry], iban: str) -> tuple[Entry, ...]:
    """Each with its key: what the bank calls it, else all it says and how often it said so before
    in this file (the same payer may pay the same amount twice a day)."""
    seen: Counter[str] = Counter()
    found = []
    for one in entries:
        said = "|".join(
            (iban, one.key, one.date, str(one.amount), fold(one.label), one.reference, one.iban)
        )
        seen[said] += 1
        text = f"{said}|{seen[said]}"
        found.append(replace(one, key=hashlib.sha256(text.encode()).hexdigest()[:32]))
    return tuple(found)

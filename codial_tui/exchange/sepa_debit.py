"""SEPA direct debits: the file a bank takes (ISO 20022 pain.008.001.02, SEPA Core and B2B).

Pure: what is collected and from whom become bytes, always the same for the same data. Texts are
put into the Latin set that every SEPA bank reads; what cannot be collected is refused before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from stdnum import iban as iban_rule
from stdnum.exceptions import ValidationError

from codial_tui.domain.money import CENT
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import decimal_text

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.02"
Place = Literal["FRST", "RCUR", "OOFF", "FNAL"]
MOST = 99_999_999_999
"""cents of one debit (SEPA: 999 999 999,99 €)"""
_KNOWN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_ICS = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")
_MANDATE = re.compile(r"[A-Za-z0-9+?/\-:().,' ]{1,35}")


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects: name, IBAN, BIC ("" since SEPA needs none) and creditor identifier (ICS)."""

    name: str
    iban: str
    bic: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Debit:
    """One collection. reference: end to end, comes back on the statement; mandate: its unique
    reference and the day it was signed (ISO); amount: cents; day: when (ISO)."""

    reference: str
    amount: int
    day: str
    name: str
    iban: str
    mandate: str
    signed_on: str
    label: str
    bic: str = ""
    sequence: Place = "RCUR"
    scheme: Literal["CORE", "B2B"] = "CORE"


def problems(creditor: Creditor, debits: Sequence[Debit]) -> list[Problem]:
    """Why the bank would refuse; [] when it would not. Fields: `creditor.iban`, `3.mandate`."""
    found = []
    if not _is_iban(creditor.iban):
        found.append(Problem("sepa.iban", "creditor.iban", "IBAN de la société faux", "Paramètres"))
    if not is_creditor_identifier(creditor.identifier):
        said = "Identifiant créancier SEPA (ICS) faux ou absent"
        found.append(
            Problem("sepa.ics", "creditor.identifier", said, "F10 Paramètres, Société, ICS")
        )
    if not debits:
        found.append(Problem("sepa.empty", "", "Rien à prélever"))
    for number, one in enumerate(debits, 1):
        for field, wrong, said in (
            ("iban", not _is_iban(one.iban), "IBAN faux"),
            (
                "mandate",
                not _MANDATE.fullmatch(one.mandate),
                "référence de mandat absente ou fausse",
            ),
            (
                "signed_on",
                not one.signed_on or one.signed_on > one.day,
                "mandat non signé à ce jour",
            ),
            ("amount", not 0 < one.amount <= MOST, "montant nul, négatif ou trop grand"),
        ):
            if wrong:
                message = f"{one.name or one.reference} : {said}"
                found.append(Problem(f"sepa.{field}", f"{number}.{field}", message, "sa fiche"))
    return found


def is_creditor_identifier(text: str) -> bool:
    """An ICS with its key (ISO 7064 over country and national part, the business code left out)."""
    bare = text.replace(" ", "").upper()
    if not _ICS.fullmatch(bare):
        return False
    digits = "".join(str(int(char, 36)) for char in bare[7:] + bare[:4])
    return int(digits) % 97 == 1


def _is_iban(text: str) -> bool:
    try:
        iban_rule.validate(text)
    except ValidationError:
        return False
    return True


def write(creditor: Creditor, debits: Sequence[Debit], message: str, at: str) -> bytes:
    """The file. message: its unique identifier (35 signs at most); at: moment, ISO, no zone. The
    caller has asked `problems`."""
    root = Element("Document", xmlns=NAMESPACE)
    top = _add(root, "CstmrDrctDbtInitn")
    header = _add(top, "GrpHdr")
    _add(header, "MsgId", latin(message, 35))
    _add(header, "CreDtTm", at)
    _add(header, "NbOfTxs", str(len(debits)))
    _add(header, "CtrlSum", _money(debits))
    _add(_add(header, "InitgPty"), "Nm", latin(creditor.name, 70))
    ordered = sorted(debits, key=_batch)
    for number, (batch, group) in enumerate(groupby(ordered, key=_batch), 1):
        _payment(top, creditor, tuple(group), batch, latin(f"{message[:31]}-{number}", 35))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _batch(one: Debit) -> tuple[str, str, str]:
    """Debits of one day, scheme and place in their series go together."""
    return one.day, one.scheme, one.sequence


def _payment(
    top: Element,
    creditor: Creditor,
    debits: Sequence[Debit],
    batch: tuple[str, str, str],
    name: str,
) -> None:
    day, scheme, sequence = batch
    info = _add(top, "PmtInf")
    _add(info, "PmtInfId", name)
    _add(info, "PmtMtd", "DD")
    _add(info, "NbOfTxs", str(len(debits)))
    _add(info, "CtrlSum", _money(debits))
    kind = _add(info, "PmtTpInf")
    _add(_add(kind, "SvcLvl"), "Cd", "SEPA")
    _add(_add(kind, "LclInstrm"), "Cd", scheme)
    _add(kind, "SeqTp", sequence)
    _add(info, "ReqdColltnDt", day)
    _add(_add(info, "Cdtr"), "Nm", latin(creditor.name, 70))
    _account(info, "CdtrAcct", creditor.iban)
    _bank(info, "CdtrAgt", creditor.bic)
    _add(info, "ChrgBr", "SLEV")
    other = _add(_add(_add(_add(info, "CdtrSchmeId"), "Id"), "PrvtId"), "Othr")
    _add(other, "Id", creditor.identifier.replace(" ", "").upper())
    _add(_add(other, "SchmeNm"), "Prtry", "SEPA")
    for one in debits:
        _debit(info, one)


def _debit(info: Element, one: Debit) -> None:
    line = _add(info, "DrctDbtTxInf")
    _add(_add(line, "PmtId"), "EndToEndId", latin(one.reference, 35))
    _add(line, "InstdAmt", decimal_text(one.amount, CENT, minimum=2)).set("Ccy", "EUR")
    mandate = _add(_add(line, "DrctDbtTx"), "MndtRltdInf")
    _add(mandate, "MndtId", latin(one.mandate, 35))
    _add(mandate, "DtOfSgntr", one.signed_on)
    _bank(line, "DbtrAgt", one.bic)
    _add(_add(line, "Dbtr"), "Nm", latin(one.name, 70))
    _account(line, "DbtrAcct", one.iban)
    _add(_add(line, "RmtInf"), "Ustrd", latin(one.label, 140))


def _add(parent: Element, name: str, text: str = "") -> Element:
    found = ElementTree.SubElement(parent, name)
    if text:
        found.text = text
    return found


def _account(parent: Element, name: str, iban: str) -> None:
    _add(_add(_add(parent, name), "Id"), "IBAN", iban.replace(" ", "").upper())


def _bank(parent: Element, name: str, bic: str) -> None:
    place = _add(_add(parent, name), "FinInstnId")
    if bic:
        _add(place, "BIC", bic.replace(" ", "").upper())
    else:
        _add(_add(place, "Othr"), "Id", "NOTPROVIDED")


def _money(debits: Iterable[Debit]) -> str:
    return decimal_text(sum(one.amount for one in debits), CENT, minimum=2)


def latin(text: str, limit: int) -> str:
    """A text in the SEPA character set (EPC217-08): accents off, the rest becomes a blank."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    bare = " ".join(_KNOWN.sub(" ", bare.replace("&", "+")).split())
    return bare.lstrip("/")[:limit].strip() or "-"

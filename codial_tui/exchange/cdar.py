"""Status files of platforms: UN/CEFACT CDAR as XP Z12-012 uses it, read by the names of elements.

One file may report on several invoices. The file comes from outside: no entity is expanded, nothing
is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from xml.etree import ElementTree as ET

from codial_tui.domain.money import CENT, SCALE6
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import parse_plain
from codial_tui.domain.text import clean
from codial_tui.errors import Unreadable

LIMIT = 5 << 20
"""bytes of a file"""
MOST = 10_000
"""statuses of a file"""
RECEIVED = "MEN"
"""characteristic « montant encaissé »"""
_EXPANDS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REMEDY = "demandez un fichier de statuts CDAR"


@dataclass(frozen=True, slots=True)
class Reported:
    """What is said of one invoice. at: UTC ISO text, "" when not told; issuer: SIREN of who made
    the invoice, "" unknown; received: (rate 10⁻⁶, cents) of status 212."""

    number: str
    code: str
    at: str
    issuer: str
    reason: str
    note: str
    received: tuple[tuple[int, int], ...]


def read(content: bytes, zone: tzinfo) -> list[Reported]:
    """The statuses of a file, whose times are those of a zone. Raises Unreadable."""
    if len(content) > LIMIT:
        raise Unreadable(f"Fichier de plus de {LIMIT >> 20} Mo", _REMEDY)
    if _EXPANDS.search(content) or b"\x00" in content:  # UTF-16 hides a DOCTYPE from the search
        raise Unreadable("Ce XML définit des entités", _REMEDY)
    try:
        root = ET.fromstring(content)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Unreadable("Ce n'est pas un fichier XML lisible", _REMEDY) from error
    if _name(root) != "CrossDomainAcknowledgementAndResponse":
        raise Unreadable("Ce n'est pas un fichier de statuts", _REMEDY)
    at = _moment(_text(root, "ExchangedDocument", "IssueDateTime", "DateTimeString"), zone)
    found = []
    for document in _all(root, "AcknowledgementDocument"):
        own = _moment(_text(document, "IssueDateTime", "DateTimeString"), zone) or at
        for one in _children(document, "ReferenceReferencedDocument"):
            found.append(_reported(one, own))
            if len(found) > MOST:
                raise Unreadable(f"Plus de {MOST} statuts", _REMEDY)
    if not found:
        raise Unreadable("Ce fichier ne dit rien d'aucune facture", _REMEDY)
    return found


def _reported(element: ET.Element, at: str) -> Reported:
    number = clean(_text(element, "IssuerAssignedID"))[:35]
    code = clean(_text(element, "ProcessConditionCode"))[:8]
    if not number or not code:
        raise Unreadable("Un statut sans facture ou sans code", _REMEDY)
    status = next(_children(element, "SpecifiedDocumentStatus"), None)
    reason, words, received = "", "", []
    if status is not None:
        reason = clean(_text(status, "ReasonCode"))[:40]
        words = _text(status, "Reason") or _text(status, "IncludedNote", "Content")
        received = list(_received(status))
    return Reported(
        number,
        code,
        at,
        clean(_text(element, "IssuerTradeParty", "GlobalID"))[:14],
        reason,
        clean(words)[:1000],
        tuple(received),
    )


def _received(status: ET.Element) -> Iterator[tuple[int, int]]:
    for one in _children(status, "SpecifiedDocumentCharacteristic"):
        if _text(one, "TypeCode") == RECEIVED:
            try:
                rate = parse_plain(_text(one, "ValuePercent") or "0", SCALE6 // 100, 4)
                yield rate, parse_plain(_text(one, "ValueAmount"), CENT, 2)
            except Invalid as error:
                raise Unreadable("Un montant encaissé illisible", _REMEDY) from error


def _moment(text: str, zone: tzinfo) -> str:
    """`20251001` or `20251001120000` as UTC ISO text; "" for anything else."""
    for length, pattern in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (8, "%Y%m%d")):
        if len(text) == length and text.isdecimal():
            try:
                found = datetime.strptime(text, pattern).replace(tzinfo=zone).astimezone(UTC)
            except ValueError:
                return ""
            return f"{found:%Y-%m-%dT%H:%M:%S}.000Z"
    return ""


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in element if _name(one) == name)


def _all(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in element.iter() if _name(one) == name)


def _text(element: ET.Element, *path: str) -> str:
    """The text of the first element at a path of names, "" when there is none."""
    for name in path:
        found = next(_children(element, name), None)
        if found is None:
            return ""
        element = found
    return (element.text or "").strip()

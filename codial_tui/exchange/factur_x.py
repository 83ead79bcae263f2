"""Factur-X: an EN 16931 invoice (`domain.einvoice`) as XML, checked against the official XSD.

The `factur-x` library is imported when the first one is made (0.3 s). Its own schematron check is
not used: without its server it answers that everything is right; see `exchange.schematron`.
"""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import Any

from codial_tui.errors import Unreadable

FILE_NAME = "factur-x.xml"
LEVEL = "EN 16931"


class NotWritten(ValueError):
    """The data make no Factur-X; the words are the library's, in English."""


def hush() -> None:
    """Keep what the libraries say, in English, off the terminal: it is the screen."""
    for name in ("factur-x", "pypdf"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def xml_bytes(invoice: dict[str, Any]) -> bytes:
    """The XML of an invoice; the same data give the same bytes. Raises NotWritten when it is not
    what the XSD wants."""
    hush()
    from facturx import generate_xml

    try:
        written: bytes = generate_xml(
            deepcopy(invoice),  # it writes into what it gets
            flavor="factur-x",
            level="en16931",
            check_xsd=True,
            check_schematron=None,
        )
    except Exception as error:  # it raises bare Exception, ValueError and KeyError
        raise NotWritten(f"{type(error).__name__}: {error}") from error
    return written


def xml_of(pdf: bytes) -> bytes:
    """The XML inside a Factur-X PDF. Raises Unreadable when there is none."""
    hush()
    from facturx import get_xml_from_pdf

    try:
        name, content = get_xml_from_pdf(pdf, check_xsd=False)
    except Exception as error:  # whatever pypdf meets in a broken file
        raise Unreadable("Ce PDF ne se lit pas", "donnez un PDF Factur-X") from error
    if not name:
        raise Unreadable("Ce PDF ne contient pas de facture électronique", "donnez un Factur-X")
    return bytes(content)

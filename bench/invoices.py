"""Validating an invoice of 20 lines (number, seal, Factur-X, PDF, all in the database) against the
plainest program that makes the same Factur-X with fpdf2 and factur-x alone. No schematrons."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from .pdf import _bare, _texts
from .results import Options, Result, ratio

LINES = 20
TARGET = 1.5
AT = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def measure(options: Options) -> Result:
    """Medians of alternated rounds after a warm-up of both."""
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        return _measure(folder, options.rounds(15))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, rounds: int) -> Result:
    from codial_tui.bootstrap import start
    from codial_tui.domain.invoicing import einvoice
    from codial_tui.models.database import open_database
    from codial_tui.services.invoicing import einvoices, validating
    from codial_tui.services.paper import papers
    from codial_tui.services.records import company

    database = open_database(str(folder / "bench.db"), create=True)
    context = start(database, program="bench", clock=lambda: AT, login="bench")
    company.init(context, "Démo SARL", siren="123456782")
    ours, bare = [], []
    try:
        for number in range(rounds + 1):
            document = _invoice(context)
            begin = perf_counter()
            done = validating.validate(context, document.id)
            took = perf_counter() - begin
            texts = _texts(papers.paper(context, done))
            data = einvoice.invoice(done, einvoices.around(context, done))
            begin = perf_counter()
            plain(texts, data)
            plainly = perf_counter() - begin
            if number:  # the first one imports libraries
                ours.append(took)
                bare.append(plainly)
    finally:
        database.close()
    return {
        "lines": LINES,
        "validate_ms": round(median(ours) * 1000, 1),
        "bare_ms": round(median(bare) * 1000, 1),
        "validate": ratio(median(ours), median(bare), TARGET),
    }


def plain(texts, data) -> bytes:  # type: ignore[no-untyped-def]
    """The XML by the library, the words by `cell()`, the one put into the other by the library."""
    from facturx import generate_from_binary, generate_xml

    xml = generate_xml(data, level="en16931", check_xsd=True, check_schematron=None)
    made: bytes = generate_from_binary(
        _bare(texts), xml, check_xsd=False, check_schematron=False, level="en16931"
    )
    return made


def _invoice(context):  # type: ignore[no-untyped-def]
    from codial_tui.exchange.documents import parse_document
    from codial_tui.services.documents import requests

    lines = [
        {"type": "item", "label": f"Article {n}", "quantity": "3", "unit_price": f"{n}.45"}
        for n in range(1, LINES + 1)
    ]
    customer = {
        "name": "MARTIN SARL",
        "street": "1 rue X",
        "postcode": "69001",
        "city": "LYON",
        "siren": "732829320",
    }
    asked = {"kind": "invoice", "customer": customer, "lines": lines}
    return requests.create(context, parse_document(json.dumps(asked)))

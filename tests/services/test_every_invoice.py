"""Every invoice that a test of this or an earlier run validated: veraPDF and the official rules.
`make check` keeps them (KEPT_INVOICES), `make check-long` looks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from codial_tui.exchange import factur_x, schematron

MOST = 900
"""so many are looked at, spread evenly over all"""
VERA = Path(__file__).parents[3] / "shared" / "tools" / "verapdf.sh"
SAXON = schematron.is_installed()


def kept() -> list[Path]:
    folder = os.environ.get("KEPT_INVOICES")
    found = sorted(Path(folder).glob("*.pdf")) if folder else []
    step = max(1, -(-len(found) // MOST))
    return found[::step]


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not SAXON, reason="saxonche absent : pip install -e '.[validation]'")
@pytest.mark.skipif(not kept(), reason="aucune facture gardée : make check d'abord")
def test_the_official_rules_on_every_invoice() -> None:
    files = kept()
    invoices = [
        schematron.Invoice(
            factur_x.xml_of(file.read_bytes()), tuple(file.name.split()[0].split("+"))
        )
        for file in files
    ]
    broken = {
        file.name: [one for one in found if not one.is_warning]
        for start in range(0, len(files), 50)
        for file, found in zip(
            files[start : start + 50], schematron.failures(invoices[start : start + 50])
        )
    }
    assert {name: found for name, found in broken.items() if found} == {}


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not kept(), reason="aucune facture gardée : make check d'abord")
@pytest.mark.skipif(
    not os.environ.get("VERA_JAR") or not VERA.exists(),
    reason="veraPDF absent : VERA_JAR non défini ou ../shared/tools manquant",
)
def test_vera_pdf_on_every_invoice() -> None:
    files = kept()
    for start in range(0, len(files), 100):
        _passes(files[start : start + 100])


def _passes(files: Sequence[Path]) -> None:
    command = ["bash", str(VERA), "-f", "3b", *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.stdout.count("PASS\t3b") == len(files), run.stdout + run.stderr

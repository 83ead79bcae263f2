"""The official rules and veraPDF on every way an invoice may be told, in one batch each."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from chain_desk import Desk
from invoice_cases import desk_of, valid

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import einvoice
from codial_tui.errors import Refused
from codial_tui.exchange import factur_x, schematron
from codial_tui.exchange.schematron import Failure, Invoice
from codial_tui.services.context import Context
from codial_tui.services.invoicing import einvoices, validating

SAXON = schematron.is_installed()
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not SAXON, reason="saxonche absent : pip install -e '.[validation]'"),
]
VERA = Path(__file__).parents[3] / "shared" / "tools" / "verapdf.sh"


@pytest.fixture
def desk(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(schematron, "is_installed", lambda: True)
    return desk_of(context, tmp_path)


def written(desk: Desk, document: Document) -> Invoice:
    return Invoice(einvoices.xml(desk.context, document), einvoices.rules_of(document))


def rules(found: Sequence[Failure]) -> set[str]:
    return {one.rule.split("_")[0].split("/")[0] for one in found if not one.is_warning}


def test_no_rule_refuses_any_case(desk: Desk) -> None:
    """One process for all: BR-FR for French businesses, EN 16931 for everybody."""
    cases = valid(desk)
    invoices = {name: written(desk, document) for name, document in cases.items()}
    assert {one.rules for one in invoices.values()} == {("en16931",), ("en16931", "br-fr")}
    found = dict(zip(invoices, schematron.failures(list(invoices.values()))))
    assert {name: rules(some) for name, some in found.items() if rules(some)} == {}


def test_the_rules_do_find_what_is_wrong(desk: Desk) -> None:
    """The negative test of legal.md §4.2, which the XSD finds right."""
    plain = valid(desk)["plain"]
    right = einvoice.invoice(plain, einvoices.around(desk.context, plain))
    wrong = {
        "BR-FR-05": {"BG-1": [one for one in right["BG-1"] if one.get("BT-21") != "PMD"]},
        "BR-FR-08": {"BT-23": "XX"},
        "BR-CO-16": {"BT-115": "1.00"},
        "BR-FR-02": {"BT-1": "FA 26"},
        "BR-FR-CO-09": {"BT-23": "S2", "BT-9": "2026-11-22"},
        "BR-FR-12": {"BG-7": {**right["BG-7"], "einvoicing_addr": ""}},
        "BR-27": {"BG-25": [{**line, "BT-146": "-1"} for line in right["BG-25"]]},
    }
    found = schematron.failures(
        [Invoice(factur_x.xml_bytes({**right, **some})) for some in wrong.values()]
    )
    for rule, some in zip(wrong, found):
        assert rule in rules(some), (rule, some)


def test_a_broken_rule_keeps_the_number_back_in_french(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = desk.make("invoice", ("TUBE", 1))
    assert einvoices.official_problems(desk.context, document) == []
    with monkeypatch.context() as wrong:
        wrong.setattr(einvoice, "RECOVERY", "")
        wrong.setattr(einvoice, "framework", lambda *some: "XX")
        found = einvoices.official_problems(desk.context, document)
    assert "einvoice.br-fr-08" in {one.code for one in found}
    assert all(one.message.startswith("BR-FR") for one in found)
    assert validating.validate(desk.context, document.id).ref == "FA26-00001"


def vera_passes(files: Sequence[Path]) -> None:
    if not os.environ.get("VERA_JAR") or not VERA.exists():
        pytest.skip("veraPDF absent : VERA_JAR non défini ou ../shared/tools manquant")
    run = subprocess.run(
        ["bash", str(VERA), "-f", "3b", *map(str, files)], capture_output=True, text=True
    )
    assert run.stdout.count("PASS\t3b") == len(files), run.stdout + run.stderr


def test_every_case_as_validated_passes_vera_pdf(desk: Desk) -> None:
    """What is kept at the validation: PDF/A-3B with the XML inside, the rules on that XML; and
    the duplicate, which has none."""
    files, invoices = [], []
    for name, document in valid(desk).items():
        database = desk.context.database
        try:
            done = validating.validate(desk.context, document.id)
        except Refused:
            continue  # a case that is made up in memory only
        kept = einvoices.original(desk.context, done)
        files.append(desk.folder / f"{name}.pdf")
        files[-1].write_bytes(kept)
        invoices.append(Invoice(einvoices.xml_kept(kept), einvoices.rules_of(done)))
        assert database.value("SELECT state FROM document WHERE id = ?", (done.id,)) == "validated"
    assert len(files) > 12
    assert [rules(one) for one in schematron.failures(invoices)] == [set()] * len(invoices)
    vera_passes(files)


def test_the_engine_leaves_no_memory_here(desk: Desk) -> None:
    before = _resident()
    schematron.failures([written(desk, desk.make("invoice", ("TUBE", 1)))])
    assert _resident() - before < 20_000_000


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

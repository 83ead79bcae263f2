"""A document kind invented here: one declaration and one layout, and it is in the whole program."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from demo_program import running

from codial_tui.__main__ import main
from codial_tui.bootstrap import Program
from codial_tui.domain.kinds import register, sales, unregister
from codial_tui.domain.paper import print_layout as paper
from codial_tui.domain.paper.print_layout import Layout, register_layout, unregister_layout
from codial_tui.domain.spec import (
    Column,
    DocType,
    Field,
    FieldType,
    Move,
    Numbering,
    Page,
    Side,
    State,
)
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.document.new_document import NewDocument
from codial_tui.screens.lists.list import ListScreen
from codial_tui.services.documents.rows import load
from codial_tui.services.law import verification

PDFTOTEXT = shutil.which("pdftotext")

SAMPLE = DocType(
    kind="sample",
    side=Side.SALE,
    title="Bon d'échantillon",
    plural="Bons d'échantillon",
    gender="m",
    key="N",
    code="ec",
    numbering=Numbering("EC", "EC{yy}-{n:04}"),
    tabs=sales.tabs(
        (
            Page("Entête", ("party_id", "subject", "customer_reference"), ("planned_date",)),
            Page("Textes", ("opening_text", "closing_text")),
        ),
        sales.LINE_COLUMNS[:9],
    ),
    fields=(
        *sales.PARTY,
        *sales.TEXTS,
        Field("customer_reference", "Collection", max_length=40),
        Field("planned_date", "Retour prévu", FieldType.DATE, width=10),
    ),
    list_columns=(
        Column("number", "Bon", width=10),
        Column("party_name", "Chez", min_width=10, shrinks=True),
        Column("net_total", "HT", FieldType.CENTS, width=10, width_from_data=True),
    ),
    states=(
        State("lent", "Prêté", "P", "Prêtés"),
        State("returned", "Rendu", "R", "Rendus", "√", "settled"),
    ),
    initial="lent",
    moves=(Move("lent", "returned"), Move("returned", "lent")),
    rules={"print": ("has_party", "has_lines")},
    effects={"print": ("mark_printed", "log_event")},
    layout="sample",
)
LAYOUT = Layout(
    "sample",
    "prêt",
    (paper.REFERENCE, paper.LABEL, paper.QUANTITY, paper.UNIT),
    blocks=("opening", "lines", "closing", "signature"),
    signature="Reçu en prêt",
)


@pytest.fixture(autouse=True)
def sample() -> Iterator[None]:
    """All that a new kind is."""
    register(SAMPLE)
    register_layout(LAYOUT)
    yield
    unregister(SAMPLE.kind)
    unregister_layout(LAYOUT.name)


async def test_it_is_made_listed_and_printed_with_keys(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    async with running(demo, monkeypatch) as session:
        assert any("ec Bons d'échantillon" in row for row in session.rows())
        await session.press("f5")
        assert "N bon d" in session.rows()[22]
        await session.press("n")
        assert isinstance(session.screen, NewDocument)
        assert session.rows()[0].startswith(" Nouveau bon d'échantillon")
        await session.type("mart")
        await session.press("enter")
        assert isinstance(session.screen, DocumentScreen)
        rows = session.rows()
        assert rows[0].startswith(" Bon d'échantillon EC26-0001 · MARTIN SARL")
        assert "Prêté" in rows[0]
        assert rows[1].split() == [
            *("Entête", "►Lignes", "Besoins", "Sous-traitance", "Transfert", "GED", "Fiche")
        ]
        await session.type("tub12 2")
        await session.press("enter")
        assert session.rows()[0].endswith("HT 15,21 €")

        await session.press("ctrl+g", "e")
        assert "Entête 1/2" in session.rows()[1]
        assert {"Collection", "Retour"} <= set(" ".join(session.rows()).split())
        await session.press("down", "down")
        await session.type("Hiver")
        await session.press("enter")
        await session.type("+30")
        await session.press("enter")
        assert "Entête 2/2" in session.rows()[1]

        await session.press("f3", "enter")
        await session.settled()
        assert "PDF enregistré" in session.rows()[22]
        await session.press("escape")
        await session.type("ec")
        await session.press("enter")
        assert isinstance(session.screen, ListScreen)
        rows = session.rows()
        assert rows[0].startswith(" Bons d'échantillon")
        assert "Prêtés 1" in rows[1] and "Rendus 0" in rows[1]
        assert rows[2].split() == ["Bon", "Chez", "HT"]
        assert any("EC26-0001" in row and "15,21" in row for row in rows)

    value = demo.context.database.value
    stored = load(
        demo.context.database, value("SELECT id FROM document WHERE number = 'EC26-0001'")
    )
    assert stored is not None
    assert stored.kind == "sample" and stored.state == "lent"
    assert stored.text("customer_reference") == "Hiver"
    assert stored.text("planned_date") == "2026-12-09"
    assert stored.number("net_total") == 15_21
    assert stored.header["printed_at"]
    assert verification.verify(demo.context)[1] == []
    assert pdf_words(next(tmp_path.rglob("EC26-0001.pdf"))) >= {
        "BON",
        "D'ÉCHANTILLON",
        "EC26-0001",
        "MARTIN",
        "TUB12",
        "prêt",
    }


def test_it_has_its_verbs(
    demo: Program,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    database = tmp_path / "demo.sqlite3"

    def run(*words: str, stdin: str = "", code: int = 0) -> Any:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        assert main(["--database", str(database), *words, "--json"]) == code, capsys.readouterr()
        return json.loads(capsys.readouterr().out)

    request = {
        "kind": "sample",
        "customer": {
            "name": "ATELIER NORD",
            "street": "2 rue Basse",
            "postcode": "59000",
            "city": "LILLE",
        },
        "lines": [{"type": "item", "reference": "TUB12", "quantity": "3"}],
    }
    made = run("document", "create", "-", stdin=json.dumps(request))
    assert (made["kind"], made["state"], made["number"]) == ("sample", "lent", "EC26-0001")
    assert made["totals"]["net"] == "25.35"
    shown = run("document", "show", "EC26-0001")
    assert shown == made
    listed = run("document", "list", "--kind", "sample")
    assert [one["ref"] for one in listed["documents"]] == ["EC26-0001"]
    assert run("document", "list", "--kind", "sample", "--state", "returned") == {"documents": []}
    assert run("document", "validate", "EC26-0001")["ref"] == "EC26-0001"
    preview = run("document", "print", "EC26-0001", "--preview")
    text = "\n".join(line for page in preview["pages"] for line in page)
    assert "BON D'ÉCHANTILLON" in text and "EC26-0001" in text
    printed = run("document", "print", "EC26-0001", "-o", str(tmp_path / "ec.pdf"))
    assert printed["printed"] is True
    assert pdf_words(tmp_path / "ec.pdf") >= {"EC26-0001", "ATELIER", "TUB12"}
    assert run("document", "show", "EC26-0001")["printed_at"]
    refused = run("document", "delete", "EC26-0001", code=1)
    assert refused["problems"][0]["code"] == "document.printed"


def pdf_words(path: Path) -> set[str]:
    if PDFTOTEXT is None:
        pytest.skip("pdftotext is missing (apt install poppler-utils): the PDF's text is not read")
    done = subprocess.run([PDFTOTEXT, str(path), "-"], capture_output=True, text=True, check=True)
    return set(done.stdout.split())

"""The chain by the command line, as scripts use it (cli.md)."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine, request

pytestmark = pytest.mark.long


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    program = CommandLine(tmp_path / "c.sqlite3", environ)
    program("init", "--name", "Essai", "--siren", "732829320")
    return program


def make(run: CommandLine, **values: Any) -> dict[str, Any]:
    found = run("document", "create", "-", "--json", stdin=json.dumps(request(**values))).json
    assert isinstance(found, dict)
    return found


def test_order_deliveries_invoice_and_back(run: CommandLine, tmp_path: Path) -> None:
    order = make(run, kind="order", external_id="shop-7")
    assert make(run, kind="order", external_id="shop-7")["id"] == order["id"]
    ref = order["ref"]
    note = run("document", "transfer", ref, "--to", "delivery_note", "--lines", "1:1.5", "--json")
    assert note.json["lines"][0]["quantity"] == "1.5" and note.json["totals"]["net"] == "72.00"
    paper = tmp_path / "bl.pdf"
    bl = note.json["ref"]
    early = run("document", "transfer", bl, "--to", "invoice", "--json", code=1)
    assert early.problems == [("transfer.not_ready", "")]
    run("document", "print", bl, "-o", str(paper), "--json")
    assert paper.read_bytes().startswith(b"%PDF-")
    done = run("document", "give-up", ref, "--json").json
    assert done["marks"] == ["closed"] and done["state"] == "open"
    late = run("document", "transfer", ref, "--to", "delivery_note", "--json", code=1)
    assert late.problems == [("transfer.not_ready", "")]
    assert run("document", "give-up", ref, "--json", code=1).problems == [("order.given_up", "")]
    assert run("document", "give-up", ref, "--reopen", "--json").json["marks"] == []
    invoice = run("document", "transfer", bl, "--to", "invoice", "--json").json
    assert invoice["ref"] == f"FA-P{invoice['id']}" and invoice["number"] is None
    refused = run(
        "document", "print", invoice["ref"], "-o", str(tmp_path / "f.pdf"), "--json", code=1
    )
    assert refused.problems == [("state.not_validated", "state")]
    assert not (tmp_path / "f.pdf").exists()
    preview = run("document", "print", invoice["ref"], "--preview")
    assert "PROVISOIRE" in preview.out
    run("document", "print", invoice["ref"], "--preview", "-o", str(tmp_path / "f.pdf"))
    undone = run("document", "undo-transfer", invoice["ref"], "--json").json
    assert undone["undone"] and undone["deleted"]
    again = run("document", "transfer", bl, "--to", "invoice", "--json").json
    assert again["totals"] == invoice["totals"]
    over = run("document", "transfer", ref, "--to", "invoice", "--lines", "1:1", "--json", code=1)
    assert over.problems[0][0] == "quantity.left"


def test_candidates_say_which_criterion_refuses(run: CommandLine) -> None:
    first, second = (make(run, kind="order", subject=subject) for subject in ("Cuisine", "Bains"))
    gross = make(run, kind="order", price_mode="gross")
    note = run("document", "transfer", first["ref"], "--to", "delivery_note", "--json").json
    found = run("document", "candidates", second["ref"], "--to", "delivery_note", "--json").json
    (choice,) = found["choice"]
    assert choice["ref"] == note["ref"] and choice["criteria"][0]["code"] == "subject"
    other = run("document", "candidates", gross["ref"], "--to", "delivery_note", "--json").json
    (refused,) = other["refused"]
    assert [one["code"] for one in refused["criteria"]] == ["price_mode", "subject"][:1]
    merge = ("document", "transfer", second["ref"], "--to", "delivery_note", "--into", note["ref"])
    asked = run(*merge, "--json", code=1)
    assert asked.problems == [("choice.subject", "subject")]
    done = run(*merge, "--choose", "subject=source", "--json").json
    assert done["subject"] == "Bains" and len(done["lines"]) == 4


def test_an_order_and_its_notes_become_one_invoice_or_nothing(
    run: CommandLine, tmp_path: Path
) -> None:
    """Several sources, even those that draw on one another: every cent once, all or nothing."""
    fee = {"type": "shipping", "amount": "10.00"}
    order = make(run, kind="order", adjustments=[fee])
    parts = []
    for part in ("0.5", "1"):
        take = ("--to", "delivery_note", "--lines", f"1:{part}", "--json", "--new")
        parts.append(run("document", "transfer", order["ref"], *take).json["ref"])
        run("document", "print", parts[-1], "-o", str(tmp_path / f"{part}.pdf"))
    other = make(run, kind="order", price_mode="gross")
    several = ("document", "transfer", order["ref"], *parts, "--to", "invoice", "--json")
    refused = run(*several[:-3], other["ref"], *several[-3:], code=1)
    assert refused.problems == [("merge.price_mode", "price_mode")]
    assert run("document", "list", "--kind", "invoice", "--json").json["documents"] == []
    found = run("document", "candidates", *parts, "--to", "invoice", "--json").json
    assert found == {"mergeable": [], "choice": [], "refused": []}
    run(*several, "--lines", "1", code=2)
    billed = run(*several).json  # its notes first: it takes what they leave
    assert billed["totals"]["net"] == order["totals"]["net"] == "106.00"
    items = [one["quantity"] for one in billed["lines"] if one["type"] == "item"]
    assert items == ["0.5", "1", "0.5"]
    assert run("document", "undo-transfer", billed["ref"], "--json").json["deleted"]
    run("document", "transfer", order["ref"], "--to", "invoice")
    assert run(*several, code=1).problems[0][0] == "transfer.nothing"


def test_an_invoice_is_validated_printed_and_verified(run: CommandLine, tmp_path: Path) -> None:
    draft = make(run, kind="invoice")
    ref = draft["ref"]
    answer = run("document", "validate", ref, "--json")
    assert "! Facture datée du 20/11/99, après aujourd'hui" in answer.err
    made = answer.json
    assert (made["ref"], made["number"], made["state"]) == (*["FA99-00001"] * 2, "validated")
    assert made["totals"] == draft["totals"]
    assert run("document", "show", ref, "--json").json == made  # the first name still finds it
    assert run("document", "show", "FA99-00001", "--json").json == made
    again = run("document", "validate", ref, "--json", code=1)
    assert again.problems == [("state.validated", "state")]
    refused = run("document", "delete", ref, "--json", code=1)
    assert refused.problems == [("document.numbered", "")]
    paper = tmp_path / "f.pdf"
    assert run("document", "print", ref, "-o", str(paper), "--json").json["printed"]
    [listed] = run("document", "list", "--kind", "invoice", "--json").json["documents"]
    assert (listed["ref"], listed["state"]) == ("FA99-00001", "printed")
    assert run("verify", "--json").json == {"documents": 1, "problems": []}


def test_stock_is_moved_counted_and_told(run: CommandLine, tmp_path: Path) -> None:
    """By hand, by a delivery note, by an inventory: each one move, and what is left after it."""
    catalogue = tmp_path / "items.csv"
    catalogue.write_text("référence;désignation;prix\nTUBE;Tube;10\n")
    run("import", "items", str(catalogue))
    with closing(sqlite3.connect(run.database)) as database, database:
        database.execute("UPDATE item SET stock_managed = 1")

    def shown() -> tuple[str, str, str]:
        (one,) = run("stock", "show", "TUBE", "--json").json["stock"]
        return one["quantity"], one["reserved"], one["available"]

    assert run("stock", "move", "TUBE", "40", "--reason", "opening", "--json").json["stock"]
    order = make(run, kind="order", lines=[{"type": "item", "reference": "TUBE", "quantity": "12"}])
    assert shown() == ("40", "12", "28")
    take = ("document", "transfer", order["ref"], "--to", "delivery_note", "--lines", "1:4")
    note = run(*take, "--json").json["ref"]
    run("document", "print", note, "-o", str(tmp_path / "bl.pdf"))
    assert shown() == ("36", "8", "28")
    assert run("stock", "count", "TUBE=30", "NUL=1", "--json", code=1).problems == [
        ("item.unknown", "reference")
    ]
    (counted,) = run("stock", "count", "TUBE=30", "--json").json["counts"]
    assert (counted["before"], counted["difference"]) == ("36", "-6")
    history = run("stock", "show", "TUBE", "--history", "--json").json["moves"]
    assert [(one["quantity"], one["after"], one["ref"]) for one in history] == [
        ("-6", "30", None),
        ("-4", "36", note),
        ("40", "40", None),
    ]
    run("stock", "move", "TUBE", "beaucoup", "--json", code=1)
    assert shown() == ("30", "8", "22")

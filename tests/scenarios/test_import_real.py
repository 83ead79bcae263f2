"""The real lists: 20 083 medicines, a roofing maker's DATANORM; samples of both when the full
files are not here."""

from collections import Counter
from pathlib import Path

import pytest

from codial_tui.bootstrap import open_program
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, pricing
from codial_tui.services.imports.importing import ImportPlan, apply_import, plan_import, undo_import
from codial_tui.services.records import catalogue, company, parties

SAMPLES = Path(__file__).parents[1] / "data"
WHOLE = Path(__file__).parents[3] / "shared" / "data"
MEDICINES = WHOLE / "bdpm" / "CIS_CIP_bdpm.txt"
ROOFING = WHOLE / "datanorm-roofing" / "DATANORM.001"

needs_whole_lists = pytest.mark.skipif(
    not (MEDICINES.exists() and ROOFING.exists()), reason="the full price lists are not here"
)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    program = open_program(str(tmp_path / "c.sqlite3"), create=True, login="essai")
    company.init(program.context, "Pharmacie et toiture")
    return program.context


def outcome(plan: ImportPlan) -> tuple[int, int, int, int]:
    """(rows, prices taken, rows without a price, refused)."""
    counts = plan.counts
    return counts.rows, counts.prices, counts.unpriced, counts.refused


def import_medicines(context: Context, path: Path) -> ImportPlan:
    with plan_import(context, path, "items", mapping="bdpm.toml") as plan:
        found = outcome(plan)
        codes = Counter(p.code for row in plan.each(("refused",)) for p in row.problems)
        assert codes == {"price.unreadable": found[3]}
        report = apply_import(context, plan)
    assert (report.added, report.changed, report.refused) == (found[0] - found[3], 0, found[3])
    stored = context.database
    assert stored.value("SELECT count(*) FROM item") == report.added
    refused = "SELECT count(*) FROM item WHERE sale_price BETWEEN 28400 AND 28500"
    assert stored.value(refused + " AND reference = '2194764'") == 0
    with plan_import(context, path, "items", mapping="bdpm.toml") as again:
        assert (again.counts.added, again.counts.changed) == (0, 0)
        assert again.counts.unchanged == report.added
    assert stored.check() == []
    return plan


def test_five_hundred_medicines(context: Context) -> None:
    plan = import_medicines(context, SAMPLES / "bdpm-500.txt")
    assert outcome(plan) == (500, 318, 162, 20)


@pytest.mark.long
@needs_whole_lists
def test_all_medicines(context: Context) -> None:
    plan = import_medicines(context, MEDICINES)
    assert outcome(plan) == (20_083, 12_706, 7_254, 123)
    assert context.database.value("SELECT count(*) FROM item WHERE sale_price > 0") == 12_705
    assert context.database.value("SELECT max(length(label)) FROM item") == 255
    assert len(catalogue.search(context.database, "flacon polyethylene")) == 50


def test_a_price_list_with_steps(context: Context) -> None:
    with plan_import(context, SAMPLES / "datanorm-sample.001", "items") as plan:
        assert plan.counts.refused == 0
        apply_import(context, plan)
    check_roofing(context)


@needs_whole_lists
def test_the_whole_roofing_list(context: Context) -> None:
    with plan_import(context, ROOFING, "items") as plan:
        assert outcome(plan) == (310, 310, 0, 0)
        report = apply_import(context, plan)
    check_roofing(context)
    with plan_import(context, ROOFING, "items") as plan:
        assert (plan.counts.unchanged, plan.counts.taken) == (310, 0)
    assert undo_import(context, report.batch_id).skipped == []
    for table in ("item", "item_price_step", "item_family"):
        assert context.database.value(f"SELECT count(*) FROM {table}") == 0


def check_roofing(context: Context) -> None:
    """The first article: 8,94 € the square metre, 6,26 from 45, and what a customer then pays."""
    item = catalogue.by_reference(context, "2TOP")
    assert item is not None
    assert (item.unit, item.sale_price, item.ean) == ("m²", 89_400, "9120090200379")
    steps = context.database.rows(
        "SELECT from_quantity, price FROM item_price_step WHERE item_id = ? ORDER BY 1", (item.id,)
    )
    assert steps[0] == (450_000, 62_600)
    party = parties.create(context, {"name": "Couvreur"})
    quote = documents.load(context.database, documents.create(context, "quote", party))
    assert quote is not None
    prices = [pricing.price_of(context, quote, item, n * 10_000).price for n in (1, 44, 45, 46)]
    assert prices == [89_400, 89_400, 62_600, 62_600]

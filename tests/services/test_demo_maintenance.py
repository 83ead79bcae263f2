"""Maintenance in the demo company: every state of a work order, a week of planning, to the cent."""

import json
from datetime import UTC, date, datetime

import pytest

from codial_tui.bootstrap import start
from codial_tui.config import asset
from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.demo import demo, demo_maintenance
from codial_tui.services.documents import documents
from codial_tui.services.law import verification
from codial_tui.services.maintenance import contract_plan, planning_views
from codial_tui.services.maintenance import reports as work_reports

WORK_ORDERS = """
    SELECT d.number, d.state, d.net_total, w.coverage, w.signed_at IS NOT NULL, w.nature
    FROM document d JOIN document_work_order w ON w.document_id = d.id ORDER BY d.number
"""


@pytest.fixture
def context(database: Database) -> Context:
    clock = lambda: datetime(2026, 11, 9, 11, 0, tzinfo=UTC)  # noqa: E731
    return start(database, program="test", clock=clock, login="someone")


@pytest.mark.both
def test_maintenance_of_the_demo(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    do = demo_maintenance._do
    done: list[int] = []

    def cut(*arguments: object) -> None:
        if len(done) == 16:
            raise KeyboardInterrupt
        done.append(1)
        do(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(demo_maintenance, "_do", cut)
    with pytest.raises(KeyboardInterrupt):
        demo.load(context)
    monkeypatch.setattr(demo_maintenance, "_do", do)
    demo.load(context)  # goes on

    rows = context.database.rows
    assert rows(WORK_ORDERS, ()) == [
        ("BI26-00001", "closed", 14_150, "none", 0, "repair"),  # 35,00 + 41,50 + 1,25 h at 52,00
        ("BI26-00002", "open", 21_300, "none", 1, "repair"),  # 2 × 35,00 + 2,75 h at 52,00
        ("BI26-00003", "open", 0, "contract", 0, "maintenance"),
        ("BI26-00004", "open", 0, "warranty", 0, "repair"),
    ]
    machines = "SELECT m.code, p.code FROM equipment m LEFT JOIN equipment p ON p.id = m.parent_id"
    inside: dict[str, str | None] = dict(rows(f"{machines} ORDER BY m.code", ()))
    assert len(inside) == 5 and inside["EQ26-00002"] == "EQ26-00001"
    read = rows("SELECT value, meter FROM equipment_reading ORDER BY id", ())
    assert read == [(41_200_000, "hours"), (98_600_000, "hours")]

    week = planning_views.between(context, date(2026, 11, 9), date(2026, 11, 14))
    assert [(one.resource, one.kind, one.ref, bool(one.clashes)) for one in week] == [
        ("MT", "absence", "", False),
        ("YA", "work", "BI26-00003", True),
        ("YA", "appointment", "", True),
        ("FOURG", "appointment", "", False),
    ]
    waiting = {one.ref for one in planning_views.waiting(context)}
    assert waiting == {"BI26-00004"}
    calls = "SELECT c.number, d.number FROM phone_call c LEFT JOIN document d ON d.id=c.document_id"
    assert rows(f"{calls} ORDER BY 1", ()) == [("AP26-00001", "BI26-00004"), ("AP26-00002", None)]

    # its visit is made; what comes next is its new term
    assert contract_plan.plan(context, date(2026, 11, 30)) == []
    due = contract_plan.plan(context, date(2026, 12, 31))
    assert [(one.kind, one.due_on, one.amount) for one in due] == [
        ("renewal", "2026-12-01", 96_000),
        ("invoice", "2026-12-01", 96_000),
    ]
    report = work_reports.of(context, documents.get(context, "BI26-00002"))
    assert report is not None and report.signer == "Mme Lambert" and report.changed == ()
    assert verification.verify(context)[1] == []


@pytest.mark.long
def test_without_it_nothing_of_it_is_there(context: Context) -> None:
    demo.load(context, maintenance=False)
    for table in ("equipment", "contract", "phone_call", "resource", "appointment"):
        assert context.database.value(f"SELECT COUNT(*) FROM {table}") == 0
    demo.load(context)  # and never later: the company is there as a whole
    assert context.database.value("SELECT COUNT(*) FROM equipment") == 0


def test_each_step_is_told_in_order_of_time() -> None:
    steps = json.loads(asset("demo/maintenance.json").read_text(encoding="utf-8"))["steps"]
    moments = [datetime.fromisoformat(one["at"]) for one in steps]
    assert moments == sorted(moments)

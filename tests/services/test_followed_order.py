"""Commande suivie: what the order sold is not billed again by the work orders that work for it,
whenever their lines come; what is beyond is billed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract_desk import ContractDesk

from codial_tui.domain.changes import delete, insert_after, set_header, set_line
from codial_tui.domain.document import Document
from codial_tui.domain.lines import arrange
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.context import Context
from codial_tui.services.documents import (
    completing,
    documents,
    duplicating,
    headers,
    requests,
    show,
)
from codial_tui.services.documents.editing import Editor
from codial_tui.services.law import verification
from codial_tui.services.maintenance import closing, followed_order
from codial_tui.services.records import catalogue, company_settings, records, settings

CABLE = {"type": "item", "reference": "CABLE", "quantity": "14"}
VISIT = {"departure": "08:00", "arrival": "08:30", "end": "10:30", "return": "11:00"}


@pytest.fixture(autouse=True)
def known(context: Context, tmp_path: Path) -> None:
    ContractDesk(context, tmp_path)
    create = records.create
    create(context, "item", {"reference": "CABLE", "label": "Câble", "sale_price": 10_0000})
    labour = {"unit": "h", "supply_nature": "service", "billing_class": "labour"}
    labour |= {"reference": "MO", "label": "Main d'œuvre", "sale_price": 60_0000}
    company_settings.put(context, "work.labour_item", create(context, "item", labour))
    create(context, "party", {"code": "C1", "name": "SCI Les Tilleuls", "is_customer": 1})
    create(context, "party", {"code": "C2", "name": "Garage du Parc", "is_customer": 1})


def ask(
    context: Context, kind: str = "work_order", customer: str = "C1", **values: Any
) -> Document:
    asked = {"kind": kind, "customer": customer, "date": "2026-11-22", **values}
    return requests.create(context, parse_document(json.dumps(asked)))


def report(context: Context, ref: str, **values: Any) -> Document:
    return completing.complete(context, ref, parse_document(json.dumps(values), "work_order"))


def told(document: Document) -> list[tuple[int, str, int]]:
    priced = (one for one in document.lines if one.is_priced)
    return [(one.quantity // 10_000, one.covered, one.amount) for one in priced]


@pytest.fixture
def order(context: Context) -> Document:
    return ask(context, "order", lines=[CABLE])


def followed(context: Context, order: Document, **values: Any) -> Document:
    return ask(context, order=order.ref, **values)


def test_lines_typed_after_the_order_was_chosen(context: Context, order: Document) -> None:
    work = ask(context)
    editor = Editor(context, work.id)
    headers.edit(editor, editor.kind.field("order_id"), order.id)
    item = catalogue.by_reference(context, "CABLE")
    assert item is not None
    line = catalogue.line_of(context, editor.document, item, 17_0000, 10_0000)
    editor.commit(insert_after(editor.document, [line], None), "Câble")
    assert told(editor.document) == [(14, "order", 0), (3, "", 30_00)]
    assert editor.totals.net == 30_00
    editor.undo()
    assert editor.document.lines == []
    editor.redo()
    editor.commit([set_line(editor.document.lines[0], quantity=10_0000)], "10")
    assert told(editor.document) == [(10, "order", 0)]
    editor.commit([set_header(editor.document, order_id=None)], "Sans commande")
    assert told(editor.document) == [(10, "", 100_00)]
    editor.close()
    assert told(documents.get(context, work.ref)) == [(10, "", 100_00)]


@pytest.mark.both
def test_two_work_orders_of_one_order(context: Context, order: Document) -> None:
    first = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "9"}])
    second = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "9"}])
    assert told(first) == [(9, "order", 0)]
    assert told(second) == [(5, "order", 0), (4, "", 40_00)]
    closing.drop(context, first.id)  # it never took any
    done = report(context, second.ref, parts_used=[{"reference": "CABLE", "quantity": "6"}])
    assert told(done) == [(9, "order", 0), (5, "order", 0), (1, "", 10_00)]
    assert show.shown(context, done)["order"] == order.ref


def test_what_two_people_took_at_once_is_told(context: Context, order: Document) -> None:
    first = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "9"}])
    second = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "5"}])
    assert show.shown(context, first)["warnings"] == []
    with context.database.write():  # as if both had looked before either wrote
        context.database.execute(
            "UPDATE document_line SET quantity = 90000 WHERE document_id = ?", (second.id,)
        )
    assert show.shown(context, first)["warnings"] == [
        "CABLE : la commande en couvre 5, 4 sera facturé"
    ]
    closed = closing.close(context, first.id)
    assert told(closed) == [(5, "order", 0), (4, "", 40_00)]
    assert (closed.number("net_total"), closed.number("gross_total")) == (40_00, 48_00)
    assert show.shown(context, closed)["warnings"] == []


def test_what_a_dropped_one_had_is_left_out_of_the_others(
    context: Context, order: Document
) -> None:
    first = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "9"}])
    second = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "9"}])
    third = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "3"}])
    closing.close(context, third.id)
    assert closing.problems(context, second) == []
    dropped = closing.drop(context, first.id)
    assert followed_order.overbilled(context, dropped) == [third.ref]
    assert show.shown(context, dropped)["warnings"] == [
        f"Vendu par la commande, facturé quand même : {third.ref}"
    ]
    assert show.shown(context, second)["warnings"] == [
        "CABLE : la commande en couvre 9, 4 ne sera pas facturé"
    ]
    assert show.shown(context, documents.get(context, third.ref))["warnings"] == [
        "CABLE : la commande en couvre 3, 3 facturé quand même"
    ]
    closed = closing.close(context, second.id)
    assert told(closed) == [(9, "order", 0)]
    assert closed.number("net_total") == 0
    closing.reopen(context, third.id)
    closed = closing.close(context, third.id)
    assert told(closed) == [(3, "order", 0)]
    steps = context.database.rows(
        "SELECT label, barrier FROM step WHERE document_id = ? ORDER BY id", (third.id,)
    )
    assert steps[-1] == ("Terminé", 1)
    assert verification.verify(context)[1] == []


def test_a_report_bills_what_is_beyond(context: Context, order: Document) -> None:
    work = followed(context, order)
    done = report(context, work.ref, parts_used=[{"reference": "cable", "quantity": "17"}])
    assert told(done) == [(14, "order", 0), (3, "", 30_00)]
    editor = Editor(context, work.id)  # without the line that was covered, the rest is
    editor.commit([delete(editor.document.lines[0])], "Supprimée")
    assert told(editor.document) == [(3, "order", 0)]
    editor.close()


def test_labour_sold_and_beyond_follows_the_visits(context: Context) -> None:
    hours = {"type": "item", "reference": "MO", "quantity": "3"}
    order = ask(context, "order", lines=[hours])
    work = followed(context, order, visits=[{**VISIT, "technician": "x"}])
    assert told(work) == [(2, "order", 0)]
    later = {**VISIT, "date": "2026-11-23", "technician": "x"}
    done = report(context, work.ref, visits=[later])
    assert told(done) == [(3, "order", 0), (1, "", 60_00)]
    third = {**VISIT, "date": "2026-11-24", "technician": "x"}
    done = report(context, work.ref, visits=[third])
    assert told(done) == [(3, "order", 0), (3, "", 180_00)]


def test_a_box_that_is_turned_on_bills_nothing_of_the_order(
    context: Context, order: Document
) -> None:
    parts = [{"reference": "CABLE", "quantity": "5"}]
    work = followed(context, order, billable=["labour"], parts_used=parts)
    assert told(work) == [(5, "offered", 0)]
    done = report(context, work.ref, billable=["items", "labour"])
    assert told(done) == [(5, "order", 0)]


def test_what_a_report_says_of_a_part_goes_before_the_boxes(context: Context) -> None:
    def part(**values: Any) -> dict[str, Any]:
        return {"reference": "CABLE", "quantity": "1", **values}

    work = ask(context, billable=["labour"])
    done = report(context, work.ref, parts_used=[part(billed=True), part(billed=False), part()])
    assert told(done) == [(1, "", 10_00), (1, "offered", 0), (1, "offered", 0)]
    other = ask(context)
    done = report(context, other.ref, parts_used=[part(billed=False), part()])
    assert told(done) == [(1, "offered", 0), (1, "", 10_00)]


def test_a_copy_is_not_the_orders(context: Context, order: Document) -> None:
    work = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "2"}])
    copy = duplicating.duplicate(context, work.id, "work_order")
    assert told(documents.get(context, copy.ref)) == [(2, "", 20_00)]
    clip = arrange.copy(work, [work.lines[0].uid])
    for kind in ("quote", "work_order"):
        target = Editor(context, ask(context, kind).id)
        target.run(arrange.paste(target.document, clip, None, context.uid), "Collé")
        assert told(target.document) == [(2, "", 20_00)]
        target.close()


def test_a_further_visit_is_billed(context: Context) -> None:
    work = ask(context, visits=[VISIT])
    assert told(work) == [(2, "", 120_00)]
    done = report(context, work.ref, visits=[{**VISIT, "date": "2026-11-23"}])
    assert told(done) == [(4, "", 240_00)]


def test_a_report_that_comes_twice_is_one(context: Context) -> None:
    work = ask(context)
    for _ in range(2):
        done = report(context, work.ref, external_id="R-7", visits=[VISIT], parts_used=[
            {"reference": "CABLE", "quantity": "2"}
        ])  # fmt: skip
        assert (len(done.visits), told(done)) == (1, [(2, "", 20_00), (2, "", 120_00)])
    with pytest.raises(Refused) as refused:
        report(context, work.ref, visits=[VISIT])
    assert [(one.code, one.field) for one in refused.value.problems] == [
        ("visit.twice", "visits.0")
    ]
    closing.close(context, work.id)
    assert report(context, work.ref, external_id="R-7").state == "closed"
    with pytest.raises(Refused, match="terminé"):
        report(context, work.ref, external_id="R-8", visits=[VISIT])


def test_what_is_covered_is_not_summed_with_what_is_billed(
    context: Context, order: Document
) -> None:
    settings.store(context, "transfer.sum_equal", True)
    parts = [{"reference": "CABLE", "quantity": "10"}]
    works = [followed(context, order, parts_used=parts) for _ in range(2)]
    assert [told(one) for one in works] == [[(10, "order", 0)], [(4, "order", 0), (6, "", 60_00)]]
    for one in works:
        closing.close(context, one.id)
    made = transfer(context, Request((works[0].id,), "invoice"))
    made = transfer(context, Request((works[1].id,), "invoice", into=made.target_id))
    invoice = documents.get(context, made.ref)
    assert told(invoice) == [(14, "order", 0), (6, "", 60_00)]
    assert invoice.header["net_total"] == 60_00


def test_a_quote_that_joins_is_covered_too(context: Context, order: Document) -> None:
    work = followed(context, order, parts_used=[{"reference": "CABLE", "quantity": "2"}])
    quote = ask(context, "quote", lines=[{**CABLE, "quantity": "3"}])
    transfer(context, Request((quote.id,), "work_order", into=work.id))
    assert told(documents.get(context, work.ref)) == [(2, "order", 0), (3, "order", 0)]


@pytest.mark.parametrize(
    ("number", "customer", "code"),
    [("CC99-1", "C1", "order.unknown"), ("", "C2", "order.other")],
)
def test_an_order_that_is_none_to_follow(
    context: Context, order: Document, number: str, customer: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(context, customer=customer, order=number or order.ref)
    assert [(one.code, one.field) for one in refused.value.problems] == [(code, "order")]
    with pytest.raises(Refused) as refused:
        ask(context, "quote", order=order.ref)
    assert [one.code for one in refused.value.problems] == ["json.unknown_key"]


def test_what_no_visit_has(context: Context, order: Document) -> None:
    with pytest.raises(Refused) as refused:
        ask(context, visits=[{**VISIT, "km": "99999"}])
    (problem,) = refused.value.problems
    assert (problem.code, problem.field) == ("visit.distance", "visits.0.km")
    assert problem.message == "99 999 km pour une visite"
    with pytest.raises(Refused, match="n'est pas un bon d'intervention"):
        report(context, order.ref, visits=[])

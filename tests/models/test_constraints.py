"""What the schema itself refuses, on both back ends, and in which words."""

from collections.abc import Mapping
from typing import Any

import pytest

from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.models.uid import new_uid

BOUND = 9 * 10**15
DATE = "2026-11-22"


def put(database: Database, table: str, values: Mapping[str, Any]) -> int:
    with database.dialect.write():
        return database.dialect.insert(table, {"uid": new_uid(), **values})


def item(database: Database, **values: Any) -> int:
    reference = values.setdefault("reference", new_uid())
    return put(database, "item", {"reference_fold": reference.lower(), **values})


def document(database: Database, **values: Any) -> int:
    row = {"kind": "quote", "date": DATE, "created_at": f"{DATE}T08:00:00Z", **values}
    return put(database, "document", row)


def line(database: Database, document_id: int, **values: Any) -> int:
    return put(database, "document_line", {"document_id": document_id, **values})


def refused(database: Database, table: str, values: Mapping[str, Any]) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        put(database, table, values)
    (problem,) = caught.value.problems
    assert problem.message and problem.remedy
    return problem.code, problem.field


@pytest.mark.both
@pytest.mark.parametrize("value", [BOUND + 1, -BOUND - 1, 2**63, 10**30])
def test_no_amount_goes_beyond_the_bound(database: Database, value: int) -> None:
    row = {"reference": "A", "reference_fold": "a", "sale_price": value}
    assert refused(database, "item", row)[0] == "constraint.check"
    assert database.dialect.value("SELECT count(*) FROM item") == 0


@pytest.mark.both
def test_the_bound_itself_is_stored(database: Database) -> None:
    item(database, sale_price=BOUND, purchase_price=-BOUND)
    row = database.dialect.row("SELECT sale_price, purchase_price FROM item")
    assert row == (BOUND, -BOUND)


@pytest.mark.both
def test_a_refusal_names_the_field(database: Database) -> None:
    base = {"kind": "quote", "date": DATE, "created_at": f"{DATE}T08:00:00Z"}
    assert refused(database, "document", {**base, "price_mode": "both"}) == (
        "constraint.check",
        "price_mode",
    )
    assert refused(database, "document", {**base, "price_decimals": 5})[0] == "constraint.check"
    assert refused(database, "document", {**base, "date": "22/11/2026"}) == (
        "constraint.check",
        "date",
    )
    assert refused(database, "document", {**base, "created_at": DATE})[1] == "created_at"
    assert refused(database, "document", {**base, "date": None}) == ("constraint.missing", "date")
    assert refused(database, "document", {**base, "uid": "short"})[1] == "uid"


@pytest.mark.both
def test_wrong_types_are_refused_and_not_bent(database: Database) -> None:
    row = {"reference": "A", "reference_fold": "a", "sale_price": "douze"}
    assert refused(database, "item", row)[0] == "constraint.type"


@pytest.mark.both
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "poem"),
        ("tag", "perhaps"),
        ("basis", "guessed"),
        ("vat_category", "X"),
        ("supply_nature", "idea"),
        ("billing_class", "love"),
        ("price_per", 0),
        ("price_per", -10_000),
        ("page_break", 2),
        ("stock_managed", -1),
        ("quantity", BOUND + 1),
        ("amount", -BOUND - 1),
        ("delivery_date", "soon"),
    ],
)
def test_a_line_holds_only_what_a_line_can_be(database: Database, field: str, value: Any) -> None:
    owner = document(database)
    assert refused(database, "document_line", {"document_id": owner, field: value}) == (
        "constraint.check",
        field,
    )


@pytest.mark.both
def test_no_constraint_ties_the_amount_to_quantity_and_price(database: Database) -> None:
    owner = document(database)
    line(database, owner, quantity=10_000, unit_price=10_000, amount=7, basis="forced")
    assert database.dialect.row("SELECT amount, basis FROM document_line") == (7, "forced")


@pytest.mark.both
def test_doubles_are_refused(database: Database) -> None:
    item(database, reference="VIS4X40")
    assert refused(database, "item", {"reference": "Vis4x40", "reference_fold": "vis4x40"}) == (
        "constraint.unique",
        "reference_fold" if database.dialect.name == "sqlite" else "reference",
    )
    place = put(database, "establishment", {"code": "P"})
    document(database, establishment_id=place, number="DE26-00001")
    row = {
        "kind": "quote",
        "date": DATE,
        "created_at": f"{DATE}T08:00:00Z",
        "establishment_id": place,
        "number": "DE26-00001",
    }
    assert refused(database, "document", row)[0] == "constraint.unique"
    document(database, establishment_id=place)
    document(database, establishment_id=place)  # no number yet: any number of them


@pytest.mark.both
def test_an_item_has_a_reference_and_a_party_a_name(database: Database) -> None:
    assert refused(database, "item", {"label": "x"}) == ("constraint.check", "named")
    assert refused(database, "party", {"code": "1", "code_fold": "1"})[0] == "constraint.check"


@pytest.mark.both
def test_what_is_used_stays(database: Database) -> None:
    one = item(database)
    line(database, document(database), item_id=one)
    with pytest.raises(Refused) as caught, database.dialect.write():
        database.dialect.execute("DELETE FROM item WHERE id = ?", [one])
    assert caught.value.problems[0].code == "constraint.reference"
    assert database.dialect.value("SELECT count(*) FROM item") == 1


@pytest.mark.both
def test_lines_go_with_their_document(database: Database) -> None:
    d, owner = database.dialect, document(database)
    line(database, owner)
    put(database, "document_adjustment", {"document_id": owner})
    with d.write():
        d.execute("INSERT INTO document_quote (document_id) VALUES (?)", [owner])
        d.execute("DELETE FROM document WHERE id = ?", [owner])
    for table in ("document_line", "document_adjustment", "document_quote"):
        assert d.value(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.both
def test_an_id_is_never_given_twice(database: Database) -> None:
    d, first = database.dialect, document(database)
    with d.write():
        d.execute("DELETE FROM document WHERE id = ?", [first])
    assert document(database) > first


@pytest.mark.both
def test_a_counter_never_goes_back(database: Database) -> None:
    d, place = database.dialect, put(database, "establishment", {"code": "P"})
    with d.write():
        d.next_number(place, "DE", "2026", "D{n}")
        d.next_number(place, "DE", "2026", "D{n}")
    with pytest.raises(Refused) as caught, d.write():
        d.execute("UPDATE number_series SET last = 1")
    assert caught.value.problems[0].code == "series.backward"
    assert d.value("SELECT last FROM number_series") == 2


@pytest.mark.both
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["step", "edit", "audit_log", "document_event", "stock_move"])
def test_journals_are_only_added_to(database: Database, table: str, verb: str) -> None:
    d, at = database.dialect, f"{DATE}T08:00:00Z"
    with d.write():
        step = d.insert("step", {"document_id": 1, "document_uid": "", "at": at, "label": "Prix"})
        d.insert("edit", {"step_id": step, "seq": 1, "target": "line", "op": "set"})
        d.insert("audit_log", {"at": at, "action": "test"})
        d.insert("document_event", {"uid": new_uid(), "document_id": 1, "at": at})
        thing = d.insert("item", {"uid": new_uid(), "reference": "A", "reference_fold": "a"})
        place = d.insert("warehouse", {"uid": new_uid(), "code": "D"})
        d.insert(
            "stock_move",
            {"uid": new_uid(), "item_id": thing, "warehouse_id": place, "quantity": 5, "at": at},
        )
    with pytest.raises(Refused) as caught, d.write():
        d.execute(verb.format(table))
    assert caught.value.problems[0].code in {"journal.closed", "stock.journal"}
    assert caught.value.remedy
    assert d.value(f"SELECT count(*) FROM {table}") == 1


@pytest.mark.both
def test_stock_is_the_sum_of_its_moves(database: Database) -> None:
    d, thing = database.dialect, item(database)
    place = put(database, "warehouse", {"code": "D"})
    for quantity in (50_000, -20_000, -45_000):
        put(
            database,
            "stock_move",
            {
                "item_id": thing,
                "warehouse_id": place,
                "quantity": quantity,
                "at": f"{DATE}T08:00:00Z",
            },
        )
    assert d.rows("SELECT on_hand FROM stock_level") == [(-15_000,)]


@pytest.mark.both
def test_an_assembly_does_not_hold_itself(database: Database) -> None:
    one = item(database)
    with pytest.raises(Refused), database.dialect.write():
        database.dialect.insert("assembly_component", {"assembly_id": one, "component_id": one})


@pytest.mark.both
def test_a_document_elsewhere_is_read_only(database: Database) -> None:
    d, owner = database.dialect, document(database)
    kept = line(database, owner)
    with d.write():
        d.update("document", owner, {"location": "station7", "sync_state": "sent"})
    changes = [
        ("UPDATE document SET subject = 'x' WHERE id = ?", owner),
        ("DELETE FROM document WHERE id = ?", owner),
        ("UPDATE document_line SET label = 'x' WHERE id = ?", kept),
        ("DELETE FROM document_line WHERE id = ?", kept),
    ]
    for sql, key in changes:
        with pytest.raises(Refused) as caught, d.write():
            d.execute(sql, [key])
        assert caught.value.problems[0].code == "document.elsewhere"
    with pytest.raises(Refused):
        line(database, owner)
    with d.write():  # taking it back is what may be done
        d.update("document", owner, {"location": "office"})
        d.update("document", owner, {"subject": "x"})
    assert d.row("SELECT subject, location FROM document") == ("x", "office")


@pytest.mark.both
def test_here_is_what_the_company_says(database: Database) -> None:
    d = database.dialect
    put(database, "company", {"id": 1, "station": "station7"})
    owner = document(database, location="station7")
    with d.write():
        d.update("document", owner, {"subject": "x"})
    with pytest.raises(Refused):
        put(database, "company", {"id": 2})
